"""The pages of the budget desk: who sees what, what is refused keeps what was typed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.budgets.test_cycle import copied, submitted
from zhengwu.web.budgets import moves
from zhengwu.web.budgets.models import Remark, Row, State
from zhengwu.web.budgets.moves import Said
from zhengwu.web.budgets.rows import Change, rows_save


@pytest.fixture
def client_of():
    def inner(user, language: str = "zh-hans") -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["django_language"] = language
        return client

    return inner


def test_desk_says_what_to_do_next_where_it_is_empty(desk, client_of):
    assert "财政局开启年度后" in client_of(desk.officer).get("/budget/").content.decode()
    assert "请先开启一个年度" in client_of(desk.reviewer).get("/budget/").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_budget_is_seen_by_its_own_and_by_the_bureau_alone(desk, client_of, language):
    copied(desk)
    address = f"/budget/{desk.budget().pk}/"
    for who in ("officer", "head", "reviewer", "auditor", "administrator"):
        page = client_of(desk.people[who], language).get(address)
        assert page.status_code == 200
        assert "60,403,595.94" in page.content.decode()
    assert client_of(desk.stranger, language).get(address).status_code == 404


def test_officer_hands_in_and_the_head_submits(desk, client_of):
    copied(desk)
    pk = desk.budget().pk
    assert client_of(desk.officer).post(f"/budget/{pk}/move/hand-in/").status_code == 302
    assert client_of(desk.officer).post(f"/budget/{pk}/move/submit/").status_code == 403
    assert client_of(desk.head).post(f"/budget/{pk}/move/submit/").status_code == 302
    assert desk.budget().state == State.FIRST_SUBMITTED


def test_return_without_a_reason_says_so_at_the_field(desk, client_of):
    submitted(desk)
    page = client_of(desk.reviewer).post(f"/budget/{desk.budget().pk}/move/return/", {"reason": " "})
    assert page.status_code == 422
    assert "请说明原因" in page.content.decode()


def test_remark_stands_on_the_page_as_text(desk, client_of):
    copied(desk)
    pk = desk.budget().pk
    client_of(desk.head).post(f"/budget/{pk}/remarks/", {"text": "<script>alert(1)</script>"})
    page = client_of(desk.officer).get(f"/budget/{pk}/").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    remark = Remark.objects.get()
    client_of(desk.officer).post(f"/budget/{pk}/remarks/{remark.pk}/settle/")
    remark.refresh_from_db()
    assert remark.settled


@pytest.mark.parametrize(
    ("language", "place", "gone"),
    [
        ("zh-hans", "支出明细 · 第 3 行 · 金额", "支出明细 · 已删除的行 · 金额"),
        ("en", "Lines · Row 3 · Amount", "Lines · A row that is gone · Amount"),
    ],
)
def test_remark_names_its_cell_as_the_grid_does_and_leads_there(desk, client_of, language, place, gone):
    copied(desk)
    budget = desk.budget()
    first, _, row = Row.objects.filter(budget=budget, sheet="lines")[:3]
    moves.remark_add(actor=desk.reviewer, budget=budget, said=Said("为何？", row.pk, "amount"), now=timezone.now())
    remove(desk, first)  # the grid counts what is there, wherever it once stood
    page = client_of(desk.officer, language).get(f"/budget/{budget.pk}/").content.decode()
    assert f'<a href="/budget/{budget.pk}/ledger/?sheet=lines&amp;row={row.pk}&amp;column=amount">{place}</a>' in page
    remove(desk, row)
    page = client_of(desk.officer, language).get(f"/budget/{budget.pk}/").content.decode()
    assert gone in page
    assert f"row={row.pk}" not in page


def remove(desk, row):
    change = Change("", row.pk, gone=True)
    rows_save(actor=desk.officer, budget=desk.budget(), sheet_key=row.sheet, changes=[change], now=timezone.now())


def test_move_that_somebody_has_made_meanwhile_is_refused_on_top_of_what_is_offered_now(desk, client_of):
    copied(desk)
    address = f"/budget/{desk.budget().pk}/move/hand-in/"
    officer = client_of(desk.officer)
    assert officer.post(address).status_code == 302
    stale = officer.post(address)
    assert stale.status_code == 422
    page = stale.content.decode()
    assert '<p class="note error" role="alert">预算不在编制状态，不能送审。</p>' in page
    assert "一上待签发" in page


def test_same_delegation_twice_is_refused_at_the_field(desk, client_of):
    head, day = client_of(desk.head), (timezone.localdate() + timedelta(days=1)).isoformat()
    given = {"to": desk.second.pk, "since": day, "until": day}
    assert head.post("/budget/delegations/", given).status_code == 302
    again = head.post("/budget/delegations/", given)
    assert again.status_code == 422
    assert f'<div id="id_since_error"><p class="problem">{day} 至 {day} 已委托' in again.content.decode()
