"""Who changed which cell when: told from the audit trail, which nobody can change."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet

from zhengwu.ledger.difference_rows import shown
from zhengwu.ledger.schema import SHEETS
from zhengwu.model.message import Message
from zhengwu.web.budgets.models import Budget, Row
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import subject_of

_COLUMNS = {one.key: {column.key: column for column in one.columns} for one in SHEETS}
_SHEETS = {one.key: Message(one.zh, one.en) for one in SHEETS}
_MOST = 200  # cells of one event that a page shows


class Cell(NamedTuple):
    """A cell that was changed; ``before`` is None for a row that is new."""

    row: int
    column: Message
    before: Message | None
    after: Message


class Told(NamedTuple):
    """An event with its cells; ``gone`` are the rows that it took out, ``back`` those that it brought back."""

    event: AuditEvent
    sheet: Message | None
    cells: tuple[Cell, ...]
    gone: int
    back: int
    more: int


def events(budget: Budget) -> "QuerySet[AuditEvent]":
    """All that was done to a budget, newest first."""
    return AuditEvent.objects.filter(subject=subject_of(budget)).select_related("actor").order_by("-sequence")


def told(found: Iterable[AuditEvent], sheet: str = "", row: int | None = None, column: str = "") -> list[Told]:
    """Events in words; with ``sheet``, ``row`` (its key) or ``column`` only the cells there, and no other events."""
    found = list(found)
    changes = {event.pk: _changes(event.data, sheet, row) for event in found}
    keys = {change["row"] for one in changes.values() for change in one}
    numbers = dict(Row.objects.filter(pk__in=keys).values_list("pk", "position"))
    narrowed = bool(sheet or row or column)
    made = []
    for event in found:
        key = str(event.data.get("sheet", ""))
        cells = [cell for change in changes[event.pk] for cell in _cells(key, change, numbers, column)]
        gone = sum(change.get("gone") is True for change in changes[event.pk])
        back = sum(change.get("gone") is False for change in changes[event.pk])
        if narrowed and not cells and not gone and not back:
            continue
        made.append(Told(event, _SHEETS.get(key), tuple(cells[:_MOST]), gone, back, max(0, len(cells) - _MOST)))
    return made


def _changes(data: Mapping[str, Any], sheet: str, row: int | None) -> list[dict[str, Any]]:
    changes = data.get("changes")
    if not isinstance(changes, list) or (sheet and data.get("sheet") != sheet):
        return []
    return [one for one in changes if isinstance(one, dict) and (row is None or one.get("row") == row)]


def _cells(key: str, change: Mapping[str, Any], numbers: Mapping[int, int], column: str) -> Iterable[Cell]:
    before = change.get("before")
    for name, value in change.get("after", {}).items():
        found = _COLUMNS.get(key, {}).get(name)
        if found is None or (column and name != column) or (before is None and value in (None, "")):
            continue
        was = shown(found, before.get(name)) if before is not None else None
        yield Cell(numbers.get(change["row"], 0), Message(found.zh, found.en), was, shown(found, value))
