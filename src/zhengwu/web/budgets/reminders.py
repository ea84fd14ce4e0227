"""Who is reminded of what is due: 7, 3, 1 and 0 days before, and each week after. Told once, however often it runs."""

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q

from zhengwu.model.message import Message
from zhengwu.web.budgets.models import Budget, Notice, State
from zhengwu.web.budgets.moves import notify, waiting_for
from zhengwu.web.budgets.selectors import PUBLISHED_WITHIN, due_of
from zhengwu.web.common.models import User

log = logging.getLogger(__name__)

DAYS = (0, 1, 3, 7)
_OVER = (State.PUBLISHED, State.EARLIER, State.MERGED)


class Reminded(NamedTuple):
    """What a run did: new notices, e-mails that were sent, and those that were not."""

    notices: int
    sent: int
    failed: int


def remind(*, now: datetime, today: date) -> Reminded:
    """Tell those whose turn it is of every budget whose step is due within a week or overdue. A day on which this did
    not run is made up for on the next; what was told is not told again."""
    soon = today + timedelta(days=max(DAYS))
    due = Q(year__first_due__lte=soon) | Q(year__second_due__lte=soon) | Q(year__publish_due__lte=soon)
    due |= Q(state=State.APPROVED, moved_at__date__lte=soon - timedelta(days=PUBLISHED_WITHIN))
    found = Budget.objects.filter(due, year__closed=False).exclude(state__in=_OVER).select_related("unit", "year")
    letters: list[tuple[User, Message]] = []
    count = 0
    for budget in found.order_by("pk"):
        day = due_of(budget)
        name = day and bucket((day - today).days)
        if not day or not name:
            continue
        about = f"due:{budget.pk}:{budget.state}:{day.isoformat()}:{name}"
        told = set(Notice.objects.filter(about=about).values_list("person", flat=True))
        people = [one for one in waiting_for(budget, today) if one.pk not in told]
        if people:
            message = sentence_of(budget, day, today)
            count += notify(people, message, budget, about, now)
            letters += [(one, message) for one in people if one.email]
    sent = _send(letters)
    return Reminded(count, sent, len(letters) - sent if settings.EMAIL_HOST else 0)


def bucket(days: int) -> str:
    """The reminder that so many days before the day (negative: after it) belong to; "" for none yet."""
    if days < 0:
        return f"over{(-days - 1) // 7}"
    return next((str(one) for one in DAYS if days <= one), "")


def sentence_of(budget: Budget, day: date, today: date) -> Message:
    """What is due, when, and how many days that is."""
    days = (day - today).days
    state = Message(_STATES[budget.state][0], _STATES[budget.state][1])
    if days < 0:
        zh, en = f"已逾期 {-days} 天", f"{-days} day(s) overdue"
    elif days == 0:
        zh, en = "今天截止", "due today"
    else:
        zh, en = f"还有 {days} 天截止", f"due in {days} day(s)"
    return Message(
        f"{budget}：{state.zh}，{zh}（{day.isoformat()}）。", f"{budget}: {state.en}, {en} ({day.isoformat()})."
    )


_STATES = {
    State.FIRST_DRAFT: ("一上待编制", "the request is to be compiled"),
    State.FIRST_SIGNING: ("一上待签发", "the request is to be signed"),
    State.FIRST_SUBMITTED: ("一上待下达控制数", "the control figures are to be given"),
    State.SECOND_DRAFT: ("二上待编制", "the budget is to be compiled"),
    State.SECOND_SIGNING: ("二上待签发", "the budget is to be signed"),
    State.SECOND_SUBMITTED: ("二上待批复", "the budget is to be approved"),
    State.APPROVED: ("待公开", "the budget is to be published"),
}


def _send(letters: Iterable[tuple[User, Message]]) -> int:
    """Send each by e-mail where a server is configured. What cannot be sent stands in the log: the notice is there."""
    if not settings.EMAIL_HOST:
        return 0
    count = 0
    with get_connection() as connection:
        for person, message in letters:
            text = message.in_language("en" if person.language.startswith("en") else "zh")
            try:
                count += EmailMessage(text, text, None, [person.email], connection=connection).send()
            except OSError as error:
                log.warning("reminder to %s: %s", person.pk, error)
    return count
