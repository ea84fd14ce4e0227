"""The review desk as data: for people who are signed in and for their tokens, within their permissions."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import AwareDatetime

from zhengwu.web.api_common import ACTOR, Listed, Paging, Problem, actor_of, listed, missing
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import visible
from zhengwu.web.reviews import services
from zhengwu.web.reviews.models import Comment, Document, Finding, Round

router = Router(tags=["review desk"], auth=ACTOR)
_PROBLEMS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem}
_LARGEST_ID = 2**63 - 1


class DocumentOut(Schema):
    """A document under review."""

    id: int
    unit: str | None
    unit_name: str | None
    year: int | None
    kind: str
    title: str
    state: str
    assigned_to: str | None
    due: str | None
    created_at: AwareDatetime
    return_reason: str


class DocumentList(Listed):
    """A piece of the list of documents."""

    items: list[DocumentOut]


class RoundOut(Schema):
    """A version of a document and its audit."""

    id: int
    document: int
    number: int
    name: str
    sha256: str
    size: int
    format: str
    pages: int | None
    dialect: str
    job: str
    error: str
    amounts: int
    tied: int
    uploaded_at: AwareDatetime


class RoundList(Listed):
    """A piece of the list of rounds."""

    items: list[RoundOut]


class FindingOut(Schema):
    """A finding and what was decided. ``revision`` goes back with a decision."""

    id: int
    round: int
    position: int
    fingerprint: str
    rule: str
    severity: str
    message: str
    steps: list[str]
    table: str
    page: int | None
    places: list[dict[str, Any]]
    expected: str
    actual: str
    difference: str
    decision: str
    reason: str
    decided_by: str | None
    decided_at: AwareDatetime | None
    remains: bool
    revision: int


class FindingList(Listed):
    """A piece of the list of findings."""

    items: list[FindingOut]


class CommentOut(Schema):
    """What somebody said about a finding."""

    id: int
    author: str
    text: str
    at: AwareDatetime


class CommentList(Listed):
    """A piece of the list of comments."""

    items: list[CommentOut]


class DocumentFilter(Schema):
    """Which documents."""

    unit: str = Field("", max_length=40)
    year: int | None = Field(None, ge=1900, le=2200)
    state: Literal["", "received", "confirming", "open", "returned", "done", "published"] = ""


class FindingFilter(Schema):
    """Which findings."""

    rule: str = Field("", max_length=80)
    severity: str = Field("", max_length=10)
    decision: Literal["", "open", "accepted", "dismissed"] = ""


class DecisionIn(Schema):
    """A decision about a finding, on the ``revision`` that was read."""

    decision: Literal["open", "accepted", "dismissed"]
    reason: str = Field("", max_length=4000)
    revision: int = Field(ge=0, le=2**31 - 1)


class CommentIn(Schema):
    """A comment."""

    text: str = Field(min_length=1, max_length=4000)


class UploadIn(Schema):
    """For which unit files are uploaded; without it they are of the caller's."""

    unit: str = Field("", max_length=40)


class UploadOut(Schema):
    """What became of an upload: rounds that wait for their audit, and why others were not taken."""

    rounds: list[RoundOut]
    refused: list[str]


@router.get("/documents", response={200: DocumentList, **_PROBLEMS}, summary="Documents under review")
def documents(request: HttpRequest, asked: Query[DocumentFilter], paging: Query[Paging]) -> Any:
    """Those that the caller may see, the newest first."""
    found = _documents(actor_of(request, "read"))
    for name, value in (("unit__code", _clean(asked.unit)), ("year", asked.year), ("state", asked.state)):
        if value:
            found = found.filter(**{name: value})
    return listed(request, found.order_by("-created_at", "-pk"), paging, _document)


@router.get("/documents/{int:pk}", response={200: DocumentOut, **_PROBLEMS}, summary="One document")
def document(request: HttpRequest, pk: int) -> Any:
    """A document that the caller may see."""
    return _document(_one(actor_of(request, "read"), pk))


@router.get("/documents/{int:pk}/rounds", response={200: RoundList, **_PROBLEMS}, summary="The rounds of a document")
def rounds(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The first version first."""
    made = _one(actor_of(request, "read"), pk)
    return listed(request, _light(made.rounds.order_by("number")), paging, _round)


@router.post("/documents", response={201: UploadOut, **_PROBLEMS}, summary="Upload documents")
def upload(request: HttpRequest, data: Form[UploadIn], files: File[list[UploadedFile]]) -> Any:
    """Each file becomes a document; its audit follows in the background: ask for its round."""
    actor = actor_of(request, "upload")
    unit = None
    if data.unit:
        unit = Unit.objects.filter(code=_clean(data.unit)).first()
        if unit is None:
            raise missing("没有这个单位代码。", "There is no unit of this code.")
    return Status(201, _uploaded(services.document_upload(actor=actor, files=files, unit=unit, now=timezone.now())))


@router.post("/documents/{int:pk}/rounds", response={201: UploadOut, **_PROBLEMS}, summary="Upload a mended version")
def upload_round(request: HttpRequest, pk: int, file: File[UploadedFile]) -> Any:
    """The next round of a document."""
    actor = actor_of(request, "upload")
    document = _one(actor, pk)
    return Status(
        201, _uploaded(services.document_upload(actor=actor, files=[file], document=document, now=timezone.now()))
    )


@router.get("/rounds/{int:pk}", response={200: RoundOut, **_PROBLEMS}, summary="One round")
def one_round(request: HttpRequest, pk: int) -> Any:
    """How far its audit is, and what it covered."""
    return _round(_one_round(actor_of(request, "read"), pk))


@router.get("/rounds/{int:pk}/findings", response={200: FindingList, **_PROBLEMS}, summary="The findings of a round")
def findings(request: HttpRequest, pk: int, asked: Query[FindingFilter], paging: Query[Paging]) -> Any:
    """In the order of the document."""
    made = _one_round(actor_of(request, "read"), pk)
    found = made.findings.select_related("decided_by").order_by("position")
    for name in ("rule", "severity", "decision"):
        if value := _clean(getattr(asked, name)):
            found = found.filter(**{name: value})
    return listed(request, found, paging, _finding)


@router.get("/findings/{int:pk}", response={200: FindingOut, **_PROBLEMS}, summary="One finding")
def finding(request: HttpRequest, pk: int) -> Any:
    """With what was decided."""
    return _finding(_one_finding(actor_of(request, "read"), pk))


@router.post("/findings/{int:pk}/decision", response={200: FindingOut, **_PROBLEMS}, summary="Decide a finding")
def decide(request: HttpRequest, pk: int, data: DecisionIn) -> Any:
    """Accept it as a defect, dismiss it with a reason, open it again."""
    actor = actor_of(request, "decide")
    services.finding_decide(
        actor=actor, finding=_one_finding(actor, pk), decision=data.decision, reason=_clean(data.reason),
        revision=data.revision, now=timezone.now(),
    )  # fmt: skip
    return _finding(_one_finding(actor, pk))


@router.get("/findings/{int:pk}/comments", response={200: CommentList, **_PROBLEMS}, summary="Comments on a finding")
def comments(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The oldest first."""
    found = _one_finding(actor_of(request, "read"), pk).comments.select_related("author")
    return listed(request, found.order_by("at", "pk"), paging, _comment)


@router.post("/findings/{int:pk}/comments", response={201: CommentOut, **_PROBLEMS}, summary="Comment a finding")
def comment(request: HttpRequest, pk: int, data: CommentIn) -> Any:
    """Say something about it."""
    actor = actor_of(request, "decide")
    made = services.finding_comment(actor=actor, finding=_one_finding(actor, pk), text=_clean(data.text))
    return Status(201, _comment(made))


def _documents(actor: User) -> QuerySet[Document]:
    """What the caller may see."""
    return visible(Document.objects.select_related("unit", "assigned_to"), actor)


def _one(actor: User, pk: int) -> Document:
    found = _documents(actor).filter(pk=pk).first() if pk <= _LARGEST_ID else None
    if found is None:
        raise missing("没有这份文件，或您不能查看它。", "There is no such document, or you may not see it.")
    return found


def _light(found: QuerySet[Round]) -> QuerySet[Round]:
    return found.defer("report", "reading", "coverage", "recognised")


def _one_round(actor: User, pk: int) -> Round:
    asked = Round.objects.filter(pk=pk, document__in=_documents(actor).values("pk"))
    found = _light(asked).first() if pk <= _LARGEST_ID else None
    if found is None:
        raise missing("没有这一轮，或您不能查看它。", "There is no such round, or you may not see it.")
    return found


def _one_finding(actor: User, pk: int) -> Finding:
    asked = Finding.objects.filter(pk=pk, round__document__in=_documents(actor).values("pk"))
    chosen = asked.select_related("decided_by", "round__document__unit").defer(
        "round__report", "round__reading", "round__coverage"
    )
    found = chosen.first() if pk <= _LARGEST_ID else None
    if found is None:
        raise missing("没有这个问题，或您不能查看它。", "There is no such finding, or you may not see it.")
    return found


def _clean(text: str) -> str:
    return text.replace("\x00", "")


def _uploaded(done: services.Uploaded) -> dict[str, Any]:
    language = "en" if _english() else "zh"
    return {
        "rounds": [_round(one) for one in done.rounds],
        "refused": [f"{one.name}: {one.reason.in_language(language)}" for one in done.refused],
    }


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _document(one: Document) -> dict[str, Any]:
    return {
        "id": one.pk, "unit": one.unit.code if one.unit else None, "unit_name": one.unit.name if one.unit else None,
        "year": one.year, "kind": one.kind, "title": one.title, "state": one.state,
        "assigned_to": one.assigned_to.username if one.assigned_to else None,
        "due": one.due.isoformat() if one.due else None, "created_at": one.created_at, "return_reason": one.return_reason,
    }  # fmt: skip


def _round(one: Round) -> dict[str, Any]:
    names = ("number", "name", "sha256", "size", "format", "pages", "dialect", "job", "amounts", "tied", "uploaded_at")
    error = one.error_en if _english() else one.error_zh
    return {**{name: getattr(one, name) for name in names}, "id": one.pk, "document": one.document_id, "error": error}


def _finding(one: Finding) -> dict[str, Any]:
    names = (
        "position", "fingerprint", "rule", "severity", "table", "page", "places", "expected", "actual", "difference",
        "decision", "reason", "decided_at", "revision",
    )  # fmt: skip
    english = _english()
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "round": one.round_id,
        "message": one.message_en if english else one.message_zh,
        "steps": one.steps_en if english else one.steps_zh,
        "decided_by": one.decided_by.username if one.decided_by else None,
        "remains": one.earlier_id is not None,
    }


def _comment(one: Comment) -> dict[str, Any]:
    return {"id": one.pk, "author": one.author.username, "text": one.text, "at": one.at}
