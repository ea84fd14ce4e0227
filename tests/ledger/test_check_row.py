"""A row while it is typed: the same problems as on import, by cell."""

import time

import pytest

from tests.ledger.samples import HALL, HOTLINE, ledger, tables, xlsx
from tests.ledger.test_check import CASES
from zhengwu.ledger import model as m
from zhengwu.ledger.check import problems
from zhengwu.ledger.check_row import check_row, row_problems
from zhengwu.ledger.load import LedgerError, read_bytes
from zhengwu.ledger.schema import SHEETS, sheet

LINE = {
    "unit": "107001", "function": "2010399 其他政府办公厅（室）及相关机构事务支出", "government": "50205", "departmental": "30227",
    "nature": "项目支出", "project": HALL, "fund": "一般公共预算拨款", "amount": "1,234.50",
}  # fmt: skip


def test_row_that_fits_is_typed_and_has_no_problem():
    found = check_row("lines", LINE, ledger(), row=9)
    assert found.problems == ()
    assert found.row == m.Line("107001", "2010399", "50205", "30227", "project", HALL, "general", 123450, 9)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("amount", "12万元"), ("amount", ""), ("nature", "基本"), ("function", "2010377"), ("function", "20103"),
        ("government", "50201"), ("unit", "107009"), ("fund", "其他收入"), ("project", ""), ("project", "大厅引导服物"),
        ("departmental", "2010 行政"), ("function", "2010301 机关服务"),
    ],
)  # fmt: skip
def test_row_that_does_not_fit_has_the_problems_of_the_import(column, text):
    sheets = tables()
    titles = {one.zh: one.key for one in sheet("lines").columns}
    keys = [titles[title] for title in sheets["lines"][0]]
    sheets["lines"] = [sheets["lines"][0], [{**LINE, column: text}[key] for key in keys], *sheets["lines"][2:]]
    with pytest.raises(LedgerError) as caught:
        read_bytes(xlsx(sheets), "x")
    letters = {one.zh: f"{'ABCDEFGH'[n]} {one.zh}" for n, one in enumerate(sheet("lines").columns)}
    imported = {(one.column, one.message) for one in caught.value.problems if one.sheet == "支出明细" and one.row == 2}
    found = check_row("lines", {**LINE, column: text}, ledger(), row=2)
    assert {(letters[one.column], one.message) for one in found.problems} == imported
    assert len(imported) == 1
    assert found.problems[0].column == next(one.zh for one in sheet("lines").columns if one.key == column)


def test_all_wrong_cells_of_a_row_are_told_at_once():
    found = check_row("lines", {"amount": "x", "nature": "y"}, ledger(), row=2)
    assert found.row is None
    assert [one.column for one in found.problems] == [one.zh for one in sheet("lines").columns if one.key != "project"]
    assert found.values == dict.fromkeys(("unit", "function", "government", "departmental", "project", "fund"), "")


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_what_the_whole_ledger_says_of_a_single_row_the_row_says_too(case):
    """Each case of the whole check: told for the row, unless it draws on the row's own sheet as a whole."""
    name, made, zh, number, column, says = case
    key = next(one.key for one in SHEETS if one.zh == zh)
    row = made.budget if key == "budget" else next((one for one in getattr(made, key) if one.row == number), None)
    told = [
        one for one in (row_problems(key, row, made) if row else []) if one.column == column and says in one.message.zh
    ]
    needs_sheet = {
        "duplicate unit", "income that does not balance", "last year out of balance", "procurement over its project",
        "change without reason", "item of the three that is missing", "catalogue without its top",
    }  # fmt: skip
    assert bool(told) is (name not in needs_sheet)


def test_faults_of_other_rows_are_not_told_with_a_row():
    made = ledger(lines=tuple(line._replace(unit="999") for line in ledger().lines))
    assert problems(made)
    assert check_row("lines", LINE, made, row=2).problems == ()
    assert check_row("projects", {"name": HOTLINE, "targets": "否"}, made, row=2).problems == ()


def test_unknown_column_is_an_error_of_the_caller():
    with pytest.raises(KeyError, match="colour"):
        check_row("lines", {"colour": "red"}, ledger())


def test_row_of_a_large_ledger_is_checked_in_milliseconds():
    made = ledger()
    made = made._replace(lines=made.lines * 2_000)
    check_row("lines", LINE, made)
    begun = time.process_time()
    for _ in range(50):
        check_row("lines", LINE, made)
    assert time.process_time() - begun < 50 * 0.1  # half a millisecond each; the machine may be slow
