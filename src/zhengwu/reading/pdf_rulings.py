"""The rulings of a PDF page: horizontal and vertical lines among its path objects.

Producers draw them as strokes, as stroked rectangles, as thin filled rectangles (often one for each
edge of each cell), as many lines in one path, or as pictures one point thin; on the page or in a form.
"""

from collections.abc import Iterator
from itertools import pairwise, repeat
from typing import NamedTuple

from zhengwu.model.document import Box
from zhengwu.reading import pdf_native as native
from zhengwu.reading.pdf_view import View

# Above this many objects or segments a page is a drawing, not a table: its lines are given up.
MAX_OBJECTS = 200_000
MAX_SEGMENTS = 200_000
MAX_FORM_DEPTH = 12

# A line is at most this thick; a thicker shape must be a good deal longer than thick.
_MAX_THICKNESS = 5.0
_HAIRLINE = 1.5
_MIN_SLENDERNESS = 3.0
# Fills lighter than this (each channel, of 255) are the paper: cell backgrounds, not rulings.
_PAPER = 250
# A filled shape with no more segments than a rectangle has is a background, not a set of lines.
_RECTANGLE_SEGMENTS = 6
# A shape with more segments than a rectangle is a curve or an outline of a letter.
_OUTLINE_SEGMENTS = 8

_Matrix = tuple[float, float, float, float, float, float]


class Ruling(NamedTuple):
    """A line: its position across, and its extent along, in points as shown."""

    at: float
    start: float
    end: float


class Drawing(NamedTuple):
    """What the objects of a page other than text are.

    ``images`` and ``shades`` are the boxes of pictures and of filled areas that are not white.
    ``outlines`` counts shapes that may be letters turned into paths. ``overfull`` tells that there
    were too many objects to look for rulings. ``texts`` are the handles of the text objects, those of
    forms included.
    """

    horizontal: list[Ruling]
    vertical: list[Ruling]
    images: list[Box]
    shades: list[Box]
    texts: list[int]
    outlines: int
    overfull: bool


class _Overfull(Exception):  # noqa: N818 - it steers, it is no error
    """The page holds more shapes than a table can have."""


def page_drawing(page: int, view: View) -> Drawing:
    """Rulings, pictures and outlines of an open page."""
    drawing = Drawing([], [], [], [], [], 0, False)
    count = native.count_objects(page)
    if count > MAX_OBJECTS:
        return drawing._replace(overfull=True)
    objects = list(map(native.get_object, repeat(page), range(count)))
    kinds = list(map(native.object_type, objects))
    texts = drawing.texts
    text = native.TEXT_OBJECT
    if kinds.count(text) == count:
        texts += objects
        return drawing
    texts += [drawn for drawn, kind in zip(objects, kinds, strict=True) if kind == text]
    others = [drawn for drawn, kind in zip(objects, kinds, strict=True) if kind != text]
    collector = _Collector(view, drawing)
    try:
        for drawn in others:
            collector.add(drawn, None, 0)
    except _Overfull:
        return Drawing([], [], drawing.images, drawing.shades, texts, 0, True)
    return drawing._replace(outlines=collector.outlines)


class _Collector:
    """Adds objects to a drawing, and counts what they cost."""

    def __init__(self, view: View, drawing: Drawing) -> None:
        self._view = view
        self._drawing = drawing
        self._objects = 0
        self._segments = 0
        self.outlines = 0

    def add(self, drawn: int, matrix: _Matrix | None, depth: int) -> None:
        """One object; ``matrix`` leads from its form's coordinates to the page's."""
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise _Overfull
        kind = native.object_type(drawn)
        if kind == native.PATH_OBJECT:
            self._add_path(drawn, matrix)
        elif kind == native.IMAGE_OBJECT:
            box = self._bounds(drawn, matrix)
            if not self._add_thin(box):
                self._drawing.images.append(box)
        elif kind == native.FORM_OBJECT and depth < MAX_FORM_DEPTH:
            inner = _product(_matrix_of(drawn), matrix)
            for index in range(native.form_count(drawn)):
                child = native.form_object(drawn, index)
                if child:
                    self.add(child, inner, depth + 1)
        elif kind == native.TEXT_OBJECT:
            self._drawing.texts.append(drawn)

    def _bounds(self, drawn: int, matrix: _Matrix | None) -> Box:
        at = native.FLOATS_AT
        if not native.object_bounds(drawn, at[0], at[1], at[2], at[3]):
            return (0.0, 0.0, 0.0, 0.0)
        left, bottom, right, top = native.FLOATS
        if matrix is None:
            return self._view.box(left, bottom, right, top)
        return self._mapped_box([(left, bottom), (right, top), (left, top), (right, bottom)], matrix)

    def _mapped_box(self, points: list[tuple[float, float]], matrix: _Matrix | None) -> Box:
        if matrix is not None:
            a, b, c, d, e, f = matrix
            points = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
        xs = [x for x, _ in points]
        ys = [y for _, y in points]
        return self._view.box(min(xs), min(ys), max(xs), max(ys))

    def _add_thin(self, box: Box) -> bool:
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        if height <= width:
            if height > _MAX_THICKNESS or (height > _HAIRLINE and width < height * _MIN_SLENDERNESS):
                return False
            self._drawing.horizontal.append(Ruling((top + bottom) / 2, left, right))
            return True
        if width > _MAX_THICKNESS or (width > _HAIRLINE and height < width * _MIN_SLENDERNESS):
            return False
        self._drawing.vertical.append(Ruling((left + right) / 2, top, bottom))
        return True

    def _add_path(self, drawn: int, matrix: _Matrix | None) -> None:
        native.draw_mode(drawn, native.NUMBERS_AT[0], native.NUMBERS_AT[1])
        filled, stroked = native.NUMBERS[0], native.NUMBERS[1]
        if not filled and not stroked:
            return
        box = self._bounds(drawn, matrix)
        left, top, right, bottom = box
        if right < 0 or bottom < 0 or left > self._view.width or top > self._view.height:
            return
        thin = min(right - left, bottom - top) <= _MAX_THICKNESS
        if _is_paper(drawn, stroked=bool(stroked and not filled)) and not (filled and stroked):
            return
        if thin and self._add_thin(box):
            return
        count = native.count_segments(drawn)
        if filled and not thin:
            self._drawing.shades.append(box)
        if not stroked and count <= _RECTANGLE_SEGMENTS:
            return
        self._segments += max(count, 0)
        if self._segments > MAX_SEGMENTS:
            raise _Overfull
        inner = _product(_matrix_of(drawn), matrix)
        straight = True
        for points, lines in _subpaths(drawn, count):
            straight = straight and lines
            if not stroked:
                if lines:
                    self._add_thin(self._mapped_box(points, inner))
                continue
            if lines:
                for start, end in pairwise(points):
                    self._add_thin(self._mapped_box([start, end], inner))
        if not straight or count > _OUTLINE_SEGMENTS:
            self.outlines += 1


def _is_paper(drawn: int, *, stroked: bool) -> bool:
    at = native.NUMBERS_AT
    ask = native.stroke_color if stroked else native.fill_color
    if not ask(drawn, at[0], at[1], at[2], at[3]):
        return False
    red, green, blue, alpha = native.NUMBERS
    return alpha == 0 or (red >= _PAPER and green >= _PAPER and blue >= _PAPER)


def _subpaths(drawn: int, count: int) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The subpaths of a path: their points, closed where the path is, and whether all are lines."""
    x_at, y_at = native.FLOATS_AT[:2]
    points: list[tuple[float, float]] = []
    lines = True
    for index in range(count):
        segment = native.path_segment(drawn, index)
        if not segment:
            continue
        kind = native.segment_type(segment)
        native.segment_point(segment, x_at, y_at)
        if kind == native.MOVE_SEGMENT:
            if len(points) > 1:
                yield points, lines
            points, lines = [], True
        elif kind != native.LINE_SEGMENT:
            lines = False
        points.append((native.FLOATS[0], native.FLOATS[1]))
        if native.segment_closes(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points, lines


def _matrix_of(drawn: int) -> _Matrix:
    if not native.object_matrix(drawn, native.MATRIX_AT):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    found = native.MATRIX
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _product(inner: _Matrix, outer: _Matrix | None) -> _Matrix:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def merged(rulings: list[Ruling], snap: float, reach: float) -> list[Ruling]:
    """Rulings on one line become one: positions within ``snap``, gaps up to ``reach``, in points.

    Returns them by position, then by start.
    """
    lines: list[list[Ruling]] = []
    for ruling in sorted(rulings):
        # Against the first of the line, so that a row of near lines does not run on without end.
        if lines and ruling.at - lines[-1][0].at <= snap:
            lines[-1].append(ruling)
        else:
            lines.append([ruling])
    found: list[Ruling] = []
    for line in lines:
        at = sum(ruling.at for ruling in line) / len(line)
        line.sort(key=lambda ruling: ruling.start)
        _, start, end = line[0]
        for ruling in line:
            if ruling.start > end + reach:
                found.append(Ruling(at, start, end))
                start, end = ruling.start, ruling.end
            elif ruling.end > end:
                end = ruling.end
        found.append(Ruling(at, start, end))
    return found
