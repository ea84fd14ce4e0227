"""A row total differs from the sum of its columns.

Checks: In one row: 合计 = 基本支出 + 项目支出 + …; a fund = its parts; the three public expenses = their items.
Why: Whoever reads a row relies on its total. A single digit or a shifted column breaks it.
Fails: 合计 100.00 | 基本支出 60.00 | 项目支出 50.00
Passes: 合计 110.00 | 基本支出 60.00 | 项目支出 50.00
Known gaps: where an item with an amount is not understood, the relation is not evaluated and says so.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Severity
from zhengwu.rules.registry import rule
from zhengwu.rules.tables_of_parts import relations_along
from zhengwu.rules.view import View


@rule(
    title=("行内合计不等于各列之和", "A row total differs from the sum of its columns"),
    severity=Severity.ERROR,
    basis=(
        "部门预算报表填报口径：表内合计与分项平衡",
        "Filling rules of the budget tables: totals equal their parts",
    ),
    mend=(
        "对照预算系统核对本行（列）各数，改正录入或错位的一格。",
        "Compare with the budget system and correct the mistyped or shifted cell.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Relations of the tables' parts along one axis."""
    return relations_along(view, "row", "row-total-differs-from-its-columns")
