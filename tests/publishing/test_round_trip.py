"""The example ledger published in every format reads back as the same facts and audits clean."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from zhengwu.dialects import dialect_named
from zhengwu.ledger.load import load
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Identity
from zhengwu.publishing.publication import Text
from zhengwu.publishing.publish import Draft, draft_of, files_of
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.reporting.as_json import coverage
from zhengwu.rules.engine import audit

EXAMPLE = Path(__file__).parents[2] / "examples" / "xicheng-2021"
DIALECTS = ("beijing-xicheng-budget", "shanghai-putuo-budget")
FORMATS = ("docx", "xlsx", "pdf", "html")


@cache
def drafted(dialect: str) -> Draft:
    return draft_of(load(EXAMPLE), dialect_named(dialect))


@cache
def reread(dialect: str, kind: str) -> Disclosure:
    ((name, data),) = files_of(drafted(dialect), [kind]).items()
    return understand(read(data, name))


def facts_of(disclosure: Disclosure) -> Counter:
    """Facts without their places; a list's line is told by its table and row, which all formats share."""
    return Counter((fact.identity, fact.value, fact.last_place, fact.unit) for fact in disclosure.facts)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", FORMATS)
def test_published_file_reads_back_as_the_same_facts(dialect, kind):
    expected, found = facts_of(drafted(dialect).disclosure), facts_of(reread(dialect, kind))
    assert found - expected == Counter()
    assert expected - found == Counter()
    assert found.total() > 250


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", FORMATS)
def test_published_file_audits_clean_and_nearly_all_is_tied(dialect, kind):
    disclosure = reread(dialect, kind)
    assert disclosure.dialect == dialect
    assert disclosure.unread == ()
    result = audit(disclosure)
    assert [finding.message.zh for finding in result.findings if finding.severity.value != "info"] == []
    said = coverage(result)
    amounts = said["amounts"] + said["text"]["amounts"]
    assert said["tied"] + said["text"]["tied"] >= 0.99 * amounts
    assert said["tied"] == said["amounts"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_cell_says_the_fact_that_the_dialect_gives_it(dialect):
    """What the layout declares (forward) is what the words of the table are read as (backward)."""
    draft = drafted(dialect)
    read_as = {
        (fact.table, fact.place.row, fact.place.column): fact.identity for fact in draft.disclosure.facts if fact.table >= 0
    }  # fmt: skip
    wrong = []
    for index, table in enumerate(draft.publication.tables):
        depth = len(table.header)
        for number, row in enumerate(table.rows, depth + 1):
            column = 1
            for cell in row.cells:
                if cell.identity is not None and not table.form:
                    found = read_as.get((index, number, column))
                    if _comparable(found) != _comparable(cell.identity):
                        wrong.append((table.number, number, column, cell.text, cell.identity, found))
                column += cell.colspan
    assert wrong == []


def _comparable(identity: Identity | None) -> Identity | None:
    """An identity as the table's own words tell it: that of a whole carries no fund where the title says it."""
    if identity is None:
        return None
    return identity._replace(item="" if identity.measure == "purchased_services" else identity.item)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_number_of_a_sentence_says_the_fact_it_is_bound_to(dialect):
    draft = drafted(dialect)
    said = Counter((fact.quote.replace(" ", ""), fact.identity) for fact in draft.disclosure.facts if fact.table < 0)
    bound = Counter(
        (run.text, run.identity)
        for block in draft.publication.blocks
        if isinstance(block, Text)
        for run in block.runs
        if run.identity is not None
    )
    assert bound - said == Counter()
    assert bound.total() > 20


def test_published_sentences_are_the_same_in_every_format():
    expected = [block.text for block in drafted(DIALECTS[0]).publication.blocks if isinstance(block, Text)]
    for kind in FORMATS:
        found = {section.text for section in reread(DIALECTS[0], kind).sections}
        assert [text for text in expected if text not in found] == []
