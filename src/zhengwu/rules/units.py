"""Amounts whose unit label cannot be right: a table in yuan that says ten thousand yuan."""

from collections import defaultdict
from decimal import Decimal

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.model.message import Message

RULE = "unit-label-contradicts-amount"
_FACTORS = (Decimal(10_000), Decimal("0.0001"), Decimal(1000), Decimal("0.001"))


def in_agreed_units(disclosure: Disclosure) -> tuple[Disclosure, tuple[Finding, ...]]:
    """The disclosure with amounts in the unit that the rest of the document agrees on, and a finding for each
    table whose label says otherwise.

    A table is taken to be mislabelled when most of its amounts that are printed elsewhere too are off by
    the same power of ten, and exactly so.
    """
    elsewhere: dict[object, list[Fact]] = defaultdict(list)
    for fact in disclosure.facts:
        if fact.identity is not None and fact.value:
            elsewhere[fact.identity].append(fact)
    wrong: dict[int, Decimal] = {}
    for index in range(len(disclosure.tables)):
        compared = 0
        votes: dict[Decimal, int] = defaultdict(int)
        for fact in disclosure.facts:
            if fact.table != index or fact.identity is None or not fact.value:
                continue
            others = [other for other in elsewhere[fact.identity] if other.table != index]
            if not others:
                continue
            compared += 1
            for factor in _FACTORS:
                if any(_agrees(fact, other, factor) for other in others):
                    votes[factor] += 1
        if votes:
            factor, count = max(votes.items(), key=lambda item: item[1])
            if count * 2 > compared:
                wrong[index] = factor
    if not wrong:
        return disclosure, ()
    renewed = {
        id(fact): fact._replace(value=fact.value / wrong[fact.table], last_place=fact.last_place / wrong[fact.table])
        for fact in disclosure.facts
        if fact.table in wrong
    }
    findings = tuple(_finding(disclosure, index, factor) for index, factor in wrong.items())
    return _with_facts(disclosure, renewed), findings


def _agrees(fact: Fact, other: Fact, factor: Decimal) -> bool:
    if max(fact.last_place / factor, other.last_place) > abs(fact.value / factor) / 100:
        return False  # too coarse to tell
    return abs(fact.value / factor - other.value) <= max(fact.last_place / factor, other.last_place) / 2


def _with_facts(disclosure: Disclosure, renewed: dict[int, Fact]) -> Disclosure:
    def new(fact: Fact) -> Fact:
        return renewed.get(id(fact), fact)

    return disclosure._replace(
        facts=tuple(new(fact) for fact in disclosure.facts),
        parts=tuple(
            part._replace(whole=new(part.whole), parts=tuple(new(fact) for fact in part.parts))
            for part in disclosure.parts
        ),
        lines=tuple(line._replace(fact=new(line.fact)) for line in disclosure.lines),
        forms=tuple(
            form._replace(
                funds={key: new(fact) for key, fact in form.funds.items()},
                costs={key: tuple(new(fact) for fact in facts) for key, facts in form.costs.items()},
            )
            for form in disclosure.forms
        ),
        claims=tuple(
            claim._replace(
                this=new(claim.this) if claim.this else None, other=new(claim.other) if claim.other else None
            )
            for claim in disclosure.claims
        ),
    )


def _finding(disclosure: Disclosure, index: int, factor: Decimal) -> Finding:
    facts = [fact for fact in disclosure.facts if fact.table == index and fact.value and fact.identity is not None]
    table = disclosure.tables[index]
    printed = table.money_unit
    worth = table.unit_worth / factor
    meant = {Decimal(1): "元", Decimal(10_000): "万元", Decimal(1000): "千元", Decimal(10): "十元"}.get(worth, "元")
    first = facts[0]
    return Finding(
        RULE,
        Severity.ERROR,
        Message(
            f"表头写明单位为“{printed}”，而表内数字（如 {first.quote}）与其他表对照是以“{meant}”为单位：应改单位或改数字。",
            f"The table says its unit is {printed}, but its figures (such as {first.quote}) agree with the other "
            f"tables only in {meant}: correct the label or the figures.",
        ),
        tuple(Spot(fact.place, fact.quote, fact.table) for fact in facts),
        meant,
        printed,
    )
