"""A ledger from a workbook (.xlsx) or a folder of CSV files: typed, checked, whole or not at all.

Sheets and columns are found by their names in either language or by their keys, in any order. Whatever is wrong is
collected, so that it can be mended in one go.
"""

import csv
import io
import os
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, cast

from zhengwu.dialects.classifications import normalise_name
from zhengwu.ledger import check
from zhengwu.ledger.cells import Book, Cell, Row, letters, text_cell
from zhengwu.ledger.model import Budget, Ledger
from zhengwu.ledger.problem import LedgerError, Problem
from zhengwu.ledger.schema import SHEETS, Column, Sheet
from zhengwu.ledger.values import REQUIRED, BadValueError, Converter, Value, converter, empty_value, similar
from zhengwu.model.message import Message, RefusedError
from zhengwu.reading.detect import detect_workbook
from zhengwu.reading.encoding import decode
from zhengwu.reading.errors import UnreadableError, cannot_open
from zhengwu.reading.limits import MAX_BYTES, check_size

__all__ = ["GUIDE", "LISTS", "LedgerError", "Problem", "load", "read_bytes"]

GUIDE = Message("说明", "guide")  # the sheets of a workbook that hold no rows of the ledger
LISTS = Message("选项", "lists")
MAX_PROBLEMS = 5_000  # where most rows are wrong, one column is: more sentences help nobody
_CSV_GUARD = "=+-@\t\r'"


def load(path: str | os.PathLike[str], *, gaps: bool = False) -> Ledger:
    """The ledger in a workbook or in a folder of CSV files.

    With ``gaps`` what a published document did not tell may be missing, and the rows are not held against each other:
    enough to compare, not to publish. Raises LedgerError with every problem found, UnreadableError for a file that cannot be read at all.
    """
    path = Path(path)
    try:
        if path.is_dir():
            return _read_folder(path, gaps)
        check_size(path.stat().st_size)
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)  # a pipe has no size beforehand
    except OSError as error:
        raise cannot_open(error) from error
    return read_bytes(data, path.name, gaps=gaps)


def read_bytes(data: bytes, name: str, *, gaps: bool = False) -> Ledger:
    """The ledger in the bytes of a workbook; ``name`` becomes its source. ``gaps`` and errors as in ``load``."""
    check_size(len(data))
    kind = detect_workbook(data)
    if kind != "xlsx":
        raise _not_a_workbook(kind)
    reader = _Reader(lettered=True, gaps=gaps)
    book = Book(data)
    reader.since_1904 = book.since_1904
    for sheet in book.sheets():
        reader.sheet(sheet.name, sheet.rows)
    return reader.ledger(name)


def guarded(text: str) -> str:
    """A text for a cell of a CSV file: an apostrophe keeps spreadsheets from running it as a formula."""
    return f"'{text}" if text and text[0] in _CSV_GUARD else text


def _unguarded(text: str) -> str:
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in _CSV_GUARD else text


def _not_a_workbook(kind: str) -> RefusedError:
    if kind == "txt":
        return RefusedError(
            "not-a-ledger",
            "这是文本文件，不是台账；CSV 台账请给出包含各表 CSV 文件的文件夹，或使用 .xlsx 工作簿。",
            "this is a text file, not a ledger; for CSV name the folder that holds the sheets' files, "
            "or use an .xlsx workbook",
        )
    return RefusedError(
        "not-a-ledger",
        f"台账应为 .xlsx 工作簿或 CSV 文件夹，这是 .{kind} 文件；请用 Excel/WPS 另存为 .xlsx 后再试。",
        f"a ledger is an .xlsx workbook or a folder of CSV files, and this is a .{kind} file; "
        "save it as .xlsx in Excel or WPS",
    )


def _read_folder(folder: Path, gaps: bool) -> Ledger:
    files = sorted(one for one in folder.iterdir() if one.suffix.lower() == ".csv" and one.is_file())
    if not files:
        raise RefusedError(
            "no-csv",
            "文件夹中没有 CSV 文件；应有 budget.csv、units.csv、lines.csv 等，每个表一个。",
            "the folder has no CSV file; it should hold budget.csv, units.csv, lines.csv and so on, one a sheet",
        )
    check_size(sum(one.stat().st_size for one in files))
    reader = _Reader(lettered=False, gaps=gaps)
    for file in files:
        try:
            text = decode(file.read_bytes()) if file.stat().st_size else ""
        except UnreadableError as error:
            raise UnreadableError(
                error.code, f"{file.name}：{error.message.zh}", f"{file.name}: {error.message.en}"
            ) from error
        reader.sheet(file.stem, _csv_rows(text, file.name))
    return reader.ledger(folder.name)


def _csv_rows(text: str, name: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for number, values in enumerate(lines, 1):
            cells = {
                column: cell
                for column, value in enumerate(values, 1)
                if value and (cell := text_cell(_unguarded(value))) is not None
            }
            if cells:
                yield number, cells
    except csv.Error as error:
        raise UnreadableError(
            "bad-csv",
            f"{name} 第 {number + 1} 行的引号不成对或单元格过长，无法读取；请用 Excel/WPS 另存为 CSV 再试。",
            f"row {number + 1} of {name} has an unmatched quote or an oversized cell; save it anew as CSV from Excel or WPS",
        ) from error


class _Plan(NamedTuple):
    """How one column of a sheet is read; ``place`` is None where the sheet does not have it."""

    column: Column
    place: int | None
    convert: Converter
    label: str
    empty: Value


class _Reader:
    """Collects the rows of all sheets and what is wrong with them."""

    def __init__(self, lettered: bool, gaps: bool) -> None:
        self.since_1904 = False
        self._gaps = gaps
        self._lettered = lettered
        self._rows: dict[str, tuple[Any, ...]] = {}
        self._labels: dict[tuple[str, str], str] = {}  # by sheet and title: the title with its letter
        self._problems: list[Problem] = []
        self._doubtful: set[str] = set()  # sheets whose rows are not all there
        self._stray = False

    def sheet(self, name: str, rows: Iterator[Row]) -> None:
        """Read the sheet called ``name``; the guide, the lists and what is empty are passed over."""
        key = _folded(name)
        if key in _PASSED_OVER or name.startswith("WpsReserved_"):
            return
        found = _SHEETS.get(key)
        if found is None:
            if next(rows, None) is not None:
                self._unknown_sheet(name)
        elif found.key in self._rows:
            if next(rows, None) is not None:
                self._add(
                    found,
                    0,
                    "",
                    f"出现了两次（又名“{name}”）；请合并为一个表。",
                    f"stands twice (also as “{name}”); merge them",
                )
        else:
            self._rows[found.key] = tuple(self._typed(found, rows))

    def ledger(self, source: str) -> Ledger:
        """The ledger of the sheets that were read; raises LedgerError when anything is wrong with it."""
        for sheet in SHEETS:
            if sheet.key not in self._rows:
                self._rows[sheet.key] = ()
                if sheet.required:
                    self._add(
                        sheet,
                        0,
                        "",
                        "缺少这个必需的表；请从空白台账中复制。",
                        "is required and missing; copy it from the empty ledger",
                    )
                elif self._stray:  # it may be the one under a name that we do not know
                    self._doubtful.add(sheet.key)
            elif sheet.required and not self._rows[sheet.key] and sheet.key not in self._doubtful:
                self._add(sheet, 0, "", "没有数据；这个表至少填一行。", "has no rows; it needs one at least")
        ledger = self._checked(source)
        if ledger is None or self._problems:
            raise LedgerError(self._problems, len(self._problems) >= MAX_PROBLEMS)
        return ledger

    def _checked(self, source: str) -> Ledger | None:
        budgets: tuple[Budget, ...] = self._rows.pop("budget")
        if not budgets:
            return None  # without a year no code can be checked
        for extra in budgets[1:]:
            self._add(
                SHEETS[0],
                extra.row,
                "",
                "多余的一行；一份台账只有一个预算。",
                "is one row too many; a ledger is of one budget",
            )
        ledger = Ledger(source, budgets[0], **cast(Any, self._rows))
        for problem in () if self._gaps else check.problems(ledger, frozenset(self._doubtful)):
            label = self._labels.get((problem.sheet, problem.column), problem.column)
            self._problems.append(problem._replace(column=label))
        return ledger

    def _typed(self, sheet: Sheet, rows: Iterator[Row]) -> Iterator[Any]:
        header = next(rows, None)
        if header is None:
            return
        plans = self._plans(sheet, header[1])
        known = frozenset(header[1])
        # With a wrong header no row is whole: they are read for their own faults only.
        whole = sheet.key not in self._doubtful
        untitled: set[int] = set()
        for number, cells in rows:
            if len(self._problems) >= MAX_PROBLEMS:
                self._doubtful.add(sheet.key)
                return
            if not cells.keys() <= known:
                self._untitled(sheet, number, cells.keys() - known - untitled)
                untitled |= cells.keys() - known
            before = len(self._problems)
            values = [self._value(sheet, number, plan, cells.get(plan.place or 0)) for plan in plans]
            if whole and len(self._problems) == before:
                yield sheet.row(*values, number)

    def _value(self, sheet: Sheet, row: int, plan: _Plan, cell: Cell | None) -> Value:
        if cell is None:
            if plan.column.required and plan.place is not None and not (self._gaps and plan.column.key != "year"):
                self._add(sheet, row, plan.label, *REQUIRED)
            return plan.empty
        try:
            return plan.convert(cell)
        except BadValueError as error:
            self._add(sheet, row, plan.label, error.message.zh, error.message.en)
            return plan.empty

    def _plans(self, sheet: Sheet, header: dict[int, Cell]) -> list[_Plan]:
        """The columns of a sheet, in the order of its row class."""
        titles = _COLUMNS[sheet.key]
        places: dict[str, int] = {}
        for index, cell in sorted(header.items()):
            column = titles.get(_folded(cell.text))
            label = self._label(index, cell.text)
            if column is None:
                self._unknown_column(sheet, label, cell.text)
            elif column.key in places:
                self._add(sheet, 1, label, "这一列出现了两次；请删除一列。", "stands twice; delete one of the two")
            else:
                places[column.key] = index
                self._labels[sheet.zh, column.zh] = self._label(index, column.zh)
        for column in sheet.columns:
            if column.required and column.key not in places:
                self._add(
                    sheet,
                    1,
                    column.zh,
                    "缺少这个必需的列；请在表头补上。",
                    "is required and missing; add it to the header",
                )
        return [
            _Plan(
                column,
                places.get(column.key),
                converter(column, self.since_1904),
                self._labels.get((sheet.zh, column.zh), column.zh),
                empty_value(column),
            )
            for column in sheet.columns
        ]

    def _untitled(self, sheet: Sheet, row: int, columns: Iterable[int]) -> None:
        for column in sorted(columns):
            name = letters(column) if self._lettered else str(column)
            self._add(sheet, row, name, "有内容，但这一列没有表头；请删除内容或补上表头。", "holds something, but its column has no title; delete it or add the title")  # fmt: skip

    def _unknown_sheet(self, name: str) -> None:
        self._stray = True
        near = similar(name, [title for one in SHEETS for title in (one.zh, one.en, one.key)])
        allowed_zh = "、".join(one.zh for one in SHEETS)
        allowed_en = ", ".join(one.en for one in SHEETS)
        self._problems.append(
            Problem(
                name, 0, "",
                Message(
                    f"不是台账的表{f'，是否应为“{near}”' if near else ''}；请改名或删除。台账的表有：{allowed_zh}。",
                    f"is no sheet of a ledger{f' (did you mean “{near}”?)' if near else ''}; rename or delete it. The sheets are {allowed_en}",
                ),
            )
        )  # fmt: skip

    def _unknown_column(self, sheet: Sheet, label: str, title: str) -> None:
        near = similar(title, [name for one in sheet.columns for name in (one.zh, one.en, one.key)])
        allowed_zh = "、".join(one.zh for one in sheet.columns)
        allowed_en = ", ".join(one.en for one in sheet.columns)
        self._add(
            sheet, 1, label,
            f"没有这一列{f'，是否应为“{near}”' if near else ''}；请改名或删除。这个表的列有：{allowed_zh}。",
            f"is no column of this sheet{f' (did you mean “{near}”?)' if near else ''}; rename or delete it. Its columns are {allowed_en}",
        )  # fmt: skip

    def _label(self, index: int, title: str) -> str:
        title = title[:40].replace("\n", " ")
        return f"{letters(index)} {title}" if self._lettered else title

    def _add(self, sheet: Sheet, row: int, column: str, zh: str, en: str) -> None:
        self._doubtful.add(sheet.key)
        self._problems.append(Problem(sheet.zh, row, column, Message(zh, en)))


def _folded(name: str) -> str:
    """A name without regard to blanks, brackets and case; a star marks a required column in some forms."""
    return normalise_name(name).rstrip("*＊").casefold()


def _by_name(items: Iterable[Any]) -> dict[str, Any]:
    return {_folded(name): one for one in items for name in attrgetter("key", "en", "zh")(one)}


_SHEETS: dict[str, Sheet] = _by_name(SHEETS)
_COLUMNS: dict[str, dict[str, Column]] = {one.key: _by_name(one.columns) for one in SHEETS}
_PASSED_OVER = frozenset(_folded(name) for name in (*GUIDE, *LISTS))
