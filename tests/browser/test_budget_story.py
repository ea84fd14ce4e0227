"""A budget's year as its people do it, in both languages: opened, copied forward, typed, returned, approved,
published, adjusted in August."""

import base64
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe
from tests.browser.serving import Platform, Visitor, served
from tests.browser.test_grid import Grid
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
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own: the story opens years, and nobody else may have opened them."""
    with served(tmp_path_factory.mktemp("office"), "tests.browser.prepare_story") as found:
        yield found


@pytest.fixture
def seated(browser: Browser, office: Platform) -> Iterator[Callable[..., Visitor]]:
    """Seats somebody before this platform."""
    visitors: list[Visitor] = []

    def one(who: str, language: str) -> Visitor:
        visitors.append(Visitor(browser, office, who, language))
        visitors[-1].page.on("dialog", lambda dialog: dialog.accept())
        return visitors[-1]

    yield one
    for visitor in visitors:
        visitor.close()
    assert [said for visitor in visitors for said in visitor.complaints] == []


class Story:
    """The people at their windows, and the budget."""

    def __init__(
        self, seated: Callable[..., Visitor], office: Platform, say: Callable[..., str], language: str
    ) -> None:
        self.made, self.say, self.language = office.made[language], say, language
        self.bureau = seated("reviewer", language).page
        self.officer = seated(f"officer-{language}", language).page
        self.head = seated(f"head-{language}", language).page
        self.budget = 0

    def open_the_year(self) -> None:
        """The bureau opens it for all units."""
        self.bureau.goto("/budget/years/open/")
        year = self.made["year"]
        self.bureau.locator("input[name=year]").fill(str(year))
        for name, day in (("first_due", f"{year - 1}-09-30"), ("second_due", f"{year - 1}-12-10"), ("publish_due", f"{year}-02-20")):  # fmt: skip
            self.bureau.locator(f"input[name={name}]").fill(day)
        self.bureau.locator("select[name=dialect]").select_option("beijing-xicheng-budget")
        units = self.bureau.locator("select[name=units]")
        units.select_option(units.locator("option").filter(has_text=self.made["unit"]).first.get_attribute("value"))
        self.bureau.locator("main form button.primary").click()
        expect(self.bureau.get_by_role("link", name=re.compile(self.made["name"])).first).to_be_visible()

    def copy_forward(self) -> None:
        """The officer takes over last year's ledger, and copies it."""
        self.officer.goto("/budget/")
        self.officer.get_by_role("row").filter(has_text=str(self.made["year"])).get_by_role("link").click()
        found = re.search(r"/budget/(\d+)/", self.officer.url)
        assert found is not None
        self.budget = int(found[1])
        self.officer.goto(f"/budget/{self.budget}/begin/")
        self.officer.locator("input[type=file]").set_input_files(
            {"name": "last.xlsx", "mimeType": XLSX, "buffer": base64.b64decode(self.made["workbook"])}
        )
        self.officer.locator("form[action$='/begin/earlier/'] button").click()
        self.officer.locator("form[action$='/begin/copy/'] button").click()
        expect(self.officer.locator("#notes")).to_be_visible()

    def grid(self, page: Page, sheet: str = "lines") -> Grid:
        """A sheet at somebody's window."""
        visitor = type("At", (), {"page": page})()
        return Grid(visitor, self.budget, f"sheet={sheet}", self.language)

    def income_moves_by(self, yuan: int) -> None:
        """What is spent more must come from somewhere."""
        grid = self.grid(self.officer, "income")
        amount = Decimal(grid.rows("income")[0][1]) / 100 + yuan
        grid.choose(2, 2)
        grid.write(f"{amount:.2f}")
        grid.saved()

    def try_move(self, page: Page, move: str, reason: str = "") -> Page:
        """Make a step at somebody's window."""
        page.goto(f"/budget/{self.budget}/")
        form = page.locator(f"form[action$='/move/{move}/']")
        if reason:
            form.locator("summary").click()
            form.locator("textarea").fill(reason)
        form.locator("button").click()
        page.wait_for_load_state()
        return page

    def moved(self, page: Page, move: str, reason: str = "") -> None:
        """It is made."""
        expect(self.try_move(page, move, reason).locator(".messages .success")).to_be_visible()

    def refused(self, page: Page, move: str, why: str) -> None:
        """It is refused, and says why."""
        expect(self.try_move(page, move).locator(".next .note.error")).to_contain_text(why)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_budget_from_the_opened_year_to_the_adjustment_in_august(
    seated: Callable[..., Visitor], office: Platform, words: Words, language: str
) -> None:
    story = Story(seated, office, words(language), language)
    story.open_the_year()
    story.copy_forward()

    # Forty lines from a workbook; one of them has codes that do not go together.
    grid = story.grid(story.officer)
    last = len(grid.rows()) + 2
    lines = [
        ["2010301", government, departmental, "项目支出", PROJECT, FUND, "100.00"]
        for government, departmental in story.made["pairs"]
    ]
    wrong = next(place for place, line in enumerate(lines) if line[1] == "50201")
    lines[wrong][1] = "50206"
    _go(grid, last, 2)
    grid.paste(lines)
    grid.saved()
    assert len(grid.rows()) == last - 2 + 40
    story.income_moves_by(4_000)
    story.refused(story.officer, "hand-in", "50206")
    grid = story.grid(story.officer)
    grid.page.locator("#ledger-faults a").filter(has_text="50206").first.click()
    expect(grid.page.locator("#ledger-grid .slick-cell.bad.active")).to_be_visible()
    _go(grid, last + wrong, 3)
    grid.write("50201")
    grid.saved()
    expect(grid.page.locator("#ledger-grid .slick-cell.bad")).to_have_count(0)
    story.moved(story.officer, "hand-in")
    story.moved(story.head, "submit")

    # The control figures: as requested, but a thousand less for one project.
    story.bureau.goto(f"/budget/{story.budget}/control/")
    for row in story.bureau.locator("table.entry tbody tr").filter(has=story.bureau.locator("th")).all():
        asked = Decimal(row.locator("td.n").nth(3).inner_text().replace(",", ""))
        name = row.locator("th").inner_text().strip()
        row.locator("input[name$=amount]").fill(f"{asked - 1_000 if name == PROJECT else asked:.2f}")
    basic = story.bureau.locator("section[aria-labelledby=basic] .n").first.inner_text().replace(",", "")
    story.bureau.locator("input[name$=amount]").first.fill(basic)
    story.bureau.get_by_role("button", name=story.say("Save"), exact=True).click()
    story.moved(story.bureau, "give-figures")

    # The figure stops the officer until the thousand is taken out again.
    story.refused(story.officer, "hand-in", "1,000.00")
    grid = story.grid(story.officer)
    place = next(place for place, row in enumerate(grid.rows(), 2) if row[5] == PROJECT and row[7] > 200_000)
    amount = Decimal(grid.rows()[place - 2][7]) / 100
    _go(grid, place, 8)
    grid.write(f"{amount - 1_000:.2f}")
    grid.saved()
    story.income_moves_by(-1_000)
    reasons = story.grid(story.officer, "reasons")
    reasons.choose(2, 1)
    reasons.paste([[subject, "新增业务与项目完成相抵"] for subject in REASONS])
    reasons.saved()
    story.moved(story.officer, "hand-in")
    story.moved(story.head, "submit")

    # The bureau returns it with a reason at a cell; it is mended and approved.
    seen = story.grid(story.bureau)
    _go(seen, place, 8)
    story.bureau.locator("#ledger-remark-text").fill("请说明测算依据")
    story.bureau.locator("#ledger-remark button").click()
    expect(story.bureau.locator("#ledger-remarks")).to_contain_text("请说明测算依据")
    story.moved(story.bureau, "return", "请按单元格意见修改")
    story.officer.goto(f"/budget/{story.budget}/")
    expect(story.officer.get_by_text("请按单元格意见修改")).to_be_visible()
    grid = story.grid(story.officer)
    expect(grid.page.locator("#ledger-remarks")).to_contain_text("请说明测算依据")
    grid.page.locator("#ledger-remarks a").first.click()
    _go(grid, place, 8)
    grid.write(f"{amount - 1_000:.2f}")
    story.moved(story.officer, "hand-in")
    story.moved(story.head, "submit")
    story.moved(story.bureau, "approve")

    # One button for the head, nothing left above it.
    story.head.goto(f"/budget/{story.budget}/publication/")
    expect(story.head.locator(".note.ok")).to_be_visible()
    story.head.get_by_role("button", name=story.say("Publish"), exact=True).click()
    expect(story.head.locator(".messages .success")).to_be_visible(timeout=60_000)
    _published_is_the_ledger(story)
    _adjusted(story, place)


def _go(grid: Grid, row: int, column: int) -> None:
    """Choose a cell by keyboard: what is far down is not drawn yet."""
    grid.choose(2, 2)
    grid.key("Control+Home", *["ArrowDown"] * (row - 2), *["ArrowRight"] * (column - 1))
    expect(grid.cell(row, column)).to_have_class(re.compile("active"))


def _published_is_the_ledger(story: Story) -> None:
    """The files in the open book read back as the ledger, and their audit is clean."""
    workbook = story.head.request.get(f"/budget/{story.budget}/ledger/workbook/?language=zh").body()
    ledger = read_bytes(workbook, "ledger.xlsx", gaps=True)
    home = f"/d/{story.made['unit']}/{story.made['year']}/budget/"
    assert story.head.goto(home).status == 200  # type: ignore[union-attr]
    names = [f"1/files/budget-{story.made['year']}.{ending}" for ending in ("docx", "xlsx", "html")]
    for name in ("1/original", *names):
        answer = story.head.request.get(f"{home}{name}")
        assert answer.status == 200, name
        understood = understand(read(answer.body(), name))
        assert not [one for one in audit(understood).findings if one.severity != "info"], name
        assert _lines(rebuilt(understood)[0]) == _lines(ledger), name


def _lines(ledger: Ledger) -> list[tuple[str, str, str, int]]:
    return sorted((line.function, line.government, line.departmental, line.amount) for line in ledger.lines)


def _adjusted(story: Story, place: int) -> None:
    """In August a project gives 500 yuan to itself elsewhere; the difference shows it."""
    page = story.officer
    page.goto(f"/budget/{story.budget}/adjustments/")
    page.locator("textarea[name=reason]").fill("八月调剂：按执行进度调整")
    page.locator("main form[method=post] button.primary").last.click()
    rows = page.locator("tbody tr").filter(has_text=PROJECT)
    numbers = [row.locator("input").first for row in rows.all()[:2]]
    for field, change in zip(numbers, (-50, 50), strict=True):
        field.fill(f"{Decimal(field.input_value()) + change:.2f}")
    page.get_by_role("button", name=story.say("Save"), exact=True).click()
    expect(page.locator(".messages .success")).to_be_visible()
    address = page.url
    assert axe.faults(page) == []
    for page, move in ((story.officer, "hand-in"), (story.head, "submit"), (story.bureau, "approve")):
        page.goto(address)
        page.locator(f"form[action$='/{move}/'] button").click()
        expect(page.locator(".messages .success")).to_be_visible()
    story.head.goto(f"/budget/{story.budget}/versions/")
    story.head.get_by_role("button", name=story.say("Compare"), exact=True).click()
    story.head.goto(re.sub(r"old=[^&]+", "old=4", story.head.url))
    expect(story.head.locator("main")).to_contain_text("-50.00")
    expect(story.head.locator("main")).to_contain_text("+50.00")
