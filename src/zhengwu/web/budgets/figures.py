"""How the bureau makes control figures (控制数): basic expenditure by staff standards, projects by the unit's request."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Sum
from django.db.models.fields.json import KeyTextTransform

from zhengwu.ledger.control import NATURE_NAMES, by_standards
from zhengwu.ledger.control import Figure as Reckoned
from zhengwu.ledger.control import Standard as HeadStandard
from zhengwu.ledger.model import Unit as UnitOfLedger
from zhengwu.ledger.note import Note
from zhengwu.ledger.schema import BOUND_NATURES, UNIT_KINDS, sheet
from zhengwu.ledger.store import row_from
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books
from zhengwu.web.budgets.bureau import last_totals
from zhengwu.web.budgets.library_selectors import spent_of
from zhengwu.web.budgets.models import (
    Budget,
    BudgetYear,
    ControlFigure,
    Project,
    ProjectYear,
    Row,
    Standard,
    State,
    Version,
    VersionKind,
)
from zhengwu.web.budgets.moves import budget_move
from zhengwu.web.budgets.years import Figure, figures_set
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record

COUNTED = tuple(one for one in sheet("units").columns if one.type == "count")
NATURES = ("personnel", "public")
UNBOUND = (State.APPROVED, State.PUBLISHED, State.EARLIER, State.MERGED)  # a figure can no longer be set


class Basic(NamedTuple):
    """What the standards give a unit for basic expenditure, in 分. ``staff`` times ``standard`` is the part of it that
    goes by staff in post; both are None where units of several kinds have different standards."""

    amount: int
    staff: int | None
    standard: int | None
    parts: tuple[Reckoned, ...]
    notes: tuple[Note, ...]


class Wanted(NamedTuple):
    """A project as the unit asks for it and as the library ranks it; amounts in 分, None for none."""

    project: str
    request: int | None
    library: int | None
    rank: int  # 0: not ranked
    last: int | None
    given: int | None
    remark: str


class Request(NamedTuple):
    """What a unit has asked for: its first version where there is one (``number``), else what it has typed so far."""

    number: int | None
    basic: int
    projects: Mapping[str, int]
    other: int

    @property
    def bound(self) -> int:
        """What a control figure is given for, in 分: basic and project expenditure."""
        return self.basic + sum(self.projects.values())

    @property
    def total(self) -> int:
        """All of it in 分."""
        return self.bound + self.other


def standards_set(*, actor: User, year: BudgetYear, standards: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Set a year's staff standards in place of those before: {"name", "nature", "counted", "each" in 分, "unit_kind"}.
    Figures that were set by the old ones stay until somebody sets them anew."""
    require(actor, "budget.control")
    seen = set()
    for place, one in enumerate(standards, 1):
        name = (one["name"], one["unit_kind"])
        if name in seen:
            raise FieldRefusedError("name", f"第 {place} 个标准与前面的同名。", f"Standard {place} has the name of one before it.")  # fmt: skip
        seen.add(name)
        if one["nature"] not in NATURES or one["counted"] not in {column.key for column in COUNTED}:
            raise FieldRefusedError("nature", f"第 {place} 个标准的性质或人数不对。", f"Standard {place} has a wrong nature or number.")  # fmt: skip
        if one["unit_kind"] not in ("", *(kind.key for kind in UNIT_KINDS)) or one["each"] < 0:
            raise FieldRefusedError("each", f"第 {place} 个标准的金额或单位类别不对。", f"Standard {place} has a wrong amount or kind.")  # fmt: skip
    with transaction.atomic():
        year = BudgetYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if year.closed:
            raise RefusedError("conflict", "这个年度已经关闭。", "This year is closed.")
        before = list(year.standards.values("name", "nature", "counted", "each", "unit_kind"))
        after = [dict(one) for one in standards]
        if before == after:
            return
        year.standards.all().delete()
        Standard.objects.bulk_create(Standard(year=year, **one) for one in after)
        record(actor=actor, action="budget.standards", subject=year, data={"before": before, "after": after})


def basics_by_standards(budgets: Sequence[Budget]) -> dict[int, Basic]:
    """What the standards of their year give each of ``budgets``, by the numbers in their sheets of units; units with a
    budget of their own count there alone. Three queries."""
    if not budgets:
        return {}
    kept = list(Standard.objects.filter(year=budgets[0].year_id))
    standards = [
        HeadStandard(Message(one.name, one.name), one.nature, one.counted, one.each, one.unit_kind) for one in kept
    ]
    own = {one.pk: one.unit.code for one in budgets}
    apart = Budget.objects.filter(year=budgets[0].year_id).exclude(state=State.MERGED)
    elsewhere = set(apart.values_list("unit__code", flat=True))
    units: dict[int, list[UnitOfLedger]] = defaultdict(list)
    rows = Row.objects.filter(budget__in=list(own), sheet="units")
    for number, (budget, _, values) in books.numbered(rows, "values"):
        unit = row_from("units", values, row=number, gaps=True)
        if unit.code == own[budget] or unit.code not in elsewhere:
            units[budget].append(unit)
    return {one.pk: _basic(units[one.pk], standards) for one in budgets}


def _basic(units: Sequence[UnitOfLedger], standards: Sequence[HeadStandard]) -> Basic:
    parts, notes = by_standards(units, standards)
    staffed = {
        sum(one.each for one in standards if one.counted == "staff" and one.unit_kind in ("", unit.kind))
        for unit in units
        if unit.staff
    }
    one_standard = staffed.pop() if len(staffed) == 1 else 0
    staff = sum(unit.staff or 0 for unit in units) if one_standard else None
    return Basic(sum(part.amount for part in parts), staff, one_standard or None, parts, notes)


def requests_of(budgets: Sequence[Budget]) -> dict[int, Request]:
    """What each unit has asked for. Two queries."""
    keys = [one.pk for one in budgets]
    lines = Row.objects.filter(budget__in=keys, sheet="lines", gone=False).order_by()
    named = lines.annotate(nature=KeyTextTransform("nature", "values"), project=KeyTextTransform("project", "values"))
    spent: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    for budget, nature, project, amount in named.values_list("budget", "nature", "project").annotate(sum=Sum("amount")):
        key = nature or "", (project or "") if nature == "project" else ""
        spent[budget][key] = spent[budget].get(key, 0) + (amount or 0)
    found = {one.pk: _request(spent[one.pk], None) for one in budgets}
    first = Version.objects.filter(budget__in=keys, kind=VersionKind.FIRST).order_by("budget", "number")
    newest = {budget: (pk, number) for budget, pk, number in first.values_list("budget", "pk", "number")}
    submitted = {one.pk for one in budgets if one.state == State.FIRST_SUBMITTED}  # its rows are its request
    for budget, (_, number) in newest.items():
        found[budget] = found[budget]._replace(number=number)
    # Versions are large: only those of budgets that have moved on since are read, one after the other.
    read = [pk for budget, (pk, _) in newest.items() if budget not in submitted]
    for version in Version.objects.filter(pk__in=read).iterator(chunk_size=50):
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for line in version.ledger["lines"]:
            sums[line["nature"], line["project"] if line["nature"] == "project" else ""] += line["amount"] or 0
        found[version.budget_id] = _request(sums, version.number)
    return found


def _request(spent: Mapping[tuple[str, str], int], number: int | None) -> Request:
    basic = spent.get(("basic", ""), 0)
    projects: dict[str, int] = defaultdict(int)
    for (nature, project), amount in spent.items():
        if nature == "project":
            projects[project or "?"] += amount
    other = sum(amount for (nature, _), amount in spent.items() if nature not in BOUND_NATURES)
    return Request(number, basic, dict(projects), other)


def wanted_of(budget: Budget, request: Request) -> list[Wanted]:
    """The projects of a unit's request and those that have a figure, the best ranked first. Four queries."""
    given = {one.project: one for one in budget.controls.exclude(project="")}
    year = budget.year.year
    library = dict(ProjectYear.objects.filter(project__unit=budget.unit, year=year).values_list("project__name", "amount"))  # fmt: skip
    ranks = dict(Project.objects.filter(unit=budget.unit).values_list("name", "rank"))
    last = _last_projects(budget)
    made = [
        Wanted(
            name, request.projects.get(name), library.get(name), ranks.get(name, 0), last.get(name),
            given[name].amount if name in given else None, given[name].remark if name in given else "",
        )
        for name in {**request.projects, **given}
    ]  # fmt: skip
    return sorted(made, key=lambda one: (one.rank == 0, one.rank, one.project))


def _last_projects(budget: Budget) -> dict[str, int]:
    before = Budget.objects.filter(unit=budget.unit, year__year=budget.year.year - 1).exclude(approved=None).select_related("approved").first()  # fmt: skip
    return {} if before is None or before.approved is None else spent_of(before.approved)


class Listed(NamedTuple):
    """A unit on the page of all control figures; amounts in 分, None for none."""

    budget: Budget
    request: Request
    last: int | None
    standards: Basic
    basic: int | None
    projects: int | None
    named: int  # projects that have a figure
    open: bool  # whether a figure can still be set

    @property
    def given(self) -> int | None:
        """All that is given."""
        return None if self.basic is None and self.projects is None else (self.basic or 0) + (self.projects or 0)

    @property
    def difference(self) -> int | None:
        """What is given more (or, negative, less) than was asked for."""
        asked = self.request.bound
        return None if self.given is None else self.given - asked

    @property
    def ready(self) -> bool:
        """Whether the figures can be given now."""
        return self.budget.state == State.FIRST_SUBMITTED and self.basic is not None


def listed(budgets: Sequence[Budget]) -> list[Listed]:
    """Units with their requests and figures. Eight queries, however many."""
    requests, standards = requests_of(budgets), basics_by_standards(budgets)
    last = last_totals(budgets[0].year.year, [one.unit_id for one in budgets]) if budgets else {}
    basic: dict[int, int] = {}
    projects: dict[int, list[int]] = defaultdict(list)
    for budget, project, amount in ControlFigure.objects.filter(budget__in=budgets).values_list("budget", "project", "amount"):  # fmt: skip
        if project:
            projects[budget].append(amount)
        else:
            basic[budget] = amount
    return [
        Listed(
            one, requests[one.pk], last.get(one.unit_id), standards[one.pk], basic.get(one.pk),
            sum(projects[one.pk]) if projects[one.pk] else None, len(projects[one.pk]),
            one.state not in UNBOUND and not one.year.closed,
        )
        for one in budgets
    ]  # fmt: skip


def basics_set(*, actor: User, budgets: Sequence[Budget], basics: Mapping[int, Figure | None], now: datetime) -> int:
    """Set the basic figure of many budgets (by key; None takes it away), their projects' figures kept; all or none.
    How many changed."""
    require(actor, "budget.control")
    changed = 0
    with transaction.atomic():
        for budget in budgets:
            kept = [
                Figure(one.project, one.amount, one.staff, one.standard, one.remark) for one in budget.controls.all()
            ]
            figure = basics.get(budget.pk)
            wanted = [*([figure] if figure else []), *(one for one in kept if one.project)]
            if budget.pk in basics and set(wanted) != set(kept):
                figures_set(actor=actor, budget=budget, figures=wanted, now=now)
                changed += 1
    return changed


def basics_fill(*, actor: User, budgets: Iterable[Budget], now: datetime) -> tuple[int, list[Note]]:
    """Give every budget that has no basic figure the one that the standards make, where they make any; (how many,
    the numbers that are not stated: they count as 0)."""
    require(actor, "budget.control")
    empty = [one for one in budgets if one.state not in UNBOUND and not one.controls.filter(project="").exists()]
    made = basics_by_standards(empty)
    filled = {key: one for key, one in made.items() if one.amount}
    figures = {key: Figure("", one.amount, one.staff, one.standard, basis_of(one)) for key, one in filled.items()}
    count = basics_set(actor=actor, budgets=empty, basics=figures, now=now)
    return count, [note for one in made.values() for note in one.notes]


def basis_of(basic: Basic) -> str:
    """How a figure by standards was made, for its remark."""
    return "；".join(part.basis.zh for part in basic.parts)[:200]


class Given(NamedTuple):
    """What came of giving the figures to many: how many got them, and why others did not."""

    done: int
    refused: tuple[tuple[Budget, Message], ...]


def figures_give(*, actor: User, budgets: Sequence[Budget], now: datetime, today: date) -> Given:
    """Give the control figures (一下) to all of ``budgets``, each by itself: one that cannot be given stops no other."""
    require(actor, "budget.control")
    count, refused = 0, []
    for budget in budgets:
        try:
            budget_move(actor=actor, budget=budget, move="give-figures", now=now, today=today)
            count += 1
        except RefusedError as error:
            if error.code == "not-allowed":
                raise
            refused.append((budget, error.message))
    return Given(count, tuple(refused))


def nature_title(nature: str) -> Message:
    """The name of a standard's nature."""
    return NATURE_NAMES[nature]
