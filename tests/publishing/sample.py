"""A made-up budget as a Publication: every kind of table that the writers must print. Its figures add up."""

from decimal import Decimal

from zhengwu.model.document import Cell, Document, Grid, Paragraph
from zhengwu.publishing.publication import (
    Block,
    Heading,
    PrintedCell,
    PrintedColumn,
    PrintedRow,
    PrintedTable,
    Publication,
    Run,
    Text,
)

UNIT = "云溪市政务数据服务中心"


def money(value: str | int) -> PrintedCell:
    """An amount, printed with thousands and two decimals."""
    number = Decimal(value)
    return PrintedCell(f"{number:,.2f}", number)


def head(text: str, colspan: int = 1, rowspan: int = 1) -> PrintedCell:
    return PrintedCell(text, colspan=colspan, rowspan=rowspan)


def columns(*roles: str, widths: tuple[float, ...] = ()) -> tuple[PrintedColumn, ...]:
    return tuple(PrintedColumn(role, width) for role, width in zip(roles, widths or (1.0,) * len(roles), strict=True))


# Code, name, basic expenditure, projects; the parents are sums.
_TREE = (
    ("201", "一般公共服务支出", 0, 18_560_340, 9_215_000),
    ("20103", "政府办公厅（室）及相关机构事务", 1, 18_560_340, 9_215_000),
    ("2010301", "行政运行", 2, 18_560_340, 0),
    ("2010302", "一般行政管理事务", 2, 0, 9_215_000),
    ("208", "社会保障和就业支出", 0, 2_104_800, 0),
    ("20805", "行政事业单位养老支出", 1, 2_104_800, 0),
    ("2080505", "机关事业单位基本养老保险缴费支出", 2, 1_403_200, 0),
    ("2080506", "机关事业单位职业年金缴费支出", 2, 701_600, 0),
)


def tree() -> PrintedTable:
    """A tree of functional codes with three amounts and a total at its end."""
    rows = [
        PrintedRow(
            "item",
            (PrintedCell(code), PrintedCell(name, indent=level), money(basic + project), money(basic), money(project)),
            level,
        )
        for code, name, level, basic, project in _TREE
    ]
    total = (PrintedCell("合计", colspan=2), money(29_880_140), money(20_665_140), money(9_215_000))
    return PrintedTable(
        "expenditure",
        "三",
        "部门支出总体情况表",
        "元",
        columns("code", "name", "amount", "amount", "amount", widths=(1, 2.4, 1.4, 1.4, 1.4)),
        (tuple(map(head, ("科目编码", "科目名称", "合计", "基本支出", "项目支出"))),),
        (*rows, PrintedRow("total", total)),
        captions=(f"编制单位：{UNIT}", "单位：元"),
        notes=("注：本表按支出功能分类科目编列到项级，合计数等于各类级科目之和。",),
        caption="表三：部门支出总体情况表",
    )


def summary() -> PrintedTable:
    """Income on the left, expenditure on the right."""
    left = (("一、一般公共预算财政拨款", 29_380_140), ("二、政府性基金预算财政拨款", 0), ("三、其他收入", 500_000))
    right = (("一、一般公共服务支出", 27_775_340), ("二、社会保障和就业支出", 2_104_800))
    rows = []
    for index, (name, amount) in enumerate(left):
        other = right[index] if index < len(right) else None
        rows.append(
            PrintedRow(
                "item",
                (
                    PrintedCell(name),
                    money(amount),
                    PrintedCell(other[0] if other else ""),
                    money(other[1]) if other else PrintedCell(),
                ),
            )
        )
    total = (PrintedCell("本年收入合计"), money(29_880_140), PrintedCell("本年支出合计"), money(29_880_140))
    return PrintedTable(
        "summary",
        "一",
        "部门收支总体情况表",
        "元",
        columns("label", "amount", "label", "amount", widths=(2, 1.2, 2, 1.2)),
        ((head("收入", 2), head("支出", 2)), tuple(map(head, ("项目", "预算数", "项目", "预算数")))),
        (*rows, PrintedRow("total", total)),
        captions=("", "单位：元"),
        caption="表一：部门收支总体情况表",
    )


def stacked() -> PrintedTable:
    """A header of three levels whose cells span rows and columns."""
    items = (
        ("201", "03", "01", "行政运行", "中心机关", 18_560_340, 0),
        ("201", "03", "02", "一般行政管理事务", "政务云平台运行维护", 0, 6_015_000),
        ("201", "03", "02", "一般行政管理事务", "公共数据资源目录编制", 0, 3_200_000),
        ("208", "05", "05", "机关事业单位基本养老保险缴费支出", "中心机关", 1_403_200, 0),
        ("208", "05", "06", "机关事业单位职业年金缴费支出", "中心机关", 701_600, 0),
    )
    rows = [
        PrintedRow("item", (*map(PrintedCell, item[:5]), money(item[5] + item[6]), money(item[5]), money(item[6])))
        for item in items
    ]
    total = (head("合计", 5), money(29_880_140), money(20_665_140), money(9_215_000))
    return PrintedTable(
        "detail",
        "九",
        "支出预算明细表",
        "元",
        columns(
            *("code", "code", "code", "name", "project", "amount", "amount", "amount"),
            widths=(0.7, 0.6, 0.6, 2.4, 2.2, 1.6, 1.6, 1.6),
        ),
        (
            (head("项目", 5), head("支出预算", 3)),
            (
                head("功能分类科目编码", 3),
                head("功能分类科目名称", rowspan=2),
                head("项目名称", rowspan=2),
                head("合计", rowspan=2),
                head("其中：基本支出", rowspan=2),
                head("其中：项目支出", rowspan=2),
            ),
            (head("类"), head("款"), head("项")),
        ),
        (*rows, PrintedRow("total", total)),
        captions=(f"编制单位：{UNIT}", "单位：元"),
        caption="表九：支出预算明细表",
        wide=True,
    )


def ledger(count: int = 60, wide: bool = True) -> PrintedTable:
    """A table of ``count`` rows, over several pages."""
    rows, sums = [], [0, 0, 0]
    for number in range(1, count + 1):
        parts = [number * 1_357_911 % 9_000_000, number * 24_681_357 % 700_000]
        amounts = [sum(parts), *parts]
        sums = [a + b for a, b in zip(sums, amounts, strict=True)]
        rows.append(
            PrintedRow(
                "item",
                (
                    PrintedCell(str(number)),
                    PrintedCell(f"2010{300 + number}"),
                    PrintedCell(
                        f"第{number}号数据归集与共享交换项目" + "（含接口改造、质量核验和安全测评）" * (number % 5 == 0)
                    ),
                    PrintedCell("委托业务费"),
                    *map(money, amounts),
                    PrintedCell("" if number % 3 else "政府采购"),
                ),
            )
        )
    total = (head("合计", 4), *map(money, sums), PrintedCell())
    return PrintedTable(
        "projects",
        "十",
        "项目支出明细表",
        "元",
        columns(
            *("code", "code", "project", "name", "amount", "amount", "amount", "text"),
            widths=(0.6, 1, 3, 1.3, 1.5, 1.5, 1.5, 1),
        ),
        (
            (
                *(head(text, rowspan=2) for text in ("序号", "科目编码", "项目名称", "经济分类")),
                *(head("金额", 3), head("备注", rowspan=2)),
            ),
            (head("合计"), head("财政拨款"), head("其他资金")),
        ),
        (*rows, PrintedRow("total", total)),
        captions=(f"编制单位：{UNIT}", "单位：元"),
        caption="表十：项目支出明细表",
        wide=wide,
    )


_GOAL = (
    "保障政务云平台全年稳定运行，为全市六十二个部门的业务系统提供计算、存储和安全服务；"
    "建成统一的公共数据资源目录，完成一千二百项数据资源的编目、挂接和质量核验，使跨部门共享的需求在三个工作日内得到答复。"
)
_INDICATORS = (
    ("产出指标", "数量指标", "完成编目的数据资源", "≥1200项"),
    ("产出指标", "数量指标", "保障的业务系统", "186个"),
    ("产出指标", "质量指标", "数据资源质量核验通过率", "≥98%"),
    ("产出指标", "质量指标", "云平台可用率", "≥99.9%"),
    ("产出指标", "时效指标", "共享需求答复时间", "≤3个工作日"),
    ("产出指标", "成本指标", "项目总成本", "控制在921.5万元以内"),
    ("效果指标", "社会效益指标", "减少群众重复提交的材料", "比上年减少二成，让群众少跑路、少填表"),
    ("效果指标", "可持续影响指标", "数据更新机制", "建立按月更新、按季核验的长效机制"),
    ("效果指标", "服务对象满意度指标", "使用部门满意度", "≥95%"),
)


def form() -> PrintedTable:
    """A form of targets: labels and values, indicators in three levels."""
    rows = [
        (head("项目名称"), head("政务云平台和数据目录", 4)),
        (head("主管部门"), head(UNIT, 2), head("实施单位"), head(UNIT)),
        (head("项目资金\n（万元）", rowspan=3), head("年度资金总额", 2), head("921.50", 2)),
        (head("其中：财政拨款", 2), head("871.50", 2)),
        (head("其他资金", 2), head("50.00", 2)),
        (head("总体目标"), PrintedCell(_GOAL, colspan=4, align="left")),
        (head("绩效指标", rowspan=10), head("一级指标"), head("二级指标"), head("三级指标"), head("指标值")),
    ]
    before = ("", "")
    for first, second, third, value in _INDICATORS:
        row = []
        if first != before[0]:
            row.append(head(first, rowspan=sum(one[0] == first for one in _INDICATORS)))
        if (first, second) != before:
            row.append(head(second, rowspan=sum(one[:2] == (first, second) for one in _INDICATORS)))
        rows.append((*row, PrintedCell(third, align="left"), PrintedCell(value, align="left")))
        before = (first, second)
    return PrintedTable(
        "targets",
        "十三-1",
        "项目支出绩效目标表",
        "万元",
        columns("label", "label", "label", "label", "text", widths=(1, 1.1, 1.3, 2, 2.4)),
        (),
        tuple(PrintedRow("item", row) for row in rows),
        captions=("（2026年度）", "金额单位：万元"),
        caption="表十三-1：项目支出绩效目标表",
        form=True,
    )


def empty() -> PrintedTable:
    """A table without money, and the statement that there is none."""
    return PrintedTable(
        "government_fund",
        "八",
        "政府性基金预算支出情况表",
        "元",
        columns("code", "name", "amount", "amount", "amount", widths=(1, 2.4, 1.4, 1.4, 1.4)),
        (tuple(map(head, ("科目编码", "科目名称", "合计", "基本支出", "项目支出"))),),
        (PrintedRow("total", (PrintedCell(), PrintedCell("合计"), money(0), money(0), money(0))),),
        captions=(f"编制单位：{UNIT}", "单位：元"),
        notes=("说明：本单位2026年没有使用政府性基金预算拨款安排的支出，故本表为空表。",),
        caption="表八：政府性基金预算支出情况表",
    )


def said(*parts: str) -> Text:
    return Text(tuple(map(Run, parts)))


def blocks() -> tuple[Block, ...]:
    return (
        Heading(1, "第一部分 单位概况"),
        Heading(2, "一、主要职责"),
        said(
            f"{UNIT}负责全市政务云平台的建设和运行维护，承担公共数据的归集、治理、共享和开放，",
            "为各部门的业务系统提供计算、存储和安全服务，并组织数据资源目录的编制和更新。",
        ),
        said("中心设综合科、平台运行科、数据资源科三个内设机构，编制36人，实有33人。"),
        Heading(2, "二、预算收支情况说明"),
        Heading(3, "（一）收入预算说明"),
        said(
            "2026年收入预算",
            "29,880,140.00",
            "元，比2025年的28,012,631.25元增加1,867,508.75元，增长6.67%，主要原因是政务云平台扩容后运行维护的费用增加。",
        ),
        Heading(3, "（二）支出预算说明"),
        Heading(4, "1.基本支出"),
        said("基本支出预算20,665,140.00元，占支出预算的69.16%。"),
        Heading(4, "2.项目支出"),
        said("项目支出预算9,215,000.00元，占支出预算的30.84%，共安排2个项目。"),
        Heading(1, "第二部分 预算报表"),
        summary(),
        tree(),
        empty(),
        stacked(),
        ledger(),
        form(),
        Heading(1, "第三部分 名词解释"),
        said("基本支出：为保障机构正常运转、完成日常工作任务而发生的人员支出和公用支出。"),
    )


def publication(*given: Block) -> Publication:
    """The made-up budget, or the given blocks under its cover."""
    return Publication(
        f"{UNIT}2026年单位预算",
        UNIT,
        "118031",
        2026,
        "budget",
        "beijing-budget",
        (f"{UNIT}2026年单位预算", UNIT, "2026年2月"),
        given or blocks(),
    )


Shown = str | list[list[tuple[str, int, int, int]]]


def printed(published: Publication) -> list[Shown]:
    """What a reader must find behind the contents: paragraphs, and tables as (text, column, colspan, rowspan)."""
    found: list[Shown] = []
    for block in published.blocks:
        if isinstance(block, PrintedTable):
            found.append(block.heading)
            if any(block.captions):
                found.append(" ".join(filter(None, block.captions)))
            found.append(_grid(block))
            found.extend(block.notes)
        else:
            found.append(block.text)
    return found


def _grid(table: PrintedTable) -> list[list[tuple[str, int, int, int]]]:
    taken: set[tuple[int, int]] = set()
    rows = []
    for number, cells in enumerate((*table.header, *(row.cells for row in table.rows))):
        row, column = [], 0
        for cell in cells:
            while (number, column) in taken:
                column += 1
            row.append((cell.text, column + 1, cell.colspan, cell.rowspan))
            taken |= {(number + y, column + x) for y in range(cell.rowspan) for x in range(cell.colspan)}
        rows.append(row)
    return rows


def as_read(document: Document) -> list[Shown]:
    """The same from what was read, from the first block of the narrative on."""
    return [_shown(block) for block in document.blocks]


def _shown(block: Paragraph | Grid) -> Shown:
    def cell(one: Cell) -> tuple[str, int, int, int]:
        return one.text, one.place.column or 0, one.colspan, one.rowspan

    return block.text if isinstance(block, Paragraph) else [[cell(one) for one in row] for row in block.rows]
