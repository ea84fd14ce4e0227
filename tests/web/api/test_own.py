"""What is a person's own by the API: notices, and who signs in a head's place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.api.budget_calls import Caller, fetched, posted
from zhengwu.web.budgets.models import Delegation, Notice
from zhengwu.web.common.models import AuditEvent, User

pytestmark = pytest.mark.django_db
DAYS = {"since": "2022-01-03", "until": "2022-01-07"}


def test_notices_are_seen_up_to_the_newest_that_was_read(call: Caller) -> None:
    call.opened()
    first = fetched(call, "/notices", "officer")
    assert (first["unseen"], [(one["message"], one["budget"], one["seen"]) for one in first["items"]]) == (
        1, [("The budget of 2022 is open.", call.pk, False)]
    )  # fmt: skip
    call.typed()
    call.move("officer", "hand-in")
    call.move("head", "send-back", reason="r")
    found = fetched(call, "/notices", "officer")
    assert (found["total"], found["unseen"]) == (2, 2)
    assert posted(call, "/notices/seen", {"newest": first["items"][0]["id"]}, "officer") == {"unseen": 1}
    assert [one["seen"] for one in fetched(call, "/notices", "officer")["items"]] == [False, True]
    newest = {"newest": found["items"][0]["id"]}
    for _ in range(2):
        assert posted(call, "/notices/seen", newest, "officer") == {"unseen": 0}
    assert fetched(call, "/notices", "second")["unseen"] > 0, "everybody's own"
    assert "newest" in posted(call, "/notices/seen", {}, "officer", 422)["fields"]


def test_notice_of_an_adjustment_tells_its_number(call: Caller) -> None:
    call.approved()
    made = call.post("/adjustments", {"version": 3, "reason": "八月调剂"}, status=201)
    path = f"/adjustments/{made['number']}/moves"
    call.post(path, {"revision": made["revision"], "move": "withdraw", "reason": "r"})
    first = fetched(call, "/notices", "head")["items"][0]
    assert (first["budget"], first["adjustment"]) == (call.pk, made["number"])
    assert {one["adjustment"] for one in fetched(call, "/notices", "head")["items"][1:]} == {None}


def test_head_lets_somebody_sign_and_takes_it_back(call: Caller) -> None:
    call.opened()
    call.typed()
    call.move("officer", "hand-in")
    assert [one["username"] for one in fetched(call, "/delegations", "head")["signers"]] == ["officer", "second"]
    today = timezone.localdate()
    days = {"since": str(today), "until": str(today + timedelta(days=1))}
    made = posted(call, "/delegations", {"to": "second", **days}, "head", 201)
    assert (made["to"], made["current"], made["ended_at"], made["since"]) == ("second", True, None, str(today))
    assert fetched(call, "/delegations", "head")["items"] == [made]
    assert [one["move"] for one in call.get(who="second")["moves"]] == ["send-back", "submit"]
    path = f"/delegations/{made['id']}/ending"
    posted(call, path, {}, "other_head", 404)
    ended = posted(call, path, {}, "head")
    assert (ended["current"], posted(call, path, {}, "head")) == (False, ended)
    assert call.get(who="second")["moves"] == []
    assert AuditEvent.objects.filter(action__in=("budget.delegate", "budget.delegation-end")).count() == 2


def test_whom_a_head_cannot_let_sign_is_refused_whoever_it_is(call: Caller) -> None:
    User.objects.filter(username="second").update(is_active=False)
    said = set()
    for to in ("second", "head", "stranger", "reviewer", "nobody", ""):
        refused = posted(call, "/delegations", {"to": to, **DAYS}, "head", 422)
        assert list(refused["fields"]) == ["to"]
        said.add(refused["message"])
    assert len(said) == 1
    for data, field in (
        ({"since": "2022-01-08"}, "until"), ({"until": "2022-13-01"}, "until"), ({"since": None}, "since"), ({"from": "x"}, "from"),
    ):  # fmt: skip
        refused = posted(call, "/delegations", {"to": "officer", **DAYS, **data}, "head", 422)
        assert list(refused["fields"]) == [field], data
    posted(call, f"/delegations/{10**30}/ending", {}, "head", 404)
    posted(call, "/delegations", {"to": "second", **DAYS}, "officer", 403)


@pytest.mark.parametrize(("path", "who"), [("/notices", "officer"), ("/delegations", "head")])
def test_own_lists_ask_as_many_queries_for_many_rows_as_for_few(call: Caller, path: str, who: str) -> None:
    call.opened()
    today, counts = timezone.localdate(), set()
    fetched(call, path, who)  # the token's first use is written down
    for size in (1, 9):
        for number in range(size):
            about = f"test:{size}:{number}"
            budget = call.desk.budget()
            Notice.objects.create(
                person=call.desk.officer, budget=budget, zh="知", en="n", about=about, at=timezone.now()
            )
            Delegation.objects.create(head=call.desk.head, to=call.desk.second, since=today, until=today)
        with CaptureQueriesContext(connection) as found:
            assert len(fetched(call, path, who)["items"]) >= size
        counts.add(len(found))
    assert len(counts) == 1
