"""Reminders: whose turn it is is told before the day and after it, once each time."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from tests.web.budgets.test_cycle import approved
from zhengwu.web.budgets import bureau, reminders, selectors, years
from zhengwu.web.budgets.models import Budget, BudgetYear, Notice, State
from zhengwu.web.common.models import User


def told(person: User) -> list[str]:
    return list(
        Notice.objects.filter(person=person, about__startswith="due:").order_by("pk").values_list("zh", flat=True)
    )


def test_who_has_something_due_is_told_once_each_time(desk):
    desk.opened()  # first due 30 September 2021
    for days, expected in ((10, 0), (7, 1), (7, 0), (5, 0), (3, 1), (1, 1), (0, 1), (-1, 1), (-6, 0), (-8, 1)):
        before = len(told(desk.officer))
        reminders.remind(now=timezone.now(), today=date(2021, 9, 30) - timedelta(days=days))
        assert len(told(desk.officer)) - before == expected, days
    assert told(desk.officer)[0].endswith("一上待编制，还有 7 天截止（2021-09-30）。")
    assert told(desk.officer)[-1].endswith("已逾期 8 天（2021-09-30）。")
    assert not told(desk.head)
    assert not told(desk.reviewer)


def test_day_without_a_run_is_made_up_for(desk):
    desk.opened()
    reminders.remind(now=timezone.now(), today=date(2021, 9, 28))  # two days before: the third was missed
    assert len(told(desk.officer)) == 1


def test_turn_goes_to_the_head_and_the_bureau_and_ends(desk):
    approved(desk)
    reminders.remind(now=timezone.now(), today=date(2022, 2, 19))
    assert len(told(desk.head)) == 1
    assert not told(desk.officer)
    assert "待公开" in told(desk.head)[0]
    budget = desk.budget()
    budget.state = State.PUBLISHED
    budget.save()
    reminders.remind(now=timezone.now(), today=date(2022, 2, 20))
    assert len(told(desk.head)) == 1


@pytest.mark.parametrize(
    ("by_year", "approved_on", "due"),
    [
        (date(2022, 2, 20), date(2022, 1, 20), date(2022, 2, 9)),  # twenty days after its approval: article 14
        (date(2022, 2, 20), date(2022, 2, 10), date(2022, 2, 20)),  # the year's day comes before them
        (None, date(2022, 2, 10), date(2022, 3, 2)),
    ],
)
def test_approved_budget_is_public_within_twenty_days_and_by_the_day_of_the_year(desk, by_year, approved_on, due):
    approved(desk)
    BudgetYear.objects.update(publish_due=by_year)
    noon = datetime.combine(approved_on, time(12), timezone.get_current_timezone())
    Budget.objects.filter(state=State.APPROVED).update(moved_at=noon)
    item = desk.budget()
    for day, late in ((due, False), (due + timedelta(days=1), True)):
        assert [(one.due, one.overdue) for one in selectors.listed(desk.head, [item], day)] == [(due, late)]
        days = [
            row.days for part in bureau.board(item.year, day).departments for row in part.units if row.budget == item
        ]
        assert days == [-1 if late else 0]
    reminders.remind(now=timezone.now(), today=due - timedelta(days=8))
    assert not told(desk.head)
    reminders.remind(now=timezone.now(), today=due - timedelta(days=7))
    assert [one.endswith(f"待公开，还有 7 天截止（{due.isoformat()}）。") for one in told(desk.head)] == [True]


def test_closed_year_reminds_nobody(desk):
    years.year_close(actor=desk.reviewer, year=desk.opened(), closed=True)
    reminders.remind(now=timezone.now(), today=date(2021, 9, 30))
    assert not told(desk.officer)


def test_reminder_goes_by_mail_where_a_server_is_named(desk, settings):
    desk.opened()
    for who, language in (("officer", "en"), ("second", "zh-hans")):
        desk.people[who].email, desk.people[who].language = f"{who}@example.invalid", language
        desk.people[who].save()
    call_command("remind")  # no server: notices only, and as of today
    assert mail.outbox == []
    settings.EMAIL_HOST = "mail.example.invalid"
    done = reminders.remind(now=timezone.now(), today=date(2021, 9, 27))
    assert (done.notices, done.sent, done.failed) == (3, 2, 0)
    assert {(one.to[0], "due in 3 day(s)" in one.body, "还有 3 天截止" in one.body) for one in mail.outbox} == {
        ("officer@example.invalid", True, False), ("second@example.invalid", False, True),
    }  # fmt: skip
    assert reminders.remind(now=timezone.now(), today=date(2021, 9, 27)) == (0, 0, 0)
    assert len(mail.outbox) == 2
