"""The document itself with comments: it still opens, says the same, and the comments are at their places."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import openpyxl
import pypdfium2
import pytest
from lxml import html
from openpyxl.comments import Comment
from pypdfium2 import raw

from tests.reading.office_files import docx as office_docx
from tests.reading.office_files import paragraph, run
from tests.reporting.samples import (
    ALL,
    CELL_FINDING,
    DOUBLED,
    ROUNDED,
    SHARE,
    SHARE_FINDING,
    WARNING,
    as_docx,
    as_html,
    as_pdf,
    as_txt,
    as_xlsx,
    audited,
    texts,
)
from zhengwu.reading import office, read
from zhengwu.reporting.as_annotated import annotated_copy
from zhengwu.reporting.package import Package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NOON = datetime(2021, 3, 4, 12, tzinfo=UTC)


def copy(data: bytes, name: str, findings: object = ALL, language: str = "zh") -> bytes:
    made = annotated_copy(audited(data, name, findings), language, NOON)  # type: ignore[arg-type]
    assert made.suffix == "." + name.rpartition(".")[2]
    return made.data


def ranges(data: bytes) -> dict[str, str]:
    """By comment id: the text between its start and its end."""
    body = docx.Document(io.BytesIO(data)).element.body
    found: dict[str, str] = {}
    open_ids: list[str] = []
    for element in body.iter():
        if element.tag == W + "commentRangeStart":
            open_ids.append(element.get(W + "id"))
            found[open_ids[-1]] = ""
        elif element.tag == W + "commentRangeEnd":
            open_ids.remove(element.get(W + "id"))
        elif element.tag == W + "t":
            for number in open_ids:
                found[number] += element.text or ""
    assert not open_ids
    return found


def test_annotated_docx_opens_with_a_comment_round_each_quote() -> None:
    data = copy(as_docx(), "a.docx")
    comments = {str(comment.comment_id): comment for comment in docx.Document(io.BytesIO(data)).comments}
    quoted = {text: comments[number] for number, text in ranges(data).items()}
    assert set(quoted) == {"24.74%", "244.70元", "三项工作。。", "755.00", "2010302", "甲区某局2021年部门预算"}
    assert all(comment.author == "zhengwu" for comment in comments.values())
    assert quoted["24.74%"].timestamp == NOON
    assert "stated-share-differs" in quoted["24.74%"].text
    assert "应为 24.47" in quoted["24.74%"].text
    assert "required-table-missing" in quoted["甲区某局2021年部门预算"].text


def test_annotated_docx_says_what_the_document_said() -> None:
    assert texts(read(copy(as_docx(), "a.docx"), "a.docx")) == texts(read(as_docx(), "a.docx"))


def test_annotated_docx_keeps_the_looks_of_split_runs() -> None:
    paragraph = docx.Document(io.BytesIO(copy(as_docx(), "a.docx", [SHARE_FINDING]))).paragraphs[4]
    bold = "".join(run.text for run in paragraph.runs if run.bold)
    assert bold == SHARE[8:30]


def test_annotated_docx_keeps_the_comments_that_were_there() -> None:
    once = copy(as_docx(), "a.docx", [SHARE_FINDING])
    twice = copy(once, "a.docx", [DOUBLED])
    comments = list(docx.Document(io.BytesIO(twice)).comments)
    assert len({comment.comment_id for comment in comments}) == len(comments) == 3
    assert len([name for name in zipfile.ZipFile(io.BytesIO(twice)).namelist() if "comments" in name]) == 1


def test_annotated_docx_without_a_time_has_undated_comments_and_is_the_same_every_time() -> None:
    one = audited(as_docx(), "a.docx", ALL)
    first = annotated_copy(one, "zh").data
    assert first == annotated_copy(one, "zh").data
    assert all(comment.timestamp is None for comment in docx.Document(io.BytesIO(first)).comments)


def test_annotated_copy_in_english_comments_in_english() -> None:
    data = copy(as_docx(), "a.docx", [DOUBLED], "en")
    (comment,) = docx.Document(io.BytesIO(data)).comments
    assert "warning:" in comment.text
    assert "改法" not in comment.text


def packaged(data: bytes) -> bytes:
    """The bare document part in the package of a real Word file."""
    package = Package(as_docx())
    package.put("word/document.xml", zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    return package.written()


def test_annotated_xlsx_has_a_note_at_each_cell() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(copy(as_xlsx(), "a.xlsx"))).active
    noted = {cell.coordinate: cell.comment for row in sheet.iter_rows() for cell in row if cell.comment}
    assert {sheet[at].value for at in noted} == {
        "甲区某局2021年部门预算",
        "本局负责三项工作。。",
        SHARE,
        "2010302",
        "755.00",
    }
    share = next(note for at, note in noted.items() if sheet[at].value == SHARE)
    assert share.text.count("stated-share-differs") == 1
    assert share.author == "zhengwu"


def test_annotated_xlsx_keeps_other_notes_and_every_other_part() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx()))
    book.active["A3"].comment = Comment("早先的批注", "某人")
    book.active["B8"].comment = Comment("表头", "某人")
    stream = io.BytesIO()
    book.save(stream)
    data = copy(stream.getvalue(), "a.xlsx", [DOUBLED, CELL_FINDING])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["B8"].comment.text == "表头"
    assert sheet["A3"].comment.text.startswith("早先的批注")
    assert "punctuation-doubled" in sheet["A3"].comment.text
    assert sheet["C12"].comment is not None
    before, after = (zipfile.ZipFile(io.BytesIO(each)) for each in (stream.getvalue(), data))
    assert set(before.namelist()) == set(after.namelist())
    assert before.read("xl/styles.xml") == after.read("xl/styles.xml")


def test_annotated_pdf_has_highlights_with_notes_at_the_places() -> None:
    data = copy(as_pdf(), "a.pdf")
    document = pypdfium2.PdfDocument(data)
    found = [annotations(document[index]) for index in range(len(document))]
    assert [len(each) for each in found] == [4, 2]
    contents = [text for each in found for _, text, _ in each]
    assert any("stated-share-differs" in text and "应为 24.47" in text for text in contents)
    kinds = [kind for kind, _, _ in found[0]]
    assert kinds.count(raw.FPDF_ANNOT_HIGHLIGHT) == 3
    assert kinds.count(raw.FPDF_ANNOT_TEXT) == 1, "what has no place is a note on the first page"
    assert texts(read(data, "a.pdf")) == texts(read(as_pdf(), "a.pdf"))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_annotated_pdf_on_a_turned_page_highlights_the_quote(turn: int) -> None:
    data = copy(as_pdf(f"/Rotate {turn}"), "a.pdf", [SHARE_FINDING])
    page = pypdfium2.PdfDocument(data)[0]
    (_, _, (left, bottom, right, top)), *_ = annotations(page)
    inside = page.get_textpage().get_text_bounded(left + 1, bottom + 1, right - 1, top - 1)
    assert inside.strip().strip("占。") == "24.74%"


def annotations(page: pypdfium2.PdfPage) -> list[tuple[int, str, tuple[float, float, float, float]]]:
    """Kind, contents and rectangle of a page's annotations."""
    found = []
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        buffer = (raw.FPDF_WCHAR * 4096)()
        size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, 8192)
        area = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(annotation, area)
        text = bytes(buffer)[: size - 2].decode("utf-16-le")
        found.append((raw.FPDFAnnot_GetSubtype(annotation), text, (area.left, area.bottom, area.right, area.top)))
    return found


def test_annotated_html_marks_quotes_and_keeps_the_page() -> None:
    data = copy(as_html(), "a.html")
    root = html.fromstring(data.decode("utf-8"))
    marks = {"".join(mark.xpath("text()")): mark.get("title") for mark in root.xpath("//mark")}
    assert set(marks) == {"24.74%", "244.", "70元", "三项工作。。", "755.00", "2010302"}, "over an element's end"
    assert "24.47" in marks["24.74%"]
    assert root.xpath("//meta/@charset") == ["utf-8"]
    ids = root.xpath("//@id")
    for target in root.xpath("//aside//a/@href"):
        assert target[1:] in ids
    for extra in root.xpath("//aside | //mark/sup | //style"):
        extra.drop_tree()
    plain = html.tostring(root, encoding="utf-8")
    assert list(texts(read(plain, "a.html")).values()) == list(texts(read(as_html(), "a.html")).values())


def test_annotated_txt_becomes_a_page_with_marks() -> None:
    made = annotated_copy(audited(as_txt(), "a.txt", ALL), "zh")
    assert made.suffix == ".html"
    root = html.fromstring(made.data.decode())
    assert {"".join(mark.xpath("text()")) for mark in root.xpath("//mark")} >= {"24.74%", "755.00"}
    assert not made.notes


def test_annotated_page_of_hostile_text_escapes_it() -> None:
    data = as_txt().replace("主要职能".encode(), b"<script>alert(1)</script>")
    text = annotated_copy(audited(data, "a.txt", [DOUBLED]), "zh").data.decode()
    assert "<script" not in text


def test_annotated_rounding_difference_has_one_comment() -> None:
    assert list(ranges(copy(as_docx(), "a.docx", [ROUNDED])).values()) == ["2010302"]


def test_package_relates_and_declares_new_parts() -> None:
    package = Package(as_docx())
    package.put("word/new.xml", b"<a/>")
    assert package.relate("word/document.xml", "comments", "word/new.xml")
    assert package.related("word/document.xml", "comments") == "word/new.xml"
    assert zipfile.ZipFile(io.BytesIO(package.written())).read("word/new.xml") == b"<a/>"


@pytest.mark.skipif(office.installed() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(("name", "make"), [("a.docx", as_docx), ("a.xlsx", as_xlsx)])
def test_annotated_office_file_opens_in_libreoffice(name: str, make: object) -> None:
    data = copy(make(), name)  # type: ignore[operator]
    converted = office.convert(office.installed() or "", data, f".{name.rpartition('.')[2]}", "pdf")
    assert "24.74%" in "".join(texts(read(converted, "a.pdf")).values())


def test_annotated_docx_with_link_and_text_box_keeps_comments_out_of_the_box() -> None:
    link = f"<w:hyperlink>{run('增加')}{run('（减少）')}</w:hyperlink>"
    box = f"<w:r><w:pict><w:txbxContent>{paragraph(run('框内的字。。'))}</w:txbxContent></w:pict></w:r>"
    data = office_docx(paragraph(run("比上年"), link, run("5万元")) + paragraph(run("框外"), box) + paragraph())
    findings = [
        ("template-text-left-in", WARNING, (("比上年增加（减少）5万元", "年增加（减少）5"),)),
        ("punctuation-doubled", WARNING, (("框内的字。。", "。。"),)),
    ]
    assert annotated_copy(audited(data, "a.docx", findings), "zh").suffix == ".html", "no package to write into"
    annotated = copy(packaged(data), "a.docx", findings)
    assert "年增加（减少）5" in ranges(annotated).values()
    body = docx.Document(io.BytesIO(annotated)).element.body
    assert len(body.findall(f".//{W}commentRangeStart")) == 2
    assert not body.findall(f".//{W}txbxContent//{W}commentRangeStart")
    assert texts(read(annotated, "a.docx")) == texts(read(data, "a.docx"))
