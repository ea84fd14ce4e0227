"""A heading, title or date names another year than the document's.

Checks: headings and table titles that name a year's budget or final accounts; the date up to which assets are
stated: the end of the year before or a day of it in a budget, the end of the year itself in final accounts.
Why: last year's document is the draft of this year's; its titles and dates are the last to be renewed.
Fails: (final accounts of 2024) 第三部分 2023年度部门决算情况说明; 截至2023年12月31日
Passes: (final accounts of 2024) 第三部分 2024年度部门决算情况说明; 截至2024年12月31日
Known gaps: headings about execution or evaluation of another year are left alone.
"""

import re
from collections.abc import Iterator

from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.recognition.words import squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "year-is-not-the-documents"
_TITLE = re.compile(r"(20\d\d)年度?[^,，。;；]{0,24}?(预算|决算)[^,，。;；]{0,16}$")
_OTHER_MATTER = re.compile(r"比|较|上年|执行|绩效|评价|自评|对比|变动|办法|通知|规定|目录的")
_AS_OF = re.compile(r"截[至止](20\d\d)年(?:(\d{1,2})月(\d{1,2})日|底|末)")
_LONGEST_TITLE = 50
_BUDGETS_OUT_BY = 4  # the month by which a budget of the year is published
_LEADERS = re.compile(r"\s*[.·…]{2,}\s*\d*\s*$")  # of a line of the contents


@rule(
    title=("标题或日期的年份有误", "A title or date names another year"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：公开当年预算、决算", "Publication rules (2016) No. 143: the year's own documents"),
    mend=("把标题或日期改为本年度。", "Correct the year."),
)
def check(view: View) -> Iterator[Outcome]:
    """Years of titles and of dates."""
    if not view.disclosure.year:
        return
    for table, place, text in _titles(view):
        match = _TITLE.search(squeeze(text))
        if match is None or _OTHER_MATTER.search(text):
            continue
        if int(match[1]) == view.year:
            yield Held(CODE)
            continue
        yield Finding(
            CODE, Severity.ERROR,
            Message(f"“{text}”写的是{match[1]}年，本文件是{view.year}年的。", f"“{text}” says {match[1]}; the document is of {view.year}."),
            (Spot(place, text, table),), str(view.year), match[1],
        )  # fmt: skip
    yield from _dates(view)


def _titles(view: View) -> Iterator[tuple[int, Place, str]]:
    for section in view.disclosure.sections:
        text = _LEADERS.sub("", section.text)
        if len(text) <= _LONGEST_TITLE and not re.search(r"…|[:：]", text):
            yield -1, section.place, text
    in_text = {squeeze(section.text) for section in view.disclosure.sections}
    for index, table in enumerate(view.disclosure.tables):
        if table.title and squeeze(table.title) not in in_text:
            yield index, table.place, table.title


def _dates(view: View) -> Iterator[Outcome]:
    """截至…: what is owned on a day before the budget is made, or at the end of the year (final accounts)."""
    for section in view.disclosure.sections:
        for match in _AS_OF.finditer(re.sub(r"\s", "", section.text)):
            early = match[2] is not None and int(match[2]) <= _BUDGETS_OUT_BY
            allowed = {view.year - 1, view.year} if early else {view.year - 1}
            if int(match[1]) in (allowed if view.is_budget else {view.year}):
                yield Held(CODE)
                continue
            expected = view.year - 1 if view.is_budget else view.year
            yield Finding(
                CODE, Severity.ERROR,
                Message(f"“{match[0]}”的年份与{view.year}年的文件不符。", f"“{match[0]}” does not fit a document of {view.year}."),
                (Spot(section.place, match[0]),), str(expected), match[1],
            )  # fmt: skip
