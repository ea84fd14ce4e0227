"""People, units and the audit trail, to be read by who keeps them."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from zhengwu.web.api_common import (
    ACTOR,
    DESK,
    LARGEST_ID,
    Day,
    Listed,
    Paging,
    actor_of,
    answers,
    clean,
    listed,
    missing,
)
from zhengwu.web.common import selectors
from zhengwu.web.common.models import AuditEvent, Unit, User
from zhengwu.web.common.permissions import require

router = Router(tags=["administration"], auth=ACTOR)
_UNIT = Field("", max_length=40, description="the code of a unit: it and those below it")


class PersonOut(Schema):
    """Somebody who has an account."""

    id: int
    username: str
    name: str
    role: Literal["officer", "head", "reviewer", "auditor", "administrator"]
    unit: str | None
    email: str
    active: bool


class PersonList(Listed):
    """A piece of the list of people."""

    items: list[PersonOut]


class PersonFilter(Schema):
    """Which people. ``q``: a part of the name or user name."""

    q: str = Field("", max_length=100)
    role: Literal["", "officer", "head", "reviewer", "auditor", "administrator"] = ""
    unit: str = _UNIT


class BureauUnitOut(Schema):
    """A unit and the one that it belongs to."""

    code: str
    name: str
    parent: str | None


class BureauUnitList(Listed):
    """A piece of the list of units."""

    items: list[BureauUnitOut]


class EventOut(Schema):
    """Something that was done. ``hash`` covers it and the ``before`` of the chain."""

    sequence: int
    at: AwareDatetime
    actor: str | None
    action: str
    subject: str
    unit: str | None
    data: dict[str, Any]
    before: str
    hash: str


class EventList(Listed):
    """A piece of the audit trail."""

    items: list[EventOut]


class EventFilter(Schema):
    """Which events. ``action`` and ``subject`` may be given by their beginning."""

    actor: str = Field("", max_length=150)
    action: str = Field("", max_length=60)
    subject: str = Field("", max_length=120)
    unit: str = _UNIT
    since: Day | None = None
    until: Day | None = None


@router.get("/administration/people", response=answers(PersonList, DESK), summary="People")
def people(request: HttpRequest, asked: Query[PersonFilter], paging: Query[Paging]) -> Any:
    """Those in use first, by user name."""
    require(actor_of(request, "read"), "people.manage")
    wanted = {"q": clean(asked.q), "role": asked.role, "unit": _unit(asked.unit)}
    return listed(request, selectors.people(wanted), paging, _person)


@router.get("/administration/people/{int:pk}", response=answers(PersonOut, DESK), summary="One person")
def person(request: HttpRequest, pk: int) -> Any:
    """Somebody who has an account, or had one."""
    require(actor_of(request, "read"), "people.manage")
    found = User.objects.select_related("unit").filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise missing("没有这个人。", "There is no such person.")
    return _person(found)


@router.get("/administration/units", response=answers(BureauUnitList, DESK), summary="All units")
def bureau_units(request: HttpRequest, paging: Query[Paging]) -> Any:
    """By code, whether they have published or not."""
    require(actor_of(request, "read"), "people.manage")
    return listed(request, Unit.objects.select_related("parent").order_by("code"), paging, _bureau_unit)


@router.get("/administration/trail", response=answers(EventList, DESK), summary="The audit trail")
def trail(request: HttpRequest, asked: Query[EventFilter], paging: Query[Paging]) -> Any:
    """The newest first."""
    require(actor_of(request, "read"), "trail.view")
    wanted = {name: clean(getattr(asked, name)) for name in ("actor", "action", "subject")}
    found = selectors.events({**wanted, "unit": _unit(asked.unit), "since": asked.since, "until": asked.until})
    return listed(request, found, paging, _event)


def _unit(code: str) -> Unit | None:
    if not code:
        return None
    found = Unit.objects.filter(code=clean(code)).first()
    if found is None:
        raise missing("没有这个单位代码。", "There is no unit of this code.")
    return found


def _person(one: User) -> dict[str, Any]:
    return {
        "id": one.pk, "username": one.username, "name": one.first_name, "role": one.role,
        "unit": one.unit.code if one.unit else None, "email": one.email, "active": one.is_active,
    }  # fmt: skip


def _bureau_unit(one: Unit) -> dict[str, Any]:
    return {"code": one.code, "name": one.name, "parent": one.parent.code if one.parent else None}


def _event(one: AuditEvent) -> dict[str, Any]:
    return {
        "sequence": one.sequence, "at": one.at, "actor": one.actor.username if one.actor else None,
        "action": one.action, "subject": one.subject, "unit": one.unit.code if one.unit else None,
        "data": one.data, "before": one.before, "hash": one.hash,
    }  # fmt: skip
