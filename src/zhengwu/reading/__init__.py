"""Readers: one module a format, from the bytes of a file to a Document.

The format is taken from the content, never from the name. Format modules are imported when they are
first needed, so that importing this package costs next to nothing.
"""

import hashlib
import os
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from zhengwu.model.document import Content, Document, Source
from zhengwu.reading.errors import UnreadableError, cannot_open
from zhengwu.reading.limits import MAX_BYTES, check_size

__all__ = ["UnreadableError", "read", "read_path", "read_stream"]

_MODULES = {
    "pdf": "pdf",
    "docx": "docx",
    "xlsx": "workbook",
    "xlsb": "workbook",
    "xls": "workbook",
    "ods": "workbook",
    "doc": "office",
    "odt": "office",
    "rtf": "office",
    "xml": "office",
    "html": "html",
    "mht": "html",
    "txt": "txt",
}


class _Reader(Protocol):
    def __call__(self, data: bytes) -> Content: ...


def read(data: bytes, name: str) -> Document:
    """The document in ``data``; ``name`` is only repeated in its source.

    Raises UnreadableError, with one sentence in both languages, for whatever cannot be read whole:
    what can be read apart from some places is returned with these places under ``unread``.
    """
    from zhengwu.reading.detect import detect, empty

    check_size(len(data))
    kind = detect(data)
    reader = cast(_Reader, import_module(f"zhengwu.reading.{_MODULES[kind]}").read)
    try:
        content = reader(data)
    except RecursionError as error:
        raise UnreadableError(
            "too-deep",
            "文件的表格或元素嵌套过深，无法读取；请用 Word/WPS 打开后另存再试。",
            "the tables or elements of the file nest too deep to be read; open it in Word or WPS and save a copy",
        ) from error
    except MemoryError as error:
        raise UnreadableError(
            "too-large",
            "文件内容过大，内存不足以读取；请拆分后再试。",
            "the file holds more than the memory can take; split it and try again",
        ) from error
    if not content.blocks and not content.unread:
        raise empty()
    source = Source(name, kind, hashlib.sha256(data).hexdigest(), content.pages)
    return Document(source, content.blocks, content.unread)


def read_path(path: str | os.PathLike[str]) -> Document:
    """The document in the file at ``path``; a file over MAX_BYTES is refused before it is read."""
    path = Path(path)
    try:
        if path.is_dir():
            raise UnreadableError(
                "is-a-folder",
                "这是文件夹，不是文件；请指定其中的一份文件。",
                "this is a folder, not a file; name a file inside it",
            )
        check_size(path.stat().st_size)
        with path.open("rb") as stream:
            return read_stream(stream, _shown(path.name))
    except OSError as error:
        raise cannot_open(error) from error


def _shown(name: str) -> str:
    """A file's name as text. One from an old Windows archive may lie on the disk in the bytes of GB18030."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def read_stream(stream: BinaryIO, name: str) -> Document:
    """The document that ``stream`` (standard input, an upload) gives, read up to MAX_BYTES."""
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        check_size(size, MAX_BYTES)
        chunks.append(chunk)
    return read(b"".join(chunks), name)
