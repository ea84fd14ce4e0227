"""When a session ends, and what it may do before its password is the person's own."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from zhengwu.model.message import RefusedError
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import User

Next = Callable[[HttpRequest], HttpResponse]
_BEGUN, _SEEN = "begun", "seen"  # seconds since 1970, in the session
_SEEN_EVERY = 60  # seconds: no write for each request
# What works before a password that others know is replaced.
_OPEN = frozenset({"common:password", "common:sign-out", "common:language", "common:health", "common:metrics"})


class SessionLimitMiddleware:
    """A session ends after ``SESSION_IDLE_AGE`` without a request, after ``SESSION_COOKIE_AGE`` whatever is done, and
    when its person ended all sessions. Who has no session costs nothing."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, signed out where the session has ended."""
        person = _person(request)
        if person is not None and _over(request.session, person, time.time()):
            logout(request)
            messages.info(request, _("Your session has ended: sign in again."))
        return self._next(request)


class PasswordDueMiddleware:
    """Whose password was set by somebody else chooses a new one before anything else."""

    def __init__(self, get_response: Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; ``process_view`` does the work, when the address is known."""
        return self._next(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The way to the new password, None where nothing is due."""
        person = _person(request)
        if person is None or not person.must_change_password:
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in _OPEN:
            return None
        if request.path.startswith("/api/"):
            error = password_due()
            return JsonResponse({"code": error.code, "message": sentence(error.message), "fields": {}}, status=403)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": resolve_url("common:password")})
        return redirect("common:password")


def begin(session: Any, at: float | None = None) -> None:
    """A session of a person begins now, or began ``at`` (seconds since 1970)."""
    session[_SEEN] = time.time()
    session[_BEGUN] = session[_SEEN] if at is None else at


def password_due() -> RefusedError:
    """The refusal until a new password is chosen."""
    return RefusedError(
        "password-due",
        "您的密码是别人设置的：请先登录网页，改成自己的密码。",
        "Your password was set by somebody else: sign in on the web page and choose your own first.",
    )


def _person(request: HttpRequest) -> User | None:
    """Who is signed in, asked for only where there is a session's cookie."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def _over(session: Any, person: User, now: float) -> bool:
    begun = session.get(_BEGUN)
    if begun is None:  # from before these rules
        begin(session)
        return person.sessions_end is not None
    if person.sessions_end is not None and begun < person.sessions_end.timestamp():
        return True
    if now - begun > settings.SESSION_COOKIE_AGE or now - session[_SEEN] > settings.SESSION_IDLE_AGE:
        return True
    if now - session[_SEEN] > _SEEN_EVERY:
        session[_SEEN] = now
    return False
