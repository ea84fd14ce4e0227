"""Files made of a round on request, each in a process of its own: page pictures and reports. What was made once is
kept beside the uploads, under names that nobody else chose."""

import contextlib
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from zhengwu import __version__
from zhengwu.model.message import RefusedError
from zhengwu.web.reviews import process
from zhengwu.web.reviews.models import Decision, JobState, Round

DOTS_PER_INCH = 110
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf", ".json": "application/json", ".html": "text/html; charset=utf-8",
    ".png": "image/png", ".jpg": "image/jpeg",
}  # fmt: skip
_PAGE_SECONDS = 30
# A page is shown to one reader at a time; hundreds of requests at once must not start hundreds of processes.
_AT_ONCE = threading.BoundedSemaphore(2)
# Readers of the open book together have one turn of those: they must not keep the desk waiting.
_OUTSIDE = threading.BoundedSemaphore(1)


class File(NamedTuple):
    """A file for the browser."""

    suffix: str
    data: bytes

    @property
    def media_type(self) -> str:
        """As the browser is told."""
        return TYPES.get(self.suffix, "application/octet-stream")


def page_picture(one: Round, page: int, patience: float | None = None) -> File:
    """A page of a PDF; ``patience`` is how many seconds a reader from outside waits for a turn. Raises RefusedError
    "not-found" where there is none, "failed" where it cannot be drawn, "too-many" where the patience was not enough."""
    if one.format != "pdf" or not one.pages or not 1 <= page <= one.pages:
        raise RefusedError("not-found", "没有这一页。", "There is no such page.")

    def draw() -> File:
        request = {"task": "page", "path": one.file.path, "page": page, "dpi": DOTS_PER_INCH}
        _, data = process.ask(request, _PAGE_SECONDS)
        return File(".png" if data.startswith(b"\x89PNG") else ".jpg", data)

    return kept("pages", [one.sha256, page, DOTS_PER_INCH], draw, patience)


def report(one: Round, form: str, language: str, now: datetime) -> File:
    """A report of a round: dismissed findings are left out. Raises RefusedError."""
    if one.job != JobState.DONE:
        raise RefusedError(
            "conflict", "这一稿还没有核对完。", "The audit of this round has not ended."
        )  # fmt: skip
    dismissed = dict(one.findings.filter(decision=Decision.DISMISSED).values_list("fingerprint", "reason"))

    def make() -> File:
        done, data = process.ask(
            {
                "task": "report", "path": one.file.path, "name": one.name, "form": form, "language": language,
                "made": now.isoformat(), "dismissed": dismissed,
            }
        )  # fmt: skip
        return File(str(done["suffix"]), data)

    return kept("reports", [one.sha256, one.name, form, language, sorted(dismissed.items())], make)


def kept(folder: str, key: list[object], make: Callable[[], File], patience: float | None = None) -> File:
    """The file of a key: as kept, or made now and kept. Raises RefusedError "failed" or, for readers from outside
    (``patience`` in seconds), "too-many"."""
    name = hashlib.sha256(json.dumps([__version__, *key], ensure_ascii=False).encode()).hexdigest()
    place = Path(settings.MEDIA_ROOT) / folder / name[:2]
    found = _found(place, name)
    if found is not None:
        return found
    with _turn(patience):
        found = _found(place, name)  # made by another while this one waited
        if found is not None:
            return found
        try:
            made = make()
        except process.ProcessError as error:
            raise RefusedError(
                "failed",
                "生成这个文件时超出时间或内存；请稍后再试。",
                "Making this file took too much time or memory; try again later.",
            ) from error
    place.mkdir(parents=True, exist_ok=True)
    # Whole under a name of its own first: a reader at the same time sees all of it or nothing.
    fresh = place / f".{secrets.token_hex(8)}"
    fresh.write_bytes(made.data)
    os.replace(fresh, place / f"{name}{made.suffix}")
    return made


def _found(place: Path, name: str) -> File | None:
    return next((File(path.suffix, path.read_bytes()) for path in place.glob(f"{name}.*")), None)


@contextlib.contextmanager
def _turn(patience: float | None) -> Iterator[None]:
    """One of the few that make a file at a time."""
    if patience is None:
        with _AT_ONCE:
            yield
        return
    if not _OUTSIDE.acquire(timeout=patience):
        raise RefusedError(
            "too-many",
            "现在请求的人较多；请过一会儿再打开。",
            "Too many readers ask for this at the moment; open it again in a little while.",
        )
    try:
        with _AT_ONCE:
            yield
    finally:
        _OUTSIDE.release()
