"""A required table is missing.

Checks: every table that the document's dialect requires is there.
Why: the publication rules name the tables; an empty one is shown too.
Fails: a budget without the table of government funds
Passes: all tables of the dialect, in whatever order
Known gaps: needs a recognised dialect.
"""

from collections.abc import Iterator

from zhengwu.dialects import dialects
from zhengwu.model.document import Place
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Outcome, Relation, Severity, Spot, Term
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "required-table-missing"


@rule(
    title=("缺少应公开的报表", "A required table is missing"),
    severity=Severity.WARNING,
    basis=("财预〔2016〕143号：部门预算公开报表", "Publication rules (2016) No. 143: tables of a department's budget"),
    mend=("补充该表；没有数据的也要列出空表并说明。", "Add the table; an empty one is shown with a statement."),
)
def RULE(view: View) -> Iterator[Outcome]:
    """Kinds of tables required against kinds found."""
    dialect = next((one for one in dialects() if one.key == view.disclosure.dialect), None)
    if dialect is None:
        return
    found = {table.kind for table in view.disclosure.tables}
    for spec in dialect.tables:
        if not spec.required:
            continue
        if spec.kind in found:
            from decimal import Decimal

            one = Fact(Decimal(1), Decimal(1), None, Place(), spec.title)
            yield Relation(CODE, (Term(-1, one), Term(1, one)), Message("已公开", "present"))
        else:
            yield Finding(
                CODE,
                Severity.WARNING,
                Message(f"没有找到表{spec.number}《{spec.title}》。", f"Table {spec.number} “{spec.title}” was not found."),
                (Spot(Place(), spec.title),),
            )
