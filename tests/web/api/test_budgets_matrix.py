"""The budget desk by the API: every operation and every role; nobody reaches a state that the tables do not allow."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.web.api.budget_rows import ROWS, BudgetRow, budget_case
from tests.web.api.calls import ROOT, SCOPES, sent, token_of
from tests.web.budgets.conftest import Desk, small
from tests.web.budgets.test_invariants import REACHED
from tests.web.matrix import ROLES
from tests.web.people import World, world
from zhengwu.web import api_common
from zhengwu.web.api_adjustment_shapes import adjustment_revision, adjustments_of
from zhengwu.web.api_budget_shapes import budgets_of, revision_of
from zhengwu.web.budgets import adjustments, moves, workflow, years
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, State
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.models import Unit

pytestmark = pytest.mark.django_db


def _answer(client: Client, row: BudgetRow, here: World, unit: Unit, headers: dict[str, str]) -> Any:
    """The answer; whatever it changed is undone."""
    point = transaction.savepoint()
    one = budget_case(here, unit, row)
    address = ROOT + row.address.format(**one.numbers)
    if row.body is None:
        answer = client.get(address, headers=headers)
    elif row.files:
        answer = client.post(address, row.body(one), headers=headers)
    else:
        answer = client.post(address, json.dumps(row.body(one)), content_type="application/json", headers=headers)
    transaction.savepoint_rollback(point)
    return answer


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_operation_answers_each_role_as_listed(row: BudgetRow) -> None:
    here, client = world(), Client(raise_request_exception=False)
    tokens = {role: token_of(here.people[role], *SCOPES) for role in ROLES[1:]} | {"anonymous": {}}

    def status(role: str, unit: Unit) -> int:
        return int(_answer(client, row, here, unit, tokens[role]).status_code)

    assert [status(role, here.own) for role in ROLES] == [int(one) for one in row.own.split()]
    assert [status(role, here.foreign) for role in ("officer", "head")] == [int(one) for one in row.foreign.split()]
    assert status("officer", here.below) == int(row.below)
    scopes = tuple(one for one in SCOPES if one != row.scope)
    for role in ("officer", "head", "reviewer", "administrator"):
        refused = _answer(client, row, here, here.own, token_of(here.people[role], *scopes))
        assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed"), role


def test_session_changes_nothing_without_a_csrf_token() -> None:
    here, client = world(), Client(enforce_csrf_checks=True)
    client.force_login(here.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    for row in ROWS:
        if row.body is not None:
            answer = _answer(client, row, here, here.own, {"X-CSRFToken": "x" * 32})
            assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed"), row


@pytest.fixture
def at_hand(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A small sound budget with a control figure; requests are not counted."""
    monkeypatch.setattr(api_common, "RATE", 10**9)
    desk.opened()
    small(desk, desk.budget(), desk.officer)
    years.figures_set(actor=desk.reviewer, budget=desk.budget(), figures=[Figure("", 100_000)], now=timezone.now())
    return desk


def test_no_operation_leads_where_the_table_does_not(at_hand: Desk, client: Client) -> None:
    """Every move, and publication, by everybody, from every state."""
    desk, pk, wrong = at_hand, at_hand.budget().pk, []
    tokens = {who: token_of(person, *SCOPES) for who, person in desk.people.items()}
    for state in State.values:
        Budget.objects.filter(pk=pk).update(state=state, handed_in_by=desk.officer)
        revision = revision_of(budgets_of(desk.reviewer).get(pk=pk))
        for who, token in tokens.items():
            for move in (*workflow.TABLE, "no-such-move"):
                point = transaction.savepoint()
                path, data = f"/budgets/{pk}/moves", {"move": move, "reason": "r", "revision": revision}
                status = sent(client, path, data, token).status_code
                if move == "publish":
                    status = min(status, sent(client, f"/budgets/{pk}/publication", {"version": 1}, token).status_code)
                reached = str(desk.budget().state)
                transaction.savepoint_rollback(point)
                # Nothing was approved here: "publish" is refused to everybody.
                end = workflow.TABLE[move].ends.get(state) if move in workflow.TABLE and move != "publish" else None
                allowed = end is not None and who in REACHED.get((state, str(end)), ())
                if (status, reached) != (200, end) if allowed else status < 400 or reached != state:
                    wrong.append((state, who, move, status, reached))
    assert wrong == []


ADJUSTED = {
    ("draft", "signing"): {"officer", "second"},
    ("draft", "withdrawn"): {"officer", "second"},
    ("signing", "withdrawn"): {"officer", "second"},
    ("signing", "draft"): {"head"},
    ("signing", "submitted"): {"head"},
    ("submitted", "draft"): {"reviewer"},
    ("submitted", "refused"): {"reviewer"},
    ("submitted", "approved"): {"reviewer"},
}


def test_no_operation_leads_an_adjustment_where_its_table_does_not(at_hand: Desk, client: Client) -> None:
    """Every move of an adjustment, by everybody, from every state of it."""
    desk, pk, wrong, now = at_hand, at_hand.budget().pk, [], timezone.now()
    version = moves.version_keep(desk.budget(), "approved", desk.reviewer, now)
    Budget.objects.filter(pk=pk).update(state="approved", approved=version)
    made = adjustments.adjustment_open(actor=desk.officer, budget=desk.budget(), reason="r", document="", now=now)
    why = {"sheet": "reasons", "row": None, "values": {"subject": "operating", "text": "八月调剂"}}
    changes = [{"row": 2, "values": {"amount": "550"}}, {"row": 3, "values": {"amount": "450"}}, why]
    adjustments.adjustment_set(actor=desk.officer, adjustment=made, changes=changes, revision=0)
    tokens = {who: token_of(person, *SCOPES) for who, person in desk.people.items()}
    for state in AdjustmentState.values:
        Adjustment.objects.filter(pk=made.pk).update(state=state)
        revision = adjustment_revision(adjustments_of(desk.budget()).get())
        for who, token in tokens.items():
            for move in (*workflow.ADJUSTMENTS, "no-such-move"):
                point = transaction.savepoint()
                data = {"move": move, "reason": "r", "revision": revision}
                status = sent(client, f"/budgets/{pk}/adjustments/1/moves", data, token).status_code
                reached = str(Adjustment.objects.get(pk=made.pk).state)
                transaction.savepoint_rollback(point)
                end = workflow.ADJUSTMENTS[move].ends.get(state) if move in workflow.ADJUSTMENTS else None
                allowed = end is not None and who in ADJUSTED.get((state, str(end)), ())
                if (status, reached) != (200, end) if allowed else status < 400 or reached != state:
                    wrong.append((state, who, move, status, reached))
    assert wrong == []
