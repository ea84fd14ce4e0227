"""The pages of the budget desk: who sees what, what is refused keeps what was typed."""

import pytest
from django.test import Client

from tests.web.budgets.test_cycle import copied, submitted
from zhengwu.web.budgets.models import Remark, State


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
