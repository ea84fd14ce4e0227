"""One small invented budget in several formats, and findings put at places of it."""

import io
from collections.abc import Sequence

import docx
import openpyxl

from tests.reading.pdf_writer import Page
from tests.reading.pdf_writer import document as pdf_document
from zhengwu.model.document import Document, Grid, Place
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.reporting.audited import Audited
from zhengwu.rules.engine import Audit

SHARE = "2021年支出预算1,000.00元，其中：基本支出244.70元，占24.74%。"
PARAGRAPHS = ("甲区某局2021年部门预算", "一、主要职能", "本局负责三项工作。。", "二、部门预算编制说明", SHARE)
TITLE = "2021年部门支出预算总表"
UNIT = "单位：元"
ROWS = (
    ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ("201", "一般公共服务支出", "1,000.00", "244.70", "755.30"),
    ("20103", "政府办公厅（室）及相关机构事务", "1,000.00", "244.70", "755.30"),
    ("2010301", "行政运行", "244.70", "244.70", ""),
    ("2010302", "一般行政管理事务", "755.00", "", "755.00"),
    ("", "合计", "1,000.00", "244.70", "755.30"),
)


def as_txt() -> bytes:
    """As Word exports plain text: one cell a line."""
    rows = "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in ROWS)
    return "\n".join([*PARAGRAPHS, TITLE, UNIT, rows, "", "", "完。"]).encode()


def as_docx() -> bytes:
    """As a Word document; the sentence with the share stands in three runs of different looks."""
    made = docx.Document()
    for text in PARAGRAPHS[:-1]:
        made.add_paragraph(text)
    split = made.add_paragraph()
    split.add_run(SHARE[:8])
    split.add_run(SHARE[8:30]).bold = True
    split.add_run(SHARE[30:])
    made.add_paragraph(TITLE)
    made.add_paragraph(UNIT)
    table = made.add_table(rows=len(ROWS), cols=len(ROWS[0]), style="Table Grid")
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return _saved(made)


def as_xlsx() -> bytes:
    """As a workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for text in (*PARAGRAPHS, TITLE, UNIT):
        sheet.append([text])
    for row in ROWS:
        sheet.append(list(row))
    return _saved(book)


def as_html() -> bytes:
    """As a page in a Chinese encoding, the sentence in nested elements."""
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:-1])
    sentence = f"<p>{SHARE[:8]}<b>{SHARE[8:30]}</b>{SHARE[30:]}</p>"
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    page = (
        '<html><head><meta charset="gb2312"><title>甲</title></head><body>'
        f"{paragraphs}{sentence}<p>{TITLE}</p><p>{UNIT}</p><table>{rows}</table></body></html>"
    )
    return page.encode("gb18030")


def as_pdf(entries: str = "") -> bytes:
    """As a PDF of two pages: narrative, table."""
    first = Page(entries=entries)
    for index, text in enumerate(PARAGRAPHS):
        first.text(72, 80 + 24 * index, text, 10)
    second = Page(entries=entries)
    second.text(200, 80, TITLE, 12).text(450, 100, UNIT)
    xs = [50.0, 130.0, 310.0, 390.0, 470.0, 550.0]
    ys = [120.0 + 20 * index for index in range(len(ROWS) + 1)]
    second.grid(xs, ys)
    for row, y in zip(ROWS, ys[1:], strict=True):
        second.row(xs, y, row)
    return pdf_document(first, second)


def _saved(made: object) -> bytes:
    stream = io.BytesIO()
    made.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def texts(document: Document) -> dict[int | None, str]:
    """Everything that is printed, by running line number."""
    found = {}
    for block in document.blocks:
        for piece in (cell for row in block.rows for cell in row) if isinstance(block, Grid) else (block,):
            found[piece.place.line] = piece.text
    return found


def audited(data: bytes, name: str, findings: Sequence[tuple[str, Severity, Sequence[tuple[str, str]]]]) -> Audited:
    """The document with findings of the given rules at the given places.

    A place is the text of a paragraph or cell ("" for no place at all) and what is quoted of it.
    """
    document = read(data, name)
    disclosure = understand(document)
    made = []
    for rule, severity, places in findings:
        spots = tuple(_spot(document, disclosure.tables, text, quote) for text, quote in places)
        message = Message(f"发现“{places[0][1] if places else rule}”有误。", f"“{rule}” was found.")
        expected = "24.47" if "%" in message.zh else None
        made.append(Finding(rule, severity, message, spots, expected, expected and "24.74", expected and "0.27"))
    audit = Audit(disclosure, tuple(made), (), (), frozenset(), 7)
    return Audited(audit, document, data, name)


def _spot(document: Document, tables: Sequence[object], text: str, quote: str) -> Spot:
    if not text:
        return Spot(Place(), quote)
    for block in document.blocks:
        for piece in (cell for row in block.rows for cell in row) if isinstance(block, Grid) else (block,):
            if "".join(piece.text.split()) == text:
                return Spot(piece.place, quote, _table_of(tables, piece.place.line))
    raise AssertionError(f"not printed: {text}")


def _table_of(tables: Sequence[object], line: int | None) -> int:
    for index, table in enumerate(tables):
        rows = [row.cells for row in table.rows] + list(table.header)  # type: ignore[attr-defined]
        if any(cell is not None and cell.place.line == line for cells in rows for cell in cells):
            return index
    return -1


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
SHARE_FINDING = ("stated-share-differs", ERROR, ((SHARE, "24.74%"), (SHARE, "244.70元")))
DOUBLED = ("punctuation-doubled", WARNING, (("本局负责三项工作。。", "三项工作。。"),))
CELL_FINDING = ("code-differs-from-codes-below", ERROR, (("755.00", "755.00"),))
ROUNDED = ("total-differs-from-its-items", INFO, (("2010302", "2010302"), ("一般行政管理事务", "一般行政管理事务")))
MISSING = ("required-table-missing", WARNING, (("", "支出决算表"),))
ALL = (SHARE_FINDING, DOUBLED, CELL_FINDING, ROUNDED, MISSING)
