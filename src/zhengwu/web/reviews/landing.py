"""Where a person's work on documents lies: what signing in leads to while no budget waits."""

from django.shortcuts import resolve_url
from django.utils.http import urlencode

from zhengwu.web.common.models import Role, User
from zhengwu.web.reviews import selectors
from zhengwu.web.reviews.models import DocumentState

# What waits for somebody of the unit, the most urgent first.
_WAITING = {
    Role.OFFICER: (DocumentState.RETURNED, DocumentState.CONFIRMING),
    Role.HEAD: (DocumentState.RETURNED, DocumentState.DONE),
}


def landing(person: User) -> str:
    """The board: for officers and heads with what waits for their unit, where something does."""
    board = str(resolve_url("reviews:board"))
    wanted = _WAITING.get(Role(person.role), ())
    found = set(selectors.documents_of(person).filter(state__in=wanted).order_by().values_list("state", flat=True))
    state = next((str(one) for one in wanted if one in found), "")
    return f"{board}?{urlencode({'state': state})}" if state else board
