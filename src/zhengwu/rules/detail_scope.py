"""What the detail table covers: all expenditure, projects only, one fund only. Its lines tell.

A detail table may list only projects, only the general budget, only some units. Nothing in its title says so.
For every part of the expenditure (a fund, basic or project) its sums by function are compared with the printed
ones: what it covers agrees, but for a wrong number here and there.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.disclosure import Line
from zhengwu.model.fact import Fact, Identity
from zhengwu.rules.view import View

_PERSONNEL = ("301", "303")
_FISCAL = ("fiscal", "general")
# How a line that is neither basic nor a project is named: its nature, alone or before the project's own name.
_OTHER_NATURES = ("上缴上级支出", "经营支出", "事业单位经营支出", "对附属单位补助支出", "对下级单位补助支出")
_LEAST_CODES = 3  # of so many functional items one may be wrong and the rest still prove the scope


class Scope(NamedTuple):
    """A part of the expenditure that the detail lines cover."""

    funds: frozenset[str]
    nature: str  # "" | basic | project


class Detail:
    """The detail lines, found fast by function and basic or project."""

    def __init__(self, view: View) -> None:
        self.lines = view.detail
        self.told = all(line.basic is not None for line in self.lines)  # basic from project
        self.scopes = self._scopes(view)
        tables = view.disclosure.tables
        self.totals = [
            fact
            for fact in view.disclosure.facts
            if fact.table >= 0
            and tables[fact.table].kind == "detail"
            and fact.identity == Identity("expenditure", view.year, view.stage)
        ]
        self._by_code: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.lines:
            for code in {line.function[:length] for length in (0, 3, 5, 7)}:
                for nature in self._natures(line):
                    self._by_code[code, nature].append(line)

    def _natures(self, line: Line) -> tuple[str, ...]:
        """The natures whose sums a line is part of."""
        if _of_other_nature(line):
            return ("",)
        if not line.basic:  # also where the table does not tell
            return ("", "project")
        return ("", "basic", "personnel" if line.departmental.startswith(_PERSONNEL) else "public")

    def covers(self, identity: Identity) -> bool:
        """Whether the lines hold all that this expenditure consists of."""
        nature = "basic" if identity.nature in ("personnel", "public") else identity.nature
        return any(nature == scope.nature and identity.fund in scope.funds for scope in self.scopes)

    def lines_of(self, identity: Identity) -> list[Fact]:
        """The lines of one function, nature and economic class."""
        found = self._by_code.get((identity.function, identity.nature), [])
        if not (identity.departmental or identity.government):
            return [line.fact for line in found]
        return [
            line.fact
            for line in found
            if line.departmental.startswith(identity.departmental) and line.government.startswith(identity.government)
        ]

    def _scopes(self, view: View) -> list[Scope]:
        """Of each nature, the funds whose amounts by function agree with the lines best."""
        printed: dict[tuple[str, str], dict[str, Fact]] = defaultdict(dict)
        for identity, fact in view.agreed.items():
            if (
                identity.measure == "expenditure"
                and identity.year == view.year
                and identity.stage == view.stage
                and identity.aspect == "amount"
                and not (identity.item or identity.departmental or identity.government)
            ):
                printed[identity.fund, identity.nature][identity.function] = fact
        same = frozenset(("", *_FISCAL)) if view.only_fiscal and not view.other_funds else frozenset(("",))
        pools = [same, *(frozenset((fund,)) for fund in _FISCAL if fund not in same)]
        natures = ("", "basic", "project") if self.told else ("", "project")
        best: dict[str, tuple[Decimal, list[frozenset[str]]]] = {}
        for nature in natures:
            lines = [
                line
                for line in self.lines
                if not self.told or not nature or (line.basic == (nature == "basic") and not _of_other_nature(line))
            ]
            for funds in pools:
                share = max(_agreement(printed.get((fund, nature), {}), lines) for fund in sorted(funds))
                if share and share >= best.get(nature, (Decimal(0), []))[0]:
                    kept = best[nature][1] if nature in best and share == best[nature][0] else []
                    best[nature] = (share, [*kept, funds])
        if not self.told and "" in best and "project" in best:
            # The lines are either all expenditure or the projects: what agrees better.
            worse = min(("project", ""), key=lambda nature: best[nature][0])
            if best[""][0] != best["project"][0]:
                del best[worse]
        return [Scope(funds, nature) for nature, (_, found) in best.items() for funds in found]


def _of_other_nature(line: Line) -> bool:
    """Whether a line is neither basic nor a project: what is remitted, earned or passed on stands before its name."""
    return line.project.partition("_")[0] in _OTHER_NATURES


def _agreement(printed: dict[str, Fact], lines: list[Line]) -> Decimal:
    """The share of functional items on which lines and printed amounts agree; zero when the lines cannot be
    all of it: their total differs and more than one item does, or one that has no line at all."""
    if not lines:
        return Decimal(0)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    slack = max(line.fact.last_place for line in lines)
    for line in lines:
        sums[line.function] += line.fact.value
    length = max(map(len, sums))
    items = {code: fact for code, fact in printed.items() if len(code) == length and code}
    total = printed.get("")
    wrong = [
        code
        for code in {*items, *(code for code in sums if code)}
        if code not in items
        or abs(items[code].value - sums.get(code, Decimal(0))) > max(items[code].last_place, slack) / 2
    ]
    agrees = (
        total is not None
        and total.value
        and (abs(total.value - sum(sums.values(), Decimal(0))) <= max(total.last_place, slack) / 2)
    )
    if not agrees:
        if len(wrong) > 1 or len(items) < _LEAST_CODES:
            return Decimal(0)
        if wrong and not sums.get(wrong[0]):
            return Decimal(0)
    checked = len(items) + 1
    return Decimal(checked - len(wrong) - (not agrees)) / checked if items or agrees else Decimal(0)
