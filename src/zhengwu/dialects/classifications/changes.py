"""What became of a code from one fiscal year to a later one: moved, split, gone, renamed.

``changes.tsv`` beside this file holds what the names alone do not tell; README.md there has its columns and how sure
it is. A renaming is not written there: it follows from the dated names. Anyone may bring rows of their own (``parse``),
as a finance bureau does that issues local items.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from zhengwu.dialects.classifications import (
    Classification,
    departmental_economic,
    functional,
    government_economic,
    normalise_name,
)
from zhengwu.model.message import RefusedError

BOOKS: Mapping[str, Callable[[], Classification]] = {
    "function": functional,
    "government": government_economic,
    "departmental": departmental_economic,
}
KINDS = ("moved", "split", "gone")
HEADER = ("classification", "year", "kind", "old", "new", "certain", "source")
_FIRST = {"function": "2", "government": "5", "departmental": "3"}
_LENGTHS = {"function": (3, 5, 7), "government": (3, 5), "departmental": (3, 5)}


class Change(NamedTuple):
    """One change of a classification, in force from fiscal year ``year``.

    ``kind``: moved (``new`` has one code), split (``new`` has the codes that share its money; one may be of a higher
    level: any item below it), gone (``new`` is empty). A row of a 类 or 款 speaks of all below it that has no row of
    its own; what is below a moved one keeps its last digits. ``certain`` is False where the year or the codes are not
    sure: such a row is shown to people and never followed by the machine.
    """

    classification: str  # function | government | departmental
    year: int
    kind: str
    old: str
    new: tuple[str, ...]
    certain: bool
    source: str


class Fate(NamedTuple):
    """What becomes of a code.

    ``kind``: kept; renamed (the same code, another name); moved (to ``code``); split, gone; doubtful (the later year
    does not vouch for it, and no change is known). ``code`` is what to go on with: only a certain move alters it.
    ``choices`` are codes that may take its place. ``last_name`` and ``name`` are its names in the two years, "" where
    not known. ``certain`` says whether the data vouch for this.
    """

    kind: str
    code: str
    choices: tuple[str, ...] = ()
    last_name: str = ""
    name: str = ""
    certain: bool = True
    source: str = ""


@cache
def shipped() -> tuple[Change, ...]:
    """The changes of ``changes.tsv``, in its order."""
    return parse(files(__package__).joinpath("changes.tsv").read_text(encoding="utf-8"), "changes.tsv")


@cache
def successors() -> "Successors":
    """Of the shipped changes."""
    return Successors(shipped())


def parse(text: str, name: str) -> tuple[Change, ...]:
    """The changes in ``text``, tab-separated with the columns of HEADER. Raises RefusedError naming the line of
    ``name`` that is wrong and what is allowed."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or tuple(lines[0].split("\t")) != HEADER:
        raise _refused(name, 1, f"表头应为：{' '.join(HEADER)}", f"the header should be {' '.join(HEADER)}")
    return tuple(_change(name, number, line) for number, line in enumerate(lines[1:], 2) if line.strip())


def _change(name: str, number: int, line: str) -> Change:
    parts = line.split("\t")
    if len(parts) != len(HEADER):
        raise _refused(
            name, number, f"有 {len(parts)} 列，应为 {len(HEADER)} 列", f"has {len(parts)} columns and should have {len(HEADER)}"
        )  # fmt: skip
    classification, year, kind, old, new, certain, source = (part.strip() for part in parts)
    codes = tuple(code for code in new.split("|") if code)
    for column, value, allowed in (
        ("classification", classification, tuple(BOOKS)), ("kind", kind, KINDS), ("certain", certain, ("0", "1")),
    ):  # fmt: skip
        if value not in allowed:
            raise _refused(
                name, number, f"{column} 填的是“{value}”，只能填：{'、'.join(allowed)}",
                f"{column} is “{value}”; allowed are {', '.join(allowed)}",
            )  # fmt: skip
    if not (len(year) == 4 and year.isdecimal()):
        raise _refused(
            name, number, f"year 填的是“{year}”，应为四位年份", f"year is “{year}” and should have four digits"
        )
    for code in (old, *codes):
        if not (code.isdecimal() and code[0] == _FIRST[classification] and len(code) in _LENGTHS[classification]):
            raise _refused(name, number, f"“{code}”不是这个分类的编码", f"“{code}” is no code of this classification")
    wanted = {"moved": len(codes) == 1 and len(codes[0]) == len(old), "split": bool(codes), "gone": not codes}[kind]
    if not wanted or (kind == "moved" and old in codes):
        raise _refused(
            name, number, "new 与 kind 不符：moved 为一个同级编码，split 为一个以上，gone 留空",
            "new does not fit kind: moved has one code of the same level, split one or more, gone none",
        )  # fmt: skip
    return Change(classification, int(year), kind, old, codes, certain == "1", source)


def _refused(name: str, line: int, zh: str, en: str) -> RefusedError:
    return RefusedError("bad-changes", f"{name} 第 {line} 行：{zh}。", f"line {line} of {name}: {en}")


class Successors:
    """Looks up fates in a set of changes; where two speak of one code in one year, the later one is followed."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._changes = {(one.classification, one.year, one.old): one for one in changes}
        self._years = sorted({year for _, year, _ in self._changes}, reverse=True)

    def fate(self, classification: str, code: str, since: int, until: int) -> Fate:
        """What becomes of ``code``, as used in fiscal year ``since``, in the later year ``until``. Changes of the
        years between are followed one by one."""
        book = BOOKS[classification]()
        last_name = _name(book, code, since)
        current, source = code, ""
        for year in range(since + 1, until + 1):
            change = self._find(classification, year, current)
            if change is None:
                continue
            source = change.source
            if change.kind == "moved" and change.certain:
                current = change.new[0] + current[len(change.old) :]
                continue
            choices = change.new
            if change.kind == "moved":
                choices = (change.new[0] + current[len(change.old) :],)
            return Fate(change.kind, current, choices, last_name, "", change.certain, source)
        name = _name(book, current, until)
        if current != code:
            return Fate("moved", current, (), last_name, name, True, source)
        return _by_names(book, code, since, until, last_name, name)

    def ended(self, classification: str, code: str, year: int) -> Change | None:
        """The last change that took ``code`` out of the classification by fiscal year ``year``, its ``new`` what came in
        the place of this code. None where the code is vouched for in that year, or the change is not certain."""
        if BOOKS[classification]().name_of(code, year) is not None:
            return None
        found = (self._find(classification, one, code) for one in self._years if one <= year)
        change = next((one for one in found if one is not None), None)
        if change is None or not change.certain:
            return None
        if change.kind != "moved":
            return change
        return change._replace(old=code, new=(change.new[0] + code[len(change.old) :],))

    def _find(self, classification: str, year: int, code: str) -> Change | None:
        prefixes = (code[:length] for length in range(len(code), 2, -2))
        return next((found for one in prefixes if (found := self._changes.get((classification, year, one)))), None)


def _by_names(book: Classification, code: str, since: int, until: int, last_name: str, name: str) -> Fate:
    """The fate of a code of which no change is written: what its dated names say."""
    names = book.names_of(code)
    if not names:
        return Fate("doubtful", code, (), "", "", False)
    ended = names[-1].until is not None and names[-1].until < until
    if ended and until > since:
        return Fate("doubtful", code, _namesakes(book, code, last_name, until), last_name, "", False)
    certain = book.name_of(code, until) is not None and book.name_of(code, since) is not None
    spellings = {normalise_name(one) for entry in names if entry.name == name for one in (name, *entry.also)}
    if normalise_name(last_name) in spellings:
        return Fate("kept", code, (), last_name, name)
    return Fate("renamed", code, (), last_name, name, certain)


def _namesakes(book: Classification, code: str, name: str, year: int) -> tuple[str, ...]:
    """Codes of the same level and the same 类 that bear the name in that year: what was perhaps renumbered."""
    found = book.codes_named(name, year) if name else ()
    return tuple(one for one in found if one != code and len(one) == len(code) and one[:3] == code[:3])


def _name(book: Classification, code: str, year: int) -> str:
    """The name in a year; where none is vouched for, the latest from before, else the first after; "" for none."""
    known = book.name_of(code, year)
    if known is not None:
        return known
    names = book.names_of(code)
    before = [entry.name for entry in names if entry.since <= year]
    return before[-1] if before else names[0].name if names else ""
