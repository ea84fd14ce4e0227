"""Tables that run over pages of a PDF file."""

import pytest
from pdf_writer import Page, document

from zhengwu.model.document import Grid, Paragraph
from zhengwu.reading import pdf

XS = [50.0, 150.0, 300.0, 450.0]
HEADER = ["科目编码", "科目名称", "合计"]
FIRST = ["201", "一般公共服务支出", "1.00"]
SECOND = ["208", "社会保障和就业支出", "2.00"]
THIRD = ["", "合计", "3.00"]


def table(page: Page, top: float, *rows: list[str], shift: float = 0.0) -> Page:
    xs = [x + shift for x in XS]
    ys = [top + 20 * index for index in range(len(rows) + 1)]
    page.grid(xs, ys)
    for y, row in zip(ys[1:], rows, strict=True):
        page.row(xs, y, row)
    return page


def titled(title: str = "支出预算总表") -> Page:
    return Page().text(200, 80, title, 16).text(400, 96, "单位：元")


def read(*pages: Page) -> list[Grid | Paragraph]:
    return list(pdf.read(document(*pages)).blocks)


def grids(*pages: Page) -> list[Grid]:
    return [block for block in read(*pages) if isinstance(block, Grid)]


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def test_continuation_without_header_is_joined() -> None:
    (grid,) = grids(table(titled(), 100, HEADER, FIRST), table(Page(), 60, SECOND, THIRD))
    assert texts(grid) == [HEADER, FIRST, SECOND, THIRD]
    places = [row[0].place for row in grid.rows]
    assert [(place.page, place.row) for place in places] == [(1, 1), (1, 2), (2, 3), (2, 4)]
    lines = [cell.place.line for row in grid.rows for cell in row]
    assert lines == sorted(set(lines))


def test_continuation_with_repeated_header_drops_it() -> None:
    (grid,) = grids(table(titled(), 100, HEADER, FIRST), table(Page(), 60, HEADER, SECOND, THIRD))
    assert texts(grid) == [HEADER, FIRST, SECOND, THIRD]


def test_continuation_with_repeated_title_and_header_drops_both() -> None:
    blocks = read(table(titled(), 100, HEADER, FIRST), table(titled(), 100, HEADER, SECOND, THIRD))
    assert [type(block) for block in blocks] == [Paragraph, Paragraph, Grid]
    assert isinstance(blocks[2], Grid)
    assert texts(blocks[2]) == [HEADER, FIRST, SECOND, THIRD]


def test_continuation_under_a_note_that_it_continues_is_joined() -> None:
    second = table(Page().text(50, 50, "续表："), 60, HEADER, SECOND)
    (grid,) = grids(table(titled(), 100, HEADER, FIRST), second)
    assert texts(grid) == [HEADER, FIRST, SECOND]


def test_continuation_with_page_numbers_between_is_joined() -> None:
    first = table(titled(), 100, HEADER, FIRST).text(290, 820, "- 8 -")
    (grid,) = grids(first, table(Page(), 60, SECOND).text(290, 820, "- 9 -"))
    assert texts(grid) == [HEADER, FIRST, SECOND]


def test_continuation_on_shifted_page_is_joined() -> None:
    (grid,) = grids(table(titled(), 100, HEADER, FIRST), table(Page(), 60, SECOND, shift=18))
    assert texts(grid) == [HEADER, FIRST, SECOND]


def test_continuation_without_some_inner_lines_keeps_the_columns() -> None:
    second = Page().grid([50.0, 300.0, 450.0], [60.0, 80.0]).text(52, 75, "合计").text(302, 75, "3.00")
    (grid,) = grids(table(titled(), 100, HEADER, FIRST), second)
    assert [(cell.text, cell.place.column, cell.colspan) for cell in grid.rows[2]] == [
        ("合计", 1, 2),
        ("3.00", 3, 1),
    ]


def test_row_that_reads_like_an_earlier_row_is_kept() -> None:
    among = ["", "其中：", ""]
    (grid,) = grids(table(titled(), 100, HEADER, among, FIRST), table(Page(), 60, among, SECOND))
    assert texts(grid) == [HEADER, among, FIRST, among, SECOND]


def test_blank_page_between_does_not_part_a_table() -> None:
    (grid,) = grids(table(titled(), 100, HEADER, FIRST), Page(), table(Page(), 60, SECOND))
    assert texts(grid) == [HEADER, FIRST, SECOND]


def test_table_under_a_new_title_is_another_table() -> None:
    found = grids(table(titled(), 100, HEADER, FIRST), table(titled("收入预算总表"), 100, HEADER, SECOND))
    assert [texts(grid) for grid in found] == [[HEADER, FIRST], [HEADER, SECOND]]


def test_table_with_a_new_title_inside_its_frame_is_another_table() -> None:
    second = Page().line(50, 40, 450, 40).line(50, 40, 50, 60).line(450, 40, 450, 60).text(200, 55, "收入总表")
    found = grids(table(titled(), 100, HEADER, FIRST), table(second, 60, HEADER, SECOND))
    assert len(found) == 2
    assert found[1].rows[0][0].colspan == 3


def test_table_after_a_note_is_another_table() -> None:
    first = table(titled(), 100, HEADER, FIRST).text(50, 160, "注：本表数据为预算数。")
    assert len(grids(first, table(Page(), 60, SECOND))) == 2


@pytest.mark.parametrize("columns", [[50.0, 450.0], [50.0, 200.0, 320.0, 450.0]])
def test_table_with_other_columns_is_another_table(columns: list[float]) -> None:
    second = Page().grid(columns, [60.0, 80.0, 100.0]).text(52, 75, "事项").text(330, 75, "内容")
    assert len(grids(table(titled(), 100, HEADER, FIRST), second)) == len(columns) // 2
