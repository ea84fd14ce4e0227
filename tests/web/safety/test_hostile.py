"""Whatever is asked of whatever address, in whatever way: never a 500.

``HOSTILE_EXAMPLES=300 pytest -n 0 tests/web/safety/test_hostile.py`` asks more.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings, strategies

from tests.web.matrix import Row
from tests.web.people import world
from tests.web.safety import places, strange

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "6"))
NAMES = strange.names()
quick = settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # what is strange is short as it is: nothing to be shrunk
)  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def ask(client: Client, method: str, address: str, headers: dict[str, str], kind: str = "", body: bytes = b"") -> int:
    """The status of an answer; whatever was changed is undone."""
    point = transaction.savepoint()
    try:
        answer = client.generic(method, address, body, content_type=kind, headers=headers)
        # A part of the page may be made only while it is sent.
        if answer.streaming:
            b"".join(answer.streaming_content)
        return int(answer.status_code)
    finally:
        transaction.savepoint_rollback(point)


def signed_in(row: Row, here: Any) -> Client:
    client = Client(raise_request_exception=False)
    if not row.name.startswith("explorer:") or "404" in row.expected.split()[0:1]:
        client.force_login(here.people[places.role_of(row)], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("row", places.ROWS, ids=str)
def test_strange_request_is_answered(row: Row) -> None:
    here = world()
    if row.name.startswith("explorer:") and "404" in row.expected:
        places.published(here)
    address = reverse(row.name, kwargs=row.arguments(here))
    places.filled()
    client = signed_in(row, here)

    @quick
    @given(
        strategies.sampled_from((row.method,) * 8 + strange.METHODS), strange.queries(NAMES), strange.headers(),
        strategies.sampled_from(strange.BODIES), strange.queries(NAMES),
    )  # fmt: skip
    def holds(method: str, query: str, headers: dict[str, str], body: tuple[str, bytes], form: str) -> None:
        kind, sent = body
        if len(form) % 2:
            kind, sent = "application/x-www-form-urlencoded", form.encode("utf-8", "replace")
        status = ask(client, method, f"{address}?{query}", headers, kind, sent if method != "GET" else b"")
        assert status < 500, (method, query, headers, kind, sent[:200])

    holds()


PATHS = (
    "/d/%00/", "/d/%ff/", "/d/" + "x" * 3000 + "/", "/d/..%2f..%2fetc%2fpasswd/", "/d/101/9999/budget/", "/d/101/0000/budget/",
    "/d/%E9%A2%84/2021/final/999999999/facts.csv", "/d/a%0d%0ab/", "/d/101/2021/budget/1/table-999999999.csv",
    "/d/101/2021/budget/99999999999999999999/", "/years/1000/", "/years/2999/", "/review/documents/999999999/",
    "/review/documents/99999999999999999999/", "/review/documents/0/", "/review/documents/-1/", "/publish/999999999/",
    "/people/99999999999999999999/", "/people/9223372036854775807/", "/units/9223372036854775808/", "/units/1e5/",
    "/account/tokens/999999999/revoke/", "//evil.example/", "/%2e%2e/%2e%2e/etc/passwd", "/static/../settings.py",
    "/static/%2e%2e/%2e%2e/settings.py", "/static/%00", "/\x7f", "/%", "/%zz", "/" + "a/" * 500, "/sitemap.xml?p=99999",
    "/sitemap.xml?section=x", "/api/v1/%00", "/api/v1/units/%ff", "/robots.txt/", "/healthz/", "/sign-in/code/x", "/一/二/",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", ["anonymous", "reviewer", "administrator"])
def test_strange_path_is_answered(path: str, role: str) -> None:
    here = world()
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(here.people[role], backend="django.contrib.auth.backends.ModelBackend")
    for method in ("GET", "POST"):
        status = ask(client, method, path, {})
        assert status < 500, method


@pytest.mark.django_db
@pytest.mark.parametrize("host", strange.HOSTS)
def test_host_that_is_not_ours_is_refused_or_never_taken_up(host: str) -> None:
    client = Client(raise_request_exception=False)
    for address in ("/", "/sitemap.xml", "/robots.txt", "/api/v1/units", "/sign-in/"):
        answer = client.get(address, headers={"Host": host})
        assert answer.status_code < 500
        assert answer.status_code == 400 or b"evil" not in answer.content


def test_names_are_those_that_pages_ask_for() -> None:
    assert {"q", "page", "year", "a", "b", "amount", "at", "onward", "rule", "reason", "username", "due"} <= set(NAMES)
