"""A publication before it has a format: headings, sentences and tables in their order.

The writers (``as_docx``, ``as_xlsx``, ``as_pdf``, ``as_html``) print it and decide nothing about its content.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.fact import Identity
from zhengwu.model.message import Message, RefusedError


class Typed(NamedTuple):
    """Where in the ledger words of a sentence are typed: the key of its sheet, what names the row there. ``missing``
    says what is demanded there and not typed yet: then the sentence has a gap, which is never published."""

    sheet: str
    key: str
    missing: Message | None = None


class MissingError(RefusedError):
    """A publication that has gaps; ``missing`` are they, in their order."""

    def __init__(self, source: str, missing: tuple[Typed, ...]) -> None:
        said = [one.missing for one in missing if one.missing is not None]
        super().__init__(
            "reason-missing",
            "\n".join(f"{source}：{one.zh}" for one in said),
            "\n".join(f"{source}: {one.en}" for one in said),
        )
        self.missing = missing


class Run(NamedTuple):
    """A piece of a sentence. With an ``identity`` it is a number that says this fact; with ``typed`` words of the
    ledger, or the gap where they are missing."""

    text: str
    identity: Identity | None = None
    typed: Typed | None = None


class Heading(NamedTuple):
    """A heading of the narrative: level 1 (第一部分) to 4 (1.). It stands in the contents down to level 2."""

    level: int
    text: str


class Text(NamedTuple):
    """A paragraph of the narrative."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The paragraph as printed."""
        return "".join(run.text for run in self.runs)


class PrintedCell(NamedTuple):
    """A cell as printed. ``text`` may hold ``\\n``. ``value`` is the number in the table's own money unit (None
    where the cell holds words or nothing), ``identity`` the fact that an amount states."""

    text: str = ""
    value: Decimal | None = None
    identity: Identity | None = None
    colspan: int = 1
    rowspan: int = 1
    align: str = ""  # left | center | right; "" = by the column
    indent: int = 0  # levels that a name is moved in


class PrintedColumn(NamedTuple):
    """A leaf column: its role (code, name, label, amount, project, text) and its share of the width."""

    role: str
    width: float = 1.0


class PrintedRow(NamedTuple):
    """A body row: only the cells that begin in it, from the left; spanned places have none. ``kind`` is item or
    total; ``level`` counts from 0 (a class) downwards."""

    kind: str
    cells: tuple[PrintedCell, ...]
    level: int = 0


class PrintedTable(NamedTuple):
    """A table. ``number`` is 一, 十三-1, …; ``title`` its full name; ``captions`` what else stands over it, left and
    right (编制单位：…, 单位：元); ``header`` rows hold cells with spans and are repeated on every page; ``notes`` stand
    under it. ``form`` is a target form: ruled, without a header, names on the left. ``wide`` asks for a landscape
    page."""

    kind: str
    number: str
    title: str
    money_unit: str
    columns: tuple[PrintedColumn, ...]
    header: tuple[tuple[PrintedCell, ...], ...]
    rows: tuple[PrintedRow, ...]
    captions: tuple[str, str] = ("", "")
    notes: tuple[str, ...] = ()
    form: bool = False
    wide: bool = False
    caption: str = ""  # how number and title are printed over the table: 表一：部门收支总体情况表

    @property
    def heading(self) -> str:
        """Number and title as printed over the table and in the contents."""
        return self.caption or self.title


Block = Heading | Text | PrintedTable


class Publication(NamedTuple):
    """A document ready to be written. ``cover`` holds the lines of the first page, the title first. With something
    ``missing`` it is a preview: no format is written of it but the page with its gaps marked."""

    title: str
    unit: str
    unit_code: str
    year: int
    kind: str  # budget | final
    dialect: str  # its key
    cover: tuple[str, ...]
    blocks: tuple[Block, ...]
    missing: tuple[Typed, ...] = ()

    @property
    def tables(self) -> tuple[PrintedTable, ...]:
        """The tables in their order."""
        return tuple(block for block in self.blocks if isinstance(block, PrintedTable))


class Placed(NamedTuple):
    """A cell and where it begins, 0-based; its spans cut to what there is."""

    row: int
    column: int
    cell: PrintedCell
    rowspan: int
    colspan: int


def placed(rows: Sequence[Sequence[PrintedCell]], width: int) -> Iterator[Placed]:
    """The cells of ``rows`` at their grid columns: a cell stands right of those before it and of those that span
    into its row."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            rowspan = max(1, min(cell.rowspan, len(rows) - row))
            colspan = max(1, min(cell.colspan, max(width - column, 1)))
            while colspan > 1 and (row, column + colspan - 1) in taken:
                colspan -= 1
            taken.update((row + down, column + right) for down in range(rowspan) for right in range(colspan))
            yield Placed(row, column, cell, rowspan, colspan)
            column += colspan
