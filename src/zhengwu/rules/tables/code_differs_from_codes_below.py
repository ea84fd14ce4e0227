"""A code differs from the sum of the codes below it.

Checks: In one column: a 类 = its 款, a 款 = its 项, an item of the three public expenses = its parts.
Why: The classification is a tree: whatever is spent under a code is spent under one of its children.
Fails: 201 → 100.00; 20101 → 60.00; 20102 → 50.00
Passes: 201 → 110.00; 20101 → 60.00; 20102 → 50.00
Known gaps: where an item with an amount is not understood, the relation is not evaluated and says so.
"""

from collections.abc import Iterator

from zhengwu.model.finding import Outcome, Severity
from zhengwu.rules.registry import rule
from zhengwu.rules.tables_of_parts import relations_along
from zhengwu.rules.view import View


@rule(
    title=("上级科目不等于下级科目之和", "A code differs from the sum of the codes below it"),
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
    return relations_along(view, "code", "code-differs-from-codes-below")
