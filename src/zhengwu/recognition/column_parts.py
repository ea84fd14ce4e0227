"""Which columns of a table are parts of which: by the words of the header and by how it is built.

What the words leave open (a column that we do not understand, a part named after 其中) is settled by the
table's own rows: it counts when most rows add up with it, and stays silent when they do not.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from zhengwu.dialects import complete, tree
from zhengwu.model.fact import Fact
from zhengwu.model.table import Column
from zhengwu.recognition.columns import dims_of_path, is_of_which
from zhengwu.recognition.words import TOTAL_WORDS

_MEMBER_DIMENSIONS = ("nature", "fund", "item", "departmental", "government")
_APART = ("year", "stage", "measure")

RowFacts = dict[int, Fact]


class Pattern(NamedTuple):
    """Columns that are parts of a column. ``certain`` when the words vouch for it; else the rows decide."""

    whole: int
    parts: tuple[int, ...]
    certain: bool
    unsure: tuple[int, ...] = ()  # columns that may be parts too


class _Entry(NamedTuple):
    """A leaf column or a group of columns at one level of the header."""

    label: str
    positions: tuple[int, ...]  # what adds up to its value
    dims: dict[str, str]
    total: bool
    of_which: bool


def frontier(whole: str, parts: dict[str, tuple[str, ...]], present: set[str]) -> list[str]:
    """The parts of ``whole`` that are present; in place of an absent part, its own present parts."""
    found: list[str] = []
    for part in parts.get(whole, ()):
        if part in present:
            found.append(part)
        else:
            found.extend(frontier(part, parts, present))
    return found


def patterns_of(amounts: Sequence[tuple[int, Column]], base: dict[str, str]) -> list[Pattern]:
    """All part-whole patterns among amount columns; ``base`` are the members that the whole table has."""
    usable = [(at, column) for at, column in amounts if dict(column.dims).get("aspect") not in ("change", "rate")]
    found: list[Pattern] = []
    if len(usable) > 1:
        _level(usable, 0, base, found)
    return found


def _level(
    columns: list[tuple[int, Column]], depth: int, base: dict[str, str], found: list[Pattern]
) -> tuple[int, ...]:
    """The patterns of one level of the header and below it; what columns the whole level's value is."""
    entries = [_entry(group, depth, base, found) for group in _grouped(columns, depth)]
    families: dict[tuple[str, ...], list[_Entry]] = defaultdict(list)
    for entry in entries:
        families[tuple(entry.dims.get(key, "") for key in _APART)].append(entry)
    value: list[int] = []
    for family in families.values():
        whole = _family(family, found)
        if whole is not None:
            value.append(whole)
        else:
            value += [position for entry in family if not entry.of_which for position in entry.positions]
    return tuple(value)


def _grouped(columns: list[tuple[int, Column]], depth: int) -> list[list[tuple[int, Column]]]:
    groups: list[list[tuple[int, Column]]] = []
    before: str | None = None
    for position, column in columns:
        label = column.label[depth] if depth < len(column.label) else ""
        if groups and label and label == before:
            groups[-1].append((position, column))
        else:
            groups.append([(position, column)])
        before = label
    return groups


def _entry(group: list[tuple[int, Column]], depth: int, base: dict[str, str], found: list[Pattern]) -> _Entry:
    position, column = group[0]
    label = column.label[depth] if depth < len(column.label) else ""
    dims = {**base, **dict(column.dims)}
    if len(group) == 1 and len(column.label) <= depth + 1:
        return _Entry(label, (position,), dims, label.endswith(TOTAL_WORDS) or label == "金额", is_of_which(label))
    inner = _level(group, depth + 1, base, found)
    if len(inner) == 1:
        dims = {**base, **next(dict(c.dims) for p, c in group if p == inner[0])}
    else:  # a group without a total of its own stands for what its own label says
        dims = {**base, **dict(dims_of_path(column.label[: depth + 1]))}
    return _Entry(label, inner, dims, False, is_of_which(label))


def _family(entries: list[_Entry], found: list[Pattern]) -> int | None:
    """Entries of one year, stage and measure: the column that is their whole, or None."""
    totals = [entry for entry in entries if entry.total and len(entry.positions) == 1]
    if not totals:
        _by_words(entries, None, found)
        return None
    whole = min(totals, key=lambda entry: len(_members(entry)))
    if any(entry is not whole and _members(entry) == _members(whole) for entry in totals):
        return None  # two totals of the same: what each adds up cannot be told
    others = [entry for entry in entries if entry is not whole]
    below = _by_words(others, whole, found)
    rest = [entry for entry in others if id(entry) not in below]
    by_dimension: dict[str, list[_Entry]] = defaultdict(list)
    unsure: list[int] = []
    for entry in rest:
        difference = _difference(entry, whole)
        if difference is None:
            unsure += entry.positions
        elif difference[0] and not _outside(whole, difference):
            by_dimension[difference[0]].append(entry)
    for dimension, family in by_dimension.items():
        members = {member for entry in family if (member := dict(_members(entry)).get(dimension))}
        own = whole.dims.get(dimension, "")
        vouched = complete(dimension).get(own) or (complete(whole.dims.get("measure", "")).get(own))
        full = bool(vouched) and set(vouched or ()) <= members
        closed = full and dimension == "item"  # the items of a measure are all named; natures and funds are not
        plain = [entry for entry in family if full or not entry.of_which]
        positions = tuple(position for entry in plain for position in entry.positions)
        if positions:
            certain = full or len(plain) > 1
            found.append(Pattern(whole.positions[0], positions, certain, () if closed else tuple(unsure)))
    if not by_dimension and len(unsure) > 1:
        found.append(Pattern(whole.positions[0], tuple(unsure), False))
    return whole.positions[0]


def _members(entry: _Entry) -> tuple[tuple[str, str], ...]:
    return tuple((key, entry.dims[key]) for key in _MEMBER_DIMENSIONS if entry.dims.get(key))


def _difference(entry: _Entry, whole: _Entry) -> tuple[str, str] | None:
    """The one dimension in which an entry is more exact than the whole; None when its words are not
    understood; ("", "") when it differs in several ways."""
    if entry.dims.get("aspect") == "unknown":
        return None
    own = [item for item in _members(entry) if item not in _members(whole)]
    if not own:
        return None
    return own[0] if len(own) == 1 or len({key for key, _ in own}) == 1 else ("", "")


def _outside(whole: _Entry, difference: tuple[str, str]) -> bool:
    """Whether the whole is of another branch than the entry (财政拨款小计 beside 单位资金)."""
    dimension, member = difference
    own = whole.dims.get(dimension, "")
    return bool(own) and bool(tree(dimension)) and member not in _descendants(own, dimension)


def _descendants(member: str, dimension: str) -> set[str]:
    found: set[str] = set()
    for part in tree(dimension).get(member, ()):
        found |= {part} | _descendants(part, dimension)
    if dimension == "fund" and member == "carryover":
        found |= {f"carryover.{part}" for whole in ("", "current", "fiscal", "own", "special_account")
                  for part in tree("fund").get(whole, ())}  # fmt: skip
    return found


def _by_words(entries: list[_Entry], whole: _Entry | None, found: list[Pattern]) -> set[int]:
    """Entries that are parts of another entry beside them (财政拨款 | 一般公共预算 | 政府性基金), by id."""
    below: set[int] = set()
    for entry in entries:
        if len(entry.positions) != 1 or entry.dims.get("aspect"):
            continue
        for dimension in ("nature", "fund", "item"):
            member = entry.dims.get(dimension, "")
            if not member or (whole is not None and whole.dims.get(dimension) == member):
                continue
            others = {
                other.dims.get(dimension, ""): other
                for other in entries
                if other is not entry and _same_but(other, entry, dimension)
            }
            own = _descendants(member, dimension)
            parts = [others[name] for name in frontier(member, tree(dimension), set(others))]
            if dimension == "fund" and member == "carryover":
                parts = [other for name, other in others.items() if name in own]
            below |= {id(other) for name, other in others.items() if name in own}
            if parts:
                needed = complete(dimension).get(member)
                certain = bool(needed) and {o.dims.get(dimension, "") for o in parts} >= set(needed or ())
                positions = tuple(position for part in parts for position in part.positions)
                found.append(Pattern(entry.positions[0], positions, certain))
    return below


def _same_but(one: _Entry, other: _Entry, dimension: str) -> bool:
    keys = (*_MEMBER_DIMENSIONS, *_APART)
    return all(one.dims.get(key, "") == other.dims.get(key, "") for key in keys if key != dimension)


def settled(pattern: Pattern, rows: Sequence[RowFacts]) -> tuple[int, ...] | None:
    """The parts of a pattern as the rows have it; None when most rows do not add up any way.

    A certain pattern without open columns is not asked: a broken one is the document's error.
    """
    if pattern.certain and not any(_value(row, pattern.unsure) for row in rows):
        return pattern.parts
    choices = [pattern.parts] if not pattern.unsure else [pattern.parts + pattern.unsure, pattern.parts]
    telling = [row for row in rows if pattern.whole in row and row[pattern.whole].value]
    best: tuple[int, tuple[int, ...]] | None = None
    for parts in choices:
        held = sum(1 for row in telling if _holds(row, pattern.whole, parts))
        if best is None or held > best[0]:
            best = (held, parts)
    if best is None or not telling or best[0] * 3 < len(telling) * 2 or (not pattern.certain and best[0] < 2):
        return None
    return best[1]


def _value(row: RowFacts, positions: tuple[int, ...]) -> bool:
    return any(position in row and row[position].value for position in positions)


def _holds(row: RowFacts, whole: int, parts: tuple[int, ...]) -> bool:
    facts = [row[position] for position in parts if position in row]
    if not facts:
        return False
    slack = sum((fact.last_place for fact in facts), row[whole].last_place) / 2
    return abs(sum((fact.value for fact in facts), Decimal(0)) - row[whole].value) <= slack


def carried_on(amounts: Sequence[tuple[int, Column]]) -> tuple[int, tuple[int, ...], int] | None:
    """(closing balance, (opening balance, income), expenditure) where a table of a fund prints them as columns."""
    found: dict[str, int] = {}
    for position, column in amounts:
        dims = dict(column.dims)
        if dims.get("aspect") or dims.get("nature"):
            continue
        name = dims.get("measure", "") or ("opening" if dims.get("fund") == "carryover" else "")
        if name in found:
            return None  # printed twice: which one closes the account is not clear
        found[name] = position
    if not {"carry_out", "income", "expenditure"} <= set(found):
        return None
    before = (found["opening"],) if "opening" in found else ()
    return found["carry_out"], (*before, found["income"]), found["expenditure"]
