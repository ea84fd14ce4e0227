"""What a citizen asks of a budget, answered from its published facts: every number is one of them and leads to it.

A figure that no fact states (a remainder) has no address.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from zhengwu.dialects.classifications import functional_name
from zhengwu.ledger.schema import FUNDS, NATURES
from zhengwu.publishing.charts import (
    Change,
    Chart,
    Slice,
    flow_chart,
    natures_chart,
    treemap_chart,
    years_chart,
)
from zhengwu.web.explorer.addresses import anchor_of, document_address
from zhengwu.web.explorer.models import Publication, PublishedFact

_ZERO = Decimal(0)
_DIMENSIONS = ("function", "government", "departmental", "fund", "nature", "item")
THREE_PUBLIC = (
    ("abroad", "因公出国（境）费用"),
    ("reception", "公务接待费"),
    ("cars", "公务用车购置及运行维护费"),
    ("car_purchase", "公务用车购置费"),
    ("car_operation", "公务用车运行维护费"),
)


class Number(NamedTuple):
    """An amount in yuan and the address of the cell that prints it; "" where it is only derived."""

    value: Decimal
    href: str = ""

    @property
    def fen(self) -> int:
        """The amount in 分, as charts take it."""
        return int(self.value * 100)


class Line(NamedTuple):
    """A row of a figure's table. ``level`` 1 stands below the level 0 before it."""

    name: str
    numbers: tuple[Number | None, ...]
    share: str = ""
    level: int = 0
    side: str = ""


class Figure(NamedTuple):
    """A chart with its figures. ``header`` names the columns of the numbers."""

    key: str
    title: str
    chart: Chart | None
    header: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""


class Book:
    """The facts of one publication by their identity. Where one is printed several times, a table goes before the
    text and the first table before the others."""

    def __init__(self, publication: Publication, facts: Iterable[PublishedFact]) -> None:
        self.publication, self.year = publication, publication.year
        self._address = document_address(publication)
        self._found: dict[tuple[object, ...], PublishedFact] = {}
        for fact in facts:
            if fact.aspect != "amount" or fact.unit == "%" or fact.stage != publication.kind:
                continue
            key = (fact.measure, fact.year, *(getattr(fact, name) for name in _DIMENSIONS))
            known = self._found.get(key)
            if known is None or (known.table < 0 <= fact.table):
                self._found[key] = fact

    def number(self, measure: str, year: int = 0, **members: str) -> Number | None:
        """The amount that states this, None where none is printed."""
        fact = self._found.get((measure, year or self.year, *(members.get(name, "") for name in _DIMENSIONS)))
        return None if fact is None else Number(fact.value, f"{self._address}#{anchor_of(fact)}")

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
                fact.function: Number(fact.value, f"{self._address}#{anchor_of(fact)}")
                for (measure, year, *_), fact in self._found.items()
                if measure == "expenditure" and year == self.year and len(fact.function) == width and fact.value
                and fact.fund == fund
                and not (fact.government or fact.departmental or fact.nature or fact.item)
            }  # fmt: skip
            if found:
                return found
        return {}

    def name_of(self, code: str) -> str:
        """The name of a functional code in the publication's year, the code itself where none is known."""
        return functional_name(code, self.year) or code

    def sources(self) -> list[tuple[str, Number]]:
        """Income by source: the finest partition of the total that is printed, whatever else is printed beside."""
        whole = self.number("income")
        found = [(one.zh, number) for one in FUNDS if (number := self.number("income", fund=one.key)) and number.value]
        if "教育收费" in (names := {name for name, _n in found}) or "其他财政专户资金" in names:
            found = [one for one in found if one[0] != "财政专户资金"]
        if whole is None or sum(n.value for _n, n in found) == whole.value:
            return found
        fiscal = self.number("income", fund="fiscal")
        kept = [
            one for one in found if one[0] not in ("一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")
        ]
        if fiscal and fiscal.value and fiscal.value + sum(n.value for _n, n in kept) == whole.value:
            return [("财政拨款收入", fiscal), *kept]
        rest = whole.value - sum(n.value for _n, n in found)
        return [*found, ("未细分的收入", Number(rest))] if found and rest > 0 else [("收入总计", whole)]


def figures_of(book: Book, before: Book | None = None) -> list[Figure]:
    """The figures of a publication; ``before`` is the one of the year before, asked where this one says nothing."""
    found = [_flow(book), _purposes(book), _natures(book), _changes(book, before), _three_public(book)]
    return [figure for figure in found if figure is not None]


def share(part: Decimal, whole: Decimal) -> str:
    """A share in per cent with two decimals, "" of nothing."""
    return f"{100 * part / whole:.2f}%" if whole else ""


def _flow(book: Book) -> Figure | None:
    sources, classes = book.sources(), _sorted(book.classes())
    if not sources or not classes:
        return None
    carried = book.number("carry_out")
    income, spent = sum((n.value for _n, n in sources), _ZERO), sum((n.value for _c, n in classes), _ZERO)
    lines = [Line(name, (n,), share(n.value, income), 0, _("comes from")) for name, n in sources]
    lines += [Line(book.name_of(code), (n,), share(n.value, spent), 0, _("goes to")) for code, n in classes]
    title = _("Where the money comes from and where it goes")
    chart = flow_chart(
        title,
        [Slice(name, n.fen) for name, n in sources],
        book.publication.unit.name,
        [Slice(book.name_of(code), n.fen) for code, n in classes],
        carried=carried.fen if carried and carried.value > 0 else 0,
        key="flow",
    )
    return Figure("money", title, chart, (_("Amount (yuan)"),), tuple(lines))


def _purposes(book: Book) -> Figure | None:
    classes, below = _sorted(book.classes()), _sorted(book.classes(7) or book.classes(5))
    if not classes:
        return None
    whole = sum((n.value for _c, n in classes), _ZERO)
    lines, slices = [], []
    for code, n in classes:
        children = [(one, m) for one, m in below if one.startswith(code)]
        lines.append(Line(f"{code} {book.name_of(code)}", (n,), share(n.value, whole)))
        lines += [Line(f"{one} {book.name_of(one)}", (m,), share(m.value, whole), 1) for one, m in children]
        slices.append(Slice(book.name_of(code), n.fen, tuple(Slice(book.name_of(one), m.fen) for one, m in children)))
    title = _("What it is for")
    chart = treemap_chart(title, slices, key="purposes")
    return Figure("purposes", title, chart, (_("Amount (yuan)"),), tuple(lines))


def _natures(book: Book) -> Figure | None:
    lines, slices = [], []
    found = [(one, n) for one in NATURES if (n := book.nature(one.key)) is not None and n.value]
    whole = sum((n.value for _o, n in found), _ZERO)
    for one, n in found:
        parts = [
            (name, m)
            for name, key in (("人员经费", "personnel"), ("公用经费", "public"))
            if one.key == "basic" and (m := book.nature(key)) is not None and m.value
        ]
        lines.append(Line(one.zh, (n,), share(n.value, whole)))
        lines += [Line(name, (m,), share(m.value, whole), 1) for name, m in parts]
        slices.append(Slice(one.zh, n.fen, tuple(Slice(name, m.fen) for name, m in parts)))
    if not lines:
        return None
    title = _("Running the department, and its projects")
    return Figure("natures", title, natures_chart(title, slices, key="natures"), (_("Amount (yuan)"),), tuple(lines))


def _changes(book: Book, before: Book | None) -> Figure | None:
    last = book.year - 1

    def pair(this: Number | None, here: Number | None, there: Number | None) -> tuple[Number | None, Number | None]:
        return here or there, this

    asked = [
        ("支出合计", pair(book.total(), book.total(last), before.total() if before else None)),
        ("基本支出", pair(book.nature("basic"), book.nature("basic", last), before.nature("basic") if before else None)),
        ("项目支出", pair(book.nature("project"), book.nature("project", last), before.nature("project") if before else None)),
        ("“三公”经费", pair(book.three_public(), book.three_public(year=last), before.three_public() if before else None)),
    ]  # fmt: skip
    known = [(name, old, new) for name, (old, new) in asked if new is not None]
    if not any(old is not None for _n, old, _m in known):
        return None
    title = _("Compared with the year before")
    changes = [Change(name, old.fen if old else None, new.fen) for name, old, new in known]
    lines = tuple(
        Line(name, (old, new), _change(old.value, new.value) if old else "") for name, old, new in known
    )  # fmt: skip
    return Figure(
        "changes", title, years_chart(title, changes, book.year, key="changes"), (f"{last}", f"{book.year}"), lines
    )


def _three_public(book: Book) -> Figure | None:
    last = book.year - 1
    lines = []
    for key, name in THREE_PUBLIC:
        new, old = book.three_public(key), book.three_public(key, last)
        if new is not None:
            level = 1 if key in ("car_purchase", "car_operation") and book.three_public("cars") else 0
            lines.append(Line(name, (old, new), _change(old.value, new.value) if old else "", level))
    whole, before = book.three_public(), book.three_public(year=last)
    if whole is None and not lines:
        return None
    title = _("Travel abroad, official cars, receptions (“three public”)")
    chart = None
    if any(line.numbers[1] and line.numbers[1].value for line in lines):
        changes = [
            Change(line.name, line.numbers[0].fen if line.numbers[0] else None, line.numbers[1].fen)
            for line in lines
            if line.numbers[1] and not line.level
        ]
        chart = years_chart(title, changes, book.year, key="three-public")
    if whole is not None:
        lines.append(Line("合计", (before, whole), _change(before.value, whole.value) if before else ""))
    note = "" if chart or not lines else _("Nothing is planned for this year.")
    return Figure("three-public", title, chart, (f"{last}", f"{book.year}"), tuple(lines), note)


def over_years(books: Sequence[Book]) -> tuple[tuple[Book, ...], tuple[Line, ...]]:
    """One department over its years, the oldest first: total, natures, three public expenses, classes."""
    ordered = tuple(sorted(books, key=lambda book: book.year))
    lines = [Line("支出合计", tuple(book.total() for book in ordered))]
    lines += [Line(one.zh, tuple(book.nature(one.key) for book in ordered)) for one in NATURES]
    lines.append(Line("“三公”经费", tuple(book.three_public() for book in ordered)))
    classes = [book.classes() for book in ordered]
    for code in sorted({code for found in classes for code in found}):
        name = next(book.name_of(code) for book, found in zip(ordered, classes, strict=True) if code in found)
        lines.append(Line(f"{code} {name}", tuple(found.get(code) for found in classes), level=1))
    return ordered, tuple(line for line in lines if any(line.numbers))


def _sorted(found: dict[str, Number]) -> list[tuple[str, Number]]:
    return sorted(found.items(), key=lambda one: (-one[1].value, one[0]))


def _change(old: Decimal, new: Decimal) -> str:
    if old == new:
        return _("no change")
    return f"{100 * (new - old) / old:+.2f}%" if old else ""
