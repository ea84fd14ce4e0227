"""Tables in PDF files: rulings, spans, text in cells."""

import itertools
from collections.abc import Sequence

import pytest
from pdf_writer import Page, document

from zhengwu.model.document import Cell, Content, Grid, Paragraph
from zhengwu.reading import pdf, pdf_rulings

XS = [50.0, 150.0, 300.0, 450.0]
YS = [100.0, 120.0, 140.0, 160.0]
HEADER = ["科目编码", "科目名称", "合计"]
BODY = ["201", "一般公共服务支出", "82,096,797.42"]
TOTAL = ["", "合计", "82,096,797.42"]


def grids(content: Content) -> list[Grid]:
    return [block for block in content.blocks if isinstance(block, Grid)]


def only_grid(data: bytes) -> Grid:
    found = grids(pdf.read(data))
    assert len(found) == 1
    return found[0]


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def paragraphs(content: Content) -> list[str]:
    return [block.text for block in content.blocks if isinstance(block, Paragraph)]


def spans(row: Sequence[Cell]) -> list[tuple[str, int, int]]:
    return [(cell.text, cell.colspan, cell.rowspan) for cell in row]


def plain_table(page: Page | None = None) -> Page:
    page = (page or Page()).grid(XS, YS)
    for y, row in zip(YS[1:], (HEADER, BODY, TOTAL), strict=True):
        page.row(XS, y, row)
    return page


def test_table_with_stroked_lines_gives_cells_with_places() -> None:
    grid = only_grid(document(plain_table()))
    assert texts(grid) == [HEADER, BODY, TOTAL]
    place = grid.rows[1][2].place
    assert (place.page, place.row, place.column) == (1, 2, 3)
    assert place.box == pytest.approx((300, 120, 450, 140), abs=0.5)


def test_table_with_one_thin_rectangle_for_each_edge_gives_the_same_cells() -> None:
    page = Page()
    for y in YS:
        for x0, x1 in itertools.pairwise(XS):
            page.thin(x0, y, x1, y)
    for x in XS:
        for y0, y1 in itertools.pairwise(YS):
            page.thin(x, y0, x, y1)
    for y, row in zip(YS[1:], (HEADER, BODY, TOTAL), strict=True):
        page.row(XS, y, row)
    assert texts(only_grid(document(page))) == [HEADER, BODY, TOTAL]


def test_table_with_stroked_cell_rectangles_gives_the_same_cells() -> None:
    page = Page()
    for top, bottom, row in zip(YS, YS[1:], (HEADER, BODY, TOTAL), strict=False):
        for x0, x1 in itertools.pairwise(XS):
            page.raw(f"{x0} {842 - bottom} {x1 - x0} {bottom - top} re S")
        page.row(XS, bottom, row)
    assert texts(only_grid(document(page))) == [HEADER, BODY, TOTAL]


def test_table_drawn_as_one_path_gives_the_same_cells() -> None:
    lines = [f"{XS[0]} {842 - y} m {XS[-1]} {842 - y} l" for y in YS]
    lines += [f"{x} {842 - YS[0]} m {x} {842 - YS[-1]} l" for x in XS]
    page = Page().raw(" ".join(lines) + " S")
    for y, row in zip(YS[1:], (HEADER, BODY, TOTAL), strict=True):
        page.row(XS, y, row)
    assert texts(only_grid(document(page))) == [HEADER, BODY, TOTAL]


def test_table_with_white_cell_backgrounds_ignores_them() -> None:
    page = Page().raw("1 g 50 722 50 0.8 re f 0 g")
    assert texts(only_grid(document(plain_table(page)))) == [HEADER, BODY, TOTAL]


def test_header_over_columns_and_rows_gives_spans() -> None:
    xs, ys = [50.0, 90.0, 130.0, 280.0, 380.0, 480.0], [100.0, 120.0, 140.0, 160.0, 180.0]
    page = Page()
    page.line(50, 100, 480, 100).line(50, 120, 130, 120).line(280, 120, 480, 120)
    page.line(50, 140, 480, 140).line(50, 160, 480, 160).line(50, 180, 480, 180)
    page.line(50, 100, 50, 180).line(90, 120, 90, 160).line(130, 100, 130, 160)
    page.line(280, 100, 280, 180).line(380, 120, 380, 180).line(480, 100, 480, 180)
    page.text(52, 115, "科目编码").text(132, 125, "科目名称").text(282, 115, "支出预算")
    page.row(xs, 140, ["类", "款", "", "基本支出", "项目支出"])
    page.row(xs, 160, ["201", "03", "行政运行", "1.00", "2.00"])
    page.row(xs, 180, ["合计", "", "", "1.00", "2.00"])
    grid = only_grid(document(page))
    assert spans(grid.rows[0]) == [("科目编码", 2, 1), ("科目名称", 1, 2), ("支出预算", 2, 1)]
    assert [cell.text for cell in grid.rows[1]] == ["类", "款", "基本支出", "项目支出"]
    assert grid.rows[1][2].place.column == 4
    assert spans(grid.rows[3]) == [("合计", 3, 1), ("1.00", 1, 1), ("2.00", 1, 1)]
    assert len(ys) == 5


@pytest.mark.parametrize("missing", [(0,), (3,), (0, 3)])
def test_table_without_outer_vertical_lines_keeps_the_outer_columns(missing: tuple[int, ...]) -> None:
    page = Page()
    for y in YS:
        page.line(XS[0], y, XS[-1], y)
    for index, x in enumerate(XS):
        if index not in missing:
            page.line(x, YS[0], x, YS[-1])
    for y, row in zip(YS[1:], (HEADER, BODY, TOTAL), strict=True):
        page.row(XS, y, row)
    assert texts(only_grid(document(page))) == [HEADER, BODY, TOTAL]


def test_table_with_lines_in_a_form_uses_the_forms_matrix() -> None:
    form = " ".join(f"0 {y} m 200 {y} l S" for y in (0, 10, 20, 30))
    form += " " + " ".join(f"{x} 0 m {x} 30 l S" for x in (0, 50, 125, 200))
    page = Page().raw("q 2 0 0 2 50 682 cm /X1 Do Q")
    for y, row in zip(YS[1:], (HEADER, BODY, TOTAL), strict=True):
        page.row(XS, y, row)
    assert texts(only_grid(document(page, form=form))) == [HEADER, BODY, TOTAL]


def test_rotated_page_with_crop_box_gives_places_as_shown() -> None:
    page = Page((842.0, 595.0), "/Rotate 90 /CropBox [10 20 842 595]")
    page.height = 842.0  # draw as shown upright: 595 wide, 842 high
    page.raw("0 1 -1 0 842 0 cm")
    plain_table(page)
    page.width, page.height = 842.0, 595.0
    grid = only_grid(document(page))
    assert texts(grid) == [HEADER, BODY, TOTAL]
    # The crop box takes 20 points off the left side as shown and 10 off the top.
    assert grid.rows[1][2].place.box == pytest.approx((280, 110, 430, 130), abs=0.5)


@pytest.mark.parametrize(
    ("matrix", "box"),
    [
        ("0 1 -1 0 842 0 cm", (120, 145, 140, 295)),
        ("0 -1 1 0 0 595 cm", (702, 300, 722, 450)),
    ],
)
def test_table_set_sideways_on_an_upright_page_is_read_with_places_as_shown(
    matrix: str, box: tuple[float, ...]
) -> None:
    page = Page((595.0, 842.0)).raw(matrix)
    plain_table(page)
    page.width, page.height = 842.0, 595.0
    grid = only_grid(document(page))
    assert texts(grid) == [HEADER, BODY, TOTAL]
    assert grid.rows[1][2].place.box == pytest.approx(box, abs=0.5)


def test_numbers_touching_over_a_ruling_are_put_into_their_cells() -> None:
    xs, ys = [50.0, 150.0, 215.0, 280.0], [100.0, 120.0, 140.0]
    page = Page().grid(xs, ys).row(xs, 120, HEADER)
    page.text(52, 135, "行政运行").text(150, 135, "82,096,797.4282,096,797.42")
    assert texts(only_grid(document(page)))[1] == ["行政运行", "82,096,797.42", "82,096,797.42"]


def test_number_wider_than_its_cell_stays_whole() -> None:
    xs, ys = [50.0, 150.0, 215.0, 280.0], [100.0, 120.0, 140.0]
    page = Page().grid(xs, ys).row(xs, 120, HEADER)
    page.text(52, 135, "行政运行").text(212, 135, "182,096,797.42")
    assert texts(only_grid(document(page)))[1] == ["行政运行", "", "182,096,797.42"]


def test_name_a_little_too_long_for_its_cell_stays_whole() -> None:
    xs, ys = [50.0, 150.0, 215.0, 280.0], [100.0, 120.0, 140.0]
    page = Page().grid(xs, ys).row(xs, 120, HEADER)
    page.text(52, 135, "机关事业单位基本养老保险").text(230, 135, "1.00")
    assert texts(only_grid(document(page)))[1] == ["机关事业单位基本养老保险", "", "1.00"]


def test_numbers_touching_without_a_ruling_are_parted() -> None:
    content = pdf.read(document(Page().text(50, 100, "82,096,797.4282,096,797.42")))
    assert paragraphs(content) == ["82,096,797.42 82,096,797.42"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["其他政府办公厅及相", "关机构事务支出"], "其他政府办公厅及相关机构事务支出"),
        (["1,234.00", "5,678.00"], "1,234.00\n5,678.00"),
        (["82,096,79", "7.42"], "82,096,797.42"),
        (["产出指标完成。", "满意度达到要求。"], "产出指标完成。\n满意度达到要求。"),
        (["1.完成改造", "2.组织培训"], "1.完成改造\n2.组织培训"),
    ],
)
def test_lines_of_a_cell_are_joined_or_kept(lines: list[str], expected: str) -> None:
    xs, ys = [50.0, 150.0, 300.0], [100.0, 120.0, 160.0]
    page = Page().grid(xs, ys).row(xs, 120, ["项目", "金额"])
    page.text(52, 133, lines[0]).text(52, 151, lines[1]).text(152, 142, "一")
    assert texts(only_grid(document(page)))[1] == [expected, "一"]


def test_table_ruled_only_by_columns_gives_a_row_for_each_line() -> None:
    page = Page()
    for y in (100.0, 120.0, 180.0):
        page.line(XS[0], y, XS[-1], y)
    for x in XS:
        page.line(x, 100, x, 180)
    page.row(XS, 120, HEADER)
    page.row(XS, 140, ["201", "一般公共服务支出", "3.00"])
    page.row(XS, 160, ["208", "社会保障和就业支出", "4.00"])
    page.row(XS, 180, ["221", "住房保障支出", "5.00"])
    assert texts(only_grid(document(page))) == [
        HEADER,
        ["201", "一般公共服务支出", "3.00"],
        ["208", "社会保障和就业支出", "4.00"],
        ["221", "住房保障支出", "5.00"],
    ]


def test_table_with_three_rules_only_finds_its_columns() -> None:
    page = Page()
    for y in (100.0, 120.0, 180.0):
        page.line(50, y, 450, y)
    page.row(XS, 118, HEADER)
    page.row(XS, 140, ["201", "一般公共服务支出", "3.00"])
    page.row(XS, 160, ["208", "社会保障和就业支出", ""])
    page.row(XS, 180, ["", "合计", "3.00"])
    grid = only_grid(document(page.text(200, 80, "支出预算总表").text(50, 230, "注：无。")))
    assert texts(grid) == [
        HEADER,
        ["201", "一般公共服务支出", "3.00"],
        ["208", "社会保障和就业支出", ""],
        ["", "合计", "3.00"],
    ]


def test_table_with_header_rules_only_goes_on_below_them_with_wrapped_names() -> None:
    page = Page().line(50, 100, 450, 100).line(50, 120, 450, 120)
    page.row(XS, 118, HEADER)
    for index, code in enumerate(("201", "208", "210")):
        y = 140 + 30 * index
        page.text(152, y - 5, "其他政府办公厅及相").text(52, y, code).text(410, y, f"{index}.50")
        page.text(152, y + 6, "关机构事务支出")
    grid = only_grid(document(page.text(50, 260, "注：本表为空。")))
    name = "其他政府办公厅及相关机构事务支出"
    assert texts(grid) == [HEADER, ["201", name, "0.50"], ["208", name, "1.50"], ["210", name, "2.50"]]


def test_text_aligned_in_columns_without_rules_is_a_table() -> None:
    page = Page().text(200, 80, "支出决算表")
    page.row(XS, 118, HEADER)
    page.row(XS, 140, ["201", "一般公共服务支出", "3.00"])
    page.row(XS, 160, ["208", "社会保障和就业支出", "4.50"])
    page.row(XS, 180, ["221", "住房保障支出", "5.00"])
    content = pdf.read(document(page))
    assert paragraphs(content) == ["支出决算表"]
    assert texts(grids(content)[0])[1:] == [
        ["201", "一般公共服务支出", "3.00"],
        ["208", "社会保障和就业支出", "4.50"],
        ["221", "住房保障支出", "5.00"],
    ]


def test_frame_of_one_cell_gives_paragraphs() -> None:
    page = Page().grid([40.0, 550.0], [60.0, 800.0]).text(100, 100, "部门预算编制说明")
    content = pdf.read(document(page))
    assert (grids(content), paragraphs(content)) == ([], ["部门预算编制说明"])


def test_table_inside_a_page_frame_is_found() -> None:
    page = plain_table(Page().grid([20.0, 575.0], [20.0, 820.0]))
    assert texts(only_grid(document(page))) == [HEADER, BODY, TOTAL]


def test_page_with_too_many_objects_gives_its_text_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_rulings, "MAX_OBJECTS", 10)
    content = pdf.read(document(plain_table()))
    assert grids(content) == []
    assert "82,096,797.42" in " ".join(paragraphs(content))
    assert [note.place.page for note in content.unread] == [1]
    assert "lines" in content.unread[0].reason.en


def test_diagrams_with_very_many_lines_are_read_in_bounded_time() -> None:
    strokes = "\n".join(f"{i % 500} {i % 700} m {i % 500 + 3} {i % 700} l S" for i in range(60_000))
    content = pdf.read(document(Page().raw(strokes).text(50, 50, "示意图")))
    assert "示意图" in "".join(paragraphs(content)) or grids(content)
