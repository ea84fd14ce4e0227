"""What two ledgers have in common and where they differ: by function, economic class, project, nature, source."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from typing import NamedTuple

from zhengwu.dialects.classifications import normalise_name
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.schema import FUNDS, NATURES, THREE_PUBLIC
from zhengwu.model.message import Message

NOT_STATED = Message("未列明", "not stated")
_CENT = Decimal("0.01")
_ALIKE = 0.85  # names at least so alike are one project under a new name
_PAIRS = 250_000  # pairs of names beyond which likeness is not looked for: it would take minutes
_YEAR = re.compile(r"20\d\d")


class Entry(NamedTuple):
    """One line of a comparison, amounts in 分. ``last`` or ``this`` is None where its document does not tell.

    ``code`` is "" where a row has none; ``level`` counts from 0; ``state`` is "" or new, ended, renamed;
    ``last_name`` is how the other year calls it, where that differs.
    """

    code: str
    name: Message
    level: int
    last: int | None
    this: int | None
    state: str = ""
    last_name: str = ""

    @property
    def difference(self) -> int | None:
        """This less last in 分; None where one of them is not known."""
        return None if self.last is None or self.this is None else self.this - self.last

    @property
    def rate(self) -> Decimal | None:
        """The difference in per cent of last, two decimals; None where last is nothing or not known."""
        difference = self.difference
        return None if difference is None or not self.last else _percent(difference, self.last)

    def share(self, whole: int) -> Decimal | None:
        """What per cent of ``whole`` this is, two decimals; None where either is nothing or not known."""
        return None if self.this is None or whole <= 0 else _percent(self.this, whole)


class Group(NamedTuple):
    """One way to look at expenditure: function, departmental, project, nature, fund or three_public."""

    key: str
    title: Message
    rows: tuple[Entry, ...]
    total: Entry


class Moved(NamedTuple):
    """A name that has another code in the other year (``kind`` moved), or a code another name (renamed)."""

    kind: str
    axis: str  # function | departmental
    last_code: str
    last_name: str
    this_code: str
    this_name: str


class Side(NamedTuple):
    """One of the two budgets, and what to call it in a table: its year, or 甲 and 乙 for drafts."""

    source: str
    name: str
    year: int
    label: Message


class Comparison(NamedTuple):
    """Two budgets compared. ``totals`` are income and expenditure; ``drafts`` says that both are of one year."""

    last: Side
    this: Side
    drafts: bool
    totals: tuple[Entry, ...]
    groups: tuple[Group, ...]
    moved: tuple[Moved, ...]
    notes: tuple[Message, ...]

    @property
    def whole(self) -> int:
        """This year's expenditure in 分, what shares are of."""
        return self.totals[1].this or 0


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(_CENT, ROUND_HALF_UP)


def _same(text: str) -> Message:
    return Message(text, text)


def comparison(last: Ledger, this: Ledger) -> Comparison:
    """Compare two ledgers: everything in 分, every row of either. Never fails: what one does not tell is None."""
    before, after = Amounts(last), Amounts(this)
    drafts = last.budget.year == this.budget.year
    total = Entry("", Message("支出合计", "expenditure"), 0, before.spent(), after.spent())
    totals = (Entry("", Message("收入合计", "income"), 0, before.income(), after.income()), total)
    whole = total._replace(name=Message("合计", "total"))
    groups = (
        Group("function", Message("按功能分类", "By function"), by_code("function", (3, 5, 7), before, after), whole),
        Group("departmental", Message("按部门预算支出经济分类", "By departmental economic class"), by_code("departmental", (3, 5), before, after), whole),
        Group("nature", Message("按支出性质", "By nature"), by_nature(before, after), whole),
        Group("fund", Message("按资金来源", "By source"), by_fund(before, after), whole),
        _by_project(before, after),
        _three_public(before, after),
    )  # fmt: skip
    moved = (*_moved("function", (3, 5, 7), before, after), *_moved("departmental", (3, 5), before, after))
    return Comparison(
        _side(last, "甲", "A") if drafts else _side(last),
        _side(this, "乙", "B") if drafts else _side(this),
        drafts, totals, tuple(group for group in groups if group.rows), moved, tuple(_notes(last, this)),
    )  # fmt: skip


def _side(ledger: Ledger, zh: str = "", en: str = "") -> Side:
    year = ledger.budget.year
    return Side(ledger.source, ledger.budget.name, year, Message(zh or f"{year}年", en or str(year)))


def leaves(rows: Sequence[Entry]) -> list[Entry]:
    """The rows without a row below them."""
    return [row for n, row in enumerate(rows) if n + 1 == len(rows) or rows[n + 1].level <= row.level]


def by_code(axis: str, lengths: tuple[int, ...], before: Amounts, after: Amounts) -> tuple[Entry, ...]:
    """Expenditure by the codes of an axis at each of these lengths, parents before their children."""
    old, new = before.rolled_up(axis, [{}], lengths), after.rolled_up(axis, [{}], lengths)
    rest = [total - sum(found[code][0] for code in found if len(code) == lengths[0])
            for found, total in ((old, before.spent()), (new, after.spent()))]  # fmt: skip
    rows = []
    for code in sorted({*old, *new} - {""}):
        name, last_name = (amounts.name(axis, code) for amounts in (after, before))
        if code not in new:
            name = last_name
        other = last_name if code in old and normalise_name(last_name) != normalise_name(name) else ""
        last = old[code][0] if code in old else _absent(rest[0])
        this = new[code][0] if code in new else _absent(rest[1])
        state = "" if None in (last, this) else "ended" if code not in new else "new" if code not in old else ""
        rows.append(Entry(code, _same(name), lengths.index(len(code)), last, this, state, other))
    if any(rest):
        rows.append(Entry("", NOT_STATED, 0, rest[0], rest[1]))
    return tuple(rows)


def _absent(rest: int) -> int | None:
    """What a code or project that a budget does not name gets there: nothing, or unknown where some is unnamed."""
    return None if rest else 0


def by_nature(before: Amounts, after: Amounts) -> tuple[Entry, ...]:
    """Expenditure by nature; basic with its two parts below it."""
    rows = []
    for choice in NATURES:
        last, this = before.spent(nature=choice.key), after.spent(nature=choice.key)
        if last or this:
            rows.append(Entry("", Message(choice.zh, choice.en), 0, last, this))
            if choice.key == "basic":
                rows += _parts_of_basic(before, after)
    return tuple(rows)


def _parts_of_basic(before: Amounts, after: Amounts) -> Iterator[Entry]:
    """Personnel and public expenditure, which only economic codes tell apart."""
    for nature, name in (("personnel", Message("人员经费", "personnel")), ("public", Message("公用经费", "public"))):
        last, this = (amounts.spent(nature=nature) if _coded(amounts, "basic") else None for amounts in (before, after))
        if last is not None or this is not None:
            yield Entry("", name, 1, last, this)


def _coded(amounts: Amounts, nature: str = "") -> bool:
    """Whether all lines (of a nature) have their departmental code."""
    return all(line.departmental for line in amounts.ledger.lines if nature in ("", line.nature))


def by_fund(before: Amounts, after: Amounts) -> tuple[Entry, ...]:
    def spent(amounts: Amounts, fund: str) -> int:
        return sum(line.amount for line in amounts.ledger.lines if line.fund == fund)

    rows = (Entry("", Message(one.zh, one.en), 0, spent(before, one.key), spent(after, one.key)) for one in FUNDS)
    return tuple(row for row in rows if row.last or row.this)


def _by_project(before: Amounts, after: Amounts) -> Group:
    old, new = ({name: amount for name, amount in one.projects.items() if name} for one in (before, after))
    whole = [
        sum(line.amount for line in amounts.ledger.lines if line.nature == "project") for amounts in (before, after)
    ]
    rest = [total - sum(projects.values()) for total, projects in zip(whole, (old, new), strict=True)]
    was, pairs = {normalise_name(name): name for name in old}, {}
    for name in new:
        if normalise_name(name) in was:
            pairs[name] = was.pop(normalise_name(name))
    renamed = _renamed(list(was.values()), [name for name in new if name not in pairs])
    rows = []
    for name, amount in new.items():
        former = pairs.get(name) or renamed.get(name)
        last = old[former] if former else _absent(rest[0])
        state = "renamed" if name in renamed else "new" if former is None and last is not None else ""
        rows.append(Entry("", _same(name), 0, last, amount, state, renamed.get(name, "")))
    taken = {*pairs.values(), *renamed.values()}
    this = _absent(rest[1])
    ended = "ended" if this is not None else ""
    rows += [Entry("", _same(name), 0, amount, this, ended) for name, amount in old.items() if name not in taken]
    rows.sort(key=lambda row: (-max(row.last or 0, row.this or 0), row.name.zh))
    if any(rest):
        rows.append(Entry("", NOT_STATED, 0, rest[0], rest[1]))
    total = Entry("", Message("合计", "total"), 0, whole[0], whole[1])
    return Group("project", Message("按项目", "By project"), tuple(rows), total)


def same_but_year(name: str) -> str:
    """What of a project's name stays in all years: without blanks, quotes and years."""
    return _YEAR.sub("", normalise_name(name))


def _renamed(old: list[str], new: list[str]) -> dict[str, str]:
    """New names of projects by their former ones: alike but for a year, or nearly alike; the most alike first."""
    if len(old) * len(new) > _PAIRS:
        return {}
    scored = []
    for this in new:
        plain = same_but_year(this)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(plain)
        for last in old:
            former = same_but_year(last)
            if former == plain:
                scored.append((1.0, this, last))
                continue
            matcher.set_seq1(former)
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                ratio = matcher.ratio()
                if ratio >= _ALIKE:
                    scored.append((ratio, this, last))
    found: dict[str, str] = {}
    for _, this, last in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if this not in found and last not in found.values():
            found[this] = last
    return found


def _three_public(before: Amounts, after: Amounts) -> Group:
    """The three public expenses. What the earlier lines do not tell, the later document says of last year."""
    following = after.ledger.budget.year == before.ledger.budget.year + 1
    said = {row.item: row.last for row in after.ledger.three_public} if following else {}
    rows = []
    for choice in THREE_PUBLIC:
        last = before.three_public(choice.key) if _coded(before) else said.get(choice.key)
        this = after.three_public(choice.key) if _coded(after) else None
        if last or this:
            rows.append(Entry("", Message(choice.zh, choice.en), 0, last, this))
    total = Entry(
        "", Message("合计", "total"), 0, _sum([row.last for row in rows]), _sum([row.this for row in rows])
    )  # fmt: skip
    return Group("three_public", Message("“三公”经费", "The three public expenses"), tuple(rows), total)


def _sum(amounts: Sequence[int | None]) -> int | None:
    """The sum; None where a part is not known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _moved(axis: str, lengths: tuple[int, ...], before: Amounts, after: Amounts) -> Iterator[Moved]:
    """Codes that bear another name in the other year, and names that have gone to another code."""
    old, new = (set(amounts.rolled_up(axis, [{}], lengths)) - {""} for amounts in (before, after))
    for code in sorted(old & new):
        names = before.name(axis, code), after.name(axis, code)
        if normalise_name(names[0]) != normalise_name(names[1]):
            yield Moved("renamed", axis, code, names[0], code, names[1])
    for length in lengths:
        gone = _unique({code: before.name(axis, code) for code in old - new if len(code) == length})
        come = _unique({code: after.name(axis, code) for code in new - old if len(code) == length})
        for name in sorted(gone.keys() & come.keys(), key=lambda name: gone[name]):
            yield Moved(
                "moved", axis, gone[name], before.name(axis, gone[name]), come[name], after.name(axis, come[name])
            )


def _unique(names: dict[str, str]) -> dict[str, str]:
    """Codes by their names, where a name has one only (行政运行 recurs under many)."""
    found: dict[str, list[str]] = {}
    for code, name in names.items():
        found.setdefault(normalise_name(name), []).append(code)
    return {name: codes[0] for name, codes in found.items() if len(codes) == 1}


def _notes(last: Ledger, this: Ledger) -> Iterator[Message]:
    if normalise_name(last.budget.name) != normalise_name(this.budget.name):
        yield Message(
            f"两份预算的单位不同：“{last.budget.name}”与“{this.budget.name}”；请确认比较的是同一单位。",
            f"The two budgets name different units: “{last.budget.name}” and “{this.budget.name}”; check that they are of one.",
        )
    if last.budget.scope != this.budget.scope:
        yield Message(
            "一份是部门预算，一份是单位预算，范围不同。", "One is a department's budget, the other a single unit's: their scopes differ."
        )  # fmt: skip
    if this.budget.year - last.budget.year not in (0, 1):
        yield Message(
            f"两份预算不是相邻年度：{last.budget.year} 年和 {this.budget.year} 年。",
            f"The two budgets are not of successive years: {last.budget.year} and {this.budget.year}.",
        )
    for ledger in (last, this):
        if any(not line.departmental for line in ledger.lines):
            yield Message(
                f"{ledger.source} 的支出没有列到经济分类，按经济分类记为“未列明”，“三公”经费的这一年也不能得出。",
                f"{ledger.source} does not give economic codes: they are grouped as “not stated”, and its three public expenses cannot be derived.",
            )
        if any(line.nature == "project" and not line.project for line in ledger.lines):
            yield Message(
                f"{ledger.source} 有项目支出没有列到具体项目，记为“未列明”。",
                f"{ledger.source} has project expenditure without a project's name, grouped as “not stated”.",
            )
