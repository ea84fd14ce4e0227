"""Grids become tables: captions found, header and rows told apart, continuations joined."""

import re

from zhengwu.dialects import kind_of
from zhengwu.model.document import Block, Cell, Grid, Paragraph, Place
from zhengwu.model.table import Column, Row, Table
from zhengwu.recognition.captions import Captions, caption_of, merged
from zhengwu.recognition.headers import code_levels, columns_of, header_height, without_numbering
from zhengwu.recognition.layout import Line, column_count, header_lines, lined_up
from zhengwu.recognition.rows import axis_of
from zhengwu.recognition.words import is_total, label_of, number_in, squeeze

_LOOK_BACK = 6  # caption lines over a table: number, title, unit, year, compiling unit
_NOTE = re.compile(r"^(?:注|备注|说明|附注)[:：]|故本表|本表(?:为空|无数据)|空表|无.{0,40}(?:预算|支出|安排|经费)")
_FORM_WORDS = ("三级指标", "指标值", "绩效指标", "年度目标", "资金总额")


def tables_of(blocks: tuple[Block, ...]) -> list[Table]:
    """All tables of a document in order; a grid that goes on from the one before is joined to it."""
    tables: list[Table] = []
    pending: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            pending.append(block)
            continue
        table = _table(block, pending)
        if table is None:
            continue
        if tables and _continues(tables[-1], table, pending):
            tables[-1] = _joined(tables[-1], table)
        else:
            if tables:
                tables[-1] = tables[-1]._replace(notes=_notes(pending))
            tables.append(table)
        pending = []
    if tables:
        tables[-1] = tables[-1]._replace(notes=_notes(pending))
    return tables


def _notes(pending: list[Paragraph]) -> tuple[Paragraph, ...]:
    """The statements right under a table."""
    notes = []
    for paragraph in pending[:3]:
        if not _NOTE.search(squeeze(paragraph.text)):
            break
        notes.append(paragraph)
    return tuple(notes)


def _table(grid: Grid, pending: list[Paragraph]) -> Table | None:
    rows = list(grid.rows)
    captions, used = _captions_over(pending)
    inner, height = _captions_in(rows)
    captions = merged(captions, inner)
    in_grid = rows[:height]
    rows = rows[height:]
    if not rows or not any(cell.text.strip() for row in rows for cell in row):
        return None
    width = column_count(grid._replace(rows=tuple(rows)))
    place = grid.place
    caption_paragraphs = tuple(used) + tuple(
        Paragraph(cell.text.strip(), cell.place) for row in in_grid for cell in row if cell.text.strip()
    )
    kind = kind_of(captions.title) or ""
    if _is_form(rows, kind):
        return _form(rows, captions, caption_paragraphs, kind, place, width, grid.ragged)
    top = header_height(rows)
    labelled = [row for row in map(without_numbering, rows[:top]) if any(cell.text for cell in row)]
    if top < len(rows) and (levels := code_levels(rows[top])):
        labelled.append(levels)
    header = header_lines(labelled, width, grid.ragged)
    body = _body(rows[top:], width, grid.ragged)
    columns = columns_of(header, body, width)
    if grid.ragged and any(len(row) < width for row in rows[top:]):
        amounts = [index for index, column in enumerate(columns) if column.role == "amount"]
        body = [lined_up(row, width, True, amounts) for row in rows[top:]]
    table = Table(
        kind,
        captions.number,
        captions.title,
        captions.money_unit or "元",
        columns,
        tuple(_row(line, columns) for line in body),
        place,
        tuple(rows[:top]),
        caption_paragraphs,
        (),
        bool(captions.money_unit),
    )
    return table if kind else table._replace(kind=_kind_by_columns(table))


def _body(rows: list[tuple[Cell, ...]], width: int, ragged: bool) -> list[Line]:
    """Body rows at their columns; of ragged ones the full ones alone tell what a column holds."""
    if ragged:
        return [lined_up(row, width, True) for row in rows if len(row) >= width] or [
            lined_up(row, width, True) for row in rows
        ]
    return [lined_up(row, width, False) for row in rows]


def _captions_over(pending: list[Paragraph]) -> tuple[Captions, list[Paragraph]]:
    """The caption lines right over a grid: those nearest to it, up to the first that is none."""
    found = Captions()
    used: list[Paragraph] = []
    for paragraph in reversed(pending[-_LOOK_BACK:]):
        caption = caption_of(paragraph.text)
        if caption is None or (caption.title and found.title) or (caption.number and found.number):
            break
        found = merged(caption, found)
        used.insert(0, paragraph)
    return found, used


def _captions_in(rows: list[tuple[Cell, ...]]) -> tuple[Captions, int]:
    """Captions that stand in the grid's own first rows, and how many rows they take."""
    found = Captions()
    height = 0
    for row in rows[:5]:
        filled = [cell for cell in row if cell.text.strip()]
        if len(filled) > 2:
            break
        captions = [caption_of(cell.text) for cell in filled]
        if any(caption is None for caption in captions):
            break
        for caption in captions:
            if caption is not None:
                found = merged(found, caption)
        height += 1
    return (found, height) if height < len(rows) else (Captions(), 0)


def _is_form(rows: list[tuple[Cell, ...]], kind: str) -> bool:
    if kind in ("target_form", "whole_target"):
        return True
    if kind:
        return False
    words = {squeeze(cell.text).rstrip(":") for row in rows[:12] for cell in row}
    return sum(1 for word in _FORM_WORDS if any(word in text for text in words)) >= 2


def _form(
    rows: list[tuple[Cell, ...]],
    captions: Captions,
    paragraphs: tuple[Paragraph, ...],
    kind: str,
    place: Place,
    width: int,
    ragged: bool,
) -> Table:
    """A target form: pairs of name and value instead of columns; its columns only count."""
    width = max([width, *(len(row) for row in rows)])
    columns = tuple(Column(f"c{index + 1}", (), "text") for index in range(width))
    body = []
    for row in rows:
        line: Line = [None] * width
        for index, cell in enumerate(row):
            column = index if ragged else min((cell.place.column or 1) - 1, width - 1)
            line[column] = cell
        body.append(Row("item" if any(cell.text.strip() for cell in row) else "blank", tuple(line)))
    text = "".join(squeeze(cell.text) for row in rows[:8] for cell in row)
    inside = next((unit for unit in ("万元", "元") if f"({unit})" in text), "")
    unit = captions.money_unit or inside or "元"
    return Table(
        kind or "target_form", captions.number, captions.title, unit, columns, tuple(body),
        place, (), paragraphs, (), bool(captions.money_unit or inside),
    )  # fmt: skip


def _kind_by_columns(table: Table) -> str:
    """What a table without an understood title is about, as far as its columns tell."""
    columns = table.columns
    axes = {axis_of(column, table) for column in columns if column.role == "code"}
    dims = {member for column in columns for member in column.dims}
    if {"function", "departmental"} <= axes and any(column.role == "project" for column in columns):
        return "detail"
    if axes & {"departmental", "government"} and {("nature", "personnel"), ("nature", "public")} <= dims:
        return "basic"
    if "function" in axes and {("nature", "basic"), ("nature", "project")} <= dims:
        return "expenditure"
    if "function" in axes and ("fund", "institution") in dims:
        return "income"
    if {("item", "abroad"), ("item", "reception")} <= dims:
        return "three_public"
    labels = [">".join(column.label) for column in columns if column.role == "label"]
    if len(labels) == 2 and "收入" in labels[0] and "支出" in labels[1]:
        return "summary"
    return ""


def _row(line: Line, columns: tuple[Column, ...]) -> Row:
    cells = tuple(line)
    if not any(cell and cell.text.strip() for cell in cells):
        return Row("blank", cells)
    for cell, column in zip(cells, columns, strict=True):
        if column.role == "amount" or cell is None or not cell.text.strip():
            continue
        label = label_of(cell.text)
        return Row("total" if is_total(label) and number_in(label) is None else "item", cells)
    return Row("item", cells)


def _continues(before: Table, table: Table, pending: list[Paragraph]) -> bool:
    """Whether a grid without a title of its own goes on from the table before it."""
    if table.title or table.number or len(before.columns) != len(table.columns):
        return False
    if len(pending) > 2 or any(caption_of(paragraph.text) for paragraph in pending):
        return False
    if before.kind in ("target_form", "whole_target"):
        return bool(before.kind == table.kind or not table.header or before.kind == "whole_target")
    same_header = [column.label for column in before.columns] == [column.label for column in table.columns]
    return not pending and (not table.header or same_header)


def _joined(before: Table, table: Table) -> Table:
    rows = table.rows
    if table.header and before.columns and before.kind in ("target_form", "whole_target"):
        rows = tuple(_row(lined_up(row, len(before.columns), False), before.columns) for row in table.header) + rows
    elif not table.header:
        rows = tuple(_row(list(row.cells), before.columns) for row in table.rows)
    return before._replace(rows=before.rows + rows)
