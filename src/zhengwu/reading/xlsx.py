"""Excel workbooks (.xlsx, .xlsm): cells as their formats print them, formulas by their stored value."""

import io
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from zhengwu.model.document import Place, Unread
from zhengwu.model.message import Message
from zhengwu.reading.archive import Archive
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES, check_cells
from zhengwu.reading.number_formats import BUILTIN, GENERAL, is_date, plain, print_date, print_number
from zhengwu.reading.sheets import Range, Sheet
from zhengwu.reading.xml import has_dtd, parse

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def read_sheets(archive: Archive) -> tuple[list[Sheet], list[Unread]]:
    """Visible sheets in their order, and what was not read (hidden sheets, charts, unknown formats).

    Raises UnreadableError when a part is broken, unsafe or too large.
    """
    book = parse(archive.read("xl/workbook.xml"), "xl/workbook.xml")
    targets = _targets(archive)
    properties = book.find("{*}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    reader = _Cells(_shared_strings(archive), _formats(archive), since_1904)
    sheets: list[Sheet] = []
    unread: list[Unread] = []
    for element in book.iterfind("{*}sheets/{*}sheet"):
        name = element.get("name") or ""
        kind, target = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION) or "", ("", ""))
        if element.get("state") in ("hidden", "veryHidden"):
            unread.append(hidden_sheet(name))
        elif kind != "worksheet":
            unread.append(
                Unread(
                    Place(sheet=name),
                    Message(
                        f"“{name}”是图表等非表格工作表，未读取。",
                        f"“{name}” is a chart or another sheet without cells and was not read",
                    ),
                )
            )
        else:
            sheets.append(reader.sheet(name, archive.read(target, MAX_UNPACKED_BYTES), target))
    return sheets, unread + reader.unread


def hidden_sheet(name: str) -> Unread:
    """The note that a hidden sheet, which is not printed, was not read."""
    return Unread(
        Place(sheet=name),
        Message(
            f"隐藏的工作表“{name}”未读取；如应公开，请取消隐藏。",
            f"the hidden sheet “{name}” was not read; unhide it if it is to be published",
        ),
    )


def parse_range(text: str) -> Range | None:
    """ "B2:E3" as a Range; None for anything else."""
    first, _, last = text.partition(":")
    start, end = parse_cell(first), parse_cell(last or first)
    return (*start, *end) if start and end and start[0] <= end[0] and start[1] <= end[1] else None


def parse_cell(text: str) -> tuple[int, int] | None:
    """ "B2" as row 2, column 2; None for what is no cell of a sheet."""
    found = _REFERENCE.fullmatch(text)
    if found is None:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    row = int(found.group(2))
    return (row, column) if 1 <= row <= MAX_ROWS and column <= MAX_COLUMNS else None


def _targets(archive: Archive) -> dict[str, tuple[str, str]]:
    """By relation id: what the part is and its name."""
    part = "xl/_rels/workbook.xml.rels"
    found = {}
    for relation in parse(archive.read(part), part):
        target = relation.get("Target") or ""
        name = target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"
        found[relation.get("Id") or ""] = ((relation.get("Type") or "").rpartition("/")[2], name)
    return found


def _shared_strings(archive: Archive) -> list[str]:
    name = "xl/sharedStrings.xml"
    if archive.name(name) is None:
        return []
    return [_rich_text(item) for item in parse(archive.read(name), name).iterchildren("{*}si")]


def _rich_text(item: Any) -> str:
    """Text of a string item: its runs, without the phonetic guide."""
    parts = []
    for child in item:
        local = child.tag.rpartition("}")[2]
        if local == "t":
            parts.append(child.text or "")
        elif local == "r":
            parts += [t.text or "" for t in child.iterchildren("{*}t")]
    return _unescape("".join(parts))


def _unescape(text: str) -> str:
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
        # Halves of a character beyond U+FFFF are escaped one by one; a half alone is no character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")


def _formats(archive: Archive) -> list[str]:
    """The number format of each cell style."""
    name = "xl/styles.xml"
    if archive.name(name) is None:
        return []
    root = parse(archive.read(name), name)
    codes = dict(BUILTIN)
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        key = element.get("numFmtId") or ""
        if key.isdecimal():
            codes[int(key)] = element.get("formatCode") or GENERAL
    found = []
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        key = style.get("numFmtId") or "0"
        found.append(codes.get(int(key), GENERAL) if key.isdecimal() else GENERAL)
    return found


class _Cells:
    """Reads the cells of one workbook's sheets."""

    def __init__(self, strings: list[str], formats: list[str], since_1904: bool) -> None:
        self._strings = strings
        self._formats = formats
        self._since_1904 = since_1904
        self._count = 0
        self.unread: list[Unread] = []

    def sheet(self, name: str, data: bytes, part: str) -> Sheet:
        """The sheet in the XML ``data``, row by row so that memory holds its texts only."""
        if b"<!DOCTYPE" in data[:4096]:
            raise has_dtd(part)
        sheet = Sheet(name)
        zeros = True
        row_number = 0
        events = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag=("{*}row", "{*}mergeCell", "{*}sheetView"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        try:
            for _, element in events:
                local = element.tag.rpartition("}")[2]
                if local == "row":
                    given = element.get("r") or ""
                    row_number = int(given) if given.isdecimal() and len(given) < 8 else row_number + 1
                    self._row(sheet, row_number, element, zeros)
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
                elif local == "mergeCell":
                    area = parse_range(element.get("ref") or "")
                    if area:
                        sheet.merged.append(area)
                elif element.get("showZeros") in ("0", "false"):
                    zeros = False
        except etree.XMLSyntaxError as error:
            raise UnreadableError(
                "bad-xml",
                f"工作表“{name}”第 {row_number + 1} 行附近已损坏；请用 Excel/WPS 打开后另存再试。",
                f"sheet “{name}” is damaged near row {row_number + 1}; open it in Excel or WPS and save a copy",
            ) from error
        return sheet

    def _row(self, sheet: Sheet, row: int, element: Any, zeros: bool) -> None:
        column = 0
        for cell in element.iterchildren("{*}c"):
            column += 1
            reference = parse_cell(cell.get("r") or "")
            if reference:
                row, column = reference
            if len(cell) == 0:
                continue
            self._count += 1
            check_cells(self._count)
            text = self._text(cell, Place(row=row, column=column, sheet=sheet.name), zeros)
            if text:
                sheet.put(row, column, text)

    def _text(self, cell: Any, place: Place, zeros: bool) -> str:
        value: str | None = None
        inline = None
        for child in cell:
            local = child.tag.rpartition("}")[2]
            if local == "v":
                value = child.text
            elif local == "is":
                inline = child
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _rich_text(inline) if inline is not None else ""
        if not value:
            return ""
        if kind == "s":
            return self._strings[int(value)] if value.isdecimal() and int(value) < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind != "n":  # a formula's text, an error such as #REF!, an ISO date
            return _unescape(value)
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return value
        if not number.is_finite() or (number == 0 and not zeros):
            return "" if number == 0 else value
        style = cell.get("s") or ""
        return self._number(number, int(style) if style.isdecimal() else 0, place)

    def _number(self, number: Decimal, style: int, place: Place) -> str:
        code = self._formats[style] if style < len(self._formats) else GENERAL
        dated = is_date(code)
        text = print_date(number, code, self._since_1904) if dated else print_number(number, code)
        if text is not None:
            return text
        stored = plain(number)
        self.unread.append(
            Unread(
                place,
                Message(
                    f"单元格的数字格式“{code}”不能识别，读取的是存储值 {stored}；请改用普通数字格式。",
                    f"the cell's number format “{code}” is not known, so its stored value {stored} was read; "
                    "use an ordinary number format",
                ),
            )
        )
        return stored
