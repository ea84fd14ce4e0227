"""The input document itself with a comment at each place."""

from datetime import datetime

from zhengwu.model.message import Message
from zhengwu.reading import office
from zhengwu.reading.errors import UnreadableError
from zhengwu.reporting.audited import Audited, Made
from zhengwu.reporting.notes import Note, notes

# Formats that are annotated as another one: LibreOffice converts them, as it does for reading.
_AS_DOCX = {"doc": ".doc", "odt": ".odt", "rtf": ".rtf"}
_AS_XLSX = {"xls": ".xls", "ods": ".ods", "xlsb": ".xlsb"}
_AS_PAGE = Message(
    "这种格式不能加批注，已另存为加标注的网页。",
    "comments cannot be put into this format: a web page with the places marked was made instead",
)


def annotated_copy(audited: Audited, language: str, made: datetime | None = None) -> Made:
    """A copy of the document with comments. ``made`` dates them, as the caller's clock says.

    What cannot be annotated in its own format becomes a web page with the places marked.
    """
    found = notes(audited, language)
    copy = _in_its_format(audited, found, language, made)
    if copy is not None:
        return copy
    from zhengwu.reporting.annotated_html import annotated_page

    said = () if audited.document.source.format == "txt" else (_AS_PAGE,)
    return Made(".html", annotated_page(audited.document, found, language), said)


def _in_its_format(audited: Audited, found: list[Note], language: str, made: datetime | None) -> Made | None:
    kind, data = audited.document.source.format, audited.data
    if kind == "pdf":
        from zhengwu.reporting.annotated_pdf import annotated_pdf

        return Made(".pdf", annotated_pdf(data, found, made))
    if kind == "html":
        from zhengwu.reporting.annotated_html import annotated_html

        return _made(".html", annotated_html(data, found, language))
    try:
        return _in_its_package(audited, found, made)
    except UnreadableError:  # a package that can be read, but lacks what it takes to be written
        return None


def _in_its_package(audited: Audited, found: list[Note], made: datetime | None) -> Made | None:
    kind, data = audited.document.source.format, audited.data
    converted = _converted(data, kind)
    if kind == "docx" or (kind in _AS_DOCX and converted):
        from zhengwu.reporting.annotated_docx import annotated_docx

        return _made(".docx", annotated_docx(converted or data, found, made))
    if kind == "xlsx" or (kind in _AS_XLSX and converted):
        from zhengwu.reporting.annotated_xlsx import annotated_xlsx

        return _made(".xlsx", annotated_xlsx(converted or data, audited.document, found))
    return None


def _made(suffix: str, data: bytes | None) -> Made | None:
    return None if data is None else Made(suffix, data)


def _converted(data: bytes, kind: str) -> bytes | None:
    suffix, target = _AS_DOCX.get(kind), "docx"
    if suffix is None:
        suffix, target = _AS_XLSX.get(kind), "xlsx"
    program = office.installed() if suffix else None
    if suffix is None or program is None:
        return None
    try:
        return office.convert(program, data, suffix, target)
    except UnreadableError:
        return None
