"""What takes long to find out, kept until something changes that it follows from."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from zhengwu.web.budgets.models import Budget

T = TypeVar("T")
_KEPT = 300  # seconds


def kept(what: str, stamp: str, made: Callable[[], T], seconds: int | None = _KEPT) -> T:
    """What ``made`` finds, which is never None, once for each ``stamp``: that changes with all that it follows from.
    ``seconds`` is None for what never changes."""
    name = f"budgets.{what}.{stamp}"
    found: T | None = cache.get(name)
    if found is None:
        found = made()
        cache.set(name, found, seconds)
    return found


def stamp_of(budget: Budget) -> str:
    """Changes with every edit of a budget, every move and every control figure that is set: with all that its faults
    follow from. When it last moved tells it from one of another database that had its key."""
    figures = max((one.set_at.timestamp() for one in budget.controls.all()), default=None)
    return f"{budget.pk}.{budget.revision}.{budget.state}.{budget.moved_at.timestamp()}.{figures}"
