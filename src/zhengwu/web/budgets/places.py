"""Where a row or one of its cells is, in the words that the grid has for it."""

from collections.abc import Iterable
from typing import NamedTuple

from zhengwu.ledger.schema import Column, Sheet, sheet
from zhengwu.model.message import Message
from zhengwu.web.budgets.grids import title
from zhengwu.web.budgets.models import Budget, Remark
from zhengwu.web.budgets.rows import numbers_of
from zhengwu.web.common.errors import sentence


class Place(NamedTuple):
    """A row (``number`` as people count; 0 where it is gone), or its cell in ``column``. ``query`` opens the grid there."""

    sheet: str
    number: int
    column: str
    query: str


def placed(budget: Budget, remarks: Iterable[Remark]) -> list[tuple[Remark, Place | None]]:
    """Remarks of a budget with their places; None for those of no row. One query."""
    found = list(remarks)
    numbers = numbers_of(budget, {one.row.sheet for one in found if one.row})
    return [(one, _place(one, numbers.get(one.row_id or 0, 0))) for one in found]


def _place(remark: Remark, number: int) -> Place | None:
    if remark.row is None:
        return None
    found = sheet(remark.row.sheet)
    column = next((one for one in found.columns if one.key == remark.column), None)
    query = query_of(found.key, remark.row_id, column.key if column else "") if number else ""
    return Place(_titled(found), number, _titled(column) if column else "", query)


def query_of(sheet_key: str, row: int | None = None, column: str = "") -> str:
    """What behind the address of the grid opens it at a sheet, a row (its key) or one of its cells."""
    return f"?sheet={sheet_key}" + (f"&row={row}" if row else "") + (f"&column={column}" if row and column else "")


def _titled(of: Sheet | Column) -> str:
    return sentence(Message(title(of, "zh"), title(of, "en")))
