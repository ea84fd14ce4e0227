"""合计 = 基本支出 + 项目支出, row by row."""

import pytest

from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "row-total-differs-from-its-columns"


def rows(total, basic, project, unit="元"):
    text = f"科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n2010301 | 行政运行 | {total} | {basic} | {project}"
    return HEAD + table("部门支出总体情况表", text, unit)


def test_row_total_of_its_columns_holds():
    assert state(rows("110.00", "60.00", "50.00"), CODE) == "held"


def test_row_total_with_a_wrong_digit_is_broken():
    (finding,) = findings(rows("100.00", "60.00", "50.00"), CODE)
    assert set(quotes(finding)) == {"100.00", "60.00", "50.00"}


def test_blank_column_counts_as_zero():
    assert state(rows("60.00", "60.00", ""), CODE) == "held"
    assert state(rows("60.00", "50.00", ""), CODE) == "broken"


def test_row_of_zeros_is_not_applicable():
    assert state(rows("0.00", "0.00", "0.00"), CODE) == "not-applicable"


def test_table_without_such_columns_is_not_applicable():
    assert state(
        HEAD + table("部门支出总体情况表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00"), CODE
    ) == ("not-applicable")


@pytest.mark.parametrize(("basic", "severities"), [("3.34", ["info"]), ("3.36", ["error"])])
def test_row_total_at_the_edge_of_rounding(basic, severities):
    found = findings(rows("10.00", basic, "6.67", "万元"), CODE)
    assert [one.severity.value for one in found] == severities


def test_column_that_is_not_understood_does_not_break_the_row():
    text = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | 专项调剂金
2010301 | 行政运行 | 110.00 | 60.00 | 40.00 | 10.00
"""
    assert state(HEAD + table("部门支出总体情况表", text), CODE) != "broken"


FUND = """某某局2024年度部门决算
政府性基金预算财政拨款收入支出决算表
单位：万元
科目编码 | 科目名称 | 年初结转和结余 | 本年收入 | 本年支出合计 | 基本支出 | 项目支出 | 年末结转和结余
212 | 城乡社区支出 | 1.00 | 10.00 | 8.00 | | 8.00 | {}
 | 合计 | 1.00 | 10.00 | 8.00 | | 8.00 | {}"""


def test_balance_of_a_fund_carried_on_holds():
    assert not findings(FUND.format("3.00", "3.00"), "row-total-differs-from-its-columns")


def test_balance_of_a_fund_that_does_not_follow_is_found():
    found = [spot.quote for one in findings(FUND.format("5.00", "5.00")) for spot in one.at]
    assert "5.00" in found
