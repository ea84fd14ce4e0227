"""Grids lined up: every cell at its column, also where the format does not tell which cells are merged."""

from collections import Counter

from zhengwu.model.document import Cell, Grid

Line = list[Cell | None]  # cells at their columns; None where nothing begins


def column_count(grid: Grid) -> int:
    """How many columns a grid has: with known spans the widest row, else the most common row length."""
    if not grid.rows:
        return 0
    if not grid.ragged:
        return max((_end_of(row) for row in grid.rows), default=0)
    lengths = Counter(len(row) for row in grid.rows if len(row) > 1)
    return lengths.most_common(1)[0][0] if lengths else 1


def _end_of(row: tuple[Cell, ...]) -> int:
    return max((cell.place.column or 1) - 1 + cell.colspan for cell in row) if row else 0


def lined_up(row: tuple[Cell, ...], width: int, ragged: bool) -> Line:
    """A body row at its columns. A short ragged row has its first cell merged (the name of a total)."""
    line: Line = [None] * width
    if not ragged:
        for cell in row:
            column = (cell.place.column or 1) - 1
            if column < width:
                line[column] = cell
        return line
    gap = width - len(row)
    for index, cell in enumerate(row[:width]):
        line[index if index == 0 else index + max(gap, 0)] = cell
    return line


def header_lines(rows: list[tuple[Cell, ...]], width: int, ragged: bool) -> list[list[Cell | None]]:
    """Header rows with each cell repeated over all columns and rows it spans, so that column ``c`` reads
    its labels from the top down. Blank cells under a label are its continuation and stay blank."""
    if not rows:
        return []
    if ragged:
        return _ragged_header(rows, width)
    lines: list[list[Cell | None]] = [[None] * width for _ in rows]
    for index, row in enumerate(rows):
        for cell in row:
            column = (cell.place.column or 1) - 1
            for down in range(index, min(index + cell.rowspan, len(rows))):
                for right in range(column, min(column + cell.colspan, width)):
                    lines[down][right] = cell
    return lines


def _ragged_header(rows: list[tuple[Cell, ...]], width: int) -> list[list[Cell | None]]:
    """Infer the spans of header rows printed one cell a line.

    A cell merged downwards leaves a blank cell in the row below; a cell merged over columns stands over
    a run of filled cells. From the bottom row up, each row's cells are laid over the row below.
    """
    spans = [1] * len(rows[-1])
    if len(rows[-1]) < width and len(rows) == 1:
        spans[0] += width - len(rows[-1])
    lines = [_spread(rows[-1], spans, width)]
    below = rows[-1]
    for row in reversed(rows[:-1]):
        spans = _spans_over(len(row), below, spans)
        lines.append(_spread(row, spans, width))
        below = row
    return lines[::-1]


def _spread(row: tuple[Cell, ...], spans: list[int], width: int) -> list[Cell | None]:
    line: list[Cell | None] = []
    for cell, span in zip(row, spans, strict=False):
        line.extend([cell] * span)
    return (line + [None] * width)[:width]


def _spans_over(count: int, below: tuple[Cell, ...], spans_below: list[int]) -> list[int]:
    """How many columns each of ``count`` cells spans over the row below."""
    runs: list[tuple[bool, int, int]] = []  # filled?, begin, end in the row below
    for index, cell in enumerate(below):
        filled = bool(cell.text.strip())
        if runs and filled and runs[-1][0]:
            runs[-1] = (True, runs[-1][1], index + 1)
        else:
            runs.append((filled, index, index + 1))
    blanks = sum(1 for filled, _, _ in runs if not filled)
    filled_runs = [run for run in runs if run[0]]
    parents = _share_out(count - blanks, [end - begin for _, begin, end in filled_runs])
    spans: list[int] = []
    for filled, begin, end in runs:
        if not filled:
            spans.append(spans_below[begin])
            continue
        heads = parents.pop(0) if parents else 1
        size = end - begin
        for head in range(heads):
            first, last = begin + size * head // heads, begin + size * (head + 1) // heads
            spans.append(sum(spans_below[first:last]))
    return spans[:count] + [1] * max(0, count - len(spans))


def _share_out(heads: int, sizes: list[int]) -> list[int]:
    """Distribute ``heads`` parent cells over runs of filled cells: one each, the rest to the longest."""
    given = [1] * len(sizes)
    spare = heads - len(sizes)
    while spare > 0 and sizes:
        index = max(range(len(sizes)), key=lambda i: sizes[i] / given[i])
        given[index] += 1
        spare -= 1
    return given
