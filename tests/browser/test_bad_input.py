"""Bad input in the browser: the field is marked, the reason said, what was typed kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.serving import PASSWORD, Platform, Visitor

Seat = Callable[..., Visitor]
Words = Callable[[str], Callable[..., str]]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def _refused(page: Page, field: str, typed: str) -> None:
    """The field is marked, its reason stands by it and is read with it, it has the focus and what was typed."""
    bad = page.locator(".field.bad", has=page.locator(f"[name={field}]"))
    expect(bad.locator(".problem").first).not_to_be_empty()
    entry = bad.locator(f"[name={field}]")
    expect(entry).to_be_focused()
    expect(entry).to_have_attribute("aria-invalid", "true")
    described = (entry.get_attribute("aria-describedby") or "").split()
    assert any(page.locator(f"[id='{one}'] .problem").count() for one in described)
    expect(entry).to_have_value(typed)
    page.keyboard.press("Escape")  # an open menu covers what lies below it, which axe takes for a fault
    assert not axe.faults(page)


@BOTH
def test_wrong_password_is_said_and_the_name_kept(seat: Seat, words: Words, language: str) -> None:
    page = seat("", language).page
    page.goto("/sign-in/?next=/account/")
    page.locator("[name=username]").fill("auditor")
    page.locator("[name=password]").fill("a wrong one")
    page.get_by_role("button", name=words(language)("Sign in")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("[name=username]")).to_have_value("auditor")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name=words(language)("Sign in")).click()
    expect(page).to_have_url("/account/")


@BOTH
def test_program_among_the_files_is_refused_by_name_and_the_other_taken(
    seat: Seat, words: Words, language: str
) -> None:
    page = seat("reviewer", language).page
    page.goto("/review/upload/")
    page.locator("#files").set_input_files([
        {"name": "setup.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90\x00" * 40},
        {"name": f"note-{language}.txt", "mimeType": "text/plain", "buffer": f"{language} 2021年部门预算".encode()},
    ])  # fmt: skip
    page.get_by_role("button", name=words(language)("Upload")).click()
    expect(page.get_by_role("alert")).to_contain_text("setup.exe")
    expect(page.get_by_role("row", name=f"note-{language}.txt")).to_be_visible()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("setup.exe")


@BOTH
def test_impossible_year_is_marked_when_a_document_is_confirmed(
    seat: Seat, words: Words, platform: Platform, language: str
) -> None:
    page = seat("reviewer", language).page
    page.goto(f"/review/documents/{platform.made['confirming']}/")
    page.get_by_label(words(language)("Title")).fill("我的标题")
    page.locator("[name=year]").evaluate("field => { field.form.noValidate = true; }")  # past the browser's own check
    page.locator("[name=year]").fill("1821")
    page.get_by_role("button", name=words(language)("Confirm")).click()
    _refused(page, "year", "1821")
    expect(page.locator("[name=title]")).to_have_value("我的标题")


@BOTH
def test_taken_user_name_is_marked_and_the_rest_of_the_form_kept(seat: Seat, words: Words, language: str) -> None:
    page = seat("admin", language).page
    page.goto("/people/add/")
    page.locator("[name=username]").fill("Reviewer")
    page.locator("[name=name]").fill("示例新人")
    page.locator("[name=role]").select_option("auditor")
    page.locator("[name=password]").fill("a long enough 口令 42")
    page.get_by_role("button", name=words(language)("Save")).click()
    _refused(page, "username", "Reviewer")
    expect(page.locator("[name=name]")).to_have_value("示例新人")
    expect(page.locator("[name=role]")).to_have_value("auditor")


def test_document_is_not_returned_without_a_reason(seat: Seat, words: Words, platform: Platform) -> None:
    page = seat("reviewer").page
    page.goto(f"/review/documents/{platform.made['pdf']}/")
    page.get_by_text(words("zh")("Actions")).click()
    page.get_by_role("button", name=words("zh")("Return to the unit")).click()
    _refused(page, "reason", "")
    expect(page.get_by_role("heading", level=1)).to_contain_text(words("zh")("under review"))
