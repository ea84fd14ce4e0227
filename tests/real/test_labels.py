"""Precision and recall against defects that were labelled by reading the documents."""

import pytest
from bench.accuracy import LABELS, REAL, TARGET, Measured, all_measured, labels, listing, rates

from zhengwu.model.finding import Severity
from zhengwu.rules.registry import rules

NAMES = sorted(labels())
HERE = [name for name in NAMES if (REAL / name).exists()]
needs_documents = pytest.mark.skipif(
    HERE != NAMES, reason=f"real documents absent beside the project: {sorted(set(NAMES) - set(HERE))}"
)


@pytest.fixture(scope="module")
def measured() -> list[Measured]:
    return all_measured()


def test_labels_name_rules_that_exist_and_are_unique() -> None:
    known = {rule.code for rule in rules()}
    for name, entries in labels().items():
        assert len({label.id for label in entries}) == len(entries), name
        for label in entries:
            assert label.rules <= known, (label.id, label.rules - known)
            assert label.quotes
            assert label.proof


def test_labels_quote_figures_and_short_names_only() -> None:
    for entries in labels().values():
        for label in entries:
            assert all(len(quote) <= 20 for quote in label.quotes), label.id


def test_labels_cover_every_document_and_leave_the_template_out() -> None:
    assert len(NAMES) == 6
    assert (LABELS / "final-template-2024.toml").exists()
    assert "final-template-2024.pdf" not in NAMES


def test_labels_of_all_severities_are_there() -> None:
    found = {label.severity for entries in labels().values() for label in entries}
    assert found == set(Severity)


@needs_documents
def test_recall_of_labelled_errors_and_warnings_reaches_the_target(measured: list[Measured]) -> None:
    print("\n".join(listing(measured)))
    assert rates(measured)[1] >= TARGET, "\n".join(listing(measured))


@needs_documents
def test_precision_of_errors_and_warnings_reaches_the_target(measured: list[Measured]) -> None:
    assert rates(measured)[0] >= TARGET, "\n".join(listing(measured))


@needs_documents
@pytest.mark.parametrize("name", NAMES)
def test_no_document_has_more_than_one_false_alarm(measured: list[Measured], name: str) -> None:
    one = next(item for item in measured if item.name == name)
    assert len(one.false_alarms) <= 1, [finding.message.zh for finding in one.false_alarms]
