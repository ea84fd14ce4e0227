"""The same amount is printed differently in two places.

Checks: every fact of one identity (same measure, year, code, fund, basic/project) has one value in all tables
and sentences, within the precision of each printing.
Why: 一.x = 二.x = 三.x = 四.x per class, text against tables, the same statement twice: one identity, one value.
Fails: 表三 201 合计 100.00; 表一 一般公共服务支出 110.00
Passes: 表三 201 合计 1,000,000.00 元; 正文 一般公共服务支出 100 万元
Known gaps: an identity printed twice within one table (a list by unit) is left out.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

_SAYS = Message("同一事项各处数额一致", "one matter, one amount")


@rule(
    title=("同一数额前后不一致", "The same amount is printed differently"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：公开内容应真实、完整、前后一致",
        "Publication rules (2016) No. 143: contents agree throughout",
    ),
    mend=(
        "以批复数为准，统一各表与文字中的数额。",
        "Take the approved amount and use it in all tables and sentences.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Each fact against the agreed one of its identity."""
    for identity, facts in view.by_identity.items():
        if len(facts) < 2:
            continue
        agreed = view.agreed[identity]
        for fact in facts:
            if fact is not agreed:
                yield Relation("same-amount-printed-differently", (Term(-1, fact), Term(1, agreed)), _SAYS)
