"""A long document in parts, so that no page is large: cut between paragraphs and tables, a long table between rows.

A number's address names its cell, not its part (``?at=``): it stays when documents are cut otherwise."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]
MOST = 250_000  # bytes of a part, about and rather too many: a page stays under 300 KB
# Bytes of markup: of an empty cell, of one with a text, of a number, of one with the address of its page.
_EMPTY, _CELL, _NUMBER, _PAGED_NUMBER = 12, 40, 80, 200
_PARAGRAPH, _TABLE = 60, 900
_ANCHOR = re.compile(r"(?:t(\d{1,6})|n(\d{1,6})-(\d{1,7})-\d{1,7}|p(\d{1,8}))", re.ASCII)
TEXT = -1


class Slice(NamedTuple):
    """Rows ``first`` to before ``last`` of a table (an index in the reading), or of the paragraphs (TEXT)."""

    table: int
    first: int
    last: int


Part = tuple[Slice, ...]


def parts_of(reading: Json, most: float = MOST) -> list[Part]:
    """The document in its order, a part no longer than ``most`` bytes, about; a short one is one part, one that could
    not be read is one part of nothing."""
    parts: list[list[Slice]] = [[]]
    size = 0
    for index, first, weight in _pieces(reading):
        if size + weight > most and parts[-1]:
            parts.append([])
            size = 0
        size += weight
        last = parts[-1][-1] if parts[-1] else None
        if last is not None and (last.table, last.last) == (index, first):
            parts[-1][-1] = last._replace(last=first + 1)
        else:
            parts[-1].append(Slice(index, first, first + 1))
    return [tuple(part) for part in parts]


def _pieces(reading: Json) -> Iterator[tuple[int, int, int]]:
    """(table or TEXT, row, bytes that it takes, about) in the order of the document; a table without rows has one."""
    tables, sections = reading.get("tables", ()), reading.get("text", ())
    starts = [
        *((line_of(section, number), TEXT, number) for number, section in enumerate(sections)),
        *((table.get("at", {}).get("line") or 10**9, index, 0) for index, table in enumerate(tables)),
    ]
    # Of one line the paragraphs come first; what has the same place keeps its order.
    for _line, index, number in sorted(starts, key=lambda one: (one[0], one[1] != TEXT)):
        if index == TEXT:
            yield TEXT, number, _PARAGRAPH + 3 * len(sections[number]["text"])
            continue
        rows = tables[index]["rows"]
        yield index, 0, _TABLE + (_weight(rows[0]) if rows else 0)
        for row in range(1, len(rows)):
            yield index, row, _weight(rows[row])


def _weight(row: Json) -> int:
    """The bytes that a row takes, about: rather more than too few."""
    weight = 0
    for cell in row["cells"]:
        if cell.get("value") is not None:
            weight += _PAGED_NUMBER if cell.get("at", {}).get("page") else _NUMBER
        elif cell["text"]:
            weight += _CELL
        else:
            weight += _EMPTY
        weight += 3 * len(cell["text"])
    return weight


def line_of(section: Json, number: int) -> int:
    """The line of a paragraph, its number (from 0) where the format tells none: what its address is made of."""
    return int(section.get("at", {}).get("line", number + 1))


def part_with(reading: Json, parts: list[Part], anchor: str) -> int:
    """The number of the part (from 1) in which an anchor stands; 1 for what stands nowhere."""
    found = _ANCHOR.fullmatch(anchor)
    if found is None:
        return 1
    if found[4]:
        index, row = TEXT, _paragraph(reading, int(found[4]))
    else:
        index = int(found[1] or found[2]) - 1
        row = _row(reading, index, int(found[3])) if found[3] else 0
    for number, part in enumerate(parts, 1):
        if any(one.table == index and one.first <= row < one.last for one in part):
            return number
    return 1


def _paragraph(reading: Json, line: int) -> int:
    return next((number for number, one in enumerate(reading.get("text", ())) if line_of(one, number) == line), -1)


def _row(reading: Json, index: int, row: int) -> int:
    """Where the row that the reader counted as ``row`` stands among the table's."""
    tables = reading.get("tables", ())
    if not 0 <= index < len(tables):
        return -1
    for number, one in enumerate(tables[index]["rows"]):
        if any(cell.get("at", {}).get("row", number + 1) == row for cell in one["cells"]):
            return number
    return -1
