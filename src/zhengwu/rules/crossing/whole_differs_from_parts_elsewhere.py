"""A whole differs from its parts that are printed elsewhere.

Checks: over all tables and sentences together: expenditure = basic + project, basic = personnel + public,
fiscal appropriation = general budget + government funds + state capital, the three public expenses and
procurement = their items; for last year's figures and for changes too; a department without other income
spends just its appropriation, code by code.
Why: the parts of last year's total stand in different sentences; the parts of the appropriation in
different tables. Nobody adds them up by eye.
Fails: 2020年收入预算 120.00; 2020年基本支出 60.00; 2020年项目支出 50.00
Passes: 2020年收入预算 110.00; 2020年基本支出 60.00; 2020年项目支出 50.00
Known gaps: evaluated only when all parts that a whole must have are known.
"""

from collections.abc import Iterator

from zhengwu.dialects import complete, tree
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "whole-differs-from-parts-elsewhere"
_SAYS = Message("整体 = 分布在各处的部分之和", "the whole equals its parts wherever they stand")
_BY_ITEM = ("three_public", "procurement")


@rule(
    title=("总数与各处分项之和不符", "A whole differs from its parts elsewhere"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：数据应衔接一致", "Publication rules (2016) No. 143: data must fit together"),
    mend=("核对总数与各分项（含上年数）的来源，改正不符的一处。", "Check the sources of the whole and of its parts, last year's too."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """Wholes and parts by the trees of the dimensions, across places."""
    agreed = view.agreed
    funds_used = {identity.fund for identity, fact in agreed.items() if fact.value}
    for identity, fact in agreed.items():
        for dimension in ("nature", "fund", "item"):
            if dimension == "item" and identity.measure not in _BY_ITEM:
                continue
            if identity.measure == "income" and dimension == "nature":
                yield from _last_year(view, identity, fact)
                continue
            parts = _parts(view, identity, dimension, funds_used)
            if parts and not _in_one_table(fact, parts):
                yield Relation(CODE, (Term(-1, fact), *[Term(1, part) for part in parts]), _SAYS)
        if identity.measure == "expenditure" and not identity.fund and view.only_fiscal and not identity.item:
            yield from _all_fiscal(view, identity, fact)


def _parts(view: View, identity: Identity, dimension: str, funds_used: set[str]) -> list[Fact]:
    """The parts of a whole along a dimension, or none when an indispensable one is missing."""
    whole: str = getattr(identity, dimension)
    needed = {**complete(dimension), **complete(identity.measure)} if dimension == "item" else complete(dimension)
    if whole not in needed or (dimension == "nature" and identity.measure != "expenditure"):
        return []
    if dimension == "fund" and identity.measure not in ("expenditure", "income", "outflow", "carry_out"):
        return []
    found: list[Fact] = []
    for part in tree(dimension)[whole]:
        own = identity._replace(**{dimension: part})
        fact = view.agreed.get(own)
        if fact is None and identity.measure == "outflow" and view.nothing_carried:
            fact = view.agreed.get(own._replace(measure="expenditure"))
        if fact is not None:
            found.append(fact)
        elif part in needed[whole] or (dimension == "fund" and identity.aspect == "change" and part in funds_used):
            return []
    return found


def _in_one_table(whole: Fact, parts: list[Fact]) -> bool:
    return whole.table >= 0 and all(part.table == whole.table for part in parts)


def _last_year(view: View, identity: Identity, fact: Fact) -> Iterator[Outcome]:
    """Another year's income against that year's basic and project expenditure, when no total is printed."""
    if identity.year == view.year or identity.fund or identity.function or identity.aspect != "amount":
        return
    spent = identity._replace(measure="expenditure")
    if spent in view.agreed:
        return
    parts = [view.agreed.get(spent._replace(nature=nature)) for nature in ("basic", "project")]
    if all(part is not None for part in parts):
        yield Relation(CODE, (Term(-1, fact), *[Term(1, part) for part in parts if part]), _SAYS)


def _all_fiscal(view: View, identity: Identity, fact: Fact) -> Iterator[Outcome]:
    """Without other income, an expenditure as a whole is the expenditure from appropriation."""
    if identity.year != view.year or identity.aspect != "amount" or not view.nothing_carried:
        return
    fiscal = view.agreed.get(identity._replace(fund="fiscal"))
    if fiscal is not None:
        yield Relation(CODE, (Term(-1, fact), Term(1, fiscal)), _SAYS)
    funds = [
        part
        for fund in ("general", "government_fund", "state_capital")
        if (part := view.agreed.get(identity._replace(fund=fund))) is not None
    ]
    if funds and (len(funds) > 1 or funds[0].identity is not None and funds[0].identity.fund == "general"):
        yield Relation(CODE, (Term(-1, fact), *[Term(1, part) for part in funds]), _SAYS)
