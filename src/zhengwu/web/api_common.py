"""What every operation of the API shares: who calls, how often, lists in pieces, errors of one shape, ETags."""

import hashlib
import time
from datetime import timedelta
from hmac import compare_digest
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import BaseThrottle

from zhengwu.model.message import RefusedError
from zhengwu.web.common.middleware import STATUS
from zhengwu.web.common.models import User
from zhengwu.web.explorer.models import ApiToken
from zhengwu.web.explorer.services import digest_of

RATE, WINDOW = 600, 60  # requests a window, seconds
_USED_EVERY = timedelta(minutes=1)  # a token's last use is kept to the minute: no write for each request
MAX_OFFSET = 10_000_000


class Problem(Schema):
    """An error: a code that stays, a sentence in the language of Accept-Language, what is wrong by field."""

    code: str
    message: str
    fields: dict[str, str]


class Paging(Schema):
    """Which piece of a list."""

    limit: int = Field(50, ge=1, le=500, description="how many, 500 at most")
    offset: int = Field(0, ge=0, le=MAX_OFFSET, description="how many to pass over")


class Listed(Schema):
    """What every piece of a list tells beside its items."""

    total: int
    limit: int
    offset: int
    next: str | None
    previous: str | None


class TokenAuth(HttpBearer):
    """``Authorization: Bearer zw_…``: in use, not expired, its owner active."""

    openapi_description = "A token made under /account/tokens/; its scopes and its owner's permissions bound it."

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The token's owner."""
        parts = token.split("_", 2)
        if len(parts) != 3 or parts[0] != "zw" or len(token) > 200:
            return None
        found = ApiToken.objects.select_related("owner__unit").filter(prefix=parts[1]).first()
        now = timezone.now()
        if (
            found is None
            or not compare_digest(found.digest, digest_of(parts[2]))
            or found.revoked_at is not None
            or (found.expires_at is not None and found.expires_at <= now)
            or not found.owner.is_active
        ):
            return None
        if found.last_used_at is None or now - found.last_used_at > _USED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        request.api_token = found  # type: ignore[attr-defined]
        return found.owner


# A session may call the API from our own pages; then the CSRF token is asked for.
ACTOR = [TokenAuth(), SessionAuth(csrf=True)]


def actor_of(request: HttpRequest, scope: str) -> User:
    """Who calls. Raises RefusedError "not-allowed" for a token without the scope."""
    token = getattr(request, "api_token", None)
    if token is not None and scope not in token.scopes:
        raise RefusedError(
            "not-allowed",
            f"令牌没有“{scope}”权限；请另建一个包含它的令牌。",
            f"The token lacks the scope “{scope}”; make one that has it.",
        )
    return request.auth  # type: ignore[attr-defined,no-any-return]


class FixedWindow(BaseThrottle):
    """So many requests a minute for each token, else for each address."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request; False beyond the rate."""
        token = getattr(request, "api_token", None)
        who = f"token:{token.pk}" if token is not None else f"address:{request.META.get('REMOTE_ADDR', '')}"
        name = hashlib.sha256(who.encode()).hexdigest()[:32]
        key = f"api-rate:{name}:{int(time.time()) // WINDOW}"
        cache.add(key, 0, WINDOW * 2)
        try:
            return int(cache.incr(key)) <= RATE
        except ValueError:  # it fell out of the cache between the two
            return True

    def wait(self) -> float:
        """Seconds until the next window."""
        return WINDOW - time.time() % WINDOW


class Api(NinjaAPI):
    """An API whose answers to GET carry an ETag, its operations named after their functions."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """A name for those who make clients from the description."""
        return str(operation.view_func.__name__)

    def create_response(self, request: HttpRequest, data: Any, **named: Any) -> HttpResponse:
        """The answer, or 304 where the caller has it."""
        response: HttpResponse = super().create_response(request, data, **named)
        patch_vary_headers(response, ("Accept-Language", "Authorization", "Cookie"))
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            response["Cache-Control"] = "no-store"
            return response
        etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:24]}"'
        response["ETag"] = etag
        private = getattr(request, "auth", None) is not None
        response["Cache-Control"] = "private, no-cache" if private else "no-cache"
        return get_conditional_response(request, etag, None, response) or response


def listed(request: HttpRequest, found: QuerySet[Any], paging: Paging, shown: Any) -> dict[str, Any]:
    """A piece of a list with its total and the addresses of the pieces beside it. Two queries."""
    total = found.count()
    items = [shown(one) for one in found[paging.offset : paging.offset + paging.limit]]
    after, before = paging.offset + paging.limit, max(paging.offset - paging.limit, 0)
    return {
        "total": total,
        "limit": paging.limit,
        "offset": paging.offset,
        "next": _piece(request, paging.limit, after) if after < total else None,
        "previous": _piece(request, paging.limit, before) if paging.offset else None,
        "items": items,
    }


def _piece(request: HttpRequest, limit: int, offset: int) -> str:
    query = [(key, value) for key, values in request.GET.lists() if key not in ("limit", "offset") for value in values]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('limit', limit), ('offset', offset)])}")


def missing(zh: str, en: str) -> RefusedError:
    """What is not there, or not there for the caller: both sound alike."""
    return RefusedError("not-found", zh, en)


def register_errors(api: NinjaAPI) -> None:
    """All errors in one shape."""

    def answer(request: HttpRequest, status: int, code: str, message: str, fields: dict[str, str] | None = None) -> HttpResponse:  # fmt: skip
        return api.create_response(request, {"code": code, "message": message, "fields": fields or {}}, status=status)

    @api.exception_handler(RefusedError)
    def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
        sentence = error.message.in_language("en" if (get_language() or "").startswith("en") else "zh")
        field = getattr(error, "field", "")
        return answer(request, STATUS.get(error.code, 422), error.code, sentence, {field: sentence} if field else {})

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {".".join(map(str, one["loc"][1:] or one["loc"])): _reason(one) for one in error.errors}
        return answer(request, 422, "invalid", _("Some fields are missing or wrong."), fields)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = answer(request, 401, "not-signed-in", _("Sign in, or send a token that is in use."))
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Throttled)
    def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        seconds = max(int(error.wait or 1), 1)
        message = _("Too many requests: wait %(seconds)s seconds.") % {"seconds": seconds}
        response = answer(request, 429, "too-many", message)
        response["Retry-After"] = str(seconds)
        return response

    @api.exception_handler(Http404)
    def nothing(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "not-found", _("There is nothing at this address."))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, "invalid", str(error))


def _reason(error: dict[str, Any]) -> str:
    if error.get("type") == "missing":
        return _("is missing")
    context = error.get("ctx") or {}
    bounds = {key: context[key] for key in ("ge", "le", "max_length", "min_length", "expected") if key in context}
    said = ", ".join(f"{key} {value}" for key, value in bounds.items())
    return _("is not a value that is taken here (%(bounds)s)") % {"bounds": said or error.get("type", "")}
