"""A reason is announced and not given.

Checks: 主要原因(是) followed by nothing but punctuation.
Why: changes must be explained; the template's sentence was left without its end.
Fails: 比上年减少10万元，主要原因是。
Passes: 比上年减少10万元，主要原因是项目完工。
Known gaps: whether a given reason explains anything is for people to judge.
"""

import re
from collections.abc import Iterator

from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "reason-left-empty"
_EMPTY = re.compile(r"(?P<main>主要)?原因(?P<link>(?:是|为|在于|系)?[:：]?\s*(?:是|为)?)\s*(?:[。；;，,]|$)")
_SPOKEN_OF = re.compile(r"(?:说明|分析|写明|列明|无法|阐述)[^，。；]*$")  # reasons are spoken of, not announced


@rule(
    title=("原因留空", "A reason is announced and not given"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：说明增减变化原因",
        "Publication rules (2016) No. 143: give the reasons of changes",
    ),
    mend=("写明增减变化的具体原因。", "Give the reason."),
)
def check(view: View) -> Iterator[Outcome]:
    """Empty reasons in the narrative."""
    for section in view.disclosure.sections:
        for match in _EMPTY.finditer(section.text):
            if not (match["main"] or match["link"].strip()) or _SPOKEN_OF.search(section.text[: match.start()]):
                continue
            if match.end() == len(section.text) and match.group()[-1:] not in "。；":
                continue
            begin = max(section.text.rfind("。", 0, match.start()) + 1, match.start() - 30, 0)
            quote = section.text[begin : match.end()]
            yield Finding(
                CODE,
                Severity.ERROR,
                Message(f"“{quote}”没有写出原因。", f"“{quote}” gives no reason."),
                (Spot(section.place, quote),),
            )
