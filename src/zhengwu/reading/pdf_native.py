"""PDFium's C functions, bound once for tight loops.

A page of these documents holds hundreds of one-character text objects, so the cost of a call decides
the speed of the reader. The functions are therefore bound with plain integers for handles, and they
keep Python's global lock: PDFium may not be entered by two threads at once. ``LOCK`` keeps whole
documents apart.
"""

import ctypes
import threading
from collections.abc import Callable
from ctypes import c_double, c_float, c_int, c_uint, c_ulong, c_ushort, c_void_p
from typing import Any, Final

from pypdfium2 import raw

LOCK: Final = threading.RLock()


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


load_document: Final = _bound("FPDF_LoadMemDocument64", c_void_p, c_void_p, ctypes.c_size_t, ctypes.c_char_p)
close_document: Final = _bound("FPDF_CloseDocument", None, c_void_p)
last_error: Final = _bound("FPDF_GetLastError", c_ulong)
page_count: Final = _bound("FPDF_GetPageCount", c_int, c_void_p)
load_page: Final = _bound("FPDF_LoadPage", c_void_p, c_void_p, c_int)
close_page: Final = _bound("FPDF_ClosePage", None, c_void_p)
page_rotation: Final = _bound("FPDFPage_GetRotation", c_int, c_void_p)
page_box: Final = _bound("FPDF_GetPageBoundingBox", c_int, c_void_p, c_void_p)

load_text: Final = _bound("FPDFText_LoadPage", c_void_p, c_void_p)
close_text: Final = _bound("FPDFText_ClosePage", None, c_void_p)
count_characters: Final = _bound("FPDFText_CountChars", c_int, c_void_p)
get_text: Final = _bound("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)
get_unicode: Final = _bound("FPDFText_GetUnicode", c_uint, c_void_p, c_int)
loose_box: Final = _bound("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
tight_box: Final = _bound("FPDFText_GetCharBox", c_int, c_void_p, c_int, c_void_p, c_void_p, c_void_p, c_void_p)
text_object: Final = _bound("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
character_matrix: Final = _bound("FPDFText_GetMatrix", c_int, c_void_p, c_int, c_void_p)
render_mode: Final = _bound("FPDFTextObj_GetTextRenderMode", c_int, c_void_p)

set_render_mode: Final = _bound("FPDFTextObj_SetTextRenderMode", c_int, c_void_p, c_int)
text_font: Final = _bound("FPDFTextObj_GetFont", c_void_p, c_void_p)
font_is_embedded: Final = _bound("FPDFFont_GetIsEmbedded", c_int, c_void_p)
transform_object: Final = _bound("FPDFPageObj_TransformF", c_int, c_void_p, c_void_p)

count_objects: Final = _bound("FPDFPage_CountObjects", c_int, c_void_p)
get_object: Final = _bound("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
object_type: Final = _bound("FPDFPageObj_GetType", c_int, c_void_p)
object_bounds: Final = _bound("FPDFPageObj_GetBounds", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
object_matrix: Final = _bound("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
fill_color: Final = _bound("FPDFPageObj_GetFillColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
stroke_color: Final = _bound("FPDFPageObj_GetStrokeColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
set_stroke_color: Final = _bound("FPDFPageObj_SetStrokeColor", c_int, c_void_p, c_uint, c_uint, c_uint, c_uint)
draw_mode: Final = _bound("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
count_segments: Final = _bound("FPDFPath_CountSegments", c_int, c_void_p)
path_segment: Final = _bound("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
segment_point: Final = _bound("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
segment_type: Final = _bound("FPDFPathSegment_GetType", c_int, c_void_p)
segment_closes: Final = _bound("FPDFPathSegment_GetClose", c_int, c_void_p)
form_count: Final = _bound("FPDFFormObj_CountObjects", c_int, c_void_p)
form_object: Final = _bound("FPDFFormObj_GetObject", c_void_p, c_void_p, c_ulong)

clip_path: Final = _bound("FPDFPageObj_GetClipPath", c_void_p, c_void_p)
clip_count: Final = _bound("FPDFClipPath_CountPaths", c_int, c_void_p)
clip_segment_count: Final = _bound("FPDFClipPath_CountPathSegments", c_int, c_void_p, c_int)
clip_segment: Final = _bound("FPDFClipPath_GetPathSegment", c_void_p, c_void_p, c_int, c_int)

TEXT_OBJECT: Final = raw.FPDF_PAGEOBJ_TEXT
PATH_OBJECT: Final = raw.FPDF_PAGEOBJ_PATH
IMAGE_OBJECT: Final = raw.FPDF_PAGEOBJ_IMAGE
FORM_OBJECT: Final = raw.FPDF_PAGEOBJ_FORM
LINE_SEGMENT: Final = raw.FPDF_SEGMENT_LINETO
MOVE_SEGMENT: Final = raw.FPDF_SEGMENT_MOVETO
PASSWORD_ERROR: Final = raw.FPDF_ERR_PASSWORD
SECURITY_ERROR: Final = raw.FPDF_ERR_SECURITY

# Buffers that every call fills again: used only while LOCK is held.
RECTANGLE: Final = raw.FS_RECTF()  # left, top, right, bottom in the page's own coordinates
RECTANGLE_AT: Final = ctypes.addressof(RECTANGLE)
MATRIX: Final = raw.FS_MATRIX()
MATRIX_AT: Final = ctypes.addressof(MATRIX)
FLOATS: Final = (c_float * 4)()
FLOATS_AT: Final = tuple(ctypes.addressof(FLOATS) + 4 * index for index in range(4))
DOUBLES: Final = (c_double * 4)()
DOUBLES_AT: Final = tuple(ctypes.addressof(DOUBLES) + 8 * index for index in range(4))
NUMBERS: Final = (c_uint * 4)()
NUMBERS_AT: Final = tuple(ctypes.addressof(NUMBERS) + 4 * index for index in range(4))


def page_text(text_page: int) -> str:
    """The characters of a page, one for each index of PDFium's text page (blanks and breaks that
    PDFium adds between words and lines included)."""
    count = count_characters(text_page)
    if count <= 0:
        return ""
    buffer = (c_ushort * (count + 1))()
    written = get_text(text_page, 0, count, ctypes.addressof(buffer))
    text = bytes(memoryview(buffer).cast("B")[: 2 * (written - 1)]).decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    # Characters beyond the basic plane or without a Unicode value shift the indices: ask one by one.
    return "".join(_character(get_unicode(text_page, index)) for index in range(count))


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else "\0"
