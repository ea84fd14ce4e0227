"""What the pages of people, units and the trail read."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone

from zhengwu.web.common import trail
from zhengwu.web.common.models import AuditEvent, TrailHead, Unit, User

_QUICK = 5_000  # events that are verified while a page is waited for
_VERIFIED = "common.trail.verified"


def people(wanted: dict[str, Any]) -> "QuerySet[User]":
    """People by name, role and unit (with the units below it)."""
    chosen = User.objects.select_related("unit").order_by("-is_active", "username")
    if wanted.get("q"):
        chosen = chosen.filter(Q(username__icontains=wanted["q"]) | Q(first_name__icontains=wanted["q"]))
    if wanted.get("role"):
        chosen = chosen.filter(role=wanted["role"])
    if wanted.get("unit"):
        chosen = chosen.filter(unit__path__startswith=wanted["unit"].path)
    return chosen


def tree() -> list[dict[str, Any]]:
    """Units from the top, each {"unit", "children"}; one query."""
    nodes = {unit.pk: {"unit": unit, "children": []} for unit in Unit.objects.order_by("code")}
    top: list[dict[str, Any]] = []
    for node in nodes.values():
        siblings = top if node["unit"].parent_id is None else nodes[node["unit"].parent_id]["children"]
        siblings.append(node)
    return top


def events(wanted: dict[str, Any]) -> "QuerySet[AuditEvent]":
    """The trail, newest first. An action or subject may be given by its beginning."""
    chosen = AuditEvent.objects.select_related("actor", "unit").order_by("-sequence")
    if wanted.get("actor"):
        who = wanted["actor"]
        chosen = chosen.filter(Q(actor__username__icontains=who) | Q(actor__first_name__icontains=who))
    for name in ("action", "subject"):
        if wanted.get(name):
            chosen = chosen.filter(**{f"{name}__startswith": wanted[name].strip()})
    if wanted.get("unit"):
        chosen = chosen.filter(unit__path__startswith=wanted["unit"].path)
    if wanted.get("since"):
        chosen = chosen.filter(at__gte=_midnight(wanted["since"]))
    if wanted.get("until"):
        chosen = chosen.filter(at__lt=_midnight(wanted["until"] + timedelta(days=1)))
    return chosen


def verification(*, now: bool = False) -> dict[str, Any]:
    """How far the trail is verified: {"count", "problem", "at", "total"}. A short trail is verified each time, a
    long one when asked (``now``); until then what the last time found."""
    head = TrailHead.objects.filter(pk=1).first()
    total = head.sequence if head else 0
    kept = cache.get(_VERIFIED)
    if now or total <= _QUICK:
        count, problem = trail.verify()
        kept = {"count": count, "problem": problem, "at": timezone.now()}
        cache.set(_VERIFIED, kept, None)
    return {**(kept or {"count": 0, "problem": "", "at": None}), "total": total}


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
