"""What was said when a budget was made from others (copied forward, merged): what of it still waits for a decision, and
the decision that it stays as it is."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.urls import reverse

from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import books, workflow
from zhengwu.web.budgets.models import Budget, Project, Row, State
from zhengwu.web.budgets.places import query_of
from zhengwu.web.budgets.rows import editable, locked
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require
from zhengwu.web.common.trail import record

# What was found is to be replaced or confirmed by a person: while it stands, the note waits. All others say what was
# done, or what was not taken over.
_WAIT = frozenset({
    "code_split", "code_gone", "code_doubtful", "pair_broken", "old_year", "old_name", "document", "period_unclear",
})  # fmt: skip
_NAMED = ("kind", "sheet", "row", "column", "found", "zh")
# Nothing is decided any more: the notes are history.
_OVER = (*workflow.IN_FORCE, State.EARLIER, State.MERGED)


class Noted(NamedTuple):
    """A note as ``years.note_of`` keeps it, with its name among those of its budget. ``address`` leads to where what was
    found is changed: the first cell of the grid that has it, or the project in the library; "" for what waits for
    nobody."""

    note: dict[str, Any]
    name: str
    address: str = ""

    @property
    def kept_at(self) -> datetime | None:
        """When somebody decided that it stays as it is."""
        kept = self.note.get("kept")
        return datetime.fromisoformat(kept["at"]) if kept else None


class Told(NamedTuple):
    """Notes that wait, and those that only tell, among them what was decided to stay as it is."""

    waiting: list[Noted]
    known: list[Noted]


def told(budget: Budget) -> Told:
    """The notes of a budget held against its rows. Two queries; what was changed since is in neither list, what waits in
    none once the budget is approved."""
    found = Told([], [])
    open_ = [note for note in budget.notes if budget.state not in _OVER and _waits(note)]
    standing = _standing(budget, open_)
    for note in budget.notes:
        name = name_of(note)
        if not _decided(note) or note.get("kept"):
            found.known.append(Noted(note, name))
        elif name in standing:
            found.waiting.append(Noted(note, name, standing[name]))
    return found


def name_of(note: Mapping[str, Any]) -> str:
    """What tells a note from the others of its budget, also after it was decided."""
    said = json.dumps([note[one] for one in _NAMED], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def note_decide(*, actor: User, budget: Budget, name: str, kept: bool, now: datetime) -> Budget:
    """Decide that what a note found stays as it is, or (not ``kept``) that it is to be decided again. Again changes
    nothing. Raises RefusedError: "not-allowed"; "conflict" for a budget that is not being compiled, for what does not
    stand any more; "not-found"."""
    require(actor, "budget.edit", budget.unit)
    with transaction.atomic():
        budget = locked(budget)
        editable(budget)
        found = [note for note in budget.notes if _decided(note) and name_of(note) == name]
        if not found:
            raise RefusedError(
                "not-found",
                "没有这条待决定的事项；预算可能刚刚重新结转。",
                "There is no such thing to decide; the budget may have been copied forward anew.",
            )
        if bool(found[0].get("kept")) == kept:
            return budget
        if kept and name not in _standing(budget, found):
            raise RefusedError("conflict", "这一项已经修改，不用再决定。", "It was changed since: there is nothing to decide.")  # fmt: skip
        for note in found:
            note.pop("kept", None)
            if kept:
                note["kept"] = {"by": actor.username, "name": str(actor), "at": now.isoformat()}
        budget.save(update_fields=["notes"])
        record(
            actor=actor, action="budget.note-keep" if kept else "budget.note-reopen", subject=budget, unit=budget.unit,
            data={"note": name, **{one: found[0][one] for one in _NAMED}},
        )  # fmt: skip
    return budget


def _decided(note: Mapping[str, Any]) -> bool:
    """Whether a note is one that a person decides."""
    return note["kind"] in _WAIT and bool(note["row"] and note["column"] and note["found"])


def _waits(note: Mapping[str, Any]) -> bool:
    return _decided(note) and not note.get("kept")


def _standing(budget: Budget, notes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Where what was found still stands, by the names of the notes."""
    sheets = {note["sheet"] for note in notes}
    rows = Row.objects.filter(budget=budget, sheet__in=sheets, gone=False).order_by("position", "pk")
    there: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for key, pk, values in rows.values_list("sheet", "pk", "values") if sheets else ():
        there.setdefault(key, []).append((pk, values))
    library: dict[str, int] = {}
    if not sheets.isdisjoint(books.LIBRARY):
        library = dict(Project.objects.filter(unit=budget.unit_id).order_by().values_list("name", "pk"))
    found: dict[str, str] = {}
    for note in notes:
        key, column = note["sheet"], note["column"]
        for pk, values in there.get(key, ()):
            if note["found"] not in str(values.get(column) or ""):
                continue
            if key in books.LIBRARY:
                found[name_of(note)] = _in_library(budget, library.get(values["name" if key == "projects" else "project"]))  # fmt: skip
            else:
                found[name_of(note)] = reverse("budgets:ledger", args=(budget.pk,)) + query_of(key, pk, column)
            break
    return found


def _in_library(budget: Budget, project: int | None) -> str:
    """The project in the library, which the grid does not edit; the projects of the budget where it is not there."""
    if project is None:
        return reverse("budgets:budget-projects", args=(budget.pk,))
    return f"{reverse('budgets:project', args=(project,))}?year={budget.year.year}"
