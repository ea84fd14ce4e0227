"""Which documents belong together is told by unit, year and kind; the rest is said."""

import pytest

from tests.support.documents import run_of
from tests.support.sets import audited_with, department, unit

CODE = "documents-do-not-belong-together"
ROWS = {"201": ("60.00", "20.00")}


def test_unit_of_the_department_belongs_to_it():
    run = run_of(audited_with(department(ROWS, ("某某局本部",)), unit("某某局", ROWS)), CODE)
    assert (run.state.value, run.relations) == ("held", 1)


def test_document_alone_is_not_applicable():
    assert run_of(audited_with(department(ROWS)), CODE).state.value == "not-applicable"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (unit("别的中心", ROWS), "别的中心"),
        (department(ROWS), "另一个版本"),
        (department(ROWS).replace("2021", "2018"), "没有可核对的关系"),
        (department(ROWS).replace("某某局", ""), "没有读到"),
    ],
    ids=["another unit", "same document", "years apart", "nameless"],
)
def test_document_that_does_not_belong_is_said_and_not_judged(other, words):
    result = audited_with(department(ROWS), other)
    run = run_of(result, CODE)
    assert run.state.value == "not-evaluated"
    assert words in run.reason.zh
    assert run.reason.en
    assert not result.findings


def test_stranger_beside_a_unit_is_said_while_the_unit_is_compared():
    result = audited_with(department(ROWS, ("某某局本部",)), unit("某某局", ROWS), unit("别的中心", ROWS))
    run = run_of(result, CODE)
    assert (run.state.value, run.relations) == ("held", 1)
    assert "别的中心" in run.reason.zh
