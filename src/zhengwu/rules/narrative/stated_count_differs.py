"""A stated number of projects is not the number listed.

Checks: purchased services "N个" against the projects of their table; projects with targets "N项" against the
target forms of the document.
Why: the count is typed, the list is generated.
Fails: 政府购买服务项目5个; the table lists 6
Passes: 政府购买服务项目6个; the table lists 6
Known gaps: procurement projects are not listed in these documents and cannot be counted.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Finding, Gap, Outcome, Relation, Severity, Spot, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "stated-count-differs"
_SAYS = Message("写明的个数 = 所列个数", "the number stated is the number listed")


@rule(
    title=("写明的个数与所列不符", "The stated number is not the number listed"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：文字与数据一致", "Publication rules (2016) No. 143: text and data agree"),
    mend=("按所列项目改正个数，或补列项目。", "Correct the number by the list, or complete the list."),
)
def check(view: View) -> Iterator[Outcome]:
    """count stated = count listed."""
    for claim in view.disclosure.claims:
        if claim.kind != "count" or claim.stated is None:
            continue
        listed = _listed(view, claim.subject)
        if listed is None:
            yield Gap(
                CODE,
                Message(
                    f"“{claim.quote}”所指的清单不在本文件中。",
                    f"The list of “{claim.quote}” is not in this document.",
                ),
            )
        elif listed == int(claim.stated.value):
            counted = claim.stated._replace(quote=str(listed))
            yield Relation(CODE, (Term(-1, claim.stated), Term(1, counted)), _SAYS)
        else:
            yield Finding(
                CODE,
                Severity.ERROR,
                Message(
                    f"“{claim.quote}”：文件中列出 {listed} 个。",
                    f"“{claim.quote}”: the document lists {listed}.",
                ),
                (Spot(claim.place, claim.quote),),
                str(listed),
                str(int(claim.stated.value)),
                str(int(claim.stated.value) - listed),
            )


def _listed(view: View, subject: str) -> int | None:
    if subject == "target_forms":
        forms = [form for form in view.disclosure.forms if view.disclosure.tables[form.table].kind == "target_form"]
        return len(forms) or None
    projects = [
        fact
        for fact in view.disclosure.facts
        if fact.table >= 0
        and fact.identity
        and fact.identity.measure == "purchased_services"
        and fact.identity.item.isdecimal()
        and len(fact.identity.item) >= 8
    ]
    return len(projects) or None
