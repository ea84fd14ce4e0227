"""The library of projects in the browser: rows added, projects ranked by keyboard and by dragging, two at once."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.serving import Platform, Visitor

Seat = Callable[..., Visitor]
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = Axe()
HOTLINE = "西城区政务服务业务咨询电话总客服建设服务"


def faults(page: Page, width: int) -> list[str]:
    """What axe finds, and how far the page hangs over its window."""
    found = _AXE.run(page, options={"runOnly": _TAGS, "resultTypes": ["violations"]}).response["violations"]
    said = [f"{page.url} {one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"][:3]]
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    return said if wide <= width else [*said, f"{page.url} is {wide} px wide in a window of {width}"]


def project_of(page: Page, name: str = HOTLINE) -> str:
    """The address of a project, from the library."""
    page.goto("/budget/projects/")
    return str(page.get_by_role("link", name=name, exact=True).get_attribute("href"))


def names(page: Page) -> list[str]:
    expect(page.locator("[data-ranking]")).to_be_visible()  # the page that a click leads to has come
    page.wait_for_load_state()  # whole, and with its scripts
    return page.locator("[data-ranking] .what a").all_text_contents()


@pytest.mark.parametrize(("language", "width", "scheme"), [("zh", 1280, "light"), ("en", 360, "dark")])
def test_pages_are_accessible_and_narrow(
    seat: Seat, platform: Platform, language: str, width: int, scheme: str
) -> None:
    options = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    officer, head = (seat(who, language, **options) for who in ("library", "library-head"))
    project = project_of(officer.page)
    unit = project_of(head.page) and str(head.page.locator(".page-head a.button").first.get_attribute("href"))
    budget = f"/budget/{platform.made['grids']['library']}/projects/"
    paths = [
        "/budget/projects/", "/budget/projects/?q=zzz", "/budget/projects/add/", project, f"{project}?year=2022", f"{project}change/",
        f"{project}indicators/", f"{project}years/2022/", f"{project}years/2023/", f"{project}years/2022/indicators/", budget,
    ]  # fmt: skip
    found = []
    for page, addresses in ((officer.page, paths), (head.page, [unit, project, budget])):
        for path in addresses:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            found += faults(page, width)
    assert found == []


def test_head_ranks_by_keyboard_and_by_dragging(seat: Seat) -> None:
    page = seat("library-head").page
    page.goto("/budget/projects/")
    page.locator(".page-head a.button").first.click()
    before = names(page)
    up = page.locator("[data-ranking] li").nth(2).locator("[name=up]")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert names(page) == [before[2], before[0], before[1], *before[3:]]
    # At the top its button is dead; the keyboard stays in the row.
    assert page.evaluate("document.activeElement.name") == "down"
    expect(page.locator("[data-said]")).to_contain_text(before[2])
    expect(page.locator("[data-unsaved-note]")).to_be_visible()
    page.locator("[data-ranking] li").nth(3).drag_to(
        page.locator("[data-ranking] li").first, target_position={"x": 30, "y": 3}
    )
    chosen = names(page)
    assert chosen[0] == before[3]
    page.locator("main form button.primary").click()
    page.wait_for_url("**/budget/projects/")
    page.locator(".page-head a.button").first.click()
    assert names(page) == chosen


def test_head_ranks_without_a_script(seat: Seat) -> None:
    page = seat("library-head", java_script_enabled=False).page
    page.goto("/budget/projects/")
    page.locator(".page-head a.button").first.click()
    before = names(page)
    page.locator("[data-ranking] li").first.locator("[name=down]").click()
    assert names(page) == [before[1], before[0], *before[2:]]


def test_officer_adds_rows_in_place_and_the_second_sees_both(seat: Seat) -> None:
    first, second = (seat(who).page for who in ("library", "library-2"))
    path = f"{project_of(first)}years/2023/indicators/"
    for page in (first, second):
        page.goto(path)
    rows = first.locator("table.rows tbody tr")
    count = rows.count()
    first.locator("[data-add-row]").click()
    expect(rows).to_have_count(count + 1)
    assert first.evaluate("document.activeElement.name") == f"indicators-{count}-kind"
    first.locator(f"[name=indicators-{count}-kind]").select_option("quality")
    first.keyboard.press("Tab")
    first.keyboard.type("新的指标")
    first.keyboard.press("Tab")
    first.keyboard.type("≥97%/月")
    first.locator("button.primary").last.click()
    expect(first).to_have_url(re.compile(r"\?year=2023#targets$"))
    expect(first.locator("table.targets")).to_contain_text("≥ 97 % / 月")
    # The second began before that.
    second.locator("[name=indicators-0-value]").fill("第二人所填")
    second.locator("button.primary").last.click()
    expect(second.locator(".theirs")).to_contain_text("新的指标")
    expect(second.locator("[name=indicators-0-value]")).to_have_value("第二人所填")
    assert faults(second, 1280) == []
