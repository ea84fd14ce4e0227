"""The recipe of deploy/ on this machine: its nginx, its processes with the environment of its units, PostgreSQL.

Of systemd the part is played that matters here: it holds the sockets, waits until a process says that it is ready,
ends it with SIGTERM, and starts it anew. Only paths, ports and the certificate differ from the files of deploy/.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support import postgresql
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NAME = "budget.example.org"
BIN = Path(sys.executable).parent
_INSTALLED = "/opt/zhengwu/current/bin/"
# As systemd hands a socket over: number 3, with the process's own number in the environment.
_HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); "
    "os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1'); os.execv(sys.argv[2], sys.argv[2:])"
)


class MissingError(Exception):
    """The machine lacks a program; the message says which."""


def unit(name: str) -> dict[str, str]:
    """The settings of a unit file; of those that come several times the last."""
    lines = (DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def command_of(name: str) -> list[str]:
    """What a unit runs, from the environment of this test instead of /opt."""
    return [str(BIN / one.removeprefix(_INSTALLED)) for one in unit(name)["ExecStart"].split()[:1]] + unit(name)[
        "ExecStart"
    ].split()[1:]


class Process:
    """A service: one process group, as systemd's control group."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path, keep: tuple[int, ...] = ()) -> None:
        with log.open("ab") as stream:
            self._running = subprocess.Popen(
                command, env=environment, stdout=stream, stderr=stream, pass_fds=keep, start_new_session=True
            )

    @property
    def pid(self) -> int:
        """The main process."""
        return self._running.pid

    def children(self) -> list[int]:
        """The processes that it started."""
        return [int(one) for one in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM, and the exit code; whatever is left goes then (KillMode=mixed)."""
        self._running.terminate()
        try:
            return self._running.wait(seconds)
        finally:
            self.kill()

    def kill(self) -> None:
        """SIGKILL to all of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._running.wait()


class Web:
    """``zhengwu-web@PORT``: the socket stays, the process behind it comes and goes."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port = int(self._listening.getsockname()[1])
        self.log = folder / f"web-{self.port}.log"
        self.process: Process | None = None

    def start(self) -> float:
        """Start it; the seconds until it said that it is ready (Type=notify)."""
        path = self._folder / f"notify-{self.port}"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(str(path))
            told.settimeout(60)
            begun = time.monotonic()
            handed = self._listening.fileno()
            command = [sys.executable, "-c", _HAND_OVER, str(handed), *command_of("zhengwu-web@.service")]
            environment = {**self._environment, "NOTIFY_SOCKET": str(path)}
            self.process = Process(command, environment, self.log, (handed,))
            while b"READY=1" not in told.recv(4096):
                pass
            return time.monotonic() - begun

    def restart(self) -> float:
        """As ``systemctl restart``; the seconds that it took."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.stop()
        self.start()
        return time.monotonic() - begun

    def close(self) -> None:
        """All gone."""
        if self.process is not None:
            self.process.kill()
        self._listening.close()


class Stand:
    """PostgreSQL, the web processes and nginx with the site for HTTPS (``tls``)."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.tls, self.http = folder, free_port(), free_port()
        self.static = folder / "cache" / "static"
        lines = (DEPLOY / "zhengwu.env").read_text(encoding="utf-8").splitlines()
        given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        own = {
            "ZHENGWU_HOME": str(folder / "home"), "ZHENGWU_STATIC": str(self.static), "ZHENGWU_DATABASE": database,
            "PATH": os.environ["PATH"], "HOME": str(folder),
        }  # fmt: skip
        self.environment = {**given, **own}
        self.webs: list[Web] = []

    def manage(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """``zhengwu manage ...``."""
        return subprocess.run(
            [BIN / "zhengwu", "manage", *arguments], env=self.environment, input=given, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def web(self, **environment: str) -> Web:
        """One more web process, with other settings where given."""
        made = Web({**self.environment, **environment}, self.folder)
        made.start()
        return made

    @contextlib.contextmanager
    def nginx(self, site: str, webs: list[Web], *, tls: int, http: int) -> Iterator[Path]:
        """nginx with a site of deploy/ before some web processes; its log."""
        folder = Path(tempfile.mkdtemp(prefix="nginx-", dir=self.folder))
        folder.chmod(0o755)
        locations = folder / "zhengwu-locations.conf"
        _adapted(DEPLOY / "nginx" / "zhengwu-locations.conf", locations, {
            "/var/cache/zhengwu/static/": f"{self.static}/", "/var/log/nginx/": f"{folder}/",
        })  # fmt: skip
        upstream = (DEPLOY / "nginx" / "zhengwu-upstream.conf").read_text(encoding="utf-8")
        servers = re.findall(r"^ *server .*\n", upstream, re.M)
        assert len(servers) == 2
        lines = [re.sub(r":\d+", f":{web.port}", line, count=1) for web, line in zip(webs, servers, strict=False)]
        upstream = upstream.replace("".join(servers), "".join(lines))
        (folder / "upstream.conf").write_text(upstream, encoding="utf-8")
        _adapted(DEPLOY / "nginx" / site, folder / "site.conf", {
            "/etc/nginx/snippets/zhengwu-locations.conf": str(locations),
            "/etc/ssl/zhengwu": str(self.folder), "listen 80;": f"listen 127.0.0.1:{http};",
            "listen 443 ": f"listen 127.0.0.1:{tls} ",
            "    listen [::]:80;\n": "", "    listen [::]:443 ssl http2;\n": "",
        })  # fmt: skip
        # What Debian's nginx.conf has around a site; not as root, so that it must be allowed to read the files.
        user = "user www-data;" if os.geteuid() == 0 else ""
        places = " ".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
        )
        (folder / "nginx.conf").write_text(
            f"{user} worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{ include /etc/nginx/mime.types; default_type application/octet-stream; {places}\n"
            f"include {folder}/upstream.conf; include {folder}/site.conf; }}\n",
            encoding="utf-8",
        )
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program is not None
        command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        running = Process(command, {"PATH": os.environ["PATH"]}, folder / "output")
        try:
            for port in filter(None, (http, tls)):
                _answering(port)
            yield folder / "zhengwu.log"
        finally:
            running.stop()


def _adapted(source: Path, target: Path, changes: dict[str, str]) -> None:
    text = source.read_text(encoding="utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    target.write_text(text, encoding="utf-8")


def _answering(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def check_programs() -> None:
    """Raise MissingError where a program lacks."""
    for name, package in (("nginx", "nginx-light"), ("openssl", "openssl")):
        if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            raise MissingError(f"{name} is not here (Debian: apt-get install {package})")
    try:
        postgresql.binaries()
    except postgresql.MissingError as error:
        raise MissingError(str(error)) from error


@contextlib.contextmanager
def stand() -> Iterator[Stand]:
    """All of it, running."""
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgresql.server())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhengwu-stand-")))
        folder.chmod(0o755)
        made = Stand(folder, database)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
             "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        # As the unit does it: readable for nginx.
        prepared = subprocess.run(
            command_of("zhengwu-prepare.service"), env=made.environment, umask=int(unit("zhengwu-prepare.service")["UMask"], 8),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert prepared.returncode == 0, prepared.stderr
        for _number in range(2):
            made.webs.append(made.web())
            stack.callback(made.webs[-1].close)
        stack.enter_context(made.nginx("zhengwu.conf", made.webs, tls=made.tls, http=made.http))
        yield made
