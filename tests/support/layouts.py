"""Published layouts written down by hand, given to the program as documents of every format.

The notation: a line is a paragraph; a line between bars is a table row, a cell between two bars. "<" alone
in a cell: it belongs to the cell on its left; "^" alone: to the cell above. "⏎" is a line break inside a
cell. A line of dashes ends a table, so that another one can follow at once.
"""

import re
from html import escape
from pathlib import Path
from typing import NamedTuple

from tests.reading import office_files
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Block, Cell, Document, Grid, Paragraph, Place, Source
from zhengwu.model.fact import Fact
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit

FOLDER = Path(__file__).parents[1] / "recognition" / "layouts"
FORMATS = ("txt", "html", "docx")


class Mark(NamedTuple):
    """A cell of the notation: its text, its first column from 0, how far it reaches."""

    text: str
    column: int
    colspan: int
    rowspan: int


Rows = list[list[Mark]]


def written(name: str) -> str:
    """The layout of that name in tests/recognition/layouts."""
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def parsed(text: str) -> list[str | Rows]:
    """Paragraphs and tables in order."""
    found: list[str | Rows] = []
    lines: list[str] = []
    for line in [*text.splitlines(), "---"]:
        if line.startswith("|"):
            lines.append(line)
            continue
        if lines:
            found.append(_rows(lines))
            lines = []
        if line.strip() and not line.startswith("---"):
            found.append(line)
    return found


def _rows(lines: list[str]) -> Rows:
    grid = [[cell.strip(" ") for cell in line.strip().strip("|").split("|")] for line in lines]
    width = max(map(len, grid))
    assert all(len(row) == width for row in grid), [row for row in grid if len(row) != width]
    rows: Rows = []
    for number, row in enumerate(grid):
        marks = []
        for column, text in enumerate(row):
            if text in ("<", "^"):
                continue
            colspan = 1
            while column + colspan < width and row[column + colspan] == "<":
                colspan += 1
            rowspan = 1
            while number + rowspan < len(grid) and grid[number + rowspan][column] == "^":
                rowspan += 1
            marks.append(Mark(text.replace("⏎", "\n"), column, colspan, rowspan))
        rows.append(marks)
    return rows


def document(text: str) -> Document:
    """The layout as a reader with full knowledge of spans gives it."""
    blocks: list[Block] = []
    line = 0
    for item in parsed(text):
        if isinstance(item, str):
            line += 1
            blocks.append(Paragraph(item, Place(line=line)))
            continue
        rows = []
        first = line + 1
        for number, marks in enumerate(item, 1):
            cells = []
            for mark in marks:
                line += 1
                place = Place(line=line, row=number, column=mark.column + 1)
                cells.append(Cell(mark.text, place, mark.colspan, mark.rowspan))
            rows.append(tuple(cells))
        blocks.append(Grid(tuple(rows), Place(line=first)))
    return Document(Source("layout", "html", ""), tuple(blocks))


def as_txt(text: str) -> bytes:
    """As Word exports it: one cell a line; cells merged to the right are one, merged downwards leave a blank."""
    out: list[str] = []
    for item in parsed(text):
        if isinstance(item, str):
            out += [item, ""]
            continue
        open_below: dict[int, Mark] = {}
        for number, marks in enumerate(item):
            above = [mark for mark in open_below.values() if mark.rowspan > number]
            cells = sorted([*marks, *[mark._replace(text="") for mark in above]], key=lambda mark: mark.column)
            out += ["\t" + mark.text for mark in cells] + [""]
            for mark in marks:
                if mark.rowspan > 1:
                    open_below[mark.column] = mark._replace(rowspan=number + mark.rowspan)
        out += ["", ""]
    return "\n".join(out).encode()


def as_html(text: str) -> bytes:
    """As a web page with colspan and rowspan."""
    out = ["<html><body>"]
    for item in parsed(text):
        if isinstance(item, str):
            out.append(f"<p>{escape(item)}</p>")
            continue
        rows = []
        for marks in item:
            cells = [
                f'<td colspan="{mark.colspan}" rowspan="{mark.rowspan}">'
                + escape(mark.text).replace("\n", "<br>").replace("　", "&emsp;")
                + "</td>"
                for mark in marks
            ]
            rows.append(f"<tr>{''.join(cells)}</tr>")
        out.append(f"<table>{''.join(rows)}</table>")
    return "\n".join([*out, "</body></html>"]).encode()


def as_docx(text: str) -> bytes:
    """As a Word document with gridSpan and vMerge."""
    body = []
    for item in parsed(text):
        if isinstance(item, str):
            body.append(office_files.paragraph(escape(item)))
            continue
        rows = []
        open_below: dict[int, Mark] = {}
        for number, marks in enumerate(item):
            above = [mark for mark in open_below.values() if mark.rowspan > number]
            made = {mark.column: _docx_cell(mark, "restart" if mark.rowspan > 1 else "") for mark in marks}
            made |= {mark.column: _docx_cell(mark._replace(text=""), "continue") for mark in above}
            rows.append(office_files.row(*[cell for _, cell in sorted(made.items())]))
            for mark in marks:
                if mark.rowspan > 1:
                    open_below[mark.column] = mark._replace(rowspan=number + mark.rowspan)
        body.append(office_files.table(*rows))
    return office_files.docx("".join(body))


def _docx_cell(mark: Mark, merge: str) -> str:
    properties = f'<w:gridSpan w:val="{mark.colspan}"/>' if mark.colspan > 1 else ""
    if merge:
        properties += f'<w:vMerge w:val="{merge}"/>'
    inner = "".join(office_files.paragraph(escape(line)) for line in mark.text.split("\n"))
    return office_files.cell(inner, properties)


def read_as(text: str, format: str) -> Document:
    """The layout written in a format and read back."""
    made = {"txt": as_txt, "html": as_html, "docx": as_docx}[format](text)
    return read(made, f"layout.{format}")


def audited(text: str) -> Audit:
    """The audit of a layout."""
    return audit(understand(document(text)))


def facts_in(disclosure: Disclosure) -> list[tuple[object, ...]]:
    """What tables say, without places: the same in every format."""
    return [
        (fact.table, fact.label, fact.quote, fact.value, fact.last_place, fact.identity)
        for fact in disclosure.facts
        if fact.table >= 0
    ]


def parts_in(disclosure: Disclosure) -> list[tuple[object, ...]]:
    """Which amounts are parts of which, by their labels and amounts."""
    return sorted(
        (parts.table, parts.axis, _named(parts.whole), tuple(map(_named, parts.parts)), parts.unknown)
        for parts in disclosure.parts
    )


def _named(fact: Fact) -> tuple[str, str]:
    return fact.label, fact.quote


def cell_fact(disclosure: Disclosure, kind: str, row: str, column: int) -> Fact:
    """The fact in the table of ``kind``, in the first row whose label or code is ``row``, in a column from 1."""
    for index, table in enumerate(disclosure.tables):
        if table.kind != kind:
            continue
        for line in table.rows:
            texts = [re.sub(r"\s", "", cell.text) for cell in line.cells if cell]
            cell = line.cells[column - 1]
            if row in texts and cell is not None:
                for fact in disclosure.facts:
                    if fact.table == index and fact.place == cell.place:
                        return fact
    raise AssertionError(f"no fact in {kind}, row {row}, column {column}")
