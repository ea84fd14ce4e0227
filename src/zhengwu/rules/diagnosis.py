"""Which number is wrong: broken relations traced back to the fewest facts that explain them.

One wrong digit breaks every relation that its number takes part in. Of all facts in broken relations, the
one whose correction to one value mends most of them, and breaks fewest that hold, is the culprit; what it
explains is one finding. The rest is explained the same way, until nothing is broken. Where two facts explain
as much, both places are named and none is accused.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Relation, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.describe import amount, arithmetic, printed, spot, where
from zhengwu.rules.evaluation import Evaluated, Verdict, evaluate
from zhengwu.rules.registry import rule_named
from zhengwu.rules.set_levels import same_difference, spans_documents
from zhengwu.rules.shifts import Shift, shifts_in

_MOST_CANDIDATES = 40  # facts weighed against what holds, those with most broken relations first


class _Suspect(NamedTuple):
    score: tuple[int, int, int]
    fact: Fact
    value: Decimal
    mended: list[Evaluated]
    certain: bool  # no other fact explains as much, and of a single relation all others are borne out


def findings_of(disclosure: Disclosure, evaluated: list[Evaluated]) -> list[Finding]:
    """The findings that broken and rounded relations amount to."""
    broken = [item for item in evaluated if item.verdict is Verdict.BROKEN]
    holding = _holding(evaluated, {id(fact) for item in broken for _, fact in item.relation.terms})
    findings = []
    corrected: dict[int, Decimal] = {}
    for shift in shifts_in(broken):
        corrected |= shift.values
        rows = {id(item) for item in shift.rows}
        mended = [item for item in broken if id(item) in rows or _mended(item, shift.values, corrected)]
        findings.append(_shifted(disclosure, shift, mended))
        broken = _still(_without(broken, mended), corrected)
    while broken:
        suspect = _suspect(broken, holding, corrected)
        levels = same_difference(suspect.mended, broken)
        if levels:
            findings.append(_levels(disclosure, levels))
            broken = _without(broken, levels)
            continue
        corrected[id(suspect.fact)] = suspect.value
        findings.append(_finding(disclosure, suspect))
        # A relation with a second wrong number now shows that one's error alone.
        broken = _still(_without(broken, suspect.mended), corrected)
    return findings + _rounded(disclosure, evaluated)


def _holding(evaluated: list[Evaluated], facts: set[int]) -> dict[int, list[Relation]]:
    """Of each of ``facts`` (ids), the relations that hold with it: a correction should not break them."""
    holding: dict[int, list[Relation]] = defaultdict(list)
    if facts:
        for relation, verdict, _ in evaluated:
            if verdict is Verdict.HELD:
                for _, fact in relation.terms:
                    if id(fact) in facts:
                        holding[id(fact)].append(relation)
    return holding


def _without(items: list[Evaluated], some: list[Evaluated]) -> list[Evaluated]:
    gone = {id(item) for item in some}
    return [item for item in items if id(item) not in gone]


def _still(items: list[Evaluated], corrected: dict[int, Decimal]) -> list[Evaluated]:
    """Those that stay broken after the corrections, each with the error that is left in it."""
    again = [evaluate(item.relation, corrected) for item in items]
    return [item for item in again if item.verdict is Verdict.BROKEN]


def _mended(item: Evaluated, values: dict[int, Decimal], corrected: dict[int, Decimal]) -> bool:
    touched = any(id(term.fact) in values for term in item.relation.terms)
    return touched and _mends(item.relation, corrected)


def _mends(relation: Relation, corrected: dict[int, Decimal]) -> bool:
    return evaluate(relation, corrected).verdict is not Verdict.BROKEN


def _suspect(broken: list[Evaluated], holding: dict[int, list[Relation]], corrected: dict[int, Decimal]) -> _Suspect:
    by_fact: dict[int, list[tuple[Evaluated, Fact, Decimal]]] = defaultdict(list)
    for item in broken:
        terms = item.relation.terms[:1] if item.relation.ratio else item.relation.terms
        for sign, fact in terms:
            if id(fact) in corrected:
                continue
            value = fact.value - item.residual * (1 if item.relation.ratio else sign)
            by_fact[id(fact)].append((item, fact, value))
    if not by_fact:  # all its facts have been accused already: say the relation itself
        first = broken[0]
        return _Suspect((0, 0, 0), first.relation.terms[0].fact, first.relation.terms[0].fact.value, [first], False)
    best: _Suspect | None = None
    tied = False
    ordered = sorted(by_fact.values(), key=len, reverse=True)
    for one in ordered[:_MOST_CANDIDATES]:
        if best is not None and 2 * len(one) < best.score[0]:
            break
        suspect = _weighed(one, holding[id(one[0][1])], corrected)
        if best is None or suspect.score > best.score:
            tied = best is not None and suspect.score[0] == best.score[0]
            best = suspect
        elif suspect.score[0] == best.score[0]:
            tied = True
    assert best is not None
    borne_out = len(best.mended) > 1 or best.score[0] == 2 * len(best.mended)
    return best._replace(certain=borne_out and not tied)


def _weighed(
    implied: list[tuple[Evaluated, Fact, Decimal]], holding: list[Relation], corrected: dict[int, Decimal]
) -> _Suspect:
    """One fact with the value that mends most: twice the relations mended less those broken by it."""
    fact = implied[0][1]
    exact = min(implied, key=lambda one: max(term.fact.last_place for term in one[0].relation.terms[:2]))
    values = dict.fromkeys([_to_place(exact[2], fact), *(_to_place(value, fact) for _, _, value in implied)])
    chosen: list[Evaluated] = []
    chosen_value = next(iter(values))
    for value in values:
        trial = {**corrected, id(fact): value}
        mended = [item for item, _, _ in implied if _mends(item.relation, trial)]
        if len(mended) > len(chosen):
            chosen, chosen_value = mended, value
    if not chosen:  # the right value has more digits than the fact prints
        chosen, chosen_value = [exact[0]], exact[2]
    trial = {**corrected, id(fact): chosen_value}
    harm = sum(1 for relation in holding if not _mends(relation, trial))
    # A whole is named before its parts, the narrative before a table: that is where people look first.
    leads = sum(1 for item in chosen if item.relation.terms[0].fact is fact)
    return _Suspect((2 * len(chosen) - harm, leads, int(fact.table < 0)), fact, chosen_value, chosen, True)


def _to_place(value: Decimal, fact: Fact) -> Decimal:
    return (value / fact.last_place).quantize(Decimal(1), rounding=ROUND_HALF_UP) * fact.last_place


def _finding(disclosure: Disclosure, suspect: _Suspect) -> Finding:
    mended = suspect.mended
    main = mended[0]
    fact = suspect.fact
    rule = rule_named(main.relation.rule)
    value = suspect.value
    if len(mended) == 1 and not main.relation.ratio and not fact.value:
        # "0万元" says nothing of the digits that the amount should have.
        value = fact.value - main.residual * next(t.sign for t in main.relation.terms if t.fact is fact)
    expected = printed(value, fact)
    steps = tuple(dict.fromkeys(arithmetic(disclosure, item.relation, item.residual) for item in mended))
    place_zh, place_en = where(disclosure, fact), where(disclosure, fact, "en")
    if suspect.certain and len(mended) > 1:
        zh = f"{place_zh} 印为 {amount(fact)}，应为 {expected}：{len(mended)} 处关系都指向它，如 {steps[0].zh}。"
        en = (
            f"{place_en} prints {amount(fact)} and should be {expected}: "
            f"{len(mended)} relations point to it, such as {steps[0].en}."
        )
    else:
        zh = f"{rule.title.zh}：{steps[0].zh}。"
        en = f"{rule.title.en}: {steps[0].en}."
        told = suspect.certain and not spans_documents(main.relation)  # of two documents, either may be wrong
        if told and len(main.relation.terms) > 1 and not main.relation.ratio:
            zh += f"其余各数另有印证，{place_zh} 应为 {expected}。"
            en += f" The other amounts are borne out elsewhere: {place_en} should be {expected}."
    return Finding(
        rule.code, rule.severity, Message(zh, en), _spots([fact], mended), _plain(value, fact),
        _plain(fact.value, fact), _plain(fact.value - value, fact), steps,
    )  # fmt: skip


def _spots(first: list[Fact], items: list[Evaluated]) -> tuple[Spot, ...]:
    """The places of ``first`` and of all facts in ``items``, each once."""
    at: dict[int, Spot] = {id(fact): spot(fact) for fact in first}
    for item in items:
        for term in item.relation.terms:
            at.setdefault(id(term.fact), spot(term.fact))
    return tuple(sorted(at.values(), key=lambda one: one.document))  # those of the audited document first


def _levels(disclosure: Disclosure, items: list[Evaluated]) -> Finding:
    """Two documents that differ by one amount at every level, from the item up: one finding."""
    rule = rule_named(items[0].relation.rule)
    lead = items[0].relation.terms[0].fact
    off = printed(abs(items[0].residual), lead)
    steps = tuple(dict.fromkeys(arithmetic(disclosure, item.relation, item.residual) for item in items))
    return Finding(
        rule.code,
        rule.severity,
        Message(
            f"{rule.title.zh}：{len(items)} 处相差同一数额 {off}{lead.unit}，如 {steps[0].zh}。",
            f"{rule.title.en}: {len(items)} places differ by the same amount, {off}{lead.unit}, such as {steps[0].en}.",
        ),
        _spots([], items),
        difference=_plain(abs(items[0].residual), lead),
        steps=steps,
    )


def _shifted(disclosure: Disclosure, shift: Shift, mended: list[Evaluated]) -> Finding:
    rule = rule_named(shift.rows[0].relation.rule)
    table = disclosure.tables[shift.facts[0].table]
    column = shift.facts[0].label.rpartition(" ")[2]
    way_zh, way_en = ("下", "down") if shift.step < 0 else ("上", "up")
    steps = tuple(dict.fromkeys(arithmetic(disclosure, item.relation, item.residual) for item in mended))
    return Finding(
        rule.code,
        rule.severity,
        Message(
            f"表{table.number}“{column}”一列有 {len(shift.rows)} 行的数额整体{way_zh}移了一行：{steps[0].zh}。",
            f"Table {table.number}, column “{column}”: the amounts of {len(shift.rows)} rows stand one row too "
            f"far {way_en}: {steps[0].en}.",
        ),
        _spots(list(shift.facts), mended),
        steps=steps,
    )


def _plain(value: Decimal, like: Fact) -> str:
    return printed(value, like).replace(",", "")


def _rounded(disclosure: Disclosure, evaluated: list[Evaluated]) -> list[Finding]:
    """Rounding differences, one finding a table (or for the narrative), the largest difference first."""
    groups: dict[tuple[str, int, bool], list[Evaluated]] = defaultdict(list)
    for item in evaluated:
        if item.verdict is Verdict.ROUNDED:
            lead = item.relation.terms[0].fact
            spans = spans_documents(item.relation)
            groups["text" if lead.table < 0 else "table", lead.table, spans].append(item)
    findings = []
    for items in groups.values():
        items.sort(key=lambda item: -abs(item.residual))
        steps = tuple(dict.fromkeys(arithmetic(disclosure, item.relation, item.residual) for item in items))
        findings.append(
            Finding(
                items[0].relation.rule,
                Severity.INFO,
                Message(
                    f"{len(items)} 处只差末位，可由四舍五入解释：{steps[0].zh}。",
                    f"{len(items)} differences in the last printed digit that rounding explains: {steps[0].en}.",
                ),
                _spots([], items),
                steps=steps,
            )
        )
    return findings
