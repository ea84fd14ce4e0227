"""The steps of a budget, from the first draft to its approval. Each: permission, lock, table, write, event, return."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from zhengwu.ledger.problem import several
from zhengwu.ledger.store import Plain
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books, proof, workflow
from zhengwu.web.budgets.models import (
    Adjustment,
    Budget,
    ControlFigure,
    Delegation,
    Notice,
    Remark,
    Row,
    State,
    Version,
    VersionKind,
)
from zhengwu.web.budgets.rows import locked
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.permissions import may, require
from zhengwu.web.common.trail import record

MOST_REMARKS = 200  # of one return
_SHOWN = 5  # things that a refusal names


class Said(NamedTuple):
    """What is said of a row or of one of its cells; of the whole budget where there is no row."""

    text: str
    row: int | None = None
    column: str = ""


def budget_move(
    *, actor: User, budget: Budget, move: str, now: datetime, today: date, reason: str = "", said: Sequence[Said] = ()
) -> Budget:
    """Make a move of ``workflow.TABLE`` other than "publish". ``said`` are remarks at cells that go with a reason.

    Raises RefusedError: "not-allowed"; "conflict" where the table has no such move; "not-ready" with what must be
    mended before; a FieldRefusedError at a missing reason.
    """
    found = workflow.TABLE.get(move)
    if found is None or move == "publish":
        raise RefusedError("not-found", "没有这个步骤。", "There is no such move.")
    require_action(actor, found.action, budget.unit, today)
    if found.reasoned and not reason.strip() and not said:
        raise FieldRefusedError("reason", "请说明原因。", "Say why.")
    with transaction.atomic():
        budget = locked(budget)
        require_action(actor, found.action, budget.unit, today)
        if budget.year.closed:
            raise RefusedError("conflict", "这个年度已经关闭。", "This year is closed.")
        start = budget.state
        end = workflow.after(move, start)
        if move == "hand-in":
            budget.handed_in_by = actor
        if move == "submit" and actor.pk == budget.handed_in_by_id:
            raise RefusedError(
                "not-allowed", "送审人不能自己签发。", "Whoever handed the budget in cannot sign it as well."
            )
        if move == "give-figures":
            _figures_are_given(budget)
        budget.state, budget.moved_at = end, now
        version = None
        if move in ("hand-in", "submit", "approve"):
            ready(budget)
        kind = found.keeps.get(start)
        if kind is not None:
            version = version_keep(budget, str(kind), actor, now)
            if kind == VersionKind.APPROVED:
                budget.approved = version
        budget.save(update_fields=["state", "moved_at", "handed_in_by", "approved"])
        _settle(budget, move)
        _say(budget, actor, move, reason, said, now)
        tell(budget, move, actor, now)
        record(
            actor=actor, action=f"budget.{move}", subject=budget, unit=budget.unit,
            data={"from": start, "to": end, "reason": reason, "version": version.number if version else None,
                  "sha256": version.sha256 if version else None,
                  **({"figures": {one.project: one.amount for one in budget.controls.all()}} if move == "give-figures" else {})},
        )  # fmt: skip
    return budget


def _settle(budget: Budget, move: str) -> None:
    """What the unit said to itself is settled when its head signs, all that is left when the budget is approved: what
    the bureau asked stays open until then, or until somebody settles it."""
    still = budget.remarks.filter(settled=False)
    if move == "submit":
        still.filter(author__unit__isnull=False).update(settled=True)
    elif move == "approve":
        still.update(settled=True)


def require_action(actor: User, action: str, unit: Unit, today: date) -> User:
    """The actor, who may do this to something of ``unit``, by role or because the head has delegated signing."""
    if action == "budget.sign" and not may(actor, action, unit) and signs_for(actor, unit, today) is not None:
        return actor
    return require(actor, action, unit)


def may_move(actor: User, action: str, unit: Unit, today: date) -> bool:
    """Whether ``require_action`` would pass."""
    return may(actor, action, unit) or (action == "budget.sign" and signs_for(actor, unit, today) is not None)


def signs_for(actor: User, unit: Unit, today: date) -> Delegation | None:
    """The delegation by which ``actor`` signs for ``unit`` today; None where there is none."""
    if not isinstance(actor, User) or not actor.is_active or actor.unit_id is None:
        return None
    current = Delegation.objects.filter(
        to=actor, ended_at=None, since__lte=today, until__gte=today, head__is_active=True
    )
    return next((one for one in current.select_related("head__unit") if may(one.head, "budget.sign", unit)), None)


def delegate(*, actor: User, to: User, since: date, until: date, now: datetime) -> Delegation:
    """Let an officer or head of the same unit sign from one day to another. Raises a FieldRefusedError: days that
    are over, days on which this person signs already."""
    require(actor, "budget.delegate", actor.unit)
    if to.pk == actor.pk or not to.is_active or to.unit_id is None or to.role not in (Role.OFFICER, Role.HEAD):
        raise FieldRefusedError(
            "to", "请选择本单位的另一位经办人或负责人。", "Choose another officer or head of the unit."
        )
    require(actor, "budget.delegate", to.unit)
    if until < since:
        raise FieldRefusedError("until", "截止日期早于开始日期。", "The last day is before the first.")
    today = timezone.localdate(now)
    if until < today:
        raise FieldRefusedError(
            "until",
            f"{until} 已经过去；请填写今天（{today}）或以后的日期。",
            f"{until} is over: give today ({today}) or a later day.",
        )
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        _not_delegated(actor, to, since, until)
        made = Delegation.objects.create(head=actor, to=to, since=since, until=until)
        record(
            actor=actor, action="budget.delegate", subject=made, unit=actor.unit,
            data={"to": to.pk, "since": since, "until": until},
        )  # fmt: skip
    return made


def _not_delegated(head: User, to: User, since: date, until: date) -> None:
    """One day, one delegation to a person: taken back, nothing of it is left."""
    same = Delegation.objects.filter(head=head, to=to, ended_at=None, since__lte=until, until__gte=since)
    there = same.order_by("since", "pk").first()
    if there is not None:
        raise FieldRefusedError(
            "since",
            f"{there.since} 至 {there.until} 已委托 {to} 代签，日期重叠；请改为其他日期，或先收回那项委托。",
            f"{to} signs from {there.since} to {there.until} already, and the days overlap: choose other days, or take "
            "that delegation back first.",
        )


def delegation_end(*, actor: User, delegation: Delegation, now: datetime) -> Delegation:
    """Take it back. Again changes nothing."""
    require(actor, "budget.delegate", delegation.head.unit)
    with transaction.atomic():
        delegation = Delegation.objects.select_for_update(no_key=True).get(pk=delegation.pk)
        if delegation.ended_at is None:
            delegation.ended_at = now
            delegation.save(update_fields=["ended_at"])
            record(actor=actor, action="budget.delegation-end", subject=delegation, unit=actor.unit)
    return delegation


def ready(budget: Budget) -> None:
    """Raises RefusedError "not-ready" with the first of what must be mended before a budget is answered for: faults
    of the ledger, then, once the control figures bind it, what stands against its publication."""
    look = books.Look(budget)
    faults = [fault.sentence for fault in look.checked.faults]
    found = proof.drafted(look).against if books.in_second_turn(budget) else faults
    if found:
        count = f"{len(found):,}"
        said = several(f"还有 {count} 处需要修改：", f"{count} thing(s) must be mended first:", found, _SHOWN)
        raise RefusedError("not-ready", *said)


def version_keep(
    budget: Budget, kind: str, actor: User, now: datetime, comment: str = "", made: Plain | None = None
) -> Version:
    """Keep the budget as it is (or ``made``, an adjusted ledger) for good. In the transaction of a move."""
    plain = made if made is not None else books.plain_of(budget)[0]
    last = budget.versions.aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        budget=budget, number=last + 1, kind=kind, ledger=plain, sha256=digest_of(plain),
        total=sum(line["amount"] or 0 for line in plain["lines"]), made_by=actor, made_at=now, comment=comment,
    )  # fmt: skip


def digest_of(plain: Plain) -> str:
    """What the trail remembers of a version: its content cannot be another one without being seen."""
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def remark_add(*, actor: User, budget: Budget, said: Said, now: datetime) -> Remark:
    """Say something of a budget, a row or a cell. Raises RefusedError."""
    require(actor, "budget.remark", budget.unit)
    if not said.text.strip():
        raise FieldRefusedError("text", "请填写内容。", "Say something.")
    with transaction.atomic():
        budget = locked(budget)
        made = _remarks(budget, actor, "", [said], now)[0]
        record(
            actor=actor, action="budget.remark", subject=budget, unit=budget.unit,
            data={"row": said.row, "column": said.column, "text": said.text},
        )  # fmt: skip
    return made


def remark_settle(*, actor: User, remark: Remark) -> Remark:
    """Mark what was said as settled."""
    require(actor, "budget.remark", remark.budget.unit)
    with transaction.atomic():
        remark = (
            Remark.objects.select_for_update(of=("self",), no_key=True).select_related("budget__unit").get(pk=remark.pk)
        )
        if not remark.settled:
            remark.settled = True
            remark.save(update_fields=["settled"])
            record(actor=actor, action="budget.remark-settle", subject=remark.budget, unit=remark.budget.unit, data={"remark": remark.pk})  # fmt: skip
    return remark


def tell(budget: Budget, move: str, actor: User, now: datetime) -> None:
    """Tell those who have something to do now."""
    title = workflow.TABLE[move].title
    message = Message(f"{budget}：{title.zh}（{actor}）", f"{budget}: {title.en.lower()} ({actor})")
    people = waiting_for(budget, timezone.localdate(now)).exclude(pk=actor.pk)
    notify(people, message, budget, f"{move}:{budget.pk}:{now.isoformat()}", now)


def waiting_for(budget: Budget, today: date) -> "QuerySet[User]":
    """Those whose turn it is."""
    people = User.objects.filter(is_active=True)
    if budget.state in workflow.EDITABLE:
        return people.filter(role=Role.OFFICER, unit=budget.unit)
    if budget.state in (State.FIRST_SUBMITTED, State.SECOND_SUBMITTED):
        return people.filter(role=Role.REVIEWER)
    if budget.state in workflow.SIGNING:
        return signers_of(budget.unit, today).exclude(pk=budget.handed_in_by_id)
    return _heads_of(budget.unit)


def signers_of(unit: Unit, today: date) -> "QuerySet[User]":
    """The heads above a unit, and those of the unit who sign in a head's place today."""
    heads = _heads_of(unit)
    current = Delegation.objects.filter(head__in=heads, ended_at=None, since__lte=today, until__gte=today)
    delegates = Q(pk__in=current.values("to"), unit=unit, is_active=True)
    return User.objects.filter(Q(pk__in=heads.values("pk")) | delegates)


def _heads_of(unit: Unit) -> "QuerySet[User]":
    above = [int(part) for part in unit.path.split("/") if part]
    return User.objects.filter(is_active=True, role=Role.HEAD, unit__in=above)


def notify(
    people: Iterable[User], message: Message, budget: Budget | None, about: str, now: datetime,
    adjustment: Adjustment | None = None,
) -> int:  # fmt: skip
    """A notice for each of ``people``, once for what it is about; how many are new."""
    made = [
        Notice(
            person=person, zh=message.zh[:300], en=message.en[:300], budget=budget, adjustment=adjustment,
            about=about[:80], at=now,
        )
        for person in people
    ]  # fmt: skip
    there = Notice.objects.filter(about=about[:80]).count()
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    return Notice.objects.filter(about=about[:80]).count() - there


def notices_see(*, actor: User, newest: int | None, now: datetime) -> int:
    """Mark a person's notices as seen: all, or those up to the key of the newest that was read; how many were new."""
    require(actor, "budget.view")
    unseen = Notice.objects.filter(person=actor, seen_at=None)
    return (unseen if newest is None else unseen.filter(pk__lte=newest)).update(seen_at=now)


def _figures_are_given(budget: Budget) -> None:
    if not ControlFigure.objects.filter(budget=budget, project="").exists():
        raise RefusedError(
            "not-ready", "还没有填写基本支出的控制数。", "The control figure of basic expenditure is missing."
        )


def _say(budget: Budget, actor: User, move: str, reason: str, said: Sequence[Said], now: datetime) -> None:
    whole = [Said(reason.strip())] if reason.strip() else []
    _remarks(budget, actor, move, [*whole, *said], now)


def _remarks(budget: Budget, actor: User, move: str, said: Sequence[Said], now: datetime) -> list[Remark]:
    if len(said) > MOST_REMARKS:
        raise FieldRefusedError("reason", f"意见最多 {MOST_REMARKS} 条。", f"At most {MOST_REMARKS} remarks.")
    known = set(
        Row.objects.filter(budget=budget, pk__in=[one.row for one in said if one.row]).values_list("pk", flat=True)
    )
    for one in said:
        if one.row is not None and one.row not in known:
            raise FieldRefusedError("row", "意见所指的行不属于这份预算。", "A remark names a row of another budget.")
    return Remark.objects.bulk_create(
        Remark(budget=budget, row_id=one.row, column=one.column[:40], text=one.text.strip()[:4000], move=move, author=actor, at=now)
        for one in said
    )  # fmt: skip
