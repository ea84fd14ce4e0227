"""Reads a PDF with a text layer: paragraphs and tables in reading order.

PDFium gives characters and drawn objects; which lines make a table, and which text stands in which
cell, is found here. Pages are opened one at a time.
"""

import re
from typing import Final

from zhengwu.model.document import Content, Place, Unread
from zhengwu.model.message import Message
from zhengwu.reading import pdf_native as native
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import check_size
from zhengwu.reading.pdf_cells import GridDraft, fill
from zhengwu.reading.pdf_characters import PageText, Piece
from zhengwu.reading.pdf_columns import between_rules, without_rules
from zhengwu.reading.pdf_fonts import give_ink
from zhengwu.reading.pdf_grid import page_frames
from zhengwu.reading.pdf_joining import Assembler, Item
from zhengwu.reading.pdf_lines import group_lines, to_line
from zhengwu.reading.pdf_paragraphs import without_page_number
from zhengwu.reading.pdf_rulings import Drawing, page_drawing
from zhengwu.reading.pdf_view import View, page_view

# The longest budgets have a few hundred pages; a district's bound volume about a thousand.
MAX_PAGES: Final = 3000
# A file that was cut off lacks its last line; some writers add blanks or a few bytes behind it.
_TAIL_BYTES: Final = 4096
_PADDING_BYTES: Final = 1 << 20
_END_MARK: Final = re.compile(rb"%%EOF|startxref")
# So many filled shapes on a page without text are letters drawn as outlines, not a logo.
_OUTLINED_LETTERS: Final = 20
# A message quotes at most so many characters of a watermark.
_QUOTED: Final = 40


def read(data: bytes) -> Content:
    """Paragraphs and grids of a PDF file, every place with page and box.

    Pages that hold pictures or outlines instead of text, and pages too full of lines to find their
    tables, are named under ``unread``. Raises UnreadableError for a file that needs a password, is
    damaged or cut off, or has no pages or more than MAX_PAGES.
    """
    check_size(len(data))
    with native.LOCK:
        document = native.load_document(data, len(data), None)
        if not document:
            raise _opening_error(native.last_error(), data)
        try:
            return _read_document(document, data)
        finally:
            native.close_document(document)


def _opening_error(code: int, data: bytes) -> UnreadableError:
    if code in (native.PASSWORD_ERROR, native.SECURITY_ERROR):
        return UnreadableError(
            "pdf-password",
            "这个 PDF 设有打开密码，无法读取；请先去除密码再试。",
            "this PDF is protected by a password and cannot be read; remove the password and try again",
        )
    return _truncated_error() if _is_cut_off(data) else _damaged_error()


def _is_cut_off(data: bytes) -> bool:
    """Whether the end of the file is missing; blanks and zeros that fill up a file do not count."""
    return not _END_MARK.search(data[-_PADDING_BYTES:].rstrip(b"\0 \t\r\n")[-_TAIL_BYTES:])


def _truncated_error() -> UnreadableError:
    return UnreadableError(
        "pdf-truncated",
        "这个 PDF 不完整，缺少文件结尾；请重新下载或重新导出后再试。",
        "this PDF is incomplete, its end is missing; download or export it again",
    )


def _damaged_error() -> UnreadableError:
    return UnreadableError(
        "pdf-damaged",
        "这个 PDF 已损坏，无法打开；请重新下载或重新导出后再试。",
        "this PDF is damaged and cannot be opened; download or export it again",
    )


def _read_document(document: int, data: bytes) -> Content:
    count = native.page_count(document)
    # PDFium repairs what it can of a file that was cut off, and then says nothing about lost pages.
    if _is_cut_off(data):
        raise _truncated_error()
    if count <= 0:
        raise UnreadableError(
            "pdf-no-pages",
            "这个 PDF 没有任何页面；请重新导出后再试。",
            "this PDF has no pages; export it again",
        )
    if count > MAX_PAGES:
        raise UnreadableError(
            "pdf-too-many-pages",
            f"这个 PDF 有 {count} 页，超过可读取的上限 {MAX_PAGES} 页；请拆分后再试。",
            f"this PDF has {count} pages, more than the {MAX_PAGES} that can be read; split it and try again",
        )
    assembler = Assembler()
    unread: list[Unread] = []
    for index in range(count):
        page = native.load_page(document, index)
        if not page:
            unread.append(_unread(index + 1, "这一页已损坏，未能读取。", "this page is damaged and was not read"))
            continue
        try:
            _read_page(page, index + 1, assembler, unread)
        finally:
            native.close_page(page)
    return Content(assembler.finish(), tuple(unread), count)


def _unread(page: int, zh: str, en: str) -> Unread:
    return Unread(Place(page=page), Message(zh, en))


def _read_page(page: int, number: int, assembler: Assembler, unread: list[Unread]) -> None:
    view = page_view(page)
    drawing = page_drawing(page, view)
    give_ink(drawing.texts)
    text = PageText(page, view)
    try:
        turns = text.quarter_turns()
        reading = view
        if turns != view.rotation:
            reading = view._replace(rotation=turns)
            text.turn(reading)
            drawing = page_drawing(page, reading)
        pieces, slanted = text.pieces(drawing.images, drawing.shades)
        items = _page_items(pieces, text, drawing, reading, number, unread)
    finally:
        text.close()
    if text.unmapped:
        unread.append(
            _unread(
                number,
                f"这一页有 {text.unmapped} 个字符没有文字编码，未能读取。",
                f"{text.unmapped} characters of this page have no text code and were not read",
            )
        )
    if slanted:
        unread.append(
            _unread(
                number,
                f"这一页斜排的文字（水印）“{slanted[:_QUOTED]}”未读入正文。",
                f"text set aslant on this page (a watermark) was left out: “{slanted[:_QUOTED]}”",
            )
        )
    if not items:
        _note_pictures(drawing, number, unread)
    assembler.add_page(number, items, reading, view)


def _page_items(
    pieces: list[Piece], text: PageText, drawing: Drawing, view: View, number: int, unread: list[Unread]
) -> list[Item]:
    """Tables and lines of a page from top to bottom."""
    frames = page_frames(drawing.horizontal, drawing.vertical)
    if drawing.overfull or frames.given_up:
        unread.append(
            _unread(
                number,
                "这一页的线条过多，未能识别其中的表格，只读取了文字。",
                "this page has too many lines to find its tables; only its text was read",
            )
        )
    grids: list[GridDraft] = []
    for frame in frames.tables:
        inside: list[Piece] = []
        outside: list[Piece] = []
        for piece in pieces:
            held = frame.holds((piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2)
            (inside if held else outside).append(piece)
        if inside:
            grids.append(fill(frame, inside, text))
            pieces = outside
    if frames.loose and pieces:
        found, pieces = between_rules(frames.loose, pieces)
        grids.extend(found)
    rows = group_lines(pieces) if pieces else []
    found, rows = without_rules(rows)
    grids.extend(found)
    lines = without_page_number([to_line(row) for row in rows], view.height)
    items: list[Item] = [*lines, *grids]
    if grids:
        items.sort(key=lambda item: item.top)
    return items


def _note_pictures(drawing: Drawing, number: int, unread: list[Unread]) -> None:
    """Say what a page without text shows, unless it is blank."""
    if drawing.images:
        unread.append(
            _unread(
                number,
                "这一页是图片（扫描件），没有可读取的文字。",
                "this page is a picture (a scan) without text that can be read",
            )
        )
    elif drawing.outlines >= _OUTLINED_LETTERS:
        unread.append(
            _unread(
                number,
                "这一页的文字已转为图形，没有可读取的文字。",
                "the letters of this page are drawn as outlines; there is no text to read",
            )
        )
