"""Edits of rows: what is taken, what is told, nothing lost, nothing twice."""

import pytest
from django.utils import timezone

from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import books, years
from zhengwu.web.budgets.models import Row
from zhengwu.web.budgets.rows import MOST_CHANGES, Change, Saved, rows_save
from zhengwu.web.common.models import AuditEvent

LINE = {
    "function": "2010301", "government": "50101", "departmental": "30101", "nature": "基本支出", "project": "",
    "fund": "一般公共预算拨款", "amount": "1,234.50",
}  # fmt: skip


@pytest.fixture
def save(desk):
    desk.opened()

    def inner(*changes: Change, who: str = "officer", sheet: str = "lines") -> Saved:
        actor = desk.people[who]
        return rows_save(actor=actor, budget=desk.budget(), sheet_key=sheet, changes=changes, now=timezone.now())

    return inner


def test_new_row_is_typed_as_a_workbook_would_be_and_told_in_the_trail(save, desk):
    saved = save(Change("a", None, LINE))
    row = Row.objects.get(sheet="lines")
    assert saved.outcomes[0].taken
    assert (row.amount, row.values["nature"], row.values["unit"]) == (123_450, "basic", desk.unit.code)
    assert books.Look(desk.budget()).sums.total == 123_450
    event = AuditEvent.objects.get(action="budget.edit")
    assert event.data["changes"][0]["row"] == row.pk
    assert event.data["changes"][0]["after"]["amount"] == 123_450


def test_row_sent_twice_is_made_once(save):
    first = save(Change("same-name", None, LINE))
    again = save(Change("same-name", None, LINE))
    assert first.outcomes[0].row == again.outcomes[0].row
    assert Row.objects.filter(sheet="lines").count() == 1
    assert AuditEvent.objects.filter(action="budget.edit").count() == 1


def test_cell_that_cannot_be_read_leaves_its_row_and_the_others_are_taken(save):
    saved = save(Change("a", None, {**LINE, "amount": "一千"}), Change("b", None, {**LINE, "departmental": "30102"}))
    bad, good = saved.outcomes
    assert not bad.taken
    assert "金额" in bad.wrong["amount"].zh
    assert good.taken
    assert Row.objects.filter(sheet="lines").count() == 1


def test_row_that_was_not_taken_keeps_its_place_until_it_is_mended(save, desk):
    save(Change("before", None, LINE))
    amounts = ["1", "二", "3", "四"]
    pasted = save(*(Change(f"p{n}", None, {**LINE, "amount": one}) for n, one in enumerate(amounts)))
    places = {one.name: one.place for one in pasted.outcomes if not one.taken}
    assert list(places) == ["p1", "p3"]
    save(Change("p3", None, {**LINE, "amount": "4"}, place=places["p3"]))
    save(Change("after", None, LINE), Change("p1", None, {**LINE, "amount": "2"}, place=places["p1"]))
    names = list(Row.objects.filter(sheet="lines").values_list("name", flat=True))
    assert names == ["before", "p0", "p1", "p2", "p3", "after"]
    far = save(Change("far", None, LINE, place=2**31 - 1)).outcomes[0].row
    assert far.position < MOST_CHANGES + 20


def test_second_of_two_at_one_cell_is_told_both_values_and_nothing_is_lost(save):
    row = save(Change("a", None, LINE)).outcomes[0].row
    save(Change("", row.pk, {"amount": "2"}, {"amount": "1234.50"}))
    told = save(Change("", row.pk, {"amount": "3"}, {"amount": "1234.50"}), who="second").outcomes[0]
    assert not told.taken
    assert told.theirs == {"amount": 200}
    row.refresh_from_db()
    assert row.amount == 200
    assert save(Change("", row.pk, {"amount": "3"}, {"amount": "2"}), who="second").outcomes[0].taken


def test_two_at_different_cells_of_a_line_are_both_taken_and_the_second_is_told(save):
    row = save(Change("a", None, LINE)).outcomes[0].row
    save(Change("", row.pk, {"amount": "2"}, LINE))
    told = save(Change("", row.pk, {"departmental": "30102"}, LINE), who="second").outcomes[0]
    assert told.taken
    assert told.touched == ("amount",)
    row.refresh_from_db()
    assert (row.amount, row.values["departmental"]) == (200, "30102")


def test_row_taken_out_comes_back_with_its_history(save, desk):
    row = save(Change("a", None, LINE)).outcomes[0].row
    assert save(Change("", row.pk, {}, LINE, gone=True)).outcomes[0].taken
    assert books.Look(desk.budget()).sums.total == 0
    assert save(Change("", row.pk, {"amount": "5"}, LINE), who="second").outcomes[0].theirs == {"": "gone"}
    assert save(Change("", row.pk, gone=False)).outcomes[0].taken
    assert books.Look(desk.budget()).sums.total == 123_450


def test_row_that_another_changed_is_not_taken_out_unseen(save):
    row = save(Change("a", None, LINE)).outcomes[0].row
    save(Change("", row.pk, {"amount": "2"}, LINE))
    assert save(Change("", row.pk, {}, LINE, gone=True), who="second").outcomes[0].theirs == {"amount": 200}


def test_own_unit_keeps_its_code(save, desk):
    row = Row.objects.get(sheet="units", budget=desk.budget())
    assert save(Change("", row.pk, {"code": "1"}), sheet="units").outcomes[0].wrong["code"].zh
    assert save(Change("", row.pk, gone=True), sheet="units").outcomes[0].wrong
    assert save(Change("", row.pk, {"staff": "47"}), sheet="units").outcomes[0].taken


@pytest.mark.parametrize("who", ["head", "reviewer", "auditor", "administrator", "stranger", "other_head"])
def test_others_do_not_edit(save, who):
    with pytest.raises(RefusedError) as info:
        save(Change("a", None, LINE), who=who)
    assert info.value.code == "not-allowed"


def test_sheets_of_the_library_and_too_much_at_once_are_refused(save):
    with pytest.raises(RefusedError):
        save(Change("a", None, {"name": "x"}), sheet="projects")
    with pytest.raises(RefusedError):
        save(*[Change(str(number), None, LINE) for number in range(MOST_CHANGES + 1)])


def test_row_of_another_budget_is_not_reached(save, desk):
    other = Row.objects.get(sheet="units", budget__unit=desk.foreign)
    assert save(Change("", other.pk, {"staff": "1"}), sheet="units").outcomes[0].wrong


def test_live_check_names_the_cell(save, desk):
    row = save(Change("a", None, {**LINE, "function": "9999999"})).outcomes[0].row
    faults = books.checked(desk.budget()).faults
    assert any((one.sheet, one.row, one.column) == ("lines", row.pk, "function") for one in faults)
    save(Change("", row.pk, {"function": "2010301"}, {"function": "9999999"}))
    assert not any(one.column == "function" for one in books.checked(desk.budget()).faults)


def test_exported_workbook_taken_in_changes_nothing(save, desk):
    from zhengwu.ledger.store import ledger_from
    from zhengwu.ledger.template import workbook_of

    desk.earlier()
    years.copy_forward(actor=desk.officer, budget=desk.budget(), now=timezone.now())
    before = books.plain_of(desk.budget())
    data = workbook_of(ledger_from(before[0], gaps=True), "zh")
    years.ledger_take(actor=desk.officer, budget=desk.budget(), data=data, name="a.xlsx", now=timezone.now())
    assert books.plain_of(desk.budget()) == before


def test_two_new_rows_of_one_name_are_refused(save):
    with pytest.raises(RefusedError) as info:
        save(Change("a", None, LINE), Change("a", None, {**LINE, "departmental": "30102"}))
    assert info.value.code == "invalid"
    with pytest.raises(RefusedError):
        save(Change("a" * 41, None, LINE))


def test_text_loses_what_no_database_holds(save):
    saved = save(Change("a", None, {**LINE, "nature": "project", "project": "项目\x00甲"}))
    assert saved.outcomes[0].row.values["project"] == "项目甲"
