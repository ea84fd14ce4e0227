"""The audit trail: an append-only chain of events, each covered by the hash of the next."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengwu.web.common.models import AuditEvent, TrailHead, Unit, User

# How the trail's page names an action; the apps above add theirs when they are ready.
ACTIONS: dict[str, Any] = {
    "session.sign-in": gettext_lazy("signed in"),
    "session.sign-out": gettext_lazy("signed out"),
    "session.end-all": gettext_lazy("all sessions ended"),
    "session.lock": gettext_lazy("locked after wrong passwords"),
    "second-step.add": gettext_lazy("second step set up"),
    "second-step.remove": gettext_lazy("second step removed"),
    "person.add": gettext_lazy("person added"),
    "person.change": gettext_lazy("person changed"),
    "person.activate": gettext_lazy("person activated"),
    "person.deactivate": gettext_lazy("person deactivated"),
    "person.reset-password": gettext_lazy("password reset"),
    "person.change-password": gettext_lazy("own password changed"),
    "unit.add": gettext_lazy("unit added"),
    "unit.change": gettext_lazy("unit changed"),
}


def subject_of(item: models.Model) -> str:
    """How an event names what it is about: "document:12"."""
    return f"{item._meta.model_name}:{item.pk}"


def record(
    *,
    actor: User | None,
    action: str,
    subject: models.Model,
    unit: Unit | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add an event in the transaction of what it records. Raises RuntimeError outside a transaction: an event and
    its change stand or fall together."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit event is written in the transaction of the change that it records")
    # All that can be done is done before the head is locked: from there on, everybody who records waits.
    told = json.loads(json.dumps(data or {}, ensure_ascii=False, default=str))
    ordered = _sorted(told)
    head, _created = TrailHead.objects.select_for_update(no_key=True).get_or_create(pk=1)
    event = AuditEvent(
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor=actor,
        action=action,
        subject=subject_of(subject),
        unit=unit,
        data=told,
        before=head.hash,
    )
    event.hash = digest(event, ordered)
    if connection.vendor == "postgresql":
        _append(event, ordered)
    else:
        event.save(force_insert=True)
        head.sequence, head.hash = event.sequence, event.hash
        head.save()
    return event


def _append(event: AuditEvent, data: str) -> None:
    """Write the event and move the head, in one statement: a second one would make all others wait for its way to the
    database and back as well."""
    values = {name: getattr(event, name) for name in ("sequence", "at", "actor_id", "action", "subject", "unit_id")}
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, {**values, "data": data, "before": event.before, "hash": event.hash})
        event.pk = cursor.fetchone()[0]


_APPEND = """WITH added AS (
INSERT INTO common_auditevent (sequence, at, actor_id, action, subject, unit_id, data, before, hash) VALUES (
%(sequence)s, %(at)s, %(actor_id)s, %(action)s, %(subject)s, %(unit_id)s, %(data)s::jsonb, %(before)s, %(hash)s)
RETURNING id, sequence, hash)
UPDATE common_trailhead SET sequence = added.sequence, hash = added.hash FROM added WHERE common_trailhead.id = 1
RETURNING added.id"""


def digest(event: AuditEvent, data: str = "") -> str:
    """The SHA-256 of an event's content with the hash before it; ``data`` is ``_sorted`` of its data, if known."""
    content = [
        event.before, event.sequence, _instant(event.at), event.actor_id, event.action, event.subject, event.unit_id,
    ]  # fmt: skip
    text = f"{json.dumps(content, ensure_ascii=False)[:-1]}, {data or _sorted(event.data)}]"
    return hashlib.sha256(text.encode()).hexdigest()


def _sorted(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _instant(at: datetime) -> str:
    return at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")


def verify() -> tuple[int, str]:
    """(events that hold, what is wrong with the first that does not; "" when all hold)."""
    before, count = "", 0
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != count + 1:
            return count, _("event %(number)s is missing") % {"number": count + 1}
        if event.before != before:
            return count, _("event %(number)s does not follow the one before it") % {"number": event.sequence}
        if digest(event) != event.hash:
            return count, _("event %(number)s was changed") % {"number": event.sequence}
        before, count = event.hash, event.sequence
    head = TrailHead.objects.filter(pk=1).first()
    if head is not None and (head.sequence, head.hash) != (count, before):
        return count, _("events after %(number)s are missing") % {"number": count}
    return count, ""


def atomic_event(**event: Any) -> AuditEvent:
    """An event that is itself the change (a sign-in, a download)."""
    with transaction.atomic():
        return record(**event)
