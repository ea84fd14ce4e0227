"""A budget as a ledger: its rows put together, checked, summed up. What is typed becomes a value here, too."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Sum
from django.db.models.functions import Coalesce

from zhengwu.ledger.cells import text_cell
from zhengwu.ledger.load import LedgerError
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.problem import Problem
from zhengwu.ledger.schema import SHEETS, Column, Sheet, sheet
from zhengwu.ledger.store import FORMAT, Plain, ledger_from
from zhengwu.ledger.values import BadValueError, Value, converter, empty_value, yuan
from zhengwu.model.message import Message
from zhengwu.web.budgets import workflow
from zhengwu.web.budgets.models import Budget, Row, State, VersionKind
from zhengwu.web.common.models import Unit

# Sheets that follow from the library of projects: a project enters a budget from there only.
LIBRARY = ("projects", "targets", "indicators", "procurement", "purchased", "transfers")
OWN_UNIT = ("code", "name")  # of its own row a unit cannot change these: they are those of the tree of units
EDITED = tuple(one.key for one in SHEETS if one.key != "budget" and one.key not in LIBRARY)
UNGIVEN = (*workflow.FIRST_TURN, State.EARLIER, State.MERGED)  # no control figure was given to the unit
_KEPT = 300  # seconds that a check is kept
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


class Checked(NamedTuple):
    """A budget looked at as a whole at one revision."""

    revision: int
    faults: tuple[Fault, ...]


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
    rows = Row.objects.filter(budget=budget, gone=False).order_by("sheet", "position", "pk")
    for pk, name, values in rows.values_list("pk", "sheet", "values"):
        if name in sheets:
            keys[name].append(pk)
            sheets[name].append({**values, "row": len(keys[name]) + 1})
    made: Plain = {"format": FORMAT, "source": str(budget), "budget": head_of(budget), **sheets}
    return made, keys


def ledger_of(budget: Budget) -> Ledger:
    """The budget's ledger, whole. Raises LedgerError with everything that is wrong with it."""
    return ledger_from(plain_of(budget)[0])


def sketch_of(budget: Budget) -> Ledger:
    """The budget's ledger though its sums may not agree yet. Raises LedgerError where a cell lacks its value."""
    return ledger_from(plain_of(budget)[0], held=False)


def checked(budget: Budget) -> Checked:
    """Everything that is wrong with a budget; kept until its next edit."""
    stamp = budget.controls.order_by("-set_at").values_list("set_at", flat=True).first()
    moved = budget.moved_at.timestamp()  # tells it from one of another database that had its key
    name = f"budgets.checked.{budget.pk}.{budget.revision}.{budget.state}.{moved}.{stamp and stamp.timestamp()}"
    kept: Checked | None = cache.get(name)
    if kept is None:
        kept = Checked(budget.revision, tuple(_faults(budget)))
        cache.set(name, kept, _KEPT)
    return kept


def _faults(budget: Budget) -> Iterable[Fault]:
    made, keys = plain_of(budget)
    try:
        ledger_from(made)
    except LedgerError as error:
        for problem in error.problems:
            yield _fault(problem, keys)
    if bound(budget):
        yield from _over(budget)


def _fault(problem: Problem, keys: Mapping[str, list[int]]) -> Fault:
    found: Sheet | None = _SHEETS_BY_NAME.get(problem.sheet)
    key = found.key if found else ""
    rows = keys.get(key, [])
    at = rows[problem.row - 2] if 2 <= problem.row < len(rows) + 2 else None
    column = next((one.key for one in found.columns if one.zh == problem.column), "") if found else ""
    return Fault(key, at, problem.row, column, problem.message)


def _over(budget: Budget) -> Iterable[Fault]:
    """Where a budget spends more than its control figures allow."""
    for one in used_and_given(budget):
        if one.left is not None and one.left < 0:
            what_zh = f"项目“{one.project}”" if one.project else "基本支出"
            what_en = f"project “{one.project}”" if one.project else "basic expenditure"
            yield Fault(
                "lines", None, 0, "amount",
                Message(
                    f"{what_zh}安排 {yuan(one.used)} 元，超过控制数 {yuan(one.given or 0)} 元，超出 {yuan(-one.left)} 元；请压减。",
                    f"{what_en} has {yuan(one.used)} yuan, {yuan(-one.left)} more than its control figure of "
                    f"{yuan(one.given or 0)}; cut it",
                ),
            )  # fmt: skip


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


def used_and_given(budget: Budget) -> list[Used]:
    """Basic expenditure first, then projects by name. Remittances and the like have no control figure. Figures are
    those that came with the budget: ``selectors.budgets_seen`` keeps from a unit what was not given to it yet."""
    lines = Row.objects.filter(budget=budget, sheet="lines", gone=False)
    spent = {"": 0}
    grouped = lines.order_by().values_list("values__nature", "values__project").annotate(sum=Coalesce(Sum("amount"), 0))
    for nature, project, amount in grouped:
        if nature == "basic":
            spent[""] += amount
        elif nature == "project":
            spent[project or "?"] = spent.get(project or "?", 0) + amount
    given = {one.project: one.amount for one in budget.controls.all()}
    for project in given:
        spent.setdefault(project, 0)
    told, binds = in_second_turn(budget), bound(budget) or not in_second_turn(budget)
    return [Used(name, spent[name], given.get(name, 0) if told else given.get(name), binds) for name in sorted(spent)]


def total_of(budget: Budget) -> int:
    """The sum of all lines in 分."""
    lines = Row.objects.filter(budget=budget, sheet="lines", gone=False)
    return lines.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"]
