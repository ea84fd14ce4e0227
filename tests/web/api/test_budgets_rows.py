"""Rows of a budget by the API: what becomes of each change, what came since, what is wrong, the ledger out and in."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.api.budget_calls import Caller, uploaded
from tests.web.api.calls import ROOT
from tests.web.budgets.conftest import example
from tests.web.budgets.conftest import workbook as example_book
from zhengwu.ledger.load import read_bytes
from zhengwu.ledger.store import ledger_from
from zhengwu.ledger.template import workbook_of
from zhengwu.web.api_budget_shapes import SHEETS_OF
from zhengwu.web.budgets.models import Row
from zhengwu.web.common.models import AuditEvent

pytestmark = pytest.mark.django_db


def save(call: Caller, *changes: dict[str, Any], sheet: str = "lines", who: str = "officer") -> Any:
    """The outcomes of changes."""
    return call.post(f"/rows/{sheet}", {"changes": list(changes)}, who)["outcomes"]


def test_row_sent_twice_is_made_once(call: Caller) -> None:
    call.opened()
    change = {"name": "n", "cells": {"amount": "12.5", "nature": "basic"}}
    (first,), (again,) = save(call, change), save(call, change)
    assert [first["taken"], again["taken"]] == [True, True]
    assert first["row"]["id"] == again["row"]["id"]
    assert first["row"]["cells"] | {"unit": ""} == {
        "unit": "", "function": "", "government": "", "departmental": "", "nature": "basic", "project": "", "fund": "",
        "amount": "12.50",
    }  # fmt: skip
    assert Row.objects.filter(sheet="lines").count() == 1
    assert AuditEvent.objects.filter(action="budget.edit").count() == 1


def test_each_change_is_taken_or_told_by_column_why_not(call: Caller) -> None:
    call.opened()
    good, wrong, none = save(
        call,
        {"name": "a", "cells": {"amount": "1"}},
        {"name": "b", "cells": {"amount": "x", "function": "2010301", "colour": "red"}},
        {"name": "c", "row": 10**9, "cells": {"amount": "1"}},
    )
    assert good["taken"] is True
    assert (wrong["taken"], wrong["row"], set(wrong["wrong"])) == (False, None, {"amount", "colour"})
    assert "holds" in wrong["wrong"]["amount"]
    assert (none["taken"], list(none["wrong"])) == (False, [""])
    assert call.get("/rows/lines")["total"] == 1


def test_cell_that_somebody_else_has_changed_is_told_with_both_values(call: Caller) -> None:
    call.opened()
    (made,) = save(call, {"name": "a", "cells": {"amount": "1"}})
    row, seen = made["row"]["id"], {"amount": made["row"]["cells"]["amount"], "project": ""}
    save(call, {"name": "b", "row": row, "cells": {"amount": "2"}, "seen": seen}, who="second")
    (theirs,) = save(call, {"name": "c", "row": row, "cells": {"amount": "3"}, "seen": seen})
    assert (theirs["taken"], theirs["theirs"]["amount"]["value"]) == (False, "2.00")
    assert theirs["theirs"]["amount"]["by"] == str(call.desk.second)
    assert theirs["row"]["changed_by"] == "second"
    (beside,) = save(call, {"name": "d", "row": row, "cells": {"project": "p"}, "seen": seen})
    assert (beside["taken"], beside["touched"]) == (True, ["amount"])


def test_rows_since_are_those_that_changed_and_those_that_are_gone(call: Caller) -> None:
    call.opened()
    one, other, _third = save(call, *({"name": name, "cells": {"amount": "1"}} for name in "abc"))
    edits = call.get("/rows/lines")["edits"]
    assert call.get(f"/rows/lines?since={edits}")["items"] == []
    save(call, {"name": "d", "row": one["row"]["id"], "gone": True}, {"name": "e", "row": other["row"]["id"], "cells": {"amount": "5"}})  # fmt: skip
    found = call.get(f"/rows/lines?since={edits}")["items"]
    assert [(each["id"], each["gone"], each["cells"]["amount"]) for each in found] == [
        (one["row"]["id"], True, "1.00"), (other["row"]["id"], False, "5.00"),
    ]  # fmt: skip
    assert call.get("/rows/lines")["total"] == 2
    pieces = [call.get(f"/rows/lines?limit=1&offset={at}")["items"][0]["id"] for at in (0, 1)]
    assert pieces == [each["id"] for each in call.get("/rows/lines")["items"]]


def test_answers_are_known_by_their_etag_until_something_changes(call: Caller) -> None:
    call.opened()
    for path in ("", "/rows/duties", "/faults", "/ledger", "/workbook"):
        address = f"{ROOT}/budgets/{call.pk}{path}"
        first = call.client.get(address, headers=call.tokens["officer"])
        assert first["Cache-Control"] == "private, no-cache"
        known = call.tokens["officer"] | {"If-None-Match": first["ETag"]}
        assert (again := call.client.get(address, headers=known)).status_code == 304, path
        assert again.content == b""
        save(call, {"name": f"n{path}", "cells": {"text": f"职责{path}"}}, sheet="duties")
        assert call.client.get(address, headers=known).status_code == 200, path


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cells": {}}, "changes.0.name"),
        ({"name": ""}, "changes.0.name"),
        ({"name": "n" * 41}, "changes.0.name"),
        ({"name": "\x00"}, "changes.0.name"),
        ({"name": "n", "row": "1"}, "changes.0.row"),
        ({"name": "n", "row": 2**63}, "changes.0.row"),
        ({"name": "n", "gone": 1}, "changes.0.gone"),
        ({"name": "n", "colour": "red"}, "changes.0.colour"),
        ({"name": "n", "cells": {"amount": 1.5}}, "changes.0.cells.amount"),
        ({"name": "n", "cells": {"amount": [1]}}, "changes.0.cells.amount"),
        ({"name": "n", "cells": {"amount": 10**30}}, "changes.0.cells.amount"),
        ({"name": "n", "cells": {"text": "\ud800"}}, "changes.0.cells.text"),
        ({"name": "n", "cells": {"x" * 41: "1"}}, "changes.0.cells"),
    ],
)
def test_change_of_another_shape_is_422_by_field(call: Caller, change: dict[str, Any], field: str) -> None:
    call.opened()
    refused = call.post("/rows/lines", {"changes": [change]}, status=422)
    assert all(name.startswith(field) for name in refused["fields"]), refused


def test_sheet_that_is_none_or_follows_from_the_library_and_what_stands_twice_are_refused(call: Caller) -> None:
    call.opened()
    change = {"name": "n", "cells": {"name": "p"}}
    assert call.post("/rows/budget", {"changes": [change]}, status=422)["fields"].keys() == {"sheet"}
    assert call.post("/rows/projects", {"changes": [change]}, status=422)["code"] == "invalid"
    assert "changes" in call.post("/rows/lines", {"changes": [change, change]}, status=422)["fields"]
    rows = [{"name": name, "row": 1, "cells": {}} for name in "ab"]
    assert "changes" in call.post("/rows/lines", {"changes": rows}, status=422)["fields"]
    assert "changes" in call.post("/rows/lines", {"changes": []}, status=422)["fields"]
    for sheet in SHEETS_OF:
        assert call.get(f"/rows/{sheet}")["total"] == (sheet == "units")


def test_nothing_is_saved_while_the_budget_waits_for_the_head(call: Caller) -> None:
    call.opened()
    call.typed()
    call.move("officer", "hand-in")
    assert call.get("/rows/lines")["editable"] is False
    assert (
        call.post("/rows/lines", {"changes": [{"name": "z", "cells": {"amount": "1"}}]}, status=409)["code"]
        == "conflict"
    )


def test_text_keeps_no_nul_and_what_looks_like_a_formula_stays_text(call: Caller) -> None:
    call.opened()
    (made,) = save(call, {"name": "n", "cells": {"text": "=1+\x001 <b>"}}, sheet="duties")
    assert made["row"]["cells"]["text"] == "=1+1 <b>"


def test_faults_name_sheet_row_and_column(call: Caller) -> None:
    call.opened()
    call.typed()
    assert call.get("/faults")["total"] == 0
    row = call.get("/rows/lines")["items"][1]["id"]
    save(call, {"name": "n", "row": row, "cells": {"departmental": "30201", "government": "50101"}})
    found = call.get("/faults?sheet=lines")
    assert (found["items"][0]["sheet"], found["items"][0]["row"], found["items"][0]["number"]) == ("lines", row, 3)
    assert found["items"][0]["column"] in ("departmental", "government")
    assert found["counts"]["lines"] == found["total"] >= 1
    assert call.get("/faults?sheet=duties")["items"] == []


def test_ledger_as_data_and_as_a_workbook_is_the_ledger(call: Caller) -> None:
    call.desk.earlier()
    call.pk = call.desk.budget(2021).pk
    data = call.get("/ledger?version=1")
    assert ledger_from(data)._replace(source="") == example()._replace(source="")
    answer = call.client.get(f"{ROOT}/budgets/{call.pk}/workbook?version=1", headers=call.tokens["officer"])
    assert answer["Content-Disposition"] == 'attachment; filename="ledger-2021.xlsx"'
    assert read_bytes(answer.content, "a.xlsx").lines == example().lines
    assert (
        call.client.get(f"{ROOT}/budgets/{call.pk}/ledger?version=9", headers=call.tokens["officer"]).status_code == 404
    )


def test_workbook_that_is_taken_replaces_the_rows_and_one_with_errors_names_the_cells(call: Caller) -> None:
    call.opened()
    book = workbook_of(example()._replace(budget=example().budget._replace(year=2022)), "zh")
    address, headers = f"{ROOT}/budgets/{call.pk}/workbook", call.tokens["officer"] | {"Accept-Language": "en"}

    def taken(data: bytes, revision: str) -> Any:
        return call.client.post(address, {"revision": revision, "file": SimpleUploadedFile("a.xlsx", data)}, headers=headers)  # fmt: skip

    first = call.get()["revision"]
    assert taken(example_book(), first).json()["code"] == "other-year"
    done = taken(book, first)
    assert done.status_code == 200, done.content.decode()
    assert done.json()["total"] == "63234665.44"
    assert taken(book, first).status_code == 409
    broken = openpyxl.load_workbook(io.BytesIO(book))
    broken["支出明细"]["H3"] = "many"
    changed = io.BytesIO()
    broken.save(changed)
    refused = taken(changed.getvalue(), call.get()["revision"])
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-ledger")
    assert list(refused.json()["fields"]) == ["支出明细.3.H 金额"]
    assert call.get()["total"] == "63234665.44"


def test_earlier_year_is_taken_over_whole_and_once(call: Caller) -> None:
    call.opened()
    path = f"/budgets/{call.pk}/earlier"
    broken = uploaded(call, path, {"file": SimpleUploadedFile("a.xlsx", b"nonsense")}, status=422)
    assert broken["code"]
    assert "file" in uploaded(call, path, {}, status=422)["fields"]
    made = uploaded(call, path, {"file": SimpleUploadedFile("2021.xlsx", example_book())}, status=201)
    assert (made["year"], made["state"], made["total"], made["approved"]) == (2021, "earlier", "63234665.44", 1)
    again = uploaded(call, path, {"file": SimpleUploadedFile("2021.xlsx", example_book())}, status=409)
    assert again["code"] == "conflict"
    assert call.post("/copy", {"revision": call.get()["revision"]})["budget"]["copied"] is True
    uploaded(call, path, {"file": SimpleUploadedFile("2021.xlsx", example_book())}, "head", 403)
    uploaded(call, path, {"file": SimpleUploadedFile("2021.xlsx", example_book())}, "stranger", 404)


def test_codes_are_those_of_the_year_and_the_budgets_own(call: Caller) -> None:
    call.opened()
    found = call.get("/codes/function?q=2010301")
    assert [(one["code"], one["name"]) for one in found["items"]] == [("2010301", "行政运行")]
    assert found["items"][0]["above"][0] == "一般公共服务支出"
    whole = call.get("/codes/departmental?limit=500")
    assert [one["code"] for one in whole["items"]] == sorted(one["code"] for one in whole["items"])
    assert call.get("/codes/government?q=nothing of that name")["items"] == []
    save(call, {"name": "n", "cells": {"classification": "function", "code": "2010388", "name": "其他示例支出"}}, sheet="codes")  # fmt: skip
    assert "其他示例支出" in [one["name"] for one in call.get("/codes/function?q=2010388")["items"]]
    answer = call.client.get(f"{ROOT}/budgets/{call.pk}/codes/colour", headers=call.tokens["officer"])
    assert answer.status_code == 422
