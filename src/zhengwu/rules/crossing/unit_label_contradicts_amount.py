"""A table's unit label contradicts its amounts.

Checks: a table whose amounts agree with the rest of the document only when read in another unit.
Why: 万元 over figures in yuan makes a department ten thousand times as rich.
Fails: 单位：万元 | 资金总额 63,234,665.44; elsewhere 63,234,665.44 元
Passes: 单位：万元 | 资金总额 6,323.47; elsewhere 63,234,665.44 元
Known gaps: needs amounts of the table that are printed elsewhere too.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Gap, Held, Outcome, Severity
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "unit-label-contradicts-amount"


@rule(
    title=("单位标注与数额矛盾", "The unit label contradicts the amounts"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：表格应注明正确的金额单位",
        "Publication rules (2016) No. 143: tables state their money unit",
    ),
    mend=("改正单位标注，或按标注的单位换算数额。", "Correct the label, or convert the amounts to it."),
)
def check(view: View) -> Iterator[Outcome]:
    """Found before all other rules run, which need the right unit: see rules/units.py. Here the tables whose
    unit other places bear out are counted, and those that print no unit are said."""
    compared = {
        fact.table
        for facts in view.by_identity.values()
        if len(facts) > 1 and len({fact.table for fact in facts}) > 1
        for fact in facts
        if fact.value
    }
    for index, table in enumerate(view.disclosure.tables):
        if table.unit_printed:
            if index in compared:
                yield Held(CODE)
        elif any(column.role == "amount" for column in table.columns):
            reason = Message(
                f"表{table.number}《{table.title}》没有金额单位，按“{table.money_unit}”核对。",
                f"Table {table.number} “{table.title}” prints no money unit; it was read in {table.money_unit}.",
            )
            yield Gap(CODE, reason)
