"""Flow: from the sources of income to the department, from there to the classes of expenditure.

All bands are drawn to one scale. Every node stands in a place as high as itself or its label, whichever is more, so
labels never meet however uneven the amounts are.
"""

from collections.abc import Sequence
from typing import NamedTuple

from zhengwu.publishing.chart_parts import (
    GREY,
    LINE,
    TINTS,
    WIDE,
    Box,
    Slice,
    broken,
    drawn,
    ems,
    nothing,
    number,
    pattern,
    rectangle,
    said,
    svg,
    text_at,
    wrapped,
)
from zhengwu.publishing.chart_words import CHINESE, Words, share_words

_MOST = 10  # nodes on a side; what is beyond goes together
_LEADING = 1.3
_GAP = 12.0


class Node(NamedTuple):
    """A source or a use as laid out: its bar, and the lines beside it."""

    piece: Slice
    box: Box
    label: tuple[str, ...]


class Band(NamedTuple):
    """A band of constant height from the right edge of one node to the left edge of the next."""

    x0: float
    y0: float
    x1: float
    y1: float
    height: float


class Layout(NamedTuple):
    """The picture's geometry: ``scale`` is height per 分."""

    sources: tuple[Node, ...]
    uses: tuple[Node, ...]
    centre: Box
    bands_in: tuple[Band, ...]
    bands_out: tuple[Band, ...]
    scale: float
    height: float


def layout(
    sources: Sequence[Slice], uses: Sequence[Slice], width: int, top: float = 0.0, words: Words = CHINESE
) -> Layout | None:
    """Where everything stands; None where no money flows."""
    left, right = _few(sources, words), _few(uses, words)
    income, outgo = (sum(one.amount for one in side) for side in (left, right))
    most = max(income, outgo)
    if not most:
        return None
    size = _size(width)
    label = _label_width(width)
    scale = (340.0 if width > 600 else 300.0) / most
    bar = 18.0 if width > 600 else 12.0
    in_labels, out_labels = _labels(left, label / size, words), _labels(right, label / size, words)
    heights = [_stack_height(side, labels, scale, size) for side, labels in ((left, in_labels), (right, out_labels))]
    height = max(*heights, most * scale)
    centre = Box((width - bar) / 2, top + (height - most * scale) / 2, bar, most * scale)
    ins = _nodes(left, in_labels, label + 6, bar, top + (height - heights[0]) / 2, scale, size)
    outs = _nodes(right, out_labels, width - label - 6 - bar, bar, top + (height - heights[1]) / 2, scale, size)
    bands_in, bands_out = [], []
    y = centre.y
    for node in ins:
        bands_in.append(Band(node.box.x + bar, node.box.y, centre.x, y, node.box.height))
        y += node.box.height
    y = centre.y
    for node in outs:
        bands_out.append(Band(centre.x + bar, y, node.box.x, node.box.y, node.box.height))
        y += node.box.height
    return Layout(tuple(ins), tuple(outs), centre, tuple(bands_in), tuple(bands_out), scale, top + height)


def _size(width: int) -> float:
    return 14.0 if width > 600 else 11.5


def _label_width(width: int) -> float:
    return 196.0 if width > 600 else 106.0


def _few(slices: Sequence[Slice], words: Words) -> list[Slice]:
    """The largest first, what is too much together at the end; 结转下年 is no expenditure and stands last, apart."""
    pieces = [one for one in drawn(slices) if one.name != words.carried]
    if len(pieces) > _MOST:
        rest = pieces[_MOST - 1 :]
        other = Slice(words.others.format(count=len(rest)), sum(one.amount for one in rest), tuple(rest))
        pieces = [*pieces[: _MOST - 1], other]
    return [*pieces, *(one for one in drawn(slices) if one.name == words.carried)]


def _labels(pieces: list[Slice], room: float, words: Words) -> list[tuple[str, ...]]:
    whole = sum(one.amount for one in pieces)
    labels = []
    for one in pieces:
        amount, share = words.amount(one.amount), share_words(one.amount, whole)
        figures = [f"{amount} {share}"] if ems(f"{amount} {share}") <= room else [amount, share]
        labels.append((*(wrapped(one.name, room) or broken(one.name, room)), *figures))
    return labels


def _slot(piece: Slice, label: tuple[str, ...], scale: float, size: float) -> float:
    return max(piece.amount * scale, len(label) * size * _LEADING)


def _stack_height(pieces: list[Slice], labels: list[tuple[str, ...]], scale: float, size: float) -> float:
    slots = [_slot(one, label, scale, size) for one, label in zip(pieces, labels, strict=True)]
    return sum(slots) + _GAP * (len(slots) - 1)


def _nodes(
    pieces: list[Slice], labels: list[tuple[str, ...]], x: float, bar: float, y: float, scale: float, size: float
) -> list[Node]:
    nodes = []
    for one, label in zip(pieces, labels, strict=True):
        slot = _slot(one, label, scale, size)
        height = one.amount * scale
        nodes.append(Node(one, Box(x, y + (slot - height) / 2, bar, height), label))
        y += slot + _GAP
    return nodes


def flow(
    sources: Sequence[Slice],
    centre: str,
    uses: Sequence[Slice],
    *,
    carried: int = 0,
    title: str,
    key: str = "flow",
    width: int = WIDE,
    words: Words = CHINESE,
) -> str:
    """Income by source, through ``centre`` (the unit's name), to expenditure by class, as SVG.

    Amounts are in 分. ``carried`` is 结转下年, drawn as a use of its own.
    """
    if carried > 0:
        uses = [*uses, Slice(words.carried, carried)]
    size = _size(width)
    room = (width - 8) / (size + 1) / 1.04
    name = wrapped(centre, room) or broken(centre, room)
    top = len(name) * (size + 1) * _LEADING + size * _LEADING + 12
    plan = layout(sources, uses, width, top, words)
    if plan is None:
        return nothing(key, width, title, words.no_money)
    hatch = f"{key}-{width}-carried"
    body = [f"<defs>{pattern(hatch, 1, GREY[0])}</defs>"]
    # The classes have the colours they have in the treemap; the sources have none, for they are no classes.
    for nodes, bands, tints in ((plan.sources, plan.bands_in, (GREY,)), (plan.uses, plan.bands_out, TINTS)):
        for place, (node, band) in enumerate(zip(nodes, bands, strict=True)):
            is_carried = node.piece.name == words.carried
            light, deep = (f"url(#{hatch})", GREY[1]) if is_carried else tints[place % len(tints)]
            tip = f"{node.piece.name} {words.amount(node.piece.amount)}"
            body += [_band(band, light), rectangle(node.box, deep, kind="node", tip=tip)]
    body.append(rectangle(plan.centre, "currentColor", stroke="currentColor", kind="node", tip=centre))
    middle = plan.centre.x + plan.centre.width / 2
    total = words.amount(max(sum(node.piece.amount for node in side) for side in (plan.sources, plan.uses)))
    for line, part in enumerate(name):
        body.append(text_at(middle, (size + 1) * (1 + line * _LEADING), part, size + 1, anchor="middle", bold=True))
    body.append(text_at(middle, top - 12, words.turnover.format(amount=total), size, anchor="middle"))
    for node in plan.sources:
        body += _label(node, node.box.x - 6, "end", size)
    for node in plan.uses:
        body += _label(node, node.box.x + node.box.width + 6, "", size)
    return svg(key, width, plan.height + 4, title, describe(sources, centre, uses, words), body)


def _band(band: Band, fill: str) -> str:
    """The band as a curve with level ends, its edges drawn so that the thinnest is seen."""
    middle = (band.x0 + band.x1) / 2
    x0, y0, x1, y1, xm = map(number, (band.x0, band.y0, band.x1, band.y1, middle))
    low0, low1 = number(band.y0 + band.height), number(band.y1 + band.height)
    return (
        f'<path class="band" d="M{x0} {y0}C{xm} {y0} {xm} {y1} {x1} {y1}V{low1}C{xm} {low1} {xm} {low0} {x0} {low0}Z" '
        f'fill="{fill}" stroke="{LINE}" stroke-width=".6"/>'
    )


def _label(node: Node, x: float, anchor: str, size: float) -> list[str]:
    """The node's lines, level with its middle."""
    height = len(node.label) * size * _LEADING
    y = node.box.y + node.box.height / 2 - height / 2 + size
    return [text_at(x, y + n * size * _LEADING, line, size, anchor=anchor) for n, line in enumerate(node.label)]


def describe(sources: Sequence[Slice], centre: str, uses: Sequence[Slice], words: Words = CHINESE) -> str:
    """The figures in words."""
    told = []
    for heading, pieces in ((words.income, drawn(sources)), (words.outgo, drawn(uses))):
        whole = sum(one.amount for one in pieces)
        parts = words.parts([said(one, whole, words) for one in pieces])
        told.append(f"{heading.format(centre=centre, amount=words.amount(whole))}{parts}{words.stop}")
    return "".join(told).strip()
