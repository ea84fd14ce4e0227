"""A statement that every disclosure makes is missing.

Checks: duties, organisation, the three public expenses, operating expenses, procurement, state assets, performance
targets and the explanation of terms are spoken of somewhere in the narrative.
Why: the publication rules name them; a document that has all but one forgot it.
Fails: a full narrative without a word about state assets
Passes: a full narrative with all of them, under whatever headings
Known gaps: judged only where most of the statements are there: an extract or a set of tables is left alone.
"""

import re
from collections.abc import Iterator

from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.recognition.words import squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "required-statement-missing"
_STATEMENTS = (
    ("主要职能", "duties", re.compile(r"职能|职责")),
    (
        "机构设置",
        "organisation",
        re.compile(r"机构设置|内设机构|机构情况|单位构成|部门构成|机构组成|所属单位|处室|科室"),
    ),
    ("“三公”经费", "the three public expenses", re.compile(r"三公|因公出国")),
    ("机关运行经费", "operating expenses", re.compile(r"运行经费|公用经费")),
    ("政府采购", "procurement", re.compile(r"采购")),
    ("国有资产占用", "state assets", re.compile(r"国有资产|固定资产|车辆|设备")),
    ("绩效", "performance targets", re.compile(r"绩效")),
    (
        "名词解释",
        "explanation of terms",
        re.compile(r"名词解释|名称解释|专业名词|术语|专业性较强的名词|是指|：指|:指|指单位|反映"),
    ),
)
_MOST = 6  # of the statements: then the document is a full disclosure
_CONTENTS = re.compile(r"[.·]{3,}|…")


@rule(
    title=("缺少应公开的说明", "A required statement is missing"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：部门预算、决算公开的文字说明",
        "Publication rules (2016) No. 143: statements of a disclosure",
    ),
    mend=("补充该项说明；没有的也要写明“无”。", "Add the statement; where there is none, say so."),
)
def check(view: View) -> Iterator[Outcome]:
    """Statements required against the narrative."""
    if view.disclosure.unread:
        return
    text = "\n".join(squeeze(s.text) for s in view.disclosure.sections if not _CONTENTS.search(s.text))
    found = [bool(pattern.search(text)) for _, _, pattern in _STATEMENTS]
    if sum(found) < _MOST:
        return
    for present, (zh, en, _) in zip(found, _STATEMENTS, strict=True):
        if present:
            yield Held(CODE)
        else:
            yield Finding(
                CODE,
                Severity.WARNING,
                Message(f"全文没有关于“{zh}”的说明。", f"Nothing is said about {en}."),
                (Spot(Place(), zh),),
            )
