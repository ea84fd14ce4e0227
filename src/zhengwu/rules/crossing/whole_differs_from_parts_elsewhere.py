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

from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.parts_elsewhere import may_be_used, parts_of
from zhengwu.rules.registry import rule
from zhengwu.rules.view import Family, View

CODE = "whole-differs-from-parts-elsewhere"
_SAYS = Message("整体 = 分布在各处的部分之和", "the whole equals its parts wherever they stand")


@rule(
    title=("总数与各处分项之和不符", "A whole differs from its parts elsewhere"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：数据应衔接一致", "Publication rules (2016) No. 143: data must fit together"),
    mend=(
        "核对总数与各分项（含上年数）的来源，改正不符的一处。",
        "Check the sources of the whole and of its parts, last year's too.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Wholes and parts by the trees of the dimensions, across places."""
    for dimension in ("nature", "fund", "item"):
        for family in view.families(dimension):
            if len(family) == 1 and not _is_outflow(family):
                continue  # nothing printed that could be a part
            for member, (identity, fact) in family.items():
                parts = parts_of(view, identity, dimension, member, family)
                if parts and not _in_one_table(fact, parts):
                    yield Relation(CODE, (Term(-1, fact), *[Term(1, part) for part in parts]), _SAYS)
    if view.only_fiscal:
        for family in view.families("fund"):
            if "" in family and len(family) > 1:
                yield from _all_fiscal(view, family)
    for identity, fact in view.agreed.items():
        if identity.measure == "income" and identity.year != view.year:
            yield from _last_year(view, identity, fact)


def _is_outflow(family: Family) -> bool:
    """Whether its parts may be printed as expenditure, which is another family."""
    return any(identity.measure == "outflow" for identity, _ in family.values())


def _in_one_table(whole: Fact, parts: list[Fact]) -> bool:
    return whole.table >= 0 and all(part.table == whole.table for part in parts)


def _last_year(view: View, identity: Identity, fact: Fact) -> Iterator[Outcome]:
    """Another year's income against that year's basic and project expenditure, when no total is printed."""
    if not view.is_budget or identity.aspect != "amount":
        return
    spent = identity._replace(measure="expenditure")
    if identity.fund or identity.function or spent in view.agreed:
        return
    parts = [view.agreed.get(spent._replace(nature=nature)) for nature in ("basic", "project")]
    if all(part is not None for part in parts):
        parts += [view.agreed.get(spent._replace(nature=nature)) for nature in ("remit", "business", "subsidy")]
        yield Relation(CODE, (Term(-1, fact), *[Term(1, part) for part in parts if part]), _SAYS)


def _all_fiscal(view: View, family: Family) -> Iterator[Outcome]:
    """Without other income, an expenditure as a whole is the expenditure from appropriation."""
    identity, fact = family[""]
    if identity.measure != "expenditure" or identity.item or identity.aspect != "amount":
        return
    if identity.year != view.year or identity.stage != view.stage:
        return
    if "fiscal" in family:
        yield Relation(CODE, (Term(-1, fact), Term(1, family["fiscal"][1])), _SAYS)
    if "general" not in family:
        return
    funds = [family["general"][1]]
    for fund in ("government_fund", "state_capital"):
        if fund in family:
            funds.append(family[fund][1])
        elif may_be_used(view, identity, "fund", fund):
            return
    yield Relation(CODE, (Term(-1, fact), *[Term(1, part) for part in funds]), _SAYS)
