"""Workbooks: .xlsx and .ods as printed, .xls and .xlsb by their stored values.

A sheet may hold several tables: it is split where blank rows are followed by a title (a lone cell
such as 表二： or …情况表). Titles, units of money and other lone cells above a table, and notes below
it, become paragraphs; blank rows inside a table stay rows. A cell's ``Place.row`` and
``Place.column`` count within its grid; the grid's own place holds the row and column of its first
cell in the sheet, and ``Place.line`` counts through the workbook. Hidden sheets are not printed:
they are named under ``unread``. Hidden rows and columns are read.
"""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from zhengwu.model.document import Block, Content, Grid, Unread
from zhengwu.reading import ods, ole, xls, xlsx
from zhengwu.reading.archive import Archive, damaged, encrypted
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import check_cells
from zhengwu.reading.number_formats import plain
from zhengwu.reading.sheets import Sheet, to_blocks
from zhengwu.reading.xlsb import check_extent

_MAX_AREA = 4_000_000  # cells of a sheet's used rectangle, which the library holds in full
Value = int | float | str | bool | time | date | datetime | timedelta | None


def read(data: bytes) -> Content:
    """Paragraphs and grids of all visible sheets, in their order.

    Raises UnreadableError when the file is broken, protected by a password, unsafe or too large.
    """
    if ole.is_ole(data):
        xls.check_extent(data, _MAX_AREA)
        sheets, unread = _with_calamine(data)
    else:
        archive = Archive(data)
        if archive.name("xl/workbook.bin"):
            archive.check_all()  # the library would unpack whatever is inside
            for name in archive.names():
                if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".bin"):
                    check_extent(archive.read(name), _MAX_AREA)
            sheets, unread = _with_calamine(data)
        elif archive.name("xl/workbook.xml"):
            sheets, unread = xlsx.read_sheets(archive)
        else:
            sheets, unread = ods.read_sheets(archive)
    blocks: list[Block] = []
    line = cells = 0
    for sheet in sheets:
        found = to_blocks(sheet, line, cells)
        blocks += found
        for block in found:
            size = sum(len(row) for row in block.rows) if isinstance(block, Grid) else 1
            line += size
            cells += size if isinstance(block, Grid) else 0
    return Content(tuple(blocks), tuple(unread))


def _with_calamine(data: bytes) -> tuple[list[Sheet], list[Unread]]:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    sheets: list[Sheet] = []
    unread: list[Unread] = []
    count = 0
    try:
        with CalamineWorkbook.from_object(io.BytesIO(data)) as book:
            for index, meta in enumerate(book.sheets_metadata):
                if meta.typ != SheetTypeEnum.WorkSheet:
                    continue
                if meta.visible != SheetVisibleEnum.Visible:
                    unread.append(xlsx.hidden_sheet(meta.name))
                    continue
                source = book.get_sheet_by_index(index)
                if source.height * source.width > _MAX_AREA:
                    raise far_cell(meta.name)
                sheet = Sheet(meta.name)
                top, left = source.start or (0, 0)
                for row, values in enumerate(source.to_python(), top + 1):
                    for column, value in enumerate(values, left + 1):
                        if value != "":
                            count += 1
                            sheet.put(row, column, _text(value))
                    check_cells(count)
                for first, last in source.merged_cell_ranges or ():
                    sheet.merged.append((first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1))
                sheets.append(sheet)
    except PasswordError as error:
        raise encrypted() from error
    except (CalamineError, ValueError, OSError) as error:
        raise damaged() from error
    return sheets, unread


def far_cell(sheet: str) -> UnreadableError:
    """The error for a sheet whose cells lie too far apart."""
    return UnreadableError(
        "far-cell",
        f"工作表“{sheet}”的单元格分布过广（超过 {_MAX_AREA:,} 格）；请删除远处的单元格后再试。",
        f"the cells of sheet “{sheet}” spread over more than {_MAX_AREA:,}; delete the far ones and try again",
    )


def _text(value: Value) -> str:
    """A stored value as text: whole numbers without a point, so that codes stay codes."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return plain(number) if number.is_finite() else ""
    if isinstance(value, datetime):
        clock = f" {value.hour}:{value.minute:02d}" if (value.hour or value.minute) else ""
        return f"{value.year}/{value.month}/{value.day}{clock}"
    if isinstance(value, date):
        return f"{value.year}/{value.month}/{value.day}"
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return "" if value is None else str(value)
