"""A publication as an Excel workbook: the narrative on the first sheet, then one sheet a table.

Amounts are numbers in the format they are printed in, and what the tables say is a sum is written as one: a change
of an amount changes its totals. xlsxwriter takes Decimals and prints 16 digits of them; Excel itself keeps an amount
as a binary fraction, exact to 15 digits. A longer number is written as text: it would change.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from zhengwu.model.message import RefusedError
from zhengwu.model.number import Number, parse_number
from zhengwu.publishing.collection import Collection
from zhengwu.publishing.publication import Heading, Placed, PrintedCell, PrintedTable, Publication, Text, placed
from zhengwu.publishing.xlsx_layout import (
    MAX_HEIGHT,
    breadth,
    layout_of,
    line_count,
    line_height,
    sheet_name,
    sum_formula,
)

Formulas = Mapping[tuple[int, int, int], Sequence[tuple[int, int]]]

MAX_CELL = 32_767  # UTF-16 units that Excel takes in a cell
_SONG, _HEI = "宋体", "黑体"
_NARRATIVE = 74.0  # the width of the narrative's column: an upright A4 page, in whatever font replaces ours
_DIGITS = 15
_A4 = 9
_FOOTER = "&C第 &P 页，共 &N 页"
_ALIGN = {"amount": "right", "code": "left", "name": "left", "label": "left", "project": "left", "text": "left"}


def xlsx_of(publication: Publication, formulas: Formulas | None = None) -> bytes:
    """The workbook. ``formulas`` names cells that are sums: (index of the table, body row, grid column) -> the cells
    (body row, grid column of the same table) that add up to it, all 0-based. A sum that does not give what is
    printed is not written: the cell keeps its number.

    Raises RefusedError for a text longer than a cell holds.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    # The same publication gives the same bytes: no clock.
    book.set_properties({
        "title": publication.title, "author": publication.unit, "created": datetime(publication.year, 1, 1),
    })  # fmt: skip
    writer = _Writer(book, formulas or {})
    writer.narrative(publication)
    for index, table in enumerate(publication.tables):
        writer.table(index, table)
    book.close()
    return stream.getvalue()


def xlsx_of_collection(collection: Collection) -> bytes:
    """Many units' tables in one workbook: a list of its sheets with links, the summary, then each unit's tables on
    sheets that bear its code. Raises RefusedError as ``xlsx_of`` does."""
    import xlsxwriter

    stream = io.BytesIO()
    # Thousands of sheets: each is written out when it is done.
    book = xlsxwriter.Workbook(stream, {"strings_to_urls": False})
    book.set_properties({
        "title": collection.title, "author": collection.publisher, "created": datetime(collection.year, 1, 1),
    })  # fmt: skip
    writer = _Writer(book, {})
    writer.collection(collection)
    book.close()
    return stream.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, formulas: Formulas) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()
        self._by_table: dict[int, dict[tuple[int, int], Sequence[tuple[int, int]]]] = {}
        for (table, row, column), parts in formulas.items():
            self._by_table.setdefault(table, {})[row, column] = parts

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": _SONG, "font_size": 10, "valign": "vcenter", "text_wrap": True, **properties}
            )
        return self._formats[key]

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(sheet_name(name, self._names))
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer(_FOOTER)
        sheet.hide_gridlines(2)
        return sheet

    # --- the narrative ---

    def narrative(self, publication: Publication) -> None:
        """Cover, headings and sentences, one a row."""
        sheet = self._sheet("说明")
        sheet.set_column(0, 0, _NARRATIVE)
        row = 0
        for number, line in enumerate(publication.cover):
            size = 22 if number == 0 else 14
            row = self._paragraph(sheet, row, line, size, 24, font_name=_HEI if number == 0 else _SONG, align="center")
        # Narrower than a page as it is: Excel minds no page break, here after the cover, on a page that is fitted.
        if row:
            sheet.set_h_pagebreaks([row])
        sheet.center_horizontally()
        for block in publication.blocks:
            if isinstance(block, Heading):
                size = (16, 14, 12, 12)[min(max(block.level, 1), 4) - 1]
                row = self._paragraph(sheet, row, block.text, size, 10, font_name=_HEI, bold=block.level < 4)
            elif isinstance(block, Text):
                row = self._paragraph(sheet, row, block.text, 12, 4)
        sheet.print_area(0, 0, max(row - 1, 0), 0)

    def _paragraph(
        self, sheet: Any, row: int, text: str, size: int, space: float, *, width: float = _NARRATIVE, across: int = 1,
        **properties: Any,
    ) -> int:  # fmt: skip
        """Write ``text`` and return the next free row. What is higher than a row can be gets several, merged."""
        height = line_count(text, width, size) * line_height(size) + space
        rows = int(height // MAX_HEIGHT) + 1
        form = self._format(font_size=size, valign="top", **properties)
        if rows > 1 or across > 1:
            sheet.merge_range(row, 0, row + rows - 1, across - 1, "", form)
        for at in range(row, row + rows):
            sheet.set_row(at, round(height / rows, 2))
        self._string(sheet, row, 0, text, form)
        return row + rows

    # --- many units ---

    def collection(self, collection: Collection) -> None:
        """The list of sheets, the summary, each unit's tables."""
        contents = self._sheet("目录")
        sections = [("", "汇总", collection.summary)]
        sections += [(part.code, part.title, part.marked) for part in collection.parts]
        index, listed = 0, []
        for code, title, tables in sections:
            for table in tables:
                name = self.table(index, table, f"{code} 表{table.number}" if code else table.number)
                listed.append((title, table.heading, name))
                index += 1
        contents.set_column(0, 0, _NARRATIVE / 2)
        contents.set_column(1, 1, _NARRATIVE)
        row = self._paragraph(contents, 0, collection.title, 16, 10, width=_NARRATIVE / 2 * 3, across=2, font_name=_HEI)
        for note in collection.notes:
            row = self._paragraph(contents, row, note, 10, 4, width=_NARRATIVE / 2 * 3, across=2)
        link = self._format(font_color="#14568C", underline=1)
        for title, heading, name in listed:
            self._string(contents, row, 0, title, self._format())
            contents.write_url(row, 1, f"internal:'{name}'!A1", link, heading)
            row += 1
        contents.freeze_panes(1, 0)
        contents.fit_to_pages(1, 0)

    # --- a table ---

    def table(self, index: int, table: PrintedTable, name: str = "") -> str:
        """One table on its own sheet, whose name is returned; ``name`` is the one to give it."""
        sheet = self._sheet(name or (f"表{table.number}" if table.number else table.title or table.heading))
        width = max(len(table.columns), 1)
        layout = layout_of(table)
        for column, size in enumerate(layout.widths):
            sheet.set_column(column, column, size)
        total = sum(layout.widths) or _NARRATIVE
        row = self._captions(sheet, table, layout.widths, total)
        first = row
        for at, height in enumerate(layout.heights):
            sheet.set_row(first + at, height)
        for cell in placed(table.header, len(table.columns)):
            self._cell(sheet, first, cell, self._format(bold=True, border=1, align=cell.cell.align or "center"), None)
        body = first + len(table.header)
        self._body(sheet, index, table, body)
        row = body + len(table.rows)
        if table.header:
            sheet.freeze_panes(body, 0)
            sheet.repeat_rows(first, body - 1)
        row = self._notes(sheet, table, row, width, total)
        if table.wide:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, max(row - 1, 0), width - 1)
        return str(sheet.get_name())

    def _captions(self, sheet: Any, table: PrintedTable, widths: Sequence[float], total: float) -> int:
        row = 0
        width = max(len(widths), 1)
        if table.heading:
            form = self._format(font_name=_HEI, font_size=14, align="center")
            sheet.set_row(0, line_count(table.heading, total, 14) * line_height(14) + 8)
            self._across(sheet, 0, width, table.heading, form)
            row = 1
        left, right = table.captions
        # Beside each other only what fits, and what a reader takes for captions: a name and what it names.
        fits = breadth(left) < sum(widths[:-1]) and breadth(right) < sum(widths[1:])
        together = left and right and fits and ("：" in left or ":" in left)
        if left:
            self._string(sheet, row, 0, left, self._format(text_wrap=False, align="left"))
            row += not together
        if right:
            self._string(sheet, row, width - 1, right, self._format(text_wrap=False, align="right"))
            row += 1
        return row

    def _body(self, sheet: Any, index: int, table: PrintedTable, first: int) -> None:
        cells = list(placed([row.cells for row in table.rows], len(table.columns)))
        numbers = {(at.row, at.column): number for at in cells if (number := _number(table, at)) is not None}
        sums = self._by_table.get(index, {})
        for at in cells:
            role = table.columns[at.column].role if at.column < len(table.columns) else "text"
            properties: dict[str, Any] = {"border": 1, "align": at.cell.align or _ALIGN.get(role, "left")}
            if table.rows[at.row].kind == "total":
                properties["bold"] = True
            if at.cell.indent and properties["align"] == "left":
                properties["indent"] = min(at.cell.indent, 15)
            number = numbers.get((at.row, at.column))
            if number is not None:
                properties["num_format"] = _number_format(at.cell.text, number)
            elif role == "code":
                properties["num_format"] = "@"  # stays text when it is edited: 0305 keeps its zero
            formula = None
            if number is not None and (parts := sums.get((at.row, at.column))):
                formula = _formula(number, parts, numbers, first)
            self._cell(sheet, first, at, self._format(**properties), number, formula)
        # Codes are text on purpose: no green corner on each.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{first + len(table.rows) + 1}"})

    def _cell(
        self, sheet: Any, first: int, at: Placed, form: Any, number: Number | None, formula: str | None = None
    ) -> None:
        row = first + at.row
        if at.rowspan > 1 or at.colspan > 1:
            sheet.merge_range(row, at.column, row + at.rowspan - 1, at.column + at.colspan - 1, "", form)
        if formula is not None and number is not None:
            sheet.write_formula(row, at.column, formula, form, number.value)
        elif number is not None:
            sheet.write_number(row, at.column, number.value, form)
        else:
            self._string(sheet, row, at.column, at.cell.text, form)

    def _notes(self, sheet: Any, table: PrintedTable, row: int, width: int, total: float) -> int:
        if not table.notes:
            return row
        sheet.set_row(row, 6)  # what stands apart from the table is no row of it
        for note in table.notes:
            row += 1
            sheet.set_row(row, min(line_count(note, total) * line_height(10) + 3, MAX_HEIGHT))
            self._across(sheet, row, width, note, self._format(align="left"))
        return row + 1

    def _across(self, sheet: Any, row: int, width: int, text: str, form: Any) -> None:
        if width > 1:
            sheet.merge_range(row, 0, row, width - 1, "", form)
        self._string(sheet, row, 0, text, form)

    def _string(self, sheet: Any, row: int, column: int, text: str, form: Any) -> None:
        """Text, whatever it begins with: "=1+1" in a ledger is no formula of ours."""
        if len(text.encode("utf-16-le", "replace")) > 2 * MAX_CELL:
            name, limit = sheet.get_name(), f"{MAX_CELL:,}"
            raise RefusedError(
                "cell-too-long",
                f"工作表“{name}”第 {row + 1} 行的文字（{text[:20]}…）超过 Excel 单元格的上限 {limit} 字；请缩短或拆成几段。",
                f"sheet “{name}”, row {row + 1}: the text ({text[:20]}…) is longer than the {limit} characters that a "
                "cell of Excel holds; shorten or split it",
            )
        if text:
            sheet.write_string(row, column, text, form)
        else:
            sheet.write_blank(row, column, None, form)


def _number(table: PrintedTable, at: Placed) -> Number | None:
    """The number to store for a cell, as printed; None where the cell must be text to look as printed."""
    cell: PrintedCell = at.cell
    if cell.value is None or (at.column < len(table.columns) and table.columns[at.column].role == "code"):
        return None
    number = parse_number(cell.text)
    if number is None or len(f"{abs(number.value):f}".replace(".", "").lstrip("0")) > _DIGITS:
        return None
    if number.value == 0 and "-" in cell.text:
        return None  # Excel knows no −0
    printed = (f"{number.value:,.{number.decimals}f}", f"{number.value:.{number.decimals}f}")
    return number if cell.text.strip() in printed else None


def _number_format(text: str, number: Number) -> str:
    whole = "0" if abs(number.value) >= 1000 and "," not in text else "#,##0"
    return whole + (f".{'0' * number.decimals}" if number.decimals else "")


def _formula(
    number: Number, parts: Sequence[tuple[int, int]], numbers: Mapping[tuple[int, int], Number], first: int
) -> str | None:
    """The sum, when its parts are numbers on the sheet and give exactly what is printed."""
    if any(part not in numbers for part in parts):
        return None
    if sum((numbers[part].value for part in dict.fromkeys(parts)), Decimal(0)) != number.value:
        return None
    return sum_formula([(first + row, column) for row, column in parts])
