"""A target form sets goals for years that are over.

Checks: the period printed beside a goal (中期目标（2021年—2023年）) ends in the document's year or later, and not
before it begins.
Why: last year's form was the draft: its period is overlooked.
Fails: (2021) 中期目标（2020年—2020年）
Passes: (2021) 中期目标（2021年—2023年）
Known gaps: placeholders and formulas (2021+6年) are template text, not years.
"""

import re
from collections.abc import Iterator

from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.recognition.words import squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "target-period-before-year"
_PERIOD = re.compile(r"目标\((20\d\d)年?[-—–―－~～至到]+(20\d\d)年?度?\)")


@rule(
    title=("目标期间早于预算年度", "The period of a goal is over"),
    severity=Severity.ERROR,
    basis=(
        "预算绩效目标管理：中期目标涵盖当年及以后年度",
        "Management of performance targets: mid-term goals cover the year and those after it",
    ),
    mend=("改正目标期间的起止年份。", "Correct the years of the period."),
)
def check(view: View) -> Iterator[Outcome]:
    """Periods in the cells of target forms."""
    if not view.disclosure.year:
        return
    for index, table in enumerate(view.disclosure.tables):
        if table.kind not in ("target_form", "whole_target"):
            continue
        for row in table.rows:
            for cell in row.cells:
                match = _PERIOD.search(squeeze(cell.text)) if cell else None
                if match is None or cell is None:
                    continue
                begin, end = int(match[1]), int(match[2])
                if begin <= end and end >= view.year:
                    yield Held(CODE)
                    continue
                yield Finding(
                    CODE, Severity.ERROR,
                    Message(f"目标期间为{begin}年至{end}年，本文件是{view.year}年的。", f"The goal is set for {begin} to {end}; the document is of {view.year}."),
                    (Spot(cell.place, cell.text.strip(), index),), str(view.year), match[2],
                )  # fmt: skip
