"""Names, codes and amounts that a narrow cell of a PDF table breaks over several lines."""

import pytest
from pdf_writer import Page, document

from zhengwu.model.document import Grid
from zhengwu.reading import pdf

HEADER = ["编码", "名称", "合计", "基本支出"]
XS = [50.0, 90.0, 150.0, 200.0, 250.0]  # a column of 50 points holds nine digits


def table(*rows: list[list[str]], xs: list[float] = XS) -> list[list[str]]:
    """The cells read from a fully ruled table; a cell is given as its printed lines."""
    tops = [100.0]
    for row in rows:
        tops.append(tops[-1] + 14 * max(map(len, row)) + 4)
    page = Page().grid(xs, tops)
    for top, row in zip(tops, rows, strict=False):
        for x, lines in zip(xs, row, strict=False):
            for index, line in enumerate(lines):
                page.text(x + 2, top + 12 + 14 * index, line)
    grids = [block for block in pdf.read(document(page)).blocks if isinstance(block, Grid)]
    assert len(grids) == 1
    return [[cell.text for cell in row] for row in grids[0].rows]


def cell(lines: list[str], width: float) -> str:
    """The text of one cell ``width`` points wide."""
    return table([["项目"], ["说明"]], [lines, ["一"]], xs=[50.0, 50.0 + width, 250.0])[1][0]


def test_amounts_broken_in_several_cells_of_a_ruled_row_stay_one_row() -> None:
    header = [[label] for label in HEADER]
    body = [["201"], ["政务服务", "支出"], ["48,715,20", "3.57"], ["48,715,20", "3.57"]]
    total = [[""], ["合计"], ["48,715,20", "3.57"], ["48,715,20", "3.57"]]
    assert table(header, body, total) == [
        HEADER,
        ["201", "政务服务支出", "48,715,203.57", "48,715,203.57"],
        ["", "合计", "48,715,203.57", "48,715,203.57"],
    ]


def test_codes_and_amounts_broken_side_by_side_stay_one_row() -> None:
    header = [["编码"], ["项目"], ["合计"], ["支出"]]
    body = [["201030", "1"], ["其他", "支出"], ["1500000.", "00"], ["1500000.0", "0"]]
    assert table(header, body, xs=[50.0, 84.0, 150.0, 195.0, 245.0])[1:] == [
        ["2010301", "其他支出", "1500000.00", "1500000.00"]
    ]


@pytest.mark.parametrize(
    ("lines", "width", "whole"),
    [
        (["48,715,203.5", "7"], 66, "48,715,203.57"),
        (["71,305,482", ".19"], 56, "71,305,482.19"),
        (["3,912,", "047.", "80"], 36, "3,912,047.80"),
        (["71,3", "05,48", "2.19"], 30, "71,305,482.19"),
        (["-2,306,1", "58.74"], 46, "-2,306,158.74"),
        (["1500000.0", "0"], 50, "1500000.00"),
        (["20801", "05"], 30, "2080105"),
        (["20258880010", "006"], 60, "20258880010006"),
        (["100.00", "%"], 36, "100.00%"),
    ],
)
def test_number_broken_by_the_edge_of_its_cell_is_one_number(lines: list[str], width: float, whole: str) -> None:
    assert cell(lines, width) == whole


@pytest.mark.parametrize(
    ("lines", "width"),
    [
        (["1,234.00", "5,678.00"], 44),  # complete each for itself
        (["1,234.50", "6.00"], 44),
        (["1,234,567", "8,901"], 50),
        (["20801", "20802"], 30),
        (["208", "05"], 60),  # nothing forced the line to end
        (["12.5", "6"], 60),
        (["95%", "90%"], 20),
        (["1,234.00", "-5,678.00"], 50),
    ],
)
def test_two_numbers_on_two_lines_stay_two(lines: list[str], width: float) -> None:
    assert cell(lines, width) == "\n".join(lines)


def test_one_cell_with_several_values_does_not_cut_its_row() -> None:
    assert table([["项目"], ["金额"], ["备注"]], [["甲"], ["1.00", "2.00"], ["3.00"]], xs=[50.0, 100, 150, 200])[
        1:
    ] == [["甲", "1.00\n2.00", "3.00"]]


def test_cells_with_different_counts_of_values_do_not_cut_their_row() -> None:
    rows = table(
        [["项目"], ["金额"], ["备注"]],
        [["甲"], ["1.00", "2.00", "3.00"], ["3.00", "4.00"]],
        xs=[50.0, 100, 150, 200],
    )
    assert rows[1:] == [["甲", "1.00\n2.00\n3.00", "3.00\n4.00"]]


def test_number_that_did_not_fit_behind_a_name_goes_on_with_it() -> None:
    assert cell(["主管", "部门", "299001"], 34) == "主管部门299001"
    assert cell(["高于", "95%"], 34) == "高于95%"


def test_number_below_a_name_that_left_room_for_it_is_another_line() -> None:
    assert cell(["主管部门", "299001"], 120) == "主管部门\n299001"
    assert cell(["合计", "1,234.00"], 34) == "合计\n1,234.00"
