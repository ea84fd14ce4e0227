"""What the bureau does with a year by the API: deadlines, its end, units, mergers, exports."""

import io
from typing import Any

import openpyxl
import pytest

from tests.web.api.budget_calls import Caller, fetched, posted
from tests.web.api.calls import ROOT
from tests.web.budgets.test_units import two
from zhengwu.web.budgets import exports
from zhengwu.web.budgets.models import Budget
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import verify

__all__ = ["two"]
pytestmark = pytest.mark.django_db
YEAR = "/budget-years/2022"


def revision(call: Caller, pk: int) -> str:
    """What a reviewer who reads a budget now sends back."""
    return str(fetched(call, f"/budgets/{pk}")["revision"])


def merge(call: Caller, gone: Budget, into: Budget, status: int = 200, changed: Any = None) -> Any:
    """A merger of two budgets as they now are."""
    data = {
        "gone": gone.pk, "gone_revision": revision(call, gone.pk), "into": into.pk, "into_revision": revision(call, into.pk),
        "reason": "机构改革", **(changed or {}),
    }  # fmt: skip
    return posted(call, f"{YEAR}/mergers", data, status=status)


def test_deadlines_are_set_as_they_were_read_and_in_order(call: Caller) -> None:
    call.opened()
    read = fetched(call, YEAR)
    days = {"first_due": "2021-09-01", "second_due": None, "publish_due": "2022-02-20"}
    done = posted(call, YEAR, {"revision": read["revision"], **days})
    assert {name: done[name] for name in days} == days
    assert fetched(call, YEAR, "officer") == done
    assert posted(call, YEAR, {"revision": read["revision"], **days}, status=409)["code"] == "conflict"
    now = {"revision": done["revision"], **days}
    for data, field in (
        ({**now, "second_due": "2021-08-01"}, "second_due"), ({**now, "second_due": "soon"}, "second_due"),
        ({**now, "second_due": 20210901}, "second_due"), ({**now, "year": 2023}, "year"),
        ({"revision": now["revision"], "first_due": None}, "second_due"),
    ):  # fmt: skip
        assert field in posted(call, YEAR, data, status=422)["fields"], data
    posted(call, "/budget-years/2099", now, status=404)
    posted(call, f"/budget-years/{10**30}", now, status=404)


def test_closed_year_moves_no_more_until_it_is_opened_again(call: Caller) -> None:
    call.opened()
    call.typed()
    read = fetched(call, YEAR)["revision"]
    closed = posted(call, f"{YEAR}/closing", {"revision": read, "closed": True})
    assert closed["closed"] is True
    call.move("officer", "hand-in", 409)
    assert call.get()["moves"] == []
    assert posted(call, f"{YEAR}/closing", {"revision": read, "closed": True}, status=409)["code"] == "conflict"
    days = {"first_due": None, "second_due": None, "publish_due": None}
    assert posted(call, YEAR, {"revision": closed["revision"], **days}, status=409)["code"] == "conflict"
    assert "closed" in posted(call, f"{YEAR}/closing", {"revision": closed["revision"], "closed": 0}, status=422)["fields"]  # fmt: skip
    again = posted(call, f"{YEAR}/closing", {"revision": closed["revision"], "closed": False})
    assert (again["closed"], again["revision"]) == (False, read)
    call.move("officer", "hand-in")
    assert AuditEvent.objects.filter(action__in=("budget.close-year", "budget.reopen-year")).count() == 2


def test_year_is_told_to_whom_it_concerns(call: Caller) -> None:
    call.opened()
    assert fetched(call, YEAR, "officer")["year"] == 2022
    assert fetched(call, YEAR, "stranger", 404)["code"] == "not-found"
    fetched(call, "/budget-years/2030", status=404)


def test_units_stand_below_those_they_belong_to_with_their_budgets(call: Caller, two: tuple[Budget, Budget]) -> None:
    own, below = two
    found = fetched(call, f"{YEAR}/units")
    assert [(one["unit"], one["depth"], one["budget"]) for one in found["items"]][-2:] == [
        ("990", 0, own.pk), ("990001", 1, below.pk),
    ]  # fmt: skip
    assert fetched(call, f"{YEAR}/units?limit=1&offset=2")["items"] == found["items"][2:3]
    merge(call, below, own)
    last = fetched(call, f"{YEAR}/units")["items"][-1]
    assert (last["state"], last["merged_into"]) == ("merged", own.pk)


def test_merger_puts_both_together_and_closes_the_other(call: Caller, two: tuple[Budget, Budget]) -> None:
    own, below = two
    done = merge(call, below, own, changed={"document": "编办〔2022〕5号"})
    assert {name: done[name] for name in ("lines", "amount", "before", "taken_out", "after")} == {
        "lines": 2, "amount": "1000.00", "before": "1000.00", "taken_out": "0.00", "after": "2000.00",
    }  # fmt: skip
    assert (done["budget"]["id"], done["budget"]["total"]) == (own.pk, "2000.00")
    assert done["notes"][0]["message"]
    gone = fetched(call, f"/budgets/{below.pk}")
    assert (gone["state"], gone["merged_into"]) == ("merged", own.pk)
    assert merge(call, below, own, 409)["code"] == "conflict"
    assert verify()[1] == ""


def test_merger_that_cannot_be_is_refused_and_nothing_is_done(call: Caller, two: tuple[Budget, Budget]) -> None:
    own, below = two
    for more, field in (
        ({"reason": " "}, "reason"), ({"gone": own.pk, "gone_revision": revision(call, own.pk)}, "into"), ({"into": 10**9}, "into"),
        ({"gone": 10**9}, "gone"), ({"gone": 0}, "gone"), ({"document": "x" * 101}, "document"), ({"why": "x"}, "why"),
    ):  # fmt: skip
        assert list(merge(call, below, own, 422, more)["fields"]) == [field], more
    for side in ("gone_revision", "into_revision"):
        assert merge(call, below, own, 409, {side: "another"})["code"] == "conflict"
    assert list(merge(call, own, call.desk.budget(), 422)["fields"]) == ["gone"], "it has a unit below it"
    assert not Budget.objects.filter(state="merged").exists()


def test_export_is_asked_for_made_in_the_background_and_fetched(call: Caller) -> None:
    call.approved()
    one = posted(call, f"{YEAR}/exports", {}, status=201)
    assert (one["state"], one["files"], one["drafts"], one["ended_at"]) == ("queued", [], False, None)
    assert posted(call, f"{YEAR}/exports", {}, status=201)["id"] == one["id"], "it is being made"
    path = f"{YEAR}/exports/{one['id']}"
    fetched(call, f"{path}/files/xlsx", status=404)
    assert exports.run_pending() == 1
    done = fetched(call, path, "auditor")
    assert (done["state"], done["files"], done["said"]) == ("done", ["xlsx", "pdf"], [])
    assert done["done"] == done["total"]
    assert fetched(call, f"{YEAR}/exports")["items"] == [done]
    book = call.client.get(f"{ROOT}{path}/files/xlsx", headers=call.tokens["auditor"])
    names = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).sheetnames
    assert f"{call.desk.unit.code} 表一" in names
    pdf = call.client.get(f"{ROOT}{path}/files/pdf", headers=call.tokens["reviewer"])
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "private, no-cache")
    known = call.tokens["reviewer"] | {"If-None-Match": pdf["ETag"]}
    assert call.client.get(f"{ROOT}{path}/files/pdf", headers=known).status_code == 304
    fetched(call, f"{path}/files/docx", status=422)
    fetched(call, f"{YEAR}/exports/{10**30}", status=404)


def test_export_of_nothing_says_why(call: Caller) -> None:
    call.opened()
    assert "drafts" in posted(call, f"{YEAR}/exports", {"drafts": "yes"}, status=422)["fields"]
    posted(call, f"{YEAR}/exports", {}, "auditor", 403)
    posted(call, "/budget-years/2030/exports", {}, status=404)
    one = posted(call, f"{YEAR}/exports", {"drafts": False}, status=201)
    exports.run_pending()
    failed = fetched(call, f"{YEAR}/exports/{one['id']}")
    assert (failed["state"], failed["files"]) == ("failed", [])
    assert "not approved yet" in failed["said"][0]
