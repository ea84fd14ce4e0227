"""Amounts whose unit label cannot be right: a table in yuan that says ten thousand yuan."""

from collections import defaultdict
from decimal import Decimal

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Fact, Identity
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.model.number import YUAN_IN

RULE = "unit-label-contradicts-amount"
_FACTORS = (Decimal(10_000), Decimal("0.0001"), Decimal(1000), Decimal("0.001"))
_LEAST = 2  # different amounts that must speak for another unit, where the table has as many

_Pairs = dict[int, list[tuple[Fact, list[Fact]]]]  # table -> its facts with the same ones elsewhere


def in_agreed_units(disclosure: Disclosure) -> tuple[Disclosure, tuple[Finding, ...]]:
    """The disclosure with amounts in the unit that the rest of the document agrees on, and a finding for each
    table whose label says otherwise.

    A table is taken to be mislabelled when most of its amounts that are printed elsewhere too, and at least
    two different ones, are off by the same power of ten, and exactly so. Of two tables that contradict each
    other alone, the one with fewer amounts is: it bears less evidence.
    """
    pairs = _contradictions(disclosure)
    wrong: dict[int, Decimal] = {}
    for index in sorted(pairs, key=lambda table: len(pairs[table])):
        factor = _other_unit(pairs[index], wrong)
        if factor is not None:
            wrong[index] = factor
    if not wrong:
        return disclosure, ()
    renewed = {
        id(fact): fact._replace(value=fact.value / wrong[fact.table], last_place=fact.last_place / wrong[fact.table])
        for fact in disclosure.facts
        if fact.table in wrong and fact.unit != "%"
    }
    findings = tuple(_finding(disclosure, index, factor) for index, factor in sorted(wrong.items()))
    return _with_facts(disclosure, renewed, set(wrong)), findings


def _contradictions(disclosure: Disclosure) -> _Pairs:
    """Tables with an amount that is printed at least hundreds of times larger or smaller elsewhere."""
    same: dict[Identity, list[Fact]] = defaultdict(list)
    for fact in disclosure.facts:
        if fact.identity is not None and fact.value:
            same[fact.identity].append(fact)
    suspects: set[int] = set()
    for facts in same.values():
        if len(facts) > 1:
            sizes = [abs(fact.value) for fact in facts]
            if max(sizes) > 100 * min(sizes):
                suspects.update(fact.table for fact in facts if fact.table >= 0)
    pairs: _Pairs = defaultdict(list)
    if suspects:
        for facts in same.values():
            for fact in facts:
                others = [other for other in facts if other.table != fact.table]
                if fact.table in suspects and others:
                    pairs[fact.table].append((fact, others))
    return pairs


def _other_unit(pairs: list[tuple[Fact, list[Fact]]], wrong: dict[int, Decimal]) -> Decimal | None:
    """The factor that most of a table's amounts are off by, or None."""
    votes: dict[Decimal, set[Decimal]] = defaultdict(set)
    compared: set[Decimal] = set()
    for fact, elsewhere in pairs:
        others = [other for other in elsewhere if other.table not in wrong]
        if others:
            compared.add(fact.value)
        if any(_agrees(fact, other, Decimal(1)) for other in others):
            continue  # right as it is
        for factor in _FACTORS:
            if any(_agrees(fact, other, factor) for other in others):
                votes[factor].add(fact.value)
    if not votes:
        return None
    factor, values = max(votes.items(), key=lambda item: len(item[1]))
    enough = len(values) >= min(_LEAST, len({fact.value for fact, _ in pairs}))
    return factor if enough and len(values) * 2 > len(compared) else None


def _agrees(fact: Fact, other: Fact, factor: Decimal) -> bool:
    coarser = max(fact.last_place / factor, other.last_place)
    if coarser > abs(fact.value / factor) / 100:
        return False  # too coarse to tell
    return abs(fact.value / factor - other.value) <= coarser / 2


def _with_facts(disclosure: Disclosure, renewed: dict[int, Fact], wrong: set[int]) -> Disclosure:
    """The disclosure with the facts of the ``wrong`` tables renewed wherever they are referred to."""

    def new(fact: Fact) -> Fact:
        return renewed.get(id(fact), fact)

    def maybe(fact: Fact | None) -> Fact | None:
        return new(fact) if fact is not None else None

    return disclosure._replace(
        facts=tuple([new(fact) for fact in disclosure.facts]),
        parts=tuple(
            part._replace(
                whole=new(part.whole),
                parts=tuple([new(fact) for fact in part.parts]),
                minus=tuple([new(fact) for fact in part.minus]),
            )
            if part.table in wrong
            else part
            for part in disclosure.parts
        ),
        lines=tuple(
            line._replace(fact=new(line.fact)) if line.fact.table in wrong else line for line in disclosure.lines
        ),
        forms=tuple(
            form._replace(
                funds={key: new(fact) for key, fact in form.funds.items()},
                costs={key: tuple(new(fact) for fact in facts) for key, facts in form.costs.items()},
            )
            if form.table in wrong
            else form
            for form in disclosure.forms
        ),
        claims=tuple(
            claim._replace(
                stated=maybe(claim.stated), this=maybe(claim.this), other=maybe(claim.other), amount=maybe(claim.amount)
            )
            for claim in disclosure.claims
        ),
    )


def _finding(disclosure: Disclosure, index: int, factor: Decimal) -> Finding:
    facts = [fact for fact in disclosure.facts if fact.table == index and fact.value and fact.identity is not None]
    table = disclosure.tables[index]
    label = table.money_unit
    worth = table.unit_worth / factor
    meant = next((unit for unit, value in YUAN_IN.items() if value == worth), f"{worth.normalize():f}元")
    first = facts[0].quote
    return Finding(
        RULE,
        Severity.ERROR,
        Message(
            f"表头写明单位为“{label}”，而表内数字（如 {first}）与其他表对照是以“{meant}”为单位：应改单位或改数字。",
            f"The table says its unit is {label}, but its figures (such as {first}) agree with the other "
            f"tables only in {meant}: correct the label or the figures.",
        ),
        tuple(Spot(fact.place, fact.quote, fact.table) for fact in facts),
        meant,
        label,
    )
