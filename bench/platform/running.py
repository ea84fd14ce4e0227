"""A database and the platform's processes, for as long as they are measured.

On PostgreSQL as docs/running.md has it: two processes of gunicorn and a worker (nginx alone is left out); on SQLite
``zhengwu serve``, one process. The database is a new one on the server that ZHENGWU_DATABASE names, else on a server
of its own, where PostgreSQL's programs are installed, else SQLite.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from tests.support import postgresql
from tests.support.ports import free_port

_PATIENCE = 60.0  # seconds for a process to answer


class Database(NamedTuple):
    """What it is, and its address: "" for SQLite."""

    name: str
    url: str


@contextlib.contextmanager
def database(*, sqlite: bool = False) -> Iterator[Database]:
    """An empty database, gone afterwards."""
    given = os.environ.get("ZHENGWU_DATABASE", "")
    if given and not sqlite:
        with _new(given) as url:
            yield Database("PostgreSQL, the given server", url)
        return
    try:
        folder = postgresql.binaries()
    except postgresql.MissingError:
        yield Database("SQLite", "")
        return
    with postgresql.server(safe=True) as url:
        yield Database(f"PostgreSQL {folder.parent.name}, its defaults", url)


@contextlib.contextmanager
def _new(server: str) -> Iterator[str]:
    """A new database on a server, by one that is there already."""
    import psycopg

    name = f"zhengwu_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


@contextlib.contextmanager
def platform(home: Path, url: str, processes: int) -> Iterator[list[int]]:
    """The platform's processes on a prepared database; the ports that they answer at."""
    environment = environment_of(home, url)
    ports = [free_port() for _ in range(processes if url else 1)]
    programs = Path(sys.executable).parent
    with contextlib.ExitStack() as running:
        if url:
            for port in ports:
                command = [programs / "gunicorn", "--config", "python:zhengwu.web.server"]
                running.enter_context(_process(command, {**environment, "ZHENGWU_BIND": f"127.0.0.1:{port}"}))
            running.enter_context(_process([programs / "zhengwu", "manage", "run_worker"], environment))
        else:
            running.enter_context(_process([programs / "zhengwu", "serve", "--port", str(ports[0])], environment))
        for port in ports:
            _wait(lambda port=port: _answers(port))  # type: ignore[misc]
        yield ports


def environment_of(home: Path, url: str) -> dict[str, str]:
    """The settings of a platform in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENGWU_", "DJANGO_"))}
    return {**kept, "ZHENGWU_HOME": str(home), **({"ZHENGWU_DATABASE": url} if url else {})}


@contextlib.contextmanager
def _process(command: Sequence[str | Path], environment: dict[str, str]) -> Iterator[None]:
    """A process, ended afterwards; what it says is shown when it ends by itself."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(list(map(str, command)), env=environment, stdout=said, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            if process.poll() is not None:
                said.seek(0)
                print(f"{command[0]} ended: {said.read()[-2000:].decode(errors='replace')}", file=sys.stderr)
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code == 503  # it answers; what it lacks is not measured here
    except OSError:
        return False


def _wait(done: object) -> None:
    until = time.monotonic() + _PATIENCE
    while not done():  # type: ignore[operator]
        if time.monotonic() > until:
            raise RuntimeError("it did not start in time")
        time.sleep(0.1)
