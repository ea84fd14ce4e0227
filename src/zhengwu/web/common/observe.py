"""What is counted and logged of every request. The numbers are this process's own: Prometheus asks each process and
adds them up; those of the queue and the database are the same from each."""

import logging
import time
from collections.abc import Callable, Iterable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from zhengwu import __version__
from zhengwu.web.common import hooks

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_log = logging.getLogger("zhengwu.request")
disable_created_metrics()  # type: ignore[no-untyped-call]
_registry = CollectorRegistry(auto_describe=False)
_requests = Counter("zhengwu_requests", "Answers by view and status.", ("view", "status"), registry=_registry)
_seconds = Histogram(
    "zhengwu_request_seconds", "Time until the answer, by view.", ("view",), buckets=_BUCKETS, registry=_registry
)
ProcessCollector(registry=_registry)


class _PlatformCollector(Collector):
    """What is asked for when Prometheus asks: version, database, queue."""

    def collect(self) -> Iterable[Metric]:
        """The queue is left out while the database does not answer."""
        yield InfoMetricFamily("zhengwu", "The version that runs.", {"version": __version__})
        begun = time.perf_counter()
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            seconds = time.perf_counter() - begun
            states, lag = hooks.Queue.states(), hooks.Queue.lag()
        except DatabaseError:
            yield GaugeMetricFamily("zhengwu_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("zhengwu_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily("zhengwu_database_seconds", "How long the shortest query took just now.", seconds)
        jobs = GaugeMetricFamily("zhengwu_jobs", "Background jobs by state.", labels=("state",))
        for state, count in sorted(states.items()):
            jobs.add_metric((state,), count)
        yield jobs
        yield GaugeMetricFamily("zhengwu_queue_lag_seconds", "How long the oldest queued job has waited.", lag)


_registry.register(_PlatformCollector())


class RequestMiddleware:
    """Around all that answers: it sees what the visitor gets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, count, log. The query is not logged: it may hold what somebody searched for."""
        begun = time.perf_counter()
        response = self._next(request)
        seconds = time.perf_counter() - begun
        view = (request.resolver_match.view_name if request.resolver_match else "") or "none"
        _requests.labels(view, response.status_code).inc()
        _seconds.labels(view).observe(seconds)
        # Only if a page asked who it is: asking here would cost every public page a query.
        person = getattr(request, "_cached_user", None)
        fields = {
            "method": request.method, "path": request.path, "status": response.status_code, "view": view,
            "ms": round(seconds * 1000, 1), "user": getattr(person, "pk", None),
            "address": request.META.get("REMOTE_ADDR"), "request": request.META.get("HTTP_X_REQUEST_ID", "")[:64],
        }  # fmt: skip
        _log.info("%s %s %s", request.method, request.path, response.status_code, extra=fields)
        return response


def exposition() -> bytes:
    """The numbers in Prometheus' text format, version 0.0.4."""
    return generate_latest(_registry)
