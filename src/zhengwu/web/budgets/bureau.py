"""What the finance bureau reads: all budgets of a year by department, rolled up. The number of queries is the same for
one department and for hundreds; sums are made by the database."""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from zhengwu.ledger.amounts import belongs
from zhengwu.ledger.schema import BOUND_NATURES, Choice
from zhengwu.web.budgets import workflow
from zhengwu.web.budgets.internal import Internal, internal_of
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, BudgetYear, ControlFigure, Remark, State
from zhengwu.web.budgets.selectors import due_of
from zhengwu.web.budgets.tallies import Key, Tally, tallies_of
from zhengwu.web.common.models import Unit

# How sources are shown: carried over money stands with what it was; all that is no appropriation stands together.
FUND_GROUPS = (
    Choice("general", "一般公共预算", "general public budget"),
    Choice("government_fund", "政府性基金", "government funds"),
    Choice("state_capital", "国有资本经营", "state capital"),
    Choice("other", "其他资金", "other money"),
)
STEPS = tuple(state for state in State.values if state not in (State.EARLIER, State.MERGED))


@functools.cache
def fund_group(fund: str) -> str:
    """The key of FUND_GROUPS under which a source of the ledger counts."""
    return next((one.key for one in FUND_GROUPS[:-1] if belongs(fund, one.key, True)), "other")


@dataclass
class Sums:
    """Expenditure in 分, and what the bureau gives for it (None where nothing was given yet). Of several budgets those
    without a control figure are not held against the others' figures."""

    basic: int = 0
    project: int = 0
    other: int = 0  # remitted, passed on, business: no control figure binds it
    funds: Counter[str] = field(default_factory=Counter)
    control: int | None = None
    bound: int = 0  # what of it a control figure was set for

    @property
    def total(self) -> int:
        """All of it."""
        return self.basic + self.project + self.other

    @property
    def left(self) -> int | None:
        """What of the control figure is not used; negative where it is exceeded."""
        return None if self.control is None else self.control - self.bound

    @property
    def used(self) -> int | None:
        """Of the control figure, in whole per cent rounded down; None where there is none."""
        return self.bound * 100 // self.control if self.control else None

    @property
    def rate(self) -> str | None:
        """The same as people read it: with as many decimals as it takes that more or less than all is not called 100,
        nor something 0."""
        if not self.control:
            return None
        exact = Decimal(self.bound * 100) / self.control
        shown = (f"{exact:.{digits}f}" for digits in count())
        return next(text for text in shown if (Decimal(text) in (0, 100)) == (exact in (0, 100)))

    @property
    def by_fund(self) -> list[int]:
        """In the order of FUND_GROUPS."""
        return [self.funds[one.key] for one in FUND_GROUPS]

    def add(self, nature: str, fund: str, amount: int) -> None:
        """Count an amount."""
        if nature in BOUND_NATURES:
            setattr(self, nature, getattr(self, nature) + amount)
        else:
            self.other += amount
        self.funds[fund_group(fund)] += amount

    def join(self, other: "Sums") -> None:
        """Count another's."""
        self.basic += other.basic
        self.project += other.project
        self.other += other.other
        self.funds.update(other.funds)
        if other.control is not None:
            self.control = (self.control or 0) + other.control
            self.bound += other.bound


class UnitRow(NamedTuple):
    """A unit's budget on the board; ``days`` until it is due, negative when it is overdue, None where nothing is."""

    budget: Budget
    depth: int
    sums: Sums
    remarks: int
    due: date | None
    days: int | None


class DepartmentRow(NamedTuple):
    """A department with the budgets of its units, its own first; ``sums`` without what passes between them."""

    unit: Unit
    units: tuple[UnitRow, ...]
    sums: Sums
    internal: Internal
    remarks: int
    states: tuple[tuple[str, int], ...]  # how many budgets are in which state, in the order of the cycle


class Board(NamedTuple):
    """A year over all departments; ``sums`` of those that are shown, ``steps`` how many budgets stand at each step."""

    departments: tuple[DepartmentRow, ...]
    sums: Sums
    taken_out: int
    unpaired: int
    steps: tuple[tuple[str, int], ...]
    budgets: int


def budgets_of(year: BudgetYear, department: str = "", state: str = "", text: str = "") -> "QuerySet[Budget]":
    """The budgets of a year that count: those of a merged unit are in the other's. ``department`` is a unit's code,
    with all below it; ``text`` a part of a name or the beginning of a code."""
    found = Budget.objects.filter(year=year).exclude(state=State.MERGED).select_related("unit", "year")
    if department:
        top = Unit.objects.filter(code=department).values_list("path", flat=True).first()
        found = found.filter(unit__path__startswith=top) if top else found.none()
    if text:
        found = found.filter(Q(unit__name__icontains=text) | Q(unit__code__startswith=text))
    return (found.filter(state=state) if state else found).order_by("unit__code")


def departments_of(budgets: Iterable[Budget]) -> dict[int, list[Budget]]:
    """Budgets by the key of the department above them, a department's own first."""
    found: dict[int, list[Budget]] = defaultdict(list)
    for one in sorted(budgets, key=lambda one: (one.unit.path.count("/"), one.unit.code)):
        found[top_of(one.unit)].append(one)
    return found


def top_of(unit: Unit) -> int:
    """The key of the department that a unit belongs to."""
    return int(unit.path.split("/")[1])


def board(year: BudgetYear, today: date, department: str = "", state: str = "", text: str = "") -> Board:
    """A year over all departments, or over those with budgets that pass. Ten queries at most, however many
    there are."""
    budgets = list(budgets_of(year, department, state, text))
    keys = [one.pk for one in budgets]
    tallies = tallies_of(year.year, budgets)
    sums = {key: _summed(tally) for key, tally in tallies.items()}
    controls_into(sums, keys)
    remarks = dict(_grouped(Remark.objects.filter(budget__in=keys, settled=False)))
    grouped = departments_of(budgets)
    tops = Unit.objects.in_bulk(grouped)
    internal = internal_of(grouped, tallies)
    made = []
    for key in sorted(grouped, key=lambda key: tops[key].code):
        rows = []
        for one in grouped[key]:
            due = due_of(one) if one.state not in workflow.IN_FORCE or one.state == State.APPROVED else None
            days = (due - today).days if due else None
            rows.append(UnitRow(one, one.unit.path.count("/") - 2, sums[one.pk], remarks.get(one.pk, 0), due, days))
        whole = _joined([row.sums for row in rows], internal[key])
        counted = Counter(one.state for one in grouped[key])
        states = tuple((step, counted[step]) for step in State.values if counted[step])
        made.append(DepartmentRow(tops[key], tuple(rows), whole, internal[key], sum(row.remarks for row in rows), states))  # fmt: skip
    total = Sums()
    for row in made:
        total.join(row.sums)
    steps = Counter(one.state for one in budgets)
    return Board(
        tuple(made), total, sum(row.internal.taken_out for row in made), sum(len(row.internal.unpaired) for row in made),
        tuple((step, steps[step]) for step in STEPS), len(budgets),
    )  # fmt: skip


def _joined(parts: Sequence[Sums], internal: Internal) -> Sums:
    whole = Sums()
    for part in parts:
        whole.join(part)
    for (nature, fund, _, _), amount in internal.change.items():
        whole.add(nature, fund, amount)
    return whole


def _summed(tally: Tally) -> Sums:
    made = Sums()
    for (nature, fund, _, _), amount in tally.items():
        made.add(nature, fund, amount)
    return made


def controls_into(sums: Mapping[int, Sums], keys: Sequence[int]) -> None:
    """Put the control figures that were set into ``sums``, with what adjustments have changed since: those the bureau
    has approved as well."""
    figures = ControlFigure.objects.filter(budget__in=keys).order_by().values_list("budget")
    changes = changes_of(keys)
    for budget, amount in figures.annotate(sum=Sum("amount")):
        one = sums[budget]
        one.control, one.bound = amount + changes.get(budget, 0), one.basic + one.project


def changes_of(keys: Sequence[int]) -> dict[int, int]:
    """What approved adjustments have added to the basic and project expenditure of budgets and of those merged into
    them, in 分. Not what the mergers themselves brought: the control figures came along. Three queries."""
    gone = dict(Budget.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    # A merger and its paper are of one moment.
    merger = Budget.objects.filter(merged_into=OuterRef("budget"), moved_at=OuterRef("made_at"))
    papers = Adjustment.objects.filter(state=AdjustmentState.APPROVED).exclude(Exists(merger)).order_by()
    wanted = Q(budget__in=keys) | Q(budget__merged_into__isnull=False)
    listed = list(papers.filter(wanted).values_list("pk", "budget", "decided_at"))
    changes = _bound_changes({pk: f"budgets.adjusted.{pk}.{at and at.timestamp()}" for pk, _, at in listed})
    found: Counter[int] = Counter()
    for pk, budget, _ in listed:
        while budget in gone:
            budget = gone[budget]
        found[budget] += changes[pk]
    return {key: found[key] for key in keys if found[key]}


def _bound_changes(names: Mapping[int, str]) -> dict[int, int]:
    """What each of approved adjustments, by key, adds to what a control figure binds. They never change: kept under the
    ``names``."""
    known = cache.get_many(names.values())
    left = [pk for pk, name in names.items() if name not in known]
    rows = Adjustment.objects.filter(pk__in=left).order_by().values_list("pk", "changes", "base__ledger__lines")
    made = {names[pk]: _bound_change(changes, lines) for pk, changes, lines in rows} if left else {}
    cache.set_many(made, timeout=None)
    known |= made
    return {pk: known[name] for pk, name in names.items()}


def _bound_change(changes: Iterable[Mapping[str, Any]], lines: Iterable[Mapping[str, Any]]) -> int:
    rows = {row["row"]: row for row in lines}
    total = 0
    for one in changes:
        if one["sheet"] == "lines":
            old = rows.get(one["row"], {})
            new = {} if one["values"] is None else {**old, **one["values"]}
            total += _bound(new) - _bound(old)
    return total


def _bound(line: Mapping[str, Any]) -> int:
    return (line.get("amount") or 0) if line.get("nature") in BOUND_NATURES else 0


def _grouped(remarks: "QuerySet[Remark]") -> Iterable[tuple[int, int]]:
    return remarks.order_by().values_list("budget").annotate(count=Count("pk"))


class ClassTotal(NamedTuple):
    """What all departments spend on a class: in all, basic, on projects, by the order of FUND_GROUPS; in 分."""

    code: str
    basic: int
    project: int
    other: int
    funds: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of it."""
        return self.basic + self.project + self.other


class Totals(NamedTuple):
    """A year over all departments, internal transfers taken out: by function (类), by the government's economic class
    and by source of the ledger; beside what the bureau has given."""

    functions: tuple[ClassTotal, ...]
    economic: tuple[ClassTotal, ...]
    funds: tuple[tuple[str, int], ...]
    whole: Sums
    given_basic: int | None
    given_projects: int | None
    adjusted: int  # what approved adjustments have added since, in 分
    taken_out: int
    unpaired: tuple[tuple[Unit, Internal], ...]  # departments in which something was taken out or did not pair


def totals(year: BudgetYear, department: str = "") -> Totals:
    """The sums over all departments, or over one. Nine queries at most."""
    budgets = list(budgets_of(year, department))
    keys = [one.pk for one in budgets]
    tallies = tallies_of(year.year, budgets)
    internal = internal_of(departments_of(budgets), tallies)
    cube: Counter[Key] = Counter()
    for tally in tallies.values():
        cube.update(tally)
    for one in internal.values():
        cube.update(one.change)
    whole = Sums()
    functions: dict[str, Sums] = defaultdict(Sums)
    economic: dict[str, Sums] = defaultdict(Sums)
    funds: Counter[str] = Counter()
    for (nature, fund, function, government), amount in cube.items():
        for made in (whole, functions[function], economic[government]):
            made.add(nature, fund, amount)
        funds[fund] += amount
    given = ControlFigure.objects.filter(budget__in=keys).aggregate(
        basic=Sum("amount", filter=Q(project="")), projects=Sum("amount", filter=~Q(project=""))
    )
    told = {key: one for key, one in internal.items() if one.transfers or one.unpaired}
    tops = Unit.objects.in_bulk(told)
    return Totals(
        _classes(functions), _classes(economic), tuple(sorted(funds.items())), whole, given["basic"], given["projects"],
        sum(changes_of(keys).values()), sum(one.taken_out for one in internal.values()),
        tuple((tops[key], one) for key, one in sorted(told.items(), key=lambda pair: tops[pair[0]].code)),
    )  # fmt: skip


def _classes(found: Mapping[str, Sums]) -> tuple[ClassTotal, ...]:
    return tuple(
        ClassTotal(code, one.basic, one.project, one.other, tuple(one.by_fund))
        for code, one in sorted(found.items())
        if one.total or any(one.by_fund)
    )


class YearRow(NamedTuple):
    """A year in the list: how many budgets it has, how many are in force."""

    year: BudgetYear
    budgets: int
    in_force: int


def years_listed() -> list[YearRow]:
    """All years that the bureau opened or that units have taken over, newest first."""
    force = Count("budgets", filter=Q(budgets__state__in=(*workflow.IN_FORCE, State.EARLIER)))
    found = BudgetYear.objects.annotate(count=Count("budgets"), force=force).order_by("-year")
    return [YearRow(one, one.count, one.force) for one in found]


def units_listed(year: BudgetYear) -> list[tuple[Unit, int, Budget | None]]:
    """(a unit, how deep it stands, its budget of the year) for all units, each below the one it belongs to, by code."""
    budgets = {one.unit_id: one for one in year.budgets.select_related("unit", "merged_into__unit")}
    units = list(Unit.objects.order_by("path"))
    # By code within each branch: the path has keys, which follow no order that people know.
    codes = {one.pk: one.code for one in units}
    units.sort(key=lambda one: [codes.get(int(part), "") for part in one.path.split("/") if part])
    return [(one, one.path.count("/") - 2, budgets.get(one.pk)) for one in units]


def last_totals(year: int, keys: Sequence[int]) -> dict[int, int]:
    """Of units (by key) the expenditure of the year before: the version in force, in 分."""
    before = (
        Budget.objects.filter(unit__in=keys, year__year=year - 1).exclude(approved=None).exclude(state=State.MERGED)
    )
    return dict(before.values_list("unit", F("approved__total")))
