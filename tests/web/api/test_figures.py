"""The control figures of a year by the API: standards, what is asked for, set for many, filled, given, as a workbook."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.api.budget_calls import Caller, fetched, posted, uploaded
from tests.web.api.calls import ROOT
from tests.web.budgets.test_bureau import family
from tests.web.budgets.test_bureau import workbook as figure_workbook
from zhengwu.web.budgets.models import Budget, ControlFigure
from zhengwu.web.common.models import Unit

__all__ = ["family"]
pytestmark = pytest.mark.django_db
YEAR = "/budget-years/2022"
STANDARD = {"name": "人员经费", "nature": "personnel", "counted": "staff", "each": "90.5", "unit_kind": ""}


def standards(call: Caller, *given: dict[str, Any], status: int = 200) -> Any:
    """Set them in place of those that stand."""
    read = fetched(call, f"{YEAR}/standards")["revision"]
    return posted(call, f"{YEAR}/standards", {"revision": read, "standards": list(given)}, status=status)


def figures(call: Caller) -> tuple[str, dict[str, Any]]:
    """(what tells the figures' state, the units by code)."""
    found = fetched(call, f"{YEAR}/figures")
    return found["revision"], {one["unit"]: one for one in found["items"]}


def test_standards_are_replaced_as_they_were_read(call: Caller) -> None:
    call.opened()
    old = fetched(call, f"{YEAR}/standards")
    assert (old["items"], old["closed"]) == ([], False)
    done = standards(call, STANDARD, {**STANDARD, "name": " 公用 ", "nature": "public", "unit_kind": "agency"})
    assert [(one["name"], one["each"]) for one in done["standards"]] == [("人员经费", "90.50"), ("公用", "90.50")]
    now = fetched(call, f"{YEAR}/standards", "auditor")
    assert (now["items"], now["revision"]) == (done["standards"], done["revision"])
    again = {"revision": old["revision"], "standards": []}
    assert posted(call, f"{YEAR}/standards", again, status=409)["code"] == "conflict"
    assert standards(call)["standards"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "standards.0.name"), ({"name": "x" * 101}, "standards.0.name"), ({"nature": "basic"}, "standards.0.nature"),
        ({"counted": "cars"}, "standards.0.counted"), ({"each": 5}, "standards.0.each"), ({"each": "-1"}, "standards.0.each"),
        ({"unit_kind": "firm"}, "standards.0.unit_kind"), ({"colour": "red"}, "standards.0.colour"),
    ],
)  # fmt: skip
def test_wrong_standard_names_its_field(call: Caller, wrong: dict[str, Any], field: str) -> None:
    call.opened()
    assert list(standards(call, {**STANDARD, **wrong}, status=422)["fields"]) == [field]


def test_standard_twice_or_of_a_closed_year_is_refused(call: Caller) -> None:
    call.opened()
    assert list(standards(call, STANDARD, STANDARD, status=422)["fields"]) == ["name"]
    posted(call, f"{YEAR}/closing", {"revision": fetched(call, YEAR)["revision"], "closed": True})
    assert standards(call, STANDARD, status=409)["code"] == "conflict"
    posted(call, "/budget-years/2030/standards", {"revision": "", "standards": []}, status=404)


def test_request_stands_beside_what_the_standards_make(call: Caller) -> None:
    call.opened()
    call.typed()
    standards(call, STANDARD)
    found = fetched(call, f"/budgets/{call.pk}/request", "auditor")
    assert (found["version"], found["basic"], found["projects"], found["total"], found["last"]) == (None, "1000.00", "0.00", "1000.00", None)  # fmt: skip
    made = found["by_standards"]
    assert (made["amount"], made["staff"], made["standard"], len(made["basis"])) == ("905.00", 10, "90.50", 1)
    call.move("officer", "hand-in")
    call.move("head", "submit")
    assert fetched(call, f"/budgets/{call.pk}/request")["version"] == 1
    fetched(call, f"/budgets/{10**30}/request", status=404)
    fetched(call, f"/budgets/{call.pk}/request", "officer", 403)


def test_figures_are_filled_by_the_standards_and_given_to_all_that_asked(call: Caller) -> None:
    call.opened()
    call.typed()
    standards(call, STANDARD)
    call.move("officer", "hand-in")
    call.move("head", "submit")
    read, _ = figures(call)
    refused = posted(call, f"{YEAR}/figures/giving", {"revision": read})
    assert (refused["given"], [one["budget"] for one in refused["refused"]]) == (0, [call.pk])
    assert "missing" in refused["refused"][0]["reason"]
    filled = posted(call, f"{YEAR}/figures/filling", {})
    assert (filled["changed"], filled["missing"]) == (1, [])
    assert posted(call, f"{YEAR}/figures/filling", {})["changed"] == 0
    now, units = figures(call)
    row = units[call.desk.unit.code]
    assert {name: row[name] for name in ("version", "asked_basic", "by_standards", "basic", "given", "difference", "open", "ready")} == {
        "version": 1, "asked_basic": "1000.00", "by_standards": "905.00", "basic": "905.00", "given": "905.00", "difference": "-95.00",
        "open": True, "ready": True,
    }  # fmt: skip
    assert now == filled["revision"]
    assert posted(call, f"{YEAR}/figures/giving", {"revision": read}, status=409)["code"] == "conflict"
    assert posted(call, f"{YEAR}/figures/giving", {"revision": now}) == {"given": 1, "refused": []}
    assert call.get()["state"] == "second_draft"


def test_basic_figures_of_many_are_set_at_once_or_none(call: Caller, family: list[Budget]) -> None:
    read, _ = figures(call)
    given = [
        {"unit": "990", "amount": "300"},
        {"unit": "990001", "amount": "60.5", "staff": 6, "standard": "10", "remark": "r"},
    ]
    done = posted(call, f"{YEAR}/figures", {"revision": read, "figures": given})
    assert done["changed"] == 2
    now, units = figures(call)
    assert (units["990"]["basic"], units["990001"]["basic"], units["990002"]["basic"]) == ("300.00", "60.50", None)
    assert now == done["revision"]
    assert posted(call, f"{YEAR}/figures", {"revision": read, "figures": given}, status=409)["code"] == "conflict"
    gone = {"revision": now, "figures": [{"unit": "990", "amount": None}, {"unit": "990001", "amount": "1", "staff": 6, "standard": "10"}]}  # fmt: skip
    assert list(posted(call, f"{YEAR}/figures", gone, status=422)["fields"]) == ["amount"], (
        "less than staff times the standard"
    )
    assert figures(call)[1]["990"]["basic"] == "300.00"
    gone["figures"] = gone["figures"][:1]
    assert posted(call, f"{YEAR}/figures", gone)["changed"] == 1
    assert figures(call)[1]["990"]["basic"] is None
    for one, field in (
        ([{"unit": "nobody", "amount": "1"}], "figures.0.unit"), ([{"unit": "990"}], "figures.0.amount"), ([], "figures"),
        ([{"unit": "990", "amount": "1"}, {"unit": "990", "amount": "2"}], "figures"),
        ([{"unit": "990", "amount": "many"}], "figures.0.amount"),
    ):  # fmt: skip
        data = {"revision": figures(call)[0], "figures": one}
        assert list(posted(call, f"{YEAR}/figures", data, status=422)["fields"]) == [field], one


def test_units_are_filtered_and_read_in_pieces(call: Caller, family: list[Budget]) -> None:
    for query, count in (("", 4), ("?department=990", 3), ("?state=approved", 0), ("?q=中心", 2), ("?limit=2", 4)):
        assert fetched(call, f"{YEAR}/figures{query}")["total"] == count, query
    assert len(fetched(call, f"{YEAR}/figures?limit=3&offset=2")["items"]) == 2
    fetched(call, "/budget-years/2030/figures", status=404)


def test_list_asks_as_many_queries_for_many_units(call: Caller, family: list[Budget]) -> None:
    counts = set()
    fetched(call, f"{YEAR}/figures")
    for size in (1, 8):
        for number in range(size):
            unit, _ = Unit.objects.get_or_create(code=f"8{number:02}", name=f"单位{number}")
            Budget.objects.get_or_create(unit=unit, year=family[0].year, defaults={"moved_at": timezone.now()})
        with CaptureQueriesContext(connection) as found:
            fetched(call, f"{YEAR}/figures")
        counts.add(len(found))
    assert len(counts) == 1


def test_workbook_of_figures_goes_out_and_comes_in(call: Caller) -> None:
    call.opened()
    call.typed()
    path = f"{YEAR}/figures/workbook"
    answer = call.client.get(ROOT + path, headers=call.tokens["auditor"])
    assert answer["Content-Disposition"] == 'attachment; filename="control-2022.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active.max_row > 1
    known = call.tokens["auditor"] | {"If-None-Match": answer["ETag"]}
    assert call.client.get(ROOT + path, headers=known).status_code == 304

    def taken(data: bytes, revision: str, status: int) -> Any:
        given = {"revision": revision, "file": SimpleUploadedFile("a.xlsx", data)}
        return uploaded(call, path, given, "reviewer", status)

    read, _ = figures(call)
    book = figure_workbook((call.desk.unit.code, "", "900", "", "", ""))
    done = taken(book, read, 200)
    assert done["changed"] == 1
    assert figures(call)[0] == done["revision"]
    assert taken(book, read, 409)["code"] == "conflict"
    wrong = taken(figure_workbook(("777", "", "x", "", "", "")), done["revision"], 422)
    assert (wrong["code"], list(wrong["fields"])) == ("bad-ledger", ["控制数.2.C 控制数"])
    assert taken(b"nonsense", done["revision"], 422)["code"]
    assert "file" in uploaded(call, path, {"revision": read}, "reviewer", 422)["fields"]
    assert ControlFigure.objects.get().amount == 900_00
