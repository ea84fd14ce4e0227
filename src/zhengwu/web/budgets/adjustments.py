"""Adjustments (调剂): an approved budget is changed by a paper of its own, never by an edit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhengwu.ledger.schema import NATURES
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import library_entry, workflow
from zhengwu.web.budgets.adjustment_ledger import SHEETS, read_changes, ready, result_of
from zhengwu.web.budgets.adjustment_rows import rows_adjust
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, Version, VersionKind
from zhengwu.web.budgets.moves import may_move, notify, require_action, signers_of, version_keep
from zhengwu.web.budgets.rows import locked
from zhengwu.web.budgets.workflow import Move
from zhengwu.web.common.errors import FieldRefusedError, sentence
from zhengwu.web.common.models import Role, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record


class Part(NamedTuple):
    """What was approved for basic expenditure (nature "basic"), for a project or for a nature that has none, and what
    it is after the adjustments; in 分."""

    nature: str
    project: str
    approved: int
    now: int

    @property
    def title(self) -> str:
        """What it is for, in the language of the page: a project is its name."""
        nature = next((one for one in NATURES if one.key == self.nature), None)
        return self.project or (sentence(Message(nature.zh, nature.en)) if nature else "")

    @property
    def change(self) -> int:
        """By how much it was adjusted."""
        return self.now - self.approved


class Adjusted(NamedTuple):
    """An approved budget after its adjustments: totals in 分, and the parts that they changed."""

    approved: int
    now: int
    parts: tuple[Part, ...]

    @property
    def change(self) -> int:
        """By how much the whole was adjusted."""
        return self.now - self.approved


def adjusted(budget: Budget) -> Adjusted | None:
    """What the adjustments have made of the budget that was approved (批复数); None where there were none."""
    now = budget.approved
    if now is None or now.kind != VersionKind.ADJUSTED:
        return None
    first = budget.versions.filter(kind=VersionKind.APPROVED).order_by("-number").first()
    if first is None:
        return None
    before, after = _spent(first), _spent(now)
    keys = sorted(before.keys() | after.keys(), key=lambda key: (key[0] != "basic", key))
    parts = [Part(*key, before[key], after[key]) for key in keys]
    return Adjusted(first.total, now.total, tuple(one for one in parts if one.change))


def _spent(version: Version) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for line in version.ledger["lines"]:
        nature = line["nature"]
        found[nature, line["project"] if nature == "project" else ""] += line["amount"] or 0
    return found


def adjustment_open(*, actor: User, budget: Budget, reason: str, document: str, now: datetime) -> Adjustment:
    """Begin an adjustment of the budget in force. Raises RefusedError "conflict" for a budget that is not approved."""
    require(actor, "budget.edit", budget.unit)
    if not reason.strip():
        raise FieldRefusedError("reason", "请说明调剂原因。", "Say why the budget is adjusted.")
    with transaction.atomic():
        budget = locked(budget)
        _in_force(budget)
        last = budget.adjustments.aggregate(last=Max("number"))["last"] or 0
        made = Adjustment.objects.create(
            budget=budget, number=last + 1, base=budget.approved, reason=reason.strip(), document=document.strip()[:100],
            made_by=actor, made_at=now,
        )  # fmt: skip
        record(actor=actor, action="adjustment.open", subject=made, unit=budget.unit, data={"reason": made.reason, "base": budget.approved_id})  # fmt: skip
    return made


def adjustment_set(
    *,
    actor: User,
    adjustment: Adjustment,
    changes: Sequence[Mapping[str, Any]],
    revision: int,
    reason: str | None = None,
) -> Adjustment:
    """Set what an adjustment changes: {"sheet", "row": the number of a row of the base, None for a new one, "values":
    typed columns, None to take the row out}. Raises NotSavedError with every cell that cannot be typed, or where the
    result is no sound ledger; a FieldRefusedError; "conflict" where somebody else has set it since ``revision``."""
    require(actor, "budget.edit", adjustment.budget.unit)
    made = read_changes(adjustment.base, changes)
    with transaction.atomic():
        adjustment = _locked(adjustment)
        if adjustment.state != AdjustmentState.DRAFT:
            raise RefusedError("conflict", "调剂不在编制状态。", "The adjustment is not being prepared.")
        if adjustment.revision != revision:
            raise RefusedError("conflict", "调剂刚被别人修改；请刷新后再改。", "Somebody else has just changed the adjustment: reload it.")  # fmt: skip
        adjustment.changes = made
        if reason is not None and reason.strip():
            adjustment.reason = reason.strip()
        result_of(adjustment)
        adjustment.revision += 1
        adjustment.save(update_fields=["changes", "revision", "reason"])
        record(actor=actor, action="adjustment.set", subject=adjustment, unit=adjustment.budget.unit, data={"changes": made})  # fmt: skip
    return adjustment


def adjustment_move(
    *, actor: User, adjustment: Adjustment, move: str, now: datetime, today: date, reason: str = ""
) -> Adjustment:
    """Make a move of ``workflow.ADJUSTMENTS``. An approval makes the new version the budget in force, changes its rows
    and the projects of the library; it is refused where another version has become that meanwhile. Nobody hands in,
    signs or approves while ``adjustment_ledger.remaining`` has something to mend."""
    found = workflow.ADJUSTMENTS.get(move)
    if found is None:
        raise RefusedError("not-found", "没有这个步骤。", "There is no such move.")
    require_action(actor, found.action, adjustment.budget.unit, today)
    if found.reasoned and not reason.strip():
        raise FieldRefusedError("reason", "请说明原因。", "Say why.")
    with transaction.atomic():
        budget = locked(adjustment.budget)
        adjustment = _locked(adjustment)
        require_action(actor, found.action, budget.unit, today)
        _in_force(budget)
        start = adjustment.state
        adjustment.state = workflow.after(move, start, workflow.ADJUSTMENTS)
        made = ready(adjustment, budget) if move in ("hand-in", "submit", "approve") else None
        if move == "hand-in":
            adjustment.handed_in_by = actor
        if move == "submit" and not _signs(actor, adjustment):
            raise RefusedError("not-allowed", "编制人、送审人不能自己签发。", "Whoever prepared it or handed it in cannot sign it as well.")  # fmt: skip
        if move in ("approve", "refuse", "return", "send-back", "withdraw"):
            adjustment.decided_by, adjustment.decided_at, adjustment.decision = actor, now, reason.strip()
        told: list[dict[str, Any]] = []
        if move == "approve" and made is not None:
            comment = f"调剂 {adjustment.number}：{adjustment.reason}"
            adjustment.result = version_keep(budget, str(VersionKind.ADJUSTED), actor, now, comment, made)
            told = rows_adjust(budget, adjustment, actor, now)
            library_entry.year_follows(
                unit=budget.unit, before=ledger_from(adjustment.base.ledger, gaps=True), after=ledger_from(made, gaps=True),
                adjustment=adjustment.number, actor=actor,
            )  # fmt: skip
            budget.approved = adjustment.result
            budget.save(update_fields=["approved"])
        adjustment.save()
        record(
            actor=actor, action=f"adjustment.{move}", subject=adjustment, unit=budget.unit,
            data={"from": start, "to": adjustment.state, "reason": reason,
                  "version": adjustment.result.number if adjustment.result else None,
                  **({"budget": budget.pk, "sheets": told} if told else {})},
        )  # fmt: skip
        _tell(adjustment, budget, move, actor, now)
    return adjustment


def offers(actor: User, adjustment: Adjustment, today: date) -> list[tuple[str, Move]]:
    """The moves that a person may make now, by their names."""
    return [
        (name, move)
        for name, move in workflow.ADJUSTMENTS.items()
        if workflow.allows(name, adjustment.state, workflow.ADJUSTMENTS)
        and may_move(actor, move.action, adjustment.budget.unit, today)
        and not (name == "submit" and not _signs(actor, adjustment))
    ]


def _signs(actor: User, adjustment: Adjustment) -> bool:
    """Neither its author nor who handed it in signs an adjustment, also with a delegation."""
    return actor.pk not in (adjustment.made_by_id, adjustment.handed_in_by_id)


def _in_force(budget: Budget) -> None:
    if budget.state not in workflow.IN_FORCE or budget.approved is None or budget.year.closed:
        raise RefusedError("conflict", "只有已批复的预算才能调剂。", "Only an approved budget can be adjusted.")


def _locked(adjustment: Adjustment) -> Adjustment:
    found = Adjustment.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("budget__unit", "budget__year", "base").get(pk=adjustment.pk)


def _tell(adjustment: Adjustment, budget: Budget, move: str, actor: User, now: datetime) -> None:
    people = User.objects.filter(is_active=True)
    if adjustment.state == AdjustmentState.SUBMITTED:
        people = people.filter(role=Role.REVIEWER)
    elif adjustment.state == AdjustmentState.SIGNING:
        people = signers_of(budget.unit, timezone.localdate(now))
        people = people.exclude(pk__in=(adjustment.made_by_id, adjustment.handed_in_by_id))
    else:
        people = people.filter(role__in=(Role.OFFICER, Role.HEAD), unit=budget.unit)
    title = workflow.ADJUSTMENTS[move].title
    message = Message(
        f"{adjustment}：{title.zh}（{actor}）",
        f"{budget}, adjustment {adjustment.number}: {title.en.lower()} ({actor})",
    )
    about = f"adjustment-{move}:{adjustment.pk}:{now.isoformat()}"
    notify(people.exclude(pk=actor.pk), message, budget, about, now, adjustment)


__all__ = ["SHEETS", "adjusted", "adjustment_move", "adjustment_open", "adjustment_set", "offers", "result_of"]
