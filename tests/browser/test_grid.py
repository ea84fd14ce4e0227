"""The ledger in the browser: typing, pasting, two at once, a lost connection, undo, by keyboard alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.hands import PASTE
from tests.browser.serving import PASSWORD, Platform, Visitor

Seat = Callable[..., Visitor]
LINE = ["2010301", "50101", "30101", "基本支出", "", "一般公共预算拨款", "1,234.50"]
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_REMEMBER_FRESH = """() => {
  const grid = document.getElementById("ledger-grid"), mark = () => { window.remembered ||= Boolean(grid.querySelector(".l8.fresh")); };
  window.remembered = false;
  new MutationObserver(mark).observe(grid, { subtree: true, childList: true });
}"""
SAVED = {"zh": "已全部保存", "en": "All saved"}
_COPY = """() => {
  const taken = new DataTransfer();
  document.activeElement.dispatchEvent(new ClipboardEvent("copy", { clipboardData: taken, bubbles: true, cancelable: true }));
  return taken.getData("text/plain");
}"""


def block(rows: list[list[str]]) -> str:
    """Cells as a spreadsheet copies them."""
    return "\n".join("\t".join(row) for row in rows)


class Grid:
    """The grid of a visitor's page."""

    def __init__(self, visitor: Visitor, budget: int, query: str = "sheet=lines", language: str = "zh") -> None:
        visitor.page.goto(f"/budget/{budget}/ledger/?{query}")
        self._at(visitor.page, budget, language)

    @classmethod
    def of(cls, page: Page, budget: int, language: str) -> "Grid":
        """The grid of a page that is open."""
        grid = cls.__new__(cls)
        grid._at(page, budget, language)
        return grid

    def _at(self, page: Page, budget: int, language: str) -> None:
        self.page, self.budget, self.language = page, budget, language
        self.address = f"/budget/{budget}/ledger/"
        expect(page.locator("#ledger-grid")).to_have_attribute("aria-busy", "false")

    def cell(self, row: int, column: int) -> Locator:
        """A cell by the number of its row, as people count it, and its place."""
        return self.page.locator(f"#ledger-grid .slick-row[data-row='{row - 2}'] .slick-cell.l{column}")

    def choose(self, row: int, column: int) -> None:
        """Click it."""
        self.cell(row, column).click()

    def key(self, *keys: str) -> None:
        """Press keys."""
        for one in keys:
            self.page.keyboard.press(one)

    def write(self, text: str, end: str = "Enter") -> None:
        """Type into the chosen cell."""
        self.page.keyboard.type(text)
        self.key(end)

    def paste(self, rows: list[list[str]]) -> None:
        """Paste a block at the chosen cell."""
        self.page.evaluate(PASTE, block(rows))

    def saved(self) -> None:
        """Wait until all is saved."""
        expect(self.page.locator("#ledger-state")).to_have_text(SAVED[self.language])

    def rows(self, sheet: str = "lines") -> list[list[Any]]:
        """The values that the server has."""
        answer = self.page.request.get(f"{self.address}rows/?sheet={sheet}").json()
        return [row[7] for row in answer["rows"]]


def test_forty_pasted_lines_are_saved_and_summed_up(seat: Seat, platform: Platform) -> None:
    grid = Grid(seat("pasting"), platform.made["grids"]["pasting"])
    grid.choose(2, 2)
    codes = ["30101", "30102 津贴补贴", "30103"]
    lines = [[*LINE[:2], codes[number % 3], *LINE[3:5], LINE[5], f"{number + 1:,}.25"] for number in range(40)]
    titles = ["功能分类", "政府经济分类", "部门经济分类", "支出性质", "项目名称", "资金来源", "金额"]
    grid.paste([titles, *lines])
    grid.saved()
    found = grid.rows()
    assert [row[7] for row in found] == [number * 100 + 125 for number in range(40)]
    assert {(row[3], row[4], row[6]) for row in found} == {
        (code, "basic", "general") for code in ("30101", "30102", "30103")
    }
    expect(grid.page.locator("#ledger-figures .total")).to_contain_text("830.00")
    grid.page.reload()
    grid.choose(2, 2)
    grid.key("Control+End")
    expect(grid.cell(41, 8)).to_have_text("40.25")
    grid.key("Control+Home")
    grid.choose(2, 3)
    expect(grid.cell(2, 3)).to_have_text("50101 工资奖金津补贴")  # names come after the rows
    grid.key("Shift+ArrowDown", "Shift+ArrowRight")
    assert grid.page.evaluate(_COPY) == "50101 工资奖金津补贴\t30101 基本工资\n50101 工资奖金津补贴\t30102 津贴补贴"
    # With Shift a click selects all up to it, by the number of a row whole rows; a click alone chooses a cell again.
    grid.cell(4, 8).click(modifiers=["Shift"])
    expect(grid.page.locator("#ledger-selected")).to_contain_text("18 个单元格")
    grid.cell(5, 0).click(modifiers=["Shift"])
    expect(grid.page.locator("#ledger-selected")).to_contain_text("32 个单元格")
    grid.choose(3, 3)
    expect(grid.page.locator("#ledger-selected")).to_be_empty()
    # One step back takes all of it out again.
    grid.key("Control+a", "Control+Delete")
    grid.saved()
    assert grid.rows() == []
    grid.key("Control+z")
    grid.saved()
    assert len(grid.rows()) == 40


@pytest.mark.parametrize("language", ["zh", "en"])
def test_invalid_pair_is_marked_and_told_and_the_picker_offers_valid_codes(
    seat: Seat, platform: Platform, language: str
) -> None:
    grid = Grid(seat("typing", language), platform.made["grids"]["typing"], language=language)
    last = len(grid.rows()) + 2
    grid.choose(last, 2)
    grid.paste([[*LINE[:1], "50201", *LINE[2:]]])
    grid.saved()
    link = grid.page.locator("#ledger-faults a").filter(has_text=re.compile("50201")).last
    expect(link).to_be_visible()
    expect(grid.page.locator("#ledger-sheets a[data-sheet=lines] .badge")).to_be_visible()
    grid.choose(last, 8)
    link.click()
    marked = grid.page.locator("#ledger-grid .slick-cell.bad.active")
    expect(marked).to_be_visible()
    expect(grid.page.locator("#ledger-cell")).to_contain_text("50201")
    # Only what goes with 30101 in an agency is offered; by its initials it is found.
    grid.choose(last, 3)
    expect(grid.cell(last, 3)).to_contain_text("50201 办公经费")  # names come after the rows
    grid.key("F2")
    expect(grid.page.locator("#ledger-list [role=option]")).to_have_text(["50101 工资奖金津补贴 机关工资福利支出"])
    grid.key("ArrowDown", "Enter")
    grid.saved()
    expect(grid.page.locator("#ledger-grid .slick-cell.bad")).to_have_count(0)
    # Another departmental code brings its only government code with it.
    grid.choose(last, 4)
    grid.page.keyboard.type("bgf")
    expect(grid.page.locator("#ledger-list [aria-selected=true]")).to_contain_text("30201 办公费")
    grid.key("Enter")
    expect(grid.cell(last, 3)).to_contain_text("50201 办公经费")
    grid.saved()
    assert grid.rows()[-1][2:4] == ["50201", "30201"]
    # What cannot be read is told at its cell and is not in the budget; mended, it is.
    grid.choose(last, 8)
    grid.write("一千")
    expect(grid.cell(last, 8)).to_have_class(re.compile("refused"))
    expect(grid.page.locator("#ledger-refused button")).to_contain_text("一千")
    grid.choose(last, 8)
    expect(grid.page.locator("#ledger-cell .problem")).to_contain_text("一千")
    assert grid.rows()[-1][7] == 123_450
    grid.write("1000")
    grid.saved()
    assert grid.rows()[-1][7] == 100_000


def test_keyboard_alone_types_a_line_undoes_it_and_leaves_the_grid(seat: Seat, platform: Platform) -> None:
    grid = Grid(seat("typing"), platform.made["grids"]["typing"], "sheet=duties")
    before = len(grid.rows("duties"))
    for _ in range(200):
        grid.key("Tab")
        if grid.page.evaluate("document.activeElement.id") == "ledger-area":
            break
    grid.key("Control+End")
    for _ in range(30):
        grid.key("ArrowDown")
    grid.key("Enter")
    grid.write("负责政务服务大厅的日常管理")
    grid.saved()
    assert grid.rows("duties")[-1] == ["负责政务服务大厅的日常管理"]
    grid.key("ArrowUp", "F2")
    grid.page.keyboard.type("不要的字")
    grid.key("Escape")
    expect(grid.page.locator("#ledger-cell")).to_contain_text("日常管理")
    grid.key("Control+z")
    grid.saved()
    assert len(grid.rows("duties")) == before
    grid.key("Control+y")
    grid.saved()
    assert len(grid.rows("duties")) == before + 1
    # An input method begins in the cell that is chosen, without any key before it.
    grid.key("ArrowDown")
    methods = grid.page.context.new_cdp_session(grid.page)
    methods.send("Input.imeSetComposition", {"text": "fu", "selectionStart": 2, "selectionEnd": 2})
    expect(grid.page.locator("#ledger-area")).to_have_class(re.compile("editing"))
    methods.send("Input.insertText", {"text": "负责政务公开"})
    grid.key("Enter")
    grid.saved()
    assert grid.rows("duties")[-1] == ["负责政务公开"]
    grid.key("F6")
    assert grid.page.evaluate("document.activeElement.id") == "ledger-faults-head"
    grid.key("F6", "Escape", "Tab")
    assert grid.page.evaluate("!document.activeElement.closest('#ledger-hold')")


def test_audit_that_got_no_answer_is_asked_for_again(seat: Seat, platform: Platform) -> None:
    visitor = seat("reading")
    grid = Grid(visitor, platform.made["grids"]["reading"])
    expect(grid.page.locator("#ledger-faults")).to_have_attribute("aria-busy", "false")  # the first audit has come
    expect(grid.page.locator("#ledger-grid .slick-cell.bad")).to_have_count(0)
    lost: list[Route] = []
    grid.page.route(
        "**/ledger/check/*", lambda route: lost.append(route) or route.abort() if len(lost) < 2 else route.fallback()
    )
    grid.choose(2, 3)
    grid.write("50206")
    expect(grid.cell(2, 3)).to_have_class(re.compile(r"\bbad\b"))
    assert len(lost) == 2
    grid.key("Control+z")
    expect(grid.page.locator("#ledger-grid .slick-cell.bad")).to_have_count(0)
    grid.saved()
    visitor.complaints.clear()  # of the answers that were kept from it


def test_second_of_two_sees_both_values_and_chooses(seat: Seat, platform: Platform) -> None:
    budget = platform.made["grids"]["sharing"]
    first = Grid(seat("sharing"), budget)
    first.choose(2, 2)
    first.paste([LINE, [*LINE[:2], "30102", *LINE[3:]]])
    first.saved()
    second = seat("sharing-2")
    other = Grid(second, budget)
    # The other page hears of nothing for a while.
    other.page.route("**/ledger/rows/?sheet=lines&since=*", lambda route: route.abort())
    expect(other.page.locator("#ledger-notice")).to_be_visible()
    first.choose(2, 8)
    first.write("2")
    first.saved()
    other.choose(2, 8)
    other.write("3")
    conflict = other.page.locator("#ledger-conflicts")
    expect(conflict).to_contain_text("您录入“3”，示例sharing 录入了“2.00”")
    assert other.rows()[0][7] == 200
    expect(other.cell(2, 8)).to_have_text("3.00")
    first.page.evaluate(_REMEMBER_FRESH)
    conflict.get_by_role("button", name="用我的").click()
    expect(conflict).to_be_hidden()
    other.page.unroute("**/ledger/rows/?sheet=lines&since=*")
    other.saved()
    assert other.rows()[0][7] == 300
    # The first page hears of it by itself, marked for a moment.
    expect(first.cell(2, 8)).to_have_text("3.00")
    assert first.page.evaluate("remembered")
    # What others have changed is not undone over their heads.
    first.key("Control+z")
    expect(first.page.locator("#ledger-said")).to_contain_text("被他人修改")
    assert first.rows()[0][7] == 300
    # Removed by one, changed by the other.
    other.page.route("**/ledger/rows/?sheet=lines&since=*", lambda route: route.abort())
    expect(other.page.locator("#ledger-notice")).to_be_visible()
    first.choose(3, 8)
    first.key("Control+Delete")
    first.saved()
    other.choose(3, 8)
    other.write("77")
    expect(conflict).to_contain_text("示例sharing 删除了这一行")
    conflict.get_by_role("button", name="恢复这一行").click()
    other.page.unroute("**/ledger/rows/?sheet=lines&since=*")
    other.saved()
    assert [row[7] for row in other.rows()] == [300, 7700]
    _broken_off(second)


def test_what_is_typed_without_a_connection_is_kept_and_sent_later(seat: Seat, platform: Platform) -> None:
    visitor = seat("offline")
    grid = Grid(visitor, platform.made["grids"]["offline"])
    visitor.context.set_offline(True)
    grid.choose(2, 2)
    grid.paste([LINE])
    expect(grid.page.locator("#ledger-notice")).to_contain_text("网络已断开。1 行改动保存在本机")
    expect(grid.cell(2, 8)).to_have_text("1,234.50")
    grid.choose(2, 8)
    grid.write("99")
    visitor.context.set_offline(False)
    grid.saved()
    assert [row[7] for row in grid.rows()] == [9900]
    # The answer is lost, the page closed: what was typed is sent again when it is next opened, and stands once.
    grid.page.route("**/ledger/save/", lambda route: (route.fetch(), route.abort())[1])
    grid.choose(3, 2)
    grid.paste([LINE])
    expect(grid.page.locator("#ledger-notice")).to_contain_text("1 行改动保存在本机")
    grid.page.route("**/ledger/save/", lambda route: route.abort())  # goes before the other
    grid.choose(3, 8)
    grid.write("55")
    grid.page.goto("/budget/")
    grid.page.unroute("**/ledger/save/")
    again = Grid(visitor, grid.budget)
    again.saved()
    assert [row[7] for row in again.rows()] == [9900, 5500]
    _broken_off(visitor)


def test_session_that_ended_keeps_what_was_typed_until_one_has_signed_in_again(seat: Seat, platform: Platform) -> None:
    visitor = seat("offline")
    grid = Grid(visitor, platform.made["grids"]["offline"], "sheet=duties")
    before = len(grid.rows("duties"))
    visitor.context.clear_cookies(name="sessionid")
    grid.choose(before + 2, 1)
    grid.write("会话已经结束")
    expect(grid.page.locator("#ledger-notice")).to_contain_text("登录已失效")
    elsewhere = visitor.context.new_page()
    elsewhere.goto("/sign-in/")
    elsewhere.locator("input[name=username]").fill("offline")
    elsewhere.locator("input[name=password]").fill(PASSWORD)
    elsewhere.locator("main button.primary").click()
    elsewhere.wait_for_load_state()
    grid.saved()
    assert grid.rows("duties")[before:] == [["会话已经结束"]]


def test_budget_handed_in_meanwhile_keeps_what_was_typed(seat: Seat, platform: Platform) -> None:
    budget = platform.made["grids"]["closing"]
    visitor = seat("closing")
    grid = Grid(visitor, budget)
    other = seat("closing-2")
    grid.page.route("**/ledger/rows/?sheet=lines&since=*", lambda route: route.abort())
    assert _move(other, budget, "hand-in"), other.page.locator("main").inner_text()
    before = grid.rows()[0]
    grid.choose(2, 8)
    grid.write("5")
    notice = grid.page.locator("#ledger-notice")
    expect(notice).to_contain_text("不能直接修改")
    expect(notice).to_contain_text("1 行改动没有保存")
    expect(grid.cell(2, 8)).to_have_text("5.00")
    grid.choose(2, 7)
    grid.key("Delete")
    expect(grid.cell(2, 7)).not_to_have_text("")
    assert grid.rows()[0] == before
    _broken_off(visitor)


def _move(visitor: Visitor, budget: int, move: str) -> bool:
    """Make a step on the budget's page."""
    visitor.page.goto(f"/budget/{budget}/")
    form = visitor.page.locator(f"form[action$='/move/{move}/']")
    form.locator("button").click()
    visitor.page.wait_for_load_state()
    return visitor.page.locator(".messages .success").count() > 0


def _broken_off(visitor: Visitor) -> None:
    """What the test itself broke off is no complaint."""
    visitor.complaints[:] = [said for said in visitor.complaints if "net::ERR_" not in said and "409" not in said]


@pytest.mark.parametrize("who", ["reading", "reviewer"])
@pytest.mark.parametrize(("language", "width", "scheme"), [("zh", 1280, "light"), ("en", 360, "dark")])
def test_grid_in_use_is_accessible_and_narrow(
    seat: Seat, platform: Platform, who: str, language: str, width: int, scheme: str
) -> None:
    visitor = seat(who, language, viewport={"width": width, "height": 800}, color_scheme=scheme)
    grid = Grid(visitor, platform.made["grids"]["reading"], language=language)
    expect(grid.page.locator("#ledger-faults")).to_have_attribute("aria-busy", "false")
    grid.choose(3, 2)
    if who == "reading":
        expect(grid.cell(3, 2).locator(".name")).to_be_visible()  # names come after the rows
        grid.key("F2")
        expect(grid.page.locator("#ledger-list")).to_be_visible()
    found = Axe().run(grid.page, options={"runOnly": _TAGS, "resultTypes": ["violations"]}).response["violations"]
    assert [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"][:3]] == []
    assert grid.page.evaluate("document.scrollingElement.scrollWidth") <= width
    if who == "reviewer":
        grid.key("Enter")
        expect(grid.page.locator("#ledger-list")).to_be_hidden()
        expect(grid.page.locator("#ledger-undo")).to_have_count(0)


def test_page_without_scripts_shows_the_rows(seat: Seat, platform: Platform) -> None:
    visitor = seat("reading", java_script_enabled=False)
    visitor.page.goto(f"/budget/{platform.made['grids']['reading']}/ledger/?sheet=lines")
    expect(visitor.page.locator("#ledger-plain table tbody tr")).to_have_count(39)
    expect(visitor.page.locator("#ledger-plain noscript")).to_have_count(1)


def test_pasted_block_keeps_its_order_whatever_is_refused_and_the_tab_counts_its_rows(
    seat: Seat, platform: Platform
) -> None:
    grid = Grid(seat("typing"), platform.made["grids"]["typing"])
    before = len(grid.rows())
    amounts = ["1", "二", "3", "四", "5", "六"]
    grid.choose(before + 2, 2)
    grid.paste([[*LINE[:6], one] for one in amounts])
    expect(grid.page.locator("#ledger-refused button")).to_have_count(3)
    shown = ["1.00", "二", "3.00", "四", "5.00", "六"]
    for down, text in enumerate(shown):
        expect(grid.cell(before + 2 + down, 8)).to_have_text(text)
    expect(grid.page.locator("#ledger-sheets [aria-current] .n")).to_have_text(str(before + 6))
    # The last stays last, though another row is typed behind it first.
    grid.choose(before + 8, 8)
    grid.write("7")
    grid.page.reload()
    expect(grid.page.locator("#ledger-grid")).to_have_attribute("aria-busy", "false")
    for down, text in ((5, "6"), (1, "2"), (3, "4")):
        grid.choose(before + 2 + down, 8)
        grid.write(text)
    grid.saved()
    assert [row[7] for row in grid.rows()[before:]] == [100, 200, 300, 400, 500, 600, 700]
