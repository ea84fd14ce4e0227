"""What a person must know or decide after a ledger was made from others: copied forward, merged, rolled up."""

from typing import NamedTuple

from zhengwu.ledger.problem import Problem
from zhengwu.ledger.schema import sheet
from zhengwu.model.message import Message


class Option(NamedTuple):
    """One thing that may stand in place of what was found: a code with its name, or a text of another ledger."""

    value: str
    name: str = ""


class Note(NamedTuple):
    """One thing to know or to decide.

    ``kind`` is the key of what happened, listed where the notes are made. ``sheet`` and ``column`` are keys of
    ``schema.py`` ("" for no column in particular). ``rows`` are where it stands in the ledger that was made (empty
    where nothing of it was taken over), ``old_rows`` where it stood before; ``unit`` names the ledger that ``old_rows``
    are of, where there were several. ``found`` is what stood there. ``message`` says what was found, what was done and
    what to do, not where.
    """

    kind: str
    sheet: str
    rows: tuple[int, ...]
    old_rows: tuple[int, ...]
    column: str
    found: str
    message: Message
    options: tuple[Option, ...] = ()
    unit: str = ""

    @property
    def row(self) -> int:
        """The first row in the ledger that was made; 0 for none."""
        return self.rows[0] if self.rows else 0

    @property
    def sentence(self) -> Message:
        """The message with its place in front, in both languages; a place of the old ledger is called so."""
        found = sheet(self.sheet)
        title = next((one.zh for one in found.columns if one.key == self.column), "")
        row = self.row or (self.old_rows[0] if self.old_rows else 0)
        placed = Problem(found.zh, row, title, self.message).sentence
        source = self.unit if self.unit and not self.rows else ""
        if self.rows or not self.old_rows:
            return placed
        return Message(f"原{source}{placed.zh}", f"formerly{' of ' + source if source else ''}, {placed.en}")


def told(rows: tuple[int, ...]) -> Message:
    """How many rows a sentence speaks of, to be added to it where they are several."""
    if len(rows) < 2:
        return Message("", "")
    return Message(f"（共 {len(rows):,} 行）", f" ({len(rows):,} rows)")
