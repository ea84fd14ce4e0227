"""A column that slipped by a row: each of its rows prints what its neighbour should."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.fact import Fact
from zhengwu.rules.evaluation import Evaluated

_LEAST_ROWS = 2


class Shift(NamedTuple):
    """A slip: ``step`` is where the right amount stands (+1 one row below, -1 one row above)."""

    step: int
    rows: list[Evaluated]  # the broken row relations it explains
    facts: tuple[Fact, ...]  # the misplaced amounts
    values: dict[int, Decimal]  # id of a fact -> what should stand in its cell


def shifts_in(broken: list[Evaluated]) -> list[Shift]:
    """The slips that explain two or more broken row totals of one table, all that are broken in it."""
    tables: dict[int, list[Evaluated]] = defaultdict(list)
    for item in broken:
        facts = [term.fact for term in item.relation.terms]
        at = {(fact.document, fact.table, fact.place.row) for fact in facts}
        own = facts[0].table >= 0 and not facts[0].document
        if not item.relation.ratio and len(at) == 1 and own and facts[0].place.row:
            tables[facts[0].table].append(item)
    found = []
    for rows in tables.values():
        if len(rows) >= _LEAST_ROWS:
            shift = _explained(rows)
            if shift is not None:
                found.append(shift)
    return found


def _explained(rows: list[Evaluated]) -> Shift | None:
    cells: dict[int, dict[int, Fact]] = defaultdict(dict)  # column of a part -> row -> its amount
    needed: dict[int, dict[int, Decimal]] = defaultdict(dict)  # column -> row -> what would mend the row
    for item in rows:
        for sign, fact in item.relation.terms:
            if sign > 0 and fact.place.column and fact.place.row:
                cells[fact.place.column][fact.place.row] = fact
    for column, printed in cells.items():
        for item in rows:
            row = item.relation.terms[0].fact.place.row or 0
            value = printed[row].value if row in printed else Decimal(0)
            needed[column][row] = value - item.residual
        for step in (1, -1):
            wrong = {row: value for row, value in needed[column].items() if not _stands(printed, row + step, value)}
            amounts = sum(1 for row, value in needed[column].items() if value and row not in wrong)
            if amounts >= _LEAST_ROWS and len(wrong) <= 1:  # the last one fell off the end of the column
                facts = tuple(printed[row] for row in sorted(printed))
                values = {id(printed[row]): value for row, value in needed[column].items() if row in printed}
                return Shift(step, rows, facts, values)
    return None


def _stands(printed: dict[int, Fact], row: int, value: Decimal) -> bool:
    """Whether ``value`` is printed in ``row``, a blank cell being zero."""
    return printed[row].value == value if row in printed else not value
