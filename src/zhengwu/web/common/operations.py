"""For whoever runs the platform: is it well, what does it do."""

import os
import tempfile

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengwu.web.common import hooks, observe
from zhengwu.web.common.models import TrailHead

_LOCAL = frozenset({"127.0.0.1", "::1"})


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 and "ok" when the database answers and the data folder can be written, 503 and what fails otherwise. No
    details beyond: anybody may ask."""
    parts = {"database": _database(), "data_folder": _folder()}
    answer: dict[str, object] = {"status": "ok" if all(parts.values()) else "failing"}
    answer.update((name, "ok" if well else "failing") for name, well in parts.items())
    if parts["database"]:
        answer["queue_lag_seconds"] = round(hooks.Queue.lag(), 1)
    return JsonResponse(answer, status=200 if all(parts.values()) else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text, for this machine, or for everybody with ZHENGWU_METRICS=1. What a proxy on this machine
    passes on comes from elsewhere."""
    here = request.META.get("REMOTE_ADDR") in _LOCAL and "HTTP_X_FORWARDED_FOR" not in request.META
    if not here and os.environ.get("ZHENGWU_METRICS") != "1":
        raise Http404
    return HttpResponse(observe.exposition(), content_type=observe.CONTENT_TYPE)


def _database() -> bool:
    try:
        connection.ensure_connection()
        TrailHead.objects.exists()
    except DatabaseError:
        return False
    return True


def _folder() -> bool:
    try:
        with tempfile.NamedTemporaryFile(dir=settings.HOME, prefix=".health-"):
            return True
    except OSError:
        return False
