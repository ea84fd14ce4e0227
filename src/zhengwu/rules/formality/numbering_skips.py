"""The numbering of headings skips or repeats a number.

Checks: headings of one level under one heading that are numbered 一、二、三 or （一）（二）: each follows the one before.
Why: a skipped number means a part was taken out or left out.
Fails: 一、… 二、… 四、…
Passes: 一、… 二、… 三、…
Known gaps: a sequence that does not begin with one, and numbering of items within a paragraph, are not judged.
"""

import re
from collections.abc import Iterator

from zhengwu.model.disclosure import Section
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.model.number import chinese_count
from zhengwu.recognition.narrative import heading_level
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "numbering-skips"
_NUMBER = re.compile(r"^\s*(?:([一二三四五六七八九十]{1,3})、|[（(]([一二三四五六七八九十]{1,3})[)）])")


@rule(
    title=("标题编号不连续", "The numbering of headings skips or repeats"),
    severity=Severity.WARNING,
    basis=("GB/T 9704 党政机关公文格式：结构层次序数", "GB/T 9704, layout of official documents: numbering of levels"),
    mend=("补齐或改正编号。", "Complete or correct the numbering."),
)
def check(view: View) -> Iterator[Outcome]:
    """Consecutive numbered headings of one level and one parent."""
    last: dict[tuple[tuple[str, ...], int], tuple[int, Section]] = {}
    for section in view.disclosure.sections:
        level = heading_level(section.text)
        match = _NUMBER.match(section.text)
        if level is None or match is None or re.search(r"[.·]{3,}|…", section.text):
            continue
        number = chinese_count(match[1] or match[2])
        if number is None:
            continue
        key = (section.heading, level)
        before = last.get(key)
        last[key] = (number, section)
        if before is None or number == 1:
            continue
        if number == before[0] + 1:
            yield Held(CODE)
            continue
        yield Finding(
            CODE, Severity.WARNING,
            Message(
                f"“{section.text[:30]}”接在“{before[1].text[:30]}”之后，编号不连续。",
                f"“{section.text[:30]}” follows “{before[1].text[:30]}”: the numbering is not consecutive.",
            ),
            (Spot(section.place, section.text[:30]), Spot(before[1].place, before[1].text[:30])),
        )  # fmt: skip
