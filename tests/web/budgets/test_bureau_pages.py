"""The bureau's pages: what was typed stays on an error, who writes and who reads, files that go out."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.web.budgets.conftest import DIALECT, example, small, workbook
from tests.web.budgets.test_bureau import STANDARDS, family, figures_of, line, typed
from tests.web.budgets.test_bureau import workbook as figure_workbook
from tests.web.budgets.test_cycle import copied, figures, submitted
from zhengwu.ledger.template import workbook_of
from zhengwu.web.budgets import exports, years
from zhengwu.web.budgets import figures as control
from zhengwu.web.budgets.models import Budget, BudgetYear, State
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.models import User

__all__ = ["family"]


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


def client_of(user: User, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client


def upload(data: bytes, name: str = "a.xlsx") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, data)}


# --- years ---


def test_reviewer_opens_a_year_and_an_error_keeps_what_was_typed(desk):
    client = client_of(desk.reviewer)
    given = {"year": "2022", "dialect": DIALECT, "first_due": "2021-09-30", "second_due": "2021-09-01", "units": [desk.unit.pk]}  # fmt: skip
    page = client.post("/budget/years/open/", given)
    assert page.status_code == 422
    text = page.content.decode()
    assert "二上截止日期早于一上" in text
    assert 'value="2021-09-01"' in text
    assert not BudgetYear.objects.exists()
    page = client.post("/budget/years/open/", {**given, "second_due": "2021-12-10"})
    assert page["Location"] == "/budget/years/2022/"
    assert [one.unit for one in Budget.objects.all()] == [desk.unit]
    assert client.post("/budget/years/2022/units/start/", {"unit": desk.foreign.pk}).status_code == 302
    assert Budget.objects.filter(unit=desk.foreign).exists()
    assert client.post("/budget/years/2022/units/start/", {"unit": desk.foreign.pk}).status_code == 422  # it has one


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_bureau_opens_for_readers_without_its_forms(desk, family, language):
    control.standards_set(actor=desk.reviewer, year=family[0].year, standards=STANDARDS, now=timezone.now())
    for who, writes in (("reviewer", True), ("auditor", False), ("administrator", False)):
        client = client_of(desk.people[who], language)
        for part in ("", "totals/", "control/", "standards/", "units/", "exports/"):
            page = client.get(f"/budget/years/2022/{part}")
            assert page.status_code == 200, part
            main = page.content.decode().split("<main")[1]
            assert ('method="post"' in main) == (writes and part not in ("", "totals/")), part
        page = client.get(f"/budget/{family[0].pk}/control/").content.decode()
        assert ('name="amount"' in page) == writes


def test_board_filters_by_state_department_and_text(desk, family):
    client = client_of(desk.auditor)
    page = client.get("/budget/years/2022/", {"department": "990"}).content.decode()
    assert "450.00" in page
    assert "抵销：" in page
    page = client.get("/budget/years/2022/", {"q": "中心2"}).content.decode()
    assert "示例中心2" in page
    assert "示例中心1" not in page
    assert "没有" in client.get("/budget/years/2022/", {"state": "published"}).content.decode()


def test_closed_year_says_so_and_opens_again(desk, family):
    client = client_of(desk.reviewer)
    assert "还有 4 份预算未批复" in client.get("/budget/years/2022/change/").content.decode()
    client.post("/budget/years/2022/close/", {"closed": "1"})
    assert "已关闭" in client.get("/budget/years/2022/").content.decode()
    assert client.post("/budget/years/2022/exports/").status_code == 302  # what is there can be exported
    client.post("/budget/years/2022/close/", {"closed": "0"})
    assert not BudgetYear.objects.get().closed


# --- control figures ---


def form_of(page) -> dict[str, str]:
    """What the page of a unit's figures would send as it is."""
    context = page.context
    given = {"stamp": context["stamp"]}
    for form in (context["form"], context["rows"].management_form, *context["rows"].forms):
        for field in form:
            value = field.value()
            given[field.html_name] = "" if value is None else str(field.field.prepare_value(value))
    return given


def test_figures_are_typed_saved_and_given(desk):
    submitted(desk)
    control.standards_set(actor=desk.reviewer, year=desk.budget().year, standards=STANDARDS, now=timezone.now())
    address = f"/budget/{desk.budget().pk}/control/"
    client = client_of(desk.reviewer)
    page = client.get(address)
    given = form_of(page)
    assert given["amount"] == "6582000.00"  # by the standards
    given |= {"amount": "15,470,540.24", "p-0-amount": "300,000", "p-0-remark": "核定", given_name(page): "新项目"}
    given[given_name(page).replace("project", "amount")] = "12.5"
    assert client.post(address, given).status_code == 302
    found = figures_of(desk.budget())
    assert found[""] == 15_470_540_24
    assert found["新项目"] == 12_50
    assert found[given["p-0-project"]] == 300_000_00
    assert len(found) == 3
    assert client.post(f"/budget/{desk.budget().pk}/move/give-figures/").status_code == 302
    assert desk.budget().state == State.SECOND_DRAFT


def given_name(page) -> str:
    """The name of the first empty row's project."""
    return next(one["project"].html_name for one in page.context["rows"].forms if not one["project"].value())


def test_wrong_figures_keep_what_was_typed_and_are_marked(desk):
    submitted(desk)
    address = f"/budget/{desk.budget().pk}/control/"
    client = client_of(desk.reviewer)
    page = client.get(address)
    given = form_of(page) | {"amount": "many", "p-0-amount": "-7", "p-1-amount": "88"}
    answer = client.post(address, given)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'value="many"' in text
    assert 'value="-7"' in text
    assert 'value="88"' in text
    assert text.count('class="problem"') >= 2
    answer = client.post(address, given | {"amount": "1", "staff": "10", "standard": "5", "p-0-amount": ""})
    assert answer.status_code == 422
    assert "小于人数乘标准" in answer.content.decode()
    assert figures_of(desk.budget()) == {}


def test_second_of_two_reviewers_is_told_that_the_figures_changed(desk):
    submitted(desk)
    address = f"/budget/{desk.budget().pk}/control/"
    client = client_of(desk.reviewer)
    given = form_of(client.get(address)) | {"amount": "5"}
    years.figures_set(actor=desk.reviewer, budget=desk.budget(), figures=[Figure("", 7)], now=timezone.now())
    answer = client.post(address, given)
    assert answer.status_code == 422
    assert "刚被别人修改" in answer.content.decode()
    assert figures_of(desk.budget()) == {"": 7}
    assert client.post(address, form_of(answer)).status_code == 302
    assert figures_of(desk.budget()) == {"": 5_00}


def test_basic_figures_of_all_units_are_typed_on_one_page(desk, family):
    client = client_of(desk.reviewer)
    one, two = family[1], family[2]
    years.figures_set(actor=desk.reviewer, budget=two, figures=[Figure("甲", 9)], now=timezone.now())
    answer = client.post("/budget/years/2022/control/", {f"basic-{one.pk}": "1,000", f"seen-{one.pk}": "", f"basic-{two.pk}": "x", f"seen-{two.pk}": ""})  # fmt: skip
    assert answer.status_code == 422
    assert 'value="1,000"' in answer.content.decode()
    assert 'value="x"' in answer.content.decode()
    assert figures_of(one) == {}
    answer = client.post("/budget/years/2022/control/", {f"basic-{one.pk}": "1,000", f"seen-{one.pk}": "", f"basic-{two.pk}": "20", f"seen-{two.pk}": ""})  # fmt: skip
    assert answer.status_code == 302
    assert figures_of(one) == {"": 1000_00}
    assert figures_of(two) == {"": 20_00, "甲": 9}
    answer = client.post("/budget/years/2022/control/", {f"basic-{one.pk}": "3", f"seen-{one.pk}": "999.00"})
    assert "刚被别人改为 1000.00" in answer.content.decode()
    client.post("/budget/years/2022/control/", {f"basic-{one.pk}": "", f"seen-{one.pk}": "1000.00"})
    assert figures_of(one) == {}
    assert client_of(desk.auditor).post("/budget/years/2022/control/", {f"basic-{one.pk}": "3"}).status_code == 403


def test_standards_are_filled_in_and_given_to_all(desk):
    submitted(desk)
    client = client_of(desk.reviewer)
    rows = {"s-TOTAL_FORMS": "2", "s-INITIAL_FORMS": "0", "s-0-name": "人员", "s-0-nature": "personnel", "s-0-counted": "staff", "s-0-unit_kind": "", "s-0-each": "abc"}  # fmt: skip
    answer = client.post("/budget/years/2022/standards/", rows)
    assert answer.status_code == 422
    assert 'value="abc"' in answer.content.decode()
    assert client.post("/budget/years/2022/standards/", rows | {"s-0-each": "100000"}).status_code == 302
    page = client.post("/budget/years/2022/control/fill/", follow=True).content.decode()
    assert "已按定额标准填写 1 个" in page
    assert figures_of(desk.budget()) == {"": 47 * 100_000_00}
    other = Budget.objects.get(unit=desk.foreign, year__year=2022)
    Budget.objects.filter(pk=other.pk).update(state=State.FIRST_SUBMITTED)
    page = client.post("/budget/years/2022/control/give/")
    assert page.status_code == 422
    text = page.content.decode()
    assert "已向 1 个单位下达" in text
    assert "还没有填写基本支出的控制数" in text
    assert desk.budget().state == State.SECOND_DRAFT


def test_workbook_of_figures_goes_out_and_comes_in_on_the_page(desk):
    submitted(desk)
    figures(desk)
    client = client_of(desk.reviewer)
    answer = client.get("/budget/years/2022/control/workbook/")
    assert answer["Content-Disposition"] == 'attachment; filename="control-2022.xlsx"'
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active.max_row > 5
    assert client.post("/budget/years/2022/control/take/", upload(answer.content)).status_code == 302
    wrong = client.post("/budget/years/2022/control/take/", upload(figure_workbook(("777", "", "x"))))
    assert wrong.status_code == 422
    assert "第 2 行“C 控制数”列" in wrong.content.decode()
    for data in (b"nonsense", b"PK\x03\x04"):
        assert client.post("/budget/years/2022/control/take/", upload(data)).status_code == 422


# --- how a budget begins ---


def test_officer_takes_over_last_year_and_copies_it_forward(desk):
    desk.opened()
    pk = desk.budget().pk
    client = client_of(desk.officer)
    assert f"/budget/{pk}/begin/" in client.get(f"/budget/{pk}/").content.decode()
    assert client.post(f"/budget/{pk}/begin/copy/").status_code == 422
    assert client.post(f"/budget/{pk}/begin/earlier/", upload(workbook(), "2021.xlsx"), follow=True).status_code == 200
    assert "63,234,665.44" in client.get(f"/budget/{pk}/begin/").content.decode()
    page = client.post(f"/budget/{pk}/begin/copy/", follow=True).content.decode()
    assert "条需要知道或决定的事项" in page
    assert f"/budget/{pk}/begin/" not in page  # it is no longer empty
    assert desk.budget().copied_from is not None


def test_copying_over_rows_asks_first(desk):
    copied(desk)
    pk, revision = desk.budget().pk, desk.budget().revision
    client = client_of(desk.officer)
    page = client.post(f"/budget/{pk}/begin/copy/")
    assert page.status_code == 422
    assert "将被替换" in page.content.decode()
    assert desk.budget().revision == revision
    assert client.post(f"/budget/{pk}/begin/copy/", {"confirmed": "1"}).status_code == 302
    assert desk.budget().revision == revision + 1


def test_wrong_workbook_of_an_earlier_year_is_listed_by_place(desk):
    desk.opened()
    pk = desk.budget().pk
    client = client_of(desk.officer)
    wrong = example()._replace(lines=(example().lines[0]._replace(government="50299"), *example().lines[1:]))
    page = client.post(f"/budget/{pk}/begin/earlier/", upload(workbook_of(wrong, "zh")))
    assert page.status_code == 422
    text = page.content.decode()
    assert "“支出明细”表第 2 行" in text
    assert "<li>" in text
    assert not Budget.objects.filter(year__year=2021).exists()
    assert client.post(f"/budget/{pk}/begin/earlier/", upload(b"x")).status_code == 422
    assert client.post(f"/budget/{pk}/begin/earlier/").status_code == 422


# --- a department's page ---


def test_department_page_says_what_is_taken_out_and_is_there_only_with_units(desk, family):
    own, first = family[0], family[1]
    typed(family[2], desk.people["990002"], "income", {"fund": "superior", "amount": "7", "last": "0"})
    client = client_of(desk.stranger)
    text = client.get(f"/budget/{own.pk}/rollup/").content.decode()
    assert "550.00" in text  # the sum of the units
    assert "450.00" in text
    assert "990 的对附属单位补助支出 100.00 元与 990001 的上级补助收入抵销" in text
    assert "990002 的上级补助收入 7.00 元" in text
    assert f'href="/budget/{first.pk}/"' in text
    assert f"/budget/{own.pk}/rollup/" in client.get(f"/budget/{own.pk}/").content.decode()
    below = client_of(desk.people["990001"])
    assert "/rollup/" not in below.get(f"/budget/{first.pk}/").content.decode()
    assert below.get(f"/budget/{own.pk}/rollup/").status_code == 404


def test_department_of_unfinished_lines_still_opens(desk, family):
    typed(family[2], desk.people["990002"], "lines", {"amount": "3"}, {**line("4"), "function": ""})
    text = client_of(desk.reviewer).get(f"/budget/{family[0].pk}/rollup/").content.decode()
    assert "457.00" in text
    assert client_of(desk.reviewer).get("/budget/years/2022/totals/").status_code == 200


# --- exports ---


def test_export_is_asked_for_made_and_downloaded(desk):
    submitted(desk)
    small(desk, Budget.objects.select_related("unit", "year").get(unit=desk.foreign, year__year=2022), desk.stranger)
    client = client_of(desk.reviewer)
    client.post("/budget/years/2022/exports/", {"drafts": "1"})
    page = client.get("/budget/years/2022/exports/progress/").content.decode()
    assert "hx-get" in page
    assert exports.run_pending() == 1
    page = client.get("/budget/years/2022/exports/progress/").content.decode()
    assert "hx-get" not in page
    one = BudgetYear.objects.get(year=2022).exports.get()
    for form, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        assert f"/exports/{one.pk}/{form}/" in page
        answer = client_of(desk.auditor).get(f"/budget/years/2022/exports/{one.pk}/{form}/")
        assert b"".join(answer).startswith(begins)
        assert "attachment" in answer["Content-Disposition"]
    assert client_of(desk.officer).get(f"/budget/years/2022/exports/{one.pk}/pdf/").status_code == 403
