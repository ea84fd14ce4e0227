"""The money said to have targets is the forms' money."""

import pytest

from tests.rules.samples import budget
from tests.rules.targets.forms import form
from tests.support.documents import HEAD, findings, state

CODE = "target-funds-differ-from-forms"
FORMS = form() + form(project="热线服务外包", total="1290.00", fiscal="1290.00", number="2")


def stated(amount, count="2", forms=FORMS):
    return HEAD + f"2021年本部门填报绩效目标的项目{count}个，涉及资金{amount}。\n" + forms


def test_sum_of_all_forms_holds():
    assert state(stated("1594.80元"), CODE) == "held"


def test_sum_that_differs_from_all_forms_is_broken():
    assert state(stated("1694.80元"), CODE) == "broken"


def test_document_with_some_of_its_forms_only_may_state_more():
    assert state(stated("9999.00元", "5"), CODE) == "held"
    assert state(stated("1000.00元", "5"), CODE) == "broken"


def test_document_without_forms_is_not_evaluated():
    assert state(stated("1594.80元", forms=""), CODE) == "not-evaluated"


def test_budget_that_states_nothing_is_not_applicable():
    assert state(budget(form=form()), CODE) == "not-applicable"


@pytest.mark.parametrize(("amount", "severities"), [("0.16万元", []), ("0.159万元", []), ("0.158万元", ["error"])])
def test_sum_at_the_edge_of_rounding(amount, severities):
    assert [one.severity.value for one in findings(stated(amount), CODE)] == severities
