"""What the reports that show the document itself are made of: the audit, the document, its bytes."""

import re
from typing import NamedTuple

from zhengwu.model.document import Document, Grid
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.engine import Audit

_INNER = ".,，．"  # what may stand between two digits of one number


class Audited(NamedTuple):
    """An audited document with the bytes it was read from. ``uri`` is how the user named the file."""

    audit: Audit
    document: Document
    data: bytes
    uri: str


class Made(NamedTuple):
    """A file that a report consists of: its suffix, its bytes, and what could not be done."""

    suffix: str
    data: bytes
    notes: tuple[Message, ...] = ()


def in_order(audit: Audit) -> list[Finding]:
    """The findings as a reader meets them: those of the whole document, then by page and line."""
    return sorted(audit.findings, key=_position)


def _position(finding: Finding) -> tuple[bool, int, int]:
    if not finding.at or not is_placed(finding.at[0]):
        return (False, 0, 0)
    place = finding.at[0].place
    return (True, place.page or 0, place.line or 0)


def is_placed(spot: Spot) -> bool:
    """Whether the spot says where it is (what is missing altogether has no place)."""
    place = spot.place
    return place.line is not None or place.page is not None or place.row is not None


def spots_to_mark(finding: Finding) -> tuple[Spot, ...]:
    """The places to mark: all of them once, of a mere rounding difference only the first."""
    placed = dict.fromkeys(spot for spot in finding.at if is_placed(spot))
    spots = tuple(placed)
    return spots[:1] if finding.severity is Severity.INFO else spots


def counts(audit: Audit) -> dict[str, int]:
    """How many findings there are of each severity."""
    return {severity.value: sum(finding.severity is severity for finding in audit.findings) for severity in Severity}


def span_of(text: str, quote: str) -> tuple[int, int] | None:
    """Where ``quote`` stands in ``text``, blanks apart: start and end, or None.

    A number is not looked for inside a longer one ("0万元" is not in "30万元") unless it stands
    nowhere else.
    """
    wanted = "".join(quote.split())
    kept = [index for index, character in enumerate(text) if not character.isspace()]
    squeezed = "".join(text[index] for index in kept)
    first = at = squeezed.find(wanted) if wanted else -1
    while at >= 0 and _cuts_a_number(squeezed, at, at + len(wanted)):
        at = squeezed.find(wanted, at + 1)
    at = first if at < 0 else at
    return None if at < 0 else (kept[at], kept[at + len(wanted) - 1] + 1)


def _cuts_a_number(text: str, start: int, end: int) -> bool:
    before = text[start].isdigit() and re.search(rf"\d[{_INNER}]?$", text[:start])
    behind = text[end - 1].isdigit() and re.match(rf"[{_INNER}]?\d", text[end:])
    return bool(before or behind)


def text_at(document: Document, line: int | None) -> str:
    """The paragraph or cell of a running line number, "" where there is none."""
    for block in document.blocks:
        if isinstance(block, Grid):
            for row in block.rows:
                for cell in row:
                    if cell.place.line == line:
                        return cell.text
        elif block.place.line == line:
            return block.text
    return ""


def grouped(value: str | None) -> str:
    """A value for people: an amount with thousands separators, anything else (a year, a word) as it is."""
    if value is None:
        return ""
    number = re.fullmatch(r"([-+]?)(\d{4,}(?=\.)|\d{5,})(\.\d+)?", value)
    return f"{number[1]}{int(number[2]):,}{number[3] or ''}" if number else value
