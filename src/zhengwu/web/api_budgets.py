"""The budget desk as data: years, budgets and their moves, control figures, what is said, publication."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AfterValidator

from zhengwu.publishing.publish import files_of
from zhengwu.web.api_answers import conditional
from zhengwu.web.api_budget_shapes import (
    ActIn,
    BudgetList,
    BudgetNoteOut,
    BudgetWhole,
    ColumnKey,
    FigureOut,
    Money,
    Named,
    RemarkOut,
    RowKey,
    StateKey,
    Text,
    YearOut,
    budget_note_shape,
    budget_shape,
    budget_whole,
    budgets_of,
    check_version,
    fen_of,
    locked_budget,
    money,
    moves_said,
    one_budget,
    one_of,
    one_year,
    remark_shape,
    unit_of,
    waiting_notes,
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
from zhengwu.web.api_shapes import PublicationOut, publication_shape
from zhengwu.web.budgets import books, moves, noted, proof, publication, selectors, workflow, years
from zhengwu.web.budgets.models import ControlFigure
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.permissions import require
from zhengwu.web.explorer.models import Publication

router = Router(tags=["budget desk"], auth=ACTOR)
_TYPES = {
    "html": "text/html; charset=utf-8", "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
_BINARY = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
_FILES = {"responses": {200: {"content": {kind.partition(";")[0]: _BINARY for kind in _TYPES.values()}}}}
_STEPS = [name for name in workflow.TABLE if name != "publish"]


class YearList(Listed):
    """A piece of the list of years."""

    items: list[YearOut]


class YearIn(Given):
    """A year to be opened: the format in which it is published, until when units report, the codes of the units that
    get an empty budget."""

    year: int = Field(ge=2000, le=2099)
    dialect: str = Field(max_length=80)
    first_due: Day | None = None
    second_due: Day | None = None
    publish_due: Day | None = None
    units: list[Annotated[str, Field(max_length=40)]] = Field(default_factory=list, max_length=5000)


class StartIn(Given):
    """For which unit a budget is begun."""

    unit: str = Field(max_length=40, description="the code of a unit")


class BudgetFilter(Schema):
    """Which budgets."""

    year: int | None = Field(None, ge=1900, le=2200)
    state: Literal[""] | StateKey = ""
    unit: str = Field("", max_length=40, description="the code of a unit")


class RemarkIn(Given):
    """Something that is said of a budget, of one of its rows, of a cell."""

    text: Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(clean)]
    row: RowKey | None = None
    column: ColumnKey = ""


class MoveIn(ActIn):
    """A move of the budget; ``remarks`` at rows and cells go with a reason."""

    move: str = Field(pattern=one_of(_STEPS))
    reason: Text = ""
    remarks: list[RemarkIn] = Field(default_factory=list, max_length=moves.MOST_REMARKS)


class CopiedOut(Schema):
    """The budget that was begun with last year's, and what is to be known or decided."""

    budget: BudgetWhole
    notes: list[BudgetNoteOut]


class NoteList(Listed):
    """A piece of the notes."""

    items: list[BudgetNoteOut]


class DecideIn(ActIn):
    """Whether what a note found stays as it is; otherwise it is to be decided again."""

    kept: bool


class FigureList(Listed):
    """A piece of a budget's control figures: basic expenditure first, then projects by name."""

    items: list[FigureOut]


class FigureIn(Given):
    """A control figure: of a project, or with "" of basic expenditure, which may say how it was made."""

    project: Named = ""
    amount: Money
    staff: int | None = Field(None, ge=0, le=10**7)
    standard: Money | None = None
    remark: Annotated[str, Field(max_length=200), AfterValidator(clean)] = ""


class FiguresIn(ActIn):
    """All control figures of a budget: those before are replaced."""

    figures: list[FigureIn] = Field(max_length=2000)


class RemarkList(Listed):
    """A piece of the remarks."""

    items: list[RemarkOut]


class StandsOut(Schema):
    """What stands against the publication of a budget: reasons that are missing, findings of its audit. ``version``: the
    number of the one in force, which goes back with its publication; null before the approval."""

    version: int | None
    against: list[str]
    publication: PublicationOut | None


class PublishIn(Given):
    """The number of the version in force that was read. Sent twice it is published once."""

    version: int = Field(ge=1, le=10**6)


@router.get("/budget-years", response=answers(YearList, DESK), summary="Budget years")
def budget_years(request: HttpRequest, paging: Query[Paging]) -> Any:
    """Those with a budget that the caller may see, the latest first; all of them for the bureau."""
    return listed(request, selectors.years(actor_of(request, "read")), paging, year_shape)


@router.post("/budget-years", response=answers(YearOut, CHANGE, 201), summary="Open a budget year")
def open_year(request: HttpRequest, data: YearIn) -> Any:
    """Each of the units named gets an empty budget."""
    actor = require(actor_of(request, "budget"), "budget.open-year")
    units = [unit_of(code, f"units.{place}") for place, code in enumerate(dict.fromkeys(data.units))]
    made = years.year_open(
        actor=actor, year=data.year, dialect=clean(data.dialect), first_due=data.first_due, second_due=data.second_due,
        publish_due=data.publish_due, units=units, now=timezone.now(),
    )  # fmt: skip
    return Status(201, year_shape(made))


@router.post("/budget-years/{int:year}/budgets", response=answers(BudgetWhole, CHANGE, 201), summary="Begin a budget")
def start_budget(request: HttpRequest, year: int, data: StartIn) -> Any:
    """An empty budget for a unit that had none when the year was opened; where it has one, that one."""
    actor = require(actor_of(request, "budget"), "budget.open-year")
    made = years.budget_start(actor=actor, unit=unit_of(data.unit, "unit"), year=one_year(year), now=timezone.now())
    return Status(201, budget_whole(actor, made.pk))


@router.get("/budgets", response=answers(BudgetList, DESK), summary="Budgets")
def budgets(request: HttpRequest, asked: Query[BudgetFilter], paging: Query[Paging]) -> Any:
    """Those that the caller may see, the latest year first, by unit."""
    actor = actor_of(request, "read")
    found = budgets_of(actor)
    for name, value in (("year__year", asked.year), ("state", asked.state), ("unit__code", clean(asked.unit))):
        if value:
            found = found.filter(**{name: value})
    answer = listed(request, found.order_by("-year__year", "unit__code", "pk"), paging, lambda one: one)
    rows = selectors.listed(actor, answer["items"], timezone.localdate())
    return {**answer, "items": [budget_shape(one) for one in rows]}


@router.get("/budgets/{int:pk}", response=answers(BudgetWhole, DESK), summary="One budget")
def budget(request: HttpRequest, pk: int) -> Any:
    """Where it stands, what it sums up to, what is left of its control figures, what the caller may do now."""
    return budget_whole(actor_of(request, "read"), pk)


@router.post(
    "/budgets/{int:pk}/moves", response=answers(BudgetWhole, CHANGE), summary="Move a budget",
    description="A step of the yearly cycle, by whom it is given to; 409 from any other state:\n\n"
    + moves_said({name: workflow.TABLE[name] for name in _STEPS}),
)  # fmt: skip
def move_budget(request: HttpRequest, pk: int, data: MoveIn) -> Any:
    """A step of the yearly cycle."""
    actor = actor_of(request, "budget-step")
    with locked_budget(actor, pk, data.revision) as item:
        moves.budget_move(
            actor=actor, budget=item, move=data.move, now=timezone.now(), today=timezone.localdate(),
            reason=data.reason, said=[moves.Said(one.text, one.row, clean(one.column)) for one in data.remarks],
        )  # fmt: skip
    return budget_whole(actor, pk)


@router.post("/budgets/{int:pk}/copy", response=answers(CopiedOut, CHANGE), summary="Copy last year's budget forward")
def copy_forward(request: HttpRequest, pk: int, data: ActIn) -> Any:
    """Last year's approved budget with its codes carried over takes the place of what was typed."""
    actor = actor_of(request, "budget")
    with locked_budget(actor, pk, data.revision) as item:
        years.copy_forward(actor=actor, budget=item, now=timezone.now())
    item = one_budget(actor, pk)
    waiting = waiting_notes(item)
    return {"budget": budget_whole(actor, pk), "notes": [budget_note_shape(one, waiting) for one in item.notes]}


@router.get("/budgets/{int:pk}/notes", response=answers(NoteList, DESK), summary="What copying forward said")
def budget_notes(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """What could not be carried over from last year, and what is to be decided."""
    item = one_budget(actor_of(request, "read"), pk)
    waiting = waiting_notes(item)
    return listed(request, item.notes, paging, lambda one: budget_note_shape(one, waiting))


@router.post("/budgets/{int:pk}/notes/{str:note}/decision", response=answers(BudgetNoteOut, CHANGE), summary="Decide a note")  # fmt: skip
def decide_note(request: HttpRequest, pk: int, note: str, data: DecideIn) -> Any:
    """What was found stays as it is, or is to be decided again. While the budget is compiled; again changes nothing."""
    actor = actor_of(request, "budget")
    name = clean(note)
    with locked_budget(actor, pk, data.revision) as item:
        done = noted.note_decide(actor=actor, budget=item, name=name, kept=data.kept, now=timezone.now())
    found = next(one for one in done.notes if noted.name_of(one) == name)
    return budget_note_shape(found, waiting_notes(done))


@router.get("/budgets/{int:pk}/figures", response=answers(FigureList, DESK), summary="Control figures")
def budget_figures(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """What the bureau gives, what the budget spends of it, what is left."""
    item = one_budget(actor_of(request, "read"), pk)
    given = {one.project: one for one in item.controls.all()}
    used = books.used_and_given(item)
    return listed(request, used, paging, lambda one: _figure(one, given.get(one.project)))


@router.post("/budgets/{int:pk}/figures", response=answers(BudgetWhole, CHANGE), summary="Set the control figures")
def set_figures(request: HttpRequest, pk: int, data: FiguresIn) -> Any:
    """All of them, in place of those before. 409 once the budget is approved."""
    actor = actor_of(request, "budget")
    given = [
        years.Figure(
            one.project, fen_of(one.amount), one.staff, None if one.standard is None else fen_of(one.standard), one.remark
        )
        for one in data.figures
    ]  # fmt: skip
    with locked_budget(actor, pk, data.revision) as item:
        years.figures_set(actor=actor, budget=item, figures=given, now=timezone.now())
    return budget_whole(actor, pk)


@router.get("/budgets/{int:pk}/remarks", response=answers(RemarkList, DESK), summary="What was said of a budget")
def budget_remarks(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The open remarks first, then the newest."""
    item = one_budget(actor_of(request, "read"), pk)
    return listed(request, selectors.remarks_of(item), paging, remark_shape)


@router.post("/budgets/{int:pk}/remarks", response=answers(RemarkOut, CHANGE, 201), summary="Say something of a budget")
def add_remark(request: HttpRequest, pk: int, data: RemarkIn) -> Any:
    """Of the whole, of a row or of a cell."""
    actor = actor_of(request, "budget")
    said = moves.Said(data.text, data.row, clean(data.column))
    made = moves.remark_add(actor=actor, budget=one_budget(actor, pk), said=said, now=timezone.now())
    return Status(201, remark_shape(made))


@router.post("/budgets/{int:pk}/remarks/{int:remark}/settlement", response=answers(RemarkOut, CHANGE), summary="Settle a remark")  # fmt: skip
def settle_remark(request: HttpRequest, pk: int, remark: int) -> Any:
    """Mark it as settled. Again changes nothing."""
    actor = actor_of(request, "budget")
    said = one_budget(actor, pk).remarks.select_related("budget__unit")
    found = said.filter(pk=remark).first() if remark <= LARGEST_ID else None
    if found is None:
        raise missing("没有这条意见。", "There is no such remark.")
    return remark_shape(moves.remark_settle(actor=actor, remark=found))


@router.get("/budgets/{int:pk}/publication", response=answers(StandsOut, DESK), summary="What stands against publication")  # fmt: skip
def budget_publication(request: HttpRequest, pk: int) -> Any:
    """Composed and audited as its readers will: of the version in force, before the approval of the budget as it is."""
    item = one_budget(actor_of(request, "read"), pk)
    made = Publication.objects.filter(unit=item.unit, year=item.year.year, kind="budget", superseded_at=None)
    one = made.select_related("unit").first()
    return {
        "version": item.approved.number if item.approved else None,
        "against": [sentence(each) for each in publication.standing(item).against],
        "publication": publication_shape(request, one) if one else None,
    }


@router.post("/budgets/{int:pk}/publication", response=answers(PublicationOut, CHANGE, 201), summary="Publish a budget")
def publish_budget(request: HttpRequest, pk: int, data: PublishIn) -> Any:
    """Put the version in force into the open book, in all formats. 422 with what its audit finds."""
    actor = actor_of(request, "budget-step")
    item = one_budget(actor, pk)
    require(actor, "budget.publish", item.unit)
    # Not locked here: composing takes its time; the service asks again under its lock.
    check_version(item, data.version)
    done = publication.budget_publish(actor=actor, budget=item, now=timezone.now())
    return Status(201, publication_shape(request, Publication.objects.select_related("unit").get(pk=done.pk)))


@router.get("/budgets/{int:pk}/publication/files/{form}", response=answers(None, (*DESK, 409)), summary="A budget as it would be published", openapi_extra=_FILES)  # fmt: skip
def budget_preview(request: HttpRequest, pk: int, form: Literal["html", "docx", "xlsx", "pdf"]) -> Any:
    """The version in force, before the approval the budget as it is. 422 where the format cannot print it, or
    something is missing that must be said."""
    item = one_budget(actor_of(request, "read"), pk)
    made = proof.proof_of(item, publication.ledger_shown(item)).draft
    name, data = next(iter(files_of(made, (form,)).items()))
    headers = {
        "Content-Disposition": f'attachment; filename="draft-{name}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    }
    return conditional(request, data, lambda: HttpResponse(data, content_type=_TYPES[form], headers=headers))


def _figure(one: books.Used, given: ControlFigure | None) -> dict[str, Any]:
    return {
        "project": one.project, "used": money(one.used), "given": money(one.given), "left": money(one.left),
        "staff": given.staff if given else None, "standard": money(given.standard) if given else None,
        "remark": given.remark if given else "", "set_at": given.set_at if given else None,
    }  # fmt: skip
