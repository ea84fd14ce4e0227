"""资金总额 = 财政拨款 + 其他资金."""

import pytest

from tests.rules.samples import budget
from tests.rules.targets.forms import form
from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "form-funds-do-not-add-up"


def test_form_whose_sources_add_up_holds():
    assert state(HEAD + form(total="150.00", fiscal="140.00", other="10.00"), CODE) == "held"


def test_form_whose_sources_are_less_than_its_total_is_broken():
    (finding,) = findings(HEAD + form(total="150.00", fiscal="140.00"), CODE)
    assert {"150.00", "140.00"} == set(quotes(finding))


def test_form_with_a_source_that_is_not_understood_may_have_less():
    extra = "\n | 上年结转资金 | 10.00 |"
    assert state(HEAD + form(total="150.00", fiscal="140.00", extra=extra), CODE) == "held"


def test_form_with_a_source_that_is_not_understood_may_not_have_more():
    extra = "\n | 上年结转资金 | 10.00 |"
    assert state(HEAD + form(total="150.00", fiscal="160.00", extra=extra), CODE) == "broken"


@pytest.mark.parametrize(("other", "severities"), [("0.01", ["info"]), ("0.05", ["error"])])
def test_form_in_ten_thousands_at_the_edge_of_rounding(other, severities):
    found = findings(HEAD + form(total="15.00", fiscal="14.98", other=other, unit="万元"), CODE)
    assert [one.severity.value for one in found] == severities


def test_department_form_adds_basic_and_projects():
    rows = """
部门（单位）名称 | 某某局 |
资金总额 | 110.00 |
基本支出 | 60.00 |
项目支出 | {0} |
"""
    whole = "表十二\n" + table("部门整体支出绩效目标申报表", rows)
    assert state(HEAD + whole.format("50.00"), CODE) in ("held", "not-applicable")
    assert state(HEAD + whole.format("40.00"), CODE) in ("broken", "not-applicable")


def test_budget_without_forms_is_not_applicable():
    assert state(budget(), CODE) == "not-applicable"
