"""The visible characters of a PDF page, as pieces: runs of characters without a blank.

Only the first and the last character of a run are asked for their boxes; a run that crosses an edge
(of the page, of its clip, of a table cell) is opened into its characters.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from zhengwu.model.document import Box
from zhengwu.reading import pdf_native as native
from zhengwu.reading.pdf_view import View

_RUN = re.compile(r"[^\s\x00]+")
# PDFium's marks for a hyphen at the end of a line, in the text of a page and of a single character.
_HYPHENS = ("\ufffe", "\x02")
_STROKED_MODE = 2
_INVISIBLE_MODES = frozenset((3, 7))  # text rendering modes that paint nothing (ISO 32000-1, table 106)

# A fill with each channel (of 255) at least so light is white: no ink on paper.
_WHITE = 252
_QUARTER = math.pi / 2
# Text that deviates by more than this share of a quarter turn is set aslant.
_SLANT = 0.06
# So many runs tell which way a page is set.
_ANGLE_SAMPLE = 12

# A character belongs to the run on its left when it starts within this many heights of its end.
_RUN_GAP = 0.6
# A run narrower than this share of its count times its narrowest end holds characters drawn over
# each other, or jumps back: look at each character.
_PLAUSIBLE_WIDTH = 0.7
# The same text this near to itself (in heights) is one text drawn twice: a bold face imitated.
_DOUBLE_DISTANCE = 0.25
_SQUARE = 4.0  # points
# A loose box flatter than this is a font without ascent and descent: take the ink's own box.
_MINIMUM_HEIGHT = 0.5
# Ink may touch its clip; a character counts as hidden when its centre is out by more than this.
_CLIP_SLACK = 0.5


class Piece(NamedTuple):
    """Characters printed one after the other: their box as shown, in points, and their text.

    ``start`` is the index of the first character in the page's text, of which ``text`` is a slice.
    """

    left: float
    top: float
    right: float
    bottom: float
    text: str
    start: int


class Pieces(NamedTuple):
    """The pieces of a page, and the text set aslant across it (a watermark), which is no part of it."""

    upright: list[Piece]
    slanted: str


class PageText:
    """The text layer of one open page. Usable only while the page is open."""

    def __init__(self, page: int, view: View) -> None:
        self._page = page
        self._view = view
        self._clips: dict[tuple[int, ...], Box | None] = {}
        self._own_objects: frozenset[int] | None = None
        self._handle: int = native.load_text(page) or 0
        text = native.page_text(self._handle) if self._handle else ""
        for mark in _HYPHENS:
            text = text.replace(mark, "-")
        self.text: str = text
        self.unmapped: int = self.text.count("\0")

    def turn(self, view: View) -> None:
        """Give boxes as seen in another view of the page."""
        self._view = view
        self._clips.clear()

    def close(self) -> None:
        """Give the text page back."""
        if self._handle:
            native.close_text(self._handle)
            self._handle = 0

    def quarter_turns(self) -> int:
        """How many quarter turns counterclockwise most of the text stands, in the page's own
        coordinates: a wide table is often set sideways on an upright page."""
        runs = [match.start() for match in _RUN.finditer(self.text)]
        sample = runs[:: len(runs) // _ANGLE_SAMPLE + 1]
        turns = Counter(round(self._angle(index) / _QUARTER) % 4 for index in sample)
        return max(turns, key=lambda turn: turns[turn], default=0)

    def pieces(self, pictures: list[Box], shades: list[Box]) -> Pieces:
        """All pieces the page shows, in the order of the content stream.

        ``pictures`` and ``shades`` are boxes of pictures and of dark areas: over a picture, text in an
        invisible rendering mode is the text recognised from it; white text shows only over either.
        """
        width, height = self._view.width, self._view.height
        found: list[Piece] = []
        slanted: list[str] = []
        for match in _RUN.finditer(self.text):
            start, end = match.span()
            drawn = native.text_object(self._handle, start)
            first = self.box(start)
            last = self.box(end - 1) if end - start > 1 else first
            if drawn and not self._painted(drawn, first, pictures, shades):
                continue
            angle = self._angle(start)
            if abs(angle / _QUARTER - round(angle / _QUARTER)) > _SLANT:
                slanted.append(match.group())
                continue
            piece = Piece(first[0], min(first[1], last[1]), last[2], max(first[3], last[3]), match.group(), start)
            clip = self._clip(drawn) if drawn else None
            if (
                _plausible(first, last, end - start)
                and piece.left >= 0
                and piece.top >= 0
                and piece.right <= width
                and piece.bottom <= height
                and (clip is None or _inside(piece, clip) or not self._on_page(drawn))
            ):
                found.append(piece)
            else:
                found.extend(self._visible_runs(start, end))
        return Pieces(_without_doubles(found), "".join(slanted))

    def _angle(self, index: int) -> float:
        """The direction of writing in radians counterclockwise, in the page's own coordinates.

        Not PDFium's own angle of a character, which takes a slanted face for slanted writing.
        """
        if not native.character_matrix(self._handle, index, native.MATRIX_AT):
            return 0.0
        return math.atan2(native.MATRIX.b, native.MATRIX.a)

    def _painted(self, drawn: int, box: Box, pictures: list[Box], shades: list[Box]) -> bool:
        """Whether a text object leaves ink that can be seen."""
        mode = native.render_mode(drawn)
        if mode in _INVISIBLE_MODES:
            return bool(pictures)
        if not _is_white(drawn, native.fill_color) or (
            mode == _STROKED_MODE and not _is_white(drawn, native.stroke_color)
        ):
            return True
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(one[0] <= x <= one[2] and one[1] <= y <= one[3] for one in (*pictures, *shades))

    def box(self, index: int) -> Box:
        """The box of one character as shown: advance width by font height, in points."""
        native.loose_box(self._handle, index, native.RECTANGLE_AT)
        found = native.RECTANGLE
        left, bottom, right, top = found.left, found.bottom, found.right, found.top
        if top - bottom < _MINIMUM_HEIGHT or right <= left:
            at = native.DOUBLES_AT
            native.tight_box(self._handle, index, at[0], at[1], at[2], at[3])
            left, right, bottom, top = native.DOUBLES
        view = self._view
        if view.rotation == 0:  # spares the call for nearly all pages
            return (left - view.left, view.top - top, right - view.left, view.top - bottom)
        return view.box(left, bottom, right, top)

    def split(self, piece: Piece, key: Callable[[float], int]) -> list[tuple[int, Piece]]:
        """A piece cut where ``key`` of a character's horizontal centre changes, with the keys."""
        parts: list[tuple[int, Piece]] = []
        for offset, character in enumerate(piece.text):
            left, top, right, bottom = self.box(piece.start + offset)
            where = key((left + right) / 2)
            if parts and parts[-1][0] == where:
                before = parts[-1][1]
                parts[-1] = (where, _extended(before, (left, top, right, bottom), character))
            else:
                parts.append((where, Piece(left, top, right, bottom, character, piece.start + offset)))
        return parts

    def _visible_runs(self, start: int, end: int) -> Iterable[Piece]:
        """The characters of a run that the page shows, as runs of neighbours on one base line."""
        width, height = self._view.width, self._view.height
        shown: list[Piece] = []
        for index in range(start, end):
            left, top, right, bottom = self.box(index)
            x, y = (left + right) / 2, (top + bottom) / 2
            if not (0 <= x <= width and 0 <= y <= height):
                continue
            drawn = native.text_object(self._handle, index)
            clip = self._clip(drawn) if drawn else None
            if (
                clip is not None
                and not (
                    clip[0] - _CLIP_SLACK <= x <= clip[2] + _CLIP_SLACK
                    and clip[1] - _CLIP_SLACK <= y <= clip[3] + _CLIP_SLACK
                )
                and self._on_page(drawn)
            ):
                continue
            shown.append(Piece(left, top, right, bottom, self.text[index], index))
        runs: list[Piece] = []
        for piece in _without_doubles(shown):
            before = runs[-1] if runs else None
            if before is not None and before.start + len(before.text) == piece.start and _follows(before, piece):
                runs[-1] = _extended(before, piece[:4], piece.text)
            else:
                runs.append(piece)
        return runs

    def _clip(self, drawn: int) -> Box | None:
        """The box as shown that a text object is clipped to; None without a clip."""
        clip = native.clip_path(drawn)
        count = native.clip_count(clip) if clip else 0
        if count <= 0:
            return None
        # The segments are shared between all objects drawn under one clip: their addresses name it.
        segment = native.clip_segment
        name = tuple([segment(clip, index, 0) or 0 for index in range(count)])
        if name not in self._clips:
            self._clips[name] = self._clip_box(clip, count)
        return self._clips[name]

    def _on_page(self, drawn: int) -> bool:
        """Whether an object stands on the page itself: inside a form its clip is in the form's own
        coordinates and tells nothing here."""
        if self._own_objects is None:
            page, get = self._page, native.get_object
            self._own_objects = frozenset([get(page, index) for index in range(native.count_objects(page))])
        return drawn in self._own_objects

    def _clip_box(self, clip: int, count: int) -> Box | None:
        lefts, bottoms, rights, tops = [], [], [], []
        x_at, y_at = native.FLOATS_AT[:2]
        for path in range(count):
            points = []
            for index in range(native.clip_segment_count(clip, path)):
                native.segment_point(native.clip_segment(clip, path, index), x_at, y_at)
                points.append((native.FLOATS[0], native.FLOATS[1]))
            if not points:
                continue
            lefts.append(min(x for x, _ in points))
            rights.append(max(x for x, _ in points))
            bottoms.append(min(y for _, y in points))
            tops.append(max(y for _, y in points))
        if not lefts:
            return None
        return self._view.box(max(lefts), max(bottoms), min(rights), min(tops))


def _is_white(drawn: int, ask: Callable[..., int]) -> bool:
    """Whether an object is filled or stroked (as ``ask`` tells) in white, or in no colour at all."""
    at, color = native.NUMBERS_AT, native.NUMBERS
    if not ask(drawn, at[0], at[1], at[2], at[3]):
        return False
    return not color[3] or min(color[0], color[1], color[2]) >= _WHITE


def _plausible(first: Box, last: Box, count: int) -> bool:
    """Whether the two end boxes can be those of ``count`` characters in one straight run."""
    if count == 1:
        return True
    if last[1] >= first[3] or first[1] >= last[3] or last[0] < first[0]:
        return False
    narrowest = min(first[2] - first[0], last[2] - last[0])
    return last[2] - first[0] >= count * narrowest * _PLAUSIBLE_WIDTH


def _inside(piece: Piece, clip: Box) -> bool:
    half = (piece.bottom - piece.top) / 2  # a character is shown when its centre is
    return (
        piece.left >= clip[0] - half / 2
        and piece.right <= clip[2] + half / 2
        and piece.top + half >= clip[1] - _CLIP_SLACK
        and piece.bottom - half <= clip[3] + _CLIP_SLACK
    )


def _follows(before: Piece, piece: Piece) -> bool:
    middle = (piece.top + piece.bottom) / 2
    reach = (before.bottom - before.top) * _RUN_GAP
    return before.top <= middle <= before.bottom and -reach <= piece.left - before.right <= reach


def _extended(before: Piece, box: tuple[float, ...], text: str) -> Piece:
    return Piece(
        min(before.left, box[0]),
        min(before.top, box[1]),
        max(before.right, box[2]),
        max(before.bottom, box[3]),
        before.text + text,
        before.start,
    )


def _without_doubles(pieces: list[Piece]) -> list[Piece]:
    """The pieces without those that repeat the same text at the same place."""
    texts: set[str] = set()
    places: dict[tuple[str, int, int], list[Piece]] = {}
    kept: list[Piece] = []
    for piece in pieces:
        left, top, _, bottom, text, _ = piece
        # Small squares of the page keep this quick where thousands of cells print the same number.
        x, y = int(left / _SQUARE), int(top / _SQUARE)
        if text in texts:
            near = min((bottom - top) * _DOUBLE_DISTANCE, _SQUARE)
            around = [
                one
                for column in (x - 1, x, x + 1)
                for row in (y - 1, y, y + 1)
                for one in places.get((text, column, row), ())
            ]
            if any(abs(one.left - left) < near and abs(one.top - top) < near for one in around):
                continue
        texts.add(text)
        places.setdefault((text, x, y), []).append(piece)
        kept.append(piece)
    return kept
