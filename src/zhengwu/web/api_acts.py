"""What is done at the review desk: each operation calls one service. Whoever changes a document says which
``revision`` of it was read; whoever decides a finding, which of its; whoever assigns one, to whom it was ``before``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Status

from zhengwu.model.message import RefusedError
from zhengwu.web.api_common import ACTOR, CHANGE, Day, Given, actor_of, answers, clean
from zhengwu.web.api_shapes import (
    DocumentOut,
    FindingOut,
    PublicationOut,
    document_shape,
    documents_seen,
    finding_shape,
    one_document,
    one_finding,
    publication_shape,
    revision_of,
)
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import may, require
from zhengwu.web.explorer.models import Publication
from zhengwu.web.explorer.services import publication_publish
from zhengwu.web.reviews import selectors, services
from zhengwu.web.reviews.models import Document, Finding

router = Router(tags=["review desk"], auth=ACTOR)
_REASON = Field("", max_length=4000)
_PERSON = Field(max_length=150, description="a user name; null: nobody")


class DocumentActIn(Given):
    """What is done, to the ``revision`` that was read."""

    revision: str = Field(max_length=40)


class ConfirmIn(DocumentActIn):
    """Whose document it is. Without a title it is named after unit, year and kind."""

    unit: str = Field(max_length=40, description="the code of a unit")
    year: int = Field(ge=2000, le=2099)
    kind: Literal["budget", "final"]
    title: str = Field("", max_length=200)


class AssignIn(DocumentActIn):
    """Whom a document is given to, and until when it is due."""

    to: str | None = _PERSON
    due: Day | None = None


class ReturnIn(DocumentActIn):
    """Why a document goes back."""

    reason: str = Field(min_length=1, max_length=4000)


class DecisionIn(Given):
    """A decision about a finding, on the ``revision`` that was read."""

    decision: Literal["open", "accepted", "dismissed"]
    reason: str = _REASON
    revision: int = Field(ge=0, le=2**31 - 1)


class FindingAssignIn(Given):
    """Whom a finding is given to, and whose it was when it was read."""

    to: str | None = _PERSON
    before: str | None = _PERSON


@router.post("/documents/{int:pk}/confirmation", response=answers(DocumentOut, CHANGE), summary="Confirm a document")
def confirm(request: HttpRequest, pk: int, data: ConfirmIn) -> Any:
    """Unit, year and kind are right. Where the unit has such a document already, this one becomes its next round:
    the answer is that document."""
    actor = actor_of(request, "upload")
    require(actor, "document.confirm")
    # Not locked here: the service locks the unit first, and its table of moves refuses the second of two.
    made = _as_read(one_document(actor, pk), data.revision)
    unit = Unit.objects.filter(code=clean(data.unit)).first()
    if unit is None or not may(actor, "document.confirm", unit):
        raise FieldRefusedError("unit", "没有这个单位代码，或您不能为它确认。", "There is no unit of this code that you may confirm for.")  # fmt: skip
    done = services.document_confirm(
        actor=actor, document=made, unit=unit, year=data.year, kind=data.kind, title=clean(data.title)
    )
    return document_shape(one_document(actor, done.pk))


@router.post("/documents/{int:pk}/assignment", response=answers(DocumentOut, CHANGE), summary="Assign a document")
def assign(request: HttpRequest, pk: int, data: AssignIn) -> Any:
    """Give a document to a reviewer, or to nobody."""
    actor = actor_of(request, "decide")
    with _locked(actor, pk, data.revision) as made:
        require(actor, "document.assign", made.unit)
        to = _person(selectors.reviewers(), data.to)
        services.document_assign(actor=actor, document=made, to=to, due=data.due)
    return document_shape(one_document(actor, pk))


@router.post("/documents/{int:pk}/return", response=answers(DocumentOut, CHANGE), summary="Return a document")
def return_(request: HttpRequest, pk: int, data: ReturnIn) -> Any:
    """Give a document back to its unit, to be mended."""
    actor = actor_of(request, "decide")
    with _locked(actor, pk, data.revision) as made:
        services.document_return(actor=actor, document=made, reason=clean(data.reason))
    return document_shape(one_document(actor, pk))


@router.post("/documents/{int:pk}/closing", response=answers(DocumentOut, CHANGE), summary="End a review")
def close(request: HttpRequest, pk: int, data: DocumentActIn) -> Any:
    """Every error and warning of the last round was decided: the review is done."""
    actor = actor_of(request, "decide")
    with _locked(actor, pk, data.revision) as made:
        services.document_close(actor=actor, document=made)
    return document_shape(one_document(actor, pk))


@router.post(
    "/documents/{int:pk}/publication", response=answers(PublicationOut, CHANGE, 201), summary="Publish a document"
)
def publish(request: HttpRequest, pk: int, data: DocumentActIn) -> Any:
    """Put a reviewed document into the open book: for good. The edition before it stays, superseded."""
    actor = actor_of(request, "decide")
    # Not locked here: reading the document takes its time; the service asks again under its lock.
    made = _as_read(one_document(actor, pk), data.revision)
    done = publication_publish(actor=actor, document=made, now=timezone.now())
    return Status(201, publication_shape(request, Publication.objects.select_related("unit").get(pk=done.pk)))


@router.post("/findings/{int:pk}/decision", response=answers(FindingOut, CHANGE), summary="Decide a finding")
def decide(request: HttpRequest, pk: int, data: DecisionIn) -> Any:
    """Accept it as a defect, dismiss it with a reason, open it again."""
    actor = actor_of(request, "decide")
    services.finding_decide(
        actor=actor, finding=one_finding(actor, pk), decision=data.decision, reason=clean(data.reason),
        revision=data.revision, now=timezone.now(),
    )  # fmt: skip
    return finding_shape(one_finding(actor, pk))


@router.post("/findings/{int:pk}/assignment", response=answers(FindingOut, CHANGE), summary="Assign a finding")
def assign_finding(request: HttpRequest, pk: int, data: FindingAssignIn) -> Any:
    """Give a finding to a reviewer or to somebody of the document's unit, or to nobody."""
    actor = actor_of(request, "decide")
    made = one_finding(actor, pk)
    require(actor, "document.assign", made.round.document.unit)
    to = _person(selectors.assignees(made.round.document), data.to)
    with transaction.atomic():
        # The document first, as the services lock.
        Document.objects.select_for_update(no_key=True).filter(pk=made.round.document_id).first()
        had = Finding.objects.filter(pk=pk).values_list("assigned_to__username", flat=True).first()
        if had != data.before:
            raise _changed()
        services.finding_assign(actor=actor, finding=made, to=to)
    return finding_shape(one_finding(actor, pk))


@contextmanager
def _locked(actor: User, pk: int, revision: str) -> Iterator[Document]:
    """A document as the caller read it, locked until what is done to it is done. Raises RefusedError "conflict"
    where it changed since, "not-found"."""
    with transaction.atomic():
        locked = documents_seen(actor).select_for_update(of=("self",), no_key=True)
        yield _as_read(one_document(actor, pk, locked), revision)


def _as_read(document: Document, revision: str) -> Document:
    if revision_of(document) != revision:
        raise _changed()
    return document


def _changed() -> RefusedError:
    return RefusedError(
        "conflict",
        "在您读取之后，内容已有变化；请重新读取后再决定。",
        "It has changed since it was read; read it again before you decide.",
    )


def _person(among: list[User], username: str | None) -> User | None:
    """One of those whom something can be given to. Raises FieldRefusedError for anybody else."""
    if username is None:
        return None
    for one in among:
        if one.username == username:
            return one
    raise FieldRefusedError(
        "to", f"“{username}”不是可以指派的人。", f"“{username}” is nobody to whom this can be given."
    )
