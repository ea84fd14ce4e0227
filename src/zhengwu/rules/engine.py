"""Rules run, relations evaluated, broken ones traced back to the number that breaks them."""

import logging
from collections import defaultdict
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.finding import Finding, Gap, Held, Relation, RuleRun, State
from zhengwu.model.message import Message
from zhengwu.rules.diagnosis import findings_of
from zhengwu.rules.evaluation import Evaluated, Verdict, evaluate
from zhengwu.rules.registry import Rule, rules
from zhengwu.rules.set_view import SetView
from zhengwu.rules.units import in_agreed_units

log = logging.getLogger(__name__)

_ONLY_ZEROS = Message("所涉数额都是零，没有可以证明的。", "All amounts concerned are zero: nothing to prove.")


class Audit(NamedTuple):
    """The result of auditing one document."""

    disclosure: Disclosure
    findings: tuple[Finding, ...]
    runs: tuple[RuleRun, ...]
    gaps: tuple[Gap, ...]
    tied: frozenset[int]  # positions in disclosure.facts
    relations: int  # those that prove something: 0 = 0 is not counted
    accepted: tuple[tuple[Finding, Message], ...] = ()  # findings that a reviewer accepted, and why
    stale: tuple[Message, ...] = ()  # acceptances whose finding is gone


class _Run(NamedTuple):
    """What one rule gave."""

    relations: list[Evaluated]
    findings: list[Finding]
    gaps: list[Gap]
    held: list[int]
    crashed: bool = False


def audit(disclosure: Disclosure) -> Audit:
    """Run every rule on a disclosure."""

    disclosure, unit_findings = in_agreed_units(disclosure)
    view = SetView(disclosure)
    findings: list[Finding] = list(unit_findings)
    evaluated: list[Evaluated] = []
    gaps: list[Gap] = []
    runs: list[RuleRun] = []
    for rule in rules():
        run = _run(rule, view)
        findings += run.findings
        evaluated += run.relations
        # Of documents given together, the reader must see first what they were not compared in.
        gaps = run.gaps + gaps if rule.family == "sets" else gaps + run.gaps
        early = [finding for finding in unit_findings if finding.rule == rule.code]
        runs.append(_ended(rule.code, run._replace(findings=[*early, *run.findings])))
    findings += findings_of(disclosure, evaluated)
    proving = sum(run.relations for run in runs)
    return Audit(
        disclosure, tuple(findings), tuple(runs), tuple(gaps), _tied(disclosure, evaluated), proving
    )  # fmt: skip


def _run(rule: Rule, view: SetView) -> _Run:
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
    """Facts that take part in a relation that proves something.

    0 = 0 proves nothing by itself. But where one of its zeros stands in a relation that proves something, the
    others may stand in its place there (total = reception + (purchase of cars + running cars)): that relation
    holds them too.
    """
    tied: set[int] = set()
    of_zeros: dict[int, list[Relation]] = defaultdict(list)
    for relation, verdict, _ in evaluated:
        if relation.bound:
            continue
        if verdict is not Verdict.EMPTY:
            tied.update(id(fact) for _, fact in relation.terms)
        elif not relation.ratio:
            for _, fact in relation.terms:
                of_zeros[id(fact)].append(relation)
    reached = [fact for fact in of_zeros if fact in tied]
    while reached:
        for relation in of_zeros.pop(reached.pop(), ()):
            for _, fact in relation.terms:
                if id(fact) not in tied:
                    tied.add(id(fact))
                    reached.append(id(fact))
    return frozenset([position for position, fact in enumerate(disclosure.facts) if id(fact) in tied])
