"""A stated share is not what the amounts give.

Checks: "占…的 p%": part / whole = p, within the precision of what is printed.
Why: shares are computed by hand and not renewed when an amount changes.
Fails: 基本支出24万元，占总支出100万元的25%
Passes: 基本支出24万元，占总支出100万元的24%
Known gaps: a share of a whole that is not printed anywhere cannot be evaluated.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "stated-share-differs"
_SAYS = Message("部分 ÷ 总数 = 占比", "part ÷ whole = share")


@rule(
    title=("占比与数额不符", "The stated share is not what the amounts give"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：数据应准确", "Publication rules (2016) No. 143: data must be exact"),
    mend=("用分项数除以总数重新计算占比。", "Divide the part by the whole again."),
)
def check(view: View) -> Iterator[Outcome]:
    """share = part / whole."""
    for claim in view.disclosure.claims:
        if claim.kind != "share" or claim.stated is None:
            continue
        if claim.this is None or claim.other is None or claim.this is claim.other:
            yield Gap(
                CODE,
                Message(
                    f"“{claim.stated.label}{claim.stated.quote}”所占的总数没有找到，未核对。",
                    f"The whole that “{claim.stated.quote}” is a share of was not found.",
                ),
            )
            continue
        yield Relation(CODE, (Term(1, claim.stated), Term(1, claim.this), Term(-1, claim.other)), _SAYS, ratio="share")
