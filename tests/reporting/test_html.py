"""The HTML report: self-contained, escaped, with every place marked."""

import base64
import io
import re
from datetime import UTC, datetime

import pytest
from lxml import html
from PIL import Image

from tests.reporting.samples import (
    ALL,
    CELL_FINDING,
    DOUBLED,
    ERROR,
    ROUNDED,
    SHARE_FINDING,
    as_docx,
    as_html,
    as_pdf,
    as_txt,
    as_xlsx,
    audited,
)
from zhengwu.reporting.as_html import html_report

FORMATS = {"a.txt": as_txt, "a.docx": as_docx, "a.html": as_html, "a.xlsx": as_xlsx, "a.pdf": as_pdf}


def page(data: bytes, name: str, findings: object = ALL, language: str = "zh") -> str:
    return html_report(audited(data, name, findings), language).data.decode()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FORMATS)
def test_html_of_any_format_is_one_file_without_scripts_or_links_outside(name: str) -> None:
    text = page(FORMATS[name](), name)
    assert "<script" not in text
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", text)
    assert not re.search(r"url\(|@import", text)
    root = html.fromstring(text)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {f"f{number}" for number in range(1, len(ALL) + 1)} <= set(ids)
    for target in root.xpath("//a/@href"):
        assert target[1:] in ids, target


def test_html_of_a_pdf_shows_only_pages_with_places_and_boxes_on_them() -> None:
    root = html.fromstring(page(as_pdf(), "a.pdf", [CELL_FINDING]))
    (image,) = root.xpath("//img/@src")
    picture = Image.open(io.BytesIO(base64.b64decode(image.partition("base64,")[2])))
    assert 800 < picture.width < 1000
    (mark,) = root.xpath("//a[contains(@class, 'mark')]")
    left, top, width, height = map(float, re.findall(r"([\d.]+)%", mark.get("style")))
    box = tuple(
        round(edge)
        for edge in (
            left * picture.width / 100,
            top * picture.height / 100,
            (left + width) * picture.width / 100,
            (top + height) * picture.height / 100,
        )
    )
    assert len(picture.convert("L").crop(box).getcolors() or []) > 1, "something is printed in the box"
    assert 310 / 595 * 100 - 1 < left < 390 / 595 * 100


def test_html_of_a_document_without_pages_marks_cell_and_quote() -> None:
    root = html.fromstring(page(as_docx(), "a.docx", [SHARE_FINDING, CELL_FINDING]))
    assert [mark.text for mark in root.xpath("//mark")] == ["244.70元", "24.74%"]
    assert [cell.text for cell in root.xpath("//td[contains(@class, 'here')]")] == ["755.00"]
    assert [cell.text for cell in root.xpath("//th")][:2] == ["科目编码", "科目名称"]


def test_html_list_of_findings_begins_with_the_gravest() -> None:
    root = html.fromstring(page(as_docx(), "a.docx", [ROUNDED, SHARE_FINDING, DOUBLED]))
    listed = root.xpath("//details[@class='list']//li")
    assert [item.get("class") for item in listed] == ["error", "warning", "info"]
    for item in listed:
        assert item.xpath("a/@href") == [f"#f{item.get('value')}"]


def test_html_of_a_rounding_difference_marks_its_first_place_only() -> None:
    root = html.fromstring(page(as_docx(), "a.docx", [ROUNDED]))
    assert [cell.text for cell in root.xpath("//td[contains(@class, 'here')]")] == ["2010302"]


def test_html_of_hostile_text_escapes_it() -> None:
    evil = '<img src=x onerror="alert(1)">&'
    data = as_txt().replace("本局负责三项工作。。".encode(), evil.encode())
    text = page(data, f"{evil}.txt", [("punctuation-doubled", ERROR, (("".join(evil.split()), evil),))])
    assert "<img" not in text
    assert "&lt;img" in text


def test_html_without_findings_says_so() -> None:
    assert "没有发现问题" in page(as_docx(), "a.docx", [])
    assert "Nothing found" in page(as_docx(), "a.docx", [], "en")


def test_html_in_english_has_no_chinese_words_of_its_own() -> None:
    text = page(as_docx(), "a.docx", [], "en")
    for word in ("应为", "改法", "问题一览", "印证"):
        assert word not in text


def test_html_with_a_time_given_shows_it_and_is_else_the_same_every_time() -> None:
    one = audited(as_pdf(), "a.pdf", ALL)
    assert html_report(one, "zh").data == html_report(one, "zh").data
    assert b"2021-03-04 05:06" in html_report(one, "zh", datetime(2021, 3, 4, 5, 6, tzinfo=UTC)).data
