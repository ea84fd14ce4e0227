"""What begins a budget: a year is opened, control figures are set, last year's budget is copied forward, a ledger is
taken in from a workbook."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from zhengwu.dialects import dialects
from zhengwu.ledger.forward import forward
from zhengwu.ledger.load import read_bytes
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.note import Note, Option
from zhengwu.ledger.schema import SHEETS
from zhengwu.ledger.store import Plain, ledger_from, plain
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books, library_entry, workflow
from zhengwu.web.budgets.matching import matched
from zhengwu.web.budgets.models import Budget, BudgetYear, ControlFigure, Row, State, VersionKind
from zhengwu.web.budgets.moves import notify, version_keep
from zhengwu.web.budgets.row_trail import Told, by_sheet, row_added, row_changed, row_gone, rows_record
from zhengwu.web.budgets.rows import editable, locked
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record


class Figure(NamedTuple):
    """A control figure in 分: of basic expenditure (project ""), or of a project."""

    project: str
    amount: int
    staff: int | None = None
    standard: int | None = None
    remark: str = ""


def publishing_dialects() -> list[Any]:
    """The formats that a budget can be published in."""
    return [one for one in dialects() if one.document == "budget" and one.narrative]


def year_open(
    *, actor: User, year: int, dialect: str, first_due: date | None, second_due: date | None, publish_due: date | None,
    units: Sequence[Unit], now: datetime,
) -> BudgetYear:  # fmt: skip
    """Open a year: each of ``units`` gets an empty budget. Raises RefusedError, a FieldRefusedError at what is wrong."""
    require(actor, "budget.open-year")
    if not 2000 <= year <= 2099:
        raise FieldRefusedError("year", f"“{year}”不像年度；请填四位数。", f"“{year}” is no year; give four digits.")
    if dialect not in {one.key for one in publishing_dialects()}:
        raise FieldRefusedError("dialect", "没有这种公开格式。", "There is no such format.")
    _in_order(first_due, second_due, publish_due)
    with transaction.atomic():
        if BudgetYear.objects.filter(year=year).exists():
            raise FieldRefusedError("year", f"{year} 年已经有预算。", f"{year} has budgets already.")
        made = BudgetYear.objects.create(
            year=year, dialect=dialect, first_due=first_due, second_due=second_due, publish_due=publish_due,
            opened_by=actor, opened_at=now,
        )  # fmt: skip
        record(actor=actor, action="budget.open-year", subject=made, data={"year": year, "dialect": dialect, "units": len(units)})  # fmt: skip
        for unit in units:
            _start(actor, unit, made, now)
    return made


def _in_order(first_due: date | None, second_due: date | None, publish_due: date | None) -> None:
    if first_due and second_due and second_due < first_due:
        raise FieldRefusedError("second_due", "二上截止日期早于一上。", "The second report is due before the first.")
    if second_due and publish_due and publish_due < second_due:
        raise FieldRefusedError("publish_due", "公开截止日期早于二上。", "Publication is due before the second report.")


def year_change(
    *, actor: User, year: BudgetYear, first_due: date | None, second_due: date | None, publish_due: date | None,
    now: datetime,
) -> BudgetYear:  # fmt: skip
    """Change the days until when units report; those who still have something to do are told. Raises a
    FieldRefusedError at what is wrong, "conflict" for a closed year."""
    require(actor, "budget.open-year")
    _in_order(first_due, second_due, publish_due)
    with transaction.atomic():
        year = BudgetYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if year.closed:
            raise RefusedError("conflict", "这个年度已经关闭。", "This year is closed.")
        before = [year.first_due, year.second_due, year.publish_due]
        after = [first_due, second_due, publish_due]
        if before != after:
            year.first_due, year.second_due, year.publish_due = after
            year.save(update_fields=["first_due", "second_due", "publish_due"])
            record(actor=actor, action="budget.change-year", subject=year, data={"before": before, "after": after})
            open_ = year.budgets.exclude(state__in=(State.PUBLISHED, State.EARLIER, State.MERGED))
            people = User.objects.filter(
                is_active=True, role__in=(Role.OFFICER, Role.HEAD), unit__in=open_.values("unit")
            )
            notify(people, _days_changed(year, before, after), None, f"days:{year.pk}:{now.timestamp()}", now)
    return year


def _days_changed(year: BudgetYear, before: Sequence[date | None], after: Sequence[date | None]) -> Message:
    names = (("一上截止", "the request"), ("二上截止", "the budget"), ("公开截止", "publication"))
    changed = [(name, one) for name, old, one in zip(names, before, after, strict=True) if old != one]
    zh = "；".join(f"{name[0]} {one or '不设'}" for name, one in changed)
    en = "; ".join(f"{name[1]} {one or 'no day'}" for name, one in changed)
    return Message(f"{year.year} 年截止日期已改：{zh}。", f"Days of {year.year} were changed: {en}.")


def year_close(*, actor: User, year: BudgetYear, closed: bool) -> BudgetYear:
    """Close a year, after which nothing of it moves, or open it again. Again changes nothing."""
    require(actor, "budget.open-year")
    with transaction.atomic():
        year = BudgetYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if year.closed != closed:
            year.closed = closed
            year.save(update_fields=["closed"])
            unfinished = year.budgets.exclude(state__in=(*workflow.IN_FORCE, State.EARLIER, State.MERGED)).count()
            action = "budget.close-year" if closed else "budget.reopen-year"
            record(actor=actor, action=action, subject=year, data={"year": year.year, "unfinished": unfinished})
    return year


def budget_start(*, actor: User, unit: Unit, year: BudgetYear, now: datetime) -> Budget:
    """An empty budget for a unit that had none when the year was opened. The second of two clicks gets the first's."""
    require(actor, "budget.open-year", unit)
    with transaction.atomic():
        BudgetYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        there = Budget.objects.filter(unit=unit, year=year).first()
        return there or _start(actor, unit, year, now)


def _start(actor: User, unit: Unit, year: BudgetYear, now: datetime) -> Budget:
    made = Budget.objects.create(unit=unit, year=year, moved_at=now)
    own = {name: books.typed("units", {name: ""})[0][name] for name in (one.key for one in _UNITS.columns)}
    own |= {"code": unit.code, "name": unit.name, "kind": "agency"}
    Row.objects.create(budget=made, sheet="units", position=1, values=own, changed_by=actor, changed_at=now)
    record(actor=actor, action="budget.start", subject=made, unit=unit, data={"year": year.year})
    people = User.objects.filter(is_active=True, role=Role.OFFICER, unit=unit)
    message = Message(f"{year.year} 年预算开始编制。", f"The budget of {year.year} is open.")
    notify(people, message, made, f"start:{made.pk}", now)
    return made


_UNITS = next(one for one in SHEETS if one.key == "units")


def figures_set(*, actor: User, budget: Budget, figures: Sequence[Figure], now: datetime) -> Budget:
    """Set all control figures of a budget, in place of those before. Raises RefusedError "conflict" once it is
    approved: then a change is an adjustment."""
    require(actor, "budget.control", budget.unit)
    names = [one.project for one in figures]
    for one in figures:
        if one.amount < 0:
            raise FieldRefusedError("amount", "控制数不能为负数。", "A control figure cannot be negative.")
        if one.staff is not None and one.standard is not None and one.amount < one.staff * one.standard:
            raise FieldRefusedError(
                "amount",
                f"控制数小于人数乘标准（{yuan(one.staff * one.standard)} 元）。",
                f"The figure is less than staff times the standard ({yuan(one.staff * one.standard)} yuan).",
            )
    if len(set(names)) != len(names):
        raise FieldRefusedError("project", "同一项目有两个控制数。", "A project has two control figures.")
    with transaction.atomic():
        budget = locked(budget)
        if budget.state in (State.APPROVED, State.PUBLISHED, State.EARLIER, State.MERGED) or budget.year.closed:
            raise RefusedError("conflict", "预算已经批复；变动请走调剂。", "The budget is approved: a change is an adjustment.")  # fmt: skip
        before = {one.project: one.amount for one in budget.controls.all()}
        budget.controls.all().delete()
        ControlFigure.objects.bulk_create(
            ControlFigure(
                budget=budget, project=one.project[:300], amount=one.amount, staff=one.staff, standard=one.standard,
                remark=one.remark[:200], set_by=actor, set_at=now,
            )
            for one in figures
        )  # fmt: skip
        after = {one.project: one.amount for one in figures}
        record(actor=actor, action="budget.figures", subject=budget, unit=budget.unit, data={"before": before, "after": after})  # fmt: skip
        if books.in_second_turn(budget) and before != after:
            officers = User.objects.filter(is_active=True, role=Role.OFFICER, unit=budget.unit)
            message = Message(f"{budget}：控制数有变动。", f"{budget}: the control figures were changed.")
            notify(officers, message, budget, f"figures:{budget.pk}:{now.isoformat()}", now)
    return budget


def copy_forward(*, actor: User, budget: Budget, now: datetime) -> tuple[Note, ...]:
    """Begin a budget with last year's approved one, its codes carried over; what could not be is told, and kept with
    the budget. Rows typed before are replaced. Raises RefusedError "not-found" where there is none."""
    require(actor, "budget.edit", budget.unit)
    with transaction.atomic():
        budget = locked(budget)
        editable(budget)
        before = Budget.objects.filter(unit=budget.unit, year__year=budget.year.year - 1).exclude(approved=None).select_related("approved").first()  # fmt: skip
        if before is None or before.approved is None:
            raise RefusedError(
                "not-found",
                f"{budget.year.year - 1} 年没有已批复的预算；请先导入上年的台账，或从空白开始。",
                f"There is no approved budget of {budget.year.year - 1}; take over last year's ledger first, or start from nothing.",
            )
        done = forward(ledger_from(before.approved.ledger, gaps=True))
        made = plain(done.ledger)
        replaced = rows_replace(budget, made, actor, now)
        library_entry.take_over(unit=budget.unit, ledger=done.ledger, actor=actor, now=now)
        budget.copied_from = before.approved
        budget.asset_date = done.ledger.budget.asset_date[:40]
        budget.notes = [note_of(note) for note in done.notes]
        budget.notes += [note_of(note) for note in _undecided(before, made, budget.notes)]
        budget.save(update_fields=["copied_from", "asset_date", "notes"])
        rows_record(
            actor=actor, action="budget.copy-forward", budget=budget, sheets=replaced.sheets,
            data={"version": before.approved_id, "rows": replaced.counts, "notes": len(done.notes)},
        )  # fmt: skip
    return done.notes


def _undecided(before: Budget, made: Plain, asked: Sequence[Mapping[str, Any]]) -> Iterator[Note]:
    """What names an earlier year or a former code, was left undecided a year ago and still stands: it is asked again."""
    known = {(one["sheet"], one["column"], one["found"]) for one in asked}
    for one in before.notes:
        key, column, text = place = one["sheet"], one["column"], one["found"]
        if one["kind"] not in ("old_year", "old_name") or one.get("kept") or place in known:
            continue
        rows = [row["row"] for row in made.get(key, ()) if text in str(row.get(column) or "")]
        if rows:
            short = text if len(text) <= 40 else f"{text[:39]}…"
            said = Message(f"“{short}”去年已提示，没有决定，也没有改动；请核对。", f"“{short}” was told a year ago, was not decided and stands still; check it")  # fmt: skip
            options = tuple(Option(*option) for option in one["options"])
            yield Note(one["kind"], key, tuple(rows), (), column, text, said, options)


def ledger_take(*, actor: User, budget: Budget, data: bytes, name: str, now: datetime) -> Budget:
    """Put a ledger workbook in place of what a budget holds. Raises LedgerError with every cell that cannot be read,
    UnreadableError for no workbook; RefusedError for another unit's or year's. What the rows say together is left to
    the live audit: a draft may be unfinished."""
    require(actor, "budget.edit", budget.unit)
    ledger = read_bytes(data, name, gaps=True)
    _same(ledger, budget.unit, budget.year.year)
    with transaction.atomic():
        budget = locked(budget)
        editable(budget)
        replaced = rows_replace(budget, plain(ledger), actor, now)
        told: dict[str, Any] = {"name": name[:200], "rows": replaced.counts}
        date = ledger.budget.asset_date[:40]
        if date != budget.asset_date:
            told["asset_date"] = [budget.asset_date, date]
            budget.asset_date = date
            budget.save(update_fields=["asset_date"])
        library_entry.take_over(unit=budget.unit, ledger=ledger, actor=actor, now=now, newer=True)
        rows_record(actor=actor, action="budget.import", budget=budget, data=told, sheets=replaced.sheets)
    return budget


def asset_date_set(*, actor: User, budget: Budget, date: str) -> Budget:
    """Set as of which day the assets stand, printed as typed; "" for the end of the year before. Raises RefusedError
    "conflict" for a budget that is not being compiled, a FieldRefusedError for a text that is too long."""
    require(actor, "budget.edit", budget.unit)
    text = " ".join(date.split())
    if len(text) > 40:
        raise FieldRefusedError("date", f"截止日期有 {len(text)} 个字，最多 40 个。", f"The day has {len(text)} characters, at most 40 are taken.")  # fmt: skip
    with transaction.atomic():
        budget = locked(budget)
        editable(budget)
        before = budget.asset_date
        if before != text:
            budget.asset_date, budget.revision = text, budget.revision + 1
            budget.save(update_fields=["asset_date", "revision"])
            record(actor=actor, action="budget.asset-date", subject=budget, unit=budget.unit, data={"before": before, "after": text})  # fmt: skip
    return budget


def earlier_take(*, actor: User, unit: Unit, data: bytes, name: str, now: datetime) -> Budget:
    """Take over the budget of an earlier year that was compiled elsewhere, whole and checked, so that the next can be
    copied from it. Raises LedgerError, RefusedError; "conflict" where the unit has a budget of that year."""
    require(actor, "budget.edit", unit)
    ledger = read_bytes(data, name)
    _same(ledger, unit, None)
    with transaction.atomic():
        year, _ = BudgetYear.objects.get_or_create(
            year=ledger.budget.year,
            defaults={"dialect": ledger.budget.dialect, "opened_by": actor, "opened_at": now, "closed": True},
        )
        BudgetYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if Budget.objects.filter(unit=unit, year=year).exists():
            raise RefusedError("conflict", f"{year.year} 年已经有预算。", f"There is a budget of {year.year} already.")
        if Budget.objects.filter(unit=unit, year__year__lt=year.year).exists():
            raise RefusedError(
                "conflict",
                f"{year.year} 年不早于本单位已有的预算，不能作为以前年度转入。",
                f"{year.year} is not earlier than the budgets that the unit has: it cannot be taken over.",
            )
        budget = Budget.objects.create(unit=unit, year=year, state=State.EARLIER, moved_at=now)
        made = plain(ledger)
        counts = rows_replace(budget, made, actor, now).counts  # all are new: the version that is kept has them
        library_entry.take_over(unit=unit, ledger=ledger, actor=actor, now=now)
        budget.approved = version_keep(budget, str(VersionKind.EARLIER), actor, now, name[:200], made)
        budget.asset_date = ledger.budget.asset_date[:40]
        budget.save(update_fields=["approved", "asset_date"])
        record(
            actor=actor, action="budget.take-over", subject=budget, unit=unit,
            data={"name": name[:200], "rows": counts, "sha256": budget.approved.sha256},
        )  # fmt: skip
    return budget


def _same(ledger: Ledger, unit: Unit, year: int | None) -> None:
    if ledger.budget.code != unit.code:
        raise RefusedError(
            "other-unit",
            f"台账的部门代码是 {ledger.budget.code}，不是本单位的 {unit.code}；请核对文件。",
            f"The ledger is of the unit {ledger.budget.code}, not of {unit.code}; check the file.",
        )
    if year is not None and ledger.budget.year != year:
        raise RefusedError(
            "other-year",
            f"台账是 {ledger.budget.year} 年的，不是 {year} 年；请核对文件。",
            f"The ledger is of {ledger.budget.year}, not of {year}; check the file.",
        )


class Replaced(NamedTuple):
    """How many rows each sheet has, and what changed, as ``row_trail.by_sheet`` tells it."""

    counts: dict[str, int]
    sheets: list[dict[str, Any]]


def rows_replace(budget: Budget, made: Plain, actor: User, now: datetime) -> Replaced:
    """Make the budget's rows those of a ledger. A row that stays the same stays itself, so that its history and remarks
    do, too. Within a transaction that holds the budget's lock."""
    budget.revision += 1
    told: list[tuple[Row, Told]] = []
    kept: list[Row] = []
    new: list[Row] = []
    left: list[Row] = []
    counts: dict[str, int] = {}
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in Row.objects.filter(budget=budget, gone=False).order_by("-position", "-pk"):
        rows[row.sheet].append(row)
    for sheet in SHEETS:
        if sheet.key == "budget":
            continue
        wanted = [{name: value for name, value in given.items() if name != "row"} for given in made[sheet.key]]
        counts[sheet.key] = len(wanted)
        found = matched(sheet, rows[sheet.key], wanted)
        for position, (row, values) in enumerate(zip(found, wanted, strict=True), 1):
            if row is None:
                row = Row(budget=budget, sheet=sheet.key, revision=1, stamp=budget.revision)
                new.append(row)
                told.append((row, row_added(values)))
            elif row.values == values and row.position == position:
                continue
            else:
                kept.append(row)
                if row.values != values:
                    told.append((row, row_changed(row.values, values)))
            row.revision += row.pk is not None and row.values != values
            row.values, row.position, row.stamp = values, position, budget.revision
            row.amount = values.get("amount") if sheet.key == "lines" else None
            row.changed_by, row.changed_at = actor, now
        there = {row.pk for row in found if row is not None}
        out = [row for row in reversed(rows[sheet.key]) if row.pk not in there]
        told += [(row, row_gone(row.values)) for row in out]
        left += out
    for row in left:
        row.gone, row.stamp, row.changed_by, row.changed_at = True, budget.revision, actor, now
        row.revision += 1
    Row.objects.bulk_create(new, batch_size=500)
    fields = ["values", "amount", "position", "revision", "stamp", "gone", "changed_by", "changed_at"]
    Row.objects.bulk_update([*kept, *left], fields, batch_size=200)
    budget.save(update_fields=["revision"])
    return Replaced(counts, by_sheet(told))


def note_of(note: Note) -> dict[str, Any]:
    """A note as it is kept with the budget: {"kind", "sheet", "row", "column", "found", "zh", "en", "options"}."""
    said = note.sentence
    return {
        "kind": note.kind, "sheet": note.sheet, "row": note.row, "column": note.column, "found": note.found,
        "zh": said.zh, "en": said.en, "options": [[one.value, one.name] for one in note.options],
    }  # fmt: skip
