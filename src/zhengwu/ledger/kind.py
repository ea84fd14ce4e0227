"""Whether a file or folder is a ledger, told from the names of its sheets alone."""

import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from zhengwu.dialects.classifications import normalise_name
from zhengwu.ledger.schema import SHEETS
from zhengwu.reading.archive import Archive
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_BYTES

_ZIP = b"PK\x03\x04"
_LISTING = 4 * 1024 * 1024  # bytes: the list of a workbook's sheets is small
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*?\bname\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NAMES = {normalise_name(name).casefold() for sheet in SHEETS for name in (sheet.key, sheet.zh, sheet.en)}
_LINES = {normalise_name(name).casefold() for sheet in SHEETS if sheet.key == "lines" for name in (sheet.key, sheet.zh, sheet.en)}  # fmt: skip


def is_ledger(name: str) -> bool:
    """Whether ``name`` is a folder with CSV files named as sheets, or a workbook that has a ledger's sheets.

    Cheap and never fails: what cannot be read is no ledger, and the reader that is then asked says why.
    """
    path = Path(name)
    try:
        if path.is_dir():
            return bool(_known(one.stem for one in path.iterdir() if one.suffix.lower() == ".csv"))
        with path.open("rb") as stream:
            if stream.read(4) != _ZIP or path.stat().st_size > MAX_BYTES:
                return False
            stream.seek(0)
            archive = Archive(stream.read(MAX_BYTES + 1))
        if archive.name("xl/workbook.xml") is None:
            return False
        listing = archive.read("xl/workbook.xml", _LISTING).decode("utf-8", "replace")
    except (OSError, UnreadableError):
        return False
    known = _known(unescape(first or second) for first, second in _SHEET.findall(listing))
    # A published workbook may call a sheet 项目 too; a ledger whose lines are misnamed is still to be told so.
    return len(known) > 2 or bool(known & _LINES and len(known) > 1)


def _known(names: Iterable[str]) -> set[str]:
    return {normalise_name(one).casefold() for one in names} & _NAMES
