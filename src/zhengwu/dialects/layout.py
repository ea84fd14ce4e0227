"""How a dialect lays a table out: the part of a dialect file that publishing runs forward.

Reading understands a table by the words of its header; the same columns, with the members that they stand for,
say here which amount is printed under them.
"""

from typing import Any, NamedTuple

Members = tuple[tuple[str, str], ...]

ROWS = ("sides", "function", "departmental", "lines", "items", "single", "catalogue", "transfers", "form", "directory")
ROLES = ("code", "name", "label", "amount", "project", "text")
DIMENSIONS = ("measure", "year", "function", "government", "departmental", "fund", "nature", "item")
_COLUMN_KEYS = frozenset({"label", "role", "axis", "zero", "width", "part", "when", *DIMENSIONS})
_ROW_KEYS = frozenset({"label", "each", "when", "indent", *DIMENSIONS})
_LAYOUT_KEYS = frozenset(
    {"rows", "columns", "left", "right", "foot", "items", "total", "total_first", "none", "note", "wide", "sort",
     "restrict", "grid", "subtitle", "when"}
)  # fmt: skip


class LayoutError(ValueError):
    """What is wrong in a layout, as (Chinese, English)."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


class ColumnLayout(NamedTuple):
    """A column: its header path from the top; what stands in it; the members its amounts have. ``part`` cuts a code
    that is printed in several columns ("3:5" is the second of 类, 款, 项). ``zero`` is how an amount of nothing is
    printed. ``when`` "any" leaves the column out when all its amounts are nothing."""

    label: tuple[str, ...]
    role: str
    members: Members
    axis: str = ""
    zero: str = ""
    width: float = 1.0
    part: tuple[int, int] | None = None
    when: str = ""


class RowLayout(NamedTuple):
    """A row named in words: its label ("{n}" is its number among the rows of ``each``, "{name}" the class's name)
    and members. ``each`` "class" stands for one row a functional class. ``when`` "any" leaves it out when all its
    amounts are nothing."""

    label: str
    members: Members
    each: str = ""
    when: str = ""
    indent: int = 0


class CellLayout(NamedTuple):
    """A cell of a form: words, or a value by its name; its spans. ``when`` names a value without which the row is
    left out."""

    text: str
    columns: int
    rows: int
    label: bool  # names what stands beside it
    when: str = ""


class TableLayout(NamedTuple):
    """A table as published."""

    rows: str
    columns: tuple[ColumnLayout, ...]
    left: tuple[RowLayout, ...]
    right: tuple[RowLayout, ...]
    foot: tuple[tuple[RowLayout, RowLayout], ...]
    items: tuple[RowLayout, ...]
    total: str
    total_first: bool
    none: str  # printed in the first row of an empty table
    note: str  # printed under an empty table
    wide: bool
    sort: tuple[str, ...]
    restrict: Members
    grid: tuple[tuple[CellLayout, ...], ...]
    subtitle: str
    when: str = ""  # "any": an empty table is left out


def layout_of(raw: dict[str, Any]) -> TableLayout:
    """The layout that a table of a dialect file describes. Raises LayoutError with the first thing wrong."""
    _known(raw, _LAYOUT_KEYS, "layout")
    rows = raw.get("rows")
    if rows not in ROWS:
        raise LayoutError(
            f"rows 应是 {'、'.join(ROWS)} 之一，不是“{rows}”", f"rows is one of {', '.join(ROWS)}, not “{rows}”"
        )
    columns = tuple(_column(one) for one in _list(raw, "columns"))
    if rows != "form" and not columns:
        raise LayoutError("缺少 columns", "columns are missing")
    depth = {len(column.label) for column in columns}
    if len(depth) > 1 and 0 in depth:
        raise LayoutError("有的列没有 label", "some columns have no label")
    return TableLayout(
        rows,
        columns,
        tuple(_row(one) for one in _list(raw, "left")),
        tuple(_row(one) for one in _list(raw, "right")),
        tuple(_pair(one) for one in _list(raw, "foot")),
        tuple(_row(one) for one in _list(raw, "items")),
        str(raw.get("total", "")),
        bool(raw.get("total_first", False)),
        str(raw.get("none", "")),
        str(raw.get("note", "")),
        bool(raw.get("wide", False)),
        tuple(str(key) for key in _list(raw, "sort")),
        tuple((str(key), str(value)) for key, value in raw.get("restrict", {}).items()),
        tuple(tuple(_cell(cell) for cell in row) for row in _list(raw, "grid")),
        str(raw.get("subtitle", "")),
        str(raw.get("when", "")),
    )


def _known(raw: Any, keys: frozenset[str], what: str) -> None:
    if not isinstance(raw, dict):
        raise LayoutError(f"{what} 应是一组“名 = 值”", f"{what} is a set of “key = value”")
    for key in raw:
        if key not in keys:
            raise LayoutError(f"{what} 不认识“{key}”：可以写 {'、'.join(sorted(keys))}", f"“{key}” is not known in {what}: one of {', '.join(sorted(keys))}")  # fmt: skip


def _list(raw: dict[str, Any], key: str) -> list[Any]:
    value = raw.get(key, [])
    if not isinstance(value, list):
        raise LayoutError(f"{key} 应是列表", f"{key} is a list")
    return value


def _members(raw: dict[str, Any]) -> Members:
    return tuple((key, str(raw[key])) for key in DIMENSIONS if key in raw)


def _column(raw: Any) -> ColumnLayout:
    _known(raw, _COLUMN_KEYS, "columns")
    role = raw.get("role", "amount")
    if role not in ROLES:
        raise LayoutError(f"role 应是 {'、'.join(ROLES)} 之一", f"role is one of {', '.join(ROLES)}")
    part = str(raw["part"]).split(":") if "part" in raw else None
    return ColumnLayout(
        tuple(str(raw.get("label", "")).split(">")) if raw.get("label") else (),
        role,
        _members(raw),
        str(raw.get("axis", "")),
        str(raw.get("zero", "")),
        float(raw.get("width", 1.0)),
        (int(part[0]), int(part[1])) if part else None,
        str(raw.get("when", "")),
    )


def _row(raw: Any) -> RowLayout:
    _known(raw, _ROW_KEYS, "row")
    return RowLayout(
        str(raw.get("label", "")), _members(raw), str(raw.get("each", "")), str(raw.get("when", "")), int(raw.get("indent", 0)),
    )  # fmt: skip


def _pair(raw: Any) -> tuple[RowLayout, RowLayout]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise LayoutError("foot 的每一项是左右两行", "each of foot is a pair of rows, left and right")
    return _row(raw[0]), _row(raw[1])


def _cell(raw: Any) -> CellLayout:
    if isinstance(raw, str):
        raw = {"text": raw}
    _known(raw, frozenset({"text", "value", "columns", "rows", "when"}), "grid")
    named = "text" in raw
    text = str(raw["text"]) if named else "{" + str(raw.get("value", "")) + "}"
    return CellLayout(text, int(raw.get("columns", 1)), int(raw.get("rows", 1)), named, str(raw.get("when", "")))
