"""The platform as a process: a data folder filled, ``zhengwu serve`` on a free port, Debian's Chromium before it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
PASSWORD = "演示 password 2026"
CHROMIUM = shutil.which("chromium")
PATIENCE = 90_000  # milliseconds until a page has what is looked for: a machine with other work is slow, not wrong
_START = 300  # seconds until the server answers


class Platform(NamedTuple):
    """Where it runs, and what the module that filled it made."""

    url: str
    made: dict[str, Any]


def _environment(home: Path) -> dict[str, str]:
    """This process's own, without what the tests of Django have set: the real settings, SQLite in ``home``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHENGWU_", "DJANGO_"))}
    return {**kept, "ZHENGWU_HOME": str(home), "ZHENGWU_DEMO_PASSWORD": PASSWORD, "PYTHONUNBUFFERED": "1"}


@contextmanager
def served(home: Path, filling: str = "tests.browser.prepare") -> Iterator[Platform]:
    """Fill ``home`` by a module, serve it, and end the server."""
    environment = _environment(home)
    made = subprocess.run([sys.executable, "-m", filling], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    port = free_port()
    command = [sys.executable, "-m", "zhengwu.cli.main", "serve", "--port", str(port)]
    with (home / "server.log").open("wb") as log, subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    ) as server:  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            _await(url, server, home / "server.log")
            yield Platform(url, json.loads(made.stdout))
        finally:
            server.terminate()


def _await(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def until(page: Page, found: Callable[[], object]) -> None:
    """Wait for what no assertion of Playwright can ask."""
    end = time.monotonic() + PATIENCE / 1000
    while not found():
        assert time.monotonic() < end, "it never came"
        page.wait_for_timeout(50)


def launched(playwright: Playwright) -> Browser:
    """Chromium without its sandbox (which needs rights that root in a container lacks) and without calls home."""
    quiet = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run")
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(quiet))


class Visitor:
    """Somebody at a browser of their own: ``who`` is a user name or "" for the public, ``language`` "zh" or "en"."""

    def __init__(self, browser: Browser, platform: Platform, who: str = "", language: str = "zh", **options: Any):
        self.platform, self.who = platform, who
        self.complaints: list[str] = []  # of the browser's console: errors, what the content policy forbade
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "reduced_motion": "reduce", **options}
        self.context: BrowserContext = browser.new_context(base_url=platform.url, **options)
        self.context.set_default_timeout(PATIENCE)
        self.speak(language)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.answers: list[Response] = []
        self.page.on("response", lambda answer: self.answers.append(answer))
        if who:
            self.sign_in()

    def _heard(self, said: ConsoleMessage) -> None:
        # A page that is itself a refusal (4xx) is what its test expects; anything that it lacks is not.
        refused = "responded with a status of 4" in said.text and said.location["url"] == self.page.url
        if said.type == "error" and not refused:
            self.complaints.append(f"{self.page.url}: {said.text}")

    def speak(self, language: str) -> None:
        """Choose the language, as its button does."""
        code = "en" if language == "en" else "zh-hans"
        self.context.add_cookies([{"name": "django_language", "value": code, "url": self.platform.url}])

    def sign_in(self, password: str = PASSWORD) -> None:
        """By the form."""
        self.page.goto("/sign-in/")
        self.page.locator("input[name=username]").fill(self.who)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main button.primary").click()
        self.page.wait_for_load_state()

    def close(self) -> None:
        """Close the browser window."""
        self.context.close()
