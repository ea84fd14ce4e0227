"""How somebody works at a page: with the mouse, or by keyboard alone. One story is told with both."""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import PASSWORD

_FAR = 100  # times Tab is pressed before something counts as out of reach
_WHERE = "one => [one === document.activeElement, document.activeElement.closest('#ledger-hold') !== null]"
# A paste as the clipboard gives it, without the right to read a clipboard.
PASTE = """(text) => {
  const given = new DataTransfer();
  given.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
}"""
# A pointer that is pressed is a fault of a story that is told by keyboard alone: the browser's console says so.
_NO_POINTER = """addEventListener("pointerdown", (event) => {
  if (event.isTrusted) console.error("the mouse was used");
}, true)"""


class Hands(Protocol):
    """What the stories ask of them."""

    def sit_down(self, page: Page) -> None:
        """At a window in which no page is open yet."""

    def press(self, what: Locator) -> None:
        """A link, a button or a summary."""

    def write(self, field: Locator, text: str) -> None:
        """Put the text in the place of what a field has; a day as year, month and day with hyphens."""

    def choose(self, field: Locator, value: str) -> None:
        """The option with this value, and no other."""

    def tick(self, box: Locator) -> None:
        """A box that is empty."""

    def hand_over(self, field: Locator, file: Path) -> None:
        """Choose a file."""

    def enter(self, page: Page) -> None:
        """Into the grid of the ledger, to its first cell."""

    def paste(self, page: Page, text: str) -> None:
        """What another program has put into the clipboard, where the focus is."""


class Mouse:
    """Clicks."""

    def sit_down(self, page: Page) -> None:
        pass

    def press(self, what: Locator) -> None:
        what.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def choose(self, field: Locator, value: str) -> None:
        field.select_option(value)

    def tick(self, box: Locator) -> None:
        box.check()

    def hand_over(self, field: Locator, file: Path) -> None:
        field.set_input_files(file)

    def enter(self, page: Page) -> None:
        page.locator(
            "#ledger-grid .slick-row[data-row='0'] .slick-cell.l2, #ledger-grid .slick-row[data-row='0'] .slick-cell.l1"
        ).last.click()
        page.keyboard.press("Control+Home")

    def paste(self, page: Page, text: str) -> None:
        page.evaluate(PASTE, text)


class Keyboard:
    """Tab until it is there, then Enter, arrows and letters: never a pointer, never the focus put somewhere."""

    def sit_down(self, page: Page) -> None:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.add_init_script(_NO_POINTER)
        page.on("filechooser", lambda _chooser: None)  # from now on, not just when the key is already pressed

    def reach(self, what: Locator) -> None:
        """Tab until it has the focus."""
        expect(what).to_be_visible()
        keys = what.page.keyboard
        for _ in range(_FAR):
            here, in_grid = what.evaluate(_WHERE)
            if here:
                return
            if in_grid:
                keys.press("Escape")  # else Tab goes from cell to cell
            keys.press("Tab")
        raise AssertionError(f"{_FAR} times Tab do not lead to {what}")

    def press(self, what: Locator) -> None:
        self.reach(what)
        what.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        keys = field.page.keyboard
        if field.get_attribute("type") == "date":
            year, month, day = text.split("-")
            keys.type(month + day + year)  # Debian's Chromium speaks American English
        else:
            keys.press("Control+a")
            keys.type(text)

    def choose(self, field: Locator, value: str) -> None:
        self.reach(field)
        keys = field.page.keyboard
        options = field.locator("option").count()
        keys.press("Home")
        for _ in range(options):
            if field.evaluate("one => [...one.selectedOptions].map((chosen) => chosen.value)") == [value]:
                return
            keys.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {value} of {field}")

    def tick(self, box: Locator) -> None:
        self.reach(box)
        box.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def hand_over(self, field: Locator, file: Path) -> None:
        self.reach(field)
        with field.page.expect_file_chooser() as chooser:
            field.page.keyboard.press("Enter")
        chooser.value.set_files(file)

    def enter(self, page: Page) -> None:
        self.reach(page.locator("#ledger-line:not([hidden]), #ledger-area:not([hidden])"))
        page.keyboard.press("Control+Home")

    def paste(self, page: Page, text: str) -> None:
        page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        page.keyboard.press("Control+v")


def sign_in(hands: Hands, page: Page, who: str) -> None:
    """From the page that is open, by its link and the form."""
    with page.expect_navigation():
        hands.press(page.locator("header a[href*='sign-in']"))
    hands.write(page.locator("input[name=username]"), who)
    hands.write(page.locator("input[name=password]"), PASSWORD)
    with page.expect_navigation():
        hands.press(page.locator("main button.primary"))
