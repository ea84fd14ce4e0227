"""A target form's money does not add up.

Checks: in a form, per period: 资金总额 = 财政拨款 + 其他资金; for a department 资金总额 = 基本支出 + 项目支出 (+ 其他支出).
Why: the form is filled by hand, twice the same amount in two boxes.
Fails: 资金总额 150万元; 财政拨款 140万元; 其他资金 blank
Passes: 资金总额 150万元; 财政拨款 140万元; 其他资金 10万元
Known gaps: where the form names a source that is not understood, only "not more than the total" is checked.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.model.number import parse_number
from zhengwu.model.table import Table
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

# What makes up the total, and how many of these must be printed: a blank source is no money.
_SIDES = ((("fiscal", "other"), 1), (("basic", "project", "rest"), 2))
_FUND_ROWS = 14
_SOURCES = re.compile(r"结转|结余|上级|自有|自筹|单位资金|专户|债券|债务|配套|社会|贷款|基金|国有资本")
_SAYS = Message("资金总额 = 各项资金之和", "total funds equal their sources")


@rule(
    title=("绩效目标表资金不平", "The funds of a target form do not add up"),
    severity=Severity.ERROR,
    basis=("财预〔2015〕88号：绩效目标申报表填报要求", "Rules for target forms (2015) No. 88"),
    mend=("核对资金总额与各项来源。", "Check total funds and their sources."),
)
def check(view: View) -> Iterator[Outcome]:
    """total = fiscal + other, total = basic + project."""
    for form in view.disclosure.forms:
        table = view.disclosure.tables[form.table]
        for period in ("annual", "midterm"):
            whole = form.funds.get((period, "total"))
            if whole is None:
                continue
            for keys, least in _SIDES:
                parts = [fact for key in keys if (fact := form.funds.get((period, key))) is not None]
                if len(parts) < least:
                    continue
                bound = sum(part.value for part in parts) != whole.value and _other_source(table)
                terms = (Term(-1, whole), *[Term(1, part) for part in parts])
                yield Relation("form-funds-do-not-add-up", terms, _SAYS, bound=bound)


def _other_source(table: Table) -> bool:
    """Whether the form names a source of money beyond appropriation and 其他资金, with an amount."""
    for row in table.rows[:_FUND_ROWS]:
        cells = [cell for cell in row.cells if cell]
        for label, value in pairwise(cells):
            number = parse_number(value.text)
            if number is not None and number.value and _SOURCES.search(label.text):
                return True
    return False
