"""A slip of the pen that a word processor does not mark.

Checks: a short list of slips that are wrong wherever they stand: a copula twice, a wrong measure word behind a
number, a year without its 年 before 部门预算, a satisfaction rate without 满意, a unit twice.
Why: they show that a text was not read again before it was published.
Fails: 主要是原因是基数调整; 展板30快; 2021部门预算
Passes: 主要原因是基数调整; 展板30块; 2021年部门预算
Known gaps: only the listed slips; what is wrong in its sentence alone needs a reader.
"""

import re
from collections.abc import Iterator

from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "words-mistyped"
# What is printed, what is meant. Each is wrong in every sentence: no word that is only unusual.
_SLIPS = (
    (re.compile(r"主要是原因是?|主要原因是是"), "主要原因是"),
    (re.compile(r"\d+快(?=[、，。；,;\s]|$)"), "…块"),
    (re.compile(r"(?<![\d.\-－—/])20\d\d(?=(?:部门|单位)(?:预算|决算))"), "…年"),
    (re.compile(r"(?:人员|市民|群众|对象|用户|公众|企业)度(?=大于|不低于|高于|达到|[≥>＞])"), "…满意度"),
    (re.compile(r"\d(?:万元|亿元|元)(?:万元|亿元|元)"), "…万元"),
)


@rule(
    title=("错别字或漏字", "Words mistyped"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：公开内容应完整、规范",
        "Publication rules (2016) No. 143: complete and in due form",
    ),
    mend=("改正该处文字。", "Correct the word."),
)
def check(view: View) -> Iterator[Outcome]:
    """One finding a slip, with every place of it in its paragraph or table."""
    found: dict[tuple[int, int | None, str], list[Spot]] = {}
    texts = list(_texts(view))
    whole = "\n".join(text for _, _, text in texts)  # searched at once: most documents hold no slip
    slips = [slip for slip in _SLIPS if slip[0].search(whole)]
    for table, place, text in texts if slips else ():
        for pattern, meant in slips:
            for match in pattern.finditer(text):
                quote = text[match.start() : match.end() + 2].strip()
                found.setdefault((table, None if table >= 0 else place.line, meant), []).append(
                    Spot(place, quote, table)
                )
    for (_, _, meant), spots in found.items():
        shown = "、".join(dict.fromkeys(f"“{spot.quote}”" for spot in spots))
        yield Finding(
            CODE,
            Severity.WARNING,
            Message(f"{shown}似有错字或漏字，应为“{meant}”。", f"{shown} is mistyped: “{meant}” is meant."),
            tuple(spots),
            meant,
            spots[0].quote,
        )


def _texts(view: View) -> Iterator[tuple[int, Place, str]]:
    for section in view.disclosure.sections:
        yield -1, section.place, section.text
    for index, table in enumerate(view.disclosure.tables):
        for row in table.rows:
            for cell in row.cells:
                if cell and cell.text:
                    yield index, cell.place, cell.text
