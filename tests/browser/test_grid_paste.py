"""What comes into the ledger's grid from other programs: titles, units, what is refused and how that is shown."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Route, expect

from tests.browser.serving import Platform, Visitor
from tests.browser.test_grid import LINE, Grid

Seat = Callable[..., Visitor]
ZONE = ZoneInfo("Asia/Shanghai")  # the platform's
TITLES = ["功能分类", "政府经济分类", "部门经济分类", "支出性质", "项目名称", "资金来源", "金额"]
KEYS = ["function", "government", "departmental", "nature", "project", "fund", "amount"]
_TITLED = """(rows) => {
  const columns = JSON.parse(document.getElementById("ledger-config").textContent).columns;
  return rows.map((row) => {
    const found = zhengwu.ledger.titled(columns, row);
    return found && (found.foreign || [found.columns.map((one) => one ? one.key : ""), found.left]);
  });
}"""
_GUESSED = """(cells) => {
  const columns = JSON.parse(document.getElementById("ledger-config").textContent).columns;
  return cells.map(([key, text]) => zhengwu.ledger.guess(columns.find((one) => one.key === key), text) ?? null);
}"""


def emptied(visitor: Visitor, budget: int) -> Grid:
    """The sheet of lines, without the rows of other tests."""
    grid = Grid(visitor, budget)
    grid.choose(2, 2)
    grid.key("Control+a", "Control+Delete")
    grid.saved()
    assert grid.rows() == []
    return grid


def test_titles_are_known_by_what_officers_call_them_and_amounts_in_another_unit_are_not_guessed(
    seat: Seat, platform: Platform
) -> None:
    grid = Grid(seat("reading"), platform.made["grids"]["reading"])
    cases: list[tuple[list[str], object]] = [
        (TITLES, [KEYS, []]),
        (["序号", *TITLES[:4], "项目", "资金来源", "金额（元）", "备注"], [["", *KEYS, ""], ["序号", "备注"]]),
        (["支出功能分类科目编码", "功能 分类名称", "金额(单位：元)"], [["function", "", "amount"], ["功能 分类名称"]]),
        (["Unit code", "Government economic", "Source", "Amount (yuan)", "Remark"], [["unit", "government", "fund", "amount", ""], ["Remark"]]),
        (["项目", "项目名称", "金额", "金额（元）"], [["", "project", "amount", ""], ["项目", "金额（元）"]]),
        (["功能分类", "金额（万元）"], "金额（万元）"),
        (["金额：千元"], "金额：千元"),
        (["Function", "Amount (10,000 yuan)"], "Amount (10,000 yuan)"),
        (["单位：万元", "", ""], "单位：万元"),
        (["单位：元", "", ""], None),
        (LINE, None),
        (["基本支出", "项目名称"], None),  # no more than half
        (["合计", "", ""], None),
        (["功能分类", "金额", "2010301"], None),
    ]  # fmt: skip
    assert grid.page.evaluate(_TITLED, [row for row, _ in cases]) == [expected for _, expected in cases]
    sure = [("amount", "1，000", 100_000), ("amount", "１，０００．５", 100_050), ("function", "２０１０３０１", "2010301"), ("project", "甲（乙）", "甲（乙）")]  # fmt: skip
    unsure = [("amount", "1,23.4"), ("amount", "90元"), ("function", "201 03 01"), ("function", "2010301.0"), ("government", "50201（办公经费）"), ("unit", "9 8")]  # fmt: skip
    found = grid.page.evaluate(_GUESSED, [[key, text] for key, text, *_ in (*sure, *unsure)])
    assert found == [one[2] for one in sure] + [None] * len(unsure)
    # What a duty begins with is no title.
    duties = Grid(seat("reading"), platform.made["grids"]["reading"], "sheet=duties")
    rows = [["职责（一）：负责统筹政务服务工作。"], ["职责：负责政务公开"], ["职责"]]
    assert duties.page.evaluate(_TITLED, rows) == [None, None, [["text"], []]]


def test_sheet_with_other_titles_lands_in_its_columns_and_is_undone_from_below(seat: Seat, platform: Platform) -> None:
    grid = emptied(seat("pasting"), platform.made["grids"]["pasting"])
    said = grid.page.locator("#ledger-said")
    grid.choose(2, 2)
    lines = [[str(number + 1), *LINE[:6], f"{number + 1:,}.25", "见批复"] for number in range(14)]
    titles = ["序号", *TITLES[:4], "项目", "资金来源", "金额（元）", "备注"]
    grid.paste([titles, *lines[:7], [""] * 9, *lines[7:], [" "]])
    expect(said).to_have_text("已粘贴 14 行、7 列。 第一行已按列名识别。 本表没有的列已略去：序号和备注。")
    grid.saved()
    made = grid.rows()
    assert [row[7] for row in made] == [number * 100 + 125 for number in range(14)]
    assert {tuple(row[1:7]) for row in made} == {("2010301", "50101", "30101", "basic", "", "general")}
    # The rows that were in sight go away under the box that is over one of them.
    grid.key("Control+End", "Control+z")
    grid.saved()
    assert grid.rows() == []
    grid.choose(2, 2)
    grid.paste([["功能分类", "金额（万元）"], ["2010301", "12"]])
    expect(said).to_contain_text("“金额（万元）”的单位不是元")
    expect(grid.page.locator("#ledger-sheets [aria-current] .n")).to_have_text("0")
    # A long code is readable to its last digit.
    grid.choose(2, 1)
    grid.paste([["980001001", *LINE]])
    grid.saved()
    grid.page.reload()
    cell = grid.cell(2, 1)
    expect(cell).to_have_text("980001001")
    assert cell.evaluate("one => one.scrollWidth <= one.clientWidth")
    grid.choose(2, 1)
    grid.key("Control+Delete")
    grid.saved()


def test_refused_cells_show_what_was_typed_and_are_told_once(seat: Seat, platform: Platform) -> None:
    grid = emptied(seat("typing"), platform.made["grids"]["typing"])
    typed = ["201 03 01", "50201（办公经费）", "2010301.0", *LINE[3:6], "1,23.4"]
    waiting: list[Route] = []
    grid.page.route("**/ledger/save/", lambda route: route.continue_() if waiting else waiting.append(route))
    grid.choose(2, 2)
    with grid.page.expect_request("**/ledger/save/"):
        grid.paste([typed, [*LINE[:6], "1，000"]])
    expect(grid.cell(3, 8)).to_have_text("1,000.00")
    shown = [(2, typed[0]), (3, typed[1]), (4, typed[2]), (8, typed[6])]
    for column, text in shown:  # before the server has answered, and after
        expect(grid.cell(2, column)).to_have_text(text)
    waiting[0].continue_()
    refused = grid.page.locator("#ledger-refused button")
    expect(refused).to_have_count(4)
    for column, text in shown:
        expect(grid.cell(2, column)).to_have_text(text)
        expect(grid.cell(2, column)).to_have_class(re.compile("refused"))
    expect(refused.filter(has_text="部门预算支出经济分类编码")).to_contain_text("如“30201 办公费”")
    # The row is in the budget without them: the audit has nothing to say of cells that are not empty.
    expect(grid.cell(2, 5)).not_to_have_class(re.compile("waits"))
    audit = grid.page.request.get(f"{grid.address}check/?sheet=lines").json()
    empty = [one for one in audit["faults"] if one[3] == 2 and "没有填写" in one[4]]
    assert len(empty) == len(shown)
    expect(grid.page.locator("#ledger-faults li")).to_have_count(audit["count"] - len(empty))
    expect(grid.page.locator("#ledger-faults")).not_to_contain_text("没有填写")
    count = audit["count"] - len(empty) + len(shown)
    expect(grid.page.locator("#ledger-fault-state")).to_have_text(f"{count} 处待改")
    expect(grid.page.locator("#ledger-sheets [aria-current] .badge")).to_contain_text(f"{count} 处待改")
    grid.choose(2, 2)
    expect(grid.page.locator("#ledger-cell")).not_to_contain_text("没有填写")
    assert grid.rows()[1][7] == 100_000
    # What the server made of "1，000" can be undone like what was typed; then the rest.
    grid.choose(3, 8)
    grid.write("2，000")
    expect(grid.cell(3, 8)).to_have_text("2,000.00")
    expect(grid.cell(3, 8)).not_to_have_class(re.compile("waits"))
    grid.key("Control+z")
    expect(grid.cell(3, 8)).to_have_text("1,000.00")
    grid.key("Control+z")
    grid.saved()
    assert grid.rows() == []


def test_new_row_that_was_refused_and_taken_back_is_gone(seat: Seat, platform: Platform) -> None:
    visitor = seat("typing")
    grid = emptied(visitor, platform.made["grids"]["typing"])
    refused, said = grid.page.locator("#ledger-refused button"), grid.page.locator("#ledger-said")
    for key in ("Control+z", "Control+Delete"):
        grid.choose(2, 2)
        grid.paste([["合计", "", "", "", "", "", "", "二万三千元"]])
        expect(refused).to_have_count(1)
        grid.choose(2, 2)
        grid.key(key)
        expect(refused).to_have_count(0)
        grid.saved()
    # What earlier versions of the page have left of such a row in the browser goes as well.
    config = json.loads(grid.page.locator("#ledger-config").text_content() or "")
    name = f"zhengwu.ledger.{config['person']}.{config['budget']}.lines.old"
    kept = {"beat": 0, "rows": [{"key": None, "name": "old-1", "mine": {}, "gone": True, "seen": None, "place": 77}]}
    grid.page.evaluate("([name, kept]) => localStorage.setItem(name, JSON.stringify(kept))", [name, kept])
    for _ in range(2):
        grid.page.reload()
        grid.saved()
        expect(said).to_have_text("")
    assert grid.page.evaluate("Object.keys(localStorage).filter((one) => one.startsWith('zhengwu.ledger'))") == []
    # One that the server took though its answer was lost is not left there.
    grid.page.route("**/ledger/save/", lambda route: (route.fetch(), route.abort())[1])
    grid.page.route("**/ledger/rows/?sheet=lines&since=*", lambda route: route.abort())
    grid.choose(2, 2)
    grid.paste([LINE])
    expect(grid.page.locator("#ledger-notice")).to_contain_text("1 行改动保存在本机")
    assert len(grid.rows()) == 1
    grid.key("Control+z")
    grid.page.unroute_all()
    grid.page.reload()
    grid.saved()
    assert grid.rows() == []
    visitor.complaints[:] = [one for one in visitor.complaints if "net::ERR_" not in one]


def test_times_are_the_platforms_wherever_one_reads(seat: Seat, platform: Platform) -> None:
    grid = Grid(seat("reading", timezone_id="America/New_York"), platform.made["grids"]["reading"])
    grid.choose(2, 2)
    at = grid.page.request.get(f"{grid.address}rows/?sheet=lines").json()["rows"][0][5]
    expect(grid.page.locator("#ledger-cell")).to_contain_text(f"{datetime.fromtimestamp(at, ZONE):%H:%M}")
