"""One digit changed in one amount: the audit names the place. 300 samples a document with a fixed seed."""

import pytest

from tests.support.mutation import mutants
from tests.support.real import real
from zhengwu.reading import read_path

NAMES = (
    "xicheng-2021-budget.txt",
    "xicheng-2021-budget.docx",
    "xicheng-2021-budget.html",
    "govoffice-2025-budget.pdf",
    "govoffice-unit-2025-budget.pdf",
)


@pytest.mark.parametrize("name", NAMES)
def test_changed_digit_of_a_tied_amount_is_found(name: str) -> None:
    _, found = mutants(read_path(real(name)), 300, seed=20211231)
    missed = [f"{one.fact.label}: {one.fact.quote} -> {one.changed}" for one in found if not one.seen]
    assert len(missed) <= 9, missed  # 97 of 100
    if missed:
        print(f"{name}: {len(missed)} of 300 not found: {missed}")
