"""The ledger of a budget by its rows: read, saved, checked, with the codes that they may use; as data and as a workbook,
out and in, that of an earlier year too."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, File, Form, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import AfterValidator, AwareDatetime

from zhengwu.ledger import codes
from zhengwu.ledger.store import ledger_from
from zhengwu.ledger.template import workbook_of
from zhengwu.reading.limits import MAX_BYTES
from zhengwu.web.api_answers import conditional
from zhengwu.web.api_budget_shapes import (
    ActIn,
    BudgetWhole,
    Cells,
    RowKey,
    RowOut,
    SheetKey,
    budget_whole,
    cell_of,
    locked_budget,
    one_budget,
    plain_of,
    row_shape,
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
    english,
    listed,
)
from zhengwu.web.budgets import books, grids, years
from zhengwu.web.budgets.moves import digest_of
from zhengwu.web.budgets.rows import MOST_CHANGES, Change, rows_save
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.permissions import require

router = Router(tags=["budget desk"], auth=ACTOR)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_CODES = 100_000
_BOOK = {"responses": {200: {"content": {_XLSX: {"schema": {"type": "string", "contentMediaType": _XLSX}}}}}}


class Since(Schema):
    """Which rows: all that stand, or those that were changed after the budget's ``edits`` was ``since``."""

    since: int | None = Field(None, ge=0, le=LARGEST_ID, description="those taken out among them")


class RowList(Listed):
    """A piece of the rows of a sheet. Go on from the ``edits`` of the first piece: what is told twice does no harm."""

    edits: int
    editable: bool
    items: list[RowOut]


class ChangeIn(Given):
    """What is done to a row. Without ``row`` it is a new one: ``name``, which the caller makes up, tells it apart, and
    sent twice it is made once. ``cells``: what was typed, by column; ``seen``: what stood there when typing began;
    ``gone``: true takes the row out, false brings it back."""

    name: str = Field(pattern=r"^[^\x00]{1,40}$")
    row: RowKey | None = None
    cells: Cells = Field(default_factory=dict)
    seen: Cells = Field(default_factory=dict)
    gone: bool | None = None


def _once(given: list[ChangeIn]) -> list[ChangeIn]:
    """One row, one change: the second of two would be held against a row that is not written yet."""
    rows = [one.row for one in given if one.row is not None]
    if len({one.name for one in given}) != len(given) or len(set(rows)) != len(rows):
        raise ValueError("a name or row stands twice")
    return given


class RowsIn(Given):
    """Changes of rows of one sheet; each name and each row once."""

    changes: Annotated[list[ChangeIn], AfterValidator(_once)] = Field(min_length=1, max_length=MOST_CHANGES)


class AssetDateIn(ActIn):
    """As of which day the assets stand, as it is printed."""

    date: str = Field(max_length=40)


class TheirsOut(Schema):
    """What somebody else has typed into a cell meanwhile."""

    value: Any
    by: str
    at: AwareDatetime


class OutcomeOut(Schema):
    """What became of a change. ``wrong``: by column why a cell was not taken; ``theirs``: by column what stands there
    of somebody else: then the row is as it was; "" for the row itself. ``touched``: columns that others have changed
    while this change was taken."""

    name: str
    taken: bool
    row: RowOut | None
    wrong: dict[str, str]
    theirs: dict[str, TheirsOut]
    touched: list[str]


class SavedOut(Schema):
    """The outcomes in the order of the changes, and the budget's ``edits`` after them."""

    edits: int
    outcomes: list[OutcomeOut]


class FaultOut(Schema):
    """What is wrong: in which sheet, row (its ``number`` in the workbook, 0 for none) and column ("" for none)."""

    sheet: str
    row: int | None
    number: int
    column: str
    message: str


class FaultList(Listed):
    """A piece of what is wrong with a budget. ``counts``: of how much by sheet."""

    edits: int
    counts: dict[str, int]
    items: list[FaultOut]


class FaultFilter(Schema):
    """Which faults."""

    sheet: SheetKey | Literal[""] = ""


class CodeOut(Schema):
    """A code and what it is called; ``above``: the names of what it belongs to, the widest first."""

    code: str
    name: str
    above: list[str]


class CodeList(Listed):
    """A piece of a classification."""

    items: list[CodeOut]


class CodeFilter(Schema):
    """Which codes. ``q``: the beginning of a code, or a part of a name."""

    q: str = Field("", max_length=100)


class Which(Schema):
    """Which ledger: that of a version, or the budget as it now is."""

    version: int | None = Field(None, ge=1, le=10**6, description="its number")


@router.get("/budgets/{int:pk}/rows/{sheet}", response=answers(RowList, DESK), summary="The rows of a sheet")
def budget_rows(
    request: HttpRequest, pk: int, sheet: Path[SheetKey], asked: Query[Since], paging: Query[Paging]
) -> Any:
    """In their order."""
    item = one_budget(actor_of(request, "read"), pk)
    found = item.rows.filter(sheet=sheet, **({"gone": False} if asked.since is None else {"stamp__gt": asked.since}))
    answer = listed(request, found.select_related("changed_by").order_by("position", "pk"), paging, row_shape)
    return {**answer, "edits": item.revision, "editable": grids.editable(item)}


@router.post("/budgets/{int:pk}/rows/{sheet}", response=answers(SavedOut, CHANGE), summary="Save rows")
def save_rows(request: HttpRequest, pk: int, sheet: Path[SheetKey], data: RowsIn) -> Any:
    """Each change by itself: what can be taken is taken, and of the others it is told why not. 409 where the budget is
    not being compiled."""
    actor = actor_of(request, "budget")
    item = one_budget(actor, pk)
    given = [Change(one.name, one.row, one.cells, one.seen, one.gone) for one in data.changes]
    saved = rows_save(actor=actor, budget=item, sheet_key=sheet, changes=given, now=timezone.now())
    prefetch_related_objects([one.row for one in saved.outcomes if one.row], "changed_by")
    told = grids.outcomes(item, sheet, saved.outcomes)
    made = []
    for entry, one in zip(told, saved.outcomes, strict=True):
        theirs = {
            column: {"value": cell_of(sheet, column, value), "by": by, "at": datetime.fromtimestamp(at, UTC)}
            for column, (value, by, at) in entry["theirs"].items()
        }
        made.append({**entry, "row": row_shape(one.row) if one.row else None, "theirs": theirs})
    return {"edits": saved.revision, "outcomes": made}


@router.get("/budgets/{int:pk}/faults", response=answers(FaultList, DESK), summary="What is wrong with a budget")
def budget_faults(request: HttpRequest, pk: int, asked: Query[FaultFilter], paging: Query[Paging]) -> Any:
    """The live audit of all its sheets together, and where it is above its control figures."""
    checked = books.checked(one_budget(actor_of(request, "read"), pk))
    counts: dict[str, int] = {}
    for one in checked.faults:
        counts[one.sheet] = counts.get(one.sheet, 0) + 1
    found = [one for one in checked.faults if asked.sheet in ("", one.sheet)]
    return {**listed(request, found, paging, _fault), "edits": checked.revision, "counts": counts}


@router.get("/budgets/{int:pk}/ledger", response=answers(dict[str, Any], DESK), summary="A ledger as data")
def budget_ledger(request: HttpRequest, pk: int, asked: Query[Which]) -> Any:
    """All sheets: {"format": 1, "budget": {…}, "lines": [{"row": 2, …}], …}. Here amounts are whole 分: this is the form
    in which a version is kept, and over which its ``sha256`` is made."""
    return plain_of(one_budget(actor_of(request, "read"), pk), asked.version)


@router.get("/budgets/{int:pk}/workbook", response=answers(None, DESK), summary="A ledger as a workbook", openapi_extra=_BOOK)  # fmt: skip
def budget_workbook(request: HttpRequest, pk: int, asked: Query[Which]) -> Any:
    """The workbook that the ledger is exported to and taken in from."""
    made = plain_of(one_budget(actor_of(request, "read"), pk), asked.version)
    language: Literal["zh", "en"] = "en" if english() else "zh"

    def written() -> HttpResponse:
        content = workbook_of(ledger_from(made, gaps=True), language)
        name = f'attachment; filename="ledger-{made["budget"]["year"]}.xlsx"'
        return HttpResponse(content, content_type=_XLSX, headers={"Content-Disposition": name})

    return conditional(request, f"{digest_of(made)} {language}".encode(), written)


@router.post("/budgets/{int:pk}/workbook", response=answers(BudgetWhole, CHANGE), summary="Take a ledger workbook")
def take_workbook(request: HttpRequest, pk: int, data: Form[ActIn], file: File[UploadedFile]) -> Any:
    """It takes the place of what the budget holds, or nothing of it is taken: then ``fields`` name each cell that
    cannot be read, as sheet.row.column."""
    actor = actor_of(request, "budget")
    content = file.read(MAX_BYTES + 1)
    with locked_budget(actor, pk, data.revision) as item:
        years.ledger_take(actor=actor, budget=item, data=content, name=clean(file.name or ""), now=timezone.now())
    return budget_whole(actor, pk)


@router.post("/budgets/{int:pk}/asset-date", response=answers(BudgetWhole, CHANGE), summary="Say as of which day the assets stand")  # fmt: skip
def set_asset_date(request: HttpRequest, pk: int, data: AssetDateIn) -> Any:
    """The day as it is printed; empty for the end of the year before."""
    actor = actor_of(request, "budget")
    with locked_budget(actor, pk, data.revision) as item:
        years.asset_date_set(actor=actor, budget=item, date=clean(data.date))
    return budget_whole(actor, pk)


@router.post(
    "/budgets/{int:pk}/earlier", response=answers(BudgetWhole, CHANGE, 201), summary="Take over an earlier year"
)
def take_earlier(request: HttpRequest, pk: int, file: File[UploadedFile]) -> Any:
    """The ledger workbook of a year that was compiled elsewhere, whole and sound, becomes a budget of the same unit that
    can be copied forward; the answer is that one. 409 where the unit has a budget of that year or of one before it."""
    actor = actor_of(request, "budget")
    item = one_budget(actor, pk)
    require(actor, "budget.edit", item.unit)
    content = file.read(MAX_BYTES + 1)
    made = years.earlier_take(
        actor=actor, unit=item.unit, data=content, name=clean(file.name or ""), now=timezone.now()
    )
    return Status(201, budget_whole(actor, made.pk))


@router.get("/budgets/{int:pk}/codes/{kind}", response=answers(CodeList, DESK), summary="Codes that lines may use")
def budget_codes(
    request: HttpRequest, pk: int, kind: codes.Kind, asked: Query[CodeFilter], paging: Query[Paging]
) -> Any:
    """Of a classification of the budget's year, with those that the budget adds; the best first where something was
    asked for, else by code."""
    item = one_budget(actor_of(request, "read"), pk)
    extra = grids.own_codes(item)
    found = codes.search(kind, clean(asked.q), item.year.year, extra=extra, limit=_MOST_CODES)
    return listed(request, found, paging, _code)


def _code(one: codes.Hit) -> dict[str, Any]:
    return {"code": one.code, "name": one.name, "above": [name for _code, name in one.path if name]}


def _fault(one: books.Fault) -> dict[str, Any]:
    return {
        "sheet": one.sheet, "row": one.row, "number": one.number, "column": one.column,
        "message": sentence(one.message),
    }  # fmt: skip
