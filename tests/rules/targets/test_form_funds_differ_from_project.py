"""A form's annual money is the project's in the detail table."""

import pytest

from tests.rules.samples import budget
from tests.rules.targets.forms import form
from tests.support.documents import audited, findings, quotes, run_of, state

CODE = "form-funds-differ-from-project"


def with_form(**given):
    return budget(form=form(**given))


def test_form_with_the_project_s_money_holds():
    assert state(with_form(), CODE) == "held"


def test_form_with_other_money_than_the_project_is_broken():
    (finding,) = findings(with_form(total="403.80", fiscal="403.80"), CODE)
    assert {"403.80", "304.80"} <= set(quotes(finding))


def test_form_with_other_funds_may_be_listed_by_its_appropriation():
    assert state(with_form(total="404.80", fiscal="304.80", other="100.00"), CODE) == "held"
    assert state(with_form(total="404.80", fiscal="300.80", other="104.00"), CODE) == "broken"


def test_form_of_no_project_is_named():
    text = budget(one=form(), two=form(project="食堂改造工程", number="2"))
    (finding,) = findings(text, CODE)
    assert "食堂改造工程" in finding.message.zh


def test_form_with_a_name_cut_by_the_page_is_the_same_project():
    assert state(with_form(project="热线服务外", total="1290.00", fiscal="1290.00"), CODE) in ("held", "not-evaluated")
    assert state(with_form(project="网站内容（运维）"), CODE) == "held"


def test_forms_of_other_projects_than_the_detail_s_are_not_evaluated():
    run = run_of(audited(with_form(project="食堂改造工程")), CODE)
    assert run.state.value == "not-evaluated"
    assert run.reason.zh


def test_forms_without_a_detail_table_are_not_evaluated():
    assert state(budget(form=form(), leave_out=("detail",)), CODE) == "not-evaluated"


def test_budget_without_forms_is_not_applicable():
    assert state(budget(), CODE) == "not-applicable"


@pytest.mark.parametrize(
    ("total", "severities"), [("0.0305", []), ("0.03", []), ("0.0304", ["info"]), ("0.0302", ["error"])]
)
def test_form_in_ten_thousands_at_the_edge_of_rounding(total, severities):
    found = findings(with_form(total=total, fiscal=total, unit="万元"), CODE)
    assert [one.severity.value for one in found] == severities
