"""Backup and restore: one tar.gz with manifest.json, the database, files/. The secret key is not in it."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField

from zhengwu.model.message import RefusedError
from zhengwu.web.common.models import AuditEvent, User

_DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# Options of a connection as the tools of PostgreSQL take them.
_OPTIONS = {
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip
# Tables and functions of ours; those of an extension stay with it.
_EMPTY = """DO $$ DECLARE one record; BEGIN
FOR one IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
  AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', one.name); END LOOP;
FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', one.name); END LOOP;
END $$"""


def backup(target: Path) -> int:
    """Write the archive and return its number of files. The database first: what it refers to is on the disk by
    then, and what comes in the meantime is too much rather than missing."""
    if target.exists():
        raise RefusedError("exists", f"{target} 已经存在：请另取文件名。", f"{target} exists: choose another name.")
    if not target.parent.is_dir():
        raise RefusedError("no-folder", f"没有文件夹 {target.parent}。", f"There is no folder {target.parent}.")
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        database = Path(folder) / _DATABASE[connection.vendor]
        _dump(database)
        root = Path(settings.MEDIA_ROOT)
        entries = {database.name: database}
        entries |= {f"files/{path.relative_to(root).as_posix()}": path for path in _files(root)}
        manifest = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "vendor": connection.vendor,
            "migrations": sorted("/".join(key) for key in MigrationRecorder(connection).applied_migrations()),
            "sha256": {name: _digest(path) for name, path in entries.items()},
        }
        listing = Path(folder) / "manifest.json"
        listing.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        try:
            # Documents of persons are inside: for the owner's eyes only.
            with (
                os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream,
                tarfile.open(fileobj=stream, mode="w:gz") as archive,
            ):
                for name, path in {"manifest.json": listing, **entries}.items():
                    archive.add(path, arcname=name, recursive=False)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)
    return len(entries) - 1


def _files(root: Path) -> list[Path]:
    """All files but those that are being written: they get their names when they are whole."""
    found = (path for path in root.rglob("*") if not path.name.startswith("."))
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def rotate(folder: Path, keep: int) -> list[Path]:
    """Delete all archives of ``backup_name`` in a folder but the newest ``keep``; those that went are returned."""
    gone = sorted(folder.glob("zhengwu-????????-??????.tar.gz"))[:-keep]
    for path in gone:
        path.unlink()
    return gone


def backup_name(now: datetime) -> str:
    """How an archive in a folder of archives is called."""
    return f"zhengwu-{now:%Y%m%d-%H%M%S}.tar.gz"


def missing() -> list[str]:
    """The names of files that the database refers to and that are not there."""
    names: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                names.update(model._default_manager.order_by().values_list(field.name, flat=True).iterator())
    return sorted(name for name in names if name and not (Path(settings.MEDIA_ROOT) / name).is_file())


def restore(source: Path, *, force: bool) -> Path | None:
    """Replace database and files by the archive's, after all of it was checked. The files that were there are moved
    aside, and where to is returned."""
    if not source.is_file():
        raise RefusedError("no-file", f"没有文件 {source}。", f"There is no file {source}.")
    if not force and not _empty():
        raise RefusedError(
            "not-empty",
            "数据库不是空的：确要替换，请加 --force。",
            "The database is not empty: add --force to replace it.",
        )
    root = Path(settings.MEDIA_ROOT)
    with tempfile.TemporaryDirectory(dir=settings.HOME) as folder:
        unpacked = Path(folder)
        manifest = _unpack(source, unpacked)
        _check(manifest, unpacked)
        _load(unpacked / _DATABASE[connection.vendor])
        aside = None
        if root.exists() and any(root.iterdir()):
            aside = root.with_name(f"{root.name}-before-{datetime.now(UTC):%Y%m%d%H%M%S}")
            root.rename(aside)
        (unpacked / "files").mkdir(exist_ok=True)
        shutil.copytree(unpacked / "files", root, dirs_exist_ok=True)
    return aside


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(target)
        with copy:
            connection.connection.backup(copy)
        copy.close()
        return
    _run(["pg_dump", "--format=custom", "--no-owner", "--file", str(target), _name()])


def _load(source: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy = sqlite3.connect(source)
        copy.backup(connection.connection)
        copy.close()
        connection.close()
        return
    connection.close()
    # What is there goes first, also what the backup does not know: a table that a later version added would keep
    # those from going that it refers to. All of it in one transaction.
    script = source.with_suffix(".sql")
    _run(["pg_restore", "--no-owner", "--file", str(script), str(source)])
    _run(
        ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--dbname={_name()}",
         f"--command={_EMPTY}", f"--file={script}"]
    )  # fmt: skip


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(command: list[str]) -> None:
    """A tool of PostgreSQL; its password in the environment, where no list of processes shows it."""
    own = connection.settings_dict
    given = {"PGHOST": own["HOST"], "PGPORT": own["PORT"], "PGUSER": own["USER"], "PGPASSWORD": own["PASSWORD"]}
    given |= {_OPTIONS[name]: value for name, value in own.get("OPTIONS", {}).items() if name in _OPTIONS}
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    try:
        # No shell: PostgreSQL's own tools, by the operator's settings.
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # nosec B603
    except FileNotFoundError:
        raise RefusedError(
            "no-tool",
            f"找不到 {command[0]}：请安装 PostgreSQL 客户端。",
            f"{command[0]} is missing: install PostgreSQL's client.",
        ) from None
    if done.returncode:
        said = done.stderr.strip()
        raise RefusedError("database", f"{command[0]} 失败：{said}", f"{command[0]} failed: {said}")


def _empty() -> bool:
    tables = set(connection.introspection.table_names())
    return not any(model._meta.db_table in tables and model._default_manager.exists() for model in (User, AuditEvent))


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise RefusedError(
            "no-archive", f"{source} 不是完整的备份：{error}", f"{source} is no whole backup: {error}"
        ) from error
    return manifest


def _check(manifest: dict[str, Any], folder: Path) -> None:
    if manifest.get("vendor") != connection.vendor:
        raise RefusedError(
            "other-database",
            f"备份来自 {manifest.get('vendor')}，现用 {connection.vendor}：请恢复到同类数据库。",
            f"The backup is of {manifest.get('vendor')}, this is {connection.vendor}: restore to the same kind.",
        )
    for name, digest in manifest["sha256"].items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise RefusedError("damaged", f"备份已损坏：{name} 不符。", f"The backup is damaged: {name} differs.")
    known = {"/".join(key) for key in MigrationLoader(None).disk_migrations}
    newer = sorted(set(manifest["migrations"]) - known)
    if newer:
        raise RefusedError(
            "newer",
            f"备份来自更新的版本（{newer[0]}）：请先升级。",
            f"The backup is of a newer version ({newer[0]}): upgrade first.",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
