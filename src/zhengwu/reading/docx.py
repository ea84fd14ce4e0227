"""Word documents (.docx): what the pages print, in reading order.

Tracked changes are read as accepted; hidden text, field instructions, headers and footers are not
read; pictures and embedded objects are named under ``unread``. ``Place.line`` counts paragraphs and
cells through the document; ``Place.column`` is the column of the table's grid.
"""

import re
from collections.abc import Iterable
from typing import Any

from zhengwu.model.document import Content
from zhengwu.model.message import Message
from zhengwu.reading.archive import Archive
from zhengwu.reading.docx_numbering import VAL, Numbering, W
from zhengwu.reading.docx_styles import Styles, is_on
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.layout import Item, Printed, RawCell, RawTable, numbered, to_content
from zhengwu.reading.limits import MAX_COLUMNS, check_cells
from zhengwu.reading.xml import parse

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Borders, fonts and spacing are two thirds of a Word file and change no text: taking them out first
# halves the time to read it. Only elements that nest nothing of interest are named here.
_LOOKS = re.compile(
    rb"<w:(?:(tcBorders|tblBorders|pBdr|tblCellMar|tcMar)>.*?</w:\1"
    rb"|(?:rFonts|szCs|sz|spacing|jc|bidi|color|kern|lang|tcW|vAlign|shd|bCs|b|ind|snapToGrid|widowControl"
    rb"|autoSpaceDE|autoSpaceDN|adjustRightInd|textAlignment)(?: [^<>]*)?/)>",
    re.S,
)
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_P, _R, _T, _TBL, _TR, _TC = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc"))
_PPR, _RPR, _TRPR, _TCPR = (W + name for name in ("pPr", "rPr", "trPr", "tcPr"))
_PSTYLE, _NUMPR, _GRIDSPAN, _VMERGE, _HMERGE, _CELLDEL = (
    W + name for name in ("pStyle", "numPr", "gridSpan", "vMerge", "hMerge", "cellDel")
)
_FLDCHAR, _SDT, _TXBX = W + "fldChar", W + "sdt", W + "txbxContent"
_ALTERNATE = _MC + "AlternateContent"
# Elements that only wrap what they hold: accepted insertions, links, controls, plain groups.
_WRAPPERS = frozenset(
    W + name
    for name in (
        *("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "fldSimple"),
        *("dir", "bdo", "ruby", "rubyBase"),
    )
) | {_SDT}
_OPENED = _WRAPPERS | {_ALTERNATE}
_MATH = frozenset(_M + name for name in ("oMathPara", "oMath", "r", "e", "num", "den", "sub", "sup", "f"))
_MATH |= {_M + name for name in ("sSub", "sSup", "sSubSup", "d", "rad", "nary", "func", "fName", "m", "mr")}
_CHARACTERS = {
    W + "tab": " ",
    W + "ptab": " ",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
# Ticked and empty boxes of the Wingdings fonts, which performance forms use for yes and no.
_SYMBOLS = {0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA8: "□", 0x6F: "□", 0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xA3: "□"}
_DRAWINGS = frozenset({W + "drawing", W + "pict", W + "object"})
_PICTURE_TAGS = {
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip": ("图片", "a picture"),
    "{urn:schemas-microsoft-com:vml}imagedata": ("图片", "a picture"),
    "{urn:schemas-microsoft-com:office:office}OLEObject": ("嵌入的对象", "an embedded object"),
    "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart": ("图表", "a chart"),
    "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": (
        "SmartArt 图形",
        "a SmartArt graphic",
    ),
}


def read(data: bytes) -> Content:
    """Paragraphs and grids of a Word document.

    Raises UnreadableError when the container or its XML is broken, unsafe or too large.
    """
    archive = Archive(data)
    name = _main_part(archive)
    body = _part(archive, name).find(W + "body")
    if body is None:
        raise UnreadableError(
            "no-body",
            "Word 文档没有正文（w:body），可能没有保存完整；请用 Word/WPS 打开后另存再试。",
            "the Word document has no body and may not have been saved whole; open it in Word or WPS and save a copy",
        )
    folder = name.rpartition("/")[0]
    reader = _reader(archive, folder)
    items = reader.blocks(body)
    for notes, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
        part = _optional(archive, f"{folder}/{notes}.xml")
        for note in () if part is None else part.iterchildren(W + tag):
            if note.get(W + "type", "normal") == "normal":
                items += reader.blocks(note)
    return to_content(items)


def with_paragraphs(archive: Archive) -> tuple[str, Any, dict[int, list[Any]]]:
    """The name of the main part, its XML as stored, and the ``w:p`` elements of each running line number.

    For whoever writes into the document; notes at its foot are left out.
    """
    name = _main_part(archive)
    root = parse(archive.read(name), name)
    body = root.find(W + "body")
    if body is None:  # the strict variant of the format has another namespace
        return name, root, {}
    reader = _reader(archive, name.rpartition("/")[0])
    reader.traces = True
    return name, root, {line: [one.origin for one in printed] for line, printed in numbered(reader.blocks(body))}


def _reader(archive: Archive, folder: str) -> "_Reader":
    return _Reader(
        Numbering(_optional(archive, f"{folder}/numbering.xml")),
        Styles(_optional(archive, f"{folder}/styles.xml")),
    )


def _main_part(archive: Archive) -> str:
    """The document's part; producers that call it otherwise name it in the package."""
    usual = next((name for name in archive.names() if name.lower() == "word/document.xml"), None)
    if usual:
        return usual
    relations = parse(archive.read("_rels/.rels"), "_rels/.rels")
    for relation in relations:
        if (relation.get("Type") or "").endswith("/officeDocument"):
            return (relation.get("Target") or "").lstrip("/")
    return "word/document.xml"


def _part(archive: Archive, name: str) -> Any:
    data = archive.read(name)
    if _STRICT in data[:4096]:
        data = data.replace(_STRICT, _TRANSITIONAL)
    return parse(_LOOKS.sub(b"", data).replace(b"<w:rPr></w:rPr>", b""), name)


def _optional(archive: Archive, name: str) -> Any | None:
    return _part(archive, name) if archive.name(name) else None


class _Reader:
    traces = False  # whether items remember their elements

    def __init__(self, numbering: Numbering, styles: Styles) -> None:
        self._numbering = numbering
        self._styles = styles
        self._cells = 0
        # State of the paragraph being read.
        self._text: list[str] = []
        self._floating: list[Item] = []  # text boxes and notes about pictures, behind their paragraph
        self._fields: list[bool] = []  # open fields; True once the result has begun

    def blocks(self, container: Any) -> list[Item]:
        """Paragraphs and tables of a body, cell, text box or note."""
        items: list[Item] = []
        carried = ""  # text whose paragraph mark was deleted: it runs on into the next paragraph
        for element in _unwrapped(container):
            if element.tag == _P:
                text, floating, mark_deleted = self._paragraph(element)
                if mark_deleted:
                    carried += text
                    items += floating
                    continue
                items.append(Printed(carried + text, element) if self.traces else carried + text)
                carried = ""
                items += floating
            elif element.tag == _TBL:
                if carried:
                    items.append(carried)
                    carried = ""
                items.append(self._table(element))
            elif element.tag == W + "altChunk":
                items.append(_not_read("嵌入的另一份文档", "another document embedded here"))
        if carried:
            items.append(carried)
        return items

    def _paragraph(self, p: Any) -> tuple[str, list[Item], bool]:
        """Text, floating items, and whether the paragraph mark is deleted."""
        outer = self._text, self._floating, self._fields
        self._text, self._floating, self._fields = [], [], []
        properties = p[0] if len(p) and p[0].tag == _PPR else None
        mark_deleted = mark_hidden = False
        style = None
        if properties is not None and len(properties):
            # The schema puts the style first; the mark's properties come last but for two rare elements.
            named, mark = properties[0], properties[-1]
            style = named.get(VAL) if named.tag == _PSTYLE else None
            if mark.tag != _RPR:
                mark = properties.find(_RPR)
            if mark is not None and len(mark):
                mark_deleted = mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None
                mark_hidden = is_on(mark.find(W + "vanish"))
        if not self._styles.hides(style):
            self._inline(p)
        text = "".join(self._text)
        if (text or not mark_hidden) and not self._styles.hides(style):
            text = self._number(properties, style, text) + text
        floating = self._floating
        self._text, self._floating, self._fields = outer
        return text, floating, mark_deleted

    def _number(self, properties: Any | None, style: str | None, text: str) -> str:
        list_id, level = self._styles.numbering(style)
        if properties is not None:
            own = properties.find(_NUMPR)
            if own is not None:
                number, ilvl = own.find(W + "numId"), own.find(W + "ilvl")
                list_id = list_id if number is None else number.get(VAL)
                if ilvl is not None:
                    level = int(ilvl.get(VAL)) if (ilvl.get(VAL) or "").isdecimal() else 0
        if not list_id or list_id == "0":
            return ""
        if level is None and style:
            level = self._numbering.level_of_style(list_id, style)
        number_text, separated = self._numbering.number(list_id, level or 0)
        # Chinese print puts no blank behind a number; a Latin word or a figure needs one.
        apart = number_text and separated and text[:1].isascii() and text[:1].strip()
        return number_text + " " if apart else number_text

    def _inline(self, parent: Iterable[Any]) -> None:
        for child in parent:
            tag = child.tag
            if tag == _T:
                if all(self._fields):
                    self._text.append(child.text or "")
            elif tag == _R:
                first = child[0] if len(child) else None
                if first is not None and first.tag == _RPR and len(first) and self._styles.run_is_hidden(first):
                    for mark in child.iterchildren(_FLDCHAR):
                        self._field(mark)
                else:
                    self._inline(child)
            elif tag in (_RPR, _PPR):
                continue
            elif tag in _CHARACTERS:
                if all(self._fields):
                    self._text.append(_CHARACTERS[tag])
            elif tag in _WRAPPERS or tag in _MATH:
                self._inline(child)
            elif tag == _FLDCHAR:
                self._field(child)
            elif tag == _ALTERNATE:
                branch = _branch(child)
                if branch is not None:
                    self._inline(branch)
            elif tag in _DRAWINGS:
                self._drawing(child)
            elif tag == W + "sym":
                self._text.append(_symbol(child))
            elif tag == _M + "t":
                self._text.append(child.text or "")

    def _field(self, mark: Any) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _drawing(self, element: Any) -> None:
        """Text boxes of a drawing as blocks behind the paragraph; anything else is said to be unread."""
        said: set[str] = set()
        stack = [element]
        while stack:
            node = stack.pop()
            if node.tag == _TXBX:
                self._floating += self.blocks(node)
            elif node.tag == _ALTERNATE:
                branch = _branch(node)
                stack += [] if branch is None else [branch]
            else:
                kind = _PICTURE_TAGS.get(node.tag)
                if kind and kind[0] not in said:
                    said.add(kind[0])
                    self._floating.append(_not_read(*kind))
                stack += reversed(node)

    def _table(self, tbl: Any) -> RawTable:
        table = RawTable()
        open_cells: dict[int, RawCell] = {}  # by grid column: what a vertical merge may continue
        for tr in _unwrapped(tbl):
            if tr.tag != _TR:
                continue
            properties = tr.find(_TRPR)
            column = 1
            if properties is not None and len(properties):
                if properties.find(W + "del") is not None or is_on(properties.find(W + "hidden")):
                    continue
                column += _count(properties.find(W + "gridBefore"), 0)
            row: list[RawCell] = []
            still_open: dict[int, RawCell] = {}
            for tc in _unwrapped(tr):
                if tc.tag == _TC:
                    column = self._cell(tc, column, row, open_cells, still_open)
            open_cells = still_open
            table.rows.append(row)
            self._cells += len(row)
            check_cells(self._cells)
        return table

    def _cell(
        self,
        tc: Any,
        column: int,
        row: list[RawCell],
        open_above: dict[int, RawCell],
        open_below: dict[int, RawCell],
    ) -> int:
        """Read one cell into ``row``, or add it to the cell it continues; the column behind it."""
        properties = tc[0] if len(tc) and tc[0].tag == _TCPR else None
        span = 1
        vertical = horizontal = None
        for element in () if properties is None else properties:
            tag = element.tag
            if tag == _GRIDSPAN:
                span = _count(element, 1)
            elif tag == _VMERGE:
                vertical = _merge(element)
            elif tag == _HMERGE:
                horizontal = _merge(element)
            elif tag == _CELLDEL:
                return column
        behind = column + span
        if behind > MAX_COLUMNS + 1:
            raise _too_wide()
        if horizontal == "continue" and row:
            row[-1].colspan += span
            return behind
        above = open_above.get(column)
        if vertical == "continue" and above is not None:
            above.rowspan += 1
            open_below[column] = above
            return behind
        cell = RawCell(self.blocks(tc), column, span)
        row.append(cell)
        if vertical:
            open_below[column] = cell
        return behind


def _unwrapped(container: Any) -> list[Any]:
    """Children of ``container`` with content controls and accepted insertions opened."""
    children = list(container)
    if _OPENED.isdisjoint([child.tag for child in children]):
        return children
    found = []
    stack = children[::-1]
    while stack:
        node = stack.pop()
        tag = node.tag
        if tag in _WRAPPERS:
            stack += reversed(node)
        elif tag == _ALTERNATE:
            branch = _branch(node)
            stack += [] if branch is None else reversed(branch)
        else:
            found.append(node)
    return found


def _branch(alternate: Any) -> Any | None:
    """The one branch to read of content that is given twice: the newer one unless it has no text."""
    choice, fallback = alternate.find(_MC + "Choice"), alternate.find(_MC + "Fallback")
    if choice is None or fallback is None:
        return fallback if choice is None else choice
    if next(choice.iter(_T), None) is None and next(fallback.iter(_T), None) is not None:
        return fallback
    return choice


def _symbol(element: Any) -> str:
    try:
        code = int(element.get(W + "char") or "", 16)
    except ValueError:
        return ""
    if 0xF000 <= code <= 0xF0FF:
        code -= 0xF000
        if "wingdings" in (element.get(W + "font") or "").lower():
            return _SYMBOLS.get(code, "\ufffd")
    return chr(code) if 32 <= code < 0xD800 else "\ufffd"


def _merge(element: Any) -> str:
    """ "restart" or "continue", which is meant when no value is written."""
    return "restart" if element.get(VAL) == "restart" else "continue"


def _count(element: Any | None, otherwise: int) -> int:
    text = None if element is None else element.get(VAL)
    if not text or not text.isdecimal():
        return otherwise
    number = int(text) if len(text) < 10 else MAX_COLUMNS + 1
    if number > MAX_COLUMNS:
        raise _too_wide()
    return max(number, otherwise)


def _too_wide() -> UnreadableError:
    return UnreadableError(
        "too-wide",
        f"有表格的列数超过 {MAX_COLUMNS:,}，文件可能已损坏；请检查合并单元格后再试。",
        f"a table has more than {MAX_COLUMNS:,} columns, so the file may be damaged; check its merged cells",
    )


def _not_read(zh: str, en: str) -> Message:
    return Message(
        f"{zh}未读取；如其中有文字或表格，请改用可复制的文字。",
        f"{en} was not read; if it holds text or tables, give them as text",
    )
