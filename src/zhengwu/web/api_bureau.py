"""What the finance bureau does with a year: its deadlines, its end, its units, mergers, exports for the people's congress."""

from datetime import date
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AfterValidator, AwareDatetime

from zhengwu.model.message import Message
from zhengwu.web.api_answers import conditional
from zhengwu.web.api_budget_shapes import (
    ActIn,
    BudgetWhole,
    NoteOut,
    StateKey,
    Text,
    YearOut,
    budget_whole,
    budgets_of,
    changed,
    locked_year,
    money,
    note_shape,
    one_year,
    revision_of,
    year_shape,
)
from zhengwu.web.api_common import (
    ACTOR,
    CHANGE,
    DESK,
    LARGEST_ID,
    Day,
    Given,
    Listed,
    Paging,
    actor_of,
    answers,
    clean,
    listed,
    missing,
)
from zhengwu.web.budgets import bureau, exports, merging, selectors, years
from zhengwu.web.budgets.models import Budget, BudgetYear, Export
from zhengwu.web.common.errors import FieldRefusedError, sentence
from zhengwu.web.common.models import Unit
from zhengwu.web.common.permissions import require

router = Router(tags=["budget bureau"], auth=ACTOR)
_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}
_FILE = {
    "responses": {
        200: {"content": {kind: {"schema": {"type": "string", "contentMediaType": kind}} for kind in _TYPES.values()}}
    }
}
_KEY = Field(ge=1, le=LARGEST_ID, description="the key of a budget")
_READ = Field(max_length=40, description="the revision of the budget that was read")


class DeadlinesIn(ActIn):
    """Until when units report and publish: all three; null where there is no such day."""

    first_due: Day | None
    second_due: Day | None
    publish_due: Day | None


class ClosingIn(ActIn):
    """Whether the year is closed from now on."""

    closed: bool


class UnitBudgetOut(Schema):
    """A unit in the tree of units, ``depth`` counted from 0, and its budget of the year: null where it has none.
    ``merged_into``: the key of the budget that this one was merged into."""

    unit: str
    unit_name: str
    depth: int
    budget: int | None
    state: StateKey | None
    merged_into: int | None


class UnitBudgetList(Listed):
    """A piece of the tree of units."""

    items: list[UnitBudgetOut]


class MergeIn(Given):
    """Which budget goes over into which, why, and by which paper."""

    gone: int = _KEY
    gone_revision: str = _READ
    into: int = _KEY
    into_revision: str = _READ
    reason: Text
    document: Annotated[str, Field(max_length=100), AfterValidator(clean)] = ""


class MergedOut(Schema):
    """What a merger did: how many ``lines`` went over and their ``amount``, what the other had ``before``, what passed
    between the two and was taken out, what there is ``after``; the budget that has both, and what is to be decided."""

    lines: int
    amount: str
    before: str
    taken_out: str
    after: str
    notes: list[NoteOut]
    budget: BudgetWhole


class ExportIn(Given):
    """Whether budgets that are not approved stand in it too, marked as drafts."""

    drafts: bool = False


class ExportOut(Schema):
    """An export: all departments' tables in a workbook and a PDF, made in the background. ``done`` of ``total`` steps;
    ``said``: what was left out, or why it failed; ``files``: what can be fetched."""

    id: int
    year: int
    drafts: bool
    state: Literal["queued", "running", "done", "failed"]
    done: int
    total: int
    said: list[str]
    files: list[Literal["xlsx", "pdf"]]
    made_by: str
    made_at: AwareDatetime
    ended_at: AwareDatetime | None


class ExportList(Listed):
    """A piece of the list of exports."""

    items: list[ExportOut]


@router.get("/budget-years/{int:year}", response=answers(YearOut, DESK), summary="One budget year")
def budget_year(request: HttpRequest, year: int) -> Any:
    """One with a budget that the caller may see; any for the bureau."""
    found = next((one for one in selectors.years(actor_of(request, "read")) if one.year == year), None)
    if found is None:
        raise missing("没有这个年度，或您不能查看。", "There is no such year, or you may not see it.")
    return year_shape(found)


@router.post("/budget-years/{int:year}", response=answers(YearOut, CHANGE), summary="Set the deadlines of a year")
def change_year(request: HttpRequest, year: int, data: DeadlinesIn) -> Any:
    """In place of those before. 409 for a closed year."""
    actor = require(actor_of(request, "budget"), "budget.open-year")
    days: dict[str, date | None] = {name: getattr(data, name) for name in ("first_due", "second_due", "publish_due")}
    with locked_year(year, data.revision) as found:
        return year_shape(years.year_change(actor=actor, year=found, now=timezone.now(), **days))


@router.post("/budget-years/{int:year}/closing", response=answers(YearOut, CHANGE), summary="Close a year")
def close_year(request: HttpRequest, year: int, data: ClosingIn) -> Any:
    """After that nothing of it moves, until it is opened again with ``closed`` false."""
    actor = require(actor_of(request, "budget"), "budget.open-year")
    with locked_year(year, data.revision) as found:
        return year_shape(years.year_close(actor=actor, year=found, closed=data.closed))


@router.get("/budget-years/{int:year}/units", response=answers(UnitBudgetList, DESK), summary="All units and their budgets")  # fmt: skip
def year_units(request: HttpRequest, year: int, paging: Query[Paging]) -> Any:
    """Each unit below the one that it belongs to, by code."""
    require(actor_of(request, "read"), "board.view")
    return listed(request, bureau.units_listed(one_year(year)), paging, _unit)


@router.post("/budget-years/{int:year}/mergers", response=answers(MergedOut, CHANGE), summary="Merge a unit into another")  # fmt: skip
def merge_units(request: HttpRequest, year: int, data: MergeIn) -> Any:
    """Its budget goes over to the other's and is closed for good. While both are being compiled the rows of both are
    put together; once both are approved it is an adjustment, approved here and now. 409 where they stand at different
    steps, or an adjustment is under way."""
    actor = require(actor_of(request, "budget-step"), "budget.merge")
    found = one_year(year)
    with transaction.atomic():
        # In the order of their keys, as the service locks: two mergers never wait for each other.
        wanted = budgets_of(actor).filter(pk__in=(data.gone, data.into), year=found).order_by("pk")
        locked = {one.pk: one for one in wanted.select_for_update(of=("self",), no_key=True)}
        gone = _as_read(locked.get(data.gone), "gone", data.gone_revision)
        into = _as_read(locked.get(data.into), "into", data.into_revision)
        done = merging.units_merge(
            actor=actor, gone=gone, into=into, reason=data.reason, document=data.document, now=timezone.now()
        )
    amounts = {name: money(getattr(done, name)) for name in ("amount", "before", "taken_out", "after")}
    notes = [note_shape(years.note_of(one)) for one in done.notes]
    return {"lines": done.lines, **amounts, "notes": notes, "budget": budget_whole(actor, data.into)}


@router.get("/budget-years/{int:year}/exports", response=answers(ExportList, DESK), summary="Exports of a year")
def year_exports(request: HttpRequest, year: int, paging: Query[Paging]) -> Any:
    """The newest first. Of those that have ended a few are kept."""
    require(actor_of(request, "read"), "board.view")
    return listed(request, one_year(year).exports.select_related("made_by", "year"), paging, _export)


@router.post("/budget-years/{int:year}/exports", response=answers(ExportOut, CHANGE, 201), summary="Ask for an export")
def start_export(request: HttpRequest, year: int, data: ExportIn) -> Any:
    """It is made in the background: ask for it until it is done. While one of the same kind is being made, the answer
    is that one."""
    actor = require(actor_of(request, "budget"), "budget.export")
    made = exports.export_start(actor=actor, year=one_year(year), drafts=data.drafts, now=timezone.now())
    return Status(201, _export(made))


@router.get("/budget-years/{int:year}/exports/{int:export}", response=answers(ExportOut, DESK), summary="One export")
def year_export(request: HttpRequest, year: int, export: int) -> Any:
    """How far it is, or what came of it."""
    require(actor_of(request, "read"), "board.view")
    return _export(_one_export(one_year(year), export))


@router.get("/budget-years/{int:year}/exports/{int:export}/files/{form}", response=answers(None, DESK), summary="A file of an export", openapi_extra=_FILE)  # fmt: skip
def export_file(request: HttpRequest, year: int, export: int, form: Literal["xlsx", "pdf"]) -> Any:
    """The workbook or the PDF. 404 until it is made."""
    require(actor_of(request, "read"), "board.view")
    one = _one_export(one_year(year), export)
    file = _files(one).get(form)
    if file is None or not file.storage.exists(file.name):
        raise missing("没有这个文件。", "There is no such file.")

    def stream() -> HttpResponse:
        name = f"{year}年部门预算{'（草案）' if one.drafts else ''}.{form}"
        kind = _TYPES[form]
        return FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=kind)  # type: ignore[return-value]

    # What was made once does not change; its name is drawn by chance.
    return conditional(request, file.name.encode(), stream)


def _as_read(one: Budget | None, field: str, revision: str) -> Budget:
    """A budget of the year as the caller read it. Raises FieldRefusedError at ``field``, RefusedError "conflict"."""
    if one is None:
        raise FieldRefusedError(field, "这个年度没有这份预算。", "There is no such budget of this year.")
    if revision_of(one) != revision:
        raise changed()
    return one


def _one_export(year: BudgetYear, pk: int) -> Export:
    found = year.exports.select_related("made_by", "year").filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise missing("没有这次导出。", "There is no such export.")
    return found


def _files(one: Export) -> dict[str, Any]:
    return {form: file for form, file in (("xlsx", one.workbook), ("pdf", one.pdf)) if file}


def _export(one: Export) -> dict[str, Any]:
    names = ("drafts", "state", "done", "total", "made_at", "ended_at")
    return {
        **{name: getattr(one, name) for name in names}, "id": one.pk, "year": one.year.year,
        "said": [sentence(Message(*each)) for each in one.said], "files": list(_files(one)),
        "made_by": one.made_by.username,
    }  # fmt: skip


def _unit(row: tuple[Unit, int, Budget | None]) -> dict[str, Any]:
    unit, depth, budget = row
    return {
        "unit": unit.code, "unit_name": unit.name, "depth": depth, "budget": budget.pk if budget else None,
        "state": budget.state if budget else None, "merged_into": budget.merged_into_id if budget else None,
    }  # fmt: skip
