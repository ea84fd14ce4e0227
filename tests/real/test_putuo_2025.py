"""The real budgets of a Shanghai Putuo department and its unit, 2025, as published PDF."""

from functools import cache

import pytest

from tests.support.real import real
from zhengwu.audit import audit_document
from zhengwu.model.finding import State
from zhengwu.reading import read_path
from zhengwu.reporting.as_json import coverage
from zhengwu.rules.engine import Audit

NAMES = ("govoffice-2025-budget.pdf", "govoffice-unit-2025-budget.pdf")
KINDS = [
    "summary", "income", "expenditure", "fiscal_summary", "general_expenditure", "government_fund", "state_capital",
    "general_basic", "three_public",
]  # fmt: skip


@cache
def audited(name: str) -> Audit:
    return audit_document(read_path(real(name)))


@pytest.mark.parametrize("name", NAMES)
def test_all_nine_tables_are_read(name: str) -> None:
    disclosure = audited(name).disclosure
    assert [table.kind for table in disclosure.tables] == KINDS
    assert [table.number for table in disclosure.tables] == list("一二三四五六七八九")
    assert (disclosure.year, disclosure.dialect, disclosure.unit) == (
        2025, "shanghai-putuo-budget", "上海市普陀区人民政府办公室",
    )  # fmt: skip
    assert disclosure.unread == ()
    assert disclosure.tables[8].money_unit == "万元"


@pytest.mark.parametrize("name", NAMES)
def test_tables_over_two_pages_are_one(name: str) -> None:
    tables = audited(name).disclosure.tables
    for table in tables[1:3]:
        pages = {cell.place.page for row in table.rows for cell in row.cells if cell}
        assert len(pages) == 2
        codes = [table.rows[index].cells[0].text for index in range(3)]  # type: ignore[union-attr]
        assert codes == ["201", "201", "201"]
    assert tables[4].rows[-1].kind == "total"


@pytest.mark.parametrize("name", NAMES)
def test_sound_documents_have_no_finding(name: str) -> None:
    assert audited(name).findings == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_amount_in_tables_is_tied(name: str) -> None:
    numbers = coverage(audited(name))
    assert numbers["tied"] == numbers["amounts"] > 200


@pytest.mark.parametrize("name", NAMES)
def test_table_relations_are_evaluated(name: str) -> None:
    states = {run.rule: run.state for run in audited(name).runs}
    for rule in (
        "row-total-differs-from-its-columns", "code-differs-from-codes-below", "total-differs-from-its-items",
        "same-amount-printed-differently", "income-differs-from-expenditure", "whole-differs-from-parts-elsewhere",
        "enumerated-parts-exceed-whole", "name-does-not-match-code", "required-table-missing",
    ):  # fmt: skip
        assert states[rule] is State.HELD, rule
