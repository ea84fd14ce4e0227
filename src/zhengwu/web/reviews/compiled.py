"""A document that the platform itself has made, from a budget that was approved: its file is audited like any other."""

import hashlib
import secrets
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record
from zhengwu.web.reviews import process, workflow
from zhengwu.web.reviews.models import Document, DocumentState, JobState, Round
from zhengwu.web.reviews.results import stored


def audit_of(name: str, data: bytes) -> dict[str, Any]:
    """What the audit of a file gives, made at once in a process of its own. Raises RefusedError for a file that
    cannot be read, process.ProcessError where the process did not live to answer."""
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix) as stream:
        stream.write(data)
        stream.flush()
        return process.ask({"task": "audit", "path": stream.name, "name": name})[0]


def document_compiled(
    *, actor: User, unit: Unit, year: int, title: str, name: str, data: bytes, result: dict[str, Any], now: datetime
) -> Document:
    """The budget of a unit and year as a reviewed document, whose last round is ``data`` with its audit ``result``.
    Raises RefusedError "not-allowed", "conflict"."""
    require(actor, "budget.publish", unit)
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        found = (
            Document.objects.select_for_update(of=("self",), no_key=True)
            .filter(unit=unit, year=year, kind="budget")
            .first()
        )
        if found is None:
            found = Document.objects.create(
                unit=unit, year=year, kind="budget", title=title[:200], state=DocumentState.OPEN, created_by=actor
            )
        document = found
        document.state = workflow.after("compile", document.state)
        document.save(update_fields=["state"])
        document.rounds.filter(current=True).update(current=False)
        number = (document.rounds.aggregate(most=Max("number"))["most"] or 0) + 1
        made = Round(
            document=document, number=number, name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data),
            uploaded_by=actor, job=JobState.RUNNING, attempts=1,
        )  # fmt: skip
        made.file.save(secrets.token_hex(16), ContentFile(data), save=False)
        try:
            made.save()
        except BaseException:
            made.file.delete(save=False)
            raise
        record(
            actor=actor, action="document.compile", subject=document, unit=unit,
            data={"round": number, "name": name, "sha256": made.sha256},
        )  # fmt: skip
        stored(round_id=made.pk, attempt=1, result=result)
    return document
