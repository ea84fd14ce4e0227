"""What the API says of documents, rounds, findings and publications: the shapes, and how each is filled."""

import hashlib
import json
from datetime import date
from typing import Any, Literal

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from ninja import Schema
from pydantic import AwareDatetime

from zhengwu.web.api_common import LARGEST_ID, Listed, english, missing
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import visible
from zhengwu.web.explorer.addresses import document_address
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews import selectors
from zhengwu.web.reviews.models import Comment, Document, Finding, Round


class DocumentOut(Schema):
    """A document under review. ``round``: the number of its last version. ``revision`` goes back with what changes
    the document."""

    id: int
    unit: str | None
    unit_name: str | None
    year: int | None
    kind: Literal["", "budget", "final"]
    title: str
    state: Literal["received", "confirming", "open", "returned", "done", "published"]
    assigned_to: str | None
    due: date | None
    created_at: AwareDatetime
    return_reason: str
    round: int | None
    revision: str


class DocumentList(Listed):
    """A piece of the list of documents."""

    items: list[DocumentOut]


class Recognised(Schema):
    """What the audit took a document for: to be confirmed."""

    unit: str | None = None
    year: int | None = None
    kind: str | None = None


class RoundOut(Schema):
    """A version of a document and its audit."""

    id: int
    document: int
    number: int
    current: bool
    name: str
    sha256: str
    size: int
    format: str
    pages: int | None
    dialect: str
    recognised: Recognised
    job: Literal["queued", "running", "done", "failed"]
    error: str
    amounts: int
    tied: int
    uploaded_at: AwareDatetime


class RoundList(Listed):
    """A piece of the list of rounds."""

    items: list[RoundOut]


class FindingOut(Schema):
    """A finding and what was decided. ``revision`` goes back with a decision. ``places``: the name of each in both
    languages, its table and line, its marks on pages as [page, left, top, width, height] in per cent."""

    id: int
    round: int
    position: int
    fingerprint: str
    rule: str
    severity: Literal["error", "warning", "info"]
    message: str
    steps: list[str]
    table: str
    page: int | None
    places: list[dict[str, Any]]
    expected: str
    actual: str
    difference: str
    decision: Literal["open", "accepted", "dismissed"]
    reason: str
    decided_by: str | None
    decided_at: AwareDatetime | None
    assigned_to: str | None
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


class PublicationOut(Schema):
    """A published document; the current edition has no ``superseded_at``. ``total``: expenditure in yuan."""

    id: int
    unit: str
    unit_name: str
    year: int
    kind: Literal["budget", "final"]
    edition: int
    title: str
    total: str | None
    published_at: AwareDatetime
    superseded_at: AwareDatetime | None
    href: str


def documents_seen(actor: User) -> QuerySet[Document]:
    """What the caller may see, with the number of each last round."""
    last = Round.objects.filter(document=OuterRef("pk"), current=True).values("number")
    found: QuerySet[Document] = visible(Document.objects.select_related("unit", "assigned_to"), actor)
    return found.annotate(last=Subquery(last))


def one_document(actor: User, pk: int, found: QuerySet[Document] | None = None) -> Document:
    """A document that the caller may see. Raises RefusedError "not-found"."""
    asked = documents_seen(actor) if found is None else found
    one = asked.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if one is None:
        raise missing("没有这份文件，或您不能查看它。", "There is no such document, or you may not see it.")
    return one


def one_round(actor: User, pk: int, *heavy: str) -> Round:
    """A round of a document that the caller may see, with its large parts as named. Raises RefusedError."""
    asked = Round.objects.filter(pk=pk, document__in=visible(Document.objects.order_by(), actor).values("pk"))
    light = asked.select_related("document__unit").defer(*(name for name in selectors.HEAVY if name not in heavy))
    found = light.first() if pk <= LARGEST_ID else None
    if found is None:
        raise missing("没有这一轮，或您不能查看它。", "There is no such round, or you may not see it.")
    return found


def one_finding(actor: User, pk: int) -> Finding:
    """A finding of a document that the caller may see. Raises RefusedError "not-found"."""
    asked = Finding.objects.filter(
        pk=pk, round__document__in=visible(Document.objects.order_by(), actor).values("pk")
    ).select_related("decided_by", "assigned_to", "round__document__unit")
    light = asked.defer("context", *(f"round__{name}" for name in selectors.HEAVY))
    found = light.first() if pk <= LARGEST_ID else None
    if found is None:
        raise missing("没有这个问题，或您不能查看它。", "There is no such finding, or you may not see it.")
    return found


def revision_of(one: Document) -> str:
    """What tells two states of a document apart. Needs ``last``, of ``documents_seen``."""
    state = [
        one.unit_id, one.year, one.kind, one.title, one.state, one.assigned_to_id, one.due, one.return_reason,
        one.last,  # type: ignore[attr-defined]
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()[:16]


def document_shape(one: Document) -> dict[str, Any]:
    """A document as DocumentOut. Needs ``last``, of ``documents_seen``."""
    return {
        "id": one.pk, "unit": one.unit.code if one.unit else None, "unit_name": one.unit.name if one.unit else None,
        "year": one.year, "kind": one.kind, "title": one.title, "state": one.state,
        "assigned_to": one.assigned_to.username if one.assigned_to else None, "due": one.due,
        "created_at": one.created_at, "return_reason": one.return_reason,
        "round": one.last,  # type: ignore[attr-defined]
        "revision": revision_of(one),
    }  # fmt: skip


def round_shape(one: Round) -> dict[str, Any]:
    """A round as RoundOut."""
    names = (
        "number", "current", "name", "sha256", "size", "format", "pages", "dialect", "job", "amounts", "tied",
        "uploaded_at",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk, "document": one.document_id, "error": one.error_en if english() else one.error_zh,
        "recognised": {name: (one.recognised or {}).get(name) for name in ("unit", "year", "kind")},
    }  # fmt: skip


def finding_shape(one: Finding) -> dict[str, Any]:
    """A finding as FindingOut. Needs ``decided_by`` and ``assigned_to``."""
    names = (
        "position", "fingerprint", "rule", "severity", "table", "page", "places", "expected", "actual", "difference",
        "decision", "reason", "decided_at", "revision",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.pk,
        "round": one.round_id,
        "message": one.message_en if english() else one.message_zh,
        "steps": one.steps_en if english() else one.steps_zh,
        "decided_by": one.decided_by.username if one.decided_by else None,
        "assigned_to": one.assigned_to.username if one.assigned_to else None,
        "remains": one.earlier_id is not None,
    }


def comment_shape(one: Comment) -> dict[str, Any]:
    """A comment as CommentOut. Needs ``author``."""
    return {"id": one.pk, "author": one.author.username, "text": one.text, "at": one.at}


def publication_shape(request: HttpRequest, one: Publication) -> dict[str, Any]:
    """A publication as PublicationOut. Needs ``unit``."""
    return {
        "id": one.pk, "unit": one.unit.code, "unit_name": one.unit.name, "year": one.year, "kind": one.kind,
        "edition": one.edition, "title": one.title, "total": None if one.total is None else f"{one.total:.2f}",
        "published_at": one.published_at, "superseded_at": one.superseded_at,
        "href": request.build_absolute_uri(document_address(one)),
    }  # fmt: skip
