"""What earlier words of a paragraph leave to later ones."""

from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.disclosure import Claim
from zhengwu.model.fact import Fact, Identity


class Narrative(NamedTuple):
    """What the narrative states."""

    facts: list[Fact]
    claims: list[Claim]
    enumerations: list[tuple[Fact, tuple[Fact, ...]]]  # whole, the parts named after 其中


class Frame:
    """A whole whose parts are being named."""

    def __init__(self, whole: Fact | None, identity: Identity | None, bracket: bool, carried: bool = False) -> None:
        self.whole = whole
        self.identity = identity
        self.bracket = bracket  # "（其中：…）": it ends with its bracket
        self.carried = carried  # opened by the paragraph before, which ended in a colon
        self.parts: list[Fact] = []


class State:
    """Of one paragraph, read from left to right."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.frames: list[Frame] = []
        self.topic: Fact | None = None  # the amount last stated
        self.main: Fact | None = None  # the last one that is no part
        self.base: Fact | None = None  # an amount named as the one compared with
        self.base_year: int | None = None
        self.base_stage = ""
        self.comparing = False
        self.denominator: Fact | None = None
        self.budget: Fact | None = None
        self.reason = False
        self.garbled = False  # "各为 4.5、6.7 万元": nothing of this sentence can be told apart
        self.paragraph: Identity | None = None  # what the opening or the heading says the paragraph is about

    def end_of_sentence(self, year: int, goes_on: bool) -> None:
        """Forget what a full stop ends; a comparison goes on in "。其中：…"."""
        self.year = year
        self.base = self.denominator = None
        self.reason = self.garbled = False
        if not goes_on:
            self.base_year, self.base_stage, self.comparing = None, "", False

    @property
    def frame(self) -> Frame | None:
        """The innermost enumeration."""
        return self.frames[-1] if self.frames else None


def fits_rate(stated: Fact, amount: Fact, direction: int, this: Fact) -> bool:
    """Whether the rate is that of the difference to the year before of ``this``."""
    change = abs(amount.value) * direction
    last = this.value - change
    if not last:
        return True  # a rate of nothing: its amounts cannot tell
    slack = stated.last_place + 100 * (amount.last_place + this.last_place) / abs(last)
    return abs(100 * abs(change) / abs(last) - stated.value) <= slack


def fits_share(stated: Fact, part: Fact, whole: Fact) -> bool:
    """Whether the share is that of the part in the whole."""
    if not whole.value:
        return not stated.value
    slack = stated.last_place + 100 * (part.last_place + whole.last_place) / abs(whole.value)
    return abs(Decimal(100) * part.value / whole.value - stated.value) <= slack
