"""A disclosure prepared for the rules: facts found by identity, lines by code."""

from collections import defaultdict
from functools import cached_property

from zhengwu.model.disclosure import Disclosure, Line
from zhengwu.model.fact import Fact, Identity

_NOT_FISCAL = (
    "special_account", "special_account_funds", "special_account_other", "education_fees", "retained", "superior",
    "institution", "business", "affiliated", "own", "other", "fund_balance",
)  # fmt: skip


class View:
    """What rules see of a disclosure. Everything is computed once and only when a rule asks."""

    def __init__(self, disclosure: Disclosure) -> None:
        self.disclosure = disclosure
        self.is_budget = disclosure.kind != "final"
        self.year = disclosure.year or 0

    @cached_property
    def by_identity(self) -> dict[Identity, list[Fact]]:
        """Facts by identity. Where one table prints an identity twice (a list by unit), its facts of that
        identity are left out: they are parts of something, not the thing."""
        found: dict[Identity, list[Fact]] = defaultdict(list)
        for fact in self.disclosure.facts:
            if fact.identity is not None:
                found[fact.identity].append(fact)
        for identity, facts in list(found.items()):
            tables = [fact.table for fact in facts if fact.table >= 0]
            if len(tables) != len(set(tables)):
                kept = [fact for fact in facts if fact.table < 0 or tables.count(fact.table) == 1]
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
        if len(facts) == 1:
            return facts[0]

        def support(fact: Fact) -> int:
            return sum(
                1 for other in facts if abs(other.value - fact.value) <= max(other.last_place, fact.last_place) / 2
            )

        return max(facts, key=lambda fact: (support(fact), -fact.last_place, fact.table >= 0))

    @cached_property
    def only_fiscal(self) -> bool:
        """Whether all income is fiscal appropriation of the year, so that an expenditure as a whole is the
        expenditure from appropriation: no other source, nothing carried over."""
        incomes = [fact for fact in self.disclosure.facts if fact.identity and fact.identity.measure == "income"]
        if not incomes:
            return False
        for fact in incomes:
            fund = fact.identity.fund if fact.identity else ""
            if fact.value and fact.identity and fact.identity.year == self.year and (
                fund in _NOT_FISCAL or "carryover" in fund
            ):
                return False
        return True

    @cached_property
    def nothing_carried(self) -> bool:
        """Whether nothing is carried in from last year or out to the next."""
        for fact in self.disclosure.facts:
            identity = fact.identity
            if identity and fact.value and identity.year == self.year and (
                "carryover" in identity.fund or identity.fund == "fund_balance" or identity.measure in ("carry_out", "surplus")
            ):
                return False
        return True

    @cached_property
    def detail(self) -> tuple[Line, ...]:
        """The lines of the detail table."""
        tables = self.disclosure.tables
        return tuple(line for line in self.disclosure.lines if tables[line.fact.table].kind == "detail")

    @cached_property
    def basic_lines(self) -> tuple[Line, ...]:
        """The lines of the basic expenditure table, where it lists lines."""
        tables = self.disclosure.tables
        return tuple(line for line in self.disclosure.lines if tables[line.fact.table].kind in ("general_basic", "basic"))

    def has_kind(self, *kinds: str) -> bool:
        """Whether the document has a table of one of these kinds."""
        return any(table.kind in kinds for table in self.disclosure.tables)
