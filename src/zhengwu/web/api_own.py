"""What is the caller's own at the budget desk: what he or she is told, and who signs in his or her place."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from zhengwu.model.message import Message
from zhengwu.web.api_common import (
    ACTOR,
    CHANGE,
    DESK,
    LARGEST_ID,
    Day,
    Given,
    Listed,
    Paging,
    actor_of,
    answers,
    clean,
    listed,
    missing,
)
from zhengwu.web.budgets import moves, selectors
from zhengwu.web.budgets.models import Delegation, Notice
from zhengwu.web.common.errors import FieldRefusedError, sentence
from zhengwu.web.common.permissions import require

router = Router(tags=["budget desk"], auth=ACTOR)


class NoticeOut(Schema):
    """What the caller is told: a budget came back, a figure was given, a day is near. ``budget``: the key of the one
    that it is about; ``adjustment``: the number of the adjustment of that budget."""

    id: int
    message: str
    budget: int | None
    adjustment: int | None
    at: AwareDatetime
    seen: bool


class NoticeList(Listed):
    """A piece of the notices. ``unseen``: how many of all are new."""

    unseen: int
    items: list[NoticeOut]


class SeenIn(Given):
    """Up to which notice the caller has read: the highest of their keys. What came since stays new."""

    newest: int = Field(ge=1, le=LARGEST_ID)


class SeenOut(Schema):
    """How many notices are new now."""

    unseen: int


class SignerOut(Schema):
    """Somebody who may sign in the caller's place."""

    username: str
    name: str
    role: Literal["officer", "head"]


class DelegationOut(Schema):
    """Who signs in the caller's place, from one day to another. ``current``: today; ``ended_at``: taken back."""

    id: int
    to: str
    to_name: str
    since: date
    until: date
    ended_at: AwareDatetime | None
    current: bool


class DelegationList(Listed):
    """A piece of the caller's delegations. ``signers``: whom signing can be given to."""

    signers: list[SignerOut]
    items: list[DelegationOut]


class DelegationIn(Given):
    """Who signs in the caller's place, and on which days: the first and the last."""

    to: str = Field(max_length=150, description="a user name")
    since: Day
    until: Day


@router.get("/notices", response=answers(NoticeList, DESK), summary="What the caller is told")
def notices(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The newest first."""
    actor = require(actor_of(request, "read"), "budget.view")
    told = Notice.objects.filter(person=actor).select_related("adjustment").defer("adjustment__changes")
    answer = listed(request, told, paging, _notice)
    return {**answer, "unseen": _unseen(actor)}


@router.post("/notices/seen", response=answers(SeenOut, CHANGE), summary="Mark notices as seen")
def see_notices(request: HttpRequest, data: SeenIn) -> Any:
    """Again changes nothing."""
    actor = require(actor_of(request, "budget"), "budget.view")
    moves.notices_see(actor=actor, newest=data.newest, now=timezone.now())
    return {"unseen": _unseen(actor)}


@router.get("/delegations", response=answers(DelegationList, DESK), summary="Who signs in the caller's place")
def delegations(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The latest first, those that are over among them."""
    actor = actor_of(request, "read")
    require(actor, "budget.delegate", actor.unit)
    answer = listed(request, Delegation.objects.filter(head=actor).select_related("to"), paging, _delegation)
    signers = [
        {"username": one.username, "name": str(one), "role": one.role} for one in selectors.signers(actor)
    ]  # fmt: skip
    return {**answer, "signers": signers}


@router.post("/delegations", response=answers(DelegationOut, CHANGE, 201), summary="Let somebody sign")
def delegate(request: HttpRequest, data: DelegationIn) -> Any:
    """An officer or head of the caller's unit signs in the caller's place; never what he or she handed in."""
    actor = actor_of(request, "budget-step")
    require(actor, "budget.delegate", actor.unit)
    to = selectors.signers(actor).filter(username=clean(data.to)).first()
    if to is None:
        # Whether there is such a person elsewhere is nobody's business here.
        raise FieldRefusedError(
            "to", "请选择本单位的另一位经办人或负责人。", "Choose another officer or head of the unit."
        )
    return Status(201, _delegation(moves.delegate(actor=actor, to=to, since=data.since, until=data.until, now=timezone.now())))  # fmt: skip


@router.post("/delegations/{int:pk}/ending", response=answers(DelegationOut, CHANGE), summary="Take a delegation back")
def end_delegation(request: HttpRequest, pk: int) -> Any:
    """From now on nobody signs by it. Again changes nothing."""
    actor = actor_of(request, "budget-step")
    require(actor, "budget.delegate", actor.unit)
    own = Delegation.objects.filter(head=actor).select_related("head__unit", "to")
    found = own.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise missing("没有这项委托。", "There is no such delegation.")
    return _delegation(moves.delegation_end(actor=actor, delegation=found, now=timezone.now()))


def _unseen(actor: Any) -> int:
    return Notice.objects.filter(person=actor, seen_at=None).count()


def _notice(one: Notice) -> dict[str, Any]:
    return {
        "id": one.pk, "message": sentence(Message(one.zh, one.en)), "budget": one.budget_id,
        "adjustment": one.adjustment.number if one.adjustment else None, "at": one.at, "seen": one.seen_at is not None,
    }  # fmt: skip


def _delegation(one: Delegation) -> dict[str, Any]:
    names = ("since", "until", "ended_at")
    current = one.ended_at is None and one.since <= timezone.localdate() <= one.until
    return {
        **{name: getattr(one, name) for name in names}, "id": one.pk, "to": one.to.username, "to_name": str(one.to),
        "current": current,
    }  # fmt: skip
