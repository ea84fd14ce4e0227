"""From a sheet's cells to what is printed on it: captions as paragraphs, and one or several grids."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhengwu.model.document import Block, Cell, Grid, Paragraph, Place
from zhengwu.reading.limits import MAX_CELLS, check_cells

Range = tuple[int, int, int, int]  # first row, first column, last row, last column: 1-based, inclusive

# A lone cell that opens a table: 表一：, 附表2, 预算01表, …情况表.
_TITLE = re.compile(
    r"\s*(?:附?表\s*[\d一二三四五六七八九十〇]+.{0,60}|附件\s*\d*.{0,60}|[^，。；]{2,60}表(?:\s*[（(].{1,20}[)）])?)\s*[：:]?\s*"
)
# What stands above a table beside its title: unit of money, name of the body, number of the form.
_CAPTION = re.compile(
    r"\s*(?:金额)?\s*单位\s*[:：].*|\s*(?:编制|填报|预算|部门|单位|申报|公开)[^，。]{0,10}[:：].*|"
    r"\s*(?:公开|预算|决算|附|财决|批复|表)\s*[\d一二三四五六七八九十]*\s*(?:表|[-\d]+)\s*[:：]?|[（(]?\s*(?:20)?\d\d\s*年度?\s*[)）]?",
    re.S,
)
_NOTE = re.compile(r"\s*(?:注|备注|说明|附注|填表说明|备注说明)\s*\d*\s*[:：.、]")
# More blank rows than any form leaves inside a table: what follows stands by itself.
_MAX_BLANK_ROWS = 40


@dataclass(slots=True)
class Sheet:
    """One sheet as printed: texts by row and column (1-based) and the merged ranges."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)

    def put(self, row: int, column: int, text: str) -> None:
        """Set the text of a cell; an empty text leaves it empty."""
        if "\n" in text:  # an empty line in a cell is only spacing
            text = "\n".join(line.rstrip() for line in text.split("\n") if line.strip())
        if text.strip():
            self.rows.setdefault(row, {})[column] = text.rstrip()


def to_blocks(sheet: Sheet, line: int = 0, cells: int = 0) -> list[Block]:
    """Paragraphs and grids of ``sheet``; ``line`` and ``cells`` are what the sheets before it took."""
    return list(_Splitter(sheet, line, cells).blocks())


class _Splitter:
    def __init__(self, sheet: Sheet, line: int, cells: int) -> None:
        self._sheet = sheet
        self._line = line
        self._cells = cells
        self._begin: dict[tuple[int, int], Range] = {}
        self._covered: dict[int, list[tuple[int, int, int]]] = {}  # by row: first and last column, first row
        used = sheet.rows.keys()
        last = max(used, default=0)
        steps = 0
        for area in sheet.merged:
            self._begin[area[0], area[1]] = area
            for row in range(area[0], min(area[2], last) + 1):
                self._covered.setdefault(row, []).append((area[1], area[3], area[0]))
                steps += 1
                check_cells(steps)
        for row, spans in self._covered.items():  # what a merge hides is not printed
            texts = sheet.rows.get(row)
            for first, end, top in spans if texts else ():
                for column in [c for c in texts or () if first <= c <= end and (c, row) != (first, top)]:
                    del sheet.rows[row][column]

    def blocks(self) -> Iterator[Block]:
        for region in self._regions():
            yield from self._region(region)

    def _regions(self) -> Iterator[list[int]]:
        """Runs of row numbers, blank ones between included, each with at most one table."""
        used = sorted(row for row, texts in self._sheet.rows.items() if texts)
        region: list[int] = []
        for row in used:
            gap = row - region[-1] - 1 if region else 0
            if region and (gap > _MAX_BLANK_ROWS or (gap and self._is_title(row)) or self._opens_next(region, row)):
                yield region
                region = []
            region.append(row)
        if region:
            yield region

    def _is_title(self, row: int) -> bool:
        texts = self._sheet.rows[row]
        return len(texts) == 1 and _TITLE.fullmatch(next(iter(texts.values()))) is not None

    def _opens_next(self, region: list[int], row: int) -> bool:
        """A numbered title (表二：) right under a table, without a blank row between."""
        text = next(iter(self._sheet.rows[row].values()))
        begun = any(len(self._sheet.rows[r]) > 1 and not self._is_caption(r) for r in region)
        return begun and self._is_title(row) and re.match(r"\s*附?表\s*[\d一二三四五六七八九十]", text) is not None

    def _is_caption(self, row: int) -> bool:
        texts = self._sheet.rows[row]
        return len(texts) == 1 or all(_CAPTION.fullmatch(t) or _TITLE.fullmatch(t) for t in texts.values())

    def _region(self, rows: list[int]) -> Iterator[Block]:
        start = next((i for i, row in enumerate(rows) if not self._is_caption(row)), len(rows))
        # A lone label in the first row of a header is no caption when a merge beside or below ties it in.
        while 0 < start < len(rows) and self._reaches_down(rows[start - 1], rows[start]):
            start -= 1
        end = len(rows)
        while end > start and len(self._sheet.rows[rows[end - 1]]) == 1 and self._is_note(rows[end - 1]):
            end -= 1
        yield from self._paragraphs(rows[:start])
        if start < end:
            yield self._grid(rows[start], rows[end - 1])
        yield from self._paragraphs(rows[end:])

    def _is_note(self, row: int) -> bool:
        return _NOTE.match(next(iter(self._sheet.rows[row].values()))) is not None

    def _reaches_down(self, row: int, header: int) -> bool:
        """True when a merged cell of ``row`` reaches into the row of the header."""
        return any(self._begin.get((row, c), (0, 0, 0, 0))[2] >= header for c in self._sheet.rows[row])

    def _paragraphs(self, rows: list[int]) -> Iterator[Block]:
        for row in rows:
            for column, text in sorted(self._sheet.rows[row].items()):
                for part in text.split("\n"):
                    if part.strip():
                        self._line += 1
                        place = Place(line=self._line, row=row, column=column, sheet=self._sheet.name)
                        yield Paragraph(part.strip(), place)

    def _grid(self, first: int, last: int) -> Grid:
        inside = [self._sheet.rows[row] for row in range(first, last + 1) if row in self._sheet.rows]
        left = min(min(texts) for texts in inside if texts)
        right = max(max(texts) for texts in inside if texts)
        self._cells += (last - first + 1) * (right - left + 1)
        check_cells(min(self._cells, 2 * MAX_CELLS))
        place = Place(line=self._line + 1, row=first, column=left, sheet=self._sheet.name)
        rows = tuple(self._row(row, first, last, left, right) for row in range(first, last + 1))
        return Grid(rows, place)

    def _row(self, row: int, first: int, last: int, left: int, right: int) -> tuple[Cell, ...]:
        texts = self._sheet.rows.get(row, {})
        hidden = {
            column
            for start, end, top in self._covered.get(row, ())
            for column in range(max(start, left), min(end, right) + 1)
            if (column, row) != (max(start, left), max(top, first))
        }
        cells = []
        for column in range(left, right + 1):
            if column in hidden:
                continue
            self._line += 1
            area = self._begin.get((row, column), (row, column, row, column))
            place = Place(line=self._line, row=row - first + 1, column=column - left + 1, sheet=self._sheet.name)
            cells.append(
                Cell(
                    texts.get(column, ""),
                    place,
                    min(area[3], right) - column + 1,
                    min(area[2], last) - row + 1,
                )
            )
        return tuple(cells)
