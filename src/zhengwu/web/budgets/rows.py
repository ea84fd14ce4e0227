"""Edits of a budget's rows: many at once, each row by itself, nobody's typing lost."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Max, Q

from zhengwu.ledger.schema import sheet
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import books, workflow
from zhengwu.web.budgets.models import Budget, Row
from zhengwu.web.budgets.row_trail import row_added
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record

MOST_CHANGES = 2_000  # of one request
MOST_NAME = 40  # characters
MOST_ROWS = 50_000  # of one sheet
_OWN = Message("是本单位的信息，不能修改或删除。", "is the unit's own and can be neither changed nor removed")


class Change(NamedTuple):
    """What somebody did to a row. ``row`` is its key, None for a new one, which ``name`` tells apart. ``cells`` are
    the typed texts by column, ``seen`` the values that stood there when the person began; ``gone`` removes the row
    (True) or brings it back (False). ``place`` is where a new row is to stand, if not last."""

    name: str
    row: int | None
    cells: Mapping[str, Any] = {}
    seen: Mapping[str, Any] = {}
    gone: bool | None = None
    place: int | None = None


class Outcome(NamedTuple):
    """What became of a change: the row as it now is. ``wrong`` says by column why a cell was not taken, ``theirs``
    by column what somebody else has typed meanwhile: then the whole row was left as it is. ``touched`` are columns
    that others changed while this change was taken. ``place`` is kept for a new row that was not taken: mended, it
    stands between those that came with it."""

    name: str
    row: Row | None
    wrong: dict[str, Message]
    theirs: dict[str, Any]
    touched: tuple[str, ...] = ()
    place: int | None = None

    @property
    def taken(self) -> bool:
        """Whether the change is in the budget."""
        return not self.wrong and not self.theirs


class Saved(NamedTuple):
    """The outcomes in the order of the changes, and the budget's revision after them."""

    revision: int
    outcomes: tuple[Outcome, ...]


def rows_save(*, actor: User, budget: Budget, sheet_key: str, changes: Sequence[Change], now: datetime) -> Saved:
    """``rows_take`` of a budget that is not locked yet."""
    require(actor, "budget.edit", budget.unit)
    with transaction.atomic():
        return rows_take(actor=actor, budget=locked(budget), sheet_key=sheet_key, changes=changes, now=now)


def rows_take(*, actor: User, budget: Budget, sheet_key: str, changes: Sequence[Change], now: datetime) -> Saved:
    """Take the changes of a sheet's rows that can be taken; the others are told why, and change nothing. ``budget`` is
    ``locked`` in the caller's transaction.

    Raises RefusedError: "not-allowed"; "conflict" where the budget is not being compiled; "invalid" for a sheet that
    is not edited here, or for too much at once.
    """
    require(actor, "budget.edit", budget.unit)
    if sheet_key not in books.EDITED:
        raise RefusedError(
            "invalid",
            "这个表由项目库生成，请在项目库中修改。",
            "This sheet follows from the library of projects: change it there.",
        )
    if len(changes) > MOST_CHANGES:
        raise RefusedError(
            "invalid",
            f"一次最多保存 {MOST_CHANGES:,} 行；请分几次粘贴。",
            f"At most {MOST_CHANGES:,} rows are saved at once; paste them in several turns.",
        )
    names = [change.name for change in changes if change.row is None and change.name]
    if len(set(names)) != len(names) or any(len(name) > MOST_NAME for name in names):
        raise RefusedError(
            "invalid",
            f"新行的名称须各不相同，且不超过 {MOST_NAME} 个字符。",
            f"The names of new rows must differ and have {MOST_NAME} characters at most.",
        )
    editable(budget)
    desk = _Desk(actor, budget, sheet_key, changes, now)
    outcomes = tuple(desk.outcome(change) for change in changes)
    desk.write()
    return Saved(budget.revision, outcomes)


def locked(budget: Budget) -> Budget:
    """The budget, locked and as it now is. Edits and moves of one budget wait for each other: what is handed in is
    what was checked."""
    return Budget.objects.select_for_update(of=("self",), no_key=True).select_related("unit", "year").get(pk=budget.pk)


def numbers_of(budget: Budget, sheets: Collection[str]) -> dict[int, int]:
    """The number of each row of these sheets, by its key; a row that is gone has none. One query."""
    found = Row.objects.filter(budget=budget, sheet__in=sheets)
    return {pk: number for number, (_, _, pk) in books.numbered(found, "pk")}


def editable(budget: Budget) -> None:
    """Raises RefusedError "conflict" unless the budget is being compiled."""
    if budget.state not in workflow.EDITABLE or budget.year.closed:
        raise RefusedError(
            "conflict",
            f"预算现在是“{budget.get_state_display()}”，不能直接修改；批复后的变动请走调剂。",
            f"The budget is “{budget.get_state_display()}” and cannot be edited; after its approval a change is an adjustment.",
        )


class _Desk:
    """The changes of one request, taken one by one, written together."""

    def __init__(self, actor: User, budget: Budget, key: str, changes: Sequence[Change], now: datetime) -> None:
        self.actor, self.budget, self.key, self.now = actor, budget, key, now
        self.columns = {one.key: one for one in sheet(key).columns}
        there = Row.objects.filter(budget=budget, sheet=key)
        self.rows = there.in_bulk([change.row for change in changes if change.row is not None])
        new = [change.name for change in changes if change.row is None]
        self.named = {row.name: row for row in there.filter(name__in=[name for name in new if name])} if new else {}
        told = there.aggregate(last=Max("position"), count=Count("pk", filter=Q(gone=False))) if new else {}
        self.position, self.count = told.get("last") or 0, told.get("count", 0)
        self.made: list[Row] = []
        self.changed: dict[int, Row] = {}
        self.told: list[dict[str, Any]] = []

    def outcome(self, change: Change) -> Outcome:
        row = self._row(change)
        if row is None:
            gone = Message("这一行已不存在。", "This row is no longer there.")
            return Outcome(change.name, None, {"": gone}, {})
        values, wrong = books.typed(self.key, change.cells)
        if self.key == "units" and row.values.get("code") == self.budget.unit.code:
            wrong |= {name: _OWN for name in books.OWN_UNIT if name in values and values[name] != row.values[name]}
            wrong |= {"": _OWN} if change.gone else {}
        if wrong:
            return Outcome(change.name, row if change.row else None, wrong, {}, place=None if row.pk else row.position)
        if row.gone and change.gone is not False:
            return Outcome(change.name, row, {}, {"": "gone"})
        theirs, touched = self._others(row, change, values)
        if theirs:
            return Outcome(change.name, row, {}, theirs)
        self._take(row, change, values)
        return Outcome(change.name, row, {}, {}, touched)

    def write(self) -> None:
        """All rows that were taken, and the one event that tells of them."""
        if not self.told:
            return
        stamp = self.budget.revision + 1
        for row in (*self.made, *self.changed.values()):
            row.stamp = stamp
        Row.objects.bulk_create(self.made, batch_size=500)
        fields = ["values", "amount", "revision", "stamp", "gone", "changed_by", "changed_at"]
        if len(self.changed) == 1:  # a cell: a third of the work
            next(iter(self.changed.values())).save(update_fields=fields)
        else:
            Row.objects.bulk_update(self.changed.values(), fields, batch_size=200)
        for entry in self.told:
            entry["row"] = entry["row"].pk
        self.budget.revision = stamp
        self.budget.save(update_fields=["revision"])
        record(
            actor=self.actor, action="budget.edit", subject=self.budget, unit=self.budget.unit,
            data={"sheet": self.key, "revision": stamp, "changes": self.told},
        )  # fmt: skip

    def _row(self, change: Change) -> Row | None:
        if change.row is not None:
            return self.rows.get(change.row)
        if change.name in self.named:  # the answer to the first request was lost
            return self.named[change.name]
        if change.gone or self.count >= MOST_ROWS:
            return None
        blank = {name: books.typed(self.key, {name: ""})[0][name] for name in self.columns}
        if self.key == "lines":
            blank["unit"] = self.budget.unit.code
        place = min(change.place or self.position + 1, self.position + MOST_CHANGES)
        self.position = max(self.position, place)
        return Row(
            budget=self.budget, sheet=self.key, name=change.name, position=place, values=blank,
            changed_at=self.now,
        )  # fmt: skip

    def _others(self, row: Row, change: Change, values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """(values of others in the cells that are changed here, other columns that they changed)."""
        if row.pk is None:
            return {}, ()
        seen, wrong = books.typed(self.key, change.seen)
        differ = {
            name
            for name in self.columns
            if (name in seen or name in wrong) and (name in wrong or seen[name] != row.values.get(name))
        }
        theirs = {name: row.values.get(name) for name in differ if name in values and values[name] != row.values.get(name)}  # fmt: skip
        if change.gone and differ:  # somebody else has typed into the row that is to go
            theirs |= {name: row.values.get(name) for name in differ}
        return theirs, tuple(sorted(differ - values.keys()))

    def _take(self, row: Row, change: Change, values: Mapping[str, Any]) -> None:
        gone = row.gone if change.gone is None else change.gone
        goes, new = gone != row.gone, row.pk is None
        before = {name: row.values.get(name) for name in values}
        if not new and before == dict(values) and not goes:
            return
        # A row that goes or comes back is told whole, as it was: "1 row removed" says neither which nor how much.
        entry: dict[str, Any] = {"row": row, "before": dict(row.values) if goes else before, "after": dict(values)}
        row.values = {**row.values, **values}
        row.gone = gone
        row.amount = row.values.get("amount") if self.key == "lines" else None
        row.changed_by, row.changed_at = self.actor, self.now
        row.revision += 1
        if new:
            self.count += 1
            self.made.append(row)
            entry = {"row": row, **row_added(row.values)}
        else:
            self.changed[row.pk] = row
        if goes:
            entry["gone"] = gone
        self.told.append(entry)
