"""Tables without vertical rulings: columns found by the gaps between their texts."""

import itertools
import re
from bisect import bisect_right
from typing import NamedTuple

from zhengwu.reading.pdf_cells import CellDraft, GridDraft
from zhengwu.reading.pdf_characters import Piece
from zhengwu.reading.pdf_lines import group_lines, line_text
from zhengwu.reading.pdf_rulings import Ruling

# Rulings of one table begin and end at the same places, within this many points.
_SAME_EXTENT = 6.0
# Pieces nearer than this many heights are one text; columns stand farther apart.
_COLUMN_GAP = 0.9
# Without any ruling, columns must stand this many heights apart, over this many lines with amounts.
_UNRULED_GAP = 1.5
_UNRULED_LINES = 3
# Rulings part the rows when they leave at most this many printed lines for each band on average.
_LINES_A_BAND = 1.6

_AMOUNT = re.compile(r"[-−－]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%％]?|[-—]+")
_DECIMAL = re.compile(r"[-−－]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)[%％]?")


class _Text(NamedTuple):
    """Neighbouring pieces of one line, as one text of one column."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def between_rules(loose: list[Ruling], pieces: list[Piece]) -> tuple[list[GridDraft], list[Piece]]:
    """Tables ruled only across, and the pieces that belong to none.

    ``loose`` are the rulings that touch no vertical one, from top to bottom.
    """
    grids: list[GridDraft] = []
    for stack in _stacks(loose):
        top, bottom = stack[0].at, stack[-1].at
        left, right = stack[0].start - _SAME_EXTENT, stack[0].end + _SAME_EXTENT
        inside: list[Piece] = []
        outside: list[Piece] = []
        for piece in pieces:
            y, x = (piece.top + piece.bottom) / 2, (piece.left + piece.right) / 2
            (inside if top < y < bottom and left <= x <= right else outside).append(piece)
        if not inside:
            continue
        lines = [_texts(line, _COLUMN_GAP) for line in group_lines(inside)]
        if not any(_AMOUNT.fullmatch(text.text) for line in lines for text in line[1:]):
            continue
        grid = _grid(lines, [one.at for one in stack], stack[0].start, stack[0].end)
        if grid is not None:
            grids.append(grid)
            pieces = outside
    return grids, pieces


def without_rules(lines: list[list[Piece]]) -> tuple[list[GridDraft], list[list[Piece]]]:
    """Tables without any ruling, and the printed lines that belong to none.

    A table is at least three lines one after the other in two columns or more, with amounts to the
    right of the first column.
    """
    if len(lines) < _UNRULED_LINES:
        return [], lines
    grids: list[GridDraft] = []
    rest: list[list[Piece]] = []
    run: list[list[Piece]] = []

    def finish() -> None:
        texts = [_texts(line, _UNRULED_GAP) for line in run]
        amounts = sum(any(_DECIMAL.fullmatch(text.text) for text in line[1:]) for line in texts)
        grid = None
        if amounts >= _UNRULED_LINES:
            left = min(line[0].left for line in run)
            right = max(line[-1].right for line in run)
            grid = _grid(texts, [run[0][0].top - 1, run[-1][0].bottom + 1], left, right)
        if grid is None:
            rest.extend(run)
        else:
            grids.append(grid)
        run.clear()

    for line in lines:
        if len(line) > 1 and _has_gap(line):
            run.append(line)
        else:
            if run:
                finish()
            rest.append(line)
    if run:
        finish()
    return grids, rest


def _has_gap(line: list[Piece]) -> bool:
    return any(
        after.left - before.right > _UNRULED_GAP * (after.bottom - after.top)
        for before, after in itertools.pairwise(line)
    )


def _stacks(loose: list[Ruling]) -> list[list[Ruling]]:
    """Rulings of the same extent, two or more, from top to bottom."""
    stacks: list[list[Ruling]] = []
    for ruling in loose:
        for stack in stacks:
            if (
                abs(stack[0].start - ruling.start) <= _SAME_EXTENT
                and abs(stack[0].end - ruling.end) <= _SAME_EXTENT
            ):
                stack.append(ruling)
                break
        else:
            stacks.append([ruling])
    return [stack for stack in stacks if len(stack) > 1]


def _texts(line: list[Piece], gap: float) -> list[_Text]:
    groups: list[list[Piece]] = [[line[0]]]
    for before, piece in itertools.pairwise(line):
        height = min(before.bottom - before.top, piece.bottom - piece.top)
        numbers = _AMOUNT.fullmatch(before.text) and _AMOUNT.fullmatch(piece.text)
        if piece.left - before.right > height * gap or numbers:
            groups.append([piece])
        else:
            groups[-1].append(piece)
    return [
        _Text(
            group[0].left,
            min(piece.top for piece in group),
            max(piece.right for piece in group),
            max(piece.bottom for piece in group),
            line_text(group),
        )
        for group in groups
    ]


def _columns(lines: list[list[_Text]]) -> list[tuple[float, float]]:
    """The extents of the columns: lines with most texts speak first, texts over several columns not."""
    columns: list[tuple[float, float]] = []
    for line in sorted(lines, key=len, reverse=True):
        for text in line:
            touched = [one for one in columns if one[0] < text.right and text.left < one[1]]
            if len(touched) > 1:
                continue
            if touched:
                columns.remove(touched[0])
                columns.append((min(touched[0][0], text.left), max(touched[0][1], text.right)))
            elif len(line) > 1 or not columns:
                columns.append((text.left, text.right))
    return sorted(columns)


def _grid(lines: list[list[_Text]], rules: list[float], left: float, right: float) -> GridDraft | None:
    columns = _columns(lines)
    if len(columns) < 2 or len(lines) < 2:
        return None
    gaps = itertools.pairwise(columns)
    xs = [min(left, columns[0][0]), *((a[1] + b[0]) / 2 for a, b in gaps), max(right, columns[-1][1])]
    bands = len(rules) - 1
    if bands > 1 and len(lines) <= bands * _LINES_A_BAND:
        ys = rules
    else:
        ys = [rules[0]]
        ys += [(max(t.bottom for t in a) + min(t.top for t in b)) / 2 for a, b in itertools.pairwise(lines)]
        ys.append(rules[-1])
    rows: list[dict[tuple[int, int], str]] = [{} for _ in ys[1:]]
    for line in lines:
        for text in line:
            row = rows[min(max(bisect_right(ys, (text.top + text.bottom) / 2) - 1, 0), len(rows) - 1)]
            first = _column_of(xs, text.left, text.right, columns)
            row[first] = row.get(first, "") + text.text
    return GridDraft(xs, ys[0], ys[-1], [_row(cells, xs, ys, index) for index, cells in enumerate(rows)])


def _column_of(
    xs: list[float], left: float, right: float, columns: list[tuple[float, float]]
) -> tuple[int, int]:
    """The first column a text covers, and behind the last."""
    covered = [index for index, (start, end) in enumerate(columns) if start < right and left < end]
    if not covered:
        index = min(max(bisect_right(xs, (left + right) / 2) - 1, 0), len(columns) - 1)
        return index, index + 1
    return covered[0], covered[-1] + 1


def _row(cells: dict[tuple[int, int], str], xs: list[float], ys: list[float], index: int) -> list[CellDraft]:
    found: list[CellDraft] = []
    column = 0
    for (first, end), text in sorted(cells.items()):
        while column < first:
            found.append(CellDraft("", column, 1, 1, (xs[column], ys[index], xs[column + 1], ys[index + 1])))
            column += 1
        if first < column:  # two texts over each other: keep both
            last = found.pop()
            first, text = last.column, f"{last.text}\n{text}"
        found.append(CellDraft(text, first, end - first, 1, (xs[first], ys[index], xs[end], ys[index + 1])))
        column = max(column, end)
    while column < len(xs) - 1:
        found.append(CellDraft("", column, 1, 1, (xs[column], ys[index], xs[column + 1], ys[index + 1])))
        column += 1
    return found
