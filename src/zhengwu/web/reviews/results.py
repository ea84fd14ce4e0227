"""The result of a round's audit, stored once; findings linked to those of the round before."""

from collections import defaultdict
from typing import Any

from django.db import transaction

from zhengwu.model.message import Message
from zhengwu.web.common.trail import record
from zhengwu.web.reviews import workflow
from zhengwu.web.reviews.models import Decision, Document, DocumentState, Finding, JobState, Round

_HEAVY = ("report", "reading", "coverage")
_FIELDS = (
    "fingerprint", "rule", "severity", "message_zh", "message_en", "steps_zh", "steps_en", "table", "page", "places",
    "context", "expected", "actual", "difference",
)  # fmt: skip


def stored(*, round_id: int, attempt: int, result: dict[str, Any]) -> bool:
    """Write what the audit gave. False, and nothing is written, when the job is no longer this attempt's: its lease
    ran out and another worker has taken it, or has already finished."""
    with transaction.atomic():
        held = _held(round_id, attempt)
        if held is None:
            return False
        document, one = held
        one.job, one.lease_until, one.error_zh, one.error_en = JobState.DONE, None, "", ""
        for name in ("format", "pages", "dialect", "recognised", "report", "reading", "coverage", "amounts", "tied"):
            setattr(one, name, result[name])
        one.format, one.dialect = one.format[:10], (one.dialect or "")[:80]
        one.report |= {"not_evaluated_en": result["gaps_en"], "unread_en": result["unread_en"]}
        one.save()
        Finding.objects.bulk_create(
            [
                Finding(round=one, position=position, **{name: found[name] for name in _FIELDS})
                for position, found in enumerate(result["findings"], 1)
            ],
            batch_size=200,
        )
        linked(one)
        if document.state == DocumentState.RECEIVED:
            document.state = workflow.after("recognise", document.state)
            document.save(update_fields=["state"])
        record(
            actor=None, action="round.audit", subject=document, unit=document.unit,
            data={"round": one.number, "findings": len(result["findings"]), "amounts": one.amounts, "tied": one.tied},
        )  # fmt: skip
    return True


def failed(*, round_id: int, attempt: int, reason: Message) -> bool:
    """Say that a round cannot be audited. False when the job is no longer this attempt's."""
    with transaction.atomic():
        held = _held(round_id, attempt)
        if held is None:
            return False
        document, one = held
        one.job, one.lease_until, one.error_zh, one.error_en = JobState.FAILED, None, reason.zh, reason.en
        one.save(update_fields=["job", "lease_until", "error_zh", "error_en"])
        record(
            actor=None, action="round.fail", subject=document, unit=document.unit,
            data={"round": one.number, "reason": reason.en},
        )  # fmt: skip
    return True


def _held(round_id: int, attempt: int) -> tuple[Document, Round] | None:
    """The document and the round, locked in this order, when the attempt still holds the job."""
    documents = Document.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    document = documents.filter(rounds=round_id).first()
    one = Round.objects.select_for_update(no_key=True).defer(*_HEAVY).filter(pk=round_id).first()
    if document is None or one is None or one.job != JobState.RUNNING or one.attempts != attempt:
        return None
    return document, one


def linked(one: Round) -> None:
    """Link the findings of a round to the same ones of the round audited before it. What was dismissed there stays
    dismissed, visibly carried over; what was to be mended and remains is open again."""
    before = one.document.rounds.defer(*_HEAVY).filter(number__lt=one.number, job=JobState.DONE)
    last = before.order_by("-number").first()
    waiting: dict[str, list[Finding]] = defaultdict(list)
    if last is not None:
        light = last.findings.only("fingerprint", "decision", "reason", "decided_by", "decided_at", "assigned_to")
        for earlier in light.order_by("-position"):
            waiting[earlier.fingerprint].append(earlier)
    changed = []
    for finding in one.findings.order_by("position"):
        same = waiting[finding.fingerprint]
        finding.earlier = same.pop() if same else None
        if finding.earlier is not None and finding.decision == Decision.OPEN:
            finding.assigned_to_id = finding.earlier.assigned_to_id
            if finding.earlier.decision == Decision.DISMISSED:
                finding.decision, finding.carried = Decision.DISMISSED, True
                finding.reason = finding.earlier.reason
                finding.decided_by_id, finding.decided_at = finding.earlier.decided_by_id, finding.earlier.decided_at
        changed.append(finding)
    Finding.objects.bulk_update(
        changed, ["earlier", "decision", "carried", "reason", "decided_by", "decided_at", "assigned_to"],
        batch_size=200,
    )  # fmt: skip
