"""Text of the template was left in.

Checks: placeholders (20××年, XX, ……), numbered goals or indicators without content (目标1：), a choice not
made (增加（减少）, 大于/小于), an amount left blank (占 %), a torn 其中； before an amount.
Why: what the form asks for was not filled in, or not deleted.
Fails: 中期目标（20××年—20××+n年）; 目标1：; 增加（减少）10万元
Passes: 中期目标（2021年—2023年）; 目标1：完成平台建设
Known gaps: a blank form that a unit need not fill is a warning, not an error.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "template-text-left-in"
_SEAM = "\n\0\n"  # between texts: no pattern reaches over it
_X = "[×xXＸ✕╳]"
_PATTERNS = (
    ("占位符", "a placeholder", re.compile(
        rf"20{_X}{{2}}|(?<![A-Za-z\d]){_X}{{2,}}(?![A-Za-z]|项目审批)|[○〇Ｏ]{{3,}}"
    )),
    ("空白的目标或指标", "an empty goal or indicator", re.compile(r"(?:目标|指标)\s*\d{1,2}\s*[:：][ 　]*(?=\n|$)")),
    ("省略号", "an ellipsis", re.compile(r"^\s*(?:…{1,2}|\.{6})\s*$", re.MULTILINE)),
    ("未作选择", "a choice not made", re.compile(
        r"(?:增加|增长|上升|增)\s*[（(/]\s*(?:减少|下降|降低|减)\s*[）)]?|(?:减少|下降)\s*[（(/]\s*(?:增加|增长|上升)\s*[）)]?"
    )),
    ("未作选择", "a choice not made", re.compile(
        r"(?:大于|小于|等于|高于|低于)\s*[（(/、]\s*(?:大于|小于|等于|高于|低于|持平)|大小于"
        r"|[（(]或(?:与|和|者)?[^（）()]{0,12}(?:持平|大于|小于|等于)[)）]"
    )),
    ("数额留空", "an amount left blank", re.compile(
        r"(?:占|(?:增加|减少|增长|下降|降低)(?:了)?)\s*(?:[%％]|万元)(?=[，。；、,;）)]|$)"
    )),
    ("“其中”后误用分号", "a semicolon after 其中", re.compile(r"其中\s*[;；]")),
)  # fmt: skip


@rule(
    title=("模板文字未填写或未删除", "Template text was left in"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：公开内容应完整、规范",
        "Publication rules (2016) No. 143: complete and in due form",
    ),
    mend=("填写实际内容，或删除模板文字。", "Fill in what is asked, or delete the template's text."),
)
def check(view: View) -> Iterator[Outcome]:
    """One finding a table (or a paragraph), with every remnant's place."""
    texts = list(_texts(view))
    # All texts are searched at once: a pattern costs one scan, not one a cell.
    whole = _SEAM.join(text for _, _, text in texts)
    begins = list(accumulate((len(text) + len(_SEAM) for _, _, text in texts[:-1]), initial=0))
    found: dict[tuple[int, int | None], list[tuple[str, str, Spot]]] = {}
    for zh, en, pattern in _PATTERNS:
        for match in pattern.finditer(whole):
            index = bisect_right(begins, match.start()) - 1
            table, place, text = texts[index]
            quote = _line(text, match.start() - begins[index], match.end() - begins[index])
            found.setdefault((table, None if table >= 0 else place.line), []).append(
                (zh, en, Spot(place, quote, table))
            )
    for remnants in found.values():
        shown = "、".join(dict.fromkeys(f"“{one.quote}”" for _, _, one in remnants[:6]))
        kinds_zh = "、".join(dict.fromkeys(zh for zh, _, _ in remnants))
        kinds_en = ", ".join(dict.fromkeys(en for _, en, _ in remnants))
        yield Finding(
            CODE,
            Severity.WARNING,
            Message(f"模板文字未处理（{kinds_zh}）：{shown}。", f"Template text left in ({kinds_en}): {shown}."),
            tuple(one for _, _, one in remnants),
        )


def _texts(view: View) -> Iterator[tuple[int, Place, str]]:
    for section in view.disclosure.sections:
        if not re.search(r"[.…·]{4,}", section.text):  # the leaders of a table of contents
            yield -1, section.place, section.text
    for index, table in enumerate(view.disclosure.tables):
        for row in table.rows:
            for cell in row.cells:
                if cell and cell.text:
                    yield index, cell.place, cell.text


def _line(text: str, first: int, last: int) -> str:
    """The line in which ``text[first:last]`` stands, cut to what shows it."""
    begin = text.rfind("\n", 0, first) + 1
    end = text.find("\n", last)
    line = text[begin : end if end >= 0 else len(text)].strip()
    if len(line) <= 30:
        return line or text[first:last].strip()
    return text[max(begin, first - 10) : last + 10].strip()
