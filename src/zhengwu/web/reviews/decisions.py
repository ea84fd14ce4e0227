"""What is said about a finding: decided, assigned, commented. The same order as in services."""

from datetime import datetime

from django.db import transaction

from zhengwu.model.message import RefusedError
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Role, User
from zhengwu.web.common.permissions import may, require
from zhengwu.web.common.trail import record
from zhengwu.web.reviews.models import Comment, Decision, Document, DocumentState, Finding
from zhengwu.web.reviews.texts import stated


def finding_decide(
    *, actor: User, finding: Finding, decision: str, reason: str = "", revision: int, now: datetime
) -> Finding:
    """Accept a finding ("accepted": the unit has to mend it), dismiss it with a reason, or open it again.

    ``revision`` is the one that the actor saw: when somebody decided since, the refusal is "conflict" and says who
    and what. The same decision twice is no conflict. Raises RefusedError.
    """
    require(actor, "finding.decide", finding.round.document.unit)
    if decision not in Decision.values:
        raise FieldRefusedError("decision", "请选择接受或驳回。", "Choose to accept or to dismiss.")
    reason = stated(reason) if decision == str(Decision.DISMISSED) else ""
    with transaction.atomic():
        document, finding = _locked(finding)
        require(actor, "finding.decide", document.unit)
        _reviewable(document, finding)
        if finding.revision != revision:
            if (finding.decision, finding.reason, finding.decided_by_id) == (decision, reason, actor.pk):
                return finding  # the second of two clicks
            raise _decided_meanwhile(finding)
        before = finding.decision
        finding.decision, finding.reason, finding.carried = decision, reason, False
        finding.decided_by, finding.decided_at = (None, None) if decision == str(Decision.OPEN) else (actor, now)
        finding.revision += 1
        finding.save(update_fields=["decision", "reason", "carried", "decided_by", "decided_at", "revision"])
        record(
            actor=actor, action="finding.decide", subject=finding, unit=document.unit,
            data={"document": document.pk, "rule": finding.rule, "fingerprint": finding.fingerprint,
                  "before": before, "decision": decision, "reason": reason},
        )  # fmt: skip
    return finding


def finding_assign(*, actor: User, finding: Finding, to: User | None) -> Finding:
    """Give a finding to a reviewer, or to somebody of the document's unit. Raises RefusedError."""
    require(actor, "document.assign", finding.round.document.unit)
    with transaction.atomic():
        document, finding = _locked(finding)
        _reviewable(document, finding)
        if to is not None and not (to.role == Role.REVIEWER or may(to, "finding.comment", document.unit)):
            raise FieldRefusedError(
                "to", f"{to} 不是审核员，也不属于该单位。", f"{to} is neither a reviewer nor of this unit."
            )
        finding.assigned_to = to
        finding.save(update_fields=["assigned_to"])
        record(
            actor=actor, action="finding.assign", subject=finding, unit=document.unit,
            data={"document": document.pk, "to": to.username if to else None},
        )  # fmt: skip
    return finding


def finding_comment(*, actor: User, finding: Finding, text: str) -> Comment:
    """Say something about a finding. Raises RefusedError."""
    require(actor, "finding.comment", finding.round.document.unit)
    text = stated(text, "text")
    with transaction.atomic():
        document, finding = _locked(finding)
        require(actor, "finding.comment", document.unit)
        comment = Comment.objects.create(finding=finding, author=actor, text=text)
        record(
            actor=actor, action="finding.comment", subject=finding, unit=document.unit,
            data={"document": document.pk, "text": text},
        )  # fmt: skip
    return comment


def _locked(finding: Finding) -> tuple[Document, Finding]:
    """The document first, then the finding: everybody locks in this order."""
    documents = Document.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    document = documents.get(rounds__findings=finding)
    findings = Finding.objects.select_for_update(of=("self",), no_key=True).select_related("round", "decided_by")
    return document, findings.defer("round__report", "round__reading", "round__coverage").get(pk=finding.pk)


def _reviewable(document: Document, finding: Finding) -> None:
    if document.state != DocumentState.OPEN or not finding.round.current:
        raise RefusedError(
            "conflict",
            "只能处理审核中文件最新一稿的问题；这份文件已退回、已审核，或有了新的一稿。",
            "Only findings of the last round of a document under review can be decided; this one was returned, "
            "closed, or has a newer version.",
        )


def _decided_meanwhile(finding: Finding) -> RefusedError:
    who = str(finding.decided_by) if finding.decided_by else "—"
    words = {
        Decision.OPEN: ("重新打开", "opened it again"),
        Decision.ACCEPTED: ("接受（需修改）", "accepted it (to be mended)"),
        Decision.DISMISSED: ("驳回", "dismissed it"),
    }[Decision(finding.decision)]
    zh_reason = f"，理由：{finding.reason}" if finding.reason else ""
    en_reason = f", because: {finding.reason}" if finding.reason else ""
    return RefusedError(
        "conflict",
        f"{who} 已先处理了这个问题：{words[0]}{zh_reason}。请看过之后再决定。",
        f"{who} decided this finding before you: {words[1]}{en_reason}. Look at it before you decide again.",
    )
