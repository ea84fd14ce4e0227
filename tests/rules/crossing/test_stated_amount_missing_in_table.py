"""Amounts that a sentence states and whose table is blank."""

import pytest

from tests.support.documents import findings, quotes, state, table

CODE = "stated-amount-missing-in-table"
HEAD = "某某局2024年度部门决算\n"
COLUMNS = """
“三公”经费合计 | “三公”经费合计 | 公务接待费 | 公务接待费
预算数 | 决算数 | 预算数 | 决算数
"""
TEXT = "“三公”经费支出决算情况说明\n“三公”经费财政拨款支出年初预算为{}万元，支出决算为{}万元。\n"


def document(row, budget="0.95", final="0.00"):
    return HEAD + table("财政拨款“三公”经费支出决算表", COLUMNS + row, "万元") + TEXT.format(budget, final)


def test_budget_stated_over_a_blank_table_is_found():
    (finding,) = findings(document(" | | | "), CODE)
    assert "0.95万元" in quotes(finding)


def test_budget_printed_in_its_column_holds():
    assert state(document("0.95 | 0.00 | 0.95 | 0.00"), CODE) == "held"


def test_budget_column_blank_beside_a_filled_one_is_found():
    assert findings(document(" | 0.50 | | 0.50", final="0.50"), CODE)


def test_zero_stated_over_a_blank_table_is_not_applicable():
    assert state(document(" | | | ", budget="0.00"), CODE) == "not-applicable"


@pytest.mark.parametrize(("amount", "expected"), [("12.00", "broken"), ("0", "not-applicable")])
def test_government_fund_stated_over_a_blank_table_is_found(amount, expected):
    rows = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | | | | \n合计 | | | | "
    text = f"2024年度政府性基金预算财政拨款支出{amount}万元。\n"
    assert (
        state(HEAD + table("政府性基金预算财政拨款支出决算表", rows, "万元") + "决算情况说明\n" + text, CODE)
        == expected
    )
