"""A PostgreSQL server of one's own for tests and benchmarks: Debian's binaries, an empty folder, a free port.

``python -m tests.support.postgresql COMMAND ...`` runs a command with ZHENGWU_DATABASE naming such a server.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.ports import free_port

# Nothing here outlives the run: what makes a server slow is what saves data from a power cut.
_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class MissingError(Exception):
    """The machine has no PostgreSQL server; the message says how to get one."""


def binaries() -> Path:
    """The folder with ``initdb`` and ``pg_ctl``: of the path, or the newest of Debian's. Raises MissingError."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not newest:
        raise MissingError("no PostgreSQL server here: install it (Debian: apt-get install postgresql)")
    return newest[-1].parent


@contextlib.contextmanager
def server(*, safe: bool = False) -> Iterator[str]:
    """The address of a fresh server, ``postgresql://zhengwu@127.0.0.1:port/postgres``; it and its data are gone
    afterwards. ``safe`` keeps the settings that protect data, as in real use: for measuring. Raises MissingError."""
    programs = binaries()
    # The server refuses to run as root.
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    became = {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with tempfile.TemporaryDirectory(prefix="zhengwu-postgresql-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        port = free_port()
        settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        settings += _OPTIONS[-1:] if safe else _OPTIONS

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, "-D", data, *arguments],
                check=True, cwd=folder, stdout=subprocess.DEVNULL, **became,  # type: ignore[call-overload]
            )  # fmt: skip

        run("initdb", "--auth=trust", "--username=zhengwu", "--encoding=UTF8", "--locale=C.UTF-8")
        with (data / "postgresql.conf").open("a") as stream:
            stream.writelines(f"{name} = '{value}'\n" for name, value in (one.split("=", 1) for one in settings))
        run("pg_ctl", "--wait", "--silent", f"--log={folder}/log", "start")
        try:
            yield f"postgresql://zhengwu@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "--wait", "--silent", "--mode=immediate", "stop")


def main(command: list[str]) -> int:
    """Run a command beside a server; its exit code."""
    try:
        with server() as address:
            return subprocess.run(command, env={**os.environ, "ZHENGWU_DATABASE": address}, check=False).returncode
    except MissingError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
