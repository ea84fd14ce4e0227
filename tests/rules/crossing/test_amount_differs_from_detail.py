"""Amounts against the sums of the detail lines, as far as these go."""

from decimal import Decimal

from tests.rules.samples import LINES, basic, budget, detail, expenditure, general, line, projects, tables, with_cell
from tests.support.documents import audited, findings, quotes, run_of, state

CODE = "amount-differs-from-detail"


def test_tables_that_follow_from_the_detail_hold():
    run = run_of(audited(budget()), CODE)
    assert (run.state.value, run.reason) == ("held", None)
    assert run.relations > 40


def test_amount_that_differs_from_its_lines_is_broken():
    wrong = with_cell(tables()["expenditure"], "2080505", "88.64 | 88.64", "87.64 | 87.64")
    found = findings(budget(expenditure=wrong))
    assert "87.64" in {quote for one in found for quote in quotes(one)}
    assert state(budget(expenditure=wrong), CODE) == "broken"


def test_budget_without_a_detail_table_is_not_applicable():
    assert state(budget(leave_out=("detail",)), CODE) == "not-applicable"


def test_detail_of_projects_only_is_compared_with_projects_only():
    audit = audited(budget(detail=detail(projects(LINES))))
    run = run_of(audit, CODE)
    assert audit.findings == ()
    assert run.state.value == "held"
    assert "部分" in run.reason.zh


def test_wrong_project_amount_is_found_by_a_detail_of_projects_only():
    own = [*projects(LINES), line("2010399", "50205", "30227", "档案整理", "77.00")]
    everything = [*basic(LINES), *own]
    wrong = with_cell(detail(own), "2010399", "77.00", "17.00")
    assert findings(budget(everything, detail=detail(own))) == []
    found = findings(budget(everything, detail=wrong))
    assert "17.00" in {quote for one in found for quote in quotes(one)}


def test_detail_that_agrees_with_nothing_is_not_evaluated():
    part = [one._replace(amount=one.amount / 2) for one in LINES]
    run = run_of(audited(budget(detail=detail(part))), CODE)
    assert run.state.value == "not-evaluated"
    assert "部分支出" in run.reason.zh


def test_detail_without_known_projects_does_not_tell_basic_expenditure():
    unnamed = [one._replace(project="") for one in LINES]
    run = run_of(audited(budget(detail=detail(unnamed))), CODE)
    assert run.state.value == "held"
    assert "未写明基本支出" in run.reason.zh


def test_detail_of_the_general_budget_is_not_compared_with_all_expenditure():
    funded = line("2120899", "50205", "30227", "土地整理", "500.00")
    everything = [*LINES, funded]
    without_income = ("summary", "income", "fiscal_summary")
    text = budget(everything, detail=detail(LINES), general=general(LINES), leave_out=without_income)
    text = text.replace("2021年收入预算3011.29元，其中：财政拨款收入3011.29元。\n", "")
    assert not [one for one in findings(text) if one.rule == CODE]


def test_lines_and_amounts_in_ten_thousands_meet_at_the_edge_of_rounding():
    lines = [one._replace(amount=one.amount * 100) for one in LINES]
    coarse = [one._replace(amount=one.amount / 10_000) for one in lines]
    made = expenditure([one._replace(amount=one.amount.quantize(Decimal("0.0001"))) for one in coarse])
    assert [
        one
        for one in findings(budget(lines, expenditure=made.replace("单位：元", "单位：万元")))
        if one.severity.value == "error"
    ] == []
