"""The control figures (控制数) of a year: what all units ask for and get, staff standards, the figures as a workbook."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import AfterValidator

from zhengwu.ledger.schema import UNIT_KINDS
from zhengwu.reading.limits import MAX_BYTES
from zhengwu.web.api_answers import conditional
from zhengwu.web.api_budget_shapes import (
    ActIn,
    Money,
    StateKey,
    changed,
    digest,
    fen_of,
    locked_year,
    money,
    one_budget,
    one_of,
    one_year,
)
from zhengwu.web.api_common import (
    ACTOR,
    CHANGE,
    DESK,
    Given,
    Listed,
    Paging,
    actor_of,
    answers,
    clean,
    english,
    listed,
)
from zhengwu.web.budgets import bureau, figure_book, figures
from zhengwu.web.budgets.models import Budget, BudgetYear, ControlFigure, State
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.errors import FieldRefusedError, sentence
from zhengwu.web.common.permissions import require

router = Router(tags=["budget bureau"], auth=ACTOR)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOOK = {"responses": {200: {"content": {_XLSX: {"schema": {"type": "string", "contentMediaType": _XLSX}}}}}}
_NATURES = Literal["personnel", "public"]
_COUNTED = one_of(one.key for one in figures.COUNTED)
_KINDS = one_of(("", *(one.key for one in UNIT_KINDS)))


def _named(given: str) -> str:
    """A name that says something."""
    if not clean(given).strip():
        raise ValueError("a name is empty")
    return clean(given).strip()


class UnitFiguresOut(Schema):
    """What a unit asks for and what the bureau gives it. ``asked_…``: its request, that of the ``version`` by which it
    was signed, or with null what it has typed so far; ``last``: its expenditure of the year before; ``by_standards``: what
    the staff standards make of basic expenditure; ``basic`` and ``projects``: the control figures, null where none was
    set; ``named``: how many projects have one; ``difference``: what is given more than was asked for. ``open``: a figure
    can still be set; ``ready``: they can be given now."""

    budget: int
    unit: str
    unit_name: str
    state: StateKey
    version: int | None
    asked_basic: str
    asked_projects: str
    asked_other: str
    last: str | None
    by_standards: str
    basic: str | None
    projects: str | None
    named: int
    given: str | None
    difference: str | None
    open: bool
    ready: bool


class UnitFiguresList(Listed):
    """A piece of the control figures of all units. ``revision`` goes back with what is done to many of them."""

    revision: str
    items: list[UnitFiguresOut]


class FiguresFilter(Schema):
    """Which units. ``q``: a part of a unit's name, or the beginning of its code."""

    department: str = Field("", max_length=40, description="the code of a unit: it and all below it")
    state: Literal[""] | StateKey = ""
    q: str = Field("", max_length=100)


class BasicIn(Given):
    """The control figure of a unit's basic expenditure; ``amount`` null takes it away."""

    unit: str = Field(max_length=40, description="the code of a unit")
    amount: Money | None
    staff: int | None = Field(None, ge=0, le=10**7)
    standard: Money | None = None
    remark: Annotated[str, Field(max_length=200), AfterValidator(clean)] = ""


def _once(given: list[BasicIn]) -> list[BasicIn]:
    if len({one.unit for one in given}) != len(given):
        raise ValueError("a unit stands twice")
    return given


class BasicsIn(ActIn):
    """Control figures of basic expenditure, each unit once: all are set, or none. Those of projects stay."""

    figures: Annotated[list[BasicIn], AfterValidator(_once)] = Field(min_length=1, max_length=2000)


class FiguresSetOut(Schema):
    """How many units have other figures now, and what tells their state."""

    changed: int
    revision: str


class FilledOut(FiguresSetOut):
    """The same; ``missing``: numbers that the units do not state, which count as 0."""

    missing: list[str]


class RefusedOut(Schema):
    """A unit that did not get its figures, and why."""

    budget: int
    unit: str
    reason: str


class GivenOut(Schema):
    """How many units got their control figures, and which did not."""

    given: int
    refused: list[RefusedOut]


class StandardOut(Schema):
    """So much a head: ``each`` for everyone that the column ``counted`` of the ledger's sheet of units counts.
    ``unit_kind`` "" is of agencies and institutions."""

    name: str
    nature: _NATURES
    counted: str
    each: str
    unit_kind: str


class StandardList(Listed):
    """A piece of a year's staff standards. ``revision`` goes back with what replaces them; ``closed``: they cannot be
    changed, for the year is closed."""

    revision: str
    closed: bool
    items: list[StandardOut]


class StandardIn(Given):
    """A staff standard; its name and kind of unit once a year."""

    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_named)]
    nature: _NATURES
    counted: str = Field("staff", pattern=_COUNTED, description="a number of the ledger's sheet of units")
    each: Money
    unit_kind: str = Field("", pattern=_KINDS)


class StandardsIn(ActIn):
    """All staff standards of a year: those before are replaced."""

    standards: list[StandardIn] = Field(max_length=2000)


class StandardsOut(Schema):
    """All staff standards as they now are."""

    revision: str
    standards: list[StandardOut]


class BasicOut(Schema):
    """What the staff standards give for basic expenditure. ``staff`` times ``standard`` is the part of it that goes by
    staff; null where units of several kinds have different ones. ``basis``: how it was made; ``missing``: numbers that
    the unit does not state, which count as 0."""

    amount: str
    staff: int | None
    standard: str | None
    basis: list[str]
    missing: list[str]


class WantedOut(Schema):
    """A project that is asked for or has a figure. ``library``: what it wants there; ``rank`` 0: not ranked; ``last``:
    what it had the year before."""

    project: str
    asked: str | None
    library: str | None
    rank: int
    last: str | None
    given: str | None
    remark: str


class RequestOut(Schema):
    """What a unit asks for, from which the bureau makes its control figures. ``version``: the one by which it was signed;
    null: what it has typed so far. ``projects``: all of them; ``wanted``: each, the best ranked first."""

    version: int | None
    basic: str
    projects: str
    other: str
    total: str
    last: str | None
    by_standards: BasicOut
    wanted: list[WantedOut]


@router.get("/budget-years/{int:year}/figures", response=answers(UnitFiguresList, DESK), summary="Control figures of all units")  # fmt: skip
def year_figures(request: HttpRequest, year: int, asked: Query[FiguresFilter], paging: Query[Paging]) -> Any:
    """By unit code."""
    require(actor_of(request, "read"), "board.view")
    found = one_year(year)
    budgets = bureau.budgets_of(found, clean(asked.department), asked.state, clean(asked.q).strip())
    answer = listed(request, budgets, paging, lambda one: one)
    rows = figures.listed(answer["items"])
    return {**answer, "revision": _revision(found), "items": [_unit(one) for one in rows]}


@router.post("/budget-years/{int:year}/figures", response=answers(FiguresSetOut, CHANGE), summary="Set basic control figures")  # fmt: skip
def set_basics(request: HttpRequest, year: int, data: BasicsIn) -> Any:
    """Of many units at once. 409 where one of their budgets is approved, or the figures are not any more those that
    were read."""
    actor = require(actor_of(request, "budget"), "budget.control")
    with _figures_as_read(year, data.revision) as found:
        units = [clean(one.unit) for one in data.figures]
        budgets = {one.unit.code: one for one in bureau.budgets_of(found).filter(unit__code__in=units)}
        wanted: dict[int, Figure | None] = {}
        for place, (unit, one) in enumerate(zip(units, data.figures, strict=True)):
            if unit not in budgets:
                raise FieldRefusedError(
                    f"figures.{place}.unit",
                    f"没有代码为“{unit}”的单位，或这个年度没有它的预算。",
                    f"There is no unit “{unit}” with a budget of this year.",
                )
            wanted[budgets[unit].pk] = _figure(one)
        count = figures.basics_set(actor=actor, budgets=list(budgets.values()), basics=wanted, now=timezone.now())
        return {"changed": count, "revision": _revision(found)}


@router.post("/budget-years/{int:year}/figures/filling", response=answers(FilledOut, CHANGE), summary="Make basic figures by the standards")  # fmt: skip
def fill_figures(request: HttpRequest, year: int) -> Any:
    """For every unit that has no basic figure yet; those that were set stay."""
    actor = require(actor_of(request, "budget"), "budget.control")
    with _figures_as_read(year, None) as found:
        budgets = bureau.budgets_of(found)
        count, notes = figures.basics_fill(actor=actor, budgets=budgets, now=timezone.now())
        missing = [sentence(one.sentence) for one in notes]
        return {"changed": count, "missing": missing, "revision": _revision(found)}


@router.post("/budget-years/{int:year}/figures/giving", response=answers(GivenOut, CHANGE), summary="Give the control figures to all")  # fmt: skip
def give_figures(request: HttpRequest, year: int, data: ActIn) -> Any:
    """To all whose request is in, each by itself: one that cannot be given stops no other. 409 where the figures are not
    any more those that were read."""
    actor = require(actor_of(request, "budget-step"), "budget.control")
    with _figures_as_read(year, data.revision) as found:
        waiting = list(bureau.budgets_of(found, state=str(State.FIRST_SUBMITTED)))
        done = figures.figures_give(actor=actor, budgets=waiting, now=timezone.now(), today=timezone.localdate())
    refused = [{"budget": one.pk, "unit": one.unit.code, "reason": sentence(why)} for one, why in done.refused]
    return {"given": done.done, "refused": refused}


@router.get("/budget-years/{int:year}/figures/workbook", response=answers(None, DESK), summary="The control figures as a workbook", openapi_extra=_BOOK)  # fmt: skip
def figures_workbook(request: HttpRequest, year: int) -> Any:
    """Every figure that was set, and a row for each project that is asked for and has none: to be filled in and taken in
    again."""
    require(actor_of(request, "read"), "board.view")
    found = one_year(year)
    made = figure_book.figures_book(found, list(bureau.budgets_of(found)), "en" if english() else "zh")
    name = f'attachment; filename="control-{year}.xlsx"'
    headers = {"Content-Disposition": name}
    return conditional(request, made, lambda: HttpResponse(made, content_type=_XLSX, headers=headers))


@router.post("/budget-years/{int:year}/figures/workbook", response=answers(FiguresSetOut, CHANGE), summary="Take a workbook of control figures")  # fmt: skip
def take_figures(request: HttpRequest, year: int, data: Form[ActIn], file: File[UploadedFile]) -> Any:
    """The figures of every unit that it names take the place of those before, or nothing of it is taken: then ``fields``
    name each cell that cannot be, as sheet.row.column."""
    actor = require(actor_of(request, "budget"), "budget.control")
    content = file.read(MAX_BYTES + 1)
    with _figures_as_read(year, data.revision) as found:
        count = figure_book.figures_take(
            actor=actor, year=found, data=content, name=clean(file.name or ""), now=timezone.now()
        )
        return {"changed": count, "revision": _revision(found)}


@router.get("/budget-years/{int:year}/standards", response=answers(StandardList, DESK), summary="Staff standards of a year")  # fmt: skip
def year_standards(request: HttpRequest, year: int, paging: Query[Paging]) -> Any:
    """In the order in which they were given."""
    require(actor_of(request, "read"), "board.view")
    found = one_year(year)
    answer = listed(request, _standards(found), paging, _standard)
    return {**answer, "revision": _standards_revision(found), "closed": found.closed}


@router.post("/budget-years/{int:year}/standards", response=answers(StandardsOut, CHANGE), summary="Set the staff standards of a year")  # fmt: skip
def set_standards(request: HttpRequest, year: int, data: StandardsIn) -> Any:
    """Control figures that were made by those before stay until somebody sets them anew. 409 for a closed year."""
    actor = require(actor_of(request, "budget"), "budget.control")
    given = [{**one.dict(), "each": fen_of(one.each)} for one in data.standards]
    with locked_year(year, data.revision, _standards_revision) as found:
        figures.standards_set(actor=actor, year=found, standards=given, now=timezone.now())
        return {
            "revision": _standards_revision(found), "standards": [_standard(one) for one in _standards(found)],
        }  # fmt: skip


@router.get("/budgets/{int:pk}/request", response=answers(RequestOut, DESK), summary="What a unit asks for")
def budget_request(request: HttpRequest, pk: int) -> Any:
    """Its request beside the staff standards, the library and last year: for the bureau."""
    actor = require(actor_of(request, "read"), "board.view")
    item = one_budget(actor, pk)
    asked, basic = figures.requests_of([item])[item.pk], figures.basics_by_standards([item])[item.pk]
    return {
        "version": asked.number, "basic": money(asked.basic), "projects": money(sum(asked.projects.values())),
        "other": money(asked.other), "total": money(asked.total),
        "last": money(bureau.last_totals(item.year.year, [item.unit_id]).get(item.unit_id)),
        "by_standards": {
            "amount": money(basic.amount), "staff": basic.staff, "standard": money(basic.standard),
            "basis": [sentence(one.basis) for one in basic.parts],
            "missing": [sentence(one.sentence) for one in basic.notes],
        },
        "wanted": [_wanted(one) for one in figures.wanted_of(item, asked)],
    }  # fmt: skip


@contextmanager
def _figures_as_read(year: int, revision: str | None) -> Iterator[BudgetYear]:
    """A year whose control figures are those that the caller read (None: whichever), all its budgets locked until what
    is done to them is done. Raises RefusedError "conflict" where they changed since, "not-found"."""
    with transaction.atomic():
        found = one_year(year)
        # A figure is set under its budget's lock. In the order of their keys: two callers never wait for each other.
        list(found.budgets.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        if revision is not None and _revision(found) != revision:
            raise changed()
        yield found


def _revision(year: BudgetYear) -> str:
    """What tells two states of a year's control figures apart: one that is set has a time of its own."""
    found = ControlFigure.objects.filter(budget__year=year).aggregate(count=Count("pk"), last=Max("set_at"))
    return digest([found["count"], found["last"]])


def _standards(year: BudgetYear) -> list[dict[str, Any]]:
    return list(year.standards.values("name", "nature", "counted", "each", "unit_kind"))


def _standards_revision(year: BudgetYear) -> str:
    return digest([year.closed, _standards(year)])


def _standard(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "each": money(one["each"])}


def _figure(one: BasicIn) -> Figure | None:
    if one.amount is None:
        return None
    standard = None if one.standard is None else fen_of(one.standard)
    return Figure("", fen_of(one.amount), one.staff, standard, one.remark)


def _unit(one: figures.Listed) -> dict[str, Any]:
    item: Budget = one.budget
    amounts = {name: money(getattr(one, name)) for name in ("last", "basic", "projects", "given", "difference")}
    return {
        "budget": item.pk, "unit": item.unit.code, "unit_name": item.unit.name, "state": item.state,
        "version": one.request.number, "asked_basic": money(one.request.basic),
        "asked_projects": money(sum(one.request.projects.values())), "asked_other": money(one.request.other),
        "by_standards": money(one.standards.amount), **amounts, "named": one.named, "open": one.open, "ready": one.ready,
    }  # fmt: skip


def _wanted(one: figures.Wanted) -> dict[str, Any]:
    return {
        "project": one.project, "asked": money(one.request), "library": money(one.library), "rank": one.rank,
        "last": money(one.last), "given": money(one.given), "remark": one.remark,
    }  # fmt: skip
