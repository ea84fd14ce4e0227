"""What a ledger says of a fact: the amount of any identity, derived from the rows that were typed.

Funds and natures are trees (``dialects/vocabulary.toml``). Income of a fund is this year's appropriation alone;
expenditure of a fund is what is spent of its budget, also from what was carried over.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from zhengwu.dialects import tree
from zhengwu.dialects.classifications import departmental_economic, functional, government_economic
from zhengwu.ledger.model import Ledger, Line

FISCAL = ("general", "government_fund", "state_capital")
THREE_PUBLIC = {
    "abroad": ("30212",), "reception": ("30217",), "car_purchase": ("31013", "30913"), "car_operation": ("30231",),
}  # fmt: skip
_PERSONNEL = ("301", "303")
_LENGTHS = (3, 5, 7)


class Key(NamedTuple):
    """All codes of an amount; ``nature`` is personnel or public where it is basic."""

    function: str
    government: str
    departmental: str
    fund: str
    nature: str


def nature_of(line: Line) -> str:
    """The finest nature of a line: basic expenditure is personnel (301, 303) or public."""
    if line.nature != "basic":
        return line.nature
    return "personnel" if line.departmental.startswith(_PERSONNEL) else "public"


@lru_cache(maxsize=256)
def belongs(fund: str, wanted: str, spending: bool) -> bool:
    """Whether money of a source counts under ``wanted``, a member of the tree of funds."""
    if not wanted or fund == wanted:
        return True
    base, _, carried = fund.partition(".")
    if carried:
        if wanted in ("carryover", "fiscal_all", "fiscal_carryover"):
            return wanted == "carryover" or carried in FISCAL
        return spending and carried in FISCAL and belongs(carried, wanted, True)
    if wanted == "fiscal_all":
        return base in FISCAL
    below = tree("fund").get(wanted, ())
    return any(belongs(fund, part, spending) for part in below if "." not in part and part != "fiscal_carryover")


def of_nature(nature: str, wanted: str) -> bool:
    """Whether a nature counts under ``wanted``."""
    return not wanted or nature == wanted or (wanted == "basic" and nature in ("personnel", "public"))


class Amounts:
    """Amounts in 分 by codes, summed up once."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.year = ledger.budget.year
        self.natures = [nature_of(line) for line in ledger.lines]
        sums: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
        for line, nature in zip(ledger.lines, self.natures, strict=True):
            # A draft's may be empty yet.
            sums[line.function, line.government, line.departmental, line.fund, nature] += line.amount or 0
        self.sums = {Key(*key): amount for key, amount in sums.items()}

    def spent(self, **members: str) -> int:
        """This year's expenditure with these members (function, government, departmental, fund, nature)."""
        sums = self.sums if members.keys() - {"fund", "nature"} else self._by_source
        return sum(amount for key, amount in sums.items() if _matches(key, members))

    @cached_property
    def _by_source(self) -> dict[Key, int]:
        """The sums without codes: a narrative asks for these again and again, and there are thousands of codes."""
        found: dict[Key, int] = defaultdict(int)
        for key, amount in self.sums.items():
            found[Key("", "", "", key.fund, key.nature)] += amount
        return found

    def income(self, fund: str = "", last: bool = False) -> int:
        """Income of a fund, this year's or last year's."""
        return sum(
            (row.last or 0) if last else row.amount for row in self.ledger.income if belongs(row.fund, fund, False)
        )

    def carry_out(self, fund: str = "") -> int:
        """What of the income is carried to the next year."""
        return sum(row.carry_out or 0 for row in self.ledger.income if belongs(row.fund, fund, True))

    def spent_last(self, nature: str = "", fund: str = "") -> int:
        """Last year's expenditure: by nature as typed; of a fund what was received, as budgets balance."""
        if fund:
            return sum(row.last or 0 for row in self.ledger.income if belongs(row.fund, fund, True))
        return sum(row.amount for row in self.ledger.last_year if row.subject == nature or (not nature and row.subject != "operating"))  # fmt: skip

    def last(self, subject: str) -> int:
        """A figure of the sheet of last year's."""
        return sum(row.amount for row in self.ledger.last_year if row.subject == subject)

    def three_public(self, item: str = "", last: bool = False) -> int:
        """The three public expenses from the general public budget; "cars" is both of its parts."""
        items = {"": tuple(THREE_PUBLIC), "cars": ("car_purchase", "car_operation")}.get(item, (item,))
        if last:
            return sum(row.last for row in self.ledger.three_public if row.item in items)
        return self._three_public_of(tuple(code for one in items for code in THREE_PUBLIC[one]))

    def _three_public_of(self, codes: tuple[str, ...]) -> int:
        return sum(
            amount for key, amount in self.sums.items()
            if key.departmental in codes and belongs(key.fund, "general", True)
        )  # fmt: skip

    def operating(self, functions: Sequence[str] = (), projects: Sequence[str] = ()) -> int:
        """Operating expenses: the public part of basic expenditure from the general public budget; a dialect may
        narrow it to functional items of these names and to projects that begin in a certain way."""
        return sum(
            line.amount
            for line in self.ledger.lines
            if nature_of(line) == "public"
            and belongs(line.fund, "general", True)
            and (not functions or self.name("function", line.function) in functions)
            and (not projects or not line.project or line.project.startswith(tuple(projects)))
        )

    @cached_property
    def projects(self) -> dict[str, int]:
        """Projects by name, in the order of the lines, with their amounts."""
        found: dict[str, int] = defaultdict(int)
        for line in self.ledger.lines:
            if line.nature == "project":
                found[line.project] += line.amount
        return dict(found)

    @cached_property
    def fiscal_projects(self) -> dict[str, int]:
        """Of each project what is paid from fiscal appropriation."""
        found: dict[str, int] = defaultdict(int)
        for line in self.ledger.lines:
            if line.nature == "project":
                found[line.project] += line.amount if belongs(line.fund, "fiscal", True) else 0
        return dict(found)

    @cached_property
    def units_of(self) -> dict[str, tuple[str, ...]]:
        """The units that carry out each project, in the order of the lines."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for line in self.ledger.lines:
            if line.nature == "project":
                found[line.project][line.unit] = None
        return {project: tuple(units) for project, units in found.items()}

    @cached_property
    def with_targets(self) -> tuple[str, ...]:
        """Projects that declare targets, in the order of their sheet."""
        return tuple(project.name for project in self.ledger.projects if project.targets)

    def procurement(self, category: str = "") -> int:
        """Public procurement, of one category or all."""
        return sum(row.amount for row in self.ledger.procurement if category in ("", row.category))

    def purchased(self, catalogue: str = "") -> int:
        """Purchased services under an entry of the catalogue, from fiscal appropriation."""
        return sum(
            self.fiscal_projects.get(row.project, 0)
            for row in self.ledger.purchased
            if row.catalogue.startswith(catalogue)
        )

    def rolled_up(self, axis: str, columns: Sequence[dict[str, str]], lengths: Sequence[int] = _LENGTHS) -> dict[str, list[int]]:  # fmt: skip
        """Amounts by code at every level, a list in the order of ``columns`` (members each); "" is the total."""
        position = Key._fields.index(axis)
        spending = [column.get("measure") != "income" for column in columns]
        found: dict[str, list[int]] = {}
        width = len(columns)
        for key, amount in self.sums.items():
            hit = [n for n in range(width) if _matches(key, columns[n], spending[n])]
            if not hit:
                continue
            code = key[position]
            for length in (0, *[size for size in lengths if size <= len(code)]):
                row = found.get(code[:length])
                if row is None:
                    row = found[code[:length]] = [0] * width
                for n in hit:
                    row[n] += amount
        return found

    def codes(self, axis: str, length: int, **members: str) -> list[str]:
        """The codes of a length under which something is planned, sorted; also lines of nothing count."""
        position = Key._fields.index(axis)
        return sorted({key[position][:length] for key in self.sums if _matches(key, members)})

    def name(self, axis: str, code: str) -> str:
        """The name of a code in the ledger's year: the ledger's own extra codes, else the classification's."""
        return self._extra.get((axis, code)) or _name(axis, code, self.year)

    @cached_property
    def _extra(self) -> dict[tuple[str, str], str]:
        return {(one.classification, one.code): one.name for one in self.ledger.codes}


def _matches(key: Key, members: dict[str, str], spending: bool = True) -> bool:
    for axis in ("function", "government", "departmental"):
        wanted = members.get(axis)
        if wanted and not getattr(key, axis).startswith(wanted):
            return False
    return of_nature(key.nature, members.get("nature", "")) and belongs(key.fund, members.get("fund", ""), spending)


@lru_cache(maxsize=8192)
def _name(axis: str, code: str, year: int) -> str:
    book = {"function": functional, "government": government_economic, "departmental": departmental_economic}[axis]()
    name = book.name_of(code, year)
    if name is None:  # not vouched for in this year: the latest name that we know
        names = book.names_of(code)
        name = names[-1].name if names else code
    return name
