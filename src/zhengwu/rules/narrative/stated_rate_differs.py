"""A stated rate of change is not what the amounts give.

Checks: "上升/下降 p%": |this - last| / last = p, within the precision of what is printed; where last year's
amount is not printed, last = this - difference.
Why: a percentage that cannot come from the two amounts beside it is among the commonest defects.
Fails: 100万元，比上年90万元增加10万元，增长12.11%
Passes: 100万元，比上年90万元增加10万元，增长11.11%
Known gaps: a rate without any amount beside it cannot be evaluated.
"""

from collections.abc import Iterator
from decimal import Decimal

from zhengwu.model.disclosure import Claim
from zhengwu.model.fact import Fact
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
    basis=("财预〔2016〕143号：公开增减变化情况及原因", "Publication rules (2016) No. 143: changes and their reasons"),
    mend=("用增减额除以上年数重新计算百分比。", "Divide the difference by last year's amount again."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """rate = difference / last year."""
    for claim in view.disclosure.claims:
        if claim.kind != "rate" or claim.stated is None:
            continue
        top, bottom = _sides(claim)
        if top is None or bottom is None:
            yield Gap(
                CODE,
                Message(
                    f"“{claim.stated.label}{claim.stated.quote}”旁边没有可比的两个数额，未核对。",
                    f"No two amounts to compare stand beside “{claim.stated.quote}”.",
                ),
            )
            continue
        if not bottom.value:
            if claim.stated.value:
                yield Finding(
                    CODE,
                    Severity.ERROR,
                    Message(
                        f"上年数为零，不能有“{claim.stated.quote}”的增减率。",
                        f"Last year's amount is zero: there is no rate of {claim.stated.quote}.",
                    ),
                    (spot(claim.stated), spot(bottom)),
                )
            continue
        yield Relation(CODE, (Term(1, claim.stated), Term(1, top), Term(-1, bottom)), _SAYS, ratio="change")


def _sides(claim: Claim) -> tuple[Fact | None, Fact | None]:
    """(difference, last year's amount): as printed, else computed from the other two."""
    this, other, amount = claim.this, claim.other, claim.amount
    if this is other:
        this = None
    if amount is not None and other is not None:
        return amount, other
    if this is not None and other is not None:
        return _computed(this, this.value - other.value, max(this.last_place, other.last_place)), other
    if amount is not None and this is not None:
        before = this.value - abs(amount.value) * claim.direction
        return amount, _computed(this, before, max(this.last_place, amount.last_place))
    return None, None


def _computed(like: Fact, value: Decimal, last_place: Decimal) -> Fact:
    return like._replace(value=value, last_place=last_place, identity=None, quote=f"{value:,f}元", unit="元")
