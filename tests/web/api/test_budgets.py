"""The budget desk by the API: the yearly cycle from the opening of the year to an adjustment, and what each step holds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.api.budget_calls import Caller
from tests.web.api.calls import ROOT, asked
from zhengwu.web.api_budget_shapes import StateKey
from zhengwu.web.budgets import moves
from zhengwu.web.budgets.models import Budget, Remark, Row, State
from zhengwu.web.common.models import Unit
from zhengwu.web.common.trail import verify

pytestmark = pytest.mark.django_db


def test_budget_goes_its_whole_way_by_the_api(call: Caller) -> None:
    call.approved()
    one = call.get()
    assert (one["state"], one["total"], one["control"], one["left"], one["approved"]) == ("approved", "1000.00", "1000.00", "0.00", 3)  # fmt: skip
    assert [(each["number"], each["kind"], each["in_force"]) for each in call.get("/versions")["items"]] == [
        (1, "first", False), (2, "second", False), (3, "approved", True),
    ]  # fmt: skip
    stands = call.get("/publication", "head")
    assert (stands["version"], stands["against"], stands["publication"]) == (3, [], None)
    made = call.post("/publication", {"version": 3}, "head", 201)
    assert (made["unit"], made["year"], made["total"]) == (call.desk.unit.code, 2022, "1000.00")
    assert call.post("/publication", {"version": 3}, "head", 201)["id"] == made["id"], "sent twice, published once"
    assert call.get("/publication", "head")["publication"]["id"] == made["id"]
    begun = call.post("/adjustments", {"version": 3, "reason": "八月调剂"}, status=201)
    changes = [{"row": 2, "cells": {"amount": "550"}}, {"row": 3, "cells": {"amount": "450.00"}}]
    path = f"/adjustments/{begun['number']}"
    done = call.post(f"{path}/changes", {"revision": begun["revision"], "changes": changes})
    # The text would say that what runs the office differs from last year, and not why.
    assert (len(done["against"]), done["hinders"]) == (1, True)
    assert (
        call.post(f"{path}/moves", {"revision": done["revision"], "move": "hand-in"}, status=422)["code"] == "not-ready"
    )
    changes.append({"sheet": "reasons", "row": None, "cells": {"subject": "operating", "text": "八月调剂"}})
    done = call.post(f"{path}/changes", {"revision": done["revision"], "changes": changes})
    assert done["changes"][0] == {"sheet": "lines", "row": 2, "cells": {"amount": "550.00"}}
    for who, move in (("officer", "hand-in"), ("head", "submit"), ("reviewer", "approve")):
        assert [each["move"] for each in call.get(path, who)["moves"]].count(move) == 1
        done = call.post(f"{path}/moves", {"revision": done["revision"], "move": move}, who)
    assert (done["state"], done["base"], done["result"], done["against"]) == ("approved", 3, 4, [])
    adjusted = call.get()["adjusted"]
    assert adjusted == {"approved": "1000.00", "now": "1000.00", "change": "0.00", "parts": []}
    told = next(each for each in call.get("/history")["items"] if each["adjustment"])
    assert (told["actor"], told["made_by"], told["adjustment"], told["sheet"]) == ("reviewer", "officer", 1, "lines")
    assert [(each["before"], each["after"]) for each in told["cells"]] == [("600.00", "550.00"), ("400.00", "450.00")]
    found = call.get("/difference?old=3&new=4")
    assert [(each["kind"], each["difference"]) for each in found["items"]] == [
        ("changed", "-50.00"),
        ("changed", "50.00"),
    ]
    assert found["items"][0]["old"]["amount"] == "600.00"
    assert found["expenditure"] | {"name": ""} == {
        "code": "", "name": "", "level": 0, "old": "1000.00", "new": "1000.00", "difference": "0.00", "rate": "0.00",
        "state": "",
    }  # fmt: skip
    assert verify()[1] == ""


def test_states_of_the_description_are_those_of_the_models() -> None:
    assert set(StateKey.__args__) == set(State.values)


def test_years_and_budgets_are_listed_with_what_waits(call: Caller) -> None:
    call.opened()
    again = call.raw("/budget-years", {"year": 2022, "dialect": "beijing-xicheng-budget"}, "reviewer")
    assert (again.status_code, list(again.json()["fields"])) == (422, ["year"])
    for data, field in (
        ({"units": ["nobody"]}, "units.0"),
        ({"dialect": "none"}, "dialect"),
        ({"second_due": "2020-01-01", "first_due": "2020-01-02"}, "second_due"),
    ):
        refused = call.raw("/budget-years", {"year": 2023, "dialect": "beijing-xicheng-budget", **data}, "reviewer")
        assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])
    begun = call.raw("/budget-years/2022/budgets", {"unit": call.desk.foreign.code}, "reviewer").json()
    assert (
        call.raw("/budget-years/2022/budgets", {"unit": call.desk.foreign.code}, "reviewer").json()["id"] == begun["id"]
    )
    assert call.raw("/budget-years/2021/budgets", {"unit": "990"}, "reviewer").status_code == 404
    headers = call.tokens["officer"]
    assert [one["year"] for one in asked(call.client, "/budget-years", **headers)["items"]] == [2022]
    listed = asked(call.client, "/budgets", **headers)
    assert [(one["id"], one["waits"], one["due"], one["overdue"]) for one in listed["items"]] == [
        (call.pk, True, "2021-09-30", True)
    ]
    headers = call.tokens["reviewer"]
    for query, count in (
        ("", 2),
        ("?unit=990", 1),
        ("?year=2021", 0),
        ("?state=first_draft", 2),
        ("?state=approved", 0),
        ("?limit=1", 2),
    ):
        assert asked(call.client, f"/budgets{query}", **headers)["total"] == count, query
    assert not any(one["waits"] for one in asked(call.client, "/budgets", **headers)["items"])


def test_lists_ask_as_many_queries_for_many_budgets_as_for_few(call: Caller) -> None:
    call.opened()
    counts = set()
    for size in (1, 12):
        for number in range(size):
            unit, _ = Unit.objects.get_or_create(code=f"8{number:02}", name=f"单位{number}")
            Budget.objects.get_or_create(unit=unit, year=call.desk.budget().year, defaults={"moved_at": timezone.now()})
        with CaptureQueriesContext(connection) as found:
            assert asked(call.client, "/budgets", **call.tokens["reviewer"])["total"] == size + 1
        counts.add(len(found))
    assert len(counts) == 1


def test_act_on_another_state_than_was_read_is_a_conflict(call: Caller) -> None:
    call.opened()
    read = call.get()["revision"]
    call.typed()
    for path, more in (("moves", {"move": "hand-in"}), ("copy", {})):
        assert call.post(f"/{path}", {"revision": read, **more}, status=409)["code"] == "conflict"
    before = call.get(who="reviewer")["revision"]
    figures = {"revision": before, "figures": [{"amount": "1"}]}
    call.post("/figures", figures, "reviewer")
    call.post("/figures", figures, "reviewer", 409)
    told = {who: call.get("/figures", who)["items"][0] for who in ("officer", "reviewer")}
    assert (told["reviewer"]["given"], told["reviewer"]["left"]) == ("1.00", "-999.00")
    assert (told["officer"]["given"], told["officer"]["set_at"]) == (None, None), "what the bureau prepares is its own"


def test_figure_that_cannot_be_is_refused(call: Caller) -> None:
    call.opened()
    revision = call.get(who="reviewer")["revision"]
    for one, field in (
        ({"amount": 1}, "figures.0.amount"),
        ({"amount": "1.234"}, "figures.0.amount"),
        ({"amount": "-1"}, "figures.0.amount"),
        ({"amount": "9", "staff": 10, "standard": "1"}, "amount"),
    ):
        refused = call.post("/figures", {"revision": revision, "figures": [one]}, "reviewer", 422)
        assert list(refused["fields"]) == [field]
    twice = [{"amount": "1"}, {"amount": "2"}]
    assert "project" in call.post("/figures", {"revision": revision, "figures": twice}, "reviewer", 422)["fields"]


def test_return_says_why_at_cells_and_remarks_are_settled(call: Caller) -> None:
    call.opened()
    call.typed()
    line = call.get("/rows/lines")["items"][0]
    call.move("officer", "hand-in")
    call.move("head", "submit")
    assert list(call.move("reviewer", "return", 422)["fields"]) == ["reason"]
    other = call.raw("/budget-years/2022/budgets", {"unit": "990"}, "reviewer").json()["id"]
    foreign = Row.objects.filter(budget=other).first()
    assert foreign is not None
    call.move("reviewer", "return", 422, remarks=[{"text": "t", "row": foreign.pk}])
    call.move("reviewer", "return", reason="太多", remarks=[{"text": "偏高", "row": line["id"], "column": "amount"}])
    said = call.get("/remarks")["items"]
    assert {(one["text"], one["sheet"], one["row"], one["column"], one["move"]) for one in said} == {
        ("太多", None, None, "", "return"), ("偏高", "lines", line["id"], "amount", "return"),
    }  # fmt: skip
    assert call.get()["remarks"] == 2
    for _ in range(2):
        settled = call.post(f"/remarks/{said[0]['id']}/settlement", {})
        assert settled["settled"] is True
    call.post("/remarks", {"text": "已改", "row": line["id"]}, status=201)
    call.post("/remarks", {"text": "x", "row": foreign.pk}, status=422)
    call.post("/remarks", {"text": ""}, status=422)
    assert call.get()["remarks"] == 2
    assert (
        call.client.post(
            f"{ROOT}/budgets/{call.pk}/remarks/{10**20}/settlement",
            "{}",
            content_type="application/json",
            headers=call.tokens["officer"],
        ).status_code
        == 404
    )
    assert Remark.objects.filter(budget=call.pk).count() == 3


def test_whom_the_head_lets_sign_signs_by_the_api_but_not_what_was_handed_in_by_the_same_person(call: Caller) -> None:
    call.opened()
    call.typed()
    call.move("officer", "hand-in")
    assert [one["move"] for one in call.get(who="second")["moves"]] == []
    call.move("second", "submit", 403)
    today = timezone.localdate()
    for to in (call.desk.second, call.desk.officer):
        moves.delegate(actor=call.desk.head, to=to, since=today, until=today + timedelta(days=1), now=timezone.now())
    call.move("officer", "submit", 403)
    assert [one["move"] for one in call.get(who="second")["moves"]] == ["send-back", "submit"]
    assert call.move("second", "submit")["state"] == "first_submitted"


def test_budget_copied_forward_tells_what_to_decide_and_differs_from_last_year(call: Caller) -> None:
    call.desk.earlier()
    call.opened()
    done = call.post("/copy", {"revision": call.get()["revision"]})
    assert (done["budget"]["copied"], done["budget"]["total"]) == (True, "60403595.94")
    assert done["budget"]["notes"] == len(done["notes"]) == call.get("/notes?limit=1")["total"]
    assert "project_ended" in {one["kind"] for one in done["notes"]}
    note = next(one for one in done["notes"] if one["waits"] and one["sheet"] == "projects")
    path, revision = f"/notes/{note['id']}/decision", done["budget"]["revision"]
    for _ in range(2):
        kept = call.post(path, {"revision": revision, "kept": True})
        assert (kept["waits"], kept["kept"]["by"]) == (False, "officer")
    assert kept in call.get("/notes?limit=500")["items"]
    assert call.post(path, {"revision": "x", "kept": False}, status=409)["code"] == "conflict"
    assert call.post(path, {"revision": revision, "kept": False}) == note
    call.post("/notes/none/decision", {"revision": revision, "kept": True}, status=404)
    found = call.get("/difference?old=last&limit=2")
    assert found["expenditure"]["difference"] == "-2831069.50"
    assert found["total"] >= len(found["items"]) > 0
    assert {"function", "departmental"} <= {one["key"] for one in found["groups"]}
    assert "projects" in {one["sheet"] for one in found["rows"]}
    assert call.get("/difference?old=now")["same"] is True
    for query, status in (("old=x", 422), ("old=7", 404), ("", 422)):
        assert (
            call.client.get(f"{ROOT}/budgets/{call.pk}/difference?{query}", headers=call.tokens["officer"]).status_code
            == status
        )


def test_publication_says_what_stands_against_it(call: Caller) -> None:
    call.opened()
    assert call.get("/publication")["against"]
    assert call.post("/publication", {"version": 1}, "head", 409)["code"] == "conflict"
    call.post("/publication", {"version": 1}, "officer", 403)


def test_publication_and_adjustment_of_another_version_than_was_read_are_conflicts(call: Caller) -> None:
    call.approved()
    call.post("/publication", {"version": 2}, "head", 409)
    call.post("/adjustments", {"version": 2, "reason": "r"}, status=409)
    made = call.post("/adjustments", {"version": 3, "reason": "r", "document": "一号"}, status=201)
    assert call.get("/adjustments")["items"] == [
        {name: made[name] for name in made if name not in ("changes", "moves", "against", "hinders")}
    ]
    path = f"/adjustments/{made['number']}/changes"
    twice = [{"row": 2, "cells": None}, {"row": 2, "cells": {"amount": "1"}}]
    for changes, field in (
        (twice, "changes"),
        ([{"row": 99, "cells": None}], "支出明细.99."),
        ([{"sheet": "units", "row": 2}], "changes.0.sheet"),
        ([{"row": 2, "cells": {"amount": "many"}}], "支出明细.2.金额"),
    ):
        refused = call.post(path, {"revision": made["revision"], "changes": changes}, status=422)
        assert list(refused["fields"]) == [field], changes
    # The sums would not be those of the income: the cells are named.
    refused = call.post(
        path, {"revision": made["revision"], "changes": [{"row": 2, "cells": {"amount": "1"}}]}, status=422
    )
    assert refused["code"] == "bad-ledger"
    assert refused["fields"]
    both = [{"row": 2, "cells": {"amount": "500"}}, {"row": 3, "cells": {"amount": "500"}}]
    done = call.post(path, {"revision": made["revision"], "changes": both, "reason": "调整"})
    assert done["reason"] == "调整"
    call.post(path, {"revision": made["revision"], "changes": both}, status=409)
    call.post("/adjustments/1/moves", {"revision": made["revision"], "move": "hand-in"}, status=409)
    call.post("/adjustments/9/moves", {"revision": made["revision"], "move": "hand-in"}, status=404)
    gone = call.post("/adjustments/1/moves", {"revision": done["revision"], "move": "withdraw", "reason": "r"})
    assert (gone["state"], gone["decision"], gone["moves"]) == ("withdrawn", "r", [])


def test_history_tells_who_changed_which_cell(call: Caller) -> None:
    call.opened()
    call.typed()
    row = call.get("/rows/lines")["items"][0]
    change = {"name": "c", "row": row["id"], "cells": {"amount": "700"}, "seen": {"amount": "600.00"}}
    call.post("/rows/lines", {"changes": [change]}, "second")
    found = call.get(f"/history?sheet=lines&row={row['id']}&column=amount")
    assert [(one["actor"], one["sheet"]) for one in found["items"]] == [("second", "lines"), ("officer", "lines")]
    assert [(each["before"], each["after"]) for each in found["items"][0]["cells"]] == [("600.00", "700.00")]
    assert call.get("/history?limit=500")["items"][-1]["action"] == "budget.start"
    call.post("/rows/lines", {"changes": [{"name": "d", "row": row["id"], "gone": True}]})
    newest = call.get("/history?limit=1")["items"][0]
    assert (newest["gone"], newest["cells"], newest["more"]) == (1, [], 0)
    held = newest["held"][0]
    assert (held["kind"], held["row"], held["values"]["金额" if "金额" in held["values"] else "amount"]) == ("gone", 0, "700.00")  # fmt: skip
    assert [one["event"] for one in call.get(f"/history?event={newest['event']}")["items"]] == [newest["event"]]


def test_budget_is_seen_as_it_would_be_published(call: Caller) -> None:
    call.opened()
    address = f"{ROOT}/budgets/{call.pk}/publication/files"
    assert call.client.get(f"{address}/xlsx", headers=call.tokens["officer"]).status_code == 422, "nothing is typed yet"
    call.typed()
    for form, begins in (("html", b"<!DOCTYPE html>"), ("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
        answer = call.client.get(f"{address}/{form}", headers=call.tokens["officer"])
        assert (answer.status_code, answer["Content-Disposition"]) == (200, f'attachment; filename="draft-budget-2022.{form}"')  # fmt: skip
        assert answer.content.lower().startswith(begins.lower())
        assert "sandbox" in answer["Content-Security-Policy"]
    assert call.client.get(f"{address}/csv", headers=call.tokens["officer"]).status_code == 422
    assert call.client.get(f"{address}/pdf", headers=call.tokens["stranger"]).status_code == 404
