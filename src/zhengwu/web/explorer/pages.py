"""The pages of a published PDF: where a number stands on one, and what else stands there."""

import io
import re
from typing import Any, NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image

from zhengwu.reporting.pdf_pages import POINTS_PER_INCH
from zhengwu.web.explorer.addresses import anchor
from zhengwu.web.explorer.contents import title_of
from zhengwu.web.reviews.files import DOTS_PER_INCH

Json = dict[str, Any]
_ANCHOR = re.compile(r"(?:n([1-9]\d{0,5})-(\d{1,6})-(\d{1,6})|p(\d{1,8}))", re.ASCII)
_AROUND = 2.0  # points that a mark leaves free around what it marks


class Place(NamedTuple):
    """What is marked on a page: its text, for a cell its row and table. ``box`` is in points from the top left."""

    anchor: str
    page: int
    box: tuple[float, float, float, float] | None
    text: str
    row: str = ""
    column: str = ""
    table: str = ""


class Listed(NamedTuple):
    """A table or heading that stands on a page."""

    anchor: str
    title: str


class Picture(NamedTuple):
    """A page as drawn: its size in pixels and in points, and the mark (left, top, width, height) in points."""

    pixels: tuple[int, int]
    width: float
    height: float
    mark: tuple[float, float, float, float] | None

    @property
    def view(self) -> str:
        """The size, for a drawing laid over the picture."""
        return f"{self.width:.1f} {self.height:.1f}"

    @property
    def rectangle(self) -> SafeString:
        """The mark's attributes in that drawing."""
        left, top, width, height = self.mark or (0.0, 0.0, 0.0, 0.0)
        return format_html(
            'x="{}" y="{}" width="{}" height="{}"', *(f"{side:.1f}" for side in (left, top, width, height))
        )


def place_of(reading: Json, wanted: str) -> Place | None:
    """The cell or paragraph that has this anchor in the document's page, None where there is none."""
    found = _ANCHOR.fullmatch(wanted)
    if found is None:
        return None
    if found[4]:
        for section in reading.get("text", ()):
            at = section.get("at", {})
            if at.get("line") == int(found[4]) and at.get("page"):
                return Place(wanted, at["page"], _box(at), section["text"])
        return None
    index, tables = int(found[1]) - 1, reading.get("tables", ())
    if index >= len(tables):
        return None
    table = tables[index]
    for number, row in enumerate(table["rows"], 1):
        for place, cell in enumerate(row["cells"]):
            at = cell.get("at", {})
            own = anchor(index, at.get("row", number), at.get("column", place + 1))
            if own == wanted and "at" in cell and at.get("page"):
                columns = table.get("columns", ())
                column = " / ".join(columns[place]["label"]) if place < len(columns) else ""
                title = title_of(index, table)
                return Place(wanted, at["page"], _box(at), cell["text"], _name_of(row, place), column, title)
    return None


def _name_of(row: Json, place: int) -> str:
    """What a row is called: its texts before the cell."""
    return " ".join(
        cell["text"].strip() for cell in row["cells"][:place] if cell["text"].strip() and not _is_amount(cell)
    )


def _is_amount(cell: Json) -> bool:
    return cell.get("value") is not None and not cell["text"].strip().isdecimal()


def _box(at: Json) -> tuple[float, float, float, float] | None:
    box = at.get("box")
    return (float(box[0]), float(box[1]), float(box[2]), float(box[3])) if box else None


def listed(reading: Json, page: int) -> list[Listed]:
    """The tables of which any row stands on a page; without any, its paragraphs' beginnings."""
    found = []
    for index, table in enumerate(reading.get("tables", ())):
        pages = {cell["at"].get("page") for row in table["rows"] for cell in row["cells"] if "at" in cell}
        if page in pages | {table.get("at", {}).get("page")}:
            found.append(Listed(f"t{index + 1}", title_of(index, table)))
    return found


def text_of(reading: Json, page: int) -> list[Listed]:
    """The paragraphs that begin on a page, for who cannot see its picture."""
    return [
        Listed(anchor(-1, None, None, section["at"].get("line")), section["text"])
        for section in reading.get("text", ())
        if section.get("at", {}).get("page") == page
    ]


def picture_of(data: bytes, place: Place | None) -> Picture:
    """The size of a page from its picture, which says its resolution, and the mark of a place on it."""
    with Image.open(io.BytesIO(data)) as picture:
        resolution = float(picture.info.get("dpi", (DOTS_PER_INCH,))[0]) or DOTS_PER_INCH
        pixels = picture.size
    width, height = (POINTS_PER_INCH * side / resolution for side in pixels)
    if place is None or place.box is None:
        return Picture(pixels, width, height, None)
    left, top, right, bottom = place.box
    mark = (left - _AROUND, top - _AROUND, right - left + 2 * _AROUND, bottom - top + 2 * _AROUND)
    return Picture(pixels, width, height, mark)
