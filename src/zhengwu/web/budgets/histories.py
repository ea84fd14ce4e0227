"""Who changed which cell when: told from the audit trail, which nobody can change."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from zhengwu.ledger.difference_rows import shown
from zhengwu.ledger.schema import SHEETS
from zhengwu.model.message import Message
from zhengwu.web.budgets.history_words import details
from zhengwu.web.budgets.models import Adjustment, Budget, Row
from zhengwu.web.budgets.rows import numbers_of
from zhengwu.web.common.models import AuditEvent, User
from zhengwu.web.common.permissions import may
from zhengwu.web.common.trail import subject_of

_COLUMNS = {one.key: {column.key: column for column in one.columns} for one in SHEETS}
_SHEETS = {one.key: Message(one.zh, one.en) for one in SHEETS}
# What names a row: for want of columns that do so alone, those that say what it is.
_NAMING = {one.key: one.unique for one in SHEETS} | {"department_targets": ("kind", "name"), "duties": ("text",)}
_ADJUSTED = "adjustment.approve"
MOST = 200  # rows of one event that are told, unless all are asked for


class Cell(NamedTuple):
    """A cell that was changed, its row by the number that the grid has; 0 for one that is gone since. ``before`` is None
    for a row that was new."""

    row: int
    column: Message
    before: Message | None
    after: Message


class RowTold(NamedTuple):
    """A row that an event added, changed, took out ("gone") or brought back ("back"), by its number in the grid now (0:
    gone since). ``name`` says of a changed one which it is, as far as the event did not change that; ``held``, (column,
    value), what one that went or came back held; ``cells`` are those that were typed."""

    kind: str
    number: int
    name: Message
    cells: tuple[Cell, ...]
    held: tuple[tuple[Message, Message], ...]


class Told(NamedTuple):
    """An event with its rows of a sheet; ``more`` are rows that are left out. ``gone`` rows were taken out, ``back``
    brought back, in all. ``said`` is what it tells besides. ``adjustment`` is the one whose approval the event is: who
    made it, ``event.actor`` approved."""

    event: AuditEvent
    key: str  # of the sheet; "" for none
    rows: tuple[RowTold, ...]
    gone: int
    back: int
    more: int
    said: tuple[Message, ...] = ()
    adjustment: Adjustment | None = None

    @property
    def sheet(self) -> Message | None:
        """The name of the sheet."""
        return _SHEETS.get(self.key)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of all its rows."""
        return tuple(cell for row in self.rows for cell in row.cells)


_Part = tuple[
    AuditEvent, str, list[dict[str, Any]], bool
]  # an event, a sheet of it, the changes there, whether the first


def events(budget: Budget, actor: User | None = None) -> "QuerySet[AuditEvent]":
    """All that was done to a budget, newest first; its adjustments when they were approved. What control figures the
    bureau typed before it gave them (一下) is told only to an actor who sees the board: they were its own, and a figure
    that was changed before it was given would say how it came about."""
    papers = [subject_of(one) for one in budget.adjustments.exclude(result=None).only("pk").order_by()]
    own = Q(subject=subject_of(budget)) | Q(subject__in=papers, action=_ADJUSTED)
    found = AuditEvent.objects.filter(own)
    if actor is None or not may(actor, "board.view"):
        given = AuditEvent.objects.filter(subject=subject_of(budget), action="budget.give-figures").order_by("sequence")
        first = given.values_list("sequence", flat=True).first()
        prepared = Q(action="budget.figures") & (Q() if first is None else Q(sequence__lt=first))
        found = found.exclude(prepared)
    return found.select_related("actor").order_by("-sequence")


def touching(found: "QuerySet[AuditEvent]", sheet: str = "", row: int | None = None, column: str = "") -> "QuerySet[AuditEvent]":  # fmt: skip
    """Those of events that changed something of a sheet, of a row (its key), in a column; all where none is named. Their
    data are looked through here: a database cannot look into all shapes of it alike."""
    if not (sheet or row or column):
        return found
    wanted = [one.pk for one in found.iterator(chunk_size=20) if any(_parts(one, sheet, row, column, True))]
    return found.filter(pk__in=wanted)


def told(
    budget: Budget, found: Iterable[AuditEvent], sheet: str = "", row: int | None = None, column: str = "",
    most: int | None = MOST,
) -> list[Told]:  # fmt: skip
    """Events of a budget in words, one that changed several sheets a sheet each; with ``sheet``, ``row`` (its key) or
    ``column`` only the rows and cells there, and no other events. ``most``: rows of each that are told, None for all.
    Four queries at most."""
    narrowed = bool(sheet or row or column)
    parts = [part for event in found for part in _parts(event, sheet, row, column, narrowed)]
    taken = [changes[:room] for (_, _, changes, _), room in zip(parts, _rooms(parts, most), strict=True)]
    book = _Book(budget, [change["row"] for changes in taken for change in changes], {key for _, key, changes, _ in parts if changes})  # fmt: skip
    papers = _papers(budget, [event for event, _, _, _ in parts if event.action == _ADJUSTED])
    made = []
    for (event, key, changes, first), listed in zip(parts, taken, strict=True):
        rows = tuple(book.row(key, change, column) for change in listed)
        gone, back = (sum(change.get("gone") is which for change in changes) for which in (True, False))
        said = details(event.action, event.data) if first else ()
        left = len(changes) - len(rows)
        made.append(Told(event, key, rows, gone, back, left, said, papers.get(event.subject)))
    return made


def _rooms(parts: Iterable[_Part], most: int | None) -> Iterator[int | None]:
    """How many rows of each part are told: ``most`` of an event, whatever sheets they are of."""
    left = most
    for _, _, changes, first in parts:
        left = most if first else left
        yield left
        left = None if left is None else max(0, left - len(changes))


def _papers(budget: Budget, found: Iterable[AuditEvent]) -> dict[str, Adjustment]:
    """The adjustments whose events they are, by subject."""
    subjects = {event.subject for event in found}
    if not subjects:
        return {}
    papers = budget.adjustments.select_related("made_by").only("number", "budget", "made_by")
    return {subject_of(one): one for one in papers if subject_of(one) in subjects}


def _parts(event: AuditEvent, sheet: str, row: int | None, column: str, narrowed: bool) -> Iterator[_Part]:
    """What an event changed, by sheet; nothing of it where it changed no cell. ``narrowed``: only what has a change."""
    data = event.data
    listed = data.get("sheets") if isinstance(data.get("sheets"), list) else [data]
    first = True
    for one in listed or [data]:
        key, given = str(one.get("sheet", "")), one.get("changes")
        changes = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        changes = [each for each in changes if row in (None, each.get("row")) and _touches(key, each, column)]
        if (changes or not narrowed) and sheet in ("", key):
            yield event, key, changes, first
            first = False


def _touches(key: str, change: Mapping[str, Any], column: str) -> bool:
    """Whether a change is one of a column's cells, or of the whole row; what is new and empty is none."""
    if change.get("gone") is not None:
        return True
    return any(_is_cell(key, change, name, value, column) for name, value in change.get("after", {}).items())


def _is_cell(key: str, change: Mapping[str, Any], name: str, value: Any, column: str) -> bool:
    known = name in _COLUMNS.get(key, {}) and column in ("", name)
    return known and not (change.get("before") is None and value in (None, ""))


class _Book:
    """The rows that events name, as they now are: numbers in the grid and values, also of rows that are gone. Two
    queries."""

    def __init__(self, budget: Budget, keys: Collection[int], sheets: Collection[str]) -> None:
        self.numbers = numbers_of(budget, sheets) if sheets else {}
        found = Row.objects.filter(budget=budget, pk__in=set(keys)) if keys else Row.objects.none()
        self.values: dict[int, dict[str, Any]] = dict(found.order_by().values_list("pk", "values"))

    def row(self, key: str, change: Mapping[str, Any], column: str) -> RowTold:
        """A change of the sheet ``key`` in words."""
        number, values = self.numbers.get(change["row"], 0), self.values.get(change["row"], {})
        before, after, gone = change.get("before"), change.get("after", {}), change.get("gone")
        kind = {True: "gone", False: "back", None: "changed" if before is not None else "added"}[gone]
        cells = tuple(
            Cell(number, _titled(key, name), None if before is None else _shown(key, name, before.get(name)), _shown(key, name, value))
            for name, value in after.items() if _is_cell(key, change, name, value, column)
        )  # fmt: skip
        # Events of earlier days say only that a row went: what it held, its row still holds.
        held = {**values, **(before or {})} if gone is not None else {}
        named = [_shown(key, name, values.get(name)) for name in _NAMING.get(key, ()) if name not in after]
        name = Message(*(" · ".join(filter(None, words)) for words in zip(*named, strict=True))) if named else Message("", "")  # fmt: skip
        return RowTold(kind, number, name if kind == "changed" else Message("", ""), cells, tuple(_held(key, held)))


def _held(key: str, values: Mapping[str, Any]) -> Iterator[tuple[Message, Message]]:
    for name in _COLUMNS.get(key, {}):
        if values.get(name) not in (None, ""):
            yield _titled(key, name), _shown(key, name, values[name])


def _titled(key: str, name: str) -> Message:
    column = _COLUMNS[key][name]
    return Message(column.zh, column.en)


def _shown(key: str, name: str, value: Any) -> Message:
    return shown(_COLUMNS[key][name], value)
