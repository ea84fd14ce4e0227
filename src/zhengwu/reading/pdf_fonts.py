"""Text in fonts that a PDF file does not embed and this computer does not have.

PDFium measures such characters as points without ink, and its text layer then passes over text
objects without width (one Chinese character alone) and takes equal texts near each other for one
drawn twice. Given a stroke they have ink again; only the opened page in memory changes.
"""

from ctypes import addressof
from typing import Final

from pypdfium2 import raw

from zhengwu.reading import pdf_native as native

_FILL: Final = raw.FPDF_TEXTRENDERMODE_FILL
_FILL_AND_STROKE: Final = raw.FPDF_TEXTRENDERMODE_FILL_STROKE
_SAME_PLACE: Final = raw.FS_MATRIX(1, 0, 0, 1, 0, 0)
_SAME_PLACE_AT: Final = addressof(_SAME_PLACE)
# Fonts are looked up for every object of a small page and for one in so many of a large one.
_ALL_OBJECTS = 100
_SAMPLE_STEP = 4
# Bounds flatter or narrower than this, in points, are those of characters without ink.
_INK = 1e-3


def give_ink(texts: list[int]) -> None:
    """Make text objects of an open page measurable whose font is not at hand.

    To be called before the page's text layer is made.
    """
    sample = texts if len(texts) <= _ALL_OBJECTS else texts[::_SAMPLE_STEP]
    fonts = set(map(native.text_font, sample))
    if all(native.font_is_embedded(font) == 1 for font in fonts if font):
        return
    at, bounds = native.FLOATS_AT, native.FLOATS
    for drawn in texts:
        if native.render_mode(drawn) != _FILL:
            continue
        native.object_bounds(drawn, at[0], at[1], at[2], at[3])
        if bounds[2] - bounds[0] < _INK or bounds[3] - bounds[1] < _INK:
            color = native.NUMBERS_AT
            if native.fill_color(drawn, color[0], color[1], color[2], color[3]):
                native.set_stroke_color(drawn, *native.NUMBERS)  # white text stays white
            native.set_render_mode(drawn, _FILL_AND_STROKE)
            native.transform_object(drawn, _SAME_PLACE_AT)
