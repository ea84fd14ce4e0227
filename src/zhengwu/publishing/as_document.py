"""A publication as the document that a reader would give: to understand and audit it before it has a format."""

import hashlib
from collections.abc import Iterator

from zhengwu.model.document import Block, Cell, Document, Grid, Paragraph, Place, Source
from zhengwu.publishing.publication import Heading, PrintedTable, Publication, Text, placed


def document_of(publication: Publication) -> Document:
    """Paragraphs and grids of a publication in their order, places counted as a reader counts them."""
    blocks = tuple(_blocks(publication))
    digest = hashlib.sha256(repr(blocks).encode()).hexdigest()
    return Document(Source(publication.title, "publication", digest), blocks)


def _blocks(publication: Publication) -> Iterator[Block]:
    line = 0
    for text in publication.cover:
        line += 1
        yield Paragraph(text, Place(line=line))
    for block in publication.blocks:
        if isinstance(block, (Heading, Text)):
            line += 1
            yield Paragraph(block.text, Place(line=line))
            continue
        for text in (block.heading, *block.captions):
            if text:
                line += 1
                yield Paragraph(text, Place(line=line))
        grid = _grid(block, line)
        yield grid
        line += sum(len(row) for row in grid.rows)
        for note in block.notes:
            line += 1
            yield Paragraph(note, Place(line=line))


def _grid(table: PrintedTable, line: int) -> Grid:
    rows = [*table.header, *(row.cells for row in table.rows)]
    printed: list[list[Cell]] = [[] for _ in rows]
    for number, at in enumerate(placed(rows, len(table.columns)), line + 1):
        place = Place(line=number, row=at.row + 1, column=at.column + 1)
        printed[at.row].append(Cell(at.cell.text, place, at.colspan, at.rowspan))
    return Grid(tuple(map(tuple, printed)), Place(line=line + 1))
