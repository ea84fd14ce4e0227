"""Signing in and out, and the second step: services about one's own session."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhengwu.web.common import trail
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import AuditEvent, User


def device_of(person: User) -> TOTPDevice | None:
    """The authenticator app of a person, once confirmed."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def signed_in(*, person: User, address: str) -> None:
    """Somebody signed in, with every step that was asked for, from a network address."""
    data = {"address": address}
    trail.atomic_event(actor=person, action="session.sign-in", subject=person, unit=person.unit, data=data)


def signed_out(*, person: User) -> None:
    """Somebody signed out."""
    trail.atomic_event(actor=person, action="session.sign-out", subject=person, unit=person.unit)


@transaction.atomic
def sessions_end(*, actor: User) -> User:
    """End all of one's sessions, on whatever machine: those that began before ``sessions_end`` of the result."""
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    person.sessions_end = timezone.now()
    person.save(update_fields=["sessions_end"])
    trail.record(actor=person, action="session.end-all", subject=person, unit=person.unit)
    return person


def locked_out(*, username: str, address: str) -> None:
    """Too many wrong passwords. One event a lock-out: whoever guesses shall not be able to flood the trail."""
    person = User.objects.filter(username=username).first()
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    if person is None:
        return
    known = AuditEvent.objects.filter(action="session.lock", subject=trail.subject_of(person), at__gte=since)
    if not known.exists():
        data = {"address": address}
        trail.atomic_event(actor=None, action="session.lock", subject=person, unit=person.unit, data=data)


@transaction.atomic
def code_accepted(*, person: User, code: str) -> TOTPDevice | None:
    """The device when the code is its present one and was not used before. Wrong codes make the device wait ever
    longer (django-otp)."""
    device = TOTPDevice.objects.select_for_update(no_key=True).filter(user=person, confirmed=True).first()
    return device if device is not None and device.verify_token(code) else None


@transaction.atomic
def second_step_begin(*, actor: User) -> TOTPDevice:
    """A device to be confirmed; the same one when the page is loaded again."""
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    device, _created = TOTPDevice.objects.get_or_create(
        user=actor, confirmed=False, defaults={"name": actor.username, "tolerance": 1}
    )
    return device


@transaction.atomic
def second_step_confirm(*, actor: User, code: str) -> TOTPDevice | None:
    """Confirm it by its first code; None when the code is wrong."""
    device = TOTPDevice.objects.select_for_update(no_key=True).filter(user=actor, confirmed=False).first()
    if device is None or not device.verify_token(code):
        return None
    TOTPDevice.objects.filter(user=actor, confirmed=True).delete()
    device.confirmed = True
    device.save()
    trail.record(actor=actor, action="second-step.add", subject=actor, unit=actor.unit)
    return device


@transaction.atomic
def _second_step_removed(*, actor: User, code: str) -> bool:
    if code_accepted(person=actor, code=code) is None:
        return False
    TOTPDevice.objects.filter(user=actor).delete()
    trail.record(actor=actor, action="second-step.remove", subject=actor, unit=actor.unit)
    return True


def second_step_remove(*, actor: User, code: str) -> None:
    """Remove it, with a code: an open screen is not enough. Raises RefusedError outside the transaction, which
    keeps the count of wrong codes."""
    if not _second_step_removed(actor=actor, code=code):
        raise wrong_code()


def wrong_code() -> FieldRefusedError:
    """The refusal of a code."""
    return FieldRefusedError(
        "code",
        "验证码不对，或已经用过：请等应用显示下一个再输入；连续出错须稍候再试。",
        "The code is wrong or was used already: wait for the next one. After several wrong codes wait a little.",
    )
