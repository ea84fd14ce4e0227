"""What is counted and logged of every request. The numbers are this process's own: Prometheus adds processes up."""

import logging
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_log = logging.getLogger("zhengwu.request")
_lock = threading.Lock()
_requests: Counter[tuple[str, int]] = Counter()
_buckets: Counter[tuple[str, int]] = Counter()
_seconds: dict[str, float] = {}


class RequestMiddleware:
    """The outermost: it sees what the visitor gets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, count, log. The query is not logged: it may hold what somebody searched for."""
        begun = time.perf_counter()
        response = self._next(request)
        seconds = time.perf_counter() - begun
        view = request.resolver_match.view_name if request.resolver_match else "none"
        observe(view or "none", response.status_code, seconds)
        # Only if a page asked who it is: asking here would cost every public page a query.
        person = getattr(request, "_cached_user", None)
        fields = {
            "method": request.method, "path": request.path, "status": response.status_code,
            "ms": round(seconds * 1000, 1), "user": getattr(person, "pk", None),
        }  # fmt: skip
        _log.info("%s %s %s", request.method, request.path, response.status_code, extra=fields)
        return response


def observe(view: str, status: int, seconds: float) -> None:
    """Count one answer."""
    with _lock:
        _requests[view, status] += 1
        _buckets[view, bisect_left(_BUCKETS, seconds)] += 1
        _seconds[view] = _seconds.get(view, 0.0) + seconds


def exposition(jobs: Mapping[str, int], lag: float) -> str:
    """The numbers in Prometheus' text format, version 0.0.4."""
    with _lock:
        requests, buckets, seconds = Counter(_requests), Counter(_buckets), dict(_seconds)
    lines = ["# HELP zhengwu_requests_total Answers by view and status.", "# TYPE zhengwu_requests_total counter"]
    lines += [
        f'zhengwu_requests_total{{view="{_text(view)}",status="{status}"}} {count}'
        for (view, status), count in sorted(requests.items())
    ]
    lines += [
        "# HELP zhengwu_request_seconds Time until the answer, by view.",
        "# TYPE zhengwu_request_seconds histogram",
    ]
    for view in sorted(seconds):
        name, below = _text(view), 0
        for position, edge in enumerate((*_BUCKETS, "+Inf")):
            below += buckets[view, position]
            lines.append(f'zhengwu_request_seconds_bucket{{view="{name}",le="{edge}"}} {below}')
        lines.append(f'zhengwu_request_seconds_sum{{view="{name}"}} {seconds[view]:.6f}')
        lines.append(f'zhengwu_request_seconds_count{{view="{name}"}} {below}')
    lines += ["# HELP zhengwu_jobs Background jobs by state.", "# TYPE zhengwu_jobs gauge"]
    lines += [f'zhengwu_jobs{{state="{_text(state)}"}} {count}' for state, count in sorted(jobs.items())]
    lines += [
        "# HELP zhengwu_queue_lag_seconds How long the oldest queued job has waited.",
        "# TYPE zhengwu_queue_lag_seconds gauge",
        f"zhengwu_queue_lag_seconds {lag:.3f}",
    ]
    return "\n".join(lines) + "\n"


def _text(label: str) -> str:
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
