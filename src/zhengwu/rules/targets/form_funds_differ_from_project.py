"""A target form's annual funds differ from the project's budget.

Checks: the annual funds of a form = the project's lines in the detail table; the form's project exists there.
Why: the target is promised for that money.
Fails: 明细表 网站运维 1,500,000.00; 目标表 网站运维 年度资金总额 160万元
Passes: 明细表 网站运维 1,500,000.00; 目标表 网站运维 年度资金总额 150万元
Known gaps: needs a detail table that names the projects of forms. Where a form has other funds too, the
detail table may list the appropriation or all: the nearer of the two must agree.
"""

from collections.abc import Iterator
from decimal import Decimal

from zhengwu.model.disclosure import TargetForm
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Gap, Outcome, Relation, Severity, Spot, Term
from zhengwu.model.message import Message
from zhengwu.rules.names import plain, same_project
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "form-funds-differ-from-project"
_SAYS = Message("目标表年度资金 = 明细表项目金额", "a form's annual funds equal the project's budget")


@rule(
    title=("绩效目标表资金与项目预算不符", "The funds of a target form differ from the project's budget"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2015〕88号：绩效目标与预算一并申报",
        "Rules for target forms (2015) No. 88: targets go with the budget",
    ),
    mend=("使目标表的年度资金与预算明细一致。", "Make the form's annual funds equal the detail table's."),
)
def check(view: View) -> Iterator[Outcome]:
    """annual funds = detail lines of the project; forms of one project are added up."""
    tables = view.disclosure.tables
    by_project: dict[str, list[TargetForm]] = {}
    for form in view.disclosure.forms:
        if tables[form.table].kind == "target_form":
            by_project.setdefault(plain(form.project), []).append(form)
    if not by_project:
        return
    budgeted: dict[str, list[Fact]] = {}
    for line in view.detail:
        if line.basic is not True:
            budgeted.setdefault(plain(line.project), []).append(line.fact)
    known = {name: _lines(name, budgeted) for name in by_project if name}
    if not any(known.values()):
        yield _gap("没有列明这些项目的预算明细表，目标表资金未核对。",
                   "No detail table names the projects of the forms; their funds were not compared.")  # fmt: skip
        return
    for name, forms in by_project.items():
        lines = known.get(name, [])
        funds = [_annual(form, lines) for form in forms]
        if not name or any(fund is None for fund in funds):
            place = f"{tables[forms[0].table].number or forms[0].table + 1}"
            yield _gap(f"表{place}没有读到项目名称或年度资金，未核对。",
                       f"Table {place}: the project's name or its annual funds were not read.")  # fmt: skip
        elif not lines:
            yield _unknown(forms[0])
        else:
            terms = [Term(-1, fund) for fund in funds if fund] + [Term(1, line) for line in lines]
            yield Relation(CODE, tuple(terms), _SAYS)


def _lines(name: str, budgeted: dict[str, list[Fact]]) -> list[Fact]:
    """The detail lines of a project, by its name or by a name that the page has cut."""
    if name in budgeted:
        return budgeted[name]
    alike = [lines for other, lines in budgeted.items() if same_project(name, other)]
    return alike[0] if len(alike) == 1 else []


def _annual(form: TargetForm, lines: list[Fact]) -> Fact | None:
    """The year's money: in all, or from appropriation where that is what the detail table lists."""
    total, fiscal = form.funds.get(("annual", "total")), form.funds.get(("annual", "fiscal"))
    other = form.funds.get(("annual", "other"))
    if total is None or fiscal is None or other is None or not other.value:
        return total or fiscal
    listed = sum((line.value for line in lines), Decimal(0))
    return min(total, fiscal, key=lambda fact: abs(fact.value - listed))


def _gap(zh: str, en: str) -> Gap:
    return Gap(CODE, Message(zh, en))


def _unknown(form: TargetForm) -> Finding:
    return Finding(
        CODE,
        Severity.ERROR,
        Message(
            f"绩效目标表的项目“{form.project}”不在预算明细表之中：应与明细表的项目名称一致。",
            f"The project “{form.project}” of a target form is not in the detail table, which must name it.",
        ),
        (Spot(form.project_place, form.project, form.table),),
    )
