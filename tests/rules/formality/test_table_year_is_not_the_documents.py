"""Years in captions and columns of tables."""

import pytest

from tests.support.documents import HEAD, findings, state, table

CODE = "table-year-is-not-the-documents"
FORM = """
项目支出绩效目标申报表
（{}年度）
项目名称 | 某项目
项目负责人 | 某某 | 联系电话 |
项目资金（万元） | 年度资金总额 | 10
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值
"""


def columns(one, other):
    rows = f"项目 | {one} | {other}\n公务接待费 | 10.00 | 10.00\n总计 | 10.00 | 10.00"
    return HEAD + table("一般公共预算“三公”经费支出情况表", rows)


@pytest.mark.parametrize(("year", "expected"), [("2021", "held"), ("2020", "broken"), (" 2022 ", "broken")])
def test_year_under_a_title_is_the_documents(year, expected):
    assert state(HEAD + FORM.format(year), CODE) == expected


@pytest.mark.parametrize(
    "pair",
    [
        ("2020年预算数", "2020年预算数"),
        ("2021年预算数", "2021年预算数"),
        ("2018年预算数", "2021年预算数"),
        ("2020年预算数", "2022年预算数"),
    ],
)
def test_columns_of_wrong_years_are_one_finding(pair):
    assert len(findings(columns(*pair), CODE)) == 1


@pytest.mark.parametrize("pair", [("2020年预算数", "2021年预算数"), ("2021年预算数", "2020年预算数")])
def test_columns_of_the_year_and_the_year_before_hold(pair):
    assert state(columns(*pair), CODE) == "held"


@pytest.mark.parametrize("pair", [("2019年执行数", "2021年预算"), ("2019年决算数", "2020年执行数")])
def test_columns_of_executed_amounts_are_left_alone(pair):
    assert not findings(columns(*pair), CODE)


def test_document_without_years_in_tables_is_not_applicable():
    assert state(HEAD + "编制说明", CODE) == "not-applicable"


def test_columns_of_the_year_on_both_sides_of_a_summary_hold():
    rows = "收入 | 收入 | 支出 | 支出\n项目 | 2021年预算 | 项目 | 2021年预算\n收入合计 | 10.00 | 支出合计 | 10.00"
    assert state(HEAD + table("收支总体情况表", rows), CODE) == "held"
