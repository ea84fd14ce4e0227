"""Amounts, places and arithmetic in words, in both languages."""

from decimal import ROUND_HALF_UP, Decimal

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Relation, Spot, Term
from zhengwu.model.message import Message
from zhengwu.model.number import YUAN_IN

_MOST_TERMS = 12  # of a written-out sum; the places of all are in the finding
_TELLING = 8  # characters of a label from which on it tells the subject
_WORDS = {
    "basic": "基本支出", "project": "项目支出", "personnel": "人员经费", "public": "公用经费",
    "reception": "公务接待费", "abroad": "因公出国（境）费用", "cars": "公务用车购置及运行维护费",
    "car_operation": "公务用车运行维护费", "car_purchase": "公务用车购置费", "goods": "货物采购",
    "works": "工程采购", "services": "服务采购", "income": "收入", "expenditure": "支出", "outflow": "支出总计",
    "three_public": "“三公”经费", "operating": "机关运行经费", "procurement": "政府采购",
    "purchased_services": "政府购买服务", "targets": "绩效目标资金",
}  # fmt: skip
_LABEL = 18  # characters of a sentence that tell which amount is meant


def printed(value: Decimal, like: Fact) -> str:
    """``value`` (in yuan) printed the way ``like`` is: its unit, its decimals, thousands separators."""
    unit = YUAN_IN.get(like.unit, Decimal(1))
    places = like.last_place / unit
    scaled = value / unit
    if scaled.quantize(places, rounding=ROUND_HALF_UP) != scaled:
        exponent = scaled.normalize().as_tuple().exponent
        places = Decimal(1).scaleb(max(int(exponent), -8))
        scaled = scaled.quantize(places, rounding=ROUND_HALF_UP)
        return f"{scaled.normalize():,f}"
    return f"{scaled.quantize(places):,f}"


def amount(fact: Fact) -> str:
    """A fact's amount with its unit, as printed."""
    quote = fact.quote
    return quote if fact.unit in quote or (fact.table >= 0 and fact.unit == "元") else f"{quote}{fact.unit}"


def where(disclosure: Disclosure, fact: Fact, language: str = "zh") -> str:
    """A short name of a fact's place: table number or narrative, and the item; of another document, its name."""
    if fact.document:
        other = disclosure.document(fact.document)
        name = f"《{other.source.name}》" if language == "zh" else f"{other.source.name}, "
        return name + where(other, fact._replace(document=0), language)
    if fact.table < 0:
        label = fact.label if len(fact.label) <= _LABEL else f"…{fact.label[-_LABEL:]}"
        if len(fact.label) < _TELLING and fact.identity is not None:
            label = _subject(fact.identity, fact.label)  # "比2020年" alone does not say of what
        return f"正文“{label}”" if language == "zh" else f"text “{label}”"
    table = disclosure.tables[fact.table]
    name = (f"表{table.number}" if table.number else table.title) or "表"
    if language != "zh":
        name = f"table {table.number or table.title}".rstrip()
    return f"{name} {fact.label}"


def _subject(identity: Identity, label: str) -> str:
    """What an amount is about, in the words of the field; ``label`` where these do not tell."""
    words = _WORDS.get(identity.nature) or _WORDS.get(identity.item) or _WORDS.get(identity.measure)
    if words is None:
        return label
    return f"{identity.year}年{identity.function}{words}{'增减' if identity.aspect.startswith('change') else ''}"


def arithmetic(disclosure: Disclosure, relation: Relation, residual: Decimal) -> Message:
    """A linear relation or ratio written out with its printed numbers."""
    return Message(*(_written(disclosure, relation, residual, language) for language in ("zh", "en")))


def _written(disclosure: Disclosure, relation: Relation, residual: Decimal, language: str) -> str:
    chinese = language == "zh"
    if relation.ratio:
        return _quotient(relation, chinese)
    wholes = [term.fact for term in relation.terms if term.sign < 0]
    parts = [term.fact for term in relation.terms if term.sign > 0]
    lead = wholes[0] if wholes else parts[0]
    total = sum((fact.value for fact in parts), Decimal(0))
    total -= sum((fact.value for fact in wholes[1:]), Decimal(0))
    shown = " + ".join(_term(disclosure, fact, language) for fact in parts[:_MOST_TERMS])
    if len(parts) > _MOST_TERMS:
        shown += f" + …（共 {len(parts)} 项）" if chinese else f" + … ({len(parts)} terms in all)"
    for fact in wholes[1:]:
        shown += f" − {_term(disclosure, fact, language)}"
    equals = f" = {printed(total, lead)}" if len(relation.terms) > 2 else ""
    unequal = "<" if relation.bound else "≠"
    off = f"{printed(abs(residual), lead)}{lead.unit}"
    off = f"，相差 {off}" if chinese else f", off by {off}"
    return f"{where(disclosure, lead, language)} {amount(lead)} {unequal} {shown}{equals}{off}"


def _quotient(relation: Relation, chinese: bool) -> str:
    stated = relation.terms[0].fact
    above, below = relation.terms[1 : 1 + relation.above], relation.terms[1 + relation.above :]
    top = sum((term.sign * term.fact.value for term in above), Decimal(0))
    bottom = sum((term.sign * term.fact.value for term in below), Decimal(0))
    shown = f"{_sum(above, chinese)} ÷ {_sum(below, chinese)}"
    if not bottom:
        return f"{shown}：除数为零" if chinese else f"{shown}: divided by zero"
    quotient = f"{shown} = {abs(100 * top / bottom):.4f}%"
    return f"{quotient}，印为 {stated.quote}" if chinese else f"{quotient}, {stated.quote} is printed"


def _sum(terms: tuple[Term, ...], chinese: bool) -> str:
    """Terms as they are printed: 100万元, （100万元 − 10万元）."""
    text = amount(terms[0].fact)
    for term in terms[1:]:
        text += f" {'+' if (term.sign > 0) == (term.fact.value >= 0) else '−'} {amount(term.fact)}"
    if len(terms) == 1:
        return text
    return f"（{text}）" if chinese else f"({text})"


def _term(disclosure: Disclosure, fact: Fact, language: str) -> str:
    place = where(disclosure, fact, language)
    return f"{amount(fact)}（{place}）" if language == "zh" else f"{amount(fact)} ({place})"


def spot(fact: Fact) -> Spot:
    """The place of a fact, with what is printed there."""
    return Spot(fact.place, fact.quote, fact.table, fact.document)
