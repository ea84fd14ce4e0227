"""Codes of the three classifications for a person who types: searched by code, name and pinyin; pairs that go together.

Pinyin comes from the library ``pypinyin`` (in the extra ``web``), which is loaded at the first search by letters;
without it letters find nothing, code and name all the same.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from zhengwu.dialects.classifications import economic_pairs, normalise_name
from zhengwu.ledger.model import ExtraCode
from zhengwu.ledger.values import CLASSIFICATIONS

_LEAF = {"function": 7, "government": 5, "departmental": 5}
Kind = Literal["function", "government", "departmental"]


class Hit(NamedTuple):
    """A code that was found. ``path`` has the codes above it with their names, from the top; ``leaf`` says that lines
    may use it; ``vouched`` is False where the year lies between two names, or the ledger alone names the code."""

    code: str
    name: str
    path: tuple[tuple[str, str], ...]
    leaf: bool
    vouched: bool = True


class Pair(NamedTuple):
    """A departmental economic code with a government economic code that it may be recorded under."""

    departmental: str
    departmental_name: str
    government: str
    government_name: str
    unit_kind: str  # agency | institution | both
    certain: bool


class _Entry(NamedTuple):
    hit: Hit
    plain: str  # the name as it is compared
    spellings: tuple[str, ...]


def search(
    kind: Kind, query: str, year: int, *, extra: Sequence[ExtraCode] = (), leaves: bool = True, limit: int = 20
) -> list[Hit]:
    """The codes of ``kind`` (function, government, departmental) in fiscal ``year`` that ``query`` means, best first.

    ``query`` may be the beginning of a code, a part of a name, or letters: the initials of a name's pinyin (``xzyx`` for
    行政运行) or its pinyin written out (``xingzheng``), from any of its characters on. Words with blanks between them
    must all be found, in the code itself or in a name above it ("政协 运行"). An empty query lists all. ``extra`` are a
    ledger's own codes; ``leaves`` leaves out those that no line may use.

    Ranked: the code itself, its beginning, the whole name, the beginning of the name, a part of it, initials from the
    beginning, other initials, pinyin written out, a word found above; then by code.
    """
    words = [normalise_name(word).casefold() for word in query.split()]
    words = [word for word in words if word]
    entries = _entries(kind, year) + (_extra(kind, year, tuple(one[:3] for one in extra)) if extra else ())
    found = []
    for entry in entries:
        if leaves and not entry.hit.leaf:
            continue
        ranks = [_rank(entry, word) for word in words]
        if None not in ranks:
            found.append((max((rank or 0 for rank in ranks), default=0), len(entry.plain) if words else 0, entry.hit.code, entry.hit))  # fmt: skip
    found.sort(key=lambda one: one[:3])
    return [hit for *_, hit in found[:limit]]


def pairs(year: int, unit_kind: str = "") -> tuple[Pair, ...]:
    """The pairs of economic codes that a line may have in ``year``, for agencies or institutions ("" for either), by
    departmental code. They are what ``check_codes.economic_pairs`` holds a ledger to."""
    names = {kind: {entry.hit.code: entry.hit.name for entry in _entries(kind, year)} for kind in ("departmental", "government")}  # fmt: skip
    found = [
        Pair(one.departmental, names["departmental"][one.departmental], one.government, names["government"][one.government], one.kind, one.certain)
        for one in economic_pairs()
        if one.departmental in names["departmental"] and one.government in names["government"]
        and (not unit_kind or one.kind in (unit_kind, "both"))
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.departmental, one.government)))


def initials(text: str) -> str:
    """The first letters of a text's pinyin, lower case, other letters and digits kept; "" without pypinyin."""
    return _pinyin(text)[0]


def _rank(entry: _Entry, word: str) -> int | None:
    """How well a word fits an entry, 0 best; None for not at all."""
    own = _fits(entry, word)
    if own is not None:
        return own
    for code, name in entry.hit.path:
        plain = normalise_name(name).casefold()
        if word in plain or word == code or (word.isascii() and word.isalpha() and _letters(plain, word) == 5):
            return 8
    return None


def _fits(entry: _Entry, word: str) -> int | None:
    code = entry.hit.code
    if word.isdecimal():
        return 0 if code == word else 1 if code.startswith(word) else None
    for spelling in entry.spellings:
        if word in spelling:
            return 2 if word == spelling else 3 if spelling.startswith(word) else 4
    return _letters(entry.plain, word) if word.isascii() and word.isalpha() else None


def _letters(name: str, word: str) -> int | None:
    """5, 6 or 7 where letters are the initials from the beginning, from later on, or pinyin written out."""
    heads, spelt = _pinyin(name)
    if word in heads:
        return 5 if heads.startswith(word) else 6
    return 7 if any(one.startswith(word) for one in spelt) else None


@lru_cache(maxsize=8192)
def _pinyin(text: str) -> tuple[str, tuple[str, ...]]:
    """The initials of a text, and its pinyin written out from each of its characters on; without signs and tones."""
    try:
        from pypinyin import lazy_pinyin  # loads its dictionary: only when letters are searched
    except ImportError:
        return "", ()
    syllables = [one.casefold() for one in lazy_pinyin(text) if one.isalnum()]
    spelt = tuple("".join(syllables[start:]) for start in range(len(syllables)))
    return "".join(one[0] for one in syllables), spelt


@lru_cache(maxsize=64)
def _entries(kind: str, year: int) -> tuple[_Entry, ...]:
    """The codes of a year: those vouched for, and those between two of whose names it lies."""
    book = CLASSIFICATIONS[kind]()
    named: dict[str, tuple[str, bool, tuple[str, ...]]] = {}
    for code in book.codes():
        names = book.names_of(code)
        entry = next((one for one in names if one.covers(year)), None)
        if entry is not None:
            named[code] = entry.name, True, entry.also
        elif names[0].since < year < names[-1].since:
            named[code] = next(one.name for one in reversed(names) if one.since < year), False, ()
    names_only = {code: name for code, (name, _, _) in named.items()}
    return tuple(_entry(kind, code, *found, names_only) for code, found in named.items())


def _entry(kind: str, code: str, name: str, vouched: bool, also: tuple[str, ...], names: dict[str, str]) -> _Entry:
    path = tuple((code[:length], names.get(code[:length], "")) for length in (3, 5) if length < len(code))
    plain = normalise_name(name).casefold()
    spellings = (plain, *(normalise_name(one).casefold() for one in also))
    return _Entry(Hit(code, name, path, len(code) == _LEAF[kind], vouched), plain, spellings)


@lru_cache(maxsize=64)
def _extra(kind: str, year: int, extra: tuple[tuple[str, str, str], ...]) -> tuple[_Entry, ...]:
    known = {entry.hit.code: entry.hit.name for entry in _entries(kind, year)}
    own = {code: name for classification, code, name in extra if classification == kind and code not in known}
    return tuple(_entry(kind, code, name, False, (), known | own) for code, name in own.items())
