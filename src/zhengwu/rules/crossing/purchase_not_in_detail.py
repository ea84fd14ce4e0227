"""A purchased service is not a project of the detail table.

Checks: every project of the purchased services table is a project of the detail table, and costs no more than
that project has.
Why: 表十 is a part of 表九: what is bought must be budgeted.
Fails: 购买服务表 网站运维 160.00; 明细表 网站运维 150.00
Passes: 购买服务表 网站运维 150.00; 明细表 网站运维 150.00
Known gaps: a project bought only in part (its purchase below its budget) holds. Where no purchase bears the
name of a project, the table names services instead of projects and is not evaluated.
"""

from collections import defaultdict
from collections.abc import Iterator

from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.describe import spot
from zhengwu.rules.names import plain
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "purchase-not-in-detail"
_SAYS = Message("购买服务 ⊂ 明细表项目", "a purchased service is a project of the detail table")
_PROJECT_CODE = 8  # digits: shorter codes are units or the catalogue's


@rule(
    title=("政府购买服务项目与明细表不符", "A purchased service differs from the detail table"),
    severity=Severity.ERROR,
    basis=(
        "财综〔2014〕96号：政府购买服务预算从部门预算经费中安排",
        "Purchased services are paid from the department's budget",
    ),
    mend=(
        "核对项目名称和金额，与预算明细表一致。",
        "Make the project's name and amount agree with the detail table.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Project lines of the purchased services table against the detail table."""
    bought: dict[str, list[Fact]] = defaultdict(list)
    for fact in view.disclosure.facts:
        if _is_project(fact):
            bought[plain(fact.label.rpartition(" ")[0] or fact.label)].append(fact)
    if not bought:
        return
    budgeted: dict[str, list[Fact]] = defaultdict(list)
    for line in view.detail:
        budgeted[plain(line.project)].append(line.fact)
    if not any(name and name in budgeted for name in bought):
        reason = Message(
            "没有可对照项目名称的预算明细表，购买服务项目未核对。",
            "No detail table names these projects; the purchased services were not compared.",
        )
        yield Gap(CODE, reason)
        return
    for name, facts in bought.items():
        lines = budgeted.get(name)
        if lines:
            # Equal amounts prove each other; less than the project has is a part of it.
            equal = sum(fact.value for fact in facts) == sum(line.value for line in lines)
            terms = [Term(-1, line) for line in lines] + [Term(1, fact) for fact in facts]
            yield Relation(CODE, tuple(terms), _SAYS, bound=not equal)
        else:
            yield _unknown(facts)


def _unknown(facts: list[Fact]) -> Finding:
    name = facts[0].label.rpartition(" ")[0] or facts[0].label
    return Finding(
        CODE,
        Severity.ERROR,
        Message(
            f"政府购买服务项目“{name}”（{facts[0].quote}）不在预算明细表的项目之中：应为明细表中的项目。",
            f"The purchased service “{name}” ({facts[0].quote}) is not among the projects of the detail table, "
            "which must hold it.",
        ),
        tuple(spot(fact) for fact in facts),
    )


def _is_project(fact: Fact) -> bool:
    identity = fact.identity
    return (
        fact.table >= 0
        and identity is not None
        and identity.measure == "purchased_services"
        and identity.item.isdecimal()
        and len(identity.item) >= _PROJECT_CODE
    )
