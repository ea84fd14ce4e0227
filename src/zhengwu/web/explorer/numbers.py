"""Amounts with the place that prints them, alone, as parts of a whole, and side by side."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from zhengwu.publishing.charts import Slice


class Number(NamedTuple):
    """An amount in yuan and the address of the cell that prints it; "" where it is only derived. ``page`` and
    ``page_href`` are the page of the published file and its picture with the cell marked, 0 and "" without pages."""

    value: Decimal
    href: str = ""
    page: int = 0
    page_href: str = ""

    @property
    def fen(self) -> int:
        """The amount in 分, as charts take it."""
        return int(self.value * 100)


class Piece(NamedTuple):
    """A part of the money and the parts it falls into. ``short`` is its name inside a chart."""

    name: str
    number: Number
    children: tuple["Piece", ...] = ()
    short: str = ""

    @property
    def slice(self) -> Slice:
        """As the charts that the server draws take it."""
        return Slice(self.short or self.name, self.number.fen, tuple(one.slice for one in self.children))


class Line(NamedTuple):
    """A row of a figure's table. ``level`` 1 stands below the level 0 before it."""

    name: str
    numbers: tuple[Number | None, ...]
    share: str = ""
    level: int = 0
    side: str = ""


def whole_of(pieces: Sequence[Piece]) -> Decimal:
    """The sum of the pieces."""
    return sum((one.number.value for one in pieces), Decimal(0))


def flat(pieces: Sequence[Piece], level: int = 0) -> Iterator[tuple[Piece, int]]:
    """Each piece with its level, the parts behind their whole."""
    for one in pieces:
        yield one, level
        yield from flat(one.children, level + 1)
