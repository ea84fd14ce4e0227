"""Tables read with a dialect that the user gives: its titles say what a table is about, its columns what they hold."""

from zhengwu.dialects import Dialect, TableSpec
from zhengwu.model.table import Column, Table
from zhengwu.recognition.words import plain_title, squeeze


def spec_of(table: Table, dialect: Dialect) -> TableSpec | None:
    """The table of the dialect that a table is, by its title; of several titles that fit, the longest."""
    title = plain_title(table.title)
    fitting = [spec for spec in dialect.tables if title and title.endswith(plain_title(spec.title))]
    return max(fitting, key=lambda spec: len(spec.title), default=None)


def as_given(tables: list[Table], dialect: Dialect) -> list[Table]:
    """The tables with the kind, the money unit (where none is printed) and the columns that the dialect gives."""
    found = []
    for table in tables:
        spec = spec_of(table, dialect)
        if spec is not None:
            kind = spec.kind or table.kind
            unit = table.money_unit if table.unit_printed else spec.money_unit
            columns = tuple(_column(column, spec) for column in table.columns)
            table = table._replace(kind=kind, money_unit=unit, columns=columns)
        found.append(table)
    return found


def _column(column: Column, spec: TableSpec) -> Column:
    """A column with the members that the dialect gives it: by its last header cell, or by the whole path."""
    if not column.label:
        return column
    path = ">".join(column.label)
    for label, dims in spec.columns:
        if squeeze(label) in (path, column.label[-1]):
            return column._replace(role="amount", dims=dims)
    return column
