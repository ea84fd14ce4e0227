"""The permission matrix: every address of the platform, every role, what is answered. A reviewed table.

To add an address: one ``Row`` for each method that it takes (and one more for a foreign unit where units matter).
``expected`` has one word for each of ``ROLES``: an exact status ("200", "302"), or a class ("2xx", "4xx"). "login"
is the redirect to the sign-in page.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.people import World

ROLES = ("anonymous", "officer", "head", "reviewer", "auditor", "administrator")
ADMINISTRATOR = "login 403 403 403 403 200"
EVERYBODY = "200 200 200 200 200 200"
SIGNED_IN = "login 200 200 200 200 200"
POST_ONLY = "405 405 405 405 405 405"


@dataclass(frozen=True)
class Row:
    """One address, one method, what each role gets."""

    name: str
    expected: str
    method: str = "GET"
    arguments: Callable[[World], dict[str, Any]] = lambda _world: {}
    data: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def _officer(world: World) -> dict[str, Any]:
    return {"pk": world.people["officer"].pk}


def _unit(world: World) -> dict[str, Any]:
    return {"pk": world.own.pk}


_DONE = "login 403 403 403 403 302"
COMMON = (
    Row("common:sign-in", EVERYBODY),
    Row("common:second-step", "302 302 302 302 302 302"),
    Row("common:sign-out", POST_ONLY),
    Row("common:sign-out", "302 302 302 302 302 302", "POST"),
    Row("common:language", POST_ONLY),
    Row("common:language", "302 302 302 302 302 302", "POST", data={"language": "en"}),
    Row("common:account", SIGNED_IN),
    Row("common:password", SIGNED_IN),
    Row("common:password", "login 422 422 422 422 422", "POST", data={"old": "wrong"}),
    Row("common:sign-out-elsewhere", "login 405 405 405 405 405"),
    Row("common:sign-out-elsewhere", "login 302 302 302 302 302", "POST"),
    Row("common:second-step-setup", SIGNED_IN),
    Row("common:second-step-setup", "login 422 422 422 422 422", "POST", data={"code": "000000"}),
    Row("common:second-step-remove", "login 302 302 302 302 302"),
    Row("common:people", ADMINISTRATOR),
    Row("common:person-add", ADMINISTRATOR),
    Row("common:person-add", "login 403 403 403 403 422", "POST", data={"username": "x"}),
    Row("common:person", ADMINISTRATOR, arguments=_officer),
    Row("common:person", "login 403 403 403 403 422", "POST", _officer, {"name": ""}),
    Row("common:person-active", POST_ONLY, arguments=_officer),
    Row("common:person-active", _DONE, "POST", _officer, {"active": "1"}),
    Row("common:person-password", POST_ONLY, arguments=_officer),
    Row("common:person-password", ADMINISTRATOR, "POST", lambda world: {"pk": world.people["auditor"].pk}),
    Row("common:units", ADMINISTRATOR),
    Row("common:unit-add", ADMINISTRATOR),
    Row("common:unit-add", _DONE, "POST", data={"code": "303", "name": "区民政局"}),
    Row("common:unit", ADMINISTRATOR, arguments=_unit),
    Row("common:unit", _DONE, "POST", _unit, {"code": "101", "name": "区教育委员会"}),
    Row("common:trail", "login 403 403 403 200 200"),
    Row("common:trail", "login 403 403 403 302 302", "POST"),
    Row("common:health", EVERYBODY),
    Row("common:metrics", EVERYBODY),  # the test client asks from this machine
)


def addresses() -> Iterator[str]:
    """The full name of every address that the resolver knows; a pattern without a name by its path."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[Any], space: str, path: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner, path + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}" if pattern.name else f"unnamed {path}{pattern.pattern}"


def wrong(row: Row, world: World) -> list[str]:
    """What is answered otherwise than expected, in words."""
    address = reverse(row.name, kwargs=row.arguments(world))
    differences = []
    for role, expected in zip(ROLES, row.expected.split(), strict=True):
        client = Client(raise_request_exception=False)
        if role != "anonymous":
            client.force_login(world.people[role], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.generic(row.method, address) if row.method not in ("GET", "POST") else (
            client.get(address, row.data) if row.method == "GET" else client.post(address, row.data)
        )  # fmt: skip
        if not _fits(answer, expected):
            differences.append(f"{row} as {role}: {answer.status_code}, expected {expected}")
    return differences


def _fits(answer: Any, expected: str) -> bool:
    login = answer.status_code == 302 and answer["Location"].startswith(reverse("common:sign-in"))
    if expected == "login":
        return login
    if expected == "302" and login:
        # Only the second step sends back to the sign-in without asking for a session.
        return "next=" not in answer["Location"]
    status = str(answer.status_code)
    return status == expected or (expected.endswith("xx") and status[0] == expected[0])
