"""OpenDocument spreadsheets (.ods): the file holds each cell's printed text, so nothing is formatted anew."""

from typing import Any

from zhengwu.model.document import Unread
from zhengwu.reading.archive import Archive, encrypted
from zhengwu.reading.limits import MAX_COLUMNS, MAX_ROWS, check_cells
from zhengwu.reading.sheets import Sheet
from zhengwu.reading.xlsx import hidden_sheet
from zhengwu.reading.xml import parse

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_ROW_GROUPS = frozenset(_TABLE + n for n in ("table-rows", "table-row-group", "table-header-rows"))
_CELLS = frozenset(_TABLE + n for n in ("table-cell", "covered-table-cell"))


def read_sheets(archive: Archive) -> tuple[list[Sheet], list[Unread]]:
    """Visible sheets in their order, and notes about hidden ones."""
    if archive.name("META-INF/manifest.xml") and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise encrypted()
    root = parse(archive.read("content.xml"), "content.xml")
    hidden_styles = {
        style.get(_STYLE + "name")
        for style in root.iter(_STYLE + "style")
        if any(p.get(_TABLE + "display") == "false" for p in style.iterchildren(_STYLE + "table-properties"))
    }
    sheets: list[Sheet] = []
    unread: list[Unread] = []
    count = 0
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        name = table.get(_TABLE + "name") or ""
        if table.get(_TABLE + "style-name") in hidden_styles:
            unread.append(hidden_sheet(name))
            continue
        sheet = Sheet(name)
        row_number = 0
        for row in _rows(table):
            repeated = _number(row, "number-rows-repeated", MAX_ROWS)
            cells = _row(row, sheet, row_number + 1)
            for offset in range(1, repeated + 1) if cells else ():
                count += len(cells)
                check_cells(count)
                for column, text in cells:
                    sheet.put(row_number + offset, column, text)
            row_number = min(row_number + repeated, MAX_ROWS)
        sheets.append(sheet)
    return sheets, unread


def _rows(table: Any) -> list[Any]:
    rows = []
    stack = list(reversed(table))
    while stack:
        node = stack.pop()
        if node.tag == _TABLE + "table-row":
            rows.append(node)
        elif node.tag in _ROW_GROUPS:
            stack += reversed(node)
    return rows


def _row(row: Any, sheet: Sheet, number: int) -> list[tuple[int, str]]:
    """Column and text of the cells that are not empty; merged ranges go into ``sheet``."""
    found: list[tuple[int, str]] = []
    column = 1
    for cell in row:
        if cell.tag not in _CELLS or column > MAX_COLUMNS:
            continue
        repeated = _number(cell, "number-columns-repeated", MAX_COLUMNS)
        wide = _number(cell, "number-columns-spanned", MAX_COLUMNS)
        high = _number(cell, "number-rows-spanned", MAX_ROWS)
        if wide > 1 or high > 1:
            sheet.merged.append((number, column, number + high - 1, min(column + wide - 1, MAX_COLUMNS)))
        if len(cell):
            text = "\n".join(_text(p) for p in cell.iterchildren(_TEXT + "p"))
            if text.strip():
                found += [(c, text) for c in range(column, min(column + repeated, MAX_COLUMNS + 1))]
        column += repeated
    return found


def _text(paragraph: Any) -> str:
    parts = [paragraph.text or ""]
    for node in paragraph.iterdescendants():
        if node.tag == _TEXT + "s":
            parts.append(" " * _number(node, "c", 200, _TEXT))
        elif node.tag == _TEXT + "tab":
            parts.append(" ")
        elif node.tag == _TEXT + "line-break":
            parts.append("\n")
        else:
            parts.append(node.text or "")
        parts.append(node.tail or "")
    return "".join(parts).replace("\xa0", " ")


def _number(element: Any, attribute: str, limit: int, namespace: str = _TABLE) -> int:
    text = element.get(namespace + attribute) or "1"
    return max(1, min(int(text), limit)) if text.isdecimal() and len(text) < 12 else 1
