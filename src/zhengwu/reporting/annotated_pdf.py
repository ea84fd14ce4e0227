"""A PDF with a highlight and a pop-up note at each place."""

import ctypes
import io
from datetime import datetime

from pypdfium2 import PdfDocument, raw

from zhengwu.model.document import Box
from zhengwu.model.finding import Severity
from zhengwu.reading.pdf_view import View, page_view
from zhengwu.reporting.notes import AUTHOR, Note
from zhengwu.reporting.pdf_pages import Pages, Shown, address

_COLOUR = {
    Severity.ERROR: (255, 138, 128), Severity.WARNING: (255, 209, 102), Severity.INFO: (144, 202, 249),
}  # fmt: skip
_PRINTED = 4  # the annotation's flag "print" (PDF 32000-1, table 165)
_ICON = 22.0  # points: size of a note that belongs to the whole document
_PAD = 0.5


def annotated_pdf(data: bytes, notes: list[Note], made: datetime | None) -> bytes:
    """The document with its annotations, saved as a copy. ``made`` dates them; None leaves that out."""
    with Pages(data) as pages:
        places: dict[tuple[Shown, ...], list[Note]] = {}
        loose: list[Note] = []
        for note in notes:
            shown = pages.shown(note.spot) if note.spot else ()
            if shown:
                places.setdefault(shown, []).append(note)
            else:
                loose.append(note)
        document = pages.document
        for shown, there in places.items():
            for number in dict.fromkeys(one.page for one in shown):
                boxes = [one.box for one in shown if one.page == number]
                _highlight(document, number, boxes, there, made)
        for index, note in enumerate(loose):
            page = note.spot.place.page if note.spot and note.spot.place.page else 1
            _sticky(document, min(page, len(document)), index, note, made)
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()


def _highlight(document: PdfDocument, number: int, boxes: list[Box], notes: list[Note], made: datetime | None) -> None:
    page = document[number - 1]
    view = page_view(address(page.raw))
    annotation = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_HIGHLIGHT)
    edges = [_own(view, box) for box in boxes]
    for left, bottom, right, top in edges:
        quad = raw.FS_QUADPOINTSF(left, top, right, top, left, bottom, right, bottom)
        raw.FPDFAnnot_AppendAttachmentPoints(annotation, quad)
    left, bottom = min(edge[0] for edge in edges), min(edge[1] for edge in edges)
    right, top = max(edge[2] for edge in edges), max(edge[3] for edge in edges)
    raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(left, top, right, bottom))
    severity = next(s for s in Severity if any(note.severity is s for note in notes))
    said = {number: text for note in reversed(notes) for number, text in zip(note.numbers, note.texts, strict=True)}
    _finish(annotation, "\n\n".join(said[number] for number in sorted(said)), severity, made)


def _sticky(document: PdfDocument, number: int, index: int, note: Note, made: datetime | None) -> None:
    """A note that belongs to no place on a page, at its top left corner."""
    page = document[number - 1]
    view = page_view(address(page.raw))
    annotation = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_TEXT)
    across = 12 + index * (_ICON + 6) % max(int(view.width) - 40, 1)
    left, bottom, right, top = _own(view, (across, 12, across + _ICON, 12 + _ICON))
    raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(left, top, right, bottom))
    _finish(annotation, note.text, note.severity, made)


def _own(view: View, box: Box) -> tuple[float, float, float, float]:
    """A shown box in the page's own coordinates: left, bottom, right, top."""
    left, bottom, right, top = view.back(box)
    return left - _PAD, bottom - _PAD, right + _PAD, top + _PAD


def _finish(annotation: object, text: str, severity: Severity, made: datetime | None) -> None:
    raw.FPDFAnnot_SetColor(annotation, raw.FPDFANNOT_COLORTYPE_Color, *_COLOUR[severity], 255)
    raw.FPDFAnnot_SetFlags(annotation, _PRINTED)
    values = {"Contents": text, "T": AUTHOR}
    if made is not None:
        values["M"] = made.strftime("D:%Y%m%d%H%M%SZ")
    for key, value in values.items():
        wide = ctypes.create_string_buffer(value.encode("utf-16-le") + b"\0\0")
        raw.FPDFAnnot_SetStringValue(annotation, key.encode(), ctypes.cast(wide, raw.FPDF_WIDESTRING))
    raw.FPDFPage_CloseAnnot(annotation)
