"""Where a publication's tables stand on their sheets: places, names of sheets, widths, heights, formulas."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from zhengwu.ledger.cells import letters
from zhengwu.publishing.publication import Placed, PrintedTable, placed

MAX_SHEET_NAME = 31
MAX_HEIGHT = 409.0  # points: Excel draws no row higher and cuts what does not fit
MAX_ARGUMENTS = 255  # of a function
MAX_FORMULA = 8_000  # characters; Excel takes 8,192

_PORTRAIT, _LANDSCAPE = 90.0, 132.0  # what a page holds at 10 points, in the width of a digit
_WIDEST = 4.0  # a table is printed one page wide: more than this many times as wide, nobody could read it
_MAX_COLUMN = 250.0  # Excel takes 255
_DIGIT_PIXELS = 7.0  # what a unit of column width is worth
_FILL = 0.95  # of a line: a character that no longer fits whole goes to the next
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_name(wanted: str, used: set[str]) -> str:
    """A name for a sheet that Excel takes and that is not ``used`` yet; it is added there."""
    name = _FORBIDDEN.sub(" ", wanted).strip().strip("'").strip() or "表"
    number = 1
    while True:
        tail = f" ({number})" if number > 1 else ""
        candidate = _cut(name, MAX_SHEET_NAME - len(tail)).rstrip("' ") + tail
        if candidate.casefold() not in used and candidate.casefold() != "history":  # Excel keeps this one for itself
            used.add(candidate.casefold())
            return candidate
        number += 1


def _cut(text: str, length: int) -> str:
    """The beginning of ``text`` in at most ``length`` UTF-16 units, which Excel counts."""
    return text.encode("utf-16-le", "replace")[: 2 * length].decode("utf-16-le", "ignore")


@lru_cache(maxsize=8192)
def _character(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    # Quotes and dashes, ambiguous in Unicode, are as wide as a character in a Chinese face.
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def breadth(text: str) -> int:
    """How many digits ``text`` on one line is wide."""
    return sum(map(_character, text))


def line_count(text: str, width: float, size: float = 10.0) -> int:
    """How many lines ``text`` takes in a column of this width, set in ``size`` points."""
    room = max(width * _DIGIT_PIXELS * _FILL / (size * 2 / 3), 1.0)
    return sum(max(1, math.ceil(breadth(line) / room)) for line in text.split("\n"))


def line_height(size: float) -> float:
    """The points that a line takes, with the room that fonts of other systems need."""
    return size * 1.5


class Layout(NamedTuple):
    """The widths of a table's columns and the heights of its rows, the header's first."""

    widths: tuple[float, ...]
    heights: tuple[float, ...]


def layout_of(table: PrintedTable) -> Layout:
    """Widths by the columns' shares, none narrower than its numbers; the whole wider where a row would be higher
    than Excel draws it (the page is scaled to one in width)."""
    width = len(table.columns)
    rows = len(table.header) + len(table.rows)
    cells = [
        *placed(table.header, width),
        *(
            at._replace(row=at.row + len(table.header))
            for at in placed([row.cells for row in table.rows], width)
        ),
    ]  # fmt: skip
    page = _LANDSCAPE if table.wide else _PORTRAIT
    scale = 1.0
    while True:
        widths = _widths(table, cells, page * scale)
        heights = _heights(cells, rows, widths)
        if max(heights, default=0.0) <= MAX_HEIGHT or scale >= _WIDEST:
            return Layout(widths, tuple(min(height, MAX_HEIGHT) for height in heights))
        scale *= 1.25


def _widths(table: PrintedTable, cells: Iterable[Placed], page: float) -> tuple[float, ...]:
    total = sum(column.width for column in table.columns) or 1.0
    widths = [max(page * column.width / total, 5.0) for column in table.columns]
    for at in cells:
        if at.colspan > 1 or at.column >= len(widths):
            continue
        unbroken = at.cell.value is not None or table.columns[at.column].role == "code"
        if unbroken and at.row >= len(table.header):
            need = max(map(breadth, at.cell.text.split("\n"))) + 2.0
            widths[at.column] = max(widths[at.column], min(need, 60.0))
    return tuple(min(round(width, 2), _MAX_COLUMN) for width in widths)


def _heights(cells: Iterable[Placed], rows: int, widths: Sequence[float]) -> list[float]:
    line = line_height(10)
    heights = [line + 3] * rows
    spanning = []
    for at in cells:
        room = sum(widths[at.column : at.column + at.colspan]) - 2 * at.cell.indent - 1
        need = line_count(at.cell.text, room) * line + 3
        if at.rowspan == 1:
            heights[at.row] = max(heights[at.row], need)
        else:
            spanning.append((at, need))
    for at, need in spanning:
        span = range(at.row, at.row + at.rowspan)
        missing = need - sum(heights[row] for row in span)
        if missing > 0:  # shared out, so that no one row gets too high
            for row in span:
                heights[row] += missing / at.rowspan
    return [round(height, 2) for height in heights]


def sum_formula(cells: Sequence[tuple[int, int]]) -> str | None:
    """The formula that adds up ``cells`` (0-based row and column on the sheet): neighbours as ranges, cells that
    stand alone by their names. None where Excel would not take it."""
    pieces = _pieces(list(dict.fromkeys(cells)))
    if not pieces:
        return None
    if len(pieces) <= 8 and not any(":" in piece for piece in pieces):
        formula = "+".join(pieces)
    else:
        chunks = [pieces[start : start + MAX_ARGUMENTS] for start in range(0, len(pieces), MAX_ARGUMENTS)]
        formula = "+".join(f"SUM({','.join(chunk)})" for chunk in chunks)
    return f"={formula}" if len(formula) < MAX_FORMULA else None


def _pieces(cells: list[tuple[int, int]]) -> list[str]:
    """Ranges over neighbours, along the columns or, where all stand in one row, along it."""
    across = len({row for row, _ in cells}) == 1
    order = sorted(cells, key=lambda cell: cell if across else (cell[1], cell[0]))
    pieces: list[list[tuple[int, int]]] = []
    for row, column in order:
        last = pieces[-1][-1] if pieces else None
        if last is not None and (row, column) == ((last[0], last[1] + 1) if across else (last[0] + 1, last[1])):
            pieces[-1].append((row, column))
        else:
            pieces.append([(row, column)])
    return [_name(run[0]) if len(run) == 1 else f"{_name(run[0])}:{_name(run[-1])}" for run in pieces]


def _name(cell: tuple[int, int]) -> str:
    return f"{letters(cell[1] + 1)}{cell[0] + 1}"
