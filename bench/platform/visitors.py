"""Visitors of a running platform, in a process of their own: real connections, kept open as browsers do.

``python -m bench.platform.visitors`` reads a Plan (JSON) from standard input and prints what was measured as JSON.
Each visitor is a thread: asks for a page, reads it whole, thinks, asks for the next. Citizens walk the open book
without an account; reviewers sign in by the form and work at the desk. Pages are drawn evenly, their departments,
years and documents by chance.
"""

import http.client
import json
import random
import re
import sys
import threading
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import urlencode

CITIZENS = ("home", "search", "department", "year", "document", "compare")
REVIEWERS = ("board", "upload", "round", "coverage")
PAGES = (*CITIZENS, *REVIEWERS)
_FORM = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_GONE = (http.client.RemoteDisconnected, ConnectionError)  # a kept connection that the server closed meanwhile


class Plan(NamedTuple):
    """What to do: the servers' ports, what bench.platform.data made, seconds to warm up and to measure, the least and
    the most seconds of a thought ((0, 0): none, a closed loop)."""

    ports: list[int]
    data: dict[str, Any]
    citizens: int = 30
    reviewers: int = 20
    warm: float = 10.0
    seconds: float = 60.0
    think: tuple[float, float] = (1.0, 5.0)
    seed: int = 7


def address(page: str, data: dict[str, Any], chance: random.Random) -> str:
    """An address of a main page, by chance."""
    code, year = chance.choice(data["departments"]), chance.choice(data["years"])
    document, number = chance.choice(data["rounds"])
    return {
        "home": lambda: "/",
        "search": lambda: f"/search/?{urlencode({'q': chance.choice(data['words'])})}",
        "department": lambda: f"/d/{code}/?year={year}&kind=budget",
        "year": lambda: f"/years/{year}/",
        "document": lambda: f"/d/{code}/{year}/budget/",
        "compare": lambda: f"/compare/?{urlencode({'a': code, 'b': chance.choice(data['departments'])})}",
        "board": lambda: "/review/",
        "upload": lambda: "/review/upload/",
        "round": lambda: f"/review/documents/{document}/rounds/{number}/",
        "coverage": lambda: f"/review/documents/{document}/rounds/{number}/coverage/",
    }[page]()  # type: ignore[no-any-return]


class Browser:
    """One visitor's connection and cookies."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes, float]:
        """(status, body, seconds from asking to the last byte). A connection that was closed is opened again."""
        sent = {"Accept-Language": "zh-CN", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begun = time.perf_counter()
        for again in (True, False):
            try:
                self._connection.request(method, path, body, sent)
                answer = self._connection.getresponse()
                content = answer.read()
                break
            except _GONE:
                self._connection.close()
                if not again:
                    raise
        seconds = time.perf_counter() - begun
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer.status, content, seconds

    def token(self, path: str) -> str:
        """The token of a page's form."""
        _status, page, _seconds = self.ask("GET", path)
        found = _FORM.search(page.decode())
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return found[1]

    def sign_in(self, username: str, password: str) -> None:
        """By the form, as people do. Raises RuntimeError where it does not succeed."""
        given = {"csrfmiddlewaretoken": self.token("/sign-in/"), "username": username, "password": password}
        status, _page, _seconds = self.ask(
            "POST", "/sign-in/", urlencode(given).encode(), Content_Type="application/x-www-form-urlencoded"
        )
        if status != 302:
            raise RuntimeError(f"{username} cannot sign in: {status}")


def visited(plan: Plan) -> dict[str, Any]:
    """Seconds and bytes of each page's answers within the measured time; failures by page and status."""
    measured: dict[str, list[float]] = {page: [] for page in PAGES}
    sizes: dict[str, list[int]] = {page: [] for page in PAGES}
    failures: dict[str, int] = {}
    lock = threading.Lock()
    browsers = [Browser(plan.ports[n % len(plan.ports)]) for n in range(plan.citizens + plan.reviewers)]
    for browser, username in zip(browsers[plan.citizens :], plan.data["reviewers"], strict=False):
        browser.sign_in(username, plan.data["password"])
    begun = time.perf_counter()
    starts, ends = begun + plan.warm, begun + plan.warm + plan.seconds

    def visit(number: int) -> None:
        chance = random.Random(plan.seed * 1000 + number)
        pages = CITIZENS if number < plan.citizens else REVIEWERS
        time.sleep(chance.uniform(0, plan.think[1]))
        while time.perf_counter() < ends:
            page = chance.choice(pages)
            asked = time.perf_counter()
            try:
                status, content, seconds = browsers[number].ask("GET", address(page, plan.data, chance))
            except (OSError, http.client.HTTPException) as error:
                status, content, seconds = type(error).__name__, b"", 0.0
            with lock:
                if status != 200:
                    failures[f"{page} {status}"] = failures.get(f"{page} {status}", 0) + 1
                elif starts <= asked and asked + seconds <= ends:
                    measured[page].append(seconds)
                    sizes[page].append(len(content))
            time.sleep(chance.uniform(*plan.think))

    _all_at_once(visit, len(browsers))
    return {"seconds": measured, "bytes": sizes, "failures": failures, "measured": plan.seconds}


def _all_at_once(task: Callable[[int], None], count: int) -> None:
    threads = [threading.Thread(target=task, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    json.dump(visited(Plan(**json.load(sys.stdin))), sys.stdout)
