"""Tables from a ledger: a dialect's layouts run forward. Each amount is asked for by the identity of its cell."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from zhengwu.dialects import Dialect, TableSpec, kind_facts
from zhengwu.dialects.layout import ColumnLayout, RowLayout, TableLayout
from zhengwu.ledger.amounts import Amounts, belongs
from zhengwu.model.fact import Identity
from zhengwu.model.message import RefusedError
from zhengwu.publishing.cells import chinese, printed, value_of
from zhengwu.publishing.publication import PrintedCell, PrintedColumn, PrintedRow, PrintedTable

Dims = dict[str, str]
_PLACE = re.compile(r"\{(\w+)\}")
MEASURES = (
    "income", "expenditure", "carry_out", "outflow", "three_public", "operating", "procurement", "purchased_services",
    "targets",
)  # fmt: skip
_LENGTHS = {"function": (3, 5, 7), "departmental": (3, 5)}


class Context(NamedTuple):
    """What every table is made from."""

    amounts: Amounts
    dialect: Dialect
    year: int
    unit: str  # as the captions name it
    scope: str  # 部门 | 单位

    def words(self, text: str, **more: str) -> str:
        """A dialect's words with the document's own in their places. Raises RefusedError for a place that does not
        exist."""
        budget = self.amounts.ledger.budget
        known = {
            "year": str(self.year), "last": str(self.year - 1), "unit": self.unit, "scope": self.scope, "code": budget.code,
            **more,
        }  # fmt: skip
        filled = _PLACE.sub(lambda match: known.get(match[1], match[0]), text)
        wrong = next((match[0] for match in _PLACE.finditer(text) if match[1] not in known), "")
        if not wrong and text.count("{") == len(_PLACE.findall(text)) == text.count("}"):
            return filled
        raise RefusedError(
            "dialect-words-wrong",
            f"格式 {self.dialect.key}：“{text}”中花括号里的名称不对；可用 {'、'.join(known)}。",
            f"The dialect {self.dialect.key}: a name in braces in “{text}” is wrong; there are {', '.join(known)}.",
        )


class Body(NamedTuple):
    """The rows of a table, and whether any holds an amount that is not nothing."""

    rows: list[PrintedRow]
    filled: bool


class Plan:
    """One table of a dialect, ready to be filled: its visible columns and what they stand for."""

    def __init__(self, context: Context, spec: TableSpec, layout: TableLayout) -> None:
        self.context = context
        self.spec = spec
        self.layout = layout
        self.amounts = context.amounts
        self.base: Dims = kind_facts(spec.kind, spec.title)
        self.columns = [column for column in layout.columns if not column.when or self._any(column)]
        self.members: list[Dims] = [{**self.base, **dict(column.members)} for column in self.columns]

    def _any(self, column: ColumnLayout) -> bool:
        return bool(amount_of(self.context, {**self.base, **dict(column.members)}))

    @property
    def amount_columns(self) -> list[int]:
        """Positions of the columns that hold amounts."""
        return [n for n, column in enumerate(self.columns) if column.role == "amount"]

    def amount(self, fen: int, column: int, dims: Dims) -> PrintedCell:
        """The cell of an amount."""
        return self.cell(fen, self.columns[column].zero, {**self.members[column], **dims})

    def cell(self, fen: int, zero: str, dims: Dims) -> PrintedCell:
        """The cell of an amount with these members; nothing is printed as ``zero``."""
        if fen:
            return PrintedCell(*printed(fen, self.spec.money_unit), identity_of(self.context, dims))
        return PrintedCell(zero, value_of(zero), identity_of(self.context, dims)) if zero else PrintedCell()

    def blank(self) -> list[PrintedCell]:
        """The cells of an empty row."""
        return [PrintedCell()] * len(self.columns)


def identity_of(context: Context, dims: Dims) -> Identity | None:
    """The fact that members name; None where they name no measure."""
    measure = dims.get("measure", "")
    if not measure:
        return None
    return Identity(
        measure,
        context.year - 1 if dims.get("year") == "last" else context.year,
        context.dialect.document,
        **{
            key: dims[key]
            for key in ("function", "government", "departmental", "fund", "nature", "item")
            if key in dims
        },
    )


def amount_of(context: Context, dims: Dims) -> int:
    """The amount in 分 that members name, from the ledger."""
    amounts, measure, last = context.amounts, dims.get("measure", ""), dims.get("year") == "last"
    fund, nature, item = dims.get("fund", ""), dims.get("nature", ""), dims.get("item", "")
    codes = {key: dims[key] for key in ("function", "government", "departmental") if dims.get(key)}
    match measure:
        case "income":
            if codes:
                return amounts.rolled_up("function", [{**dims}])[dims["function"]][0]
            return amounts.income(fund, last)
        case "expenditure":
            return amounts.spent_last(nature, fund) if last else amounts.spent(fund=fund, nature=nature, **codes)
        case "carry_out":
            return amounts.carry_out(fund)
        case "outflow":
            return amounts.spent(fund=fund) + amounts.carry_out(fund)
        case "three_public":
            return amounts.three_public(item, last)
        case "operating":
            if last:
                return amounts.last("operating")
            return amounts.operating(**dict(context.dialect.operating))
        case "procurement":
            return amounts.procurement(item)
        case "purchased_services":
            return amounts.purchased(item)
        case "targets":
            return sum(amounts.projects.get(name, 0) for name in amounts.with_targets)
    raise KeyError(measure)


def tables_of(context: Context) -> Iterator[PrintedTable]:
    """The tables of the dialect in their order; a target form for each project that declares targets."""
    from zhengwu.publishing.forms import forms_of

    for spec in context.dialect.tables:
        if spec.layout is None:
            continue
        if spec.layout.rows == "form":
            yield from forms_of(context, spec, spec.layout)
            continue
        plan = Plan(context, spec, spec.layout)
        body = _BODIES[spec.layout.rows](plan)
        if spec.layout.when == "any" and not body.filled:
            continue
        rows = body.rows
        note = ""
        if not body.filled and spec.layout.none and spec.layout.rows != "directory":
            rows = [_none_row(plan), *[row for row in rows if row.kind == "total"]]
        elif not body.filled and spec.layout.none and not rows:
            rows = [_none_row(plan)]
        elif not body.filled and spec.layout.note:
            note = context.words(spec.layout.note)
        yield PrintedTable(
            spec.kind,
            spec.number,
            context.words(spec.title),
            spec.money_unit,
            tuple(PrintedColumn(column.role, column.width) for column in plan.columns),
            header_of(plan),
            tuple(rows),
            captions_of(context, spec),
            (note,) if note else (),
            wide=spec.layout.wide,
            caption=caption_of(context, spec, spec.number),
        )


def caption_of(context: Context, spec: TableSpec, number: str) -> str:
    """Number and title as printed over a table."""
    return context.words(context.dialect.caption, number=number, title=spec.title)


def captions_of(context: Context, spec: TableSpec) -> tuple[str, str]:
    """What stands over a table on the left and on the right."""
    left, right = (context.words(words, money_unit=spec.money_unit) for words in context.dialect.captions)
    return left, right


def header_of(plan: Plan) -> tuple[tuple[PrintedCell, ...], ...]:
    """Header rows from the columns' paths: equal labels side by side are one cell, a short path reaches down."""
    paths = [tuple(plan.context.words(label) for label in column.label) for column in plan.columns]
    depth = max(map(len, paths), default=0)
    rows: list[tuple[PrintedCell, ...]] = []
    for level in range(depth):
        cells: list[PrintedCell] = []
        start = 0
        while start < len(paths):
            path = paths[start]
            if level >= len(path):  # reached down from above
                start += 1
                continue
            end = start + 1
            while end < len(paths) and paths[end][: level + 1] == path[: level + 1] and level < len(path) - 1:
                end += 1
            down = depth - level if level == len(path) - 1 else 1
            cells.append(PrintedCell(path[level], colspan=end - start, rowspan=down, align="center"))
            start = end
        rows.append(tuple(cells))
    return tuple(rows)


def _none_row(plan: Plan) -> PrintedRow:
    cells = plan.blank()
    first = 1 if plan.layout.rows == "transfers" else 0
    cells[first] = PrintedCell(plan.layout.none)
    return PrintedRow("item", tuple(cells))


def _sides(plan: Plan) -> Body:
    """Income on the left, expenditure on the right."""
    starts = [n for n, column in enumerate(plan.columns) if column.role == "label"]
    groups = [list(range(start, end)) for start, end in zip(starts, [*starts[1:], len(plan.columns)], strict=True)]
    left = list(_expanded(plan, plan.layout.left, groups[0]))
    right = list(_expanded(plan, plan.layout.right, groups[1]))
    height = max(len(left), len(right))
    blank: tuple[RowLayout, Dims] = (RowLayout("", ()), {})
    pairs = [(left[n] if n < len(left) else blank, right[n] if n < len(right) else blank) for n in range(height)]
    rows = [_side_row(plan, groups, pair, "item") for pair in pairs]
    for one, other in plan.layout.foot:
        shown = [row for row in (one, other) if row.label]
        total = all(row.label.endswith("总计") for row in shown)
        row = _side_row(plan, groups, ((one, {}), (other, {})), "total" if total else "item")
        if total and not any(cell.value for cell in row.cells):  # a budget of nothing says so
            first = next(n for group in groups for n in group if plan.columns[n].role == "amount")
            cells = list(row.cells)
            members = {**plan.members[first], **dict(one.members)}
            cells[first] = plan.cell(0, "0.00", members)
            row = row._replace(cells=tuple(cells))
        rows.append(row)
    return Body(rows, True)


def _expanded(plan: Plan, rows: tuple[RowLayout, ...], group: list[int]) -> Iterator[tuple[RowLayout, Dims]]:
    for row in rows:
        if row.each == "class":
            fund = plan.base.get("fund", "")
            for number, code in enumerate(plan.amounts.codes("function", 3, fund=fund), 1):
                label = plan.context.words(row.label, n=chinese(number), name=plan.amounts.name("function", code))
                yield row._replace(label=label), {"function": code}
        elif row.when != "any" or any(
            amount_of(plan.context, {**plan.members[n], **dict(row.members)})
            for n in group
            if plan.columns[n].role == "amount"
        ):
            yield row, {}


def _side_row(plan: Plan, groups: list[list[int]], pair: tuple[tuple[RowLayout, Dims], ...], kind: str) -> PrintedRow:
    cells: list[PrintedCell] = []
    for group, (row, dims) in zip(groups, pair, strict=True):
        for n in group:
            if plan.columns[n].role != "amount":
                cells.append(PrintedCell(row.label, indent=row.indent))
            elif not row.label:
                cells.append(PrintedCell())
            else:
                members = {**plan.members[n], **dict(row.members), **dims}
                cells.append(plan.cell(amount_of(plan.context, members), plan.columns[n].zero, members))
    return PrintedRow(kind, tuple(cells))


def _by_code(axis: str) -> Callable[[Plan], Body]:
    def body(plan: Plan) -> Body:
        """A row a code of the classification, at every level, and the total."""
        at = plan.amount_columns
        found = plan.amounts.rolled_up(axis, [plan.members[n] for n in at], _LENGTHS[axis])
        total = found.pop("", [0] * len(at))
        rows = [
            PrintedRow("item", tuple(_coded(plan, axis, code, at, found[code])), _LENGTHS[axis].index(len(code)))
            for code in sorted(found)
        ]
        carried = [_carried(plan, n) for n in at]
        if any(carried):  # income that is not spent this year stands under no code
            rows.append(_carried_row(plan, dict(zip(at, carried, strict=True))))
            total = [one + more for one, more in zip(total, carried, strict=True)]
        last = _total_row(plan, dict(zip(at, total, strict=True)))
        rows = [last, *rows] if plan.layout.total_first else [*rows, last]
        return Body(rows, bool(found))

    return body


def _carried(plan: Plan, column: int) -> int:
    """What of a column's income is carried to the next year."""
    members = plan.members[column]
    if members.get("measure") != "income":
        return 0
    rows = plan.amounts.ledger.income
    return sum(row.carry_out or 0 for row in rows if belongs(row.fund, members.get("fund", ""), False))


def _carried_row(plan: Plan, values: dict[int, int]) -> PrintedRow:
    name = next(n for n, column in enumerate(plan.columns) if column.role == "name")
    cells = [PrintedCell("结转下年") if n == name else PrintedCell() for n in range(len(plan.columns))]
    for n, fen in values.items():
        cells[n] = plan.amount(fen, n, {"measure": ""})
    return PrintedRow("item", tuple(cells))


def _coded(plan: Plan, axis: str, code: str, at: list[int], values: list[int]) -> Iterator[PrintedCell]:
    level = _LENGTHS[axis].index(len(code))
    amounts = dict(zip(at, values, strict=True))
    for n, column in enumerate(plan.columns):
        if n in amounts:
            yield plan.amount(amounts[n], n, {axis: code})
        elif column.role == "code":
            yield PrintedCell(code[slice(*column.part)] if column.part else code)
        else:
            yield PrintedCell(plan.amounts.name(axis, code), indent=level)


def _total_row(plan: Plan, values: dict[int, int], dims: Dims | None = None) -> PrintedRow:
    """The total: its name stands in the name column, or over all columns where codes are printed in parts."""
    roles = [column.role for column in plan.columns]
    first = next(n for n, role in enumerate(roles) if role == "amount")
    parted = any(column.part for column in plan.columns)
    cells: list[PrintedCell] = []
    if parted:
        cells.append(PrintedCell(plan.layout.total, colspan=first, align="center"))
    else:
        name = (
            max(n for n in range(first) if roles[n] in ("name", "label"))
            if "name" in roles[:first] or "label" in roles[:first]
            else 0
        )
        if plan.layout.rows == "lines":
            name = next((n for n in range(first) if roles[n] == "name"), 0)
        if plan.layout.rows == "transfers":
            name = next(n for n in range(first) if roles[n] == "name")
        cells += [PrintedCell(plan.layout.total, align="center") if n == name else PrintedCell() for n in range(first)]
    for n in range(first, len(plan.columns)):
        cells.append(plan.amount(values[n], n, dims or {}) if n in values else PrintedCell())
    return PrintedRow("total", tuple(cells))


def _lines(plan: Plan) -> Body:
    """A row a line of the ledger, in its order or sorted by codes."""
    from zhengwu.publishing.lines import line_rows

    rows, totals = line_rows(plan)
    if plan.layout.total:
        rows.append(_total_row(plan, totals))
    return Body(rows, len(rows) > bool(plan.layout.total))


def _items(plan: Plan) -> Body:
    """Rows named in words, each with the members of its row and column."""
    rows = []
    at = plan.amount_columns
    for item in plan.layout.items:
        cells = []
        for n, column in enumerate(plan.columns):
            if n in at:
                dims = {**plan.members[n], **dict(item.members)}
                cells.append(plan.cell(amount_of(plan.context, dims), column.zero, dims))
            else:
                cells.append(PrintedCell(item.label, indent=item.indent))
        rows.append(PrintedRow("item", tuple(cells)))
    rows.append(_total_row(plan, {n: amount_of(plan.context, plan.members[n]) for n in at}))
    return Body(rows, True)


def _single(plan: Plan) -> Body:
    """One row: each column an amount of its own."""
    cells = [
        plan.amount(amount_of(plan.context, plan.members[n]), n, {}) if column.role == "amount" else PrintedCell()
        for n, column in enumerate(plan.columns)
    ]
    return Body([PrintedRow("item", tuple(cells))], any(cell.text for cell in cells))


def _catalogue(plan: Plan) -> Body:
    from zhengwu.publishing.lines import catalogue_rows

    rows = catalogue_rows(plan)
    return Body(rows, bool(rows))


def _transfers(plan: Plan) -> Body:
    from zhengwu.publishing.lines import transfer_rows

    rows, total = transfer_rows(plan)
    return Body([*rows, _total_row(plan, {plan.amount_columns[0]: total})], bool(rows))


def _directory(plan: Plan) -> Body:
    """The projects that declare targets, numbered."""
    rows = [
        PrintedRow("item", (PrintedCell(str(n), align="center"), PrintedCell(name)))
        for n, name in enumerate(plan.amounts.with_targets, 1)
    ]
    return Body(rows, bool(rows))


_BODIES: dict[str, Callable[[Plan], Body]] = {
    "sides": _sides,
    "function": _by_code("function"),
    "departmental": _by_code("departmental"),
    "lines": _lines,
    "items": _items,
    "single": _single,
    "catalogue": _catalogue,
    "transfers": _transfers,
    "directory": _directory,
}
