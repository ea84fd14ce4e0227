"""A target form's annual funds differ from the project's budget.

Checks: the annual funds of a form = the project's lines in the detail table; the form's project exists there.
Why: the target is promised for that money.
Fails: 明细表 网站运维 1,500,000.00; 目标表 网站运维 年度资金总额 160万元
Passes: 明细表 网站运维 1,500,000.00; 目标表 网站运维 年度资金总额 150万元
Known gaps: needs a detail table with project names.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Finding, Gap, Outcome, Relation, Severity, Spot, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "form-funds-differ-from-project"
_SAYS = Message("目标表年度资金 = 明细表项目金额", "a form's annual funds equal the project's budget")


@rule(
    title=("绩效目标表资金与项目预算不符", "The funds of a target form differ from the project's budget"),
    severity=Severity.ERROR,
    basis=("财预〔2015〕88号：绩效目标与预算一并申报", "Rules for target forms (2015) No. 88: targets go with the budget"),
    mend=("使目标表的年度资金与预算明细一致。", "Make the form's annual funds equal the detail table's."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """annual total = detail lines of the project."""
    forms = [form for form in view.disclosure.forms if view.disclosure.tables[form.table].kind == "target_form"]
    if not forms:
        return
    if not view.detail:
        yield Gap(CODE, Message("没有预算明细表，目标表资金无从核对。", "There is no detail table to compare with."))
        return
    for form in forms:
        funds = form.funds.get(("annual", "total")) or form.funds.get(("annual", "fiscal"))
        lines = [line.fact for line in view.detail if line.project == form.project]
        if not form.project or funds is None:
            yield Gap(CODE, Message(f"第{form.table + 1}张表没有项目名称或年度资金。", "A form lacks its project or its annual funds."))
        elif not lines:
            yield Finding(
                CODE,
                Severity.ERROR,
                Message(
                    f"绩效目标表的项目“{form.project}”不在预算明细表之中。",
                    f"The project “{form.project}” of a target form is not in the detail table.",
                ),
                (Spot(form.project_place, form.project, form.table),),
            )
        else:
            yield Relation(CODE, (Term(-1, funds), *[Term(1, line) for line in lines]), _SAYS)
