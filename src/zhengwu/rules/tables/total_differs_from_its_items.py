"""A total differs from the sum of its items.

Checks: In one column: 合计 = the topmost codes or items; 收入总计 = sources; 支出总计 = 本年支出 + 结转下年.
Why: The total is the number that is quoted; it must be the sum of what stands in the table.
Fails: 201 → 60.00; 208 → 50.00; 合计 100.00
Passes: 201 → 60.00; 208 → 50.00; 合计 110.00
Known gaps: where an item with an amount is not understood, the relation is not evaluated and says so.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Severity
from zhengwu.rules.registry import rule
from zhengwu.rules.tables_of_parts import relations_along
from zhengwu.rules.view import View


@rule(
    title=("合计不等于各项之和", "A total differs from the sum of its items"),
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
    return relations_along(view, "total", "total-differs-from-its-items")
