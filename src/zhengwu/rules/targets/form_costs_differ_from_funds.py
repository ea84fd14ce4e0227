"""A target form's cost indicators differ from its funds.

Checks: the amounts of a period's cost indicators add up to the funds of that period, when each single one
or their sum can be the whole.
Why: 1416.96 + 113.32 = 1530.28; 16380624元 = 1638.0624万元: cost indicators repeat the budget.
Fails: 年度资金总额 340万元; 成本指标 控制在350万元内
Passes: 年度资金总额 340万元; 成本指标 控制在340万元内
Known gaps: cost indicators may cover a part of the project only: less than the funds is a warning's matter
and is not reported; more than the funds is.
"""

from collections.abc import Iterator
from decimal import Decimal

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

_SAYS = Message("成本指标之和 = 资金总额", "cost indicators add up to the funds")


@rule(
    title=("成本指标与项目资金不符", "The cost indicators differ from the funds"),
    severity=Severity.ERROR,
    basis=("财预〔2015〕88号：成本指标与预算资金相匹配", "Rules for target forms (2015) No. 88: costs match the funds"),
    mend=("使成本指标与资金总额一致。", "Make the cost indicators agree with the funds."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """sum of cost indicators = funds; a single indicator of another amount differs from the funds."""
    for form in view.disclosure.forms:
        for period, costs in form.costs.items():
            funds = form.funds.get((period, "total"))
            if funds is None or not costs:
                continue
            total = sum((cost.value for cost in costs), Decimal(0))
            # Several unit prices or partial costs need not make up the whole; near to it they are meant to.
            near = abs(total - funds.value) * 2 < funds.value
            terms = (Term(-1, funds), *[Term(1, cost) for cost in costs])
            yield Relation("form-costs-differ-from-funds", terms, _SAYS, bound=not near)
