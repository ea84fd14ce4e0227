"""Tables that list the ledger's lines: the detail table, basic expenditure, purchased services, transfers."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zhengwu.ledger.amounts import belongs, of_nature
from zhengwu.ledger.model import Line
from zhengwu.ledger.schema import BOUND_NATURES, NATURES
from zhengwu.publishing.cells import printed, value_of
from zhengwu.publishing.publication import PrintedCell, PrintedRow

if TYPE_CHECKING:
    from zhengwu.publishing.tables import Plan

_AXES = ("function", "government", "departmental")
OTHER_NATURES = {choice.key: choice.zh for choice in NATURES if choice.key not in BOUND_NATURES}
_BASIC_PROJECTS = {"301": 0, "303": 1}  # which of a dialect's names of basic projects a class takes; others the last


def project_name(plan: "Plan", line: Line) -> str:
    """A line's project as printed: basic expenditure without one is named by its class and economic item, what is
    neither basic nor a project by its nature."""
    if line.nature in OTHER_NATURES:  # neither basic nor a project: the name says what it is
        return f"{OTHER_NATURES[line.nature]}_{line.project}" if line.project else OTHER_NATURES[line.nature]
    if line.project or line.nature != "basic":
        return line.project
    names = plan.context.dialect.basic_projects
    if not names:
        return ""
    head = names[min(_BASIC_PROJECTS.get(line.departmental[:3], len(names) - 1), len(names) - 1)]
    return f"{head}_{plan.amounts.name('departmental', line.departmental)}"


def line_rows(plan: "Plan") -> tuple[list[PrintedRow], dict[int, int]]:
    """A row for each line that the table is about, and the totals by column.

    A ledger may have a hundred thousand lines: cells of codes and names are made once for each code.
    """
    with _collection_paused():
        return _line_rows(plan)


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Without cyclic garbage collection: rows are tuples without cycles, and the collector would go through all of
    them again and again (half of the time at a hundred thousand lines)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _line_rows(plan: "Plan") -> tuple[list[PrintedRow], dict[int, int]]:
    lines = _restricted(plan)
    for key in reversed(plan.layout.sort):
        lines.sort(key=lambda pair: getattr(pair[0], key))
    at = plan.amount_columns
    wanted = [dict(plan.columns[n].members).get("nature", "") for n in at]
    zeros = [PrintedCell(zero, value_of(zero)) if (zero := plan.columns[n].zero) else PrintedCell() for n in at]
    # Which amount columns a nature counts in, asked once for each nature.
    hits = {nature: [of_nature(nature, one) for one in wanted] for nature in {nature for _, nature in lines}}
    sums = [0] * len(at)
    known: dict[tuple[str, ...], tuple[PrintedCell, ...]] = {}
    first = at[0]
    with_project = any(column.role == "project" for column in plan.columns)
    unit = plan.spec.money_unit
    rows = []
    for line, nature in lines:
        codes = (line.function, line.government, line.departmental, line.project if with_project else "", line.nature)
        cells = known.get(codes)
        if cells is None:
            cells = known[codes] = _words(plan, line, first)
        amount = line.amount
        cell = PrintedCell(*printed(amount, unit)) if amount else None
        values = []
        for n, hit in enumerate(hits[nature]):
            if hit:
                sums[n] += amount
            values.append(cell if hit and cell else zeros[n])
        rows.append(PrintedRow("item", (*cells, *values)))
    return rows, dict(zip(at, sums, strict=True))


def _restricted(plan: "Plan") -> list[tuple[Line, str]]:
    """The lines that a table is about, each with its finest nature."""
    lines = zip(plan.amounts.ledger.lines, plan.amounts.natures, strict=True)
    restrict = dict(plan.layout.restrict)
    if not restrict:
        return list(lines)
    nature, fund = restrict.get("nature", ""), restrict.get("fund", "")
    return [pair for pair in lines if of_nature(pair[1], nature) and belongs(pair[0].fund, fund, True)]


def _words(plan: "Plan", line: Line, until: int) -> tuple[PrintedCell, ...]:
    """The cells before the amounts."""
    cells = []
    for column in plan.columns[:until]:
        if column.role == "project":
            cells.append(PrintedCell(project_name(plan, line)))
        elif column.axis in _AXES:
            code = getattr(line, column.axis)
            cells.append(PrintedCell(code if column.role == "code" else plan.amounts.name(column.axis, code)))
        else:
            cells.append(PrintedCell())
    return tuple(cells)


def catalogue_rows(plan: "Plan") -> list[PrintedRow]:
    """Purchased services under the entries of their catalogue: the unit, A, A23, A2315, the projects."""
    amounts, ledger = plan.amounts, plan.amounts.ledger
    if not ledger.purchased:
        return []
    base = plan.members[plan.amount_columns[0]]

    def row(code: str, name: str, function: str, fen: int, level: int) -> PrintedRow:
        cell = plan.cell(fen, plan.columns[-1].zero, {**base, "item": code if level else ""})  # the unit: all of it
        return PrintedRow(
            "item", (PrintedCell(code), PrintedCell(name, indent=level), PrintedCell(function), cell), level
        )

    rows = [row(ledger.budget.code, ledger.budget.name, "", amounts.purchased(), 0)]
    names = {entry.code: entry.name for entry in ledger.catalogue}
    used = [one.catalogue for one in ledger.purchased]
    entries = sorted(code for code in names if any(one.startswith(code) for one in used))
    functions: dict[str, dict[str, None]] = {}
    for line in ledger.lines:
        functions.setdefault(line.project, {})[line.function] = None
    for entry in entries:
        level = sum(entry.startswith(other) for other in entries)  # from 1: the unit stands over all
        rows.append(row(entry, names[entry], "", amounts.purchased(entry), level))
        for one in ledger.purchased:
            if one.catalogue == entry:
                spelt = "、".join(f"{code}{amounts.name('function', code)}" for code in functions.get(one.project, {}))
                rows.append(row(one.number, one.project, spelt, amounts.fiscal_projects.get(one.project, 0), level + 1))
    return rows


def transfer_rows(plan: "Plan") -> tuple[list[PrintedRow], int]:
    """The lines of projects that a special transfer pays for, with its document."""
    ledger = plan.amounts.ledger
    documents = {one.project: one.document for one in ledger.transfers}
    units = {unit.code: unit.name for unit in ledger.units}
    rows, total = [], 0
    for line in ledger.lines:
        if line.project not in documents or line.nature == "basic":
            continue
        total += line.amount
        amount = PrintedCell(*printed(line.amount, plan.spec.money_unit))
        words = (line.unit, units.get(line.unit, ""), line.function, line.government, line.departmental, line.project)
        cells = (*map(PrintedCell, words), amount, PrintedCell(documents[line.project]))
        rows.append(PrintedRow("item", cells))
    return rows, total
