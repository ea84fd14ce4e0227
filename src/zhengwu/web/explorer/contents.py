"""A published document as a page: its paragraphs and tables, from Round.reading, in their order, each number with
an address that stays."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from zhengwu.model.number import YUAN_IN
from zhengwu.web.explorer.addresses import anchor
from zhengwu.web.explorer.parts import TEXT, Part, line_of, parts_of

Json = dict[str, Any]
_READABLE_FROM = Decimal(10_000)  # below that a number reads well as it is


@dataclass
class Cell:
    """A cell of a page's table. ``yuan`` is set for amounts large enough to be told in words as well, ``page`` for
    numbers of a file with pages."""

    text: str
    id: str = ""
    head: bool = False
    amount: bool = False
    colspan: int = 1
    rowspan: int = 1
    yuan: Decimal | None = None
    page: int | None = None


@dataclass
class TableBlock:
    """A table with its header made from the columns' labels."""

    id: str
    index: int
    title: str
    money_unit: str
    page: int | None
    captions: list[str]
    notes: list[str]
    continued: bool = False  # its first rows stand in the part before
    header: list[list[Cell]] = field(default_factory=list)
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)
    kind = "table"

    @property
    def empty(self) -> bool:
        """Whether no cell says anything."""
        return not any(cell.text.strip() for _kind, cells in self.rows for cell in cells)


@dataclass
class TextBlock:
    """A paragraph, or a heading of level 2 to 5."""

    id: str
    text: str
    level: int = 0
    page: int | None = None
    kind = "text"


Block = TextBlock | TableBlock


def blocks_of(reading: Json, part: Part | None = None) -> list[Block]:
    """The blocks of a part, all without one, in the order of the document."""
    wanted = parts_of(reading, math.inf)[0] if part is None else part
    sections = reading.get("text", ())
    heads = {tuple(section["heading"]) for section in sections}
    blocks: list[Block] = []
    for index, first, last in wanted:
        if index == TEXT:
            blocks += [_paragraph(sections[number], number, heads) for number in range(first, last)]
        else:
            blocks.append(table_of(index, reading["tables"][index], first, last))
    return blocks


def _paragraph(section: Json, number: int, heads: set[tuple[str, ...]]) -> TextBlock:
    """A paragraph; what a later paragraph names as the heading it stands under is one."""
    path = (*section["heading"], section["text"])
    level = min(len(path) + 1, 5) if path in heads else 0
    return TextBlock(f"p{line_of(section, number)}", section["text"], level, section.get("at", {}).get("page"))


class Entry(NamedTuple):
    """A table in the list of contents, with the number of the part in which it begins."""

    id: str
    title: str
    page: int | None
    part: int


def entries_of(reading: Json, parts: Sequence[Part]) -> list[Entry]:
    """All tables of a document."""
    tables = reading.get("tables", ())
    return [
        Entry(f"t{one.table + 1}", title_of(one.table, tables[one.table]), tables[one.table].get("at", {}).get("page"), number)
        for number, part in enumerate(parts, 1)
        for one in part
        if one.table != TEXT and not one.first
    ]  # fmt: skip


def title_of(index: int, table: Json) -> str:
    """A table's number and title, its place among the tables where it has neither."""
    return " ".join(filter(None, (table.get("number"), table.get("title")))) or f"{index + 1}"


def table_of(index: int, table: Json, first: int = 0, last: int | None = None) -> TableBlock:
    """One table of a reading, for a page or a file; of its rows those from ``first`` to before ``last``."""
    unit = table.get("money_unit") or ""
    whole = last is None or last >= len(table["rows"])
    block = TableBlock(
        f"t{index + 1}-{first + 1}" if first else f"t{index + 1}", index, title_of(index, table), unit,
        table.get("at", {}).get("page"), list(table.get("captions", ())), list(table.get("notes", ())) if whole else [],
        continued=first > 0,
    )  # fmt: skip
    columns = table.get("columns", ())
    rows = [row["cells"] for row in table["rows"]]
    # A column of amounts may be called "project" as well as one of names: the cells tell.
    amounts = [
        not column["key"].startswith("code")
        and any(cells[n].get("value") is not None for cells in rows if n < len(cells))
        for n, column in enumerate(columns)
    ]
    named = next(
        (n for n, column in enumerate(columns) if column["label"] and _is_name(column["key"]) and not amounts[n]), None
    )
    block.header = _header([[" ".join(label.split()) for label in column["label"]] for column in columns], amounts)
    worth = YUAN_IN.get(unit, Decimal(1))
    for number, row in enumerate(table["rows"][first:last], first + 1):
        cells: list[Cell] = []
        for place, cell in enumerate(row["cells"]):
            if "at" not in cell and cells:
                # Spanned from the left or from above: the neighbour covers it.
                cells[-1].colspan += 1
                continue
            cells.append(_cell(index, number, place, cell, place < len(amounts) and amounts[place], worth))
            cells[-1].head = place == named and bool(cell["text"].strip())
        block.rows.append((row["kind"], cells))
    return block


def _is_name(key: str) -> bool:
    return key.startswith(("name", "label", "project"))


def _cell(index: int, number: int, place: int, cell: Json, may_be_amount: bool, worth: Decimal) -> Cell:
    at = cell.get("at", {})
    made = Cell(cell["text"])
    if cell.get("value") is None:
        if at.get("row") and cell["text"].strip():
            made.id = anchor(index, at["row"], at.get("column"))
        return made
    made.id = anchor(index, at.get("row", number), at.get("column", place + 1))
    made.amount = may_be_amount
    made.page = at.get("page") if may_be_amount else None
    if may_be_amount:
        try:
            yuan = Decimal(cell["value"]) * worth
        except InvalidOperation:
            return made
        if abs(yuan) >= _READABLE_FROM and "%" not in cell["text"]:
            made.yuan = yuan
    return made


def _header(labels: list[list[str]], amounts: list[bool]) -> list[list[Cell]]:
    """Rows of header cells from each column's path: equal neighbours under equal parents are one cell."""
    depth = max((len(label) for label in labels), default=0)
    rows: list[list[Cell]] = []
    for level in range(depth):
        row: list[Cell] = []
        before: list[str] | None = None
        for label, amount in zip(labels, amounts, strict=True):
            if level >= len(label):
                before = None
                if level == 0:
                    row.append(Cell("", rowspan=depth))
                continue
            path = label[: level + 1]
            last = level == len(label) - 1
            if path == before and not last:
                row[-1].colspan += 1
            else:
                row.append(Cell(label[level], head=True, amount=last and amount, rowspan=depth - level if last else 1))
            before = path if not last else None
        rows.append(row)
    return rows
