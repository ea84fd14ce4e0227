"""What this app shows of the apps above it, which it does not know: they register here when they are ready."""

from collections.abc import Callable, Mapping

from django.shortcuts import resolve_url

from zhengwu.web.common.models import Role, User


def _no_jobs() -> Mapping[str, int]:
    return {}


def _no_lag() -> float:
    return 0.0


class Queue:
    """The background work, as /healthz and /metrics show it."""

    states: Callable[[], Mapping[str, int]] = staticmethod(_no_jobs)
    lag: Callable[[], float] = staticmethod(_no_lag)


def _start(_person: User) -> str:
    return "/"


class Landing:
    """Where a person's work lies."""

    of: Callable[[User], str] = staticmethod(_start)


def register_landing(of: Callable[[User], str]) -> None:
    """``of`` tells the address at which somebody's work lies; administrators have theirs in this app."""
    Landing.of = staticmethod(of)


def landing(person: User) -> str:
    """The address that signing in leads to, unless a page was asked for."""
    return str(resolve_url("common:people")) if person.role == Role.ADMINISTRATOR else Landing.of(person)


def register_queue(*, states: Callable[[], Mapping[str, int]], lag: Callable[[], float]) -> None:
    """``states``: jobs by state. ``lag``: seconds that the oldest job in the queue has waited, 0 for none."""
    Queue.states = staticmethod(states)
    Queue.lag = staticmethod(lag)
