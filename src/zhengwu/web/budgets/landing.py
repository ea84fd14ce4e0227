"""Where a person's work lies: what signing in leads to."""

from django.shortcuts import resolve_url
from django.utils import timezone

from zhengwu.web.budgets import adjustment_lists
from zhengwu.web.budgets.selectors import waiting
from zhengwu.web.common.models import User
from zhengwu.web.reviews import landing as reviews


def landing(person: User) -> str:
    """The budget desk of the latest open year in which a budget, else an adjustment, waits for the person, whatever the role: budgets have
    their season and their days, and the review desk is one step away. Else where documents wait."""
    today = timezone.localdate()
    year = waiting(person, today).values_list("year__year", flat=True).first()
    if not year:
        papers = adjustment_lists.waiting(person, today).order_by("-budget__year__year")
        year = papers.values_list("budget__year__year", flat=True).first()
    return f"{resolve_url('budgets:desk')}?year={year}" if year else reviews.landing(person)
