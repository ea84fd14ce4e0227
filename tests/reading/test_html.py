"""Web pages: table model, layout tables, blanks, hidden elements, charsets, web archives."""

import pytest

from zhengwu.model.document import Grid
from zhengwu.reading import html


def grids(page):
    return [b for b in html.read(page.encode()).blocks if isinstance(b, Grid)]


def paragraphs(page):
    return [b.text for b in html.read(page.encode()).blocks if not isinstance(b, Grid)]


def shape(grid):
    return [[(c.text, c.place.column, c.colspan, c.rowspan) for c in row] for row in grid.rows]


def test_spans_of_header_set_columns_of_later_cells():
    page = (
        "<table><tr><td rowspan=2>科目</td><td colspan=2>合计</td></tr>"
        "<tr><td>基本</td><td>项目</td></tr><tr><td>a</td><td>1</td><td>2</td></tr></table>"
    )
    assert shape(grids(page)[0]) == [
        [("科目", 1, 1, 2), ("合计", 2, 2, 1)],
        [("基本", 2, 1, 1), ("项目", 3, 1, 1)],
        [("a", 1, 1, 1), ("1", 2, 1, 1), ("2", 3, 1, 1)],
    ]


def test_layout_table_around_tables_is_dissolved():
    inner = f"<table>{'<tr><td>a</td><td>b</td></tr>' * 3}</table>"
    page = f"<table><tr><td>导航</td><td><p>标题</p>{inner}<p>中间</p>{inner}</td></tr></table>"
    assert len(grids(page)) == 2
    assert paragraphs(page) == ["导航", "标题", "中间"]


def test_tiny_table_in_a_data_cell_becomes_its_text():
    page = (
        "<table><tr><td>项目</td><td>指标</td></tr>"
        "<tr><td>甲</td><td><table><tr><td>数量</td><td>3</td></tr></table></td></tr>"
        "<tr><td>乙</td><td>无</td></tr><tr><td>丙</td><td>无</td></tr></table>"
    )
    found = grids(page)
    assert len(found) == 1
    assert found[0].rows[1][1].text == "数量 3"


def test_br_in_cell_is_a_line_end_and_source_line_ends_are_not():
    assert (
        grids("<table><tr><td>项目<br>资金</td><td>部\n  门</td><td>a\nb</td></tr></table>")[0].rows[0][0].text
        == "项目\n资金"
    )
    row = grids("<table><tr><td>x</td><td>部\n  门</td><td>a\nb</td></tr></table>")[0].rows[0]
    assert [cell.text for cell in row] == ["x", "部门", "a b"]


def test_no_break_blanks_on_the_left_are_kept_and_on_the_right_cut():
    row = grids("<table><tr><td>&nbsp;&nbsp;其中：&nbsp;</td><td>　项目　</td></tr></table>")[0].rows[0]
    assert [cell.text for cell in row] == ["  其中：", "　项目"]


def test_scripts_and_hidden_elements_are_not_read():
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><script>var a=1;</script>"
        '<p style="display: none">隐</p><p hidden>藏</p><p>显</p><!-- 注释 --></body></html>'
    )
    assert paragraphs(page) == ["显"]


def test_table_sections_are_read_head_first_and_foot_last():
    page = (
        "<table><tfoot><tr><td>合计</td><td>3</td></tr></tfoot><tbody><tr><td>a</td><td>1</td></tr></tbody>"
        "<thead><tr><th>项目</th><th>数</th></tr></thead></table>"
    )
    assert [row[0].text for row in grids(page)[0].rows] == ["项目", "a", "合计"]


def test_empty_rows_are_kept():
    page = "<table><tr><td>a</td><td>b</td></tr><tr></tr><tr><td></td><td></td></tr></table>"
    assert [len(row) for row in grids(page)[0].rows] == [2, 0, 2]


def test_markup_without_closing_tags_reads_the_same():
    assert shape(grids("<table><tr><td>a<td>b<tr><td>c<td>d</table>")[0]) == [
        [("a", 1, 1, 1), ("b", 2, 1, 1)],
        [("c", 1, 1, 1), ("d", 2, 1, 1)],
    ]


def test_table_split_by_hand_with_repeated_header_is_joined():
    head = "<tr><td>项目</td><td>金额</td></tr>"
    page = "".join(f"<table>{head}<tr><td>{name}</td><td>1</td></tr></table>" for name in "ab")
    grid = grids(page)[0]
    assert [row[0].text for row in grid.rows] == ["项目", "a", "b"]
    assert grid.rows[2][0].place.row == 3


def test_tables_with_the_same_header_and_a_paragraph_between_stay_apart():
    table = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>a</td><td>1</td></tr></table>"
    assert len(grids(f"{table}<p>&nbsp;</p>{table}")) == 2


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "utf-8"])
def test_declared_charset_is_used(charset):
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    page = f"<html><head>{meta}</head><p>部门预算</p>"
    assert html.read(page.encode(charset)).blocks[0].text == "部门预算"


def test_wrongly_declared_charset_is_overruled_by_the_bytes():
    page = '<meta charset="gb2312"><p>部门预算公开</p>'
    assert html.read(page.encode("utf-8")).blocks[0].text == "部门预算公开"


def test_web_archive_gives_its_page():
    body = (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        "<html><body><p>=E9=A2=84=E7=AE=97</p></body></html>\r\n--x--\r\n"
    )
    assert html.read(body.encode()).blocks[0].text == "预算"


def test_ordered_list_shows_its_numbers():
    assert paragraphs("<ol start=3><li>甲</li><li>乙</li></ol>") == ["3.甲", "4.乙"]


def test_pictures_are_named_as_unread():
    content = html.read("<p>正文</p><img src=a.png><img src=b.png>".encode())
    assert len(content.unread) == 1
    assert "2" in content.unread[0].reason.en


def test_ways_through_the_site_and_drawings_are_not_read():
    page = (
        "<nav><ul><li><a href='#a'>一、支出</a></ul></nav><p>前</p>"
        "<figure><figcaption>图解</figcaption><figure><svg role='img'><text>图</text></svg>"
        "<table><tr><td>甲</td><td>1</td></tr></table></figure></figure>尾<p>后</p>"
    )
    assert paragraphs(page) == ["前", "尾", "后"]
    assert grids(page) == []


def test_figure_and_nav_that_hold_a_table_are_read():
    table = "<table><tr><td>甲</td><td>1</td></tr><tr><td>乙</td><td>2</td></tr></table>"
    icon = "<svg aria-hidden='true'><path d='M0 0'/></svg>"
    page = f"<figure>{icon}{table}<figcaption>表一</figcaption></figure><nav>{table}</nav>"
    assert len(grids(page)) == 2
    assert paragraphs(page) == ["表一"]
