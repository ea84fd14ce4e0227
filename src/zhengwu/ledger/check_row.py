"""One row on its own, while it is typed: the same problems as on import, by cell, without going through the ledger."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, cast

from zhengwu.ledger import check_texts
from zhengwu.ledger.books import Books
from zhengwu.ledger.cells import text_cell
from zhengwu.ledger.check import CHECKS, duplicate_rows
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.problem import Problem
from zhengwu.ledger.schema import SHEETS, sheet
from zhengwu.ledger.values import REQUIRED, BadValueError, Converter, Value, converter, empty_value

# Of what other sheets a row is held against; none of the checks of a row looks anywhere else.
_NEEDED: dict[str, tuple[str, ...]] = {
    "budget": ("lines",),
    "lines": ("units", "income", "projects", "codes"),
    "purposes": ("codes",),
    "projects": ("lines", "targets", "indicators"),
    "purchased": ("projects", "catalogue"),
    "catalogue": ("purchased",),
    **dict.fromkeys(("procurement", "transfers", "targets", "indicators"), ("projects",)),
}
_ONLY_TEXTS = (check_texts.texts, check_texts.numbered)


class CheckedRow(NamedTuple):
    """A row that was typed. ``values`` has what could be typed by its column's key; ``row`` is the row of the model,
    None where a cell is wrong or a required one empty; ``problems`` name sheet, row and column as an import does."""

    row: Any
    values: dict[str, Value]
    problems: tuple[Problem, ...]


def check_row(key: str, texts: Mapping[str, str | None], ledger: Ledger, *, row: int = 0) -> CheckedRow:
    """Check what was typed into a row of the sheet ``key``: ``texts`` by column key, as a person types or pastes them
    (yuan, names of choices, a code with its name); a column that is left out counts as empty.

    The other sheets are taken from ``ledger``; what draws on the row's own sheet as a whole (a row that stands twice,
    a sum, a balance) is told by ``check.problems`` only. ``row`` is where it stands, for the problems. Raises KeyError
    for a sheet or a column that does not exist.
    """
    found = sheet(key)
    known = {column.key for column in found.columns}
    unknown = texts.keys() - known
    if unknown:
        raise KeyError(f"no column of {key}: {', '.join(sorted(unknown))}")
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for column in found.columns:
        cell = text_cell(texts.get(column.key) or "")
        if cell is None:
            values[column.key] = empty_value(column)
            if column.required:
                problems.append(Problem(found.zh, row, column.zh, REQUIRED))
            continue
        try:
            values[column.key] = _converter(key, column.key)(cell)
        except BadValueError as error:
            problems.append(Problem(found.zh, row, column.zh, error.message))
    if problems:
        return CheckedRow(None, values, tuple(problems))
    made = found.row(**values, row=row)
    return CheckedRow(made, values, tuple(row_problems(key, made, ledger)))


def row_problems(key: str, row: Any, ledger: Ledger) -> list[Problem]:
    """What is wrong with a typed row of the sheet ``key``, beside the other sheets of ``ledger``; in the order of the
    checks. What it leaves out: see ``check_row``."""
    own = {key: row if key == "budget" else (row,)}
    empty: dict[str, Any] = {one.key: () for one in SHEETS if one.key != "budget"}
    needed = {one: getattr(ledger, one) for one in _NEEDED.get(key, ())}
    alone = Books(Ledger(ledger.source, ledger.budget, **cast(Any, empty))._replace(**cast(Any, own)))
    among = Books(alone.ledger._replace(**cast(Any, needed)))
    title = sheet(key).zh
    return [
        problem
        for check, whole in CHECKS
        if key not in whole and check is not duplicate_rows
        for problem in check(alone if check in _ONLY_TEXTS else among)
        if problem.sheet == title and problem.row == row.row
    ]


@lru_cache(maxsize=256)
def _converter(key: str, column: str) -> Converter:
    """The converter of a column, made once. Longer texts are not worth remembering, and there is no end of them."""
    found = next(one for one in sheet(key).columns if one.key == column)
    if found.type not in ("text", "long"):
        return converter(found)
    return lambda cell: converter(found)(cell)
