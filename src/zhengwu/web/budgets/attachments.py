"""Files that belong to a project: any kind, never opened here, served as downloads only."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from zhengwu.model.message import RefusedError
from zhengwu.web.budgets.library import locked_project
from zhengwu.web.budgets.models import Attachment, Project
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record
from zhengwu.web.reviews.naming import shown_name

MOST_BYTES = 20 * 1024 * 1024  # of one file
MOST_FILES = 20  # of a project


def attachments_add(*, actor: User, project: Project, files: Sequence[UploadedFile], now: datetime) -> list[Attachment]:
    """Add files to a project: all of them, or none. Raises a FieldRefusedError at "files"."""
    require(actor, "budget.edit", project.unit)
    if not files:
        raise FieldRefusedError("files", "没有选择文件。", "No file was chosen.")
    for file in files:
        _fits(file)
    made: list[Attachment] = []
    try:
        with transaction.atomic():
            project = locked_project(project, None)
            room = MOST_FILES - project.attachments.filter(gone=False).count()
            if len(files) > room:
                raise FieldRefusedError(
                    "files",
                    f"一个项目最多 {MOST_FILES} 个附件，还可以添加 {room} 个。",
                    f"A project has {MOST_FILES} attachments at most: {room} more can be added.",
                )
            for file in files:
                made.append(_stored(project, file, actor, now))
            record(
                actor=actor, action="project.attach", subject=project, unit=project.unit,
                data={"files": [{"name": one.name, "size": one.size, "sha256": one.sha256} for one in made]},
            )  # fmt: skip
    except BaseException:
        # The database forgets the rows; the files would stay for nobody.
        for one in made:
            one.file.delete(save=False)
        raise
    return made


def attachment_remove(*, actor: User, attachment: Attachment) -> Attachment:
    """Take a file off a project: nobody gets it any more; it is kept for the trail. Again changes nothing."""
    require(actor, "budget.edit", attachment.project.unit)
    with transaction.atomic():
        project = locked_project(attachment.project, None)
        attachment = Attachment.objects.select_for_update(of=("self",), no_key=True).get(pk=attachment.pk)
        if not attachment.gone:
            attachment.gone = True
            attachment.save(update_fields=["gone"])
            record(
                actor=actor, action="project.detach", subject=project, unit=project.unit,
                data={"name": attachment.name, "sha256": attachment.sha256},
            )  # fmt: skip
    return attachment


def attachment_seen(project: Project, pk: int) -> Attachment:
    """A file of a project that the person may see. Raises RefusedError "not-found"."""
    found = project.attachments.filter(pk=pk, gone=False).select_related("project__unit").first()
    if found is None:
        raise RefusedError("not-found", "没有这个附件。", "There is no such attachment.")
    return found


def _fits(file: UploadedFile) -> None:
    name, size = shown_name(file.name or ""), file.size or 0
    if not size:
        raise FieldRefusedError("files", f"“{name}”是空文件。", f"“{name}” is empty.")
    if size > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise FieldRefusedError(
            "files",
            f"“{name}”有 {size / 1024 / 1024:.1f} MB，附件最大 {most} MB。",
            f"“{name}” has {size / 1024 / 1024:.1f} MB, an attachment {most} MB at most.",
        )


def _stored(project: Project, file: UploadedFile, actor: User, now: datetime) -> Attachment:
    """The file under a random name, its content's hash beside it."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    made = Attachment(
        project=project, name=shown_name(file.name or ""), size=file.size, sha256=digest.hexdigest(), added_by=actor, added_at=now
    )  # fmt: skip
    made.file.save(secrets.token_hex(16), file, save=False)
    try:
        made.save()
    except BaseException:
        made.file.delete(save=False)
        raise
    return made
