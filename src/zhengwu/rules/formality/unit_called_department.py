"""A unit's document speaks of a department, or a department's titles of a unit.

Checks: in a document whose title says 单位预算 or 单位决算, "本部门" in sentences and "部门…表" in titles of tables.
Why: the department's document was the draft; a unit is not a department.
Fails: (unit's budget) 本部门2025年收入预算…
Passes: (unit's budget) 本单位2025年收入预算…
Known gaps: the word 部门 in names of classifications (部门预算经济分类) is not meant.
"""

import re
from collections.abc import Iterator

from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.recognition.words import squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "unit-called-department"
_OF_UNIT = re.compile(r"单位(?:20\d\d年度?)?(?:预算|决算)|20\d\d年度?(?:\S级)?单位(?:预算|决算)|预算单位:")
_OF_DEPARTMENT = re.compile(r"部门(?:20\d\d年度?)?(?:预算|决算)|预算主管部门:")
_TITLE = re.compile(r"20\d\d年度?部门(?!预算经济)")
_COVER = 8  # lines of a cover


@rule(
    title=("单位文件中写成“部门”", "A unit's document speaks of a department"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：部门与单位分别公开",
        "Publication rules (2016) No. 143: departments and units publish each their own",
    ),
    mend=("把“本部门”改为“本单位”，表名中的“部门”改为“单位”。", "Say “unit” in sentences and titles."),
)
def check(view: View) -> Iterator[Outcome]:
    """Words for the publisher in a unit's document."""
    cover = [squeeze(section.text) for section in view.disclosure.sections[:_COVER]]
    if not any(_OF_UNIT.search(line) for line in cover) or any(_OF_DEPARTMENT.search(line) for line in cover):
        return
    spots = []
    for section in view.disclosure.sections:
        spots += [Spot(section.place, section.text[max(0, m.start() - 6) : m.end() + 10])
                  for m in re.finditer("本部门", section.text)]  # fmt: skip
    for index, table in enumerate(view.disclosure.tables):
        if table.title and _TITLE.search(squeeze(table.title)):
            spots.append(Spot(table.place, table.title, index))
    if not spots:
        yield Held(CODE)
        return
    yield Finding(
        CODE, Severity.WARNING,
        Message(
            f"这是单位的文件，{len(spots)} 处写成“部门”，如“{spots[0].quote}”。",
            f"This is a unit's document; it speaks of a department in {len(spots)} places, as in “{spots[0].quote}”.",
        ),
        tuple(spots), "单位", "部门",
    )  # fmt: skip
