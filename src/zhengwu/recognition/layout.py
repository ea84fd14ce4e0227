"""Grids lined up: every cell at its column, also where the format does not tell which cells are merged."""

from collections import Counter
from collections.abc import Sequence

from zhengwu.model.document import Cell, Grid
from zhengwu.recognition.words import is_total, number_in, squeeze

Line = list[Cell | None]  # cells at their columns; None where nothing begins

_BEGINS_GROUP = ("项目", "科目编码", "科目代码", "功能分类科目", "类", "序号")
_DERIVED = ("增减", "增加", "变动", "增长")


def column_count(grid: Grid) -> int:
    """How many columns a grid has: with known spans the widest row, else the most common row length."""
    if not grid.rows:
        return 0
    if not grid.ragged:
        return max((_end_of(row) for row in grid.rows), default=0)
    lengths = Counter(len(row) for row in grid.rows if len(row) > 1)
    return max(lengths, key=lambda length: (lengths[length], length)) if lengths else 1


def _end_of(row: tuple[Cell, ...]) -> int:
    return max((cell.place.column or 1) - 1 + cell.colspan for cell in row) if row else 0


def lined_up(row: tuple[Cell, ...], width: int, ragged: bool, amounts: Sequence[int] = ()) -> Line:
    """A body row at its columns. ``amounts`` are the amount columns of the other rows.

    In a ragged row that is too short, texts are merged cells: what follows the last text stands at the
    right end, what follows an earlier one at the next amount columns. One that is too long has its first
    cells apart where the others have them merged.
    """
    line: Line = [None] * width
    if not ragged:
        for cell in row:
            column = (cell.place.column or 1) - 1
            if column < width:
                line[column] = cell
        return line
    row = _fitted(row, width)
    if len(row) == width:
        return list(row)
    texts = [n for n, cell in enumerate(row) if cell.text.strip() and number_in(cell.text) is None]
    last = texts[-1] if texts else 0
    column = 0
    for index, cell in enumerate(row[: last + 1]):
        if index in texts and index:
            column = max(column, width - (len(row) - index) - _stretch(row, last, width, index, amounts))
        elif index and amounts:
            column = next((n for n in amounts if n >= column), column)
        if column < width:
            line[column] = cell
        column += 1
    for index in range(last + 1, len(row)):
        line[width - len(row) + index] = row[index]
    return line


def _stretch(row: tuple[Cell, ...], last: int, width: int, index: int, amounts: Sequence[int]) -> int:
    """How many columns the merged text at ``index`` and those behind it take beyond one each: up to the
    first column that holds no amounts."""
    if index != last or not amounts:
        return 0
    spare = width - len(row)
    used = next((n for n in range(index, width) if n not in amounts and n - index <= spare), index) - index
    return spare - used


def _fitted(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """A ragged row with more cells than columns: its surplus leading cells count as one."""
    surplus = len(row) - width
    if surplus <= 0:
        return row
    lead = row[: surplus + 1]
    return (next((cell for cell in lead if cell.text.strip()), lead[0]), *row[surplus + 1 :])


def header_lines(rows: Sequence[tuple[Cell, ...]], width: int, ragged: bool) -> list[Line]:
    """Header rows with each cell repeated over all columns and rows it spans, so that column ``c`` reads
    its labels from the top down. Blank cells under a label are its continuation and stay blank."""
    if not rows:
        return []
    if ragged:
        return _ragged_header([_fitted(row, width) for row in rows], width)
    lines: list[Line] = [[None] * width for _ in rows]
    for index, row in enumerate(rows):
        for cell in row:
            column = (cell.place.column or 1) - 1
            for down in range(index, min(index + cell.rowspan, len(rows))):
                for right in range(column, min(column + cell.colspan, width)):
                    lines[down][right] = cell
    return lines


def _ragged_header(rows: list[tuple[Cell, ...]], width: int) -> list[Line]:
    """Infer the spans of header rows printed one cell a line.

    A cell merged downwards leaves a blank cell in the row below; a cell merged over columns stands over
    a run of filled cells. From the bottom row up, each row's cells are laid over the row below. A header
    that does not fit this way is not known: its columns stay without labels.
    """
    spans = [1] * len(rows[-1])
    if len(rows[-1]) < width and len(rows) == 1:
        spans[0] += width - len(rows[-1])
    if sum(spans) != width:
        return [[None] * width for _ in rows]
    lines = [_spread(rows[-1], spans, width)]
    below = rows[-1]
    for row in reversed(rows[:-1]):
        found = _spans_over(len(row), below, spans)
        if found is None:
            return [[None] * width for _ in rows]
        spans = found
        lines.append(_spread(row, spans, width))
        below = row
    return lines[::-1]


def _spread(row: tuple[Cell, ...], spans: list[int], width: int) -> Line:
    line: Line = []
    for cell, span in zip(row, spans, strict=False):
        line.extend([cell] * span)
    return (line + [None] * width)[:width]


def _spans_over(count: int, below: tuple[Cell, ...], spans_below: list[int]) -> list[int] | None:
    """How many columns each of ``count`` cells spans over the row below; None when they cannot stand so."""
    runs: list[tuple[bool, int, int]] = []  # filled?, begin, end in the row below
    for index, cell in enumerate(below):
        filled = bool(cell.text.strip())
        if runs and filled and runs[-1][0]:
            runs[-1] = (True, runs[-1][1], index + 1)
        else:
            runs.append((filled, index, index + 1))
    blanks = sum(1 for filled, _, _ in runs if not filled)
    groups = [_groups(below[begin:end]) for filled, begin, end in runs if filled]
    heads = _share_out(count - blanks, [len(group) for group in groups], [sum(group) for group in groups])
    if heads is None:
        return None
    spans: list[int] = []
    which = 0
    for filled, begin, _ in runs:
        if not filled:
            spans.append(spans_below[begin])
            continue
        at = begin
        for size in _cut(groups[which], heads[which]):
            spans.append(sum(spans_below[at : at + size]))
            at += size
        which += 1
    return spans


def _groups(cells: tuple[Cell, ...]) -> list[int]:
    """A run of labels cut where a new group of columns begins by its words: sizes of the groups."""
    texts = [squeeze(cell.text) for cell in cells]
    sizes: list[int] = []
    for index, text in enumerate(texts):
        begins = index > 0 and (
            text == texts[0]
            or (text in _BEGINS_GROUP and texts[index - 1] not in _BEGINS_GROUP)
            or (is_total(text) and not _is_label(texts[index - 1]) and index + 1 < len(texts))
            or (text.startswith(_DERIVED) and not texts[index - 1].startswith(_DERIVED))
        )
        if begins or not index:
            sizes.append(1)
        else:
            sizes[-1] += 1
    if len(sizes) == 1:  # codes and names under one head, amounts under another
        turn = next((n for n in range(1, len(texts)) if _is_label(texts[n - 1]) and not _is_label(texts[n])), 0)
        return [turn, len(texts) - turn] if turn else sizes
    return sizes


def _is_label(text: str) -> bool:
    """Whether a header cell stands over codes or names."""
    return text in _BEGINS_GROUP or text in ("款", "项") or text.endswith(("编码", "代码", "名称"))


def _cut(groups: list[int], heads: int) -> list[int]:
    """``heads`` sizes that the groups of a run make: as they are, together, or in equal shares."""
    total = sum(groups)
    if heads == len(groups):
        return groups
    if heads == 1:
        return [total]
    if heads < len(groups):  # the first groups stand alone, the rest belongs to the last head
        return [*groups[: heads - 1], sum(groups[heads - 1 :])]
    return [total * (n + 1) // heads - total * n // heads for n in range(heads)]


def _share_out(heads: int, groups: list[int], sizes: list[int]) -> list[int] | None:
    """Distribute ``heads`` parent cells over runs of filled cells: one each, then one for each further group
    of the run's words, the rest in equal shares. None when there are too few or too many."""
    if heads < len(sizes) or heads > sum(sizes):
        return None
    given = [1] * len(sizes)
    spare = heads - len(sizes)
    while spare > 0:
        index = max(
            (i for i in range(len(sizes)) if given[i] < sizes[i]),
            key=lambda i: (given[i] < groups[i], sizes[i] / given[i]),
        )
        given[index] += 1
        spare -= 1
    return given
