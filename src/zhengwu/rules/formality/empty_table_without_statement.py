"""An empty table without a statement.

Checks: a table without a single amount says so: 无 in it, a zero total, or a note under it.
Why: the public must be able to tell "none" from "forgotten".
Fails: 政府性基金预算支出表: no row, no note
Passes: 政府性基金预算支出表: no row; 注：本部门无政府性基金预算，故本表为空表
Known gaps: a statement elsewhere in the narrative counts for funds and state capital.
"""

import re
from collections.abc import Iterator

from zhengwu.model.finding import Finding, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.model.number import parse_number
from zhengwu.model.table import Table
from zhengwu.recognition.words import squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "empty-table-without-statement"
_NOTHING = re.compile(r"无|没有|未安排|不涉及|为零|空表|(?<![\d.,])0(?:\.0+)?\s*(?:万元|元|。|，|；|$)")
_NONE = re.compile(r"^(?:无|空|没有|本表为空|本表无数据)")
_SUBJECTS = {
    "government_fund": "政府性基金", "government_fund_summary": "政府性基金", "state_capital": "国有资本经营",
    "state_capital_summary": "国有资本经营", "three_public": "三公", "special_transfers": "转移支付",
    "purchased_services": "购买服务", "procurement": "采购",
}  # fmt: skip


@rule(
    title=("空表没有说明", "An empty table without a statement"),
    severity=Severity.WARNING,
    basis=(
        "财预〔2016〕143号：空表应列示并说明",
        "Publication rules (2016) No. 143: empty tables are shown and explained",
    ),
    mend=(
        "在表下注明“本部门无……，故本表为空表”。",
        "State under the table that there is none and that it is empty therefore.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Tables without amounts and without a word about it."""
    for index, table in enumerate(view.disclosure.tables):
        if table.kind in ("target_form", "whole_target", "target_directory", "operating") or not table.kind:
            continue
        if not any(column.role == "amount" for column in table.columns) or _says_something(table):
            continue
        subject = _SUBJECTS.get(table.kind)
        if table.notes or (subject and _narrative_says(view, subject)):
            continue
        yield Finding(
            CODE,
            Severity.WARNING,
            Message(
                f"表{table.number}《{table.title}》没有数据，也没有说明：空表应在表下注明原因。",
                f"Table {table.number} “{table.title}” has no data and no statement: an empty table says why.",
            ),
            (Spot(table.place, table.title, index),),
        )


def _says_something(table: Table) -> bool:
    for row in table.rows:
        for cell in row.cells:
            if cell and (parse_number(cell.text) is not None or _NONE.match(squeeze(cell.text))):
                return True
    return False


def _narrative_says(view: View, subject: str) -> bool:
    return any(subject in section.text and _NOTHING.search(section.text) for section in view.disclosure.sections)
