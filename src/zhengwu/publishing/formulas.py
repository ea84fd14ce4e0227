"""Which cells of a publication's tables are sums of others, as its own reading finds them."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from zhengwu.model.disclosure import Disclosure, Parts
from zhengwu.model.fact import Fact
from zhengwu.model.number import YUAN_IN
from zhengwu.publishing.publication import PrintedTable, Publication, placed

Cell = tuple[int, int]  # body row and grid column, 0-based

# A code is the sum of the codes below it before a row is the sum of its columns: down the columns a new line joins
# its total.
_ORDER = {"code": 0, "total": 0, "row": 1}


def formulas_of(disclosure: Disclosure, publication: Publication) -> dict[tuple[int, int, int], tuple[Cell, ...]]:
    """For each cell that is exactly the sum of others of its table: (index of the table, body row, grid column) ->
    those cells.

    ``disclosure`` is the reading of the same publication: its tables' indexes are the publication's. A cell gets one
    sum at most, and no cell depends on itself. What goes off (``Parts.minus``), what is not understood whole and
    what only nearly adds up gives none.
    """
    amounts = [_amounts(table) for table in publication.tables]
    chosen: dict[tuple[int, int, int], tuple[Cell, ...]] = {}
    below: dict[int, dict[Cell, tuple[Cell, ...]]] = defaultdict(dict)
    for relation in sorted(disclosure.parts, key=lambda parts: _ORDER.get(parts.axis, 2)):
        table = relation.table
        if relation.unknown or relation.minus or not 0 <= table < len(amounts) or relation.axis not in _ORDER:
            continue
        header = len(publication.tables[table].header)
        whole, parts = _cells(relation, header)
        if whole is None or not parts or (table, *whole) in chosen:
            continue
        known = amounts[table]
        if any(cell not in known for cell in (whole, *parts)):
            continue
        if sum((known[cell] for cell in parts), Decimal(0)) != known[whole] or not _as_read(relation, known, header):
            continue
        if _reaches(below[table], parts, whole):
            continue
        chosen[(table, *whole)] = parts
        below[table][whole] = parts
    return chosen


def _amounts(table: PrintedTable) -> dict[Cell, Decimal]:
    """The printed amounts by cell, in yuan."""
    worth = YUAN_IN[table.money_unit] if table.money_unit in YUAN_IN else Decimal(1)
    return {
        (at.row, at.column): at.cell.value * worth
        for at in placed([row.cells for row in table.rows], len(table.columns))
        if at.cell.value is not None and at.cell.text.strip()
    }


def _cells(relation: Parts, header: int) -> tuple[Cell | None, tuple[Cell, ...]]:
    """The whole's cell and its parts'; nothing where one has no cell in the table's body or comes twice."""
    found = [_cell(fact, relation.table, header) for fact in (relation.whole, *relation.parts)]
    cells = [cell for cell in found if cell is not None]
    if len(cells) < len(found) or len(set(cells)) < len(cells):
        return None, ()
    return cells[0], tuple(cells[1:])


def _cell(fact: Fact, table: int, header: int) -> Cell | None:
    row, column = fact.place.row, fact.place.column
    if fact.table != table or row is None or column is None or row <= header:
        return None
    return row - 1 - header, column - 1


def _as_read(relation: Parts, known: dict[Cell, Decimal], header: int) -> bool:
    """Whether the reading has the amounts of the publication: its tables are then surely the same."""
    facts = (relation.whole, *relation.parts)
    return all(
        (cell := _cell(fact, relation.table, header)) is not None and known[cell] == fact.value for fact in facts
    )


def _reaches(below: dict[Cell, tuple[Cell, ...]], start: Iterable[Cell], goal: Cell) -> bool:
    """Whether ``goal`` is among ``start`` or what these are sums of."""
    waiting, seen = list(start), set()
    while waiting:
        cell = waiting.pop()
        if cell == goal:
            return True
        if cell not in seen:
            seen.add(cell)
            waiting.extend(below.get(cell, ()))
    return False
