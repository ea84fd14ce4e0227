"""Treemap: expenditure by function. The area of a piece is its share of the whole, exactly.

A piece too small to be named is named under the picture, and several such become one piece 其他. That concerns the
picture only: the description and the table hold them all.
"""

from collections.abc import Sequence
from typing import NamedTuple

from zhengwu.publishing.chart_parts import (
    GREY,
    INK,
    TINTS,
    WIDE,
    Box,
    Slice,
    broken,
    drawn,
    ems,
    nothing,
    rectangle,
    said,
    svg,
    text_at,
    wrapped,
)
from zhengwu.publishing.chart_words import CHINESE, Words, share_words

_RATIO = 0.54  # height to width of a wide one
_NARROW_HEIGHT = 430.0
_READABLE = 2600.0  # px²: room for four characters and an amount
_MARGIN = 6.0
_LEADING = 1.28
_MAX_NOTES = 9
_BAND = 0.4  # of a class's height that its name may take
_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Tile(NamedTuple):
    """A piece as laid out."""

    box: Box
    piece: Slice


class Group(NamedTuple):
    """A class (类) as laid out, and its pieces (款 or 项)."""

    box: Box
    piece: Slice
    tiles: tuple[Tile, ...]


def squarified(amounts: Sequence[int], box: Box) -> list[Box]:
    """A box for each amount (above zero, descending), its area in proportion, near to a square.

    Bruls, Huizing, van Wijk: Squarified treemaps (2000).
    """
    boxes: list[Box] = []
    left = float(sum(amounts))
    x, y, width, height = box
    start = 0
    while start < len(amounts):
        short = min(width, height)
        area = width * height / left if left else 0.0
        end, total = start + 1, float(amounts[start])
        while end < len(amounts) and short > 0:
            more = total + amounts[end]
            if _worst(amounts[start], amounts[end], more, area, short) > _worst(
                amounts[start], amounts[end - 1], total, area, short
            ):
                break
            end, total = end + 1, more
        upright = width >= height
        depth = (width if upright else height) * (total / left if end < len(amounts) else 1.0)
        along = y if upright else x
        for amount in amounts[start:end]:
            length = short * amount / total
            boxes.append(Box(x, along, depth, length) if upright else Box(along, y, length, depth))
            along += length
        if upright:
            x, width = x + depth, max(width - depth, 0.0)
        else:
            y, height = y + depth, max(height - depth, 0.0)
        left -= total
        start = end
    return boxes


def _worst(largest: float, smallest: float, total: float, area: float, short: float) -> float:
    """The longest of the side ratios of a row of pieces that takes ``total`` along ``short``."""
    depth = total * area / short
    if not depth:
        return float("inf")
    sides = [short * amount / total / depth for amount in (largest, smallest)]
    return max(max(side, 1 / side) if side else float("inf") for side in sides)


def layout(slices: Sequence[Slice], frame: Box, words: Words = CHINESE) -> tuple[Group, ...]:
    """The classes and their pieces in the frame; what is too small to be named is put together as 其他."""
    whole = sum(one.amount for one in drawn(slices))
    if not whole:
        return ()
    per_area = whole / (frame.width * frame.height)
    classes = _gathered(slices, _READABLE * per_area, words)
    groups: list[Group] = []
    for one, box in zip(classes, squarified([c.amount for c in classes], frame), strict=True):
        children = _gathered(one.children, _READABLE * per_area, words)
        # Parts that do not add up would paint a wrong picture: then the class stays whole.
        if len(children) == 1 or sum(child.amount for child in children) != one.amount or _is_other(one, words):
            children = [one]
        boxes = squarified([child.amount for child in children], box)
        tiles = (Tile(place, child) for place, child in zip(boxes, children, strict=True))
        groups.append(Group(box, one, tuple(tiles)))
    return tuple(groups)


def _gathered(slices: Sequence[Slice], least: float, words: Words) -> list[Slice]:
    """The slices, those under ``least`` as one where there are several."""
    pieces = drawn(slices)
    small = [one for one in pieces if one.amount < least]
    if len(small) < 2:
        return pieces
    other = Slice(words.others.format(count=len(small)), sum(one.amount for one in small), tuple(small))
    # 其他 stands last, wherever its size would put it, unless that breaks the descending order of the layout.
    return sorted([*(one for one in pieces if one.amount >= least), other], key=lambda one: -one.amount)


def _is_other(one: Slice, words: Words) -> bool:
    return one.name == words.others.format(count=len(one.children))


def treemap(
    slices: Sequence[Slice], *, title: str, key: str = "treemap", width: int = WIDE, words: Words = CHINESE
) -> str:
    """Expenditure by function as SVG. ``slices`` are 类, their children 款 or 项, amounts in 分."""
    height = round(width * _RATIO) if width > 600 else _NARROW_HEIGHT
    frame = Box(1, 1, width - 2, height - 2)
    groups = layout(slices, frame, words)
    if not groups:
        return nothing(key, width, title, words.no_expenditure)
    whole = sum(group.piece.amount for group in groups)
    painter = _Painter(whole, width, words)
    for number, group in enumerate(groups):
        painter.group(group, GREY if _is_other(group.piece, words) else TINTS[number % len(TINTS)])
    notes = painter.notes(height + 8)
    return svg(key, width, painter.bottom, title, describe(slices, words), [*painter.body, *notes])


def describe(slices: Sequence[Slice], words: Words = CHINESE) -> str:
    """The figures in words."""
    pieces = drawn(slices)
    whole = sum(one.amount for one in pieces)
    sentences = [words.total.format(amount=words.amount(whole))]
    for one in pieces:
        children = [f"{child.name}{words.blank}{words.amount(child.amount)}" for child in drawn(one.children)]
        sentences.append(words.sentence(said(one, whole, words), words.comma.join(children)))
    return "".join(sentences).strip()


class _Painter:
    """Draws groups and collects what could not be named in its place."""

    def __init__(self, whole: int, width: int, words: Words) -> None:
        self.told = words
        self.whole = whole
        self.width = width
        self.sizes = (16.0, 14.0, 12.5) if width > 600 else (14.0, 12.5, 11.0)
        self.body: list[str] = []
        self.explained: list[str] = []
        self.too_small: list[str] = []
        self.marks = 0
        self.bottom = 0.0

    def words(self, one: Slice) -> tuple[str, str]:
        """Amount and share."""
        return self.told.amount(one.amount), share_words(one.amount, self.whole)

    def group(self, group: Group, tint: tuple[str, str]) -> None:
        """A class with its pieces, its name on a band over them. Where its name has no room it stays undivided."""
        band = self.band(group) if len(group.tiles) > 1 else None
        if band is None:
            self.tile(group.piece, group.box, tint[0])
            within = self.told.gap.join(child.name for child in drawn(group.piece.children))
            self.label(group.piece, group.box, within, bold=True)
        else:
            lines, size = band
            for tile in group.tiles:
                self.tile(tile.piece, tile.box, tint[0])
            room = len(lines) * size * _LEADING + _MARGIN
            self.body.append(rectangle(group.box._replace(height=room), tint[1], kind="band"))
            self.text(group.box, lines, size, len(lines))
            for tile in group.tiles:
                hidden = min(max(group.box.y + room - tile.box.y, 0.0), tile.box.height)
                self.label(tile.piece, tile.box.inside(0, hidden, 0, 0))
        self.body.append(rectangle(group.box, "none", stroke=INK, line=2, kind="class"))

    def tile(self, one: Slice, box: Box, fill: str) -> None:
        """The area of a piece."""
        tip = self.told.tip.format(**said(one, self.whole, self.told)._asdict())
        self.body.append(rectangle(box, GREY[0] if _is_other(one, self.told) else fill, kind="piece", tip=tip))

    def band(self, group: Group) -> tuple[list[str], float] | None:
        """The lines over a class; None where they would take much of it."""
        amount, share = self.words(group.piece)
        for size in self.sizes:
            room = _room(group.box, size, bold=True)
            name = wrapped(group.piece.name, room, 2) or []
            for lines in (
                [f"{group.piece.name} {amount} {share}"],
                [*name, f"{amount} {share}"],
                [f"{group.piece.name} {share}"],
                [*name, share],
            ):
                height = len(lines) * size * _LEADING + _MARGIN
                if name and max(map(ems, lines)) <= room and height <= group.box.height * _BAND:
                    return lines, size
        return None

    def label(self, one: Slice, box: Box, within: str = "", bold: bool = False) -> None:
        """Name, amount and share in the box, as much as goes in; else a number that is explained below.

        ``within`` are the parts of a class that is not divided: they stand under its name where there is room.
        """
        amount, share = self.words(one)
        if _is_other(one, self.told):
            inner = self.told.gap.join(f"{child.name} {self.told.amount(child.amount)}" for child in one.children)
            self.explained.append(
                f"{self.told.both.format(name=one.name, amount=amount, share=share)}{self.told.colon}{inner}"
            )
        for inner in (within, "") if within else ("",):
            for size in self.sizes:
                room = _room(box, size, bold)
                name, more = wrapped(one.name, room, 4), wrapped(inner, room, 3) if inner else []
                if not name or more is None:
                    continue
                for rest in ([f"{amount} {share}"], [amount, share]):
                    lines = [*name, *rest, *more]
                    height = len(lines) * size * _LEADING + 2 * _MARGIN
                    if height <= box.height and max(map(ems, lines)) <= room:
                        self.text(box, lines, size, len(name) if bold else 0)
                        return
        if _is_other(one, self.told):
            if min(box.width, box.height) >= 2.4 * self.sizes[-1]:
                self.body.append(
                    text_at(box.x + 3, box.y + self.sizes[-1] + 3, self.told.others_of, self.sizes[-1], fill=INK)
                )
            return
        words = self.told.small.format(name=one.name, amount=amount, share=share)
        if self.marks < len(_MARKS) and min(box.width, box.height) >= 18:
            mark = _MARKS[self.marks]
            self.marks += 1
            x, y = box.x + box.width / 2, box.y + box.height / 2 + 5
            self.body.append(text_at(x, y, mark, 14, fill=INK, anchor="middle"))
            self.explained.append(f"{mark} {words}")
        else:
            self.too_small.append(words)

    def text(self, box: Box, lines: list[str], size: float, bold: int) -> None:
        """Lines from the top left, the first ``bold`` of them bold."""
        for number, line in enumerate(lines):
            y = box.y + _MARGIN / 2 + size + number * size * _LEADING
            self.body.append(text_at(box.x + _MARGIN, y, line, size, fill=INK, bold=number < bold))

    def notes(self, top: float) -> list[str]:
        """What could not be named in its place, in words under the picture."""
        size = 13.0 if self.width > 600 else 12.0
        small = [self.told.too_small.format(names=self.told.gap.join(self.too_small))] if self.too_small else []
        lines = [line for note in [*self.explained, *small] for line in broken(note, self.width / size)]
        if len(lines) > _MAX_NOTES:
            lines = [*lines[: _MAX_NOTES - 1], self.told.more_below]
        self.bottom = top + len(lines) * size * 1.5 - (0 if lines else 8)
        return [text_at(1, top + size + n * size * 1.5, line, size) for n, line in enumerate(lines)]


def _room(box: Box, size: float, bold: bool) -> float:
    """How many em go into a line of the box; bold print is a little wider."""
    return (box.width - 2 * _MARGIN) / size / (1.04 if bold else 1.0)
