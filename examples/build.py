"""Writes faulty-budget.txt and faulty-budget.docx: one short budget with seven planted defects.

Run it after a change: .venv/bin/python examples/build.py. The defects are listed in README.md beside it.
"""

from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

HERE = Path(__file__).parent
UNIT = "示例区政务服务管理局"
FUNCTIONS = [  # code, name, basic, project
    ("201", "一般公共服务支出", "10,487,612.96", "44,933,055.70"),
    ("20103", "政府办公厅（室）及相关机构事务", "10,487,612.96", "44,933,055.70"),
    ("2010301", "行政运行", "10,487,612.96", ""),
    ("2010302", "一般行政管理事务", "", "105,984.70"),
    ("2010399", "其他政府办公厅（室）及相关机构事务支出", "", "44,827,071.00"),
    ("205", "教育支出", "41,616.00", ""),
    ("20508", "进修及培训", "41,616.00", ""),
    ("2050803", "培训支出", "41,616.00", ""),
    ("206", "科学技术支出", "", "2,831,069.50"),
    ("20699", "其他科学技术支出", "", "2,831,069.50"),
    ("2069999", "其他科学技术支出", "", "2,831,069.50"),
    ("208", "社会保障和就业支出", "1,907,977.28", ""),
    ("20805", "行政事业单位养老支出", "1,907,977.28", ""),
    ("2080501", "行政单位离退休", "13,400.00", ""),
    ("2080505", "机关事业单位基本养老保险缴费支出", "1,263,051.52", ""),
    ("2080506", "机关事业单位职业年金缴费支出", "631,525.76", ""),
    ("210", "卫生健康支出", "1,026,229.36", ""),
    ("21011", "行政事业单位医疗", "1,026,229.36", ""),
    ("2101101", "行政单位医疗", "1,026,229.36", ""),
    ("221", "住房保障支出", "2,007,104.64", ""),
    ("22102", "住房改革支出", "2,007,104.64", ""),
    ("2210201", "住房公积金", "1,050,968.64", ""),
    ("2210203", "购房补贴", "956,136.00", ""),
]
ECONOMIC = [  # code, name, personnel, public
    ("301", "工资福利支出", "13,594,224.00", ""),
    ("30101", "基本工资", "1,865,088.00", ""),
    ("30102", "津贴补贴", "6,661,166.00", ""),
    ("30103", "奖金", "864,000.00", ""),
    ("30108", "机关事业单位基本养老保险缴费", "1,263,051.52", ""),
    ("30109", "职业年金缴费", "631,525.76", ""),
    ("30112", "其他社会保障缴费", "1,105,170.08", ""),
    ("30113", "住房公积金", "1,050,968.64", ""),
    ("30199", "其他工资福利支出", "153,254.00", ""),
    ("302", "商品和服务支出", "", "1,483,396.24"),
    ("30201", "办公费", "", "115,200.00"),
    ("30205", "水费", "", "19,200.00"),
    ("30206", "电费", "", "129,600.00"),
    ("30207", "邮电费", "", "49,000.00"),
    ("30211", "差旅费", "", "31,008.00"),
    ("30213", "维修（护）费", "", "9,600.00"),
    ("30215", "会议费", "", "12,240.00"),
    ("30216", "培训费", "", "41,616.00"),
    ("30217", "公务接待费", "", "5,221.56"),
    ("30228", "工会经费", "", "147,324.96"),
    ("30229", "福利费", "", "162,432.00"),
    ("30239", "其他交通费用", "", "371,520.00"),
    ("30299", "其他商品和服务支出", "", "389,433.72"),
    ("303", "对个人和家庭的补助", "392,920.00", ""),
    ("30302", "退休费", "11,020.00", ""),
    ("30399", "其他对个人和家庭的补助", "381,900.00", ""),
]
TOTAL, BASIC, PROJECT = "63,234,665.44", "15,470,540.24", "47,764,125.20"


def _sum(*amounts: str) -> str:
    from decimal import Decimal

    return f"{sum(Decimal(amount.replace(',', '')) for amount in amounts if amount):,}"


def _functional_rows() -> list[list[str]]:
    rows = [[code, name, _sum(basic, project), basic, project] for code, name, basic, project in FUNCTIONS]
    return [*rows, ["", "合计", TOTAL, BASIC, PROJECT]]


def _classes() -> list[tuple[str, str]]:
    return [(name, _sum(basic, project)) for code, name, basic, project in FUNCTIONS if len(code) == 3]


def tables() -> list[tuple[str, str, list[list[str]], str]]:
    """(title, money unit, rows, statement under it), the first row being the header."""
    classes = _classes()
    functional = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    marks = "一二三四五六"
    summary = [["收入项目", "预算数", "支出项目", "预算数"]]
    sources = [("一、财政拨款收入", TOTAL), ("1. 一般公共预算资金", TOTAL), ("2. 政府性基金", ""),
               ("3. 国有资本经营预算", ""), ("二、事业收入", ""), ("三、其他收入", "")]  # fmt: skip
    for number, ((source, amount), (name, spent)) in enumerate(zip(sources, classes, strict=True)):
        summary.append([source, amount, f"{marks[number]}、{name}", spent])
    summary.append(["收入总计", TOTAL, "支出总计", TOTAL])
    summary[5][2] = "五、医疗卫生与计划生育支出"  # defect 1: the name of an older classification

    income = [["科目编码", "科目名称", "合计", "财政拨款收入", "事业收入", "其他收入"]]
    income += [[row[0], row[1], row[2], row[2], "", ""] for row in _functional_rows()]

    expenditure = [functional, *_functional_rows()]
    expenditure[5] = [
        *expenditure[5][:2],
        "44,827,071.00",
        "",
        "44,872,071.00",
    ]  # defect 2: two digits swapped

    fiscal = [["收入项目", "预算数", "支出项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]]
    for number, (name, spent) in enumerate(classes):
        source = ("一、一般公共预算资金", TOTAL) if number == 0 else ("", "")
        source = (
            [("一、一般公共预算资金", TOTAL), ("二、政府性基金", ""), ("三、国有资本经营预算", "")][number]
            if number < 3
            else source
        )
        fiscal.append([*source, f"{marks[number]}、{name}", spent, spent, "", ""])
    fiscal.append(["收入总计", TOTAL, "支出总计", TOTAL, TOTAL, "", ""])

    basic = [["科目编码", "经济分类科目名称", "合计", "人员经费", "公用经费"]]
    basic += [[code, name, _sum(people, public), people, public] for code, name, people, public in ECONOMIC]
    basic.append(["", "合计", BASIC, "13,987,144.00", "1,483,396.24"])

    three = [
        ["“三公”经费合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费", "机关运行经费"],
        ["5,221.56", "0.00", "5,221.56", "0.00", "1,068,840.24"],
    ]
    empty = [functional, ["", "", "", "", ""], ["", "合计", "", "", ""]]
    return [
        ("2021年部门财务收支预算总表", "元", summary, ""),
        ("2021年部门收入预算总表", "元", income, ""),
        ("2021年部门支出预算总表", "元", expenditure, ""),
        ("2021年部门财政拨款收支预算总表", "元", fiscal, ""),
        ("2021年部门一般公共预算支出功能分类预算表", "元", [functional, *_functional_rows()], ""),
        (
            "2021年部门政府性基金预算支出功能分类预算表",
            "元",
            empty,
            "注：本部门2021年没有政府性基金预算安排的支出，故本表为空表。",
        ),
        (
            "2021年部门国有资本经营预算支出功能分类预算表",
            "元",
            empty,
            "注：本部门2021年没有国有资本经营预算安排的支出，故本表为空表。",
        ),
        ("2021年部门一般公共预算基本支出部门预算经济分类预算表", "元", basic, ""),
        # defect 3: figures in yuan under a label that says ten thousand yuan
        ("2021年部门“三公”经费和机关运行经费预算表", "万元", three, ""),
    ]


TEXT = [
    ("title", "2021年部门预算"),
    ("caption", f"编制部门：{UNIT}"),
    ("heading", "一、主要职能"),
    ("text", "本部门管理政务服务大厅、咨询热线、政府网站和机房，实有人员47人。"),
    ("heading", "二、部门预算编制说明"),
    # defect 4: last year's parts do not make last year's total
    ("text", "2021年收入预算63,234,665.44元。2020年收入预算63,268,913.02元，比2020年减少34,247.58元，下降0.05%。"),
    # defect 5: the share that the amounts give is 24.47 %
    ("text", "2021年基本支出预算15,470,540.24元，占总支出预算的24.74%，比2020年13,176,216.96元增加2,294,323.28元，上升17.41%，"
     "主要原因是社会保险缴费基数调整。"),
    # defect 6: 项目支出 fell, the sentence says it rose
    ("text", "2021年项目支出预算47,764,125.20元，占总支出预算的75.53%，比2020年48,968,896.06元增加1,204,770.86元，上升2.46%，"
     "主要原因是压缩购买服务。"),
    ("heading", "三、“三公”经费预算情况"),
    ("text", "2021年“三公”经费预算5,221.56元，其中：因公出国（境）费0元，公务接待费5,221.56元，公务用车购置及运行费0元。"),
    # defect 7: a choice of the template that was not made
    ("text", "2021年机关运行经费1,068,840.24元，比2020年812,725.60元增加（减少）256,114.64元。"),
    ("heading", "四、其他情况说明"),
    ("text", "2021年政府采购项目4个，采购预算40,109,649.50元。政府购买服务6项，预算25,147,380.00元。"
     "申报绩效目标的6项支出共45,281,249.50元，占项目支出预算47,764,125.20元的94.80%。"),
    ("heading", "五、部门预算表"),
]  # fmt: skip


def write_txt(path: Path) -> None:
    """The text that a Word export gives: one cell a line, a tab before each cell."""
    lines: list[str] = []
    for _, text in TEXT:
        lines += [text, ""]
    for title, unit, rows, note in tables():
        lines += [title, "", f"单位：{unit}", ""]
        for row in rows:
            lines += ["\t" + cell for cell in row] + [""]
        lines += ["", note, ""] if note else [""]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_docx(path: Path) -> None:
    """The same as a Word document."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name = "SimSun"
    style.font.size = Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")
    for kind, text in TEXT:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        if kind == "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run.font.size = Pt(18)
        run.bold = kind in ("title", "heading")
        if kind == "text":
            paragraph.paragraph_format.first_line_indent = Pt(21)
    for title, unit, rows, note in tables():
        heading = document.add_paragraph()
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.page_break_before = len(rows) > 12
        heading.paragraph_format.keep_with_next = True
        heading.add_run(title).bold = True
        label = document.add_paragraph(f"单位：{unit}")
        label.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        label.paragraph_format.keep_with_next = True
        table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        for number, row in enumerate(rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                paragraph = cell.paragraphs[0]
                run = paragraph.add_run(text)
                run.font.size = Pt(9)
                run.bold = number == 0
                if number == 0:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                elif (
                    text[:1].isdigit()
                    and "." in text
                    and "、" not in text
                    and not text.startswith(("1. ", "2. ", "3. "))
                ):
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if note:
            document.add_paragraph(note)
    document.core_properties.author = "zhengwu"
    document.save(str(path))


if __name__ == "__main__":
    write_txt(HERE / "faulty-budget.txt")
    write_docx(HERE / "faulty-budget.docx")
