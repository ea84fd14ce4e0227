"""Bars: what expenditure is for (basic, project, other natures), and this year against last."""

from collections.abc import Sequence

from zhengwu.publishing.chart_parts import (
    GREY,
    INK,
    TINTS,
    WIDE,
    Box,
    Change,
    Slice,
    broken,
    drawn,
    ems,
    nothing,
    pattern,
    rectangle,
    said,
    svg,
    text_at,
)
from zhengwu.publishing.chart_words import CHINESE, Words, share_words

_BAR = 52.0
_SMALL = 50  # an amount under a fiftieth of the largest gets a scale of its own


def natures(
    slices: Sequence[Slice], *, title: str, key: str = "natures", width: int = WIDE, words: Words = CHINESE
) -> str:
    """One bar of all expenditure as SVG. ``slices`` are natures in 分 (基本支出, 项目支出, …); those with children
    (人员经费, 公用经费) are drawn as their children, under a bracket of their own."""
    parts = [one for one in slices if one.amount > 0]
    whole = sum(one.amount for one in parts)
    if not whole:
        return nothing(key, width, title, words.no_expenditure)
    size = 14.0 if width > 600 else 12.0
    bar = Box(1, size * 2.4 + 12, width - 2, _BAR)
    defs: list[str] = []
    body: list[str] = []
    legend: list[tuple[str, Slice, int]] = []  # fill, slice, level
    x = bar.x
    for one in parts:
        inner = _children(one)
        if inner:
            legend.append(("", one, 0))
        start = x
        for piece in inner or [one]:
            index = len(defs)
            name = f"{key}-{width}-{index}"
            tint = TINTS[index % len(TINTS)][0]
            defs.append(pattern(name, index, tint))
            box = bar._replace(x=x, width=bar.width * piece.amount / whole)
            tip = words.tip.format(**said(piece, whole, words)._asdict())
            body.append(rectangle(box, f"url(#{name})", stroke=INK, kind="segment", tip=tip))
            body += _inside(box, piece, share_words(piece.amount, whole), size, tint)
            legend.append((f"url(#{name})", piece, 1 if inner else 0))
            x += box.width
        body += _bracket(start, x, bar.y, one, size, width, words)
    rows, bottom = _legend(legend, whole, bar.y + _BAR + 16, size, width, words)
    return svg(
        key, width, bottom, title, describe_natures(slices, words), [f"<defs>{''.join(defs)}</defs>", *body, *rows]
    )


def _children(one: Slice) -> list[Slice]:
    """The parts of a slice, where they make up the whole of it."""
    inner = [child for child in one.children if child.amount > 0]
    return inner if sum(child.amount for child in inner) == one.amount else []


def _inside(box: Box, piece: Slice, share: str, size: float, halo: str) -> list[str]:
    """Name and share in the middle of a segment, as far as they go in."""
    room = (box.width - 8) / size
    lines = [line for line in (piece.name, share) if ems(line) <= room]
    if lines != [piece.name, share]:
        lines = [share] if share in lines else []
    first = box.y + box.height / 2 + size * 0.36 - (len(lines) - 1) * size * 0.65
    middle = box.x + box.width / 2
    return [
        text_at(middle, first + n * size * 1.3, line, size, fill=INK, anchor="middle", halo=halo)
        for n, line in enumerate(lines)
    ]


def _bracket(start: float, end: float, y: float, one: Slice, size: float, width: int, words: Words) -> list[str]:
    """A bracket over a nature with its name, where the name does not reach beyond it."""
    amount = words.amount(one.amount)
    lines = [f"{one.name} {amount}"]
    if ems(lines[0]) * size > end - start:
        lines = [one.name, amount]
    if max(map(ems, lines)) * size > end - start:
        return []
    shape = f'<path d="M{start + 1:.2f} {y - 2:.2f}v-5H{end - 1:.2f}v5" fill="none" stroke="currentColor"/>'
    first = y - 11 - (len(lines) - 1) * size * 1.15
    texts = [
        text_at((start + end) / 2, first + n * size * 1.15, line, size, anchor="middle", bold=n == 0)
        for n, line in enumerate(lines)
    ]
    return [shape, *texts]


def _legend(
    entries: Sequence[tuple[str, Slice, int]], whole: int, y: float, size: float, width: int, words: Words
) -> tuple[list[str], float]:
    """A line for each piece with its fill, amount and share; and where it ends."""
    reach = min(width - 1.0, 600.0)
    share_width = 5.2 * size
    amount_width = (max(ems(words.amount(one.amount)) for _, one, _ in entries) + 1) * size
    shown: list[str] = []
    for fill, one, level in entries:
        left = 2 + level * 16.0
        if fill:
            shown.append(rectangle(Box(left, y, 22, 15), fill, stroke=INK))
            left += 30
        names = broken(one.name, (reach - share_width - amount_width - left) / size / 1.04)
        for line, part in enumerate(names):
            shown.append(text_at(left, y + 12.5 + line * size * 1.3, part, size, bold=not level))
        amount, share = words.amount(one.amount), share_words(one.amount, whole)
        shown.append(text_at(reach - share_width, y + 12.5, amount, size, anchor="end"))
        shown.append(text_at(reach, y + 12.5, share, size, anchor="end"))
        y += max(len(names) * size * 1.3, 15) + 7
    return shown, y


def describe_natures(slices: Sequence[Slice], words: Words = CHINESE) -> str:
    """The figures in words."""
    parts = [one for one in slices if one.amount > 0]
    whole = sum(one.amount for one in parts)
    sentences = [words.spent.format(amount=words.amount(whole))]
    for one in parts:
        children = [said(child, whole, words) for child in drawn(one.children)]
        sentences.append(words.sentence(said(one, whole, words), words.parts(children) if children else ""))
    return "".join(sentences).strip()


def years(
    changes: Sequence[Change],
    year: int,
    *,
    title: str,
    key: str = "years",
    width: int = WIDE,
    words: Words = CHINESE,
) -> str:
    """This year's amounts (分) beside last year's as SVG, two bars a subject.

    All bars have one scale, except that subjects far smaller than the largest stand below, to a scale of their own
    that is announced: “三公” beside the whole income would be a bar of no width.
    """
    largest = max((max(one.last or 0, one.this) for one in changes), default=0)
    if largest <= 0:
        return nothing(key, width, title, words.only_zero if changes else words.no_years)
    large = [one for one in changes if _top(one) * _SMALL >= largest]
    small = [one for one in changes if one not in large and _top(one) > 0]
    none = [one for one in changes if one not in large and one not in small]
    size = 14.0 if width > 600 else 12.0
    right = max(ems(words.amount(fen or 0)) for one in changes for fen in (one.last, one.this)) * size + 8
    hatch = f"{key}-{width}-last"
    body = [f"<defs>{pattern(hatch, 1, GREY[0])}</defs>"]
    y = 0.0
    for group, note in ((large, ""), (small, words.own_scale), (none, "")):
        if not group:
            continue
        if note:
            body.append(f'<path d="M0 {y + 2:.2f}H{width}" fill="none" stroke="currentColor" stroke-dasharray="4 4"/>')
            for line in broken(note, width / size):
                y += size * 1.5
                body.append(text_at(0, y + 4, line, size))
            y += 14
        most = max(map(_top, group))
        for one in group:
            shown, y = _pair(one, year, most, y, size, width, hatch, right, words)
            body += shown
    return svg(key, width, max(y - 8, 1), title, describe_years(changes, year, words), body)


def _top(one: Change) -> int:
    return max(one.last or 0, one.this)


def _pair(
    one: Change, year: int, most: int, y: float, size: float, width: int, hatch: str, right: float, words: Words
) -> tuple[list[str], float]:
    """A subject's name, how it changed, and its two bars; ``right`` is kept free for the amounts behind them."""
    shown: list[str] = []
    change = "" if one.last is None else words.change(one.last, one.this)
    heading = f"{one.name}　{change}" if change else one.name
    one_line = ems(heading) <= width / size / 1.04
    name_lines = [one.name] if one_line else broken(one.name, width / size / 1.04)
    for line in name_lines:
        y += size * 1.35
        shown.append(text_at(0, y, line, size, bold=True))
    if one_line and change:
        shown.append(text_at((ems(one.name) * 1.04 + 1) * size, y, change, size))
    elif change:
        for line in broken(change, width / size):
            y += size * 1.35
            shown.append(text_at(0, y, line, size))
    y += 7
    before, now = (words.year.format(year=one) for one in (year - 1, year))
    left = size * 4
    room = width - left - right
    for label, amount, fill in ((before, one.last, f"url(#{hatch})"), (now, one.this, TINTS[0][1])):
        height = size + 8
        baseline = y + height / 2 + size * 0.36
        shown.append(text_at(0, baseline, label, size))
        if amount is None:
            shown.append(text_at(left, baseline, words.no_data, size))
        else:
            length = room * max(amount, 0) / most if most else 0.0
            tip = f"{one.name} {label} {words.amount(amount)}"
            shown.append(rectangle(Box(left, y, length, height), fill, stroke=INK, kind="bar", tip=tip))
            shown.append(text_at(left + length + 6, baseline, words.amount(amount), size))
        y += height + 3
    return shown, y + 16


def describe_years(changes: Sequence[Change], year: int, words: Words = CHINESE) -> str:
    """The figures in words."""
    sentences = []
    for one in changes:
        known = [(year, one.this)] if one.last is None else [(year - 1, one.last), (year, one.this)]
        told = [f"{words.year.format(year=when)}{words.blank}{words.amount(fen)}" for when, fen in known]
        told += [] if one.last is None else [words.change(one.last, one.this)]
        sentences.append(f"{one.name}{words.colon}{words.comma.join(told)}{words.stop}")
    return "".join(sentences).strip() or f"{words.no_data}{words.stop}".strip()
