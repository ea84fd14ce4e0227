"""Punctuation is doubled, or a quote is not closed.

Checks: 。。 ，， 、、 and the like in the narrative; quotation marks and brackets of a paragraph that do not pair.
Why: the traces of hasty editing are what citizens see first.
Fails: 包括一般公共预算财政拨款。。
Passes: 包括一般公共预算财政拨款。
Known gaps: list numbering such as 1） is not taken for an unpaired bracket; nor a paragraph that a page
breaks in two.
"""

import re
from collections.abc import Iterator

from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "punctuation-doubled"
_DOUBLED = re.compile(r"。。|，，|；；|、、|：：|[，、；][。，；、]|。[，、；]")
_LIST_NUMBER = re.compile(r"(?:^|[。；;：:，,、\s])[\d一二三四五六七八九十]{1,3}[)）]")


@rule(
    title=("标点重复或不成对", "Punctuation is doubled or unpaired"),
    severity=Severity.WARNING,
    basis=("GB/T 15834 标点符号用法", "GB/T 15834, use of punctuation marks"),
    mend=("删除重复的标点，补齐引号或括号。", "Delete the doubled mark; close the quote or bracket."),
)
def check(view: View) -> Iterator[Outcome]:
    """Doubled marks and unpaired quotes, a finding a paragraph."""
    sections = view.disclosure.sections
    for number, section in enumerate(sections):
        text = section.text
        doubled = list(_DOUBLED.finditer(text))
        if doubled:
            quotes = [text[max(0, m.start() - 12) : m.end() + 6] for m in doubled]
            shown = "、".join(f"“{quote}”" for quote in quotes[:3])
            yield Finding(
                CODE, Severity.WARNING,
                Message(f"标点重复：{shown}。", f"Doubled punctuation: {shown}."),
                tuple(Spot(section.place, quote) for quote in quotes),
            )  # fmt: skip
        unpaired = _unpaired(text)
        if unpaired and not _goes_on([near.text for near in sections[max(0, number - 1) : number + 2]], text):
            yield Finding(
                CODE, Severity.WARNING,
                Message(f"“{unpaired}”不成对：{text[:40]}…", f"“{unpaired}” is not paired: {text[:40]}…"),
                (Spot(section.place, text[:60]),),
            )  # fmt: skip


def _goes_on(near: list[str], text: str) -> bool:
    """Whether the paragraph is broken in two (over a page): with one of its neighbours all marks pair."""
    here = near.index(text)
    joined = ["".join(near[max(0, here - 1) : here + 1])] * (here > 0) + ["".join(near[here : here + 2])]
    return any(len(whole) > len(text) and not _unpaired(whole) for whole in joined)


def _unpaired(text: str) -> str:
    plain = _LIST_NUMBER.sub("", text)
    if plain.count("“") != plain.count("”"):
        return "“”"
    opened = plain.count("（") + plain.count("(")
    closed = plain.count("）") + plain.count(")")
    return "（）" if opened != closed else ""
