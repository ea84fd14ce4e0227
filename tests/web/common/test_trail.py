"""The audit trail: append-only, chained, proven."""

import json
from datetime import UTC, date
from hashlib import sha256
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests.web.people import World, world
from zhengwu.web.common import trail
from zhengwu.web.common.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def five() -> World:
    """Five events."""
    people = world()
    for number in range(5):
        trail.record(
            actor=people.people["reviewer"], action=f"test.{number}", subject=people.own, unit=people.own,
            data={"金额": "1,234.50", "number": number},
        )  # fmt: skip
    return people


def without_triggers(statement: str) -> None:
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE common_auditevent DISABLE TRIGGER audit_event_append_only")
        else:
            cursor.execute("DROP TRIGGER audit_event_no_update")
            cursor.execute("DROP TRIGGER audit_event_no_delete")
        cursor.execute(statement)


def test_trail_holds(five: World) -> None:
    assert trail.verify() == (5, "")
    events = list(AuditEvent.objects.all())
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]
    assert all(later.before == earlier.hash for earlier, later in pairwise(events))


def test_hash_is_the_one_that_events_of_all_versions_bear(five: World) -> None:
    event = AuditEvent.objects.get(sequence=3)
    said = [event.before, 3, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor_id, "test.2"]
    said += [event.subject, five.own.pk, {"number": 2, "金额": "1,234.50"}]
    assert event.hash == sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def test_recorded_event_is_the_one_that_is_kept(five: World) -> None:
    data = {
        "%s": "50%",
        "quote": "O'Brien \\ “引”",
        "moment": date(2026, 1, 2),
        "list": [None, True, 1.5, {"z": 1, "a": 2}],
    }
    made = trail.record(actor=None, action="test.%s", subject=five.own, data=data)
    kept = AuditEvent.objects.get(pk=made.pk)
    names = ("sequence", "at", "actor_id", "action", "subject", "unit_id", "data", "before", "hash")
    assert [getattr(kept, name) for name in names] == [getattr(made, name) for name in names]
    assert kept.data == {**data, "moment": "2026-01-02"}
    assert trail.verify() == (6, "")


@pytest.mark.parametrize("statement", [
    "UPDATE common_auditevent SET action = 'other' WHERE sequence = 2",
    "DELETE FROM common_auditevent WHERE sequence = 2",
])  # fmt: skip
def test_database_refuses_to_change_or_delete_an_event(five: World, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert trail.verify() == (5, "")


@pytest.mark.parametrize(("statement", "holds"), [
    ("UPDATE common_auditevent SET action = 'other' WHERE sequence = 3", 2),
    ("UPDATE common_auditevent SET data = '{}' WHERE sequence = 1", 0),
    ("UPDATE common_auditevent SET actor_id = NULL WHERE sequence = 5", 4),
    ("UPDATE common_auditevent SET at = '2020-01-01 00:00:00' WHERE sequence = 4", 3),
    ("DELETE FROM common_auditevent WHERE sequence = 2", 1),
    ("DELETE FROM common_auditevent WHERE sequence = 5", 4),
    ("DELETE FROM common_auditevent", 0),
])  # fmt: skip
def test_verify_finds_what_was_changed_behind_the_platform(five: World, statement: str, holds: int) -> None:
    without_triggers(statement)
    count, problem = trail.verify()
    assert count == holds
    assert problem
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stderr=said)
    assert ended.value.code == 1
    assert f"核验到第 {holds} 条" in said.getvalue()


def test_verify_finds_an_event_rewritten_with_a_new_hash(five: World) -> None:
    event = AuditEvent.objects.get(sequence=2)
    event.action = "other"
    without_triggers(
        f"UPDATE common_auditevent SET action = 'other', hash = '{trail.digest(event)}' WHERE sequence = 2"
    )
    assert trail.verify()[0] == 2, "the next one no longer follows"


def test_verify_audit_of_a_whole_trail_says_so(five: World) -> None:
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "共 5 条" in said.getvalue()


def test_event_outlives_no_change_that_is_rolled_back(five: World) -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            trail.record(actor=None, action="test", subject=five.own)
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        change_and_fail()
    assert trail.verify() == (5, "")


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_an_error() -> None:
    people = world()
    with pytest.raises(RuntimeError):
        trail.record(actor=None, action="test", subject=people.own)


@pytest.mark.parametrize(("query", "shown"), [
    ("", 5), ("action=test.3", 1), ("action=test", 5), ("actor=revi", 5), ("actor=nobody", 0), ("subject=unit", 5),
    ("since=2000-01-01&until=2000-01-02", 0), ("since=2000-01-01", 5), ("since=rubbish", 5), ("page=99", 5),
])  # fmt: skip
def test_trail_page_filters(five: World, client: Client, query: str, shown: int) -> None:
    client.force_login(five.people["auditor"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/trail/?{query}")
    assert len(page.context["page"].object_list) == shown
    assert "已核验至第 5 条" in page.content.decode()


def test_trail_page_filters_by_unit_with_those_below(five: World, client: Client) -> None:
    trail.record(actor=None, action="below", subject=five.below, unit=five.below)
    client.force_login(five.people["auditor"], backend="django.contrib.auth.backends.ModelBackend")
    assert len(client.get(f"/trail/?unit={five.own.pk}").context["page"].object_list) == 6
    assert len(client.get(f"/trail/?unit={five.foreign.pk}").context["page"].object_list) == 0


def test_trail_page_says_that_the_trail_is_broken(five: World, client: Client) -> None:
    without_triggers("DELETE FROM common_auditevent WHERE sequence = 2")
    client.force_login(five.people["auditor"], backend="django.contrib.auth.backends.ModelBackend")
    assert "审计记录不完整" in client.get("/trail/").content.decode()


def test_trail_page_asks_no_more_of_the_database_with_more_events(
    five: World, client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(five.people["auditor"], backend="django.contrib.auth.backends.ModelBackend")
    for number in range(40):
        trail.record(actor=five.people["head"], action=f"more.{number}", subject=five.own, unit=five.own)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        client.get("/trail/")
