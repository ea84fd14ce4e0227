"""What is read from a workbook or from CSV files, and what is refused with its place."""

import io
import time
import zipfile

import openpyxl
import pytest

from tests.ledger.samples import HALL, ledger, spoilt, tables, xlsx
from zhengwu.ledger.load import LedgerError, load, read_bytes
from zhengwu.ledger.schema import SHEETS
from zhengwu.ledger.template import csv_of, workbook_of
from zhengwu.model.message import RefusedError
from zhengwu.reading.errors import UnreadableError


def problems(data):
    with pytest.raises(LedgerError) as caught:
        read_bytes(data, "bad.xlsx")
    return caught.value.problems


def places(found):
    return [(problem.sheet, problem.row, problem.column) for problem in found]


def number(value, form):
    return lambda page, row, column, book: page.write_number(row, column, value, book.add_format({"num_format": form}))


def formula(text, value):
    return lambda page, row, column, book: page.write_formula(row, column, text, None, value)


def with_part(data, part, change):
    """The workbook with the bytes of one part changed."""
    source, made = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(content) if name == part else content)
    return made.getvalue()


LINES = f"xl/worksheets/sheet{[sheet.key for sheet in SHEETS].index('lines') + 2}.xml"  # the guide is the first
MISTAKES = [
    ("text in amount", "H", "九十万", "填的是“九十万”，应为金额（元，如 1234.50）。"),
    ("amount with a unit", "H", "90万元", "填的是“90万元”，应为金额（元，如 1234.50），不带单位。"),
    ("a dash for none", "H", "—", "没有请填 0 或留空"),
    ("three decimals as a number", "H", 900000.125, "填的是 900000.125，金额最多两位小数"),
    ("three decimals as a text", "H", "900,000.125", "金额最多两位小数"),
    ("negative amount", "H", -900000, "填的是 -900000，不能为负数"),
    ("negative amount in brackets", "H", "(900,000.00)", "不能为负数"),
    ("huge amount", "H", 1e300, "请核对金额和单位"),
    ("a date in an amount", "H", number(44197, "yyyy-mm-dd"), "填的是日期，应为金额"),
    ("error value", "H", formula("=Sheet9!A1", "#REF!"), "填的是错误值 #REF!"),
    ("error spelt in a text", "F", "#N/A", "填的是错误值 #N/A"),
    ("wrong choice", "E", "项目支岀", "填的是“项目支岀”，是否应为“项目支出”？只能填：基本支出、项目支出"),
    ("code that is a date", "A", number(44197, "m/d"), "被 Excel 转成了日期，应为编码"),
    ("code with other signs", "A", "甲单位", "编码只能用数字和字母"),
    ("code with another code's name", "B", "2010399 行政运行", "编码与名称不符：2010399 是“其他政府办公厅"),
    ("code cut up by blanks", "B", "201 03 01", "应为支出功能分类编码：只用数字，中间没有空格和小数点，后面可带名称，如“2010301 行政运行”。"),
    ("code with a decimal", "B", "2010301.0", "填的是“2010301.0”，应为支出功能分类编码：只用数字"),
    ("name without its government code", "C", "办公经费", "应为政府预算支出经济分类编码：只用数字，中间没有空格和小数点，后面可带名称，如“50201 办公经费”。"),
    ("name without its departmental code", "D", "办公费", "应为部门预算支出经济分类编码：只用数字，中间没有空格和小数点，后面可带名称，如“30201 办公费”。"),
    ("separator that does not group by three", "H", "1,23.4", "填的是“1,23.4”，应为金额"),
    ("full-width separator that does not group by three", "H", "1，23.4", "填的是“1，23.4”，应为金额"),
    ("required cell empty", "A", "", "没有填写；这一列必填。"),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "value", "expected"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_cell_with_a_wrong_value_is_refused_with_its_place(letter, value, expected):
    titles = tables()["lines"][0]
    title = titles["ABCDEFGH".index(letter)]
    (found,) = problems(spoilt("lines", 5, title, value))
    assert (found.sheet, found.row, found.column) == ("支出明细", 5, f"{letter} {title}")
    assert expected in found.message.zh
    assert found.sentence.zh.startswith(f"“支出明细”表第 5 行“{letter} {title}”列：")
    assert found.sentence.en.startswith(f"sheet “lines”, row 5, column “{letter} ")


@pytest.mark.parametrize(
    "value",
    [900000, "900000", "900,000.00", "９００，０００．００", "900，000", "900，000．00", "¥900,000", " 900000.0 ", formula("=1", 900000), number(900000, "0.00")],
)  # fmt: skip
def test_amount_written_in_other_ways_is_the_same(value):
    assert read_bytes(spoilt("lines", 5, "金额", value), "sample.xlsx") == ledger()


@pytest.mark.parametrize(("stored", "amount"), [("15302800.100000001", 15302800_10), ("0.30000000000000004", 30), ("1E+3", 1000_00), ("0.28999999999999998", 29)])  # fmt: skip
def test_amount_with_the_tail_of_a_binary_number_is_exact(stored, amount):
    def change(xml):
        return xml.replace(b"<v>900000</v>", f"<v>{stored}</v>".encode())

    lines = tuple(one._replace(amount=amount) if one.amount == 900_000_00 else one for one in ledger().lines)
    income = ledger().income[0]._replace(amount=ledger().income[0].amount - 900_000_00 + amount)
    made = ledger(
        lines=lines, income=(income, ledger().income[1]), budget=ledger().budget._replace(control=None), procurement=()
    )
    whole = workbook_of(made._replace(lines=ledger().lines), "zh")
    assert read_bytes(with_part(whole, LINES, change), "sample.xlsx").lines[3].amount == amount


@pytest.mark.parametrize(
    "value", [2010399, 2010399.0, "2010399", "2010399 其他政府办公厅（室）及相关机构事务支出", "２０１０３９９"]
)
def test_code_written_in_other_ways_is_the_same(value):
    assert read_bytes(spoilt("lines", 5, "功能分类", value), "sample.xlsx") == ledger()


def test_code_shown_with_leading_zeros_keeps_them():
    sheets = tables()
    sheets["units"][2][0] = number(2, "000")
    sheets["lines"][3][0] = "002"
    assert read_bytes(xlsx(sheets), "x").units[1].code == "002"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (number(44196, "yyyy-mm-dd"), "2020年12月31日"),
        (number(44166, 'yyyy"年"m"月"'), "2020年12月"),
        ("2020年底", "2020年底"),
    ],
)
def test_date_in_a_text_cell_reads_as_published(value, expected):
    assert read_bytes(spoilt("budget", 2, "资产截止日期", value), "x").budget.asset_date == expected


@pytest.mark.parametrize(("value", "expected"), [(number(0.98, "0%"), "98%"), (123, "123"), ("≥98%", "≥98%")])
def test_number_in_a_text_cell_reads_as_shown(value, expected):
    assert read_bytes(spoilt("indicators", 2, "指标值", value), "x").indicators[0].value == expected


def test_formula_without_stored_value_is_refused():
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables().items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book["lines"]["H5"] = "=SUM(1,2)"
    stream = io.BytesIO()
    book.save(stream)
    (found,) = problems(stream.getvalue())
    assert (found.row, found.column) == (5, "H 金额")
    assert "公式，但文件里没有计算结果" in found.message.zh


def test_rows_in_disorder_with_blanks_and_columns_moved_are_found():
    sheets = tables()
    for name, rows in sheets.items():
        rows[:] = [row[::-1] for row in rows]
        if name == "lines":
            rows[2:2] = [["", "  "], [], [" "]]
    made = read_bytes(xlsx(dict(reversed(sheets.items()))), "sample.xlsx")
    assert [line.row for line in made.lines] == [2, 6, 7, 8, 9, 10]
    assert [line._replace(row=0) for line in made.lines] == [line._replace(row=0) for line in ledger().lines]


def test_sheets_and_columns_named_by_key_or_in_either_language_are_found():
    sheets = tables()
    for sheet in SHEETS:
        sheets[sheet.key][0] = [
            (column.key, column.en.upper(), f" {column.zh}* ")[number % 3]
            for number, column in enumerate(sheet.columns)
        ]
    renamed = {(sheet.key, sheet.en, sheet.zh)[number % 3]: sheets[sheet.key] for number, sheet in enumerate(SHEETS)}
    assert read_bytes(xlsx(renamed | {"Sheet1": [], "说明": [["随便"]]}), "sample.xlsx") == ledger()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_schema_names_are_unambiguous_and_fields_in_order(sheet):
    assert sheet.row._fields == (*(column.key for column in sheet.columns), "row")
    for group in (SHEETS, sheet.columns):
        owners = {}
        for one in group:
            for name in (one.key, one.zh, one.en):
                assert owners.setdefault(name.casefold(), one.key) == one.key


def test_sheet_that_is_required_missing_is_named():
    sheets = tables()
    del sheets["income"]
    (found,) = problems(xlsx(sheets))
    assert (found.sheet, found.row) == ("收入", 0)
    assert "缺少这个必需的表" in found.message.zh


def test_sheet_that_is_required_empty_is_named():
    found = problems(xlsx(tables() | {"units": tables()["units"][:1]}))
    assert ("单位", 0, "") in places(found)
    assert "没有数据" in found[0].message.zh


def test_sheet_unknown_is_refused_with_the_likely_name():
    sheets = tables()
    sheets["项目绩效目表"] = sheets.pop("targets")
    (found,) = problems(xlsx(sheets))
    assert found.sheet == "项目绩效目表"
    assert "是否应为“项目绩效目标”" in found.message.zh
    assert "支出明细" in found.message.zh


def test_sheet_standing_twice_is_refused():
    found = problems(xlsx(tables() | {"单位": tables()["units"]}))
    assert "出现了两次（又名“单位”）" in found[0].message.zh


def test_column_unknown_is_refused_with_the_likely_name():
    found = problems(spoilt("lines", 1, "项目名称", "项目名"))
    assert places(found) == [("支出明细", 1, "F 项目名")]
    assert "没有这一列，是否应为“项目名称”" in found[0].message.zh


def test_column_required_missing_is_named_once():
    sheets = tables()
    sheets["lines"] = [row[:7] for row in sheets["lines"]]
    sheets["lines"][3][4] = "随便"  # its other columns are read for their own faults
    assert places(problems(xlsx(sheets))) == [("支出明细", 1, "金额"), ("支出明细", 4, "E 支出性质")]


def test_column_without_title_but_with_content_is_refused():
    sheets = tables()
    sheets["lines"][3].append("备注")
    (found,) = problems(xlsx(sheets))
    assert places([found]) == [("支出明细", 4, "I")]


def test_ledger_with_many_problems_shows_twenty_and_counts_the_rest():
    sheets = tables()
    for count in range(30):
        sheets["duties"].append([f"职责{count}"])
        sheets["divisions"].append(["", "没有名称"])
    sheets["income"][1][1] = "多少"
    with pytest.raises(LedgerError) as caught:
        read_bytes(xlsx(sheets), "bad.xlsx")
    lines = caught.value.message.zh.split("\n")
    assert lines[0] == "台账有 31 处问题，未导入："
    assert lines[-1] == "另有 11 处。"
    assert len(lines) == 22
    assert [problem.sheet for problem in caught.value.problems[-1:]] == ["收入"]  # in the order of sheets
    assert "and 11 more" in caught.value.message.en


def test_ledger_with_every_row_wrong_stops_in_bounds():
    sheets = tables()
    sheets["lines"] += [["x"] * 8] * 5_000
    with pytest.raises(LedgerError, match="台账有 至少 5,0") as caught:
        read_bytes(xlsx(sheets), "bad.xlsx")
    assert len(caught.value.problems) < 5_100


@pytest.mark.parametrize(
    "row",
    ['<row r="{}" spans="1:8" ht="20"/>', '<row r="{}"></row>', '<row r="{0}"><c r="A{0}" s="1"/><c r="B{0}" s="1"/></row>', "<row/>"],
    ids=["bare", "closed", "formatted", "unplaced"],
)  # fmt: skip
def test_sheet_with_a_million_empty_rows_is_read_fast(row):
    def change(xml):
        first, end, rest = xml.partition(b"</sheetData>")
        return first + "".join(row.format(number) for number in range(20, 1_048_577)).encode() + end + rest

    data = with_part(workbook_of(ledger(), "zh"), LINES, change)
    begun = time.process_time()
    assert read_bytes(data, "sample.xlsx") == ledger()
    assert time.process_time() - begun < 60  # some one or two seconds; the machine may be slow


def test_csv_in_gb18030_is_read(tmp_path):
    for name, data in csv_of(ledger(), "zh").items():
        text = data.decode("utf-8-sig").replace("≥", "不低于").replace("〔", "（").replace("〕", "）")
        (tmp_path / name).write_bytes(text.encode("gb18030"))
    assert load(tmp_path).lines == ledger().lines


def test_csv_with_a_wrong_cell_names_file_row_and_column(tmp_path):
    for name, data in csv_of(ledger(), "zh").items():
        (tmp_path / name).write_bytes(data.replace(b"900000.00", b"900000.001") if name == "lines.csv" else data)
    with pytest.raises(LedgerError) as caught:
        load(tmp_path)
    assert places(caught.value.problems) == [("支出明细", 5, "金额")]


def test_csv_with_an_open_quote_is_refused(tmp_path):
    (tmp_path / "lines.csv").write_text('单位代码,"金额\n1,2\n', encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"lines\.csv 第 1 行的引号不成对"):
        load(tmp_path)


def test_folder_without_csv_is_refused(tmp_path):
    (tmp_path / "readme.txt").write_text("x", encoding="utf-8")
    with pytest.raises(RefusedError, match="没有 CSV 文件"):
        load(tmp_path)


def test_path_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(UnreadableError, match="文件不存在"):
        load(tmp_path / "none.xlsx")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a,b\n1,2\n", "CSV 台账请给出包含各表 CSV 文件的文件夹"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "这是 .html 文件"),
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n0000", "PNG 图片"),
        (workbook_of(ledger(), "zh")[:20_000], "已损坏"),
    ],
    ids=["csv", "html", "empty", "picture", "cut"],
)
def test_file_that_is_no_workbook_is_refused(data, expected):
    with pytest.raises(RefusedError, match=expected):
        read_bytes(data, "x")


def test_workbook_with_a_document_type_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    data = with_part(workbook_of(ledger(), "zh"), LINES, lambda xml: bomb + xml.partition(b"?>")[2])
    with pytest.raises(UnreadableError, match="DTD"):
        read_bytes(data, "x")


def test_workbook_with_a_sheet_cut_short_is_refused():
    data = with_part(workbook_of(ledger(), "zh"), LINES, lambda xml: xml[: len(xml) // 2])
    with pytest.raises(UnreadableError, match=r"工作表“支出明细”第 . 行附近已损坏"):
        read_bytes(data, "x")


def test_rows_that_depend_on_a_wrong_sheet_are_not_accused_too():
    sheets = tables()
    sheets["projects"][1][1] = "也许"  # this row is lost: its lines and targets are not at fault
    (found,) = problems(xlsx(sheets))
    assert places([found]) == [("项目", 2, "B 申报绩效目标")]
    assert HALL not in found.message.zh
