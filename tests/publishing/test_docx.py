"""The Word document of a publication: it opens, has real headings, and reads back as it was given."""

import re
import time
import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from tests.publishing import sample
from zhengwu.publishing import pages
from zhengwu.publishing.as_docx import docx_of
from zhengwu.publishing.publication import Heading, PrintedCell, PrintedRow, PrintedTable
from zhengwu.reading import read

HOSTILE = (
    "<w:p>&amp;<!-- x --></w:t>]]>",
    "\"quoted\" & 'single'",
    "控制\x00\x07\x1b\ufffe字符",
    "{{jinja}} ${shell} %s",
    "👍𠮷",
)


def opened(data: bytes) -> WordDocument:
    return docx.Document(BytesIO(data))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


def elements(data: bytes, *names: str) -> list[Any]:
    return list(opened(data).element.body.iter(*(qn(f"w:{name}") for name in names)))


@pytest.fixture(scope="module")
def made() -> bytes:
    return docx_of(sample.publication())


def test_document_reads_back_as_the_publication_says(made: bytes) -> None:
    published = sample.publication()
    document = read(made, "budget.docx")
    contents = [block.heading if isinstance(block, PrintedTable) else block.text for block in headed(published.blocks)]
    assert document.source.format == "docx"
    assert not document.unread
    assert sample.as_read(document) == [*published.cover, pages.CONTENTS, *contents, *sample.printed(published)]


def headed(blocks: tuple[Any, ...]) -> list[Heading | PrintedTable]:
    return [block for block in blocks if pages.in_contents(block)]


def test_document_opens_with_its_headings_as_headings(made: bytes) -> None:
    found = [
        (paragraph.style.name, paragraph.text)
        for paragraph in opened(made).paragraphs
        if paragraph.style is not None and str(paragraph.style.name).startswith("Heading")
    ]
    wanted = [block for block in sample.blocks() if isinstance(block, Heading)]
    assert found == [(f"Heading {block.level}", block.text) for block in wanted]


def test_table_titles_have_an_outline_level(made: bytes) -> None:
    document = opened(made)
    titles = [one for one in document.paragraphs if one.style is not None and one.style.style_id == "TableTitle"]
    assert [one.text for one in titles] == [table.heading for table in sample.publication().tables]
    level = document.styles["表题"].element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    assert level is not None
    assert level.get(qn("w:val")) == "2"


def test_header_rows_repeat_and_rows_stay_whole(made: bytes) -> None:
    for table, tbl in zip(sample.publication().tables, elements(made, "tbl"), strict=True):
        rows = list(tbl.iterchildren(qn("w:tr")))
        repeated = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        assert repeated == [index < len(table.header) for index in range(len(rows))]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_row_of_long_text_may_break_over_pages() -> None:
    long = "完成数据资源的编目、挂接和质量核验，" * 100
    row = PrintedRow("item", (PrintedCell("总体目标"), PrintedCell(long, colspan=4)))
    (tbl,) = elements(docx_of(sample.publication(sample.form()._replace(rows=(row, *sample.form().rows[1:])))), "tbl")
    whole = [tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for tr in tbl.iterchildren(qn("w:tr"))]
    assert whole == [False] + [True] * (len(whole) - 1)


def test_columns_fill_the_text_field_and_rows_fill_the_columns(made: bytes) -> None:
    for table, tbl in zip(sample.publication().tables, elements(made, "tbl"), strict=True):
        widths = [int(column.get(qn("w:w"))) for column in tbl.iter(qn("w:gridCol"))]
        assert len(widths) == len(table.columns)
        assert abs(sum(widths) - pages.text_width(table.wide) * 20) <= 1
        for row in tbl.iterchildren(qn("w:tr")):
            spans = [cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for cell in row.iterchildren(qn("w:tc"))]
            assert sum(1 if span is None else int(span.get(qn("w:val"))) for span in spans) == len(widths)


def test_wide_tables_stand_on_landscape_pages_and_the_cover_has_no_number(made: bytes) -> None:
    sections = opened(made).sections
    assert [section.page_width > section.page_height for section in sections] == [
        *(False, False, False, True, False),
    ]
    numbered = [section._sectPr.find(qn("w:footerReference")) is not None for section in sections]
    assert numbered == [False, True, True, True, True]


def test_table_is_described_for_readers_who_do_not_see_it(made: bytes) -> None:
    described = [one.get(qn("w:val")) for one in elements(made, "tblCaption")]
    assert described == [table.heading for table in sample.publication().tables]


def test_contents_are_a_field_whose_entries_lead_to_their_headings(made: bytes) -> None:
    assert any("TOC" in (one.text or "") for one in elements(made, "instrText"))
    marks = {one.get(qn("w:name")): one.getnext() for one in elements(made, "bookmarkStart")}
    links = elements(made, "hyperlink")
    assert [text_of(marks[link.get(qn("w:anchor"))]) for link in links] == [text_of(link) for link in links]
    assert "updateFields" not in part(made, "word/settings.xml")


def text_of(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def test_properties_name_title_and_unit_and_no_time(made: bytes) -> None:
    properties = opened(made).core_properties
    assert (properties.title, properties.author, properties.subject) == (
        *(f"{sample.UNIT}2026年单位预算", sample.UNIT, "2026年预算"),
    )
    assert properties.created is None


def test_every_style_in_use_is_there(made: bytes) -> None:
    styles = set(re.findall(r'w:styleId="(\w+)"', part(made, "word/styles.xml")))
    used = set(
        re.findall(r'<w:pStyle w:val="(\w+)"/>', part(made, "word/document.xml") + part(made, "word/footer1.xml"))
    )
    assert used <= styles


def test_same_publication_gives_the_same_bytes(made: bytes) -> None:
    assert docx_of(sample.publication()) == made


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_it_is(text: str) -> None:
    table = sample.tree()._replace(
        rows=(PrintedRow("item", (PrintedCell(text), *map(PrintedCell, ("名称", "1", "2", "3")))),),
        captions=(text, "单位：元"),
        notes=(text,),
        caption=text,
    )
    published = sample.publication(Heading(1, text), sample.said(text), table)._replace(
        title=text, unit=text, cover=(text, text)
    )
    shown = "".join(one for one in text if one not in "\x00\x07\x1b\ufffe")
    found = sample.as_read(read(docx_of(published), "hostile.docx"))
    assert found[:2] == [shown, shown]
    assert found[5:8] == [shown, shown, shown]
    assert found[8] == f"{shown} 单位：元"
    assert isinstance(found[9], list)
    assert found[9][1][0][0] == shown
    assert found[10] == shown


def test_publication_without_headings_has_no_contents() -> None:
    found = sample.as_read(read(docx_of(sample.publication(sample.said("无。"))), "short.docx"))
    assert pages.CONTENTS not in found
    assert found[-1] == "无。"


def test_table_of_500_rows_is_written_quickly() -> None:
    published = sample.publication(sample.ledger(500))
    docx_of(published)
    began = time.process_time()
    docx_of(published)
    assert time.process_time() - began < 5  # about 0.05 s; the margin is for busy machines


def test_row_with_too_many_cells_is_an_error_of_the_program() -> None:
    row = PrintedRow("item", tuple(map(PrintedCell, "123456")))
    with pytest.raises(ValueError, match="no column is left"):
        docx_of(sample.publication(sample.tree()._replace(rows=(row,))))
