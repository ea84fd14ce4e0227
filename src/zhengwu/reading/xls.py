"""The extent of an Excel 97 book, known before a library lays its sheets out in memory."""

import struct

from zhengwu.reading import ole
from zhengwu.reading.archive import damaged
from zhengwu.reading.errors import UnreadableError

_BEGIN, _DIMENSIONS = 0x809, 0x200
# One cell: BLANK NUMBER LABEL BOOLERR FORMULA RK LABELSST; several in a row: MULRK MULBLANK ([MS-XLS] 2.4)
_CELLS = frozenset({0x201, 0x203, 0x204, 0x205, 0x06, 0x406, 0x27E, 0xFD, 0xD6, 0xBD, 0xBE})
_SEVERAL = frozenset({0xBD, 0xBE})
_WHOLE_SHEET = 65_536 * 256  # what the sheet may say that it spans, which costs no memory


def check_extent(data: bytes, limit: int) -> None:
    """Raise UnreadableError when a sheet spans more than ``limit`` cells: one flipped bit in a column number makes
    the library ask for more memory than there is, which ends the process."""
    try:
        content = ole.stream(data, "Workbook") or ole.stream(data, "Book")
    except ValueError as error:
        raise damaged() from error
    at = 0
    top = left = 1 << 30
    bottom = right = -1
    while at + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, at)
        at += 4
        if kind == _BEGIN:
            top = left = 1 << 30
            bottom = right = -1
        elif kind == _DIMENSIONS and size >= 10 and at + size <= len(content):
            layout = "<IIHH" if size >= 12 else "<HHHH"  # Excel 97 and Excel 5; the ends are exclusive
            first, last, low, high = struct.unpack_from(layout, content, at)
            if max(1, last - first) * max(1, high - low) > _WHOLE_SHEET:
                raise _far(limit)
        elif kind in _CELLS and size >= 4 and at + size <= len(content):
            row, column = struct.unpack_from("<HH", content, at)
            end = column + max(0, (size - 6) // (6 if kind == 0xBD else 2) - 1) if kind in _SEVERAL else column
            top, bottom, left, right = min(top, row), max(bottom, row), min(left, column), max(right, end)
            if (bottom - top + 1) * (right - left + 1) > limit:
                raise _far(limit)
        at += size


def _far(limit: int) -> UnreadableError:
    return UnreadableError(
        "far-cell",
        f"工作表的单元格分布过广（超过 {limit:,} 格）；请删除远处的单元格后再试。",
        f"the cells of a sheet spread over more than {limit:,}; delete the far ones and try again",
    )
