"""Refusals become answers in one place; a strict content policy on every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from zhengwu.model.message import RefusedError
from zhengwu.web.common.errors import FieldRefusedError, sentence

Next = Callable[[HttpRequest], HttpResponse]
STATUS = {"not-allowed": 403, "password-due": 403, "not-found": 404, "conflict": 409, "too-many": 429}
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class PolicyMiddleware:
    """No script, style or picture from elsewhere; no copy in between of what does not say that there may be one."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the policy to the answer."""
        response = self._next(request)
        response.setdefault("Content-Security-Policy", _POLICY)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        # Refusals and errors too: they bear the name of who is signed in.
        response.setdefault("Cache-Control", "private, no-store")
        return response


class RefusedMiddleware:
    """A refused action is an answer with its sentence: 4xx, in the language of the page."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; ``process_exception`` does the work."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to a refusal, None for any other exception."""
        if not isinstance(error, RefusedError):
            return None
        said = sentence(error.message)
        status = STATUS.get(error.code, 422)
        if request.path.startswith("/api/"):
            fields = {error.field: said} if isinstance(error, FieldRefusedError) else {}
            return JsonResponse({"code": error.code, "message": said, "fields": fields}, status=status)
        return render(request, "common/refused.html", {"sentence": said, "code": error.code}, status=status)
