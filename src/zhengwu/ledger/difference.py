"""What changed between two ledgers, as a budget officer reads it: lines, totals, forms, texts.

How lines are matched: first those that agree in unit, codes, nature, project and source, whatever their amounts. Of
what is left, a line that is gone and one that came are one line that *moved between codes* when unit, nature,
project, source and amount agree: those that differ in one code only are matched first (economic, then functional),
within that in the order of their rows. A project whose name differs but for a year and blanks counts as the same one.
All of it is done with tables of keys: two ledgers of 10,000 lines take a tenth of a second.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple

from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.compare_found import Entry, Group, by_code, by_fund, by_nature, same_but_year
from zhengwu.ledger.difference_rows import RowChange, row_changes
from zhengwu.ledger.difference_words import line_message, summary
from zhengwu.ledger.model import Ledger, Line
from zhengwu.ledger.schema import FUNDS
from zhengwu.model.message import Message

_Find = Callable[[Line], Hashable]


class LineChange(NamedTuple):
    """A line of expenditure that differs. ``kind``: added (``old`` is None), gone (``new`` is None), changed (another
    amount), moved (other codes, the same amount)."""

    kind: str
    old: Line | None
    new: Line | None

    @property
    def difference(self) -> int:
        """The new amount less the old one, in 分."""
        return (self.new.amount if self.new else 0) - (self.old.amount if self.old else 0)

    @property
    def fund(self) -> Message:
        """The source that pays it, which is the same before and after: two lines may differ in nothing else."""
        key = (self.new or self.old).fund if self.new or self.old else ""  # type: ignore[union-attr]
        return next((Message(one.zh, one.en) for one in FUNDS if one.key == key), Message(key, key))

    @property
    def entry(self) -> Entry:
        """Both amounts, with ``difference`` and ``rate`` (per cent of the old, None where that was nothing)."""
        return Entry("", self.message, 0, self.old.amount if self.old else 0, self.new.amount if self.new else 0)

    @property
    def message(self) -> Message:
        """One sentence that says which line and how it differs."""
        return line_message(self.kind, self.old, self.new)


class Difference(NamedTuple):
    """Everything in which two ledgers differ, in the order of the new one's rows; what is gone stands last.

    ``lines`` as LineChange. ``totals`` are groups of entries (function, government, departmental, fund, unit, nature),
    with all rows of either ledger, also those without a difference. ``rows`` are the changes of all other sheets, texts
    by sentence. ``unchanged`` counts the lines that are equal.
    """

    old: Ledger
    new: Ledger
    lines: tuple[LineChange, ...]
    unchanged: int
    totals: tuple[Group, ...]
    rows: tuple[RowChange, ...]

    @property
    def same(self) -> bool:
        """Whether the two say the same."""
        return not self.lines and not self.rows

    @property
    def total(self) -> Entry:
        """Expenditure in all."""
        return self.totals[0].total

    @property
    def summary(self) -> Message:
        """One sentence: the totals and how many lines and rows differ."""
        return summary(self.total, [one.kind for one in self.lines], len(self.rows))


def difference(old: Ledger, new: Ledger) -> Difference:
    """What changed from ``old`` to ``new``, of one year or of two. Never fails: a line of a draft that has no amount
    yet counts as 0."""
    old, new = (
        one._replace(lines=tuple(line if line.amount else line._replace(amount=0) for line in one.lines)) for one in (old, new)
    )  # fmt: skip
    names = _renamed(old, new)
    lines, unchanged = _lines(old.lines, new.lines, names)
    return Difference(old, new, tuple(lines), unchanged, tuple(_totals(old, new)), tuple(row_changes(old, new, names)))


def _renamed(old: Ledger, new: Ledger) -> dict[str, str]:
    """The new names of projects by their old ones, where they differ in a year or blanks only."""
    before, after = ({line.project for line in one.lines} | {row.name for row in one.projects} for one in (old, new))
    gone, come = _single(before - after), _single(after - before)
    return {gone[key]: come[key] for key in sorted(gone.keys() & come.keys())}


def _single(names: Iterable[str]) -> dict[str, str]:
    """Names by what is the same in all years, where that is one name's only."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(same_but_year(name), []).append(name)
    return {key: listed[0] for key, listed in found.items() if len(listed) == 1}


def _lines(old: Iterable[Line], new: Iterable[Line], names: dict[str, str]) -> tuple[list[LineChange], int]:
    changes: list[LineChange] = []
    unchanged = 0
    pairs, gone, come = _matched(list(old), list(new), lambda one: one[:7], names)
    for was, now in pairs:
        if was.amount != now.amount:
            changes.append(LineChange("changed", was, now))
        else:
            unchanged += 1
    rules: tuple[_Find, ...] = (
        lambda one: (one.function, *_fixed(one)),
        lambda one: (one.government, one.departmental, *_fixed(one)),
        _fixed,
    )
    for rule in rules:
        pairs, gone, come = _matched(gone, come, rule, names)
        changes += [LineChange("moved", was, now) for was, now in pairs]
    changes += [LineChange("added", None, line) for line in come]
    changes.sort(key=lambda one: one.new.row if one.new else 0)
    return [*changes, *(LineChange("gone", line, None) for line in gone)], unchanged


def _fixed(line: Line) -> tuple[str, str, str, str, int]:
    return line.unit, line.nature, line.project, line.fund, line.amount


def _matched(
    old: list[Line], new: list[Line], key: _Find, names: dict[str, str]
) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
    """Pairs of lines with one key, in their order, and what is left of both."""
    waiting: dict[Hashable, deque[int]] = {}
    for index, line in enumerate(old):
        named = line._replace(project=names[line.project]) if line.project in names else line
        waiting.setdefault(key(named), deque()).append(index)
    pairs, come, taken = [], [], set()
    for line in new:
        found = waiting.get(key(line))
        if found:
            index = found.popleft()
            taken.add(index)
            pairs.append((old[index], line))
        else:
            come.append(line)
    return pairs, [line for index, line in enumerate(old) if index not in taken], come


def _totals(old: Ledger, new: Ledger) -> Iterator[Group]:
    before, after = Amounts(old), Amounts(new)
    spent = [sum(line.amount for line in one.lines) for one in (old, new)]
    whole = Entry("", Message("合计", "total"), 0, spent[0], spent[1])
    for axis, lengths, title in (
        ("function", (3, 5, 7), Message("按功能分类", "By function")),
        ("government", (3, 5), Message("按政府预算支出经济分类", "By government economic class")),
        ("departmental", (3, 5), Message("按部门预算支出经济分类", "By departmental economic class")),
    ):
        yield Group(axis, title, by_code(axis, lengths, before, after), whole)
    yield Group("fund", Message("按资金来源", "By source"), by_fund(before, after), whole)
    yield Group("unit", Message("按单位", "By unit"), tuple(_by_unit(old, new)), whole)
    yield Group("nature", Message("按支出性质", "By nature"), by_nature(before, after), whole)


def _by_unit(old: Ledger, new: Ledger) -> Iterator[Entry]:
    sums: list[dict[str, int]] = [{}, {}]
    for found, ledger in zip(sums, (old, new), strict=True):
        for line in ledger.lines:
            found[line.unit] = found.get(line.unit, 0) + line.amount
    names = {unit.code: unit.name for unit in (*old.units, *new.units)}
    for code in dict.fromkeys([*(unit.code for unit in new.units), *sums[1], *sums[0]]):
        if code in sums[0] or code in sums[1]:
            state = "" if code in sums[0] and code in sums[1] else "new" if code in sums[1] else "ended"
            name = names.get(code, code)
            yield Entry(code, Message(name, name), 0, sums[0].get(code, 0), sums[1].get(code, 0), state)
