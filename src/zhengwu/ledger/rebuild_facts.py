"""What a published document says, asked as a ledger asks: one amount in 分 for the members of an identity, the
paragraphs in their order, and a list of what stays unknown."""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from zhengwu.ledger.values import yuan
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.message import Message
from zhengwu.model.number import YUAN_IN, number_of
from zhengwu.model.table import Table

_BLANKS = re.compile(r"[ \t\u3000\xa0\u200b]+")
_CJK = r"[\u2e80-\u9fff\uff00-\uffef“”‘’、。]"
_BETWEEN = re.compile(rf"(?<={_CJK}) (?=\S)|(?<=\S) (?={_CJK})")


class Unknown:
    """What could not be known, one sentence each, without repeating any."""

    def __init__(self) -> None:
        self._said: dict[Message, None] = {}

    def say(self, zh: str, en: str) -> None:
        """Add a sentence in both languages."""
        self._said[Message(zh, en)] = None

    def messages(self) -> tuple[Message, ...]:
        """All sentences in the order they were said."""
        return tuple(self._said)


def fen(value: Decimal) -> int:
    """An amount in yuan as a whole number of 分."""
    return int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))


def money(digits: str, unit: str) -> int:
    """Printed digits in 元 or 万元 … as 分."""
    return fen(number_of(digits).value * YUAN_IN[unit])


def named(amount: int) -> str:
    """分 as yuan, for messages."""
    return yuan(amount)


def tidy(text: str) -> str:
    """A text as people would type it: without blanks that only lay it out, one line for each printed line."""
    lines = (_BETWEEN.sub("", _BLANKS.sub(" ", line).strip()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def one_line(text: str) -> str:
    """A name: like ``tidy``, its wrapped lines joined again."""
    return tidy(text).replace("\n", "")


class Told:
    """A disclosure, asked by identity."""

    def __init__(self, disclosure: Disclosure, year: int) -> None:
        self.disclosure = disclosure
        self.year = year
        self.stage = disclosure.kind or "budget"

    @cached_property
    def _facts(self) -> dict[Identity, Fact]:
        """The most exact fact of each identity; a table goes before the text."""
        best: dict[Identity, Fact] = {}
        for fact in self.disclosure.facts:
            if fact.identity is None or fact.identity.aspect != "amount":
                continue
            known = best.get(fact.identity)
            if known is None or (fact.last_place, fact.table < 0) < (known.last_place, known.table < 0):
                best[fact.identity] = fact
        return best

    def fact(self, measure: str, year: int | None = None, **members: str) -> Fact | None:
        """The most exact fact of these members; None where the document does not say."""
        return self._facts.get(Identity(measure, year or self.year, self.stage, **members))

    def amount(self, measure: str, year: int | None = None, **members: str) -> int | None:
        """An amount in 分; None where the document does not say."""
        found = self.fact(measure, year, **members)
        return None if found is None else fen(found.value)

    def by_function(self, measure: str) -> Iterator[tuple[Identity, int]]:
        """This year's amounts under functional codes, no other code given."""
        for identity, fact in self._facts.items():
            if identity.measure == measure and identity.year == self.year and identity.stage == self.stage:
                plain = not (identity.government or identity.departmental or identity.item)
                if identity.function and plain and fact.table >= 0:
                    yield identity, fen(fact.value)

    def tables(self, *kinds: str) -> Iterator[Table]:
        """The tables of these kinds, in order."""
        return (table for table in self.disclosure.tables if table.kind in kinds)

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the narrative, headings among them, without layout blanks."""
        return tuple(one_line(section.text) for section in self.disclosure.sections)

    def last(self, measure: str, **members: str) -> int | None:
        """Last year's amount in 分: as printed, or this year's less the change that a sentence states."""
        printed = self.amount(measure, self.year - 1, **members)
        if printed is not None:
            return printed
        wanted = Identity(measure, self.year, self.stage, **members)
        for claim in self.disclosure.claims:
            if claim.this is None or claim.this.identity != wanted or claim.base_year not in (None, self.year - 1):
                continue
            if claim.kind == "flat":
                best = self._facts.get(wanted, claim.this)
                return fen(best.value)
            if claim.kind == "change":
                if claim.other is not None:
                    return fen(claim.other.value)
                if claim.stated is not None and claim.direction and claim.stated.unit in YUAN_IN:
                    return fen(claim.this.value - claim.direction * abs(claim.stated.value))
        return None


def numbered(paragraphs: Sequence[str], begins: re.Pattern[str]) -> list[str]:
    """The items of the first list, counted from one, that stands at most three paragraphs behind one that ``begins``
    finds; without their numbers. Empty where no list is."""
    for start, paragraph in enumerate(paragraphs):
        if not begins.search(paragraph):
            continue
        for first in range(start + 1, min(start + 4, len(paragraphs))):
            style = _style(paragraphs[first])
            if style and style[1] == 1:
                return _items(paragraphs[first:], style[0])
    return []


_ITEM = re.compile(
    r"(?P<open>[（(])?(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})(?P<close>(?(open)[）)]|[、．.]))\s*(?P<text>.*)"
)
_CHINESE = {digit: n for n, digit in enumerate("一二三四五六七八九", 1)}


def _style(paragraph: str) -> tuple[tuple[bool, bool], int, str] | None:
    """How an item is numbered (in brackets, in Chinese digits), its number, its text."""
    match = _ITEM.fullmatch(paragraph)
    if not match or not match["text"]:
        return None
    number = match["number"]
    bracketed = match["open"] is not None
    if number.isdecimal():
        return (bracketed, False), int(number), match["text"]
    tens, ten, ones = number.partition("十")
    value = (_CHINESE.get(tens, 1) * 10 + _CHINESE.get(ones, 0)) if ten else _CHINESE.get(number, 0)
    return (bracketed, True), value, match["text"]


def _items(paragraphs: Sequence[str], style: tuple[bool, bool]) -> list[str]:
    found: list[str] = []
    for paragraph in paragraphs:
        one = _style(paragraph)
        if one is None or one[0] != style or one[1] != len(found) + 1:
            break
        found.append(one[2])
    return found
