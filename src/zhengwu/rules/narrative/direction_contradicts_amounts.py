"""The word for the direction contradicts the amounts.

Checks: 增加/减少, 上升/下降 against the sign of this year's amount minus the other's; 大于/小于 in final
accounts against budget and final amount, or against the completion rate; the words for amount and rate
against each other.
Why: 减少 over an increase tells the public the contrary.
Fails: 2021年100万元，比2020年90万元减少10万元
Passes: 2021年90万元，比2020年100万元减少10万元
Known gaps: needs both amounts.
"""

from collections.abc import Iterator

from zhengwu.model.disclosure import Claim
from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.describe import amount, spot
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "direction-contradicts-amounts"
_WORDS = {1: ("增加", "more"), -1: ("减少", "less"), 0: ("持平", "equal")}


@rule(
    title=("增减方向与数额相反", "The direction contradicts the amounts"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：文字与数据一致", "Publication rules (2016) No. 143: text and data agree"),
    mend=("按两数大小改正“增加/减少”或“大于/小于”。", "Correct the word by comparing the two amounts."),
)
def check(view: View) -> Iterator[Outcome]:
    """Words for directions against signs."""
    before: Claim | None = None
    for claim in view.disclosure.claims:
        if claim.kind == "rate" and before and before.kind == "change" and before.stated is claim.amount:
            if before.direction != claim.direction and before.stated and claim.stated and claim.stated.value:
                yield _finding(claim, before.direction, "同一句中前后方向不一", "two directions in one sentence")
        elif claim.kind in ("change", "direction") and claim.this and claim.other and claim.this is not claim.other:
            difference = claim.this.value - claim.other.value
            actual = (difference > 0) - (difference < 0)
            # A wrong amount breaks the difference too; here only the word is judged.
            fits = claim.stated is None or abs(abs(difference) - abs(claim.stated.value)) <= claim.stated.last_place
            if actual != claim.direction and fits and (actual or claim.kind == "direction"):
                yield _finding(claim, actual, "与两数大小不符", "not what the two amounts say")
        elif claim.kind == "direction" and claim.other is None and claim.amount is not None:
            above = claim.amount.value - 100
            actual = (above > 0) - (above < 0)
            if actual != claim.direction and abs(above) > claim.amount.last_place:
                yield _finding(claim, actual, "与完成率不符", "not what the completion rate says")
        before = claim


def _finding(claim: Claim, actual: int, zh: str, en: str) -> Finding:
    facts = (claim.this, claim.other, claim.amount if claim.kind == "direction" else None)
    spots = [spot(fact) for fact in (claim.stated, *facts) if fact is not None]
    said, meant = _WORDS[claim.direction], _WORDS[actual]
    numbers = "、".join(amount(fact) for fact in facts if fact is not None)
    return Finding(
        CODE,
        Severity.ERROR,
        Message(
            f"“{claim.quote[:60]}”写的是{said[0]}，应为{meant[0]}（{numbers}）：{zh}。",
            f"“{claim.quote[:60]}” says {said[1]}, it should say {meant[1]} ({numbers}): {en}.",
        ),
        (Spot(claim.place, claim.quote), *spots),
        meant[0],
        said[0],
    )
