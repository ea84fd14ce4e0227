"""A stated completion rate is not what the amounts give.

Checks: "完成年初预算的 p%": final / budget = p, within the precision of what is printed.
Why: final accounts state it for every item.
Fails: 年初预算为100万元，支出决算为98万元，完成年初预算的99%
Passes: 年初预算为100万元，支出决算为98万元，完成年初预算的98%
Known gaps: a rate whose budget or final amount stands in another paragraph is not evaluated.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

_SAYS = Message("决算数 ÷ 预算数 = 完成率", "final ÷ budget = completion rate")


@rule(
    title=("预算完成率与数额不符", "The completion rate is not what the amounts give"),
    severity=Severity.ERROR,
    basis=(
        "部门决算公开模板：完成年初预算的百分比",
        "Template of final accounts: completion of the initial budget",
    ),
    mend=("用决算数除以年初预算数重新计算完成率。", "Divide the final amount by the initial budget again."),
)
def check(view: View) -> Iterator[Outcome]:
    """rate = final / budget."""
    for claim in view.disclosure.claims:
        if claim.kind != "completion" or not (claim.stated and claim.this and claim.other) or claim.this is claim.other:
            continue
        if not claim.other.value:
            continue
        yield Relation(
            "completion-rate-differs", (Term(1, claim.stated), Term(1, claim.this), Term(-1, claim.other)), _SAYS,
            ratio="completion",
        )  # fmt: skip
