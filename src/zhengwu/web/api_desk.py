"""The review desk as data: the board, documents, rounds, findings; and what comes in: files and comments."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from zhengwu.web.api_common import (
    ACTOR,
    CHANGE,
    DESK,
    Given,
    Paging,
    actor_of,
    answers,
    clean,
    english,
    listed,
    missing,
)
from zhengwu.web.api_shapes import (
    CommentList,
    CommentOut,
    DocumentList,
    DocumentOut,
    FindingList,
    FindingOut,
    RoundList,
    RoundOut,
    comment_shape,
    document_shape,
    documents_seen,
    finding_shape,
    one_document,
    one_finding,
    one_round,
    round_shape,
)
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import may, require
from zhengwu.web.reviews import selectors, services

router = Router(tags=["review desk"], auth=ACTOR)
_UNIT = Field("", max_length=40, description="the code of a unit")
_YEAR = Field(None, ge=1900, le=2200)
_KIND = Literal["", "budget", "final"]


class DocumentFilter(Schema):
    """Which documents."""

    unit: str = _UNIT
    year: int | None = _YEAR
    kind: _KIND = ""
    state: Literal["", "received", "confirming", "open", "returned", "done", "published"] = ""
    assigned_to: str = Field("", max_length=150, description="a user name")


class FindingFilter(Schema):
    """Which findings."""

    rule: str = Field("", max_length=80)
    severity: Literal["", "error", "warning", "info"] = ""
    decision: Literal["", "open", "accepted", "dismissed"] = ""
    assigned_to: str = Field("", max_length=150, description="a user name")


class BoardFilter(Schema):
    """Of which documents. ``unit`` is meant with those below it."""

    unit: str = _UNIT
    year: int | None = _YEAR
    kind: _KIND = ""
    mine: bool = False


class Counted(Schema):
    """How many there are of a rule, a year, a unit; ``key`` is empty for those without."""

    key: str
    name: str
    count: int


class BoardOut(Schema):
    """What there is to do: documents by state, year and unit, and findings not decided yet, in their last rounds, by
    severity and rule. The twelve largest of each."""

    states: dict[str, int]
    overdue: int
    severities: dict[str, int]
    rules: list[Counted]
    years: list[Counted]
    units: list[Counted]


class UploadIn(Given):
    """For which unit files are uploaded; without it they are of the caller's."""

    unit: str = _UNIT


class CommentIn(Given):
    """A comment."""

    text: str = Field(min_length=1, max_length=4000)


class UploadOut(Schema):
    """What became of an upload: rounds that wait for their audit, and why others were not taken."""

    rounds: list[RoundOut]
    refused: list[str]


@router.get("/board", response=answers(BoardOut, DESK), summary="The board")
def board(request: HttpRequest, asked: Query[BoardFilter]) -> Any:
    """What is left to do, of the documents that the caller may see."""
    actor = actor_of(request, "read")
    unit = None
    if asked.unit:
        unit = next((one for one in selectors.units_seen(actor) if one.code == asked.unit), None)
        if unit is None:
            raise missing("没有这个单位代码。", "There is no unit of this code.")
    wanted = selectors.BoardFilters(unit=unit, year=asked.year, kind=asked.kind, mine=asked.mine)
    found = selectors.board(actor, wanted, timezone.localdate())
    codes = dict(Unit.objects.filter(pk__in=[pk for pk, _name, _count in found.units if pk]).values_list("pk", "code"))
    return {
        "states": found.states,
        "overdue": found.overdue,
        "severities": found.severities,
        "rules": [{"key": rule, "name": rule, "count": count} for rule, count in found.rules],
        "years": [{"key": str(year or ""), "name": str(year or ""), "count": count} for year, count in found.years],
        "units": [{"key": codes.get(pk, ""), "name": name, "count": count} for pk, name, count in found.units],
    }


@router.get("/documents", response=answers(DocumentList, DESK), summary="Documents under review")
def documents(request: HttpRequest, asked: Query[DocumentFilter], paging: Query[Paging]) -> Any:
    """Those that the caller may see, the newest first."""
    found = documents_seen(actor_of(request, "read"))
    for name, value in (
        ("unit__code", clean(asked.unit)),
        ("year", asked.year),
        ("kind", asked.kind),
        ("state", asked.state),
        ("assigned_to__username", clean(asked.assigned_to)),
    ):
        if value:
            found = found.filter(**{name: value})
    return listed(request, found.order_by("-created_at", "-pk"), paging, document_shape)


@router.get("/documents/{int:pk}", response=answers(DocumentOut, DESK), summary="One document")
def document(request: HttpRequest, pk: int) -> Any:
    """A document that the caller may see."""
    return document_shape(one_document(actor_of(request, "read"), pk))


@router.get("/documents/{int:pk}/rounds", response=answers(RoundList, DESK), summary="The rounds of a document")
def rounds(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The first version first."""
    made = one_document(actor_of(request, "read"), pk)
    return listed(request, made.rounds.defer(*selectors.HEAVY).order_by("number"), paging, round_shape)


@router.post("/documents", response=answers(UploadOut, CHANGE, 201), summary="Upload documents")
def upload(request: HttpRequest, data: Form[UploadIn], files: File[list[UploadedFile]]) -> Any:
    """Each file becomes a document; its audit follows in the background: ask for its round. Where none was taken,
    the answer is 422 and says why."""
    actor = actor_of(request, "upload")
    unit = _unit(actor, data.unit) if data.unit else None
    return _uploaded(services.document_upload(actor=actor, files=files, unit=unit, now=timezone.now()))


@router.post("/documents/{int:pk}/rounds", response=answers(UploadOut, CHANGE, 201), summary="Upload a mended version")
def upload_round(request: HttpRequest, pk: int, file: File[UploadedFile]) -> Any:
    """The next round of a document. 409 while the version before is being audited."""
    actor = actor_of(request, "upload")
    made = one_document(actor, pk)
    return _uploaded(services.document_upload(actor=actor, files=[file], document=made, now=timezone.now()))


@router.get("/rounds/{int:pk}", response=answers(RoundOut, DESK), summary="One round")
def round_(request: HttpRequest, pk: int) -> Any:
    """How far its audit is, what it was recognised to be, and what it covered."""
    return round_shape(one_round(actor_of(request, "read"), pk))


@router.get("/rounds/{int:pk}/findings", response=answers(FindingList, DESK), summary="The findings of a round")
def findings(request: HttpRequest, pk: int, asked: Query[FindingFilter], paging: Query[Paging]) -> Any:
    """In the order of the document."""
    made = one_round(actor_of(request, "read"), pk)
    found = made.findings.select_related("decided_by", "assigned_to").defer("context").order_by("position")
    for name, value in (
        ("rule", clean(asked.rule)),
        ("severity", asked.severity),
        ("decision", asked.decision),
        ("assigned_to__username", clean(asked.assigned_to)),
    ):
        if value:
            found = found.filter(**{name: value})
    return listed(request, found, paging, finding_shape)


@router.get("/findings/{int:pk}", response=answers(FindingOut, DESK), summary="One finding")
def finding(request: HttpRequest, pk: int) -> Any:
    """With what was decided."""
    return finding_shape(one_finding(actor_of(request, "read"), pk))


@router.get("/findings/{int:pk}/comments", response=answers(CommentList, DESK), summary="Comments on a finding")
def comments(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The oldest first."""
    found = one_finding(actor_of(request, "read"), pk).comments.select_related("author")
    return listed(request, found.order_by("at", "pk"), paging, comment_shape)


@router.post("/findings/{int:pk}/comments", response=answers(CommentOut, CHANGE, 201), summary="Comment a finding")
def comment(request: HttpRequest, pk: int, data: CommentIn) -> Any:
    """Say something about it."""
    actor = actor_of(request, "decide")
    made = services.finding_comment(actor=actor, finding=one_finding(actor, pk), text=clean(data.text))
    return Status(201, comment_shape(made))


def _unit(actor: User, code: str) -> Unit:
    """A unit that the caller may upload for; whether there is any other is nobody else's business."""
    require(actor, "document.upload")
    unit = Unit.objects.filter(code=clean(code)).first()
    if unit is None or not may(actor, "document.upload", unit):
        raise missing("没有这个单位代码。", "There is no unit of this code.")
    return unit


def _uploaded(done: services.Uploaded) -> Any:
    language = "en" if english() else "zh"
    if not done.rounds:
        first = done.refused[0]
        raise FieldRefusedError("files", f"{first.name}：{first.reason.zh}", f"{first.name}: {first.reason.en}")
    return Status(
        201,
        {
            "rounds": [round_shape(one) for one in done.rounds],
            "refused": [f"{one.name}: {one.reason.in_language(language)}" for one in done.refused],
        },
    )
