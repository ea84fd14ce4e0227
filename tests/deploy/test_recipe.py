"""The recipe of deploy/, run: nginx before two web processes on PostgreSQL."""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from tests.deploy import stand as stands
from tests.deploy.stand import NAME, ROOT, Process, Stand, command_of, unit
from tests.deploy.visitor import BROKEN_OFF, Crowd, Visitor
from tests.support.ports import free_port
from tests.web.people import PASSWORD
from zhengwu.web.api_common import RATE
from zhengwu.web.reviews.uploads import MOST_BYTES

try:
    stands.check_programs()
except stands.MissingError as error:
    pytest.skip(f"NOT TESTED, the recipe of deploy/: {error}", allow_module_level=True)

# One stand for all of them: it takes both processors.
pytestmark = pytest.mark.xdist_group("recipe")
Found = TypeVar("Found")
STATIC = re.compile(rb'href="(/static/[^"]+\.css)"')


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    """Running, with a reviewer and an auditor."""
    with stands.stand() as made:
        for name in ("reviewer", "auditor", "guessed"):
            done = made.manage("add_user", name, "--role", name if name != "guessed" else "reviewer", given=PASSWORD)
            assert done.returncode == 0, done.stderr
        yield made


def logged(stand: Stand, **wanted: object) -> list[dict[str, object]]:
    """The lines of the web processes' logs about requests such as wanted."""
    lines = [json.loads(line) for web in stand.webs for line in web.log.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if all(line.get(key) == value for key, value in wanted.items())]


def awaited(ask: Callable[[], Found], say: Callable[[], str] = str) -> Found:
    """What comes true after a while; when it does not, ``say`` tells more."""
    until = time.monotonic() + 60
    while not (found := ask()):
        assert time.monotonic() < until, say()
        time.sleep(0.1)
    return found


def shell(stand: Stand, expression: str) -> object:
    """What an expression over the models gives."""
    code = f"import json; from zhengwu.web.common.models import *; from zhengwu.web.reviews.models import *; print(json.dumps({expression}))"
    done = stand.manage("shell", "--verbosity", "0", "--command", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_pages_answer_by_https_only(stand: Stand) -> None:
    answer = Visitor(stand, plain=stand.http).get("/review/?state=open")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/review/?state=open")
    for path in ("/", "/sign-in/", "/search/", "/api/v1/openapi.json", "/healthz"):
        answer = Visitor(stand).get(path)
        assert answer.status == 200, path
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "nginx/" not in (answer.headers["Server"] or "")
    assert Visitor(stand).get("/", Host="elsewhere.example.org").status == 400
    sitemap = Visitor(stand).get("/sitemap.xml")
    assert sitemap.status == 200


def test_cookies_are_for_https_only(stand: Stand) -> None:
    visitor = Visitor(stand)
    assert visitor.sign_in("auditor", PASSWORD).status == 302
    assert len(visitor.set_cookies) >= 2
    assert all("Secure" in cookie and "SameSite=Lax" in cookie for cookie in visitor.set_cookies)
    assert any(cookie.startswith("sessionid") and "HttpOnly" in cookie for cookie in visitor.set_cookies)


def test_pages_answer_without_tls_where_the_other_site_is_used(stand: Stand) -> None:
    web = stand.web(ZHENGWU_HTTPS="0")
    port = free_port()
    try:
        with stand.nginx("zhengwu-plain.conf", [web], tls=0, http=port):
            visitor = Visitor(stand, plain=port)
            answer = visitor.get("/sign-in/")
            assert answer.status == 200
            assert "Strict-Transport-Security" not in answer.headers
            assert visitor.sign_in("auditor", PASSWORD).status == 302
            assert not any("Secure" in cookie for cookie in visitor.set_cookies)
            assert visitor.get("/account/").status == 200
    finally:
        web.close()


def test_static_files_are_kept_for_good_and_compressed(stand: Stand) -> None:
    visitor = Visitor(stand)
    found = STATIC.search(visitor.get("/").body)
    assert found is not None
    plain = visitor.get(found[1].decode())
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Content-Type"] == "text/css"
    packed = visitor.ask("GET", found[1].decode(), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert not logged(stand, path=found[1].decode()), "nginx reads them from the disk"
    named = visitor.get("/static/common/style.css")
    assert "immutable" not in (named.headers["Cache-Control"] or "")
    assert visitor.get("/static/../home/secret").status in (400, 404)
    assert visitor.get("/static/%2e%2e/home/secret").status in (400, 404)


def test_pages_are_compressed_on_the_way(stand: Stand) -> None:
    answer = Visitor(stand).ask("GET", "/", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"


def test_private_pages_are_in_no_cache(stand: Stand) -> None:
    visitor = Visitor(stand)
    visitor.sign_in("reviewer", PASSWORD)
    for path in ("/review/", "/account/", "/review/upload/", "/account/tokens/"):
        answer = visitor.get(path)
        assert answer.status == 200
        assert {"no-store", "private"} <= set(re.split(r",\s*", answer.headers["Cache-Control"])), path
    home = Visitor(stand).get("/")
    assert home.headers["Cache-Control"] == "no-cache"
    assert "Cookie" in ", ".join(home.headers.get_all("Vary") or [])
    assert Visitor(stand).ask("GET", "/", headers={"If-None-Match": home.headers["ETag"]}).status == 304


def test_address_of_the_visitor_reaches_log_trail_and_lock_out(stand: Stand) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Real-IP": "203.0.113.9"}
    here, there = Visitor(stand, "127.0.0.7"), Visitor(stand, "127.0.0.8")
    here.get("/sign-in/")
    statuses = []
    for number in range(5):
        forged["X-Forwarded-For"] = f"203.0.113.{number}"
        statuses.append(here.post("/sign-in/", {"username": "guessed", "password": "wrong"}, **forged).status)
    assert statuses == [200, 200, 200, 200, 429], "one address, whatever it claims"
    assert here.sign_in("guessed", PASSWORD, **forged).status == 429
    assert there.sign_in("guessed", PASSWORD, **forged).status == 302, "who comes from elsewhere is not locked out"
    assert logged(stand, path="/sign-in/", address="127.0.0.7", status=429)
    assert not [line for line in logged(stand) if str(line.get("address")).startswith("203.")]
    events = "[[e.action, e.data] for e in AuditEvent.objects.filter(subject__startswith='user:').order_by('sequence')]"
    kept = shell(stand, events)
    assert ["session.lock", {"address": "127.0.0.7"}] in kept
    assert ["session.sign-in", {"address": "127.0.0.8"}] in kept


def test_address_of_the_visitor_reaches_the_limit_of_the_api(stand: Stand) -> None:
    web, port = stand.web(ZHENGWU_HTTPS="0"), free_port()
    try:
        with stand.nginx("zhengwu-plain.conf", [web], tls=0, http=port):
            visitors = [Visitor(stand, address, plain=port) for address in ("127.0.0.21", "127.0.0.22")]
            status, taken = 200, -1
            while status == 200 and taken < 4 * RATE:  # the end of a window may lie between
                taken += 1
                status = visitors[0].get("/api/v1/units", **{"X-Forwarded-For": f"203.0.113.{taken % 250}"}).status
            assert status == 429, "one address, whatever it claims"
            assert taken >= RATE
            assert visitors[1].get("/api/v1/units").status == 200, "who comes from elsewhere is not held up"
    finally:
        web.close()


def test_who_asks_a_process_itself_is_not_believed_where_no_proxy_is_named(stand: Stand) -> None:
    web = stand.web(ZHENGWU_HTTPS="0", ZHENGWU_PROXIES="192.0.2.1")
    try:
        Visitor(stand, plain=web.port).get("/sign-in/", **{"X-Forwarded-For": "203.0.113.9"})
        lines = [json.loads(line) for line in web.log.read_text(encoding="utf-8").splitlines()]
        assert [line["address"] for line in lines if line.get("path") == "/sign-in/"] == ["127.0.0.1"]
    finally:
        web.close()


def test_largest_file_passes_and_a_larger_one_is_refused_in_words(stand: Stand) -> None:
    visitor = Visitor(stand)
    visitor.sign_in("reviewer", PASSWORD)
    line = "一般公共预算支出 1,234.50 万元\n".encode()
    largest = (line * (MOST_BYTES // len(line) + 1))[:MOST_BYTES]
    answer = visitor.upload("/review/upload/", "largest.txt", largest)
    assert answer.status == 302, answer.body[-500:]
    page = visitor.get("/review/upload/").body.decode()
    assert "largest.txt" in page
    assert "50 MB" in page
    answer = visitor.upload("/review/upload/", "larger.txt", largest + b"x")
    assert answer.status == 302
    assert "larger.txt" in visitor.get("/review/upload/").body.decode(), "the platform's own sentence names it"
    assert visitor.ask("POST", "/language/", b"x" * (53 * 1024**2)).status == 413, "elsewhere nginx refuses"


def test_metrics_are_for_whoever_asks_a_process_on_this_machine(stand: Stand) -> None:
    assert Visitor(stand).get("/metrics").status == 404
    for web in stand.webs:
        Visitor(stand, plain=web.port).get("/sign-in/", **{"X-Forwarded-Proto": "https"})
        answer = Visitor(stand, plain=web.port).get("/metrics", Host=f"127.0.0.1:{web.port}")
        text = answer.body.decode()
        assert answer.status == 200
        assert re.search(r'zhengwu_requests_total\{status="200",view="common:sign-in"\} [1-9]', text)
        assert "zhengwu_database_up 1.0" in text
        assert 'zhengwu_jobs{state="queued"}' in text
        assert Visitor(stand, plain=web.port).get("/healthz", Host=f"127.0.0.1:{web.port}").status == 200


def test_logs_of_nginx_and_processes_name_the_same_request(stand: Stand) -> None:
    Visitor(stand).get("/search/?q=anemone")
    line = logged(stand, path="/search/")[-1]

    def named() -> list[Path]:
        logs = stand.folder.glob("nginx-*/zhengwu.log")
        return [path for path in logs if str(line["request"]) in path.read_text(encoding="utf-8")]

    [nginx] = awaited(named)  # nginx writes when the visitor has long read the answer
    assert re.fullmatch(r"[0-9a-f]{32}", str(line["request"]))
    assert "anemone" not in nginx.read_text(encoding="utf-8")
    assert all(line.get("time") and line.get("level") for line in logged(stand)), "the server's own lines as well"


def test_killed_worker_process_is_survived(stand: Stand, capsys: pytest.CaptureFixture[str]) -> None:
    web = stand.webs[0]
    assert web.process is not None
    with Crowd(stand) as crowd:
        [worker] = web.process.children()
        os.kill(worker, signal.SIGKILL)
        awaited(lambda: set(web.process.children()) - {worker})  # another one works
        time.sleep(1)
    _say(capsys, "kill -9 of the working process", crowd.figures())
    _check_only_what_was_being_answered_is_lost(crowd)


def test_killed_service_is_survived(stand: Stand, capsys: pytest.CaptureFixture[str]) -> None:
    web = stand.webs[1]
    assert web.process is not None
    with Crowd(stand) as crowd:
        web.process.kill()
        time.sleep(float(unit("zhengwu-web@.service")["RestartSec"]))
        web.start()
        time.sleep(1)
    _say(capsys, "kill -9 of a whole service", crowd.figures())
    _check_only_what_was_being_answered_is_lost(crowd)


def test_web_processes_started_anew_one_by_one_lose_no_request(
    stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    with Crowd(stand) as crowd:
        before = [web.process.pid for web in stand.webs if web.process]
        took = [web.restart() for _round in range(2) for web in stand.webs]
    assert not set(before) & {web.process.pid for web in stand.webs if web.process}
    _say(capsys, f"{len(took)} restarts of {', '.join(f'{one:.1f}' for one in took)} s", crowd.figures())
    assert crowd.lost == []
    assert len(crowd.results) > 10 * len(took), "all the while they asked"


def test_prepare_beside_requests_loses_none(stand: Stand) -> None:
    with Crowd(stand, 2) as crowd:
        done = stand.manage("prepare")
    assert done.returncode == 0, done.stderr
    assert crowd.lost == []


def test_worker_audits_an_upload_and_ends_when_told(stand: Stand) -> None:
    shell(stand, "Round.objects.filter(name='largest.txt').update(job='failed')")  # a test of its own
    visitor = Visitor(stand)
    visitor.sign_in("reviewer", PASSWORD)
    example = (ROOT / "examples" / "faulty-budget.txt").read_bytes()
    assert visitor.upload("/review/upload/", "预算.txt", example).status == 302
    log = stand.folder / "worker.log"
    worker = Process(command_of("zhengwu-worker@.service"), stand.environment, log)
    try:
        jobs = "list(Round.objects.filter(name='预算.txt').values_list('job', flat=True))"
        awaited(lambda: shell(stand, jobs) == ["done"], lambda: log.read_text(encoding="utf-8"))
    finally:
        code = worker.stop(int(re.sub(r"\D", "", unit("zhengwu-worker@.service")["TimeoutStopSec"])))
    assert code == 0
    assert not log.read_text(encoding="utf-8"), "nothing to complain about"


def _check_only_what_was_being_answered_is_lost(crowd: Crowd) -> None:
    """A form is not sent twice, for nobody knows whether it was taken, and an answer that began to come is not begun
    anew: one of each person at most."""
    for one in crowd.lost:
        assert one.status == (502 if one.what.startswith("POST") else BROKEN_OFF), one
    assert len(crowd.lost) <= crowd.people


def _say(capsys: pytest.CaptureFixture[str], what: str, figures: str) -> None:
    with capsys.disabled():
        print(f"\n{what}: {figures}")
