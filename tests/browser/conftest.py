"""A server and a browser for all tests of this folder."""

from collections.abc import Callable, Iterator
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.serving import CHROMIUM, PATIENCE, ROOT, Platform, Visitor, launched, served

expect.set_options(timeout=PATIENCE)
_CATALOGUES = sorted((ROOT / "src" / "zhengwu" / "web").glob("*/locale/zh_Hans/LC_MESSAGES/django.mo"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one worker (``--dist loadgroup``): one server, and Playwright's event loop, which would keep Django's ORM
    from working in its thread, is closed before the next folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def platform(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform, filled and served."""
    with served(tmp_path_factory.mktemp("platform")) as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: the browser tests are NOT RUN (apt-get install chromium)")
    with sync_playwright() as playwright:
        found = launched(playwright)
        yield found
        found.close()


@pytest.fixture
def seat(browser: Browser, platform: Platform) -> Iterator[Callable[..., Visitor]]:
    """A function that seats somebody at a browser window; the windows are closed after the test, and none of them
    may have complained."""
    seated: list[Visitor] = []

    def one(who: str = "", language: str = "zh", **options: Any) -> Visitor:
        seated.append(Visitor(browser, platform, who, language, **options))
        return seated[-1]

    yield one
    for visitor in seated:
        visitor.close()
    assert [said for visitor in seated for said in visitor.complaints] == []


@pytest.fixture(scope="session")
def words() -> Callable[[str], Callable[..., str]]:
    """The words of the pages: ``words("zh")("Publish")`` is what the button says."""
    merged: dict[Any, str] = {}
    for path in _CATALOGUES:
        with path.open("rb") as stream:
            merged |= GNUTranslations(stream)._catalog  # type: ignore[attr-defined]

    def of(language: str) -> Callable[..., str]:
        def say(message: str, **values: object) -> str:
            if language == "zh":
                message = merged.get(message) or merged[message, 0]
            return message % values if values else message

        return say

    return of
