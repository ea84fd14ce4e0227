"""A three public expense is less than its class in basic expenditure.

Checks: reception, trips abroad and the running of cars (三公) are not less than what the table of basic
expenditure by economic class prints for 30217, 30212 and 30231 of the same fund.
Why: what is spent on reception from basic funds is reception: the table of the three must hold it.
Fails: 基本支出 30217 公务接待费 5.22万元; “三公” 公务接待费 3.00万元
Passes: 基本支出 30217 公务接待费 5.22万元; “三公” 公务接待费 5.22万元
Known gaps: more than in basic expenditure holds: project money may be added.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "three-public-below-basic"
_SAYS = Message("“三公”经费 ≥ 基本支出中的同类款", "a three public expense is at least its class in basic expenditure")
_CLASSES = {"abroad": "30212", "reception": "30217", "car_operation": "30231"}


@rule(
    title=("“三公”经费少于基本支出中的同类款", "A three public expense is less than its class in basic expenditure"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：“三公”经费包括基本支出和项目支出安排的数额",
        "Publication rules (2016) No. 143: the three public expenses hold basic and project money",
    ),
    mend=(
        "核对“三公”经费表与基本支出表的同类款。",
        "Check the table of the three public expenses against the table of basic expenditure.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """basic expenditure of the class <= the item; equal amounts prove each other."""
    for item, code in _CLASSES.items():
        fact = view.found("three_public", item=item)
        if fact is None:
            continue
        for fund in ("general", "fiscal"):
            basic = view.found("expenditure", departmental=code, fund=fund, nature="basic")
            if basic is not None and basic.table != fact.table:
                equal = abs(basic.value - fact.value) <= max(basic.last_place, fact.last_place) / 2
                yield Relation(CODE, (Term(-1, fact), Term(1, basic)), _SAYS, bound=not equal)
