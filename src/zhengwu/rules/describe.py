"""Amounts, places and arithmetic in words."""

from decimal import ROUND_HALF_UP, Decimal

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Relation, Spot, Term
from zhengwu.model.message import Message
from zhengwu.model.number import YUAN_IN


def printed(value: Decimal, like: Fact) -> str:
    """``value`` (in yuan) printed the way ``like`` is: its unit, its decimals, thousands separators."""
    unit = YUAN_IN.get(like.unit, Decimal(1))
    places = like.last_place / unit
    scaled = value / unit
    if scaled.quantize(places, rounding=ROUND_HALF_UP) != scaled:
        places = Decimal(1).scaleb(max(scaled.normalize().as_tuple().exponent, -8))  # type: ignore[type-var]
        scaled = scaled.quantize(places, rounding=ROUND_HALF_UP)
        return f"{scaled.normalize():,f}"
    return f"{scaled.quantize(places):,f}"


def amount(fact: Fact) -> str:
    """A fact's amount with its unit, as printed."""
    quote = fact.quote
    return quote if fact.unit in quote or fact.table >= 0 and fact.unit == "元" else f"{quote}{fact.unit}"


def where(disclosure: Disclosure, fact: Fact, language: str = "zh") -> str:
    """A short name of a fact's place: table number or narrative, and the item."""
    if fact.table < 0:
        return f"正文“{fact.label[-16:]}”" if language == "zh" else f"text “{fact.label[-16:]}”"
    table = disclosure.tables[fact.table]
    name = (f"表{table.number}" if table.number else table.title) or "表"
    if language != "zh":
        name = f"table {table.number or table.title}"
    return f"{name} {fact.label}"


def arithmetic(disclosure: Disclosure, relation: Relation, residual: Decimal) -> str:
    """A linear relation or ratio written out with its printed numbers."""
    if relation.ratio:
        stated = relation.terms[0].fact
        above, below = relation.terms[1 : 1 + relation.above], relation.terms[1 + relation.above :]
        top = sum((term.sign * term.fact.value for term in above), Decimal(0))
        bottom = sum((term.sign * term.fact.value for term in below), Decimal(0))
        shown = f"{_sum(above)} ÷ {_sum(below)}"
        if not bottom:
            return f"{shown}：分母为零"
        return f"{shown} = {abs(100 * top / bottom):.4f}%，印为 {stated.quote}"
    wholes = [term.fact for term in relation.terms if term.sign < 0]
    parts = [term.fact for term in relation.terms if term.sign > 0]
    lead = wholes[0] if wholes else parts[0]
    total = sum((fact.value for fact in parts), Decimal(0)) - sum((fact.value for fact in wholes[1:]), Decimal(0))
    shown = " + ".join(_term(disclosure, fact) for fact in parts[:12])
    if len(parts) > 12:
        shown += f" + …（共 {len(parts)} 项）"
    for fact in wholes[1:]:
        shown += f" − {_term(disclosure, fact)}"
    equals = f" = {printed(total, lead)}" if len(relation.terms) > 2 else ""
    return (
        f"{where(disclosure, lead)} {amount(lead)} ≠ {shown}{equals}，相差 {printed(abs(residual), lead)}{lead.unit}"
    )


def _sum(terms: tuple[Term, ...]) -> str:
    """Terms as they are printed: 100万元, （100万元 − 10万元）."""
    text = amount(terms[0].fact)
    for term in terms[1:]:
        text += f" {'+' if (term.sign > 0) == (term.fact.value >= 0) else '−'} {amount(term.fact)}"
    return text if len(terms) == 1 else f"（{text}）"


def _term(disclosure: Disclosure, fact: Fact) -> str:
    return f"{amount(fact)}（{where(disclosure, fact)}）"


def both(zh: str, en: str) -> Message:
    """A message in both languages."""
    return Message(zh, en)


def spot(fact: Fact) -> Spot:
    """The place of a fact, with what is printed there."""
    return Spot(fact.place, fact.quote, fact.table)
