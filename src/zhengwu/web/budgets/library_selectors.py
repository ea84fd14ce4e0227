"""What the pages of the library of projects read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum, Value
from django.db.models.functions import NullIf

from zhengwu.ledger.schema import INDICATORS, sheet
from zhengwu.ledger.store import Plain
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books, library_entry
from zhengwu.web.budgets.indicators import Typed, reading
from zhengwu.web.budgets.keeping import kept
from zhengwu.web.budgets.models import (
    Budget,
    ControlFigure,
    Indicator,
    Project,
    ProjectState,
    ProjectYear,
    Row,
    Version,
    VersionKind,
)
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import visible

BY_RANK = (NullIf("rank", Value(0)).asc(nulls_last=True), "name")  # those without a rank behind
MOST_YEARS = 5  # that the list shows money of
_AHEAD = 2  # years beyond this one that a project without an end is planned for
_OUTPUT = ("quantity", "quality", "timeliness", "cost")
_LEVELS = (Message("产出指标", "Output"), Message("效果指标", "Effect"))


def projects_seen(actor: User) -> "QuerySet[Project]":
    """All projects that a person may see."""
    return visible(Project.objects.select_related("unit"), actor, "budget.view")


def project_seen(actor: User, pk: int) -> Project:
    """One of them. Raises RefusedError "not-found"."""
    found = projects_seen(actor).filter(pk=pk).first()
    if found is None:
        raise RefusedError("not-found", "没有这个项目，或您不能查看。", "There is no such project, or you may not see it.")  # fmt: skip
    return found


def state_of(project: Project, year: int) -> str:
    """A project's state as of a year: it has ended once its last year is over."""
    return str(ProjectState.ENDED if project.ends is not None and project.ends < year else project.state)


def filtered(
    actor: User, today: int, unit: Unit | None, state: str, year: int | None, text: str
) -> "QuerySet[Project]":
    """Projects by unit, state as of the year ``today``, a year that is one of theirs, and text; by rank."""
    found = projects_seen(actor)
    if unit is not None:
        found = found.filter(unit=unit)
    over = Q(ends__lt=today)
    if state == str(ProjectState.ENDED):
        found = found.filter(over | Q(state=state))
    elif state:
        found = found.exclude(over).filter(state=state)
    if year:
        found = found.filter(Q(ends=None) | Q(ends__gte=year), starts__lte=year)
    if text:
        found = found.filter(name__icontains=text)
    return found.order_by("unit__code", *BY_RANK)


def units_of(actor: User) -> list[Unit]:
    """The units that have projects which a person may see."""
    return list(Unit.objects.filter(pk__in=projects_seen(actor).order_by().values("unit")).order_by("code"))


def wanted_of(projects: Sequence[Project]) -> dict[int, ProjectYear]:
    """The last year of each project, by its key."""
    return {one.project_id: one for one in ProjectYear.objects.filter(project__in=projects).order_by("year")}


class Given(NamedTuple):
    """What a year's budget gives a project: the sum of its lines in 分 and the budget; ``wanted`` is the library's."""

    year: int
    wanted: int | None
    given: int | None
    budget: Budget | None


class Listed(NamedTuple):
    """A project in the list: its state as of today, money by year, the budgets that it stands in."""

    project: Project
    state: str
    money: tuple[Given, ...]
    budgets: tuple[Budget, ...]


def listed(projects: Sequence[Project], today: int) -> tuple[list[int], list[Listed]]:
    """(the years that are shown, projects with their money); the number of queries does not grow with them."""
    wanted = {(one.project_id, one.year): one.amount for one in ProjectYear.objects.filter(project__in=projects)}
    given, budgets = _given(projects)
    known = {year for _, year in wanted} | {year for *_, year in given} or {today}
    years = sorted(year for year in known if year <= today + _AHEAD)[-MOST_YEARS:]
    rows = []
    for one in projects:
        own = budgets[one.unit_id, one.name]
        money = tuple(
            Given(year, wanted.get((one.pk, year)), given.get((one.unit_id, one.name, year)), own.get(year))
            for year in years
        )
        rows.append(Listed(one, state_of(one, today), money, tuple(own[year] for year in sorted(own))))
    return years, rows


def _given(
    projects: Iterable[Project],
) -> tuple[dict[tuple[int, str, int], int], dict[tuple[int, str], dict[int, Budget]]]:
    """(sums of lines by unit, name and year; budgets by unit and name, then year) of projects."""
    units, names = {one.unit_id for one in projects}, {one.name for one in projects}
    rows = Row.objects.filter(budget__unit__in=units, gone=False).order_by()
    lines = rows.filter(sheet="lines", values__nature="project", values__project__in=names)
    sums = lines.values_list("budget__unit", "values__project", "budget__year__year").annotate(sum=Sum("amount"))
    given = {(unit, name, year): amount or 0 for unit, name, year, amount in sums}
    entered = rows.filter(sheet="projects", values__name__in=names).values_list("budget", "values__name")
    found = list(entered)
    by_key = Budget.objects.select_related("unit", "year").in_bulk({budget for budget, _ in found})
    budgets: dict[tuple[int, str], dict[int, Budget]] = defaultdict(dict)
    for key, name in found:
        budget = by_key[key]
        budgets[budget.unit_id, name][budget.year.year] = budget
    return given, budgets


class YearOf(NamedTuple):
    """A project's year: what the library wants, what the budget gives it at each step, in 分; None: not there."""

    year: int
    wanted: ProjectYear | None
    budget: Budget | None
    control: int | None
    now: int | None
    request: int | None  # in the request that was last submitted
    approved: int | None  # in the budget as first approved
    adjusted: int | None  # after the last adjustment
    indicators: int  # annual ones of the library
    within: bool  # one of the project's years


def years_of(project: Project, today: int) -> list[YearOf]:
    """The project's years, the latest first: its own, and any other that has something of it."""
    wanted = {one.year: one for one in project.years.all()}
    given, found = _given([project])
    budgets = found[project.unit_id, project.name]
    counts: dict[int, int] = defaultdict(int)
    for year in project.indicators.order_by().values_list("year", flat=True):
        counts[year] += 1
    told = [one for one in budgets.values() if books.in_second_turn(one)]  # not while the bureau prepares them
    control = dict(ControlFigure.objects.filter(budget__in=told, project=project.name).values_list("budget", "amount"))
    planned = max(today + _AHEAD, project.starts) if project.ends is None else project.ends
    years = {*range(project.starts, planned + 1), *wanted, *budgets, *(year for year in counts if year)}
    made = []
    for year in sorted(years, reverse=True):
        budget = budgets.get(year)
        at = _at_steps(budget, project.name) if budget else {}
        made.append(
            YearOf(
                year,
                wanted.get(year),
                budget,
                control.get(budget.pk) if budget else None,
                given.get((project.unit_id, project.name, year), 0) if budget else None,
                at.get(str(VersionKind.FIRST)),
                at.get(str(VersionKind.APPROVED), at.get(str(VersionKind.EARLIER))),
                at.get(str(VersionKind.ADJUSTED)),
                counts[year],
                project.runs_in(year),
            )
        )
    return made


def _at_steps(budget: Budget, name: str) -> dict[str, int]:
    """What the last version of each kind gives a project."""
    versions = budget.versions.defer("ledger").order_by("number")
    return {one.kind: spent_of(one).get(name, 0) for one in versions if one.kind != VersionKind.SECOND}


def spent_of(version: Version) -> dict[str, int]:
    """Project expenditure of a version by project, in 分. Versions never change: summed once."""

    def summed() -> dict[str, int]:
        spent: dict[str, int] = defaultdict(int)
        for line in version.ledger["lines"]:
            if line["nature"] == "project":
                spent[line["project"]] += line["amount"] or 0
        return dict(spent)

    return kept("spent", version.sha256, summed, None)


class Target(NamedTuple):
    """A row of the target form: the first and second level with the rows that they span (0: named above), the
    mid-term and the annual indicator, each with how it is read."""

    level: Message
    level_span: int
    kind: Message
    kind_span: int
    midterm: Indicator | None
    annual: Indicator | None
    midterm_read: Message | None
    annual_read: Message | None


def targets_of(project: Project, year: int) -> list[Target]:
    """The target form of a year with the mid-term beside it: indicators of one name stand in one row."""
    found: dict[str, list[Indicator]] = defaultdict(list)
    for one in project.indicators.filter(year__in=(0, year)).order_by("position"):
        found[one.kind].append(one)
    groups: list[list[tuple[Message, list[tuple[Indicator | None, Indicator | None]]]]] = [[], []]
    for choice in INDICATORS:
        pairs = _pairs(found[choice.key])
        if pairs:
            groups[choice.key not in _OUTPUT].append((Message(choice.zh, choice.en), pairs))
    made = []
    for level, kinds in zip(_LEVELS, groups, strict=True):
        span = sum(len(pairs) for _, pairs in kinds)
        for first_kind, (kind, pairs) in enumerate(kinds):
            for place, (midterm, annual) in enumerate(pairs):
                top = span if not first_kind and not place else 0
                made.append(
                    Target(level, top, kind, 0 if place else len(pairs), midterm, annual, read(midterm), read(annual))
                )
    return made


def _pairs(found: Sequence[Indicator]) -> list[tuple[Indicator | None, Indicator | None]]:
    """(mid-term, annual) by name, in the order of the annual ones, those of the mid-term alone behind."""
    midterm = {one.name: one for one in found if not one.year}
    pairs: list[tuple[Indicator | None, Indicator | None]] = [(midterm.pop(one.name, None), one) for one in found if one.year]  # fmt: skip
    return pairs + [(one, None) for one in midterm.values()]


def read(one: Indicator | None) -> Message | None:
    """How the machine reads an indicator."""
    return reading(Typed(one.comparison, one.number, one.unit, one.period)) if one is not None else None


class Entered(NamedTuple):
    """A project that stands in a budget: money in 分; the sheets in which the library has it otherwise; why it
    cannot be brought up to date (None: it can)."""

    name: str
    project: Project | None
    used: int
    given: int | None
    wanted: int | None
    differs: tuple[Message, ...]
    hinders: Message | None


class Standing(NamedTuple):
    """A budget's projects: those in it, those that may enter by rank, those that may not with the reason."""

    entered: list[Entered]
    ready: list[tuple[Project, int | None]]
    others: list[tuple[Project, Message]]


def standing(budget: Budget) -> Standing:
    """How a budget and the library stand to each other."""
    year = budget.year.year
    rows: dict[str, dict[str, list[Any]]] = defaultdict(lambda: {key: [] for key in books.LIBRARY})
    there = Row.objects.filter(budget=budget, gone=False, sheet__in=books.LIBRARY).order_by("position", "pk")
    for key, values in there.values_list("sheet", "values"):
        rows[values.get("name" if key == "projects" else "project") or ""][key].append(values)
    projects = {one.name: one for one in Project.objects.filter(unit=budget.unit).order_by(*BY_RANK)}
    library = library_entry.rows_of(projects.values(), year)
    wanted = dict(ProjectYear.objects.filter(project__unit=budget.unit, year=year).values_list("project", "amount"))
    money = {one.project: one for one in books.used_and_given(budget)}
    entered = []
    order = {name: place for place, name in enumerate(projects)}
    for name in sorted(rows, key=lambda one: (order.get(one, len(order)), one)):
        project, used = projects.get(name), money.get(name)
        differs = [key for key in books.LIBRARY if project and not _alike(library[project.pk][key], rows[name][key])]
        entered.append(
            Entered(
                name,
                project,
                used.used if used else 0,
                used.given if used else None,
                wanted.get(project.pk) if project else None,
                tuple(_title(key) for key in differs),
                _hinders(project, year),
            )
        )
    ready, others = [], []
    for project in projects.values():
        if project.name in rows:
            continue
        hinders = _hinders(project, year)
        if hinders is None:
            ready.append((project, wanted.get(project.pk)))
        else:
            others.append((project, hinders))
    return Standing(entered, ready, others)


def _alike(ours: Sequence[Plain], theirs: Sequence[Plain]) -> bool:
    """Whether rows of a sheet say the same; which period's indicators come first says nothing."""
    one, other = (sorted(rows, key=lambda row: str(row.get("period"))) for rows in (ours, theirs))
    return one == other


def _hinders(project: Project | None, year: int) -> Message | None:
    if project is None:
        return Message("项目库中没有", "not in the library")
    if project.ends is not None and project.ends < year:
        return Message(f"项目期到 {project.ends} 年为止", f"its years ended in {project.ends}")
    if project.starts > year:
        return Message(f"项目从 {project.starts} 年开始", f"it begins in {project.starts}")
    if project.state != ProjectState.READY:
        label = ProjectState(project.state).label
        return Message(f"状态：{label}", f"state: {label}")
    return None


def _title(key: str) -> Message:
    found = sheet(key)
    return Message(found.zh, found.en)
