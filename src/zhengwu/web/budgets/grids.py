"""A budget's sheets as the grid in the browser needs them: columns, rows as short lists, codes, the live audit."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, QuerySet

from zhengwu.ledger import codes
from zhengwu.ledger.model import ExtraCode
from zhengwu.ledger.schema import SHEETS, Column, Sheet, sheet
from zhengwu.ledger.values import NO, YES, yuan
from zhengwu.web.budgets import books, proof, selectors, workflow
from zhengwu.web.budgets.keeping import kept, stamp_of
from zhengwu.web.budgets.models import Budget, Row
from zhengwu.web.budgets.rows import Outcome
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import AuditEvent, User
from zhengwu.web.common.permissions import may
from zhengwu.web.common.trail import subject_of

GRID = tuple(one for one in SHEETS if one.key != "budget")
MOST_FAULTS = 500  # that one answer tells one by one; all are counted
KINDS: tuple[codes.Kind, ...] = ("function", "government", "departmental")
_EVENTS = 30  # how far back the trail is searched for who typed a value that stands against another
_WIDTHS = {  # of a column: as it reads well, and as it can still be read
    "text": (220, 120), "long": (420, 240), "code": (110, 84), "function": (250, 140), "government": (230, 130),
    "departmental": (230, 130), "amount": (150, 128), "count": (110, 80), "year": (90, 70), "score": (90, 70), "choice": (190, 100),
    "yes": (110, 80),
}  # fmt: skip


class Said(NamedTuple):
    """The key of the last remark on a budget, how many are open."""

    last: int | None
    open: int


class SheetTab(NamedTuple):
    """A sheet in the list of sheets: how many rows it has, whether the grid edits it."""

    sheet: Sheet
    title: str
    rows: int
    edited: bool


def tabs(budget: Budget, language: str) -> list[SheetTab]:
    """The sheets of a budget, in one query."""
    rows = Row.objects.filter(budget=budget, gone=False).order_by().values_list("sheet").annotate(Count("pk"))
    counts = dict(rows)
    return [SheetTab(one, title(one, language), counts.get(one.key, 0), one.key in books.EDITED) for one in GRID]


def title(of: Sheet | Column, language: str) -> str:
    """The name of a sheet or column, as a heading."""
    return of.zh if language == "zh" else of.en[:1].upper() + of.en[1:].replace("_", " ")


def columns(of: Sheet, language: str) -> list[dict[str, Any]]:
    """The columns for the page: {"key", "title", "type", "required", "help", "width", "choices": [[key, name, other
    name]], "list": the list of other rows that it chooses from}."""
    return [
        {
            "key": one.key, "title": title(one, language), "names": [one.zh, one.en, one.key], "type": one.type,
            "required": one.required, "help": one.help_zh if language == "zh" else one.help_en,
            "width": _WIDTHS[one.type][0], "least": _WIDTHS[one.type][1], "choices": _choices(one, language), "list": _list(of, one),
        }
        for one in of.columns
    ]  # fmt: skip


def _choices(column: Column, language: str) -> list[list[Any]]:
    if column.type == "yes":
        own = language == "en"
        return [[True, YES[own], YES[not own]], [False, NO[own], NO[not own]]]
    names = [(one.key, one.zh, one.en) for one in column.choices]
    return [[key, zh, en] if language == "zh" else [key, en, zh] for key, zh, en in names]


def _list(of: Sheet, column: Column) -> str:
    """Which rows a column chooses from, as in the workbook: "units", "projects", "catalogue", or none."""
    if column.key == "unit":
        return "units"
    if column.key == "project" and of.key != "evaluations":
        return "projects"
    return "catalogue" if column.key == "catalogue" else ""


def rows(budget: Budget, key: str, since: int | None = None) -> dict[str, Any]:
    """The rows of a sheet in their order, as ``row_list`` has them; with ``since`` only those that came after that
    revision, those that are gone among them. The revision was read before the rows: what is told twice does no harm.
    """
    found = Row.objects.filter(budget=budget, sheet=key)
    found = found.filter(gone=False) if since is None else found.filter(stamp__gt=since)
    names = [one.key for one in sheet(key).columns]
    news = since is None or since < budget.revision
    listed = [_listed(values, names) for values in found.values_list(*_FIELDS)] if news else []
    people = {row[4] for row in listed if row[4] is not None}
    return {
        "revision": budget.revision, "editable": editable(budget), "state": budget.get_state_display(),
        "rows": listed, "people": {person.pk: str(person) for person in User.objects.filter(pk__in=people)} if people else {},
    }  # fmt: skip


_FIELDS = ("pk", "position", "stamp", "gone", "changed_by", "changed_at", "name", "values")


def row_list(row: Row) -> list[Any]:
    """A row as the page takes it: [key, position, stamp, gone, who (key) and when (seconds) it was last changed, name,
    values by column]."""
    given = (row.pk, row.position, row.stamp, row.gone, row.changed_by_id, row.changed_at, row.name, row.values)
    return _listed(given, [one.key for one in sheet(row.sheet).columns])


def _listed(given: Sequence[Any], names: Sequence[str]) -> list[Any]:
    *head, by, at, name, values = given
    return [*head, by, int(at.timestamp()), name, [values.get(one) for one in names]]


def table(budget: Budget, key: str) -> "QuerySet[Row]":
    """The rows of a sheet for a page without scripts."""
    return Row.objects.filter(budget=budget, sheet=key, gone=False).order_by("position", "pk")


def cells(of: Sheet, values: Mapping[str, Any], year: int, language: str) -> list[tuple[str, str]]:
    """(text, class) of a row's cells as a person reads them."""
    return [(_shown(one, values.get(one.key), year, language), _CLASSES.get(one.type, "")) for one in of.columns]


_CLASSES = {"amount": "n", "count": "n", "year": "n", "score": "n"}


def _shown(column: Column, value: Any, year: int, language: str) -> str:
    if value is None or value == "":
        return ""
    if column.type == "amount":
        return yuan(value)
    if column.type in ("choice", "yes"):
        return next((name for key, name, _ in _choices(column, language) if key == value), str(value))
    if column.type in KINDS:
        return f"{value} {names_of(column.type, year).get(value, '')}".rstrip()
    return str(value)


@lru_cache(maxsize=32)
def names_of(kind: codes.Kind, year: int) -> dict[str, str]:
    """The names of the codes of a year."""
    return {hit.code: hit.name for hit in codes.search(kind, "", year, leaves=False, limit=100_000)}


@lru_cache(maxsize=16)
def code_lists(year: int, extra: tuple[ExtraCode, ...]) -> dict[str, Any]:
    """What the pickers of codes offer in a year: for each classification [[code, name, initials of its pinyin]] of
    the codes that lines may use, the names above them by code, and the pairs of economic codes that go together:
    [[departmental, government, "agency", "institution" or "both", certain]]."""
    made = dict(_names_and_pairs(year, extra))
    for kind in KINDS:
        made[kind] = [[code, name, codes.initials(name)] for code, name in made[kind]]
    return made


@lru_cache(maxsize=16)
def codes_version(year: int, extra: tuple[ExtraCode, ...]) -> str:
    """Names what ``code_lists`` answers: a browser asks for it once as long as it stays the same. The initials follow
    from the names; they are left out, since a process takes a while until it knows its first."""
    return hashlib.sha256(json.dumps(_names_and_pairs(year, extra)).encode()).hexdigest()[:16]


@lru_cache(maxsize=16)
def _names_and_pairs(year: int, extra: tuple[ExtraCode, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {"above": {}}
    for kind in KINDS:
        found = codes.search(kind, "", year, extra=extra, limit=100_000)
        made[kind] = [[hit.code, hit.name] for hit in found]
        made["above"] |= {f"{kind} {code}": name for hit in found for code, name in hit.path if name}
    made["pairs"] = [[one.departmental, one.government, one.unit_kind, one.certain] for one in codes.pairs(year)]
    return made


def own_codes(budget: Budget) -> tuple[ExtraCode, ...]:
    """The codes that a budget adds to the classifications."""
    found = Row.objects.filter(budget=budget, sheet="codes", gone=False).order_by("pk").values_list("values", flat=True)
    given = ((one.get("classification") or "", one.get("code") or "", one.get("name") or "") for one in found)
    return tuple(ExtraCode(*one) for one in given if all(one))


def editable(budget: Budget) -> bool:
    """Whether the budget is being compiled."""
    return budget.state in workflow.EDITABLE and not budget.year.closed


def edits(actor: User, budget: Budget, key: str) -> bool:
    """Whether a person edits a sheet now."""
    return key in books.EDITED and editable(budget) and may(actor, "budget.edit", budget.unit)


def said(budget: Budget) -> Said:
    """How much was said of a budget."""
    return Said(**budget.remarks.aggregate(last=Max("pk"), open=Count("pk", filter=Q(settled=False))))


def check_tag(budget: Budget, remarks: Said, language: str) -> str:
    """Changes whenever ``check`` may answer otherwise."""
    return f"{stamp_of(budget)}-{budget.year.closed}-{remarks.last}-{remarks.open}open-{language}"


def check(budget: Budget, key: str, remarks: Said) -> dict[str, Any]:
    """The live audit: faults [[sheet, row, column, number, sentence]], those of the sheet ``key`` first; how many each
    sheet has; what publication demands yet, [[sheet, sentence]]; totals and control figures in 分; open
    remarks; and the rows that columns choose from."""
    look = books.Look(budget)
    checked = look.checked
    faults = sorted(checked.faults, key=lambda one: one.sheet != key)
    counts: dict[str, int] = {}
    for fault in faults:
        counts[fault.sheet] = counts.get(fault.sheet, 0) + 1
    totals = selectors.summary(budget, checked.sums)
    used = totals.pop("used")
    todo = proof.demanded(look) if editable(budget) else ()
    told = selectors.remarks_of(budget).filter(settled=False)[:200] if remarks.open else ()
    return {
        "revision": checked.revision, "count": len(faults), "counts": counts, "totals": totals,
        "faults": [[one.sheet, one.row, one.column, one.number, sentence(one.sentence)] for one in faults[:MOST_FAULTS]],
        "todo": [[one.sheet, sentence(one.missing)] for one in todo if one.missing],
        "figures": [[one.project, one.used, one.given if one.binds else None] for one in used],
        "remarks": [[one.row and one.row.sheet, one.row_id, one.column, one.text, str(one.author)] for one in told],
        "lists": kept("lists", stamp_of(budget), lambda: lists(look)),
    }  # fmt: skip


def lists(look: books.Look) -> dict[str, list[list[str]]]:
    """What columns choose from among the budget's own rows: units [code, name, kind], projects [name], entries of the
    catalogue [code, name]."""
    wanted = {"units": ("code", "name", "kind"), "projects": ("name",), "catalogue": ("code", "name")}
    return {key: [[row.get(name) or "" for name in names] for row in look.rows[key]] for key, names in wanted.items()}


def outcomes(budget: Budget, key: str, found: Iterable[Outcome]) -> list[dict[str, Any]]:
    """What became of each change, for the page: {"name", "taken", "row", "wrong": {column: sentence}, "theirs":
    {column: [value, who, when in seconds]}, "touched", "place"}. Who typed what stands against a change comes from the trail."""
    made: list[dict[str, Any]] = []
    against: dict[int, set[str]] = {}
    for one in found:
        entry: dict[str, Any] = {"name": one.name, "taken": one.taken, "row": one.row and row_list(one.row)}
        entry["wrong"] = {column: sentence(message) for column, message in one.wrong.items()}
        entry["touched"], entry["place"] = list(one.touched), one.place
        entry["theirs"] = {}
        if one.row is not None and one.theirs:
            against[one.row.pk] = set(one.theirs)
            entry["theirs"] = {column: [value, "", int(one.row.changed_at.timestamp())] for column, value in one.theirs.items()}  # fmt: skip
        made.append(entry)
    if against:
        typed = _typed_by(budget, key, against)
        for entry in made:
            for column, told in entry["theirs"].items():
                who, at = typed.get((entry["row"][0], column), ("", None))
                told[1], told[2] = who, int(at.timestamp()) if at else told[2]
    return made


def _typed_by(budget: Budget, key: str, wanted: Mapping[int, set[str]]) -> dict[tuple[int, str], tuple[str, datetime]]:
    """Who last typed into cells, and when, as far back as the trail is searched. A row taken out is the column ""."""
    left = {(row, column) for row, columns in wanted.items() for column in columns}
    made: dict[tuple[int, str], tuple[str, datetime]] = {}
    events = AuditEvent.objects.filter(subject=subject_of(budget), action="budget.edit").select_related("actor")
    for event in events.order_by("-sequence")[:_EVENTS].iterator(chunk_size=5):
        if event.data.get("sheet") != key:
            continue
        for change in event.data["changes"]:
            told = {*change["after"], *([""] if "gone" in change else [])}
            for place in left & {(change["row"], column) for column in told}:
                made[place] = str(event.actor), event.at
                left.discard(place)
        if not left:
            break
    return made
