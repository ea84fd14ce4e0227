"""Periods of goals in target forms."""

import pytest

from tests.support.documents import HEAD, findings, quotes, state

CODE = "target-period-before-year"
FORM = """
项目支出绩效目标申报表
项目名称 | 某项目
项目负责人 | 某某 | 联系电话 |
项目资金（万元） | 年度资金总额 | 10
总体目标 | {} | 年度目标
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值
产出指标 | 数量指标 | 完成数量 | 1项
"""


def form(goal):
    return HEAD + FORM.format(goal)


@pytest.mark.parametrize(
    "goal", ["中期目标（2020年—2020年）", "中期目标（2018年-2020年）", "中期目标（2023年—2021年）"]
)
def test_period_that_is_over_or_runs_backward_is_found(goal):
    (finding,) = findings(form(goal), CODE)
    assert quotes(finding) == [goal]


@pytest.mark.parametrize("goal", ["中期目标（2021年—2023年）", "中期目标（2020年—2021年）"])
def test_period_that_reaches_the_year_holds(goal):
    assert state(form(goal), CODE) == "held"


@pytest.mark.parametrize("goal", ["中期目标", "中期目标（2021年—2021+6年）", "中期目标（20××年—20××+n年）"])
def test_goal_without_two_years_is_not_applicable(goal):
    assert state(form(goal), CODE) == "not-applicable"
