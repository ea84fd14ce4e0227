"""Which number is wrong: broken relations traced back to the fewest facts that explain them.

One wrong digit breaks every relation that its number takes part in. Of all facts in broken relations, the
one whose correction to one value mends most of them, and breaks fewest that hold, is the culprit; what it
explains is one finding. The rest is explained the same way, until nothing is broken.
"""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.describe import amount, arithmetic, printed, spot, where
from zhengwu.rules.engine import Evaluated, Verdict, evaluate
from zhengwu.rules.registry import rule_named


class _Suspect(NamedTuple):
    score: tuple[int, int, int]
    fact: Fact
    value: Decimal
    mended: list[Evaluated]
    certain: bool  # no other fact explains as much


def findings_of(disclosure: Disclosure, evaluated: list[Evaluated]) -> list[Finding]:
    """The findings that broken and rounded relations amount to."""
    broken = [item for item in evaluated if item.verdict is Verdict.BROKEN]
    holding: dict[int, int] = defaultdict(int)
    for item in evaluated:
        if item.verdict is Verdict.HELD and not item.relation.bound:
            for term in item.relation.terms:
                holding[id(term.fact)] += 1
    findings = []
    corrected: dict[int, Decimal] = {}
    while broken:
        suspect = _suspect(broken, holding)
        corrected[id(suspect.fact)] = suspect.value
        mended = suspect.mended + [
            item
            for item in broken
            if item not in suspect.mended
            and any(id(term.fact) == id(suspect.fact) for term in item.relation.terms)
            and evaluate(item.relation, corrected).verdict is not Verdict.BROKEN
        ]
        broken = [item for item in broken if not any(item is other for other in mended)]
        findings.append(_finding(disclosure, suspect, mended))
    return findings + _rounded(disclosure, evaluated)


def _suspect(broken: list[Evaluated], holding: dict[int, int]) -> _Suspect:
    by_fact: dict[int, list[tuple[Evaluated, Fact, Decimal]]] = defaultdict(list)
    for item in broken:
        if item.relation.ratio:
            stated = item.relation.terms[0].fact
            by_fact[id(stated)].append((item, stated, _to_place(stated.value - item.residual, stated)))
            continue
        for sign, fact in item.relation.terms:
            by_fact[id(fact)].append((item, fact, _to_place(fact.value - item.residual * sign, fact)))
    best: _Suspect | None = None
    ties = 0
    for implied in by_fact.values():
        votes: dict[Decimal, list[Evaluated]] = defaultdict(list)
        for item, _, value in implied:
            votes[value].append(item)
        value, mended = max(votes.items(), key=lambda vote: len(vote[1]))
        fact = implied[0][1]
        # A whole is named before its parts, the narrative before a table: that is where people look first.
        leads = sum(1 for item in mended if item.relation.terms[0].fact is fact)
        score = (2 * len(mended) - holding[id(fact)], leads, int(fact.table < 0))
        if best is None or score > best.score:
            ties = 0 if best is None or score[0] > best.score[0] else 1
            best = _Suspect(score, fact, value, mended, True)
        elif score[0] == best.score[0]:
            ties += 1
    assert best is not None
    return best._replace(certain=ties == 0 and len(best.mended) > 1)


def _to_place(value: Decimal, fact: Fact) -> Decimal:
    return (value / fact.last_place).quantize(Decimal(1), rounding=ROUND_HALF_UP) * fact.last_place


def _finding(disclosure: Disclosure, suspect: _Suspect, mended: list[Evaluated]) -> Finding:
    main = mended[0]
    fact = suspect.fact
    rule = rule_named(main.relation.rule)
    value = suspect.value
    if len(mended) == 1 and not main.relation.ratio:  # nothing else speaks for a rounding to the fact's digits
        value = fact.value - main.residual * next(t.sign for t in main.relation.terms if t.fact is fact)
    expected = printed(value, fact)
    steps = tuple(dict.fromkeys(arithmetic(disclosure, item.relation, item.residual) for item in mended))
    at: dict[int, Spot] = {id(fact): spot(fact)}
    for item in mended:
        for term in item.relation.terms:
            at.setdefault(id(term.fact), spot(term.fact))
    place_zh, place_en = where(disclosure, fact), where(disclosure, fact, "en")
    if suspect.certain:
        zh = f"{place_zh} 印为 {amount(fact)}，应为 {expected}：{len(mended)} 处关系都指向它。"
        en = f"{place_en} prints {amount(fact)}; {expected} would satisfy {len(mended)} relations."
    else:
        zh = f"{rule.title.zh}：{steps[0]}。"
        en = f"{rule.title.en}: {steps[0]}."
    difference = fact.value - value
    return Finding(
        rule.code, rule.severity, Message(zh, en), tuple(at.values()), _plain(value, fact),
        _plain(fact.value, fact), _plain(difference, fact), steps,
    )  # fmt: skip


def _plain(value: Decimal, like: Fact) -> str:
    return printed(value, like).replace(",", "")


def _rounded(disclosure: Disclosure, evaluated: list[Evaluated]) -> list[Finding]:
    """Rounding differences, one finding a table (or for the narrative)."""
    groups: dict[tuple[str, int], list[Evaluated]] = defaultdict(list)
    for item in evaluated:
        if item.verdict is Verdict.ROUNDED:
            lead = item.relation.terms[0].fact
            groups["text" if lead.table < 0 else "table", lead.table].append(item)
    findings = []
    for items in groups.values():
        at: dict[int, Spot] = {}
        for item in items:
            for term in item.relation.terms:
                at.setdefault(id(term.fact), spot(term.fact))
        steps = tuple(dict.fromkeys(arithmetic(disclosure, item.relation, item.residual) for item in items))
        findings.append(
            Finding(
                items[0].relation.rule,
                Severity.INFO,
                Message(
                    f"{len(items)} 处只差末位，可由四舍五入解释：{steps[0]}。",
                    f"{len(items)} differences in the last printed digit that rounding explains: {steps[0]}.",
                ),
                tuple(at.values()),
                steps=steps,
            )
        )
    return findings
