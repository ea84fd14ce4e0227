"""The stored cells of a workbook (.xlsx): numbers exactly as written in the file, not as printed.

Reading is row by row, so that a sheet of a million formatted, empty rows costs no memory beyond its XML.
"""

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from zhengwu.reading.archive import Archive
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_COLUMNS, MAX_UNPACKED_BYTES
from zhengwu.reading.number_formats import GENERAL
from zhengwu.reading.xlsx import _RELATION, _STRICT_RELATION, _formats, _rich_text, _targets, _unescape
from zhengwu.reading.xml import has_dtd, parse

TEXT, NUMBER, TRUTH, ERROR, DATE, NO_VALUE = "text", "number", "truth", "error", "date", "no value"
MAX_FILLED = 6_000_000  # cells with a value in one workbook: a ledger of half a million lines
# An Excel error, also where a CSV file or a pasted text spells it.
ERROR_TEXT = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)")
# A row without values, whose cells only carry formats. Books with whole columns formatted have a million of them;
# taking them out before the sheet is parsed saves most of the time.
_MANY = 100_000  # empty elements: fewer are not worth the search
_EMPTY_ROW = re.compile(
    rb'<row r="[0-9]{1,7}"[^<>/]*(?:/>|>(?:<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")? ?(?:/>|></c>))*+</row>)'
)


class Cell(NamedTuple):
    """A cell that holds something: its kind (a constant of this module) and what is stored, stripped.

    A number's ``text`` is the file's own notation and ``format`` its number format; a formula counts by its stored
    result and is NO_VALUE where it has none.
    """

    kind: str
    text: str
    format: str = GENERAL


Row = tuple[int, dict[int, Cell]]


class RawSheet(NamedTuple):
    """A sheet: its name and its rows that hold something (number, cells by column), each 1-based. ``rows`` reads as
    it goes and can be gone through once."""

    name: str
    rows: Iterator[Row]


class Book:
    """The worksheets of a workbook, hidden ones too, in their order."""

    def __init__(self, data: bytes) -> None:
        """Raises UnreadableError when ``data`` is damaged, protected, unsafe or too large."""
        self._archive = Archive(data)
        book = parse(self._archive.read("xl/workbook.xml"), "xl/workbook.xml")
        properties = book.find("{*}workbookPr")
        self.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._strings = _shared(self._archive)
        self._formats = _formats(self._archive)
        self._filled = 0
        targets = _targets(self._archive)
        self._sheets: list[tuple[str, str]] = []
        for element in book.iterfind("{*}sheets/{*}sheet"):
            kind, part = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION) or "", ("", ""))
            if kind == "worksheet":  # charts and macro sheets hold no rows
                self._sheets.append((element.get("name") or "", part))

    def sheets(self) -> Iterator[RawSheet]:
        """Each worksheet; its rows are read when they are asked for."""
        for name, part in self._sheets:
            yield RawSheet(name, self._rows(name, part))

    def _rows(self, name: str, part: str) -> Iterator[Row]:
        data = self._archive.read(part, MAX_UNPACKED_BYTES)
        if b"<!DOCTYPE" in data[:4096]:
            raise has_dtd(part)
        data = _without_empty_rows(data)
        number = 0
        events = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag="{*}row",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                given = element.get("r") or ""
                number = int(given) if given.isdecimal() and len(given) < 8 else number + 1
                if len(element):
                    cells = self._cells(name, number, element)
                    if cells:
                        yield number, cells
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise UnreadableError(
                "bad-xml",
                f"工作表“{name}”第 {number + 1} 行附近已损坏；请用 Excel/WPS 打开后另存再试。",
                f"sheet “{name}” is damaged near row {number + 1}; open it in Excel or WPS and save a copy",
            ) from error

    def _cells(self, name: str, row: int, element: Any) -> dict[int, Cell]:
        found: dict[int, Cell] = {}
        strings, count = self._strings, len(self._strings)
        column = 0
        for cell in element:
            reference = cell.get("r")
            column = _column(reference.rstrip("0123456789")) if reference else column + 1
            children = list(cell)
            if not children:
                continue
            stored = children[0].text if len(children) == 1 and cell.get("t") == "s" else None
            if stored and stored.isdecimal() and int(stored) < count:  # nine cells of ten
                made = strings[int(stored)]
            else:
                made = self._cell(cell, children, name, row)
            if made is not None:
                found[column] = made
        self._filled += len(found)
        if self._filled > MAX_FILLED:
            raise UnreadableError(
                "too-many-cells",
                f"文件中有内容的单元格超过 {MAX_FILLED:,} 个；请拆分后再试。",
                f"the file has more than {MAX_FILLED:,} filled cells; split it and try again",
            )
        return found

    def _cell(self, cell: Any, children: list[Any], sheet: str, row: int) -> Cell | None:
        value = ""
        formula = False
        for child in children:
            tag = child.tag
            if tag.endswith("}v"):
                value = child.text or ""
            elif tag.endswith("}f"):
                formula = True
            elif tag.endswith("}is"):
                return text_cell(_rich_text(child))
        kind = cell.get("t") or "n"
        if kind == "s":
            if not value.isdecimal() or int(value) >= len(self._strings):
                raise UnreadableError(
                    "bad-part",
                    f"工作表“{sheet}”第 {row} 行引用的文字不存在，文件可能已损坏；请用 Excel/WPS 打开后另存再试。",
                    f"row {row} of sheet “{sheet}” refers to a text that the file does not have; "
                    "open it in Excel or WPS and save a copy",
                )
            return self._strings[int(value)]
        if kind == "str":
            return text_cell(_unescape(value))
        value = value.strip()
        if not value:
            return Cell(NO_VALUE, "") if formula else None
        if kind == "n":
            style = cell.get("s") or ""
            known = style.isdecimal() and int(style) < len(self._formats)
            return Cell(NUMBER, value, self._formats[int(style)] if known else GENERAL)
        if kind == "b":
            return Cell(TRUTH, "TRUE" if value == "1" else "FALSE")
        return Cell({"e": ERROR, "d": DATE}.get(kind, TEXT), value)


def _without_empty_rows(data: bytes) -> bytes:
    """The XML of a sheet without its empty rows, where it has many and each row and cell says where it stands: one
    that does not stands behind the one before it, which then must stay."""
    if data.count(b"/>") + data.count(b"></") < _MANY:
        return data
    placed = data.count(b"<c ") + data.count(b"<row ") == data.count(b' r="')
    if not placed or any(bare in data for bare in (b"<c>", b"<c/>", b"<row>", b"<row/>")):
        return data
    return _EMPTY_ROW.sub(b"", data)


def text_cell(text: str) -> Cell | None:
    """A cell of a text file or of a string: stripped, its line ends \\n; None when nothing is left."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\xa0", " ").strip()
    if not text:
        return None
    return Cell(ERROR if text[0] == "#" and ERROR_TEXT.fullmatch(text) else TEXT, text)


def letters(column: int) -> str:
    """The letters of a column: 1 is A, 27 is AA."""
    made = ""
    while column:
        column, rest = divmod(column - 1, 26)
        made = chr(65 + rest) + made
    return made


@lru_cache(maxsize=1024)
def _column(name: str) -> int:
    column = 0
    for letter in name.upper()[:4]:
        column = column * 26 + ord(letter) - 64
    return min(max(column, 0), MAX_COLUMNS)


def _shared(archive: Archive) -> list[Cell | None]:
    """The shared strings, made into cells once: most texts of a ledger stand in thousands of its rows."""
    part = "xl/sharedStrings.xml"
    if archive.name(part) is None:
        return []
    return [text_cell(_rich_text(item)) for item in parse(archive.read(part), part).iterchildren("{*}si")]
