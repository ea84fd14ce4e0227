"""Columns that compare two years: the difference and the rate beside the two amounts they come from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.disclosure import Claim
from zhengwu.model.fact import Fact
from zhengwu.model.table import Column
from zhengwu.recognition.column_parts import RowFacts
from zhengwu.recognition.row_parts import Found

_MEMBERS = ("fund", "nature", "item", "measure", "departmental", "government")
_HUNDRED = Decimal(100)


class Changes(NamedTuple):
    """Differences as relations (this = last + difference), rates as claims.

    A rate that falls is printed with a minus; a claim's is without one, its direction being in the amounts.
    ``replaced`` gives such rates by the id of the fact as read."""

    parts: Found
    claims: list[Claim]
    replaced: dict[int, Fact]


def changes_of(amounts: Sequence[tuple[int, Column]], rows: Sequence[RowFacts], year: int) -> Changes:
    """What the columns of changes state, row by row.

    A column counts only where the two columns it compares are told by their years, and where most rows bear
    it out: a rate against another base is no defect.
    """
    out = Changes([], [], {})
    for position, column in amounts:
        dims = dict(column.dims)
        aspect = dims.get("aspect")
        if aspect not in ("change", "rate") or "占" in "".join(column.label) or "完成" in "".join(column.label):
            continue
        pair = _compared(dims, amounts, year)
        if pair is None:
            continue
        this, last = pair
        full = [row for row in rows if position in row and this in row and last in row]
        if aspect == "change":
            full = [row for row in rows if position in row and (this in row or last in row)]
            good = sum(1 for row in full if _differs_by(row, position, this, last))
            if good * 2 >= len(full):
                for row in full:
                    _difference(row, position, this, last, out.parts)
        else:
            full = [row for row in full if row[last].value]
            good = sum(1 for row in full if _is_rate(row[position], row[this], row[last]))
            if good * 2 >= len(full):
                for row in full:
                    fact = _unsigned(row[position], row[this], row[last])
                    out.replaced[id(row[position])] = fact
                    span = (0, len(fact.quote))
                    out.claims.append(Claim("rate", fact.place, fact.quote, span, fact, row[this], row[last]))
    return out


def _compared(dims: dict[str, str], amounts: Sequence[tuple[int, Column]], year: int) -> tuple[int, int] | None:
    """(this year's, last year's) column with the members of the column of changes, if just these two are there."""
    members = [dims.get(key, "") for key in _MEMBERS]
    found: dict[int, list[int]] = {}
    for position, column in amounts:
        own = dict(column.dims)
        if own.get("aspect") or [own.get(key, "") for key in _MEMBERS] != members:
            continue
        said = own.get("year", "")
        when = year - 1 if said == "last" else int(said) if said else year
        found.setdefault(when, []).append(position)
    if len(found) != 2 or any(len(positions) > 1 for positions in found.values()):
        return None
    last, this = sorted(found)
    return found[this][0], found[last][0]


def _differs_by(row: RowFacts, position: int, this: int, last: int) -> bool:
    values = [row[at].value if at in row else Decimal(0) for at in (this, last)]
    slack = row[position].last_place * 3 / 2
    return abs(values[0] - values[1] - row[position].value) <= slack


def _difference(row: RowFacts, position: int, this: int, last: int, found: Found) -> None:
    if this in row:
        parts = tuple(row[at] for at in (last, position) if at in row)
        found.append(("row", row[this], parts, ""))


def _is_rate(stated: Fact, this: Fact, last: Fact) -> bool:
    exact = _HUNDRED * (this.value - last.value) / last.value
    return abs(exact - stated.value) <= stated.last_place


def _unsigned(stated: Fact, this: Fact, last: Fact) -> Fact:
    """The rate with the sign it has against the direction of the amounts: plus when they agree."""
    return stated._replace(value=-stated.value) if this.value < last.value else stated
