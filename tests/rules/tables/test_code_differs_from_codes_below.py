"""A code is the sum of the codes below it."""

import pytest

from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "code-differs-from-codes-below"


def tree(parent, first, second, unit="元"):
    text = f"""
科目编码 | 科目名称 | 合计
20103 | 政府办公厅（室）及相关机构事务 | {parent}
2010301 | 行政运行 | {first}
2010302 | 一般行政管理事务 | {second}
"""
    return HEAD + table("部门支出总体情况表", text, unit)


def test_code_that_is_the_sum_of_its_codes_holds():
    assert state(tree("110.00", "60.00", "50.00"), CODE) == "held"


def test_code_that_differs_from_its_codes_names_all_of_them():
    (finding,) = findings(tree("100.00", "60.00", "50.00"), CODE)
    assert set(quotes(finding)) == {"100.00", "60.00", "50.00"}
    assert finding.expected == "110.00"


@pytest.mark.parametrize(("second", "severities"), [("6.67", ["info"]), ("6.69", ["error"])])
def test_code_at_the_edge_of_rounding(second, severities):
    assert [one.severity.value for one in findings(tree("10.00", "3.34", second, "万元"), CODE)] == severities


def test_codes_without_a_parent_are_not_applicable():
    text = "科目编码 | 科目名称 | 合计\n2010301 | 行政运行 | 60.00\n2080505 | 机关事业单位基本养老保险缴费支出 | 50.00"
    assert state(HEAD + table("部门支出总体情况表", text), CODE) == "not-applicable"
