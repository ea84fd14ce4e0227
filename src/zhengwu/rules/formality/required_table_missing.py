"""A required table is missing.

Checks: every table that the document's dialect requires is there.
Why: the publication rules name the tables; an empty one is shown too.
Fails: a budget without the table of government funds
Passes: all tables of the dialect, in whatever order
Known gaps: needs a recognised dialect; of a document that has less than three quarters of its tables, only
the tables that every department must publish are required. Where a part of the document could not be read, or
a table's title was not understood, what is missing is not evaluated.
"""

from collections.abc import Iterator

from zhengwu.dialects import dialects
from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Gap, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "required-table-missing"
# 财预〔2016〕143号 names these for every department; the others are a province's own.
_EVERYWHERE = (
    "summary", "income", "expenditure", "fiscal_summary", "general_expenditure", "general_basic", "three_public",
    "government_fund",
)  # fmt: skip
# A table that may stand for another: the same subject, with income beside expenditure or for another fund.
_INSTEAD = {
    "government_fund": ("government_fund_summary",), "government_fund_summary": ("government_fund",),
    "state_capital": ("state_capital_summary",), "state_capital_summary": ("state_capital",),
    "general_basic": ("basic",), "general_expenditure": ("fiscal_expenditure",),
}  # fmt: skip
_LIKE = 0.75


@rule(
    title=("缺少应公开的报表", "A required table is missing"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：部门预算公开报表",
        "Publication rules (2016) No. 143: tables of a department's budget",
    ),
    mend=(
        "补充该表；没有数据的也要列出空表并说明。",
        "Add the table; an empty one is shown with a statement.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Kinds of tables required against kinds found."""
    dialect = next((one for one in dialects() if one.key == view.disclosure.dialect), None)
    if dialect is None:
        return
    kinds = {table.kind for table in view.disclosure.tables}
    required = [spec for spec in dialect.tables if spec.required]
    found = [spec for spec in required if kinds.intersection((spec.kind, *_INSTEAD.get(spec.kind, ())))]
    if found:
        yield Held(CODE, len(found))
    alike = len(found) >= _LIKE * len(required)
    for spec in required:
        if spec in found or not (alike or spec.kind in _EVERYWHERE):
            continue
        if view.disclosure.unread or _unknown_table(view):
            yield Gap(
                CODE,
                Message(
                    f"没有找到表{spec.number}《{spec.title}》，但文件有未能读取或未能识别的报表，是否缺少未作判断。",
                    f"Table {spec.number} “{spec.title}” was not found, but a part of the document was not read "
                    "or understood: whether it is missing was not decided.",
                ),
            )
            continue
        yield Finding(
            CODE,
            Severity.WARNING,
            Message(
                f"没有找到表{spec.number}《{spec.title}》：应公开，没有数据也要列出空表并说明。",
                f"Table {spec.number} “{spec.title}” was not found: it must be shown, if empty with a statement.",
            ),
            (Spot(Place(), spec.title),),
        )


def _unknown_table(view: View) -> bool:
    """Whether a table with amounts and a title of its own was not understood."""
    return any(
        not table.kind and table.title and any(column.role == "amount" for column in table.columns)
        for table in view.disclosure.tables
    )
