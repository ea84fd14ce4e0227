"""Reasons typed beside the preview: it follows each pause, gaps lead to their fields, all works without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser import axe
from tests.browser.serving import Platform, Visitor

Seat = Callable[..., Visitor]
Words = Callable[[str], Callable[..., str]]


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("#preview iframe:not(.coming)")


def opened(visitor: Visitor, platform: Platform) -> Page:
    """The page of publication, with the reason of income not typed."""
    page = visitor.page
    page.goto(f"/budget/{platform.made['grids']['reasons']}/publication/")
    field = page.locator("#text-reasons-income")
    if field.input_value():
        field.fill("")
        field.blur()
        expect(page.locator("#about-reasons-income .hint")).to_be_visible()
        page.reload()
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_preview_follows_what_is_typed_and_what_is_typed_is_saved(
    seat: Seat, platform: Platform, language: str
) -> None:
    page = opened(seat("reasons", language), platform)
    gap = preview(page).locator("#reasons-income.missing")
    expect(gap).to_be_in_viewport()
    assert axe.faults(page) == []
    steps = page.evaluate("history.length")
    gap.click()
    field = page.locator("#text-reasons-income")
    expect(field).to_be_focused()
    assert page.evaluate("history.length") <= steps + 1  # the place on the page, not the frame
    steps = page.evaluate("history.length")
    field.press_sequentially("新增", delay=20)
    expect(preview(page).locator("#reasons-income")).to_have_text("新增")
    field.press_sequentially("业务", delay=20)
    expect(preview(page).locator("#reasons-income")).to_have_text("新增业务")
    expect(preview(page).locator("#reasons-income")).to_be_in_viewport()
    expect(field).to_be_focused()
    expect(page.locator("#preview iframe")).to_have_count(1)
    assert page.evaluate("history.length") == steps
    expect(page.locator("#stands a[href$='#text-reasons-income']")).to_have_count(1)  # typed, not saved yet
    page.locator("#text-reasons-basic").focus()
    expect(page.locator("#stands a[href$='#text-reasons-income']")).to_have_count(0)
    page.reload()
    expect(page.locator("#text-reasons-income")).to_have_value("新增业务")


def test_two_officers_at_one_reason_are_told_of_each_other(seat: Seat, platform: Platform, words: Words) -> None:
    first, second = opened(seat("reasons"), platform), opened(seat("reasons-2"), platform)
    for page, text in ((first, "第一个原因"), (second, "第二个原因")):
        with page.expect_response("**/publication/reasons/"):  # saved before the other one begins
            page.locator("#text-reasons-income").fill(text)
            page.locator("#text-reasons-income").blur()
    expect(second.locator("#about-reasons-income .problem")).to_contain_text("第一个原因")
    expect(second.locator("#text-reasons-income")).to_have_value("第二个原因")
    second.get_by_role("button", name=words("zh")("Save"), exact=True).click()
    expect(second.locator("#about-reasons-income .problem")).to_have_count(0)
    first.reload()
    expect(first.locator("#text-reasons-income")).to_have_value("第二个原因")


def test_without_scripts_buttons_show_and_save(seat: Seat, platform: Platform, words: Words) -> None:
    opened(seat("reasons"), platform)
    page = seat("reasons", java_script_enabled=False, viewport={"width": 360, "height": 800}).page
    page.goto(f"/budget/{platform.made['grids']['reasons']}/publication/")
    page.locator("#text-reasons-income").fill("没有脚本")
    page.get_by_role("button", name=words("zh")("Show in the preview")).click()
    expect(page.frame_locator("#preview iframe").locator("#reasons-income")).to_have_text("没有脚本")
    expect(page.locator("#text-reasons-income")).to_have_value("没有脚本")
    page.get_by_role("button", name=words("zh")("Save"), exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()
    expect(page.locator("#text-reasons-income")).to_have_value("没有脚本")
