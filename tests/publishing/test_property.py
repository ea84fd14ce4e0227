"""Any valid ledger publishes and audits clean in both dialects; any one amount broken in it is found."""

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.publishing.ledgers import FUNDS, ledgers
from tests.support.mutation import changed_digit, with_change
from zhengwu.dialects import dialect_named
from zhengwu.ledger.check import problems
from zhengwu.model.finding import Severity
from zhengwu.publishing.as_document import document_of
from zhengwu.publishing.publish import draft_of
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit

DIALECTS = tuple(FUNDS)
_QUIET = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def _clean(ledger, dialect):
    assert [problem.message.zh for problem in problems(ledger)] == []
    draft = draft_of(ledger, dialect_named(dialect))
    loud = [finding for finding in draft.audit.findings if finding.severity is not Severity.INFO]
    assert [finding.message.zh for finding in loud] == []
    disclosure = draft.disclosure
    untied = [
        (disclosure.tables[fact.table].number, fact.label, fact.quote)
        for position, fact in enumerate(disclosure.facts)
        if fact.table >= 0 and fact.value and position not in draft.audit.tied
    ]
    assert untied == []
    return draft


@pytest.mark.parametrize("dialect", DIALECTS)
def test_random_ledger_publishes_and_audits_clean(dialect):
    @_QUIET
    @given(ledgers(dialect))
    def holds(ledger):
        _clean(ledger, dialect)

    holds()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_large_ledger_of_500_lines_publishes_and_audits_clean(dialect):
    @settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(ledgers(dialect, most_lines=500))
    def holds(ledger):
        _clean(ledger, dialect)

    holds()


def _within_rounding(fact, changed, total):
    """Whether a change is smaller than what the sentence's own rounding leaves open: two decimals of 万元, two of a
    per cent of all expenditure (``total`` in 分). Nothing that is printed could tell it."""
    if fact.table >= 0 or fact.unit != "万元":
        return False
    digits = [Decimal(text.rstrip("万元").replace(",", "")) for text in (fact.quote, changed)]
    return abs(digits[0] - digits[1]) * 10_000 <= max(Decimal(500), Decimal(total) / 100 / 10_000)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_any_one_broken_amount_is_found(dialect):
    @_QUIET
    @given(ledgers(dialect, most_lines=12), st.integers(0, 2**32))
    def holds(ledger, seed):
        chance = random.Random(seed)
        draft = draft_of(ledger, dialect_named(dialect))
        document = document_of(draft.publication)
        facts = [
            fact
            for position, fact in enumerate(draft.disclosure.facts)
            if position in draft.audit.tied and any(character.isdigit() for character in fact.quote)
        ]
        known = {(finding.rule, finding.message) for finding in draft.audit.findings}
        total = sum(line.amount for line in ledger.lines)
        for fact in chance.sample(facts, min(4, len(facts))):
            changed = changed_digit(fact.quote, chance)
            if _within_rounding(fact, changed, total):
                continue
            after = audit(understand(with_change(document, fact, changed)))
            fresh = [finding for finding in after.findings if (finding.rule, finding.message) not in known]
            assert fresh, (fact.label, fact.quote, changed, fact.identity)

    holds()


def test_unit_scope_publishes_and_audits_clean():
    @_QUIET
    @given(ledgers(DIALECTS[1], most_lines=8))
    def holds(ledger):
        units = ledger.units[:1]
        lines = tuple(line._replace(unit=units[0].code) for line in ledger.lines)
        budget = ledger.budget._replace(scope="unit", name=units[0].name, code=units[0].code)
        single = ledger._replace(budget=budget, units=units, lines=lines)
        if problems(single):  # two lines of different units may now be one
            return
        _clean(single, DIALECTS[1])

    holds()
