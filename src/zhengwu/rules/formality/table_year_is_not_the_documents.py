"""A table's caption or column names another year than the document's.

Checks: the year that stands alone under a table's title (（2021年度）) is the document's; columns N年预算数 of a
budget are those of the year and of the year before, each once.
Why: tables are copied from last year's file: the year under the title and in the columns is the last to be renewed.
Fails: (budget of 2021) 项目支出绩效目标申报表 （2020年度）; columns 2020年预算数, 2020年预算数
Passes: (budget of 2021) 项目支出绩效目标申报表 （2021年度）; columns 2020年预算数, 2021年预算数
Known gaps: columns of executed or final amounts may be of any year.
"""

import re
from collections import Counter
from collections.abc import Iterator

from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.model.table import Table
from zhengwu.recognition.words import squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "table-year-is-not-the-documents"
_ALONE = re.compile(r"\(?(20\d\d)年度?\)?")
_COLUMN = re.compile(r"(20\d\d)年度?预算(?:数|额|金额)?")


@rule(
    title=("表中标注的年份有误", "A table names another year"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：公开当年预算、决算", "Publication rules (2016) No. 143: the year's own documents"),
    mend=("把表内标注的年份改为本年度。", "Correct the year printed in the table."),
)
def check(view: View) -> Iterator[Outcome]:
    """Years of captions and columns."""
    if not view.disclosure.year:
        return
    for index, table in enumerate(view.disclosure.tables):
        yield from _captions(view, index, table)
        if view.is_budget and table.kind:
            yield from _columns(view, index, table)


def _captions(view: View, index: int, table: Table) -> Iterator[Outcome]:
    for caption in table.captions:
        match = _ALONE.fullmatch(squeeze(caption.text))
        if match is None:
            continue
        if int(match[1]) == view.year:
            yield Held(CODE)
        else:
            yield _finding(view, index, caption.place, caption.text.strip(), match[1])


def _columns(view: View, index: int, table: Table) -> Iterator[Outcome]:
    """Columns of budgets: of the year or the year before, and not both of two beside each other of one year."""
    cells = [
        (int(match[1]), cell.place, cell.text.strip())
        for row in table.header
        for cell in row
        if (match := _COLUMN.fullmatch(squeeze(cell.text)))
    ]
    if not cells:
        return
    wrong = [one for one in cells if one[0] not in (view.year - 1, view.year)]
    labels = Counter(
        (column.group, column.label)
        for column in table.columns
        if column.label and _COLUMN.fullmatch(squeeze(column.label[-1]))
    )
    if not wrong and max(labels.values(), default=0) > 1 and len({year for year, _, _ in cells}) == 1:
        wrong = [cells[0] if cells[0][0] == view.year else cells[-1]]
    for year, place, text in wrong:
        yield _finding(view, index, place, text, str(year))
    if not wrong:
        yield Held(CODE)


def _finding(view: View, index: int, place: Place, text: str, year: str) -> Finding:
    table = view.disclosure.tables[index]
    return Finding(
        CODE,
        Severity.ERROR,
        Message(
            f"表{table.number}《{table.title}》标注的“{text}”与{view.year}年的文件不符。",
            f"“{text}” in table {table.number} “{table.title}” does not fit a document of {view.year}.",
        ),
        (Spot(place, text, index),),
        str(view.year),
        year,
    )
