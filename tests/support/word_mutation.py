"""Documents with one word changed (a year, a direction, a name, a unit), and whether the audit sees it.

What may be changed is found in the printed text by the expressions below and by their own arithmetic, not by what
the tool understood of it; only amounts in sentences are taken from the tool, for "tied" is its word.
"""

import random
import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations
from typing import NamedTuple

from zhengwu.dialects.classifications import functional, normalise_name
from zhengwu.model.document import Block, Document, Grid, Paragraph, Place
from zhengwu.model.finding import Finding
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit


class Change(NamedTuple):
    """``text[begin:end]`` of a paragraph (row -1) or a cell becomes ``new``."""

    block: int
    row: int
    cell: int
    begin: int
    end: int
    new: str
    says: str  # for the report: what was changed into what


class Spelled(NamedTuple):
    """A text of the document with its position."""

    block: int
    row: int
    cell: int
    text: str
    place: Place


class Changed(NamedTuple):
    """A change and what came of it. ``said`` is whether anything new was found at all, wherever."""

    change: Change
    seen: bool
    said: bool


def texts(document: Document) -> Iterator[Spelled]:
    """Paragraphs and cells in order. Paragraphs are taken without outer blanks, as recognition does."""
    for number, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            yield Spelled(number, -1, -1, block.text.strip(), block.place)
            continue
        for row, cells in enumerate(block.rows):
            for position, cell in enumerate(cells):
                yield Spelled(number, row, position, cell.text, cell.place)


def with_change(document: Document, change: Change) -> Document:
    """The document with the change made."""
    blocks: list[Block] = list(document.blocks)
    block = blocks[change.block]
    if isinstance(block, Paragraph):
        blocks[change.block] = block._replace(text=_replaced(block.text.strip(), change))
    else:
        rows = [list(row) for row in block.rows]
        cell = rows[change.row][change.cell]
        rows[change.row][change.cell] = cell._replace(text=_replaced(cell.text, change))
        blocks[change.block] = block._replace(rows=tuple(tuple(row) for row in rows))
    return document._replace(blocks=tuple(blocks))


def _replaced(text: str, change: Change) -> str:
    return text[: change.begin] + change.new + text[change.end :]


# A year of the document in a title, in a comparison, in a date up to which something is stated.
_TITLE = re.compile(
    r"(20\d\d)\s*年[^，。；]*(?:预算|决算|情况说明)|^[（(]\s*(20\d\d)\s*年度\s*[）)]$|^(20\d\d)年(?:预算|决算)数$"
)
_COMPARISON = re.compile(r"[比与较同]\s*(20\d\d)\s*年")
_DATE = re.compile(r"截[至止]\s*(20\d\d)\s*年")
_LONGEST_TITLE = 60
_OTHER_MATTER = re.compile(r"评价|任务书")


def years(document: Document, sound: Audit) -> list[Change]:
    """Years in titles, comparisons and dates, each changed to those around it; where a year is wrong already
    the change may mend it, and is not made."""
    faulty = {spot.place for finding in sound.findings if "year" in finding.rule for spot in finding.at}
    found = []
    for spelled in texts(document):
        title = spelled.row >= 0 or (
            len(spelled.text.rstrip("….")) <= _LONGEST_TITLE and "。" not in spelled.text and spelled.text[-1:] != "："
        )
        for name, pattern in (("title", _TITLE), ("comparison", _COMPARISON), ("date", _DATE)):
            if (name == "title" and not title) or _OTHER_MATTER.search(spelled.text) or spelled.place in faulty:
                continue
            for match in pattern.finditer(spelled.text):
                group = next(index for index in range(1, (match.lastindex or 0) + 1) if match[index])
                printed = int(match[group])
                for step in (-3, -2, -1, 1, 2):
                    says = f"{name}: {printed} -> {printed + step} in {spelled.text[:24]}"
                    found.append(_change(spelled, match.span(group), str(printed + step), says))
    return found


_UP = ("增加", "增长", "上升", "提高")
_DOWN = ("减少", "下降", "降低")
_DIRECTION = re.compile(
    r"(?P<word>增加|增长|上升|减少|下降|降低)(?=\s*(?P<amount>[\d,]+(?:\.\d+)?)\s*(?P<unit>万元|元|[%％]))"
)
_AMOUNT = re.compile(r"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s*(?:万元|元)")
_VERSUS = re.compile(
    r"预算[为数是]?\s*(?P<budget>[\d,.]+)\s*万?元，支出决算为\s*(?P<final>[\d,.]+)\s*万?元.*?(?P<word>大于|小于)预算数"
)
_RATE = re.compile(r"[，,]?\s*(?:上升|增长|增加|下降|减少|降低)\s*(?P<rate>[\d.]+)\s*[%％]")


def directions(document: Document, sound: Audit) -> list[Change]:
    """Words of direction where amounts of the same paragraph decide which is right, turned round."""
    found = []
    for spelled in texts(document):
        if spelled.row >= 0:
            continue
        for match in _VERSUS.finditer(spelled.text):
            final, budget = _value(match["final"]), _value(match["budget"])
            if (final > budget) is (match["word"] == "大于") and final != budget:
                other = "小于" if match["word"] == "大于" else "大于"
                found.append(_change(spelled, match.span("word"), other, f"{match['word']} -> {other}"))
        decided = False
        for match in _DIRECTION.finditer(spelled.text):
            if match["unit"] in "%％":
                if not decided:
                    continue
            else:
                decided = _decides(spelled.text, match)
            if decided:
                for other in _DOWN if match["word"] in _UP else _UP:
                    says = f"{match['word']} -> {other} before {match['amount']}{match['unit']}"
                    found.append(_change(spelled, match.span("word"), other, says))
    return found


def _decides(text: str, match: re.Match[str]) -> bool:
    """Whether two amounts of the paragraph are apart by this one, or the rate beside it fits one sign only."""
    change = _value(match["amount"])
    amounts = {_value(number) for number in _AMOUNT.findall(text)} - {change, Decimal(0)}
    if any(one - other == change for one, other in permutations(amounts, 2)):
        return True
    rate = _RATE.match(text, match.end("unit"))
    if rate is None:
        return False
    stated = Decimal(rate["rate"])
    signs = set()
    for amount in amounts:
        for sign in (1, -1):
            last = amount - sign * change
            if last > 0 and (100 * change / last).quantize(stated, ROUND_HALF_UP) == stated:
                signs.add(sign)
    return len(signs) == 1


def _value(printed: str) -> Decimal:
    return Decimal(printed.replace(",", ""))


_CODE = re.compile(r"\d{2,7}")
_CHINESE = re.compile(r"[一-鿿].*[一-鿿]")
_LEVELS = re.compile(r"(?P<name>[一-鿿（）、]+?)（(?P<level>[类款项])）")
_PATH = re.compile(r"“([^”]+-[^”]+)”")


def names(document: Document, sound: Audit) -> list[Change]:
    """Functional names beside their code, or in a path of names in a sentence, changed to another code's name of
    the document or to a name of another year."""
    rows = list(_named_codes(document))
    printed = sorted({spelled.text.strip() for _, spelled in rows})
    found = []
    for code, spelled in rows:
        own = spelled.text.strip()
        begin = spelled.text.index(own)
        for other in (*_others(own, printed), *_older(code, own)):
            found.append(_change(spelled, (begin, begin + len(own)), other, f"{code} {own} -> {other}"))
    for spelled in texts(document):
        if spelled.row < 0:
            for begin, own in _in_path(spelled.text):
                for other in _others(own, printed):
                    found.append(_change(spelled, (begin, begin + len(own)), other, f"text {own} -> {other}"))
    return found


def _named_codes(document: Document) -> Iterator[tuple[str, Spelled]]:
    """Cells with the name of a functional code that stands before them, in one cell or in three."""
    for number, block in enumerate(document.blocks):
        if not isinstance(block, Grid):
            continue
        for row, cells in enumerate(block.rows):
            code = ""
            for position, cell in enumerate(cells):
                text = cell.text.strip()
                if _CODE.fullmatch(text):
                    code += text
                elif _CHINESE.fullmatch(text):
                    if len(code) in (3, 5, 7) and code.startswith("2"):
                        yield code, Spelled(number, row, position, cell.text, cell.place)
                    code = ""
                elif text:
                    code = ""


def _others(own: str, printed: list[str]) -> list[str]:
    """Names of the document that do not mean the same."""
    return [other for other in printed if not {_core(own)} & {_core(other)}]


def _core(name: str) -> str:
    return re.sub(r"支出$", "", normalise_name(name))


def _older(code: str, own: str) -> list[str]:
    book = functional()
    return [one.name for one in book.names_of(code) if _core(one.name) != _core(own)]


def _in_path(text: str) -> Iterator[tuple[int, str]]:
    """Names in “类-款-项” and in 名（类）名（款）名（项）."""
    for match in _PATH.finditer(text):
        begin = match.start(1)
        for part in match[1].split("-"):
            yield begin, part
            begin += len(part) + 1
    for match in _LEVELS.finditer(text):
        name = match["name"].lstrip("、")
        yield match.end("name") - len(name), name


_UNIT = re.compile(r"单位\s*[：:]\s*(?P<unit>万元|元)\s*$")
_UNIT_OF_AMOUNT = re.compile(r"(?:亿元|万元|元)$")


def units(document: Document, sound: Audit) -> list[Change]:
    """Unit labels of tables with amounts, and units of amounts in sentences that are tied."""
    found = []
    filled = _captions_of_filled_tables(document)
    by_place: dict[Place, Spelled] = {}
    for spelled in texts(document):
        if spelled.row < 0:
            by_place.setdefault(spelled.place, spelled)
        match = _UNIT.search(spelled.text)
        if match and (spelled.block, spelled.row) in filled:
            other = "元" if match["unit"] == "万元" else "万元"
            found.append(_change(spelled, match.span("unit"), other, f"label {match['unit']} -> {other}"))
    for position, fact in enumerate(sound.disclosure.facts):
        if fact.table >= 0 or fact.span is None or not fact.value or position not in sound.tied:
            continue
        unit = _UNIT_OF_AMOUNT.search(fact.quote)
        if unit is None or fact.place not in by_place:
            continue
        spelled = by_place[fact.place]
        span = (fact.span[0] + unit.start(), fact.span[0] + unit.end())
        assert spelled.text[span[0] : span[1]] == unit[0]
        for other in ("元", "万元", "亿元"):
            if other != unit[0]:
                found.append(_change(spelled, span, other, f"{fact.quote} -> {other}"))
    return found


def _captions_of_filled_tables(document: Document) -> set[tuple[int, int]]:
    """(block, row) of captions and head rows of tables that print an amount."""
    found: set[tuple[int, int]] = set()
    for number, block in enumerate(document.blocks):
        if not isinstance(block, Grid):
            continue
        if not any(re.search(r"[1-9]\d*[,.]\d", cell.text) for row in block.rows for cell in row):
            continue
        found.update((number, row) for row in range(len(block.rows)))
        for above in range(number - 1, -1, -1):
            if isinstance(document.blocks[above], Grid):
                break
            found.add((above, -1))
    return found


def _change(spelled: Spelled, span: tuple[int, int], new: str, says: str) -> Change:
    return Change(spelled.block, spelled.row, spelled.cell, *span, new, says)


KINDS: dict[str, Callable[[Document, Audit], list[Change]]] = {
    "year": years,
    "direction": directions,
    "name": names,
    "unit": units,
}


def changed(document: Document, kind: str, count: int, seed: int) -> list[Changed]:
    """Up to ``count`` different changes of a kind, drawn at random, each with what the audit says of it."""
    sound = audit(understand(document))
    known = {_identity(finding) for finding in sound.findings}
    changes = sorted(set(KINDS[kind](document, sound)))
    random.Random(seed).shuffle(changes)
    found = []
    for change in changes[:count]:
        after = audit(understand(with_change(document, change)))
        fresh = [finding for finding in after.findings if _identity(finding) not in known]
        seen = any(_names_place(finding, document, change, after) for finding in fresh)
        found.append(Changed(change, seen, bool(fresh)))
    return found


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.message, tuple(spot.place for spot in finding.at)


def _names_place(finding: Finding, document: Document, change: Change, after: Audit) -> bool:
    """Whether a finding names the changed paragraph or cell, or the table whose title or unit was changed."""
    place = next(
        one.place
        for one in texts(document)
        if (one.block, one.row, one.cell) == (change.block, change.row, change.cell)
    )
    if any(spot.place == place for spot in finding.at):
        return True
    for spot in finding.at:
        if spot.table < 0:
            continue
        table = after.disclosure.tables[spot.table]
        heads = {caption.place for caption in table.captions} | {cell.place for row in table.header for cell in row}
        if place in heads:
            return True
    return False
