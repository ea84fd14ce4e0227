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

# Under the last ruling a table goes on while its lines are at most this many heights apart, if at
# least so many of them hold amounts.
_LINE_DISTANCE = 2.5
_OPEN_LINES = 2
# A line nearer to a line of amounts than this share of the distance of rows is part of that row.
_WRAPPED_SHARE = 0.8
# ... and than so many heights: rows are set wider than the lines of one name.
_WRAPPED_HEIGHTS = 1.4

_Extent = tuple[float, float]

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
        below: list[Piece] = []
        outside: list[Piece] = []
        for piece in pieces:
            y, x = (piece.top + piece.bottom) / 2, (piece.left + piece.right) / 2
            if top < y and left <= x <= right:
                (inside if y < bottom else below).append(piece)
            else:
                outside.append(piece)
        if not inside:
            continue
        lines = [_texts(line, _COLUMN_GAP) for line in group_lines(inside)]
        more, rest = _open_end(below, bottom)
        rules = [one.at for one in stack]
        if more:
            lines += more
            rules.append(max(text.bottom for text in more[-1]))
        if not any(_AMOUNT.fullmatch(text.text) for line in lines for text in line[1:]):
            continue
        grid = _grid(lines, rules, stack[0].start, stack[0].end)
        if grid is not None:
            grids.append(grid)
            pieces = outside + rest
    return grids, pieces


def _open_end(below: list[Piece], bottom: float) -> tuple[list[list[_Text]], list[Piece]]:
    """The lines under the last ruling that go on with its table, and the pieces that do not.

    On a page that its table overruns no ruling closes the table.
    """
    found: list[list[_Text]] = []
    taken: list[list[Piece]] = []
    rows = group_lines(below) if below else []
    for row in rows:
        line = _texts(row, _COLUMN_GAP)
        height = row[0].bottom - row[0].top
        end = found[-1][0].bottom if found else bottom
        if row[0].top - end > height * _LINE_DISTANCE:
            break
        found.append(line)
        taken.append(row)
    # The table ends with a line that has an amount, or with the end of a name beside it.
    while found and not (_is_anchor(found[-1]) or _ends_name(found)):
        found.pop()
        taken.pop()
    spread = sum(len(line) > 1 for line in found)
    if spread * 3 < len(found) or sum(_is_anchor(line) for line in found) < _OPEN_LINES:
        return [], below
    kept = {id(piece) for row in taken for piece in row}
    return found, [piece for piece in below if id(piece) not in kept]


def _ends_name(lines: list[list[_Text]]) -> bool:
    if len(lines) < 2 or len(lines[-1]) > 1 or not _is_anchor(lines[-2]):
        return False
    last = lines[-1][0]
    middle = (lines[-2][0].top + lines[-2][0].bottom) / 2
    return (last.top + last.bottom) / 2 - middle < (last.bottom - last.top) * _WRAPPED_HEIGHTS


def _is_anchor(line: list[_Text]) -> bool:
    return any(_AMOUNT.fullmatch(text.text) for text in line[1:])


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
            if abs(stack[0].start - ruling.start) <= _SAME_EXTENT and abs(stack[0].end - ruling.end) <= _SAME_EXTENT:
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


def _columns(body: list[list[_Text]], head: list[list[_Text]]) -> list[_Extent]:
    """The extents of the columns.

    The body speaks first, its lines with most texts before the others; a text over several columns
    makes none. A header that stands beside its column (numbers to the right, the header to the left)
    belongs to the nearest column without a header; else it is a column whose body is empty.
    """
    columns: list[_Extent] = []
    for line in sorted(body or head, key=len, reverse=True):
        for text in line:
            touched = [one for one in columns if one[0] < text.right and text.left < one[1]]
            if len(touched) == 1:
                _widen(columns, touched[0], text)
            elif not touched:
                columns.append((text.left, text.right))
    for line in head if body else ():
        beside = []
        claimed: set[_Extent] = set()
        for text in line:
            touched = [one for one in columns if one[0] < text.right and text.left < one[1]]
            if not touched:
                beside.append(text)
            elif len(touched) == 1:
                claimed.add(_widen(columns, touched[0], text))
            else:
                claimed.update(touched)
        for text in beside:
            near = _neighbours(columns, text)
            free = [one for one in near if one not in claimed]
            if free:
                nearest = min(free, key=lambda one, text=text: _distance(one, text))  # type: ignore[misc]
                claimed.add(_widen(columns, nearest, text))
            else:
                columns.append((text.left, text.right))
                claimed.add(columns[-1])
    return sorted(columns)


def _widen(columns: list[_Extent], column: _Extent, text: _Text) -> _Extent:
    """Let a column hold a text, unless it then ran into another column."""
    wider = (min(column[0], text.left), max(column[1], text.right))
    if any(one != column and one[0] < wider[1] and wider[0] < one[1] for one in columns):
        return column
    columns[columns.index(column)] = wider
    return wider


def _distance(column: _Extent, text: _Text) -> float:
    return max(column[0] - text.right, text.left - column[1])


def _neighbours(columns: list[_Extent], text: _Text) -> list[_Extent]:
    before = [one for one in columns if one[1] <= text.left]
    after = [one for one in columns if one[0] >= text.right]
    return [*([max(before)] if before else []), *([min(after)] if after else [])]


def _grid(lines: list[list[_Text]], rules: list[float], left: float, right: float) -> GridDraft | None:
    first = next((index for index, line in enumerate(lines) if _is_anchor(line)), 0)
    # Lines under the header's rule already belong to the first row, even above its amounts.
    while first and len(rules) > 1 and lines[first - 1][0].top > rules[1]:
        first -= 1
    columns = _columns(lines[first:], lines[:first])
    if len(columns) < 2 or len(lines) < 2:
        return None
    xs = [
        min(left, columns[0][0]),
        *((a[1] + b[0]) / 2 for a, b in itertools.pairwise(columns)),
        max(right, columns[-1][1]),
    ]
    bands = len(rules) - 1
    if bands > 1 and len(lines) <= bands * _LINES_A_BAND:
        ys = rules
    else:
        groups = [[line] for line in lines[:first]] + _row_groups(lines[first:])
        ys = [rules[0]]
        for a, b in itertools.pairwise(groups):
            ys.append((max(t.bottom for line in a for t in line) + min(t.top for line in b for t in line)) / 2)
        ys.append(rules[-1])
    rows: list[dict[tuple[int, int], str]] = [{} for _ in ys[1:]]
    for line in lines:
        for text in line:
            row = rows[min(max(bisect_right(ys, (text.top + text.bottom) / 2) - 1, 0), len(rows) - 1)]
            where = _column_of(xs, text.left, text.right, columns)
            row[where] = row.get(where, "") + text.text
    drafts = [_row(cells, xs, ys, index) for index, cells in enumerate(rows)]
    return GridDraft(xs, ys[0], ys[-1], drafts, ruled=False)


def _row_groups(lines: list[list[_Text]]) -> list[list[list[_Text]]]:
    """Printed lines by row: the lines of a wrapped name stand nearer to its amounts than rows do."""
    anchors = [index for index, line in enumerate(lines) if _is_anchor(line)]
    if len(anchors) < 2:
        return [[line] for line in lines]
    middles = [(line[0].top + line[0].bottom) / 2 for line in lines]
    pitch = min(middles[b] - middles[a] for a, b in itertools.pairwise(anchors))
    groups: dict[int, list[list[_Text]]] = {}
    for index, line in enumerate(lines):
        nearest = min(anchors, key=lambda anchor, index=index: abs(middles[anchor] - middles[index]))  # type: ignore[misc]
        reach = min(pitch * _WRAPPED_SHARE, (line[0].bottom - line[0].top) * _WRAPPED_HEIGHTS)
        near = len(line) == 1 and abs(middles[nearest] - middles[index]) < reach
        groups.setdefault(nearest if near or index in anchors else index, []).append(line)
    return [groups[key] for key in sorted(groups)]


def _column_of(xs: list[float], left: float, right: float, columns: list[_Extent]) -> tuple[int, int]:
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
