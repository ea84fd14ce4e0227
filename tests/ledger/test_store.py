"""Plain values: exact both ways, refused like a workbook."""

import json

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ledger.samples import ledger
from tests.publishing.ledgers import ledgers
from zhengwu.ledger import model as m
from zhengwu.ledger.check import problems
from zhengwu.ledger.load import LedgerError
from zhengwu.ledger.schema import SHEETS
from zhengwu.ledger.store import ledger_from, numbered, plain, plain_row, row_from, tried

QUIET = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def refused(values, **options):
    with pytest.raises(LedgerError) as caught:
        ledger_from(values, **options)
    return caught.value.problems


def test_ledger_goes_through_json_and_comes_back_equal():
    made = ledger()
    assert ledger_from(json.loads(json.dumps(plain(made)))) == made


@QUIET
@given(ledgers("beijing-xicheng-budget"))
def test_any_ledger_comes_back_equal(made):
    made = numbered(made)
    assert ledger_from(json.loads(json.dumps(plain(made)))) == made


def test_every_row_of_every_sheet_comes_back_on_its_own():
    made = ledger()
    for sheet in SHEETS:
        rows = [made.budget] if sheet.key == "budget" else getattr(made, sheet.key)
        assert rows
        for row in rows:
            assert row_from(sheet.key, json.loads(json.dumps(plain_row(sheet.key, row)))) == row


def test_rows_without_a_place_are_numbered_in_their_order():
    values = plain(ledger())
    for row in values["lines"]:
        del row["row"]
    assert [line.row for line in ledger_from(values).lines] == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("sheet", "column", "value", "says"),
    [
        ("lines", "amount", 12.5, "填的是“12.5”，应为分的整数"),
        ("lines", "amount", "12.50", "应为分的整数"),
        ("lines", "amount", True, "应为分的整数"),
        ("lines", "amount", -1, "不能为负数"),
        ("lines", "amount", 10**15, "超过"),
        ("lines", "amount", None, "没有填写；这一列必填。"),
        ("lines", "nature", "基建", "只能填：基本支出"),
        ("lines", "unit", "", "没有填写；这一列必填。"),
        ("lines", "function", "abc", "应为支出功能分类编码"),
        ("lines", "project", 3, "类型不对"),
        ("lines", "colour", "red", "没有这一列"),
        ("projects", "targets", "maybe", "类型不对"),
        ("targets", "midterm_from", 1999, "2000 至 2099"),
        ("evaluations", "score", "100.5", "0 到 100"),
        ("units", "staff", "3", "应为整数"),
        ("duties", "text", "长" * 32_768, "超过一个单元格的上限"),
    ],
)
def test_value_that_is_not_its_columns_is_named_with_its_place(sheet, column, value, says):
    values = plain(ledger())
    values[sheet][0][column] = value
    found = [one for one in refused(values) if says in one.message.zh]
    assert len(found) == 1
    assert found[0].row == 2
    assert found[0].message.en


def test_rows_that_do_not_fit_give_the_problems_of_an_import():
    made = ledger(lines=(*ledger().lines[:3], ledger().lines[3]._replace(project="没有"), *ledger().lines[4:]))
    assert list(refused(plain(made))) == sorted(problems(made), key=lambda one: [s.zh for s in SHEETS].index(one.sheet))


def test_ledger_whose_sums_do_not_agree_is_there_beside_its_problems_until_a_cell_does_not_hold():
    made = ledger(income=(m.Income("general", 5, 0, None, 2),))
    found = tried(plain(made))
    assert found.ledger == made
    assert not found.cells
    assert found.problems == list(refused(plain(made)))
    values = plain(made)
    values["duties"][0]["text"] = ""
    found = tried(values)
    assert found.ledger is None
    assert [one.sheet for one in found.cells] == ["主要职责"]
    assert found.problems == list(refused(values))
    assert found.between


def test_draft_with_gaps_is_taken_and_not_held_against_itself():
    made = ledger(lines=(m.Line("107001", "", "", "", "project", "", "general", 5, 2),))
    assert ledger_from(plain(made), gaps=True) == made
    assert refused(plain(made))


def test_values_that_are_no_ledger_are_refused():
    assert [one.message.zh for one in refused({"lines": {}, "colours": []}, gaps=True)] == [
        "缺少这个必需的表。", "不是行的列表。", "不是台账的表。",
    ]  # fmt: skip
    assert "必需" in refused({})[0].message.zh


def test_row_that_is_wrong_raises_with_its_place():
    with pytest.raises(LedgerError) as caught:
        row_from("income", {"fund": "general", "amount": "x", "last": 0}, row=7)
    assert [(one.sheet, one.row, one.column) for one in caught.value.problems] == [("收入", 7, "本年预算")]
