"""Tables of a publication as HTML, and the addresses of their numbers.

Every amount that states a fact has an address made from the fact alone: it is the same in every edition of the page,
so that a link to a number stays good.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from hashlib import blake2s
from html import escape
from typing import NamedTuple

from zhengwu.model.fact import Identity
from zhengwu.publishing.pages import Placed, align_of, body, clean, placed
from zhengwu.publishing.publication import PrintedCell, PrintedTable

_NAMES = ("name", "project", "text")


class Address(NamedTuple):
    """Where a fact stands: the id of its cell, and what the cell is, in words."""

    id: str
    words: str


class Addresses:
    """Each fact's address: its first cell in the tables. A fact that stands in several has one."""

    def __init__(self, tables: Iterable[PrintedTable]) -> None:
        self._found: dict[Identity, Address] = {}
        taken: set[str] = set()
        for table in tables:
            columns = _column_words(table)
            for row in body(table):
                for place in row:
                    identity = place.cell.identity
                    if identity is None or place.above or identity in self._found:
                        continue
                    name = _identifier(identity)
                    while name in taken:
                        name += "x"
                    taken.add(name)
                    words = "，".join(filter(None, (_row_words(table, row, place), columns[place.column])))
                    shown = f"见“{clean(table.heading)}”"
                    self._found[identity] = Address(name, f"{shown}：{words}" if words else shown)
        self._left = set(self._found)

    def of(self, identity: Identity | None) -> Address | None:
        """A fact's address, None where no table holds it."""
        return self._found.get(identity) if identity is not None else None

    def take(self, identity: Identity | None) -> str:
        """The id for the cell being written, "" where an earlier cell has it. Cells are written in their order."""
        if identity is None or identity not in self._left:
            return ""
        self._left.remove(identity)
        return self._found[identity].id


def _identifier(identity: Identity) -> str:
    digest = blake2s("\x1f".join(map(str, identity)).encode("utf-8", "replace"), digest_size=5)
    return f"n{digest.hexdigest()}"


def _column_words(table: PrintedTable) -> list[str]:
    """For each column what stands over it, from the top."""
    paths: list[list[str]] = [[] for _ in table.columns]
    for row in placed(table.header, len(table.columns)):
        for column, cell, _ in row:
            for path in paths[column : column + cell.colspan]:
                words = _one_line(cell.text)
                if words and words not in path:
                    path.append(words)
    return ["／".join(path) for path in paths]


def _row_words(table: PrintedTable, row: Sequence[Placed], place: Placed) -> str:
    """The name that the row has, or this half of it: the nearest one on the left."""
    names = [
        _one_line(one.cell.text)
        for one in row
        if one.column < place.column and table.columns[one.column].role in ("name", "label", "project")
    ]
    return next((name for name in reversed(names) if name), "")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def marked_up(text: str) -> str:
    """A text as HTML: escaped, its line breaks and its runs of blanks kept."""
    lines = escape(clean(text)).split("\n")
    kept = [line.replace("  ", " \xa0") for line in lines]
    return "<br>".join("\xa0" + line[1:] if line.startswith(" ") else line for line in kept)


def table_markup(table: PrintedTable, name: str, level: int, addresses: Addresses) -> Iterator[str]:
    """A table with its caption and notes. ``name`` is the id of its heading, which is of ``level`` 2 to 6."""
    heading = clean(table.heading)
    label = f'aria-labelledby="{name}"' if heading.strip() else 'aria-label="表格"'
    kinds = " ".join(kind for kind, on in (("form", table.form), ("wide", table.wide)) if on)
    yield f'<div class="scroll{" " + kinds if kinds else ""}" role="region" {label} tabindex="0">'
    unit = f' data-unit="{escape(clean(table.money_unit))}"' if table.money_unit else ""
    yield f"<table{unit}>{_caption(table, name, level)}{_columns(table)}"
    rows = placed(table.header, len(table.columns))
    if rows:
        yield "<thead>"
        for row in rows:
            cells = (one for one in row if not one.above)
            yield f"<tr>{''.join(_header_cell(table, one.cell) for one in cells)}</tr>"
        yield "</thead>"
    yield "<tbody>"
    named = _named_columns(table)
    for printed, row in zip(table.rows, body(table), strict=True):
        kind = _row_kind(printed.kind, printed.level)
        cells = (one for one in row if not one.above)
        yield f"<tr{kind}>{''.join(_cell(table, one, row, named, printed.kind, addresses) for one in cells)}</tr>"
    yield "</tbody></table></div>"
    for note in table.notes:
        yield f'<p class="note">{marked_up(note)}</p>'


def _caption(table: PrintedTable, name: str, level: int) -> str:
    """Heading and captions. The heading is a real one, so that a screen reader's list of headings holds the table."""
    heading = marked_up(table.heading)
    first = f'<h{level} id="{name}">{heading}</h{level}>' if heading.strip() else f'<span id="{name}"></span>'
    left, right = map(marked_up, table.captions)
    over = f"<div>{left}</div>" if left.strip() else ""
    over += f'<div class="right">{right}</div>' if right.strip() else ""
    over = f'<div class="over">{over}</div>' if over else ""
    return f'<caption><div class="title">{first}{over}</div></caption>'


def _columns(table: PrintedTable) -> str:
    """The columns' shares of the width."""
    whole = sum(column.width for column in table.columns) or 1.0
    shares = (f'<col style="width:{100 * column.width / whole:.3g}%">' for column in table.columns)
    return f"<colgroup>{''.join(shares)}</colgroup>"


def _header_cell(table: PrintedTable, cell: PrintedCell) -> str:
    if not cell.text.strip():
        return f"<td{_spans(cell)}></td>"
    scope = "colgroup" if cell.colspan > 1 else "col"
    return f'<th scope="{scope}"{_spans(cell)}>{marked_up(cell.text)}</th>'


def _named_columns(table: PrintedTable) -> frozenset[int]:
    """The columns whose cells name their row: all labels, else the first column of names."""
    labels = [n for n, column in enumerate(table.columns) if column.role == "label"]
    if labels or table.form:
        return frozenset(labels)
    roles = [column.role for column in table.columns]
    return frozenset(next(([roles.index(role)] for role in _NAMES if role in roles), []))


def _row_kind(kind: str, level: int) -> str:
    if kind == "total":
        return ' class="total"'
    return f' class="level{level}"' if 0 < level < 3 else ""


def _cell(
    table: PrintedTable, place: Placed, row: Sequence[Placed], named: frozenset[int], kind: str, addresses: Addresses
) -> str:
    cell = place.cell
    tag, more = "td", _spans(cell)
    if _names_row(table, place, row, named, kind):
        tag, more = "th", ' scope="row"' + more
    name = addresses.take(cell.identity)
    if name:
        more += f' id="{name}"'
    classes = []
    align = align_of(table, place, kind)
    if cell.value is not None:
        classes.append("a" if align == "right" else "a " + align[0])
    elif align != "left" and cell.text:
        classes.append(align[0])
    if cell.indent > 0:
        classes.append(f"i{min(cell.indent, 6)}")
    if classes:
        more += f' class="{" ".join(classes)}"'
    text = marked_up(cell.text)
    if cell.value is not None and text.strip():
        text = f'<data value="{_plain(cell.value)}">{text}</data>'
    return f"<{tag}{more}>{text}</{tag}>"


def _names_row(table: PrintedTable, place: Placed, row: Sequence[Placed], named: frozenset[int], kind: str) -> bool:
    """Whether a cell is the name of its row or, in a form, of what stands on its right."""
    cell = place.cell
    if cell.value is not None or not cell.text.strip():
        return False
    if all(column in named for column in range(place.column, place.column + cell.colspan)):
        return True
    if table.form:
        # A label may reach into the columns of text; what is filled in never stands in the middle.
        return place.column in named and cell.align == "center"
    # The name of a total may stand over the columns of codes.
    return kind == "total" and next(one for one in row if one.cell.text.strip()) is place


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _spans(cell: PrintedCell) -> str:
    across = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return across + (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "")
