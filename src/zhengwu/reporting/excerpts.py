"""The part of a table around some of its cells, as rows of texts: for documents without pages."""

from typing import NamedTuple

from zhengwu.model.document import Cell
from zhengwu.model.finding import Spot
from zhengwu.model.table import Table

_AROUND = 1  # rows shown above and below a marked one
_MAX_MARKED = 8


class ExcerptCell(NamedTuple):
    """A cell shown: its text, whether it is marked, how many columns it takes, whether it is a number."""

    text: str
    marked: bool = False
    span: int = 1
    number: bool = False


class Excerpt(NamedTuple):
    """Header rows and body rows; an empty body row stands for rows left out."""

    head: tuple[tuple[ExcerptCell, ...], ...]
    body: tuple[tuple[ExcerptCell, ...], ...]
    left_out: int = 0  # marked cells that are not shown


def excerpt(table: Table, spots: list[Spot]) -> Excerpt:
    """The rows of ``table`` around the spots, with its header."""
    lines = [spot.place.line for spot in spots if spot.place.line is not None]
    in_header = {cell.place.line for row in table.header for cell in row} & set(lines)
    rows = [
        index
        for index, row in enumerate(table.rows)
        if any(cell is not None and cell.place.line in lines for cell in row.cells)
    ]
    shown = rows[:_MAX_MARKED]
    around = sorted(
        {index for row in shown for index in range(row - _AROUND, row + _AROUND + 1) if 0 <= index < len(table.rows)}
    )
    if not shown:
        around = list(range(min(3, len(table.rows))))
    codes = {place for place, column in enumerate(table.columns) if column.role == "code"}
    body: list[tuple[ExcerptCell, ...]] = []
    before = -1
    for index in around:
        if index != before + 1:
            body.append(())
        cells = [_cell(cell, lines) for cell in table.rows[index].cells]
        # A code is a name, not a number.
        body.append(tuple(cell._replace(number=cell.number and place not in codes) for place, cell in enumerate(cells)))
        before = index
    if before + 1 < len(table.rows):
        body.append(())
    if in_header or not any(column.label for column in table.columns):
        head = tuple(tuple(_cell(cell, lines, cell.colspan) for cell in row) for row in table.header)
    else:
        head = _labels(table)
    return Excerpt(head, tuple(body), len(rows) - len(shown))


def _cell(cell: Cell | None, lines: list[int], span: int = 1) -> ExcerptCell:
    if cell is None:
        return ExcerptCell("")
    number = bool(cell.text) and all(c.isdigit() or c in ".,-％%，—－ " for c in cell.text)
    return ExcerptCell(cell.text, cell.place.line in lines, span, number)


def _labels(table: Table) -> tuple[tuple[ExcerptCell, ...], ...]:
    """The header as levels: neighbours under one label share a cell."""
    paths = [column.label for column in table.columns]
    depth = max(len(path) for path in paths)
    rows = []
    for level in range(depth):
        cells: list[ExcerptCell] = []
        last: tuple[str, ...] | None = None
        for path, column in zip(paths, table.columns, strict=True):
            prefix = path[: level + 1]
            if prefix == last and len(path) > level:
                cells[-1] = cells[-1]._replace(span=cells[-1].span + 1)
            else:
                cells.append(ExcerptCell(path[level] if len(path) > level else "", number=column.role == "amount"))
            last = prefix
        rows.append(tuple(cells))
    return tuple(rows)
