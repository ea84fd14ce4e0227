"""A workbook with a cell note at each place: notes are added to its parts, everything else stays."""

import re
from html import escape
from typing import Any

from lxml import etree

from zhengwu.model.document import Document, Grid
from zhengwu.reporting.notes import AUTHOR, Note
from zhengwu.reporting.package import OFFICE_RELATIONS, Package
from zhengwu.reporting.width import width

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_S = f"{{{_MAIN}}}"
_R_ID = f"{{{OFFICE_RELATIONS}}}id"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What the schema wants behind the reference to the drawing of the notes.
_BEHIND = frozenset(
    _S + name
    for name in ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
                 "tableParts", "extLst")
)  # fmt: skip
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_DRAWING_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
)
_WIDE = 4  # columns that a note covers when it is shown
_CHARACTERS = 44  # in a line of it

Cell = tuple[int, int]  # row and column of the sheet, 1-based


def annotated_xlsx(data: bytes, document: Document, notes: list[Note]) -> bytes | None:
    """The workbook with its notes; None when it is of the strict variant, which has other names."""
    package = Package(data)
    book = package.xml("xl/workbook.xml")
    if not book.tag.startswith(_S):
        return None
    sheets = _sheet_parts(package, book)
    cells = _cells(document)
    texts: dict[str, dict[Cell, dict[int, str]]] = {}
    first_sheet = next((block.place.sheet for block in document.blocks), None)
    for note in notes:
        place = cells.get(note.spot.place.line or 0) if note.spot else None
        sheet, cell = place or (first_sheet or next(iter(sheets), ""), (1, 1))
        there = texts.setdefault(sheet, {}).setdefault(cell, {})
        for number, text in zip(note.numbers, note.texts, strict=True):
            there.setdefault(number, text)  # a finding with several places in a cell is said once
    for sheet, found in texts.items():
        if sheet in sheets:
            _annotate(package, sheets[sheet], {cell: "\n\n".join(said.values()) for cell, said in found.items()})
    return package.written()


def _cells(document: Document) -> dict[int, tuple[str, Cell]]:
    """The sheet and cell of each running line number: grids count their rows from their own first cell."""
    found = {}
    for block in document.blocks:
        sheet, row, column = block.place.sheet or "", block.place.row or 1, block.place.column or 1
        if not isinstance(block, Grid):
            found[block.place.line or 0] = (sheet, (row, column))
            continue
        for cells in block.rows:
            for cell in cells:
                place = cell.place
                at = (row + (place.row or 1) - 1, column + (place.column or 1) - 1)
                found[place.line or 0] = (sheet, at)
    return found


def _sheet_parts(package: Package, book: Any) -> dict[str, str]:
    relations = {relation.get("Id"): relation for relation in package.xml("xl/_rels/workbook.xml.rels")}
    found = {}
    for sheet in book.iterfind(f"{_S}sheets/{_S}sheet"):
        relation = relations.get(sheet.get(_R_ID))
        if relation is not None and (relation.get("Type") or "").endswith("/worksheet"):
            target = relation.get("Target") or ""
            found[sheet.get("name") or ""] = target[1:] if target.startswith("/") else f"xl/{target}"
    return found


def _annotate(package: Package, part: str, texts: dict[Cell, str]) -> None:
    """Add notes to a sheet, behind what its own notes already say."""
    comments_part = package.related(part, "comments")
    if comments_part is None:
        comments_part = package.free_name("xl/comments{}.xml")
        package.relate(part, "comments", comments_part)
        package.declare(_COMMENTS_TYPE, part=comments_part)
        root = etree.Element(_S + "comments", nsmap={None: _MAIN})
        etree.SubElement(root, _S + "authors")
        etree.SubElement(root, _S + "commentList")
    else:
        root = package.xml(comments_part)
    new = _add_comments(root, texts)
    package.put(comments_part, root)
    _draw(package, part, new, texts)


def _add_comments(root: Any, texts: dict[Cell, str]) -> list[Cell]:
    """Write the comments; returns the cells that had none before and need a shape."""
    authors, listed = root.find(_S + "authors"), root.find(_S + "commentList")
    author = len(authors)
    etree.SubElement(authors, _S + "author").text = AUTHOR
    there = {comment.get("ref"): comment for comment in listed}
    new = []
    for cell in sorted(texts):
        reference = _reference(cell)
        comment = there.get(reference)
        if comment is None:
            new.append(cell)
            comment = etree.SubElement(listed, _S + "comment", ref=reference, authorId=str(author))
            body, text = etree.SubElement(comment, _S + "text"), texts[cell]
        else:
            body, text = comment.find(_S + "text"), "\n\n" + texts[cell]
            loose = body.find(_S + "t")
            if loose is not None:  # a plain text beside runs is not allowed: make it one
                run = etree.Element(_S + "r")
                body.replace(loose, run)
                run.append(loose)
        run = etree.SubElement(body, _S + "r")
        printed = etree.SubElement(run, _S + "t")
        printed.text = text
        printed.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return new


def _draw(package: Package, part: str, cells: list[Cell], texts: dict[Cell, str]) -> None:
    """The shapes of the notes, in the sheet's own drawing of notes or in a new one."""
    drawing = package.related(part, "vmlDrawing")
    sheet = package.xml(part)
    if sheet.find(_S + "legacyDrawing") is None:
        drawing = None  # what there is belongs to headers and footers
    first = 1
    if drawing is None:
        drawing = package.free_name("xl/drawings/vmlDrawing{}.vml")
        identity = package.relate(part, "vmlDrawing", drawing)
        package.declare(_DRAWING_TYPE, extension="vml")
        reference = etree.Element(_S + "legacyDrawing", {_R_ID: identity})
        behind = next((child for child in sheet if child.tag in _BEHIND), None)
        if behind is None:
            sheet.append(reference)
        else:
            behind.addprevious(reference)
        package.put(part, sheet)
        text = f"{_DRAWING_HEAD}{_SHAPE_TYPE}</xml>"
    else:
        text = package.bytes_of(drawing).decode("utf-8", "replace")
        first = max((int(number) for number in re.findall(r"_x0000_s(\d+)", text)), default=1024) - 1023
        if 'id="_x0000_t202"' not in text:
            text = text.replace("</xml>", f"{_SHAPE_TYPE}</xml>")
    shapes = "".join(_shape(1024 + first + index, cell, texts[cell]) for index, cell in enumerate(cells))
    start, end, rest = text.rpartition("</xml>")
    package.put(drawing, f"{start}{shapes}{end}{rest}".encode())


def _shape(number: int, cell: Cell, text: str) -> str:
    row, column = cell[0] - 1, cell[1] - 1
    lines = sum(max(1, -(-width(line) // _CHARACTERS)) for line in text.split("\n"))
    anchor = f"{column + 1}, 15, {max(row - 1, 0)}, 4, {column + 1 + _WIDE}, 15, {max(row - 1, 0) + lines + 1}, 4"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto" '
        f'style="position:absolute;margin-left:60pt;margin-top:2pt;width:260pt;height:{14 * lines + 10}pt;'
        f'z-index:1;visibility:hidden" alt="{escape(AUTHOR)}"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def _reference(cell: Cell) -> str:
    row, column = cell
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
