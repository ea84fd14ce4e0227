"""People and units: what administrators do. Each service: permission, lock, check, write, event, return."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhengwu.web.common import trail
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.permissions import require

_ADMINISTRATOR = str(Role.ADMINISTRATOR)
_OF_A_UNIT = (str(Role.OFFICER), str(Role.HEAD))


def person_add(
    *, actor: User, username: str, name: str, role: str, unit: Unit | None, email: str, password: str
) -> User:
    """A new person who can sign in at once, and then chooses a password of their own. Raises RefusedError."""
    require(actor, "people.manage", unit)
    return _add(actor, username, name, role, unit, email, password)


def person_add_by_operator(
    *, username: str, name: str, role: str, unit: Unit | None, email: str = "", password: str
) -> User:
    """The same for whoever runs the machine and has no account: the event has no actor. The password is the person's
    own: whoever types it here is mostly the person."""
    return _add(None, username, name, role, unit, email, password)


@transaction.atomic
def _add(actor: User | None, username: str, name: str, role: str, unit: Unit | None, email: str, password: str) -> User:
    _check_role(role, unit)
    if User.objects.filter(username__iexact=username).exists():
        raise FieldRefusedError(
            "username", f"用户名“{username}”已有人使用。", f"The user name “{username}” is taken already."
        )
    person = User(
        username=username, first_name=name, role=role, unit=unit, email=email, must_change_password=actor is not None
    )
    _check_password(password, person)
    person.set_password(password)
    person.save()
    trail.record(actor=actor, action="person.add", subject=person, unit=unit, data=_state(person))
    return person


@transaction.atomic
def person_change(*, actor: User, person: User, name: str, role: str, unit: Unit | None, email: str) -> User:
    """Name, role, unit, address. The last active administrator stays one."""
    require(actor, "people.manage", unit)
    person = _locked(person)
    _check_role(role, unit)
    if role != _ADMINISTRATOR:
        _keep_an_administrator(person, "role")
    before = _state(person)
    person.first_name, person.role, person.unit, person.email = name, role, unit, email
    person.save()
    if _state(person) != before:
        data = {"before": before, "after": _state(person)}
        trail.record(actor=actor, action="person.change", subject=person, unit=unit, data=data)
    return person


@transaction.atomic
def person_set_active(*, actor: User, person: User, active: bool) -> User:
    """Let a person sign in again, or no longer: what they did stays theirs, their sessions end."""
    require(actor, "people.manage")
    person = _locked(person)
    if not active:
        _keep_an_administrator(person, "active")
    if person.is_active != active:
        person.is_active = active
        person.save(update_fields=["is_active"])
        action = "person.activate" if active else "person.deactivate"
        trail.record(actor=actor, action=action, subject=person, unit=person.unit)
    return person


@transaction.atomic
def password_reset(*, actor: User, person: User) -> str:
    """A new random password, returned once and kept nowhere, to be replaced at the next sign-in; the person's
    sessions end, and so does their second step: who lost the password has often lost the telephone."""
    require(actor, "people.manage")
    person = _locked(person)
    password = secrets.token_urlsafe(12)
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    person.totpdevice_set.all().delete()
    trail.record(actor=actor, action="person.reset-password", subject=person, unit=person.unit)
    return password


@transaction.atomic
def password_change(*, actor: User, password: str) -> User:
    """One's own password, another one than before; other sessions end."""
    person = _locked(actor)
    if person.check_password(password):
        raise FieldRefusedError(
            "password",
            "这就是现在的密码：请另设一个。",
            "This is the present password: choose another one.",
        )
    _check_password(password, person)
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    trail.record(actor=person, action="person.change-password", subject=person, unit=person.unit)
    return person


@transaction.atomic
def language_set(*, actor: User, language: str) -> None:
    """One's language. No event: nothing depends on it."""
    User.objects.filter(pk=actor.pk).update(language=language)


@transaction.atomic
def unit_add(*, actor: User, code: str, name: str, parent: Unit | None) -> Unit:
    """A unit on top, or below another."""
    require(actor, "people.manage", parent)
    _free_code(code, None)
    unit = Unit(code=code, name=name, parent=parent)
    unit.save()
    data = {"code": code, "name": name, "parent": parent.pk if parent else None}
    trail.record(actor=actor, action="unit.add", subject=unit, unit=unit, data=data)
    return unit


@transaction.atomic
def unit_change(*, actor: User, unit: Unit, code: str, name: str, parent: Unit | None) -> Unit:
    """Rename a unit, or move it with all that is below it; never below itself."""
    require(actor, "people.manage", unit)
    # All of them: two moves at once could hang two units below each other.
    tree = {one.pk: one for one in Unit.objects.select_for_update(no_key=True).order_by("pk")}
    unit = tree[unit.pk]
    parent = tree[parent.pk] if parent else None
    _free_code(code, unit)
    if parent is not None and parent.path.startswith(unit.path):
        raise FieldRefusedError(
            "parent",
            "单位不能移到它自己或它的下级之下。",
            "A unit cannot be moved below itself or one of its own units.",
        )
    before = {"code": unit.code, "name": unit.name, "parent": unit.parent_id}
    old = unit.path
    unit.code, unit.name, unit.parent = code, name, parent
    unit.save()
    below = [one for one in tree.values() if one.path.startswith(old) and one.pk != unit.pk]
    for one in below:
        one.path = unit.path + one.path.removeprefix(old)
    if unit.path != old:
        Unit.objects.bulk_update(below, ["path"])
    after = {"code": code, "name": name, "parent": unit.parent_id}
    if before != after:
        data = {"before": before, "after": after}
        trail.record(actor=actor, action="unit.change", subject=unit, unit=unit, data=data)
    return unit


def _locked(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def _state(person: User) -> dict[str, object]:
    return {
        "username": person.username,
        "name": person.first_name,
        "role": str(person.role),
        "unit": person.unit_id,
        "email": person.email,
    }


def _check_role(role: str, unit: Unit | None) -> None:
    if role not in Role.values:
        raise FieldRefusedError("role", f"没有角色“{role}”。", f"There is no role “{role}”.")
    if unit is None and role in _OF_A_UNIT:
        raise FieldRefusedError(
            "unit", "经办人和负责人须属于一个单位：请选择单位。", "Officers and heads belong to a unit: choose one."
        )


def _check_password(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        sentences = " ".join(error.messages)
        raise FieldRefusedError("password", sentences, sentences) from error


def _keep_an_administrator(person: User, field: str) -> None:
    # Locked in one order: two administrators cannot remove each other at the same time.
    active = User.objects.select_for_update(no_key=True).filter(role=_ADMINISTRATOR, is_active=True).order_by("pk")
    if {one.pk for one in active} == {person.pk}:
        raise FieldRefusedError(
            field,
            "这是最后一名在用的管理员：请先设置另一名管理员。",
            "This is the last active administrator: make somebody else one first.",
        )


def _free_code(code: str, unit: Unit | None) -> None:
    others = Unit.objects.filter(code=code)
    if unit is not None:
        others = others.exclude(pk=unit.pk)
    if others.exists():
        raise FieldRefusedError("code", f"单位代码“{code}”已经使用。", f"The unit code “{code}” is used already.")
