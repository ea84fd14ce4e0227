"""A publication made of a document that was read, and a document made of a publication: for the writers' tests."""

from decimal import Decimal

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Block, Cell, Document, Grid, Paragraph, Place, Source
from zhengwu.model.number import parse_number
from zhengwu.publishing.publication import Block as PrintedBlock
from zhengwu.publishing.publication import (
    Heading,
    PrintedCell,
    PrintedColumn,
    PrintedRow,
    PrintedTable,
    Publication,
    Run,
    Text,
    placed,
)
from zhengwu.recognition.words import numbering_level


def reprinted(disclosure: Disclosure) -> Publication:
    """The publication that prints what a disclosure holds: its sections, then its tables."""
    blocks: list[PrintedBlock] = []
    for section in disclosure.sections[2:]:
        level = numbering_level(section.text)
        short = len(section.text) < 30 and not section.text.endswith(("。", "；"))
        if short and level is not None:
            blocks.append(Heading(min(level + 1, 4), section.text))
        else:
            blocks.append(Text((Run(section.text),)))
    for table in disclosure.tables:
        form = table.kind in ("target_form", "whole_target")
        heading = f"表{table.number}：{table.title}" if table.number else table.title
        columns = tuple(PrintedColumn(column.role) for column in table.columns)
        rows = []
        for row in table.rows:
            cells = []
            for cell, column in zip(row.cells, table.columns, strict=True):
                if cell is not None:
                    number = parse_number(cell.text) if column.role == "amount" else None
                    value = number.value if number else None
                    cells.append(
                        PrintedCell(
                            cell.text.strip(), value, None, cell.colspan, cell.rowspan, "", column.role == "name"
                        )
                    )
            rows.append(PrintedRow("total" if row.kind == "total" else "item", tuple(cells)))
        header = tuple(
            tuple(PrintedCell(cell.text, None, None, cell.colspan, cell.rowspan) for cell in row)
            for row in table.header
        )
        blocks.append(
            PrintedTable(
                table.kind, table.number, table.title, table.money_unit, columns, header, tuple(rows),
                (f"编制单位：{disclosure.unit}", f"单位：{table.money_unit}"), (), form, len(columns) > 5, heading,
            )
        )  # fmt: skip
    cover = tuple(section.text for section in disclosure.sections[:2])
    return Publication(
        cover[0], disclosure.unit, "107001", disclosure.year or 0, disclosure.kind, disclosure.dialect, cover, tuple(blocks)
    )  # fmt: skip


def as_document(publication: Publication) -> Document:
    """The publication as if read from paper in the workbook's order: cover, narrative, tables."""
    blocks: list[Block] = []
    number = 0

    def paragraph(text: str) -> None:
        nonlocal number
        for line in text.split("\n"):
            if line.strip():
                number += 1
                blocks.append(Paragraph(line.strip(), Place(line=number)))

    for line in publication.cover:
        paragraph(line)
    for block in publication.blocks:
        if not isinstance(block, PrintedTable):
            paragraph(block.text)
    for table in publication.tables:
        for line in (table.heading, *table.captions):
            paragraph(line)
        rows: list[list[Cell]] = [[] for _ in range(len(table.header) + len(table.rows))]
        width = len(table.columns)
        for offset, group in ((0, table.header), (len(table.header), tuple(row.cells for row in table.rows))):
            for at in placed(group, width):
                number += 1
                place = Place(line=number, row=at.row + offset + 1, column=at.column + 1)
                rows[at.row + offset].append(Cell(at.cell.text, place, at.colspan, at.rowspan))
        blocks.append(Grid(tuple(map(tuple, rows)), Place(line=number)))
        for note in table.notes:
            paragraph(note)
    return Document(Source("memory", "html", ""), tuple(blocks))


def text_of(text: str) -> Text:
    """A paragraph of one run."""
    return Text((Run(text),))


def amount(text: str, **more: object) -> PrintedCell:
    """A cell that prints an amount."""
    return PrintedCell(text, Decimal(text.replace(",", "")))._replace(**more)
