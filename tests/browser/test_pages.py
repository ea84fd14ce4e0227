"""Every page: axe finds nothing, nothing hangs over at 360 px, it is small, the console is silent.

Each page is looked at light at 1280 px and 1920 px, and dark at 360 px; the main ones then in English.
"""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from django_otp.oath import totp
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser import axe
from tests.browser.places import NO_PAGES, PLACES, Place
from tests.browser.serving import Platform, Visitor
from tests.web.matrix import addresses

MOST_BYTES = 300_000  # of a page with its own style and scripts, uncompressed and before charts


@pytest.fixture(scope="module")
def seated(browser: Browser, platform: Platform) -> Iterator[dict[str, Visitor]]:
    """One browser window for each person, signed in once."""
    found: dict[str, Visitor] = {}
    for who in sorted({place.who for place in PLACES}):
        one = found[who] = Visitor(browser, platform, who)
        if who == "coded":
            one.page.locator("input[name=code]").fill(f"{totp(bytes.fromhex(platform.made['key'])):06d}")
            one.page.locator("main button.primary").click()
            one.page.wait_for_url("**/review/")
    yield found
    for one in found.values():
        one.close()


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_page_is_accessible_narrow_and_small(place: Place, seated: dict[str, Visitor], platform: Platform) -> None:
    one, path = seated[place.who], place.at(platform.made)
    page, faults = one.page, []
    one.complaints.clear()
    one.speak("zh")
    _look(page, 1280, "light")
    one.answers.clear()
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == place.status
    faults += axe.faults(page)
    size = sum(len(loaded.body()) for loaded in one.answers if _counts(loaded))
    assert size < MOST_BYTES
    faults += _overhang(page, 1280)
    _look(page, 1920, "light")
    faults += _overhang(page, 1920)
    _look(page, 360, "dark")
    if place.main:
        one.speak("en")
        page.goto(path)
    faults += [f"360 px, dark: {fault}" for fault in axe.faults(page, "tag" if place.main else "rule")]
    faults += _overhang(page, 360)
    assert not faults, "\n".join(faults)
    assert not one.complaints


def _token(page: Page) -> None:
    page.goto("/account/tokens/")
    page.locator("[name=name]").fill("示例程序")
    page.locator("[name=scopes]").first.check()
    page.locator("main form button.primary").last.click()
    expect(page.locator("#secret")).to_be_visible()


def _new_password(page: Page) -> None:
    page.goto("/people/?q=示例审计")
    page.locator("tbody th a").first.click()
    page.once("dialog", lambda question: question.accept())
    page.locator("form[data-confirm] button").click()
    expect(page.locator("main code")).to_be_visible()


def _locked_out(page: Page) -> None:
    for _number in range(6):
        page.goto("/sign-in/")
        page.locator("[name=username]").fill("nobody")
        page.locator("[name=password]").fill("wrong")
        page.locator("main button.primary").click()
    expect(page.locator("main [name=password]")).to_have_count(0)


@pytest.mark.parametrize(
    ("who", "act"),
    [("reviewer", _token), ("admin", _new_password), ("", _locked_out), ("coded", lambda _page: None)],
    ids=["token", "new password", "locked out", "second step"],
)
def test_page_that_only_an_action_shows_is_accessible(
    who: str, act: Callable[[Page], None], seat: Callable[..., Visitor]
) -> None:
    page = seat(who, "en").page
    act(page)
    found = axe.faults(page) + _overhang(page, 1280)
    _look(page, 360, "dark")
    found += axe.faults(page, "rule") + _overhang(page, 360)
    assert not found, "\n".join(found)


def test_every_address_is_walked() -> None:
    walked = {place.name for place in PLACES} | NO_PAGES
    known = {name for name in addresses() if not name.startswith(("api", "unnamed"))}
    assert sorted(known - walked) == []
    assert sorted(walked - known - {""}) == []


def test_board_is_in_sight_whole_at_1280(seated: dict[str, Visitor]) -> None:
    one = seated["reviewer"]
    for language in ("zh", "en"):
        one.speak(language)
        _look(one.page, 1280, "light")
        one.page.goto("/budget/years/2024/")
        hidden = one.page.locator(".scroll:has(.board-table)").evaluate("one => one.scrollWidth - one.clientWidth")
        assert hidden == 0, language


def _look(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)


def _overhang(page: Page, width: int) -> list[str]:
    """What makes the page wider than its window."""
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    return [] if wide <= width else [f"the page is {wide} px wide in a window of {width}"]


def _counts(response: Response) -> bool:
    return response.ok and response.request.resource_type in ("document", "stylesheet", "script") and (
        "echarts" not in response.url and "slickgrid" not in response.url
    )  # fmt: skip
