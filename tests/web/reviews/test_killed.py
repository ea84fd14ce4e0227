"""The real thing is killed: a server in the middle of an upload, a worker's connection to the database."""

import http.client
import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.web.reviews.conftest import EXAMPLE, ROOT
from tests.web.reviews.test_at_once import POSTGRESQL, fresh_database

PASSWORD = "a long enough 口令 42"
SETTINGS = "zhengwu.web.settings"


class Platform:
    """A platform in a folder of its own: its processes, and what is in its database."""

    def __init__(self, home) -> None:
        self.environment = {
            **os.environ, "ZHENGWU_HOME": str(home), "DJANGO_SETTINGS_MODULE": SETTINGS,
            "ZHENGWU_DATABASE": fresh_database(f"killed_{os.getpid()}"),
        }  # fmt: skip
        self.port = free_port()

    def start(self, code: str) -> "subprocess.Popen[bytes]":
        """A process with the platform set up."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def said(self, code: str) -> str:
        """What such a process prints."""
        running = self.start(code)
        said = running.communicate(timeout=300)[0].decode().strip()
        assert running.returncode == 0
        return said

    def serve(self) -> "subprocess.Popen[bytes]":
        """``zhengwu serve`` without workers, once it answers."""
        command = [
            Path(sys.executable).with_name("zhengwu"), "serve", "--port", str(self.port), "--workers-in-process", "0",
        ]  # fmt: skip
        running = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert running.stdout.readline()
        return running

    def signed_in(self) -> urllib.request.OpenerDirector:
        """A browser whose reviewer has signed in."""
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        browser.jar = jar
        token = self.token(browser, "/sign-in/")
        sent = {"username": "r", "password": PASSWORD, "csrfmiddlewaretoken": token}
        browser.open(self.address("/sign-in/"), urllib.parse.urlencode(sent).encode()).read()
        return browser

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def token(self, browser, path: str) -> str:
        page = browser.open(self.address(path)).read().decode()
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    def upload(self, browser, part: float = 1.0) -> int:
        """Send the example; with ``part`` below 1 stop in the middle and hold the connection. The answer's status."""
        token, data = self.token(browser, "/review/upload/"), EXAMPLE.read_bytes()
        rule = "zhengwu-boundary"
        body = (
            f'--{rule}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{rule}\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        ).encode() + data + f"\r\n--{rule}--\r\n".encode()  # fmt: skip
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        self.connection.putrequest("POST", "/review/upload/")
        self.connection.putheader("Content-Type", f"multipart/form-data; boundary={rule}")
        self.connection.putheader("Content-Length", str(len(body)))
        self.connection.putheader("Cookie", "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.jar))
        self.connection.endheaders()
        self.connection.send(body[: int(len(body) * part)])
        return self.connection.getresponse().status if part >= 1 else 0


COUNTED = """
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import verify
from zhengwu.web.reviews.models import Document, Finding, Round
events = AuditEvent.objects
print(Document.objects.count(), Round.objects.count(), events.filter(action="document.upload").count(),
      events.filter(action="round.audit").count(), *[(r.job, r.attempts) for r in Round.objects.all()], verify()[1] or "holds")
"""


@pytest.fixture
def platform(tmp_path):
    made = Platform(tmp_path)
    made.said(
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from zhengwu.web.common.models import User\n"
        f"person = User(username='r', role='reviewer'); person.set_password({PASSWORD!r}); person.save()"
    )
    return made


def test_server_killed_in_the_middle_of_an_upload_leaves_nothing_and_takes_it_the_next_time(platform):
    server = platform.serve()
    browser = platform.signed_in()
    platform.upload(browser, part=0.5)
    server.send_signal(signal.SIGKILL)
    server.wait()
    assert platform.said(COUNTED).startswith("0 0 0 0")
    server = platform.serve()
    try:
        assert platform.upload(browser) == 302  # the session outlived the server as well
    finally:
        server.kill()
        server.wait()
    worker = "from django.core.management import call_command; call_command('run_worker', '--once')"
    assert platform.said(worker) == "1"
    assert platform.said(COUNTED) == "1 1 1 1 ('done', 1) holds"


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no connection that could go away")
@pytest.mark.parametrize("when", ["idle", "audit", "store"])
def test_worker_whose_connection_is_cut_goes_on_and_the_result_stands_once(platform, when):
    slow = """
import threading, time
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, connection
from django.utils import timezone
from zhengwu.web.common.models import User
from zhengwu.web.reviews import jobs, process, results, services

def cut():
    # Another connection ends that of the worker, as a restart of the server would.
    import psycopg
    with psycopg.connect(URL, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                      "WHERE datname = current_database() AND pid <> pg_backend_pid()")

cuts = 0
def once(before):
    def inner(*arguments, **options):
        global cuts
        if not cuts:
            cuts += 1
            cut()
        return before(*arguments, **options)
    return inner

if WHEN == "idle":
    jobs.take = once(jobs.take)
elif WHEN == "audit":
    process.ask = once(process.ask)
else:
    results.linked = once(results.linked)  # in the middle of the transaction that stores
actor = User.objects.get()
services.document_upload(actor=actor, files=[SimpleUploadedFile("a.txt", open(PATH, "rb").read())], now=timezone.now())
stop = threading.Event()
worker = threading.Thread(target=jobs.work, args=(stop,))
worker.start()
from zhengwu.web.reviews.models import Round
for _ in range(2000):
    time.sleep(0.1)
    try:
        if Round.objects.get().job == "done":
            break
    except Exception:
        connection.close()
stop.set(); jobs.wake_up(); worker.join()
print("cuts", cuts)
"""
    given = f"URL, PATH, WHEN = {platform.environment['ZHENGWU_DATABASE']!r}, {str(EXAMPLE)!r}, {when!r}\n"
    assert platform.said(given + slow) == "cuts 1"
    assert platform.said(COUNTED) == "1 1 1 1 ('done', 1) holds"
