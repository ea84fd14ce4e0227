"""The narrative: a dialect's template filled from the ledger, each number bound to the fact that it states.

A template is Jinja (sandboxed: a dialect may come from anybody). A line is a paragraph; ``#`` to ``####`` in front
make it a heading. Amounts are asked for by their members: ``amount("expenditure", nature="basic")``; ``|yuan`` and
``|wan`` print them; ``change(...)`` compares with last year and knows its direction; ``reason(...)`` takes the
ledger's own words and demands them where there is a change: where they are missing the sentence has a gap.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from types import CodeType, MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from zhengwu.dialects import tree
from zhengwu.dialects.layout import DIMENSIONS
from zhengwu.ledger.amounts import Amounts, belongs
from zhengwu.ledger.model import Ledger, ThreePublic
from zhengwu.ledger.schema import LAST_YEAR, REASONS, THREE_PUBLIC, Choice, sheet
from zhengwu.model.fact import Identity
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.cells import chinese, exact, money
from zhengwu.publishing.publication import Heading, Run, Text, Typed
from zhengwu.publishing.tables import MEASURES, Context, amount_of, identity_of

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

# A bound number in the rendered text: its index between two characters that no document holds.
_OPEN, _SHUT, _END = "\ue000", "\ue001", "\ue002"
_BOUND = re.compile(f"{_OPEN}(\\d+){_SHUT}([^{_END}]*){_END}")
_MARKS = re.compile(f"[{_OPEN}{_SHUT}{_END}]")
_HEADING = re.compile(r"(#{1,4})\s+(.*)")
_LONGEST = 2_000_000  # characters of a narrative
_CENT = Decimal("0.01")
_ITEMS = ("abroad", "reception", "car_purchase", "car_operation")
_ENDS = "。；;，,、. "  # what a list that is copied leaves at the end of its items
_GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))


class Amount(NamedTuple):
    """An amount in 分 with the fact it states; ``gap`` where it needs a figure that nobody typed."""

    fen: int
    identity: Identity | None
    gap: Typed | None = None

    def __bool__(self) -> bool:
        return self.fen != 0


class Change(NamedTuple):
    """This year's amount against last year's."""

    this: Amount
    last: Amount
    difference: Amount  # without its sign

    @property
    def up(self) -> bool:
        """More than last year."""
        return self.this.fen > self.last.fen

    @property
    def down(self) -> bool:
        """Less than last year."""
        return self.this.fen < self.last.fen

    @property
    def flat(self) -> bool:
        """The same as last year."""
        return self.this.fen == self.last.fen


class Teller:
    """What a template may ask: the ledger's rows and amounts."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._amounts: Amounts = context.amounts
        self._ledger: Ledger = context.amounts.ledger
        self._bound: list[Identity | Typed | None] = []
        self.missing: dict[Typed, None] = {}  # what a sentence needs and the ledger lacks, in their order

    def names(self) -> dict[str, Any]:
        """The names that a template sees."""
        ledger, budget = self._ledger, self._ledger.budget
        return {
            "year": budget.year,
            "last": budget.year - 1,
            "unit": budget.name,
            "scope": self._context.scope,
            "who": f"本{self._context.scope}",
            "budget": budget,
            "units": _said(ledger.units),
            "duties": _said(ledger.duties),
            "divisions": _said(ledger.divisions),
            "assets": {row.item: row for row in ledger.assets},
            # What is not typed is a gap, not a mistake of the template that asks for it.
            "three_public": {one.key: ThreePublic(one.key, 0) for one in THREE_PUBLIC}
            | {row.item: row for row in ledger.three_public},
            "procurement": ledger.procurement,
            "procured": tuple(dict.fromkeys(row.project for row in ledger.procurement)),
            "purchased": ledger.purchased,
            "projects": _said(ledger.projects),
            "with_targets": self._amounts.with_targets,
            "evaluations": _said(ledger.evaluations),
            "amount": self.amount,
            "change": self.change,
            "share": self.share,
            "rate": self.rate,
            "reason": self.reason,
            "people": self.people,
            "functions": self.functions,
            "projects_spent": MappingProxyType(self._amounts.projects),
            "has": self.has,
        }

    def filters(self) -> dict[str, Any]:
        """The filters that a template sees."""
        return {
            "yuan": lambda amount: self._say(amount, money(amount.fen, "元") + "元" if amount.fen else "0元"),
            "wan": lambda amount: self._say(amount, f"{money(amount.fen, '万元')}万元" if amount.fen else "0万元"),
            "wan_exact": lambda fen: f"{exact(fen or 0, '万元')}万元",
            "chinese": chinese,
            "grade": lambda score: next(grade for least, grade in _GRADES if score >= least),
            "stop": lambda text: text if text.endswith(("！", "？")) else f"{text.rstrip(_ENDS)}。",
        }

    def _say(self, amount: Amount, text: str) -> str:
        return self._gap(amount.gap, "上年预算") if amount.gap else self._bind(amount.identity, text)

    def _gap(self, gap: Typed, what: str) -> str:
        choices = {"reasons": REASONS, "three_public": THREE_PUBLIC, "last_year": LAST_YEAR}[gap.sheet]
        return self._bind(gap, f"【待填：{_quoted(_name_of(choices, gap.key)[0])}的{what}】")

    def _bind(self, bound: Identity | Typed | None, text: str) -> str:
        self._bound.append(bound)
        return f"{_OPEN}{len(self._bound) - 1}{_SHUT}{text}{_END}"

    def amount(self, measure: str, year: str = "", **members: str) -> Amount:
        """The amount of a measure with these members; ``year="last"`` is last year's. Raises ValueError for a word
        that names no member: an amount nobody asked for would be printed."""
        _known_words(measure, year, members)
        gap = self._untold(measure, members) if year == "last" else None
        dims = {"measure": measure, **members, **({"year": year} if year else {})}
        return Amount(amount_of(self._context, dims), identity_of(self._context, dims), gap)

    def _untold(self, measure: str, members: dict[str, str]) -> Typed | None:
        """The first of last year's figures that a sentence needs and nobody typed (what is not typed is not nothing);
        all of them are noted under ``missing``."""
        choices: tuple[Choice, ...]
        if measure == "three_public":
            page, choices, told = "three_public", THREE_PUBLIC, {row.item for row in self._ledger.three_public}
            item = members.get("item", "")
            wanted = {"": list(_ITEMS), "cars": list(_ITEMS[-2:])}.get(item, [item])
        else:
            page, choices, told = "last_year", LAST_YEAR, {row.subject for row in self._ledger.last_year}
            wanted = ["operating"] if measure == "operating" else [members.get("nature", "")]
            wanted = [one for one in wanted if one in ("basic", "project", "operating")]
        gaps = []
        for key in wanted:
            if key not in told:
                zh, en = _name_of(choices, key)
                said = Message(
                    f"“{sheet(page).zh}”表缺少{_quoted(zh)}的上年预算；没有的填 0：不填不等于没有。",
                    f"sheet “{sheet(page).en}” lacks last year's “{en}”; type 0 for none: what is not typed is not nothing.",
                )
                gaps.append(Typed(page, key, said))
        self.missing |= dict.fromkeys(gaps)
        return gaps[0] if gaps else None

    def change(self, measure: str, **members: str) -> Change:
        """This year's amount against last year's."""
        this, last = self.amount(measure, **members), self.amount(measure, "last", **members)
        identity = this.identity._replace(aspect="change") if this.identity else None
        return Change(this, last, Amount(abs(this.fen - last.fen), identity, last.gap))

    def share(self, part: Amount, whole: Amount) -> str:
        """What per cent the part is of the whole, to two decimals."""
        return _percent(part.fen, whole.fen)

    def rate(self, change: Change) -> str:
        """The difference in per cent of last year's amount."""
        return _percent(abs(change.this.fen - change.last.fen), change.last.fen)

    def reason(self, subject: str, change: Change | None = None, item: str = "") -> str:
        """Why a figure differs from last year's. What the ledger does not say is a gap, noted under ``missing``."""
        if change is not None and change.flat:
            return ""
        if item:
            row = next((one for one in self._ledger.three_public if one.item == item), None)
            text, page, name = row.reason if row else "", sheet("three_public"), _name_of(THREE_PUBLIC, item)
        else:
            text = next((one.text for one in self._ledger.reasons if one.subject == subject), "")
            page, name = sheet("reasons"), _name_of(REASONS, subject)
        if text:
            return self._bind(Typed(page.key, item or subject), _clean(text).rstrip(_ENDS))
        difference = money(abs(change.this.fen - change.last.fen), "元") if change else ""
        said = Message(
            f"“{page.zh}”表缺少{_quoted(name[0])}的变动原因：与上年相差 {difference} 元，公开时必须说明；请补上。",
            f"sheet “{page.en}” gives no reason for “{name[1]}”, which differs from last year by {difference} yuan and "
            "must be explained; add it.",
        )
        gap = Typed(page.key, item or subject, said)
        self.missing[gap] = None
        return self._gap(gap, "变动原因")

    def people(self, field: str) -> int:
        """A count of the sheet of units, summed up."""
        return sum(getattr(unit, field) or 0 for unit in self._ledger.units)

    def has(self, fund: str) -> bool:
        """Whether any money of a fund is planned."""
        return any(belongs(row.fund, fund, True) and row.amount for row in self._ledger.income)

    def functions(self, fund: str = "") -> list[dict[str, Any]]:
        """The functional items under which something is planned: code, the three names, amount, purpose."""
        purposes = {row.function: _clean(row.text) for row in self._ledger.purposes}
        found = []
        for code in self._amounts.codes("function", 7, fund=fund):
            names = [self._amounts.name("function", code[:length]) for length in (3, 5, 7)]
            members = {"function": code, **({"fund": fund} if fund else {})}
            amount = self.amount("expenditure", **members)
            if amount.fen:
                found.append(
                    {"code": code, "names": names, "amount": amount, "purpose": purposes.get(code, "").rstrip(_ENDS)}
                )
        return found

    def runs(self, line: str) -> tuple[Run, ...]:
        """A rendered line as runs, its bound numbers apart."""
        runs: list[Run] = []
        end = 0
        for match in _BOUND.finditer(line):
            if match.start() > end:
                runs.append(Run(line[end : match.start()]))
            bound = self._bound[int(match[1])]
            runs.append(Run(match[2], None, bound) if isinstance(bound, Typed) else Run(match[2], bound))
            end = match.end()
        if end < len(line):
            runs.append(Run(line[end:]))
        return tuple(runs)


def _clean(text: str) -> str:
    """A text of the ledger inside a sentence: on one line, without our own marks."""
    return _MARKS.sub("", "".join(line.strip() for line in text.splitlines()))


def _said(rows: Sequence[Any]) -> list[Any]:
    """Rows of the ledger with their texts as they may stand in a sentence."""
    return [
        row._replace(**{name: _clean(value) for name, value in row._asdict().items() if isinstance(value, str)})
        for row in rows
    ]


@cache
def _words() -> dict[str, frozenset[str]]:
    """The members that a template may name, by dimension."""
    found = {}
    for dimension in ("fund", "nature", "item"):
        trees = tree(dimension)
        found[dimension] = frozenset([*trees, *(part for parts in trees.values() for part in parts)])
    return found


def _known_words(measure: str, year: str, members: dict[str, str]) -> None:
    if measure not in MEASURES:
        raise ValueError(f"“{measure}”: {', '.join(MEASURES)}")
    if year not in ("", "last"):
        raise ValueError(f"“{year}”: last")
    for dimension, member in members.items():
        known = _words().get(dimension)
        if dimension not in DIMENSIONS or (known is not None and member not in known):
            allowed = ", ".join(sorted(filter(None, known))) if known else ", ".join(DIMENSIONS)
            raise ValueError(f"{dimension}=“{member}”: {allowed}")


def _percent(part: int, whole: int) -> str:
    return f"{(Decimal(100 * part) / whole).quantize(_CENT, ROUND_HALF_UP)}%" if whole else "0.00%"


def _name_of(choices: Any, key: str) -> tuple[str, str]:
    for choice in choices:
        if choice.key == key:
            return choice.zh, choice.en
    raise ValueError(f"“{key}”: {', '.join(choice.key for choice in choices)}")


def _quoted(name: str) -> str:
    return name if name.startswith("“") else f"“{name}”"


def _environment(filters: dict[str, Any]) -> "SandboxedEnvironment":
    """Jinja's sandbox, without what makes a short template a long text: a dialect may come from anybody."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Environment(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset(("*", "**"))

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if operator == "**" or isinstance(left, (str, list, tuple)) or isinstance(right, (str, list, tuple)):
                raise ValueError(f"“{operator}” is for small numbers only")
            return super().call_binop(context, operator, left, right)

    # Not optimized: nothing is worked out before there is a ledger, so one compiled template serves all of them.
    made = Environment(
        trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, autoescape=False, optimized=False
    )
    made.filters.update(filters)
    return made


@lru_cache(maxsize=32)
def _compiled(template: str, filters: tuple[str, ...]) -> CodeType:
    """A template's code, which takes longer to make than to run. It looks up its filters by their names when it runs."""
    return _environment(dict.fromkeys(filters, str)).compile(template)


def narrative_of(context: Context, template: str) -> tuple[list[Heading | Text], tuple[Typed, ...]]:
    """(headings and paragraphs of a template, what it demands and the ledger lacks: the gaps in them). Raises
    RefusedError when the template itself is wrong."""
    teller = Teller(context)
    filters = teller.filters()
    environment = _environment(filters)
    try:
        code = _compiled(template, tuple(filters))
        made = environment.template_class.from_code(environment, code, environment.make_globals(None))
        text = ""
        for piece in made.generate(teller.names()):
            text += piece
            if len(text) > _LONGEST:
                raise ValueError(f"more than {_LONGEST:,} characters")
    except RefusedError:
        raise
    except Exception as error:  # whatever a foreign template runs into is its own mistake
        line = getattr(error, "lineno", None)
        raise RefusedError(
            "template-wrong",
            f"格式 {context.dialect.key} 的文字模板{f'第 {line} 行' if line else ''}有误：{error}。请改正格式文件。",
            f"The narrative template of the dialect {context.dialect.key} is wrong{f' in line {line}' if line else ''}: "
            f"{error}. Mend the dialect file.",
        ) from error
    blocks: list[Heading | Text] = []
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        heading = _HEADING.fullmatch(line)
        if heading:
            blocks.append(Heading(len(heading[1]), heading[2].strip()))
        else:
            blocks.append(Text(teller.runs(line)))
    return blocks, tuple(teller.missing)
