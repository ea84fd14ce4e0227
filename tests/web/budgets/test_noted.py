"""A code that was split: told with its cell and a fault there until it is chosen, then told no more."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from tests.ledger.samples import ledger
from tests.web.budgets import test_cycle
from zhengwu.ledger.template import workbook_of
from zhengwu.web.budgets import books, noted, years
from zhengwu.web.budgets.models import Budget
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.common.models import Role, Unit, User


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
    ((note, query),) = [one for one in found.waiting if one[0]["kind"] == "code_split"]
    assert query == f"?sheet=lines&row={row.pk}&column=function"
    assert "2014001" in note["zh"]
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
    assert "code_split" not in {one["kind"] for one, _ in noted.told(again).waiting}
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
