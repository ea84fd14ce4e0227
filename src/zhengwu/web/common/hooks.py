"""What this app shows of the apps above it, which it does not know: they register here when they are ready."""

from collections.abc import Callable, Mapping


def _no_jobs() -> Mapping[str, int]:
    return {}


def _no_lag() -> float:
    return 0.0


class Queue:
    """The background work, as /healthz and /metrics show it."""

    states: Callable[[], Mapping[str, int]] = staticmethod(_no_jobs)
    lag: Callable[[], float] = staticmethod(_no_lag)


def register_queue(*, states: Callable[[], Mapping[str, int]], lag: Callable[[], float]) -> None:
    """``states``: jobs by state. ``lag``: seconds that the oldest job in the queue has waited, 0 for none."""
    Queue.states = staticmethod(states)
    Queue.lag = staticmethod(lag)
