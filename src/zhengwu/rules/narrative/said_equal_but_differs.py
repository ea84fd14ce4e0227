"""Two amounts are said to be equal and differ.

Checks: 持平, 一致, 等于: this amount = the other year's (or the budget).
Why: the sentence of last year is kept while the amount changes.
Fails: 2021年5万元，与2020年4万元持平
Passes: 2021年5万元，与2020年5万元持平
Known gaps: 基本持平 leaves room and is not evaluated.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

_SAYS = Message("持平即两数相等", "said to be equal")


@rule(
    title=("写明持平而数额不同", "Said to be equal but different"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：文字与数据一致", "Publication rules (2016) No. 143: text and data agree"),
    mend=("改为增加或减少多少，或改正数额。", "State the increase or decrease, or correct the amount."),
)
def check(view: View) -> Iterator[Outcome]:
    """this = other."""
    for claim in view.disclosure.claims:
        if claim.kind != "flat" or not (claim.this and claim.other) or claim.this is claim.other:
            continue
        yield Relation("said-equal-but-differs", (Term(-1, claim.this), Term(1, claim.other)), _SAYS)
