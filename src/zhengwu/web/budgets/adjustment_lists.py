"""Which adjustments wait for a person: what the desk lists, what signing in leads to."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from zhengwu.web.budgets import workflow
from zhengwu.web.budgets.models import Adjustment, AdjustmentState
from zhengwu.web.budgets.moves import signs_for
from zhengwu.web.common.models import AuditEvent, Role, User
from zhengwu.web.common.permissions import visible
from zhengwu.web.common.trail import subject_of

MOST = 20  # that the desk lists
_STEPS = tuple(f"adjustment.{one}" for one in ("open", *workflow.ADJUSTMENTS))


class Waiting(NamedTuple):
    """An adjustment in the list, and since when it is where it is."""

    adjustment: Adjustment
    since: datetime


def waiting(actor: User, today: date) -> "QuerySet[Adjustment]":
    """The adjustments whose turn is the person's: an officer's that are being prepared, those that a head or a delegate
    may sign, those that are with the bureau. None of a year that is closed."""
    signs = Q(state=AdjustmentState.SIGNING) & ~Q(made_by=actor) & ~Q(handed_in_by=actor)
    turn = Q(pk__in=())
    if actor.role == Role.REVIEWER:
        turn = Q(state=AdjustmentState.SUBMITTED)
    elif actor.role == Role.HEAD:
        turn = signs
    elif actor.role == Role.OFFICER and actor.unit is not None:
        turn = Q(state=AdjustmentState.DRAFT, budget__unit=actor.unit)
        if signs_for(actor, actor.unit, today) is not None:
            turn |= signs & Q(budget__unit=actor.unit)
    found = visible(Adjustment.objects.all(), actor, "budget.view", "budget__unit")
    return found.filter(turn, budget__state__in=workflow.IN_FORCE, budget__year__closed=False)


def listed(actor: User, today: date, most: int = MOST) -> tuple[list[Waiting], int]:
    """The first ``most`` of them, the longest waiting first, and how many there are. The number of queries does not grow
    with them."""
    found = waiting(actor, today)
    shown = list(found.select_related("budget__unit", "budget__year").defer("changes").order_by("pk")[:most])
    if not shown:
        return [], 0
    moved = AuditEvent.objects.filter(subject__in=[subject_of(one) for one in shown], action__in=_STEPS).order_by()
    at = dict(moved.values_list("subject").annotate(Max("at")))
    rows = [Waiting(one, at.get(subject_of(one), one.made_at)) for one in shown]
    return sorted(rows, key=lambda row: (row.since, row.adjustment.pk)), found.count()
