"""A review as its people do it, in both languages: from the upload of a faulty budget to the published mended one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import documents
from tests.browser.serving import Visitor

Seat = Callable[..., Visitor]
Words = Callable[[str], Callable[..., str]]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Each language has a unit of its own, so that the two stories do not meet.
UNITS = {"zh": "示例东区政务服务管理局", "en": "示例西区政务服务管理局"}
REASON = "已核对：2020年数为年初预算数。"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_faulty_budget_is_reviewed_returned_mended_and_published(seat: Seat, words: Words, language: str) -> None:
    say, unit = words(language), UNITS[language]
    reviewer = seat("reviewer", language)
    page = reviewer.page
    expect(page.get_by_role("heading", level=1)).to_have_text(say("Review desk"))

    _upload(page, say, f"{language}.docx", documents.faulty(unit))
    row = page.get_by_role("row", name=f"{language}.docx")
    expect(row).to_be_visible()
    page.reload()  # the progress survives it
    row = page.get_by_role("row", name=f"{language}.docx")
    expect(row).to_contain_text(say("to be confirmed"))
    expect(row).to_contain_text(f"{unit}, 2021, {say('budget')}")

    row.get_by_role("link").first.click()
    expect(page.get_by_label(say("Year"))).to_have_value("2021")
    page.get_by_role("button", name=say("Confirm")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("under review"))
    document = page.url

    _walk_by_keyboard(page, say)
    _look_at_the_coverage(page, say)
    _download(page, say)

    page.get_by_text(say("Actions")).click()
    page.get_by_label(say("What has to be mended")).fill("请修改标出的问题。")
    page.get_by_role("button", name=say("Return to the unit")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("returned to the unit"))

    officer = seat(f"officer-{language}", language)
    officer.page.goto(document)
    expect(officer.page.get_by_text("请修改标出的问题。")).to_be_visible()
    officer.page.get_by_text(say("Actions")).click()
    officer.page.get_by_label(say("Mended version")).set_input_files(
        {"name": "mended.docx", "mimeType": WORD, "buffer": documents.mended(unit)}
    )
    officer.page.get_by_role("button", name=say("Upload the mended version")).click()
    expect(officer.page.locator(".finding-list")).to_be_visible()  # by itself, once it is audited

    page.goto(document)
    page.get_by_role("link", name=say("Rounds")).click()
    for name, count in (("Mended", 3), ("Remains", 4), ("New", 1)):
        part = page.locator("section.card", has=page.get_by_role("heading", name=say(name), exact=True))
        expect(part.locator(".figure")).to_have_text(str(count))

    page.get_by_role("link", name=say("Findings")).click()
    page.wait_for_url("**/rounds/2/")
    for _number in range(5):
        _press(page, "a")
    page.get_by_role("button", name=say("Close the review")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("reviewed"))
    page.get_by_role("button", name=say("Publish")).click()
    expect(page.get_by_text(say("Published: everybody can read it here."))).to_be_visible()
    published = page.url

    citizen = seat("", language)
    citizen.page.goto(published)
    expect(citizen.page.get_by_role("heading", level=1)).to_contain_text(unit)


def _upload(page: Page, say: Callable[..., str], name: str, content: bytes) -> None:
    page.get_by_role("link", name=say("Upload")).click()
    page.locator("#files").set_input_files({"name": name, "mimeType": WORD, "buffer": content})
    page.get_by_role("button", name=say("Upload")).click()


def _walk_by_keyboard(page: Page, say: Callable[..., str]) -> None:
    """j and k, a to accept, d to dismiss with a reason, c to comment: no mouse."""
    page.wait_for_load_state()
    at = page.locator(".finding-list [aria-current]")
    first = at.inner_text()
    _press(page, "j")
    expect(at).not_to_have_text(first, use_inner_text=True)
    second = at.inner_text()
    _press(page, "k")
    expect(at).to_have_text(first, use_inner_text=True)
    _press(page, "a")  # and on to the next
    expect(at).to_have_text(second, use_inner_text=True)
    expect(page.locator(".finding-list li").first).to_contain_text(say("to be mended"))

    page.keyboard.press("d")
    _press(page, "Control+Enter")  # without a reason
    expect(page.locator("#dismiss_reason")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field.bad .problem")).to_be_visible()
    expect(page.locator("#dismiss_reason")).to_be_focused()
    page.keyboard.type(REASON)
    _press(page, "Control+Enter")
    expect(page.locator(".finding-list li").nth(1)).to_contain_text(say("dismissed"))

    page.keyboard.press("c")
    page.keyboard.type("请单位说明。")
    _press(page, "Control+Enter")
    expect(page.locator(".comment")).to_contain_text("请单位说明。")
    page.reload()
    expect(page.locator(".comment")).to_contain_text("请单位说明。")


def _press(page: Page, key: str) -> None:
    """A key that leads to another page; it is there, with its scripts, afterwards."""
    with page.expect_navigation():
        page.keyboard.press(key)


def _look_at_the_coverage(page: Page, say: Callable[..., str]) -> None:
    page.get_by_role("link", name=say("Coverage")).click()
    page.locator(".map-parts a", has=page.locator(".coverage-broken")).first.click()
    page.wait_for_load_state()  # with its scripts
    page.locator(".map-sheet a.coverage-broken").first.click()
    relations = page.locator("#relations")
    expect(relations).to_contain_text("44,872,071.00 ≠ 44,827,071.00")  # table 3 against table 5
    expect(relations).to_contain_text("45,000.00")
    expect(page.locator(".map-sheet a.chosen")).to_have_text("44,872,071.00")
    page.reload()
    expect(relations).to_contain_text("45,000.00")


def _download(page: Page, say: Callable[..., str]) -> None:
    for form in ("inspection form", "annotated file"):
        page.get_by_text(say("Downloads")).click()
        with page.expect_download() as made:
            page.get_by_role("link", name=say(form)).click()
        content = made.value.path().read_bytes()
        assert content.startswith(b"PK")  # a Word file
        page.keyboard.press("Escape")


@pytest.mark.skipif(not documents.REAL, reason="no real documents in ../shared/real: NOT TESTED")
def test_real_documents_are_uploaded_together_and_recognised(seat: Seat, words: Words) -> None:
    say = words("zh")
    reviewer = seat("reviewer")
    page = reviewer.page
    page.get_by_role("link", name=say("Upload")).click()
    page.locator("#files").set_input_files(documents.REAL)
    page.get_by_role("button", name=say("Upload")).click()
    for path, recognised in (
        ("finance-2024-final-seeded-errors.pdf", "上海市普陀区财政局, 2024, 决算"),
        ("xicheng-2021-budget.docx", "北京市西城区政务服务管理局, 2021, 预算"),
        ("xicheng-2021-budget.html", "北京市西城区政务服务管理局, 2021, 预算"),
    ):
        expect(page.get_by_role("row", name=path)).to_contain_text(recognised, timeout=300_000)
    page.get_by_role("row", name="finance-2024-final-seeded-errors.pdf").get_by_role("link").click()
    page.get_by_role("button", name=say("Confirm")).click()
    page.locator(".finding-list").get_by_text("第8页").click()
    # The finding stands beside the page that it is on, marked.
    expect(page.locator(".sheet .place-mark:not(.other)").first).to_be_visible()
    assert page.locator(".sheet img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 600
    mark = page.locator(".sheet .place-mark:not(.other)").first
    expect(mark).to_be_in_viewport()
