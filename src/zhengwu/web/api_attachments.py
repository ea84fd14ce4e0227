"""What belongs to a project of the library beside its figures: its files, and who changed it when."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import AwareDatetime

from zhengwu.web.api_answers import conditional
from zhengwu.web.api_common import (
    ACTOR,
    CHANGE,
    DESK,
    LARGEST_ID,
    Listed,
    Paging,
    actor_of,
    answers,
    listed,
    missing,
)
from zhengwu.web.budgets import attachments, library_history, library_selectors
from zhengwu.web.budgets.models import Attachment, Project
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require

router = Router(tags=["library of projects"], auth=ACTOR)
_KIND = "application/octet-stream"
_FILE = {"responses": {200: {"content": {_KIND: {"schema": {"type": "string", "contentMediaType": _KIND}}}}}}


class AttachmentOut(Schema):
    """A file of a project, of any kind; it is served as a download only."""

    id: int
    name: str
    size: int
    sha256: str
    added_by: str
    added_at: AwareDatetime


class AttachmentList(Listed):
    """A piece of the files of a project."""

    items: list[AttachmentOut]


class AttachedOut(Schema):
    """The files that were added."""

    added: list[AttachmentOut]


class ProjectEventOut(Schema):
    """What was done to a project; ``changes``: a sentence each."""

    at: AwareDatetime
    actor: str | None
    action: str
    changes: list[str]


class ProjectEventList(Listed):
    """A piece of a project's history."""

    items: list[ProjectEventOut]


@router.get("/library/projects/{int:pk}/history", response=answers(ProjectEventList, DESK), summary="Who changed a project when")  # fmt: skip
def project_history(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The newest first; its ways into budgets and out of them among it."""
    item = _project(actor_of(request, "read"), pk)
    answer = listed(request, library_history.events(item), paging, lambda one: one)
    return {**answer, "items": [_event(one) for one in library_history.told(answer["items"])]}


@router.get("/library/projects/{int:pk}/attachments", response=answers(AttachmentList, DESK), summary="The files of a project")  # fmt: skip
def project_attachments(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The first first."""
    item = _project(actor_of(request, "read"), pk)
    return listed(request, item.attachments.filter(gone=False).select_related("added_by"), paging, _shape)


@router.post("/library/projects/{int:pk}/attachments", response=answers(AttachedOut, CHANGE, 201), summary="Add files to a project")  # fmt: skip
def attach_files(request: HttpRequest, pk: int, files: File[list[UploadedFile]]) -> Any:
    """All of them, or none: 422 for one that is empty or too large, or where they are too many."""
    actor = actor_of(request, "budget")
    made = attachments.attachments_add(actor=actor, project=_project(actor, pk), files=files, now=timezone.now())
    return Status(201, {"added": [_shape(one) for one in made]})


@router.get("/library/projects/{int:pk}/attachments/{int:attachment}", response=answers(None, DESK), summary="A file of a project", openapi_extra=_FILE)  # fmt: skip
def project_attachment(request: HttpRequest, pk: int, attachment: int) -> Any:
    """As it was uploaded."""
    found = _attachment(_project(actor_of(request, "read"), pk), attachment)
    if not found.file.storage.exists(found.file.name):
        raise missing("附件的文件已丢失；请联系管理员。", "The attachment's file is lost: tell an administrator.")

    def stream() -> HttpResponse:
        made = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=_KIND)
        # Whatever it is, it is not shown in this origin.
        made.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return made  # type: ignore[return-value]

    return conditional(request, f"{found.sha256} {found.name}".encode(), stream)


@router.post("/library/projects/{int:pk}/attachments/{int:attachment}/removal", response=answers(AttachmentOut, CHANGE), summary="Take a file off a project")  # fmt: skip
def remove_attachment(request: HttpRequest, pk: int, attachment: int) -> Any:
    """Nobody gets it any more. Again it is 404."""
    actor = actor_of(request, "budget")
    item = _project(actor, pk)
    require(actor, "budget.edit", item.unit)
    return _shape(attachments.attachment_remove(actor=actor, attachment=_attachment(item, attachment)))


def _project(actor: User, pk: int) -> Project:
    if pk > LARGEST_ID:
        raise missing("没有这个项目，或您不能查看。", "There is no such project, or you may not see it.")
    return library_selectors.project_seen(actor, pk)


def _attachment(item: Project, pk: int) -> Attachment:
    if pk > LARGEST_ID:
        raise missing("没有这个附件。", "There is no such attachment.")
    return attachments.attachment_seen(item, pk)


def _shape(one: Attachment) -> dict[str, Any]:
    names = ("name", "size", "sha256", "added_at")
    return {**{name: getattr(one, name) for name in names}, "id": one.pk, "added_by": one.added_by.username}


def _event(one: library_history.Told) -> dict[str, Any]:
    event = one.event
    return {
        "at": event.at, "actor": event.actor.username if event.actor else None, "action": event.action,
        "changes": [sentence(each) for each in one.changes],
    }  # fmt: skip
