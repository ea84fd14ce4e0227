"""From rulings to tables: edges, cells and their spans.

Rulings that touch form one table. Their positions are the edges of its columns and rows; two
neighbouring fields without a ruling between them belong to one cell.
"""

from bisect import bisect_left, bisect_right
from itertools import pairwise, permutations
from typing import NamedTuple

from zhengwu.reading.pdf_rulings import Ruling, merged

# Lines nearer than this are one edge: the two sides of neighbouring cells, a double frame.
SNAP = 3.0
# Lines of one table may miss each other by this at their crossings.
REACH = 3.0
# Horizontal rulings must stick out at least this far beyond the outermost vertical one (and the other
# way round) before the frame counts as left open there: narrower than any column of print.
_OVERHANG = 8.0
# Comparisons of horizontal with vertical rulings that a page may cost.
_MAX_CROSSINGS = 2_000_000
# Fields of one table: more is a chart on squared paper.
_MAX_FIELDS = 100_000


class Slot(NamedTuple):
    """A cell of a table as ruled: first row and column (0-based) and spans."""

    row: int
    column: int
    rowspan: int
    colspan: int


class Frame(NamedTuple):
    """A ruled table: the edges of its columns and rows as shown, in points, and its cells.

    ``slots`` run by row, then by column; ``owner[row][column]`` is the index of the slot that covers
    the field. ``open_below`` tells that the columns' rulings run on under the last ruling across.
    """

    xs: list[float]
    ys: list[float]
    slots: list[Slot]
    owner: list[list[int]]
    open_below: bool = False

    @property
    def columns(self) -> int:
        return len(self.xs) - 1

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the table."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def column_at(self, x: float) -> int:
        """The 0-based column of a horizontal position, held inside the table."""
        return min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)

    def row_at(self, y: float) -> int:
        """The 0-based row of a vertical position, held inside the table."""
        return min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)


class Frames(NamedTuple):
    """The tables of a page from top to bottom, the horizontal rulings that belong to none, and
    whether the page was given up because it has too many lines."""

    tables: list[Frame]
    loose: list[Ruling]
    given_up: bool


def page_frames(horizontal: list[Ruling], vertical: list[Ruling]) -> Frames:
    """The ruled tables among the rulings of one page."""
    across = merged(horizontal, SNAP, REACH)
    down = merged(vertical, SNAP, REACH)
    if len(across) * len(down) > _MAX_CROSSINGS:
        return Frames([], [], True)
    tables: list[Frame] = []
    groups, loose = _connected(across, down)
    for rows, columns in groups:
        frame = _frame(rows, columns)
        if frame is None:
            loose.extend(rows)
        else:
            tables.append(frame)
    tables.sort(key=lambda frame: (frame.ys[0], frame.xs[0]))
    loose.sort()
    return Frames(_outermost(tables), loose, False)


def _connected(
    across: list[Ruling], down: list[Ruling]
) -> tuple[list[tuple[list[Ruling], list[Ruling]]], list[Ruling]]:
    """Groups of rulings that touch, and the horizontal rulings that touch no vertical one."""
    parent = list(range(len(across)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    positions = [ruling.at for ruling in across]
    touched = [False] * len(across)
    hung: list[tuple[int, Ruling]] = []
    for ruling in down:
        first = -1
        low = bisect_left(positions, ruling.start - REACH)
        high = bisect_right(positions, ruling.end + REACH)
        for index in range(low, high):
            one = across[index]
            if one.start - REACH <= ruling.at <= one.end + REACH:
                touched[index] = True
                if first < 0:
                    first = index
                else:
                    parent[root(index)] = root(first)
        if first >= 0:
            hung.append((first, ruling))
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    loose = []
    for index, ruling in enumerate(across):
        if touched[index]:
            groups.setdefault(root(index), ([], []))[0].append(ruling)
        else:
            loose.append(ruling)
    for index, ruling in hung:
        groups[root(index)][1].append(ruling)
    return list(groups.values()), loose


def _edges(rulings: list[Ruling], low: float, high: float) -> list[float]:
    """The distinct positions of rulings, opened to ``low`` and ``high`` where no line closes them."""
    edges: list[float] = []
    for position in sorted(ruling.at for ruling in rulings):
        if not edges or position - edges[-1] > SNAP:
            edges.append(position)
    if edges[0] - low > _OVERHANG:
        edges.insert(0, low)
    if high - edges[-1] > _OVERHANG:
        edges.append(high)
    return edges


def _frame(across: list[Ruling], down: list[Ruling]) -> Frame | None:
    xs = _edges(down, min(one.start for one in across), max(one.end for one in across))
    ys = _edges(across, min(one.start for one in down), max(one.end for one in down))
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows > _MAX_FIELDS:
        return None
    # walls[row][column]: a ruling on the left side; floors: a ruling on the upper side.
    walls = [[False] * (columns + 1) for _ in range(rows)]
    floors = [[False] * columns for _ in range(rows + 1)]
    row_middles = [(a + b) / 2 for a, b in pairwise(ys)]
    column_middles = [(a + b) / 2 for a, b in pairwise(xs)]
    for ruling in down:
        edge = _nearest(xs, ruling.at)
        for row in range(bisect_left(row_middles, ruling.start), bisect_right(row_middles, ruling.end)):
            walls[row][edge] = True
    for ruling in across:
        edge = _nearest(ys, ruling.at)
        floor = floors[edge]
        for column in range(bisect_left(column_middles, ruling.start), bisect_right(column_middles, ruling.end)):
            floor[column] = True
    slots, owner = _slots(rows, columns, walls, floors)
    return Frame(xs, ys, slots, owner, not any(floors[-1]))


def _nearest(edges: list[float], position: float) -> int:
    index = bisect_left(edges, position)
    if index == len(edges) or (index and position - edges[index - 1] < edges[index] - position):
        return index - 1
    return index


def _slots(
    rows: int, columns: int, walls: list[list[bool]], floors: list[list[bool]]
) -> tuple[list[Slot], list[list[int]]]:
    """Cells as the largest rectangles, from the top left, that no ruling crosses."""
    owner = [[-1] * columns for _ in range(rows)]
    slots: list[Slot] = []
    for row in range(rows):
        mine = owner[row]
        wall = walls[row]
        for column in range(columns):
            if mine[column] >= 0:
                continue
            right = column + 1
            while right < columns and not wall[right] and mine[right] < 0:
                right += 1
            below = row + 1
            while below < rows and _open_below(below, column, right, walls, floors, owner):
                below += 1
            index = len(slots)
            slots.append(Slot(row, column, below - row, right - column))
            for line in range(row, below):
                owner[line][column:right] = [index] * (right - column)
    return slots, owner


def _open_below(
    row: int,
    column: int,
    right: int,
    walls: list[list[bool]],
    floors: list[list[bool]],
    owner: list[list[int]],
) -> bool:
    """Whether the fields of ``row`` from ``column`` to ``right`` belong to the cell above them."""
    return not (
        any(floors[row][column:right])
        or any(walls[row][column + 1 : right])
        or any(index >= 0 for index in owner[row][column:right])
    )


def _outermost(tables: list[Frame]) -> list[Frame]:
    """Without frames of one column, and with one table where one lies inside a cell of another.

    A frame of one single cell is no table: what it frames stands for itself. Of two tables one in the
    other, the one with more cells is kept: either a cell holds a small sketch, or a page is framed.
    """
    tables = [frame for frame in tables if frame.columns > 1]
    dropped: set[int] = set()
    for outer, inner in permutations(tables, 2):
        if _contains(outer, inner):
            dropped.add(id(inner if len(outer.slots) >= len(inner.slots) else outer))
    return [frame for frame in tables if id(frame) not in dropped]


def _contains(outer: Frame, inner: Frame) -> bool:
    return (
        outer.xs[0] <= inner.xs[0]
        and outer.xs[-1] >= inner.xs[-1]
        and outer.ys[0] <= inner.ys[0]
        and outer.ys[-1] >= inner.ys[-1]
    )
