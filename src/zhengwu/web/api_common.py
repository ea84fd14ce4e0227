"""What every operation of the API shares: who calls, how often, lists in pieces, which answers there are."""

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from hmac import compare_digest
from typing import Annotated, Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from ninja import Field, Schema
from ninja.security import HttpBearer, SessionAuth
from ninja.throttling import BaseThrottle
from pydantic import BeforeValidator, ConfigDict

from zhengwu.model.message import RefusedError
from zhengwu.web.common.models import User
from zhengwu.web.common.session_rules import password_due
from zhengwu.web.explorer.models import ApiToken
from zhengwu.web.explorer.services import digest_of

RATE, WINDOW = 600, 60  # requests a window, seconds
_USED_EVERY = timedelta(minutes=1)  # a token's last use is kept to the minute: no write for each request
MAX_OFFSET = 10_000_000
LARGEST_ID = 2**63 - 1
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What an operation may answer beside what it is asked for: each of them a Problem.
PUBLIC = (400, 422, 429)
DESK = (400, 401, 403, 404, 422, 429)
CHANGE = (*DESK, 409, 413, 415)


class Problem(Schema):
    """An error: a code that stays, a sentence in the language of Accept-Language, what is wrong by field."""

    code: str
    message: str
    fields: dict[str, str]


def answers(made: Any, problems: Sequence[int], status: int = 200) -> dict[int, Any]:
    """All that an operation may answer, for its description."""
    return {status: made, **dict.fromkeys(sorted(problems), Problem)}


class Given(Schema):
    """What a caller sends: a field that is not known is refused, for it may be another one misspelt; so is a number
    in quotation marks."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _day(given: object) -> object:
    """A day as it is described; not the seconds since 1970 that pydantic would take as well."""
    if isinstance(given, str) and _ISO_DAY.fullmatch(given):
        return date.fromisoformat(given)
    raise ValueError("a day is written 2026-03-31")


Day = Annotated[date, BeforeValidator(_day)]


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
        if found.owner.must_change_password:
            raise password_due()
        if found.last_used_at is None or now - found.last_used_at > _USED_EVERY:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        request.api_token = found  # type: ignore[attr-defined]
        return found.owner


class Session(SessionAuth):
    """A session may call the API from our own pages; then the CSRF token is asked for."""

    def _get_key(self, request: HttpRequest) -> str | None:
        # Who is not signed in is told so, not that a token of our forms is missing.
        return super()._get_key(request) if request.user.is_authenticated else None


ACTOR = [TokenAuth(), Session(csrf=True)]


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
    """So many requests a minute for each token, for each person in a session, for each address otherwise."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request; False beyond the rate."""
        token, person = getattr(request, "api_token", None), getattr(request, "auth", None)
        if token is not None:
            who = f"token:{token.pk}"
        else:
            who = f"person:{person.pk}" if person is not None else f"address:{request.META.get('REMOTE_ADDR', '')}"
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


def listed(
    request: HttpRequest, found: QuerySet[Any] | Sequence[Any], paging: Paging, shown: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """A piece of a list with its total and the addresses of the pieces beside it. Two queries at most."""
    total = found.count() if isinstance(found, QuerySet) else len(found)
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


def clean(text: str) -> str:
    """A text that a database may be asked for: PostgreSQL knows no NUL."""
    return text.replace("\x00", "")


def english() -> bool:
    """Whether the caller asks for English; Chinese otherwise."""
    return (get_language() or "").startswith("en")
