"""One word changed (a year, a direction, a name, a unit): the audit names the place. 150 different changes a
document and kind, or all there are, with a fixed seed. And one digit of a tied amount in final accounts."""

import pytest

from tests.support.mutation import mutants
from tests.support.real import real
from tests.support.word_mutation import KINDS, changed
from zhengwu.reading import read_path

FINAL = "finance-2024-final-seeded-errors.pdf"
NAMES = (
    "xicheng-2021-budget.txt",
    "govoffice-2025-budget.pdf",
    "govoffice-unit-2025-budget.pdf",
    FINAL,
)
COUNT = 150
SEED = 2021
TARGET = 0.95


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_changed_word_is_found(name: str, kind: str) -> None:
    found = changed(read_path(real(name)), kind, COUNT, SEED)
    if not found:
        pytest.skip(f"{name} has no {kind} that its amounts decide")
    missed = [one.change.says for one in found if not one.seen]
    print(f"{name} {kind}: {len(found) - len(missed)} of {len(found)}", *missed, sep="\n  ")
    assert len(missed) <= (1 - TARGET) * len(found), missed


def test_changed_digit_of_a_tied_amount_of_final_accounts_is_found() -> None:
    _, found = mutants(read_path(real(FINAL)), 2 * COUNT, SEED)
    missed = [f"{one.fact.label}: {one.fact.quote} -> {one.changed}" for one in found if not one.seen]
    print(f"{FINAL}: {len(found) - len(missed)} of {len(found)}", *missed, sep="\n  ")
    assert len(missed) <= (1 - TARGET) * len(found), missed
