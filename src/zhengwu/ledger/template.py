"""A ledger as a workbook to fill in or go on with, and as CSV files: what ``load`` reads back.

The layout follows ``schema.py`` alone. The same ledger gives the same bytes: no clock is asked.
"""

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from zhengwu.ledger.lists import Lists
from zhengwu.ledger.load import GUIDE, LISTS, guarded
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.schema import SHEETS, Column, Sheet
from zhengwu.ledger.values import CLASSIFICATIONS, MAX_TEXT, NO, YES
from zhengwu.model.message import Message, RefusedError

ROWS = 5_000  # rows under the header that have drop-down lists, at least
_EPOCH = datetime(1980, 1, 1)
_WIDTHS = {
    "text": 28, "long": 60, "code": 16, "function": 46, "government": 30, "departmental": 26,
    "amount": 18, "count": 14, "year": 12, "score": 10, "choice": 24, "yes": 14,
}  # fmt: skip
_TYPES = {
    "text": Message("文字", "text"),
    "long": Message("文字，可换行（Alt+Enter）", "text, with line breaks (Alt+Enter)"),
    "code": Message("编码，按文本填写", "a code, kept as text"),
    "function": Message("支出功能分类编码，可从列表选择", "a functional code; choose it from the list"),
    "government": Message("政府预算支出经济分类编码，可从列表选择", "a government economic code; choose it from the list"),
    "departmental": Message("部门预算支出经济分类编码，可从列表选择", "a departmental economic code; choose it from the list"),
    "amount": Message("金额，不为负，最多两位小数", "an amount, not negative, two decimals at most"),
    "count": Message("整数", "a whole number"),
    "year": Message("四位年份", "a year of four digits"),
    "score": Message("0 到 100", "from 0 to 100"),
    "choice": Message("从列表选择", "choose from the list"),
    "yes": Message("是或否", "yes or no"),
}  # fmt: skip
_GUIDE = (
    Message("预算台账", "Ledger of a budget"),
    Message(
        "每个工作表的第一行是表头，从第二行起填写；深色表头的列必填，鼠标停在表头上可看说明。空行会跳过；列的顺序可以调整，表名和表头不要改。",
        "The first row of each sheet is its header; fill in from the second. Columns with a dark header are required, and "
        "each header has a note. Empty rows are skipped; columns may change places; keep the names of sheets and columns.",
    ),
    Message(
        "金额一律以元填写，不为负数，最多两位小数。科目可只填编码，也可从列表选“编码 名称”；列表没有的科目请先在“补充科目”表补充。",
        "Amounts are in yuan, never negative, with two decimals at most. A code may stand alone or with its name as in the "
        "list; a code that the list lacks is first added to the sheet of codes.",
    ),
    Message(
        "导入时全部核对，有问题的会逐条指出表、行、列，一处不对则全部不导入。不要填写个人姓名、手机号和身份证号。",
        "Everything is checked on import, and each problem is told with its sheet, row and column; with any problem nothing "
        "is imported. No names, mobile or identity card numbers of persons.",
    ),
)
_GUIDE_HEADER = (
    ("工作表", "sheet"),
    ("用途", "what it is for"),
    ("是否必填", "required"),
    ("必填的列", "required columns"),
)
_NOT_LISTED = Message(
    "列表中没有这一项。如确需使用，请先在相应的表中补充，再选“是”。",
    "This is not in the list. If it is right, add it to its sheet first, then choose yes.",
)
_NOT_ALLOWED = Message("只能从列表中选择。", "Choose one of the list.")


def empty_workbook(language: str, year: int | None = None) -> bytes:
    """An empty ledger (.xlsx) to fill in, in ``language`` (zh or en). The lists hold the codes of ``year``, or those
    in force now."""
    return _Workbook(language, None, year).made()


def workbook_of(ledger: Ledger, language: str) -> bytes:
    """``ledger`` as a workbook of the same layout. Raises RefusedError for a text that no cell can hold."""
    return _Workbook(language, ledger, ledger.budget.year).made()


def csv_of(ledger: Ledger | None, language: str) -> dict[str, bytes]:
    """``ledger`` as CSV files by their names, one a sheet (UTF-8 with a byte order mark); only their headers where it
    is None."""
    files = {}
    for sheet in SHEETS:
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow([_title(column, language) for column in sheet.columns])
        for row in _rows(ledger, sheet):
            writer.writerow(
                [_csv_text(column, value, language) for column, value in zip(sheet.columns, row, strict=False)]
            )
        files[f"{sheet.key}.csv"] = stream.getvalue().encode("utf-8-sig")
    return files


class _Workbook:
    """Writes the guide, the sheets and, hidden, the lists that cells choose from."""

    def __init__(self, language: str, ledger: Ledger | None, year: int | None) -> None:
        self._language = language
        self._ledger = ledger
        self._stream = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._book.set_properties({"title": _GUIDE[0].in_language(language), "created": _EPOCH})
        self._lists = Lists(language, ledger, year)
        base = {"font_name": "宋体", "font_size": 11, "valign": "top"}
        head = {**base, "bold": True, "border": 1, "valign": "vcenter", "align": "center", "text_wrap": True}
        make = self._book.add_format
        self._required = make({**head, "bg_color": "#1F4E79", "font_color": "#FFFFFF"})
        self._optional = make({**head, "bg_color": "#DDEBF7"})
        self._title = make({**base, "bold": True, "font_size": 16})
        self._wrapped = make({**base, "text_wrap": True})
        self._boxed = make({**base, "text_wrap": True, "border": 1})
        self._text = make({**base, "num_format": "@"})
        self._amount = make({**base, "num_format": "#,##0.00"})
        self._whole = make({**base, "num_format": "0"})
        self._number = make({**base, "num_format": "General"})
        self._long = make({**base, "num_format": "@", "text_wrap": True})
        self._formats = {
            "amount": self._amount, "count": self._whole, "year": self._whole, "score": self._number, "long": self._long,
        }  # fmt: skip

    def made(self) -> bytes:
        """The file."""
        self._write_guide()
        for sheet in SHEETS:
            self._write_sheet(sheet)
        lists = self._book.add_worksheet(LISTS.in_language(self._language))
        for column, (title, entries) in enumerate(self._lists.columns()):
            lists.write_string(0, column, title)
            for row, entry in enumerate(entries, 1):
                lists.write_string(row, column, entry)
        lists.very_hidden()
        self._book.close()
        return self._stream.getvalue()

    def _say(self, message: Message) -> str:
        return message.in_language(self._language)

    def _write_guide(self) -> None:
        page = self._book.add_worksheet(self._say(GUIDE))
        for column, width in enumerate((20, 62, 12, 72)):
            page.set_column(column, column, width)
        page.set_row(0, 28)
        page.write_string(0, 0, self._say(_GUIDE[0]), self._title)
        row = 1
        for paragraph in _GUIDE[1:]:
            page.merge_range(row, 0, row, 3, self._say(paragraph), self._wrapped)
            page.set_row(row, 34)
            row += 1
        row += 1
        for column, names in enumerate(_GUIDE_HEADER):
            page.write_string(row, column, self._say(Message(*names)), self._optional)
        for sheet in SHEETS:
            row += 1
            name = _title(sheet, self._language)
            needed = [_title(column, self._language) for column in sheet.columns if column.required]
            page.write_url(row, 0, f"internal:'{name}'!A1", self._boxed, name)
            texts = (
                self._say(Message(sheet.help_zh, sheet.help_en)),
                self._say(Message("必填", "required")) if sheet.required else "",
                self._say(Message("、", ", ")).join(needed),
            )
            for column, text in enumerate(texts, 1):
                page.write_string(row, column, text, self._boxed)
        self._print_setup(page)

    def _write_sheet(self, sheet: Sheet) -> None:
        page = self._book.add_worksheet(_title(sheet, self._language))
        rows = _rows(self._ledger, sheet)
        last = max(ROWS, len(rows) + 1_000)
        page.set_row(0, 32)
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            title = _title(column, self._language)
            page.set_column(place, place, _WIDTHS[column.type], self._formats.get(column.type, self._text))
            page.write_string(0, place, title, self._required if column.required else self._optional)
            page.write_comment(0, place, self._help(column), {"author": "", "x_scale": 1.6, "y_scale": 1.2})
            page.data_validation(1, place, last, place, self._validation(sheet, column))
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(sheet.columns):
                self._write(page, sheet, number, place, column, row[place])
        self._print_setup(page)
        page.repeat_rows(0)

    def _write(self, page: Any, sheet: Sheet, row: int, place: int, column: Column, value: Any) -> None:
        if value is None or value == "":
            return
        form = self._formats.get(column.type, self._text)
        if column.type == "amount":
            page.write_number(row, place, value / 100, form)
            return
        if column.type in ("count", "year", "score"):
            page.write_number(row, place, float(value), form)
            return
        if column.type in CLASSIFICATIONS:
            value = self._lists.with_name(column.type, value)
        text = _words(column, value, self._language)
        if page.write_string(row, place, text, form) != 0:
            raise RefusedError(
                "text-too-long",
                f"“{sheet.zh}”表第 {row + 1} 行“{column.zh}”列有 {len(text):,} 个字，超过一个单元格的上限 {MAX_TEXT:,}；请缩短。",
                f"sheet “{sheet.en}”, row {row + 1}, column “{column.en}” has {len(text):,} characters, more than the "
                f"{MAX_TEXT:,} that a cell holds; shorten it",
            )

    def _help(self, column: Column) -> str:
        need = Message("必填", "Required") if column.required else Message("选填", "Optional")
        parts = [self._say(need), self._say(_TYPES[column.type]), self._say(Message(column.help_zh, column.help_en))]
        return self._say(Message("；", "; ")).join(part for part in parts if part)

    def _validation(self, sheet: Sheet, column: Column) -> dict[str, Any]:
        """What a cell of the column may hold. A code outside the list is only warned of: it may be a new one."""
        options: dict[str, Any] = {
            "validate": "any",
            "input_title": _title(column, self._language)[:32],
            "input_message": self._help(column)[:255],
        }
        source, strict = self._lists.source(sheet, column)
        if source:
            message = _NOT_ALLOWED if strict else _NOT_LISTED
            return options | {
                "validate": "list",
                "source": source,
                "error_type": "stop" if strict else "warning",
                "error_message": self._say(message),
            }
        ranges = {
            "amount": {"validate": "decimal", "criteria": ">=", "value": 0},
            "count": {"validate": "integer", "criteria": ">=", "value": 0},
            "year": {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2099},
            "score": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100},
        }
        found = ranges.get(column.type)
        return options if found is None else options | found | {"error_message": self._say(_TYPES[column.type])}

    def _print_setup(self, page: Any) -> None:
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.set_footer("&C&P / &N")


def _rows(ledger: Ledger | None, sheet: Sheet) -> tuple[Any, ...]:
    if ledger is None:
        return ()
    return (ledger.budget,) if sheet.key == "budget" else getattr(ledger, sheet.key)


def _title(named: Sheet | Column, language: str) -> str:
    return named.en if language == "en" else named.zh


def _words(column: Column, value: Any, language: str) -> str:
    """A value that is no number, as a cell spells it."""
    english = language == "en"
    if column.type == "choice":
        return next(
            (choice.en if english else choice.zh for choice in column.choices if choice.key == value), str(value)
        )
    if column.type == "yes":
        return (YES if value else NO)[english]
    return str(value)


def _csv_text(column: Column, value: Any, language: str) -> str:
    if value is None:
        return ""
    if column.type == "amount":
        return f"{Decimal(value).scaleb(-2):.2f}"
    return guarded(_words(column, value, language))
