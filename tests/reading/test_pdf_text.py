"""Text outside tables in PDF files: paragraphs, blanks, text that is not shown."""

import pytest
from pdf_writer import Page, document

from zhengwu.model.document import Paragraph
from zhengwu.reading import pdf


def read(*pages: Page) -> list[str]:
    return [block.text for block in pdf.read(document(*pages)).blocks if isinstance(block, Paragraph)]


def prose(page: Page, top: float, *lines: str, size: float = 10.0, left: float = 50.0) -> Page:
    """Lines 20 points apart; a line that begins with two full-width blanks is set in."""
    for index, line in enumerate(lines):
        indent = len(line) - len(line.lstrip("　"))
        page.text(left + indent * size, top + 20 * index, line.lstrip("　"), size)
    return page


FULL = "本部门二〇二五年预算安排情况如下所述各项支出均按照规定编制并按照要求公开接受社会监督"
WIDTH = len(FULL)


def test_wrapped_lines_are_one_paragraph() -> None:
    assert read(prose(Page(), 100, "　　" + FULL[2:], FULL, "结束。")) == [FULL[2:] + FULL + "结束。"]


def test_indented_line_begins_a_paragraph() -> None:
    lines = ["　　" + FULL[2:], FULL[:-1] + "。", "　　" + FULL[2:], FULL]
    assert read(prose(Page(), 100, *lines)) == [FULL[2:] + FULL[:-1] + "。", FULL[2:] + FULL]


def test_short_line_ends_a_paragraph() -> None:
    assert read(prose(Page(), 100, FULL, "共三项。", FULL, "完。")) == [FULL + "共三项。", FULL + "完。"]


@pytest.mark.parametrize("label", ["一、", "（一）", "第二条 "])
def test_numbered_line_begins_a_paragraph(label: str) -> None:
    numbered = (label + FULL)[:WIDTH]
    found = read(prose(Page(), 100, FULL, numbered, "完。"))
    assert len(found) == 2
    assert found[1].startswith(label.strip())


def test_decimal_at_the_start_of_a_line_continues_the_paragraph() -> None:
    second = ("12.50万元" + FULL)[: WIDTH - 3]
    assert len(read(prose(Page(), 100, FULL, second))) == 1


def test_line_that_ends_before_a_long_number_goes_on_with_it() -> None:
    short = FULL[: WIDTH - 5]
    assert read(prose(Page(), 100, FULL, short, "24,508,317.62元。")) == [FULL + short + "24,508,317.62元。"]


def test_line_that_ends_before_a_word_with_its_closing_sign_and_number_goes_on_with_them() -> None:
    short = FULL[: WIDTH - 6]
    assert read(prose(Page(), 100, FULL, short, "少）381,902.75元。")) == [FULL + short + "少）381,902.75元。"]


def test_line_that_left_room_for_the_number_below_it_ends_a_paragraph() -> None:
    short = FULL[: WIDTH - 9]
    assert read(prose(Page(), 100, FULL, short, "24,508,317.62元。")) == [FULL + short, "24,508,317.62元。"]


def test_line_that_ends_before_a_long_number_goes_on_over_a_page_break() -> None:
    short = FULL[: WIDTH - 5]
    first = prose(Page(), 720, FULL, FULL, FULL, short)
    second = prose(Page(), 100, "24,508,317.62元，" + FULL[:-9], FULL, FULL, "完。")
    assert len(read(first, second)) == 1


@pytest.mark.parametrize(("gap", "count"), [(20, 1), (34, 2)])
def test_sentence_before_a_long_number_ends_a_paragraph_only_where_the_lines_stand_apart(
    gap: float, count: int
) -> None:
    stopped = FULL[: WIDTH - 3] + "。"
    page = prose(Page(), 100, FULL, stopped)
    assert len(read(prose(page, 120 + gap, "2021年，" + FULL[:-5], "完。"))) == count


def test_unit_of_a_table_never_goes_on_a_line() -> None:
    assert read(prose(Page(), 100, FULL, "单位：元")) == [FULL, "单位：元"]


def test_full_stop_at_the_start_of_a_line_continues_the_paragraph() -> None:
    assert read(prose(Page(), 100, FULL, "。")) == [FULL + "。"]


def test_paragraph_runs_on_over_a_page_break() -> None:
    first = prose(Page(), 720, FULL, FULL, FULL, FULL).text(290, 820, "- 3 -")
    second = prose(Page(), 100, FULL, FULL, FULL, "完。")
    assert read(first, second) == [FULL * 7 + "完。"]


def test_page_number_at_the_foot_is_no_paragraph() -> None:
    for number in ("3", "- 3 -", "— 3 —", "第3页", "第 3 页 共 20 页"):
        assert read(Page().text(50, 100, "名词解释").text(290, 820, number)) == ["名词解释"]


def test_number_elsewhere_on_the_page_is_kept() -> None:
    assert read(Page().text(50, 100, "名词解释").text(50, 300, "3")) == ["名词解释", "3"]


def test_blanks_of_justified_text_are_removed() -> None:
    page = Page()
    pieces = ["本", "年", "收", "入", "合", "2961.68", "万", "元"]
    for x, text in zip((50, 64, 78, 92, 106, 120, 152, 166), pieces, strict=True):
        page.text(x, 100, text)
    assert read(page) == ["本年收入合2961.68万元"]


def test_blank_between_two_numbers_is_kept() -> None:
    assert read(Page().text(50, 100, "12.50").text(80, 100, "13.50")) == ["12.50 13.50"]


def test_full_width_digits_are_kept() -> None:
    assert read(Page().text(50, 100, "２０２５年")) == ["２０２５年"]


def test_contents_with_leaders_stay_lines() -> None:
    lines = [f"{label}部门预算表{'…' * 30}{page}" for label, page in (("一、", 3), ("二、", 4))]
    assert read(prose(Page(), 100, *lines)) == lines


def test_text_drawn_twice_is_read_once() -> None:
    page = Page().text(50, 100, "部门预算").text(50.3, 100, "部门预算").text(50, 100.2, "部门预算")
    assert read(page) == ["部门预算"]


def test_characters_drawn_twice_one_by_one_are_read_once() -> None:
    page = Page()
    for index, character in enumerate("部门预算"):
        page.text(50 + 10 * index, 100, character).text(50.3 + 10 * index, 100, character)
    assert read(page) == ["部门预算"]


def test_equal_texts_at_different_places_are_both_read() -> None:
    assert read(Page().text(50, 100, "预算").text(50, 200, "预算")) == ["预算", "预算"]


def test_text_outside_the_page_is_not_read() -> None:
    page = Page(entries="/CropBox [0 0 595 742]").text(50, 50, "页外").text(50, 200, "页内").text(700, 300, "页外")
    assert read(page) == ["页内"]


def test_text_running_out_of_the_page_is_cut() -> None:
    assert read(Page().text(565, 100, "一二三四五六")) == ["一二三"]


def test_clipped_text_is_not_read() -> None:
    page = Page().raw("q 40 720 100 40 re W n").text(50, 100, "显示").text(50, 200, "隐藏").raw("Q")
    assert read(page.text(50, 300, "之后")) == ["显示", "之后"]


def test_partly_clipped_text_is_cut() -> None:
    page = Page().raw("q 40 720 41 40 re W n").text(50, 100, "一二三四五六").raw("Q")
    assert read(page) == ["一二三"]


def test_invisible_text_is_read_only_over_a_picture() -> None:
    assert read(Page().text(50, 100, "看不见", mode=3).text(50, 200, "看得见")) == ["看得见"]
    scan = Page().raw("q 595 0 0 842 0 0 cm /I1 Do Q").text(50, 100, "识别的文字", mode=3)
    assert read(scan) == ["识别的文字"]


def test_white_text_is_read_only_over_a_dark_area_or_picture() -> None:
    white = Page().raw("1 g").text(50, 100, "看不见").raw("0 g").text(50, 200, "看得见")
    assert read(white) == ["看得见"]
    assert read(Page().raw("0.2 g 40 700 200 60 re f 1 g").text(50, 100, "反白标题")) == ["反白标题"]


def test_text_set_aslant_is_named_and_kept_out_of_the_text() -> None:
    mark = "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 100 400 Tm <516C5F00> Tj ET"
    content = pdf.read(document(Page().text(50, 100, "正文").raw(mark)))
    assert [block.text for block in content.blocks if isinstance(block, Paragraph)] == ["正文"]
    assert "公开" in content.unread[0].reason.zh


def test_text_in_a_slanted_face_is_read() -> None:
    page = Page().raw("BT /F1 10 Tf 1 0 0.3 1 50 700 Tm <516C5F00> Tj ET")
    assert read(page) == ["公开"]


def test_lone_characters_of_a_font_that_is_not_embedded_are_read() -> None:
    page = Page()
    for x, character in zip((50, 90, 130), "类款项", strict=True):
        page.text(x, 100, character)
    assert "".join(read(page)).replace(" ", "") == "类款项"


def test_lines_are_read_from_top_to_bottom_whatever_their_order_in_the_file() -> None:
    assert read(Page().text(50, 300, "第三").text(50, 100, "第一").text(50, 200, "第二")) == [
        "第一",
        "第二",
        "第三",
    ]


def test_paragraph_place_has_page_line_and_box() -> None:
    blocks = pdf.read(document(Page(), Page().text(50, 100, "标题").text(50, 200, "正文"))).blocks
    place = blocks[1].place
    assert (place.page, place.line) == (2, 2)
    assert place.box == pytest.approx((50, 191, 70, 201), abs=1.5)
