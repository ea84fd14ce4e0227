"""Who passes: the decorator of every view that is not public."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers

from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import require

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Only for people who have signed in, with their second step where they set one up: until both are done there
    is no session of theirs. What is shown stays in no cache. HTMX is told to go to the sign-in page."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"HX-Redirect": resolve_url("common:sign-in")})
            return redirect_to_login(request.get_full_path())
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return inner


def allowed(action: str) -> Callable[[View], View]:
    """Only for people who may do ``action`` somewhere; the view or its service asks again for the unit at hand."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request.user, action)
            return view(request, *args, **kwargs)

        return signed_in(inner)

    return decorate


def actor_of(request: HttpRequest) -> User:
    """The signed-in person, typed. For views behind ``signed_in``."""
    return cast(User, request.user)
