"""A department's budget from those of its units, as ``ledger.rollup`` makes it, and what the page of it shows."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Sum

from zhengwu.ledger.model import Budget as Head
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.note import Note
from zhengwu.ledger.rollup import RolledUp, rollup
from zhengwu.ledger.schema import BOUND_NATURES, SHEETS
from zhengwu.ledger.store import FORMAT, Plain, ledger_from
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books, workflow
from zhengwu.web.budgets.models import Budget, ControlFigure, Row, State
from zhengwu.web.common.models import Unit


class UnitPart(NamedTuple):
    """A unit's part of its department: its total in 分; ``in_force`` where that is an approved version, no draft."""

    budget: Budget
    total: int
    in_force: bool


class Department(NamedTuple):
    """A department rolled up. ``rolled`` is None where it cannot be, and ``problem`` says why."""

    parts: tuple[UnitPart, ...]
    rolled: RolledUp | None
    problem: Message | None

    @property
    def whole(self) -> int:
        """The sum of the units' totals in 分, with what passes between them."""
        return sum(one.total for one in self.parts)

    @property
    def total(self) -> int | None:
        """The department's expenditure in 分, without that."""
        return sum(line.amount or 0 for line in self.rolled.ledger.lines) if self.rolled else None

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person must know or decide; what did not pair is listed by itself."""
        return tuple(one for one in self.rolled.notes if one.kind != "transfer_unpaired") if self.rolled else ()


def units_below(budget: Budget) -> list[Budget]:
    """The budgets of the units below a department, of the same year; that of a merged unit is in another's."""
    below = Unit.objects.filter(path__startswith=budget.unit.path).exclude(pk=budget.unit_id)
    found = Budget.objects.filter(unit__in=below, year=budget.year).exclude(state=State.MERGED)
    return sorted(
        found.select_related("unit", "year", "approved"), key=lambda one: (one.unit.path.count("/"), one.unit.code)
    )


def units_of(budget: Budget) -> list[Budget]:
    """The budget and those of the units below; a merged one's own is not among them."""
    return [*(() if budget.state == State.MERGED else (budget,)), *units_below(budget)]


def has_units(budget: Budget) -> bool:
    """Whether there are units below."""
    return Unit.objects.filter(path__startswith=budget.unit.path).exclude(pk=budget.unit_id).exists()


def department_of(unit: Unit, budgets: Sequence[Budget]) -> Department:
    """The department ``unit`` from the budgets of its units, its own first: each as it is in force, or as it is being
    compiled. Three queries, however many units."""
    plains = plains_of(budgets)
    parts = []
    for one in budgets:
        total = sum(line["amount"] or 0 for line in plains[one.pk]["lines"])
        parts.append(UnitPart(one, total, in_force(one)))
    try:
        ledgers = [ledger_from(plains[one.pk], gaps=True) for one in budgets]
        rolled = rollup(ledgers, head_of(unit, budgets) if budgets else None)
    except RefusedError as error:
        return Department(tuple(parts), None, error.message)
    return Department(tuple(parts), rolled, None)


def head_of(unit: Unit, budgets: Sequence[Budget]) -> Head:
    """The row of the department itself."""
    year = budgets[0].year
    dated = next((one.asset_date for one in budgets if one.asset_date), "")
    return Head(year.year, unit.code, unit.name, "department", year.dialect, None, dated, 2)


def in_force(budget: Budget) -> bool:
    """Whether an approved version stands for the budget."""
    return budget.approved_id is not None and budget.state in (*workflow.IN_FORCE, State.EARLIER)


def plains_of(budgets: Sequence[Budget]) -> dict[int, Plain]:
    """The ledgers of budgets as plain values, by key: of those in force the approved version, else what was typed."""
    live = [one for one in budgets if not in_force(one)]
    figures = ControlFigure.objects.filter(budget__in=live).order_by().values_list("budget")
    given = dict(figures.annotate(sum=Sum("amount")))
    sheets: dict[int, dict[str, list[Plain]]] = defaultdict(lambda: defaultdict(list))
    for number, (budget, sheet, values) in books.numbered(Row.objects.filter(budget__in=live), "values"):
        sheets[budget][sheet].append({**values, "row": number})
    made: dict[int, Plain] = {}
    for one in budgets:
        if in_force(one):
            assert one.approved is not None
            made[one.pk] = one.approved.ledger
            continue
        head: dict[str, Any] = {
            "row": 2, "year": one.year.year, "code": one.unit.code, "name": one.unit.name, "scope": "unit",
            "dialect": one.year.dialect, "control": given.get(one.pk) if books.in_second_turn(one) else None,
            "asset_date": one.asset_date,
        }  # fmt: skip
        listed_sheets = {sheet.key: sheets[one.pk][sheet.key] for sheet in SHEETS if sheet.key != "budget"}
        made[one.pk] = {"format": FORMAT, "source": str(one), "budget": head, **listed_sheets}
    return made


class Split(NamedTuple):
    """A ledger's expenditure in 分."""

    basic: int
    project: int
    other: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.basic + self.project + self.other


def split_by(ledger: Ledger, column: str, length: int = 0) -> dict[str, Split]:
    """Expenditure by the first ``length`` digits of a column of the lines (0: the whole), "" for none."""
    found: Counter[tuple[str, str]] = Counter()
    for line in ledger.lines:
        key = str(getattr(line, column))[: length or None]
        found[key, line.nature if line.nature in BOUND_NATURES else "other"] += line.amount or 0
    keys = sorted({key for key, _ in found})
    return {key: Split(found[key, "basic"], found[key, "project"], found[key, "other"]) for key in keys}
