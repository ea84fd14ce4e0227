"""Bring database and static files to this version: once, however many processes start at the same time."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from zhengwu.model.message import RefusedError

_LOCK = 0x7A68656E67  # of the database: "zheng"
_LOCK_SECONDS = 3  # a migration waits so long for a table: all who come after it wait with it
_TRIES = 20


def prepare(*, stopped: bool = False, wait: float = 600) -> None:
    """Migrate, then collect the static files; whoever comes second waits ``wait`` seconds at most and finds it done.

    Raises RefusedError: "stop-first" where a migration breaks the version that runs, unless it is ``stopped``; "busy"
    when somebody else does not end, or when a table is never free.
    """
    with _alone(wait):
        if not stopped:
            _check_online()
        _migrate()
        call_command("collectstatic", verbosity=0, interactive=False)


@contextlib.contextmanager
def _alone(wait: float) -> Iterator[None]:
    until = time.monotonic() + wait
    if connection.vendor != "postgresql":
        settings.HOME.mkdir(parents=True, exist_ok=True)
        # A database of its own serves as a lock that dies with its process, on every system.
        lock = sqlite3.connect(settings.HOME / "prepare.lock", timeout=wait, isolation_level=None)
        with contextlib.closing(lock):
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                raise _busy() from error
            yield
        return
    with connection.cursor() as cursor:
        # Asked for again and again, not waited for: who waits inside the database holds up an index that is made
        # CONCURRENTLY, which waits for everybody.
        while not _one(cursor, "SELECT pg_try_advisory_lock(%s)"):
            if time.monotonic() > until:
                raise _busy()
            time.sleep(0.2)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            _one(cursor, "SELECT pg_advisory_unlock(%s)")


def _one(cursor: object, statement: str) -> bool:
    cursor.execute(statement, [_LOCK])  # type: ignore[attr-defined]
    return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]


def _check_online() -> None:
    """Refuse migrations that say why the platform has to be stopped for them, unless the database is empty."""
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        return
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        reason = getattr(migration, "stop", "")
        if reason:
            name = f"{migration.app_label}.{migration.name}"
            raise RefusedError(
                "stop-first",
                f"升级 {name} 须先停止平台（{reason}）：停止后运行 zhengwu manage prepare --stopped。",
                f"The platform has to be stopped for {name} ({reason}): stop it, then run zhengwu manage prepare "
                "--stopped.",
            )


def _migrate() -> None:
    """Migrate without making visitors wait: a migration that does not get its table lets them pass and tries again."""
    if connection.vendor != "postgresql":
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
    try:
        for _number in range(_TRIES):
            try:
                call_command("migrate", verbosity=0, interactive=False)
                return
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != "55P03":  # lock_not_available
                    raise
                time.sleep(1)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    raise _busy()


def _busy() -> RefusedError:
    return RefusedError(
        "busy",
        "数据库正被占用，未能升级：请稍后再运行 zhengwu manage prepare。",
        "The database is busy and was not upgraded: run zhengwu manage prepare again later.",
    )
