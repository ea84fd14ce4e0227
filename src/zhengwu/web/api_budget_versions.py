"""The versions of a budget, what differs between two, who changed what when."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from zhengwu.ledger.compare_found import Entry
from zhengwu.ledger.difference import LineChange, difference
from zhengwu.ledger.difference_rows import RowChange
from zhengwu.ledger.model import Line
from zhengwu.ledger.schema import Column
from zhengwu.ledger.store import Plain, ledger_from, plain_row
from zhengwu.web.api_budget_shapes import SheetKey, cell, cells, money, one_budget, one_of, plain_of
from zhengwu.web.api_common import ACTOR, DESK, LARGEST_ID, Listed, Paging, actor_of, answers, listed, missing
from zhengwu.web.budgets import histories
from zhengwu.web.budgets.models import Budget, Version
from zhengwu.web.common.errors import sentence

router = Router(tags=["budget desk"], auth=ACTOR)
_SIDE = one_of(("now", "last", "[1-9][0-9]{0,5}"))


class VersionOut(Schema):
    """A state of a budget that somebody answered for; it never changes."""

    number: int
    kind: Literal["first", "second", "approved", "adjusted", "earlier"]
    total: str
    sha256: str
    made_by: str
    made_at: AwareDatetime
    comment: str
    in_force: bool


class VersionList(Listed):
    """A piece of the list of versions."""

    items: list[VersionOut]


class Sides(Schema):
    """Which two ledgers: the number of a version, "now", or "last": what the budget was copied from."""

    old: str = Field(pattern=_SIDE)
    new: str = Field("now", pattern=_SIDE)


class EntryOut(Schema):
    """A sum before and after; ``rate``: the difference in per cent. ``level`` counts from 0."""

    code: str
    name: str
    level: int
    old: str | None
    new: str | None
    difference: str | None
    rate: str | None
    state: str


class GroupOut(Schema):
    """The sums that differ, by function, economic class, source, unit or nature."""

    key: str
    title: str
    entries: list[EntryOut]


class CellChangeOut(Schema):
    """A cell before and after."""

    column: str
    old: Any
    new: Any


class RowChangeOut(Schema):
    """A row of another sheet than the lines that differs; ``old_row`` and ``new_row`` are 0 for none."""

    kind: Literal["added", "gone", "changed"]
    sheet: str
    name: str
    old_row: int
    new_row: int
    cells: list[CellChangeOut]


class LineChangeOut(Schema):
    """A line of expenditure that differs; moved: other codes, the same amount."""

    kind: Literal["added", "gone", "changed", "moved"]
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    difference: str
    message: str


class DifferenceOut(Listed):
    """What differs between two ledgers; ``items`` are a piece of the lines, ``unchanged`` how many are equal."""

    summary: str
    same: bool
    unchanged: int
    expenditure: EntryOut
    groups: list[GroupOut]
    rows: list[RowChangeOut]
    items: list[LineChangeOut]


class PlaceFilter(Schema):
    """Of which place."""

    sheet: SheetKey | Literal[""] = ""
    row: int | None = Field(None, ge=1, le=LARGEST_ID)
    column: str = Field("", max_length=40)


class HistoryFilter(PlaceFilter):
    """Of which place, or of which event: then all of its rows."""

    event: int | None = Field(None, ge=1, le=LARGEST_ID)


class CellOut(Schema):
    """A cell that was changed, as people read it: the row by its number in the grid (0: gone since), the column by its title."""

    row: int
    column: str
    before: str | None
    after: str


class HeldOut(Schema):
    """A row that went or came back, by its number in the grid (0: gone), with what it held then: texts by column."""

    kind: Literal["gone", "back"]
    row: int
    values: dict[str, str]


class HistoryOut(Schema):
    """What was done to a budget, a sheet of it each; ``said``: what it tells besides cells. ``gone`` and ``back``: rows taken
    out and brought back, ``held``: what these held; ``more``: rows left out, which asking for the ``event`` tells.
    ``adjustment``: the number of the one whose approval it was, made by ``made_by``."""

    event: int
    at: AwareDatetime
    actor: str | None
    action: str
    sheet: str
    said: list[str]
    cells: list[CellOut]
    held: list[HeldOut]
    gone: int
    back: int
    more: int
    adjustment: int | None
    made_by: str | None


class HistoryList(Listed):
    """A piece of a budget's history: of the events that touch the place asked for."""

    items: list[HistoryOut]


@router.get("/budgets/{int:pk}/versions", response=answers(VersionList, DESK), summary="The versions of a budget")
def budget_versions(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The first first."""
    item = one_budget(actor_of(request, "read"), pk)
    found = item.versions.defer("ledger").select_related("made_by").order_by("number")
    return listed(request, found, paging, lambda one: _version(item, one))


@router.get("/budgets/{int:pk}/difference", response=answers(DifferenceOut, DESK), summary="What differs between two")
def budget_difference(request: HttpRequest, pk: int, asked: Query[Sides], paging: Query[Paging]) -> Any:
    """As a budget officer reads it: lines added, gone, changed, moved between codes; sums; the other sheets."""
    item = one_budget(actor_of(request, "read"), pk)
    old, new = (ledger_from(_side(item, side), gaps=True) for side in (asked.old, asked.new))
    found = difference(old, new)
    groups = [
        {"key": one.key, "title": sentence(one.title), "entries": [_entry(row) for row in one.rows if row.difference]}
        for one in found.totals
    ]
    return {
        **listed(request, found.lines, paging, _line_change),
        "summary": sentence(found.summary), "same": found.same, "unchanged": found.unchanged,
        "expenditure": _entry(found.total), "groups": [one for one in groups if one["entries"]],
        "rows": [_row_change(one) for one in found.rows],
    }  # fmt: skip


@router.get("/budgets/{int:pk}/history", response=answers(HistoryList, DESK), summary="Who changed what when")
def budget_history(request: HttpRequest, pk: int, asked: Query[HistoryFilter], paging: Query[Paging]) -> Any:
    """The newest first: of a budget, a sheet, a row, a column, or one event with all its rows."""
    actor = actor_of(request, "read")
    item = one_budget(actor, pk)
    found = histories.events(item, actor)
    found = found.filter(sequence=asked.event) if asked.event else found
    found = histories.touching(found, asked.sheet, asked.row, asked.column)
    answer = listed(request, found, paging, lambda one: one)
    most = None if asked.event else histories.MOST
    told = histories.told(item, answer["items"], asked.sheet, asked.row, asked.column, most)
    return {**answer, "items": [_told(one) for one in told]}


def _side(item: Budget, side: str) -> Plain:
    if side == "last":
        if item.copied_from is None:
            raise missing("这份预算不是由上年结转编制的。", "The budget was not copied from last year's.")
        return item.copied_from.ledger  # type: ignore[no-any-return]
    return plain_of(item, None if side == "now" else int(side))


def _version(item: Budget, one: Version) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in ("number", "kind", "sha256", "made_at", "comment")},
        "total": money(one.total), "made_by": one.made_by.username, "in_force": one.pk == item.approved_id,
    }  # fmt: skip


def _entry(one: Entry) -> dict[str, Any]:
    return {
        "code": one.code, "name": sentence(one.name), "level": one.level, "old": money(one.last), "new": money(one.this),
        "difference": money(one.difference), "rate": None if one.rate is None else f"{one.rate:f}", "state": one.state,
    }  # fmt: skip


def _line(one: Line | None) -> dict[str, Any] | None:
    return None if one is None else cells("lines", plain_row("lines", one))


def _line_change(one: LineChange) -> dict[str, Any]:
    return {
        "kind": one.kind, "old": _line(one.old), "new": _line(one.new), "difference": money(one.difference),
        "message": sentence(one.message),
    }  # fmt: skip


def _row_change(one: RowChange) -> dict[str, Any]:
    changed = [
        {"column": each.column.key, "old": _bare(each.column, each.old), "new": _bare(each.column, each.new)}
        for each in one.cells
    ]
    return {
        "kind": one.kind, "sheet": one.sheet.key, "name": sentence(one.name), "old_row": one.old_row,
        "new_row": one.new_row, "cells": changed,
    }  # fmt: skip


def _bare(column: Column, value: Any) -> Any:
    """A value of a ledger's row, a score among them."""
    return f"{value:f}" if column.type == "score" and value is not None else cell(column, value)


def _told(one: histories.Told) -> dict[str, Any]:
    made = [
        {"row": each.row, "column": sentence(each.column), "before": each.before and sentence(each.before),
         "after": sentence(each.after)}
        for each in one.cells
    ]  # fmt: skip
    held = [
        {"kind": row.kind, "row": row.number, "values": {sentence(title): sentence(value) for title, value in row.held}}
        for row in one.rows if row.kind in ("gone", "back")
    ]  # fmt: skip
    event = one.event
    return {
        "event": event.sequence, "said": [sentence(each) for each in one.said], "held": held, "at": event.at, "actor": event.actor.username if event.actor else None, "action": event.action,
        "sheet": one.key, "cells": made, "gone": one.gone, "back": one.back, "more": one.more,
        "adjustment": one.adjustment.number if one.adjustment else None,
        "made_by": one.adjustment.made_by.username if one.adjustment else None,
    }  # fmt: skip
