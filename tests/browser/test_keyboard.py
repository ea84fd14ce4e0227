"""By keyboard alone: every control is reached by Tab, in sight and with a visible focus; the skip link works."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.places import Place
from tests.browser.serving import Platform, Visitor, until

Seat = Callable[..., Visitor]
_LOOKED_AT = (
    Place("", "/"), Place("", "/search/?q=电话"), Place("", "/compare/?a=299001&b=999001"), Place("", "/d/999001/"),
    Place("", "/sign-in/"),
    Place("", "/review/", "reviewer"), Place("", "/review/upload/", "reviewer"),
    Place("", "/review/documents/{walked}/", "reviewer"), Place("", "/review/documents/{pdf}/", "reviewer"),
    Place("", "/review/documents/{walked}/rounds/2/coverage/?table=-1", "reviewer"),
    Place("", "/people/add/", "admin"),
    Place("", "/budget/", "officer"), Place("", "/budget/{compiling}/", "officer"), Place("", "/budget/{compiling}/begin/", "officer"),
    Place("", "/budget/{compiling}/control/", "reviewer"), Place("", "/budget/{compiling}/versions/", "officer"),
    Place("", "/budget/{compiling}/publication/", "head"), Place("", "/budget/{compiling}/adjustments/", "officer"),
    Place("", "/budget/projects/{project}/years/2024/indicators/", "officer"), Place("", "/budget/projects/rank/{compiling}/", "head"),
    Place("", "/budget/years/open/", "reviewer"), Place("", "/budget/years/2024/", "reviewer"),
    Place("", "/budget/years/2024/standards/", "reviewer"), Place("", "/budget/years/2024/units/", "reviewer"),
)  # fmt: skip
# Marks whatever Tab should reach, once: a group of radio buttons is one stop; a day has three parts more.
_MARK = """() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled);
  all.forEach((one, index) => { one.dataset.stop = index; });
  return { stops: all.length, parts: 3 * all.filter((one) => one.type === "date").length };
}"""
# Where the focus is, and what of it cannot be seen.
_SEEN = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const faults = [];
  if (!one.dataset.stop) return { stop: null, faults };
  const inside = one.type === "date" && !one.matches(":focus"); // at the button of its calendar, which is ringed itself
  if (inside) return { stop: one.dataset.stop, faults };
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push("no visible focus");
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) faults.push("out of sight");
  return { stop: one.dataset.stop, faults: faults.map((fault) => `${one.outerHTML.slice(0, 120)}: ${fault}`) };
}"""


def _drawn(page: Page) -> None:
    """Every figure of the page, also where none has been looked at yet: each takes the place of a picture."""
    for figure in page.locator("[data-chart]").all():
        figure.scroll_into_view_if_needed()
        expect(figure.locator(".live svg")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")


@pytest.mark.parametrize("place", _LOOKED_AT, ids=str)
def test_tab_reaches_every_control_and_shows_where_it_is(place: Place, seat: Seat, platform: Platform) -> None:
    page = seat(place.who).page
    page.route("**/progress/**", lambda route: route.fulfill(status=204))  # nothing comes anew under what is marked
    page.goto(place.at(platform.made))
    _drawn(page)
    page.evaluate("document.activeElement.blur()")
    marked, reached, faults = page.evaluate(_MARK), set[int](), list[str]()
    stops = marked["stops"]
    for _number in range(stops + marked["parts"] + 3):
        page.keyboard.press("Tab")
        seen = page.evaluate(_SEEN)
        if seen["stop"] is not None:
            reached.add(int(seen["stop"]))
            faults += seen["faults"]
    assert not faults, "\n".join(faults)
    missed = [page.locator(f"[data-stop='{number}']").evaluate("one => one.outerHTML.slice(0, 120)") for number in set(range(stops)) - reached]  # fmt: skip
    assert not missed, "\n".join(missed)


@pytest.mark.parametrize("size", [(360, 640), (1280, 300)], ids=str)
def test_chart_that_comes_late_leaves_the_focus_where_it_is_seen(seat: Seat, size: tuple[int, int]) -> None:
    page = seat("", viewport={"width": size[0], "height": size[1]}).page
    held: list[Route] = []
    page.route("**/echarts*.js", lambda route: held.append(route))
    page.goto("/d/999001/", wait_until="load")
    for number, figure in enumerate(page.locator("section.chart summary").all()):
        figure.focus()  # as Tab does: scrolled just into sight, under a picture that is about to be another
        page.wait_for_timeout(100)
        if number == 1:
            until(page, lambda: held)
            held[0].continue_()
        if number >= 1:
            expect(page.locator("section.chart").nth(number).locator(".live svg")).to_be_visible()
        page.wait_for_timeout(100)
        expect(figure).to_be_in_viewport(ratio=0.9)  # its edge lies on a fraction of a pixel


@pytest.mark.parametrize("width", [360, 1280])
def test_skip_link_leads_past_the_navigation(seat: Seat, width: int) -> None:
    page = seat("", viewport={"width": width, "height": 800}).page
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#main :focus")).to_have_count(1)


def test_choosing_by_keyboard_sends_nothing_before_the_button(seat: Seat, platform: Platform) -> None:
    page = seat("reviewer").page
    page.goto(f"/review/documents/{platform.made['walked']}/")
    before = page.url
    page.locator(".desk-list select").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=severity]")).not_to_have_value("")
    page.wait_for_timeout(300)
    assert page.url == before
    page.locator(".desk-list button").press("Enter")
    page.wait_for_url("**severity=error*")


def test_wide_tables_scroll_within_their_own_frame(seat: Seat) -> None:
    page = seat("", viewport={"width": 360, "height": 800}).page
    page.goto("/d/999001/2021/budget/")
    frames = page.locator(".doc-table .scroll")
    widest = frames.evaluate_all("all => all.findIndex((one) => one.scrollWidth > one.clientWidth + 40)")
    assert widest >= 0
    frame = frames.nth(widest)
    frame.focus()
    page.keyboard.press("ArrowRight")
    until(page, lambda: frame.evaluate("one => one.scrollLeft") > 0)
    assert page.evaluate("document.scrollingElement.scrollLeft") == 0
