"""A code that was split: told with its cell and a fault there until it is chosen, then told no more."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from tests.ledger.samples import ledger
from tests.web.budgets import test_cycle
from zhengwu.ledger.template import workbook_of
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import books, noted, years
from zhengwu.web.budgets.models import Budget, Project
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.common.models import AuditEvent, Role, Unit, User
from zhengwu.web.common.trail import verify


@pytest.fixture
def copied(desk):
    """A budget of 2024 whose first line of 2023 was spent on petitions, a code split in 2024."""
    base = ledger()
    lines = (base.lines[0]._replace(function="2010308"), *base.lines[1:])
    made = ledger(budget=base.budget._replace(year=2023, asset_date="2022年12月31日", control=None), lines=lines)
    unit = Unit.objects.create(code=made.budget.code, name=made.budget.name)
    desk.people["clerk"] = User.objects.create(username="clerk", role=Role.OFFICER, unit=unit)
    now = timezone.now()
    years.earlier_take(actor=desk.clerk, unit=unit, data=workbook_of(made, "zh"), name="2023.xlsx", now=now)
    year = years.year_open(
        actor=desk.reviewer, year=2024, dialect="beijing-xicheng-budget", first_due=date(2023, 9, 30), second_due=date(2023, 12, 10),
        publish_due=date(2024, 2, 20), units=[unit], now=now,
    )  # fmt: skip
    budget = Budget.objects.select_related("unit", "year").get(unit=unit, year=year)
    years.copy_forward(actor=desk.clerk, budget=budget, now=now)
    return Budget.objects.select_related("unit", "year").get(pk=budget.pk)


def test_split_code_waits_with_its_cell_until_one_is_chosen(desk, copied):
    row = copied.rows.get(sheet="lines", values__function="2010308")
    found = noted.told(copied)
    (one,) = [one for one in found.waiting if one.note["kind"] == "code_split"]
    assert one.address == f"/budget/{copied.pk}/ledger/?sheet=lines&row={row.pk}&column=function"
    assert "2014001" in one.note["zh"]
    (fault,) = [one for one in books.checked(copied).faults if "2010308" in one.sentence.zh]
    assert (fault.sheet, fault.row, fault.column) == ("lines", row.pk, "function")
    client = Client()
    client.force_login(desk.clerk)
    page = client.get(f"/budget/{copied.pk}/").content.decode()
    assert f"?sheet=lines&amp;row={row.pk}&amp;column=function" in page
    # Chosen: neither a fault nor a note any more; what only tells stays.
    chosen = [Change("", row.pk, {"function": "2014001"})]
    rows_save(actor=desk.clerk, budget=copied, sheet_key="lines", changes=chosen, now=timezone.now())
    again = Budget.objects.select_related("unit", "year").get(pk=copied.pk)
    assert "code_split" not in {one.note["kind"] for one in noted.told(again).waiting}
    assert not [one for one in books.checked(again).faults if "2010308" in one.sentence.zh]
    assert noted.told(again).known == found.known != []


def test_page_does_not_say_that_nothing_is_left_while_something_waits(desk):
    test_cycle.copied(desk)
    budget = desk.budget()
    assert not books.checked(budget).faults
    waiting = len(noted.told(budget).waiting)
    assert waiting
    client = Client()
    client.force_login(desk.officer)
    assert f"下面还有 {waiting} 项待决定" in client.get(f"/budget/{budget.pk}/").content.decode()


def named_2021(desk):
    """The note of a project whose name has last year's number: it stands in the budget, and keeps its name."""
    return next(
        one
        for one in noted.told(desk.budget()).waiting
        if (one.note["sheet"], one.note["column"]) == ("projects", "name")
    )


def test_year_that_nobody_decided_is_asked_for_again_a_year_later(desk):
    budget = test_cycle.approved(desk)
    kept, *left = [note for note in budget.notes if note["kind"] == "old_year"]
    kept["kept"] = {"by": "officer", "name": "officer", "at": "2022-01-01T00:00:00+08:00"}
    budget.save(update_fields=["notes"])
    desk.opened(2023)
    years.copy_forward(actor=desk.officer, budget=desk.budget(2023), now=timezone.now())

    def places(notes):
        return {(note["sheet"], note["column"], note["found"]) for note in notes}

    again = places(note for note in desk.budget(2023).notes if note["kind"] == "old_year")
    assert not places([kept]) & again
    assert places(left) & again
    assert all(one.address for one in noted.told(desk.budget(2023)).waiting)


def decide(desk, name, kept=True, who="officer"):
    return noted.note_decide(
        actor=desk.people[who], budget=desk.budget(), name=name, kept=kept, now=timezone.now()
    )  # fmt: skip


def test_note_of_a_sheet_that_the_grid_does_not_edit_leads_to_the_project(desk):
    test_cycle.copied(desk)
    one = named_2021(desk)
    project = Project.objects.get(unit=desk.unit, name=one.note["found"])
    assert one.address == f"/budget/projects/{project.pk}/?year=2022"
    assert one.note["sheet"] not in books.EDITED
    project.name = "改名"
    project.save()
    assert named_2021(desk).address == f"/budget/{desk.budget().pk}/projects/"


def test_what_stays_as_it_is_waits_no_more_and_is_told_as_kept_until_it_is_decided_again(desk):
    test_cycle.copied(desk)
    one, waiting = named_2021(desk), len(noted.told(desk.budget()).waiting)
    client = Client()
    client.force_login(desk.officer)
    address = f"/budget/{desk.budget().pk}/"
    assert "保持不变" in client.get(address).content.decode()
    answer = client.post(f"{address}notes/{one.name}/", {"kept": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{address}#notes")
    told = noted.told(desk.budget())
    assert len(told.waiting) == waiting - 1
    (kept,) = [each for each in told.known if each.note.get("kept")]
    assert (kept.name, kept.note["kept"]["by"]) == (one.name, "officer")
    assert "officer 决定保持不变" in client.get(address).content.decode()
    # Again changes nothing, and says nothing to the trail.
    decide(desk, one.name, who="second")
    events = AuditEvent.objects.filter(action__startswith="budget.note-")
    assert [(each.action, each.data["found"]) for each in events] == [("budget.note-keep", one.note["found"])]
    client.post(f"{address}notes/{one.name}/", {"kept": ""})
    assert len(noted.told(desk.budget()).waiting) == waiting
    assert events.last().action == "budget.note-reopen"
    assert verify()[1] == ""


@pytest.mark.parametrize(("who", "name", "code"), [("head", None, "not-allowed"), ("officer", "none", "not-found")])
def test_who_may_not_edit_decides_nothing_and_what_is_not_there_is_not_decided(desk, who, name, code):
    test_cycle.copied(desk)
    with pytest.raises(RefusedError) as info:
        decide(desk, name or named_2021(desk).name, who=who)
    assert info.value.code == code
    client = Client()
    client.force_login(desk.head)
    assert "保持不变" not in client.get(f"/budget/{desk.budget().pk}/").content.decode()


def test_what_was_changed_meanwhile_is_not_kept_nor_is_anything_once_it_is_handed_in(desk, copied):
    row = copied.rows.get(sheet="lines", values__function="2010308")
    (one,) = [each for each in noted.told(copied).waiting if each.note["kind"] == "code_split"]
    chosen = [Change("", row.pk, {"function": "2014001"})]
    rows_save(actor=desk.clerk, budget=copied, sheet_key="lines", changes=chosen, now=timezone.now())
    with pytest.raises(RefusedError) as info:
        noted.note_decide(actor=desk.clerk, budget=copied, name=one.name, kept=True, now=timezone.now())
    assert info.value.code == "conflict"
    Budget.objects.filter(pk=copied.pk).update(state="first_signing")
    with pytest.raises(RefusedError) as info:
        noted.note_decide(actor=desk.clerk, budget=copied, name=one.name, kept=False, now=timezone.now())
    assert info.value.code == "conflict"


@pytest.mark.parametrize("state", ["approved", "published"])
def test_nothing_is_to_be_decided_once_the_budget_is_approved(desk, state):
    test_cycle.copied(desk)
    waiting = noted.told(desk.budget()).waiting
    assert waiting
    Budget.objects.filter(pk=desk.budget().pk).update(state=state)
    told = noted.told(desk.budget())
    assert told.waiting == []
    assert not {one.name for one in told.known} & {one.name for one in waiting}


def test_notes_ask_as_many_queries_for_many_as_for_few(desk, django_assert_num_queries):
    test_cycle.copied(desk)
    budget = desk.budget()
    assert len({one.note["sheet"] for one in noted.told(budget).waiting}) > 1
    with django_assert_num_queries(2):
        noted.told(budget)
