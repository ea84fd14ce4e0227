"""What changed between two ledgers: lines matched, moves found, totals true, texts by sentence."""

import random
import time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.samples import HALL, HOTLINE, ledger, numbered
from tests.publishing.ledgers import ledgers
from zhengwu.ledger import model as m
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.difference import difference
from zhengwu.ledger.difference_rows import sentences

QUIET = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def with_lines(*lines):
    return ledger(lines=tuple(lines))


LINES = ledger().lines


def test_ledger_against_itself_has_no_difference():
    found = difference(ledger(), ledger())
    assert found.same
    assert found.unchanged == 6
    assert (found.total.last, found.total.this) == (2_600_000_50, 2_600_000_50)
    assert "持平；支出明细没有变动" in found.summary.zh


def test_line_with_another_amount_is_changed_with_difference_and_per_cent():
    (one,) = difference(ledger(), with_lines(LINES[0]._replace(amount=900_000_00), *LINES[1:])).lines
    assert (one.kind, one.difference, one.entry.rate) == ("changed", -100_000_00, Decimal("-10.00"))
    assert (
        one.message.zh
        == "基本支出（107001 2010301/50101/30101）由 1,000,000.00 元改为 900,000.00 元，减少 100,000.00 元（10.00%）。"
    )
    assert (
        one.message.en
        == "basic (107001 2010301/50101/30101) went from 1,000,000.00 to 900,000.00 yuan, down by 100,000.00 yuan (10.00%)"
    )


def test_line_that_came_and_line_that_went_are_told():
    new = m.Line("107002", "2010350", "50502", "30201", "basic", "", "general", 7)
    found = difference(ledger(), with_lines(*LINES[:2], *LINES[3:], new))
    assert [(one.kind, one.difference) for one in found.lines] == [("added", 7), ("gone", -245_000_50)]
    assert found.lines[0].message.zh.startswith("新增：基本支出（107002 ")
    assert found.lines[1].message.en.startswith("gone: basic (107002 ")
    assert "新增 1 行、删除 1 行" in found.summary.zh


def test_line_under_another_code_is_moved_not_gone_and_added():
    (one,) = difference(
        ledger(), with_lines(*LINES[:5], LINES[5]._replace(function="2010302", departmental="30202"))
    ).lines
    assert (one.kind, one.difference) == ("moved", 0)
    assert (
        one.message.zh
        == f"{HOTLINE}（107001）400,000.00 元调整科目：功能分类由 2010399 改为 2010302，部门经济分类由 30201 改为 30202。"
    )
    assert "function from 2010399 to 2010302" in one.message.en


@pytest.mark.parametrize("field", ["unit", "nature", "project", "fund", "amount"])
def test_line_that_differs_in_more_than_codes_is_not_moved(field):
    other = {"unit": "107002", "nature": "basic", "project": "别的", "fund": "other", "amount": 1}[field]
    made = with_lines(*LINES[:5], LINES[5]._replace(function="2010302", **{field: other}))
    assert [one.kind for one in difference(ledger(), made).lines] == ["added", "gone"]


def test_of_several_like_lines_those_that_differ_in_one_code_are_matched_first():
    old = [m.Line("1", f"20103{n:02d}", "50201", f"302{n:02d}", "project", "甲", "general", 5, n) for n in (1, 2)]
    new = [
        old[1]._replace(departmental="30207", row=2),
        old[0]._replace(government="50205", function="2010306", departmental="30226", row=3),
    ]
    found = difference(with_lines(*old), with_lines(*new)).lines
    assert [(one.kind, one.old.function, one.new.function) for one in found] == [
        ("moved", "2010302", "2010302"), ("moved", "2010301", "2010306"),
    ]  # fmt: skip


def test_project_whose_name_differs_in_the_year_only_is_the_same_project():
    old = with_lines(
        *(line._replace(project="2021年度质量监测") if line.project == HOTLINE else line for line in LINES)
    )
    new = with_lines(
        *(line._replace(project="2022年度质量监测", amount=1) if line.project == HOTLINE else line for line in LINES)
    )
    assert [one.kind for one in difference(old, new).lines] == ["changed"]


def test_totals_are_by_function_classes_source_unit_and_nature():
    found = difference(ledger(), with_lines(*LINES[:2], *LINES[3:]))
    groups = {
        group.key: {row.code or row.name.zh: (row.last, row.this) for row in group.rows} for group in found.totals
    }
    assert set(groups) == {"function", "government", "departmental", "fund", "unit", "nature"}
    assert groups["function"]["201"] == (2_600_000_50, 2_355_000_00)
    assert groups["function"]["2010350"] == (245_000_50, 0)
    assert groups["government"]["505"] == (245_000_50, 0)
    assert groups["departmental"]["30101"] == (1_245_000_50, 1_000_000_00)
    assert groups["fund"]["一般公共预算拨款"] == (2_550_000_50, 2_305_000_00)
    assert groups["unit"] == {"107001": (2_355_000_00, 2_355_000_00), "107002": (245_000_50, 0)}
    assert groups["nature"]["基本支出"] == (1_250_000_50, 1_005_000_00)


def test_cells_of_forms_are_told_old_and_new():
    new = ledger(indicators=(ledger().indicators[0]._replace(value="130人"), ledger().indicators[1]))
    (one,) = difference(ledger(), new).rows
    assert (one.kind, one.sheet.key, one.old_row, one.new_row) == ("changed", "indicators", 2, 2)
    assert [(cell.column.key, cell.old, cell.new) for cell in one.cells] == [("value", "123人", "130人")]
    assert one.message.zh == f"“绩效指标”表 “{HALL}”·“年度”·“数量指标”·“上岗人数”：指标值由“123人”改为“130人”。"
    assert "“annual” · “quantity”" in one.message.en


def test_rows_that_came_and_went_have_all_their_cells():
    new = ledger(reasons=(m.Reason("project", "压减"),))
    added, gone = difference(ledger(), new).rows
    assert (added.kind, [cell.shown[1].zh for cell in added.cells]) == ("added", ["项目支出", "压减"])
    assert (gone.kind, [cell.shown[0].en for cell in gone.cells]) == ("gone", ["basic expenditure", "人员增加"])


def test_texts_are_told_by_sentence():
    old = ledger(projects=(m.Project(HALL, True, overview="一句。二句。三句。"), ledger().projects[1]))
    new = ledger(projects=(m.Project(HALL, True, overview="一句。改了。三句。四句"), ledger().projects[1]))
    (one,) = difference(old, new).rows
    assert [(part.kind, part.text) for part in one.cells[0].sentences] == [
        ("same", "一句。"), ("gone", "二句。"), ("added", "改了。"), ("same", "三句。"), ("added", "四句"),
    ]  # fmt: skip


def test_duties_are_told_apart_by_their_text():
    found = difference(ledger(), ledger(duties=(m.Duty("新的职责。"), *ledger().duties))).rows
    assert [(one.kind, one.new_row) for one in found] == [("added", 2)]


def test_duty_that_was_reworded_is_one_that_changed():
    duties = (m.Duty("负责区级政务服务和大厅管理。"), m.Duty("负责热线。"))
    new = (m.Duty("负责热线。"), m.Duty("全新的一条。"), m.Duty("负责区级政务服务、网站和大厅管理。"))
    changed, added = sorted(difference(ledger(duties=duties), ledger(duties=new)).rows, key=lambda one: one.kind != "changed")  # fmt: skip
    assert [(cell.old, cell.new) for cell in changed.cells] == [(duties[0].text, new[2].text)]
    assert (added.kind, added.content[0].new) == ("added", "全新的一条。")


def test_long_duties_without_end_are_told_apart_without_a_long_search():
    old, new = (tuple(m.Duty(f"{side}{n}" * 200) for n in range(60)) for side in ("甲", "乙"))
    begun = time.process_time()
    rows = difference(ledger(duties=old), ledger(duties=new)).rows
    assert time.process_time() - begun < 20
    assert len(rows) == 120


def test_content_of_a_row_is_what_its_name_does_not_say():
    new = ledger(reasons=(m.Reason("project", "压减"),), duties=(*ledger().duties, m.Duty("新的职责。")))
    duty, added, _ = difference(ledger(), new).rows
    assert [(cell.column.key, cell.new) for cell in added.content] == [("text", "压减")]
    assert added.message.zh == "“变动原因”表 “项目支出”：新增，主要原因“压减”。"
    assert added.message.en.endswith(": added, reason “压减”")
    assert (duty.name.zh, [cell.new for cell in duty.content]) == ("", ["新的职责。"])


def test_long_values_are_told_in_full():
    long = "很长的一句话" * 30
    new = ledger(projects=(ledger().projects[0]._replace(division=long), ledger().projects[1]))
    (one,) = difference(ledger(), new).rows
    assert long in one.message.zh
    assert long in one.message.en


@pytest.mark.parametrize(("old", "new", "told"), [(None, 5, 0), (5, None, 0), (5, 5, 0), (5, 6, 1), (None, None, 0)])
def test_control_figure_differs_only_where_both_have_one(old, new, told):
    before, after = (ledger(budget=ledger().budget._replace(control=one)) for one in (old, new))
    assert len(difference(before, after).rows) == told


def test_source_of_a_line_is_told():
    found = difference(ledger(), with_lines(LINES[0]._replace(fund="carryover.general"), *LINES[1:])).lines
    assert [one.fund.zh for one in found] == ["上年结转（一般公共预算）", "一般公共预算拨款"]


def test_cell_that_was_emptied_is_called_empty():
    (one,) = difference(
        ledger(), ledger(projects=(ledger().projects[0]._replace(division=""), ledger().projects[1]))
    ).rows
    assert "负责处室由“业务科”改为空" in one.message.zh
    assert "division from “业务科” to nothing" in one.message.en


@QUIET
@given(st.text("一二。；\n”）", max_size=30), st.text("一二。；\n”）", max_size=30))
def test_sentences_put_together_are_the_two_texts(old, new):
    parts = sentences(old, new)
    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "gone") == new


@QUIET
@given(ledgers("beijing-xicheng-budget"), ledgers("beijing-xicheng-budget"))
def test_lines_account_for_the_whole_difference(old, new):
    found = difference(old, new)
    total = Amounts(new).spent() - Amounts(old).spent()
    assert sum(one.difference for one in found.lines) == found.total.difference == total
    counts = [one.kind for one in found.lines]
    assert found.unchanged + counts.count("changed") + counts.count("moved") + counts.count("gone") == len(old.lines)
    assert found.unchanged + counts.count("changed") + counts.count("moved") + counts.count("added") == len(new.lines)
    for group in found.totals:
        top = [row for row in group.rows if row.level == 0]
        assert (sum(row.last or 0 for row in top), sum(row.this or 0 for row in top)) == (
            found.total.last,
            found.total.this,
        )


@QUIET
@given(ledgers("beijing-xicheng-budget"), st.randoms(use_true_random=False))
def test_order_of_lines_does_not_matter(old, shuffled):
    lines = list(old.lines)
    shuffled.shuffle(lines)
    assert difference(old, old._replace(lines=tuple(lines))).lines == ()


def test_ten_thousand_lines_are_compared_in_seconds():
    drawn = random.Random(7)
    lines = [
        m.Line(f"1{n % 50:05d}", drawn.choice(("2010301", "2010399", "2010350")), "50205", drawn.choice(("30227", "30226")), "project", f"项目{n}", "general", drawn.randrange(10**6))
        for n in range(10_000)
    ]  # fmt: skip
    made = numbered(ledger(lines=tuple(lines)))
    for n in range(0, 10_000, 3):
        lines[n] = lines[n]._replace(function="2010302") if n % 2 else lines[n]._replace(amount=lines[n].amount + 1)
    other = numbered(ledger(lines=tuple(lines[:9_000])))
    begun = time.process_time()
    found = difference(made, other)
    assert time.process_time() - begun < 10  # a tenth of a second; the machine may be slow
    assert {one.kind for one in found.lines} == {"moved", "changed", "gone"}
