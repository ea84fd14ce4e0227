"""Text into the cells of a table."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from zhengwu.model.document import Box
from zhengwu.reading.pdf_characters import PageText, Piece
from zhengwu.reading.pdf_grid import Frame, Slot
from zhengwu.reading.pdf_lines import Line, group_lines, is_amount, is_wide, to_line
from zhengwu.reading.pdf_wraps import joined, values

# A run reaches into a field when more than this share of a character's height lies in it: ink of
# right-aligned numbers often touches the ruling.
_INSET = 0.3
# A name runs over into the next cell by at most so many characters, one touching the other within
# this share of their height.
_OVERFLOW = 2
_TOUCHING = 0.15
# A row without rulings inside is cut by its lines when this many of its cells hold equally many values.
_CELLS_THAT_CUT = 2


class CellDraft(NamedTuple):
    """A cell of one page: text, 0-based column, spans, and its box as shown, in points.

    ``lines`` are its printed lines; only cells between rulings tell them.
    """

    text: str
    column: int
    colspan: int
    rowspan: int
    box: Box
    lines: Sequence[Line] = ()


class GridDraft(NamedTuple):
    """A table of one page. ``rows`` hold the cells that begin in them; ``xs`` are its column edges,
    which only guess between the texts where no rulings part the columns (``ruled``). ``open_below``
    tells that no ruling closes the last row."""

    xs: list[float]
    top: float
    bottom: float
    rows: list[list[CellDraft]]
    ruled: bool = True
    open_below: bool = False


def fill(frame: Frame, pieces: list[Piece], text: PageText) -> GridDraft:
    """A ruled table with the pieces that lie in it."""
    inside = _by_slot(frame, pieces, text)
    cut = _cut_rows(frame, inside)
    # A last row that was cut by its lines ends with its last line, whatever closes the frame.
    open_below = frame.open_below and cut is frame
    if cut is not frame:
        frame = cut
        inside = _by_slot(frame, pieces, text)
    xs, ys = frame.xs, frame.ys
    rows: list[list[CellDraft]] = [[] for _ in range(frame.rows)]
    for slot, content in zip(frame.slots, inside, strict=True):
        row, column, rowspan, colspan = slot
        left, right = xs[column], xs[column + colspan]
        box = (left, ys[row], right, ys[row + rowspan])
        if len(content) > 1:
            lines = [to_line(line) for line in group_lines(content)]
            cell = CellDraft(joined(lines, left, right), column, colspan, rowspan, box, lines)
        elif content:
            line = to_line(content)
            cell = CellDraft(line.text, column, colspan, rowspan, box, (line,))
        else:
            cell = CellDraft("", column, colspan, rowspan, box)
        rows[row].append(cell)
    return GridDraft(xs, ys[0], ys[-1], rows, open_below=open_below)


def _by_slot(frame: Frame, pieces: list[Piece], text: PageText) -> list[list[Piece]]:
    inside: list[list[Piece]] = [[] for _ in frame.slots]
    column_at = frame.column_at
    for piece in pieces:
        left, top, right, bottom, run, _ = piece
        owner = frame.owner[frame.row_at((top + bottom) / 2)]
        inset = min((bottom - top) * _INSET, (right - left) / 2)
        first, last = owner[column_at(left + inset)], owner[column_at(right - inset)]
        if first == last:
            inside[first].append(piece)
        elif is_amount(run):
            # One amount wider than its cell is still one amount: it belongs where its middle lies.
            inside[owner[column_at((left + right) / 2)]].append(piece)
        else:
            parts = text.split(piece, lambda x, owner=owner: owner[column_at(x)])  # type: ignore[misc]
            if _overflows(parts):
                parts = [(max(parts, key=lambda part: len(part[1].text))[0], piece)]
            for index, part in parts:
                inside[index].append(part)
    return inside


def _overflows(parts: list[tuple[int, Piece]]) -> bool:
    """Whether a run over a ruling is one name that is a little too long for its cell.

    Two names in neighbouring cells leave a gap at the ruling, or both are of some length.
    """
    if len(parts) != 2:
        return False
    left, right = parts[0][1], parts[1][1]
    shorter, longer = sorted((len(left.text), len(right.text)))
    return (
        shorter <= _OVERFLOW
        and longer >= 2 * shorter
        and longer > _OVERFLOW
        and is_wide(left.text[-1])
        and is_wide(right.text[0])
        and right.left - left.right < (right.bottom - right.top) * _TOUCHING
    )


def _cut_rows(frame: Frame, inside: list[list[Piece]]) -> Frame:
    """The table with rows of several values cut at their printed lines.

    Some tables rule only the columns and the header: then all values of a column stand in one field.
    """
    cuts: dict[int, list[float]] = {}
    by_row: dict[int, list[int]] = {}
    for index, slot in enumerate(frame.slots):
        if slot.rowspan == 1 and len(inside[index]) > 1:
            by_row.setdefault(slot.row, []).append(index)
    for row, indices in by_row.items():
        if len(indices) < _CELLS_THAT_CUT:
            continue
        columns = []
        for index in indices:
            slot = frame.slots[index]
            left, right = frame.xs[slot.column], frame.xs[slot.column + slot.colspan]
            columns.append(values([to_line(line) for line in group_lines(inside[index])], left, right))
        fullest = max(columns, key=len)
        # Numbers that a narrow column wraps are one value each: only whole values side by side are rows.
        if len(fullest) > 1 and sum(len(column) == len(fullest) for column in columns) >= _CELLS_THAT_CUT:
            cuts[row] = [(a[-1].bottom + b[0].top) / 2 for a, b in itertools.pairwise(fullest)]
    return _with_cuts(frame, cuts) if cuts else frame


def _with_cuts(frame: Frame, cuts: dict[int, list[float]]) -> Frame:
    ys = [frame.ys[0]]
    begins: list[int] = []  # the new row at which each old row begins
    for row in range(frame.rows):
        begins.append(len(ys) - 1)
        ys.extend(cuts.get(row, ()))
        ys.append(frame.ys[row + 1])
    begins.append(len(ys) - 1)
    slots: list[Slot] = []
    for slot in frame.slots:
        first, end = begins[slot.row], begins[slot.row + slot.rowspan]
        if slot.rowspan == 1:
            slots.extend(Slot(row, slot.column, 1, slot.colspan) for row in range(first, end))
        else:
            slots.append(Slot(first, slot.column, end - first, slot.colspan))
    slots.sort()
    owner = [[-1] * frame.columns for _ in range(len(ys) - 1)]
    for index, slot in enumerate(slots):
        for row in range(slot.row, slot.row + slot.rowspan):
            owner[row][slot.column : slot.column + slot.colspan] = [index] * slot.colspan
    return Frame(frame.xs, ys, slots, owner, frame.open_below)
