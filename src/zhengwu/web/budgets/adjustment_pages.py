"""What the page of an adjustment shows and how its form is read: lines, then the rows of other sheets that go with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, takewhile
from typing import Any, NamedTuple

from zhengwu.ledger.problem import Problem
from zhengwu.ledger.schema import REASONS, SHEETS, Column, Sheet, sheet
from zhengwu.ledger.store import Plain
from zhengwu.model.message import Message
from zhengwu.publishing.publication import Typed
from zhengwu.web.budgets import books
from zhengwu.web.budgets.adjustment_ledger import changed_projects, last_row
from zhengwu.web.budgets.indicators import reading, typed_value
from zhengwu.web.budgets.models import Adjustment
from zhengwu.web.common.errors import sentence

_SPARE = 5  # empty fields for new lines
_OWN = ("unit", "nature", "fund")  # columns of a new line that are filled in by themselves
_AMOUNT = next(one for one in sheet("lines").columns if one.key == "amount")
# Of other sheets: the columns that the page changes, and those that say which row it is.
_CHANGED = {
    "income": ("amount", "carry_out"), "procurement": ("amount", "small"),
    "targets": ("midterm_fiscal", "midterm_other", "midterm_goal", "annual_goal"), "indicators": ("name", "value"),
    "reasons": ("text",), "three_public": ("reason",),
}  # fmt: skip
_NAMED = {
    "income": ("fund",), "procurement": ("category",), "targets": (), "indicators": ("period", "kind"),
    "reasons": ("subject",), "three_public": ("item",),
}  # fmt: skip
_OF_PROJECTS = ("targets", "indicators", "procurement")
_OF_TEXTS = ("reasons", "three_public")
_BY_NAME = {one.zh: one for one in SHEETS}

Given = Mapping[str, str]  # what the form sent
Marks = Mapping[tuple[str, int, str], str]  # what is wrong, by sheet, number of the row and column


class Cell(NamedTuple):
    """A cell of another sheet than the lines. Without a ``name`` it is only shown. ``before`` is what the base has,
    ``text`` what is to stand there; ``read`` is how an indicator's value is understood."""

    column: Column
    before: str
    text: str
    name: str = ""
    error: str = ""
    read: str = ""

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.text

    @property
    def long(self) -> bool:
        """Whether it needs several lines."""
        return self.column.type != "amount"


class Row(NamedTuple):
    """A row of such a sheet by its number; ``gone`` where the adjustment takes it out."""

    number: int
    cells: tuple[Cell, ...]
    gone: bool = False
    error: str = ""

    @property
    def changed(self) -> bool:
        """Whether the adjustment does anything to it."""
        return self.gone or any(one.changed for one in self.cells)


class Table(NamedTuple):
    """Rows of a sheet."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    read: bool = False


class Part(NamedTuple):
    """Tables under one heading: a project (``title``) or, without one, what belongs to the whole budget."""

    title: str
    tables: tuple[Table, ...]


class Demanded(NamedTuple):
    """A reason that the text of the publication demands and the base has no row for."""

    name: str
    title: Message
    text: str
    why: Message | None
    error: str


def marks_of(problems: Iterable[Problem]) -> dict[tuple[str, int, str], str]:
    """What is wrong, where the page can mark it."""
    marks: dict[tuple[str, int, str], str] = {}
    for one in problems:
        found = _BY_NAME.get(one.sheet)
        if found is not None and one.row:
            column = next((column.key for column in found.columns if column.zh == one.column), "")
            marks.setdefault((found.key, one.row, column), sentence(one.message))
    return marks


def changes_of(found: Adjustment, given: Given) -> list[dict[str, Any]]:
    """What a form changes, as typed texts: lines whose amount differs from the base, new lines with any text, cells of
    other sheets; what was set before and does not stand on the page stays."""
    saved = _saved(found)
    changes: list[dict[str, Any]] = []
    for line in found.base.ledger["lines"]:
        text, old = given.get(f"amount-{line['row']}"), saved.get(("lines", line["row"]))
        if text is None:
            changes += [old] if old else []
            continue
        others = {} if old is None or old["values"] is None else {name: value for name, value in old["values"].items() if name != "amount"}  # fmt: skip
        if not text.strip():
            changes.append({"sheet": "lines", "row": line["row"], "values": None})
        elif _plain(_AMOUNT, text) != books.shown(_AMOUNT, line["amount"]):
            changes.append({"sheet": "lines", "row": line["row"], "values": {**others, "amount": text}})
        elif others:
            changes.append({"sheet": "lines", "row": line["row"], "values": others})
    changes += [{"sheet": "lines", "row": None, "values": one} for one in _typed_lines(found, given) if _filled(one)]
    for key in _CHANGED:
        changes += _others(found, key, given, saved)
    return changes


def _others(
    found: Adjustment, key: str, given: Given, saved: Mapping[tuple[str, int], Any]
) -> Iterator[dict[str, Any]]:
    columns = {one.key: one for one in sheet(key).columns}
    for row in found.base.ledger.get(key, ()):
        old = saved.get((key, row["row"]))
        typed = {name: given[_name(key, row["row"], name)] for name in _CHANGED[key] if _name(key, row["row"], name) in given}  # fmt: skip
        if not typed or (old is not None and old["values"] is None):
            yield from [old] if old else []
            continue
        values = {name: value for name, value in (old["values"] if old else {}).items() if name not in typed}
        for name, text in typed.items():
            if _plain(columns[name], text) != books.shown(columns[name], row.get(name)):
                values[name] = text
        if values:
            yield {"sheet": key, "row": row["row"], "values": values}
    new = [one["values"] for one in found.changes if one["sheet"] == key and one["row"] is None]
    if key == "reasons":
        fields = {one.key: given[f"reason-{one.key}"] for one in REASONS if f"reason-{one.key}" in given}
        new = [one for one in new if one["subject"] not in fields]
        yield from ({"sheet": key, "row": None, "values": _texts(key, one)} for one in new)
        for subject, text in fields.items():
            if text.strip():
                yield {"sheet": key, "row": None, "values": {"subject": subject, "text": text}}
    else:
        yield from ({"sheet": key, "row": None, "values": _texts(key, one)} for one in new)


def _saved(found: Adjustment) -> dict[tuple[str, int], dict[str, Any]]:
    """What is set of rows of the base, as people type it."""
    return {
        (one["sheet"], one["row"]): {**one, "values": None if one["values"] is None else _texts(one["sheet"], one["values"])}
        for one in found.changes if one["row"] is not None
    }  # fmt: skip


def _texts(key: str, values: Mapping[str, Any]) -> dict[str, str]:
    columns = {one.key: one for one in sheet(key).columns}
    return {name: books.shown(columns[name], value) for name, value in values.items()}


def _plain(column: Column, text: str) -> str:
    """A typed text without what does not count: separators of an amount, the browser's line ends."""
    return text.replace(",", "").strip() if column.type == "amount" else text.replace("\r\n", "\n").strip()


def _name(key: str, number: int, column: str) -> str:
    return f"{key}-{number}-{column}"


def lines_of(found: Adjustment, given: Given | None, marks: Marks, everything: bool) -> list[dict[str, Any]]:
    """The lines of the base with the amounts before and after, then, for reading, the new ones; ``everything`` has
    those that do not change as well. ``text`` is what stands in the field."""
    changes = {one["row"]: one["values"] for one in found.changes if one["sheet"] == "lines" and one["row"] is not None}
    rows, wrong = [], defaultdict(list)
    for (key, row, _), said in marks.items():
        if key == "lines":
            wrong[row].append(said)
    for line in found.base.ledger["lines"]:
        number = line["row"]
        changed = number in changes
        values = changes.get(number, {})
        after = (values or {}).get("amount", 0 if values is None else line["amount"]) if changed else line["amount"]
        text = books.shown(_AMOUNT, None if values is None else after)
        if given is not None:
            text = given.get(f"amount-{number}", "")
        if everything or changed:
            rows.append({
                "number": number, "line": {**line, **(values or {})}, "before": line["amount"], "after": after, "changed": changed,
                "text": text, "difference": (after or 0) - (line["amount"] or 0), "errors": wrong.get(number, []),
            })  # fmt: skip
    if not everything:
        for number, values in enumerate(_added(found), last_row(found.base, "lines") + 1):
            rows.append({"number": number, "line": values, "before": None, "after": values["amount"], "changed": True,
                         "text": "", "difference": values["amount"] or 0, "errors": []})  # fmt: skip
    return rows


def sums_of(found: Adjustment) -> tuple[int, int]:
    """What the lines that change come to before and after, in 分."""
    rows = lines_of(found, None, {}, everything=False)
    return sum(row["before"] or 0 for row in rows), sum(row["after"] or 0 for row in rows)


def _added(found: Adjustment) -> list[Plain]:
    return [one["values"] for one in found.changes if one["sheet"] == "lines" and one["row"] is None]


def new_lines(found: Adjustment, given: Given | None, marks: Marks) -> list[dict[str, Any]]:
    """The new lines as they stand in their fields, those that are filled in by the numbers that they have in a refusal;
    then some empty ones."""
    *columns, _ = sheet("lines").columns
    typed = [_texts("lines", one) for one in _added(found)] if given is None else _typed_lines(found, given)
    lines = [*(one for one in typed if _filled(one)), *(one for one in typed if not _filled(one))]
    filled = sum(map(_filled, lines))
    blank = {"unit": found.budget.unit.code, "nature": "project", "fund": "general"}
    first = last_row(found.base, "lines") + 1
    made = []
    for place, one in enumerate([*lines, *[blank] * _SPARE]):
        number = first + place
        wrong = {column: said for (key, row, column), said in marks.items() if (key, row) == ("lines", number) and place < filled}  # fmt: skip
        cells = [(column, one.get(column.key, ""), wrong.get(column.key, "")) for column in columns]
        made.append({"place": place, "number": number, "amount": one.get("amount", ""), "cells": cells,
                     "error": wrong.get("amount", "") or wrong.get("", "")})  # fmt: skip
    return made


def _typed_lines(found: Adjustment, given: Given) -> list[dict[str, str]]:
    """The new lines that were touched."""
    names = [one.key for one in sheet("lines").columns]
    places = takewhile(lambda place: f"new-{place}-unit" in given or f"new-{place}-amount" in given, count())
    lines = [{name: given.get(f"new-{place}-{name}", "") for name in names} for place in places]
    blank = dict.fromkeys(names, "") | {"unit": found.budget.unit.code, "nature": "project", "fund": "general"}
    return [one for one in lines if one != blank and any(one.values())]


def _filled(line: Mapping[str, str]) -> bool:
    """Whether a new line says anything: unit, nature and source stand there by themselves."""
    return any(text.strip() for name, text in line.items() if name not in _OWN)


def projects_of(found: Adjustment, given: Given | None, chosen: Sequence[str]) -> list[str]:
    """The projects whose targets are shown: those that change, and those that the officer chooses."""
    changed = set(changed_projects(found)) | set(chosen)
    if given is not None:
        rows = {line["row"]: line for line in found.base.ledger["lines"]}
        for change in changes_of(found, given):
            if change["sheet"] == "lines":
                changed |= {one.get("project", "") for one in (rows.get(change["row"], {}), change["values"] or {})}
    return [name for name in all_projects(found) if name in changed]


def all_projects(found: Adjustment) -> list[str]:
    """The projects of the base, in its order."""
    return [row["name"] for row in found.base.ledger.get("projects", ())]


def parts_of(found: Adjustment, given: Given | None, marks: Marks, projects: Sequence[str], edits: bool) -> list[Part]:
    """The tables beside the lines: income, then the targets, indicators and procurement of ``projects``. For reading
    only what changes."""
    made = [Part("", tuple(_tables(found, ("income",), given, marks, edits)))]
    made += [Part(name, tuple(_tables(found, _OF_PROJECTS, given, marks, edits, name))) for name in projects]
    return [one for one in made if one.tables]


def texts_of(found: Adjustment, given: Given | None, marks: Marks, edits: bool) -> list[Table]:
    """The reasons that the text gives."""
    return list(_tables(found, _OF_TEXTS, given, marks, edits))


def demanded_of(found: Adjustment, given: Given | None, marks: Marks, missing: Sequence[Typed]) -> list[Demanded]:
    """The reasons that are demanded or typed and have no row in the base."""
    there = {row["subject"] for row in found.base.ledger.get("reasons", ())}
    new = {one["values"]["subject"]: one["values"]["text"] for one in found.changes if one["sheet"] == "reasons" and one["row"] is None}  # fmt: skip
    why = {one.key: one.missing for one in missing if one.sheet == "reasons"}
    made, number = [], last_row(found.base, "reasons")
    for one in REASONS:
        name = f"reason-{one.key}"
        if one.key in there or not (one.key in new or one.key in why or name in (given or {})):
            continue
        text = new.get(one.key, "") if given is None else given.get(name, "")
        number += bool(text.strip())
        wrong = next((said for (key, row, _), said in marks.items() if (key, row) == ("reasons", number)), "")
        made.append(Demanded(name, Message(one.zh, one.en), text, None if text else why.get(one.key), wrong if text else ""))  # fmt: skip
    return made


def _tables(
    found: Adjustment, keys: Sequence[str], given: Given | None, marks: Marks, edits: bool, project: str = ""
) -> Iterator[Table]:
    for key in keys:
        columns = [one for name in (*_NAMED[key], *_CHANGED[key]) for one in sheet(key).columns if one.key == name]
        changes = {one["row"]: one["values"] for one in found.changes if one["sheet"] == key and one["row"] is not None}
        rows = []
        for row in found.base.ledger.get(key, ()):
            if project and row.get("project") != project:
                continue
            number = row["row"]
            values = changes.get(number, {})
            gone = values is None
            cells = [_cell(key, one, row, values or {}, given, marks, edits and not gone) for one in columns]
            made = Row(number, tuple(cells), gone, marks.get((key, number, ""), ""))
            if edits or made.changed:
                rows.append(made)
        new = [one["values"] for one in found.changes if one["sheet"] == key and one["row"] is None]
        for number, values in enumerate(new, last_row(found.base, key) + 1):
            if (project and values.get("project") != project) or (edits and key == "reasons"):
                continue
            cells = [Cell(one, "", _shown(one, values.get(one.key))) for one in columns]
            rows.append(Row(number, tuple(cells)))
        if rows:
            yield Table(sheet(key), tuple(columns), tuple(rows), key == "indicators")


def _cell(
    key: str, column: Column, row: Plain, values: Plain, given: Given | None, marks: Marks, edits: bool
) -> Cell:  # fmt: skip
    number, fixed = row["row"], column.key not in _CHANGED[key]
    before = _shown(column, row.get(column.key))
    text = _shown(column, values.get(column.key, row.get(column.key)))
    name = "" if fixed or not edits else _name(key, number, column.key)
    if name and given is not None and name in given:
        text = given[name]
    read = sentence(reading(typed_value(text))) if (key, column.key) == ("indicators", "value") else ""
    return Cell(column, before, text, name, marks.get((key, number, column.key), ""), read)


def _shown(column: Column, value: Any) -> str:
    choice = next((one for one in column.choices if one.key == value), None)
    return sentence(Message(choice.zh, choice.en)) if choice else books.shown(column, value)
