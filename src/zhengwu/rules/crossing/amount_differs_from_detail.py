"""An amount differs from the lines of the detail table.

Checks: every expenditure by function, basic/project, fund, and the table of basic expenditure by economic
class, is the sum of the detail table's lines; the three public expenses are its lines of their class.
Why: the detail table is the ledger; all other tables of expenditure follow from it.
Fails: 明细表 2010301 → 60.00 + 50.00; 表三 2010301 100.00
Passes: 明细表 2010301 → 60.00 + 50.00; 表三 2010301 110.00
Known gaps: needs a detail table, and evaluates only what that table covers: one that lists projects only, or
one fund only, is compared with these alone; by fund only where all income is fiscal appropriation.
"""

from collections import defaultdict
from collections.abc import Iterator

from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.detail_scope import Detail
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "amount-differs-from-detail"
_SAYS = Message("= 明细表各行之和", "equals the sum of the detail lines")
# Departmental economic classes that an item of the three public expenses is spent under.
_THREE_PUBLIC = {
    "abroad": ("30212",), "reception": ("30217",), "car_operation": ("30231",), "car_purchase": ("31013", "30913"),
}  # fmt: skip


@rule(
    title=("与预算明细表不符", "An amount differs from the detail table"),
    severity=Severity.ERROR,
    basis=(
        "部门预算编制口径：各支出表由预算明细汇总产生",
        "Tables of expenditure are summed up from the detail lines",
    ),
    mend=(
        "由明细表重新汇总，或改正明细表中的一行。",
        "Sum up from the detail table again, or correct its line.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Facts against sums of lines."""
    if not view.detail:
        return
    detail = Detail(view)
    if not detail.told:
        yield _gap(
            "明细表未写明基本支出或项目支出，按此划分的数未核对。",
            "The detail table does not tell basic from project expenditure: amounts by these were not checked.",
        )
    if not detail.scopes:
        yield _gap(
            "明细表各行之和与支出总数、基本支出、项目支出都不一致，可能只列了部分支出，未逐项核对。",
            "The detail lines add up to neither the total, the basic nor the project expenditure: "
            "they may be a part of it and were not compared.",
        )
    elif not any(scope.nature == "" for scope in detail.scopes):
        yield _gap(
            "明细表只列了部分支出，只核对了这一部分。",
            "The detail table lists a part of the expenditure only; only that part was compared.",
        )
    for identity, fact in view.agreed.items():
        if identity.year != view.year or identity.aspect != "amount" or identity.stage != view.stage:
            continue
        if identity.measure == "three_public":
            yield from _three_public(view, detail, identity, fact)
        elif identity.measure == "expenditure" and not identity.item and detail.covers(identity):
            lines = detail.lines_of(identity)
            if lines:
                yield Relation(CODE, (Term(-1, fact), *[Term(1, line) for line in lines]), _SAYS)
    yield from _totals(view, detail)
    yield from _basic_table(view, detail)


def _totals(view: View, detail: Detail) -> Iterator[Outcome]:
    """The detail table's own total against the expenditure that its lines cover."""
    whole = Identity("expenditure", view.year, view.stage)
    for nature in ("", "project"):
        spent = view.agreed.get(whole._replace(nature=nature))
        if spent is not None and detail.covers(whole._replace(nature=nature)):
            for fact in detail.totals:
                yield Relation(CODE, (Term(-1, fact), Term(1, spent)), _SAYS)
            return


def _gap(zh: str, en: str) -> Gap:
    return Gap(CODE, Message(zh, en))


def _three_public(view: View, detail: Detail, identity: Identity, fact: Fact) -> Iterator[Outcome]:
    """An item's lines; where a line has no full economic class, the item may hold more than they do."""
    classes = _THREE_PUBLIC.get(identity.item, ())
    lines = [line for line in detail.lines if line.departmental in classes]
    if lines and detail.covers(Identity("expenditure", view.year, view.stage, fund="general")):
        bound = any(len(line.departmental) < 5 for line in detail.lines)
        terms = (Term(-1, fact), *[Term(1, line.fact) for line in lines])
        yield Relation(CODE, terms, _SAYS, bound=bound)


def _basic_table(view: View, detail: Detail) -> Iterator[Outcome]:
    """Lists of basic expenditure by economic class: per pair of classes, both lists add up to the same."""
    if not view.basic_lines or not detail.told:
        return
    if not detail.covers(Identity("expenditure", view.year, fund="general", nature="basic")):
        return
    sums: dict[tuple[str, str], tuple[list[Fact], list[Fact]]] = defaultdict(lambda: ([], []))
    for line in view.basic_lines:
        sums[line.government, line.departmental][0].append(line.fact)
    for line in detail.lines:
        if line.basic:
            sums[line.government, line.departmental][1].append(line.fact)
    for listed, detailed in sums.values():
        terms = [Term(-1, fact) for fact in listed] + [Term(1, fact) for fact in detailed]
        yield Relation(CODE, tuple(terms), _SAYS)
