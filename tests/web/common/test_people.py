"""People and units: services and pages of administrators; the table of permissions against a reviewed copy."""

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.web.people import PASSWORD, World, world
from zhengwu.model.message import RefusedError
from zhengwu.web.common import permissions, services, trail
from zhengwu.web.common.errors import FieldRefusedError
from zhengwu.web.common.models import AuditEvent, Unit, User
from zhengwu.web.common.permissions import may, visible

BACKEND = "django.contrib.auth.backends.ModelBackend"
REVIEWED = """
                   officer head reviewer auditor administrator
document.view      own     own  all      all     all
document.upload    own     own  all      -       -
document.confirm   own     -    all      -       -
document.assign    -       -    all      -       -
document.return    -       -    all      -       -
document.close     -       -    all      -       -
document.publish   -       own  all      -       -
finding.decide     -       -    all      -       -
finding.comment    own     own  all      -       -
board.view         -       -    all      all     all
budget.view       own      own      all      all      all
budget.edit       self     -        -        -        -
budget.hand-in    self     -        -        -        -
budget.sign       -        own      -        -        -
budget.delegate   -        own      -        -        -
budget.remark     own      own      all      -        -
budget.open-year  -        -        all      -        -
budget.control    -        -        all      -        -
budget.return     -        -        all      -        -
budget.approve    -        -        all      -        -
budget.publish    -        own      -        -        -
budget.export     -        -        all      -        -
budget.merge      -        -        all      -        -
project.rank      -        own      -        -        -
people.manage      -       -    -        -       all
trail.view         -       -    -        all     all
"""


def test_permissions_are_those_that_were_reviewed() -> None:
    roles, *rows = (line.split() for line in REVIEWED.strip().splitlines())
    reviewed = {
        action: {role: scope for role, scope in zip(roles, scopes, strict=True) if scope != "-"}
        for action, *scopes in rows
    }
    assert reviewed == permissions.TABLE


@pytest.fixture
def people(db: None) -> World:
    return world()


@pytest.fixture
def admin(people: World) -> User:
    return people.people["administrator"]


def add(actor: User, **more: object) -> User:
    given = {"username": "new", "name": "新人", "role": "reviewer", "unit": None, "email": "", "password": PASSWORD}
    return services.person_add(actor=actor, **{**given, **more})  # type: ignore[arg-type]


def test_own_is_the_unit_and_those_below_it(people: World) -> None:
    officer = people.people["officer"]
    assert may(officer, "document.view", people.own)
    assert may(officer, "document.view", people.below)
    assert not may(officer, "document.view", people.foreign)
    assert set(visible(Unit.objects.all(), officer, unit="parent")) == {people.below}
    officer.is_active = False
    assert not may(officer, "document.view", people.own)
    assert not may(None, "document.view")


def test_person_add_writes_person_and_event(people: World, admin: User) -> None:
    person = add(admin, role="officer", unit=people.own)
    event = AuditEvent.objects.get()
    assert (event.actor, event.action, event.subject) == (admin, "person.add", f"user:{person.pk}")
    assert PASSWORD not in str(event.data)
    assert trail.verify() == (1, "")


@pytest.mark.parametrize(("given", "field"), [
    ({"username": "OFFICER"}, "username"), ({"role": "king"}, "role"), ({"role": "officer"}, "unit"),
    ({"password": "short"}, "password"), ({"password": "1234567890123"}, "password"),
])  # fmt: skip
def test_person_add_refuses_and_names_the_field(admin: User, given: dict[str, object], field: str) -> None:
    with pytest.raises(FieldRefusedError) as refused:
        add(admin, **given)
    assert refused.value.field == field
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("role", ["officer", "head", "reviewer", "auditor"])
def test_services_refuse_everybody_but_administrators(people: World, role: str) -> None:
    actor = people.people[role]
    officer = people.people["officer"]
    for service in (
        lambda: add(actor),
        lambda: services.person_change(actor=actor, person=actor, name="", role="administrator", unit=None, email=""),
        lambda: services.person_set_active(actor=actor, person=officer, active=False),
        lambda: services.password_reset(actor=actor, person=officer),
        lambda: services.unit_add(actor=actor, code="9", name="九", parent=None),
        lambda: services.unit_change(actor=actor, unit=people.own, code="9", name="九", parent=None),
    ):
        with pytest.raises(RefusedError) as refused:
            service()
        assert refused.value.code == "not-allowed"
    assert not AuditEvent.objects.exists()


def test_the_last_administrator_stays(people: World, admin: User) -> None:
    def demote() -> None:
        services.person_change(actor=admin, person=admin, name="", role="auditor", unit=None, email="")

    with pytest.raises(FieldRefusedError):
        demote()
    with pytest.raises(FieldRefusedError):
        services.person_set_active(actor=admin, person=admin, active=False)
    second = add(admin, role="administrator")
    demote()
    with pytest.raises(FieldRefusedError):
        services.person_set_active(actor=second, person=second, active=False)


def test_person_change_keeps_before_and_after(people: World, admin: User) -> None:
    services.person_change(
        actor=admin, person=people.people["officer"], name="李明", role="head", unit=people.foreign, email=""
    )
    data = AuditEvent.objects.get().data
    assert (data["before"]["role"], data["after"]["role"]) == ("officer", "head")
    assert (data["before"]["unit"], data["after"]["unit"]) == (people.own.pk, people.foreign.pk)


def test_password_reset_ends_sessions_and_second_step(people: World, admin: User) -> None:
    officer = people.people["officer"]
    TOTPDevice.objects.create(user=officer, confirmed=True)
    session = Client()
    session.force_login(officer, backend=BACKEND)
    password = services.password_reset(actor=admin, person=officer)
    assert session.get("/account/").status_code == 302
    given = {"username": "officer", "password": password, "next": "/account/"}
    assert session.post("/sign-in/", given)["Location"] == "/account/password/"
    assert password not in str(AuditEvent.objects.filter(action="person.reset-password").get().data)


def test_unit_moves_with_all_below_it_and_never_below_itself(people: World, admin: User) -> None:
    grandchild = services.unit_add(actor=admin, code="101001001", name="分校", parent=people.below)
    services.unit_change(actor=admin, unit=people.own, code="101", name="区教育局", parent=people.foreign)
    for unit in (people.own, people.below, grandchild):
        unit.refresh_from_db()
    assert people.own.path == f"{people.foreign.path}{people.own.pk}/"
    assert grandchild.path == f"{people.own.path}{people.below.pk}/{grandchild.pk}/"
    with pytest.raises(FieldRefusedError):
        services.unit_change(actor=admin, unit=people.foreign, code="202", name="区卫生局", parent=grandchild)
    with pytest.raises(FieldRefusedError):
        services.unit_add(actor=admin, code="202", name="重复", parent=None)


def test_person_form_keeps_what_was_typed_and_marks_the_field(people: World, admin: User, client: Client) -> None:
    client.force_login(admin, backend=BACKEND)
    given = {"username": "officer", "name": "新<b>人", "role": "reviewer", "password": PASSWORD, "email": ""}
    answer = client.post("/people/add/", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已有人使用" in page
    assert 'value="新&lt;b&gt;人"' in page
    assert 'aria-invalid="true"' in page


def test_pages_of_people_and_units_work_end_to_end(people: World, admin: User, client: Client) -> None:
    client.force_login(admin, backend=BACKEND)
    given = {"username": "wang", "name": "王芳", "role": "head", "unit": people.own.pk, "password": PASSWORD}
    assert client.post("/people/add/", given).status_code == 302
    assert "王芳" in client.get("/people/?q=王").content.decode()
    assert "王芳" not in client.get(f"/people/?unit={people.foreign.pk}").content.decode()
    person = User.objects.get(username="wang")
    assert client.post(f"/people/{person.pk}/active/", {"active": "0"}).status_code == 302
    assert not User.objects.get(pk=person.pk).is_active
    page = client.post(f"/people/{person.pk}/password/")
    assert page.status_code == 200
    assert User.objects.get(pk=person.pk).check_password(page.context["password"])
    assert "no-store" in page["Cache-Control"]
    assert client.post("/units/add/", {"code": "5", "name": "五局", "parent": ""}).status_code == 302
    assert "五局" in client.get("/units/").content.decode()
    assert trail.verify()[1] == ""


def test_refusal_outside_a_form_is_a_page_with_its_sentence(people: World, admin: User, client: Client) -> None:
    client.force_login(admin, backend=BACKEND)
    answer = client.post(f"/people/{admin.pk}/active/", {"active": "0"})
    assert answer.status_code == 422
    assert "最后一名在用的管理员" in answer.content.decode()


def test_people_page_asks_no_more_of_the_database_with_more_people(
    admin: User, client: Client, django_assert_max_num_queries: object
) -> None:
    User.objects.bulk_create([User(username=f"p{number}", role="auditor") for number in range(60)])
    client.force_login(admin, backend=BACKEND)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        client.get("/people/")
