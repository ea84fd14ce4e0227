"""The picture that chats and search engines show beside a link to an edition: its unit, its year, its main figures."""

import io
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pylopdf_fonts_zh_cn
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from zhengwu.web.explorer import words
from zhengwu.web.explorer.figures import Book
from zhengwu.web.explorer.metadata import kind_name
from zhengwu.web.reviews import files

SIZE = (1200, 630)
_PAPER, _INK, _SOFT, _ACCENT, _PALE, _LINE = "#fbfbfa", "#1c2024", "#545b63", "#14568c", "#9cc4e8", "#d9dcdf"
_WARNING = "#7a4b00"
_MARGIN = 72
_PATIENCE = 10.0  # seconds


class Card(NamedTuple):
    """What the picture says, all in one language: of parts (name, amount, share from 0 to 1)."""

    site: str
    unit: str
    what: str
    label: str
    amount: str
    parts: tuple[tuple[str, str, float], ...]
    warning: str = ""


def card_of(book: Book) -> Card:
    """The main figures of a book in the language of the request."""
    publication, total = book.publication, book.total()
    asked = ((_("basic expenditure"), book.nature("basic")), (_("projects"), book.nature("project")))
    parts = [
        (name, words.said(number.value), float(number.value / total.value))
        for name, number in asked
        if number is not None and total is not None and 0 <= number.value <= total.value and total.value
    ]
    return Card(
        _("Open book: published budgets and final accounts"),
        publication.unit.name,
        _("%(kind)s %(year)s") % {"kind": kind_name(publication.kind), "year": publication.year},
        words.total() if total else "",
        words.said(total.value) if total else "",
        tuple(parts),
        _("This edition was superseded.") if publication.superseded_at else "",
    )


def picture_of(book: Book) -> bytes:
    """The card of a book as PNG, drawn once. Raises RefusedError "too-many" where many others are asked for."""
    card = card_of(book)
    made = files.kept("cards", list(card), lambda: files.File(".png", drawn(card)), _PATIENCE)
    return made.data


def drawn(card: Card) -> bytes:
    """The picture, 1200 × 630, as PNG."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    right = SIZE[0] - _MARGIN
    pen.rectangle((0, 0, 24, SIZE[1]), fill=_ACCENT)
    pen.text((_MARGIN, 56), card.site, font=_font(28), fill=_SOFT)
    if card.warning:
        pen.text((right, 56), card.warning, font=_font(28), fill=_WARNING, anchor="ra")
    y = 118.0
    lines, size = _fitted(card.unit, right - _MARGIN)
    for line in lines:
        pen.text((_MARGIN, y), line, font=_font(size), fill=_INK, stroke_width=1, stroke_fill=_INK)
        y += size * 1.3
    pen.text((_MARGIN, y + 6), card.what, font=_font(40), fill=_SOFT)
    if card.amount:
        pen.text((_MARGIN, 352), card.label, font=_font(30), fill=_SOFT)
        pen.text((_MARGIN, 380), card.amount, font=_font(84), fill=_ACCENT, stroke_width=1, stroke_fill=_ACCENT)
    _bar(pen, card, right)
    stream = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _bar(pen: ImageDraw.ImageDraw, card: Card, right: int) -> None:
    """The parts as one bar with its words below: the first from the left, the last from the right."""
    top, height = 508, 26
    left = float(_MARGIN)
    if card.parts:
        pen.rectangle((_MARGIN, top, right, top + height), fill=_LINE)
    for index, (name, amount, share) in enumerate(card.parts):
        end = left + (right - _MARGIN) * share
        if end - left >= 1:
            pen.rectangle((left, top, end, top + height), fill=(_ACCENT, _PALE)[index % 2])
        said = f"{name} {amount} {share:.1%}"
        at, anchor = ((_MARGIN, "la"), (right, "ra"))[index % 2]
        pen.text((at, top + height + 14), said, font=_font(28), fill=_INK, anchor=anchor)
        left = end


def _fitted(text: str, room: float) -> tuple[list[str], int]:
    """A name on one line, on two, on two smaller ones; what is longer still ends in an ellipsis."""
    text = " ".join(text.split())
    for size, most in ((68, 1), (56, 2), (44, 2)):
        lines = _lines(text, _font(size), room)
        if len(lines) <= most:
            return lines, size
    font = _font(44)
    last = lines[1]
    while last and font.getlength(f"{last}…") > room:
        last = last[:-1]
    return [lines[0], f"{last}…"], 44


def _lines(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    lines = [""]
    for character in text:
        if lines[-1] and font.getlength(lines[-1] + character) > room:
            lines.append("")
        lines[-1] += character
    return lines


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return ImageFont.truetype(str(folder / "NotoSansSC-Regular.otf"), size)
