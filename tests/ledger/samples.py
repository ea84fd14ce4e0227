"""A small ledger that fits in itself, and what the tests make of it."""

import io
from decimal import Decimal

import xlsxwriter

from zhengwu.ledger import model as m
from zhengwu.ledger.schema import SHEETS
from zhengwu.ledger.template import csv_of

HALL, HOTLINE = "大厅引导服务", "热线服务"


def ledger(**changes):
    """A ledger without a fault; ``changes`` replace its sheets (a tuple of rows, or the budget)."""
    made = m.Ledger(
        "sample.xlsx",
        m.Budget(2021, "107001", "北京市某区政务服务管理局", "department", "beijing-xicheng-budget", 3_000_000_00, "2020年12月31日"),
        units=(m.Unit("107001", "局本级", "agency", 30, staff=28), m.Unit("107002", "服务中心", "institution")),
        duties=(m.Duty("负责政务服务。"), m.Duty("负责热线。\n含夜间值守。")),
        divisions=(m.Division("办公室", "文电、会务。"), m.Division("业务科", "")),
        income=(
            m.Income("general", 2_560_000_50, 2_400_000_00, 10_000_00),
            m.Income("carryover.general", 50_000_00, 0),
        ),
        lines=(
            m.Line("107001", "2010301", "50101", "30101", "basic", "", "general", 1_000_000_00),
            m.Line("107001", "2010301", "50206", "30217", "basic", "", "general", 5_000_00),
            m.Line("107002", "2010350", "50501", "30101", "basic", "", "general", 245_000_50),
            m.Line("107001", "2010399", "50205", "30227", "project", HALL, "general", 900_000_00),
            m.Line("107001", "2010399", "50205", "30227", "project", HALL, "carryover.general", 50_000_00),
            m.Line("107001", "2010399", "50201", "30201", "project", HOTLINE, "general", 400_000_00),
        ),
        last_year=(m.LastYear("basic", 1_200_000_00), m.LastYear("project", 1_200_000_00), m.LastYear("operating", 80_000_00)),
        three_public=(m.ThreePublic("reception", 5_000_00), m.ThreePublic("car_operation", 100_00, 1, 0, "车辆报废")),
        procurement=(m.Procurement(HALL, "services", 800_000_00, 300_000_00),),
        catalogue=(m.Catalogue("A", "基本公共服务"), m.Catalogue("A23", "公共信息"), m.Catalogue("A2316", "政务咨询")),
        purchased=(m.Purchased("20212990010002", "A2316", HOTLINE),),
        transfers=(m.Transfer(HOTLINE, "财预指〔2020〕1号"),),
        assets=(m.Asset("cars", 3, 500_000_00), m.Asset("fixed", value=12_345_678_90)),
        projects=(m.Project(HALL, True, "业务科", "延续性", "1年", "概述", "依据", "方案"), m.Project(HOTLINE, False)),
        department_targets=(m.DepartmentTarget("goal", "", "提高效率。"), m.DepartmentTarget("indicator", "满意度", "≥95%")),
        targets=(m.Target(HALL, 2021, 2023, 2_700_000_00, None, "三年目标", "年度目标"),),
        indicators=(
            m.Indicator(HALL, "annual", "quantity", "上岗人数", "123人"),
            m.Indicator(HALL, "midterm", "satisfaction", "满意度", "≥98%/月"),
        ),
        reasons=(m.Reason("basic", "人员增加"),),
        evaluations=(m.Evaluation(2020, "往年项目", Decimal("84.5")),),
        purposes=(m.Purpose("2010301", "保障机构运转"),),
        codes=(m.ExtraCode("function", "2010398", "新设科目"),),
    )  # fmt: skip
    return numbered(made._replace(**changes))


def numbered(made):
    """The ledger with the rows in which a workbook has them."""
    rows = {
        sheet.key: tuple(row._replace(row=number) for number, row in enumerate(getattr(made, sheet.key), 2))
        for sheet in SHEETS
        if sheet.key != "budget"
    }
    return made._replace(budget=made.budget._replace(row=2), **rows)


def tables(made=None):
    """The ledger as {sheet key: rows of texts}, the header first, to be spoilt and written again."""
    import csv

    files = csv_of(made or ledger(), "zh")
    return {
        name.removesuffix(".csv"): list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        for name, data in files.items()
    }


def xlsx(sheets):
    """A workbook of {sheet name: rows of values}; texts that look like amounts stay texts. A value that is a
    function is called with the sheet, row, column and book."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if callable(value):
                    value(page, row, column, book)
                elif isinstance(value, str):
                    page.write_string(row, column, value)
                elif value is not None:
                    page.write(row, column, value)
    book.close()
    return stream.getvalue()


def spoilt(sheet, row, column, value):
    """A workbook of the sample whose cell (sheet key, row as shown, title of the column) holds ``value``."""
    sheets = tables()
    sheets[sheet][row - 1][sheets[sheet][0].index(column)] = value
    return xlsx(sheets)
