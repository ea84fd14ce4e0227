"""A disclosure prepared for the rules: facts found by identity, lines by code."""

import re
from collections import Counter, defaultdict
from functools import cached_property

from zhengwu.dialects import tree
from zhengwu.model.disclosure import Disclosure, Line
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.number import parse_number

# Money of another year, however the document words it: 上年结转, 年末结余, 动用…, 用事业基金弥补收支差额.
_CARRIED = re.compile(r"结转|结余|动用|弥补")
_CARRIED_MEASURES = ("carry_out", "surplus")
_OTHER_FUNDS = ("government_fund", "state_capital")
_OTHER_MATTERS = re.compile(r"评|跟踪|监控")

Family = dict[str, tuple[Identity, Fact]]  # a dimension's member -> the agreed fact that has it


class View:
    """What rules see of a disclosure. Everything is computed once and only when a rule asks."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.disclosure = disclosure
        self.is_budget = disclosure.kind != "final"
        self.stage = "budget" if self.is_budget else "final"
        self.year = disclosure.year or 0
        self._families: dict[str, tuple[Family, ...]] = {}

    @cached_property
    def by_identity(self) -> dict[Identity, list[Fact]]:
        """Facts by identity. Where one table prints an identity twice (a list by unit), its facts of that
        identity are left out: they are parts of something, not the thing. So are those of the detail table:
        it may list a part of the expenditure only."""
        found: dict[Identity, list[Fact]] = defaultdict(list)
        details = {index for index, table in enumerate(self.disclosure.tables) if table.kind == "detail"}
        for fact in self.disclosure.facts:
            if fact.identity is not None and fact.table not in details:
                found[fact.identity].append(fact)
        for identity, facts in list(found.items()):
            if len(facts) == 1:
                continue
            kept = facts
            if identity.measure == "targets":  # what is evaluated or monitored is another sum
                kept = [fact for fact in facts if not _OTHER_MATTERS.search(fact.label)]
            tables = Counter(fact.table for fact in kept if fact.table >= 0)
            if any(count > 1 for count in tables.values()):
                kept = [fact for fact in kept if fact.table < 0 or tables[fact.table] == 1]
            if kept:
                found[identity] = kept
            else:
                del found[identity]
        return dict(found)

    @cached_property
    def agreed(self) -> dict[Identity, Fact]:
        """One fact for each identity: of the value most often printed, the most exact, a table's first."""
        return {identity: self._best(facts) for identity, facts in self.by_identity.items()}

    @staticmethod
    def _best(facts: list[Fact]) -> Fact:
        first = facts[0]
        if len(facts) == 1 or all(fact.value == first.value and fact.last_place == first.last_place for fact in facts):
            return first

        def support(fact: Fact) -> int:
            return sum(
                1 for other in facts if abs(other.value - fact.value) <= max(other.last_place, fact.last_place) / 2
            )

        return max(facts, key=lambda fact: (support(fact), -fact.last_place, fact.table >= 0))

    def families(self, dimension: str) -> tuple[Family, ...]:
        """Agreed facts that differ in one dimension only, by their member of it."""
        if dimension not in self._families:
            position = Identity._fields.index(dimension)
            found: dict[tuple[object, ...], Family] = defaultdict(dict)
            for identity, fact in self.agreed.items():
                member = str(identity[position])
                found[identity[:position] + identity[position + 1 :]][member] = (identity, fact)
            self._families[dimension] = tuple(found.values())
        return self._families[dimension]

    def found(self, measure: str, **members: str) -> Fact | None:
        """The agreed fact of this year and stage with these members."""
        return self.agreed.get(Identity(measure, self.year, self.stage, **members))

    @cached_property
    def only_fiscal(self) -> bool:
        """Whether all income is fiscal appropriation of the year, so that an expenditure as a whole is the
        expenditure from appropriation. It must be printed: the appropriation equals the total income, and
        nothing is carried over. Without a total of income it is not known, and not assumed."""
        whole = self.found("income") or self.found("income", fund="current")
        if whole is None or not whole.value or not self.nothing_carried:
            return False
        return not self._other_income and any(
            fact is not None and _same(fact, whole)
            for fact in (self.found("income", fund=fund) for fund in ("fiscal", "general", "fiscal_all"))
        )

    @cached_property
    def _other_income(self) -> bool:
        """Whether income that is no appropriation of the year is printed."""
        fiscal = {"", "current", "fiscal", "fiscal_all", *tree("fund")["fiscal"]}
        return any(
            identity.measure == "income"
            and identity.fund not in fiscal
            and identity.year == self.year
            and identity.aspect == "amount"
            and fact.value
            for identity, fact in self.agreed.items()
        )

    @cached_property
    def other_funds(self) -> bool:
        """Whether money of government funds or of the state capital budget is printed."""
        return any(
            fact.value and identity.fund in _OTHER_FUNDS and identity.year == self.year
            for identity, fact in self.agreed.items()
        )

    @cached_property
    def codes_of_fund(self) -> dict[str, set[str]]:
        """Of each fund whose expenditure of this year is printed by functional code: these codes and all
        above them."""
        found: dict[str, set[str]] = defaultdict(set)
        for identity in self.by_identity:
            code = identity.function
            if code and identity.measure == "expenditure" and identity.year == self.year:
                found[identity.fund].update((code, code[:3], code[:5]))
        return dict(found)

    @cached_property
    def nothing_carried(self) -> bool:
        """Whether nothing is carried in from last year or out to the next: no amount under any heading that
        speaks of it, understood or not."""
        for fact in self.disclosure.facts:
            if not fact.value or fact.unit == "%":
                continue
            identity = fact.identity
            if identity and identity.year == self.year:
                if "carryover" in identity.fund or identity.fund == "fund_balance":
                    return False
                if identity.measure in _CARRIED_MEASURES:
                    return False
            if fact.table >= 0 and (identity is None or identity.year == self.year) and _CARRIED.search(fact.label):
                return False
        return not self._carried_columns

    @cached_property
    def _carried_columns(self) -> bool:
        """Whether a column under such a heading holds an amount, whatever its leaf is called."""
        for table in self.disclosure.tables:
            if not table.kind:
                continue
            for position, column in enumerate(table.columns):
                if column.role != "amount" or not _CARRIED.search("".join(column.label)):
                    continue
                for row in table.rows:
                    cell = row.cells[position]
                    number = parse_number(cell.text) if cell else None
                    if number is not None and number.value:
                        return True
        return False

    @cached_property
    def detail(self) -> tuple[Line, ...]:
        """The lines of the detail table."""
        tables = self.disclosure.tables
        return tuple(line for line in self.disclosure.lines if tables[line.fact.table].kind == "detail")

    @cached_property
    def basic_lines(self) -> tuple[Line, ...]:
        """The lines of the basic expenditure table, where it lists lines."""
        tables = self.disclosure.tables
        return tuple(
            line for line in self.disclosure.lines if tables[line.fact.table].kind in ("general_basic", "basic")
        )


def _same(one: Fact, other: Fact) -> bool:
    return abs(one.value - other.value) <= max(one.last_place, other.last_place) / 2
