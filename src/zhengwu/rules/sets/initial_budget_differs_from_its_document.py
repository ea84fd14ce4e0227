"""The initial budget in the final accounts differs from the published budget.

Checks: with the budget of the same unit and year (``--with``): each 年初预算 that the final accounts print, in a
column or a sentence, is the amount that the budget printed.
Why: completion rates are measured against the initial budget; an adjusted budget in its place hides the deviation.
Fails: budget: 2010601 100.00; final accounts: 2010601 年初预算 90.00
Passes: budget: 2010601 100.00; final accounts: 2010601 年初预算 100.00
Known gaps: 预算数 that the document explains as the whole year's, after adjustments, is not compared.
"""

import re
from collections.abc import Iterator

from zhengwu.model.fact import Fact
from zhengwu.model.finding import Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.recognition.words import squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.set_amounts import is_comparable
from zhengwu.rules.set_view import Member, SetView

CODE = "initial-budget-differs-from-its-document"
_SAYS = Message("年初预算 = 预算公开文件所印的数", "the initial budget is what the published budget printed")
_ADJUSTED = re.compile(r"全年预算|调整后?的?预算|预算调整|按规定程序调整")
_EXPLAINED = re.compile(r"预算数[^。；]{0,30}(?:全年预算|调整后)")


@rule(
    title=("年初预算数与公开的预算不符", "The initial budget differs from the published budget"),
    severity=Severity.ERROR,
    basis=(
        "部门决算公开模板：与年初预算数对比；财预〔2016〕143号：预决算口径衔接",
        "Template of final accounts: compared with the initial budget; Publication rules (2016) No. 143",
    ),
    mend=(
        "按公开的年初预算改正；采用调整后预算的，写明是调整后预算数。",
        "Take the initial budget as published; where the adjusted budget is meant, say so.",
    ),
)
def check(view: SetView) -> Iterator[Outcome]:
    """Budget amounts of the final accounts against the budget."""
    for budget, final in view.budgets:
        found = list(_compared(budget, final))
        yield from found
        if not found:
            yield Gap(
                CODE,
                Message(
                    f"《{final.name}》没有印出可与《{budget.name}》核对的年初预算数。",
                    f"{final.name} prints no initial budget that could be compared with {budget.name}.",
                ),
            )


def _compared(budget: Member, final: Member) -> Iterator[Relation]:
    printed = budget.view.agreed
    explained = _explained(final)
    for identity, fact in final.view.agreed.items():
        if identity.stage != "budget" or identity.year != final.year or not is_comparable(identity):
            continue
        if identity in printed and _is_initial(fact, explained):
            yield Relation(CODE, (Term(-1, fact), Term(1, printed[identity])), _SAYS)


def _is_initial(fact: Fact, explained: bool) -> bool:
    """Whether it is the budget of the year's beginning, as far as its words tell."""
    if "年初" in fact.label:
        return True
    return not _ADJUSTED.search(fact.label) and not (explained and fact.table >= 0)


def _explained(final: Member) -> bool:
    """Whether the document says that its 预算数 are those of the whole year, after adjustments."""
    disclosure = final.view.disclosure
    notes = [paragraph.text for table in disclosure.tables for paragraph in (*table.captions, *table.notes)]
    texts = [squeeze(text) for text in notes + [section.text for section in disclosure.sections]]
    return any(_EXPLAINED.search(text) for text in texts)
