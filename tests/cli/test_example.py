"""The example that `make demo` audits: seven planted defects, each found, nothing else."""

from pathlib import Path

import pytest

from zhengwu.audit import audit_document
from zhengwu.reading import read_path

EXAMPLES = Path(__file__).parents[2] / "examples"
PLANTED = {
    ("name-does-not-match-code", "五、医疗卫生与计划生育支出"),
    ("code-differs-from-codes-below", "44,872,071.00"),
    ("unit-label-contradicts-amount", "5,221.56"),
    ("whole-differs-from-parts-elsewhere", "63,268,913.02元"),
    ("stated-share-differs", "24.74%"),
    ("direction-contradicts-amounts", "2021年项目支出预算"),
    ("template-text-left-in", "增加（减少）"),
}


@pytest.mark.parametrize("kind", ["txt", "docx"])
def test_planted_defects_are_found_and_nothing_else(kind: str) -> None:
    findings = audit_document(read_path(EXAMPLES / f"faulty-budget.{kind}")).findings
    assert len(findings) == len(PLANTED)
    for rule, quote in PLANTED:
        (finding,) = [one for one in findings if one.rule == rule]
        assert quote.lstrip("五、") in finding.at[0].quote, finding
