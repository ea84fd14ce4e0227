"""The library of projects by the API: a project over its years, its indicators, its rank, in and out of a budget."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.api.budget_calls import Caller
from tests.web.api.calls import asked
from zhengwu.web.budgets.models import Project

pytestmark = pytest.mark.django_db
LIBRARY = "/library/projects"


def post(call: Caller, path: str, data: Any, who: str = "officer", status: int = 200) -> Any:
    answer = call.raw(path, data, who)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def added(call: Caller, name: str = "大厅服务", **more: Any) -> Any:
    """A project with a target form."""
    values = {"targets": True, "division": "办公室"}
    return post(call, LIBRARY, {"name": name, "starts": 2021, "values": values, **more}, status=201)


def test_project_lives_over_its_years_and_enters_a_budget_as_the_library_has_it(call: Caller) -> None:
    call.opened()
    one = added(
        call, midterm={"midterm_from": 2021, "midterm_to": 2023, "midterm_fiscal": "300", "midterm_goal": "目标"}
    )
    assert (one["state"], one["values"]["targets"], one["midterm"]["midterm_fiscal"]) == ("candidate", True, "300.00")
    path = f"{LIBRARY}/{one['id']}"
    wanted = {
        "amount": "100.5",
        "goal": "年度目标",
        "procurement": [{"category": "goods", "amount": "10", "small": "0"}],
    }
    one = post(call, f"{path}/years/2022", {"revision": one["revision"], **wanted})
    year = next(each for each in one["years"] if each["year"] == 2022)
    assert (year["wanted"], year["goal"], year["procurement"][0]["amount"], year["within"]) == (
        "100.50",
        "年度目标",
        "10.00",
        True,
    )
    rows = [{"kind": "quantity", "name": "接待", "value": "≥98%/月"}]
    for of in (2022, 0):
        one = post(call, f"{path}/years/{of}/indicators", {"revision": one["revision"], "indicators": rows})
    assert [(each["year"], each["comparison"], each["number"], each["unit"], each["period"]) for each in one["indicators"]] == [
        (0, "≥", "98", "%", "月"), (2022, "≥", "98", "%", "月"),
    ]  # fmt: skip
    call.post("/projects", {"projects": [one["id"]]}, status=409)
    one = post(call, f"{path}/state", {"revision": one["revision"], "state": "ready"})
    assert [each["name"] for each in call.get("/projects")["ready"]] == ["大厅服务"]
    for _ in range(2):
        stands = call.post("/projects", {"projects": [one["id"]]})
    assert [(each["name"], each["wanted"], each["differs"]) for each in stands["entered"]] == [
        ("大厅服务", "100.50", [])
    ]
    assert call.get("/rows/indicators")["total"] == 2
    (line,) = call.post("/rows/lines", {"changes": [{"name": "l", "cells": {"nature": "project", "project": "大厅服务", "amount": "80"}}]})["outcomes"]  # fmt: skip
    listed = asked(call.client, f"{LIBRARY}?year=2022", **call.tokens["reviewer"])["items"]
    assert [each for each in listed[0]["money"] if each["year"] == 2022] == [
        {"year": 2022, "wanted": "100.50", "given": "80.00", "budget": call.pk}
    ]
    call.post("/projects/leaving", {"name": "大厅服务"}, status=409)
    call.post("/rows/lines", {"changes": [{"name": "m", "row": line["row"]["id"], "gone": True}]})
    assert call.post("/projects/leaving", {"name": "大厅服务"})["entered"] == []
    call.post("/projects/leaving", {"name": "大厅服务"}, status=404)
    call.post("/projects", {"projects": [one["id"], 10**9]}, status=404)


def test_change_on_another_revision_than_was_read_is_a_conflict(call: Caller) -> None:
    one = added(call)
    path, old = f"{LIBRARY}/{one['id']}", {"revision": one["revision"]}
    post(call, path, {"name": "大厅服务", "starts": 2022, **old})
    for where, data in (
        ("", {"name": "x", "starts": 2022}), ("/state", {"state": "ended"}), ("/years/2022", {"amount": "1"}),
        ("/years/2022/indicators", {"indicators": []}),
    ):  # fmt: skip
        assert post(call, path + where, {**old, **data}, status=409)["code"] == "conflict"
    assert Project.objects.get().state == "candidate"
    now = {"revision": old["revision"] + 1}
    post(call, f"{path}/state", {**now, "state": "ended"})
    ready = {"revision": now["revision"] + 1, "state": "ready"}
    assert post(call, f"{path}/state", ready, status=409)["code"] == "conflict", "ended: a candidate first"


def test_what_cannot_be_typed_names_its_field(call: Caller) -> None:
    post(call, LIBRARY, {"name": "大厅服务", "starts": 2021}, status=201)
    for data, field in (
        ({"name": "大厅服务", "starts": 2021}, "name"), ({"name": " ", "starts": 2021}, "name"), ({"name": "a", "starts": 1999}, "starts"),
        ({"name": "a", "starts": 2022, "ends": 2021}, "ends"), ({"name": "a", "starts": 2022, "values": {"colour": "red"}}, "values.colour"),
        ({"name": "a", "starts": 2022, "values": {"name": "b"}}, "values.name"), ({"name": "a", "starts": 2022, "values": {"targets": "often"}}, "targets"),
        ({"name": "a", "starts": 2022, "midterm": {"annual_goal": "g"}}, "midterm.annual_goal"), ({"name": "a"}, "starts"),
    ):  # fmt: skip
        assert list(post(call, LIBRARY, data, status=422)["fields"]) == [field], data
    path = f"{LIBRARY}/{Project.objects.get().pk}"
    for where, data, field in (
        ("/years/2020", {}, "year"), ("/years/2022", {"amount": "much"}, "amount"), ("/years/1999", {}, "year"),
        ("/years/2022", {"procurement": [{"colour": "red"}]}, "procurement.0.colour"),
        ("/years/2022", {"procurement": [{"category": "goods", "amount": "x"}]}, "procurement-0-amount"),
        ("/years/2022/indicators", {"indicators": [{"kind": "none", "name": "n", "value": "v"}]}, "indicators-0-kind"),
        ("/years/2022/indicators", {"indicators": [{"kind": "cost", "name": "n"}]}, "indicators.0.value"),
    ):  # fmt: skip
        assert list(post(call, path + where, {"revision": 0, **data}, status=422)["fields"]) == [field], (where, data)


def test_ranking_is_the_heads_and_of_the_order_that_was_read(call: Caller) -> None:
    one, other = added(call)["id"], added(call, "网站")["id"]
    unit = call.desk.unit.code
    data = {"unit": unit, "order": [other, one], "before": []}
    assert post(call, "/library/ranking", data, "head")["order"] == [other, one]
    listed = asked(call.client, LIBRARY, **call.tokens["head"])["items"]
    assert [(each["id"], each["rank"]) for each in listed] == [(other, 1), (one, 2)]
    post(call, "/library/ranking", data, "head", 409)
    again = {"unit": unit, "order": [one, one], "before": [other, one]}
    assert list(post(call, "/library/ranking", again, "head", 422)["fields"]) == ["order"]
    post(call, "/library/ranking", {**data, "unit": call.desk.foreign.code}, "head", 404)


def test_library_is_filtered_and_asks_as_many_queries_for_many_projects(call: Caller) -> None:
    counts = set()
    asked(call.client, LIBRARY, **call.tokens["reviewer"])  # the token's first use is written down
    for name in ("一", "二", "三"):
        added(call, name, ends=2021 if name == "三" else None)
        with CaptureQueriesContext(connection) as found:
            asked(call.client, LIBRARY, **call.tokens["reviewer"])
        counts.add(len(found))
    assert len(counts) == 1
    for query, count in (
        ("q=三", 1),
        ("year=2022", 2),
        ("state=ended", 1),
        ("state=ready", 0),
        (f"unit={call.desk.unit.code}", 3),
        ("unit=990", 0),
    ):
        assert asked(call.client, f"{LIBRARY}?{query}", **call.tokens["reviewer"])["total"] == count, query
    assert asked(call.client, LIBRARY, **call.tokens["stranger"])["total"] == 0
