"""Income and expenditure balance, as a whole and per code, where nothing is carried over."""

from tests.rules.samples import budget, tables, with_cell
from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "income-differs-from-expenditure"


def summary(income, expenditure, carried="", unit="元"):
    carried_row = f"上年结转 | {carried} | 结转下年 | 0.00\n" if carried else ""
    rows = f"""
收入项目 | 预算数 | 支出项目 | 预算数
财政拨款收入 | {income} | 一般公共服务支出 | {expenditure}
{carried_row}收入总计 | {income} | 支出总计 | {expenditure}
"""
    return HEAD + table("部门收支总体情况表", rows.replace("\n\n", "\n"), unit)


def test_balanced_budget_holds():
    assert state(summary("100.00", "100.00"), CODE) == "held"


def test_income_below_expenditure_is_broken():
    (finding,) = findings(summary("100.00", "110.00"), CODE)
    assert set(quotes(finding)) == {"100.00", "110.00"}


def test_balance_at_the_edge_of_rounding_is_a_hint():
    assert [one.severity.value for one in findings(summary("100.00", "100.01", unit="万元"))] == ["info"]
    assert [one.severity.value for one in findings(summary("100.00", "100.02", unit="万元"), CODE)] == ["error"]


def test_budget_without_income_is_not_applicable():
    text = HEAD + table("部门支出总体情况表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00")
    assert state(text, CODE) == "not-applicable"


def test_wrong_income_of_a_code_is_found():
    wrong = with_cell(tables()["income"], "2080505", "88.64 | 88.64", "88.46 | 88.46")
    assert any("88.46" in quotes(one) for one in findings(budget(income=wrong)))


def test_income_of_a_code_may_differ_when_money_is_carried_over():
    income = tables()["income"].replace("其他收入", "上年结转").replace("88.64 | 88.64 |", "108.64 | 88.64 | 20.00")
    text = HEAD + income + tables()["expenditure"]
    assert not findings(text, CODE)


def test_own_money_of_a_code_is_compared_with_all_its_expenditure():
    income = """
科目编码 | 科目名称 | 合计 | 财政拨款收入 | 单位资金
2010301 | 行政运行 | 100.00 | 80.00 | 20.00
合计 | | 100.00 | 80.00 | 20.00
"""
    spent = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
2010301 | 行政运行 | {0} | {0} |
合计 | | {0} | {0} |
"""
    tables_ = HEAD + table("部门收入总体情况表", income)
    assert state(tables_ + table("部门支出总体情况表", spent.format("100.00")), CODE) == "held"
    assert state(tables_ + table("部门支出总体情况表", spent.format("80.00")), CODE) == "broken"
