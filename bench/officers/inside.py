"""What is done with the platform's own code, in the environment that names its folder and database.

``python -m bench.officers.inside fill`` makes units, officers and their budgets and prints what to work on;
``… large`` a single budget with many lines; ``… sample SECONDS`` looks at all sums again and again; ``… judge`` reads what the officers were told (JSON) and says
whether it is what the database and the trail hold.
"""

import argparse
import io
import json
import os
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengwu.web.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models are there after the set-up alone
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.officers.grid import filled  # noqa: E402
from zhengwu.web.budgets import years  # noqa: E402
from zhengwu.web.budgets.models import Budget, Row  # noqa: E402
from zhengwu.web.budgets.rows import Change, rows_save  # noqa: E402
from zhengwu.web.common.models import AuditEvent, Role, Unit, User  # noqa: E402
from zhengwu.web.common.trail import subject_of, verify  # noqa: E402

_DIALECT = "beijing-xicheng-budget"
_PAIRS = (("50101", "30101"), ("50101", "30102"), ("50201", "30201"), ("50201", "30211"), ("50205", "30226"))


def fill(departments: int, units: int, lines: int, second: int) -> dict[str, Any]:
    """Departments of ``units`` units, an officer for each unit, and in the first ``second`` departments a second one for
    the department's own budget."""
    call_command("prepare", stopped=True, stdout=io.StringIO())
    now = timezone.now()
    reviewer = User.objects.create(username="bureau", role=Role.REVIEWER)
    made: list[tuple[Unit, User]] = []
    for number in range(departments):
        top = None
        for place in range(units):
            code = f"{100 + number}{place:03d}"
            unit = Unit.objects.create(code=code, name=f"示例单位{code}", parent=top)
            top = top or unit
            for extra in range(2 if place == 0 and number < second else 1):
                officer = User.objects.create(username=f"o{code}-{extra}", role=Role.OFFICER, unit=unit)
                made.append((unit, officer))
    year = years.year_open(
        actor=reviewer, year=2022, dialect=_DIALECT, first_due=None, second_due=None, publish_due=None,
        units=list(Unit.objects.all()), now=now,
    )  # fmt: skip
    officers = []
    filled: set[int] = set()
    for unit, officer in made:
        budget = Budget.objects.get(unit=unit, year=year)
        if budget.pk not in filled:
            filled.add(budget.pk)
            changes = [Change(f"first-{place}", None, _line(place)) for place in range(lines)]
            rows_save(actor=officer, budget=budget, sheet_key="lines", changes=changes, now=now)
        officers.append({"budget": budget.pk, "session": _session(officer)})
    return {"officers": officers, "first": AuditEvent.objects.count()}


def large(lines: int) -> dict[str, Any]:
    """A budget with so many lines and its officer."""
    call_command("prepare", stopped=True, stdout=io.StringIO())
    budget, officer = filled(lines)
    return {"budget": budget.pk, "session": _session(officer)}


def _session(officer: User) -> str:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def _line(place: int) -> dict[str, str]:
    government, departmental = _PAIRS[place % len(_PAIRS)]
    return {
        "function": "2010301", "government": government, "departmental": departmental, "nature": "project",
        "project": f"项目{place}", "fund": "general", "amount": f"{1000 + place}.{place % 100:02d}",
    }  # fmt: skip


_SUMS = {
    vendor: f"""SELECT b.id, b.revision, coalesce(sum(r.amount) FILTER (WHERE NOT r.gone AND r.sheet = 'lines'), 0),
    coalesce(sum({typed}) FILTER (WHERE NOT r.gone AND r.sheet = 'lines'), 0), max(r.stamp)
    FROM budgets_budget b JOIN budgets_row r ON r.budget_id = b.id GROUP BY b.id, b.revision"""
    for vendor, typed in (
        ("postgresql", "(r.values->>'amount')::bigint"),
        ("sqlite", "json_extract(r.\"values\", '$.amount')"),
    )
}


def sample(seconds: float) -> dict[str, Any]:
    """Look at every budget in one moment, as often as there is time: the sum that pages show, the sum of the lines
    as they are typed, the budget's revision, that of its last row."""
    ends, looks, wrong = time.monotonic() + seconds, 0, []
    while time.monotonic() < ends:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # By the database, so that looking takes little from those who work; the amounts as typed are in the JSON.
            cursor.execute(_SUMS[connection.vendor])
            found = cursor.fetchall()
        looks += len(found)
        wrong += [pk for pk, revision, shown, typed, last in found if shown != typed or revision != last]
        time.sleep(0.5)
    return {"looks": looks, "wrong": wrong}


def judge(told: dict[str, Any]) -> dict[str, Any]:
    """Whether every edit that was accepted is in the trail and in the state, and the state is what the trail makes."""
    wrong = []
    events = 0
    for budget in Budget.objects.all():
        state: dict[int, dict[str, Any]] = {}
        gone: dict[int, bool] = {}
        revisions = set()
        for event in AuditEvent.objects.filter(subject=subject_of(budget), action="budget.edit").order_by("sequence"):
            events += 1
            revisions.add(event.data["revision"])
            for change in event.data["changes"]:
                state[change["row"]] = {**state.get(change["row"], {}), **change["after"]}
                gone[change["row"]] = change.get("gone", gone.get(change["row"], False))
        rows = {row.pk: row for row in Row.objects.filter(budget=budget, sheet="lines")}
        if set(state) != set(rows):
            wrong.append(f"budget {budget.pk}: the trail has other rows than the table")
        for pk, values in state.items():
            row = rows.get(pk)
            if row is None or row.gone != gone[pk] or any(row.values[name] != value for name, value in values.items()):
                wrong.append(f"row {pk} is not what the trail makes of it")
        missing = set(told["accepted"].get(str(budget.pk), [])) - revisions
        wrong += [f"budget {budget.pk}: revision {one} was accepted and is not in the trail" for one in missing]
        if revisions != set(range(1, budget.revision + 1)):
            wrong.append(f"budget {budget.pk}: revisions are missing")
    count, problem = verify()
    deadlocks = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            deadlocks = cursor.fetchone()[0]
    return {"edits": events, "wrong": wrong, "trail": problem or f"{count:,} events hold", "deadlocks": deadlocks}


def main() -> None:
    """One task."""
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=("fill", "large", "sample", "judge"))
    for name, default in (("departments", 20), ("units", 5), ("lines", 40), ("second", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    if given.task == "fill":
        found = fill(given.departments, given.units, given.lines, given.second)
    elif given.task == "large":
        found = large(given.lines)
    elif given.task == "sample":
        found = sample(given.seconds)
    else:
        found = judge(json.load(sys.stdin))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
