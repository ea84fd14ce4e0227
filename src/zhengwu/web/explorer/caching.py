"""Public pages that a browser need not fetch twice."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from zhengwu import __version__
from zhengwu.web.explorer import selectors
from zhengwu.web.explorer.editions import unit_formerly

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A page for everybody: GET and HEAD only, ETag and Last-Modified from what is published. Who is signed in sees
    a page with their name and so always gets it anew."""

    def stamp(request: HttpRequest) -> tuple[Any, ...] | None:
        if request.user.is_authenticated or len(get_messages(request)):
            return None
        if not hasattr(request, "_open_book_stamp"):
            request._open_book_stamp = selectors.stamp()  # type: ignore[attr-defined]
        return request._open_book_stamp  # type: ignore[attr-defined,no-any-return]

    def etag(request: HttpRequest, **_named: Any) -> str | None:
        found = stamp(request)
        if found is None:
            return None
        about = repr((__version__, get_language(), request.get_full_path(), found))
        return f'W/"{hashlib.sha256(about.encode("utf-8", "replace")).hexdigest()[:24]}"'

    def modified(request: HttpRequest, **_named: Any) -> datetime | None:
        found = stamp(request)
        return None if found is None else max((at for at in found[1:3] if at), default=None)

    @wraps(view)
    def answered(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            response: HttpResponse = condition(etag, modified)(view)(request, **named)
        except Http404:
            moved = _moved(request, named)
            if moved is None:
                raise
            return moved
        # Without a stamp it bears somebody's name or message: for nobody else.
        shared = hasattr(request, "_open_book_stamp")
        response.setdefault("Cache-Control", "no-cache" if shared else "private, no-store")
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        return response

    return require_safe(answered)


def _moved(request: HttpRequest, named: dict[str, Any]) -> HttpResponse | None:
    """The way to a page of a unit that has another code by now: what was published keeps its address."""
    match = request.resolver_match
    unit = unit_formerly(named["code"]) if match is not None and "code" in named else None
    if unit is None or match is None:
        return None
    address = reverse(match.view_name, kwargs={**named, "code": unit.code})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
