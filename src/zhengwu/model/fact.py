"""Every printed number is a fact: a value with an identity, a precision and a place."""

from decimal import Decimal
from typing import NamedTuple

from zhengwu.model.document import Place


class Identity(NamedTuple):
    """What a number says, as members of the field's dimensions. "" is the whole of a dimension.

    Two facts of equal identity must agree wherever they stand. Members and their trees are data:
    ``dialects/vocabulary.toml``.
    """

    measure: str  # income, expenditure, outflow, carry_out, three_public, ...
    year: int
    stage: str = "budget"  # budget | final
    function: str = ""  # functional code: 201, 20103, 2010301
    government: str = ""  # government economic code
    departmental: str = ""  # departmental economic code
    fund: str = ""  # fiscal > general, government_fund, state_capital; institution; ...
    nature: str = ""  # basic > personnel, public; project; ...
    item: str = ""  # of the three public expenses, of procurement; a project's name; a list's line
    aspect: str = "amount"  # amount | change against the year before


DIMENSIONS = ("function", "government", "departmental", "fund", "nature", "item")


class Fact(NamedTuple):
    """One printed number.

    ``value`` is in yuan (percentages: per cent; counts: one). ``last_place`` is the worth of one step
    in the last printed digit, in the same unit. ``quote`` is what is printed. ``table`` is the index of
    the table in the disclosure, or -1 for the narrative. ``span`` is where the quote stands in its
    paragraph or cell. ``document`` tells the documents of a set apart: 0 is the audited one, n the n-th given
    with it (``Disclosure.others``).
    """

    value: Decimal
    last_place: Decimal
    identity: Identity | None
    place: Place
    quote: str
    table: int = -1
    span: tuple[int, int] | None = None
    label: str = ""  # how the document itself calls it: row and column, or the words before it
    unit: str = "元"
    document: int = 0
