"""From what a file nests to what a reader sees: paragraphs and grids, one after the other.

Word files and web pages nest tables: for layout (a page frame whose cells hold the real tables),
and as small tables inside a data cell. This module decides which is which, numbers the lines, and
joins a table that was split by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from zhengwu.model.document import Block, Cell, Content, Grid, Paragraph, Place, Unread
from zhengwu.model.message import Message
from zhengwu.reading.limits import check_cells

MAX_SPAN_BEYOND_COLUMNS = 64


@dataclass(slots=True)
class RawCell:
    """A cell as nested in the file; ``column`` is its 1-based grid column."""

    content: list["Item"]
    column: int
    colspan: int = 1
    rowspan: int = 1


@dataclass(slots=True)
class RawTable:
    """A table as nested in the file; a row holds the cells that begin in it."""

    rows: list[list[RawCell]] = field(default_factory=list)
    layout: bool | None = None  # what is_layout found, kept because nested tables are asked repeatedly


# A paragraph (its manual line breaks as \n), a table, or a note about something that was not read.
Item = str | RawTable | Message


class Printed(str):
    """A paragraph as an item that remembers where in the file it comes from.

    Readers give it instead of a plain string to whoever writes into the document (``numbered``).
    """

    __slots__ = ("origin",)
    origin: Any

    def __new__(cls, text: str, origin: Any) -> "Printed":
        """``text`` printed by ``origin``, whatever the format's reader uses to find it again."""
        printed = super().__new__(cls, text)
        printed.origin = origin
        return printed


def numbered(items: list[Item]) -> Iterator[tuple[int, list[Printed]]]:
    """Each running line number of ``to_content`` with what is printed there, in the same order."""
    line = 0
    stack: list[Item] = items[::-1]
    while stack:
        item = stack.pop()
        if isinstance(item, Printed):
            for text in item.split("\n"):
                if text.strip():
                    line += 1
                    yield line, [item]
        elif isinstance(item, RawTable):
            cells = [cell for row in item.rows for cell in row]
            if is_layout(item):
                stack += [inner for cell in reversed(cells) for inner in reversed(cell.content)]
            else:
                for cell in cells:
                    line += 1
                    yield line, list(_printed(cell.content))


def _printed(content: list[Item]) -> Iterator[Printed]:
    for item in content:
        if isinstance(item, Printed):
            yield item
        elif isinstance(item, RawTable):
            for row in item.rows:
                for cell in row:
                    yield from _printed(cell.content)


def to_content(items: list[Item]) -> Content:
    """Items in reading order as blocks, every paragraph and cell counted as one line.

    Layout tables are dissolved, split tables joined. Raises UnreadableError beyond MAX_CELLS.
    """
    writer = _Writer()
    writer.write(items)
    return Content(tuple(writer.blocks), tuple(writer.unread))


class _Writer:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.unread: list[Unread] = []
        self.line = 0
        self.cells = 0
        self.after_grid = False  # no paragraph, not even an empty one, since the last grid

    def write(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, str):
                self.after_grid = False
                for text in item.split("\n"):
                    self._paragraph(text)
            elif isinstance(item, Message):
                self.unread.append(Unread(Place(line=self.line or None), item))
            elif is_layout(item):
                for row in item.rows:
                    for cell in row:
                        self.write(cell.content)
            elif item.rows:
                self._grid(item)

    def _paragraph(self, text: str) -> None:
        text = text.strip()
        if text:
            self.line += 1
            self.blocks.append(Paragraph(text, Place(line=self.line)))

    def _grid(self, table: RawTable) -> None:
        self.cells += sum(len(row) for row in table.rows)
        check_cells(self.cells)
        first_line = self.line + 1
        reach = max((cell.column for row in table.rows for cell in row), default=1) + MAX_SPAN_BEYOND_COLUMNS
        rows: list[tuple[Cell, ...]] = []
        count = len(table.rows)
        for number, row in enumerate(table.rows, 1):
            cells = []
            for cell in row:
                self.line += 1
                content = cell.content
                if len(content) == 1 and isinstance(content[0], str) and "\n" not in content[0]:
                    text = content[0].rstrip()
                else:
                    text = self._cell_text(content)
                cells.append(
                    Cell(
                        text,
                        Place(line=self.line, row=number, column=cell.column),
                        min(cell.colspan, reach - cell.column + 1),
                        min(cell.rowspan, count - number + 1),
                    )
                )
            rows.append(tuple(cells))
        grid = Grid(tuple(rows), Place(line=first_line))
        previous = self.blocks[-1] if self.blocks and self.after_grid else None
        joined = _join(previous, grid) if isinstance(previous, Grid) else None
        if joined:
            self.blocks[-1] = joined
        else:
            self.blocks.append(grid)
        self.after_grid = True

    def _cell_text(self, content: list[Item]) -> str:
        for item in content:
            if isinstance(item, Message):
                self.unread.append(Unread(Place(line=self.line), item))
        lines = (line.rstrip() for line in _lines(content))
        return "\n".join(line for line in lines if line)  # an empty line in a cell is only spacing


def _lines(content: list[Item]) -> Iterator[str]:
    """The lines of a cell; a table inside it gives a line a row, cells apart by a blank."""
    for item in content:
        if isinstance(item, str):
            yield from item.split("\n")
        elif isinstance(item, RawTable):
            for row in item.rows:
                texts = (" ".join(line.strip() for line in _lines(cell.content)) for cell in row)
                yield " ".join(text for text in texts if text)


def is_layout(table: RawTable) -> bool:
    """True for a table that only arranges the page: it is dissolved into its cells' content.

    That is a frame of one single cell, or a table with real tables in its cells and little else:
    either fewer than four further cells with text, or most of its text inside those tables.
    """
    if table.layout is None:
        table.layout = _find_layout(table)
    return table.layout


def _find_layout(table: RawTable) -> bool:
    cells = [cell for row in table.rows for cell in row]
    if len(cells) == 1:
        return True
    nested = [item for cell in cells for item in cell.content if isinstance(item, RawTable)]
    if not any(_is_real_table(item) for item in nested):
        return False
    others = [cell for cell in cells if not any(isinstance(item, RawTable) for item in cell.content)]
    with_text = sum(any(_size(item) for item in cell.content) for cell in others)
    if with_text < 4:
        return True
    return 2 * sum(map(_size, nested)) > sum(_size(item) for cell in cells for item in cell.content)


def _is_real_table(table: RawTable) -> bool:
    """True unless it is a tiny table that only arranges the words of a cell."""
    if is_layout(table):
        return any(
            _is_real_table(item)
            for row in table.rows
            for cell in row
            for item in cell.content
            if isinstance(item, RawTable)
        )
    return len(table.rows) >= 2 and sum(len(row) for row in table.rows) >= 6


def _size(item: Item) -> int:
    """Number of printed characters, blanks apart."""
    if isinstance(item, RawTable):
        return sum(_size(inner) for row in item.rows for cell in row for inner in cell.content)
    return len("".join(item.split())) if isinstance(item, str) else 0


def _join(above: Grid, below: Grid) -> Grid | None:
    """One grid of two that follow each other directly with the same header, else None.

    The header must hold a row of several labels: forms that share only their title stay apart.
    """
    shared = 0
    for row, other in zip(above.rows, below.rows, strict=False):
        if [(c.text, c.place.column, c.colspan) for c in row] != [(c.text, c.place.column, c.colspan) for c in other]:
            break
        shared += 1
    header = above.rows[:shared]
    if shared == len(below.rows) or not any(sum(bool(c.text) for c in row) > 1 for row in header):
        return None
    offset = len(above.rows) - shared
    moved = tuple(
        tuple(cell._replace(place=cell.place._replace(row=number + offset)) for cell in row)
        for number, row in enumerate(below.rows[shared:], shared + 1)
    )
    return Grid(above.rows + moved, above.place)
