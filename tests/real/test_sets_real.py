"""The real department and its own unit of 2025, audited together: the second audited document of the first."""

import pytest

from tests.support.documents import run_of
from tests.support.real import real
from zhengwu.audit import audit_document, disclosure_of
from zhengwu.reading import read_path

DEPARTMENT, UNIT = "govoffice-2025-budget.pdf", "govoffice-unit-2025-budget.pdf"
STRANGER = "finance-2024-final-seeded-errors.pdf"


@pytest.mark.parametrize(("own", "other"), [(DEPARTMENT, UNIT), (UNIT, DEPARTMENT)])
def test_department_and_its_only_unit_agree_throughout(own, other):
    result = audit_document(read_path(real(own)), [disclosure_of(read_path(real(other)))])
    run = run_of(result, "units-do-not-add-up-to-department")
    assert run.state.value == "held"
    assert run.relations > 50
    assert run.reason is None
    assert not result.findings


def test_stranger_is_said_and_not_judged():
    result = audit_document(read_path(real(DEPARTMENT)), [disclosure_of(read_path(real(STRANGER)))])
    run = run_of(result, "documents-do-not-belong-together")
    assert run.state.value == "not-evaluated"
    assert "财政局" in run.reason.zh
    assert not result.findings
