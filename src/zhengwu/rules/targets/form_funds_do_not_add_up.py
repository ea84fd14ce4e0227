"""A target form's money does not add up.

Checks: in a form, per period: 资金总额 = 财政拨款 + 其他资金; for a department 资金总额 = 基本支出 + 项目支出.
Why: the form is filled by hand, twice the same amount in two boxes.
Fails: 资金总额 150万元; 财政拨款 140万元; 其他资金 blank
Passes: 资金总额 150万元; 财政拨款 140万元; 其他资金 10万元
Known gaps: none known.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

_SAYS = Message("资金总额 = 各项资金之和", "total funds equal their sources")


@rule(
    title=("绩效目标表资金不平", "The funds of a target form do not add up"),
    severity=Severity.ERROR,
    basis=("财预〔2015〕88号：绩效目标申报表填报要求", "Rules for target forms (2015) No. 88"),
    mend=("核对资金总额与各项来源。", "Check total funds and their sources."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """total = fiscal + other, total = basic + project."""
    for form in view.disclosure.forms:
        for period in ("annual", "midterm"):
            whole = form.funds.get((period, "total"))
            if whole is None:
                continue
            for keys in (("fiscal", "other"), ("basic", "project")):
                parts = [fact for key in keys if (fact := form.funds.get((period, key))) is not None]
                if parts:
                    terms = (Term(-1, whole), *[Term(1, part) for part in parts])
                    yield Relation("form-funds-do-not-add-up", terms, _SAYS)
