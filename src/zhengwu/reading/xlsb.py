"""The extent of a binary Excel sheet, known before a library lays the sheet out in memory."""

from zhengwu.reading.archive import damaged
from zhengwu.reading.errors import UnreadableError

_ROW_HEADER = 0
_CELLS = range(1, 12)  # BrtCellBlank to BrtFmlaError ([MS-XLSB] 2.3.1)


def check_extent(data: bytes, limit: int) -> None:
    """Raise UnreadableError when the sheet part ``data`` spans more than ``limit`` cells or is cut."""
    at = 0
    rows: list[int] = []
    first_column, last_column = 1 << 30, -1
    end = len(data)
    while at < end:
        kind, at = _variable(data, at, 2)
        size, at = _variable(data, at, 4)
        if at + size > end:
            raise damaged()
        if kind == _ROW_HEADER and size >= 4:
            row = int.from_bytes(data[at : at + 4], "little")
            rows = [row, row] if not rows else [min(rows[0], row), max(rows[1], row)]
        elif kind in _CELLS and size >= 4:
            column = int.from_bytes(data[at : at + 4], "little")
            first_column, last_column = min(first_column, column), max(last_column, column)
        at += size
    if rows and last_column >= 0 and (rows[1] - rows[0] + 1) * (last_column - first_column + 1) > limit:
        raise UnreadableError(
            "far-cell",
            f"工作表的单元格分布过广（超过 {limit:,} 格）；请删除远处的单元格后再试。",
            f"the cells of a sheet spread over more than {limit:,}; delete the far ones and try again",
        )


def _variable(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to ``most`` bytes of seven bits each, and the offset behind it."""
    number = 0
    for index in range(most):
        if at >= len(data):
            raise damaged()
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << (7 * index)
        if not byte & 0x80:
            break
    return number, at
