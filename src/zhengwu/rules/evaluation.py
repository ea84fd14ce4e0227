"""One relation evaluated within what the printed precision allows."""

from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple

from zhengwu.model.finding import Relation, Term
from zhengwu.model.number import CENT

ZERO = Decimal(0)
HUNDRED = Decimal(100)


class Verdict(Enum):
    """What the evaluation of one relation gave."""

    HELD = 1
    EMPTY = 2  # 0 = 0: holds and proves nothing
    ROUNDED = 3  # off by what rounding explains
    BROKEN = 4


class Evaluated(NamedTuple):
    """A relation with its verdict. ``residual`` is parts minus whole in yuan, for a ratio printed minus
    computed in per cent."""

    relation: Relation
    verdict: Verdict
    residual: Decimal


def evaluate(relation: Relation, corrected: dict[int, Decimal] | None = None) -> Evaluated:
    """Evaluate one relation within what the printed precision allows. ``corrected`` replaces the values of
    facts (by id)."""
    if relation.ratio:
        return _ratio(relation, corrected or {})
    residual = ZERO
    slack = ZERO
    coarsest = finest = relation.terms[0].fact.last_place
    any_value = False
    for sign, fact in relation.terms:
        value = corrected.get(id(fact), fact.value) if corrected else fact.value
        if value:
            any_value = True
            residual = residual + value if sign > 0 else residual - value
        place = fact.last_place
        if place > CENT and value:  # a printed zero is exact
            slack += place / 2
        if place > coarsest:
            coarsest = place
        elif place < finest:
            finest = place
    if not residual:
        return Evaluated(relation, Verdict.HELD if any_value else Verdict.EMPTY, residual)
    if relation.bound and residual < 0:
        return Evaluated(relation, Verdict.HELD, ZERO)
    size = abs(residual)
    if size <= slack:
        # Digits of one kind are comparable: the reader sees that they do not add up.
        return Evaluated(relation, Verdict.ROUNDED if coarsest == finest else Verdict.HELD, residual)
    if coarsest > CENT and len(relation.terms) == 2 and size < coarsest:
        return Evaluated(relation, Verdict.ROUNDED, residual)  # cut off instead of rounded
    return Evaluated(relation, Verdict.BROKEN, residual)


def _ratio(relation: Relation, corrected: dict[int, Decimal]) -> Evaluated:
    first = relation.terms[0].fact
    stated = corrected.get(id(first), first.value)
    step = first.last_place
    numerator, above = _summed(relation.terms[1 : 1 + relation.above], corrected)
    denominator, below = _summed(relation.terms[1 + relation.above :], corrected)
    if not denominator:
        verdict = Verdict.EMPTY if not stated and not numerator else Verdict.BROKEN
        return Evaluated(relation, verdict, stated)
    low = HUNDRED * max(numerator - above, ZERO) / (denominator + below)
    least = denominator - below
    high = HUNDRED * (numerator + above) / least if least > 0 else Decimal("Infinity")
    if _rounded(low, step) <= stated <= (_rounded(high, step) if high.is_finite() else high):
        return Evaluated(relation, Verdict.HELD, ZERO)
    residual = stated - HUNDRED * numerator / denominator
    if low - step < stated < high + step:
        return Evaluated(relation, Verdict.ROUNDED, residual)
    return Evaluated(relation, Verdict.BROKEN, residual)


def _summed(terms: tuple[Term, ...], corrected: dict[int, Decimal]) -> tuple[Decimal, Decimal]:
    """(size of the sum, half of what rounding may have taken from it). A printed zero is exact."""
    total = slack = ZERO
    for sign, fact in terms:
        value = corrected.get(id(fact), fact.value)
        if value:
            total += sign * value
            slack += _half(fact.last_place)
    return abs(total), slack


def _half(last_place: Decimal) -> Decimal:
    return last_place / 2 if last_place > CENT else ZERO


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)
