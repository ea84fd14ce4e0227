"""Many callers of the API at once, on a database of their own: the first one wins, the others are told."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.web.reviews.conftest import ROOT
from tests.web.reviews.test_at_once import fresh_database

CALLERS = 8
SCRIPT = f"""
import json, threading
from collections import Counter, defaultdict
import django; django.setup()
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.web.api.calls import revision, sent, token_of
from tests.web.people import world
from tests.web.api.rows import Row, case
from zhengwu.web.common.models import AuditEvent, User
from zhengwu.web.common.trail import verify

call_command("migrate", verbosity=0)
here = world()
people = [User.objects.create(username=f"r{{n}}", role="reviewer") for n in range({CALLERS})]
headers = [token_of(person, "read", "decide", "upload") for person in people]
one = case(here, here.own, Row("", "", "", decision="accepted"))
waiting = case(here, here.foreign, Row("", "", "", state="confirming"))
at = f"/documents/{{one.document.pk}}"
outcomes = defaultdict(Counter)

def at_once(name, path, data):
    barrier = threading.Barrier({CALLERS})
    def run(number):
        barrier.wait()
        try:
            outcomes[name][sent(Client(), path, data(number), headers[number]).status_code] += 1
        except BaseException as error:
            outcomes[name][repr(error)] += 1
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=(n,)) for n in range({CALLERS})]
    for thread in threads: thread.start()
    for thread in threads: thread.join()

seen = revision(people[0], waiting.document)
at_once("confirm", f"/documents/{{waiting.document.pk}}/confirmation",
        lambda n: {{"unit": "202", "year": 2020 + n, "kind": "budget", "revision": seen}})
at_once("assign_finding", f"/findings/{{one.finding.pk}}/assignment", lambda n: {{"to": f"r{{n}}", "before": None}})
seen_now = revision(people[0], one.document)
at_once("assign", f"{{at}}/assignment", lambda n: {{"to": f"r{{n}}", "revision": seen_now}})
seen_then = revision(people[0], one.document)
at_once("close", f"{{at}}/closing", lambda n: {{"revision": seen_then}})
seen_last = revision(people[0], one.document)
at_once("return", f"{{at}}/return", lambda n: {{"reason": str(n), "revision": seen_last}})
one.document.refresh_from_db()
events = Counter(AuditEvent.objects.values_list("action", flat=True))
print(json.dumps({{"outcomes": outcomes, "state": one.document.state, "events": events, "verified": verify()[1]}}))
"""


def test_of_callers_at_once_one_wins_and_the_others_are_told(tmp_path: Path) -> None:
    environment = {
        **os.environ, "ZHENGWU_HOME": str(tmp_path), "ZHENGWU_DATABASE": fresh_database(f"api_at_once_{os.getpid()}"),
        "DJANGO_SETTINGS_MODULE": "tests.web.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    found = json.loads(done.stdout.decode().strip().splitlines()[-1])
    for name in ("confirm", "assign_finding", "assign", "close", "return"):
        assert found["outcomes"][name] == {"200": 1, "409": CALLERS - 1}, name
    assert found["state"] == "returned"
    for action in ("document.confirm", "finding.assign", "document.assign", "document.close", "document.return"):
        assert found["events"][action] == 1, action
    assert found["verified"] == ""
