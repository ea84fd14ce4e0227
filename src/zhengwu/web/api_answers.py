"""The shape of every answer of the API: errors alike, ETags, HEAD, the right type of a body, and the description."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.urls import URLPattern, re_path
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from zhengwu.ledger.problem import LedgerError
from zhengwu.model.message import RefusedError
from zhengwu.web.api_common import english
from zhengwu.web.common.middleware import STATUS

View = Callable[..., HttpResponse]
_PROBLEMS = 500  # of a ledger that one answer names
_TYPES = {"body": "application/json", "form": "multipart/form-data", "file": "multipart/form-data"}
_HEADERS = {
    200: {"ETag": "What the answer is known by: sent back as If-None-Match, an answer that is the same is 304."},
    401: {"WWW-Authenticate": "How to be known: a bearer token."},
    429: {"Retry-After": "Seconds until requests are answered again."},
}


class Api(NinjaAPI):
    """An API whose answers to GET carry an ETag, its operations named after their functions."""

    _described: Any = None

    def get_openapi_operation_id(self, operation: Any) -> str:
        """A name for those who make clients from the description."""
        return str(operation.view_func.__name__).rstrip("_")

    def get_openapi_schema(self, **named: Any) -> Any:
        """The description, made once: the headers of answers and the answers to conditional requests with it."""
        if self._described is None:
            described = super().get_openapi_schema(**named)
            for operations in described["paths"].values():
                for method, operation in operations.items():
                    _complete(method, operation["responses"])
            self._described = described
        return self._described

    def create_response(self, request: HttpRequest, data: Any, **named: Any) -> HttpResponse:
        """The answer, or 304 where the caller has it."""
        response: HttpResponse = super().create_response(request, data, **named)
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
            response["Cache-Control"] = "no-store"
            return response
        return conditional(request, response.content, lambda: response)

    def problem(
        self, request: HttpRequest, status: int, code: str, message: str, fields: dict[str, str] | None = None
    ) -> HttpResponse:
        """An error."""
        data = {"code": code, "message": message, "fields": fields or {}}
        return self.create_response(request, data, status=status)

    def _get_urls(self) -> list[Any]:
        """All addresses; those that are none answer in the API's shape too."""
        found: list[Any] = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                pattern.callback = self._shaped(pattern.callback)
        # Not <path:rest>: a line break is a part of an address too.
        return [*found, re_path(r"^(?P<rest>(?s:.+))\Z", csrf_exempt(self._shaped(_nothing)), name="nothing")]

    def _shaped(self, view: View) -> View:
        """HEAD as GET; no page of ours instead of an answer."""

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            method = request.method
            if method == "HEAD":
                request.method = "GET"  # who serves leaves the content out
            try:
                response = view(request, *args, **named)
            except Http404 as error:
                return self.on_exception(request, error)
            finally:
                request.method = method
            if response.status_code != 405:
                return response
            allowed = {one.strip() for one in response["Allow"].split(",")}
            message = _("This address does not take %(method)s.") % {"method": method}
            refused = self.problem(request, 405, "no-such-method", message)
            refused["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
            return refused

        return inner


def conditional(request: HttpRequest, known_by: bytes, make: Callable[[], HttpResponse]) -> HttpResponse:
    """An answer with its ETag, made only unless 304 (or 412) says it all. ``known_by``: what changes with it. What
    depends on who calls is kept by nobody between here and the caller."""
    etag = f'W/"{hashlib.sha256(known_by).hexdigest()[:24]}"'
    response: HttpResponse = get_conditional_response(request, etag) or make()
    patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
    private = getattr(request, "auth", None) is not None
    response["Cache-Control"] = "private, no-cache" if private else "no-cache"
    response["ETag"] = etag
    return response


def takes_its_type(run: View) -> View:
    """For operations that take a body: only in the type that it is described in."""
    operation: Any = run.__self__  # type: ignore[attr-defined]
    sources = [one.__ninja_param_source__ for one in operation.models if one.__ninja_param_source__ in _TYPES]
    wanted = _TYPES[sources[0]] if sources else None

    @wraps(run)
    def inner(request: HttpRequest, **named: Any) -> HttpResponse:
        if wanted is not None and request.content_type != wanted:
            message = _("The body must be %(type)s.") % {"type": wanted}
            return operation.api.problem(request, 415, "wrong-type", message)  # type: ignore[no-any-return]
        return run(request, **named)

    return inner


def _complete(method: str, responses: dict[Any, Any]) -> None:
    if method == "get":
        responses[304] = {"description": "Not Modified: the caller has it, as If-None-Match says."}
        responses[412] = {"description": "Precondition Failed: If-Match names another version."}
    for status, headers in _HEADERS.items():
        if status in responses and (status != 200 or method == "get"):
            responses[status]["headers"] = {
                name: {"description": says, "schema": {"type": "string"}} for name, says in headers.items()
            }


def _nothing(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404


def register_errors(api: Api) -> None:
    """All errors in one shape."""

    @api.exception_handler(RefusedError)
    def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
        language: Literal["zh", "en"] = "en" if english() else "zh"
        sentence = error.message.in_language(language)
        field = getattr(error, "field", "")
        fields = {field: sentence} if field else {}
        if isinstance(error, LedgerError):
            wrong = error.problems[:_PROBLEMS]
            fields = {f"{one.sheet}.{one.row}.{one.column}": one.message.in_language(language) for one in wrong}
        return api.problem(request, STATUS.get(error.code, 422), error.code, sentence, fields)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {_field(one["loc"]): _reason(one) for one in error.errors}
        return api.problem(request, 422, "invalid", _("Some fields are missing or wrong."), fields)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = api.problem(request, 401, "not-signed-in", _("Sign in, or send a token that is in use."))
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Throttled)
    def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        seconds = max(int(error.wait or 1), 1)
        message = _("Too many requests: wait %(seconds)s seconds.") % {"seconds": seconds}
        response = api.problem(request, 429, "too-many", message)
        response["Retry-After"] = str(seconds)
        return response

    @api.exception_handler(Http404)
    def nothing(request: HttpRequest, error: Http404) -> HttpResponse:
        return api.problem(request, 404, "not-found", _("There is nothing at this address."))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        if error.status_code == 403:  # of a session: its CSRF token is missing or another's
            message = _("Send the CSRF token of the session as X-CSRFToken, or use an API token.")
            return api.problem(request, 403, "not-allowed", message)
        return unreadable(request, error)

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return api.problem(request, 413, "too-large", _("The body is too large."))

    # What Django tells a browser by a page of its own: too many fields or files, a broken body.
    @api.exception_handler(SuspiciousOperation)
    @api.exception_handler(MultiPartParserError)
    @api.exception_handler(UnreadablePostError)
    def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
        return api.problem(request, 400, "unreadable", _("The request cannot be read: its body or query is broken."))


def _field(place: tuple[Any, ...]) -> str:
    """A field as it was sent: without the part of the request, and without our own name of a body."""
    own = 2 if place[0] == "body" and len(place) > 2 else 1
    return ".".join(map(str, place[own:] or place))


def _reason(error: dict[str, Any]) -> str:
    if error.get("type") == "missing":
        return _("is missing")
    if error.get("type") == "extra_forbidden":
        return _("is not known here")
    context = error.get("ctx") or {}
    bounds = {key: context[key] for key in ("ge", "le", "max_length", "min_length", "expected") if key in context}
    said = ", ".join(f"{key} {value}" for key, value in bounds.items())
    return _("is not a value that is taken here (%(bounds)s)") % {"bounds": said or error.get("type", "")}
