"""The page as it is shown: its box and rotation, and small geometry shared by the PDF reader."""

from typing import NamedTuple

from zhengwu.model.document import Box
from zhengwu.reading import pdf_native as native

QUARTER_TURNS = 4


class View(NamedTuple):
    """What turns the page's own coordinates (origin bottom left) into shown ones (origin top left).

    ``left`` to ``top`` are the visible box in the page's own coordinates, in points.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int  # quarter turns clockwise

    @property
    def width(self) -> float:
        """Width of the page as shown, in points."""
        return self.top - self.bottom if self.rotation % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the page as shown, in points."""
        return self.right - self.left if self.rotation % 2 else self.top - self.bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the page's own coordinates as shown: left, top, right, bottom from the top left."""
        match self.rotation:
            case 0:
                return (left - self.left, self.top - top, right - self.left, self.top - bottom)
            case 1:
                return (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
            case 2:
                return (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
            case _:
                return (self.top - top, self.right - right, self.top - bottom, self.right - left)

    def back(self, box: Box) -> Box:
        """The inverse of ``box``: left, bottom, right, top in the page's own coordinates."""
        x0, y0, x1, y1 = box
        match self.rotation:
            case 0:
                return (x0 + self.left, self.top - y1, x1 + self.left, self.top - y0)
            case 1:
                return (y0 + self.left, x0 + self.bottom, y1 + self.left, x1 + self.bottom)
            case 2:
                return (self.right - x1, y0 + self.bottom, self.right - x0, y1 + self.bottom)
            case _:
                return (self.right - y1, self.top - x1, self.right - y0, self.top - x0)


def page_view(page: int) -> View:
    """The visible box and rotation of an open page."""
    native.page_box(page, native.RECTANGLE_AT)
    box = native.RECTANGLE
    return View(box.left, box.bottom, box.right, box.top, native.page_rotation(page) % QUARTER_TURNS)
