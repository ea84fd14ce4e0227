"""Facts from tables: each amount with its identity, and which amounts are parts of which."""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from zhengwu.dialects import kind_facts, tree
from zhengwu.model.disclosure import Claim, Line, NameUse, Parts
from zhengwu.model.document import Cell
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.number import last_place
from zhengwu.model.table import Column, Row, Table
from zhengwu.recognition.changes import changes_of
from zhengwu.recognition.column_parts import carried_on, patterns_of, settled
from zhengwu.recognition.row_parts import (
    CodeTree,
    Item,
    as_parts,
    code_parts,
    code_tree,
    folded_parts,
    item_parts,
    list_parts,
    side_parts,
)
from zhengwu.recognition.rows import LEVEL_CODE, Dims, RowMeaning, RowReader
from zhengwu.recognition.words import label_of, number_in

_NO_AMOUNTS = ("target_form", "whole_target", "target_directory")
_LISTS = ("project_expenditure", "procurement", "purchased_services", "special_transfers", "detail")
_FOLDED = ("basic", "general_basic")

Columns = list[tuple[int, Column]]


class TableFacts(NamedTuple):
    """What one table says."""

    facts: list[Fact]
    parts: list[Parts]
    lines: list[Line]
    names: list[NameUse]
    claims: list[Claim]


class Context(NamedTuple):
    """What the document tells every table."""

    year: int
    stage: str
    basic_projects: tuple[str, ...]


class _Group(NamedTuple):
    """One group of columns as read."""

    reader: RowReader
    amounts: Columns
    items: list[Item]
    shape: CodeTree


def facts_of(index: int, table: Table, context: Context) -> TableFacts:
    """All facts of the table at ``index``, with their part-whole relations, ledger lines and names."""
    out = TableFacts([], [], [], [], [])
    if table.kind in _NO_AMOUNTS:
        return out
    base = kind_facts(table.kind, table.title) if table.kind else {}
    by_number: dict[int, Columns] = defaultdict(list)
    for position, column in enumerate(table.columns):
        by_number[column.group].append((position, column))
    folded = len(by_number) > 1 and table.kind in _FOLDED
    groups = []
    seen: dict[tuple[str, Identity], Fact] = {}
    for number, columns in by_number.items():
        side = _side(table, columns, number)
        groups.append(_group(index, table, columns, side, base, context, out, seen, folded))
    if folded:
        _folded(index, groups, out)
    return out


def _side(table: Table, columns: Columns, number: int) -> str:
    """Whether a column group of a summary, or of a table of sources in words, speaks of income or of
    expenditure."""
    if table.kind == "income" and not any(c.role == "code" for _, c in columns):
        return "income" if any(c.role == "label" for _, c in columns) else ""
    if table.kind not in ("summary", "fiscal_summary"):
        return ""
    for _, column in columns:
        path = ">".join(column.label)
        if "支出" in path and "收入" not in path:
            return "expenditure"
        if "收入" in path and "支出" not in path:
            return "income"
    return "income" if number == 0 else "expenditure"


def _group(
    index: int,
    table: Table,
    columns: Columns,
    side: str,
    base: Dims,
    context: Context,
    out: TableFacts,
    seen: dict[tuple[str, Identity], Fact],
    folded: bool,
) -> _Group:
    reader = RowReader(table, columns, side, context.year)
    amounts = [(position, column) for position, column in columns if column.role == "amount"]
    carried = any("carryover" in dict(column.dims).get("fund", "") for _, column in amounts)
    own_dims = {position: _own_dims(column, side, base, carried) for position, column in amounts}
    if base.get("measure") == "three_public" and len({own.get("fund", "") for own in own_dims.values()} - {""}) == 1:
        for own in own_dims.values():  # 财政拨款 over the three public expenses tells them from nothing else
            own.pop("fund", None)
    listing = _is_list(reader)
    worth = table.unit_worth
    items: list[Item] = []
    for number, row in enumerate(table.rows):
        if row.kind == "blank":
            continue
        meaning = reader.read(row)
        dims = {**base, **({"measure": side} if side else {}), **meaning.dims}
        if listing and meaning.level >= LEVEL_CODE:
            dims["item"] = f"{_project(table, row)}#{index}.{number}"
        found: dict[int, Fact] = {}
        for position, column in amounts:
            cell = row.cells[position]
            if cell is None or not cell.text:
                continue
            members = {**own_dims[position], **dims} if side == "income" else {**dims, **own_dims[position]}
            if reader.coded and dims.get("measure") == "carry_out" and members.get("fund"):
                members["measure"] = ""  # by source of income: a budget's carry-over may stand under two sources
            fact = _fact(index, table, worth, cell, column, meaning, members, context)
            if fact is not None:
                found[position] = _once(fact, side, seen, index, out) if side else fact
        out.facts.extend(found.values())
        items.append(Item(row, meaning, found))
        _names(index, columns, row, meaning, out)
        if listing and found and meaning.level >= LEVEL_CODE:
            out.lines.append(_line(table, row, meaning, next(iter(found.values())), context))
    shape = code_tree(items, listing)
    group = _Group(reader, amounts, items, shape)
    _row_relations(index, group, base, context, out)
    for position, column in amounts:
        if dict(column.dims).get("aspect") == "rate":
            continue
        if side:
            relations = side_parts(items, position, side)
        elif reader.coded:
            relations = code_parts(items, shape, position, with_totals=not folded)
        else:
            relations = item_parts(items, position)
            if not relations and table.kind in _LISTS:
                relations = list_parts(items, position)
        out.parts.extend(as_parts(index, relations))
    return group


def _once(fact: Fact, side: str, seen: dict[tuple[str, Identity], Fact], index: int, out: TableFacts) -> Fact:
    """A summary with several groups of expenditure says its totals in each: one identity, one fact; the
    others equal it. Whatever else comes twice stays as it is: which one is the thing cannot be told."""
    identity = fact.identity
    if identity is None or side != "expenditure" or identity.measure not in ("outflow", "carry_out", "expenditure"):
        return fact
    if identity.function or identity.departmental or identity.government or identity.nature:
        return fact
    first = seen.setdefault((side, identity), fact)
    if first is fact:
        return fact
    repeated = fact._replace(identity=None)
    out.parts.append(Parts("total", index, repeated, (first,)))
    return repeated


def _row_relations(index: int, group: _Group, base: Dims, context: Context, out: TableFacts) -> None:
    """Columns that are parts of a column, and changes against the year before, row by row."""
    if len(group.amounts) < 2:
        return
    rows = [item.facts for item in group.items]
    for pattern in patterns_of(group.amounts, base):
        parts = settled(pattern, rows)
        if parts is None and not pattern.certain:
            continue
        unknown = ""
        if parts is None:
            parts = pattern.parts
            unknown = "、".join(_label_at(group, position) for position in pattern.unsure)
        for facts in rows:
            whole = facts.get(pattern.whole)
            below = tuple(facts[position] for position in parts if position in facts)
            if whole is not None and below:
                out.parts.append(Parts("row", index, whole, below, unknown))
    flow = carried_on(group.amounts) if base.get("fund") in ("government_fund", "state_capital") else None
    if flow:
        closing, before, spent = flow
        for facts in rows:
            own = tuple(facts[position] for position in before if position in facts)
            if closing in facts and own:
                gone = (facts[spent],) if spent in facts else ()
                out.parts.append(Parts("row", index, facts[closing], own, "", gone))
    found = changes_of(group.amounts, rows, context.year)
    out.parts.extend(as_parts(index, found.parts))
    out.claims.extend(found.claims)
    if found.replaced:
        out.facts[:] = [found.replaced.get(id(fact), fact) for fact in out.facts]


def _label_at(group: _Group, position: int) -> str:
    column = next(column for at, column in group.amounts if at == position)
    return column.label[-1] if column.label else f"第{position + 1}列"


def _folded(index: int, groups: list[_Group], out: TableFacts) -> None:
    """Totals over groups of columns that go on one list."""
    coded = [group for group in groups if group.reader.coded]
    for at in range(max((len(group.amounts) for group in coded), default=0)):
        same = [
            (group.items, group.shape, group.amounts[at][0], dict(group.amounts[at][1].dims))
            for group in coded
            if at < len(group.amounts)
        ]
        out.parts.extend(as_parts(index, folded_parts(same)))


def _own_dims(column: Column, side: str, base: Dims, carried: bool) -> Dims:
    """A column's members. On a summary's sides the rows, not the headers, tell what is measured.

    In a table of one fund, what is carried over is that fund's, and 财政拨款 in a header says less than the
    title. An expenditure from this year's appropriation is not the fund's whole expenditure where another
    column has what was carried over.
    """
    own = dict(column.dims)
    if side:
        own.pop("measure", None)
        return own
    if base.get("measure") != "expenditure":
        return own
    fund = own.get("fund", "")
    title_fund = base.get("fund", "")
    if fund == "carryover" and title_fund:
        own["fund"] = f"carryover.{title_fund}"
        if own.get("measure") is None and not own.get("nature") and "安排" not in "".join(column.label):
            own["measure"] = "income"
    elif fund.startswith("carryover"):
        pass
    elif (
        carried
        and (fund or (column.label[:1] and column.label[0].startswith(("当年", "本年"))))
        and (own.get("measure") is None)
    ):
        own["fund"] = f"current.{title_fund or fund}"
    elif title_fund and title_fund in tree("fund").get(fund, ()):
        own["fund"] = title_fund
    return own


def _is_list(reader: RowReader) -> bool:
    """A table with codes of several classifications lists lines: a code may come more than once."""
    return len([axis for axis in reader.axes if axis]) > 1


def _project(table: Table, row: Row) -> str:
    for cell, column in zip(row.cells, table.columns, strict=True):
        if column.role == "project" and cell:
            return "".join(cell.text.split())
    return ""


def _line(table: Table, row: Row, meaning: RowMeaning, fact: Fact, context: Context) -> Line:
    project = _project(table, row)
    basic = None
    if table.kind in ("general_basic", "basic"):
        basic = True
    elif project and context.basic_projects:
        basic = project.startswith(context.basic_projects)
    codes = meaning.codes
    return Line(
        fact, codes.get("function", ""), codes.get("government", ""), codes.get("departmental", ""), project, basic
    )


def _fact(
    index: int,
    table: Table,
    worth: Decimal,
    cell: Cell,
    column: Column,
    meaning: RowMeaning,
    dims: Dims,
    context: Context,
) -> Fact | None:
    aspect = dims.get("aspect", "")
    label = " ".join(part for part in (meaning.label, column.label[-1] if column.label else "") if part)
    if aspect == "rate" or cell.text.rstrip().endswith(("%", "％")):
        return _rate(index, cell, label)
    number = number_in(cell.text)
    if number is None:
        return None
    identity = None
    if table.kind and meaning.known and not aspect and column.label:
        identity = _identity(dims, context)
    return Fact(
        number.value * worth,
        last_place(number.decimals, worth),
        identity,
        cell.place,
        cell.text.strip(),
        index,
        None,
        label,
        table.money_unit,
    )


def _rate(index: int, cell: Cell, label: str) -> Fact | None:
    """A printed per cent."""
    text = cell.text.strip().rstrip("%％")
    number = number_in(text)
    if number is None:
        return None
    step = last_place(number.decimals, Decimal(1))
    return Fact(number.value, step, None, cell.place, cell.text.strip(), index, None, label, "%")


def _identity(dims: Dims, context: Context) -> Identity | None:
    measure = dims.get("measure", "")
    if not measure:
        return None
    year = dims.get("year", "")
    return Identity(
        measure,
        context.year if not year else context.year - 1 if year == "last" else int(year),
        dims.get("stage", context.stage),
        dims.get("function", ""),
        dims.get("government", ""),
        dims.get("departmental", ""),
        dims.get("fund", ""),
        dims.get("nature", ""),
        dims.get("item", ""),
    )


def _names(index: int, columns: Columns, row: Row, meaning: RowMeaning, out: TableFacts) -> None:
    """Codes printed with a name: the name column of the same classification, or the only one."""
    for axis, code in meaning.codes.items():
        if axis not in ("function", "government", "departmental"):
            continue
        for position, column in columns:
            cell = row.cells[position]
            if column.role == "name" and cell and cell.text.strip() and column.axis in ("", axis):
                if column.axis == "" and len(meaning.codes) > 1:
                    continue
                out.names.append(NameUse(axis, code, "".join(cell.text.split()), cell.place, index))
                break
    function = meaning.dims.get("function", "")
    if function and not meaning.codes:  # a class named in words: its code is the one that has that name
        for position, column in columns:
            cell = row.cells[position]
            if column.role == "label" and cell and label_of(cell.text) == meaning.label:
                out.names.append(NameUse("function", function, meaning.label, cell.place, index))
