"""A printed table as WordprocessingML.

The XML is written as text: a table of some thousand cells is made in milliseconds.
"""

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from typing import Final

from zhengwu.publishing import pages
from zhengwu.publishing.docx_styles import TABLE_CELL, twips
from zhengwu.publishing.publication import PrintedTable

_SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDERS: Final = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
_FILL: Final = '<w:shd w:val="clear" w:color="auto" w:fill="EBEBEB"/>'
# Over and under the text of a cell, in its print's size.
_PADDING: Final = 0.375

_LAST_ROWS = 4


def text_xml(text: str) -> str:
    """The element of a run's text; a line break in it becomes Word's."""
    parts = [f'<w:t xml:space="preserve">{escape(part, quote=False)}</w:t>' for part in pages.clean(text).split("\n")]
    return "<w:br/>".join(parts)


def table_xml(table: PrintedTable) -> str:
    """The element ``w:tbl`` of a table without what stands over and under it."""
    layout = pages.fit(table)
    edges = [0]
    at = 0.0
    for width in layout.widths:
        at += width
        edges.append(twips(at))
    short = pages.is_short(table)
    writer = _Writer(table, layout, edges)
    header = pages.placed(table.header, len(table.columns))
    body = pages.body(table)
    rows = [writer.row(places, "header", keep=True) for places in header]
    rows += [
        # A short table stays on one page, and the last rows of a long one together: no total alone on a page.
        writer.row(places, row.kind, keep=index < len(body) and (short or index > len(body) - _LAST_ROWS))
        for index, (row, places) in enumerate(zip(table.rows, body, strict=True), 1)
    ]
    side, over = twips(pages.INSET), twips(layout.size * _PADDING)
    title = escape(pages.clean(table.heading).replace("\n", " "))
    return "".join(
        (
            f'<w:tbl><w:tblPr><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>',
            f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>',
            f'<w:top w:w="{over}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>',
            f'<w:bottom w:w="{over}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>',
            f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val="{title}"/></w:tblPr><w:tblGrid>',
            *(f'<w:gridCol w:w="{right - left}"/>' for left, right in pairwise(edges)),
            "</w:tblGrid>",
            *rows,
            "</w:tbl>",
        )
    )


class _Writer:
    def __init__(self, table: PrintedTable, layout: pages.Fit, edges: list[int]) -> None:
        self._table = table
        self._layout = layout
        self._edges = edges
        half = round(layout.size * 2)
        self._size = f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
        pitch = twips(layout.size * pages.PITCH)
        self._spacing = f'<w:spacing w:line="{pitch}" w:lineRule="exact"/>'

    def row(self, places: Iterable[pages.Placed], kind: str, *, keep: bool) -> str:
        """The element ``w:tr``; ``kind`` is header, item or total."""
        places = list(places)
        marks = "" if pages.is_tall(self._table, self._layout, places) else "<w:cantSplit/>"
        if kind == "header":
            marks += "<w:tblHeader/>"
        cells = "".join([self._cell(place, kind, keep) for place in places])
        return f"<w:tr><w:trPr>{marks}</w:trPr>{cells}</w:tr>" if marks else f"<w:tr>{cells}</w:tr>"

    def _cell(self, place: pages.Placed, kind: str, keep: bool) -> str:
        column, cell, above = place
        width = self._edges[column + cell.colspan] - self._edges[column]
        properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        if cell.colspan > 1:
            properties += f'<w:gridSpan w:val="{cell.colspan}"/>'
        if above:
            properties += "<w:vMerge/>"
        elif cell.rowspan > 1:
            properties += '<w:vMerge w:val="restart"/>'
        if kind == "header":
            properties += _FILL
        text = "" if above else cell.text
        return (
            f'<w:tc><w:tcPr>{properties}<w:vAlign w:val="center"/></w:tcPr>'
            f"{self._paragraphs(place, text, kind, keep)}</w:tc>"
        )

    def _paragraphs(self, place: pages.Placed, text: str, kind: str, keep: bool) -> str:
        side = pages.align_of(self._table, place, kind)
        properties = f'<w:pStyle w:val="{TABLE_CELL}"/>'
        if keep:
            properties += "<w:keepNext/>"
        properties += self._spacing
        if place.cell.indent:
            properties += f'<w:ind w:left="{twips(place.cell.indent * self._layout.size)}"/>'
        if side != "left":
            properties += f'<w:jc w:val="{side}"/>'
        look = self._size if kind == "item" else f"<w:b/><w:bCs/>{self._size}"
        run = f"<w:r><w:rPr>{look}</w:rPr>"
        mark = f"<w:pPr>{properties}<w:rPr>{look}</w:rPr></w:pPr>"
        if not text:
            return f"<w:p>{mark}</w:p>"
        return "".join([f"<w:p>{mark}{run}{text_xml(line)}</w:r></w:p>" for line in pages.clean(text).split("\n")])
