"""What the trail tells of a budget's rows that were changed many at once: each with what it held, in events that stay small."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from zhengwu.ledger.store import Plain
from zhengwu.web.budgets.models import Budget, Row
from zhengwu.web.common.models import User
from zhengwu.web.common.trail import record

Told = dict[str, Any]  # {"before", "after", "gone"} of a row, as an edit by the grid tells it; with its key "row"
MOST_ROWS, MOST_SIZE = 500, 200_000  # rows, and characters of JSON, of one event


def row_added(values: Plain) -> Told:
    """A new row: what is filled in."""
    return {"after": {name: value for name, value in values.items() if value not in ("", None)}}


def row_changed(old: Plain, new: Plain) -> Told:
    """A row that has other values: those that differ."""
    after = {name: value for name, value in new.items() if old.get(name) != value}
    return {"before": {name: old.get(name) for name in after}, "after": after}


def row_gone(values: Plain) -> Told:
    """A row that is taken out: all that it held."""
    return {"before": dict(values), "after": {}, "gone": True}


def by_sheet(told: Iterable[tuple[Row, Told]]) -> list[dict[str, Any]]:
    """[{"sheet", "changes": [{"row": its key, "before", "after", "gone"}]}] of rows that are written."""
    found: dict[str, list[Told]] = {}
    for row, entry in told:
        found.setdefault(row.sheet, []).append({"row": row.pk, **entry})
    return [{"sheet": key, "changes": changes} for key, changes in found.items()]


def rows_record(
    *, actor: User, action: str, budget: Budget, data: Mapping[str, Any], sheets: Sequence[Mapping[str, Any]]
) -> None:
    """Record an action with the rows that it changed, ``by_sheet``.

    The rows are in the event itself, where the chain's hash covers them and a history by row, sheet or column finds
    them as it finds an edit; two whole ledgers, to be compared when somebody asks, would be larger and name no row. A
    workbook of 10,000 lines would make one event of several MB, which every list of events would have to read: what
    does not go into the first event follows in others of the same action, {"part": [number, of how many], "sheets"}.
    """
    first, *others = list(_parts(sheets)) or [[]]
    parts = len(others) + 1
    told = {**data, "sheets": first, **({"part": [1, parts]} if others else {})}
    record(actor=actor, action=action, subject=budget, unit=budget.unit, data=told)
    for number, part in enumerate(others, 2):
        more = {"part": [number, parts], "sheets": part}
        record(actor=actor, action=action, subject=budget, unit=budget.unit, data=more)


def _parts(sheets: Iterable[Mapping[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    rows = size = 0
    for one in sheets:
        for change in one["changes"]:
            length = len(json.dumps(change, ensure_ascii=False, default=str))
            if part and (rows >= MOST_ROWS or size + length > MOST_SIZE):
                yield part
                part, rows, size = [], 0, 0
            if not part or part[-1]["sheet"] != one["sheet"]:
                part.append({"sheet": one["sheet"], "changes": []})
            part[-1]["changes"].append(change)
            rows, size = rows + 1, size + length
    if part:
        yield part
