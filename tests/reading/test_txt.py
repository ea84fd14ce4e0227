"""Plain text: Word's one-cell-a-line export, tab-separated rows, pipes, encodings."""

import pytest

from zhengwu.model.document import Grid, Paragraph
from zhengwu.reading import txt
from zhengwu.reading.errors import UnreadableError


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


def read(text):
    return list(txt.read(text.encode()).blocks)


def test_one_cell_a_line_two_rows_gives_one_ragged_grid():
    blocks = read("前言\n\n\t科目\n\t金额\n\n\t 教育支出\n\t1.00 \n\n\n后记\n")
    assert [type(b) for b in blocks] == [Paragraph, Grid, Paragraph]
    assert texts(blocks[1]) == [["科目", "金额"], [" 教育支出", "1.00"]]
    assert blocks[1].ragged


def test_one_cell_a_line_cell_knows_line_row_and_column():
    grid = read("前言\n\n\t科目\n\t金额\n\n\t教育\n\t1\n")[1]
    place = grid.rows[1][1].place
    assert (place.line, place.row, place.column) == (7, 2, 2)


def test_one_cell_a_line_line_without_tab_continues_the_cell():
    grid = read("\t项目资金\n（万元）\n\t1\n\n\ta\n\tb\n")[0]
    assert grid.rows[0][0].text == "项目资金\n（万元）"


def test_one_cell_a_line_blank_line_with_space_stays_in_the_cell():
    grid = read("\ta\n\t目标\n \n 其他\n\n\tb\n\tc\n")[0]
    assert texts(grid) == [["a", "目标\n 其他"], ["b", "c"]]


def test_one_cell_a_line_untabbed_line_between_single_empty_lines_is_a_paragraph_of_the_cell():
    grid = read("\t目标\n\t1.甲。\n\n2.乙。\n\n\t指标\n\t无\n")[0]
    assert texts(grid) == [["目标", "1.甲。\n2.乙。"], ["指标", "无"]]


def test_one_cell_a_line_two_empty_lines_end_the_table():
    blocks = read("\ta\n\tb\n\n\n\tc\n\td\n")
    assert [texts(b) for b in blocks] == [[["a", "b"]], [["c", "d"]]]


def test_one_cell_a_line_title_behind_one_empty_line_is_no_cell():
    blocks = read("\ta\n\tb\n\n表二：\n\n\tc\n\td\n")
    assert [type(b) for b in blocks] == [Grid, Paragraph, Grid]


def test_one_cell_a_line_table_right_under_its_title_is_found():
    assert [type(b) for b in read("表一：\n\ta\n\tb\n\n\tc\n\td\n")] == [Paragraph, Grid]


def test_tab_indented_paragraphs_are_no_table():
    assert [b.text for b in read("\t一、职责\n\n\t二、机构\n")] == ["一、职责", "二、机构"]


def test_tab_separated_rows_give_a_grid_with_aligned_columns():
    grid = read("科目编码\t科目名称\t合计\n201\t一般公共服务\t1.00\n\t总计\n")[0]
    assert texts(grid) == [
        ["科目编码", "科目名称", "合计"],
        ["201", "一般公共服务", "1.00"],
        ["", "总计", ""],
    ]
    assert not grid.ragged


def test_tab_behind_list_numbers_gives_paragraphs():
    assert [b.text for b in read("一、\t职责\n二、\t机构\n")] == ["一、 职责", "二、 机构"]


def test_pipe_table_drops_its_rule_line():
    grid = read("| 科目 | 合计 |\n|---|---:|\n| 教育 | 1.00 |\n")[0]
    assert texts(grid) == [["科目", "合计"], ["教育", "1.00"]]


def test_single_line_with_pipes_is_a_paragraph():
    assert isinstance(read("首页 | 公开 | 预算\n")[0], Paragraph)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_text_in_any_chinese_encoding_reads_the_same(codec):
    text = "部门收支总体情况表\n\t科目\n\t合计\n\n\t教育支出\n\t1.00\n"
    blocks = txt.read(text.encode(codec)).blocks
    assert blocks[0].text == "部门收支总体情况表"
    assert texts(blocks[1])[1] == ["教育支出", "1.00"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_text_with_any_line_ends_reads_the_same(end):
    grid = txt.read(end.join(["\ta", "\tb", "", "\tc", "\td", ""]).encode()).blocks[0]
    assert texts(grid) == [["a", "b"], ["c", "d"]]


def test_text_mixing_encodings_names_the_odd_line():
    data = "第一行文字\n第二行文字\n".encode() + "这一行是旧编码\n".encode("gb18030") + "第四行\n".encode()
    with pytest.raises(UnreadableError) as caught:
        txt.read(data)
    assert "第 3 行" in caught.value.message.zh
    assert "line 3" in caught.value.message.en


def test_text_mixing_encodings_with_one_utf8_line_names_it():
    data = "部门预算\n收入情况\n支出情况\n".encode("gb18030") + "政府采购情况说明\n".encode()
    with pytest.raises(UnreadableError) as caught:
        txt.read(data)
    assert "line 4" in caught.value.message.en


def test_text_with_undecodable_bytes_names_the_line():
    with pytest.raises(UnreadableError) as caught:
        txt.read("合计\n".encode() + b"\xff\xff\xff\n")
    assert "line 2" in caught.value.message.en
