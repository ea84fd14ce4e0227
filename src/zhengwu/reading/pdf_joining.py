"""Tables over several pages as one, and all blocks of a document in order."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from zhengwu.model.document import Block, Box, Cell, Grid, Place
from zhengwu.reading.limits import check_cells
from zhengwu.reading.pdf_breaks import goes_on, is_cramped, is_filled, joined_text, padding_of, room_below
from zhengwu.reading.pdf_cells import CellDraft, GridDraft
from zhengwu.reading.pdf_lines import Line
from zhengwu.reading.pdf_paragraphs import Paragraphs
from zhengwu.reading.pdf_view import View

# Column edges of one table on two pages differ by less than this, in points.
_EDGE_TOLERANCE = 4.0
# A header has at most so many rows; a repeated part of it begins among them.
_MAX_HEADER_ROWS = 8
# At most so many lines above a table are its title, unit and name lines.
_MAX_TITLE_LINES = 8

_AMOUNT = re.compile(r"\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+")
_CONTINUED = re.compile(r"[（(]?(?:续表?|续上表|接上表|接上页)[)）]?[一二三四五六七八九十\d]*[：:]?")
_CONTINUED_MARK = re.compile(r"[（(]续表?[一二三四五六七八九十\d]*[)）]$")
_BLANKS = re.compile(r"\s+")

Item = Line | GridDraft


class _Foot(NamedTuple):
    """A cell in the last row of a page: the indices of its row and of itself among the table's cells."""

    row: int
    number: int
    draft: CellDraft


class _OpenGrid:
    """A table that the next page may continue."""

    def __init__(self, index: int, draft: GridDraft, titles: frozenset[str], place: Place) -> None:
        self.index = index  # among the blocks
        self.xs = draft.xs
        self.ruled = draft.ruled
        self.titles = titles
        self.place = place
        self.rows: list[tuple[Cell, ...]] = []
        self.head = [_signature(row) for row in draft.rows[:_MAX_HEADER_ROWS]]
        # Of the page read last: its rows, the cells that reach its last row (and where they stand in
        # ``rows``), whether no ruling closes it, how far down it reaches and the height of the page. Of all
        # pages before: the least room below a row.
        self.page_rows: list[list[CellDraft]] = []
        self.foot: list[_Foot] = []
        self.open_below = False
        self.bottom = 0.0
        self.height = 0
        self.usual_room = math.inf

    def is_cut(self, rows: list[list[CellDraft]]) -> bool:
        """Whether the last row is not over at the foot of the page, by what is drawn.

        ``rows`` are those of the next page.
        """
        if self.open_below:
            return True
        # The last row of a page may be cut: only those above it show how rows end.
        rooms = [room_below(row) for row in (*self.page_rows[:-1], *rows[:-1])]
        self.usual_room = min([self.usual_room, *(room for room in rooms if room is not None)])
        return self.usual_room < math.inf and is_cramped(self.page_rows[-1], self.usual_room)


class Assembler:
    """Takes the items of the pages in order and gives the blocks of the document."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._paragraphs = Paragraphs()
        self._line = 0
        self._cells = 0
        self._open: _OpenGrid | None = None
        self._turned: tuple[View, View] | None = None
        self._height = 0  # of the page, in points
        self._floors: dict[int, float] = {}  # by height of page, how far down tables reach

    def add_page(self, number: int, items: Sequence[Item], reading: View, shown: View) -> None:
        """The items of one page (1-based ``number``) from top to bottom.

        Their boxes are those of the view ``reading``; places get the boxes of the view ``shown``.
        """
        self._turned = (reading, shown) if reading != shown else None
        self._height = round(reading.height)
        lines = [item for item in items if isinstance(item, Line)]
        self._paragraphs.begin_page(lines, reading.width)
        titles: list[str] = []
        start = self._continue(number, items)
        for item in items[start:]:
            if isinstance(item, Line):
                self._open = None
                titles.append(_plain(item.text))
                self._add_line(item, number)
            else:
                self._flush()
                self._begin_grid(item, number, frozenset(titles[-_MAX_TITLE_LINES:]))
                titles = []
        ended = self._paragraphs.end_page()
        if ended is not None:
            self.blocks.append(ended)

    def finish(self) -> tuple[Block, ...]:
        """All blocks, after the last page."""
        self._flush()
        return tuple(self.blocks)

    def _shown(self, box: Box) -> Box:
        if self._turned is None:
            return box
        reading, shown = self._turned
        return shown.box(*reading.back(box))

    def _flush(self) -> None:
        ended = self._paragraphs.flush()
        if ended is not None:
            self.blocks.append(ended)

    def _add_line(self, line: Line, page: int) -> None:
        self._line += 1
        ended = self._paragraphs.add(line, self._shown(line[:4]), page, self._line)
        if ended is not None:
            self.blocks.append(ended)

    def _begin_grid(self, draft: GridDraft, page: int, titles: frozenset[str]) -> None:
        box = self._shown((draft.xs[0], draft.top, draft.xs[-1], draft.bottom))
        place = Place(page=page, line=self._line + 1, box=box)
        self._open = _OpenGrid(len(self.blocks), draft, titles, place)
        self.blocks.append(Grid((), place))
        self._append_rows(self._open, draft, draft.rows, page)

    def _append_rows(self, grid: _OpenGrid, draft: GridDraft, rows: list[list[CellDraft]], page: int) -> None:
        """Take the ``rows`` of a page that stand in ``draft``, in the columns of the table."""
        foot: list[_Foot] = []
        rest = rows
        if grid.foot and rows and (whole := self._complete_row(grid, rows)) is not None:
            foot = [one for one, rowspan in whole if rowspan == len(rows)]
            rest = rows[1:]
        count, line, turned = len(rest), self._line, self._turned is not None
        for index, row in enumerate(rest):
            number = len(grid.rows) + 1
            cells: list[Cell] = []
            for cell in row:
                text, column, colspan, rowspan, box, _ = cell
                line += 1
                place = Place(page, line, number, column + 1, self._shown(box) if turned else box)
                if index + rowspan == count:
                    foot.append(_Foot(number - 1, len(cells), cell))
                cells.append(Cell(text, place, colspan, rowspan))
            grid.rows.append(tuple(cells))
            self._cells += len(cells)
        self._line = line
        check_cells(self._cells)
        grid.page_rows, grid.foot, grid.open_below = rows, foot, draft.open_below
        grid.bottom, grid.height = draft.bottom, self._height
        self._floors[self._height] = max(self._floors.get(self._height, 0.0), draft.bottom)
        self.blocks[grid.index] = Grid(tuple(grid.rows), grid.place)

    def _complete_row(self, grid: _OpenGrid, rows: list[list[CellDraft]]) -> list[tuple[_Foot, int]] | None:
        """Add the first of the ``rows`` of a page to the table's last one where a page break parted them.

        Returns the cells of that row, with how many rows of the new page each reaches down; None
        where the row stands for itself.
        """
        row = rows[0]
        above = {(foot.draft.column, foot.draft.colspan): foot for foot in grid.foot}
        feet = [above.get((cell.column, cell.colspan)) for cell in row]
        pairs = [(foot.draft, cell) for foot, cell in zip(feet, row, strict=True) if foot]
        if len(pairs) < len(row):
            return None
        cells = [cell for one in (*grid.page_rows, row) for cell in one]
        known = frozenset([cell.text for one in grid.rows[:-1] for cell in one])
        filled = is_filled(self._floors[grid.height] - grid.bottom, cells)
        if not goes_on(pairs, known, padding_of(cells), filled=filled, cut=grid.is_cut(rows)):
            return None
        whole: list[tuple[_Foot, int]] = []
        for foot, (upper, lower) in zip(feet, pairs, strict=True):
            assert foot is not None
            text = joined_text(upper, lower)
            old = grid.rows[foot.row][foot.number]
            new = old._replace(text=text, rowspan=old.rowspan + lower.rowspan - 1)
            changed = list(grid.rows[foot.row])
            changed[foot.number] = new
            grid.rows[foot.row] = tuple(changed)
            draft = lower._replace(text=text, lines=lower.lines or upper.lines)
            whole.append((foot._replace(draft=draft), lower.rowspan))
        return whole

    def _continue(self, page: int, items: Sequence[Item]) -> int:
        """Append the first table of a page to the open one where it continues it.

        Returns how many items that took.
        """
        grid = self._open
        if grid is None or self._paragraphs.open:
            return 0
        for index, item in enumerate(items):
            if isinstance(item, Line):
                if not _repeats(item.text, grid.titles):
                    return 0
                continue
            if _is_title_row(item) and _signature(item.rows[0]) not in grid.head:
                return 0
            header = _repeated_header(grid.head, item.rows)
            rows = _remapped(grid, item, header > 0)
            if rows is None:
                return 0
            self._append_rows(grid, item, rows[header:], page)
            return index + 1
        return 0


def _plain(text: str) -> str:
    return _BLANKS.sub("", text)


def _repeats(text: str, titles: frozenset[str]) -> bool:
    """Whether a line above a table only repeats what stood above its first part, or says 续表."""
    plain = _plain(text)
    return plain in titles or bool(_CONTINUED.fullmatch(plain)) or _CONTINUED_MARK.sub("", plain) in titles


def _signature(row: list[CellDraft]) -> tuple[tuple[str, int], ...]:
    return tuple((_plain(cell.text), cell.colspan) for cell in row)


def _is_title_row(draft: GridDraft) -> bool:
    """Whether a table begins with its own title inside its frame."""
    row = draft.rows[0]
    return len(row) == 1 and row[0].colspan == len(draft.xs) - 1 and _plain(row[0].text).endswith("表")


def _repeated_header(head: list[tuple[tuple[str, int], ...]], rows: list[list[CellDraft]]) -> int:
    """How many first rows of a continuation repeat rows of the table's header."""
    best = 0
    signatures = [_signature(row) for row in rows[:_MAX_HEADER_ROWS]]
    for start in range(len(head)):
        count = 0
        for one, other in zip(head[start:], signatures, strict=False):
            # A part of a header shows by several labels: one label alone may be a row like 其中.
            if one != other or not _is_header_row(one, labels=2 if start else 1):
                break
            count += 1
        best = max(best, count)
    # A cell that reaches beyond the repeated rows shows that they are not a whole header.
    while best and any(number + cell.rowspan > best for number, row in enumerate(rows[:best]) for cell in row):
        best -= 1
    return best


def _is_header_row(signature: tuple[tuple[str, int], ...], labels: int) -> bool:
    texts = [text for text, _ in signature if text]
    return len(texts) >= labels and not any(_AMOUNT.fullmatch(text) for text in texts)


def _remapped(grid: _OpenGrid, draft: GridDraft, same_header: bool) -> list[list[CellDraft]] | None:
    """The rows of a continuation in the columns of the table; None where they do not fit.

    Edges may be missing on one side, where no ruling happens to stand: then the table gets the finer
    columns of both.
    """
    own, other = grid.xs, draft.xs
    shift = own[0] - other[0]
    if len(own) == len(other):
        near = all(abs(a - b - shift) <= _EDGE_TOLERANCE for a, b in zip(own, other, strict=True))
        guessed = not (grid.ruled and draft.ruled) and abs(own[-1] - other[-1] - shift) <= _EDGE_TOLERANCE
        return draft.rows if near or same_header or guessed else None
    if abs(own[-1] - other[-1] - shift) > _EDGE_TOLERANCE or min(len(own), len(other)) <= 2:
        return None
    if len(own) > len(other):
        edges = _found_edges(own, [x + shift for x in other])
        return None if edges is None else [[_widened(cell, edges) for cell in row] for row in draft.rows]
    edges = _found_edges(other, [x - shift for x in own])
    if edges is None:
        return None
    grid.rows = [
        tuple(
            cell._replace(
                place=cell.place._replace(column=edges[first] + 1),
                colspan=edges[first + cell.colspan] - edges[first],
            )
            for cell in row
            for first in [(cell.place.column or 1) - 1]
        )
        for row in grid.rows
    ]
    grid.foot = [foot._replace(draft=_widened(foot.draft, edges)) for foot in grid.foot]
    grid.xs = [x + shift for x in other]
    grid.head = [tuple((text, span) for text, span in signature) for signature in grid.head]
    return draft.rows


def _found_edges(fine: list[float], coarse: list[float]) -> list[int] | None:
    """For each edge of ``coarse`` its index in ``fine``; None where one has no counterpart."""
    indices: list[int] = []
    for edge in coarse:
        index = min(range(len(fine)), key=lambda i, edge=edge: abs(fine[i] - edge))  # type: ignore[misc]
        if abs(fine[index] - edge) > _EDGE_TOLERANCE or (indices and index <= indices[-1]):
            return None
        indices.append(index)
    return indices


def _widened(cell: CellDraft, edges: list[int]) -> CellDraft:
    first, end = edges[cell.column], edges[cell.column + cell.colspan]
    return cell._replace(column=first, colspan=end - first)
