"""A target form's cost indicators differ from its funds.

Checks: the amounts of a period's cost indicators are together not more than the funds of that period; where
they make up the funds, or miss them by one digit of a long amount, they must be equal.
Why: 1416.96 + 113.32 = 1530.28; 16380624元 = 1638.0624万元: cost indicators repeat the budget.
Fails: 年度资金总额 340万元; 成本指标 控制在350万元内
Passes: 年度资金总额 340万元; 成本指标 控制在340万元内
Known gaps: cost indicators may cover a part of the project only: less than the funds holds. Where one
indicator is the whole and others its parts, each way to read them is tried.
"""

from collections.abc import Iterator
from decimal import Decimal

from zhengwu.model.fact import Fact
from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

_LONG = 4  # digits: such an amount is not missed by one digit by chance
_SAYS = Message("成本指标之和 = 资金总额", "cost indicators add up to the funds")


@rule(
    title=("成本指标与项目资金不符", "The cost indicators differ from the funds"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2015〕88号：成本指标与预算资金相匹配",
        "Rules for target forms (2015) No. 88: costs match the funds",
    ),
    mend=("使成本指标与资金总额一致。", "Make the cost indicators agree with the funds."),
)
def check(view: View) -> Iterator[Outcome]:
    """cost indicators <= funds, = where they are meant to make it up."""
    for form in view.disclosure.forms:
        for period, costs in form.costs.items():
            funds = form.funds.get((period, "total"))
            if funds is None or not costs or not funds.value:
                continue
            for group in _groups(funds, costs):
                total = sum((cost.value for cost in group), Decimal(0))
                equal = total == funds.value or _slip(funds, total)
                terms = (Term(-1, funds), *[Term(1, cost) for cost in group])
                yield Relation("form-costs-differ-from-funds", terms, _SAYS, bound=not equal)


def _groups(funds: Fact, costs: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    """The indicators that add up: all; or the one that states the whole, and those that divide it."""
    if len(costs) > 1 and sum(cost.value for cost in costs) > funds.value:
        whole = [cost for cost in costs if cost.value == funds.value]
        rest = tuple(cost for cost in costs if cost.value != funds.value)
        if whole:
            return [*((one,) for one in whole), *([rest] if rest else [])]
    return [costs]


def _slip(funds: Fact, total: Decimal) -> bool:
    """Whether the sum misses a long amount by one digit: 1416.96 + 113.32 against 1530.38."""
    off = abs(funds.value - total).normalize()
    return len(off.as_tuple().digits) == 1 and len(funds.value.normalize().as_tuple().digits) >= _LONG
