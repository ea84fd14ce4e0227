"""The coverage map of a round, from what its job stored: each amount in its table or sentence, with its relations."""

from collections import Counter, defaultdict
from typing import Any, NamedTuple

TEXT = -1  # the narrative, as the number of a table
ROWS_A_PAGE = 120  # of a table: a page stays small


class Amount(NamedTuple):
    """An amount: its number, what is printed, its state."""

    number: int
    quote: str
    state: str


class Piece(NamedTuple):
    """A run of text, with the amount that it is."""

    text: str
    amount: Amount | None = None


class Line(NamedTuple):
    """A row of a table (cells of pieces), or a paragraph (one cell)."""

    cells: list[list[Piece]]
    total: bool = False


class Part(NamedTuple):
    """A table, or the narrative, with how many amounts it has in each state."""

    table: int
    number: str
    title: str
    counts: dict[str, int]


class Relation(NamedTuple):
    """A relation that an amount takes part in, with its arithmetic."""

    holds: bool
    text: str


class Map(NamedTuple):
    """One part of the document, shown. ``head`` has rows of labels, each with whether amounts stand below it."""

    part: Part
    head: list[list[tuple[str, bool]]]
    lines: list[Line]


def parts_of(reading: dict[str, Any], coverage: dict[str, Any]) -> list[Part]:
    """The narrative and the tables that hold amounts."""
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for fact in coverage.get("facts", ()):
        counted[fact[0]][fact[4]] += 1
    tables = reading.get("tables", [])
    found = []
    for index, table in enumerate(tables):
        if index in counted:
            name = str(table.get("number") or index + 1)
            found.append(Part(index, name, str(table.get("title") or ""), dict(counted[index])))
    if TEXT in counted:
        found.append(Part(TEXT, "", "", dict(counted[TEXT])))
    return found


def map_of(reading: dict[str, Any], coverage: dict[str, Any], part: Part) -> Map:
    """A part of the document with its amounts in their places."""
    amounts: dict[int | None, list[tuple[Amount, Any]]] = defaultdict(list)
    for number, (table, line, quote, span, state, _) in enumerate(coverage.get("facts", ())):
        if table == part.table:
            amounts[line].append((Amount(number, quote, state), span))
    if part.table == TEXT:
        lines = [
            Line([_pieces(str(section["text"]), amounts[section["at"].get("line")])])
            for section in reading.get("text", [])
            if section["at"].get("line") in amounts
        ]
        return Map(part, [], lines)
    table = reading["tables"][part.table]
    depth = max((len(column["label"]) for column in table["columns"]), default=0)
    lines = []
    for row in table["rows"]:
        cells = [_pieces(cell["text"], amounts.get(cell.get("at", {}).get("line"), [])) for cell in row["cells"]]
        lines.append(Line(cells, row["kind"] == "total"))
    numeric = {
        index for line in lines for index, cell in enumerate(line.cells) if any(piece.amount for piece in cell)
    }  # fmt: skip
    head = [
        [
            (column["label"][level] if level < len(column["label"]) else "", index in numeric)
            for index, column in enumerate(table["columns"])
        ]
        for level in range(depth)
    ]
    return Map(part, head, lines)


def _pieces(text: str, amounts: list[tuple[Amount, Any]]) -> list[Piece]:
    """A text cut at its amounts."""
    placed = []
    for amount, span in amounts:
        if span and text[span[0] : span[1]]:
            placed.append((span[0], span[1], amount))
        else:
            start = text.find(amount.quote)
            placed.append((start, start + len(amount.quote), amount) if start >= 0 else (0, len(text), amount))
    pieces: list[Piece] = []
    at = 0
    for start, end, amount in sorted(placed, key=lambda one: one[:2]):
        if start < at or start >= end:
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], amount))
        at = end
    return [*pieces, Piece(text[at:])] if at < len(text) else pieces


def chosen(coverage: dict[str, Any], number: int, language: str) -> tuple[Amount, int, list[Relation]] | None:
    """An amount by its number, the table that it stands in, and its relations, broken ones first."""
    facts = coverage.get("facts", ())
    if not 0 <= number < len(facts):
        return None
    table, _, quote, _, state, positions = facts[number]
    relations = [coverage["relations"][position] for position in positions]
    english = language == "en"
    said = [Relation(bool(holds), str(en if english else zh)) for holds, zh, en in relations]
    return Amount(number, quote, state), int(table), sorted(said, key=lambda one: one.holds)
