"""The PDF of a publication: tagged, bookmarked, and read back as it was given."""

import re
import time
from pathlib import Path

import pypdfium2
import pytest

from tests.publishing import sample
from zhengwu.model.message import RefusedError
from zhengwu.publishing import as_pdf, pages
from zhengwu.publishing.as_pdf import pdf_of
from zhengwu.publishing.publication import Heading, PrintedCell, PrintedRow, PrintedTable
from zhengwu.reading import read

HOSTILE = (
    '#import "x"; $a^2$ *b* _c_ `d` <e> @f \\',
    '"]) #panic("x") ("',
    "\\u{41} \\n #{1+1}",
    "=标题",
    "//注释",
    "/*注释",
    "控制\x00\x07\x1b\ufffe字符",
)


def squeezed(shown: list[sample.Shown]) -> list[sample.Shown]:
    """Without blanks: a PDF does not tell a blank beside a Chinese character from a gap, nor a line that a cell
    ends on purpose from one that its edge ends."""
    return [
        re.sub(r"\s", "", one)
        if isinstance(one, str)
        else [[(re.sub(r"\s", "", cell[0]), *cell[1:]) for cell in row] for row in one]
        for one in shown
    ]


def read_back(*tables: PrintedTable) -> list[sample.Shown]:
    """The blocks behind the contents as read from the PDF of ``tables``."""
    published = sample.publication(*tables)
    found = squeezed(sample.as_read(read(pdf_of(published), "tables.pdf")))
    return found[-len(sample.printed(published)) :]


@pytest.fixture(scope="module")
def made() -> bytes:
    return pdf_of(sample.publication())


def test_document_reads_back_as_the_publication_says(made: bytes) -> None:
    published = sample.publication()
    document = read(made, "budget.pdf")
    assert document.source.format == "pdf"
    assert not document.unread
    found = squeezed(sample.as_read(document))
    wanted = squeezed(sample.printed(published))
    contents = [one for one in found if isinstance(one, str) and "……" in one]
    assert found == [*published.cover, pages.CONTENTS, *contents, *wanted]
    assert [one.rstrip("0123456789").rstrip("…") for one in contents] == squeezed(
        [
            block.heading if isinstance(block, PrintedTable) else block.text
            for block in published.blocks
            if pages.in_contents(block) and not isinstance(block, str)
        ]
    )


def test_contents_name_the_pages_on_which_headings_stand(made: bytes) -> None:
    document = pypdfium2.PdfDocument(made)
    texts = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
    entries = [one for one in sample.as_read(read(made, "budget.pdf")) if isinstance(one, str) and "……" in one]
    for entry in entries:
        match = re.fullmatch(r"(.+?)…+(\d+)", entry)
        assert match is not None
        assert match[1] in texts[int(match[2])]  # the cover is not counted
        assert f"—{match[2]}—" in texts[int(match[2])]


def test_file_is_tagged_for_accessibility_in_chinese(made: bytes) -> None:
    assert b"/StructTreeRoot" in made
    assert b"/Marked true" in made
    assert b"pdfuaid" in made
    assert b"/Lang(zh" in made
    document = pypdfium2.PdfDocument(made)
    assert document.get_metadata_value("Title") == f"{sample.UNIT}2026年单位预算"
    assert document.get_metadata_value("Author") == sample.UNIT


def test_headings_and_tables_are_bookmarks(made: bytes) -> None:
    document = pypdfium2.PdfDocument(made)
    found = [(one.level, one.get_title()) for one in document.get_toc()]
    assert (0, "第一部分 单位概况") in found
    assert (1, "一、主要职责") in found
    assert (2, "（一）收入预算说明") in found
    assert (3, "1.基本支出") in found
    assert [title for level, title in found if level == 1 and title.startswith("表")] == [
        table.heading for table in sample.publication().tables
    ]


def test_file_holds_no_time(made: bytes) -> None:
    document = pypdfium2.PdfDocument(made)
    assert not document.get_metadata_value("CreationDate")
    assert not document.get_metadata_value("ModDate")


def test_same_publication_gives_the_same_bytes(made: bytes) -> None:
    assert pdf_of(sample.publication()) == made


def test_wide_tables_stand_on_landscape_pages_and_the_cover_has_no_number(made: bytes) -> None:
    document = pypdfium2.PdfDocument(made)
    sizes = [page.get_size() for page in document]
    assert [width > height for width, height in sizes] == [False] * 5 + [True] * 5 + [False] * 2
    assert "—" not in document[0].get_textpage().get_text_range()


def test_header_is_repeated_on_every_page_of_a_table() -> None:
    document = pypdfium2.PdfDocument(pdf_of(sample.publication(sample.ledger(60, wide=False))))
    texts = [page.get_textpage().get_text_range() for page in document]
    with_rows = [text for text in texts if re.search(r"2010\d{3}", text)]
    assert len(with_rows) > 2
    assert all("项目名称" in text for text in with_rows)


def test_row_that_is_longer_than_a_page_breaks_and_reads_back_whole() -> None:
    long = "".join(
        f"第{number}项任务在规定时间内完成编目、挂接和质量核验，形成清单并报备案；" for number in range(1, 90)
    )
    form = sample.form()
    rows = (*form.rows[:5], PrintedRow("item", (PrintedCell("总体目标"), PrintedCell(long, colspan=4))), *form.rows[6:])
    form = form._replace(rows=rows)
    assert read_back(form) == squeezed(sample.printed(sample.publication(form)))


def test_rows_of_a_merged_cell_break_between_rows() -> None:
    rows = [
        PrintedRow(
            "item", ((sample.head("产出指标", rowspan=50),) if not number else ()) + (PrintedCell(f"指标{number}"),)
        )
        for number in range(50)
    ]
    table = PrintedTable(
        *("targets", "十三", "绩效指标表", "万元"),
        sample.columns("label", "text"),
        (tuple(map(sample.head, ("一级指标", "三级指标"))),),
        tuple(rows),
        caption="表十三：绩效指标表",
    )
    found = read_back(table)[-1]
    assert isinstance(found, list)
    assert [row[-1][0] for row in found] == ["三级指标", *(f"指标{number}" for number in range(50))]


@pytest.mark.parametrize("count", [13, 60, 200])
def test_long_table_reads_back_as_one(count: int) -> None:
    for wide in (False, True):
        table = sample.ledger(count, wide)
        assert read_back(table) == squeezed(sample.printed(sample.publication(table)))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_is(text: str) -> None:
    shown = re.sub(r"\s", "", "".join(one for one in text if one not in "\x00\x07\x1b\ufffe"))
    table = sample.tree()._replace(
        rows=(PrintedRow("item", (PrintedCell("201"), PrintedCell(text), *map(sample.money, (3, 1, 2)))),),
        captions=(text, "单位：元"),
        notes=(text,),
        caption=text,
    )
    published = sample.publication(Heading(1, text), sample.said(text), table)._replace(
        title=text, unit=text, cover=(text, text)
    )
    document = read(pdf_of(published), "hostile.pdf")
    found = squeezed(sample.as_read(document))
    grid = next(one for one in found if isinstance(one, list))
    assert grid[1][1][0] == shown
    words = "".join(one for one in found if isinstance(one, str))
    assert words.count(shown) == 9  # twice on the cover and in the contents; heading, text, title, caption and note
    assert not document.unread


def test_long_word_stays_in_its_cell() -> None:
    table = sample.tree()._replace(
        rows=(
            PrintedRow(
                "item", (PrintedCell("201"), PrintedCell("https://" + "a" * 300), *map(sample.money, (3, 1, 2)))
            ),
        )
    )
    (grid,) = (one for one in read_back(table) if isinstance(one, list))
    assert grid[1] == [
        *(("201", 1, 1, 1), ("https://" + "a" * 300, 2, 1, 1), ("3.00", 3, 1, 1), ("1.00", 4, 1, 1), ("2.00", 5, 1, 1))
    ]


def test_character_that_no_font_has_is_refused_by_its_name() -> None:
    with pytest.raises(RefusedError) as refused:
        pdf_of(sample.publication(sample.said("使用部门满意度\U000f0123高。")))
    assert refused.value.code == "character-without-font"


def test_machine_without_a_chinese_font_is_told_what_to_install() -> None:
    with pytest.raises(RefusedError) as refused:
        as_pdf._faces(frozenset({"DejaVu Sans"}))
    assert refused.value.code == "no-chinese-font"
    assert "pylopdf-fonts-zh-cn" in refused.value.message.zh


def test_prescribed_fonts_are_preferred_where_they_are_installed() -> None:
    faces = as_pdf._faces(frozenset({"FangSong", "SimHei", "SimSun", "Times New Roman", "Noto Serif SC"}))
    assert faces["fangsong"][1] == "FangSong"
    assert faces["hei"][1] == "SimHei"
    assert faces["kai"][1] == "SimSun"


def test_template_is_part_of_the_package() -> None:
    assert (Path(as_pdf.__file__).parent / "publication.typ").is_file()


def test_table_of_500_rows_is_set_quickly() -> None:
    published = sample.publication(sample.ledger(500))
    began = time.process_time()
    pdf_of(published)
    assert time.process_time() - began < 30  # about one second; a search that grows with the square takes minutes
