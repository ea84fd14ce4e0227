"""A folder stands for the documents below it."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from zhengwu.model.message import Message, RefusedError

# Inside a file the type is taken from the content; among the files of a folder, by the name: pictures, archives and
# programs lie there too, and are no failures.
SUFFIXES = frozenset(
    {".docx", ".docm", ".doc", ".wps", ".odt", ".rtf", ".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".pdf"}
    | {".html", ".htm", ".shtml", ".mht", ".mhtml", ".txt", ".xml"}
)
_HIDDEN, _LOCK, _LINK = "hidden", "lock", "link"
_WORDS = {
    _HIDDEN: Message("隐藏的", "hidden"),
    _LOCK: Message("编辑锁文件 ~$", "lock files ~$"),
    _LINK: Message("不跟随的链接或特殊文件", "links to folders and special files"),
    "": Message("没有扩展名的", "without a suffix"),
}


class Found(NamedTuple):
    """A document to work on. ``below`` is its folder within the folder that was named: "" for a file named itself."""

    name: str
    below: str = ""


class Listing(NamedTuple):
    """What the names on the command line stand for."""

    documents: list[Found]
    skipped: Counter[str]  # suffix or reason -> how many
    closed: list[tuple[str, str]]  # folders that could not be listed, and why

    def skipped_message(self) -> Message | None:
        """The sentence that counts what was skipped."""
        if not self.skipped:
            return None
        zh = "，".join(
            f"{_WORDS.get(key, Message(key, key)).zh} {count}" for key, count in sorted(self.skipped.items())
        )
        en = ", ".join(
            f"{_WORDS.get(key, Message(key, key)).en} {count}" for key, count in sorted(self.skipped.items())
        )
        total = self.skipped.total()
        return Message(f"跳过文件夹中的 {total} 项：{zh}。", f"skipped {total} entries of the folders: {en}.")


def listing(names: Sequence[str]) -> Listing:
    """The documents that files and folders stand for, folders in the order of their sorted paths.

    Raises RefusedError when folders hold no document at all and no file was named.
    """
    found = Listing([], Counter(), [])
    for name in names:
        if name != "-" and os.path.isdir(name):
            found.documents.extend(_below(name, found))
        else:
            found.documents.append(Found(name))
    if not found.documents and not found.closed:
        folders = "、".join(names)
        raise RefusedError(
            "no-documents",
            f"{folders}：文件夹中没有可读取的文件（docx、xlsx、pdf、html、txt 等）。",
            f"{folders}: the folder holds no file that can be read (docx, xlsx, pdf, html, txt and others).",
        )
    return found


def _below(top: str, found: Listing) -> Iterator[Found]:
    def closed(error: OSError) -> None:
        found.closed.append((str(error.filename), error.strerror or type(error).__name__))

    for folder, folders, files in os.walk(top, onerror=closed):
        for name in list(folders):
            if name.startswith(".") or os.path.islink(os.path.join(folder, name)):
                found.skipped[_HIDDEN if name.startswith(".") else _LINK] += 1
                folders.remove(name)
        folders.sort()
        below = os.path.relpath(folder, top)
        for name in sorted(files):
            reason = _reason(folder, name)
            if reason is None:
                yield Found(os.path.join(folder, name), "" if below == "." else below)
            else:
                found.skipped[reason] += 1


def _reason(folder: str, name: str) -> str | None:
    """Why a file of a folder is skipped, or None."""
    if name.startswith((".~", "~$")):
        return _LOCK
    if name.startswith("."):
        return _HIDDEN
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        return suffix
    return None if os.path.isfile(os.path.join(folder, name)) else _LINK
