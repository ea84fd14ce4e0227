"""A stated rate of change is not what the amounts give.

Checks: "上升/下降 p%": |this - last| / last = p, within the precision of what is printed; where last year's
amount is not printed, last = this - difference.
Why: a percentage that cannot come from the two amounts beside it is among the commonest defects.
Fails: 100万元，比上年90万元增加10万元，增长12.11%
Passes: 100万元，比上年90万元增加10万元，增长11.11%
Known gaps: a rate without any amount beside it cannot be evaluated.
"""

from collections.abc import Iterator

from zhengwu.model.disclosure import Claim
from zhengwu.model.finding import Finding, Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.describe import spot
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "stated-rate-differs"
_SAYS = Message("增减额 ÷ 上年数 = 增减率", "difference ÷ last year = rate")


@rule(
    title=("增减百分比与数额不符", "The stated rate is not what the amounts give"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：公开增减变化情况及原因",
        "Publication rules (2016) No. 143: changes and their reasons",
    ),
    mend=("用增减额除以上年数重新计算百分比。", "Divide the difference by last year's amount again."),
)
def check(view: View) -> Iterator[Outcome]:
    """rate = difference / last year."""
    for claim in view.disclosure.claims:
        if claim.kind != "rate" or claim.stated is None:
            continue
        above, below = _sides(claim)
        if not above:
            yield Gap(
                CODE,
                Message(
                    f"“{claim.stated.label}{claim.stated.quote}”旁边没有可比的两个数额，未核对。",
                    f"No two amounts to compare stand beside “{claim.stated.quote}”.",
                ),
            )
            continue
        if len(below) == 1 and not below[0].fact.value:
            if claim.stated.value:
                yield Finding(
                    CODE,
                    Severity.ERROR,
                    Message(
                        f"上年数为零，不能有“{claim.stated.quote}”的增减率。",
                        f"Last year's amount is zero: there is no rate of {claim.stated.quote}.",
                    ),
                    (spot(claim.stated), spot(below[0].fact)),
                )
            continue
        terms = (Term(1, claim.stated), *above, *below)
        yield Relation(CODE, terms, _SAYS, ratio="change", above=len(above))


def _sides(claim: Claim) -> tuple[list[Term], list[Term]]:
    """(terms of the difference, terms of last year's amount): as printed, else by the other two."""
    this, other, amount = claim.this, claim.other, claim.amount
    if this is other:
        this = None
    if amount is not None and other is not None:
        return [Term(1, amount)], [Term(1, other)]
    if this is not None and other is not None:
        return [Term(1, this), Term(-1, other)], [Term(1, other)]
    if amount is not None and this is not None:
        sign = -1 if amount.identity is not None and amount.identity.aspect.startswith("change") else -claim.direction
        return [Term(1, amount)], [Term(1, this), Term(sign, amount)]
    return [], []
