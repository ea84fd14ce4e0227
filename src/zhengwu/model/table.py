"""A recognised table: its title, its columns with their meaning, its rows lined up with them."""

from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.document import Cell, Paragraph, Place


class Column(NamedTuple):
    """A leaf column. ``label`` is the header path from the top; ``role`` says what stands in it.

    Roles: ``code`` (with the classification in ``axis``; a code printed in three columns has three such
    columns), ``name``, ``label`` (an item named in words), ``amount``, ``project``, ``text``.
    ``dims`` are the identity members an amount column stands for.
    """

    key: str
    label: tuple[str, ...]
    role: str
    axis: str = ""
    dims: tuple[tuple[str, str], ...] = ()
    group: int = 0  # side-by-side groups of columns are numbered from the left


class Row(NamedTuple):
    """A row: ``cells`` line up with the table's columns; a cell spanned from elsewhere is None."""

    kind: str  # item | total | blank
    cells: tuple[Cell | None, ...]


class Table(NamedTuple):
    """A table as recognised.

    ``kind`` is the subject ("expenditure", "general_basic", ...; "" when not understood), ``number`` as
    printed or as the dialect counts it, ``money_unit`` one of model.number.YUAN_IN, ``rows`` without
    header and captions.
    """

    kind: str
    number: str
    title: str
    money_unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    place: Place
    header: tuple[tuple[Cell, ...], ...] = ()
    captions: tuple[Paragraph, ...] = ()
    notes: tuple[Paragraph, ...] = ()  # what stands under the table before the next heading
    unit_printed: bool = True

    @property
    def unit_worth(self) -> Decimal:
        """One of the table's money unit, in yuan."""
        from zhengwu.model.number import YUAN_IN

        return YUAN_IN[self.money_unit]
