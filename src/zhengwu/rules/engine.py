"""Rules run, relations evaluated, broken ones traced back to the number that breaks them."""

import logging
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.finding import Finding, Gap, Relation, RuleRun, State, Term
from zhengwu.model.message import Message
from zhengwu.model.number import CENT
from zhengwu.rules.registry import rules
from zhengwu.rules.units import in_agreed_units
from zhengwu.rules.view import View

log = logging.getLogger(__name__)
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


class Audit(NamedTuple):
    """The result of auditing one document."""

    disclosure: Disclosure
    findings: tuple[Finding, ...]
    runs: tuple[RuleRun, ...]
    gaps: tuple[Gap, ...]
    tied: frozenset[int]  # positions in disclosure.facts
    relations: int


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
        if place > CENT:
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
        return Evaluated(relation, Verdict.ROUNDED, residual)
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
    """(size of the sum, half of what rounding may have taken from it)."""
    total = sum((term.sign * corrected.get(id(term.fact), term.fact.value) for term in terms), ZERO)
    return abs(total), sum((_half(term.fact.last_place) for term in terms), ZERO)


def _half(last_place: Decimal) -> Decimal:
    return last_place / 2 if last_place > CENT else ZERO


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)


def audit(disclosure: Disclosure) -> Audit:
    """Run every rule on a disclosure."""
    from zhengwu.rules.diagnosis import findings_of

    disclosure, unit_findings = in_agreed_units(disclosure)
    view = View(disclosure)
    findings: list[Finding] = list(unit_findings)
    evaluated: list[Evaluated] = []
    gaps: list[Gap] = []
    runs: list[RuleRun] = []
    for rule in rules():
        own: list[Evaluated] = []
        own_findings = [finding for finding in unit_findings if finding.rule == rule.code]
        own_gaps: list[Gap] = []
        try:
            for outcome in rule.check(view):
                if isinstance(outcome, Relation):
                    own.append(evaluate(outcome))
                elif isinstance(outcome, Finding):
                    own_findings.append(outcome)
                    findings.append(outcome)
                else:
                    own_gaps.append(outcome)
        except Exception as error:  # a rule that crashes is not evaluated, loudly
            log.exception("rule %s", rule.code)
            own_gaps.append(
                Gap(rule.code, Message(f"规则出错：{error!r}", f"the rule failed: {error!r}"))
            )
        evaluated += own
        gaps += own_gaps
        runs.append(_run(rule.code, own, own_findings, own_gaps))
    findings += findings_of(disclosure, evaluated)
    return Audit(
        disclosure, tuple(findings), tuple(runs), tuple(gaps), _tied(disclosure, evaluated), len(evaluated)
    )


def _run(code: str, own: list[Evaluated], findings: list[Finding], gaps: list[Gap]) -> RuleRun:
    broken = any(item.verdict in (Verdict.BROKEN, Verdict.ROUNDED) for item in own) or bool(findings)
    reason = gaps[0].reason if gaps else None
    if broken:
        return RuleRun(code, State.BROKEN, len(own), reason)
    if own:
        return RuleRun(code, State.HELD, len(own), reason)
    return RuleRun(code, State.NOT_EVALUATED if gaps else State.NOT_APPLICABLE, 0, reason)


def _tied(disclosure: Disclosure, evaluated: list[Evaluated]) -> frozenset[int]:
    """Facts that take part in a relation that proves something."""
    tied: set[int] = set()
    for item in evaluated:
        if item.verdict is not Verdict.EMPTY and not item.relation.bound:
            tied.update(id(term.fact) for term in item.relation.terms)
    return frozenset(position for position, fact in enumerate(disclosure.facts) if id(fact) in tied)

