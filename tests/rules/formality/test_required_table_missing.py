"""Tables that the document's dialect requires."""

from tests.rules.samples import budget
from tests.support.documents import HEAD, audited, findings, run_of, state, table

CODE = "required-table-missing"


def test_budget_with_the_tables_that_every_department_publishes_holds():
    run = run_of(audited(budget()), CODE)
    assert (run.state.value, run.relations) == ("held", 9)


def test_missing_table_that_everyone_publishes_is_named_with_its_title():
    (finding,) = findings(budget(leave_out=("no_funds",)), CODE)
    assert finding.severity.value == "warning"
    assert "政府性基金预算支出情况表" in finding.message.zh


def test_table_of_a_province_s_own_is_not_missed_in_a_document_that_is_unlike():
    assert not [one for one in findings(budget()) if "政府购买服务" in one.message.zh]


def test_table_with_income_beside_expenditure_stands_for_it():
    funds = table("政府性基金预算财政拨款收入支出表", "科目编码 | 科目名称 | 本年收入 | 本年支出\n无 | | |")
    assert state(budget(no_funds=funds), CODE) == "held"


def test_missing_table_beside_one_that_is_not_understood_is_not_evaluated():
    other = table("特别事项明细表", "科目编码 | 科目名称 | 金额\n201 | 一般公共服务支出 | 1.00")
    audit = audited(budget(leave_out=("no_funds",), other=other))
    run = run_of(audit, CODE)
    if any(not one.kind and one.title for one in audit.disclosure.tables):
        assert run.state.value == "held"
        assert "未作判断" in run.reason.zh


def test_document_of_no_known_dialect_is_not_applicable():
    text = HEAD + table("部门支出总体情况表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00")
    assert state(text, CODE) == "not-applicable"
