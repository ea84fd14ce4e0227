"""A ledger as plain values for JSON, and back: exact, by the columns of ``schema.py``.

A ledger is ``{"format": 1, "source": …, "budget": {…}, "units": [{…}, …], …}`` with every sheet under its key; a row is
``{"row": 2, column key: value, …}``. Amounts are whole 分 and counts and years whole numbers; a score is a text ("84.5");
yes is true or false; a choice is its key; what is empty is "" (texts) or null (numbers).
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, cast

from zhengwu.ledger import check
from zhengwu.ledger.cells import NUMBER, TEXT, TRUTH, Cell
from zhengwu.ledger.model import Budget, Ledger
from zhengwu.ledger.problem import LedgerError, Problem, in_order
from zhengwu.ledger.schema import SHEETS, Column, Sheet, sheet
from zhengwu.ledger.values import (
    MAX_AMOUNT,
    MAX_TEXT,
    REQUIRED,
    BadValueError,
    Value,
    converter,
    empty_value,
)
from zhengwu.model.message import Message

FORMAT = 1
Plain = dict[str, Any]
_NUMBERS = ("amount", "count", "year")


def plain_row(key: str, row: Any) -> Plain:
    """A row of the sheet ``key`` as plain values."""
    found = sheet(key)
    made: Plain = {"row": row.row}
    for column, value in zip(found.columns, row, strict=False):
        made[column.key] = f"{value:f}" if isinstance(value, Decimal) else value
    return made


def plain(ledger: Ledger) -> Plain:
    """The ledger as plain values, which ``ledger_from`` turns into an equal one."""
    made: Plain = {"format": FORMAT, "source": ledger.source}
    for one in SHEETS:
        if one.key == "budget":
            made["budget"] = plain_row("budget", ledger.budget)
        else:
            made[one.key] = [plain_row(one.key, row) for row in getattr(ledger, one.key)]
    return made


def row_from(key: str, values: Mapping[str, Any], *, row: int = 0, gaps: bool = False) -> Any:
    """The row of the sheet ``key`` that ``values`` are; ``row`` is its place where they do not name one. With ``gaps``
    required columns may be empty. Raises LedgerError with a problem for each value that is not its column's."""
    problems: list[Problem] = []
    made = _row(_plan(sheet(key)), values, row, gaps, problems)
    if made is None:
        raise LedgerError(problems)
    return made


class Tried(NamedTuple):
    """What plain values make: the ledger, None where a cell does not hold; problems of cells, and then those between
    the rows, as far as the cells allow to tell."""

    ledger: Ledger | None
    cells: tuple[Problem, ...]
    between: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """All of them, in the order of sheets and rows."""
        return in_order([*self.cells, *self.between])


def ledger_from(values: Mapping[str, Any], *, gaps: bool = False) -> Ledger:
    """The ledger that ``values`` are, checked as a workbook is on import.

    Rows without a place are numbered by their order. With ``gaps`` what is required may be missing, and the rows are
    not held against each other: for a draft. Raises LedgerError with every problem found.
    """
    made = tried(values, gaps=gaps)
    if made.ledger is None or made.between:
        raise LedgerError(made.problems)
    return made.ledger


def tried(values: Mapping[str, Any], *, gaps: bool = False) -> Tried:
    """As ``ledger_from``, which raises what this only tells."""
    problems: list[Problem] = []
    doubtful: set[str] = set()
    rows: dict[str, Any] = {}
    for one in SHEETS:
        given = values.get(one.key)
        listed = [] if given is None else [given] if one.key == "budget" else given
        made = []
        before = len(problems)
        if not isinstance(listed, list) or not all(isinstance(row, Mapping) for row in listed):
            problems.append(Problem(one.zh, 0, "", Message("不是行的列表。", "is no list of rows")))
        else:
            if listed:
                plan = _plan(one)
                found = (_row(plan, row, number, gaps, problems) for number, row in enumerate(listed, 2))
                made = [row for row in found if row is not None]
            if one.required and not listed and (not gaps or one.key == "budget"):
                zh, en = ("没有数据；这个表至少填一行。", "has no rows; it needs one at least") if given == [] else ("缺少这个必需的表。", "is required and missing")  # fmt: skip
                problems.append(Problem(one.zh, 0, "", Message(zh, en)))
        if len(problems) > before:
            doubtful.add(one.key)
        rows[one.key] = tuple(made)
    for key in values.keys() - _KNOWN:
        problems.append(Problem(str(key)[:40], 0, "", Message("不是台账的表。", "is no sheet of a ledger")))
    budgets: tuple[Budget, ...] = rows.pop("budget")
    if not budgets:
        return Tried(None, tuple(problems))
    ledger = Ledger(str(values.get("source") or ""), budgets[0], **cast(Any, rows))
    between = () if gaps else tuple(check.problems(ledger, frozenset(doubtful)))
    return Tried(None if problems else ledger, tuple(problems), between)


def numbered(ledger: Ledger, *, anew: bool = True) -> Ledger:
    """The ledger with its rows numbered as a workbook has them, from 2 in each sheet; without ``anew`` only rows that
    come from nowhere (0) are."""
    rows = {
        one.key: tuple(
            row._replace(row=number) if anew or not row.row else row
            for number, row in enumerate(getattr(ledger, one.key), 2)
        )
        for one in SHEETS
        if one.key != "budget"
    }
    budget = ledger.budget._replace(row=2) if anew or not ledger.budget.row else ledger.budget
    return ledger._replace(budget=budget, **cast(Any, rows))


_KNOWN = {"format", "source", *(one.key for one in SHEETS)}


class _Plan(NamedTuple):
    sheet: Sheet
    columns: tuple[tuple[Column, Callable[[object], Value], Value], ...]
    keys: frozenset[str]


def _plan(found: Sheet) -> _Plan:
    # Made anew for each ledger: it remembers texts, and those of all ledgers would fill a server's memory.
    columns = tuple((one, _taker(one), empty_value(one)) for one in found.columns)
    return _Plan(found, columns, frozenset(one.key for one in found.columns) | {"row"})


def _taker(column: Column) -> Callable[[object], Value]:
    """What makes a plain value one of the column's; it raises BadValueError."""
    convert = converter(column)
    if column.type == "amount":  # what ``plain`` writes needs no looking at, but for codes and choices
        return lambda value: value if type(value) is int and 0 <= value < MAX_AMOUNT else convert(_cell(column, value))
    if column.type in ("text", "long"):
        return lambda value: (
            value if isinstance(value, str) and len(value) <= MAX_TEXT else convert(_cell(column, value))
        )
    known: dict[str, Value] = {}  # the same few texts stand in thousands of rows

    def take(value: object) -> Value:
        if not isinstance(value, str):
            return convert(_cell(column, value))
        if value not in known:
            known[value] = convert(_cell(column, value))
        return known[value]

    return take


def _row(plan: _Plan, values: Mapping[str, Any], place: int, gaps: bool, problems: list[Problem]) -> Any:
    given = values.get("row")
    number = given if type(given) is int and given >= 0 and (given or not place) else place
    before = len(problems)
    made: list[Value] = []
    for column, take, empty in plan.columns:
        value = values.get(column.key)
        if value is None or value == "":
            if column.required and not (gaps and column.key != "year"):
                problems.append(Problem(plan.sheet.zh, number, column.zh, REQUIRED))  # fmt: skip
            made.append(empty)
            continue
        try:
            made.append(take(value))
        except BadValueError as error:
            problems.append(Problem(plan.sheet.zh, number, column.zh, error.message))
    if not values.keys() <= plan.keys:
        for key in values.keys() - plan.keys:
            problems.append(Problem(plan.sheet.zh, number, str(key)[:40], Message("没有这一列。", "is no column of this sheet")))  # fmt: skip
    return None if len(problems) > before else plan.sheet.row(*made, number)


def _cell(column: Column, value: object) -> Cell:
    """The cell of a workbook that would hold this value, so that all is typed by one code."""
    kind = column.type
    if kind in _NUMBERS:
        if type(value) is int:
            if kind != "amount":
                return Cell(NUMBER, str(value))
            return Cell(TEXT, f"{'-' * (value < 0)}{abs(value) // 100}.{abs(value) % 100:02d}")
        wanted = "分的整数" if kind == "amount" else "整数"
        raise BadValueError(f"填的是“{str(value)[:40]}”，应为{wanted}。", f"holds “{str(value)[:40]}” and should be a whole number{' of 分' * (kind == 'amount')}")  # fmt: skip
    if kind == "yes":
        if isinstance(value, bool):
            return Cell(TRUTH, "TRUE" if value else "FALSE")
    elif isinstance(value, str):
        return Cell(TEXT, value)
    raise BadValueError(
        f"填的是“{str(value)[:40]}”，类型不对。", f"holds “{str(value)[:40]}”, which is not of the column's type"
    )  # fmt: skip
