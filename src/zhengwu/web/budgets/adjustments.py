"""Adjustments (调剂): an approved budget is changed by a paper of its own, never by an edit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhengwu.ledger.load import LedgerError
from zhengwu.ledger.store import Plain, ledger_from
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books, workflow
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, VersionKind
from zhengwu.web.budgets.moves import notify, require_action, version_keep, waiting_for
from zhengwu.web.budgets.rows import locked
from zhengwu.web.budgets.years import rows_replace
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Role, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record

SHEETS = ("lines", "income", "procurement")  # what an adjustment changes


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
    typed columns, None to take the row out}. Raises LedgerError where the result is no sound ledger, a
    FieldRefusedError at what cannot be typed; "conflict" where somebody else has set it since ``revision``."""
    require(actor, "budget.edit", adjustment.budget.unit)
    made = [_change(adjustment, one, place) for place, one in enumerate(changes, 1)]
    rows = [(one["sheet"], one["row"]) for one in made if one["row"] is not None]
    if len(set(rows)) != len(rows):
        raise FieldRefusedError("changes", "同一行出现了两次。", "A row is changed twice.")
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
    """Make a move of ``workflow.ADJUSTMENTS``. An approval makes the new version the budget in force; it is refused
    where another one has become that meanwhile, or where the result is not sound."""
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
        if move in ("hand-in", "submit", "approve"):
            if not adjustment.changes:
                raise RefusedError("not-ready", "调剂还没有任何变动。", "The adjustment changes nothing yet.")
            _based_on_force(adjustment, budget)
            made = result_of(adjustment)
        if move == "submit" and actor.pk == adjustment.made_by_id:
            raise RefusedError("not-allowed", "编制人不能自己签发。", "Whoever prepared it cannot sign it as well.")
        if move in ("approve", "refuse", "return", "send-back"):
            adjustment.decided_by, adjustment.decided_at, adjustment.decision = actor, now, reason.strip()
        if move == "approve":
            comment = f"调剂 {adjustment.number}：{adjustment.reason}"
            version = version_keep(budget, str(VersionKind.ADJUSTED), actor, now, comment, made)
            rows_replace(budget, made, actor, now)
            budget.approved = version
            budget.save(update_fields=["approved"])
            adjustment.result = version
        adjustment.save()
        record(
            actor=actor, action=f"adjustment.{move}", subject=adjustment, unit=budget.unit,
            data={"from": start, "to": adjustment.state, "reason": reason,
                  "version": adjustment.result.number if adjustment.result else None},
        )  # fmt: skip
        _tell(adjustment, budget, move, actor, now)
    return adjustment


def result_of(adjustment: Adjustment) -> Plain:
    """The ledger that an adjustment makes of its base. Raises LedgerError where it is not sound."""
    made: Plain = {**adjustment.base.ledger}
    for key in SHEETS:
        rows = {row["row"]: row for row in made[key]}
        new = []
        for change in adjustment.changes:
            if change["sheet"] != key:
                continue
            if change["row"] is None:
                new.append(change["values"])
            elif change["values"] is None:
                rows.pop(change["row"], None)
            else:
                rows[change["row"]] = {**rows[change["row"]], **change["values"]}
        made[key] = [{**row, "row": place} for place, row in enumerate((*rows.values(), *new), 2)]
    # The old control figure bound the budget that was approved; the adjustment is approved by itself.
    made["budget"] = {**made["budget"], "control": None}
    ledger_from(made)
    return made


def _change(adjustment: Adjustment, given: Mapping[str, Any], place: int) -> dict[str, Any]:
    key, number, values = given.get("sheet", "lines"), given.get("row"), given.get("values")
    if key not in SHEETS:
        raise FieldRefusedError("changes", f"第 {place} 项：调剂只能改支出明细、收入和政府采购。", f"Change {place}: an adjustment changes lines, income and procurement only.")  # fmt: skip
    base = {row["row"]: row for row in adjustment.base.ledger[key]}
    if number is not None and number not in base:
        raise FieldRefusedError("changes", f"第 {place} 项：没有第 {number} 行。", f"Change {place}: there is no row {number}.")  # fmt: skip
    if values is None:
        if number is None:
            raise FieldRefusedError("changes", f"第 {place} 项没有内容。", f"Change {place} is empty.")
        return {"sheet": key, "row": number, "values": None}
    made, wrong = books.typed(key, values)
    for column, message in wrong.items():
        raise FieldRefusedError(
            "changes", f"第 {place} 项“{column}”{message.zh}", f"Change {place}, “{column}” {message.en}"
        )
    return {"sheet": key, "row": number, "values": made}


def _in_force(budget: Budget) -> None:
    if budget.state not in workflow.IN_FORCE or budget.approved is None or budget.year.closed:
        raise RefusedError("conflict", "只有已批复的预算才能调剂。", "Only an approved budget can be adjusted.")


def _based_on_force(adjustment: Adjustment, budget: Budget) -> None:
    if adjustment.base_id != budget.approved_id:
        raise RefusedError(
            "conflict",
            "预算已被另一次调剂改变；请以现行预算重新编制这次调剂。",
            "Another adjustment has changed the budget meanwhile: prepare this one again from the budget in force.",
        )


def _locked(adjustment: Adjustment) -> Adjustment:
    found = Adjustment.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("budget__unit", "budget__year", "base").get(pk=adjustment.pk)


def _tell(adjustment: Adjustment, budget: Budget, move: str, actor: User, now: datetime) -> None:
    people = User.objects.filter(is_active=True)
    if adjustment.state == AdjustmentState.SUBMITTED:
        people = people.filter(role=Role.REVIEWER)
    elif adjustment.state == AdjustmentState.SIGNING:
        people = waiting_for(budget)  # heads: an approved budget waits for its head
    else:
        people = people.filter(role__in=(Role.OFFICER, Role.HEAD), unit=budget.unit)
    title = workflow.ADJUSTMENTS[move].title
    message = Message(
        f"{adjustment}：{title.zh}（{actor}）",
        f"{budget}, adjustment {adjustment.number}: {title.en.lower()} ({actor})",
    )
    notify(people.exclude(pk=actor.pk), message, budget, f"adjustment-{move}:{adjustment.pk}:{now.isoformat()}", now)


__all__ = ["LedgerError", "adjustment_move", "adjustment_open", "adjustment_set", "result_of"]
