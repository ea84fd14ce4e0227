"""What a citizen asks of a budget, answered from its published facts: every number is one of them and leads to it.

A figure that no fact states (a remainder) has no address.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from zhengwu.dialects.classifications import functional_name
from zhengwu.ledger.schema import FUNDS, NATURES
from zhengwu.publishing.charts import (
    Change,
    Chart,
    flow_chart,
    natures_chart,
    treemap_chart,
    years_chart,
)
from zhengwu.web.explorer import live, words
from zhengwu.web.explorer.addresses import anchor_of, document_address, pages_address, place_address
from zhengwu.web.explorer.models import Publication
from zhengwu.web.explorer.numbers import Line, Number, Piece, flat, whole_of
from zhengwu.web.explorer.stated import Stated
from zhengwu.web.explorer.words import share

_DIMENSIONS = ("function", "fund", "nature", "item")
_FISCAL = ("general", "government_fund", "state_capital")
_BELOW_CARS = ("car_purchase", "car_operation")


class Figure(NamedTuple):
    """A chart with its figures. ``header`` names the columns of the numbers; ``data`` is what the script draws the
    chart anew from, None where there is nothing to draw."""

    key: str
    title: str
    chart: Chart | None
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""
    data: dict[str, Any] | None = None

    @property
    def compares(self) -> bool:
        """Whether the last column is a change, not a share."""
        return len(self.header) == 2


class Book:
    """The facts of one publication by their identity. Where one is printed several times, a table goes before the
    text and the first table before the others."""

    def __init__(self, publication: Publication, facts: Iterable[Stated]) -> None:
        self.publication, self.year = publication, publication.year
        self._address, self._pages = document_address(publication), pages_address(publication)
        self._found: dict[tuple[object, ...], Stated] = {}
        for fact in facts:
            key = (fact.measure, fact.year, fact.function, fact.fund, fact.nature, fact.item)
            known = self._found.get(key)
            if known is None or (known.table < 0 <= fact.table):
                self._found[key] = fact

    def number(self, measure: str, year: int = 0, **members: str) -> Number | None:
        """The amount that states this, None where none is printed."""
        fact = self._found.get((measure, year or self.year, *(members.get(name, "") for name in _DIMENSIONS)))
        return None if fact is None else self._printed(fact)

    def _printed(self, fact: Stated) -> Number:
        anchor = anchor_of(fact)
        page = f"{self._pages}{fact.page}/?at={anchor}#place" if fact.page else ""
        return Number(fact.value, place_address(self.publication, anchor, self._address), fact.page or 0, page)

    def first(self, *asked: dict[str, str], measure: str = "expenditure", year: int = 0) -> Number | None:
        """The first of several identities that is printed."""
        return next((found for one in asked if (found := self.number(measure, year, **one)) is not None), None)

    def total(self, year: int = 0) -> Number | None:
        """All expenditure."""
        return self.number("expenditure", year) or self.number("outflow", year)

    def nature(self, key: str, year: int = 0) -> Number | None:
        """Expenditure of a nature: of all funds, else of the fiscal appropriation."""
        return self.first({"nature": key}, {"nature": key, "fund": "fiscal"}, {"nature": key, "fund": "general"}, year=year)  # fmt: skip

    def three_public(self, item: str = "", year: int = 0) -> Number | None:
        """One of the three public expenses, "" for their sum."""
        return self.number("three_public", year, item=item)

    def classes(self, width: int = 3) -> dict[str, Number]:
        """Expenditure by functional code of 3, 5 or 7 digits, what is not zero."""
        funds = ("", "fiscal", "general")
        for fund in funds:
            found = {
                fact.function: self._printed(fact)
                for (measure, year, *_), fact in self._found.items()
                if measure == "expenditure" and year == self.year and len(fact.function) == width and fact.value
                and fact.fund == fund
                and not (fact.nature or fact.item)
            }  # fmt: skip
            if found:
                return found
        return {}

    def name_of(self, code: str) -> str:
        """The name of a functional code in the publication's year, the code itself where none is known."""
        return functional_name(code, self.year) or code

    def sources(self) -> list[Piece]:
        """Income by source: the finest partition of the total that is printed, whatever else is printed beside."""
        whole = self.number("income")
        found = {one: number for one in FUNDS if (number := self.number("income", fund=one.key)) and number.value}
        if any(one.key in ("education_fees", "special_account_other") for one in found):
            found = {one: number for one, number in found.items() if one.key != "special_account_funds"}
        named = [Piece(words.choice_name(one), number) for one, number in found.items()]
        if whole is None or whole_of(named) == whole.value:
            return named
        fiscal = self.number("income", fund="fiscal")
        kept = [piece for one, piece in zip(found, named, strict=True) if one.key not in _FISCAL]
        if fiscal and fiscal.value and fiscal.value + whole_of(kept) == whole.value:
            return [Piece(_("Fiscal appropriation"), fiscal), *kept]
        rest = whole.value - whole_of(named)
        if named and rest > 0:
            return [*named, Piece(_("Income not broken down"), Number(rest))]
        return [Piece(_("Total income"), whole)]


def figures_of(book: Book, before: Book | None = None) -> list[Figure]:
    """The figures of a publication; ``before`` is the one of the year before, asked where this one says nothing."""
    found = [_flow(book), _purposes(book), _natures(book), _changes(book, before), _three_public(book)]
    return [figure for figure in found if figure is not None]


def _parts(side: str, pieces: Sequence[Piece]) -> list[Line]:
    """Pieces as rows, with their shares of the whole."""
    whole = whole_of(pieces)
    return [Line(one.name, (one.number,), share(one.number.value, whole), level, side) for one, level in flat(pieces)]


def _function(book: Book, code: str, number: Number, children: tuple[Piece, ...] = ()) -> Piece:
    name = book.name_of(code)
    return Piece(words.function_name(code, name), number, children, words.function_name(code, name, short=True))


def _flow(book: Book) -> Figure | None:
    sources, uses = book.sources(), [_function(book, code, n) for code, n in _sorted(book.classes())]
    if not sources or not uses:
        return None
    carried = book.number("carry_out")
    lines = [*_parts(_("comes from"), sources), *_parts(_("goes to"), uses)]
    title = _("Where the money comes from and where it goes")
    unit = book.publication.unit.name
    chart = flow_chart(
        title, [one.slice for one in sources], unit, [one.slice for one in uses],
        carried=carried.fen if carried and carried.value > 0 else 0, key="flow", language=words.language(),
    )  # fmt: skip
    data = live.flow(sources, unit, uses, carried)
    return Figure("money", title, chart, (_("Amount (yuan)"),), tuple(lines), data=data)


def _purposes(book: Book) -> Figure | None:
    below = _sorted(book.classes(7) or book.classes(5))
    pieces = [
        _function(book, code, n, tuple(_function(book, one, m) for one, m in below if one.startswith(code)))
        for code, n in _sorted(book.classes())
    ]
    if not pieces:
        return None
    title = _("What it is for")
    chart = treemap_chart(title, [one.slice for one in pieces], key="purposes", language=words.language())
    lines = tuple(_parts("", pieces))
    return Figure("purposes", title, chart, (_("Amount (yuan)"),), lines, data=live.tree(pieces))


def _natures(book: Book) -> Figure | None:
    pieces = []
    for one in NATURES:
        number = book.nature(one.key)
        if number is None or not number.value:
            continue
        parts = [
            Piece(name, part)
            for name, key in ((words.personnel(), "personnel"), (words.office(), "public"))
            if one.key == "basic" and (part := book.nature(key)) is not None and part.value
        ]
        pieces.append(Piece(words.nature_name(one), number, tuple(parts)))
    if not pieces:
        return None
    title = _("Running the department, and its projects")
    chart = natures_chart(title, [one.slice for one in pieces], key="natures", language=words.language())
    lines = tuple(_parts("", pieces))
    return Figure("natures", title, chart, (_("Amount (yuan)"),), lines, data=live.rings(pieces))


def _changes(book: Book, before: Book | None) -> Figure | None:
    last = book.year - 1
    asked = [
        (words.total(), book.total(last) or (before.total() if before else None), book.total()),
        *(
            (words.nature_name(one), book.nature(one.key, last) or (before.nature(one.key) if before else None), book.nature(one.key))
            for one in NATURES[:2]
        ),
        (words.three_public(), book.three_public(year=last) or (before.three_public() if before else None), book.three_public()),
    ]  # fmt: skip
    lines = [_against(name, old, new) for name, old, new in asked if new is not None]
    if not any(line.numbers[0] for line in lines):
        return None
    title = _("Compared with the year before")
    chart, data = _years(title, lines, book.year, "changes")
    return Figure("changes", title, chart, _header(book), tuple(lines), data=data)


def _three_public(book: Book) -> Figure | None:
    last = book.year - 1
    lines = []
    for key, name in words.three_public_items():
        new = book.three_public(key)
        if new is not None:
            level = 1 if key in _BELOW_CARS and book.three_public("cars") else 0
            lines.append(_against(name, book.three_public(key, last), new, level))
    whole = book.three_public()
    if whole is None and not lines:
        return None
    title = _("Travel abroad, official cars, receptions (“three public”)")
    chart, data = None, None
    if any(number and number.value for line in lines for number in line.numbers):
        chart, data = _years(title, [line for line in lines if not line.level], book.year, "three-public")
    if whole is not None:
        lines.append(_against(_("Sum"), book.three_public(year=last), whole))
    spends = any(line.numbers[1] and line.numbers[1].value for line in lines)
    note = "" if spends else _("Nothing is planned for this year.")
    return Figure("three-public", title, chart, _header(book), tuple(lines), note, data)


def _against(name: str, old: Number | None, new: Number, level: int = 0) -> Line:
    return Line(name, (old, new), _change(old.value, new.value) if old else "", level)


def _header(book: Book) -> tuple[str, str]:
    return f"{book.year - 1}", f"{book.year}"


def _years(title: str, lines: Sequence[Line], year: int, key: str) -> tuple[Chart, dict[str, Any]]:
    """This year against last: the chart of the server, and the data of the script's."""
    changes = [
        Change(line.name, line.numbers[0].fen if line.numbers[0] else None, line.numbers[1].fen)
        for line in lines
        if line.numbers[1]
    ]
    chart = years_chart(title, changes, year, key=key, language=words.language())
    return chart, live.bars((f"{year - 1}", f"{year}"), lines)


def over_years(books: Sequence[Book]) -> tuple[tuple[Book, ...], tuple[Line, ...]]:
    """One department over its years, the oldest first: total, natures, three public expenses, classes."""
    ordered = tuple(sorted(books, key=lambda book: book.year))
    lines = [Line(words.total(), tuple(book.total() for book in ordered))]
    lines += [Line(words.nature_name(one), tuple(book.nature(one.key) for book in ordered)) for one in NATURES]
    lines.append(Line(words.three_public(), tuple(book.three_public() for book in ordered)))
    classes = [book.classes() for book in ordered]
    for code in sorted({code for found in classes for code in found}):
        name = next(book.name_of(code) for book, found in zip(ordered, classes, strict=True) if code in found)
        lines.append(Line(words.function_name(code, name), tuple(found.get(code) for found in classes), level=1))
    return ordered, tuple(line for line in lines if any(line.numbers))


def stacked(columns: Sequence[tuple[str, Book]]) -> dict[str, Any] | None:
    """Basic, project and other expenditure of several books, each under its name: years or departments. None where
    they say nothing of it."""
    natures = [one for one in NATURES if any((n := book.nature(one.key)) and n.value for _name, book in columns)]
    if not natures:
        return None
    return live.stacks(
        [words.nature_name(one) for one in natures],
        [(name, [book.nature(one.key) for one in natures], book.total()) for name, book in columns],
    )


class Row(NamedTuple):
    """A row of two books: of each its number and the number's share in its own total."""

    name: str
    level: int
    cells: tuple[tuple[Number | None, str], ...]


def side_by_side(books: Sequence[Book]) -> list[Row]:
    """Two or more books: total, natures, three public expenses, classes."""
    rows: list[tuple[str, list[Number | None], int]] = [(words.total(), [book.total() for book in books], 0)]
    rows += [(words.nature_name(one), [book.nature(one.key) for book in books], 0) for one in NATURES]
    rows.append((words.three_public(), [book.three_public() for book in books], 0))
    classes = [book.classes() for book in books]
    for code in sorted({code for found in classes for code in found}):
        name = words.function_name(code, books[0].name_of(code))
        rows.append((name, [one.get(code) for one in classes], 1))
    totals = [book.total() for book in books]
    return [
        Row(
            name,
            level,
            tuple(
                (number, share(number.value, whole.value) if number and whole else "")
                for number, whole in zip(numbers, totals, strict=True)
            ),
        )
        for name, numbers, level in rows
        if any(numbers)
    ]


def _sorted(found: dict[str, Number]) -> list[tuple[str, Number]]:
    return sorted(found.items(), key=lambda one: (-one[1].value, one[0]))


def _change(old: Decimal, new: Decimal) -> str:
    if old == new:
        return _("no change")
    return f"{100 * (new - old) / old:+.2f}%" if old else ""
