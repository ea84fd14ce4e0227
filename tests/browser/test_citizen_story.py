"""A citizen without an account, with and without JavaScript: from a word to the number, its page, its file."""

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Visitor

Seat = Callable[..., Visitor]
Words = Callable[[str], Callable[..., str]]


@pytest.mark.parametrize(("language", "script"), [("zh", True), ("en", True), ("zh", False)])
def test_citizen_finds_a_project_and_follows_its_number_to_the_table(
    seat: Seat, words: Words, language: str, script: bool
) -> None:
    say = words(language)
    page = seat("", language, java_script_enabled=script).page
    page.goto("/")
    page.get_by_role("searchbox").fill("电话")
    page.get_by_role("searchbox").press("Enter")
    row = page.get_by_role("row", name="电话").first
    amount = row.get_by_role("cell").last.inner_text().split()[0]
    row.get_by_role("rowheader").get_by_role("link").click()

    cell = _target(page)
    assert "电话" in cell.locator("xpath=ancestor::tr").inner_text() or "电话" in cell.inner_text()
    assert amount in cell.locator("xpath=ancestor::section").inner_text()
    if script:
        expect(cell).to_be_in_viewport()

    _csv_says_what_the_page_says(page, cell.locator("xpath=ancestor::section"))
    facts = _downloaded(page, page.get_by_role("link", name=say("all numbers (CSV)")))
    assert amount.replace(",", "") in {row["value"] for row in csv.DictReader(io.StringIO(facts))}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_citizen_follows_a_figure_of_a_department_to_the_cell_that_prints_it(
    seat: Seat, words: Words, script: bool
) -> None:
    say = words("zh")
    page = seat("", java_script_enabled=script).page
    page.goto("/")
    page.get_by_role("link", name="示例区政务服务管理局").first.click()
    total = page.locator(".cards .card").first
    expect(total).to_contain_text(say("Total expenditure"))
    link = total.get_by_role("link")
    figure = link.inner_text().split()[0].removesuffix("元")
    link.click()
    assert figure in _target(page).inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_citizen_follows_a_figure_to_the_page_of_the_file_and_back_to_the_table(
    seat: Seat, words: Words, script: bool
) -> None:
    page = seat("", java_script_enabled=script).page
    page.goto("/d/999001/?year=2021&kind=budget")
    page.get_by_text(words("zh")("The figures, each with its source")).first.click()
    cell = page.locator("table.figures td", has=page.locator("a.page")).first
    amount = cell.get_by_role("link").first.inner_text()
    cell.locator("a.page").click()

    expect(page.locator("rect#place")).to_be_visible()
    picture = page.locator("main img")
    expect(picture).to_be_visible()
    if script:
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 600
    expect(page.locator("mark")).to_have_text(amount)
    page.get_by_role("link", name=words("zh")("In the table")).click()
    expect(_target(page)).to_have_text(amount)


@pytest.mark.parametrize("path", ["/", "/search/?q=电话", "/compare/?a=299001&b=999001", "/years/2021/", "/d/999001/"])
def test_public_page_without_javascript_says_all_that_it_says_with_it(seat: Seat, path: str) -> None:
    def numbers(script: bool) -> set[str]:
        page = seat("", java_script_enabled=script).page
        page.goto(path)
        found = page.locator("main table td.n").all_text_contents()
        return {text.split()[0] for text in found if text.strip()}

    with_script, without = numbers(True), numbers(False)
    assert without == with_script


def _target(page: Page):  # type: ignore[no-untyped-def]
    """What the address leads to."""
    anchor = page.url.partition("#")[2]
    assert anchor
    return page.locator(f"[id='{anchor}']")


def _downloaded(page: Page, link) -> str:  # type: ignore[no-untyped-def]
    with page.expect_download() as made:
        link.click()
    return str(made.value.path().read_text(encoding="utf-8-sig"))


def _csv_says_what_the_page_says(page: Page, table) -> None:  # type: ignore[no-untyped-def]
    """Every number of the table on the page stands in its CSV, in the same order, without separators."""
    rows = list(csv.reader(io.StringIO(_downloaded(page, table.get_by_role("link", name="CSV")))))
    printed = [text.strip().replace(",", "") for text in table.locator("tbody td.n").all_text_contents()]
    printed = [number for number in printed if number]
    assert printed
    cells = iter([cell for row in rows for cell in row])
    assert all(number in cells for number in printed)
