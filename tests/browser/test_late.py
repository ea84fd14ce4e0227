"""What comes late, or comes anew, takes nothing out of the hands of who is working at the page."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.serving import Platform, Visitor, until
from tests.browser.test_grid import LINE, Grid

Seat = Callable[..., Visitor]


def _held(page: Page, address: str) -> list[Route]:
    """Requests that get no answer yet."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))
    return held


def test_audit_that_comes_while_a_cell_is_pressed_leaves_it_chosen(seat: Seat, platform: Platform) -> None:
    visitor = seat("reading")
    page, audit = visitor.page, _held(visitor.page, "**/ledger/check/*")
    grid = Grid(visitor, platform.made["grids"]["reading"])
    grid.cell(4, 3).hover()
    page.mouse.down()
    _answered(page, audit)
    page.mouse.up()
    expect(grid.cell(4, 3)).to_have_class(re.compile(r"\bactive\b"))
    expect(page.locator("#ledger-line")).to_be_focused()


def test_audit_that_comes_between_escape_and_tab_does_not_keep_one_in_the_grid(seat: Seat, platform: Platform) -> None:
    visitor = seat("reading")
    page, audit = visitor.page, _held(visitor.page, "**/ledger/check/*")
    grid = Grid(visitor, platform.made["grids"]["reading"])
    grid.choose(4, 3)
    grid.key("Tab")
    expect(grid.cell(4, 4)).to_have_class(re.compile(r"\bactive\b"))
    grid.key("Escape")
    _answered(page, audit)
    grid.key("Tab")
    expect(page.locator("#ledger-hold :focus")).to_have_count(0)
    # Who comes back walks from cell to cell again.
    grid.choose(4, 4)
    grid.key("Tab")
    expect(grid.cell(4, 5)).to_have_class(re.compile(r"\bactive\b"))


def test_codes_that_come_while_a_cell_is_typed_are_offered(seat: Seat, platform: Platform) -> None:
    visitor = seat("reading")
    page, codes = visitor.page, _held(visitor.page, "**/ledger/codes/*")
    grid = Grid(visitor, platform.made["grids"]["reading"])
    grid.choose(4, 4)
    page.keyboard.type("bgf")
    expect(page.locator("#ledger-line")).to_have_value("bgf")
    expect(page.locator("#ledger-list")).to_be_hidden()
    until(page, lambda: codes)
    codes[0].continue_()
    expect(page.locator("#ledger-list [aria-selected=true]")).to_contain_text("30201 办公费")
    grid.key("Escape")
    grid.saved()


def test_fault_that_is_pressed_or_has_the_focus_when_an_audit_comes_leads_to_its_cell(
    seat: Seat, platform: Platform
) -> None:
    visitor = seat("typing")
    page, grid = visitor.page, Grid(visitor, platform.made["grids"]["typing"])
    last = len(grid.rows()) + 2
    grid.choose(last, 2)
    grid.paste([[LINE[0], "50201", *LINE[2:]]])
    grid.saved()
    link = page.locator("#ledger-faults a").filter(has_text="50201").last
    expect(link).to_be_visible()
    audit = _held(page, "**/ledger/check/*")
    grid.choose(last, 8)
    grid.write("77")
    grid.saved()
    link.focus()
    link.hover()
    page.mouse.down()
    _answered(page, audit)
    expect(link).to_be_focused()
    page.mouse.up()
    expect(page.locator("#ledger-grid .slick-cell.bad.active")).to_be_visible()
    page.unroute_all()
    grid.choose(last, 8)
    grid.key("Control+Delete")
    grid.saved()


def test_list_that_comes_anew_keeps_what_is_pressed_and_the_focus(seat: Seat) -> None:
    page = seat("reviewer").page
    page.goto("/review/upload/")
    link = page.locator("#uploads tbody th a").first
    link.focus()
    _asked_twice(page)
    expect(link).to_be_focused()
    link.hover()
    page.mouse.down()
    _asked_twice(page)
    page.mouse.up()
    page.wait_for_url("**/review/documents/*/")


def _answered(page: Page, audit: list[Route]) -> None:
    """The audit that was asked for comes."""
    until(page, lambda: audit)
    audit[0].continue_()
    expect(page.locator("#ledger-faults")).to_have_attribute("aria-busy", "false")


def _asked_twice(page: Page) -> None:
    """When the list is asked for again, what came before stands on the page."""
    for _ in range(2):
        with page.expect_response("**/upload/progress/"):
            pass
