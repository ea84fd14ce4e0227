"""Workbooks: cells as printed, several tables on a sheet, merged cells, hidden sheets."""

import io

import pytest
from office_files import xlsx, xlsx_rows, zipped

from zhengwu.model.document import Grid
from zhengwu.reading import workbook
from zhengwu.reading.errors import UnreadableError

_TABLE = [["项目", "金额"], ["教育支出", 41616.0], ["合计", 41616.0]]


def blocks(rows, **options):
    styles = options.pop("styles", None)
    return workbook.read(xlsx(xlsx_rows(rows, styles), **options)).blocks


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def test_title_and_unit_above_a_table_are_paragraphs():
    found = blocks([["表一：", None], ["部门收支总体情况表", None], [None, "单位：元"], *_TABLE])
    assert [b.text for b in found[:3]] == ["表一：", "部门收支总体情况表", "单位：元"]
    assert texts(found[3]) == [["项目", "金额"], ["教育支出", "41616"], ["合计", "41616"]]


def test_blank_row_before_a_title_parts_two_tables():
    found = blocks([["表一：", None], *_TABLE, [], ["表二：", None], *_TABLE])
    assert [type(b).__name__ for b in found] == ["Paragraph", "Grid", "Paragraph", "Grid"]


def test_blank_rows_inside_a_table_stay_rows():
    found = blocks([["项目", "金额"], ["教育支出", 1.0], [], [], ["合计", 1.0]])
    assert texts(found[0]) == [["项目", "金额"], ["教育支出", "1"], ["", ""], ["", ""], ["合计", "1"]]


def test_note_under_a_table_is_a_paragraph():
    found = blocks([*_TABLE, ["注：本表无数据", None]])
    assert found[1].text == "注：本表无数据"


def test_cell_places_lead_to_the_sheet():
    grid = blocks([["表一：", None], [], [None, "项目", "金额"], [None, "a", 1.0]])[1]
    assert (grid.place.sheet, grid.place.row, grid.place.column) == ("表1", 3, 2)
    place = grid.rows[1][1].place
    assert (place.sheet, place.row, place.column) == ("表1", 2, 2)


def test_merged_cells_become_spans():
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>'
    grid = blocks([["科目", "合计", None], [None, "基本", "项目"], ["a", 1.0, 2.0]], after=merged)[0]
    assert [[(c.text, c.place.column, c.colspan, c.rowspan) for c in row] for row in grid.rows] == [
        [("科目", 1, 1, 2), ("合计", 2, 2, 1)],
        [("基本", 2, 1, 1), ("项目", 3, 1, 1)],
        [("a", 1, 1, 1), ("1", 2, 1, 1), ("2", 3, 1, 1)],
    ]


def test_number_prints_in_its_cell_format():
    grid = blocks([["a", "b"], [63234665.440000005, 0.0]], styles=[1, 2], formats=["#,##0.00", "0.00"])[0]
    assert texts(grid)[1] == ["63,234,665.44", "0.00"]


def test_code_stored_as_number_has_no_point_and_as_text_keeps_zeros():
    assert texts(blocks([["编码", "名称"], [2010301.0, "a"], ["007", "b"]])[0])[1:] == [
        ["2010301", "a"],
        ["007", "b"],
    ]


def test_unknown_number_format_gives_the_stored_value_and_says_so():
    content = workbook.read(xlsx(xlsx_rows([["a", "b"], [5.0, "c"]], [1, 0]), formats=["[DBNum1]General"]))
    assert content.blocks[0].rows[1][0].text == "5"
    assert content.unread[0].place.row == 2


def test_shared_strings_errors_and_booleans_are_text():
    data = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
        '<row r="2"><c r="A2" t="b"><v>1</v></c><c r="B2" t="str"><f>A1</f><v>甲</v></c></row>'
    )
    grid = workbook.read(xlsx(data, strings=["项目_x000D_\n名称"])).blocks[0]
    assert texts(grid) == [["项目\n名称", "#REF!"], ["TRUE", "甲"]]


def test_escaped_halves_of_a_character_are_joined_and_a_lone_half_replaced():
    data = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><v>b_xDFFF_</v></c></row>'
    grid = workbook.read(xlsx(data + '<row r="2"><c r="A2"><v>1</v></c></row>', strings=["_xD842__xDFB7_"])).blocks[0]
    assert texts(grid)[0] == ["𠮷", "b\ufffd"]


def test_zeros_that_the_sheet_hides_are_blank():
    grid = blocks([["a", "b"], ["c", 0.0], ["d", 1.0]], sheet_view='<sheetView showZeros="0"/>')[0]
    assert texts(grid)[1] == ["c", ""]


def test_hidden_sheet_is_not_read_and_named():
    content = workbook.read(xlsx(xlsx_rows(_TABLE), states=("visible", "hidden")))
    assert {b.place.sheet for b in content.blocks} == {"表1"}
    assert content.unread[0].place.sheet == "表2"


def test_lines_count_through_all_sheets():
    found = workbook.read(xlsx(xlsx_rows(_TABLE), states=("visible", "visible"))).blocks
    assert [b.place.line for b in found] == [1, 7]


def test_workbook_of_another_program_reads_the_same():
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    for line in _TABLE:
        sheet.append(line)
    sheet["B2"].number_format = "#,##0.00"
    buffer = io.BytesIO()
    book.save(buffer)
    assert texts(workbook.read(buffer.getvalue()).blocks[0])[1] == ["教育支出", "41,616.00"]


def test_ods_gives_the_printed_text():
    ns = "urn:oasis:names:tc:opendocument:xmlns:"
    xml = (
        f'<office:document-content xmlns:office="{ns}office:1.0" xmlns:table="{ns}table:1.0" '
        f'xmlns:text="{ns}text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="表一"><table:table-row>'
        '<table:table-cell table:number-columns-spanned="2"><text:p>合计</text:p></table:table-cell>'
        "<table:covered-table-cell/><table:table-cell><text:p>1,000.00</text:p></table:table-cell></table:table-row>"
        '<table:table-row><table:table-cell table:number-columns-repeated="3"><text:p>0.00</text:p>'
        '</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    data = zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": xml})
    grid = workbook.read(data).blocks[0]
    assert isinstance(grid, Grid)
    assert texts(grid) == [["合计", "1,000.00"], ["0.00", "0.00", "0.00"]]
    assert grid.rows[0][0].colspan == 2


def test_broken_sheet_is_named():
    data = xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c')
    with pytest.raises(UnreadableError) as caught:
        workbook.read(data)
    assert "表1" in caught.value.message.zh
