"""Where the places of a document without pages are in the PDF that LibreOffice made of it."""

from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Block, Cell, Document, Paragraph, Place
from zhengwu.model.finding import Spot
from zhengwu.model.message import Message
from zhengwu.model.table import Table
from zhengwu.reporting.audited import Audited, text_at

_SUFFIXES = {
    "docx": ".docx", "xlsx": ".xlsx", "xls": ".xls", "ods": ".ods", "odt": ".odt", "rtf": ".rtf", "doc": ".doc",
    "html": ".html", "xlsb": ".xlsb",
}  # fmt: skip
_SAME_START = 16  # characters by which a paragraph is known again
_NO_PICTURES = Message("没有截图：{reason}", "There are no pictures: {reason}")
_REASONS = {
    "format": Message("这种格式没有页面。", "this format has no pages."),
    "office": Message(
        "文件没有页面，转换为 PDF 需要安装 LibreOffice。",
        "the file has no pages, and LibreOffice, which would make some, is not installed.",
    ),
    "failed": Message("LibreOffice 未能将文件转换为 PDF。", "LibreOffice could not convert the file to PDF."),
}


class OnPages(NamedTuple):
    """A PDF of the document, and how its places are found there. ``pdf`` is None without pictures."""

    pdf: bytes | None
    audited: Audited
    document: Document | None = None  # the PDF as read, where it was converted
    disclosure: Disclosure | None = None

    def place(self, spot: Spot) -> Spot | None:
        """The spot as a place of the PDF, or None where it is not found."""
        if self.disclosure is None or self.document is None:
            return spot if spot.place.page is not None else None
        if spot.table >= 0:
            return self._cell(spot)
        return self._paragraph(spot)

    def _cell(self, spot: Spot) -> Spot | None:
        source = self.audited.audit.disclosure.tables[spot.table]
        line = spot.place.line
        row = next((row.cells for row in source.rows if _has_line(row.cells, line)), ())
        own = next((index for index, cell in enumerate(row) if cell and cell.place.line == line), -1)
        texts = {_plain(cell.text) for cell in row if cell and cell.text.strip()}
        cell = row[own] if own >= 0 else None
        text = _plain(cell.text) if cell else _plain(spot.quote)
        assert self.disclosure is not None
        index = _same_table(source, spot.table, self.disclosure)
        best = (0, False)
        found: Spot | None = None
        for other in self.disclosure.tables[index].rows if index is not None else ():
            shared = len(texts & {_plain(cell.text) for cell in other.cells if cell})
            for position, cell in enumerate(other.cells):
                if cell is not None and _plain(cell.text) == text and (shared, position == own) > best:
                    best, found = (shared, position == own), Spot(cell.place, spot.quote, index or 0)
        return found or self._line_of_text(spot, texts)

    def _line_of_text(self, spot: Spot, texts: set[str]) -> Spot | None:
        """A row of a table without rules, which is read from the page as a line of text."""
        assert self.document is not None
        quote = _plain(spot.quote)
        best, found = 0, None
        for block in self.document.blocks:
            if isinstance(block, Paragraph):
                there = _plain(block.text)
                shared = sum(text in there for text in texts)
                if quote in there and shared > best:
                    best, found = shared, Spot(block.place, spot.quote)
        return found if best >= min(2, len(texts)) else None

    def _paragraph(self, spot: Spot) -> Spot | None:
        assert self.document is not None
        text = _plain(text_at(self.audited.document, spot.place.line))
        start = text[:_SAME_START]
        blocks = self.document.blocks
        for index, block in enumerate(blocks):
            if start and isinstance(block, Paragraph) and start in _plain(block.text):
                return Spot(_with_rest(blocks[index:], len(text)), spot.quote)
        return None


def _with_rest(blocks: tuple[Block, ...], length: int) -> Place:
    """The place of a paragraph that may be read as several ones from the page: as many as its length."""
    first = blocks[0].place
    box = first.box
    read = 0
    for block in blocks:
        other = block.place.box
        if read >= length or not isinstance(block, Paragraph) or block.place.page != first.page:
            break
        if box and other:
            box = (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))
        read += len(_plain(block.text))
    return first._replace(box=box)


def on_pages(audited: Audited) -> tuple[OnPages, tuple[Message, ...]]:
    """The document's own pages, or those LibreOffice makes of it; a note says when there are none."""
    source = audited.document.source
    if source.format == "pdf":
        return OnPages(audited.data, audited), ()
    suffix = _SUFFIXES.get(source.format)
    if suffix is None:
        return OnPages(None, audited), (_note("format"),)
    from zhengwu.reading import office, read
    from zhengwu.reading.errors import UnreadableError
    from zhengwu.recognition.understand import understand

    program = office.installed()
    if program is None:
        return OnPages(None, audited), (_note("office"),)
    try:
        pdf = office.convert(program, audited.data, suffix, "pdf")
        document = read(pdf, source.name)
    except UnreadableError:
        return OnPages(None, audited), (_note("failed"),)
    return OnPages(pdf, audited, document, understand(document)), ()


def _note(reason: str) -> Message:
    said = _REASONS[reason]
    return Message(_NO_PICTURES.zh.format(reason=said.zh), _NO_PICTURES.en.format(reason=said.en))


def _same_table(source: Table, index: int, disclosure: Disclosure) -> int | None:
    """The table of the converted file that is ``source``: by number and kind, by title, by its turn."""
    tables = disclosure.tables
    for position, table in enumerate(tables):
        if source.number and (table.number, table.kind) == (source.number, source.kind):
            return position
    for position, table in enumerate(tables):
        if source.title and _plain(table.title) == _plain(source.title):
            return position
    return index if index < len(tables) else None


def _has_line(cells: tuple[Cell | None, ...], line: int | None) -> bool:
    return any(cell is not None and cell.place.line == line for cell in cells)


def _plain(text: str) -> str:
    return "".join(text.split())
