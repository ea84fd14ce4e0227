"""People and units for tests of the platform."""

from typing import NamedTuple

from zhengwu.web.common.models import Role, Unit, User

PASSWORD = "a long enough 口令 42"


class World(NamedTuple):
    """Two departments, one with a unit below; a person of each role (officer and head in ``own``)."""

    own: Unit
    below: Unit
    foreign: Unit
    people: dict[str, User]


def world() -> World:
    """Make it."""
    own = Unit.objects.create(code="101", name="区教育局")
    below = Unit.objects.create(code="101001", name="第一中学", parent=own)
    foreign = Unit.objects.create(code="202", name="区卫生局")
    people = {}
    for role in Role.values:
        person = User(username=role, role=role, unit=own if role in ("officer", "head") else None)
        person.set_password(PASSWORD)
        person.save()
        people[role] = person
    return World(own, below, foreign, people)
