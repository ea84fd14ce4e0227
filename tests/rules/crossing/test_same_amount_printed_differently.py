"""One identity, one value, wherever it stands."""

import pytest

from tests.rules.samples import budget
from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "same-amount-printed-differently"
ROWS = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n2010301 | 行政运行 | {0} | {0} |\n合计 | | {0} | {0} |"


def two_tables(first, second, unit="元", other="元"):
    return (
        HEAD
        + table("部门支出总体情况表", ROWS.format(first), unit)
        + "附表\n"
        + table("部门支出预算总表", ROWS.format(second), other)
    )


def test_amount_printed_twice_alike_holds():
    assert state(two_tables("60.00", "60.00"), CODE) == "held"


def test_amount_printed_twice_differently_names_both_places():
    found = findings(two_tables("60.00", "61.00"))
    assert {"60.00", "61.00"} <= {quote for one in found for quote in quotes(one)}


def test_yuan_and_ten_thousands_agree_within_rounding():
    assert state(two_tables("604,999.99", "60.50", other="万元"), CODE) == "held"


@pytest.mark.parametrize(("coarse", "severity"), [("60.49", "info"), ("60.40", "error")])
def test_yuan_and_ten_thousands_at_the_edge_of_rounding(coarse, severity):
    found = findings(two_tables("604,999.99", coarse, other="万元"))
    assert {one.severity.value for one in found} == {severity}


def test_zero_against_zero_is_not_applicable():
    assert state(two_tables("0.00", "0.00"), CODE) == "not-applicable"


def test_amount_printed_once_is_not_applicable():
    assert state(HEAD + table("部门支出总体情况表", ROWS.format("60.00")), CODE) == "not-applicable"


def test_sentence_that_differs_from_the_tables_is_found():
    text = budget().replace("2021年基本支出预算916.49元", "2021年基本支出预算961.49元")
    (finding,) = findings(text)
    assert (quotes(finding)[0], finding.expected) == ("961.49元", "916.49")
