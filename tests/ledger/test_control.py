"""Control figures: by staff standards and by a list of projects, held against the lines to the 分."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.samples import HALL, HOTLINE, ledger
from tests.publishing.ledgers import ledgers
from zhengwu.ledger import model as m
from zhengwu.ledger.control import Figure, Standard, by_standards, check_control
from zhengwu.model.message import Message

QUIET = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MEAL, HEATING = Message("公用定额", "public standard"), Message("取暖", "heating")


def rows(found):
    return {(row.unit, row.nature, row.project): (row.control, row.used, row.remaining, row.over) for row in found.rows}


def test_figures_by_standards_are_number_times_standard_for_the_kind_of_unit():
    units = (m.Unit("1", "局", "agency", staff=28, retired=3), m.Unit("2", "中心", "institution", staff=5))
    figures, notes = by_standards(
        units,
        [Standard(MEAL, "public", "staff", 12_345_67), Standard(HEATING, "personnel", "retired", 100_01, "agency")],
    )
    assert [(one.unit, one.nature, one.amount) for one in figures] == [
        ("1", "public", 28 * 12_345_67), ("1", "personnel", 3 * 100_01), ("2", "public", 5 * 12_345_67),
    ]  # fmt: skip
    assert figures[0].basis.zh == "公用定额：实有人数 28 × 12,345.67 元"
    assert notes == ()


def test_number_that_a_unit_does_not_state_counts_as_nothing_and_is_said():
    figures, (note,) = by_standards(ledger().units[1:], [Standard(MEAL, "public", "staff", 5)])
    assert figures[0].amount == 0
    assert (note.sheet, note.row, note.column) == ("units", 3, "staff")


def test_standard_of_a_number_that_units_do_not_have_is_an_error():
    with pytest.raises(ValueError, match="no such number of units: cars"):
        by_standards((), [Standard(MEAL, "public", "cars", 5)])


def test_ledger_is_held_against_each_nature_and_each_listed_project():
    found = check_control(
        ledger(),
        [
            Figure("107001", "personnel", 1_000_000_00), Figure("107001", "public", 4_999_99),
            Figure("107001", "project", 950_000_00, HALL), Figure("107001", "project", 1, "没有列支的项目"),
        ],
    )  # fmt: skip
    assert rows(found) == {
        ("107001", "basic", ""): (1_004_999_99, 1_005_000_00, -1, 1),
        ("107001", "personnel", ""): (1_000_000_00, 1_000_000_00, 0, 0),
        ("107001", "public", ""): (4_999_99, 5_000_00, -1, 1),
        ("107001", "project", ""): (950_000_01, 1_350_000_00, -399_999_99, 399_999_99),
        ("107001", "project", HALL): (950_000_00, 950_000_00, 0, 0),
        ("107001", "project", "没有列支的项目"): (1, 0, 1, 0),
        ("107001", "project", HOTLINE): (0, 400_000_00, -400_000_00, 400_000_00),  # in no list
        ("107002", "basic", ""): (None, 245_000_50, None, 0),
        ("107002", "personnel", ""): (None, 245_000_50, None, 0),
    }
    assert {row.rows for row in found.rows if row.project == HALL} == {(5, 6)}
    assert len(found.over) == 4
    public = next(row for row in found.rows if row.nature == "public")
    assert (
        public.message.zh
        == "107001 公用经费：控制数 4,999.99 元，已列 5,000.00 元，超出 0.01 元；请压减支出或核对控制数。"
    )
    assert "0.01 over" in public.message.en


def test_amount_beside_the_list_is_for_projects_that_it_does_not_name():
    found = check_control(
        ledger(), [Figure("107001", "project", 950_000_00, HALL), Figure("107001", "project", 400_000_00)]
    )
    assert rows(found)["107001", "project", ""] == (1_350_000_00, 1_350_000_00, 0, 0)
    assert rows(found)["107001", "project", HOTLINE] == (None, 400_000_00, None, 0)


def test_figures_of_one_subject_add_up_and_a_unit_without_lines_has_all_left():
    found = check_control(ledger(), [Figure("9", "basic", 1), Figure("9", "basic", 2)])
    assert rows(found)["9", "basic", ""] == (3, 0, 3, 0)


def test_total_is_of_natures_that_do_not_overlap_and_known_only_whole():
    figures = [Figure("107001", "basic", 10), Figure("107001", "project", 20), Figure("107002", "basic", 5)]
    found = check_control(ledger(), figures)
    assert found.total()[3:5] == (35, 2_600_000_50)
    assert found.total("107002")[3:5] == (5, 245_000_50)
    assert check_control(ledger(), figures[1:]).total().control is None


@QUIET
@given(ledgers("beijing-xicheng-budget"), st.integers(-5, 5))
def test_figure_equal_to_what_is_used_is_kept_and_one_fen_less_is_not(made, step):
    used = {}
    for line in made.lines:
        used[line.unit, line.nature] = used.get((line.unit, line.nature), 0) + line.amount
    figures = [Figure(unit, nature, amount + step) for (unit, nature), amount in used.items()]
    found = check_control(made, figures)
    plain = [row for row in found.rows if row.control is not None]
    assert {row.remaining for row in plain} == {step}
    assert {row.over for row in plain} == {max(0, -step)}
    assert found.total().used == sum(line.amount for line in made.lines)
