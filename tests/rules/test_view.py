"""What a document proves about its money: only appropriation, nothing carried over."""

import pytest

from tests.rules.samples import budget, tables
from tests.support.documents import document, table
from zhengwu.recognition.understand import understand
from zhengwu.rules.view import View


def view_of(text):
    return View(understand(document(text)))


def test_income_that_is_all_appropriation_is_only_fiscal():
    assert view_of(budget()).only_fiscal


def test_document_without_total_income_is_not_taken_for_only_fiscal():
    text = budget(leave_out=("summary", "income")).replace(
        "2021年收入预算2511.29元，其中：财政拨款收入2511.29元。\n", ""
    )
    assert not view_of(text).only_fiscal


def test_other_income_is_not_only_fiscal():
    made = tables()
    income = made["income"].replace("2,511.29 | 2,511.29 |", "2,511.29 | 2,411.29 | 100.00")
    summary = made["summary"].replace("其他收入 | 0.00", "其他收入 | 100.00")
    assert not view_of(budget(income=income, summary=summary)).only_fiscal


@pytest.mark.parametrize("label", ["上年结转", "结转下年", "年末结转和结余", "上年财政拨款资金结余", "动用历年积累"])
def test_amount_under_any_word_for_carrying_over_is_seen(label):
    summary = tables()["summary"].replace("其他收入 | 0.00", f"{label} | 10.00")
    assert not view_of(budget(summary=summary)).nothing_carried


def test_zero_carried_over_is_nothing():
    assert view_of(budget(summary=tables()["summary"].replace("其他收入 | 0.00", "上年结转 | 0.00"))).nothing_carried


def test_identity_printed_twice_in_one_table_is_left_out():
    rows = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
2010301 | 行政运行 | 60.00 | 60.00 |
2010301 | 行政运行 | 40.00 | 40.00 |
"""
    view = view_of(budget(expenditure=table("部门支出总体情况表", rows), leave_out=("general",)))
    assert view.found("expenditure", function="2010301") is None
