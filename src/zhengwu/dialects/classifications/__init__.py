"""Budget classification names and codes, dated (Ministry of Finance 政府收支分类科目).

The tables beside this file are the data; see README.md there for sources and gaps. A row's years are
those the row is *vouched for*, not those the code existed: outside them the answer is None or empty,
which a rule reports as not evaluated. Nothing may be concluded from a code that is absent here.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

Kind = Literal["agency", "institution", "both"]
_KINDS: dict[str, Kind] = {"agency": "agency", "institution": "institution", "both": "both"}

# Brackets are written half width, square or tortoise-shell in print; quotes come in every style.
_SPELLING = str.maketrans(
    "()[]［］〔〕【】,",
    "（）（）（）（）（），",
    '"“”＂\ufeff\u200b',
)


class Name(NamedTuple):
    """One name of a code: from year `since` to year `until` inclusive (None: still in force).

    `also` holds other printed spellings in ordinary use that are no defect (其他对个人和家庭补助).
    """

    name: str
    since: int
    until: int | None
    also: tuple[str, ...] = ()

    def covers(self, year: int) -> bool:
        """Whether the name is vouched for in that fiscal year."""
        return self.since <= year and (self.until is None or year <= self.until)


class EconomicPair(NamedTuple):
    """A departmental economic code and a government economic code it may be recorded under.

    `certain` is False where the pair comes from practice rather than from 财预〔2017〕98号.
    """

    departmental: str
    government: str
    kind: Kind
    certain: bool


def normalise_name(name: str) -> str:
    """Return the name without white space and quotes, its brackets written （）."""
    return "".join(name.split()).translate(_SPELLING)


class Classification:
    """The dated names of one classification, by code; `title` is its Chinese name."""

    def __init__(self, title: str, names: Mapping[str, tuple[Name, ...]]) -> None:
        self.title = title
        self._names = names
        self._codes: dict[str, list[tuple[str, Name]]] | None = None

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def __len__(self) -> int:
        return len(self._names)

    def codes(self) -> tuple[str, ...]:
        """Return every code, in ascending order."""
        return tuple(self._names)

    def names_of(self, code: str) -> tuple[Name, ...]:
        """Return the names a code has had, oldest first; empty for an unknown code."""
        return self._names.get(code, ())

    def name_of(self, code: str, year: int) -> str | None:
        """Return the name of a code in a fiscal year, None where none is vouched for."""
        entry = self._entry(code, year)
        return None if entry is None else entry.name

    def accepts(self, code: str, printed: str, year: int) -> bool | None:
        """Return whether a printed name is the code's in that year; None where that is not known."""
        entry = self._entry(code, year)
        if entry is None:
            return None
        return normalise_name(printed) in map(normalise_name, (entry.name, *entry.also))

    def codes_named(self, name: str, year: int | None = None) -> tuple[str, ...]:
        """Return the codes that bear a name (however spaced and bracketed), in a year or ever."""
        found = self._by_name().get(normalise_name(name), ())
        return tuple(dict.fromkeys(code for code, entry in found if year is None or entry.covers(year)))

    def _entry(self, code: str, year: int) -> Name | None:
        return next((entry for entry in self.names_of(code) if entry.covers(year)), None)

    def _by_name(self) -> dict[str, list[tuple[str, Name]]]:
        # Built on first use: most callers only go from code to name.
        if self._codes is None:
            self._codes = {}
            for code, entries in self._names.items():
                for entry in entries:
                    for spelling in (entry.name, *entry.also):
                        self._codes.setdefault(normalise_name(spelling), []).append((code, entry))
        return self._codes


@cache
def functional() -> Classification:
    """The functional classification 支出功能分类: 类 3 digits, 款 5, 项 7."""
    return Classification("支出功能分类", _names("functional.tsv"))


@cache
def departmental_economic() -> Classification:
    """The departmental economic classification 部门预算支出经济分类: 类 3 digits, 款 5."""
    return Classification("部门预算支出经济分类", _names("departmental_economic.tsv"))


@cache
def government_economic() -> Classification:
    """The government economic classification 政府预算支出经济分类: 类 3 digits, 款 5."""
    return Classification("政府预算支出经济分类", _names("government_economic.tsv"))


def functional_name(code: str, year: int) -> str | None:
    """Return the name of a functional code in a fiscal year, None where none is vouched for."""
    return functional().name_of(code, year)


def functional_names(code: str) -> tuple[Name, ...]:
    """Return the names a functional code has had, oldest first."""
    return functional().names_of(code)


def functional_codes_named(name: str, year: int | None = None) -> tuple[str, ...]:
    """Return the functional codes that bear a name, in a year or ever."""
    return functional().codes_named(name, year)


def government_codes_for(departmental_code: str, kind: Kind | None = None) -> frozenset[str]:
    """Return the government economic codes a departmental code may be recorded under.

    A 款 (30101) gives 款, a 类 (301) gives 类. `kind` narrows to agencies or institutions; without it
    both are allowed, and so are pairs that are not certain. Empty for a code without a mapping.
    """
    width = len(departmental_code)
    return frozenset(
        pair.government[:width]
        for pair in _pairs_by_code().get(departmental_code[:3], ())
        if pair.departmental.startswith(departmental_code)
        and (kind is None or kind == "both" or pair.kind in (kind, "both"))
    )


@cache
def economic_pairs() -> tuple[EconomicPair, ...]:
    """Every allowed pair of departmental and government economic code."""
    return tuple(
        EconomicPair(departmental, government, _KINDS[kind], certain == "1")
        for departmental, government, kind, certain in _rows("economic_mapping.tsv")
    )


@cache
def _pairs_by_code() -> dict[str, list[EconomicPair]]:
    grouped: dict[str, list[EconomicPair]] = {}
    for pair in economic_pairs():
        grouped.setdefault(pair.departmental[:3], []).append(pair)
    return grouped


def _names(filename: str) -> dict[str, tuple[Name, ...]]:
    names: dict[str, tuple[Name, ...]] = {}
    for code, name, since, until, also in _rows(filename):
        entry = Name(name, int(since), int(until) if until else None, tuple(also.split("|")) if also else ())
        names[code] = (*names.get(code, ()), entry)
    return names


def _rows(filename: str) -> list[list[str]]:
    text = files(__name__).joinpath(filename).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.split("\n")[1:] if line]
