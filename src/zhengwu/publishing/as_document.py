"""A publication as the document that a reader would give: to understand and audit it before it has a format."""

import hashlib
from collections.abc import Iterator

from zhengwu.model.document import Block, Cell, Document, Grid, Paragraph, Place, Source
from zhengwu.publishing.publication import Heading, PrintedCell, PrintedTable, Publication, Text


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
    first = Place(line=line + 1)
    rows = [*table.header, *(row.cells for row in table.rows)]
    taken: list[int] = [0] * max(len(table.columns), 1)  # rows that a cell from above still reaches into
    printed = []
    for number, cells in enumerate(rows, 1):
        row = []
        column = 0
        left = list(cells)
        while column < len(taken):
            if taken[column]:
                taken[column] -= 1
                column += 1
                continue
            if not left:
                column += 1
                continue
            cell = left.pop(0)
            line += 1
            row.append(_cell(cell, Place(line=line, row=number, column=column + 1)))
            for _ in range(cell.colspan):
                if column < len(taken):
                    taken[column] = cell.rowspan - 1
                column += 1
        printed.append(tuple(row))
    return Grid(tuple(printed), first)


def _cell(cell: PrintedCell, place: Place) -> Cell:
    return Cell(cell.text, place, cell.colspan, cell.rowspan)


def cell_at(table: PrintedTable, row: int, column: int) -> PrintedCell | None:
    """The cell that begins at a place of the grid, header rows included, both counted from 1; None where one from
    beside or above reaches."""
    grid = _grid(table, 0)
    source = [*table.header, *(one.cells for one in table.rows)]
    for cell, printed in zip(grid.rows[row - 1], source[row - 1], strict=False):
        if cell.place.column == column:
            return printed
    return None
