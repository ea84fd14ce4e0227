"""A row of a table that a page break cuts in two.

Programs that let a row run over a page break draw the border at the foot of the page all the same, so
that the two parts look like two rows. What tells them from rows is their text: the second part has no
code and no amount of its own, and what it has goes on where the first part had to stop.
"""

import re
from collections.abc import Sequence, Set

from zhengwu.reading.pdf_cells import CellDraft
from zhengwu.reading.pdf_lines import Line, lead_width
from zhengwu.reading.pdf_wraps import PADDING, between, is_numbered, is_value, number_runs_on

# Text in a cut row comes nearer to the row's end than in whole rows, by at least so many heights.
_CRAMPED = 0.2
# Widths that differ by less than this, in points, are equal.
_EQUAL = 0.5
# Cells that hold one of these hold nothing else: they never are the rest of a name.
_WHOLE_WORDS = frozenset(("无", "略", "合计", "总计", "小计", "其中", "其中：", "其中:"))
_SENTENCE_END = "。；：！？;:!?"
_CLOSING = "，。；：！？、）》〉」』】〕”’"

# A page whose tables end this many heights above their lowest on such a page had room for another line.
_ONE_LINE = 1.5
_BLANKS = re.compile(r"\s+")

Pair = tuple[CellDraft, CellDraft]


def room_below(row: Sequence[CellDraft]) -> float | None:
    """The blank between the lowest text of a row and the row's end, in points; None in a blank row."""
    rooms = [cell.box[3] - cell.lines[-1].bottom for cell in row if cell.lines and cell.rowspan == 1]
    return min(rooms, default=None)


def is_cramped(row: Sequence[CellDraft], usual: float) -> bool:
    """Whether the text of a row comes so near to its end as in none of the rows known to be whole.

    ``usual`` is the least room below the text of those rows.
    """
    room = room_below(row)
    if room is None:
        return False
    height = min(line.height for cell in row for line in cell.lines)
    return room < usual - height * _CRAMPED


def is_filled(left: float, cells: Sequence[CellDraft]) -> bool:
    """Whether no further line of these cells would fit into the ``left`` points of a page."""
    return left < _ONE_LINE * min((line.height for cell in cells for line in cell.lines), default=0.0)


def padding_of(cells: Sequence[CellDraft]) -> float:
    """The blank between text and rulings on both sides of a cell together, in points.

    It is twice the least that any line leaves on its left: where text is centred or numbers stand to
    the right, some name still begins at the left.
    """
    inset = min((line.left - cell.box[0] for cell in cells for line in cell.lines), default=PADDING)
    return min(max(2 * inset, 0.0), PADDING)


def goes_on(pairs: Sequence[Pair], known: Set[str], padding: float, *, filled: bool, cut: bool) -> bool:
    """Whether a row at the top of a page is the rest of the row at the foot of the page before.

    ``pairs`` are the cells of both, the first column first. ``known`` are texts of other cells of the
    table: a text found there is whole, however full its line is. ``filled`` tells that the page had no
    room for one more line; ``cut`` that the row at the foot does not end there, by its rulings or by
    the room below its text.
    """
    broken = going = stopped = moved = 0
    for index, (upper, lower) in enumerate(pairs):
        if not lower.text:
            continue
        if not lower.lines:
            return False
        if not upper.lines:
            # Lines that must stay together are carried over as a whole, but no row begins that way.
            if not index:
                return False
            moved += 1
        elif _number_goes_on(upper, lower):
            broken += 1
        elif _is_own_value(upper, lower, index):
            return False
        elif not known.isdisjoint((upper.text, lower.text)):
            stopped += 1
        elif _text_goes_on(upper, lower, padding):
            going += 1
        else:
            stopped += 1
        if stopped and not index and is_numbered(lower.lines[0].text):
            return False
    if not cut:
        return not (stopped or moved) and (broken > 0 or (going > 0 and filled))
    # The rest may also be no more than the blank under the text, or one further paragraph of a cell.
    return broken + going > 0 or not (stopped or moved) or (stopped == 1 and not moved and not pairs[0][1].text)


def _is_own_value(upper: CellDraft, lower: CellDraft, index: int) -> bool:
    """Whether the lower cell holds a code (in the first column) or an amount of its own.

    Other numbers, as shares and years, may be the next words of the upper cell.
    """
    if not is_value(lower.lines[0].text):
        return False
    if is_value(upper.lines[-1].text):
        return True
    value = lower.text.partition("\n")[0]
    return is_value(value) and (index == 0 or not (value.isdigit() or value[-1] in "%％"))


def joined_text(upper: CellDraft, lower: CellDraft) -> str:
    """The text of a cell whose two parts stand on two pages."""
    if not upper.lines or not lower.lines:
        return upper.text + lower.text
    if _number_goes_on(upper, lower):
        return upper.text + lower.text
    return upper.text + between(upper.lines[-1], lower.lines[0], upper.box[0], upper.box[2]) + lower.text


def _number_goes_on(upper: CellDraft, lower: CellDraft) -> bool:
    number = upper.text.rpartition("\n")[2]
    return number_runs_on(number, upper.lines[-1], lower.lines[0], upper.box[0], upper.box[2])


def _text_goes_on(upper: CellDraft, lower: CellDraft, padding: float) -> bool:
    """Whether the last line of a cell is full and in mid-sentence."""
    last, first = upper.lines[-1], lower.lines[0]
    if last.text[-1] in _SENTENCE_END or is_numbered(first.text) or is_value(last.text):
        return False
    if _BLANKS.sub("", lower.text) in _WHOLE_WORDS:
        return False
    lines = (*upper.lines, *lower.lines)
    if len(lines) > 2 and all(len(line.text) == 1 for line in lines):
        return True  # a label set from top to bottom
    # A closing sign at the end of a line may be set half wide, so that the line holds more than others can.
    capacity = max(_width(line) for line in ([one for one in lines if one.text[-1] not in _CLOSING] or lines))
    if len(upper.lines) == len(lower.lines) == 1:
        # No wrapped line shows how much a line holds.
        capacity = max(capacity, upper.box[2] - upper.box[0] - padding)
    return _width(last) + lead_width(first) > capacity + _EQUAL


def _width(line: Line) -> float:
    return line.right - line.left
