"""A hyphen at the end of a printed line in PDF files: PDFium marks it by a code of its own."""

from pdf_writer import Page, document

from zhengwu.model.document import Grid, Paragraph
from zhengwu.reading import pdf

BEGUN = "1.“一般公共服务支出-政府办公厅（室）及相关机构事务-"
REST = "行政运行”科目1,202.95万元，主要用于行政单位的基本支出。"


def test_hyphen_at_the_end_of_a_line_stays_a_hyphen() -> None:
    page = Page().text(50, 100, BEGUN).text(50, 120, REST)
    assert [block.text for block in pdf.read(document(page)).blocks if isinstance(block, Paragraph)] == [BEGUN + REST]


def test_hyphen_at_the_end_of_a_line_of_a_cell_stays_a_hyphen() -> None:
    page = Page().grid([50, 130, 300], [100, 140, 180])
    page.text(53, 115, "一般公共服务-").text(53, 130, "行政运行").text(133, 120, "1,202.95")
    page.text(53, 160, "合计").text(133, 160, "1,202.95")
    (grid,) = (block for block in pdf.read(document(page)).blocks if isinstance(block, Grid))
    assert grid.rows[0][0].text == "一般公共服务-行政运行"
