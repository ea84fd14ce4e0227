"""What whoever runs the platform does to its database, on both kinds: prepare, back up, restore."""

import functools
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support import postgresql
from tests.web.people import PASSWORD

# In one worker: what is copied is made once.
pytestmark = pytest.mark.xdist_group("databases")
ROOT = Path(__file__).parents[2]
_UPLOAD = """
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from zhengwu.web.common.models import User
from zhengwu.web.common.services import person_add_by_operator
from zhengwu.web.reviews import services
actor = User.objects.filter(username="root").first() or person_add_by_operator(
    username="root", name="", role="reviewer", unit=None, password={password!r}
)
for number in range({start}, {end}):
    file = SimpleUploadedFile(f"{{number}}.txt", f"一般公共预算支出 {{number}} 万元".encode())
    services.document_upload(actor=actor, files=[file], now=timezone.now())
"""
_TRAMPLE = """
from django.db import DatabaseError, connection, transaction
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE common_auditevent SET action = 'other'")
    print("changed")
except DatabaseError as error:
    print("append-only" in str(error))
"""
_COUNT = "from zhengwu.web.reviews.models import Round; print(Round.objects.count())"
_LATER = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE later (id integer PRIMARY KEY, person bigint REFERENCES common_user (id))")
    cursor.execute("INSERT INTO later SELECT 1, id FROM common_user LIMIT 1")
"""


def upload(start: int, end: int) -> str:
    """A script that uploads files of these numbers."""
    return _UPLOAD.format(start=start, end=end, password=PASSWORD)


class Platform:
    """A data folder and a database ("" for SQLite) of its own."""

    def __init__(self, home: Path, database: str) -> None:
        self.home = home
        self._environment = {**os.environ, "ZHENGWU_HOME": str(home), "ZHENGWU_DATABASE": database}
        self._environment["DJANGO_SETTINGS_MODULE"] = "zhengwu.web.settings"

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start ``zhengwu manage``."""
        command = [sys.executable, "-m", "zhengwu.cli.main", "manage", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self._environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def manage(self, *arguments: str, given: str = "", code: int = 0) -> str:
        """What ``zhengwu manage`` says, that ends with ``code``."""
        running = self.begin(*arguments)
        said, complained = running.communicate(given, timeout=300)
        assert running.returncode == code, said + complained
        return said + complained

    def run(self, script: str) -> str:
        """A script with the models."""
        return self.manage("shell", "--verbosity", "0", "--command", script)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An address of PostgreSQL, or "" where it is not installed."""
    try:
        with postgresql.server() as address:
            yield address
    except postgresql.MissingError:
        yield ""


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest, server: str) -> str:
    """Of the database."""
    if request.param == "postgresql" and not server:
        pytest.skip("NOT TESTED on PostgreSQL: install it (Debian: apt-get install postgresql)")
    return str(request.param)


@pytest.fixture
def platform(kind: str, server: str, tmp_path: Path) -> Callable[[str], Platform]:
    """Makes a platform of a name, empty."""

    def make(name: str) -> Platform:
        database = created(server, f"{name}_{tmp_path.name}"[:60]) if kind == "postgresql" else ""
        return Platform(tmp_path / name, database)

    return make


@pytest.fixture(scope="module")
def first_filled(server: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Platform]:
    """The platform of a kind that the filled ones are copied from: preparing one takes its time."""

    @functools.cache
    def make(kind: str) -> Platform:
        one = Platform(
            tmp_path_factory.mktemp(kind) / "first", created(server, "first") if kind == "postgresql" else ""
        )
        one.manage("prepare")
        one.run(upload(0, 3))
        return one

    return make


@pytest.fixture
def filled(
    kind: str, server: str, first_filled: Callable[[str], Platform], tmp_path: Path
) -> Callable[[str], Platform]:
    """Makes a platform of a name with a reviewer and three uploads."""

    def make(name: str) -> Platform:
        shutil.copytree(first_filled(kind).home, tmp_path / name)
        database = created(server, f"{name}_{tmp_path.name}"[:60], "first") if kind == "postgresql" else ""
        return Platform(tmp_path / name, database)

    return make


def test_backup_is_restored_whole_with_its_files_and_a_trail_that_holds(
    platform: Callable[[str], Platform], filled: Callable[[str], Platform], tmp_path: Path
) -> None:
    old, archive = filled("old"), tmp_path / "backup.tar.gz"
    (old.home / "files" / "预算.pdf").write_bytes(b"%PDF not really")
    old.manage("backup", str(archive))
    assert archive.stat().st_mode & 0o077 == 0
    old.manage("backup", str(archive), code=1)  # an archive is not overwritten
    new = platform("new")
    assert "共 4 条" in new.manage("restore", str(archive))
    assert new.run(_COUNT).strip() == "3"
    assert new.run(_TRAMPLE).strip() == "True", "the database still refuses to change the trail"
    assert files(new) == files(old)
    assert "已有人使用" in new.manage("add_user", "root", given=f"{PASSWORD}\n", code=1)
    new.run(upload(10, 11))
    assert "共 5 条" in new.manage("verify_audit"), "numbers go on where they were"


def test_restore_goes_back_from_a_later_version(filled: Callable[[str], Platform], tmp_path: Path) -> None:
    one, archive = filled("one"), tmp_path / "backup.tar.gz"
    one.manage("backup", str(archive))
    one.run(upload(3, 5))
    one.run(_LATER)
    assert "--force" in one.manage("restore", str(archive), code=1)
    assert one.run(_COUNT).strip() == "5", "nothing was touched"
    one.manage("restore", str(archive), "--force")
    assert one.run(_COUNT).strip() == "3"
    assert list(one.home.glob("files-before-*"))


def test_backup_during_uploads_has_each_file_that_its_database_names(
    platform: Callable[[str], Platform], filled: Callable[[str], Platform], tmp_path: Path
) -> None:
    one, ended = filled("one"), tmp_path / "ended"
    endless = upload(100, 0).replace("range(100, 0)", "itertools.count(100)")
    script = f"import itertools, pathlib\n{endless}    if pathlib.Path({str(ended)!r}).exists(): break\n"
    uploading = one.begin("shell", "--verbosity", "0", "--command", script)
    archives = [tmp_path / "1.tar.gz", tmp_path / "2.tar.gz"]
    for archive in archives:
        before = len(stored(one))
        while len(stored(one)) < before + 3:  # the last one may not be in the database yet
            assert uploading.poll() is None
            time.sleep(0.05)
        one.manage("backup", str(archive))
    ended.touch()
    said, complained = uploading.communicate(timeout=300)
    assert uploading.returncode == 0, said + complained
    other, counts = platform("other"), []
    for archive in archives:
        assert "审计记录完整" in other.manage("restore", str(archive), "--force")
        counts.append(int(other.run(_COUNT)))
    assert 3 <= counts[0] < counts[1], "made while files came in"


def test_restore_says_that_a_file_is_missing(
    platform: Callable[[str], Platform], filled: Callable[[str], Platform], tmp_path: Path
) -> None:
    one, archive = filled("one"), tmp_path / "backup.tar.gz"
    next(path for path in (one.home / "files").rglob("*") if path.is_file()).unlink()
    one.manage("backup", str(archive))
    assert "缺少 1 个文件" in platform("other").manage("restore", str(archive), code=1)


def test_damaged_backup_is_refused_before_anything_is_touched(
    filled: Callable[[str], Platform], tmp_path: Path
) -> None:
    one, archive = filled("one"), tmp_path / "backup.tar.gz"
    one.manage("backup", str(archive))
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    assert "Traceback" not in one.manage("restore", str(archive), "--force", code=1)
    with tarfile.open(archive, "w:gz") as bad:
        entry = tarfile.TarInfo("../escaped")
        entry.size = 1
        bad.addfile(entry, io.BytesIO(b"x"))
    one.manage("restore", str(archive), "--force", code=1)
    assert not (tmp_path / "escaped").exists()
    assert not (tmp_path.parent / "escaped").exists()
    assert "共 4 条" in one.manage("verify_audit"), "nothing was touched"


def test_backup_into_a_folder_keeps_the_newest(filled: Callable[[str], Platform], tmp_path: Path) -> None:
    one, folder = filled("one"), tmp_path / "backups"
    folder.mkdir()
    (folder / "zhengwu-20200101-000000.tar.gz").touch()
    (folder / "zhengwu-20200102-000000.tar.gz").touch()
    (folder / "other.tar.gz").touch()
    assert "20200101" in one.manage("backup", str(folder), "--keep", "2")
    names = sorted(path.name for path in folder.iterdir())
    assert names[:2] == ["other.tar.gz", "zhengwu-20200102-000000.tar.gz"]
    assert re.fullmatch(r"zhengwu-\d{8}-\d{6}\.tar\.gz", names[2])
    assert tarfile.is_tarfile(folder / names[2])
    one.manage("backup", str(folder), "--keep", "0", code=1)
    one.manage("backup", str(tmp_path / "a.tar.gz"), "--keep", "2", code=1)


def test_prepare_by_several_at_once_is_done_once(platform: Callable[[str], Platform]) -> None:
    one = platform("one")
    running = [one.begin("prepare") for _number in range(3)]
    said = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    one.manage("migrate", "--check", "--verbosity", "0")
    assert (one.home / "static" / "staticfiles.json").is_file()


def test_database_behind_its_version_is_told_before_a_process_starts(platform: Callable[[str], Platform]) -> None:
    platform("one").manage("migrate", "--check", "--verbosity", "0", code=1)


def test_index_is_made_while_others_write_and_wait_to_prepare(server: str, tmp_path: Path) -> None:
    """With a writer that holds the table: an ordinary index would stop all writers behind it."""
    if not server:
        pytest.skip("NOT TESTED on PostgreSQL: install it (Debian: apt-get install postgresql)")
    one = Platform(tmp_path / "one", server)
    one.manage("prepare")
    script = """
import threading, time
import psycopg
from django.conf import settings
from django.db import connection, models
from django.db.migrations.state import ProjectState
from django.apps import apps
from zhengwu.web.common import prepare
from zhengwu.web.common.schema import AddIndexOnline
given = settings.DATABASES["default"]
def connect():
    return psycopg.connect(host=given["HOST"], port=given["PORT"], user=given["USER"], dbname=given["NAME"])
holder = connect()
holder.execute("INSERT INTO common_unit (code, name, path) VALUES ('1', 'x', '/1/')")  # not committed
index = models.Index(fields=("name",), name="by_name")
before = ProjectState.from_apps(apps)
after = before.clone()
operation = AddIndexOnline("unit", index)
operation.state_forwards("common", after)
def make():
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '1s'")  # as prepare does
    with prepare._alone(60), connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("common", editor, before, after)
    connection.close()
thread = threading.Thread(target=make)
thread.start()
time.sleep(2)
assert thread.is_alive()
with connect() as writer:
    writer.execute("SET lock_timeout = '1s'")
    writer.execute("INSERT INTO common_unit (code, name, path) VALUES ('2', 'y', '/2/')")
print("WAITING", flush=True)
time.sleep(3)
holder.commit()
thread.join()
with connect() as reader:
    print(reader.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_name'::regclass").fetchone()[0])
"""
    making = one.begin("shell", "--verbosity", "0", "--command", script)
    assert making.stdout is not None
    assert making.stdout.readline().strip() == "WAITING"
    other = one.begin("prepare")  # waits for its turn, and must not hold up the index by that
    said, complained = making.communicate(timeout=120)
    assert said.strip() == "True", complained
    other.communicate(timeout=120)
    assert other.returncode == 0


def test_migration_that_does_not_get_its_table_lets_others_pass_and_tries_again(server: str, tmp_path: Path) -> None:
    if not server:
        pytest.skip("NOT TESTED on PostgreSQL: install it (Debian: apt-get install postgresql)")
    address = created(server, "waits")
    one = Platform(tmp_path / "one", address)
    one.manage("prepare")
    one.manage("migrate", "otp_totp", "0002", "--verbosity", "0")
    with psycopg.connect(address) as holder:
        holder.execute("SELECT count(*) FROM otp_totp_totpdevice")  # a long report
        preparing = one.begin("prepare")
        until, held_up = time.monotonic() + 60, 0
        while held_up < 2:  # by two tries: the first was given up, and it tried again
            asked = time.monotonic()
            assert asked < until
            with psycopg.connect(address) as visitor:
                visitor.execute("SET statement_timeout = '30s'")  # who waits for the report itself gets an error
                visitor.execute("SELECT count(*) FROM otp_totp_totpdevice")
            held_up += time.monotonic() - asked > 0.5
            time.sleep(0.05)
        assert preparing.poll() is None, "it waits for the report"
    said, complained = preparing.communicate(timeout=120)
    assert preparing.returncode == 0, said + complained
    one.manage("migrate", "--check", "--verbosity", "0")


def created(server: str, name: str, copied: str = "template1") -> str:
    """The address of a new database, a copy of another one."""
    with psycopg.connect(server, autocommit=True) as connection:
        names = sql.Identifier(name), sql.Identifier(copied)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    return f"{server.removesuffix('/postgres')}/{name}"


def files(platform: Platform) -> dict[str, bytes]:
    """All files of a platform."""
    root = platform.home / "files"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in stored(platform)}


def stored(platform: Platform) -> list[Path]:
    """Where they are."""
    return [path for path in (platform.home / "files").rglob("*") if path.is_file()]
