"""Signing in leads to the budget desk where a budget waits, else to the review desk."""

import pytest
from django.utils import timezone

from tests.web.budgets.conftest import TODAY
from tests.web.budgets.test_cycle import copied, submitted
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.web.budgets import selectors, years
from zhengwu.web.budgets.models import Budget, State
from zhengwu.web.common import hooks
from zhengwu.web.reviews.models import Document

DESK = "/budget/?year=2022"


def at(desk, state: State) -> None:
    Budget.objects.filter(unit=desk.unit, year__year=2022).update(state=state)


@pytest.mark.parametrize(("state", "who"), [
    (State.FIRST_DRAFT, {"officer", "second"}), (State.FIRST_SIGNING, {"head"}), (State.FIRST_SUBMITTED, {"reviewer"}),
    (State.SECOND_DRAFT, {"officer", "second"}), (State.SECOND_SIGNING, {"head"}), (State.SECOND_SUBMITTED, {"reviewer"}),
    (State.APPROVED, {"head"}), (State.PUBLISHED, set()), (State.EARLIER, set()), (State.MERGED, set()),
])  # fmt: skip
def test_sign_in_leads_to_the_budget_desk_whoever_a_budget_waits_for(desk, client_of, state, who):  # noqa: F811
    desk.opened()
    at(desk, state)
    Budget.objects.filter(unit=desk.foreign).update(state=State.PUBLISHED)
    found = {name: hooks.landing(person) for name, person in desk.people.items()}
    assert {name for name, address in found.items() if address == DESK} == who
    assert found["administrator"] == "/people/"
    assert {found[name] for name in desk.people if name not in who | {"administrator"}} == {"/review/"}
    budget = desk.budget()
    sees = [name for name, one in desk.people.items() if selectors.budgets_seen(one).filter(pk=budget.pk).exists()]
    assert {name for name in sees if budget in selectors.waiting(desk.people[name], TODAY)} == who
    for name in who:
        page = client_of(desk.people[name]).get(found[name])
        assert [row.budget for row in page.context["rows"] if row.waits] == [budget]


def test_closed_year_waits_for_nobody(desk):
    copied(desk)
    assert hooks.landing(desk.officer) == DESK
    years.year_close(actor=desk.reviewer, year=desk.budget().year, closed=True)
    assert hooks.landing(desk.officer) == "/review/"
    assert not selectors.waiting(desk.officer, TODAY).exists()


def test_budget_comes_before_a_document_and_a_document_before_nothing(desk):
    Document.objects.create(
        title="t", unit=desk.unit, year=2020, kind="budget", state="returned", created_by=desk.reviewer
    )
    assert hooks.landing(desk.officer) == "/review/?state=returned"
    submitted(desk)
    assert hooks.landing(desk.officer) == "/review/?state=returned"
    desk.move("reviewer", "return", reason="退回")
    assert hooks.landing(desk.officer) == DESK


def test_latest_year_in_which_something_waits_is_shown(desk):
    desk.earlier()
    desk.opened()
    years.year_open(
        actor=desk.reviewer, year=2023, dialect="beijing-xicheng-budget", first_due=None, second_due=None, publish_due=None,
        units=[desk.unit], now=timezone.now(),
    )  # fmt: skip
    assert hooks.landing(desk.officer) == "/budget/?year=2023"
    Budget.objects.filter(unit=desk.unit, year__year=2023).update(state=State.FIRST_SIGNING)
    assert hooks.landing(desk.officer) == DESK
