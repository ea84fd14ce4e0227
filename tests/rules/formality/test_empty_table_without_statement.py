"""Empty tables say that there is nothing."""

import pytest

from tests.rules.samples import budget
from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "empty-table-without-statement"
EMPTY = "科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出\n | | | |"


def funds(rows=EMPTY, after="", before=""):
    return HEAD + before + table("政府性基金预算支出情况表", rows) + after


def test_empty_table_without_a_word_is_named():
    (finding,) = findings(funds(), CODE)
    assert quotes(finding) == ["政府性基金预算支出情况表"]
    assert finding.severity.value == "warning"


@pytest.mark.parametrize(
    "rows", [EMPTY.replace(" | | | |", "无 | | | |"), EMPTY.replace(" | | | |", "合计 | | 0.00 | |")]
)
def test_table_that_says_none_or_zero_is_silent(rows):
    assert not findings(funds(rows), CODE)


@pytest.mark.parametrize(
    "said", ["本部门无政府性基金预算。\n", "政府性基金预算支出0万元。\n", "政府性基金预算支出为0.00元。\n"]
)
def test_statement_in_the_narrative_counts(said):
    assert not findings(funds(before=said), CODE)


def test_amount_in_the_narrative_is_no_statement_of_none():
    assert findings(funds(before="政府性基金预算支出10万元。\n"), CODE)


def test_table_with_amounts_is_not_applicable():
    assert state(budget(), CODE) == "not-applicable"
