"""The three public expenses hold at least what basic expenditure prints for their classes."""

from tests.rules.samples import budget, tables
from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "three-public-below-basic"

BASIC = """
科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
302 | 商品和服务支出 | 52,215.60 | | 52,215.60
30217 | 公务接待费 | 52,215.60 | | 52,215.60
合计 | | 52,215.60 | | 52,215.60
"""


def both(reception, unit="万元"):
    rows = f"项目 | 2021年预算数\n公务接待费 | {reception}\n合计 | {reception}"
    return HEAD + table("一般公共预算基本支出情况表", BASIC) + table("一般公共预算“三公”经费支出情况表", rows, unit)


def test_reception_equal_to_basic_expenditure_holds():
    assert state(both("5.22"), CODE) == "held"


def test_reception_with_project_money_holds():
    assert state(both("9.00"), CODE) == "held"


def test_reception_below_basic_expenditure_is_broken():
    (finding,) = findings(both("3.00"), CODE)
    assert {"3.00", "52,215.60"} <= set(quotes(finding))
    assert "<" in finding.message.zh


def test_reception_at_the_edge_of_rounding_is_a_hint():
    cut_off = both("5.21").replace("52,215.60", "52,195.60")
    assert [one.severity.value for one in findings(cut_off)] == ["info"]
    assert [one.severity.value for one in findings(both("5.21"))] == ["error"]


def test_budget_without_three_public_table_is_not_applicable():
    assert state(budget(leave_out=("three_public",)), CODE) == "not-applicable"
    assert "三公" in tables()["three_public"]
