"""The officers, in a process of their own: real connections, kept open as browsers do.

``python -m bench.officers.crowd`` reads {"ports", "officers", "seconds", "think", "seed"} and prints what it measured
and what it was told. Each officer is a thread that types into cells of the budget's lines, adds a line, takes one out,
brings it back, looks what others did, and asks for the live audit; between two he thinks.
"""

import json
import random
import re
import sys
import threading
import time
from collections import defaultdict
from typing import Any

from bench.platform.visitors import Browser

_FORM = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_AMOUNT = 7  # the place of the amount among the columns of a line


class Officer:
    """One officer with the lines as the page knows them."""

    def __init__(self, port: int, given: dict[str, Any], seed: int) -> None:
        self.browser = Browser(port)
        self.browser.cookies["sessionid"] = given["session"]
        self.budget = given["budget"]
        self.chance = random.Random(seed)
        self.made = 0
        self.seed = seed
        self.accepted: list[int] = []
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.conflicts = 0
        self.failures: dict[str, int] = defaultdict(int)

    def begin(self) -> None:
        """Open the page and its lines."""
        _status, page, _ = self.browser.ask("GET", f"/budget/{self.budget}/ledger/")
        found = _FORM.search(page.decode())
        if found is None:
            raise RuntimeError(f"the page of the budget {self.budget} has no form")
        self.token = found[1]
        answer = self._get(f"/budget/{self.budget}/ledger/rows/?sheet=lines", "open")
        self.revision = answer["revision"]
        self.rows = {row[0]: row for row in answer["rows"]}

    def work(self) -> None:
        """One thing that officers do."""
        kind = self.chance.choices(("cell", "add", "take-out", "look", "check"), (60, 10, 5, 15, 10))[0]
        if kind == "look":
            self._look()
        elif kind == "check":
            self._get(f"/budget/{self.budget}/ledger/check/?sheet=lines", "live audit")
        else:
            self._save(kind)

    def _save(self, kind: str) -> None:
        self.made += 1
        change: dict[str, Any] = {"name": f"{self.seed}-{self.made}"}
        there = [row for row in self.rows.values() if not row[3]]
        amount = f"{self.chance.randrange(1, 10_000_000) / 100:.2f}"
        if kind == "add" or not there:
            cells = {"function": "2010301", "government": "50201", "departmental": "30201", "nature": "project",
                     "project": f"新增{self.seed}-{self.made}", "fund": "general", "amount": amount}  # fmt: skip
            change |= {"row": None, "cells": cells}
        else:
            row = self.chance.choice(there)
            seen = row[7][_AMOUNT]
            change |= {"row": row[0], "seen": {"amount": "" if seen is None else f"{seen / 100:.2f}"}}
            change |= {"gone": True} if kind == "take-out" else {"cells": {"amount": amount}}
        body = json.dumps({"sheet": "lines", "changes": [change]}).encode()
        status, content, seconds = self.browser.ask(
            "POST", f"/budget/{self.budget}/ledger/save/", body, X_CSRFToken=self.token, Content_Type="application/json"
        )
        if status != 200:
            self.failures[f"save {status}"] += 1
            return
        self.seconds["save a cell" if kind == "cell" else "add or take out a line"].append(seconds)
        answer = json.loads(content)
        outcome = answer["outcomes"][0]
        if outcome["row"] is not None:
            self.rows[outcome["row"][0]] = outcome["row"]
        if outcome["taken"]:
            self.accepted.append(answer["revision"])
        elif outcome["theirs"]:
            self.conflicts += 1
        else:
            self.failures[f"refused {outcome['wrong']}"] += 1

    def _look(self) -> None:
        answer = self._get(
            f"/budget/{self.budget}/ledger/rows/?sheet=lines&since={self.revision}", "look at others' edits"
        )
        if answer:
            self.revision = answer["revision"]
            self.rows |= {row[0]: row for row in answer["rows"]}

    def _get(self, path: str, name: str) -> dict[str, Any]:
        status, content, seconds = self.browser.ask("GET", path)
        if status != 200:
            self.failures[f"{name} {status}"] += 1
            return {}
        self.seconds[name].append(seconds)
        found: dict[str, Any] = json.loads(content)
        return found


def worked(plan: dict[str, Any]) -> dict[str, Any]:
    """All officers at once."""
    ports, least, most = plan["ports"], *plan["think"]
    officers = [
        Officer(ports[number % len(ports)], given, plan["seed"] + number)
        for number, given in enumerate(plan["officers"])
    ]
    for officer in officers:
        officer.begin()
    ends = time.perf_counter() + plan["seconds"]

    def day(officer: Officer) -> None:
        time.sleep(officer.chance.uniform(0, most))
        while time.perf_counter() < ends:
            try:
                officer.work()
            except OSError as error:
                officer.failures[type(error).__name__] += 1
            time.sleep(officer.chance.uniform(least, most))

    threads = [threading.Thread(target=day, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds: dict[str, list[float]] = defaultdict(list)
    failures: dict[str, int] = defaultdict(int)
    accepted: dict[int, list[int]] = defaultdict(list)
    for officer in officers:
        accepted[officer.budget] += officer.accepted
        for name, values in officer.seconds.items():
            seconds[name] += values
        for name, count in officer.failures.items():
            failures[name] += count
    return {
        "seconds": seconds, "failures": failures, "accepted": accepted,
        "conflicts": sum(officer.conflicts for officer in officers),
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(worked(json.load(sys.stdin)), sys.stdout)
