"""The board, the totals and a department rolled up by the API: the same sums as the pages have."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.api.budget_calls import Caller, fetched
from tests.web.budgets.test_bureau import family, typed
from zhengwu.web.budgets import years
from zhengwu.web.budgets.models import Budget
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.models import Unit

__all__ = ["family"]
pytestmark = pytest.mark.django_db
YEAR = "/budget-years/2022"


def test_board_shows_departments_without_what_passes_between_their_units(call: Caller, family: list[Budget]) -> None:
    figure = [Figure("", 350_00)]
    years.figures_set(actor=call.desk.reviewer, budget=family[0], figures=figure, now=timezone.now())
    found = fetched(call, f"{YEAR}/board")
    assert (found["total"], found["budgets"], found["steps"]["first_draft"], found["taken_out"], found["unpaired"]) == (2, 4, 4, "100.00", 0)  # fmt: skip
    row = next(one for one in found["items"] if one["unit"] == "990")
    assert [(one["budget"], one["depth"], one["sums"]["total"]) for one in row["units"]] == [
        (family[0].pk, 0, "400.00"), (family[1].pk, 1, "100.00"), (family[2].pk, 1, "50.00"),
    ]  # fmt: skip
    assert row["sums"] == {
        "total": "450.00", "basic": "400.00", "projects": "50.00", "other": "0.00", "control": "350.00", "left": "50.00", "used": 85,
        "funds": {"general": "450.00", "government_fund": "0.00", "state_capital": "0.00", "other": "0.00"},
    }  # fmt: skip
    assert (row["taken_out"], row["states"], row["remarks"]) == ("100.00", {"first_draft": 3}, 0)
    assert row["units"][0]["days"] < 0
    assert found["sums"]["total"] == "450.00"


def test_board_is_filtered_and_read_in_pieces(call: Caller, family: list[Budget]) -> None:
    for query, count in (
        ("", 2), ("?department=990", 1), ("?department=nobody", 0), ("?state=approved", 0), ("?state=first_draft", 2),
        ("?q=示例中心", 1), ("?q=990", 1), ("?limit=1", 2),
    ):  # fmt: skip
        assert fetched(call, f"{YEAR}/board{query}")["total"] == count, query
    assert len(fetched(call, f"{YEAR}/board?limit=1&offset=1")["items"]) == 1
    fetched(call, f"{YEAR}/board?state=lost", status=422)
    fetched(call, "/budget-years/2030/board", status=404)
    assert fetched(call, f"{YEAR}/board", "officer", 403)["code"] == "not-allowed"


def test_board_asks_as_many_queries_for_many_departments(call: Caller, family: list[Budget]) -> None:
    counts = set()
    fetched(call, f"{YEAR}/board")
    for size in (1, 8):
        for number in range(size):
            unit, _ = Unit.objects.get_or_create(code=f"8{number:02}", name=f"单位{number}")
            Budget.objects.get_or_create(unit=unit, year=family[0].year, defaults={"moved_at": timezone.now()})
        with CaptureQueriesContext(connection) as found:
            fetched(call, f"{YEAR}/board?limit=500")
        counts.add(len(found))
    assert len(counts) == 1


def test_totals_add_up_by_function_class_and_source(call: Caller, family: list[Budget]) -> None:
    figures = [Figure("", 300_00), Figure("甲", 50_00)]
    years.figures_set(actor=call.desk.reviewer, budget=family[2], figures=figures, now=timezone.now())
    found = fetched(call, f"{YEAR}/totals")
    assert (found["sums"]["total"], found["taken_out"]) == ("450.00", "100.00")
    assert (found["given_basic"], found["given_projects"]) == ("300.00", "50.00")
    for key in ("functions", "economic", "funds"):
        assert sum(float(one["total"]) for one in found[key]) == 450, key
    assert {(one["code"], one["total"]) for one in found["functions"]} == {("201", "410.00"), ("208", "40.00")}
    assert all(one["name"] for one in found["functions"])
    assert found["funds"][0] == {"fund": "general", "name": "general public budget", "total": "450.00"}
    assert [(one["unit"], one["transfers"][0]["payer"], one["transfers"][0]["receiver"], one["transfers"][0]["amount"]) for one in found["departments"]] == [
        ("990", "990", "990001", "100.00")
    ]  # fmt: skip
    nothing = fetched(call, f"{YEAR}/totals?department={call.desk.unit.code}")
    assert (nothing["sums"]["total"], nothing["functions"], nothing["given_basic"]) == ("0.00", [], None)
    fetched(call, "/budget-years/2030/totals", status=404)
    fetched(call, f"{YEAR}/totals?department={'x' * 41}", status=422)


def test_department_is_the_sum_of_its_units_with_transfers_taken_out(call: Caller, family: list[Budget]) -> None:
    path = f"/budgets/{family[0].pk}/rollup"
    found = fetched(call, path, "stranger")
    assert [(one["unit"], one["total"], one["in_force"]) for one in found["parts"]] == [
        ("990", "400.00", False), ("990001", "100.00", False), ("990002", "50.00", False),
    ]  # fmt: skip
    assert (found["whole"], found["net"], found["problem"]) == ("550.00", "450.00", None)
    assert (found["internal"]["taken_out"], found["internal"]["unpaired"]) == ("100.00", [])
    assert "taken out" in found["internal"]["transfers"][0]["message"]
    assert {(one["code"], one["total"]) for one in found["functions"]} == {("201", "410.00"), ("208", "40.00")}
    assert sum(float(one["total"]) for one in found["economic"]) == 450
    assert found["total"] >= len(fetched(call, f"{path}?limit=1", "stranger")["items"])
    typed(family[2], call.desk.people["990002"], "income", {"fund": "superior", "amount": "7", "last": "0"})
    (one,) = fetched(call, path, "stranger")["internal"]["unpaired"]
    assert (one["unit"], one["side"], one["amount"]) == ("990002", "received", "7.00")
    fetched(call, path, "officer", 404)
    fetched(call, f"/budgets/{10**30}/rollup", status=404)
