"""The other side of ``audit_process``: starts it, waits no longer than allowed, reads its answer."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from zhengwu.model.message import RefusedError

SECONDS = 120  # of an audit or report
MOST_ANSWER = 128 * 1024 * 1024  # bytes
COMMAND = (sys.executable, "-P", "-m", "zhengwu.web.reviews.audit_process")
# What a reader of somebody's file has no need to know.
_SECRETS = (
    "ZHENGWU_SECRET",
    "ZHENGWU_DATABASE",
    "ZHENGWU_EMAIL",
    "ZHENGWU_WORKERS",
    "DJANGO_SETTINGS_MODULE",
    "PGPASSWORD",
)


class ProcessError(Exception):
    """The process ended without an answer: killed, crashed, or out of time. Another attempt may succeed."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


def ask(
    request: dict[str, Any], seconds: int = SECONDS, command: tuple[str, ...] | None = None
) -> tuple[dict[str, Any], bytes]:
    """(answer, bytes that were made) of a request, done in a process of its own, ``audit_process`` unless ``command``
    is another. Raises RefusedError as the process does, ProcessError where it did not live to answer."""
    environment = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    with tempfile.TemporaryDirectory(prefix="zhengwu-job-") as folder:
        out = Path(folder) / "answer.json"
        # Whatever libraries write for themselves goes with the folder.
        environment |= {"TMPDIR": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(  # no shell; the command is fixed  # nosec B603
            command or COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, cwd=folder,
            start_new_session=True,
        )  # fmt: skip
        try:
            sent = json.dumps({**request, "out": str(out), "seconds": seconds}).encode()
            _, errors = process.communicate(sent, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise ProcessError(f"more than {seconds} seconds", timed_out=True) from error
        finally:
            _end(process)
        if process.returncode == -signal.SIGXCPU:
            raise ProcessError(f"more than {seconds} seconds", timed_out=True)
        if process.returncode != 0 or not out.exists():
            last = errors.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise ProcessError(f"ended with {process.returncode}: {' '.join(last)[:200]}")
        if out.stat().st_size > MOST_ANSWER:
            raise ProcessError("the answer is too large")
        answer = json.loads(out.read_bytes())
        if "refused" in answer:
            code, zh, en = answer["refused"]
            raise RefusedError(str(code), str(zh), str(en))
        made = out.with_suffix(".made")
        return answer["done"], made.read_bytes() if made.exists() else b""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """The process and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stderr):
        if stream is not None:
            stream.close()
