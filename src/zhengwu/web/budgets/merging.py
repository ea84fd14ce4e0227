"""A unit merged into another during the year: its budget goes over to the other's and is closed, with the reason."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max, Q

from zhengwu.ledger.merge import merge_units
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.note import Note
from zhengwu.ledger.problem import LedgerError, several
from zhengwu.ledger.rollup import rollup
from zhengwu.ledger.schema import sheet
from zhengwu.ledger.store import Plain, ledger_from, plain
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import adjustments, library_entry, workflow
from zhengwu.web.budgets.departments import plains_of
from zhengwu.web.budgets.models import (
    Adjustment,
    AdjustmentState,
    Budget,
    ControlFigure,
    Remark,
    State,
    Version,
    VersionKind,
)
from zhengwu.web.budgets.moves import notify, version_keep
from zhengwu.web.budgets.row_trail import rows_record
from zhengwu.web.budgets.years import note_of, rows_replace
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Role, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record


class Merging(NamedTuple):
    """What a merger does, in 分: what each had, what passed between them and is gone, what the taking unit has then."""

    lines: int
    amount: int
    before: int
    taken_out: int
    after: int
    notes: tuple[Note, ...]


def units_merge(*, actor: User, gone: Budget, into: Budget, reason: str, document: str, now: datetime) -> Merging:
    """Merge the budget ``gone`` of a unit into that of another unit of the same year.

    While both are being compiled the taking unit's rows become those of both; its control figures are those of both,
    too. Once both are approved, the change is an adjustment of the taking unit's budget, approved by the bureau here and now; the
    new version is in force. What passed between the two units is no longer spent or received. The other budget is
    closed for good; its versions stay. Raises RefusedError: a FieldRefusedError at what is wrong, "conflict" where
    the two stand at different steps or an adjustment is under way.
    """
    require(actor, "budget.merge")
    if not reason.strip():
        raise FieldRefusedError("reason", "请说明并入的原因。", "Say why the unit is merged.")
    if gone.pk == into.pk or gone.year_id != into.year_id:
        raise FieldRefusedError("into", "请选择同一年度的另一个单位。", "Choose another unit of the same year.")
    with transaction.atomic():
        # In the order of their keys: two mergers never wait for each other.
        locked = (
            Budget.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=(gone.pk, into.pk)).order_by("pk")
        )
        found = {one.pk: one for one in locked.select_related("unit", "year", "approved")}
        gone, into = found[gone.pk], found[into.pk]
        in_force = _at_one_step(gone, into)
        base = into.approved if in_force else None
        made, done = _merged(gone, into)
        if in_force:
            _sound(made)
        figures = _figures_over(gone, into, actor, now)
        if base is not None:
            paper = _adjusted(into, base, gone, made, actor, reason.strip(), document.strip(), now)
        replaced = rows_replace(into, made, actor, now)
        library_entry.take_over(unit=into.unit, ledger=ledger_from(made, gaps=True), actor=actor, now=now)
        before = gone.state
        gone.state, gone.merged_into, gone.moved_at = State.MERGED, into, now
        kept = [note_of(note) for note in done.notes]
        gone.notes, into.notes = kept[:1], [*into.notes, *kept]
        gone.save(update_fields=["state", "merged_into", "moved_at", "notes"])
        into.save(update_fields=["notes", "approved"])
        Remark.objects.bulk_create(
            Remark(budget=one, text=reason.strip()[:4000], move="merge", author=actor, at=now, settled=True)
            for one in (gone, into)
        )
        told: dict[str, Any] = {
            "gone": gone.unit.code, "into": into.unit.code, "reason": reason.strip(), "document": document.strip(),
            "lines": done.lines, "amount": done.amount, "before": done.before, "taken_out": done.taken_out,
            "after": done.after, "figures": figures, "notes": len(done.notes), "state": before,
            "adjustment": paper.number if base is not None else None,
            "version": into.approved.number if base is not None and into.approved else None,
        }  # fmt: skip
        rows_record(actor=actor, action="budget.merge", budget=into, data=told, sheets=replaced.sheets)
        record(actor=actor, action="budget.merged", subject=gone, unit=gone.unit, data=told)
        people = User.objects.filter(
            is_active=True, role__in=(Role.OFFICER, Role.HEAD), unit__in=(gone.unit, into.unit)
        )
        message = Message(
            f"{gone.unit} 的 {gone.year.year} 年预算并入 {into.unit}：{done.lines:,} 行、{yuan(done.amount)} 元。",
            f"The budget {gone.year.year} of {gone.unit} is merged into {into.unit}: {done.lines:,} lines, {yuan(done.amount)} yuan.",
        )
        notify(people, message, into, f"merge:{gone.pk}", now)
    return done


def _at_one_step(gone: Budget, into: Budget) -> bool:
    """Whether both are in force; raises RefusedError where they cannot be put together."""
    if into.year.closed:
        raise RefusedError("conflict", "这个年度已经关闭。", "This year is closed.")
    for one in (gone, into):
        if one.state in (State.MERGED, State.EARLIER):
            raise RefusedError(
                "conflict", f"{one.unit} 的预算已并入其他单位，或是以前年度转入的。", f"The budget of {one.unit} was merged or taken over: it cannot be merged."
            )  # fmt: skip
    below = Budget.objects.filter(year=gone.year, unit__path__startswith=gone.unit.path).exclude(pk=gone.pk)
    if below.exclude(state=State.MERGED).exists():
        raise FieldRefusedError("gone", f"{gone.unit} 还有下属单位；请先并入这些单位。", f"{gone.unit} has units below it: merge those first.")  # fmt: skip
    in_force = [one.state in workflow.IN_FORCE for one in (gone, into)]
    if in_force == [False, False]:
        if into.state not in workflow.EDITABLE:
            raise FieldRefusedError(
                "into", f"{into.unit} 的预算是“{into.get_state_display()}”；请先退回。", f"The budget of {into.unit} is “{into.get_state_display()}”: return it first."
            )  # fmt: skip
        return False
    if in_force != [True, True]:
        raise RefusedError(
            "conflict",
            f"两份预算的步骤不同：{gone.unit} 是“{gone.get_state_display()}”，{into.unit} 是“{into.get_state_display()}”；须同为编制中或同为已批复。",
            f"The two budgets stand at different steps: {gone.unit} is “{gone.get_state_display()}”, {into.unit} is “{into.get_state_display()}”. Both must be "
            "in compilation, or both approved.",
        )
    waiting = Adjustment.objects.filter(Q(budget=gone) | Q(budget=into)).exclude(state__in=workflow.OVER).select_related("budget__unit", "budget__year")  # fmt: skip
    for paper in waiting:
        raise RefusedError("conflict", f"“{paper}”还没有办结；请先办结。", f"Adjustment {paper.number} of {paper.budget} is under way: finish it first.")  # fmt: skip
    return True


def _merged(gone: Budget, into: Budget) -> tuple[Plain, Merging]:
    """The taking unit's ledger with both in it."""
    plains = plains_of([into, gone])
    ledgers = [ledger_from(_with_own(plains[one.pk], one), gaps=True) for one in (into, gone)]
    head = ledgers[0].budget._replace(control=None)
    rolled = rollup(ledgers, head)
    merged = merge_units(rolled.ledger, gone.unit.code, into.unit.code)
    sums = [_total(one) for one in (*ledgers, merged.ledger)]
    done = Merging(
        len(ledgers[1].lines), sums[1], sums[0], rolled.taken_out, sums[2],
        (*merged.notes[:1], *rolled.notes, *merged.notes[1:]),
    )  # fmt: skip
    return plain(merged.ledger), done


def _sound(made: Plain) -> None:
    """What is in force at once has no fault that its officers could no longer mend."""
    try:
        ledger_from(made)
    except LedgerError as error:
        said = several(
            "并入后的预算有问题，没有并入；请先用调剂改正：",
            "The merged budget would have faults, and nothing was merged; mend them by an adjustment first:",
            [one.sentence for one in error.problems],
        )
        raise RefusedError("conflict", *said) from error


def _total(ledger: Ledger) -> int:
    return sum(line.amount or 0 for line in ledger.lines)  # a draft's may be empty yet


def _with_own(made: Plain, budget: Budget) -> Plain:
    """A ledger whose sheet of units has the unit itself: a draft may have lost it."""
    if any(row.get("code") == budget.unit.code for row in made["units"]):
        return made
    own = {"row": 0, "code": budget.unit.code, "name": budget.unit.name, "kind": "agency"}
    return {**made, "units": [own, *made["units"]]}


def _figures_over(gone: Budget, into: Budget, actor: User, now: datetime) -> int:
    """Add one's control figures to the other's; how many there are then."""
    there = {one.project: one for one in into.controls.all()}
    for one in gone.controls.all():
        kept = there.get(one.project)
        if kept is None:
            kept = there[one.project] = ControlFigure(budget=into, project=one.project, amount=0, staff=None)
            kept.standard, kept.remark = one.standard, one.remark
        same = kept.standard == one.standard
        kept.amount += one.amount
        kept.staff = (kept.staff or 0) + (one.staff or 0) if same and one.staff is not None else None
        kept.standard = kept.standard if same else None
        kept.set_by, kept.set_at = actor, now
        kept.save()
    return len(there)


def _adjusted(
    into: Budget, base: Version, gone: Budget, made: Plain, actor: User, reason: str, document: str, now: datetime
) -> Adjustment:
    """The adjustment that the merger is, approved, and its version in force."""
    last = into.adjustments.aggregate(last=Max("number"))["last"] or 0
    said = f"“{gone.unit.code} {gone.unit.name}”并入：{reason}"
    paper = Adjustment(
        budget=into, number=last + 1, state=AdjustmentState.APPROVED, base=base, reason=said, document=document[:100],
        changes=[change for key in adjustments.SHEETS for change in _changes(key, base.ledger[key], made[key])],
        made_by=actor, made_at=now, decided_by=actor, decided_at=now, decision=reason,
    )  # fmt: skip
    version = version_keep(into, str(VersionKind.ADJUSTED), actor, now, f"调剂 {paper.number}：{said}", made)
    paper.result = into.approved = version
    paper.save()
    return paper


def _changes(key: str, old: Sequence[Plain], new: Sequence[Plain]) -> Iterator[dict[str, Any]]:
    """What of a sheet changed, as an adjustment says it: rows of the old one by their number, new ones without."""
    amounts = [one.key for one in sheet(key).columns if one.type in ("amount", "count")]

    def name(row: Plain) -> tuple[Any, ...]:
        return tuple(row[one.key] for one in sheet(key).columns if one.key not in amounts)

    left: dict[tuple[Any, ...], list[Plain]] = {}
    for row in old:
        left.setdefault(name(row), []).append(row)
    for row in new:
        before = left.get(name(row))
        if not before:
            yield {"sheet": key, "row": None, "values": {one: value for one, value in row.items() if one != "row"}}
            continue
        was = next((one for one in before if all(one[n] == row[n] for n in amounts)), before[0])
        before.remove(was)
        differing = {one: row[one] for one in amounts if row[one] != was[one]}
        if differing:
            yield {"sheet": key, "row": was["row"], "values": differing}
    for rows in left.values():
        for row in rows:
            yield {"sheet": key, "row": row["row"], "values": None}
