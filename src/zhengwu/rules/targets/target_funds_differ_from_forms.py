"""The stated sum of project funds with targets differs from the forms.

Checks: "涉及…X元" of the projects with targets = the annual funds of all target forms of the document.
Why: the sum is quoted as the share of money with targets.
Fails: 目标表 150万元, 340万元; 正文 涉及资金500万元
Passes: 目标表 150万元, 340万元; 正文 涉及资金490万元
Known gaps: equal only where the document holds all its forms: their number is the number stated. Else the
forms that are there may not need more than is stated.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "target-funds-differ-from-forms"
_SAYS = Message("申报绩效目标的资金 = 各目标表资金之和", "funds with targets equal the sum of the forms")


@rule(
    title=("绩效目标涉及资金与目标表不符", "The funds with targets differ from the forms"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2015〕88号：绩效目标随预算公开",
        "Rules for target forms (2015) No. 88: targets are published with the budget",
    ),
    mend=("用各目标表的年度资金重新合计。", "Add up the annual funds of the forms again."),
)
def check(view: View) -> Iterator[Outcome]:
    """stated = sum of forms."""
    stated = view.found("targets")
    if stated is None:
        return
    forms = [form for form in view.disclosure.forms if view.disclosure.tables[form.table].kind == "target_form"]
    funds = [fact for form in forms if (fact := form.funds.get(("annual", "total"))) is not None]
    if not funds:
        yield _gap("目标表不在本文件中，涉及资金未核对。", "The forms are not in this document.")
        return
    if len(funds) < len(forms):
        yield _gap("有的目标表没有读到年度资金，涉及资金未核对。", "The annual funds of some forms were not read.")
        return
    counts = {
        int(claim.stated.value)
        for claim in view.disclosure.claims
        if claim.kind == "count" and claim.subject == "target_forms" and claim.stated is not None
    }
    terms = (Term(-1, stated), *[Term(1, fact) for fact in funds])
    yield Relation(CODE, terms, _SAYS, bound=counts != {len(forms)})


def _gap(zh: str, en: str) -> Gap:
    return Gap(CODE, Message(zh, en))
