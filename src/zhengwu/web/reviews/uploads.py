"""Files come in: one or a hundred, each a document's first round, or one that mends a document."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from zhengwu.model.message import Message, RefusedError
from zhengwu.reading.detect import detect
from zhengwu.reading.limits import check_size
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import OWN, TABLE, require
from zhengwu.web.common.trail import record
from zhengwu.web.reviews import jobs, workflow
from zhengwu.web.reviews.models import Document, DocumentState, JobState, Round
from zhengwu.web.reviews.naming import file_stem, shown_name

MOST_FILES = 100  # of one upload
MOST_BYTES = 50 * 1024 * 1024  # of one file: the largest real budget has some 20 MB


class NotTaken(NamedTuple):
    """A file that was refused, by the name it is shown under, and why."""

    name: str
    reason: Message


class Uploaded(NamedTuple):
    """What became of the files: a round for each that was taken, a sentence for each that was not."""

    rounds: tuple[Round, ...]
    refused: tuple[NotTaken, ...]


def document_upload(
    *,
    actor: User,
    files: Sequence[UploadedFile],
    unit: Unit | None = None,
    document: Document | None = None,
    now: datetime,
) -> Uploaded:
    """Take files in. Without ``document`` each becomes a document of its own, of ``unit`` when given; with it, the
    one file becomes its next round. A file that cannot be taken is refused by itself, the others go on.

    Raises RefusedError: "not-allowed"; "no-file", "too-many-files"; "conflict" where the document takes no round.
    """
    if unit is None and document is None and TABLE["document.upload"].get(actor.role) == OWN:
        unit = actor.unit
    require(actor, "document.upload", document.unit if document is not None else unit)
    if not files:
        raise RefusedError(
            "no-file", "没有选择文件；请选择要上传的文件。", "No file was chosen; choose what to upload."
        )
    most = MOST_FILES if document is None else 1
    if len(files) > most:
        raise RefusedError(
            "too-many-files",
            f"一次最多上传 {most} 个文件，这里有 {len(files)} 个；请分几次上传。",
            f"At most {most} file(s) can be uploaded at once, these are {len(files)}; upload them in several turns.",
        )
    rounds: list[Round] = []
    refused: list[NotTaken] = []
    for file in files:
        name = shown_name(file.name or "")
        try:
            data = _content(file)
            if document is None:
                rounds.append(_as_document(actor, unit, name, data))
            else:
                rounds.append(_as_round(actor, document, name, data, now))
        except RefusedError as error:
            if document is not None or error.code == "not-allowed":
                raise
            refused.append(NotTaken(name, error.message))
    return Uploaded(tuple(rounds), tuple(refused))


def _content(file: UploadedFile) -> bytes:
    """The bytes of a file that may be a document. Raises RefusedError for one too large, empty, or of no format."""
    check_size(file.size or 0, MOST_BYTES)
    data = file.read(MOST_BYTES + 1)
    check_size(len(data), MOST_BYTES)
    try:
        detect(data)
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:
        raise RefusedError(
            "damaged", "文件已损坏，无法识别其格式。", "The file is damaged: its format cannot be told."
        ) from error
    return data


def _as_document(actor: User, unit: Unit | None, name: str, data: bytes) -> Round:
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        # The second of two clicks on "upload" gives the same document, not another one.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        waiting = (DocumentState.RECEIVED, DocumentState.CONFIRMING)
        again = Round.objects.filter(
            sha256=sha256, uploaded_by=actor, current=True, document__state__in=waiting, document__unit=unit
        ).exclude(job=JobState.FAILED)
        there = again.first()
        if there is not None:
            return there
        document = Document.objects.create(unit=unit, title=file_stem(name)[:200], created_by=actor)
        made = _round(actor, document, 1, name, data, sha256)
        _recorded(actor, document, made)
    return made


def _as_round(actor: User, document: Document, name: str, data: bytes, now: datetime) -> Round:
    sha256 = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        document = (
            Document.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=document.pk)
        )
        require(actor, "document.upload", document.unit)
        last = document.rounds.defer("report", "reading", "coverage").order_by("-number").first()
        failed = last is not None and last.job == JobState.FAILED
        if last is not None and last.job in (JobState.QUEUED, JobState.RUNNING):
            raise RefusedError(
                "conflict",
                "上一稿还在核对；请等核对结束再上传。",
                "The version before is still being audited; wait until that has ended.",
            )
        move = "retry" if document.state == DocumentState.RECEIVED and failed else "mend"
        state = workflow.after(move, document.state)
        if last is not None and last.sha256 == sha256 and not failed:
            raise RefusedError(
                "same-file",
                f"这个文件与第 {last.number} 稿完全相同，没有任何修改。",
                f"This file is the very same as round {last.number}: nothing was mended.",
            )
        number = (document.rounds.aggregate(most=Max("number"))["most"] or 0) + 1
        document.rounds.filter(current=True).update(current=False)
        made = _round(actor, document, number, name, data, sha256)
        document.state = state
        document.save(update_fields=["state"])
        _recorded(actor, document, made)
    return made


def _round(actor: User, document: Document, number: int, name: str, data: bytes, sha256: str) -> Round:
    """A queued round with its file under a random name."""
    made = Round(
        document=document, number=number, name=name, sha256=sha256, size=len(data), uploaded_by=actor,
    )  # fmt: skip
    made.file.save(secrets.token_hex(16), ContentFile(data), save=False)
    try:
        made.save()
    except BaseException:
        made.file.delete(save=False)
        raise
    transaction.on_commit(jobs.wake_up)
    return made


def _recorded(actor: User, document: Document, made: Round) -> None:
    record(
        actor=actor,
        action="document.upload",
        subject=document,
        unit=document.unit,
        data={"round": made.number, "name": made.name, "sha256": made.sha256, "size": made.size},
    )
