"""The history tells what was changed: each cell, each row that came or went with what it held, figures, projects."""

import pytest
from django.utils import timezone

from tests.web.budgets.conftest import SMALL, small
from tests.web.budgets.test_cycle import copied, figures, line_of, submitted
from tests.web.budgets.test_pages import client_of  # noqa: F401 - a fixture
from tests.web.budgets.test_units import merged, two  # noqa: F401 - a fixture
from zhengwu.ledger.store import ledger_from
from zhengwu.ledger.template import workbook_of
from zhengwu.web.budgets import books, histories, library_entry, library_history, moves, row_trail, years
from zhengwu.web.budgets.models import Row
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import verify


def ledger(desk):
    return ledger_from(books.plain_of(desk.budget())[0], gaps=True)


def take(desk, made, name="a.xlsx"):
    years.ledger_take(
        actor=desk.officer, budget=desk.budget(), data=workbook_of(made, "zh"), name=name, now=timezone.now()
    )


def save(desk, change, key="lines"):
    made = rows_save(actor=desk.officer, budget=desk.budget(), sheet_key=key, changes=[change], now=timezone.now())
    assert all(one.taken for one in made.outcomes), made


def told(desk, action="", **place):
    found = histories.told(desk.budget(), histories.events(desk.budget(), desk.reviewer), **place)
    return [one for one in found if one.event.action == action or not action]


@pytest.fixture
def imported(desk):
    """A workbook taken in over a budget: a line has 3.30 yuan more, a unit another code, a line and a duty are new, a
    line is gone."""
    desk.opened()
    small(desk, desk.budget(), desk.officer)
    save(desk, Change("u", None, {"code": "299009", "name": "下属中心", "kind": "institution"}), "units")
    save(desk, Change("n", None, {"function": "2010302", "government": "50201", "departmental": "30201", "nature": "project", "project": "走的", "fund": "general", "amount": "1658.88"}))  # fmt: skip
    made = ledger(desk)
    lines = [made.lines[0]._replace(amount=made.lines[0].amount + 330), made.lines[1]]
    lines.append(lines[1]._replace(function="2010303", amount=77_00))
    units = (made.units[0], made.units[1]._replace(code="299010"))
    take(desk, made._replace(lines=tuple(lines), units=units, duties=(*made.duties, made.duties[0]._replace(text="新的职责。"))))  # fmt: skip
    return desk


def test_import_tells_each_cell_and_each_row_that_came_or_went(imported):
    by_sheet = {one.key: one for one in told(imported, "budget.import")}
    assert set(by_sheet) == {"units", "duties", "lines"}
    assert [(one.before.zh, one.after.zh) for one in by_sheet["units"].cells] == [("299009", "299010")]
    changed, added, gone = by_sheet["lines"].rows
    assert [(one.kind, one.number) for one in (changed, added, gone)] == [("changed", 2), ("added", 4), ("gone", 0)]
    assert [(one.column.zh, one.before.zh, one.after.zh) for one in changed.cells] == [("金额", "600.00", "603.30")]
    assert changed.name.zh.startswith(f"{imported.unit.code} · 2010301 · 50101 · 30101")
    assert ("金额", "77.00") in [(one.column.zh, one.after.zh) for one in added.cells]
    held = {title.zh: value.zh for title, value in gone.held}
    assert (held["功能分类"], held["项目名称"], held["金额"]) == ("2010302", "走的", "1,658.88")
    assert [one.after.zh for one in by_sheet["duties"].cells] == ["新的职责。"]
    assert "文件“a.xlsx”" in [one.zh for one in by_sheet["units"].said]
    assert verify()[1] == ""


def test_row_that_an_import_changed_has_it_in_its_own_history(imported):
    row = Row.objects.get(budget=imported.budget(), sheet="lines", gone=False, values__departmental="30101")
    newest, first = told(imported, row=row.pk, column="amount")
    assert (newest.event.action, newest.cells[0].after.zh) == ("budget.import", "603.30")
    assert (first.event.action, first.rows[0].kind) == ("budget.edit", "added")


def test_row_of_another_project_is_another_row_and_a_mended_code_is_a_cell(desk):
    copied(desk)
    made = ledger(desk)
    first, second = [one for one in made.lines if one.nature == "project"][:2]
    other = {first: first._replace(project=f"{first.project}二期"), second: second._replace(function="2010350")}
    take(desk, made._replace(lines=tuple(other.get(one, one) for one in made.lines)))
    (lines,) = [one for one in told(desk, "budget.import") if one.key == "lines"]
    kinds = {row.kind: row for row in lines.rows}
    assert set(kinds) == {"added", "changed", "gone"}
    assert [(one.column.zh, one.after.zh) for one in kinds["changed"].cells] == [("功能分类", "2010350")]
    assert first.project in [value.zh for _, value in kinds["gone"].held]


def test_import_that_changes_nothing_says_so(desk):
    copied(desk)
    take(desk, ledger(desk))
    (one,) = told(desk, "budget.import")
    assert "各行没有变化" in [each.zh for each in one.said]
    assert not one.rows


def test_large_import_is_told_whole_in_events_of_bounded_size(desk, client_of, django_assert_max_num_queries):  # noqa: F811
    desk.opened()
    small(desk, desk.budget(), desk.officer)
    made = ledger(desk)
    line = made.lines[0]
    more = [line._replace(nature="project", project=f"项目{number}", amount=number + 1) for number in range(1_200)]
    take(desk, made._replace(lines=(*made.lines, *more)))
    found = list(AuditEvent.objects.filter(action="budget.import").order_by("sequence"))
    sizes = [sum(len(each["changes"]) for each in one.data["sheets"]) for one in found]
    assert sum(sizes) == 1_200
    assert max(sizes) <= row_trail.MOST_ROWS
    assert [one.data["part"] for one in found] == [[number, len(found)] for number in range(1, len(found) + 1)]
    assert verify()[1] == ""
    address = f"/budget/{desk.budget().pk}/history/"
    page = client_of(desk.officer).get(address).content.decode()
    assert "第 2 部分，共 3 部分" in page
    assert f"?event={found[1].sequence}&amp;sheet=lines" in page
    with django_assert_max_num_queries(30):
        whole = client_of(desk.officer).get(f"{address}?event={found[1].sequence}&sheet=lines").content.decode()
    assert all(f"项目{number}<" in whole for number in (500, 700, 999))
    assert "另有" not in whole


def test_parts_of_a_large_change_are_bounded_by_their_text_as_well():
    changes = [{"row": number, "after": {"text": "字" * 90_000}} for number in range(5)]
    parts = list(row_trail._parts([{"sheet": "duties", "changes": changes}]))
    assert [len(part[0]["changes"]) for part in parts] == [2, 2, 1]


def test_line_that_was_removed_is_told_with_its_codes_project_and_amount(desk, client_of):  # noqa: F811
    copied(desk)
    row = line_of(desk.budget())
    save(desk, Change("", row.pk, gone=True))
    event = AuditEvent.objects.filter(action="budget.edit").latest("sequence")
    assert event.data["changes"] == [{"row": row.pk, "before": row.values, "after": {}, "gone": True}]
    text = client_of(desk.officer).get(f"/budget/{desk.budget().pk}/history/").content.decode()
    assert "删除 1 行" in text
    for value in (row.values["function"], row.values["departmental"], row.values["project"], f"{row.amount / 100:,.2f}"):  # fmt: skip
        assert f"<del>{value}</del>" in text
    save(desk, Change("", row.pk, gone=False))
    (back,) = told(desk)[0].rows
    assert (back.kind, back.number > 0) == ("back", True)
    assert row.values["project"] in [value.zh for _, value in back.held]


def test_removal_of_earlier_days_is_told_from_the_row_that_is_kept(desk):
    copied(desk)
    row = line_of(desk.budget())
    Row.objects.filter(pk=row.pk).update(gone=True)
    change = {"row": row.pk, "before": {}, "after": {}, "gone": True}
    event = AuditEvent(sequence=1, action="budget.edit", data={"sheet": "lines", "revision": 9, "changes": [change]})
    (one,) = histories.told(desk.budget(), [event])
    assert f"{row.amount / 100:,.2f}" in [value.zh for _, value in one.rows[0].held]


def test_new_line_is_told_with_the_unit_that_it_was_given(desk):
    desk.opened()
    save(desk, Change("n", None, SMALL["lines"][0]))
    (row,) = told(desk)[0].rows
    assert ("单位代码", desk.unit.code) in [(one.column.zh, one.after.zh) for one in row.cells]


def test_project_that_leaves_or_enters_is_told_by_name_amount_and_rows(desk):
    copied(desk)
    project = desk.unit.projects.get(name="运维服务")
    Row.objects.filter(budget=desk.budget(), sheet="lines", values__project=project.name).update(gone=True)
    library_entry.project_leave(actor=desk.officer, budget=desk.budget(), name=project.name, now=timezone.now())
    left = told(desk, "budget.project-leave")
    assert left[0].said[0].zh == "“运维服务”，年度金额 1,771,600.00 元"
    goal = project.years.get(year=2022).goal
    assert goal in [value.zh for one in left for row in one.rows for _, value in row.held]
    library_entry.project_enter(actor=desk.officer, budget=desk.budget(), project=project, now=timezone.now())
    entered = told(desk, "budget.project-enter")
    assert entered[0].said[0].en == "“运维服务”, 1,771,600.00 yuan wanted of the year"
    assert {one.key for one in entered} >= {"projects", "targets", "indicators"}
    assert [one for one in entered if one.said] == entered[:1]
    assert "年度金额：1,771,600.00 元" in [one.zh for one in library_history.history(project)[0].changes]


def test_control_figures_are_told_before_and_after(desk):
    submitted(desk)
    figures(desk)
    figures(desk, basic=1_00)
    newest, first = told(desk, "budget.figures")
    assert [one.zh for one in newest.said] == ["基本支出：15,470,540.24 → 1.00"]
    assert "项目“运维服务”：（无） → 1,771,600.00" in [one.zh for one in first.said]
    desk.move("reviewer", "give-figures")
    (given,) = told(desk, "budget.give-figures")
    assert given.said[0].en == "basic expenditure: 1.00 yuan"


def test_remarks_days_and_versions_are_told(desk):
    copied(desk)
    moves.remark_add(actor=desk.officer, budget=desk.budget(), said=moves.Said("请核对。"), now=timezone.now())
    years.asset_date_set(actor=desk.officer, budget=desk.budget(), date="2021年11月30日")
    desk.move("officer", "hand-in")
    desk.move("head", "submit")
    said = {one.event.action: [each.zh for each in one.said] for one in told(desk)}
    assert said["budget.remark"] == ["请核对。"]
    assert said["budget.asset-date"][0].endswith(" → 2021年11月30日")
    assert said["budget.submit"] == ["版本 1"]


def test_long_texts_of_a_project_are_not_cut_in_its_history():
    old, new = "目标" * 60, "目标" * 60 + "改"
    event = AuditEvent(action="project.year", data={"year": 2022, "goal": [old, new]})
    (one,) = library_history.told([event])
    assert one.changes[1].zh == f"年度目标：{old} → {new}"


def test_merger_tells_the_rows_that_it_changed(desk, two):  # noqa: F811
    into, gone = two
    merged(desk, gone, into)
    found = histories.told(into, histories.events(into, desk.reviewer))
    lines = next(one for one in found if one.event.action == "budget.merge" and one.key == "lines")
    # Both had the same two lines: those of the unit that stays have the money of both.
    assert [(one.before.zh, one.after.zh) for one in lines.cells] == [("600.00", "1,200.00"), ("400.00", "800.00")]
    assert f"{gone.unit.code} 并入 {into.unit.code}" in " ".join(each.zh for one in found for each in one.said)
    assert verify()[1] == ""


def test_history_of_a_row_is_paged_by_what_touched_it(desk, client_of):  # noqa: F811
    desk.opened()
    small(desk, desk.budget(), desk.officer)
    first, second = (row for row in Row.objects.filter(budget=desk.budget(), sheet="lines").order_by("pk"))
    save(desk, Change("a", first.pk, {"amount": "601"}))
    for number in range(31):  # more events than a page has
        save(desk, Change("b", second.pk, {"amount": str(410 + number)}))
    page = client_of(desk.officer).get(f"/budget/{desk.budget().pk}/history/?sheet=lines&row={first.pk}")
    assert "601.00" in page.content.decode()
    answer = (
        client_of(desk.officer).get(f"/api/v1/budgets/{desk.budget().pk}/history?sheet=lines&row={first.pk}").json()
    )
    assert answer["total"] == len(answer["items"]) == 2  # it came, and it was changed
