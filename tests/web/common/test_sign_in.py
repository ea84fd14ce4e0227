"""Signing in: lock-out, second step, session, redirects, CSRF, language."""

from time import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.web.people import PASSWORD, World, world
from zhengwu.web.common.models import AuditEvent, User

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture
def people() -> World:
    return world()


def sign_in(client: Client, name: str = "reviewer", password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": password, "next": "/account/", **more})


def code(device: TOTPDevice, ahead: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time() + ahead * device.step
    return f"{totp.token():06d}"


def test_sign_in_leads_on_and_is_in_the_trail(people: World, client: Client) -> None:
    assert sign_in(client)["Location"] == "/account/"
    event = AuditEvent.objects.get(action="session.sign-in")
    assert event.actor == people.people["reviewer"]
    client.post("/sign-out/")
    assert client.get("/account/").status_code == 302
    assert AuditEvent.objects.filter(action="session.sign-out").count() == 1


def test_sign_in_with_a_wrong_password_keeps_the_name(people: World, client: Client) -> None:
    answer = sign_in(client, password="wrong")
    assert answer.status_code == 200
    assert 'value="reviewer"' in answer.content.decode()
    assert "wrong" not in answer.content.decode()


def test_sign_in_after_five_failures_is_locked_even_with_the_right_password(people: World, client: Client) -> None:
    statuses = [sign_in(client, password="wrong").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "暂时锁定" in answer.content.decode()
    assert AuditEvent.objects.filter(action="session.lock").count() == 1
    assert sign_in(client, "auditor").status_code == 302, "others are not locked out with them"


def test_sign_in_makes_a_new_session_key(people: World, client: Client) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)
    assert client.cookies["sessionid"].value != before
    assert Client(headers={"cookie": f"sessionid={before}"}).get("/account/").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]
)
def test_next_leads_nowhere_outside(people: World, client: Client, target: str) -> None:
    assert "evil" not in sign_in(client, next=target)["Location"]
    answer = client.post("/language/", {"language": "en", "next": target})
    assert answer["Location"] == "/"


def test_posts_without_a_token_are_refused(people: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    client.force_login(people.people["administrator"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("common:person-active", args=[people.people["officer"].pk]), {"active": "0"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()
    assert User.objects.get(username="officer").is_active


def test_second_step_is_asked_for_before_anything_else(people: World, client: Client) -> None:
    sign_in(client)
    page = client.get("/account/second-step/")
    assert "<svg" in page.content.decode()
    device = TOTPDevice.objects.get()
    assert client.post("/account/second-step/", {"code": "000000"}).status_code == 422
    device.refresh_from_db()
    device.throttle_reset()
    used = code(device)
    assert client.post("/account/second-step/", {"code": used}).status_code == 302

    fresh = Client()
    assert sign_in(fresh)["Location"] == "/sign-in/code/"
    assert fresh.get("/account/").status_code == 302, "the password alone opens nothing"
    assert fresh.post("/sign-in/code/", {"code": used}).status_code == 422, "a code works once"
    device.refresh_from_db()
    device.throttle_reset()
    assert fresh.post("/sign-in/code/", {"code": code(device, 1)})["Location"] == "/account/"
    assert fresh.get("/account/").status_code == 200


def test_second_step_confirmed_without_its_password_leads_back(people: World, client: Client) -> None:
    TOTPDevice.objects.create(user=people.people["reviewer"], confirmed=True)
    assert client.get("/sign-in/code/")["Location"] == SIGN_IN
    sign_in(client)
    people.people["reviewer"].set_password("another long one 43")
    people.people["reviewer"].save()
    assert client.get("/sign-in/code/")["Location"] == SIGN_IN


def test_second_step_wrong_codes_make_it_wait(people: World, client: Client) -> None:
    device = TOTPDevice.objects.create(user=people.people["reviewer"], confirmed=True, tolerance=1)
    sign_in(client)
    client.post("/sign-in/code/", {"code": "000000"})
    device.refresh_from_db()
    assert device.throttling_failure_count == 1
    TOTPDevice.objects.update(throttling_failure_count=12)  # after one it waits a second, after twelve for an hour
    assert client.post("/sign-in/code/", {"code": code(device)}).status_code == 422, "throttled"


def test_second_step_is_removed_with_a_code_only(people: World, client: Client) -> None:
    device = TOTPDevice.objects.create(user=people.people["reviewer"], confirmed=True, tolerance=1)
    client.force_login(people.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/account/second-step/remove/", {"code": "000000"}).status_code == 422
    device.refresh_from_db()
    assert device.throttling_failure_count == 1
    device.throttle_reset()
    assert client.post("/account/second-step/remove/", {"code": code(device)}).status_code == 302
    assert not TOTPDevice.objects.exists()


def test_password_change_ends_other_sessions(people: World, client: Client) -> None:
    other = Client()
    sign_in(client)
    sign_in(other)
    new = "quite another 口令 77"
    answer = client.post("/account/password/", {"old": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


@pytest.mark.parametrize("new", ["short", "1234567890123", "password123", "reviewer12"])
def test_password_that_breaks_a_rule_marks_its_field(people: World, client: Client, new: str) -> None:
    sign_in(client)
    answer = client.post("/account/password/", {"old": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 422
    assert answer.context["form"].errors["password"]


def test_language_is_chinese_first_switches_and_is_kept(people: World, client: Client) -> None:
    assert '<html lang="zh-hans">' in client.get(SIGN_IN).content.decode()
    sign_in(client)
    client.post("/language/", {"language": "en", "next": "/account/"})
    page = client.get("/account/").content.decode()
    assert '<html lang="en">' in page
    assert "My account" in page
    assert User.objects.get(username="reviewer").language == "en"
    fresh = Client()
    sign_in(fresh)
    assert "My account" in fresh.get("/account/").content.decode()


def test_language_that_there_is_not_changes_nothing(people: World, client: Client) -> None:
    assert "django_language" not in client.post("/language/", {"language": "xx"}).cookies


def test_deactivated_person_is_out_at_once(people: World, client: Client) -> None:
    sign_in(client)
    User.objects.filter(username="reviewer").update(is_active=False)
    assert client.get("/account/").status_code == 302
    assert sign_in(Client()).status_code == 200
