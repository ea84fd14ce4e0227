"""The inspection form: its frame, its verdicts, its pictures."""

import io
from typing import Any

import openpyxl
import pytest

from tests.reporting.samples import (
    ALL,
    CELL_FINDING,
    DOUBLED,
    MISSING,
    ROUNDED,
    SHARE,
    SHARE_FINDING,
    WARNING,
    as_docx,
    as_pdf,
    as_txt,
    audited,
)
from zhengwu.reading import office
from zhengwu.reporting.as_form import form_report

NARRATIVE = "预算编制说明"
TABLE = "《2021年部门支出预算总表》"


def sheet_of(data: bytes, name: str, findings: object = ALL, language: str = "zh") -> Any:
    made = form_report(audited(data, name, findings), language)  # type: ignore[arg-type]
    assert made.suffix == ".xlsx"
    return openpyxl.load_workbook(io.BytesIO(made.data)).active


def items(sheet: Any) -> dict[str, tuple[str | None, list[str]]]:
    """By item: the verdict, and what is written under 问题截图."""
    found: dict[str, tuple[str | None, list[str]]] = {}
    name = ""
    for row in sheet.iter_rows(min_row=5, max_col=5, values_only=True):
        if row[1]:
            name = row[1]
            found[name] = (row[3], [])
        if row[4] and name:
            found[name][1].append(row[4])
    return found


def test_form_has_the_frame_of_the_inspection_form() -> None:
    sheet = sheet_of(as_pdf(), "a.pdf")
    assert sheet["A1"].value == "2021年度甲区部门（单位）预算公开情况检查表"
    assert sheet["A2"].value.startswith("单位名称：")
    assert sheet["E2"].value == "单位编码："
    assert sheet["A3"].value == "公开网址："
    assert (sheet["A4"].value, sheet["D4"].value, sheet["E4"].value) == ("检查内容", "符合要求", "问题截图")
    assert "A4:C4" in {str(area) for area in sheet.merged_cells.ranges}
    assert sheet.max_column == 5
    assert (sheet["A5"].value, sheet["A6"].value) == ("及时性", "内容规范性")
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0, "one page wide, as many as needed high"


def test_form_lists_items_in_the_order_of_the_inspection_form() -> None:
    names = list(items(sheet_of(as_pdf(), "a.pdf", [])))
    assert names == [
        "及时公开部门（单位）预算", "封面", "目录", "主要职能", "机构设置", "名词解释", NARRATIVE, TABLE,
        "其他相关说明", "项目经费情况说明",
    ]  # fmt: skip


def test_form_says_no_only_where_there_is_a_problem() -> None:
    found = items(sheet_of(as_pdf(), "a.pdf", [SHARE_FINDING, CELL_FINDING]))
    assert {name for name, (verdict, _) in found.items() if verdict == "否"} == {NARRATIVE, TABLE}
    assert found["主要职能"][0] == "是"
    assert found["及时公开部门（单位）预算"] == (None, [])
    assert found["目录"][0] is None, "what the document does not have is left to the inspector"


def test_form_problem_quotes_and_says_what_it_should_be() -> None:
    _, (text,) = items(sheet_of(as_pdf(), "a.pdf", [SHARE_FINDING]))[NARRATIVE]
    assert "第1页" in text
    assert "24.74%" in text
    assert "应为 24.47" in text


def test_form_numbers_problems_when_there_are_several() -> None:
    findings = [SHARE_FINDING, ("punctuation-doubled", WARNING, ((SHARE, "基本支出244.70元"),))]
    _, texts = items(sheet_of(as_pdf(), "a.pdf", findings))[NARRATIVE]
    assert [text[:2] for text in texts] == ["1.", "2."]


def test_form_leaves_rounding_out_and_counts_it() -> None:
    sheet = sheet_of(as_pdf(), "a.pdf", [ROUNDED])
    assert items(sheet)[TABLE][0] == "是"
    assert "1 条提示" in sheet.cell(sheet.max_row, 1).value


def test_form_gives_a_missing_table_its_own_row() -> None:
    verdict, texts = items(sheet_of(as_pdf(), "a.pdf", [MISSING]))["《支出决算表》"]
    assert verdict == "否"
    assert len(texts) == 1


def test_form_of_a_pdf_has_a_picture_of_each_problem() -> None:
    sheet = sheet_of(as_pdf(), "a.pdf", [SHARE_FINDING, DOUBLED, CELL_FINDING])
    assert len(sheet._images) == 3
    for picture in sheet._images:
        anchor = picture.anchor._from
        assert anchor.col == 4
        assert sheet.row_dimensions[anchor.row + 1].height <= 409
        high = picture.anchor.to.row
        assert high == anchor.row, "a picture stays in its cell"


def test_form_of_a_contradiction_shows_both_sides() -> None:
    both = ("same-amount-printed-differently", WARNING, ((SHARE, "1,000.00元"), ("755.00", "755.00")))
    assert len(sheet_of(as_pdf(), "a.pdf", [both])._images) == 2


def test_form_of_a_document_without_pages_says_that_pictures_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "installed", lambda: None)
    made = form_report(audited(as_docx(), "a.docx", ALL), "zh")
    assert "LibreOffice" in made.notes[0].zh
    assert not openpyxl.load_workbook(io.BytesIO(made.data)).active._images
    assert form_report(audited(as_txt(), "a.txt", ALL), "zh").notes


@pytest.mark.skipif(office.installed() is None, reason="LibreOffice is not installed")
def test_form_of_a_word_document_has_pictures_where_libreoffice_is_installed() -> None:
    made = form_report(audited(as_docx(), "a.docx", [SHARE_FINDING, CELL_FINDING]), "zh")
    assert not made.notes
    assert len(openpyxl.load_workbook(io.BytesIO(made.data)).active._images) == 2


def test_form_text_that_looks_like_a_formula_stays_text() -> None:
    text = "=1+1"
    data = as_txt().replace("本局负责三项工作。。".encode(), text.encode())
    sheet = sheet_of(data, "a.txt", [("punctuation-doubled", WARNING, ((text, text),))])
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
