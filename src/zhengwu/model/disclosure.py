"""A published budget or final account as understood: what all rules look at."""

from typing import NamedTuple

from zhengwu.model.document import Place, Source, Unread
from zhengwu.model.fact import Fact
from zhengwu.model.table import Table


class Section(NamedTuple):
    """A paragraph of the narrative under its headings, the outermost first."""

    heading: tuple[str, ...]
    text: str
    place: Place


class Parts(NamedTuple):
    """A whole and its parts as a table prints them, each a fact of that table.

    ``axis`` says which way they stand: "row" (columns of one row), "code" (a code and those below it),
    "total" (a total and its items). ``unknown`` names an item with an amount that was not understood:
    the relation can then not be evaluated.
    """

    axis: str
    table: int
    whole: Fact
    parts: tuple[Fact, ...]
    unknown: str = ""
    minus: tuple[Fact, ...] = ()  # what goes off the parts: 年末结转 = 年初结转 + 本年收入 − 本年支出


class Line(NamedTuple):
    """A line of the detail table (or of a list by economic class): all its codes and its amount."""

    fact: Fact
    function: str
    government: str
    departmental: str
    project: str
    basic: bool | None  # None where the table does not tell


class TargetForm(NamedTuple):
    """A project's (or the department's) target form: its money, by period and source."""

    table: int
    project: str
    project_place: Place
    funds: dict[tuple[str, str], Fact]  # (annual | midterm, total | fiscal | other | basic | project)
    costs: dict[str, tuple[Fact, ...]]  # period -> amounts of the cost indicators, in order


class Claim(NamedTuple):
    """What a sentence states about facts.

    ``kind``: share (numerator is ratio % of whole), change (this differs from last by amount or ratio %),
    rate (the difference is ratio % of last), flat (this equals last), completion (final is ratio % of budget), direction (a word without a
    number), count (so many of ``subject``).
    """

    kind: str
    place: Place
    quote: str  # the sentence
    span: tuple[int, int]  # of the number or word itself, in its paragraph
    stated: Fact | None = None  # the printed ratio, count or difference
    this: Fact | None = None
    other: Fact | None = None  # the whole, the year before, the budget
    direction: int = 0  # +1 more, -1 less, 0 equal
    subject: str = ""
    base_year: int | None = None
    amount: Fact | None = None  # of a rate: the difference stated beside it


class NameUse(NamedTuple):
    """A classification's code printed with a name."""

    axis: str  # function | government | departmental
    code: str
    name: str
    place: Place
    table: int


class Disclosure(NamedTuple):
    """The document as understood. Tables are referred to by their index. ``others`` are the documents it is
    audited with: those of its units, of last year, its budget."""

    source: Source
    kind: str  # budget | final | "" when neither is seen
    year: int | None
    unit: str
    dialect: str
    tables: tuple[Table, ...]
    sections: tuple[Section, ...]
    facts: tuple[Fact, ...]
    parts: tuple[Parts, ...]
    lines: tuple[Line, ...]
    forms: tuple[TargetForm, ...]
    claims: tuple[Claim, ...]
    enumerations: tuple[tuple[Fact, tuple[Fact, ...]], ...]  # whole, the parts named after 其中
    names: tuple[NameUse, ...]
    unread: tuple[Unread, ...]
    others: tuple["Disclosure", ...] = ()

    def document(self, index: int) -> "Disclosure":
        """The document that a fact or a spot with this ``document`` stands in."""
        return self.others[index - 1] if index else self
