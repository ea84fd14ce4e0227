"""What the page of an adjustment shows: lines, then the rows of other sheets that go with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from zhengwu.ledger.problem import Problem
from zhengwu.ledger.schema import REASONS, SHEETS, THREE_PUBLIC, Column, Sheet, sheet
from zhengwu.ledger.store import Plain
from zhengwu.model.message import Message
from zhengwu.publishing.publication import Typed
from zhengwu.web.budgets import adjustment_form as form
from zhengwu.web.budgets import books, library_forms
from zhengwu.web.budgets.adjustment_form import Given, New
from zhengwu.web.budgets.adjustment_ledger import changed_projects, last_row
from zhengwu.web.budgets.indicators import reading, typed_value
from zhengwu.web.budgets.models import Adjustment
from zhengwu.web.common.errors import sentence

# Empty rows for new ones; items of the three public expenses have one each where it is wanted.
_SPARE = {"lines": 5, "income": 1, "procurement": 1, "indicators": 3}
# Of other sheets: the columns that say which row it is, before those that the page changes. A new row types all of them
# but what it is about.
_NAMED = {
    "income": ("fund", "last"), "procurement": ("category",), "targets": (), "indicators": ("period", "kind"),
    "reasons": ("subject",), "three_public": ("item", "last", "number_last"),
}  # fmt: skip
_OF_PROJECTS = ("targets", "indicators", "procurement")
_BY_NAME = {one.zh: one for one in SHEETS}

Marks = Mapping[tuple[str, int, str], str]  # what is wrong, by sheet, number of the row (0: one that lacks) and column


class Cell(NamedTuple):
    """A cell of another sheet than the lines. Without a ``name`` it is only shown. ``before`` is what the base has,
    ``text`` what is to stand there; ``read`` is how an indicator's value is understood."""

    column: Column
    before: str
    text: str
    name: str = ""
    label: str = ""
    error: str = ""
    read: str = ""

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.text

    @property
    def field(self) -> str:
        """Where it is typed, as the library's forms have it."""
        widget = library_forms.field_of(self.column, short=True).widget
        attributes = {"aria-label": self.label}
        if self.column.type == "amount":
            attributes["class"] = "n"
        if self.column.type == "long":
            attributes["rows"] = "3"
        if self.error:
            attributes |= {"aria-invalid": "true", "aria-describedby": f"{self.name}-error"}
        return widget.render(self.name, self.text, attributes)


class Row(NamedTuple):
    """A row of such a sheet by its number; 0 for a new one that is not added (yet). ``title`` is how labels call it;
    ``box`` names what takes it out, "" where nothing does; ``about`` is the hidden field that says what it is about."""

    number: int
    cells: tuple[Cell, ...]
    title: str
    gone: bool = False
    new: bool = False
    box: str = ""
    about: tuple[str, str] | None = None
    why: Message | None = None
    error: str = ""

    @property
    def added(self) -> bool:
        """Whether the adjustment adds it."""
        return self.new and bool(self.number)

    @property
    def changed(self) -> bool:
        """Whether the adjustment does anything to it."""
        return self.gone or self.added or (not self.new and any(one.changed for one in self.cells))


class Table(NamedTuple):
    """Rows of a sheet."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def boxes(self) -> bool:
        """Whether rows are taken out here."""
        return any(one.box for one in self.rows)

    @property
    def read(self) -> bool:
        """Whether the machine reads a column."""
        return self.sheet.key == "indicators"


class Part(NamedTuple):
    """Tables under one heading: a project (``title``) or, without one, what belongs to the whole budget."""

    title: str
    tables: tuple[Table, ...]

    @property
    def targets(self) -> bool:
        """Whether there are targets among it."""
        return any(one.sheet.key in ("targets", "indicators") for one in self.tables)


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
        if found is not None:
            column = next((column.key for column in found.columns if column.zh == one.column), "")
            marks.setdefault((found.key, one.row, column), sentence(one.message))
    return marks


def lines_of(found: Adjustment, given: Given | None, marks: Marks, everything: bool) -> list[dict[str, Any]]:
    """The lines of the base with the amounts before and after, then, for reading, the new ones; ``everything`` has
    those that do not change as well. ``text`` is what stands in the field."""
    changes = {one["row"]: one["values"] for one in found.changes if one["sheet"] == "lines" and one["row"] is not None}
    rows, wrong = [], defaultdict(list)
    for (key, row, _column), said in marks.items():
        if key == "lines":
            wrong[row].append(said)
    for line in found.base.ledger["lines"]:
        number = line["row"]
        changed = number in changes
        values = changes.get(number, {})
        after = (values or {}).get("amount", 0 if values is None else line["amount"]) if changed else line["amount"]
        text = books.shown(form.AMOUNT, None if values is None else after)
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
    *columns, _amount = sheet("lines").columns
    lines = sorted(form.new_rows(found, "lines", given), key=lambda one: not one.number)
    first = last_row(found.base, "lines") + 1
    made = []
    for place, one in enumerate([*lines, *[New(form.blank(found, "lines"))] * _SPARE["lines"]]):
        wrong = {column: said for (key, row, column), said in marks.items() if one.number and (key, row) == ("lines", one.number)}  # fmt: skip
        cells = [(column, one.values.get(column.key, ""), wrong.get(column.key, "")) for column in columns]
        made.append({"place": place, "number": first + place, "amount": one.values.get("amount", ""), "cells": cells,
                     "error": wrong.get("amount", "") or wrong.get("", "")})  # fmt: skip
    return made


def projects_of(found: Adjustment, given: Given | None, chosen: Sequence[str]) -> list[str]:
    """The projects whose targets are shown: those that change, and those that the officer chooses."""
    changed = set(changed_projects(found)) | set(chosen)
    if given is not None:
        rows = {line["row"]: line for line in found.base.ledger["lines"]}
        for change in form.changes_of(found, given):
            if change["sheet"] == "lines":
                changed |= {one.get("project", "") for one in (rows.get(change["row"], {}), change["values"] or {})}
    return [name for name in all_projects(found) if name in changed]


def all_projects(found: Adjustment) -> list[str]:
    """The projects of the base, in its order."""
    return [row["name"] for row in found.base.ledger.get("projects", ())]


def parts_of(found: Adjustment, given: Given | None, marks: Marks, projects: Sequence[str], edits: bool) -> list[Part]:
    """The tables beside the lines: income, then the targets, indicators and procurement of ``projects``. For reading
    only what changes."""
    page = _Page(found, given, marks, edits)
    made = [Part("", page.tables(("income",)))]
    made += [Part(name, page.tables(_OF_PROJECTS, name)) for name in projects]
    return [one for one in made if one.tables]


def texts_of(
    found: Adjustment, given: Given | None, marks: Marks, missing: Sequence[Typed], edits: bool
) -> tuple[Table, ...]:
    """The reasons that the text gives; with items of the three public expenses that have no row in the base and are
    demanded, typed or missing altogether."""
    page = _Page(found, given, marks, edits)
    items = _demanded(found, "three_public", given, marks, missing) if edits else []
    return page.tables(("reasons",)) + page.tables(("three_public",), wanted=items)


def demanded_of(found: Adjustment, given: Given | None, marks: Marks, missing: Sequence[Typed]) -> list[Demanded]:
    """The reasons that are demanded or typed and have no row in the base."""
    titles = {one.key: Message(one.zh, one.en) for one in REASONS}
    made = []
    for new, why in _demanded(found, "reasons", given, marks, missing):
        about, text = new.values["subject"], new.values["text"]
        wrong = _wrong(marks, "reasons", new.number, ())
        made.append(
            Demanded(form.new_name("reasons", about, "text"), titles[about], text, None if text else why, wrong)
        )
    return made


def _demanded(
    found: Adjustment, key: str, given: Given | None, marks: Marks, missing: Sequence[Typed]
) -> list[tuple[New, Message | None]]:
    """New rows for what the base says nothing of and the publication asks for, the check misses or somebody types."""
    choices, about = {"reasons": REASONS, "three_public": THREE_PUBLIC}[key], form.ABOUT[key]
    there = {row[about] for row in found.base.ledger.get(key, ())}
    new = {form.about_of(key, one.values): one for one in form.new_rows(found, key, given)}
    why = {one.key: one.missing for one in missing if one.sheet == key}
    lacking = any((sheet_key, number) == (key, 0) for sheet_key, number, _column in marks)
    made = []
    for one in choices:
        shown = any(form.new_name(key, one.key, column.key) in (given or {}) for column in sheet(key).columns)
        if one.key not in there and (one.key in new or one.key in why or lacking or shown):
            made.append((new.get(one.key, New(form.blank(found, key, one.key))), why.get(one.key)))
    return made


class _Page:
    """The tables of one page: new rows are counted through them."""

    def __init__(self, found: Adjustment, given: Given | None, marks: Marks, edits: bool) -> None:
        self.found, self.given, self.marks, self.edits = found, given, marks, edits
        self._places: dict[str, Iterator[int]] = defaultdict(count)

    def tables(
        self, keys: Sequence[str], project: str = "", wanted: Sequence[tuple[New, Message | None]] = ()
    ) -> tuple[Table, ...]:
        """Those of sheets, of ``project`` alone where it is given; with the new rows that are ``wanted``."""
        made = (self._table(key, project, wanted) for key in keys)
        return tuple(one for one in made if one.rows)

    def _table(self, key: str, project: str, wanted: Sequence[tuple[New, Message | None]]) -> Table:
        columns = [one for name in (*_NAMED[key], *form.CHANGED[key]) for one in sheet(key).columns if one.key == name]
        changes = {one["row"]: one["values"] for one in self.found.changes if one["sheet"] == key and one["row"]}
        base = [row for row in self.found.base.ledger.get(key, ()) if not project or row.get("project") == project]
        rows = [self._row(key, columns, row, changes.get(row["row"], {})) for row in base]
        spare = self._spare(key, project)
        if not self.edits:
            rows = [one for one in rows if one.changed]
        if not self.edits or spare:
            news = form.new_rows(self.found, key, self.given)
            mine = [one for one in news if not project or one.values.get("project") == project]
            wanted = [(one, None) for one in [*mine, *[New(form.blank(self.found, key, project))] * spare]]
        rows += [self._new(key, columns, one, place, why) for place, (one, why) in enumerate(wanted, 1)]
        return Table(sheet(key), tuple(columns), tuple(rows))

    def _spare(self, key: str, project: str) -> int:
        """How many empty rows there are. Indicators are those of projects that declare targets."""
        if not self.edits or key not in _SPARE:
            return 0
        declared = {row["name"] for row in self.found.base.ledger.get("projects", ()) if row.get("targets")}
        return 0 if key == "indicators" and project not in declared else _SPARE[key]

    def _row(self, key: str, columns: Sequence[Column], row: Plain, values: Plain | None) -> Row:
        number, edits = row["row"], self.edits and (values is not None or key in form.TAKEN_OUT)
        names = {name: form.field_name(key, number, name) for name in form.CHANGED[key]} if edits else {}
        box = form.field_name(key, number, form.GONE) if edits and key in form.TAKEN_OUT else ""
        given = self.given or {}
        gone = box in given if box and given.keys() & names.values() else values is None
        cells = []
        for column in columns:
            before = _shown(column, row.get(column.key))
            text = _shown(column, (values or {}).get(column.key, row.get(column.key)))
            name = names.get(column.key, "")
            cells.append(self._cell(key, number, column, name, str(number), before, given.get(name, text)))
        error = _wrong(self.marks, key, number, columns)
        return Row(number, tuple(cells), str(number), gone, box=box, error=error)

    def _new(self, key: str, columns: Sequence[Column], new: New, nth: int, why: Message | None) -> Row:
        """A new row; by its number or, where it has none yet, as the ``nth`` of its table."""
        about = form.ABOUT.get(key, "")
        subject = next((one for one in columns if one.key == about), None)  # listed: its place is what it is about
        place = new.values[about] if subject else next(self._places[key])
        title = _shown(subject, new.values[about]) if subject else _("new row %(number)s") % {"number": nth}
        cells = []
        for column in columns:
            name = form.new_name(key, place, column.key) if self.edits and column is not subject else ""
            text = new.values.get(column.key, "")
            text = text if name else _shown(column, text)
            cells.append(self._cell(key, new.number, column, name, title, text if column is subject else "", text))
        ticks = self.edits and subject is None
        return Row(
            new.number, tuple(cells), title, new.gone, True, why=why, error=_wrong(self.marks, key, new.number, columns),
            box=form.new_name(key, place, form.GONE) if ticks and (new.number or new.gone) else "",
            about=(form.new_name(key, place, about), new.values[about]) if ticks and about else None,
        )  # fmt: skip

    def _cell(self, key: str, number: int, column: Column, name: str, title: str, before: str, text: str) -> Cell:
        read = sentence(reading(typed_value(text))) if (key, column.key) == ("indicators", "value") and text else ""
        error = self.marks.get((key, number, column.key), "") if number else ""
        return Cell(column, before, text, name, f"{library_forms.titled(column)} {title}", error, read)


def _wrong(marks: Marks, key: str, number: int, columns: Sequence[Column]) -> str:
    """What is wrong with a row in no column that is shown."""
    shown = {one.key for one in columns}
    return next((said for (sheet_key, row, column), said in marks.items() if number and (sheet_key, row) == (key, number) and column not in shown), "")  # fmt: skip


def _shown(column: Column, value: Any) -> str:
    choice = next((one for one in column.choices if one.key == value), None)
    return sentence(Message(choice.zh, choice.en)) if choice else books.shown(column, value)
