"""What a reader gives: paragraphs and grids in document order, each with its place.

A reader interprets nothing. It does not know what a budget is; it says what is printed and where.
"""

from typing import NamedTuple

from zhengwu.model.message import Message

Box = tuple[float, float, float, float]  # left, top, right, bottom in points from the page's top left


class Place(NamedTuple):
    """Where something is printed. What a format does not have stays None."""

    page: int | None = None  # 1-based
    line: int | None = None  # 1-based, running through the whole document in reading order
    row: int | None = None  # 1-based row of the table (of the whole joined table)
    column: int | None = None  # 1-based column of the table
    box: Box | None = None
    sheet: str | None = None


class Cell(NamedTuple):
    """A cell as printed. ``text`` keeps line breaks inside the cell as ``\\n``; outer blanks are kept
    on the left (they show the level of an item), cut on the right."""

    text: str
    place: Place
    colspan: int = 1
    rowspan: int = 1


class Paragraph(NamedTuple):
    """A paragraph outside tables, on one line: wrapped lines are joined again."""

    text: str
    place: Place


class Grid(NamedTuple):
    """A table as printed, joined over its pages.

    ``rows`` hold only cells that begin in that row, left to right: a cell spanned from the left or
    from above is not repeated. ``ragged`` is true when the format does not tell spans (the one-cell-
    a-line text): then a merged cell counts as one and rows differ in length.
    Readers join a table that runs over pages to one grid and drop a header repeated at the top of
    a continuation page.
    """

    rows: tuple[tuple[Cell, ...], ...]
    place: Place
    ragged: bool = False


Block = Paragraph | Grid


class Unread(NamedTuple):
    """Something that is in the file and that could not be read: never dropped in silence."""

    place: Place
    reason: Message


class Content(NamedTuple):
    """What one format's reader returns."""

    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...] = ()
    pages: int | None = None


class Source(NamedTuple):
    """Which file it was: the name as given, the format by content, the SHA-256 of its bytes."""

    name: str
    format: str
    sha256: str
    pages: int | None = None


class Document(NamedTuple):
    """A document as read."""

    source: Source
    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...] = ()
