"""What holds of every answer of the API: its shape whatever is wrong, HEAD, types of bodies, conditions."""

from typing import Any

import pytest
from django.test import Client
from ninja import Schema

from tests.web.api.calls import ROOT, SCOPES, sent, token_of
from tests.web.explorer.making import person
from zhengwu.web.api import api
from zhengwu.web.common.models import Role

pytestmark = pytest.mark.django_db


def problem(answer: Any, status: int, code: str) -> Any:
    """The body of an error, in its one shape."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/json")
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert body.keys() == {"code", "message", "fields"}
    assert body["code"] == code
    assert body["message"]
    return body


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/nothing",
        "/documents/x",
        "/documents/-1",
        "/a/b/c",
        "/documents/1/",
        "/a%0Ab",
        "/documents/%0a/rounds",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_address_that_is_none_answers_in_the_shape_of_errors(client: Client, path: str, method: str) -> None:
    problem(getattr(client, method)(f"{ROOT}/{path.lstrip('/')}"), 404, "not-found")


def test_method_that_is_not_taken_is_405_and_says_which_are(client: Client) -> None:
    answer = client.put(f"{ROOT}/documents", headers={"Accept-Language": "en"})
    assert "PUT" in problem(answer, 405, "no-such-method")["message"]
    assert answer["Allow"] == "GET, HEAD, POST"
    assert client.options(f"{ROOT}/findings/1/decision")["Allow"] == "POST"


def test_head_is_get_without_its_content(client: Client) -> None:
    whole, head = client.get(f"{ROOT}/units"), client.head(f"{ROOT}/units")
    assert (head.status_code, head["ETag"], head.content) == (200, whole["ETag"], b"")


@pytest.mark.parametrize("body", ["{", "[1", "nul", "\x00", '{"decision": NaNN}', b"\xff\xfe".decode("latin-1")])
def test_json_that_is_broken_is_400(client: Client, body: str) -> None:
    headers = token_of(person(Role.REVIEWER), *SCOPES)
    answer = client.post(f"{ROOT}/findings/1/decision", body, content_type="application/json", headers=headers)
    problem(answer, 400, "unreadable")


@pytest.mark.parametrize("body", ["null", "[]", "1", '"x"', "{}"])
def test_json_of_another_kind_is_422_by_field(client: Client, body: str) -> None:
    headers = token_of(person(Role.REVIEWER), *SCOPES)
    answer = client.post(f"{ROOT}/findings/1/decision", body, content_type="application/json", headers=headers)
    assert problem(answer, 422, "invalid")["fields"]


def test_body_of_another_type_is_415_and_says_which_it_must_be(client: Client) -> None:
    headers = token_of(person(Role.REVIEWER), *SCOPES) | {"Accept-Language": "en"}
    answer = client.post(f"{ROOT}/findings/1/decision", "x=1", content_type="text/plain", headers=headers)
    assert "application/json" in problem(answer, 415, "wrong-type")["message"]
    answer = client.post(f"{ROOT}/documents", "{}", content_type="application/json", headers=headers)
    assert "multipart/form-data" in problem(answer, 415, "wrong-type")["message"]


def test_body_too_large_is_413(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    headers = token_of(person(Role.REVIEWER), *SCOPES)
    problem(sent(client, "/findings/1/decision", {"reason": "x" * 200}, headers), 413, "too-large")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=a", "--a\r\nbroken"),
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=" + "a" * 300, "x"),
        (
            "multipart/form-data; boundary=a",
            '--a\r\nContent-Disposition: form-data; name="files"; filename="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--a--',
        ),
    ],
)
def test_multipart_that_is_broken_is_400_or_without_files(client: Client, kind: str, body: str) -> None:
    headers = token_of(person(Role.REVIEWER), *SCOPES)
    answer = client.generic("POST", f"{ROOT}/documents", body, content_type=kind, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("unreadable", "invalid")


def test_too_many_fields_are_400(client: Client) -> None:
    problem(client.get(f"{ROOT}/units?" + "a=1&" * 20_001), 400, "unreadable")


def test_who_is_not_signed_in_is_told_so_and_not_that_a_csrf_token_is_missing() -> None:
    client = Client(enforce_csrf_checks=True)
    problem(sent(client, "/findings/1/decision", {}, {}), 401, "not-signed-in")
    client.force_login(person(Role.REVIEWER), backend="django.contrib.auth.backends.ModelBackend")
    problem(sent(client, "/findings/1/decision", {}, {}), 403, "not-allowed")


@pytest.mark.parametrize("place", ["token", "access_token", "Authorization", "api_key"])
def test_token_in_the_address_opens_nothing(client: Client, place: str) -> None:
    secret = token_of(person(Role.REVIEWER))["Authorization"].removeprefix("Bearer ")
    assert client.get(f"{ROOT}/documents?{place}={secret}").status_code == 401
    assert client.get(f"{ROOT}/documents?{place}=Bearer%20{secret}").status_code == 401
    client.cookies[place] = secret
    assert client.get(f"{ROOT}/documents").status_code == 401


def test_rubbish_in_conditions_is_no_server_error(client: Client) -> None:
    for name in ("If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since"):
        for value in ("x", "*", '"', "W/", "é", "," * 500, "Thu, 99 Foo"):
            assert client.get(f"{ROOT}/units", headers={name: value}).status_code in (200, 304, 412)


def test_description_tells_every_status_and_header() -> None:
    described = api.get_openapi_schema()
    assert described["openapi"] == "3.1.0"
    assert described["components"]["securitySchemes"].keys() == {"TokenAuth", "Session"}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            told = set(operation["responses"])
            wanted = {400, 422, 429} | ({304, 412} if method == "get" else {401, 403, 404, 409, 413, 415})
            wanted |= {401, 403, 404} if "security" in operation else set()
            assert wanted <= told, (path, method)
            assert operation["summary"], path
            assert "Retry-After" in operation["responses"][429]["headers"]
            for status in told - {200, 201, 304, 412}:
                assert "Problem" in str(operation["responses"][status]["content"])


def test_no_two_shapes_share_a_name_which_the_description_would_mix_up() -> None:
    found = [one for one in every_below(Schema) if one.__module__.startswith("zhengwu.web.api")]
    assert sorted(one.__name__ for one in found) == sorted({one.__name__ for one in found})


def every_below(kind: type) -> set[type]:
    """All classes below one."""
    return {each for one in kind.__subclasses__() for each in (one, *every_below(one))}
