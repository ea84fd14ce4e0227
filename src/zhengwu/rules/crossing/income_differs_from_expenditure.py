"""Income and expenditure do not balance.

Checks: total income = total expenditure including what is carried to the next year, as a whole and for the
fiscal appropriation; in a budget also per functional code and fund; changes against last year likewise.
Why: 预算法: a department's budget balances. A class of expenditure has exactly the income planned for it.
Fails: 收入总计 100.00; 支出总计 110.00
Passes: 收入总计 110.00; 本年支出 100.00; 结转下年 10.00
Known gaps: per code only where nothing is carried over; final accounts are balanced as a whole only.
"""

from collections.abc import Iterator

from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "income-differs-from-expenditure"
_SAYS = Message("收入 = 支出", "income equals expenditure")
_WHOLE_OF = {"": "", "fiscal_all": "fiscal"}  # income as a whole -> the fund of its expenditure


@rule(
    title=("收支不平衡", "Income and expenditure do not balance"),
    severity=Severity.ERROR,
    basis=(
        "《中华人民共和国预算法》第三十二条、第三十七条：收支平衡",
        "Budget Law, art. 32 and 37: balanced budgets",
    ),
    mend=(
        "核对收入总计、支出总计和结转数。",
        "Check total income, total expenditure and amounts carried over.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Balances as a whole, per code, and outflow against expenditure."""
    for identity, fact in view.agreed.items():
        if identity.measure == "income":
            other = _spending(view, identity)
            if other is not None:
                yield Relation(CODE, (Term(-1, other), Term(1, fact)), _SAYS)
        elif identity.measure == "outflow":
            yield from _outflow(view, identity, fact)


def _spending(view: View, identity: Identity) -> Fact | None:
    """The outflow that an income must equal; the expenditure itself where nothing is carried over."""
    whole = not identity.function and identity.fund in _WHOLE_OF
    fund = _WHOLE_OF[identity.fund] if whole else identity.fund
    outflow = view.agreed.get(identity._replace(measure="outflow", fund=fund)) if whole else None
    # Only this year's tables tell whether money is carried over: of another year it is not known.
    if outflow is not None or identity.year != view.year or not view.nothing_carried:
        return outflow
    if not whole and not view.is_budget:
        return None
    spent = view.agreed.get(identity._replace(measure="expenditure", fund=fund))
    return spent or view.agreed.get(identity._replace(measure="outflow", fund=fund))


def _outflow(view: View, identity: Identity, fact: Fact) -> Iterator[Outcome]:
    """Total outflow = expenditure + what is carried out, where these stand in different places."""
    agreed = view.agreed
    spent = agreed.get(identity._replace(measure="expenditure"))
    if spent is None:
        return
    carried = [
        found
        for measure in ("carry_out", "surplus")
        if (found := agreed.get(identity._replace(measure=measure))) is not None
    ]
    if not carried and not (view.nothing_carried and identity.year == view.year):
        return  # something is carried out, under a name that is not understood
    terms = (Term(-1, fact), Term(1, spent), *[Term(1, found) for found in carried])
    if len({term.fact.table for term in terms}) > 1:
        yield Relation(CODE, terms, _SAYS)
