"""Web pages: .html as published, as Word or Excel saves it, and as a web archive (.mht).

What a browser would print, in reading order: scripts, styles and hidden elements are left out, and so
are the ways through a site (nav) and drawn figures with their captions and data (figure with an svg image);
tables that only arrange the page are dissolved, blanks are collapsed as a browser does (a line end
between two Chinese characters is no blank). ``Place.line`` counts paragraphs and cells.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from zhengwu.model.document import Content
from zhengwu.model.message import Message
from zhengwu.reading.detect import is_web_archive
from zhengwu.reading.docx_numbering import format_number
from zhengwu.reading.encoding import byte_order_mark, decode
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.html_tables import RowGroup, place_cells
from zhengwu.reading.layout import Item, Printed, RawCell, numbered, to_content
from zhengwu.reading.limits import MAX_HTML_TAGS, MAX_TEXT_BYTES, check_cells, check_size, check_tags

_DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
# fmt: off
_SKIPPED = frozenset({
    "script", "style", "head", "template", "svg", "select", "datalist", "button", "del",
    "noframes", "math", "audio", "video",
})
_BLOCKS = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "section",
    "article", "header", "footer", "nav", "aside", "main", "address", "figure", "figcaption",
    "blockquote", "pre", "center", "form", "fieldset", "legend", "hr", "body", "caption", "table",
    "details", "summary",
})
# fmt: on
_EMBEDDED = {"iframe": "src", "embed": "src", "object": "data"}
_GROUPS = {"thead": RowGroup.HEAD, "tbody": RowGroup.BODY, "tfoot": RowGroup.FOOT}
# CSS Text 3, section 4.1.2: a line end between two East Asian wide characters is removed.
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…"
_LINE_END_IN_HAN = re.compile(rf"(?<=[{_WIDE}])[ \t\r\f]*\n[ \t\r\f\n]*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_BREAK = "\x0b"  # a <br>, kept apart from line ends of the source
_LIST_STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_MAX_NESTED_TABLES = 40


def read(data: bytes) -> Content:
    """Paragraphs and grids of a web page or web archive.

    Raises UnreadableError when it is too large, nests too deep, or its characters cannot be decoded.
    """
    check_size(len(data), MAX_TEXT_BYTES)
    check_tags(data, MAX_HTML_TAGS)
    if is_web_archive(data):
        pages = _archive_pages(data)
    else:
        pages = [decode(data, declared_charset(data))]
    items: list[Item] = []
    for page in pages:
        items += _Walker().items(_parse(page))
    return to_content(items)


def with_text_nodes(data: bytes) -> tuple[Any | None, dict[int, list[tuple[Any, bool]]]]:
    """The page's root element, and the text nodes of each running line number.

    A node is an element and whether its tail is meant instead of its text. For whoever writes into
    the page; a web archive has several pages and gives None.
    """
    if is_web_archive(data):
        return None, {}
    root = _parse(decode(data, declared_charset(data)))
    lines: dict[int, list[tuple[Any, bool]]] = {}
    for line, printed in numbered(_TracingWalker().items(root)):
        lines[line] = [node for one in printed for node in one.origin]
    return root, lines


def declared_charset(data: bytes) -> str | None:
    """The encoding that a meta element or XML declaration names in the first 16 KB."""
    if byte_order_mark(data):
        return None
    found = _DECLARED.search(data[:16384])
    return found.group(1).decode("ascii", "replace") if found else None


def _archive_pages(data: bytes) -> list[str]:
    """The HTML parts of a web archive in their order (a workbook has one for each sheet)."""
    from email import message_from_bytes

    pages = []
    for part in message_from_bytes(data).walk():
        if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and b"<frameset" not in payload.lower():
            check_size(len(payload), MAX_TEXT_BYTES)
            pages.append(decode(payload, part.get_content_charset() or declared_charset(payload)))
    if not pages:
        raise UnreadableError(
            "no-html",
            "网页归档文件（.mht）中没有网页正文；请在浏览器或 Word 中另存为 .html 或 .docx。",
            "the web archive (.mht) holds no page; save it as .html or .docx in a browser or Word",
        )
    return pages


def _parse(text: str) -> Any | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        if "empty" in str(error):
            return None
        raise _broken(error.lineno) from error
    for entry in parser.error_log:
        # The parser stops here and would drop the rest of the page without a word.
        if entry.level_name == "FATAL" and entry.type_name == "ERR_RESOURCE_LIMIT":
            raise _broken(entry.line)
    return root


def _broken(line: int | None) -> UnreadableError:
    return UnreadableError(
        "html-limit",
        f"网页第 {line or 1} 行处标签嵌套超过 256 层或单段文字过长，无法读取；请用浏览器打开后另存为 .docx 或 PDF。",
        f"at line {line or 1} the page nests more than 256 elements or holds one text beyond 10 MB; "
        "open it in a browser and save it as .docx or PDF",
    )


@dataclass(slots=True)
class _Table:
    rows: list[tuple[RowGroup, list[RawCell]]] = field(default_factory=list)
    group: RowGroup = RowGroup.BODY


@dataclass(slots=True)
class _Flow:
    """What is being filled: the page or one cell."""

    items: list[Item] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)


class _Walker:
    """Walks one page without recursion, filling flows (page and cells) and tables."""

    def __init__(self) -> None:
        self._flows = [_Flow()]
        self._tables: list[_Table] = []
        # Whether the innermost open thing is a table (then text belongs outside it) or a cell.
        self._open: list[str] = []
        self._lists: list[list[Any]] = []  # open <ol>/<ul>: style and next number
        self._preformatted = 0
        self._pictures = 0
        self._cells = 0
        self._node: tuple[Any, bool] = (None, False)  # whose text is read: an element, or its tail

    def items(self, root: Any | None) -> list[Item]:
        if root is None:
            return []
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "start":
                if tag in _SKIPPED or _is_apart(element, tag) or _is_hidden(element):
                    walker.skip_subtree()
                    continue
                self._start(element, tag)
                if element.text:
                    self._node = element, False
                    self._text(element.text)
                if tag in _EMBEDDED:
                    walker.skip_subtree()
            else:
                if not (tag in _SKIPPED or _is_apart(element, tag) or _is_hidden(element)):
                    self._end(tag)
                if element.tail:
                    self._node = element, True
                    self._text(element.tail)
        self._flush()
        if self._pictures:
            self._flows[0].items.append(
                Message(
                    f"网页中的 {self._pictures} 张图片未读取；如其中有文字或表格，请改用可复制的文字。",
                    f"{self._pictures} pictures of the page were not read; "
                    "if they hold text or tables, give them as text",
                )
            )
        return self._flows[0].items

    def _text(self, text: str) -> None:
        if not self._preformatted:
            self._flows[-1].buffer.append(text)
        else:
            self._flows[-1].buffer.append(text.replace("\r\n", "\n").replace("\n", _BREAK).replace(" ", "\xa0"))

    def _start(self, element: Any, tag: str) -> None:
        if tag in ("td", "th"):
            self._start_cell(element)
        elif tag == "br":
            self._flows[-1].buffer.append(_BREAK)
        elif tag == "table":
            self._flush()
            if len(self._tables) >= _MAX_NESTED_TABLES:
                raise _broken(element.sourceline)
            self._tables.append(_Table())
            self._open.append("table")
        elif tag == "tr":
            if self._in_table():
                self._tables[-1].rows.append((self._tables[-1].group, []))
        elif tag in _GROUPS:
            if self._in_table():
                self._tables[-1].group = _GROUPS[tag]
        elif tag in _BLOCKS:
            self._flush()
            self._start_block(element, tag)
        elif tag == "img":
            self._pictures += 1
        elif tag in _EMBEDDED and element.get(_EMBEDDED[tag]):
            self._flush()
            self._flows[-1].items.append(
                Message(
                    "网页中嵌入的另一份文件未读取；请单独下载后读取。",
                    "a file embedded in the page was not read; download it and read it by itself",
                )
            )

    def _start_block(self, element: Any, tag: str) -> None:
        if tag == "pre":
            self._preformatted += 1
        elif tag in ("ol", "ul"):
            start = element.get("start") or ""
            style = _LIST_STYLES.get(element.get("type") or "", "decimal") if tag == "ol" else None
            self._lists.append([style, int(start) if start.isdecimal() and len(start) < 6 else 1])
        elif tag == "li" and self._lists and self._lists[-1][0]:
            style, number = self._lists[-1]
            self._lists[-1][1] += 1
            self._flows[-1].buffer.append(format_number(number, style) + ".")

    def _end(self, tag: str) -> None:
        if tag in ("td", "th"):
            if self._open and self._open[-1] == "cell":
                self._flush()
                self._flows.pop()
                self._open.pop()
        elif tag == "table":
            while self._open and self._open[-1] == "cell":  # cells left open by broken markup
                self._flush()
                self._flows.pop()
                self._open.pop()
            if self._open:
                self._open.pop()
                self._flush()
                self._flows[-1].items.append(place_cells(self._tables.pop().rows))
        elif tag in _GROUPS:
            if self._in_table():
                self._tables[-1].group = RowGroup.BODY
        elif tag in _BLOCKS:
            self._flush(keep_empty=tag == "p")
            if tag == "pre":
                self._preformatted -= 1
            elif tag in ("ol", "ul") and self._lists:
                self._lists.pop()

    def _in_table(self) -> bool:
        return bool(self._open) and self._open[-1] == "table"

    def _start_cell(self, element: Any) -> None:
        if not self._in_table():
            self._flush()
            return
        table = self._tables[-1]
        if not table.rows:
            table.rows.append((table.group, []))
        flow = _Flow()
        cell = RawCell(flow.items, 0, _span(element.get("colspan")), _span(element.get("rowspan"), open_ended=True))
        table.rows[-1][1].append(cell)
        self._cells += 1
        check_cells(self._cells)
        self._flows.append(flow)
        self._open.append("cell")

    def _flush(self, keep_empty: bool = False) -> None:
        """End the paragraph being read; an empty one is kept as what parts two tables."""
        flow = self._flows[-1]
        if flow.buffer:
            text = _collapse("".join(flow.buffer))
            flow.buffer.clear()
            if text.strip() or keep_empty:
                flow.items.append(text)
                return
        if keep_empty and flow.items and not isinstance(flow.items[-1], str):
            flow.items.append("")


class _TracingWalker(_Walker):
    """Gives ``Printed`` items, whose origin is the list of the text nodes they were put together from."""

    def __init__(self) -> None:
        super().__init__()
        self._sources: dict[int, list[tuple[Any, bool]]] = {}

    def _text(self, text: str) -> None:
        self._sources.setdefault(id(self._flows[-1]), []).append(self._node)
        super()._text(text)

    def _flush(self, keep_empty: bool = False) -> None:
        flow = self._flows[-1]
        before = len(flow.items)
        super()._flush(keep_empty)
        nodes = self._sources.pop(id(flow), [])
        if len(flow.items) > before and isinstance(flow.items[-1], str):
            flow.items[-1] = Printed(flow.items[-1], nodes)


def _collapse(text: str) -> str:
    """Blanks as a browser prints them; a no-break blank stays one, for it shows the level of an item."""
    if not text.isprintable():
        text = _LINE_END_IN_HAN.sub("", text)
    text = _BLANKS.sub(" ", text)
    if _BREAK in text:
        text = "\n".join(part.strip(" ") for part in text.split(_BREAK))
    return text.strip(" ").replace("\xa0", " ")


def _is_apart(element: Any, tag: str) -> bool:
    """Whether it is beside the document: ways through the site, or a drawing with its caption and data.

    A figure with a table and no drawing is content, and so is a table in a nav, which has no business there.
    """
    if tag == "nav":
        return element.find(".//table") is None
    return tag == "figure" and element.find(".//svg[@role='img']") is not None


def _is_hidden(element: Any) -> bool:
    attributes = element.attrib
    if not attributes:
        return False
    if "hidden" in attributes or (element.tag == "input" and attributes.get("type") == "hidden"):
        return True
    style = attributes.get("style")
    return bool(style) and _HIDDEN.search(style) is not None


def _span(value: str | None, open_ended: bool = False) -> int:
    """A colspan or rowspan as the HTML standard reads it: 1 when wrong, at most 1000 or 65534."""
    found = re.match(r"\s*\+?(\d+)", value) if value else None
    if found is None:
        return 1
    limit = 65534 if open_ended else 1000
    number = int(found.group(1)) if len(found.group(1)) < 10 else limit
    if number == 0:
        return limit if open_ended else 1
    return min(number, limit)
