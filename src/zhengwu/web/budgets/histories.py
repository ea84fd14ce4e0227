"""Who changed which cell when: told from the audit trail, which nobody can change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from zhengwu.ledger.difference_rows import shown
from zhengwu.ledger.schema import SHEETS
from zhengwu.model.message import Message
from zhengwu.web.budgets.models import Adjustment, Budget
from zhengwu.web.budgets.rows import numbers_of
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import subject_of

_COLUMNS = {one.key: {column.key: column for column in one.columns} for one in SHEETS}
_SHEETS = {one.key: Message(one.zh, one.en) for one in SHEETS}
_ADJUSTED = "adjustment.approve"
_MOST = 200  # cells of one event that a page shows


class Cell(NamedTuple):
    """A cell that was changed, its row by the number that the grid has; 0 for one that is gone since. ``before`` is None
    for a row that was new."""

    row: int
    column: Message
    before: Message | None
    after: Message


class Told(NamedTuple):
    """An event with its cells of a sheet; ``gone`` are the rows that it took out, ``back`` those that it brought back.
    ``adjustment`` is the one whose approval the event is: who made it, ``event.actor`` approved."""

    event: AuditEvent
    key: str  # of the sheet; "" for none
    cells: tuple[Cell, ...]
    gone: int
    back: int
    more: int
    adjustment: Adjustment | None = None

    @property
    def sheet(self) -> Message | None:
        """The name of the sheet."""
        return _SHEETS.get(self.key)


def events(budget: Budget) -> "QuerySet[AuditEvent]":
    """All that was done to a budget, newest first; its adjustments when they were approved."""
    papers = [subject_of(one) for one in budget.adjustments.exclude(result=None).only("pk").order_by()]
    own = Q(subject=subject_of(budget)) | Q(subject__in=papers, action=_ADJUSTED)
    return AuditEvent.objects.filter(own).select_related("actor").order_by("-sequence")


def told(
    budget: Budget, found: Iterable[AuditEvent], sheet: str = "", row: int | None = None, column: str = ""
) -> list[Told]:
    """Events of a budget in words, one that changed several sheets a sheet each; with ``sheet``, ``row`` (its key) or
    ``column`` only the cells there, and no other events."""
    narrowed = bool(sheet or row or column)
    parts = [(event, *part) for event in found for part in _parts(event.data, sheet, row, narrowed)]
    numbers = numbers_of(budget, {key for _, key, changes in parts if changes})
    papers = _papers(budget, [event for event, _, _ in parts if event.action == _ADJUSTED])
    made = []
    for event, key, changes in parts:
        cells = [cell for change in changes for cell in _cells(key, change, numbers, column)]
        gone = sum(change.get("gone") is True for change in changes)
        back = sum(change.get("gone") is False for change in changes)
        if narrowed and not cells and not gone and not back:
            continue
        paper = papers.get(event.subject)
        made.append(Told(event, key, tuple(cells[:_MOST]), gone, back, max(0, len(cells) - _MOST), paper))
    return made


def _papers(budget: Budget, found: Iterable[AuditEvent]) -> dict[str, Adjustment]:
    """The adjustments whose events they are, by subject."""
    subjects = {event.subject for event in found}
    if not subjects:
        return {}
    papers = budget.adjustments.select_related("made_by").only("number", "budget", "made_by")
    return {subject_of(one): one for one in papers if subject_of(one) in subjects}


def _parts(
    data: Mapping[str, Any], sheet: str, row: int | None, narrowed: bool
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What an event changed, by sheet; nothing of it where it changed no cell."""
    listed = data.get("sheets") if isinstance(data.get("sheets"), list) else [data]
    for one in listed or [data]:
        key, changes = str(one.get("sheet", "")), one.get("changes")
        if sheet and key != sheet:
            continue
        if isinstance(changes, list):
            yield key, [each for each in changes if isinstance(each, dict) and (row is None or each.get("row") == row)]
        elif not narrowed:
            yield key, []


def _cells(key: str, change: Mapping[str, Any], numbers: Mapping[int, int], column: str) -> Iterable[Cell]:
    before = change.get("before")
    for name, value in change.get("after", {}).items():
        found = _COLUMNS.get(key, {}).get(name)
        if found is None or (column and name != column) or (before is None and value in (None, "")):
            continue
        was = shown(found, before.get(name)) if before is not None else None
        yield Cell(numbers.get(change["row"], 0), Message(found.zh, found.en), was, shown(found, value))
