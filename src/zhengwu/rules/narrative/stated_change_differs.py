"""A stated difference is not the difference of the two amounts.

Checks: "比…增加/减少 N": this year's amount - the other's = N, with the sign that the word says.
Why: the comparison with last year is the sentence that is read; its three numbers must fit.
Fails: 2021年100万元，比2020年90万元增加20万元
Passes: 2021年100万元，比2020年90万元增加10万元
Known gaps: needs both amounts; a change without last year's amount is compared with its repetitions only.
"""

from collections.abc import Iterator
from decimal import Decimal

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

_SAYS = Message("本年 − 上年 = 增减额", "this year − last year = difference")


@rule(
    title=("增减额与前后两年数额不符", "The stated difference is not that of the two amounts"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：公开增减变化情况及原因",
        "Publication rules (2016) No. 143: changes and their reasons",
    ),
    mend=(
        "重新计算增减额，并核对增减方向和两年数额。",
        "Compute the difference again; check direction and both amounts.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """this = other + difference."""
    for claim in view.disclosure.claims:
        if claim.kind != "change" or not (claim.stated and claim.this and claim.other):
            continue
        if claim.this is claim.other:
            continue
        signed = claim.stated.identity is not None and claim.stated.identity.aspect.startswith("change")
        stated = claim.stated if signed else claim.stated._replace(value=claim.stated.value * claim.direction)
        if stated.value == Decimal(0) and not claim.direction:
            continue
        if abs(claim.this.value - claim.other.value + stated.value) < stated.last_place <= abs(stated.value):
            continue  # the amounts fit, the word does not: direction-contradicts-amounts
        yield Relation("stated-change-differs", (Term(-1, claim.this), Term(1, claim.other), Term(1, stated)), _SAYS)
