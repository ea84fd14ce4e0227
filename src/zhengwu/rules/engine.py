"""Rules run, relations evaluated, broken ones traced back to the number that breaks them."""

import logging
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.finding import Finding, Gap, Held, Relation, RuleRun, State, Term
from zhengwu.model.message import Message
from zhengwu.model.number import CENT
from zhengwu.rules.registry import Rule, rules
from zhengwu.rules.units import in_agreed_units
from zhengwu.rules.view import View

log = logging.getLogger(__name__)
ZERO = Decimal(0)
HUNDRED = Decimal(100)

_ONLY_ZEROS = Message("所涉数额都是零，没有可以证明的。", "All amounts concerned are zero: nothing to prove.")


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
    relations: int  # those that prove something: 0 = 0 is not counted


class _Run(NamedTuple):
    """What one rule gave."""

    relations: list[Evaluated]
    findings: list[Finding]
    gaps: list[Gap]
    held: list[int]
    crashed: bool = False


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
        run = _run(rule, view)
        findings += run.findings
        evaluated += run.relations
        gaps += run.gaps
        early = [finding for finding in unit_findings if finding.rule == rule.code]
        runs.append(_ended(rule.code, run._replace(findings=[*early, *run.findings])))
    findings += findings_of(disclosure, evaluated)
    proving = sum(run.relations for run in runs)
    return Audit(
        disclosure, tuple(findings), tuple(runs), tuple(gaps), _tied(disclosure, evaluated), proving
    )  # fmt: skip


def _run(rule: Rule, view: View) -> _Run:
    """One rule on the view. A crash keeps what the rule had said before it, and is said itself."""
    run = _Run([], [], [], [])
    try:
        for outcome in rule.check(view):
            if isinstance(outcome, Relation):
                run.relations.append(evaluate(outcome))
            elif isinstance(outcome, Held):
                run.held.append(outcome.relations)
            elif isinstance(outcome, Finding):
                run.findings.append(outcome)
            else:
                run.gaps.append(outcome)
    except Exception as error:  # a rule that crashes is not evaluated, loudly
        log.exception("rule %s", rule.code)
        reason = Message(
            f"规则 {rule.code} 出错，未能核对完毕：{error!r}。请将本文件报告给维护者。",
            f"The rule {rule.code} failed and was not evaluated to its end: {error!r}. Please report the document.",
        )
        run.gaps.insert(0, Gap(rule.code, reason))
        return run._replace(crashed=True)
    return run


def _ended(code: str, run: _Run) -> RuleRun:
    proving = [item for item in run.relations if item.verdict is not Verdict.EMPTY]
    relations = len(proving) + sum(run.held)
    reason = run.gaps[0].reason if run.gaps else None
    if run.crashed:
        return RuleRun(code, State.NOT_EVALUATED, relations, reason)
    if run.findings or any(item.verdict in (Verdict.BROKEN, Verdict.ROUNDED) for item in proving):
        return RuleRun(code, State.BROKEN, relations, reason)
    if relations:
        return RuleRun(code, State.HELD, relations, reason)
    if run.gaps:
        return RuleRun(code, State.NOT_EVALUATED, 0, reason)
    return RuleRun(code, State.NOT_APPLICABLE, 0, _ONLY_ZEROS if run.relations else None)


def _tied(disclosure: Disclosure, evaluated: list[Evaluated]) -> frozenset[int]:
    """Facts that take part in a relation that proves something."""
    tied: set[int] = set()
    for relation, verdict, _ in evaluated:
        if verdict is not Verdict.EMPTY and not relation.bound:
            for _, fact in relation.terms:
                tied.add(id(fact))
    return frozenset([position for position, fact in enumerate(disclosure.facts) if id(fact) in tied])
