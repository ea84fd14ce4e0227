"""How the form of an adjustment is read: what it changes of the base, takes out of it and adds to it, as typed texts.

A field of a row of the base is named by its sheet, the row's number and the column (indicators-5-value); one of a new
row by its sheet, its place on the page and the column (indicators-new-0-value). Of lines it is amount-5, new-0-amount.
"""

from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from typing import Any, NamedTuple

from zhengwu.ledger.schema import Column, sheet
from zhengwu.ledger.store import Plain
from zhengwu.web.budgets import books
from zhengwu.web.budgets.adjustment_ledger import SHEETS, last_row
from zhengwu.web.budgets.models import Adjustment

AMOUNT = next(one for one in sheet("lines").columns if one.key == "amount")
# Of other sheets than the lines: the columns of a row of the base that the page changes.
CHANGED = {
    "income": ("amount", "carry_out"), "procurement": ("amount", "small"),
    "targets": ("midterm_fiscal", "midterm_other", "midterm_goal", "annual_goal"), "indicators": ("name", "value"),
    "reasons": ("text",), "three_public": ("number", "reason"),
}  # fmt: skip
TAKEN_OUT = ("income", "procurement", "indicators", "reasons")  # those whose rows have a box that takes them out
ABOUT = {"procurement": "project", "indicators": "project", "reasons": "subject", "three_public": "item"}
GONE = "gone"  # the box, as a column of its row
# What stands in a new row before anybody types: alone it makes no row.
_BLANK = {"lines": {"nature": "project", "fund": "general"}, "indicators": {"period": "annual"}}

Given = Mapping[str, str]  # what the form sent


class New(NamedTuple):
    """A row that is added, as typed texts. ``number`` is the one that problems name it by; 0 for one that nothing is
    filled in, or that is ``gone`` again, its box ticked: it is not added."""

    values: dict[str, str]
    number: int = 0
    gone: bool = False


def field_name(key: str, number: int, column: str) -> str:
    """The name of a field of a row of the base."""
    return f"{key}-{number}-{column}"


def new_name(key: str, place: int | str, column: str) -> str:
    """The name of a field of a new row. Its place is what the row is about where the sheet lists that (an item of the
    three public expenses), else a number counted through the page."""
    return f"new-{place}-{column}" if key == "lines" else f"{key}-new-{place}-{column}"


def blank(found: Adjustment, key: str, about: str = "") -> dict[str, str]:
    """A new row of a sheet that nobody has typed into."""
    own = {"unit": found.budget.unit.code} if key == "lines" else {ABOUT[key]: about} if key in ABOUT else {}
    return {one.key: "" for one in sheet(key).columns} | _BLANK.get(key, {}) | own


def about_of(key: str, values: Mapping[str, Any]) -> str:
    """What a row is about, as far as the page says that by itself: its project, its item."""
    return str(values.get(ABOUT.get(key, ""), ""))


def changes_of(found: Adjustment, given: Given) -> list[dict[str, Any]]:
    """What a form changes, as typed texts: rows that differ from the base, that are taken out, that are added; what was
    set before and does not stand on the page stays."""
    saved = _saved(found)
    changes: list[dict[str, Any]] = []
    for key in SHEETS:
        changes += _lines(found, given, saved) if key == "lines" else _rows(found, key, given, saved)
        changes += [{"sheet": key, "row": None, "values": one.values} for one in new_rows(found, key, given) if one.number]  # fmt: skip
    return changes


def new_rows(found: Adjustment, key: str, given: Given | None) -> list[New]:
    """The new rows of a sheet: those set before, then, where a form shows what they are about, its own in their place;
    also those that were only touched."""
    rows = [New(texts(key, one["values"])) for one in found.changes if (one["sheet"], one["row"]) == (key, None)]
    if given is not None:
        typed = list(_typed(found, key, given))
        shown = {about_of(key, one.values) for one in typed}
        rows = [one for one in rows if about_of(key, one.values) not in shown]
        rows += [one for one in typed if one.gone or one.values != blank(found, key, about_of(key, one.values))]
    numbers = count(last_row(found.base, key) + 1)
    return [one._replace(number=next(numbers)) if _filled(key, one) else one for one in rows]


def texts(key: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Plain values as people type them."""
    columns = {one.key: one for one in sheet(key).columns}
    return {name: books.shown(columns[name], value) for name, value in values.items()}


def _typed(found: Adjustment, key: str, given: Given) -> Iterator[New]:
    columns, about = sheet(key).columns, ABOUT.get(key, "")

    def there(place: str) -> bool:
        return any(new_name(key, place, one.key) in given for one in columns)

    listed = next((one.choices for one in columns if one.key == about), ())
    places = filter(there, [one.key for one in listed]) if listed else takewhile(there, map(str, count()))
    for place in places:
        values = {one.key: given.get(new_name(key, place, one.key), "") for one in columns}
        yield New(values | ({about: place} if listed else {}), gone=new_name(key, place, GONE) in given)


def _filled(key: str, new: New) -> bool:
    """Whether a new row says anything: what it is about, and of a line its unit, stand there by themselves."""
    own = {*_BLANK.get(key, {}), ABOUT.get(key, ""), "unit"}
    return not new.gone and any(text.strip() for name, text in new.values.items() if name not in own)


def _lines(found: Adjustment, given: Given, saved: Mapping[tuple[str, int], Any]) -> Iterator[dict[str, Any]]:
    """Lines whose amount differs; one without an amount is taken out."""
    for line in found.base.ledger["lines"]:
        text, old = given.get(f"amount-{line['row']}"), saved.get(("lines", line["row"]))
        if text is None:
            yield from [old] if old else []
            continue
        others = {name: value for name, value in _values(old).items() if name != "amount"}
        if not text.strip():
            yield {"sheet": "lines", "row": line["row"], "values": None}
        elif _plain(AMOUNT, text) != books.shown(AMOUNT, line["amount"]):
            yield {"sheet": "lines", "row": line["row"], "values": {**others, "amount": text}}
        elif others:
            yield {"sheet": "lines", "row": line["row"], "values": others}


def _rows(found: Adjustment, key: str, given: Given, saved: Mapping[tuple[str, int], Any]) -> Iterator[dict[str, Any]]:
    columns = {one.key: one for one in sheet(key).columns}
    for row in found.base.ledger.get(key, ()):
        number, old = row["row"], saved.get((key, row["row"]))
        names = {name: field_name(key, number, name) for name in CHANGED[key]}
        typed = {name: given[field] for name, field in names.items() if field in given}
        if not typed:
            yield from [old] if old else []
            continue
        if field_name(key, number, GONE) in given:
            yield {"sheet": key, "row": number, "values": None}
            continue
        values = {name: value for name, value in _values(old).items() if name not in typed}
        for name, text in typed.items():
            if _plain(columns[name], text) != books.shown(columns[name], row.get(name)):
                values[name] = text
        if values:
            yield {"sheet": key, "row": number, "values": values}


def _values(old: Mapping[str, Any] | None) -> Plain:
    """What was set of a row before; nothing where it was taken out."""
    return (old["values"] or {}) if old else {}


def _saved(found: Adjustment) -> dict[tuple[str, int], dict[str, Any]]:
    """What is set of rows of the base, as people type it."""
    return {
        (one["sheet"], one["row"]): {**one, "values": None if one["values"] is None else texts(one["sheet"], one["values"])}
        for one in found.changes if one["row"] is not None
    }  # fmt: skip


def _plain(column: Column, text: str) -> str:
    """A typed text without what does not count: separators of an amount, the browser's line ends."""
    return text.replace(",", "").strip() if column.type == "amount" else text.replace("\r\n", "\n").strip()
