"""An amount differs from the lines of the detail table.

Checks: every expenditure by function, basic/project, fund, and the table of basic expenditure by economic
class, is the sum of the detail table's lines; the three public expenses are its lines of their class.
Why: the detail table is the ledger; all other tables of expenditure follow from it.
Fails: 明细表 2010301 → 60.00 + 50.00; 表三 2010301 100.00
Passes: 明细表 2010301 → 60.00 + 50.00; 表三 2010301 110.00
Known gaps: needs a detail table; by fund only where all income is fiscal appropriation.
"""

from collections import defaultdict
from collections.abc import Iterator

from zhengwu.model.disclosure import Line
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Gap, Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "amount-differs-from-detail"
_SAYS = Message("= 明细表各行之和", "equals the sum of the detail lines")
_PERSONNEL = ("301", "303")
# Departmental economic classes that an item of the three public expenses is spent under.
_THREE_PUBLIC = {
    "abroad": ("30212",), "reception": ("30217",), "car_operation": ("30231",), "car_purchase": ("31013", "30913"),
}  # fmt: skip


@rule(
    title=("与预算明细表不符", "An amount differs from the detail table"),
    severity=Severity.ERROR,
    basis=("部门预算编制口径：各支出表由预算明细汇总产生", "Tables of expenditure are summed up from the detail lines"),
    mend=("由明细表重新汇总，或改正明细表中的一行。", "Sum up from the detail table again, or correct its line."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """Facts against sums of lines."""
    lines = view.detail
    if not lines:
        return
    if any(line.basic is None for line in lines):
        yield Gap(CODE, Message("明细表未写明基本支出或项目支出，按此划分的数未核对。",
                                "The detail table does not tell basic from project expenditure."))  # fmt: skip
    for identity, fact in view.agreed.items():
        terms = _lines_of(view, identity, lines)
        if terms:
            yield Relation(CODE, (Term(-1, fact), *terms), _SAYS)
    yield from _basic_table(view)


def _lines_of(view: View, identity: Identity, lines: tuple[Line, ...]) -> list[Term]:
    if identity.year != view.year or identity.aspect != "amount":
        return []
    if identity.measure == "three_public" and view.only_fiscal:
        classes = _THREE_PUBLIC.get(identity.item, ())
        return [Term(1, line.fact) for line in lines if line.departmental in classes]
    if identity.measure != "expenditure" or identity.item:
        return []
    if identity.fund and not (identity.fund in ("fiscal", "general") and view.only_fiscal and not _other_funds(view)):
        return []
    return [Term(1, line.fact) for line in lines if _belongs(line, identity)]


def _belongs(line: Line, identity: Identity) -> bool:
    if not line.function.startswith(identity.function):
        return False
    if not (line.departmental.startswith(identity.departmental) and line.government.startswith(identity.government)):
        return False
    if not identity.nature:
        return True
    if identity.nature == "project":
        return line.basic is False
    if not line.basic:
        return False
    if identity.nature == "basic":
        return True
    return (identity.nature == "personnel") == line.departmental.startswith(_PERSONNEL)


def _other_funds(view: View) -> bool:
    return any(
        fact.value and identity.fund in ("government_fund", "state_capital") for identity, fact in view.agreed.items()
    )


def _basic_table(view: View) -> Iterator[Outcome]:
    """Lists of basic expenditure by economic class: per pair of classes, both lists add up to the same."""
    if not view.basic_lines or _other_funds(view) or not view.only_fiscal:
        return
    sums: dict[tuple[str, str], tuple[list[Fact], list[Fact]]] = defaultdict(lambda: ([], []))
    for line in view.basic_lines:
        sums[line.government, line.departmental][0].append(line.fact)
    for line in view.detail:
        if line.basic:
            sums[line.government, line.departmental][1].append(line.fact)
    for listed, detailed in sums.values():
        if listed or detailed:
            terms = [Term(-1, fact) for fact in listed] + [Term(1, fact) for fact in detailed]
            yield Relation(CODE, tuple(terms), _SAYS)
