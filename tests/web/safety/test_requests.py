"""What holds of every address: a token for every change, no way out, no frame, nothing kept in between."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.web.api.rows import ROWS as OPERATIONS
from tests.web.api.rows import Row as Operation
from tests.web.api.rows import case
from tests.web.matrix import Row
from tests.web.people import PASSWORD, World, world
from tests.web.safety import places

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "https://evil.example/", "//evil.example/x", "/\\evil.example", "javascript:alert(1)", "///evil.example",
    "\\\\evil.example", "http:evil.example", "https:///evil.example", "\thttps://evil.example",
    "//testserver@evil.example",
)  # fmt: skip
# Changes nothing but a cookie: a token in every public page would keep each from being the same twice.
WITHOUT_TOKEN = {"common:language"}
# Rows without a session of their own answer in other ways than pages do.
MACHINES = {"common:health", "common:metrics", "explorer:sitemap", "explorer:robots"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def unique() -> Iterator[Row]:
    """One row of each address; of those that take a POST, that one."""
    chosen: dict[str, Row] = {}
    for row in places.ROWS:
        if row.name not in chosen or (row.method == "POST" and chosen[row.name].method == "GET"):
            chosen[row.name] = row
    return iter(chosen.values())


def gets() -> list[Row]:
    """Of each address a row that is asked by GET, and that of a POST-only address as well."""
    chosen: dict[str, Row] = {}
    for row in places.ROWS:
        if row.name not in chosen or chosen[row.name].method == "POST":
            chosen[row.name] = row
    return list(chosen.values())


def signed_in(here: World, row: Row, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(here.people[places.role_of(row)], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("row", list(unique()), ids=str)
def test_post_without_a_token_is_refused(row: Row) -> None:
    here = world()
    address = reverse(row.name, kwargs=row.arguments(here))
    client = signed_in(here, row, enforce_csrf_checks=True)
    for data in ({}, {**row.data, "csrfmiddlewaretoken": "x" * 64}):
        answer = client.post(address, data)
        assert (answer.status_code == 403) is (row.name not in WITHOUT_TOKEN), row
    answer = client.post(address, row.data, headers={"X-CSRFToken": "x" * 64, "Origin": "https://evil.example"})
    assert (answer.status_code == 403) is (row.name not in WITHOUT_TOKEN)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.body], ids=str)
def test_session_changes_nothing_by_the_api_without_a_token(operation: Operation) -> None:
    here = world()
    one = case(here, here.own, operation)
    assert operation.body is not None
    data = operation.body(one, here.people["reviewer"])
    client = Client(enforce_csrf_checks=True)
    client.force_login(here.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    address = "/api/v1" + operation.address.format(**one.numbers)
    for cookie in (None, "x" * 32):
        if cookie:
            client.cookies["csrftoken"] = cookie
        if operation.files:
            answer = client.post(address, data)
        else:
            answer = client.post(address, json.dumps(data), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize("rows", places.by_app(places.ROWS), ids=places.app_of)
def test_nothing_leads_elsewhere(rows: list[Row]) -> None:
    here = world()
    names = ("next", "query", "onward", "back", "url", "return", "redirect", "target")
    for first in (0, 2):
        asked = {name: ELSEWHERE[(first + at) % len(ELSEWHERE)] for at, name in enumerate(names)}
        place = ELSEWHERE[first]
        headers = {"Referer": place, "HX-Request": "true", "HX-Current-URL": place, "Origin": "null"}
        for row, address in places.each(rows, here, empty=True):
            client = signed_in(here, row)
            if row.method == "POST":
                answer = client.post(address, {**row.data, **asked}, headers=headers)
            else:
                answer = client.get(address, asked, headers=headers)
            for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Refresh"):
                _stays(answer.get(name, ""))


def _stays(target: str) -> None:
    # As a browser reads it: a backslash is a slash, blanks and line breaks are nothing.
    seen = target.replace("\\", "/").strip().replace("\t", "").replace("\n", "")
    parts = urlsplit(seen)
    assert parts.scheme in ("", "http", "https"), target
    assert parts.netloc in ("", "testserver"), target
    assert not seen.startswith("//"), target


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(target: str, client: Client) -> None:
    world()
    for address in ("/sign-in/", f"/sign-in/?next={target}"):
        answer = client.post(address, {"username": "reviewer", "password": PASSWORD, "next": target})
        assert answer.status_code == 302
        _stays(answer["Location"])
        client.logout()


def answers(rows: list[Row], role: str) -> Iterator[tuple[Row, HttpResponse]]:
    """Each row with its answer to ``role``; "" is whoever gets one."""
    here = world()
    if places.app_of(rows) == "explorer":
        places.published(here)
    for row, address in places.each(rows, here):
        client = Client() if role == "anonymous" else signed_in(here, row)
        yield row, client.post(address, row.data) if row.method == "POST" else client.get(address)


@pytest.mark.parametrize("rows", places.by_app(gets()), ids=places.app_of)
def test_page_of_somebody_signed_in_is_kept_by_nobody(rows: list[Row]) -> None:
    for row, answer in answers(rows, ""):
        kept = {one.strip() for one in answer.get("Cache-Control", "").split(",")}
        assert row.name in MACHINES or kept & {"private", "no-store"}, f"{row}: {answer.get('Cache-Control')}"
        assert "public" not in kept


@pytest.mark.parametrize("role", ["anonymous", ""])
@pytest.mark.parametrize("rows", places.by_app(gets()), ids=places.app_of)
def test_page_is_in_no_frame_and_runs_nothing_from_elsewhere(rows: list[Row], role: str) -> None:
    for row, answer in answers(rows, role):
        assert answer["X-Frame-Options"] == "DENY", row
        assert answer["X-Content-Type-Options"] == "nosniff", row
        assert answer["Referrer-Policy"] == "same-origin", row
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", row
        parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
        policy = {part[0]: part[1:] for part in parts}
        if "sandbox" in policy:  # a download
            assert policy["default-src"] == ["'none'"], row
            continue
        assert policy["frame-ancestors"] == ["'none'"], row
        assert policy["script-src"] == ["'self'"], row
        assert policy["object-src"] == policy["base-uri"] == ["'none'"], row
        assert policy["form-action"] == ["'self'"], row


@pytest.mark.parametrize("path", ["/", "/units", "/documents", "/nothing", "/openapi.json"])
def test_answer_of_the_api_is_in_no_frame_and_kept_by_nobody(path: str, client: Client) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "public" not in answer.get("Cache-Control", "")


def test_password_reset_ends_sessions_and_a_deactivated_person_is_out(client: Client) -> None:
    here = world()
    reviewer, administrator = Client(), Client()
    backend = "django.contrib.auth.backends.ModelBackend"
    reviewer.force_login(here.people["reviewer"], backend=backend)
    administrator.force_login(here.people["administrator"], backend=backend)
    assert reviewer.get("/review/").status_code == 200
    administrator.post(reverse("common:person-password", args=[here.people["reviewer"].pk]))
    assert reviewer.get("/review/").status_code == 302
    officer = Client()
    officer.force_login(here.people["officer"], backend=backend)
    administrator.post(reverse("common:person-active", args=[here.people["officer"].pk]), {"active": "0"})
    assert officer.get("/review/").status_code == 302
    assert officer.get("/api/v1/documents").status_code == 401


def test_session_cookie_is_for_the_server_alone(client: Client) -> None:
    world()
    answer = client.post("/sign-in/", {"username": "reviewer", "password": PASSWORD})
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
