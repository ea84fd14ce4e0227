"""What the grid in the browser asks for and sends: rows, changes, the live audit, codes, workbooks."""

import io
import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tests.web.budgets.conftest import workbook
from tests.web.budgets.test_cycle import copied, submitted
from zhengwu.web.budgets import books, moves
from zhengwu.web.budgets.models import Row
from zhengwu.web.budgets.moves import Said
from zhengwu.web.budgets.rows import Change, rows_save

LINE = {
    "function": "2010301 行政运行", "government": "50101", "departmental": "30101", "nature": "基本支出", "project": "",
    "fund": "一般公共预算拨款", "amount": "1,234.50",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_kept():
    """A check is kept by the budget's key and revision, which another test's budget had, too."""
    cache.clear()


class Page:
    """What a person's page sends to the budget of the desk."""

    def __init__(self, desk: Any, who: str, language: str = "zh-hans") -> None:
        self.client = Client(enforce_csrf_checks=False)
        self.client.force_login(desk.people[who], backend="django.contrib.auth.backends.ModelBackend")
        self.client.cookies["django_language"] = language
        self.address = f"/budget/{desk.budget().pk}/ledger/"

    def get(self, name: str = "", **query: Any) -> Any:
        return self.client.get(self.address + name, query)

    def save(self, *changes: dict[str, Any], sheet: str = "lines") -> Any:
        body = json.dumps({"sheet": sheet, "changes": changes})
        return self.client.post(f"{self.address}save/", body, content_type="application/json")

    def take(self, data: bytes, name: str = "台账.xlsx") -> Any:
        return self.client.post(
            f"{self.address}workbook/take/", {"file": SimpleUploadedFile(name, data), "sheet": "lines"}
        )


@pytest.fixture
def page(desk):
    desk.opened()
    return lambda who="officer", language="zh-hans": Page(desk, who, language)


def new(name: str = "a", **cells: str) -> dict[str, Any]:
    return {"name": name, "row": None, "cells": {**LINE, **cells}, "seen": dict.fromkeys(LINE, "")}


def test_saved_rows_come_back_typed_and_later_ones_alone(page):
    one, other = page(), page("second")
    first = one.save(new("a"), new("b", amount="2")).json()
    assert [entry["taken"] for entry in first["outcomes"]] == [True, True]
    key, _position, _stamp, gone, _by, _at, name, values = first["outcomes"][0]["row"]
    assert (gone, name) == (False, "a")
    assert values == ["299001", "2010301", "50101", "30101", "basic", "", "general", 123_450]
    told = other.get("rows/", sheet="lines").json()
    assert (told["revision"], told["editable"], len(told["rows"])) == (first["revision"], True, 2)
    assert list(told["people"].values()) == ["officer"]
    other.save({"name": "k", "row": key, "cells": {}, "seen": {}, "gone": True})
    later = one.get("rows/", sheet="lines", since=told["revision"]).json()
    assert [(row[0], row[3]) for row in later["rows"]] == [(key, True)]
    assert len(one.get("rows/", sheet="lines").json()["rows"]) == 1


def test_rows_that_are_known_are_not_sent_again(page):
    one = page()
    one.save(new())
    answer = one.get("rows/", sheet="lines", since=0)
    tag = answer["ETag"]
    again = one.client.get(f"{one.address}rows/", {"sheet": "lines", "since": 0}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    one.save(new("b"))
    again = one.client.get(f"{one.address}rows/", {"sheet": "lines", "since": 0}, headers={"If-None-Match": tag})
    assert again.status_code == 200


@pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "一千"), ("en", "should be")])
def test_cell_that_cannot_be_read_is_told_by_its_column_in_the_language_of_the_page(page, language, sentence):
    told = page(language=language).save(new(amount="一千")).json()["outcomes"][0]
    assert not told["taken"]
    assert told["row"] is None
    assert sentence in told["wrong"]["amount"]


def test_conflict_tells_the_other_value_who_typed_it_and_when(page, desk):
    one, other = page(), page("second")
    row = one.save(new()).json()["outcomes"][0]["row"][0]
    edit = {"name": "k", "row": row, "cells": {"amount": "2"}, "seen": {"amount": "1234.50"}}
    began = int(timezone.now().timestamp())
    other.save(edit)
    # A third change of the row, by somebody else: the one who typed the amount is told all the same.
    one.save({"name": "k", "row": row, "cells": {"project": "基本"}, "seen": {"project": ""}})
    told = one.save({**edit, "cells": {"amount": "3"}}).json()["outcomes"][0]
    value, who, at = told["theirs"]["amount"]
    assert (value, who) == (200, "second")
    assert began <= at <= timezone.now().timestamp()
    assert Row.objects.get(pk=row).amount == 200


def test_row_sent_again_after_a_lost_answer_does_not_overwrite_what_others_typed_since(page):
    one, other = page(), page("second")
    row = one.save(new("a")).json()["outcomes"][0]["row"][0]
    other.save({"name": "k", "row": row, "cells": {"amount": "9"}, "seen": {"amount": "1234.50"}})
    again = one.save(new("a")).json()["outcomes"][0]
    assert again["theirs"]["amount"][:2] == [900, "second"]
    assert Row.objects.get(pk=row).amount == 900


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b'{"sheet": "lines"}', b'{"sheet": "no", "changes": []}', b'{"sheet": ["lines"], "changes": []}',
        b'{"sheet": "lines", "changes": [{}]}', b'{"sheet": "lines", "changes": [{"name": ""}]}',
        b'{"sheet": "lines", "changes": [{"name": "a", "row": "1"}]}', b'{"sheet": "lines", "changes": [{"name": "a", "row": true}]}',
        b'{"sheet": "lines", "changes": [{"name": "a", "cells": []}]}', b'{"sheet": "lines", "changes": [{"name": "a", "cells": {"amount": 1}}]}',
        b'{"sheet": "lines", "changes": [{"name": "a", "gone": 1}]}', b'{"sheet": "lines", "changes": [{"name": "a"}, {"name": "a"}]}',
        b'{"sheet": "lines", "changes": [{"name": "' + b"a" * 41 + b'"}]}', b'{"sheet": "lines", "changes": {"name": "a"}}',
    ],
)  # fmt: skip
def test_malformed_changes_are_refused_in_json(page, body):
    one = page()
    answer = one.client.post(f"{one.address}save/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Row.objects.filter(sheet="lines").exists()


def test_save_without_the_forms_token_is_refused(page):
    one = page()
    one.client.handler.enforce_csrf_checks = True
    assert one.save(new()).status_code == 403


def test_budget_that_moved_on_is_told_with_its_sentence(desk):
    submitted(desk)
    one = Page(desk, "officer")
    answer = one.save(new())
    assert answer.status_code == 409
    assert answer.json()["code"] == "conflict"
    assert "不能直接修改" in answer.json()["message"]
    assert one.get("rows/", sheet="lines", since=0).json()["editable"] is False


def test_check_names_the_cell_the_figures_and_what_is_said(page, desk):
    one = page()
    row = one.save(new(government="50201")).json()["outcomes"][0]["row"][0]
    answer = one.get("check/", sheet="lines")
    told = answer.json()
    assert [
        fault for fault in told["faults"] if fault[:3] in (["lines", row, "government"], ["lines", row, "departmental"])
    ]
    assert told["counts"]["lines"] >= 1
    assert told["faults"][0][0] == "lines"
    assert told["totals"]["total"] == 123_450
    assert told["figures"][0] == ["", 123_450, None]
    assert ["299001", desk.unit.name, "agency"] in told["lists"]["units"]
    known = {"If-None-Match": answer["ETag"]}
    assert one.client.get(f"{one.address}check/", {"sheet": "lines"}, headers=known).status_code == 304
    moves.remark_add(actor=desk.reviewer, budget=desk.budget(), said=Said("请核对", row, "amount"), now=timezone.now())
    again = one.client.get(f"{one.address}check/", {"sheet": "lines"}, headers=known)
    assert again.json()["remarks"] == [["lines", row, "amount", "请核对", "reviewer"]]


def test_codes_have_names_initials_and_pairs_and_are_kept_by_the_browser(page):
    one = page()
    answer = one.get("codes/")
    assert "immutable" in answer["Cache-Control"]
    assert "no-store" not in answer["Cache-Control"]
    told = answer.json()
    assert ["2010301", "行政运行", "xzyx"] in told["function"]
    assert ["30101", "50101", "agency"] in [pair[:3] for pair in told["pairs"]]
    assert told["above"]["function 201"] == "一般公共服务支出"
    before = one.get().context["config"]["urls"]["codes"]
    one.save(
        {"name": "c", "row": None, "cells": {"classification": "function", "code": "2019988", "name": "本区科目"}},
        sheet="codes",
    )
    assert one.get().context["config"]["urls"]["codes"] != before
    assert "2019988" in {code for code, *_ in one.get("codes/").json()["function"]}


def test_exported_workbook_is_taken_in_again(desk):
    copied(desk)
    one = Page(desk, "officer")
    for language, name in (("zh", "支出明细"), ("en", "lines")):
        answer = one.get("workbook/", language=language)
        assert name in load_workbook(io.BytesIO(answer.content)).sheetnames
        before = books.plain_of(desk.budget())
        assert one.take(answer.content).status_code == 302
        assert books.plain_of(desk.budget()) == before


def test_workbook_with_a_wrong_cell_is_told_by_sheet_row_and_column_and_nothing_is_taken(desk):
    copied(desk)
    one = Page(desk, "officer")
    book = load_workbook(io.BytesIO(one.get("workbook/").content))
    sheet = book["支出明细"]
    sheet.cell(5, 8).value = "很多"
    stream = io.BytesIO()
    book.save(stream)
    before = desk.budget().revision
    answer = one.take(stream.getvalue())
    assert answer.status_code == 422
    (problem, _sentence), *others = answer.context["problems"]
    assert not others
    assert (problem.sheet, problem.row, problem.column) == ("支出明细", 5, "H 金额")
    assert '<td class="n">5</td>' in answer.content.decode()
    assert desk.budget().revision == before
    # Of another year, or no workbook at all: a sentence, and nothing is taken.
    assert "2021" in one.take(workbook()).content.decode()
    assert one.take(b"PK no workbook").status_code == 422
    picture = one.take(b"\x89PNG\r\n\x1a\n", "台账.png")
    assert picture.status_code == 422
    assert "台账.png: 这是 PNG 图片；请提供 .xlsx 工作簿。" in picture.content.decode()
    assert desk.budget().revision == before


@pytest.mark.parametrize("sheet", ["lines", "units", "duties", "projects", "indicators", "codes", "no-such-sheet"])
@pytest.mark.parametrize("who", ["officer", "reviewer"])
def test_page_shows_a_sheet_without_scripts_and_edits_it_for_its_officer_alone(desk, who, sheet):
    copied(desk)
    answer = Page(desk, who).get(sheet=sheet)
    assert answer.status_code == 200
    key = answer.context["config"]["sheet"]
    assert key == (sheet if sheet != "no-such-sheet" else "lines")
    assert answer.context["config"]["edits"] is (who == "officer" and key in books.EDITED)
    rows = Row.objects.filter(budget=desk.budget(), sheet=key, gone=False).count()
    assert len(answer.context["table"]) == min(rows, 100)
    assert (b'name="file"' in answer.content) is (who == "officer")


def test_typed_markup_stands_in_the_page_as_text(page):
    one = page()
    one.save({"name": "d", "row": None, "cells": {"text": "</script><script>alert(1)</script>"}}, sheet="duties")
    content = one.get(sheet="duties").content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert" in content


def test_queries_do_not_grow_with_the_rows(page, desk):
    one = page()
    seen = []
    for count in (3, 30):
        lines = [Change(f"{count}-{number}", None, {**LINE, "amount": str(number)}) for number in range(count)]
        rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="lines", changes=lines, now=timezone.now())
        asked = []
        for ask in (
            lambda: one.get(sheet="lines"), lambda: one.get("rows/", sheet="lines"), lambda: one.get("check/", sheet="lines"),
            lambda: one.save(*(new(f"x{count}-{number}") for number in range(count))),  # noqa: B023 - called at once
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as captured:
                assert ask().status_code == 200
            asked.append(len(captured))
        seen.append(asked)
    assert seen[0] == seen[1]


def test_save_of_a_cell_asks_the_database_little(page):
    """Hundreds save at once, and each waits for the others at the head of the trail: session, person, budget and row are
    read, row and budget written, then the head is read, the event written, the head moved (on PostgreSQL both at once)."""
    one = page()
    row = one.save(new()).json()["outcomes"][0]["row"]
    with CaptureQueriesContext(connection) as captured:
        answer = one.save({"name": "b", "row": row[0], "cells": {"amount": "5"}, "seen": {"amount": "1234.50"}})
    assert answer.json()["outcomes"][0]["taken"]
    asked = [one["sql"] for one in captured if one["sql"].split()[0] in ("SELECT", "INSERT", "UPDATE", "WITH")]
    assert len(asked) == 8 + (connection.vendor != "postgresql"), "\n".join(asked)
    assert "common_trailhead" in asked[6]


def test_what_others_typed_is_not_asked_for_where_nothing_is_new(page):
    one = page()
    known = one.save(new()).json()["revision"]
    for since, tables in ((known - 1, {"budgets_row", "common_user"}), (known, {"common_user"})):
        with CaptureQueriesContext(connection) as captured:
            answer = one.get("rows/", sheet="lines", since=since)
        assert len(answer.json()["rows"]) == known - since
        assert {name for name in ("budgets_row", "common_user") for asked in captured if f'FROM "{name}"' in asked["sql"]} == tables  # fmt: skip


def test_day_of_the_assets_is_typed_beside_them_and_printed(desk):
    copied(desk)
    client = Client()
    client.force_login(desk.officer)
    budget = desk.budget()
    address = f"/budget/{budget.pk}/ledger/asset-date/"
    answer = client.post(address, {"date": " 2021年11月30日 "}, follow=True)
    assert 'value="2021年11月30日"' in answer.content.decode()
    again = desk.budget()
    assert (again.asset_date, again.revision) == ("2021年11月30日", budget.revision + 1)
    assert books.ledger_of(again).budget.asset_date == "2021年11月30日"
    assert "2021年11月30日" in client.get(f"/budget/{budget.pk}/publication/preview/html").content.decode()
    refused = client.post(address, {"date": "年" * 41})
    assert "最多 40 个" in refused.content.decode()
    assert desk.budget().asset_date == "2021年11月30日"
    desk.move("officer", "hand-in")
    assert "不能直接修改" in client.post(address, {"date": ""}).content.decode()
