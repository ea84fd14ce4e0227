"""Wholes against parts that stand in other tables and sentences."""

import pytest

from tests.rules.samples import budget
from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "whole-differs-from-parts-elsewhere"


def stated(total, basic, project, unit="元"):
    exp = table(
        "部门支出总体情况表", f"科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | {total}\n合计 | | {total}", unit
    )
    return HEAD + f"2021年基本支出预算{basic}{unit}。\n2021年项目支出预算{project}{unit}。\n" + exp


def test_total_of_parts_in_sentences_holds():
    assert state(stated("110.00", "60.00", "50.00"), CODE) == "held"


def test_total_that_differs_from_its_parts_in_sentences_is_broken():
    found = findings(stated("100.00", "60.00", "50.00"), CODE)
    assert {"100.00", "60.00元", "50.00元"} <= {quote for one in found for quote in quotes(one)}


def test_part_that_is_not_printed_leaves_the_total_alone():
    assert (
        state(stated("100.00", "60.00", "50.00").replace("2021年项目支出预算50.00元。\n", ""), CODE) == "not-applicable"
    )


@pytest.mark.parametrize(("basic", "severities"), [("3.34", {"info"}), ("3.36", {"error"})])
def test_total_at_the_edge_of_rounding(basic, severities):
    found = findings(stated("10.00", basic, "6.67", "万元"), CODE)
    assert {one.severity.value for one in found} == severities


def test_appropriation_is_the_expenditure_where_all_income_is_appropriation():
    assert state(budget(), CODE) == "held"


def test_appropriation_is_not_the_expenditure_where_income_is_unknown():
    general = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | 80.00 | 80.00 |
合计 | | 80.00 | 80.00 |
"""
    whole = general.replace("80.00", "100.00")
    text = HEAD + table("部门支出总体情况表", whole) + table("一般公共预算支出情况表", general)
    assert state(text, CODE) == "not-applicable"


def test_change_of_a_whole_needs_the_change_of_every_part():
    text = budget().replace("2021年基本支出预算916.49元。", "2021年基本支出预算916.49元，比2020年增加10.00元。")
    assert not findings(text, CODE)
