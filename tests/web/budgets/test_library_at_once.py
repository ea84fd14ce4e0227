"""The library with many at once, each with a connection of its own: no lost update, no deadlock, one name once."""

import json
import os
import subprocess
import sys

from tests.web.budgets.conftest import ROOT
from tests.web.reviews.test_at_once import fresh_database

POSTGRESQL = os.environ.get("ZHENGWU_DATABASE", "").startswith("postgres")
CLIENTS = 24 if POSTGRESQL else 8  # writers of SQLite wait for each other
TURNS = 6
SCRIPT = f"""
import json, threading
from collections import Counter
from datetime import date
import django; django.setup()
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import library, library_entry, library_selectors, years
from zhengwu.web.budgets.models import Budget, Project, Row
from zhengwu.web.common.models import AuditEvent, Unit, User
from zhengwu.web.common.trail import verify

call_command("migrate", verbosity=0)
unit = Unit.objects.create(code="1", name="示例区政务服务管理局")
people = [User.objects.create(username=f"o{{n}}", role="officer", unit=unit) for n in range({CLIENTS})]
head = User.objects.create(username="head", role="head", unit=unit)
reviewer = User.objects.create(username="reviewer", role="reviewer")
now = timezone.now()
years.year_open(actor=reviewer, year=2022, dialect="beijing-xicheng-budget", first_due=None, second_due=None,
                publish_due=None, units=[unit], now=now)
budget = Budget.objects.select_related("unit", "year").get()
outcomes = Counter()

def at_once(action):
    barrier = threading.Barrier({CLIENTS})
    def run(number):
        barrier.wait()
        for turn in range({TURNS}):
            try:
                action(number, turn)
                outcomes[action.__name__] += 1
            except RefusedError as error:
                outcomes[action.__name__ + ":" + error.code] += 1
            except BaseException as error:
                outcomes[action.__name__ + ":" + repr(error)[:300]] += 1
        connection.close()
    threads = [threading.Thread(target=run, args=(n,)) for n in range({CLIENTS})]
    for thread in threads: thread.start()
    for thread in threads: thread.join()

def add(number, turn):
    # Everybody wants the same names.
    made = library.project_add(actor=people[number], unit=unit, name=f"项目{{turn}}", starts=2022, ends=None,
                               values={{"targets": "是"}}, midterm={{}}, now=now)
    library.project_set_state(actor=people[number], project=made, state="ready")

def everything(number, turn):
    # The library is typed into, ranked and entered, all of it together.
    project = Project.objects.get(name=f"项目{{(number + turn) % {TURNS}}}")
    kind = number % 4
    if kind == 0:
        library.year_set(actor=people[number], project=project, year=2022, amount=str(number * 100 + turn), goal="目标", lists={{}},
                         revision=project.revision)
        outcomes["accepted"] += 1
    elif kind == 1:
        rows = [{{"kind": "quality", "name": f"指标{{n}}", "value": f"≥{{number}}%"}} for n in range(3)]
        library.indicators_set(actor=people[number], project=project, year=2022, rows=rows, revision=project.revision)
    elif kind == 2:
        order = sorted(Project.objects.values_list("pk", flat=True), key=lambda pk: (pk * (number + turn + 1)) % 7)
        library.projects_rank(actor=head, unit=unit, order=order)
    else:
        library_entry.projects_enter(actor=people[number], budget=budget, projects=[project.pk], now=now)

at_once(add)
at_once(everything)
library_entry.projects_enter(actor=people[0], budget=budget, projects=list(Project.objects.values_list("pk", flat=True)), now=now)
standing = library_selectors.standing(budget)
positions = list(Row.objects.filter(budget=budget, sheet="indicators", gone=False).values_list("position", flat=True))
print(json.dumps({{
    "outcomes": outcomes, "projects": Project.objects.count(), "verified": verify()[1],
    "ranks": sorted(Project.objects.values_list("rank", flat=True)),
    "year_events": AuditEvent.objects.filter(action="project.year").count(),
    "entered": len(standing.entered), "differs": sum(bool(one.differs) for one in standing.entered),
    "positions_twice": len(positions) - len(set(positions)),
}}))
"""


def test_many_officers_and_a_head_at_once_lose_nothing(tmp_path):
    environment = {
        **os.environ, "ZHENGWU_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "zhengwu.web.settings",
        "ZHENGWU_DATABASE": fresh_database(f"library_at_once_{os.getpid()}"), "ZHENGWU_WORKERS": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    found = json.loads(done.stdout.decode().strip().splitlines()[-1])
    outcomes = found["outcomes"]
    assert set(outcomes) <= {"add", "add:invalid", "everything", "everything:conflict", "accepted"}, outcomes
    assert outcomes["add"] == found["projects"] == TURNS
    assert outcomes["accepted"] == found["year_events"] > 0
    assert found["ranks"] == list(range(1, TURNS + 1))
    assert (found["entered"], found["differs"], found["positions_twice"]) == (TURNS, 0, 0)
    assert found["verified"] == ""
