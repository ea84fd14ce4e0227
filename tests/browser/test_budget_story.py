"""A budget's year as its people do it, in both languages, with the mouse and by keyboard alone: opened, copied
forward, typed, returned, approved, published, adjusted in August."""

import base64
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import axe
from tests.browser.hands import Hands, Keyboard, Mouse, sign_in
from tests.browser.serving import Platform, Visitor, served
from tests.browser.test_grid import Grid, block
from zhengwu.ledger.load import read_bytes
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.rebuild import rebuilt
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit

Words = Callable[[str], Callable[..., str]]
PROJECT = "工作经费"
FUND = "一般公共预算拨款"
REASONS = ("收入总计", "基本支出", "项目支出", "机关运行经费", "“三公”经费", "财政拨款收支")


@pytest.fixture
def office(browser: Browser, tmp_path: Path) -> Iterator[Platform]:
    """A platform of its own: the story opens years, and nobody else may have opened them."""
    with served(tmp_path, "tests.browser.prepare_story") as found:
        yield found


@pytest.fixture
def seated(browser: Browser, office: Platform) -> Iterator[Callable[[str], Visitor]]:
    """Seats somebody before this platform, not yet signed in."""
    visitors: list[Visitor] = []

    def one(language: str) -> Visitor:
        visitors.append(Visitor(browser, office, "", language))
        visitors[-1].page.on("dialog", lambda dialog: dialog.accept())
        return visitors[-1]

    yield one
    for visitor in visitors:
        visitor.close()
    assert [said for visitor in visitors for said in visitor.complaints] == []


class Story:
    """The people at their windows, and the budget."""

    def __init__(
        self, seated: Callable[[str], Visitor], office: Platform, say: Callable[..., str], language: str, hands: Hands
    ) -> None:
        self.made, self.say, self.language, self.hands = office.made[language], say, language, hands
        self.bureau, self.officer, self.head = (
            self._signed_in(seated(language).page, who)
            for who in ("reviewer", f"officer-{language}", f"head-{language}")
        )
        self.budget = 0

    def _signed_in(self, page: Page, who: str) -> Page:
        self.hands.sit_down(page)
        page.goto("/")
        sign_in(self.hands, page, who)
        return page

    def go(self, page: Page, *ends: str) -> None:
        """Follow links, each known by the end of its address."""
        for end in ends:
            self.sent(page, page.locator(f"a[href$='{end}']").first)  # the page may have this address already
            page.wait_for_url(f"**{end}")

    def at_budget(self, page: Page, *ends: str) -> None:
        """To the budget by way of the desk, and to a part of it."""
        self.go(page, "/budget/")
        row = page.get_by_role("row").filter(has_text=str(self.made["year"])).filter(has_text=self.made["name"])
        self.hands.press(row.get_by_role("link", name=self.made["name"], exact=True))
        page.wait_for_url(re.compile(r"/budget/\d+/$"))
        self.go(page, *ends)

    def success(self, page: Page) -> None:
        """What was asked for is done, and the page says so."""
        expect(page.locator(".messages .success")).to_be_visible()

    def open_the_year(self) -> None:
        """The bureau opens it for one unit."""
        page, year = self.bureau, self.made["year"]
        self.go(page, "/budget/", "/budget/years/", "/budget/years/open/")
        self.hands.write(page.locator("input[name=year]"), str(year))
        self.hands.choose(page.locator("select[name=dialect]"), "beijing-xicheng-budget")
        for name, day in (("first_due", f"{year - 1}-09-30"), ("second_due", f"{year - 1}-12-10"), ("publish_due", f"{year}-02-20")):  # fmt: skip
            self.hands.write(page.locator(f"input[name={name}]"), day)
            expect(page.locator(f"input[name={name}]")).to_have_value(day)
        units = page.locator("select[name=units]")
        value = units.locator("option").filter(has_text=self.made["unit"]).first.get_attribute("value")
        self.hands.choose(units, value or "")
        self.hands.press(page.locator("main form button.primary"))
        expect(page.get_by_role("link", name=re.compile(self.made["name"])).first).to_be_visible()

    def copy_forward(self, workbook: Path) -> None:
        """The officer takes over last year's ledger, and copies it."""
        page = self.officer
        self.at_budget(page)
        self.budget = int(page.url.split("/")[-2])
        self.go(page, f"/budget/{self.budget}/begin/")
        workbook.write_bytes(base64.b64decode(self.made["workbook"]))
        self.hands.hand_over(page.locator("input[type=file]"), workbook)
        self.sent(page, page.locator("form[action$='/begin/earlier/'] button"))
        self.sent(page, page.locator("form[action$='/begin/copy/'] button"))
        expect(page.locator("#notes")).to_be_visible()

    def grid(self, page: Page, sheet: str = "lines") -> Grid:
        """A sheet at somebody's window."""
        self.at_budget(page, f"/budget/{self.budget}/ledger/")
        if sheet != "lines":
            self.go(page, f"?sheet={sheet}")
        return Grid.of(page, self.budget, self.language)

    def at(self, grid: Grid, row: int, column: int) -> None:
        """Choose a cell: what is far down is not drawn yet."""
        self.hands.enter(grid.page)
        grid.key(*["ArrowDown"] * (row - 2), *["ArrowRight"] * (column - 1))
        expect(grid.cell(row, column)).to_have_class(re.compile("active"))

    def income_moves_by(self, yuan: int) -> None:
        """What is spent more must come from somewhere."""
        grid = self.grid(self.officer, "income")
        amount = Decimal(grid.rows("income")[0][1]) / 100 + yuan
        self.at(grid, 2, 2)
        grid.write(f"{amount:.2f}")
        grid.saved()

    def try_move(self, page: Page, move: str, reason: str = "") -> Page:
        """Make a step at somebody's window."""
        self.at_budget(page)
        form = page.locator(f"form[action$='/move/{move}/']")
        if reason:
            self.hands.press(form.locator("summary"))
            self.hands.write(form.locator("textarea"), reason)
        self.sent(page, form.locator("button"))
        return page

    def sent(self, page: Page, what: Locator) -> None:
        """Press what leads to another page, and wait until that is there."""
        with page.expect_navigation():
            self.hands.press(what)

    def moved(self, page: Page, move: str, reason: str = "") -> None:
        """It is made."""
        self.success(self.try_move(page, move, reason))

    def refused(self, page: Page, move: str, why: str) -> None:
        """It is refused, and says why."""
        expect(self.try_move(page, move).locator(".next .note.error")).to_contain_text(why)


@pytest.mark.parametrize(
    ("hands", "language"),
    [(Mouse(), "zh"), (Keyboard(), "en")],
    ids=["mouse-zh", "keyboard-en"],
)
def test_budget_from_the_opened_year_to_the_adjustment_in_august(
    seated: Callable[[str], Visitor], office: Platform, words: Words, hands: Hands, language: str, tmp_path: Path
) -> None:
    story = Story(seated, office, words(language), language, hands)
    story.open_the_year()
    story.copy_forward(tmp_path / "last.xlsx")

    # Forty lines from a workbook; one of them has codes that do not go together.
    grid = story.grid(story.officer)
    last = len(grid.rows()) + 2
    lines = [
        ["2010301", government, departmental, "项目支出", PROJECT, FUND, "100.00"]
        for government, departmental in story.made["pairs"]
    ]
    wrong = next(place for place, line in enumerate(lines) if line[1] == "50201")
    lines[wrong][1] = "50206"
    story.at(grid, last, 2)
    hands.paste(grid.page, block(lines))
    grid.saved()
    assert len(grid.rows()) == last - 2 + 40
    story.income_moves_by(4_000)
    story.refused(story.officer, "hand-in", "50206")
    grid = story.grid(story.officer)
    hands.press(grid.page.locator("#ledger-faults a").filter(has_text="50206").first)
    expect(grid.page.locator("#ledger-grid .slick-cell.bad.active")).to_be_visible()
    story.at(grid, last + wrong, 3)
    grid.write("50201")
    grid.saved()
    expect(grid.page.locator("#ledger-grid .slick-cell.bad")).to_have_count(0)
    story.moved(story.officer, "hand-in")
    story.moved(story.head, "submit")

    # The control figures: as requested, but a thousand less for one project.
    page = story.bureau
    story.at_budget(page, f"/budget/{story.budget}/control/")
    for row in page.locator("table.entry tbody tr").filter(has=page.locator("th")).all():
        asked = Decimal(row.locator("td.n").nth(3).inner_text().replace(",", ""))
        name = row.locator("th").inner_text().strip()
        hands.write(row.locator("input[name$=amount]"), f"{asked - 1_000 if name == PROJECT else asked:.2f}")
    basic = page.locator("section[aria-labelledby=basic] .n").first.inner_text().replace(",", "")
    hands.write(page.locator("input[name$=amount]").first, basic)
    story.sent(page, page.get_by_role("button", name=story.say("Save"), exact=True))
    story.moved(page, "give-figures")

    # The figure stops the officer until the thousand is taken out again.
    story.refused(story.officer, "hand-in", "1,000.00")
    grid = story.grid(story.officer)
    place = next(place for place, row in enumerate(grid.rows(), 2) if row[5] == PROJECT and row[7] > 200_000)
    amount = Decimal(grid.rows()[place - 2][7]) / 100
    story.at(grid, place, 8)
    grid.write(f"{amount - 1_000:.2f}")
    grid.saved()
    story.income_moves_by(-1_000)
    reasons = story.grid(story.officer, "reasons")
    story.at(reasons, 2, 1)
    hands.paste(reasons.page, block([[subject, "新增业务与项目完成相抵"] for subject in REASONS]))
    reasons.saved()
    story.moved(story.officer, "hand-in")
    story.moved(story.head, "submit")

    # The bureau returns it with a reason at a cell; it is mended and approved.
    seen = story.grid(page)
    story.at(seen, place, 8)
    hands.write(page.locator("#ledger-remark-text"), "请说明测算依据")
    hands.press(page.locator("#ledger-remark button"))
    expect(page.locator("#ledger-remarks")).to_contain_text("请说明测算依据")
    story.moved(page, "return", "请按单元格意见修改")
    story.at_budget(story.officer)
    expect(story.officer.get_by_text("请按单元格意见修改")).to_be_visible()
    grid = story.grid(story.officer)
    expect(grid.page.locator("#ledger-remarks")).to_contain_text("请说明测算依据")
    hands.press(grid.page.locator("#ledger-remarks a").first)
    expect(grid.cell(place, 8)).to_have_class(re.compile("active"))
    story.at(grid, place, 8)
    grid.write(f"{amount - 1_000:.2f}")
    story.moved(story.officer, "hand-in")
    story.moved(story.head, "submit")
    story.moved(page, "approve")

    # One button for the head, nothing left above it.
    story.at_budget(story.head, f"/budget/{story.budget}/publication/")
    expect(story.head.locator(".note.ok")).to_be_visible()
    hands.press(story.head.get_by_role("button", name=story.say("Publish"), exact=True))
    story.success(story.head)
    _published_is_the_ledger(story)
    _adjusted(story)


def _published_is_the_ledger(story: Story) -> None:
    """The files in the open book read back as the ledger, and their audit is clean."""
    workbook = story.head.request.get(f"/budget/{story.budget}/ledger/workbook/?language=zh").body()
    ledger = read_bytes(workbook, "ledger.xlsx", gaps=True)
    home = f"/d/{story.made['unit']}/{story.made['year']}/budget/"
    story.hands.press(story.head.locator(f"main a[href*='{home}']").first)
    expect(story.head.locator("h1")).to_contain_text(str(story.made["year"]))
    names = [f"1/files/budget-{story.made['year']}.{ending}" for ending in ("docx", "xlsx", "html")]
    for name in ("1/original", *names):
        answer = story.head.request.get(f"{home}{name}")
        assert answer.status == 200, name
        understood = understand(read(answer.body(), name))
        assert not [one for one in audit(understood).findings if one.severity != "info"], name
        assert _lines(rebuilt(understood)[0]) == _lines(ledger), name


def _lines(ledger: Ledger) -> list[tuple[str, str, str, int]]:
    return sorted((line.function, line.government, line.departmental, line.amount) for line in ledger.lines)


def _adjusted(story: Story) -> None:
    """In August a project gives 50 yuan to itself elsewhere, and buys services with it; the difference shows it."""
    page, hands = story.officer, story.hands
    story.at_budget(page, f"/budget/{story.budget}/adjustments/")
    hands.write(page.locator("textarea[name=reason]"), "八月调剂：按执行进度调整")
    story.sent(page, page.locator("main form[method=post] button.primary").last)
    rows = page.locator("tbody tr").filter(has_text=PROJECT)
    numbers = [row.locator("input").first for row in rows.all()[:2]]
    for field, change in zip(numbers, (-50, 50), strict=True):
        hands.write(field, f"{Decimal(field.input_value()) + change:.2f}")
    story.sent(page, page.get_by_role("button", name=story.say("Save"), exact=True))
    story.success(page)
    address = re.sub(r"^https?://[^/]+", "", page.url)
    for category, amount in (("goods", "100"), ("services", "200")):  # the second takes the place of the first
        hands.press(page.locator("main nav a[href='#part-2']"))  # past the lines, to the project
        if category == "services":
            hands.tick(page.locator("input[name=procurement-new-0-gone]"))
        row = page.locator("tr").filter(has=page.locator("select[name^=procurement-new-]")).last
        hands.choose(row.locator("select"), category)
        hands.write(row.locator("input.n").first, amount)
        story.sent(page, page.get_by_role("button", name=story.say("Save"), exact=True))
        story.success(page)
        expect(page.locator("select[name=procurement-new-0-category]")).to_have_value(category)
    expect(page.locator("select[name^=procurement-new-]")).to_have_count(2)
    assert axe.faults(page) == []
    for page, move in ((story.officer, "hand-in"), (story.head, "submit"), (story.bureau, "approve")):
        story.go(page, "/budget/", address)  # it stands among what waits for the person
        story.sent(page, page.locator(f"form[action$='/{move}/'] button"))
        story.success(page)
    page = story.head
    story.at_budget(page, f"/budget/{story.budget}/versions/")
    hands.choose(page.locator("select[name=old]"), "4")
    story.sent(page, page.get_by_role("button", name=story.say("Compare"), exact=True))
    expect(page.locator("main")).to_contain_text("-50.00")
    expect(page.locator("main")).to_contain_text("+50.00")
    expect(page.locator("main")).to_contain_text(re.compile(r"(?<!\d)200\.00"))
