"""What changes a document under review. Each service: permission, lock, workflow table, write, event, return."""

from datetime import date

from django.db import transaction
from django.db.models import Max

from zhengwu.model.message import RefusedError
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record
from zhengwu.web.reviews import workflow
from zhengwu.web.reviews.decisions import finding_assign, finding_comment, finding_decide
from zhengwu.web.reviews.jobs import round_audit
from zhengwu.web.reviews.models import Decision, Document, Finding, JobState, Round
from zhengwu.web.reviews.results import linked
from zhengwu.web.reviews.texts import stated
from zhengwu.web.reviews.uploads import Uploaded, document_upload

__all__ = [
    "Uploaded",
    "document_assign",
    "document_close",
    "document_confirm",
    "document_mark_published",
    "document_return",
    "document_upload",
    "finding_assign",
    "finding_comment",
    "finding_decide",
    "round_audit",
]

_KINDS = ("budget", "final")
_YEARS = range(2000, 2100)


def document_confirm(*, actor: User, document: Document, unit: Unit, year: int, kind: str, title: str = "") -> Document:
    """Say whose document it is, of which year and kind. Where that unit has one already, this one's rounds become
    the next rounds of it, and that one is returned. Raises RefusedError, a FieldRefusedError at what is wrong."""
    require(actor, "document.confirm", document.unit)
    require(actor, "document.confirm", unit)
    if kind not in _KINDS:
        raise FieldRefusedError("kind", "请选择预算或决算。", "Choose budget or final accounts.")
    if year not in _YEARS:
        raise FieldRefusedError("year", f"“{year}”不像年度；请填四位数。", f"“{year}” is no year; give four digits.")
    with transaction.atomic():
        # The unit's row is the lock for "one document a unit, year and kind": two at once wait for each other.
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
        document = _locked(document)
        require(actor, "document.confirm", document.unit)
        state = workflow.after("confirm", document.state)
        same = Document.objects.filter(unit=unit, year=year, kind=kind).exclude(pk=document.pk)
        target = same.select_for_update(of=("self",), no_key=True).first()
        data = {"unit": unit.code, "year": year, "kind": kind}
        if target is not None:
            return _merged(actor, document, target, data)
        document.unit, document.year, document.kind, document.state = unit, year, kind, state
        document.title = (title.strip() or title_of(unit, year, kind))[:200]
        document.save(update_fields=["unit", "year", "kind", "state", "title"])
        record(actor=actor, action="document.confirm", subject=document, unit=unit, data=data)
    return document


def title_of(unit: Unit, year: int, kind: str) -> str:
    """What such a document is called: the name of a document is Chinese in every language of the page."""
    return f"{unit.name}{year}年{'单位' if unit.parent_id else '部门'}{'决算' if kind == 'final' else '预算'}"


def _merged(actor: User, document: Document, target: Document, data: dict[str, object]) -> Document:
    """The rounds of ``document`` as the next ones of ``target``; the empty document goes, the trail keeps it."""
    pending = target.rounds.filter(job__in=(JobState.QUEUED, JobState.RUNNING)).exists()
    if pending:
        raise RefusedError(
            "conflict",
            "该单位同年度同类型的文件正在核对另一稿；请等核对结束再确认。",
            "Another version of the unit's document is being audited; wait until that has ended.",
        )
    state = workflow.after("mend", target.state)
    number = target.rounds.aggregate(most=Max("number"))["most"] or 0
    target.rounds.filter(current=True).update(current=False)
    for one in document.rounds.defer("report", "reading", "coverage").order_by("number"):
        number += 1
        one.document, one.number = target, number
        one.save(update_fields=["document", "number"])
        linked(one)
    target.state = state
    target.save(update_fields=["state"])
    gone = document.pk
    record(actor=actor, action="document.merge", subject=document, unit=target.unit, data={**data, "into": target.pk})
    record(
        actor=actor, action="document.confirm", subject=target, unit=target.unit,
        data={**data, "from": gone, "round": number},
    )  # fmt: skip
    document.delete()
    return target


def document_assign(*, actor: User, document: Document, to: User | None, due: date | None = None) -> Document:
    """Give a document to a reviewer (None: to nobody), to be done by a day. Raises RefusedError."""
    require(actor, "document.assign", document.unit)
    if to is not None and (to.role != Role.REVIEWER or not to.is_active):
        raise FieldRefusedError("to", f"{to} 不是审核员。", f"{to} is no reviewer.")
    with transaction.atomic():
        document = _locked(document)
        document.assigned_to, document.due = to, due
        document.save(update_fields=["assigned_to", "due"])
        record(
            actor=actor, action="document.assign", subject=document, unit=document.unit,
            data={"to": to.username if to else None, "due": due},
        )  # fmt: skip
    return document


def document_return(*, actor: User, document: Document, reason: str) -> Document:
    """Give a document back to its unit to be mended. Raises RefusedError."""
    require(actor, "document.return", document.unit)
    reason = stated(reason)
    with transaction.atomic():
        document = _locked(document)
        document.state = workflow.after("return", document.state)
        _audited(document)
        document.return_reason = reason
        document.save(update_fields=["state", "return_reason"])
        record(actor=actor, action="document.return", subject=document, unit=document.unit, data={"reason": reason})
    return document


def document_close(*, actor: User, document: Document) -> Document:
    """End the review: every error and warning of the last round was decided. Raises RefusedError."""
    require(actor, "document.close", document.unit)
    with transaction.atomic():
        document = _locked(document)
        state = workflow.after("close", document.state)
        last = _audited(document)
        left = Finding.objects.filter(round=last, decision=Decision.OPEN).exclude(severity="info").count()
        if left:
            raise RefusedError(
                "undecided",
                f"还有 {left} 个错误或警告没有处理；请逐条接受或说明理由驳回。",
                f"{left} error(s) or warning(s) are not decided yet; accept each, or dismiss it with a reason.",
            )
        document.state = state
        document.save(update_fields=["state"])
        record(
            actor=actor, action="document.close", subject=document, unit=document.unit,
            data={"round": last.number, "to be mended": last.findings.filter(decision=Decision.ACCEPTED).count()},
        )  # fmt: skip
    return document


def document_mark_published(*, actor: User, document: Document) -> Document:
    """Mark a reviewed document as published, in the transaction of the publication. Raises RefusedError."""
    require(actor, "document.publish", document.unit)
    with transaction.atomic():
        document = _locked(document)
        document.state = workflow.after("publish", document.state)
        document.save(update_fields=["state"])
        record(actor=actor, action="document.publish", subject=document, unit=document.unit)
    return document


def _locked(document: Document) -> Document:
    found = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .filter(pk=document.pk)
        .first()
    )
    if found is None:
        raise RefusedError(
            "not-found",
            "文件已不存在：它可能已并入同一单位的另一份文件。",
            "The document is gone: it may have been joined with another one of its unit.",
        )
    return found


def _audited(document: Document) -> Round:
    """The last round, whose audit has ended well."""
    last = document.rounds.defer("report", "reading", "coverage").order_by("-number").first()
    if last is None or last.job != JobState.DONE:
        raise RefusedError(
            "conflict",
            "最新一稿还没有核对完，或无法读取；请等核对结束，或重新上传。",
            "The last version has not been audited, or cannot be read; wait for the audit, or upload it again.",
        )
    return last
