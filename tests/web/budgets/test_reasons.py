"""Reasons: demanded from the first request on, typed beside the preview, told in one way everywhere."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.budgets.conftest import Desk
from tests.web.budgets.test_cycle import approved, copied, figures, submitted
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import publication, reasons
from zhengwu.web.budgets.models import Row, State
from zhengwu.web.budgets.reasons import Given
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.common.models import AuditEvent


@pytest.fixture
def lacking(desk) -> Desk:
    """A budget copied forward whose reasons were taken out again: this format demands two of them."""
    copied(desk)
    rows = Row.objects.filter(budget=desk.budget(), sheet="reasons", gone=False)
    gone = [Change(str(one.pk), one.pk, gone=True) for one in rows]
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key="reasons", changes=gone, now=timezone.now())
    return desk


def address(desk: Desk, more: str = "") -> str:
    return f"/budget/{desk.budget().pk}/publication/{more}"


def texts(desk: Desk) -> dict[str, str]:
    rows = Row.objects.filter(budget=desk.budget(), sheet="reasons", gone=False)
    return {one.values["subject"]: one.values["text"] for one in rows}


def html(client: Client, path: str, **more: str) -> str:
    answer = client.post(path, more) if more else client.get(path)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def test_preview_is_there_while_reasons_are_missing_and_leads_to_their_fields(lacking, client_of):  # noqa: F811
    page = html(client_of(lacking.officer), address(lacking))
    assert "<iframe" in page
    assert 'id="text-reasons-income"' in page
    assert f'href="{address(lacking)}#text-reasons-income"' in page
    preview = client_of(lacking.officer).get(address(lacking, "preview/html"))
    assert "allow-top-navigation-by-user-activation" in preview["Content-Security-Policy"]
    assert "allow-scripts" not in preview["Content-Security-Policy"]
    text = preview.content.decode()
    assert text.count('class="missing"') == 2
    assert f'href="{address(lacking)}#text-reasons-project"' in text
    assert "60,403,595.94" in text
    for form in ("docx", "xlsx", "pdf"):
        refused = client_of(lacking.officer).get(address(lacking, f"preview/{form}"))
        assert refused.status_code == 422
        assert f"preview/{form}" not in page


def test_others_see_the_gaps_and_are_led_to_the_sheet(lacking, client_of):  # noqa: F811
    for who in ("head", "reviewer"):
        page = html(client_of(lacking.people[who]), address(lacking))
        assert "<iframe" in page
        assert "<textarea" not in page
        text = html(client_of(lacking.people[who]), address(lacking, "preview/html"))
        assert f'href="/budget/{lacking.budget().pk}/ledger/?sheet=reasons"' in text


def test_preview_follows_what_is_typed_and_keeps_nothing(lacking, client_of):  # noqa: F811
    sent = {"text-reasons-income": "正在填写的原因", "seen-reasons-income": ""}
    text = html(client_of(lacking.officer), address(lacking, "preview/html"), **sent)
    assert '主要原因是<span id="reasons-income">正在填写的原因</span>' in text
    assert text.count('class="missing"') == 1
    assert texts(lacking) == {}
    # Whoever does not type into this budget sees what is in it.
    assert "正在填写的原因" not in html(client_of(lacking.head), address(lacking, "preview/html"), **sent)


def test_saved_reason_answers_with_what_remains_and_without_scripts_with_the_page(lacking, client_of):  # noqa: F811
    officer = client_of(lacking.officer)
    sent = {"text-reasons-income": "大厅屏幕 项目完成\n", "seen-reasons-income": ""}
    part = officer.post(address(lacking, "reasons/"), sent, headers={"HX-Request": "true"})
    assert part.status_code == 200
    body = part.content.decode()
    assert "<html" not in body
    assert "收入总计" not in body.split("hx-swap-oob")[0]
    assert "项目支出" in body
    assert 'name="seen-reasons-income" value="大厅屏幕 项目完成"' in body
    assert texts(lacking) == {"income": "大厅屏幕 项目完成"}
    sent = {f"text-reasons-{key}": "项目完成" for key in ("project", "fiscal")}
    assert officer.post(address(lacking, "reasons/"), sent).status_code == 302
    assert "没有需要修改的" in html(officer, address(lacking))
    assert AuditEvent.objects.filter(action="budget.edit").last().data["sheet"] == "reasons"


def test_reason_that_somebody_else_typed_meanwhile_is_told_and_both_stay(lacking, client_of):  # noqa: F811
    first = {"reasons-income": Given("第一个原因", "")}
    assert reasons.reasons_set(actor=lacking.second, budget=lacking.budget(), given=first, now=timezone.now()) == {}
    sent = {"text-reasons-income": "第二个原因", "seen-reasons-income": ""}
    page = client_of(lacking.officer).post(address(lacking, "reasons/"), sent)
    assert page.status_code == 409
    body = page.content.decode()
    assert "别人刚刚填写了“第一个原因”" in body
    assert ">第二个原因</textarea>" in body
    assert 'name="seen-reasons-income" value="第一个原因"' in body
    assert texts(lacking) == {"income": "第一个原因"}
    sent["seen-reasons-income"] = "第一个原因"
    assert client_of(lacking.officer).post(address(lacking, "reasons/"), sent).status_code == 302
    assert texts(lacking) == {"income": "第二个原因"}


def test_emptied_reason_is_taken_out_and_typed_again_is_the_same_row(lacking):
    now = timezone.now()
    for text, seen in (("原因", ""), ("", "原因"), ("再填", "")):
        given = {"reasons-income": Given(text, seen)}
        assert reasons.reasons_set(actor=lacking.officer, budget=lacking.budget(), given=given, now=now) == {}
        assert texts(lacking) == ({"income": text} if text else {})
    rows = Row.objects.filter(budget=lacking.budget(), sheet="reasons", values__subject="income")
    assert rows.filter(gone=False).count() == 1


def test_reason_of_one_of_the_three_public_expenses_goes_into_its_row(lacking):
    row = Row.objects.get(budget=lacking.budget(), sheet="three_public", values__item="reception", gone=False)
    given = {"three_public-reception": Given("接待任务减少", row.values.get("reason") or "")}
    reasons.reasons_set(actor=lacking.officer, budget=lacking.budget(), given=given, now=timezone.now())
    row.refresh_from_db()
    assert row.values["reason"] == "接待任务减少"


def test_reason_is_typed_by_officers_of_the_unit_while_the_budget_is_compiled(lacking, client_of):  # noqa: F811
    given = {"reasons-income": Given("原因", "")}
    for who in ("head", "stranger", "reviewer"):
        with pytest.raises(RefusedError) as info:
            reasons.reasons_set(actor=lacking.people[who], budget=lacking.budget(), given=given, now=timezone.now())
        assert info.value.code == "not-allowed"
    lacking.move("officer", "hand-in")
    sent = {"text-reasons-income": "原因", "seen-reasons-income": ""}
    for headers in ({}, {"HX-Request": "true"}):
        answer = client_of(lacking.officer).post(address(lacking, "reasons/"), sent, headers=headers)
        assert answer.status_code == 409
        assert "不能直接修改" in answer.content.decode()
    assert texts(lacking) == {}


def test_draft_whose_sums_do_not_agree_is_seen_all_the_same(lacking, client_of):  # noqa: F811
    row = Row.objects.filter(budget=lacking.budget(), sheet="lines", gone=False).first()
    change = Change("", row.pk, {"amount": "1.00"}, {"amount": str(row.amount / 100)})
    rows_save(actor=lacking.officer, budget=lacking.budget(), sheet_key="lines", changes=[change], now=timezone.now())
    standing = publication.standing(lacking.budget())
    assert standing.previewed
    assert standing.tied is None
    assert len(standing.missing) >= 2
    assert len(standing.against) > len(standing.missing)
    page = html(client_of(lacking.officer), address(lacking))
    assert "<iframe" in page
    assert "preview/docx" not in page
    assert 'class="missing"' in html(client_of(lacking.officer), address(lacking, "preview/html"))


def test_page_and_api_tell_the_same_against_a_publication(lacking, client_of):  # noqa: F811
    def told(desk: Desk) -> tuple[list[str], list[str]]:
        client = client_of(desk.head)
        page = client.get(address(desk)).context["against"]
        found = client.get(f"/api/v1/budgets/{desk.budget().pk}/publication").json()["against"]
        return [message.zh for message, _address in page], found

    page, found = told(lacking)
    assert page == found
    assert len(found) == 2
    row = Row.objects.filter(budget=lacking.budget(), sheet="lines", gone=False).first()
    change = Change("", row.pk, {"amount": "1.00"}, {"amount": str(row.amount / 100)})
    rows_save(actor=lacking.officer, budget=lacking.budget(), sheet_key="lines", changes=[change], now=timezone.now())
    page, found = told(lacking)
    assert page == found
    assert len(found) > 2


def test_first_request_tells_what_publication_will_demand_and_is_handed_in_all_the_same(lacking, client_of):  # noqa: F811
    overview = f"/budget/{lacking.budget().pk}/"
    page = client_of(lacking.officer).get(overview)
    assert page.context["fault_count"] == 0
    assert len(page.context["todo"]) == 2
    assert "公开时需要补充的内容" in page.content.decode()
    assert "What the publication will demand" in client_of(lacking.head, "en").get(overview).content.decode()
    told = client_of(lacking.officer).get(f"{overview}ledger/check/?sheet=lines").json()
    assert told["count"] == 0
    assert [sheet for sheet, _sentence in told["todo"]] == ["reasons"] * 2
    lacking.move("officer", "hand-in")
    assert lacking.budget().state == State.FIRST_SIGNING
    assert len(client_of(lacking.officer).get(overview).context["todo"]) == 2


def test_second_turn_tells_the_same_as_what_must_be_mended(lacking, client_of):  # noqa: F811
    for who, move in (("officer", "hand-in"), ("head", "submit")):
        lacking.move(who, move)
    figures(lacking)
    lacking.move("reviewer", "give-figures")
    page = client_of(lacking.officer).get(f"/budget/{lacking.budget().pk}/")
    assert page.context["fault_count"] == 2
    assert page.context["todo"] == []
    row = Row.objects.filter(budget=lacking.budget(), sheet="lines", gone=False).first()
    change = Change("", row.pk, {"amount": "1.00"}, {"amount": str(row.amount / 100)})
    rows_save(actor=lacking.officer, budget=lacking.budget(), sheet_key="lines", changes=[change], now=timezone.now())
    page = client_of(lacking.officer).get(f"/budget/{lacking.budget().pk}/")
    assert len(page.context["faults"]) >= 1
    assert len(page.context["demanded"]) >= 2  # a fault hides none of them
    with pytest.raises(RefusedError) as info:
        lacking.move("officer", "hand-in")
    assert info.value.code == "not-ready"


def test_nothing_is_demanded_of_a_budget_whose_reasons_are_there(desk, client_of):  # noqa: F811
    submitted(desk)
    assert client_of(desk.head).get(f"/budget/{desk.budget().pk}/").context["todo"] == []


def test_approved_budget_has_no_reasons_to_type(desk, client_of):  # noqa: F811
    approved(desk)
    page = html(client_of(desk.officer), address(desk))
    assert "<textarea" not in page
    assert "preview/docx" in page
