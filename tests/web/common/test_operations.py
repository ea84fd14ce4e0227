"""Health, metrics, logs, the commands."""

import io
import json
import logging
import re
import socket
import sys

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from tests.web.people import PASSWORD, world
from zhengwu.cli.main import main
from zhengwu.web.common import hooks
from zhengwu.web.common.logs import JsonFormatter
from zhengwu.web.common.models import User


@pytest.mark.django_db
def test_health_is_ok_and_says_what_fails(client: Client, settings: LazySettings) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    settings.HOME = "/nowhere at all"
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["data_folder"] == "failing"


@pytest.mark.django_db
def test_metrics_count_by_view_and_only_for_this_machine(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks.Queue, "states", staticmethod(lambda: {"queued": 3}))
    monkeypatch.setattr(hooks.Queue, "lag", staticmethod(lambda: 12.5))
    client.get("/sign-in/")
    text = client.get("/metrics").content.decode()
    assert re.search(r'zhengwu_requests_total\{status="200",view="common:sign-in"\} [1-9]', text)
    assert re.search(r'zhengwu_request_seconds_bucket\{le="\+Inf",view="common:sign-in"\} [1-9]', text)
    assert 'zhengwu_jobs{state="queued"} 3.0' in text
    assert "zhengwu_queue_lag_seconds 12.5" in text
    assert "zhengwu_database_up 1.0" in text
    assert re.search(r"process_resident_memory_bytes [1-9]", text)
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 404
    monkeypatch.setenv("ZHENGWU_METRICS", "1")
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.django_db
def test_each_request_is_one_line_of_json_without_its_query(client: Client) -> None:
    people = world()
    client.force_login(people.people["auditor"], backend="django.contrib.auth.backends.ModelBackend")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    log = logging.getLogger("zhengwu.request")
    log.addHandler(handler)
    try:
        client.get("/account/?secret=1", headers={"x-request-id": "abc123"})
    finally:
        log.removeHandler(handler)
    line = json.loads(stream.getvalue())
    assert (line["method"], line["path"], line["status"]) == ("GET", "/account/", 200)
    assert line["user"] == people.people["auditor"].pk
    assert line["ms"] > 0
    assert (line["view"], line["address"], line["request"]) == ("common:account", "127.0.0.1", "abc123")
    assert "secret" not in stream.getvalue()


def test_log_of_an_error_has_its_traceback_on_the_same_line() -> None:
    try:
        raise ValueError("一\n二")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed %s", ("there",), sys.exc_info())
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "ValueError" in json.loads(text)["traceback"]


@pytest.mark.django_db
def test_pages_of_errors_are_in_the_language(client: Client) -> None:
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "没有这个页面" in page.content.decode()
    client.post("/language/", {"language": "en"})
    assert "There is no such page" in client.get("/no/such/page/").content.decode()


@pytest.mark.django_db
def test_pages_have_no_inline_script_or_style(client: Client) -> None:
    page = client.get("/sign-in/")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page.content.decode())
    assert "script-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.django_db
def test_add_user_reads_the_password_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    call_command("add_user", "root", "--name", "管理员", stdout=io.StringIO())
    assert User.objects.get(username="root").check_password(PASSWORD)
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError):
        call_command("add_user", "other")
    with pytest.raises(CommandError, match="没有代码为"):
        call_command("add_user", "other", "--unit", "nowhere")


def test_serve_refuses_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    assert "--port" in capsys.readouterr().err


def test_serve_without_the_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert main(["serve", "--lang", "en"]) == 2
    assert "zhengwu[web]" in capsys.readouterr().err
