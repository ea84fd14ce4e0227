"""When sessions end, passwords that others set, where signing in leads."""

import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tests.web.people import PASSWORD, World, world
from zhengwu.web.common import hooks, services
from zhengwu.web.common.models import AuditEvent, User
from zhengwu.web.explorer import services as tokens
from zhengwu.web.explorer.models import Scope
from zhengwu.web.reviews.models import Document

pytestmark = pytest.mark.django_db
NEW = "quite another 口令 77"


@pytest.fixture
def people() -> World:
    return world()


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"username": name, "password": password, **more})


def reset(people: World, name: str) -> str:
    return services.password_reset(actor=people.people["administrator"], person=people.people[name])


def choose(client: Client, old: str, new: str) -> Any:
    return client.post("/account/password/", {"old": old, "password": new, "again": new})


def test_password_set_by_an_administrator_is_replaced_before_anything_else(people: World, client: Client) -> None:
    given = reset(people, "reviewer")
    assert sign_in(client, "reviewer", given, next="/review/upload/")["Location"] == "/account/password/"
    for address in ("/", "/account/", "/review/", "/account/tokens/", "/account/second-step/", "/search/"):
        assert client.get(address)["Location"] == "/account/password/", address
    assert client.post("/review/upload/")["Location"] == "/account/password/"
    htmx = client.get("/review/upload/progress/", headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (403, "/account/password/")
    page = client.get("/account/password/")
    assert "别人设置的" in page.content.decode()
    assert choose(client, given, given).status_code == 422, "the same again is no new one"
    assert choose(client, given, NEW)["Location"] == "/review/upload/", "on to what was asked for"
    assert client.get("/account/").status_code == 200
    assert not User.objects.get(username="reviewer").must_change_password


def test_person_added_by_an_administrator_chooses_a_password(people: World, client: Client) -> None:
    services.person_add(
        actor=people.people["administrator"], username="new", name="新", role="auditor", unit=None, email="",
        password=PASSWORD,
    )  # fmt: skip
    assert sign_in(client, "new")["Location"] == "/account/password/"
    assert choose(client, PASSWORD, NEW)["Location"] == "/review/"


def test_person_added_by_the_operator_has_a_password_of_their_own(client: Client) -> None:
    services.person_add_by_operator(username="root", name="", role="administrator", unit=None, password=PASSWORD)
    assert sign_in(client, "root")["Location"] == "/people/"


def test_whose_password_is_due_can_sign_out_and_switch_the_language(people: World, client: Client) -> None:
    sign_in(client, "reviewer", reset(people, "reviewer"))
    assert client.post("/language/", {"language": "en", "next": "/"})["Location"] == "/"
    assert "Choose one that only you know" in client.get("/account/password/").content.decode()
    client.post("/sign-out/")
    assert client.get("/").status_code == 200


def test_api_refuses_session_and_token_until_the_password_is_chosen(people: World, client: Client) -> None:
    _token, secret = tokens.token_create(
        actor=people.people["reviewer"], name="t", scopes=[Scope.READ], expires_at=None, now=timezone.now()
    )
    bearer = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/documents", headers=bearer).status_code == 200
    given = reset(people, "reviewer")
    refused = client.get("/api/v1/documents", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (403, "password-due")
    sign_in(client, "reviewer", given)
    refused = client.get("/api/v1/documents")
    assert (refused.status_code, refused.json()["code"]) == (403, "password-due")
    choose(client, given, NEW)
    assert client.get("/api/v1/documents").status_code == 200
    assert client.get("/api/v1/documents", headers=bearer).status_code == 200


def test_session_without_requests_ends(people: World, client: Client, settings: LazySettings) -> None:
    sign_in(client, "reviewer")
    _age(client, seen=settings.SESSION_IDLE_AGE - 60)
    asked = time.time()
    assert client.get("/account/").status_code == 200
    assert client.session["seen"] >= asked, "a request keeps it"
    _age(client, seen=settings.SESSION_IDLE_AGE + 5)
    answer = client.get("/account/", follow=True)
    assert answer.redirect_chain == [("/sign-in/?next=/account/", 302)]
    assert "会话已结束" in answer.content.decode()


def test_session_ends_however_busy_it_is(people: World, client: Client, settings: LazySettings) -> None:
    sign_in(client, "reviewer")
    _age(client, begun=settings.SESSION_COOKIE_AGE + 5)
    assert client.get("/account/").status_code == 302
    assert client.get("/api/v1/documents").status_code == 401


def test_session_of_the_version_before_goes_on(people: World, client: Client) -> None:
    sign_in(client, "reviewer")
    session = client.session
    del session["begun"], session["seen"]
    session.save()
    assert client.get("/account/").status_code == 200
    assert client.session["begun"] > 0


def test_sign_out_everywhere_else_ends_the_others_and_not_this_one(people: World, client: Client) -> None:
    others = [Client(), Client()]
    for one in (client, *others):
        sign_in(one, "reviewer")
    session = others[1].session
    del session["begun"]  # of the version before
    session.save()
    stranger = Client()
    sign_in(stranger, "auditor")
    assert client.post("/account/sign-out-elsewhere/")["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert [one.get("/account/").status_code for one in others] == [302, 302]
    assert stranger.get("/account/").status_code == 200
    assert AuditEvent.objects.get(action="session.end-all").actor == people.people["reviewer"]
    assert sign_in(others[0], "reviewer").status_code == 302
    assert others[0].get("/account/").status_code == 200, "a new session is none of those that ended"


def test_public_pages_without_a_session_ask_for_no_person(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/sign-in/").status_code == 200


@pytest.mark.parametrize(("role", "states", "expected"), [
    ("officer", (), "/review/"), ("officer", ("open",), "/review/"),
    ("officer", ("confirming",), "/review/?state=confirming"),
    ("officer", ("confirming", "returned"), "/review/?state=returned"),
    ("head", ("done", "confirming"), "/review/?state=done"), ("reviewer", ("returned",), "/review/"),
    ("auditor", ("returned",), "/review/"), ("administrator", ("returned",), "/people/"),
])  # fmt: skip
def test_sign_in_leads_to_the_work_of_the_role(
    people: World, client: Client, role: str, states: tuple[str, ...], expected: str
) -> None:
    for number, state in enumerate(states):
        Document.objects.create(
            title="t", unit=people.below, year=2020 + number, kind="budget", state=state, created_by=people.people[role]
        )
    assert sign_in(client, role)["Location"] == expected
    assert client.get(expected).status_code == 200


def test_landing_of_another_unit_shows_nothing_of_it(people: World) -> None:
    Document.objects.create(
        title="t", unit=people.foreign, year=2020, kind="budget", state="returned", created_by=people.people["reviewer"]
    )
    assert hooks.landing(people.people["officer"]) == "/review/"


def test_account_leads_to_the_tokens(people: World, client: Client) -> None:
    sign_in(client, "reviewer")
    assert 'href="/account/tokens/"' in client.get("/account/").content.decode()


def _age(client: Client, **seconds: float) -> None:
    session = client.session
    for name, ago in seconds.items():
        session[name] = time.time() - ago
    session.save()
