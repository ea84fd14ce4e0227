"""A unit label that contradicts the amounts under it."""

from tests.rules.samples import LINES, budget, expenditure, general, tables, with_cell
from tests.support.documents import HEAD, audited, findings, run_of, state, table

CODE = "unit-label-contradicts-amount"


def test_table_in_yuan_that_says_ten_thousands_is_one_finding():
    (finding,) = findings(budget(general=tables()["general"].replace("单位：元", "单位：万元")))
    assert (finding.rule, finding.actual, finding.expected) == (CODE, "万元", "元")


def test_table_in_ten_thousands_that_says_yuan_is_one_finding():
    lines = [one._replace(amount=one.amount * 1000) for one in LINES]
    small = [one._replace(amount=one.amount / 10_000) for one in lines]
    made = general(small)
    (finding,) = [one for one in findings(budget(lines, general=made)) if one.rule == CODE]
    assert (finding.actual, finding.expected) == ("元", "万元")


def test_right_labels_that_other_tables_bear_out_hold():
    run = run_of(audited(budget()), CODE)
    assert run.state.value == "held"
    assert run.relations >= 5


def test_table_alone_is_not_applicable():
    assert state(HEAD + expenditure(LINES), CODE) == "not-applicable"


def test_one_amount_in_another_unit_does_not_change_the_whole_table():
    wrong = with_cell(tables()["general"], "2210201", "140.07 | 140.07", "1,400,700.00 | 140.07")
    assert not findings(budget(general=wrong), CODE)


def test_coarse_amounts_are_too_few_digits_to_tell():
    text = HEAD + table(
        "部门支出总体情况表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00\n合计 | | 1.00"
    )
    text += "附表\n" + table(
        "部门支出预算总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1\n合计 | | 1", "万元"
    )
    assert not findings(text, CODE)


def test_table_without_a_unit_is_not_evaluated_and_says_how_it_was_read():
    run = run_of(audited(HEAD + expenditure(LINES).replace("单位：元\n", "")), CODE)
    assert run.state.value == "not-evaluated"
    assert "元" in run.reason.zh


def test_amount_at_the_edge_of_rounding_in_another_unit_is_no_contradiction():
    exact = table(
        "部门支出总体情况表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 604,999.99\n合计 | | 604,999.99"
    )
    coarse = table(
        "部门支出预算总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 60.50\n合计 | | 60.50", "万元"
    )
    assert not findings(HEAD + exact + "附表\n" + coarse, CODE)
