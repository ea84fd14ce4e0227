"""A department's amounts differ from the sum of its units.

Checks: with the documents of a department's units of the same year (``--with``): each amount of the department
(totals, income by source, each 类/款/项, basic and project, economic classes, the three public expenses) is the
sum of its units' amounts; of a single unit it is that unit's.
Why: the department's document is compiled from its units'; both are published, by different hands.
Fails: department 201 100.00; unit A 201 60.00; unit B 201 50.00
Passes: department 201 110.00; unit A 201 60.00; unit B 201 50.00
Known gaps: when a unit that the department lists is not given, or a unit's amount cannot be told, the others may
only not exceed the department; money that units pay each other is in no sum: with it only fiscal amounts count.
"""

from collections.abc import Iterator

from zhengwu.model.fact import Fact
from zhengwu.model.finding import Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.set_amounts import Amounts, is_comparable, is_fiscal, moved_inside
from zhengwu.rules.set_view import Department, SetView

CODE = "units-do-not-add-up-to-department"
_SUM = Message("部门 = 所属各预算单位之和", "the department equals the sum of its units")
_PART = Message("单位不超过部门", "units do not exceed their department")
_MOST_NAMED = 6


@rule(
    title=("部门与所属单位之和不符", "A department differs from the sum of its units"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：部门预决算为本部门及所属单位的汇总",
        "Publication rules (2016) No. 143: a department's figures are those of its own office and its units",
    ),
    mend=(
        "由各单位公开的数重新汇总部门数，或改正不符的单位。",
        "Sum the department up from its units again, or correct the unit that differs.",
    ),
)
def check(view: SetView) -> Iterator[Outcome]:
    """Each agreed amount of the department against those of its units."""
    group = view.department
    if group is None:
        return
    if not group.complete:
        yield Gap(CODE, _why_bound(group))
    whole = group.whole.view
    inside = any(moved_inside(member.view) for member in (group.whole, *group.units))
    if inside:
        yield Gap(
            CODE,
            Message(
                "有上级补助、附属单位上缴等内部往来，汇总时要抵销：只核对了财政拨款的数。",
                "Units and their superior pay each other, which a department's total leaves out: "
                "only fiscal appropriation was compared.",
            ),
        )
    units = [Amounts(unit.view) for unit in group.units]
    for identity, fact in whole.agreed.items():
        if not is_comparable(identity) or identity.year != whole.year or (inside and not is_fiscal(identity)):
            continue
        parts: list[Fact] = []
        complete = group.complete
        for amounts in units:
            part, known = amounts.known(identity)
            complete = complete and known
            if part is not None:
                parts.append(part)
        terms = (Term(-1, fact), *[Term(1, part) for part in parts])
        concerned = any(not term.fact.document for term in terms)  # else it is a matter of other documents
        if parts and concerned and (complete or all(part.value >= 0 for part in parts)):
            yield Relation(CODE, terms, _SUM if complete else _PART, bound=not complete)


def _why_bound(group: Department) -> Message:
    names = "、".join(group.missing[:_MOST_NAMED])
    if not names:
        return Message(
            "部门文件没有写全所属预算单位，不能判断单位是否齐全：只核对了单位不超过部门。",
            "The department's document does not list all its units: whether all are given cannot be told, "
            "and units were only held not to exceed it.",
        )
    more = " 等" if len(group.missing) > _MOST_NAMED else ""
    return Message(
        f"没有给出全部所属单位（缺{names}{more}）：只核对了单位不超过部门。",
        f"Not all units are given ({len(group.missing)} missing: “{names}”): units were only held not to exceed "
        "the department.",
    )
