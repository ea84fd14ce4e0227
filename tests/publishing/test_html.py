"""The page holds the publication and nothing else, as read again; its links and ids are sound."""

from decimal import Decimal
from itertools import pairwise

import pytest
from lxml import html as lxml_html

from zhengwu.model.document import Grid
from zhengwu.model.fact import Identity
from zhengwu.publishing.as_html import Chart, html_of
from zhengwu.publishing.charts import Change, Slice, flow_chart, natures_chart, treemap_chart, years_chart
from zhengwu.publishing.publication import (
    Heading,
    PrintedCell,
    PrintedColumn,
    PrintedRow,
    PrintedTable,
    Publication,
    Run,
    Text,
)
from zhengwu.reading import read

UNIT = "云溪市政务数据服务中心"
HOSTILE = "<script>alert(1)</script>&amp;\"'</td></table><!--\x00\x0b\ud800"
TOTAL = Identity("expenditure", 2021)
CLASS = Identity("expenditure", 2021, function="201")
BASIC = Identity("expenditure", 2021, function="201", nature="basic")
ABSENT = Identity("income", 2021, fund="general")


def money(text, identity=None):
    return PrintedCell(text, Decimal(text.replace(",", "")), identity)


def tree(caption="表二：支出预算表", **more):
    columns = tuple(
        PrintedColumn(role, width) for role, width in (("code", 1), ("name", 3), ("amount", 2), ("amount", 2))
    )
    header = (
        (PrintedCell("科目", colspan=2), PrintedCell("合计", rowspan=2), PrintedCell("其中：\n基本支出", rowspan=2)),
        (PrintedCell("编码"), PrintedCell("名称")),
    )
    rows = (
        PrintedRow("item", (PrintedCell("201"), PrintedCell("一般公共服务支出"), money("1,000.50", CLASS), money("600.50", BASIC))),
        PrintedRow("item", (PrintedCell("20103"), PrintedCell("政府办公厅（室）", indent=1), money("1,000.50"), PrintedCell()), 1),
        PrintedRow("total", (PrintedCell("合计", colspan=2, align="center"), money("1,000.50", TOTAL), money("600.50"))),
    )  # fmt: skip
    made = PrintedTable(
        "expenditure", "二", "支出预算表", "元", columns, header, rows, (f"编制单位：{UNIT}", "单位：元"), ("注：一。", "二。"),
        caption=caption,
    )  # fmt: skip
    return made._replace(**more)


def both_sides():
    columns = tuple(PrintedColumn(role) for role in ("label", "amount", "label", "amount"))
    header = (tuple(PrintedCell(text) for text in ("收入", "金额", "支出", "金额")),)
    rows = (
        PrintedRow("item", (PrintedCell("财政拨款"), money("1,000.50"), PrintedCell("教育支出"), PrintedCell())),
        PrintedRow(
            "total", (PrintedCell("收入总计"), money("1,000.50"), PrintedCell("支出总计"), money("1,000.50", TOTAL))
        ),
    )
    return PrintedTable("summary", "一", "收支总表", "元", columns, header, rows, ("", "单位：元"), wide=True)


def form():
    columns = tuple(PrintedColumn(role) for role in ("label", "label", "text", "text"))
    rows = (
        PrintedRow("item", (PrintedCell("项目名称"), PrintedCell("大厅导办", colspan=3, align="left"))),
        PrintedRow("item", (PrintedCell("指标", rowspan=2), PrintedCell("数量"), PrintedCell("人数\n（年）"), PrintedCell("≥98%  每月"))),
        PrintedRow("item", (PrintedCell("年度资金总额：", colspan=2, align="center"), money("340"))),
    )  # fmt: skip
    return PrintedTable("target_form", "三-1", "绩效目标表", "万元", columns, (), rows, ("（2021年度）", ""), form=True)


def publication(*blocks):
    sentence = Text((Run("支出"), Run("0.10万元", TOTAL), Run("，收入"), Run("0.10万元", ABSENT), Run("。")))
    blocks = blocks or (
        Heading(1, "第一部分 预算说明"),
        Heading(3, "1.支出"),
        sentence,
        Text((Run("一般公共服务支出"), Run("1,000.50元", CLASS), Run(" 与上年持平"))),
        Heading(1, "第二部分 报表"),
        both_sides(),
        tree(),
        form(),
    )
    return Publication(
        "2021年部门预算", UNIT, "107001", 2021, "budget", "x", ("2021年部门预算", UNIT, "2021年1月"), blocks
    )


def charts():
    slices = [
        Slice("一般公共服务支出", 900_00, (Slice("行政运行", 800_00), Slice("其他", 100_00))),
        Slice("教育", 100_50),
    ]
    return (
        treemap_chart("支出结构", slices),
        flow_chart("资金流向", slices, UNIT, slices),
        natures_chart("基本与项目", slices),
        years_chart("两年", [Change("收入", 1, 2)], 2021),
        Chart("单幅", '<svg xmlns="http://www.w3.org/2000/svg" role="img"><title>x</title><text>图中字</text></svg>'),
    )


def printed(document):
    """What a document holds: texts, and for each table the cells with their places and spans."""
    return [
        [[(cell.text, cell.place.column, cell.colspan, cell.rowspan) for cell in row] for row in block.rows]
        if isinstance(block, Grid)
        else block.text
        for block in document.blocks
    ]


def expected(made):
    """The same of a publication, in the page's order."""
    found = list(made.cover)
    for block in made.blocks:
        if not isinstance(block, PrintedTable):
            found.append(block.text)
            continue
        found += [text for text in (block.heading, *block.captions) if text]
        found.append(grid(block))
        found += block.notes
    return found


def grid(table):
    rows, taken = [], set()
    for number, cells in enumerate([*table.header, *(row.cells for row in table.rows)]):
        row, column = [], 1
        for cell in cells:
            while (number, column) in taken:
                column += 1
            row.append((cell.text.replace("  ", " \xa0").replace("\xa0", " "), column, cell.colspan, cell.rowspan))
            taken |= {(number + n, column + m) for n in range(cell.rowspan) for m in range(cell.colspan)}
        rows.append(row)
    return rows


def page(made, *drawn):
    return lxml_html.fromstring(html_of(made, drawn))


def test_page_read_back_is_the_publication_and_nothing_else():
    made = publication()
    document = read(html_of(made, charts()), "x.html")
    assert document.unread == ()
    assert printed(document) == expected(made)


def test_page_read_back_is_the_same_without_charts():
    made = publication()
    assert read(html_of(made), "x.html").blocks == read(html_of(made, charts()), "x.html").blocks


def test_tables_with_one_header_and_nothing_over_them_stay_two():
    bare = tree(caption="", title="", captions=("", ""), notes=())
    made = publication(Text((Run("一"),)), bare, bare)
    assert printed(read(html_of(made), "x.html")) == expected(made)


def test_hostile_text_is_text_everywhere():
    shown = "<script>alert(1)</script>&amp;\"'</td></table><!--"
    identity = Identity("expenditure", 2021, item=HOSTILE)
    rows = (PrintedRow("item", (PrintedCell(HOSTILE), PrintedCell(HOSTILE), money("1", identity), PrintedCell())),)
    table = tree(caption=HOSTILE, rows=rows, captions=(HOSTILE, HOSTILE), notes=(HOSTILE,), money_unit=HOSTILE)
    made = publication(Heading(1, HOSTILE), Text((Run(HOSTILE), Run(HOSTILE, identity))), table)
    made = made._replace(title=HOSTILE, unit=HOSTILE, cover=(HOSTILE, HOSTILE))
    data = html_of(made, [Chart(HOSTILE, "<svg role='img'></svg>", ((HOSTILE, HOSTILE), (HOSTILE, HOSTILE)))])
    assert b"<script" not in data
    document = printed(read(data, "x.html"))
    assert document[:4] == [shown, shown, shown, shown * 2]
    assert document[4:7] == [shown, shown, shown]
    assert document[7][2][:2] == [(shown, 1, 1, 1), (shown, 2, 1, 1)]
    assert document[8] == shown


def test_ids_are_unique_and_every_link_resolves():
    root = page(publication(), *charts())
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = root.xpath("//a/@href")
    assert len(targets) > 10
    assert all(target.startswith("#") and target[1:] in ids for target in targets)
    for name in ("aria-labelledby", "aria-describedby"):
        assert all(one in ids for value in root.xpath(f"//@{name}") for one in value.split())


def test_number_in_a_sentence_leads_to_its_cell_and_says_what_it_is():
    root = page(publication())
    total, part = root.xpath("//a[@class='fact']")
    assert total.text == "0.10万元"
    assert total.get("title") == "见“收支总表”：支出总计，金额"
    (cell,) = root.xpath(f"//*[@id='{total.get('href')[1:]}']")
    assert cell.text_content() == "1,000.50"
    assert cell.getparent().text_content() == "收入总计1,000.50支出总计1,000.50"
    assert part.get("title") == "见“表二：支出预算表”：一般公共服务支出，合计"


def test_address_of_a_fact_is_the_same_in_another_edition():
    other = publication(tree(), both_sides())
    names = {a.get("href") for a in page(publication()).xpath("//a[@class='fact']")}
    assert {name[1:] for name in names} < set(page(other).xpath("//td/@id"))


def test_number_without_a_cell_of_its_own_is_no_link():
    root = page(publication(Text((Run("收入"), Run("5元", ABSENT))), tree()))
    assert root.xpath("//a[@class='fact']") == []


def test_amounts_have_their_value_in_the_money_unit_of_the_table():
    root = page(publication())
    (cell,) = root.xpath("//div[contains(@class, 'form')]//td[data]")
    assert (cell.find("data").get("value"), cell.getparent().getparent().getparent().get("data-unit")) == (
        "340",
        "万元",
    )
    values = root.xpath("//table[@data-unit='元']//data")
    assert {(one.text, one.get("value")) for one in values} == {("1,000.50", "1000.50"), ("600.50", "600.50")}


def test_header_cells_and_names_of_rows_are_marked_as_such():
    root = page(publication())
    table = root.xpath("//table[contains(caption, '表二')]")[0]
    heads = [
        (one.text_content(), one.get("scope"), one.get("colspan"), one.get("rowspan"))
        for one in table.xpath("thead//th")
    ]
    assert heads == [
        ("科目", "colgroup", "2", None), ("合计", "col", None, "2"), ("其中：基本支出", "col", None, "2"),
        ("编码", "col", None, None), ("名称", "col", None, None),
    ]  # fmt: skip
    assert table.xpath("tbody//th[@scope='row']/text()") == ["一般公共服务支出", "政府办公厅（室）", "合计"]
    sides = root.xpath("//table[contains(caption, '收支总表')]")[0]
    assert sides.xpath("tbody//th/text()") == ["财政拨款", "教育支出", "收入总计", "支出总计"]
    target = root.xpath("//table[contains(caption, '绩效目标表')]")[0]
    assert target.xpath("tbody//th/text()") == ["项目名称", "指标", "数量", "年度资金总额："]


def test_headings_do_not_leap():
    root = page(publication(), *charts())
    levels = [int(one.tag[1]) for one in root.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_contents_list_headings_to_level_two_and_all_tables():
    items = page(publication()).xpath("//nav[@aria-label='目录']//details//a/text()")
    assert items == ["第一部分 预算说明", "第二部分 报表", "收支总表", "表二：支出预算表", "绩效目标表"]


def test_page_needs_nothing_from_elsewhere_and_runs_nothing():
    data = html_of(publication(), charts()).decode()
    root = lxml_html.fromstring(data.encode())
    assert root.get("lang") == "zh-CN"
    assert root.xpath("//script|//link|//img|//iframe|//object|//@src|//@onclick") == []
    assert "@import" not in data
    assert "url(" not in data.partition("</style>")[0]


@pytest.mark.parametrize("wide", [False, True])
def test_scrolling_regions_can_be_reached_and_are_named(wide):
    (region,) = page(publication(tree(wide=wide))).xpath("//div[@role='region']")
    assert region.get("tabindex") == "0"
    assert region.get("aria-labelledby") == "t1"
    assert ("wide" in region.get("class").split()) is wide


def test_page_of_the_usual_size_stays_small():
    """26 tables with 400 rows of seven columns and an address in nearly every one."""
    columns = tuple(PrintedColumn(role) for role in ("code", "name", *["amount"] * 5))
    rows = [
        PrintedRow(
            "item",
            (
                PrintedCell(f"{2010000 + n}"),
                PrintedCell("政府办公厅（室）及相关机构事务支出", indent=2),
                *(money(f"{63_234_665 + n * 5 + m:,}.44", Identity("expenditure", 2021, function=str(n), item=str(m))) for m in range(5)),
            ),
            2,
        )
        for n in range(400)
    ]  # fmt: skip
    size = len(rows) // 26 + 1
    parts = [tuple(rows[n : n + size]) for n in range(0, len(rows), size)]
    header = (tuple(PrintedCell(f"第{n}栏支出金额") for n in range(7)),)
    tables = [
        tree(caption=f"表{n}：支出预算表", columns=columns, header=header, rows=part) for n, part in enumerate(parts)
    ]
    prose = [Text((Run("项目支出用于完成特定的工作任务，" * 8),)) for _ in range(100)]
    assert len(html_of(publication(*prose, *tables))) < 300_000
