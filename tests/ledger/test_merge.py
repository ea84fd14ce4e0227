"""A unit merged into another: money and posts stay whole, what no longer fits is said."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ledger.samples import ledger
from tests.publishing.ledgers import ledgers
from zhengwu.ledger import model as m
from zhengwu.ledger.check import problems
from zhengwu.ledger.merge import merge_units
from zhengwu.model.message import RefusedError

QUIET = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def kinds(made):
    return [note.kind for note in made.notes]


def test_unit_goes_with_its_lines_and_posts():
    units = (
        m.Unit("107001", "局本级", "agency", 30, staff=28),
        m.Unit("107002", "服务中心", "agency", 5, 7, retired=2),
    )
    made = merge_units(ledger(units=units), "107002", "107001")
    assert made.ledger.units == (m.Unit("107001", "局本级", "agency", 35, 7, None, 28, None, 2, None, 2),)
    assert {line.unit for line in made.ledger.lines} == {"107001"}
    assert "划转支出明细 1 行、245,000.50 元" in made.notes[0].message.zh


def test_code_that_does_not_fit_the_taking_unit_becomes_the_one_that_does():
    made = merge_units(ledger(), "107002", "107001")
    (note,) = [note for note in made.notes if note.kind == "pair_changed"]
    assert (note.sheet, note.row, note.column, note.found) == ("lines", 7, "government", "50501")
    assert [one.value for one in note.options] == ["50101"]
    assert "50501 与 30101 不对应，已改为 50101" in note.message.zh
    assert problems(made.ledger) == []
    assert sum(line.amount for line in made.ledger.lines) == sum(line.amount for line in ledger().lines)


def test_code_for_which_several_would_do_is_left_with_choices():
    base = ledger()
    line = base.lines[2]._replace(departmental="31201", government="50201")
    made = merge_units(ledger(lines=(*base.lines[:2], line, *base.lines[3:])), "107002", "107001")
    (note,) = [note for note in made.notes if note.kind == "pair_broken"]
    assert (note.row, note.found, [one.value for one in note.options]) == (7, "50201", ["50801", "50803"])
    assert [(one.row, one.column) for one in problems(made.ledger)] == [(7, "政府经济分类")]


def test_lines_that_become_one_are_added_up():
    base = ledger()
    twin = base.lines[0]._replace(unit="107002", amount=5)
    made = merge_units(ledger(lines=(*base.lines, twin)), "107002", "107001")
    assert made.ledger.lines[0].amount == base.lines[0].amount + 5
    (note,) = [note for note in made.notes if note.kind == "lines_merged"]
    assert (note.rows, note.old_rows) == ((2,), (2, 8))


def test_texts_that_name_the_former_unit_and_money_between_the_two_are_said():
    base = ledger()
    remit = m.Line("107002", "2010350", "50502", "30299", "remit", "上缴", "other", 0)
    made = merge_units(ledger(duties=(m.Duty("指导服务中心。"),), lines=(*base.lines, remit)), "107002", "107001")
    assert {"old_name", "transfer_within"} <= set(kinds(made))
    (note,) = [note for note in made.notes if note.kind == "old_name"]
    assert (note.sheet, note.row, note.found) == ("duties", 2, "服务中心")


@pytest.mark.parametrize(("codes", "refused"), [(("1", "107001"), "unknown-unit"), (("107001", "1"), "unknown-unit"), (("107001", "107001"), "same-unit")])  # fmt: skip
def test_units_that_cannot_be_merged_are_refused(codes, refused):
    with pytest.raises(RefusedError) as caught:
        merge_units(ledger(), *codes)
    assert caught.value.code == refused


@QUIET
@given(ledgers("beijing-xicheng-budget"))
def test_merging_keeps_every_sum_but_by_unit_and_what_follows_from_its_kind(old):
    if len(old.units) < 2:
        return
    made = merge_units(old, old.units[0].code, old.units[-1].code).ledger
    for key in ("function", "departmental", "nature", "project", "fund"):
        sums: list[dict[str, int]] = [{}, {}]
        for found, one in zip(sums, (old, made), strict=True):
            for line in one.lines:
                found[getattr(line, key)] = found.get(getattr(line, key), 0) + line.amount
        assert sums[0] == sums[1]
    assert old.units[0].code not in {line.unit for line in made.lines}
