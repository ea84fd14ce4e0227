"""The library of projects (项目库): projects over their years, how they are ranked, which of them stand in a budget."""

from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema, Status

from zhengwu.web.api_budget_shapes import (
    Cells,
    Money,
    Named,
    Text,
    cells,
    known,
    money,
    one_budget,
)
from zhengwu.web.api_common import (
    ACTOR,
    CHANGE,
    DESK,
    LARGEST_ID,
    Given,
    Listed,
    Paging,
    actor_of,
    answers,
    clean,
    listed,
    missing,
)
from zhengwu.web.budgets import library, library_entry, library_selectors
from zhengwu.web.budgets.models import Budget, Indicator, Project
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import may, require

router = Router(tags=["library of projects"], auth=ACTOR)
_UNIT = Field("", max_length=40, description="the code of a unit")
_KEYS = Annotated[list[Annotated[int, Field(ge=1, le=LARGEST_ID)]], Field(max_length=2000)]
YearKey = Annotated[int, Field(ge=library.FIRST_YEAR, le=library.LAST_YEAR)]
StateKey = Literal["candidate", "ready", "ended"]


class MoneyOut(Schema):
    """What a project wants of a year, and what the budget gives it; null: nothing is known of it."""

    year: int
    wanted: str | None
    given: str | None
    budget: int | None


class LibraryProjectOut(Schema):
    """A project. ``state`` is as of today: it has ended once its last year is over. ``rank``: 1 is the most wanted, 0
    not ranked. ``revision`` goes back with what changes the project; ``money``: of some years around this one."""

    id: int
    unit: str
    unit_name: str
    name: str
    state: StateKey
    rank: int
    starts: int
    ends: int | None
    revision: int
    money: list[MoneyOut]


class LibraryList(Listed):
    """A piece of the library."""

    items: list[LibraryProjectOut]


class LibraryFilter(Schema):
    """Which projects. ``year``: one of theirs; ``q``: a part of the name."""

    unit: str = _UNIT
    state: Literal[""] | StateKey = ""
    year: int | None = Field(None, ge=library.FIRST_YEAR, le=library.LAST_YEAR)
    q: str = Field("", max_length=100)


class ProjectYearOut(MoneyOut):
    """A year of a project: what the library has of it, and what the budget gave it at each step."""

    within: bool
    goal: str
    procurement: list[dict[str, Any]]
    purchased: list[dict[str, Any]]
    transfers: list[dict[str, Any]]
    control: str | None
    requested: str | None
    approved: str | None
    adjusted: str | None


class IndicatorOut(Schema):
    """An indicator, mid-term (``year`` 0) or of a year: as printed, and as it is read where it can be."""

    year: int
    kind: str
    name: str
    value: str
    comparison: str
    number: str | None
    unit: str
    period: str


class LibraryProjectWhole(Schema):
    """A project with its years, the latest first, and its indicators. ``values``: columns of the ledger's sheet of
    projects; ``midterm``: of its sheet of targets."""

    id: int
    unit: str
    unit_name: str
    name: str
    state: StateKey
    rank: int
    starts: int
    ends: int | None
    revision: int
    values: dict[str, Any]
    midterm: dict[str, Any]
    years: list[ProjectYearOut]
    indicators: list[IndicatorOut]


class ProjectIn(Given):
    """What a project is: whole, what is left out is empty. ``values`` and ``midterm`` as people type them."""

    name: Named
    starts: int = Field(ge=library.FIRST_YEAR, le=library.LAST_YEAR)
    ends: int | None = Field(None, ge=library.FIRST_YEAR, le=library.LAST_YEAR)
    values: Cells = Field(default_factory=dict)
    midterm: Cells = Field(default_factory=dict)


class ProjectAddIn(ProjectIn):
    """A new project; without ``unit`` of the caller's own."""

    unit: str = _UNIT


class RevisedIn(Given):
    """What is changed, on the ``revision`` that was read."""

    revision: int = Field(ge=0, le=2**31 - 1)


class ProjectChangeIn(ProjectIn, RevisedIn):
    """What a project is from now on."""


class ProjectStateIn(RevisedIn):
    """Ready for a budget, a candidate again, or ended."""

    state: StateKey


class ProjectYearIn(RevisedIn):
    """What a project wants of a year: all of it. Rows of the ledger's sheets, without the project's name."""

    amount: Money | None = None
    goal: Text = ""
    procurement: list[Cells] = Field(default_factory=list, max_length=100)
    purchased: list[Cells] = Field(default_factory=list, max_length=100)
    transfers: list[Cells] = Field(default_factory=list, max_length=100)


class IndicatorIn(Given):
    """An indicator as it is printed; ``kind`` is a key of the ledger's kinds of indicators."""

    kind: str = Field(max_length=40)
    name: Text
    value: Text


class IndicatorsIn(RevisedIn):
    """All indicators of a year in their order."""

    indicators: list[IndicatorIn] = Field(max_length=library.MOST_ROWS)


class RankIn(Given):
    """The projects of a unit in their order, the most wanted first; others are not ranked. ``before``: the ranking
    that was read."""

    unit: str = Field(max_length=40, description="the code of a unit")
    order: _KEYS
    before: _KEYS


class RankOut(Schema):
    """The ranking as it now is."""

    unit: str
    order: list[int]


class EnteredOut(Schema):
    """A project that stands in a budget. ``differs``: the sheets in which the library has it otherwise; ``hinders``:
    why it cannot be brought up to date."""

    name: str
    project: int | None
    used: str
    given: str | None
    wanted: str | None
    differs: list[str]
    hinders: str | None


class ReadyOut(Schema):
    """A project that may enter; ``reason``: why it may not."""

    project: int
    name: str
    wanted: str | None
    reason: str | None


class StandingOut(Schema):
    """How a budget and the library stand to each other: what is in it, what may enter by rank, what may not."""

    entered: list[EnteredOut]
    ready: list[ReadyOut]
    others: list[ReadyOut]


class EnterIn(Given):
    """Projects that enter, or are brought up to date: all of them, or none."""

    projects: Annotated[_KEYS, Field(min_length=1)]


class LeaveIn(Given):
    """The name of the project that is taken out."""

    name: Named


@router.get("/library/projects", response=answers(LibraryList, DESK), summary="Projects of the library")
def library_projects(request: HttpRequest, asked: Query[LibraryFilter], paging: Query[Paging]) -> Any:
    """Those that the caller may see, by unit and rank."""
    actor, today = actor_of(request, "read"), timezone.localdate().year
    found = library_selectors.filtered(actor, today, None, asked.state, asked.year, clean(asked.q).strip())
    if asked.unit:
        found = found.filter(unit__code=clean(asked.unit))
    answer = listed(request, found, paging, lambda one: one)
    _years, rows = library_selectors.listed(answer["items"], today)
    return {**answer, "items": [_listed(one) for one in rows]}


@router.get(
    "/library/projects/{int:pk}", response=answers(LibraryProjectWhole, DESK), summary="One project of the library"
)
def library_project(request: HttpRequest, pk: int) -> Any:
    """With its years and indicators."""
    return _whole(actor_of(request, "read"), pk)


@router.post("/library/projects", response=answers(LibraryProjectWhole, CHANGE, 201), summary="Add a project")
def add_project(request: HttpRequest, data: ProjectAddIn) -> Any:
    """A candidate. Sent twice it is refused, for its name is taken."""
    actor = require(actor_of(request, "budget"), "budget.edit")
    unit = _unit(actor, "budget.edit", data.unit) if data.unit else actor.unit
    assert unit is not None  # require: nobody edits without a unit
    made = library.project_add(actor=actor, unit=unit, **_given(data), now=timezone.now())
    return Status(201, _whole(actor, made.pk))


@router.post("/library/projects/{int:pk}", response=answers(LibraryProjectWhole, CHANGE), summary="Change a project")
def change_project(request: HttpRequest, pk: int, data: ProjectChangeIn) -> Any:
    """Budgets that it has entered keep what they have until it enters again."""
    actor = actor_of(request, "budget")
    library.project_change(actor=actor, project=_one(actor, pk), **_given(data), revision=data.revision)
    return _whole(actor, pk)


@router.post("/library/projects/{int:pk}/state", response=answers(LibraryProjectWhole, CHANGE), summary="Change a project's state")  # fmt: skip
def set_project_state(request: HttpRequest, pk: int, data: ProjectStateIn) -> Any:
    """A candidate becomes ready or ends, one that is ready a candidate or ends, one that has ended a candidate."""
    actor = actor_of(request, "budget")
    item = _one(actor, pk)
    require(actor, "budget.edit", item.unit)
    with transaction.atomic():
        library.locked_project(item, data.revision)
        library.project_set_state(actor=actor, project=item, state=data.state)
    return _whole(actor, pk)


@router.post("/library/projects/{int:pk}/years/{int:year}", response=answers(LibraryProjectWhole, CHANGE), summary="Set what a project wants of a year")  # fmt: skip
def set_project_year(request: HttpRequest, pk: int, year: Path[YearKey], data: ProjectYearIn) -> Any:
    """Money, goal, what is procured, purchased as a service or passed on; ``fields`` name a row's column as
    procurement-0-amount."""
    actor = actor_of(request, "budget")
    lists = {key: getattr(data, key) for key in library.LISTS}
    for key, rows in lists.items():
        for place, row in enumerate(rows):
            known(key, row, ("project",), f"{key}.{place}")
    library.year_set(
        actor=actor, project=_one(actor, pk), year=year, amount=data.amount, goal=data.goal, lists=lists,
        revision=data.revision,
    )  # fmt: skip
    return _whole(actor, pk)


@router.post("/library/projects/{int:pk}/years/{int:year}/indicators", response=answers(LibraryProjectWhole, CHANGE), summary="Set the indicators of a year")  # fmt: skip
def set_project_indicators(request: HttpRequest, pk: int, year: Path[YearKey | Literal[0]], data: IndicatorsIn) -> Any:
    """All of a year, or with 0 of the mid-term."""
    actor = actor_of(request, "budget")
    rows = [one.dict() for one in data.indicators]
    library.indicators_set(actor=actor, project=_one(actor, pk), year=year, rows=rows, revision=data.revision)
    return _whole(actor, pk)


@router.post("/library/ranking", response=answers(RankOut, CHANGE), summary="Rank the projects of a unit")
def rank_projects(request: HttpRequest, data: RankIn) -> Any:
    """409 where the ranking is not any more the one that was read."""
    actor = require(actor_of(request, "budget"), "project.rank")
    unit = _unit(actor, "project.rank", data.unit)
    library.projects_rank(actor=actor, unit=unit, order=data.order, seen=data.before)
    return {"unit": unit.code, "order": data.order}


@router.get("/budgets/{int:pk}/projects", response=answers(StandingOut, DESK), summary="A budget's projects")
def budget_projects(request: HttpRequest, pk: int) -> Any:
    """Those that stand in it and those of the library that may enter."""
    return _standing(one_budget(actor_of(request, "read"), pk))


@router.post("/budgets/{int:pk}/projects", response=answers(StandingOut, CHANGE), summary="Projects enter a budget")
def enter_projects(request: HttpRequest, pk: int, data: EnterIn) -> Any:
    """From the library, as it has them; 409 for one that is not ready or outside its years."""
    actor = actor_of(request, "budget")
    item = one_budget(actor, pk)
    library_entry.projects_enter(actor=actor, budget=item, projects=data.projects, now=timezone.now())
    return _standing(one_budget(actor, pk))


@router.post("/budgets/{int:pk}/projects/leaving", response=answers(StandingOut, CHANGE), summary="A project leaves a budget")  # fmt: skip
def leave_project(request: HttpRequest, pk: int, data: LeaveIn) -> Any:
    """409 while lines belong to it."""
    actor = actor_of(request, "budget")
    library_entry.project_leave(actor=actor, budget=one_budget(actor, pk), name=data.name, now=timezone.now())
    return _standing(one_budget(actor, pk))


def _one(actor: User, pk: int) -> Project:
    if pk > LARGEST_ID:
        raise missing("没有这个项目，或您不能查看。", "There is no such project, or you may not see it.")
    return library_selectors.project_seen(actor, pk)


def _unit(actor: User, action: str, code: str) -> Unit:
    """A unit for which the caller may do this; whether there is any other is nobody else's business."""
    unit = Unit.objects.filter(code=clean(code)).first()
    if unit is None or not may(actor, action, unit):
        raise missing("没有这个单位代码。", "There is no unit of this code.")
    return unit


def _given(data: ProjectIn) -> dict[str, Any]:
    known("projects", data.values, ("name",), "values")
    known("targets", data.midterm, ("project", "annual_goal"), "midterm")
    return {name: getattr(data, name) for name in ("name", "starts", "ends", "values", "midterm")}


def _head(one: Project) -> dict[str, Any]:
    names = ("name", "rank", "starts", "ends", "revision")
    return {
        **{name: getattr(one, name) for name in names}, "id": one.pk, "unit": one.unit.code, "unit_name": one.unit.name,
        "state": library_selectors.state_of(one, timezone.localdate().year),
    }  # fmt: skip


def _listed(one: library_selectors.Listed) -> dict[str, Any]:
    spent = [
        {"year": each.year, "wanted": money(each.wanted), "given": money(each.given),
         "budget": each.budget.pk if each.budget else None}
        for each in one.money
    ]  # fmt: skip
    return {**_head(one.project), "money": spent}


def _whole(actor: User, pk: int) -> dict[str, Any]:
    one = _one(actor, pk)
    years = library_selectors.years_of(one, timezone.localdate().year)
    return {
        **_head(one), "values": cells("projects", one.values), "midterm": cells("targets", one.midterm),
        "years": [_year(each) for each in years],
        "indicators": [_indicator(each) for each in one.indicators.order_by("year", "position")],
    }  # fmt: skip


def _year(one: library_selectors.YearOf) -> dict[str, Any]:
    lists = {key: [cells(key, row) for row in getattr(one.wanted, key, ())] for key in library.LISTS}
    return {
        "year": one.year, "within": one.within, "wanted": money(one.wanted.amount) if one.wanted else None,
        "goal": one.wanted.goal if one.wanted else "", **lists, "budget": one.budget.pk if one.budget else None,
        "control": money(one.control), "given": money(one.now), "requested": money(one.request),
        "approved": money(one.approved), "adjusted": money(one.adjusted),
    }  # fmt: skip


def _indicator(one: Indicator) -> dict[str, Any]:
    names = ("year", "kind", "name", "value", "comparison", "unit", "period")
    number = None if one.number is None else f"{one.number.normalize():f}"
    return {**{name: getattr(one, name) for name in names}, "number": number}


def _standing(item: Budget) -> dict[str, Any]:
    found = library_selectors.standing(item)
    return {
        "entered": [
            {
                "name": one.name, "project": one.project.pk if one.project else None, "used": money(one.used),
                "given": money(one.given), "wanted": money(one.wanted), "differs": [sentence(each) for each in one.differs],
                "hinders": sentence(one.hinders) if one.hinders else None,
            }
            for one in found.entered
        ],
        "ready": [_may_enter(one, wanted, None) for one, wanted in found.ready],
        "others": [_may_enter(one, None, sentence(reason)) for one, reason in found.others],
    }  # fmt: skip


def _may_enter(one: Project, wanted: int | None, reason: str | None) -> dict[str, Any]:
    return {"project": one.pk, "name": one.name, "wanted": money(wanted), "reason": reason}
