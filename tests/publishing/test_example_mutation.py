"""Any amount of the published example, changed by one digit, is found where it stands."""

import random
from pathlib import Path

import pytest

from tests.support.mutation import changed_digit, names_place, with_change
from zhengwu.dialects import dialect_named
from zhengwu.ledger.load import load
from zhengwu.publishing.as_document import document_of
from zhengwu.publishing.publish import draft_of
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit

EXAMPLE = Path(__file__).parents[2] / "examples" / "xicheng-2021"
# Amounts that nothing else in the document states: the report names them as not tied.
NOWHERE_ELSE = {"beijing-xicheng-budget": ["645.61万元", "283.10695万元"], "shanghai-putuo-budget": []}
# `make bench` changes every amount; here each fourth, another quarter in each dialect.
STEP = 4


@pytest.mark.parametrize("dialect", NOWHERE_ELSE)
def test_changed_amount_is_found_at_its_place(dialect):
    missed, untied, tried = mutated(dialect, STEP)
    assert [quote for quote, _ in missed] == []
    assert untied == NOWHERE_ELSE[dialect]
    assert tried > 60


def mutated(dialect: str, step: int) -> tuple[list[tuple[str, str]], list[str], int]:
    """(tied amounts whose change was not found, amounts that are not tied, how many were changed)."""
    chance = random.Random(1)
    draft = draft_of(load(EXAMPLE), dialect_named(dialect))
    document = document_of(draft.publication)
    known = {(finding.rule, finding.message) for finding in draft.audit.findings}
    printed = [
        (position, fact)
        for position, fact in enumerate(draft.disclosure.facts)
        if any(character.isdigit() for character in fact.quote)
    ]
    untied = [fact.quote for position, fact in printed if position not in draft.audit.tied]
    tied = [fact for position, fact in printed if position in draft.audit.tied][::step]
    missed = []
    for fact in tied:
        changed = changed_digit(fact.quote, chance)
        after = audit(understand(with_change(document, fact, changed)))
        fresh = [finding for finding in after.findings if (finding.rule, finding.message) not in known]
        if not any(names_place(finding, fact, changed) for finding in fresh):
            missed.append((fact.quote, changed))
    return missed, untied, len(tied)
