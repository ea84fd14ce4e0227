"""Published layouts of many provinces and years: recognised by title and structure, audited without a false
alarm, each changed figure found, the same in every format. The layouts are in tests/recognition/layouts."""

import pytest
from tests.recognition.expected_tables import EXPECTED
from tests.support import layouts
from tests.support.mutation import names_place, with_change

from zhengwu.model.finding import Severity
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit

NAMES = sorted(path.stem for path in layouts.FOLDER.glob("*.txt"))

# Figures that nothing in their layout ties: nobody can verify them, and the audit says so.
UNTIED = {
    "compared_otherwise": {"112.50", "120.00", "100.00"},
    "three_public_meetings": {"3.20", "4.10"},
    "unknown_item": {"60.00", "5.00", "65.00"},
}


def _larger_first_digit(quote: str) -> str:
    at = next(index for index, character in enumerate(quote) if character in "123456789")
    return quote[:at] + str(int(quote[at]) % 9 + 1) + quote[at + 1 :]


@pytest.mark.parametrize("name", NAMES)
def test_layout_of_any_province_is_recognised_by_title_and_structure(name: str) -> None:
    disclosure = understand(layouts.document(layouts.written(name)))
    document, tables = EXPECTED[name]
    assert (disclosure.kind, disclosure.year, disclosure.unit, disclosure.dialect) == document
    assert [(t.kind, t.number, t.title, t.money_unit) for t in disclosure.tables] == tables


@pytest.mark.parametrize("name", NAMES)
def test_layout_whose_figures_add_up_gives_no_finding(name: str) -> None:
    result = layouts.audited(layouts.written(name))
    assert [(f.rule, f.message.zh) for f in result.findings if f.severity is not Severity.INFO] == []


@pytest.mark.parametrize("name", NAMES)
def test_layout_ties_every_figure_that_its_tables_tie(name: str) -> None:
    result = layouts.audited(layouts.written(name))
    untied = {
        fact.quote
        for position, fact in enumerate(result.disclosure.facts)
        if fact.table >= 0 and fact.value and position not in result.tied
    }
    assert untied == UNTIED.get(name, set())


@pytest.mark.parametrize("name", NAMES)
def test_layout_with_one_figure_changed_gives_a_finding_that_names_its_cell(name: str) -> None:
    document = layouts.document(layouts.written(name))
    sound = audit(understand(document))
    known = {(finding.rule, finding.message) for finding in sound.findings}
    missed = set()
    for fact in sound.disclosure.facts:
        if fact.table < 0 or not fact.value:
            continue
        changed = _larger_first_digit(fact.quote)
        after = audit(understand(with_change(document, fact, changed)))
        fresh = [finding for finding in after.findings if (finding.rule, finding.message) not in known]
        if not any(names_place(finding, fact, changed) for finding in fresh):
            missed.add(fact.quote)
    assert missed == UNTIED.get(name, set())


@pytest.mark.parametrize("format", layouts.FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_layout_in_every_format_gives_the_same_facts_and_relations(name: str, format: str) -> None:
    text = layouts.written(name)
    full = understand(layouts.document(text))
    read = understand(layouts.read_as(text, format))
    assert layouts.facts_in(read) == layouts.facts_in(full)
    assert layouts.parts_in(read) == layouts.parts_in(full)
    assert [(t.kind, t.number, t.title, t.money_unit) for t in read.tables] == EXPECTED[name][1]
