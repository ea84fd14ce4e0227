"""What the pages of the budget desk read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import books, workflow
from zhengwu.web.budgets.models import Budget, BudgetYear, ControlFigure, Notice, Remark, Row, State
from zhengwu.web.budgets.moves import may_move, signs_for
from zhengwu.web.common.models import Role, User
from zhengwu.web.common.permissions import may, visible

PUBLISHED_WITHIN = 20  # days after the approval: Budget Law (预算法) article 14
_WAITS: dict[str, tuple[Any, ...]] = {  # for whom a budget waits where
    str(Role.OFFICER): (State.FIRST_DRAFT, State.SECOND_DRAFT),
    str(Role.HEAD): (*workflow.SIGNING, State.APPROVED),
    str(Role.REVIEWER): (State.FIRST_SUBMITTED, State.SECOND_SUBMITTED),
}


class Listed(NamedTuple):
    """A budget in a list: its total in 分, open remarks, whether it waits for the person, the day it is due."""

    budget: Budget
    total: int
    remarks: int
    waits: bool
    due: date | None
    overdue: bool


class Offer(NamedTuple):
    """A move that a person may make now."""

    move: str
    title_zh: str
    title_en: str
    reasoned: bool


def budgets_seen(actor: User) -> "QuerySet[Budget]":
    """All budgets that a person may see. Their ``controls`` are, for all but the bureau, those that were given to the
    unit: what the bureau prepares before 一下 is its own."""
    found = _seen(actor).select_related("approved").defer("approved__ledger")
    if may(actor, "board.view"):
        return found
    return found.prefetch_related(Prefetch("controls", ControlFigure.objects.exclude(budget__state__in=books.UNGIVEN)))


def _seen(actor: User) -> "QuerySet[Budget]":
    return visible(Budget.objects.select_related("unit", "year"), actor, "budget.view")


def budget_seen(actor: User, pk: int) -> Budget:
    """One of them. Raises RefusedError "not-found"."""
    return _one(budgets_seen(actor), pk)


def budget_bare(actor: User, pk: int, *, lock: bool = False) -> Budget:
    """One of them for its rows alone, without its control figures and what was approved: the page asks every few
    seconds. ``lock`` as ``rows.locked`` does. Raises RefusedError "not-found"."""
    found = _seen(actor)
    return _one(found.select_for_update(of=("self",), no_key=True) if lock else found, pk)


def _one(found: "QuerySet[Budget]", pk: int) -> Budget:
    try:
        return found.get(pk=pk)
    except Budget.DoesNotExist:
        raise RefusedError(
            "not-found", "没有这份预算，或您不能查看。", "There is no such budget, or you may not see it."
        ) from None


def years(actor: User) -> list[BudgetYear]:
    """The years that have a budget which a person may see; all of them for the bureau."""
    if actor.role in (Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR):
        return list(BudgetYear.objects.all())
    return list(BudgetYear.objects.filter(budgets__in=budgets_seen(actor)).distinct())


def listed(actor: User, budgets: Sequence[Budget], today: date) -> list[Listed]:
    """Budgets with what a list shows of them; the number of queries does not grow with them."""
    keys = [one.pk for one in budgets]
    lines = Row.objects.filter(budget__in=keys, sheet="lines", gone=False).order_by()
    totals = dict(lines.values_list("budget").annotate(sum=Sum("amount")))
    remarks = Remark.objects.filter(budget__in=keys, settled=False).order_by().values_list("budget", flat=True)
    open_ = list(remarks)
    waits = set(waiting(actor, today).filter(pk__in=keys).values_list("pk", flat=True))
    found = []
    for one in budgets:
        due = due_of(one)
        late = due is not None and due < today
        found.append(Listed(one, totals.get(one.pk) or 0, open_.count(one.pk), one.pk in waits, due, late))
    return found


def waiting(actor: User, today: date) -> "QuerySet[Budget]":
    """The budgets whose turn is the person's, by role and unit or for a head who has delegated signing; those of the
    latest year first."""
    turn = Q(state__in=_WAITS.get(actor.role, ()))
    if actor.role == Role.OFFICER and actor.unit is not None:
        turn &= Q(unit=actor.unit)
        if signs_for(actor, actor.unit, today) is not None:
            turn |= Q(state__in=workflow.SIGNING, unit=actor.unit) & ~Q(handed_in_by=actor)
    return budgets_seen(actor).filter(turn, year__closed=False).order_by("-year__year")


def due_of(budget: Budget) -> date | None:
    """Until when the step at hand is to be done; None where no day was set, or nothing is left to do."""
    year = budget.year
    if budget.state in (State.FIRST_DRAFT, State.FIRST_SIGNING):
        return year.first_due
    if budget.state in (State.SECOND_DRAFT, State.SECOND_SIGNING, State.FIRST_SUBMITTED, State.SECOND_SUBMITTED):
        return year.second_due
    if budget.state != State.APPROVED:
        return None
    lawful = lawful_day(budget)
    return min(lawful, year.publish_due or lawful)


def lawful_day(approved: Budget) -> date:
    """The last day on which the law lets an approved budget become public; that of the year may be earlier."""
    return timezone.localdate(approved.moved_at) + timedelta(days=PUBLISHED_WITHIN)


def offers(actor: User, budget: Budget, today: date) -> list[Offer]:
    """The moves that a person may make now, "publish" with its own page left out."""
    if budget.year.closed:
        return []
    return [
        Offer(name, move.title.zh, move.title.en, move.reasoned)
        for name, move in workflow.TABLE.items()
        if name != "publish"
        and workflow.allows(name, budget.state)
        and may_move(actor, move.action, budget.unit, today)
        and not (name == "submit" and budget.handed_in_by_id == actor.pk)
    ]


def summary(budget: Budget, sums: books.Sums) -> dict[str, Any]:
    """What stands at the side of a budget: totals, control figures, what is used of them; all in 分."""
    used = books.used_and_given(budget, sums)
    given = [one.given for one in used if one.given is not None]
    return {
        "total": sums.total,
        "basic": used[0].used,
        "projects": sum(one.used for one in used[1:]),
        "income": sums.income,
        "carry_out": sums.carry_out,
        "used": used,
        "control": sum(given) if given and books.bound(budget) else None,
        "prepared": bool(given) and not books.in_second_turn(budget),
    }


def notices(actor: User, most: int = 50) -> "QuerySet[Notice]":
    """A person's notices, the unseen ones first."""
    return (
        Notice.objects.filter(person=actor)
        .select_related("budget__unit", "budget__year", "adjustment")
        .defer("adjustment__changes")
        .order_by("-at", "-pk")[:most]
    )


def signers(actor: User) -> "QuerySet[User]":
    """Whom a head may let sign: the other officers and heads of the unit."""
    found = User.objects.filter(is_active=True, unit=actor.unit, role__in=(Role.OFFICER, Role.HEAD))
    return found.exclude(pk=actor.pk)


def remarks_of(budget: Budget) -> "QuerySet[Remark]":
    """What was said of a budget, the open remarks first."""
    return budget.remarks.select_related("author", "row").order_by("settled", "-at", "-pk")


def filtered(actor: User, year: BudgetYear | None, text: str, state: str) -> "QuerySet[Budget]":
    """Budgets of a year by unit and state."""
    found = budgets_seen(actor)
    if year is not None:
        found = found.filter(year=year)
    if text:
        found = found.filter(Q(unit__name__icontains=text) | Q(unit__code__startswith=text))
    return found.filter(state=state) if state else found


def typed_rows(budget: Budget) -> int:
    """How many rows a budget has besides the one of its own unit, which it begins with."""
    own = Q(sheet="units", values__code=budget.unit.code)
    return Row.objects.filter(budget=budget, gone=False).exclude(own).count()
