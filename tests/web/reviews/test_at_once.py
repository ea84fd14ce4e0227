"""Many at once, each with a connection of its own, on a database of its own: nothing lost, nothing twice."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

from tests.web.reviews.conftest import EXAMPLE, ROOT

POSTGRESQL = os.environ.get("ZHENGWU_DATABASE", "").startswith("postgres")
CLIENTS = 50 if POSTGRESQL else 12  # writers of SQLite wait for each other
SCRIPT = f"""
import json, threading
from collections import Counter
import django; django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from zhengwu.model.message import RefusedError
from zhengwu.web.common.models import AuditEvent, Unit, User
from zhengwu.web.common.trail import verify
from zhengwu.web.reviews import jobs, services
from zhengwu.web.reviews.models import Document, Finding, Round

call_command("migrate", verbosity=0)
data = open({str(EXAMPLE)!r}, "rb").read()
unit = Unit.objects.create(code="1", name="示例区政务服务管理局")
people = [User.objects.create(username=f"r{{n}}", role="reviewer") for n in range({CLIENTS})]
outcomes = Counter()

def at_once(action, count={CLIENTS}):
    barrier = threading.Barrier(count)
    def run(number):
        barrier.wait()
        try:
            outcomes[action.__name__ + ":" + str(action(number))] += 1
        except RefusedError as error:
            outcomes[action.__name__ + ":" + error.code] += 1
        except BaseException as error:
            outcomes[action.__name__ + ":" + repr(error)] += 1
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()

def upload(number):
    # Everybody uploads twice: the same file again (a second click), and everybody's differs from the others'.
    for _ in range(2):
        file = SimpleUploadedFile("a.txt", data + str(number).encode())
        services.document_upload(actor=people[number], files=[file], now=timezone.now())

def work(number):
    jobs.run_pending()

def decide(number):
    for finding in Finding.objects.filter(round__current=True):
        try:
            services.finding_decide(actor=people[number], finding=finding, decision="dismissed", reason=str(number),
                                    revision=0, now=timezone.now())
            outcomes["decided"] += 1
        except RefusedError as error:
            outcomes["decided:" + error.code] += 1

at_once(upload)
uploaded = Document.objects.count()
at_once(work, 4)
documents = list(Document.objects.order_by("pk"))
only = documents[0]
def confirm_same(number):
    services.document_confirm(actor=people[number], document=only, unit=unit, year=2021, kind="budget")
at_once(confirm_same)
Round.objects.exclude(document=only).update(current=False)
at_once(decide)
print(json.dumps({{
    "outcomes": outcomes, "uploaded": uploaded, "jobs": dict(Counter(Round.objects.values_list("job", flat=True))),
    "attempts": sorted(set(Round.objects.values_list("attempts", flat=True))),
    "audits": AuditEvent.objects.filter(action="round.audit").count(),
    "decisions": AuditEvent.objects.filter(action="finding.decide").count(),
    "findings": Finding.objects.filter(round__document=only).count(),
    "revisions": sorted(set(Finding.objects.filter(round__document=only).values_list("revision", flat=True))),
    "verified": verify()[1],
}}))
"""


def fresh_database(name: str) -> str:
    """A fresh database on the server that the tests run on; "" for SQLite in a file."""
    url = os.environ.get("ZHENGWU_DATABASE", "")
    if not url:
        return ""
    import psycopg

    parts = urlsplit(url)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return urlunsplit(parts._replace(path=f"/{name}"))


def test_clients_at_once_lose_nothing_and_do_nothing_twice(tmp_path):
    environment = {
        **os.environ, "ZHENGWU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "zhengwu.web.settings",
        "ZHENGWU_DATABASE": fresh_database(f"at_once_{os.getpid()}"), "ZHENGWU_WORKERS": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    found = json.loads(done.stdout.decode().strip().splitlines()[-1])
    outcomes = found["outcomes"]
    assert found["uploaded"] == CLIENTS
    assert outcomes["upload:None"] == CLIENTS
    assert found["jobs"] == {"done": CLIENTS}
    assert found["attempts"] == [1]
    assert found["audits"] == CLIENTS
    assert (outcomes["confirm_same:None"], outcomes["confirm_same:conflict"]) == (1, CLIENTS - 1)
    assert found["findings"] >= 6
    assert outcomes["decided"] == found["decisions"] == found["findings"]
    assert outcomes["decided:conflict"] == found["findings"] * (CLIENTS - 1)
    assert found["revisions"] == [1]
    assert found["verified"] == ""
