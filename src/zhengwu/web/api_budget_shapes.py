"""What the API says of budgets, their rows, adjustments and projects: the shapes, and how each is filled.

Amounts are yuan as decimal texts ("1234.50"), codes and texts are texts, a choice is its key, yes is a truth value.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime

from zhengwu.ledger.schema import SHEETS, Column
from zhengwu.ledger.store import Plain
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.api_common import LARGEST_ID, Given, Listed, clean, missing
from zhengwu.web.budgets import adjustments, books, noted, selectors, workflow
from zhengwu.web.budgets.grids import GRID
from zhengwu.web.budgets.models import Budget, BudgetYear, ControlFigure, Remark, Row
from zhengwu.web.common.errors import FieldRefusedError, sentence
from zhengwu.web.common.models import Unit, User


def one_of(keys: Iterable[str]) -> str:
    """The pattern of a text that is one of ``keys``."""
    return f"^({'|'.join(keys)})$"


LAST_YEAR = 9999
SHEETS_OF = tuple(one.key for one in GRID)
_COLUMNS = {one.key: {column.key: column for column in one.columns} for one in SHEETS}
_AMOUNT = _COLUMNS["lines"]["amount"]
Text = Annotated[str, Field(max_length=4000), AfterValidator(clean)]
Named = Annotated[str, Field(max_length=300), AfterValidator(clean)]
SheetKey = Annotated[str, Field(pattern=one_of(SHEETS_OF), description="the key of a sheet of the ledger")]
ColumnKey = Annotated[str, Field(max_length=40)]
# What stands in a cell, as people type it: an amount is a text in yuan, never a JSON number with decimals.
Typed = (
    Annotated[str, Field(max_length=32_767), AfterValidator(clean)]
    | bool
    | Annotated[int, Field(ge=-(10**15), le=10**15)]
    | None
)
Cells = Annotated[dict[ColumnKey, Typed], Field(max_length=100)]
Money = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", description="yuan, two decimals at most")]
RowKey = Annotated[int, Field(ge=1, le=LARGEST_ID, description="the key of a row")]
StateKey = Literal[
    "first_draft", "first_signing", "first_submitted", "second_draft", "second_signing", "second_submitted", "approved",
    "published", "earlier", "merged",
]  # fmt: skip


class ActIn(Given):
    """What is done, to the ``revision`` that was read."""

    revision: str = Field(max_length=40)


class YearOut(Schema):
    """A budget year that the bureau has opened; the days until when units report and publish. ``revision`` goes back
    with what changes the year."""

    year: int
    dialect: str
    first_due: date | None
    second_due: date | None
    publish_due: date | None
    closed: bool
    revision: str


class BudgetOut(Schema):
    """A unit's budget of a year. ``edits`` counts what was typed: rows tell at which of them they were changed.
    ``revision`` goes back with what is done to the budget as a whole. ``approved``: the number of the version in force;
    ``total``: expenditure; ``remarks``: those that are open; ``waits``: it is the caller's turn."""

    id: int
    unit: str
    unit_name: str
    year: int
    state: StateKey
    edits: int
    revision: str
    total: str
    remarks: int
    waits: bool
    due: date | None
    overdue: bool
    moved_at: AwareDatetime
    approved: int | None
    merged_into: int | None


class BudgetList(Listed):
    """A piece of the list of budgets."""

    items: list[BudgetOut]


class OfferOut(Schema):
    """A move that the caller may make now; ``reasoned``: with a reason."""

    move: str
    title: str
    reasoned: bool


class AdjustedPart(Schema):
    """A part of a budget that its adjustments changed: of its ``nature`` (``project`` "" where it has none)."""

    nature: str
    project: str
    approved: str
    now: str
    change: str


class AdjustedOut(Schema):
    """What adjustments have made of the budget that was approved."""

    approved: str
    now: str
    change: str
    parts: list[AdjustedPart]


class BudgetWhole(BudgetOut):
    """A budget with its sums. ``control``: all control figures together, once they bind it; ``left``: what may still
    be spent of them. ``copied``: it was begun with last year's; ``notes``: how many things that said."""

    basic: str
    projects: str
    income: str
    carry_out: str
    control: str | None
    left: str | None
    moves: list[OfferOut]
    copied: bool
    notes: int
    adjusted: AdjustedOut | None


class RowOut(Schema):
    """A row of a sheet. ``edits``: that of the budget when the row was last changed; ``gone``: it was taken out."""

    id: int
    name: str
    position: int
    edits: int
    gone: bool
    changed_by: str | None
    changed_at: AwareDatetime
    cells: dict[str, Any]


class FigureOut(Schema):
    """A control figure and what the budget spends of it; ``project`` "" is basic expenditure. ``given`` is null where
    there is none yet, ``left`` is negative where too much is spent."""

    project: str
    used: str
    given: str | None
    left: str | None
    staff: int | None
    standard: str | None
    remark: str
    set_at: AwareDatetime | None


class RemarkOut(Schema):
    """What somebody said of a budget, of a row, of a cell; ``move``: the move that it is the reason of."""

    id: int
    sheet: str | None
    row: int | None
    column: str
    text: str
    move: str
    author: str
    at: AwareDatetime
    settled: bool


class NoteOut(Schema):
    """A thing to know or to decide after a budget was copied forward: where it stands, what stood there, what may
    stand in its place."""

    kind: str
    sheet: str
    row: int
    column: str
    found: str
    message: str
    options: list[list[str]]


class KeptOut(Schema):
    """Who decided that what was found stays as it is, and when."""

    by: str
    at: AwareDatetime


class BudgetNoteOut(NoteOut):
    """A note of a budget. ``waits``: what was found still stands and is to be decided; ``kept``: it was decided that it
    stays as it is."""

    id: str
    waits: bool
    kept: KeptOut | None


def money(fen: int | None) -> str | None:
    """分 as yuan with two decimals; None for none."""
    return None if fen is None else books.shown(_AMOUNT, fen)


def fen_of(text: str) -> int:
    """A ``Money`` in 分."""
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(f"{part:0<2}")


def cell(column: Column | None, value: Any) -> Any:
    """A plain value as the API tells it."""
    return money(value) if column is not None and column.type == "amount" and isinstance(value, int) else value


def cell_of(key: str, name: str, value: Any) -> Any:
    """A plain value of the column ``name`` of the sheet ``key``, as the API tells it."""
    return cell(_COLUMNS[key].get(name), value)


def cells(key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The plain values of a row of the sheet ``key``, as the API tells them."""
    return {name: cell_of(key, name, value) for name, value in values.items()}


def known(key: str, given: Mapping[str, Any], but: tuple[str, ...], field: str) -> None:
    """Raises FieldRefusedError at ``field`` for what is no column of the sheet ``key``, or one of ``but``: it may be
    another one misspelt."""
    for name in given:
        if name in but or name not in _COLUMNS[key]:
            raise FieldRefusedError(f"{field}.{name}", f"“{name}”不是可以填的列。", f"“{name}” is no column that is taken.")  # fmt: skip


def unit_of(code: str, field: str) -> Unit:
    """A unit by its code. Raises FieldRefusedError at ``field``: for those who see all units."""
    found = Unit.objects.filter(code=clean(code)).first()
    if found is None:
        raise FieldRefusedError(field, f"没有单位代码“{code}”。", f"There is no unit of the code “{code}”.")
    return found


def budgets_of(actor: User) -> "QuerySet[Budget]":
    """What the caller may see, with the time when the figures of each were last set."""
    figured = ControlFigure.objects.filter(budget=OuterRef("pk")).order_by().values("budget").annotate(at=Max("set_at"))
    return selectors.budgets_seen(actor).annotate(figured=Subquery(figured.values("at")))


def one_budget(actor: User, pk: int, found: "QuerySet[Budget] | None" = None) -> Budget:
    """A budget that the caller may see. Raises RefusedError "not-found"."""
    one = (budgets_of(actor) if found is None else found).filter(pk=pk).first() if pk <= LARGEST_ID else None
    if one is None:
        raise missing("没有这份预算，或您不能查看。", "There is no such budget, or you may not see it.")
    return one


def revision_of(one: Budget) -> str:
    """What tells two states of a budget apart. Needs ``figured``, of ``budgets_of``."""
    state = [
        one.state, one.revision, one.moved_at, one.approved_id, one.handed_in_by_id, one.year.closed,
        one.figured,  # type: ignore[attr-defined]
    ]  # fmt: skip
    return digest(state)


def year_revision(one: BudgetYear) -> str:
    """What tells two states of a year apart."""
    return digest([one.first_due, one.second_due, one.publish_due, one.closed])


def digest(state: Sequence[Any]) -> str:
    """A text that is another one for every other state."""
    return hashlib.sha256(json.dumps(state, default=str).encode()).hexdigest()[:16]


def changed() -> RefusedError:
    """That something is not any more what the caller has read."""
    return RefusedError(
        "conflict",
        "在您读取之后，内容已有变化；请重新读取后再决定。",
        "It has changed since it was read; read it again before you decide.",
    )


@contextmanager
def locked_budget(actor: User, pk: int, revision: str | None) -> Iterator[Budget]:
    """A budget as the caller read it (None: in whatever state), locked until what is done to it is done. Raises
    RefusedError "conflict" where it changed since, "not-found"."""
    with transaction.atomic():
        one = one_budget(actor, pk, budgets_of(actor).select_for_update(of=("self",), no_key=True))
        if revision is not None and revision_of(one) != revision:
            raise changed()
        yield one


def one_year(year: int, found: "QuerySet[BudgetYear] | None" = None) -> BudgetYear:
    """A year, for those who see all of them. Raises RefusedError "not-found"."""
    asked = BudgetYear.objects.all() if found is None else found
    one = asked.filter(year=year).first() if year <= LAST_YEAR else None
    if one is None:
        raise missing("这个年度还没有开启。", "This year is not open.")
    return one


@contextmanager
def locked_year(year: int, revision: str, told: Callable[[BudgetYear], str] = year_revision) -> Iterator[BudgetYear]:
    """A year as the caller read it, locked until what is done to it is done. ``told``: what tells its states apart.
    Raises RefusedError "conflict" where it changed since, "not-found"."""
    with transaction.atomic():
        one = one_year(year, BudgetYear.objects.select_for_update(no_key=True))
        if told(one) != revision:
            raise changed()
        yield one


def year_shape(one: BudgetYear) -> dict[str, Any]:
    """A year as YearOut."""
    names = ("year", "dialect", "first_due", "second_due", "publish_due", "closed")
    return {**{name: getattr(one, name) for name in names}, "revision": year_revision(one)}


def check_version(item: Budget, version: int) -> None:
    """Raises RefusedError "conflict" where another version is in force than the one that the caller has read; a budget
    without one the services refuse."""
    if item.approved is not None and item.approved.number != version:
        raise changed()


def plain_of(item: Budget, version: int | None) -> Plain:
    """The ledger of a version, or of the budget as it now is. Raises RefusedError "not-found"."""
    if version is None:
        return books.plain_of(item)[0]
    found = item.versions.filter(number=version).first()
    if found is None:
        raise missing("没有这个版本。", "There is no such version.")
    return found.ledger  # type: ignore[no-any-return]


def moves_said(table: Mapping[str, workflow.Move]) -> str:
    """A table of moves in words, for the description."""
    lines = []
    for name, move in table.items():
        ways = ", ".join(f"{start} → {end}" for start, end in move.ends.items())
        lines.append(f"- `{name}` ({move.title.en}{', with a reason' if move.reasoned else ''}): {ways}")
    return "\n".join(lines)


def budget_shape(one: selectors.Listed) -> dict[str, Any]:
    """A budget as BudgetOut."""
    item = one.budget
    return {
        "id": item.pk, "unit": item.unit.code, "unit_name": item.unit.name, "year": item.year.year, "state": item.state,
        "edits": item.revision, "revision": revision_of(item), "total": money(one.total), "remarks": one.remarks,
        "waits": one.waits, "due": one.due, "overdue": one.overdue, "moved_at": item.moved_at,
        "approved": item.approved.number if item.approved else None, "merged_into": item.merged_into_id,
    }  # fmt: skip


def budget_whole(actor: User, pk: int) -> dict[str, Any]:
    """A budget as BudgetWhole, as it now is. Raises RefusedError "not-found"."""
    item, today = one_budget(actor, pk), timezone.localdate()
    sums = selectors.summary(item, books.Look(item).sums)
    left = None if sums["control"] is None else sum(one.left or 0 for one in sums["used"])
    amounts = {name: money(sums[name]) for name in ("basic", "projects", "income", "carry_out", "control")}
    offers = [
        {"move": one.move, "title": sentence(Message(one.title_zh, one.title_en)), "reasoned": one.reasoned}
        for one in selectors.offers(actor, item, today)
    ]
    return {
        **budget_shape(selectors.listed(actor, [item], today)[0]), **amounts, "left": money(left), "moves": offers,
        "copied": item.copied_from_id is not None, "notes": len(item.notes), "adjusted": _adjusted(item),
    }  # fmt: skip


def _adjusted(item: Budget) -> dict[str, Any] | None:
    found = adjustments.adjusted(item)
    if found is None:
        return None
    sums: tuple[str, ...] = ("approved", "now", "change")
    parts = [{"nature": one.nature, "project": one.project, **{name: money(getattr(one, name)) for name in sums}} for one in found.parts]  # fmt: skip
    return {**{name: money(getattr(found, name)) for name in sums}, "parts": parts}


def row_shape(one: Row) -> dict[str, Any]:
    """A row as RowOut. Needs ``changed_by``."""
    return {
        "id": one.pk, "name": one.name, "position": one.position, "edits": one.stamp, "gone": one.gone,
        "changed_by": one.changed_by.username if one.changed_by else None, "changed_at": one.changed_at,
        "cells": cells(one.sheet, one.values),
    }  # fmt: skip


def remark_shape(one: Remark) -> dict[str, Any]:
    """A remark as RemarkOut. Needs ``author`` and ``row``."""
    return {
        **{name: getattr(one, name) for name in ("column", "text", "move", "at", "settled")},
        "id": one.pk, "sheet": one.row.sheet if one.row else None, "row": one.row_id, "author": one.author.username,
    }  # fmt: skip


def note_shape(note: Mapping[str, Any]) -> dict[str, Any]:
    """A note, as a budget keeps it, as NoteOut."""
    names = ("kind", "sheet", "row", "column", "found", "options")
    return {**{name: note[name] for name in names}, "message": sentence(Message(note["zh"], note["en"]))}


def budget_note_shape(note: Mapping[str, Any], waiting: Collection[str]) -> dict[str, Any]:
    """A note of a budget as BudgetNoteOut. ``waiting``: the names of those that wait."""
    kept, name = note.get("kept"), noted.name_of(note)
    told = {"by": kept["by"], "at": kept["at"]} if kept else None
    return {**note_shape(note), "id": name, "waits": name in waiting, "kept": told}


def waiting_notes(item: Budget) -> set[str]:
    """The names of a budget's notes that wait."""
    return {one.name for one in noted.told(item).waiting}
