"""What was said when a budget was made from others (copied forward, merged): what of it still waits for a decision."""

from typing import Any, NamedTuple

from zhengwu.web.budgets.models import Budget, Row

# What was found is to be replaced or confirmed by a person: while it stands, the note waits. All others say what was
# done, or what was not taken over.
_WAIT = frozenset({
    "code_split", "code_gone", "code_doubtful", "pair_broken", "old_year", "old_name", "document", "period_unclear",
})  # fmt: skip


class Told(NamedTuple):
    """Notes as ``years.note_of`` keeps them: those that wait, each with the query that opens the grid at the first cell
    that still has what was found; and those that only tell."""

    waiting: list[tuple[dict[str, Any], str]]
    known: list[dict[str, Any]]


def told(budget: Budget) -> Told:
    """The notes of a budget held against its rows. One query; a decided note is in neither list."""
    sheets = {note["sheet"] for note in budget.notes if _waits(note)}
    rows = Row.objects.filter(budget=budget, sheet__in=sheets, gone=False).order_by("position", "pk")
    kept: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for key, pk, values in rows.values_list("sheet", "pk", "values") if sheets else ():
        kept.setdefault(key, []).append((pk, values))
    found = Told([], [])
    for note in budget.notes:
        if not _waits(note):
            found.known.append(note)
            continue
        for pk, values in kept.get(note["sheet"], ()):
            if note["found"] in str(values.get(note["column"]) or ""):
                found.waiting.append((note, f"?sheet={note['sheet']}&row={pk}&column={note['column']}"))
                break
    return found


def _waits(note: dict[str, Any]) -> bool:
    return note["kind"] in _WAIT and bool(note["row"] and note["column"] and note["found"])
