"""A purchased service is not a project of the detail table.

Checks: every project of the purchased services table is a project of the detail table, with the same amount.
Why: 表十 is a part of 表九: what is bought must be budgeted.
Fails: 购买服务表 网站运维 150.00; 明细表 no such project
Passes: 购买服务表 网站运维 150.00; 明细表 网站运维 150.00
Known gaps: a project bought only in part (its purchase below its budget) holds.
"""

from collections import defaultdict
from collections.abc import Iterator

from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.describe import spot
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "purchase-not-in-detail"
_SAYS = Message("购买服务 ⊂ 明细表项目", "a purchased service is a project of the detail table")


@rule(
    title=("政府购买服务项目与明细表不符", "A purchased service differs from the detail table"),
    severity=Severity.ERROR,
    basis=("财综〔2014〕96号：政府购买服务预算从部门预算经费中安排", "Purchased services are paid from the department's budget"),
    mend=("核对项目名称和金额，与预算明细表一致。", "Make the project's name and amount agree with the detail table."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """Project lines of the purchased services table against the detail table."""
    projects = [fact for fact in view.disclosure.facts if _is_project(view, fact)]
    if not projects:
        return
    if not view.detail:
        yield Gap(CODE, Message("没有预算明细表，购买服务项目无从核对。", "There is no detail table to compare with."))
        return
    by_name: dict[str, list[Fact]] = defaultdict(list)
    for line in view.detail:
        by_name[line.project].append(line.fact)
    for fact in projects:
        name = fact.label.rpartition(" ")[0] or fact.label
        lines = by_name.get(name)
        if lines:
            bound = sum(line.value for line in lines) > fact.value and len(lines) > 1
            yield Relation(CODE, (Term(-1, fact), *[Term(1, line) for line in lines]), _SAYS, bound=bound)
        else:
            yield Finding(
                CODE,
                Severity.ERROR,
                Message(
                    f"政府购买服务项目“{name}”不在预算明细表的项目之中。",
                    f"The purchased service “{name}” is not among the projects of the detail table.",
                ),
                (spot(fact),),
            )


def _is_project(view: View, fact: Fact) -> bool:
    identity = fact.identity
    return (
        fact.table >= 0
        and identity is not None
        and identity.measure == "purchased_services"
        and identity.item.isdecimal()
        and len(identity.item) >= 8
    )
