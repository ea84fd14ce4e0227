"""Cost indicators repeat the money of the form."""

import pytest

from tests.rules.targets.forms import form
from tests.support.documents import HEAD, findings, state

CODE = "form-costs-differ-from-funds"


def costs(cost, total="1530.28", unit="万元"):
    return HEAD + form(total=total, fiscal=total, cost=cost, unit=unit)


@pytest.mark.parametrize(
    "cost", ["控制在1530.28万元内", "1416.96万元;113.32万元", "15302800元", "1530.28万元;1416.96万元;113.32万元"]
)
def test_costs_that_make_up_the_funds_hold(cost):
    assert state(costs(cost), CODE) == "held"


def test_costs_above_the_funds_are_broken():
    assert state(costs("控制在350万元内", "340"), CODE) == "broken"


def test_costs_of_a_part_of_the_project_hold():
    assert state(costs("控制在300万元内", "340"), CODE) == "held"
    assert state(costs("每席0.80万元"), CODE) == "held"


def test_long_sum_that_misses_by_one_digit_is_broken():
    (finding,) = findings(costs("1416.96万元;113.22万元"), CODE)
    assert finding.expected is not None


def test_costs_at_the_edge_of_rounding_are_a_hint():
    assert [one.severity.value for one in findings(costs("1530.29万元"), CODE)] == ["info"]


def test_form_without_cost_indicators_is_not_applicable():
    assert state(costs(""), CODE) == "not-applicable"


def test_form_without_funds_is_not_applicable():
    assert state(costs("300万元", ""), CODE) == "not-applicable"
