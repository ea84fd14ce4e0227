"""Adjustments are work like budgets: the desk lists them for those whose turn it is, signing in and notices lead there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.budgets.conftest import Desk
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.web.budgets import adjustment_lists, adjustments, years
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, Delegation, Notice, State, Version
from zhengwu.web.common import hooks
from zhengwu.web.common.trail import record

TITLE = "待您处理的调剂"


def paper(desk: Desk, state: AdjustmentState = AdjustmentState.DRAFT, by: str = "officer") -> Adjustment:
    """An adjustment of the published budget of 2022, so that no budget waits for anybody."""
    if not desk.unit.budgets.exists():
        desk.opened()
        Budget.objects.update(state=State.PUBLISHED)
        budget = desk.budget()
        budget.approved = Version.objects.create(
            budget=budget, number=1, kind="approved", ledger={}, sha256="0" * 64, total=0, made_by=desk.reviewer,
            made_at=timezone.now(),
        )  # fmt: skip
        budget.save()
    budget = desk.budget()
    made = Adjustment.objects.create(
        budget=budget, number=budget.adjustments.count() + 1, base=budget.approved, reason="八月调剂", state=state,
        made_by=desk.people[by], made_at=timezone.now() - timedelta(days=9),
    )  # fmt: skip
    record(actor=desk.people[by], action="adjustment.open", subject=made, unit=desk.unit)
    return made


def turn(desk: Desk) -> set[str]:
    return {
        name for name, one in desk.people.items() if adjustment_lists.waiting(one, timezone.localdate()).exists()
    }  # fmt: skip


@pytest.mark.parametrize(("state", "who"), [
    (AdjustmentState.DRAFT, {"officer", "second"}), (AdjustmentState.SIGNING, {"head"}), (AdjustmentState.SUBMITTED, {"reviewer"}),
    (AdjustmentState.APPROVED, set()), (AdjustmentState.REFUSED, set()), (AdjustmentState.WITHDRAWN, set()),
])  # fmt: skip
def test_adjustment_is_on_the_desk_of_those_whose_turn_it_is_and_signing_in_leads_there(desk, client_of, state, who):  # noqa: F811
    made = paper(desk, state)
    address = f"/budget/{made.budget_id}/adjustments/{made.number}/"
    assert turn(desk) == who
    for name, person in desk.people.items():
        assert (hooks.landing(person) == "/budget/?year=2022") == (name in who)
        page = client_of(person).get("/budget/").content.decode()
        assert (TITLE in page) == (name in who)
        assert (f'href="{address}"' in page) == (name in who)
    years.year_close(actor=desk.reviewer, year=desk.budget().year, closed=True)
    assert turn(desk) == set()


def test_adjustment_waits_for_a_delegate_but_not_for_who_prepared_or_handed_it_in(desk):
    made = paper(desk, AdjustmentState.SIGNING)
    today = timezone.localdate()
    for name in ("officer", "second"):
        Delegation.objects.create(head=desk.head, to=desk.people[name], since=today, until=today + timedelta(days=1))
    assert turn(desk) == {"head", "second"}
    Adjustment.objects.filter(pk=made.pk).update(handed_in_by=desk.second)
    assert turn(desk) == {"head"}
    Delegation.objects.update(since=today - timedelta(days=3), until=today - timedelta(days=1))
    Adjustment.objects.filter(pk=made.pk).update(handed_in_by=None)
    assert turn(desk) == {"head"}


def test_list_says_since_when_and_the_longest_waiting_comes_first(desk):
    first, second = paper(desk), paper(desk)
    record(actor=desk.head, action="adjustment.send-back", subject=first, unit=desk.unit)
    record(actor=desk.officer, action="adjustment.set", subject=second, unit=desk.unit)  # no step
    rows, count = adjustment_lists.listed(desk.officer, timezone.localdate(), most=1)
    assert (len(rows), count) == (1, 2)
    rows, count = adjustment_lists.listed(desk.officer, timezone.localdate())
    assert [row.adjustment for row in rows] == [second, first]
    assert rows[0].since < rows[1].since


def test_desk_asks_as_many_queries_for_many_adjustments_and_notices_as_for_few(desk, client_of):  # noqa: F811
    client, counts = client_of(desk.officer), set()
    for size in (1, 8):
        for _ in range(size):
            made = paper(desk)
            Notice.objects.create(
                person=desk.officer, zh="知", en="n", budget=made.budget, adjustment=made, about=f"{made.pk}", at=timezone.now()
            )  # fmt: skip
        client.get("/budget/")
        with CaptureQueriesContext(connection) as found:
            client.get("/budget/")
        counts.add(len(found))
    assert len(counts) == 1


def test_notice_of_an_adjustment_leads_to_it(desk, client_of):  # noqa: F811
    made = paper(desk)
    adjustments.adjustment_move(
        actor=desk.officer, adjustment=made, move="withdraw", now=timezone.now(), today=timezone.localdate(), reason="不需要了"
    )  # fmt: skip
    notice = Notice.objects.get(person=desk.head, about__startswith="adjustment-withdraw")
    assert notice.adjustment == made
    page = client_of(desk.head).get("/budget/").content.decode()
    assert f'<a href="/budget/{made.budget_id}/adjustments/{made.number}/">{notice.zh}' in page
