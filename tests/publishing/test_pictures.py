"""The pictures of the example show the amounts of its tables."""

from pathlib import Path

import pytest

from zhengwu.ledger import model
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.load import load
from zhengwu.publishing.pictures import pictures_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "xicheng-2021"


@pytest.fixture(scope="module")
def pictures():
    return {chart.title: chart for chart in pictures_of(Amounts(load(EXAMPLE)))}


def test_years_compare_this_year_with_last(pictures):
    rows = {row[0]: row[1:] for row in pictures["与上年相比"].table}
    assert rows["项目"] == ("2020年（元）", "2021年（元）", "增减（元）")
    assert rows["收入"] == ("62,145,113.02", "63,234,665.44", "1,089,552.42")
    assert rows["项目支出"] == ("48,968,896.06", "47,764,125.20", "-1,204,770.86")


def test_flow_leads_all_income_to_all_classes(pictures):
    rows = pictures["钱从哪里来，到哪里去"].table
    assert [row[2] for row in rows if row[0] == "来源"] == ["63,234,665.44"]
    assert next(row[2] for row in rows if row[0] == "去向") == "55,420,668.66"
    assert len([row for row in rows if row[0] == "去向"]) == 6


def test_treemap_and_natures_hold_the_parts(pictures):
    assert ("　行政运行", "10,487,612.96", "16.59%") in pictures["支出按功能分类"].table
    assert ("　公用经费", "1,483,396.24", "2.35%") in pictures["基本支出和项目支出"].table


def test_ledger_without_money_or_last_year_gives_no_pictures():
    ledger = model.Ledger("empty", model.Budget(2021, "9", "示例局", "department", "beijing-xicheng-budget"))
    assert pictures_of(Amounts(ledger)) == []
