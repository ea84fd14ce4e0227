"""Rows of a PDF table that a page break cuts in two, and rows that only seem so."""

from pdf_writer import Page, document

from zhengwu.model.document import Grid
from zhengwu.reading import pdf

XS = [50.0, 110.0, 170.0, 230.0]  # a column of 60 points: five characters, eleven digits
HEADER = ["编码", "名称", "合计"]
FIRST = ["201", "一般支出", "1.00"]
NEXT = ["208", "社会保障", "2.00"]
_LINE = 14.0

Row = list[str]  # a cell's printed lines, parted by "/"


def table(page: Page, top: float, *rows: Row, below: float = 6.0, cramped: bool = False) -> Page:
    """A fully ruled table; ``below`` is the room under the text of a row, but of a ``cramped`` last one."""
    ys = [top]
    for index, row in enumerate(rows):
        room = 1.0 if cramped and index == len(rows) - 1 else below
        ys.append(ys[-1] + _LINE * max(len(cell.split("/")) for cell in row) + room)
    page.grid(XS, ys)
    for y, row in zip(ys, rows, strict=False):
        for x, cell in zip(XS, row, strict=False):
            for index, line in enumerate(cell.split("/")):
                if line:
                    page.text(x + 2, y + 11 + _LINE * index, line)
    return page


def rows_of(*pages: Page) -> list[list[str]]:
    grids = [block for block in pdf.read(document(*pages)).blocks if isinstance(block, Grid)]
    assert len(grids) == 1
    places = [cell.place.row for row in grids[0].rows for cell in row[:1]]
    assert places == list(range(1, len(grids[0].rows) + 1))
    return [[cell.text for cell in row] for row in grids[0].rows]


def test_name_that_goes_on_over_the_page_is_one_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "社会保障和/就业和其他", "2.00"])
    second = table(Page(), 60, ["", "支出", ""], NEXT)
    assert rows_of(first, second) == [HEADER, FIRST, ["208", "社会保障和就业和其他支出", "2.00"], NEXT]


def test_name_that_goes_on_below_a_repeated_header_is_one_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "社会保障和/就业和其他", "2.00"])
    second = table(Page(), 60, HEADER, ["", "支出", ""], NEXT)
    assert rows_of(first, second)[2:] == [["208", "社会保障和就业和其他支出", "2.00"], NEXT]


def test_name_goes_on_though_a_line_with_a_closing_sign_is_longer_than_others_can_be() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "社会保障，/就业和其他，/一般公共服", "2.00"])
    second = table(Page(), 60, ["", "务支出", ""], NEXT)
    name = "社会保障，就业和其他，一般公共服务支出"
    assert rows_of(first, second)[2:] == [["208", name, "2.00"], NEXT]


def test_amount_and_code_that_the_page_breaks_are_completed() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["20899990001", "社会保障", "71,305,482."])
    second = table(Page(), 60, ["001", "", "19"], NEXT)
    assert rows_of(first, second)[2:] == [["20899990001001", "社会保障", "71,305,482.19"], NEXT]


def test_row_over_three_pages_is_one_row() -> None:
    long = "社会保障和/就业和其他"
    first = table(Page(), 700, HEADER, FIRST, ["208", long, "2.00"], cramped=True)
    second = table(Page(), 700, ["", "一般公共服/务和公共安", ""], cramped=True)
    third = table(Page(), 60, ["", "全支出", ""], NEXT)
    name = "社会保障和就业和其他一般公共服务和公共安全支出"
    assert rows_of(first, second, third)[2:] == [["208", name, "2.00"], NEXT]


def test_cramped_row_takes_up_the_next_paragraph_of_its_cell() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "1.保障；", "2.00"], cramped=True)
    second = table(Page(), 60, ["", "2.就业。", ""], NEXT)
    assert rows_of(first, second)[2:] == [["208", "1.保障；\n2.就业。", "2.00"], NEXT]


def test_label_set_from_top_to_bottom_goes_on() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "产/出/指", "2.00"])
    assert rows_of(first, table(Page(), 60, ["", "标", ""], NEXT))[2:] == [["208", "产出指标", "2.00"], NEXT]


def test_cut_row_without_an_inner_ruling_takes_up_its_rest_in_the_finer_columns() -> None:
    first = Page().grid([50.0, 170.0, 230.0], [700, 720, 740]).row([50, 170], 720, ["名称", "合计"])
    first.row([50, 170], 740, ["一般公共服务支出和其他", "1.00"])
    second = Page().grid([50.0, 170.0, 230.0], [60, 80, 100]).line(110, 80, 110, 100)
    second.row([50, 170], 80, ["支出", ""]).row(XS, 100, NEXT)
    grids = [block for block in pdf.read(document(first, second)).blocks if isinstance(block, Grid)]
    assert [[(cell.text, cell.place.column, cell.colspan) for cell in row] for row in grids[0].rows] == [
        [("名称", 1, 2), ("合计", 3, 1)],
        [("一般公共服务支出和其他支出", 1, 2), ("1.00", 3, 1)],
        [("208", 1, 1), ("社会保障", 2, 1), ("2.00", 3, 1)],
    ]


def test_several_new_texts_below_a_cramped_row_are_a_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "保障。", "甲。"], cramped=True)
    assert len(rows_of(first, table(Page(), 60, ["", "就业。", "乙。"], NEXT))) == 5


def test_new_item_below_a_cramped_row_is_a_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["一、收入", "社会保障和/就业和其他", ""], cramped=True)
    assert len(rows_of(first, table(Page(), 60, ["二、支出", "支出", ""], NEXT))) == 5


def test_blank_rest_of_a_cramped_row_is_no_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, NEXT, cramped=True)
    assert rows_of(first, table(Page(), 60, ["", "", ""], FIRST)) == [HEADER, FIRST, NEXT, FIRST]
    whole = table(Page(), 700, HEADER, FIRST, NEXT)
    assert len(rows_of(whole, table(Page(), 60, ["", "", ""], FIRST))) == 5


def test_row_that_no_ruling_closes_goes_on() -> None:
    first = table(Page(), 700, HEADER, FIRST)
    for x in XS:
        first.line(x, 740, x, 770)
    first.row(XS, 755, ["208", "保障", "2.00"])
    second = table(Page(), 60, ["", "和就业", ""], NEXT)
    assert rows_of(first, second)[2:] == [["208", "保障和就业", "2.00"], NEXT]


def test_merged_cell_of_a_cut_row_reaches_over_both_pages() -> None:
    first = Page().grid(XS[1:], [700, 720, 740]).line(50, 700, 110, 700).line(50, 740, 110, 740)
    first.line(50, 700, 50, 740).row(XS, 720, ["产出", "1.00", "数量"])
    first.row(XS, 740, ["", "人工人工接", "100"])
    second = Page().grid(XS[1:], [60, 80, 100]).line(50, 60, 110, 60).line(50, 100, 110, 100)
    second.line(50, 60, 50, 100).row(XS, 80, ["", "通率", ""]).row(XS, 100, ["", "时效", "90"])
    grids = [block for block in pdf.read(document(first, second)).blocks if isinstance(block, Grid)]
    assert [[(cell.text, cell.rowspan) for cell in row] for row in grids[0].rows] == [
        [("产出", 3), ("1.00", 1), ("数量", 1)],
        [("人工人工接通率", 1), ("100", 1)],
        [("时效", 1), ("90", 1)],
    ]


def test_row_with_its_own_amount_or_code_stays_a_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "社会保障和/就业和其他", "2.00"])
    for row in (["", "支出", "3.00"], ["209", "支出", ""], ["20901", "", ""]):
        assert rows_of(first, table(Page(), 60, row, NEXT))[3:] == [row, NEXT]


def test_row_below_a_name_that_left_room_stays_a_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "社会保障和/就业", "2.00"])
    assert len(rows_of(first, table(Page(), 60, ["", "支出", ""], NEXT))) == 5


def test_row_below_a_finished_sentence_stays_a_row() -> None:
    first = table(Page(), 700, HEADER, FIRST, ["208", "社会保障好。", "2.00"])
    assert len(rows_of(first, table(Page(), 60, ["", "支出", ""], NEXT))) == 5


def test_row_whose_name_stands_elsewhere_in_the_table_stays_a_row() -> None:
    full = ["208", "社会保障费", "2.00"]
    first = table(Page(), 700, HEADER, full, FIRST, full)
    assert len(rows_of(first, table(Page(), 60, ["", "支出", ""], NEXT))) == 6


def test_row_after_a_page_with_room_for_it_stays_a_row() -> None:
    full = ["208", "社会保障费", "2.00"]
    earlier = table(Page(), 700, HEADER, FIRST, NEXT, FIRST)
    later = table(Page(), 700, HEADER, full)
    second = table(Page(), 60, ["", "支出", ""], NEXT)
    pages = pdf.read(document(earlier.text(50, 800, "注"), later, second)).blocks
    assert [len(block.rows) for block in pages if isinstance(block, Grid)] == [4, 4]


def test_first_row_after_a_header_with_full_labels_stays_a_row() -> None:
    first = table(Page(), 700, ["科目的编码", "科目的名称", "合计的金额"])
    assert len(rows_of(first, table(Page(), 60, ["", "无", ""]))) == 2
    assert len(rows_of(first, table(Page(), 60, ["299001", "某某局", "36208410.00"]))) == 2
