"""What every chart needs: its input types, amounts in words, text that is measured before it is set, SVG.

Charts are drawn in units of a CSS pixel at their own width (``WIDE``, ``NARROW``), so a size of 14 is 14 px there.
Text outside a coloured area takes the page's colour (``currentColor``) and so follows dark mode and print; text on
a coloured area is dark on a light tint in both.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import NamedTuple

from zhengwu.publishing import pages
from zhengwu.publishing.chart_words import Said, Words, share_words

WIDE = 960
NARROW = 360
INK = "#14181c"  # on tints: 9:1 and more
LINE = "#4a5560"
# A light tint for areas, a deeper one of the same hue for their heads and for bars.
TINTS = (
    ("#cfe3f6", "#9cc4e8"),
    ("#fbe6b8", "#f0c96b"),
    ("#d3ecd5", "#9fd1a5"),
    ("#f8d7da", "#eaa9b0"),
    ("#e3dcf4", "#c2b3e3"),
    ("#c9ebe8", "#8fd0ca"),
    ("#ece3d3", "#d3c09b"),
)
GREY = ("#e6e9ec", "#c3cad1")

# A piece that is never cut: a number or Latin word, or one character with the closing marks behind it.
_PIECES = re.compile(r"(?:[!-~]+|[（“《(].|[^!-~])[，。；：、）”》)%]*", re.DOTALL)


class Slice(NamedTuple):
    """A part of the money, in 分, and the parts it falls into. What is not above zero is not drawn."""

    name: str
    amount: int
    children: tuple["Slice", ...] = ()


class Change(NamedTuple):
    """An amount of this year and of last year, in 分; ``last`` is None where it is not known."""

    name: str
    last: int | None
    this: int


Rows = tuple[tuple[str, ...], ...]


class Chart(NamedTuple):
    """A chart for a page. ``table`` are its figures as rows of text, the first the header; ``narrow`` is the same
    drawn for a narrow screen, "" where ``svg`` serves for both."""

    title: str
    svg: str
    table: Rows = ()
    narrow: str = ""


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, left: float, top: float, right: float, bottom: float) -> "Box":
        """What is left of it inside these margins."""
        return Box(
            self.x + left, self.y + top, max(self.width - left - right, 0.0), max(self.height - top - bottom, 0.0)
        )


def drawn(slices: Sequence[Slice]) -> list[Slice]:
    """The slices that can be drawn, the largest first."""
    return sorted((one for one in slices if one.amount > 0), key=lambda one: -one.amount)


def said(piece: Slice, whole: int, words: Words) -> Said:
    """A piece with its amount and its share of the whole, in words."""
    return Said(piece.name, words.amount(piece.amount), share_words(piece.amount, whole))


def exact_words(fen: int) -> str:
    """An amount to the 分, in 元, for tables: 15,470,540.24."""
    return f"{Decimal(fen).scaleb(-2):,.2f}"


def clean(text: str) -> str:
    """``text`` on one line, without what XML and HTML cannot hold."""
    return " ".join(pages.clean(text).split())


def ems(text: str) -> float:
    """About how wide ``text`` is, in em: a Chinese character is 1, a figure or Latin letter no more than 0.65."""
    width = 0.0
    for character in text:
        if unicodedata.east_asian_width(character) in "WFA":
            width += 1.0
        elif character in "mwMW%@":
            width += 0.95
        elif not unicodedata.combining(character):
            width += 0.34 if character in ",.:;|'! " else 0.65
    return width


def wrapped(text: str, room: float, most: int = 99) -> list[str] | None:
    """``text`` on at most ``most`` lines of at most ``room`` em and of about one length; None where it does not go in
    whole."""
    pieces = _PIECES.findall(clean(text))
    lines = _filled(pieces, room)
    if lines is None or len(lines) > most:
        return None
    # No line with the last character alone.
    even = ems(text) / len(lines)
    while len(lines) > 1 and even < room:
        narrower = _filled(pieces, even)
        if narrower and len(narrower) == len(lines):
            return narrower
        even += 0.5
    return lines


def _filled(pieces: Sequence[str], room: float) -> list[str] | None:
    lines = [""]
    for piece in pieces:
        if lines[-1] and ems(lines[-1] + piece) > room:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
        if ems(lines[-1]) > room:
            return None
    return [line.strip() for line in lines]


def broken(text: str, room: float) -> list[str]:
    """``text`` on as many full lines as it takes; a word longer than a line is cut."""
    text = clean(text)
    return _filled(_PIECES.findall(text), room) or _filled(list(text), room) or [text]


def number(value: float) -> str:
    """A coordinate, to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def text_at(
    x: float,
    y: float,
    words: str,
    size: float,
    *,
    fill: str = "",
    anchor: str = "",
    bold: bool = False,
    halo: str = "",
) -> str:
    """A line of text whose baseline begins at (``x``, ``y``); ``halo`` is a colour that keeps a pattern off it."""
    more = f' fill="{fill}"' if fill else ""
    more += f' text-anchor="{anchor}"' if anchor else ""
    more += ' font-weight="700"' if bold else ""
    more += f' stroke="{halo}" stroke-width="5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}"{more}>{escape(clean(words))}</text>'


def rectangle(box: Box, fill: str, *, stroke: str = LINE, line: float = 0.75, kind: str = "", tip: str = "") -> str:
    """A rectangle; ``tip`` is what a mouse held over it shows."""
    name = f' class="{kind}"' if kind else ""
    shape = (
        f'<rect{name} x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" '
        f'height="{number(box.height)}" fill="{fill}" stroke="{stroke}" stroke-width="{number(line)}"'
    )
    return f"{shape}><title>{escape(clean(tip))}</title></rect>" if tip else shape + "/>"


def pattern(identifier: str, index: int, ground: str) -> str:
    """The ``index``-th of six fills that differ without colour: plain, strokes, dots, lines, grid, bars."""
    shapes = (
        "",
        f'<path d="M-2 2 2-2M0 10 10 0M8 12 12 8" stroke="{INK}" stroke-width="1.2"/>',
        f'<circle cx="3" cy="3" r="1.3" fill="{INK}"/><circle cx="8" cy="8" r="1.3" fill="{INK}"/>',
        f'<path d="M0 5H10" stroke="{INK}" stroke-width="1"/>',
        f'<path d="M0 5H10M5 0V10" stroke="{INK}" stroke-width=".7"/>',
        f'<path d="M3 0V10" stroke="{INK}" stroke-width="1"/>',
    )
    return (
        f'<pattern id="{identifier}" width="10" height="10" patternUnits="userSpaceOnUse">'
        f'<rect width="10" height="10" fill="{ground}"/>{shapes[index % len(shapes)]}</pattern>'
    )


def svg(key: str, width: int, height: float, title: str, description: str, body: Sequence[str]) -> str:
    """The whole picture. ``key`` and ``width`` together make its ids, so both must be new on a page."""
    name = f"{key}-{width}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-t" aria-describedby="{name}-d" '
        f'viewBox="0 0 {width} {number(height)}" fill="currentColor"><title id="{name}-t">{escape(clean(title))}</title>'
        f'<desc id="{name}-d">{escape(clean(description))}</desc>{"".join(body)}</svg>'
    )


def nothing(key: str, width: int, title: str, words: str) -> str:
    """A picture that says that there is nothing to draw."""
    frame = Box(1, 1, width - 2, 58)
    body = (rectangle(frame, "none", stroke="currentColor"), text_at(width / 2, 35, words, 15, anchor="middle"))
    return svg(key, width, 60, title, words, body)
