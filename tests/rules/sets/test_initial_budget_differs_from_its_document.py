"""年初预算 in the final accounts against the budget of the same year."""

import pytest

from tests.support.documents import run_of, table
from tests.support.sets import audited_with, expenditure

CODE = "initial-budget-differs-from-its-document"
BUDGET = "某某局2021年部门预算\n" + expenditure({"201": ("60.00", "20.00")})


def accounts(words="", column="", note=""):
    header, amount = (f" | {column[0]}", f" | {column[1]}") if column else ("", "")
    public = table("财政拨款“三公”经费支出决算表", f"项目{header} | 决算数\n公务接待费{amount} | 4.00")
    spent = table("支出决算表", "科目编码 | 科目名称 | 本年支出合计\n201 | 一般公共服务支出 | 70.00\n合计 | | 70.00")
    return f"某某局2021年度部门决算\n2021年度部门决算情况说明\n{words}{spent}{public}{note}"


def with_public(amount="5.00"):
    return BUDGET + table("“三公”经费预算表", f"项目 | 预算数\n公务接待费 | {amount}")


def found(result):
    return [finding for finding in result.findings if finding.rule == CODE]


def test_column_of_the_initial_budget_as_published_holds():
    result = audited_with(accounts(column=("年初预算数", "5.00")), with_public())
    assert run_of(result, CODE).state.value == "held"


def test_column_of_the_initial_budget_that_differs_is_broken():
    (finding,) = found(audited_with(accounts(column=("年初预算数", "4.50")), with_public()))
    assert finding.severity.value == "error"
    assert [(spot.document, spot.quote) for spot in finding.at] == [(0, "4.50"), (1, "5.00")]


@pytest.mark.parametrize(("amount", "state"), [("80.00", "held"), ("75.00", "broken")])
def test_sentence_with_the_initial_budget_is_held_to_the_budget(amount, state):
    words = f"一般公共服务支出（类）年初预算为{amount}元，支出决算为70.00元。\n"
    assert run_of(audited_with(accounts(words), BUDGET), CODE).state.value == state


def test_budget_audited_with_the_accounts_says_the_same():
    assert found(audited_with(with_public(), accounts(column=("年初预算数", "4.50"))))


def test_budget_after_adjustments_is_not_compared():
    note = "注：预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数。\n"
    result = audited_with(accounts(column=("预算数", "4.50"), note=note), with_public())
    assert run_of(result, CODE).state.value == "not-evaluated"
    assert found(audited_with(accounts(column=("预算数", "4.50")), with_public()))


@pytest.mark.parametrize(("amount", "broken"), [("0.0080", False), ("0.0081", True)])
def test_initial_budget_at_the_edge_of_rounding(amount, broken):
    words = f"一般公共服务支出（类）年初预算为{amount}万元，支出决算为70.00元。\n"
    budget = BUDGET.replace("20.00", "20.49").replace("80.00", "80.49")
    assert bool(found(audited_with(accounts(words), budget))) is broken


@pytest.mark.parametrize("year", ["2020", "2022"])
def test_budget_of_another_year_is_not_applicable(year):
    result = audited_with(accounts(column=("年初预算数", "4.50")), with_public().replace("2021", year))
    assert run_of(result, CODE).state.value == "not-applicable"
