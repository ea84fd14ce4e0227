"""A budget as a ledger: its rows put together, checked, summed up. What is typed becomes a value here, too."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum

from zhengwu.ledger.cells import text_cell
from zhengwu.ledger.load import LedgerError
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.problem import Problem
from zhengwu.ledger.schema import BOUND_NATURES, SHEETS, Column, Sheet, sheet
from zhengwu.ledger.store import FORMAT, Plain, Tried, ledger_from, tried
from zhengwu.ledger.values import BadValueError, Value, converter, empty_value, yuan
from zhengwu.model.message import Message
from zhengwu.web.budgets import workflow
from zhengwu.web.budgets.keeping import kept, stamp_of
from zhengwu.web.budgets.models import Budget, Row, State, VersionKind
from zhengwu.web.common.models import Unit

# Sheets that follow from the library of projects: a project enters a budget from there only.
LIBRARY = ("projects", "targets", "indicators", "procurement", "purchased", "transfers")
OWN_UNIT = ("code", "name")  # of its own row a unit cannot change these: they are those of the tree of units
EDITED = tuple(one.key for one in SHEETS if one.key != "budget" and one.key not in LIBRARY)
UNGIVEN = (*workflow.FIRST_TURN, State.EARLIER, State.MERGED)  # no control figure was given to the unit
_CONTROL = next(one.zh for one in sheet("budget").columns if one.key == "control")
_SHEETS_BY_NAME = {one.zh: one for one in SHEETS}


class Fault(NamedTuple):
    """Something that is wrong: in which sheet, row (its key; None for no row in particular) and column (its key; ""
    for none)."""

    sheet: str
    row: int | None
    number: int  # of the row as people count, with the header as 1; 0 for none
    column: str
    message: Message

    @property
    def sentence(self) -> Message:
        """With the place in front."""
        found = sheet(self.sheet) if self.sheet else None
        title = next((one.zh for one in found.columns if one.key == self.column), "") if found else ""
        return Problem(found.zh if found else "", self.number, title, self.message).sentence


class Sums(NamedTuple):
    """What a budget's rows add up to, in 分: all expenditure, what of it may have a control figure (all basic expenditure
    under "", projects by name; remittances and the like have none), income, what of it is carried out."""

    total: int
    spent: dict[str, int]
    income: int
    carry_out: int


class Checked(NamedTuple):
    """A budget looked at as a whole at one revision."""

    revision: int
    faults: tuple[Fault, ...]
    sums: Sums


class Used(NamedTuple):
    """What a budget spends on something that may have a control figure: all basic expenditure (project "") or a
    project; in 分. ``given`` is None before the figures were given, 0 for a project that has none. ``binds`` is False
    where an adjustment has changed the budget since."""

    project: str
    used: int
    given: int | None
    binds: bool = True

    @property
    def left(self) -> int | None:
        """What may still be spent; negative where too much is; None where no figure binds."""
        return None if self.given is None or not self.binds else self.given - self.used


class Look:
    """One look at a budget: its rows are read once, when the first of these is asked for, and made a ledger once."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    @cached_property
    def checked(self) -> Checked:
        """Everything that is wrong with the budget, and its sums; kept until its next edit."""
        return kept("checked", stamp_of(self.budget), self._check)

    @cached_property
    def sums(self) -> Sums:
        """Its sums alone."""
        lines, income = self._read[0]["lines"], self._read[0]["income"]
        spent = {"": 0}
        for row in lines:
            if row.get("nature") in BOUND_NATURES:
                name = "" if row["nature"] == "basic" else row.get("project") or "?"
                spent[name] = spent.get(name, 0) + (row.get("amount") or 0)
        return Sums(_sum(lines, "amount"), spent, _sum(income, "amount"), _sum(income, "carry_out"))

    @property
    def ledger(self) -> Ledger:
        """Its ledger, though its sums may not agree yet. Raises LedgerError where a cell does not hold."""
        if self._tried.ledger is None:
            raise LedgerError(self._tried.cells)
        return self._tried.ledger

    @property
    def rows(self) -> Plain:
        """Its rows by sheet, as plain values."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[Plain, dict[str, list[int]]]:
        return plain_of(self.budget)

    @cached_property
    def _tried(self) -> Tried:
        return tried(self._read[0])

    def _check(self) -> Checked:
        over = [self._placed(one) for one in _over(self.budget, self.sums)] if bound(self.budget) else []
        # All is over its figure where a part is: that is told, with a line to cut.
        problems = [one for one in self._tried.problems if not (over and one.column == _CONTROL)]
        return Checked(self.budget.revision, (*(_fault(one, self._read[1]) for one in problems), *over), self.sums)

    def _placed(self, over: Used) -> Fault:
        """Too much is spent on something: told at the first of its lines."""
        lines, keys = self._read[0]["lines"], self._read[1]["lines"]
        nature = ("project", over.project) if over.project else ("basic", "")
        for key, row in zip(keys, lines, strict=True):
            if (row.get("nature"), (row.get("project") or "?") if over.project else "") == nature:
                return Fault("lines", key, row["row"], "amount", _too_much(over))
        return Fault("lines", None, 0, "amount", _too_much(over))


def typed(key: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Message]]:
    """(plain values of what was typed into columns of the sheet ``key``, what is wrong by column). A text is read as
    a workbook's cell would be; what is no text was a value already."""
    made: dict[str, Any] = {}
    wrong: dict[str, Message] = {}
    columns = {one.key: one for one in sheet(key).columns}
    for name, given in values.items():
        column = columns.get(name)
        if column is None:
            wrong[name] = Message("没有这一列。", "is no column of this sheet")
            continue
        try:
            made[name] = _plain(column, given)
        except BadValueError as error:
            wrong[name] = error.message
    return made, wrong


def _plain(column: Column, given: Any) -> Any:
    text = (
        {True: "是", False: "否"}[given]
        if isinstance(given, bool)
        else ""
        if given is None
        else str(given).replace("\x00", "")
    )
    cell = text_cell(text)
    if cell is None:
        return empty_value(column)
    value = _converter(column)(cell)
    return str(value) if column.type == "score" else value


@lru_cache(maxsize=200)
def _converter(column: Column) -> Any:
    return converter(column)


def shown(column: Column, value: Value) -> str:
    """A plain value as people type it: an amount in yuan with two decimals and no separators."""
    if value is None or value == "":
        return ""
    if column.type == "amount" and isinstance(value, int):
        return f"{'-' * (value < 0)}{abs(value) // 100}.{abs(value) % 100:02d}"
    if column.type == "yes":
        return "是" if value else "否"
    return str(value)


def head_of(budget: Budget) -> Plain:
    """The row of the sheet "budget", which nobody types: it follows from the unit, the year and its figures."""
    unit = budget.unit
    given = budget.controls.aggregate(sum=Sum("amount"))["sum"] if bound(budget) else None
    above = unit.parent_id is None and not Unit.objects.filter(parent=unit).exists()
    return {
        "row": 2, "year": budget.year.year, "code": unit.code, "name": unit.name,
        "scope": "department" if above else "unit", "dialect": budget.year.dialect, "control": given,
        "asset_date": budget.asset_date,
    }  # fmt: skip


def in_second_turn(budget: Budget) -> bool:
    """Whether the control figures were given to the unit (一下)."""
    return budget.state not in UNGIVEN


def bound(budget: Budget) -> bool:
    """Whether the control figures bind the budget: from 一下 on, but not what an adjustment has made of it since, which
    was approved by itself."""
    adjusted = budget.approved is not None and budget.approved.kind == VersionKind.ADJUSTED
    return in_second_turn(budget) and not adjusted


def plain_of(budget: Budget) -> tuple[Plain, dict[str, list[int]]]:
    """(the budget's ledger as plain values, the keys of its rows by sheet in their order). Row n of a sheet, counted
    from 0, has the number n + 2, as in the workbook that is exported."""
    sheets: dict[str, list[Plain]] = {one.key: [] for one in SHEETS if one.key != "budget"}
    keys: dict[str, list[int]] = {name: [] for name in sheets}
    for number, (_, name, pk, values) in numbered(Row.objects.filter(budget=budget), "pk", "values"):
        if name in sheets:
            keys[name].append(pk)
            sheets[name].append({**values, "row": number})
    made: Plain = {"format": FORMAT, "source": str(budget), "budget": head_of(budget), **sheets}
    return made, keys


def numbered(rows: "QuerySet[Row]", *fields: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(number, (budget, sheet, the values of ``fields``)) of each of ``rows`` in their order, sheet by sheet. A row is
    counted as people do, the titles being 1: the grid, the workbook and all faults count so. What is gone is left out."""
    there = rows.filter(gone=False).order_by("budget", "sheet", "position", "pk")
    for _, of_sheet in groupby(there.values_list("budget", "sheet", *fields), key=itemgetter(0, 1)):
        yield from enumerate(of_sheet, 2)


def ledger_of(budget: Budget) -> Ledger:
    """The budget's ledger, whole. Raises LedgerError with everything that is wrong with it."""
    return ledger_from(plain_of(budget)[0])


def checked(budget: Budget) -> Checked:
    """Everything that is wrong with a budget, and its sums; kept until its next edit."""
    return Look(budget).checked


def _fault(problem: Problem, keys: Mapping[str, list[int]]) -> Fault:
    found: Sheet | None = _SHEETS_BY_NAME.get(problem.sheet)
    key = found.key if found else ""
    rows = keys.get(key, [])
    at = rows[problem.row - 2] if 2 <= problem.row < len(rows) + 2 else None
    column = next((one.key for one in found.columns if one.zh == problem.column), "") if found else ""
    return Fault(key, at, problem.row, column, problem.message)


def _over(budget: Budget, sums: Sums) -> list[Used]:
    """What a budget spends more on than its control figures allow."""
    return [one for one in used_and_given(budget, sums) if one.left is not None and one.left < 0]


def _too_much(one: Used) -> Message:
    what_zh = f"项目“{one.project}”" if one.project else "基本支出"
    what_en = f"project “{one.project}”" if one.project else "basic expenditure"
    used, given, over = yuan(one.used), yuan(one.given or 0), yuan(one.used - (one.given or 0))
    return Message(
        f"{what_zh}安排 {used} 元，超过控制数 {given} 元，超出 {over} 元；请压减。",
        f"{what_en} has {used} yuan, {over} more than its control figure of {given}; cut it",
    )


def used_and_given(budget: Budget, sums: Sums | None = None) -> list[Used]:
    """Basic expenditure first, then projects by name; ``sums`` are the budget's, where they are known. Figures are those
    that came with the budget: ``selectors.budgets_seen`` keeps from a unit what was not given to it yet."""
    given = {one.project: one.amount for one in budget.controls.all()}
    spent = dict.fromkeys(given, 0) | (sums or Look(budget).sums).spent
    told, binds = in_second_turn(budget), bound(budget) or not in_second_turn(budget)
    return [Used(name, spent[name], given.get(name, 0) if told else given.get(name), binds) for name in sorted(spent)]


def _sum(rows: Iterable[Mapping[str, Any]], column: str) -> int:
    return sum(row.get(column) or 0 for row in rows)
