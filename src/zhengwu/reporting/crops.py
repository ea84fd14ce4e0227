"""Pictures of problems: a strip of the page with red boxes round the places."""

import io
from typing import TYPE_CHECKING, NamedTuple

from zhengwu.model.document import Box
from zhengwu.reporting.pdf_pages import POINTS_PER_INCH, Pages, Shown

if TYPE_CHECKING:
    from PIL.Image import Image

_DOTS_PER_INCH = 144
_AROUND = 34.0  # points shown above and below the places
_TALLEST = 250.0  # points: places further apart get pictures of their own
_BESIDE = 10.0  # points of blank paper kept left and right of what is printed
_RED = (217, 48, 37)
_SHIFT = 9.0  # points by which an edge moves to fall between two lines
_BOX = 4  # Pillow's Resampling.BOX: the mean
_INK = 200  # darker than this is printed
_COLOURS = 32


class Crop(NamedTuple):
    """A picture: PNG bytes, its size in pixels, its resolution, the page it was cut from."""

    data: bytes
    width: int
    height: int
    dots_per_inch: int
    page: int


def crops(pages: Pages, shown: list[Shown]) -> list[Crop]:
    """The strips of pages that show all of ``shown``, in the order of their first place."""
    groups: list[list[Shown]] = []
    for one in shown:
        for group in groups:
            boxes = [member.box for member in (*group, one)]
            height = max(box[3] for box in boxes) - min(box[1] for box in boxes)
            if group[0].page == one.page and height <= _TALLEST:
                group.append(one)
                break
        else:
            groups.append([one])
    return [_crop(pages, group[0].page, [member.box for member in group]) for group in groups]


def _crop(pages: Pages, number: int, boxes: list[Box]) -> Crop:
    from PIL import ImageDraw

    picture = pages.picture(number, _DOTS_PER_INCH)
    scale = picture.width / pages.size(number)[0]
    high, low = min(box[1] for box in boxes), max(box[3] for box in boxes)
    low = min(low, high + _TALLEST)
    top = _between_lines(picture, (high - _AROUND) * scale, scale)
    bottom = _between_lines(picture, (low + _AROUND) * scale, scale)
    strip = picture.crop((0, top, picture.width, max(bottom, top + 1)))
    ink = strip.convert("L").point(lambda level: 255 if level < _INK else 0).getbbox()
    pen = ImageDraw.Draw(strip)
    for box in boxes:
        left, up, right, down = (edge * scale for edge in box)
        pen.rectangle((left - 4, up - top - 4, right + 4, down - top + 4), outline=_RED, width=4)
    if ink:
        edge = _BESIDE * scale
        reach = (min(ink[0], *(b[0] * scale for b in boxes)), max(ink[2], *(b[2] * scale for b in boxes)))
        strip = strip.crop((max(0, int(reach[0] - edge)), 0, min(strip.width, int(reach[1] + edge)), strip.height))
    stream = io.BytesIO()
    resolution = round(scale * POINTS_PER_INCH)
    strip.quantize(_COLOURS, method=2).save(stream, "PNG", dpi=(resolution, resolution))
    return Crop(stream.getvalue(), strip.width, strip.height, resolution, number)


def _between_lines(picture: "Image", near: float, scale: float) -> int:
    """The row of pixels near ``near`` with the least ink: a cut there halves no line of text."""
    reach = int(_SHIFT * scale)
    first, last = max(0, int(near) - reach), min(picture.height, int(near) + reach + 1)
    if first == 0 or last == picture.height or last <= first:
        return min(max(0, int(near)), picture.height)
    rows = picture.crop((0, first, picture.width, last)).convert("L").resize((1, last - first), _BOX)
    light = list(rows.tobytes())
    best = max(light)
    return first + min((index for index, value in enumerate(light) if value >= best - 1), key=lambda i: abs(i - reach))
