"""The table model of HTML: which grid column each cell of a row begins in."""

from enum import IntEnum

from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.layout import RawCell, RawTable
from zhengwu.reading.limits import MAX_COLUMNS

# Steps over columns taken by cells from above. A real table takes a few thousand; a page made to
# hang its reader (rowspans over rows without end) takes billions.
_MAX_STEPS = 20_000_000


class RowGroup(IntEnum):
    """Where a row is printed: a tfoot stands last wherever it is written."""

    HEAD = 0
    BODY = 1
    FOOT = 2


def place_cells(rows: list[tuple[RowGroup, list[RawCell]]]) -> RawTable:
    """The table of ``rows`` in printed order, with the column and the clipped rowspan of each cell set."""
    ordered = [row for _, row in sorted(rows, key=lambda pair: pair[0])]
    taken_until: dict[int, int] = {}  # by column: index of the first row that is free again
    steps = 0
    for index, row in enumerate(ordered):
        column = 1
        for cell in row:
            while taken_until.get(column, 0) > index:
                column += 1
                steps += 1
            cell.column = column
            cell.rowspan = min(cell.rowspan, len(ordered) - index)
            if column + cell.colspan > MAX_COLUMNS + 1 or steps > _MAX_STEPS:
                raise UnreadableError(
                    "too-wide",
                    f"网页表格第 {index + 1} 行的合并单元格（colspan/rowspan）过大；请检查该表后再试。",
                    f"row {index + 1} of a table in the page has spans too large to read; "
                    "mend that table and try again",
                )
            if cell.rowspan > 1:
                for taken in range(column, column + cell.colspan):
                    taken_until[taken] = index + cell.rowspan
                steps += cell.colspan
            column += cell.colspan
    return RawTable(ordered)
