"""Target forms: the department's and one for each project, on the grid that the dialect draws.

Two values of a grid stand for rows of their own: ``indicators``, the three levels with mid-term and annual side by
side (8 columns), and ``department_indicators`` (3 columns).
"""

from collections.abc import Iterator
from itertools import zip_longest

from zhengwu.dialects import TableSpec
from zhengwu.dialects.layout import CellLayout, TableLayout
from zhengwu.ledger.model import Indicator, Project, Target
from zhengwu.ledger.schema import INDICATORS, NATURES
from zhengwu.model.fact import Identity
from zhengwu.model.message import RefusedError
from zhengwu.publishing.cells import exact, money, value_of
from zhengwu.publishing.publication import PrintedCell, PrintedColumn, PrintedRow, PrintedTable
from zhengwu.publishing.tables import Context, caption_of, captions_of, identity_of

_OUTPUT = ("quantity", "quality", "timeliness", "cost")
_LEVELS = (("产出指标", _OUTPUT), ("效果指标", ("benefit", "satisfaction")))
_KIND_NAMES = {kind.key: kind.zh for kind in INDICATORS}

Values = dict[str, PrintedCell]


def forms_of(context: Context, spec: TableSpec, layout: TableLayout) -> Iterator[PrintedTable]:
    """The form of the whole department, or those of its projects."""
    if spec.kind == "whole_target":
        yield _form(context, spec, layout, spec.number, _whole(context), "")
        return
    base = spec.number.partition("-")[0]
    for number, name in enumerate(context.amounts.with_targets, 1):
        yield _form(context, spec, layout, f"{base}-{number}", _project(context, name), name)


def _form(
    context: Context, spec: TableSpec, layout: TableLayout, number: str, values: Values, project: str
) -> PrintedTable:
    rows: list[PrintedRow] = []
    for row in layout.grid:
        if row[0].when and not _value(values, row[0].when).text:
            continue
        if row[0].text == "{indicators}":
            rows += _indicators(context, project)
        elif row[0].text == "{department_indicators}":
            rows += _department_indicators(context)
        else:
            rows.append(PrintedRow("item", tuple(_cell(cell, values) for cell in row)))
    left, right = captions_of(context, spec)
    return PrintedTable(
        spec.kind,
        number,
        context.words(spec.title),
        spec.money_unit,
        tuple(PrintedColumn(column.role, column.width) for column in layout.columns),
        (),
        tuple(rows),
        (context.words(layout.subtitle), "") if layout.subtitle else (left, right),
        form=True,
        caption=caption_of(context, spec, number),
    )


def _cell(layout: CellLayout, values: Values) -> PrintedCell:
    if layout.label:
        return PrintedCell(layout.text, colspan=layout.columns, rowspan=layout.rows, align="center")
    cell = _value(values, layout.text.strip("{}"))
    return cell._replace(colspan=layout.columns, rowspan=layout.rows, align="left")


def _value(values: Values, name: str) -> PrintedCell:
    """A value of a form. Raises RefusedError when the grid asks for one that does not exist."""
    if name in values:
        return values[name]
    known = ", ".join([*values, "indicators", "department_indicators"])
    raise RefusedError(
        "form-value-unknown",
        f"目标表的版式中没有“{name}”这个值：可以写 {known}。",
        f"The grid of a target form asks for “{name}”, which does not exist: one of {known}.",
    )


def _whole(context: Context) -> Values:
    amounts, budget = context.amounts, context.amounts.ledger.budget
    goals = [row.content for row in amounts.ledger.department_targets if row.kind == "goal"]
    values = {
        "department": PrintedCell(budget.name),
        "goals": PrintedCell(
            "\n".join(f"{n}. {goal}" for n, goal in enumerate(goals, 1)) if len(goals) > 1 else "".join(goals)
        ),
    }
    for key, nature in (("total", ""), ("basic", "basic"), ("project", "project")):
        text = money(amounts.spent(nature=nature), "元")
        values[key] = PrintedCell(
            text, value_of(text), identity_of(context, {"measure": "expenditure", "nature": nature})
        )
    rest = sum(amounts.spent(nature=choice.key) for choice in NATURES if choice.key not in ("basic", "project"))
    text = money(rest, "元") if rest else ""
    values["rest"] = PrintedCell(text, value_of(text) if text else None)
    return values


def _project(context: Context, name: str) -> Values:
    amounts, ledger = context.amounts, context.amounts.ledger
    project = next((one for one in ledger.projects if one.name == name), Project(name, True))
    target = next((one for one in ledger.targets if one.project == name), Target(name))
    units = {unit.code: unit.name for unit in ledger.units}
    own = [units.get(code, code) for code in amounts.units_of.get(name, ())]
    fiscal = amounts.fiscal_projects.get(name, 0)
    total = amounts.projects.get(name, 0)
    midterm = (target.midterm_fiscal or 0) + (target.midterm_other or 0)
    period = f"（{target.midterm_from}年—{target.midterm_to}年）" if target.midterm_from and target.midterm_to else ""
    return {
        "project": PrintedCell(name),
        "department_code": PrintedCell(f"{ledger.budget.name}{ledger.budget.code}"),
        "unit": PrintedCell("、".join(own)),
        "attribute": PrintedCell(project.attribute),
        "period": PrintedCell(project.period),
        "division": PrintedCell(project.division),
        "midterm_head": PrintedCell(f"中期目标{period}"),
        "midterm_goal": PrintedCell(target.midterm_goal),
        "annual_goal": PrintedCell(target.annual_goal),
        "midterm_total": _funds(context, name, "midterm", "total", midterm),
        "midterm_fiscal": _funds(context, name, "midterm", "fiscal", target.midterm_fiscal or 0),
        "midterm_other": _funds(context, name, "midterm", "other", target.midterm_other or 0),
        "annual_total": _funds(context, name, "annual", "total", total),
        "annual_fiscal": _funds(context, name, "annual", "fiscal", fiscal),
        "annual_other": _funds(context, name, "annual", "other", total - fiscal),
    }


def _funds(context: Context, name: str, period: str, key: str, fen: int) -> PrintedCell:
    """Money of a form, in 万元 with as many decimals as it needs; nothing is left blank."""
    if not fen:
        return PrintedCell()
    item = f"{''.join(name.split())}|{period}|{key}"
    identity = Identity("target_funds", context.year, context.dialect.document, item=item)
    return PrintedCell(f"{exact(fen, '万元')}万元", None, identity)


def _indicators(context: Context, project: str) -> list[PrintedRow]:
    """Mid-term indicators on the left, annual ones on the right, under the first two levels."""
    own = [one for one in context.amounts.ledger.indicators if one.project == project]
    levels = []
    for level, kinds in _LEVELS:
        found = []
        for kind in kinds:
            sides = [
                [one for one in own if one.kind == kind and one.period == period] for period in ("midterm", "annual")
            ]
            if any(sides):
                found.append((_KIND_NAMES[kind], list(zip_longest(*sides))))
        if found:
            levels.append((level, found))
    height = 1 + sum(len(pairs) for _, kinds_found in levels for _, pairs in kinds_found)
    heads = ("一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值")
    first = PrintedCell("绩效指标", rowspan=height, align="center")
    rows = [PrintedRow("item", (first, *(PrintedCell(head, align="center") for head in heads)))]
    for level, kinds_found in levels:
        tall = sum(len(pairs) for _, pairs in kinds_found)
        begun = False
        for kind, pairs in kinds_found:
            for n, (midterm, annual) in enumerate(pairs):
                cells: list[PrintedCell] = []
                if not begun:
                    cells.append(PrintedCell(level, rowspan=tall, align="center"))
                    begun = True
                cells += _half(kind if n == 0 else "", len(pairs), midterm) + _half(
                    kind if n == 0 else "", len(pairs), annual
                )
                rows.append(PrintedRow("item", tuple(cells)))
    return rows


def _half(kind: str, height: int, indicator: Indicator | None) -> list[PrintedCell]:
    cells = [PrintedCell(kind, rowspan=height, align="center")] if kind else []
    name, value = (indicator.name, indicator.value) if indicator else ("", "")
    return [*cells, PrintedCell(name, align="left"), PrintedCell(value, align="left")]


def _department_indicators(context: Context) -> list[PrintedRow]:
    own = [row for row in context.amounts.ledger.department_targets if row.kind == "indicator"]
    first = PrintedCell("绩效指标", rowspan=1 + len(own), align="center")
    rows = [
        PrintedRow(
            "item", (first, PrintedCell("指标名称", align="center"), PrintedCell("指标内容和指标值", align="center"))
        )
    ]
    return [
        *rows,
        *(
            PrintedRow("item", (PrintedCell(row.name, align="left"), PrintedCell(row.content, align="left")))
            for row in own
        ),
    ]
