"""How long the server takes for what the grid of a budget with 10,000 lines asks: rows, a cell, a paste, the check.

``measured`` wants the set-up of the platform's settings and an empty database that may be written to; whoever calls
it prints what it answers. ``python -m bench.officers.grid`` does it on a SQLite database in a folder of its own.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

LINES = 10_000
PASTED = 500
_TIMES = 7


def measured(lines: int = LINES, pasted: int = PASTED, times: int = _TIMES) -> dict[str, dict[str, float]]:
    """{what: {"ms": median of ``times``, "most": the longest in ms, "queries": of one, "kb": of its answer}}."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    budget, officer = filled(lines)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/budget/{budget.pk}/ledger/"
    first = budget.rows.filter(sheet="lines").order_by("position").first()
    typed = {
        "function": "2010301",
        "government": "50101",
        "departmental": "30101",
        "nature": "basic",
        "fund": "general",
    }
    counter = iter(range(10**9))

    def save(changes: list[dict[str, Any]]) -> Any:
        body = json.dumps({"sheet": "lines", "changes": changes})
        return client.post(f"{address}save/", body, content_type="application/json")

    def cell() -> Any:
        seen = client.get(f"{address}rows/?sheet=lines&since={2**40}")  # signed in, warm
        assert seen.status_code == 200
        return lambda: save([{"name": "k", "row": first.pk, "cells": {"amount": str(next(counter))}, "seen": {}}])

    def paste() -> Any:
        number = next(counter)
        block = [
            {
                "name": f"p{number}-{one}",
                "row": None,
                "cells": {**typed, "project": f"日常公用支出 {number}-{one}", "amount": "12.5"},
            }
            for one in range(pasted)
        ]
        return lambda: save(block)

    def check() -> Any:
        cache.clear()
        return lambda: client.get(f"{address}check/?sheet=lines")

    asked: dict[str, Callable[[], Any]] = {
        "page": lambda: lambda: client.get(f"{address}?sheet=lines"),
        f"{lines:,} rows": lambda: lambda: client.get(f"{address}rows/?sheet=lines"),
        "rows since": lambda: lambda: client.get(f"{address}rows/?sheet=lines&since={2**40}"),
        "save a cell": cell,
        f"save {pasted} pasted rows": paste,
        f"check {lines:,} lines": check,
        "check, unchanged": lambda: lambda: client.get(f"{address}check/?sheet=lines"),
    }
    made = {}
    for name, prepared in asked.items():
        took, size = [], 0
        for _ in range(times):
            ask = prepared()
            began = time.perf_counter()
            answer = ask()
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, (name, answer.status_code, answer.content[:500])
            size = len(answer.content)
        with CaptureQueriesContext(connection) as captured:
            prepared()()
        made[name] = {"ms": statistics.median(took), "most": max(took), "queries": len(captured), "kb": size / 1024}
    return made


def filled(lines: int) -> tuple[Any, Any]:
    """A budget with so many lines that all hold, and its officer."""
    from django.utils import timezone

    from zhengwu.ledger import codes
    from zhengwu.web.budgets import years
    from zhengwu.web.budgets.models import Row
    from zhengwu.web.common.models import Role, Unit, User

    now = timezone.now()
    unit = Unit.objects.create(code="970001", name="示例区财政局")
    reviewer = User.objects.create(username="bench-reviewer", role=Role.REVIEWER)
    officer = User.objects.create(username="bench-officer", role=Role.OFFICER, unit=unit)
    years.year_open(
        actor=reviewer, year=2022, dialect="beijing-xicheng-budget", first_due=None, second_due=None, publish_due=None,
        units=[unit], now=now,
    )  # fmt: skip
    budget = unit.budgets.get()
    functions = [one.code for one in codes.search("function", "", 2022, limit=500)]
    pairs = [one for one in codes.pairs(2022, "agency") if one.departmental.startswith(("301", "302"))]
    made = []
    for number in range(lines):
        pair = pairs[number % len(pairs)]
        values = {
            "unit": unit.code, "function": functions[number // len(pairs) % len(functions)],
            "government": pair.government, "departmental": pair.departmental, "nature": "basic", "project": "",
            "fund": "general", "amount": 10_000 + number,
        }  # fmt: skip
        made.append(Row(
            budget=budget, sheet="lines", position=number + 1, values=values, amount=values["amount"], revision=1,
            stamp=1, changed_by=officer, changed_at=now,
        ))  # fmt: skip
    Row.objects.bulk_create(made, batch_size=1_000)
    income = {"fund": "general", "amount": sum(row.amount or 0 for row in made), "last": 0, "carry_out": None}
    Row.objects.create(budget=budget, sheet="income", position=1, values=income, stamp=1, changed_at=now)
    budget.revision = 1
    budget.save()
    return budget, officer


def report(found: dict[str, dict[str, float]]) -> str:
    """The figures as lines of text."""
    lines = [f"{'The grid of a budget, on the server':40} {'median':>9} {'longest':>9} {'queries':>8} {'answer':>10}"]
    for name, one in found.items():
        lines.append(f"{name:40} {one['ms']:6.0f} ms {one['most']:6.0f} ms {one['queries']:8.0f} {one['kb']:7.0f} KB")
    return "\n".join(lines)


def main() -> None:
    """On an empty SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ZHENGWU_HOME": folder, "DJANGO_SETTINGS_MODULE": "zhengwu.web.settings", "ZHENGWU_LOG": "ERROR"}
        import django

        django.setup()
        import logging

        from django.core.management import call_command

        logging.getLogger("zhengwu.request").setLevel(logging.ERROR)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        print(report(measured()))


if __name__ == "__main__":
    main()
