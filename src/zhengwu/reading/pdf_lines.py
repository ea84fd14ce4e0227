"""Pieces of text as printed lines: which stand on one line, and where a gap between them is a blank."""

import re
from typing import NamedTuple

from zhengwu.reading.pdf_characters import Piece

# Justified Chinese text is set with gaps between characters and around digits. A gap up to this many
# heights beside a Chinese character is such a gap; a wider one is a blank somebody set on purpose.
_JUSTIFIED_GAP = 0.9
# Single characters set apart to fill a line ("合　　计") are one word up to this gap, in heights.
_SPREAD_GAP = 5.0
# Two boxes this near, in heights, touch: PDFium cut a run there for another reason than a blank.
_TOUCHING = 0.12
# A piece stands on a line when their centres differ by less than this share of the lower height.
_SAME_LINE = 0.5

_FIRST_CJK = "\u2e80"
_WIDE_SIGNS = frozenset("“”‘’…—·×℃№")

_NUMBER = r"[-−－]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}"
_TOUCHING_NUMBERS = re.compile(rf"(?:{_NUMBER}){{2,}}")
# What stays together at the start of a line: openers with what follows, a number or a word as a whole,
# and the signs that may not begin a line, with the number that follows them.
_LEAD = re.compile(r"[（(《〈「『【〔“‘]*(?:[!-~]+|.)(?:[，。；：！？、）》〉」』】〕”’％…]+[!-~]*)*")
# Letters and digits are about so wide, as a share of a Chinese character.
_NARROW = 0.6
_ONE_NUMBER = re.compile(r"[-−－]?(?:\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d+\.\d{2})")


class Line(NamedTuple):
    """A printed line: its box as shown, in points, and its text.

    ``height`` is that of its widest piece, about one em: digits in another font may stand taller.
    """

    left: float
    top: float
    right: float
    bottom: float
    text: str
    height: float


def is_wide(character: str) -> bool:
    """Whether a character is set on a full Chinese square, so that blanks beside it mean nothing."""
    return character >= _FIRST_CJK or character in _WIDE_SIGNS


def group_lines(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces by printed line, top to bottom, each line left to right."""
    if len(pieces) == 1:
        return [pieces]
    lines: list[list[Piece]] = []
    middle = height = 0.0
    for piece in sorted(pieces, key=_middle):
        own = piece.bottom - piece.top
        centre = (piece.bottom + piece.top) / 2
        if lines and centre - middle < _SAME_LINE * min(own, height):
            lines[-1].append(piece)
        else:
            lines.append([piece])
            middle, height = centre, own
    for line in lines:
        if len(line) > 1:
            line.sort()
    return lines


def to_line(pieces: list[Piece]) -> Line:
    """The pieces of one printed line as a line."""
    if len(pieces) == 1:
        left, top, right, bottom, text, _ = pieces[0]
        return Line(left, top, right, bottom, spaced_numbers(text), bottom - top)
    widest = max(pieces, key=_width)
    return Line(
        pieces[0].left,
        min(piece.top for piece in pieces),
        max(piece.right for piece in pieces),
        max(piece.bottom for piece in pieces),
        line_text(pieces),
        widest.bottom - widest.top,
    )


def line_text(pieces: list[Piece]) -> str:
    """The text of one printed line, blanks only where they separate something."""
    before = pieces[0]
    parts = [spaced_numbers(before.text)]
    for piece in pieces[1:]:
        if _blank_between(before, piece):
            parts.append(" ")
        parts.append(spaced_numbers(piece.text))
        before = piece
    return "".join(parts)


def spaced_numbers(text: str) -> str:
    """Complete amounts printed one against the other, with a blank between them."""
    if text.count(".") < 2 or not _TOUCHING_NUMBERS.fullmatch(text):
        return text
    return " ".join(re.findall(_NUMBER, text))


def lead_width(line: Line) -> float:
    """The width of what no line break may part from the start of a line, in points.

    The line before it was wrapped, not ended, where this would not have fitted into its rest.
    """
    return (line.right - line.left) * _weight(_lead(line.text)) / _weight(line.text)


def lead_fits(line: Line, room: float) -> bool:
    """Whether ``room`` points would have held what no line break may part from the start of a line."""
    # No character is wider than the line is high: that spares measuring nearly all lines.
    return room >= len(_lead(line.text)) * line.height or room >= lead_width(line)


def _lead(text: str) -> str:
    match = _LEAD.match(text)
    return match.group() if match else text[:1]


def _weight(text: str) -> float:
    return sum(1.0 if is_wide(character) else _NARROW for character in text)


def is_amount(text: str) -> bool:
    """Whether a text is one amount with separators or two decimals."""
    return _ONE_NUMBER.fullmatch(text) is not None


def _width(piece: Piece) -> float:
    return piece.right - piece.left


def _middle(piece: Piece) -> float:
    return piece.top + piece.bottom


def _blank_between(before: Piece, after: Piece) -> bool:
    height = min(before.bottom - before.top, after.bottom - after.top)
    gap = after.left - before.right
    last, first = before.text[-1], after.text[0]
    if is_wide(last) or is_wide(first):
        if len(before.text) == 1 and len(after.text) == 1 and is_wide(last) and is_wide(first):
            return gap > height * _SPREAD_GAP
        return gap > height * _JUSTIFIED_GAP
    return gap > height * _TOUCHING or (last.isdigit() and first.isdigit())
