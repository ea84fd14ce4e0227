"""The workbook holds what the publication says: as read again, as recalculated, however hostile its texts are."""

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.publishing import sample
from tests.publishing.reprint import amount, as_document, reprinted, text_of
from tests.support.real import real
from zhengwu.model.document import Document, Grid, Paragraph
from zhengwu.model.message import RefusedError
from zhengwu.publishing.as_document import document_of
from zhengwu.publishing.as_xlsx import xlsx_of
from zhengwu.publishing.formulas import formulas_of
from zhengwu.publishing.publication import (
    Heading,
    PrintedCell,
    PrintedColumn,
    PrintedRow,
    PrintedTable,
    Publication,
    placed,
)
from zhengwu.publishing.xlsx_layout import MAX_HEIGHT, layout_of, sheet_name, sum_formula
from zhengwu.reading import read, read_path
from zhengwu.recognition.understand import understand

EXAMPLE = Path(__file__).parents[2] / "examples" / "faulty-budget.docx"


def table(*rows: PrintedRow, **more: object) -> PrintedTable:
    columns = (PrintedColumn("code"), PrintedColumn("name", 2), PrintedColumn("amount"), PrintedColumn("amount"))
    header = (
        (PrintedCell("科目", colspan=2), PrintedCell("金额", colspan=2)),
        (PrintedCell("科目编码"), PrintedCell("科目名称"), PrintedCell("基本支出"), PrintedCell("项目支出")),
    )
    return PrintedTable(
        "expenditure", "三", "部门支出总体情况表", "元", columns, header, rows,
        ("编制单位：某某局", "单位：元"), caption="表三：部门支出总体情况表",
    )._replace(**more)  # fmt: skip


def publication(*blocks: object) -> Publication:
    return Publication(
        "某某局2021年部门预算", "某某局", "107001", 2021, "budget", "", ("某某局2021年部门预算", "2021年1月"), blocks
    )  # type: ignore[arg-type]


def item(code: str, name: str, *amounts: str, kind: str = "item") -> PrintedRow:
    return PrintedRow(kind, (PrintedCell(code), PrintedCell(name), *(amount(text) for text in amounts)))


SMALL = publication(
    Heading(1, "第一部分 预算说明"),
    text_of("2021年支出预算1,234.50元。"),
    table(
        item("201", "一般公共服务支出", "1,234.50", "0.00"),
        item("20103", "政府办公厅（室）及相关机构事务", "1,234.50", "0.00"),
        PrintedRow("total", (PrintedCell("合计", colspan=2), amount("1,234.50"), PrintedCell())),
        notes=("注：本表为全部支出。",),
    ),
)


def contents(document: Document) -> list[object]:
    """Paragraphs, and grids as the texts and spans of their cells, in order."""
    found: list[object] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found.append([[(cell.text.strip(), cell.colspan, cell.rowspan) for cell in row] for row in block.rows])
    return found


def said(document: Document) -> list[object]:
    return sorted((fact.value, fact.last_place, fact.identity or (), fact.quote, fact.table) for fact in understand(document).facts)  # type: ignore[type-var]  # fmt: skip


@pytest.fixture(scope="module")
def example() -> Publication:
    return reprinted(understand(read_path(EXAMPLE)))


def test_reading_back_gives_the_same_texts_spans_and_paragraphs() -> None:
    assert contents(read(xlsx_of(SMALL), "x.xlsx")) == contents(as_document(SMALL))


def test_reading_back_the_example_gives_the_same_document_and_facts(example: Publication) -> None:
    book, memory = read(xlsx_of(example), "x.xlsx"), as_document(example)
    assert contents(book) == contents(memory)
    assert said(book) == said(memory)
    assert len(said(book)) > 200


def test_reading_back_the_sample_gives_the_same_document_and_facts() -> None:
    printed = sample.publication(*sample.blocks())
    formulas = formulas_of(understand(document_of(printed)), printed)
    book = read(xlsx_of(printed, formulas), "x.xlsx")
    assert contents(book) == contents(as_document(printed))
    assert said(book) == said(document_of(printed))
    assert len(formulas) > 50


def test_reading_back_a_real_budget_gives_the_same_facts() -> None:
    printed = reprinted(understand(read_path(real("xicheng-2021-budget.docx"))))
    book, memory = read(xlsx_of(printed), "x.xlsx"), as_document(printed)
    assert said(book) == said(memory)
    assert len(said(book)) > 400


def test_sheets_are_the_narrative_and_a_sheet_a_table() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(SMALL)))
    assert book.sheetnames == ["说明", "表三"]
    sheet = book["表三"]
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.print_area == "'表三'!$A$1:$D$9"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.orientation == "portrait"
    assert "&P" in sheet.oddFooter.center.text
    assert sheet["B3"].value is None  # hidden by the merge
    assert {str(area) for area in sheet.merged_cells.ranges} >= {"A1:D1", "A3:B3", "C3:D3", "A7:B7"}


def test_wide_table_lies_and_number_of_pages_is_free() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(publication(table(item("201", "a", "1.00", "2.00"), wide=True)))))
    assert book["表三"].page_setup.orientation == "landscape"


def test_amounts_are_numbers_codes_are_text_blank_stays_blank() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(SMALL)))["表三"]
    assert (sheet["C5"].value, sheet["C5"].number_format) == (1234.5, "#,##0.00")
    assert (sheet["A5"].value, sheet["A5"].data_type, sheet["A5"].number_format) == ("201", "s", "@")
    assert sheet["D7"].value is None
    assert sheet["C7"].font.b
    assert not sheet["C5"].font.b


@pytest.mark.parametrize(
    ("text", "stored", "code"),
    [
        ("1234.50", 1234.5, "0.00"),
        ("12", 12, "#,##0"),
        ("-1,234.567", -1234.567, "#,##0.000"),
        ("0.00", 0, "#,##0.00"),
        ("-0.00", "-0.00", "General"),
        ("99999999999999999.99", "99999999999999999.99", "General"),
        ("007.5", "007.5", "General"),
        ("9,999,999,999,999.99", 9999999999999.99, "#,##0.00"),
    ],
)
def test_numbers_look_as_printed_or_are_text(text: str, stored: object, code: str) -> None:
    data = xlsx_of(publication(table(item("201", "名", text, "1.00"))))
    cell = openpyxl.load_workbook(io.BytesIO(data))["表三"]["C5"]
    assert (cell.value, cell.number_format) == (stored, code)
    grid = next(block for block in read(data, "x.xlsx").blocks if isinstance(block, Grid))
    assert grid.rows[2][2].text == text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "_x0041_", "第一行\n第二行", "a\tb", "<b>&\"'", "长" * 32_767, "http://x.cn/#a", "'前"],
)  # fmt: skip
def test_hostile_text_stays_the_text_it_is(text: str) -> None:
    printed = publication(text_of(text.replace("\n", " ")), table(item("=1", text, "1.00", "2.00")))
    data = xlsx_of(printed)
    assert contents(read(data, "x.xlsx")) == contents(as_document(printed))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["表三"]
    assert [sheet[name].data_type for name in ("A5", "B5")] == ["s", "s"]


def test_text_longer_than_a_cell_is_refused_with_its_place() -> None:
    with pytest.raises(RefusedError) as refused:
        xlsx_of(publication(table(item("201", "长" * 32_768, "1.00", "2.00"))))
    assert refused.value.code == "cell-too-long"
    assert "“表三”第 5 行" in refused.value.message.zh
    assert "row 5" in refused.value.message.en


def test_same_publication_gives_the_same_bytes() -> None:
    assert xlsx_of(SMALL) == xlsx_of(SMALL)


def test_names_of_sheets_are_unique_short_and_allowed() -> None:
    used: set[str] = set()
    names = [sheet_name(wanted, used) for wanted in ("表十三-1", "表十三-1", "a/b:c*?[d]", "长" * 40, "长" * 40, "'", "History", "𠮷" * 30)]  # fmt: skip
    assert names[:3] == ["表十三-1", "表十三-1 (2)", "a b c   d"]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name.encode("utf-16-le")) // 2 <= 31 for name in names)


def test_tall_paragraph_takes_merged_rows_and_reads_as_one() -> None:
    printed = publication(text_of("预算说明。" * 600))
    data = xlsx_of(printed)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["说明"]
    assert next(str(area) for area in sheet.merged_cells.ranges).startswith("A3:A")
    assert max(row.height for row in sheet.row_dimensions.values() if row.height) <= MAX_HEIGHT
    assert contents(read(data, "x.xlsx")) == contents(as_document(printed))


def test_form_with_a_long_goal_is_widened_rather_than_cut() -> None:
    rows = (
        PrintedRow("item", (PrintedCell("项目名称"), PrintedCell("热线项目"))),
        PrintedRow("item", (PrintedCell("年度目标"), PrintedCell("提升服务质量，" * 400))),
    )
    form = PrintedTable(
        "target_form", "十三-1", "项目支出绩效目标申报表", "万元",
        (PrintedColumn("label", 1), PrintedColumn("text", 3)), (), rows, ("（2021年度）", ""), form=True,
    )  # fmt: skip
    narrow = layout_of(form._replace(rows=rows[:1]))
    layout = layout_of(form)
    assert sum(layout.widths) > sum(narrow.widths)
    assert max(layout.heights) < MAX_HEIGHT
    data = xlsx_of(publication(form))
    assert openpyxl.load_workbook(io.BytesIO(data))["表十三-1"].freeze_panes is None
    assert contents(read(data, "x.xlsx")) == contents(as_document(publication(form)))


def test_spans_put_cells_at_their_columns() -> None:
    rows = ((PrintedCell("a", rowspan=2), PrintedCell("b", colspan=2)), (PrintedCell("c"), PrintedCell("d", rowspan=9)))
    assert [(at.row, at.column, at.cell.text, at.rowspan, at.colspan) for at in placed(rows, 3)] == [
        (0, 0, "a", 2, 1), (0, 1, "b", 1, 2), (1, 1, "c", 1, 1), (1, 2, "d", 1, 1),
    ]  # fmt: skip


# --- sums ---


@pytest.mark.parametrize(
    ("cells", "formula"),
    [
        ([(2, 1), (6, 1)], "=B3+B7"),
        ([(4, 2)], "=C5"),
        ([(4, 1), (5, 1), (6, 1)], "=SUM(B5:B7)"),
        ([(4, 1), (5, 1), (8, 1)], "=SUM(B5:B6,B9)"),
        ([(3, 2), (3, 3), (3, 4)], "=SUM(C4:E4)"),
        ([(3, 2), (3, 4)], "=C4+E4"),
        ([(0, 26), (0, 27)], "=SUM(AA1:AB1)"),
    ],
)
def test_sums_are_written_in_ranges(cells: list[tuple[int, int]], formula: str) -> None:
    assert sum_formula(cells) == formula


def test_sum_of_more_cells_than_a_function_takes_is_split() -> None:
    formula = sum_formula([(2 * row, 1) for row in range(300)])
    assert formula is not None
    assert formula.count("SUM(") == 2
    assert sum_formula([(2 * row, 700) for row in range(3000)]) is None


def test_formula_holds_its_value_and_a_wrong_one_is_not_written() -> None:
    rows = (
        item("201", "甲", "1.10", "2.00"),
        item("202", "乙", "2.20", "3.00"),
        item("", "合计", "3.30", "9.00", kind="total"),
    )
    data = xlsx_of(publication(table(*rows)), {(0, 2, 2): ((0, 2), (1, 2)), (0, 2, 3): ((0, 3), (1, 3))})
    book = openpyxl.load_workbook(io.BytesIO(data))["表三"]
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["表三"]
    assert (book["C7"].value, values["C7"].value) == ("=SUM(C5:C6)", 3.3)
    assert book["D7"].value == 9  # 2 + 3 is not 9: the printed number stays


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is absent")
def test_recalculation_shows_the_same_values(example: Publication, tmp_path: Path) -> None:
    formulas = formulas_of(understand(as_document(example)), example)
    data = xlsx_of(example, formulas)
    # Other cached values than the true ones: what is shown afterwards was calculated.
    (tmp_path / "in.xlsx").write_bytes(_without_cached_values(data))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "in.xlsx")],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    shown = read((tmp_path / "out" / "in.xlsx").read_bytes(), "x.xlsx")
    assert len(formulas) > 50
    assert contents(shown) == contents(read(data, "x.xlsx"))


def _without_cached_values(data: bytes) -> bytes:
    import re
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            target.writestr(name, part)
    return out.getvalue()
