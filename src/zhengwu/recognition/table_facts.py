"""Facts from tables: each amount with its identity, and which amounts are parts of which."""

from collections import defaultdict
from typing import NamedTuple

from zhengwu.dialects import kind_facts, tree
from zhengwu.model.disclosure import Line, NameUse, Parts
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.number import last_place, parse_number
from zhengwu.model.table import Column, Row, Table
from zhengwu.recognition.rows import LEVEL_TOTAL, LEVEL_UNIT, Dims, RowMeaning, RowReader

_NO_AMOUNTS = ("target_form", "whole_target", "target_directory")


class TableFacts(NamedTuple):
    """What one table says."""

    facts: list[Fact]
    parts: list[Parts]
    lines: list[Line]
    names: list[NameUse]


class _Item(NamedTuple):
    row: Row
    meaning: RowMeaning
    facts: dict[int, Fact]  # column -> fact


class Context(NamedTuple):
    """What the document tells every table."""

    year: int
    stage: str
    basic_projects: tuple[str, ...]


def facts_of(index: int, table: Table, context: Context) -> TableFacts:
    """All facts of the table at ``index``, with their part-whole relations, ledger lines and names."""
    out = TableFacts([], [], [], [])
    if table.kind in _NO_AMOUNTS:
        return out
    base = kind_facts(table.kind, table.title) if table.kind else {}
    groups: dict[int, list[tuple[int, Column]]] = defaultdict(list)
    for position, column in enumerate(table.columns):
        groups[column.group].append((position, column))
    for number, columns in groups.items():
        _group(index, table, columns, _side(table, columns, number), base, context, out)
    return out


def _side(table: Table, columns: list[tuple[int, Column]], number: int) -> str:
    """Whether a column group of a summary speaks of income or of expenditure."""
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
    columns: list[tuple[int, Column]],
    side: str,
    base: Dims,
    context: Context,
    out: TableFacts,
) -> None:
    reader = RowReader(table, columns, side, context.year)
    amounts = [(position, column) for position, column in columns if column.role == "amount"]
    listing = _is_list(reader)
    items: list[_Item] = []
    for number, row in enumerate(table.rows):
        if row.kind == "blank":
            continue
        meaning = reader.read(row)
        dims = {**base, **({"measure": side} if side else {}), **meaning.dims}
        if listing and meaning.level > LEVEL_UNIT:
            dims["item"] = f"{_project(table, row)}#{index}.{number}"
        found: dict[int, Fact] = {}
        for position, column in amounts:
            own = _own_dims(column, side)
            members = {**own, **dims} if side == "income" else {**dims, **own}
            fact = _fact(index, table, row, position, column, meaning, members, context)
            if fact is not None:
                found[position] = fact
        out.facts.extend(found.values())
        items.append(_Item(row, meaning, found))
        _names(index, table, columns, row, meaning, out)
        if listing and found and meaning.level > LEVEL_UNIT:
            out.lines.append(_line(table, row, meaning, next(iter(found.values())), context))
    dims_of = {position: {**base, **dict(column.dims)} for position, column in amounts}
    for item in items:
        _row_parts(index, item, amounts, dims_of, out)
    if side:
        for position, _ in amounts:
            _side_parts(index, items, position, side, table.kind, out)
    elif reader.code_columns:
        for position, _ in amounts:
            _code_parts(index, items, position, listing, out)
    else:
        for position, _ in amounts:
            _item_parts(index, items, position, out)


def _own_dims(column: Column, side: str) -> Dims:
    """A column's members. On a summary's sides the rows, not the headers, tell what is measured."""
    own = dict(column.dims)
    if side:
        own.pop("measure", None)
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
    row: Row,
    position: int,
    column: Column,
    meaning: RowMeaning,
    dims: Dims,
    context: Context,
) -> Fact | None:
    cell = row.cells[position]
    number = parse_number(cell.text) if cell else None
    if cell is None or number is None:
        return None
    worth = table.unit_worth
    identity = None
    if table.kind and meaning.known and dims.get("aspect") != "derived":
        identity = _identity(dims, context)
    label = " ".join(part for part in (meaning.label, column.label[-1] if column.label else "") if part)
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


def _names(
    index: int, table: Table, columns: list[tuple[int, Column]], row: Row, meaning: RowMeaning, out: TableFacts
) -> None:
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


def frontier(whole: str, parts: dict[str, tuple[str, ...]], present: set[str]) -> list[str]:
    """The parts of ``whole`` that are present; in place of an absent part, its own present parts."""
    found: list[str] = []
    for part in parts.get(whole, ()):
        if part in present:
            found.append(part)
        else:
            found.extend(frontier(part, parts, present))
    return found


def _row_parts(
    index: int, item: _Item, amounts: list[tuple[int, Column]], dims_of: dict[int, Dims], out: TableFacts
) -> None:
    """Columns of one row that are parts of another: 合计 = 基本支出 + 项目支出."""
    if len(item.facts) < 2:
        return
    usable = [p for p, c in amounts if dict(c.dims).get("aspect") != "derived"]
    for dimension in ("nature", "fund", "item"):
        families: dict[tuple[tuple[str, str], ...], dict[str, int]] = defaultdict(dict)
        for position in usable:
            others = tuple(sorted((k, v) for k, v in dims_of[position].items() if k != dimension))
            families[others].setdefault(dims_of[position].get(dimension, ""), position)
        for family in families.values():
            for member, position in family.items():
                whole = item.facts.get(position)
                parts = frontier(member, tree(dimension), set(family))
                if whole is None or not parts:
                    continue
                facts = tuple(item.facts[family[part]] for part in parts if family[part] in item.facts)
                unknown = _unknown_column(item, amounts) if member == "" else ""
                if facts:
                    out.parts.append(Parts("row", index, whole, facts, unknown))


def _unknown_column(item: _Item, amounts: list[tuple[int, Column]]) -> str:
    """The header of an amount column that is neither a total nor understood and holds an amount here."""
    for position, column in amounts:
        fact = item.facts.get(position)
        leaf = column.label[-1] if column.label else ""
        if fact and fact.value and not column.dims and not leaf.endswith(("合计", "总计", "小计", "数", "金额")):
            return leaf or f"第{position + 1}列"
    return ""


def _code_parts(index: int, items: list[_Item], position: int, listing: bool, out: TableFacts) -> None:
    """A code equals the codes below it, a total the topmost rows: in one amount column."""
    children: dict[int, list[int]] = defaultdict(list)
    stack: list[int] = []
    roots: list[int] = []
    totals = [n for n, item in enumerate(items) if item.meaning.level == LEVEL_TOTAL]
    for number, item in enumerate(items):
        if item.meaning.level == LEVEL_TOTAL or (not item.facts and not item.meaning.codes):
            continue
        if listing:
            roots.append(number)
            continue
        while stack and not _is_below(item.meaning, items[stack[-1]].meaning):
            stack.pop()
        (children[stack[-1]] if stack else roots).append(number)
        stack.append(number)
    for number, below in children.items():
        _add_parts("code", index, items, number, below, position, out)
    for number in totals:
        if roots:
            _add_parts("total", index, items, number, roots, position, out)


def _is_below(lower: RowMeaning, upper: RowMeaning) -> bool:
    if lower.level <= upper.level:
        return False
    for axis, code in upper.codes.items():
        own = lower.codes.get(axis, "")
        if axis != "catalogue" and upper.level >= 2 and own and not own.startswith(code):
            return False
    return True


def _add_parts(
    axis: str, index: int, items: list[_Item], whole: int, parts: list[int], position: int, out: TableFacts
) -> None:
    fact = items[whole].facts.get(position)
    if fact is None:
        return
    found = tuple(items[n].facts[position] for n in parts if position in items[n].facts)
    if found:
        out.parts.append(Parts(axis, index, fact, found))


def _side_parts(
    index: int, items: list[_Item], position: int, side: str, kind: str, out: TableFacts
) -> None:
    """One side of a summary: totals and the sources or functions they are made of."""
    by_member: dict[str, list[Fact]] = defaultdict(list)
    present: set[str] = set()
    unknown = ""
    for item in items:
        meaning = item.meaning
        fact = item.facts.get(position)
        if not meaning.known:
            unknown = meaning.label if fact and fact.value else unknown
            continue
        if not meaning.dims:
            continue
        member = _member(meaning.dims, side)
        present.add(member)
        if fact:
            by_member[member].append(fact)
    parts_of = _side_tree(side, present)
    for member, facts in list(by_member.items()):
        below = frontier(member, parts_of, present)
        if member == "carryover" and not below:
            continue
        found = tuple(fact for part in below for fact in by_member.get(part, ()))
        if found and len(facts) == 1:
            top = member in ("", "current", "fiscal", "fiscal_all", "outflow", "expenditure")
            out.parts.append(Parts("total", index, facts[0], found, unknown if top else ""))


def _member(dims: Dims, side: str) -> str:
    if side == "income":
        return dims.get("fund", "")
    if dims.get("function"):
        return f"function:{dims['function']}"
    for dimension in ("nature", "departmental"):
        if dims.get(dimension):
            return f"{dimension}:{dims[dimension]}"
    return dims.get("measure", "")


def _side_tree(side: str, present: set[str]) -> dict[str, tuple[str, ...]]:
    if side == "income":
        parts = dict(tree("fund"))
        carried = tuple(sorted(m for m in present if m.startswith("carryover.") and m != "carryover.part"))
        parts["carryover"] = parts["fiscal_carryover"] = carried
        return parts
    functions = tuple(sorted(m for m in present if m.startswith("function:")))
    natures = tree("nature")
    by_nature = {
        f"nature:{whole}" if whole else "natures": tuple(f"nature:{part}" for part in parts)
        for whole, parts in natures.items()
    }
    below = functions or tuple(frontier("natures", by_nature, present)) or tuple(
        sorted(m for m in present if m.startswith("departmental:"))
    )
    return {"outflow": ("expenditure", "carry_out", "surplus"), "expenditure": below, **by_nature}


def _item_parts(index: int, items: list[_Item], position: int, out: TableFacts) -> None:
    """A table of items in words (the three public expenses): totals and wholes by the items' tree."""
    for dimension in ("item", "nature", "fund"):
        by_member: dict[str, Fact] = {}
        for item in items:
            fact = item.facts.get(position)
            member = item.meaning.dims.get(dimension, "")
            if fact and (member or item.meaning.level == LEVEL_TOTAL):
                by_member.setdefault(member, fact)
        for member, fact in by_member.items():
            parts = frontier(member, tree(dimension), set(by_member))
            if parts:
                axis = "code" if member else "total"
                out.parts.append(Parts(axis, index, fact, tuple(by_member[part] for part in parts)))
