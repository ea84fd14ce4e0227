"""Pages of a PDF as pictures, and where on them a quote is printed.

PDFium may be entered by one thread only: an open ``Pages`` holds the reader's lock.
"""

import ctypes
import io
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2

from zhengwu.model.document import Box
from zhengwu.model.finding import Spot
from zhengwu.reading import pdf_native as native
from zhengwu.reading.pdf_view import View, page_view
from zhengwu.reporting.audited import span_of

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_INCH = 72
_REACH = 1.5  # points that a character may stand out of its paragraph's box
# Characters that follow each other stand in one line when they share so much of their height or width.
_SAME_LINE = 0.5
_COLOURS = 16
_LARGE_PNG = 400_000  # bytes: beyond this it is no page of text
_MAX_PIXELS = 4000  # of the longer side: a poster is not rendered at full size


class Shown(NamedTuple):
    """Where something is printed: 1-based page, box in points from the page's top left."""

    page: int
    box: Box


class Pages:
    """The pages of one PDF, open as long as the ``with`` block lasts."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._characters: dict[int, list[tuple[str, Box]]] = {}

    def __enter__(self) -> "Pages":
        native.LOCK.acquire()
        try:
            self._document = pypdfium2.PdfDocument(self._data)
        except BaseException:
            native.LOCK.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._document.close()
        finally:
            native.LOCK.release()

    def __len__(self) -> int:
        return len(self._document)

    @property
    def document(self) -> Any:
        """The open document of pypdfium2."""
        return self._document

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page as shown, in points."""
        view = self._view(self._document[number - 1])
        return view.width, view.height

    def picture(self, number: int, dots_per_inch: float) -> "Image":
        """A page as a picture; a huge page is rendered smaller."""
        page = self._document[number - 1]
        scale = dots_per_inch / POINTS_PER_INCH
        scale = min(scale, _MAX_PIXELS / max(*self.size(number), 1))
        picture: Image = page.render(scale=scale).to_pil()
        return picture.convert("RGB")

    def encoded(self, number: int, dots_per_inch: float) -> tuple[str, bytes]:
        """A page as a media type and bytes: text as a small PNG of few colours, a photograph as JPEG. The picture
        says its resolution, which is less than asked for a huge page: so places in points are found on it."""
        picture = self.picture(number, dots_per_inch)
        resolution = POINTS_PER_INCH * picture.width / max(self.size(number)[0], 1)
        stream = io.BytesIO()
        picture.quantize(_COLOURS, method=2).save(stream, "PNG", dpi=(resolution, resolution))
        if stream.tell() > _LARGE_PNG:
            stream = io.BytesIO()
            picture.save(stream, "JPEG", quality=70, dpi=(round(resolution), round(resolution)))
            return "image/jpeg", stream.getvalue()
        return "image/png", stream.getvalue()

    def shown(self, spot: Spot) -> tuple[Shown, ...]:
        """Where a spot is printed: a box for each line of its quote, its cell or paragraph where the
        quote is not found, nothing where the spot has no page."""
        page, box = spot.place.page, spot.place.box
        if page is None or not 1 <= page <= len(self):
            return ()
        if spot.table >= 0 and box is not None:
            return (Shown(page, box),)
        found = self._quoted(page, spot.quote, box)
        if found:
            return found
        if page < len(self):  # the paragraph runs on over the page break
            found = self._quoted(page + 1, spot.quote, None)
            if found:
                return found
        return () if box is None else (Shown(page, box),)

    def find(self, page: int, quote: str, inside: Box | None = None) -> tuple[Shown, ...]:
        """The lines of ``quote`` on a page (in a box of it), none where it is not printed there."""
        return self._quoted(page, quote, inside)

    def _quoted(self, page: int, quote: str, inside: Box | None) -> tuple[Shown, ...]:
        characters = self._read(page)
        if inside is not None:
            characters = [one for one in characters if _holds(inside, one[1])]
        span = span_of("".join(character for character, _ in characters), quote)
        if span is None:
            return ()
        return tuple(Shown(page, box) for box in _lines([box for _, box in characters[span[0] : span[1]]]))

    def _read(self, number: int) -> list[tuple[str, Box]]:
        """The printed characters of a page with their boxes, blanks apart, in the file's order."""
        if number not in self._characters:
            page = self._document[number - 1]
            view = self._view(page)
            text_page = native.load_text(address(page.raw))
            try:
                text = native.page_text(text_page)
                found = []
                for index, character in enumerate(text):
                    if not character.isspace() and native.loose_box(text_page, index, native.RECTANGLE_AT):
                        area = native.RECTANGLE
                        found.append((character, view.box(area.left, area.bottom, area.right, area.top)))
            finally:
                native.close_text(text_page)
            self._characters[number] = found
        return self._characters[number]

    @staticmethod
    def _view(page: Any) -> View:
        return page_view(address(page.raw))


def address(pointer: Any) -> int:
    """A PDFium handle as the integer that ``reading.pdf_native`` takes."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return (
        outer[0] - _REACH <= x <= outer[2] + _REACH
        and outer[1] - _REACH <= y <= outer[3] + _REACH
    )  # fmt: skip


def _lines(boxes: list[Box]) -> list[Box]:
    """Boxes of characters that follow each other, as one box a line (set across or, on a turned page, down)."""
    lines: list[Box] = []
    before: Box | None = None
    for box in boxes:
        if before is not None and (_overlap(before, box, 0) or _overlap(before, box, 1)):
            last = lines[-1]
            left, top = min(last[0], box[0]), min(last[1], box[1])
            lines[-1] = (left, top, max(last[2], box[2]), max(last[3], box[3]))
        else:
            lines.append(box)
        before = box
    return lines


def _overlap(one: Box, other: Box, axis: int) -> bool:
    """Whether two characters share most of their width (axis 0) or height (axis 1)."""
    shared = min(one[axis + 2], other[axis + 2]) - max(one[axis], other[axis])
    return shared > _SAME_LINE * min(one[axis + 2] - one[axis], other[axis + 2] - other[axis])
