"""The review desk through the API: the whole way of a document, and two at once."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.api.calls import ROOT, SCOPES, asked, revision, sent, token_of
from tests.web.explorer.making import person, reviewed, unit_of
from zhengwu.web.common.models import AuditEvent, Role, User
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews import jobs
from zhengwu.web.reviews.models import Document, Finding, Round

pytestmark = pytest.mark.django_db
FAULTY = (Path(__file__).parents[3] / "examples" / "faulty-budget.txt").read_bytes()
CHINESE = {"Accept-Language": "zh"}
ENGLISH = {"Accept-Language": "en"}


def up(client: Client, path: str, name: str, data: bytes, headers: dict[str, str]) -> Any:
    field = "file" if path.endswith("/rounds") else "files"
    return client.post(ROOT + path, {field: SimpleUploadedFile("预算.txt", data)}, headers=headers | ENGLISH)


def simple(state: str = "open") -> tuple[Document, User]:
    """A document under review that nobody audited, and a reviewer."""
    reviewer = person(Role.REVIEWER)
    document = reviewed(unit_of(), reviewer, b"x")
    document.state = state
    document.save()
    return document, reviewer


def test_document_goes_its_whole_way(client: Client) -> None:
    unit = unit_of("001", "示例区政务服务管理局")
    officer = token_of(person(Role.OFFICER, unit), *SCOPES)
    reviewer = token_of(person(Role.REVIEWER, None, "reviewer"), *SCOPES)

    # Uploaded, audited, recognised, confirmed.
    one = up(client, "/documents", "预算.txt", FAULTY, officer).json()["rounds"][0]
    at = f"/documents/{one['document']}"
    assert (one["job"], one["current"], one["number"]) == ("queued", True, 1)
    jobs.run_pending()
    made = asked(client, f"/rounds/{one['id']}", **officer)
    assert made["job"] == "done"
    assert made["recognised"] == {"unit": unit.name, "year": 2021, "kind": "budget"}
    seen = asked(client, at, **officer)
    assert seen["state"] == "confirming"
    given = {"unit": "001", "year": 2021, "kind": "budget", "revision": seen["revision"]}
    assert sent(client, f"{at}/confirmation", {**given, "year": 1}, officer).json()["fields"].keys() == {"year"}
    assert sent(client, f"{at}/confirmation", {**given, "unit": "no"}, officer).json()["fields"].keys() == {"unit"}
    confirmed = sent(client, f"{at}/confirmation", given, officer).json()
    assert (confirmed["state"], confirmed["unit"], confirmed["year"]) == ("open", "001", 2021)
    assert sent(client, f"{at}/confirmation", given, officer).status_code == 409

    # Assigned, looked at, decided, commented, returned.
    assigned = sent(client, f"{at}/assignment", {"to": "reviewer", "due": "2026-03-31", "revision": confirmed["revision"]}, reviewer).json()  # fmt: skip
    assert (assigned["assigned_to"], assigned["due"]) == ("reviewer", "2026-03-31")
    assert asked(client, "/documents?assigned_to=reviewer", **reviewer)["total"] == 1
    found = asked(client, f"/rounds/{one['id']}/findings?limit=500", **reviewer)["items"]
    board = asked(client, "/board", **reviewer)
    assert board["states"]["open"] == 1
    assert sum(board["severities"].values()) == len(found)
    assert board["units"] == [{"key": "001", "name": unit.name, "count": 1}]
    amounts = asked(client, f"/rounds/{one['id']}/coverage?limit=500", **reviewer | ENGLISH)
    assert sum(amounts["counts"].values()) == amounts["total"] >= made["amounts"]
    assert amounts["counts"]["tied"] >= made["tied"] > 0
    broken = asked(client, f"/rounds/{one['id']}/coverage?state=broken", **reviewer | ENGLISH)
    assert broken["total"] == amounts["counts"]["broken"] > 0
    assert any(not relation["holds"] and " ≠ " in relation["text"] for amount in broken["items"] for relation in amount["relations"])  # fmt: skip
    table = broken["items"][0]["table"]
    assert {one["table"] for one in asked(client, f"/rounds/{one['id']}/coverage?table={table}", **reviewer)["items"]} == {table}  # fmt: skip
    first = found[0]
    mine = sent(client, f"/findings/{first['id']}/assignment", {"to": officer_name(unit), "before": None}, reviewer)
    assert mine.json()["assigned_to"] == officer_name(unit)
    assert asked(client, f"/rounds/{one['id']}/findings?assigned_to={officer_name(unit)}", **reviewer)["total"] == 1
    returned = sent(client, f"{at}/return", {"reason": "请修改", "revision": assigned["revision"]}, reviewer).json()
    assert (returned["state"], returned["return_reason"]) == ("returned", "请修改")

    # Mended: the next round tells what changed.
    same = up(client, f"{at}/rounds", "预算.txt", FAULTY, officer)
    assert (same.status_code, same.json()["code"]) == (422, "same-file")
    mended = FAULTY.decode().replace("增加（减少）", "增加").encode()
    assert mended != FAULTY
    two = up(client, f"{at}/rounds", "预算.txt", mended, officer).json()["rounds"][0]
    assert up(client, f"{at}/rounds", "预算.txt", mended + b"\n", officer).status_code == 409, "it is being audited"
    jobs.run_pending()
    changes = asked(client, f"/rounds/{two['id']}/changes?limit=500", **reviewer)
    assert changes["before"] == one["id"]
    assert changes["counts"]["mended"] >= 1
    assert changes["counts"]["mended"] + changes["counts"]["remaining"] == len(found)
    assert [item["change"] for item in changes["items"]] == sorted(
        (item["change"] for item in changes["items"]), key=["mended", "remaining", "new"].index
    )
    gone = asked(client, f"/rounds/{two['id']}/changes?change=mended", **reviewer)
    assert {item["round"] for item in gone["items"]} == {one["id"]}

    # Every finding decided: closed, published, seen by everybody.
    now = asked(client, at, **reviewer)
    assert (now["state"], now["round"]) == ("open", 2)
    early = sent(client, f"{at}/closing", {"revision": now["revision"]}, reviewer)
    assert (early.status_code, early.json()["code"]) == (422, "undecided")
    for item in asked(client, f"/rounds/{two['id']}/findings?limit=500", **reviewer)["items"]:
        data = {"decision": "dismissed", "reason": "已核实", "revision": item["revision"]}
        assert sent(client, f"/findings/{item['id']}/decision", data, reviewer).status_code == 200
    closed = sent(client, f"{at}/closing", {"revision": now["revision"]}, reviewer).json()
    assert closed["state"] == "done"
    published = sent(client, f"{at}/publication", {"revision": closed["revision"]}, reviewer)
    assert published.status_code == 201
    assert asked(client, f"/publications/{published.json()['id']}")["unit"] == "001"
    assert Publication.objects.count() == 1

    # Each step is in the trail.
    trail = asked(client, "/administration/trail?action=document&limit=500", **token_of(person(Role.AUDITOR)))
    assert [event["action"] for event in reversed(trail["items"])] == [
        "document.upload", "document.confirm", "document.assign", "document.return", "document.upload",
        "document.close", "document.publish",
    ]  # fmt: skip


def officer_name(unit: Any) -> str:
    return str(User.objects.get(role=Role.OFFICER, unit=unit).username)


@pytest.mark.parametrize(("act", "data"), [("assignment", {"to": None}), ("return", {"reason": "x"}), ("closing", {}), ("publication", {})])  # fmt: skip
def test_what_changed_since_it_was_read_is_a_conflict_and_stays(client: Client, act: str, data: dict[str, Any]) -> None:
    document, reviewer = simple()
    before = revision(reviewer, document)
    Document.objects.filter(pk=document.pk).update(due=date(2026, 1, 1))
    answer = sent(client, f"/documents/{document.pk}/{act}", {**data, "revision": before}, token_of(reviewer, *SCOPES))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    document.refresh_from_db()
    assert (document.state, document.due) == ("open", date(2026, 1, 1))


def test_new_round_changes_the_revision() -> None:
    document, reviewer = simple()
    before = revision(reviewer, document)
    document.rounds.update(number=2)
    assert revision(reviewer, document) != before


def test_finding_given_to_somebody_else_meanwhile_is_a_conflict(client: Client) -> None:
    document, reviewer = simple()
    other = person(Role.REVIEWER, None, "other")
    finding = Finding.objects.create(
        round=document.rounds.get(), position=1, fingerprint="f", rule="stated-share-differs", severity="error",
        assigned_to=other,
    )  # fmt: skip
    headers = token_of(reviewer, *SCOPES)
    path = f"/findings/{finding.pk}/assignment"
    assert sent(client, path, {"to": reviewer.username, "before": None}, headers).status_code == 409
    assert sent(client, path, {"to": "nobody", "before": "other"}, headers).json()["fields"].keys() == {"to"}
    assert sent(client, path, {"to": None, "before": "other"}, headers).json()["assigned_to"] is None


def test_field_that_is_not_known_is_refused_by_its_name(client: Client) -> None:
    document, reviewer = simple()
    data = {"revision": revision(reviewer, document), "reason": "x", "reson": "y"}
    answer = sent(client, f"/documents/{document.pk}/return", data, token_of(reviewer, *SCOPES) | ENGLISH)
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"reson": "is not known here"}


def test_upload_of_which_nothing_is_taken_is_422(client: Client) -> None:
    headers = token_of(person(Role.REVIEWER), "upload")
    answer = up(client, "/documents", "a.bin", b"", headers)
    assert answer.status_code == 422
    assert "预算.txt" in answer.json()["fields"]["files"]
    assert not Document.objects.exists()


def test_original_comes_back_byte_for_byte_and_once(client: Client) -> None:
    document, reviewer = simple()
    made = document.rounds.get()
    headers = token_of(reviewer)
    path = f"{ROOT}/rounds/{made.pk}/files/original"
    answer = client.get(path, headers=headers)
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == hashlib.sha256(b"x").hexdigest()
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-cache"
    again = client.get(path, headers=headers | {"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert AuditEvent.objects.filter(action="round.download").count() == 1, "what did not go out is no download"
    Path(made.file.path).unlink()
    assert client.get(path, headers=headers).status_code == 404


def test_reports_are_made_of_the_round(client: Client) -> None:
    unit = unit_of("001", "示例区政务服务管理局")
    headers = token_of(person(Role.OFFICER, unit), *SCOPES)
    one = up(client, "/documents", "预算.txt", FAULTY, headers).json()["rounds"][0]
    path = f"{ROOT}/rounds/{one['id']}/files/json"
    early = client.get(path, headers=headers)
    assert (early.status_code, early.json()["code"]) == (409, "conflict")
    jobs.run_pending()
    answer = client.get(path, headers=headers)
    assert len(answer.json()["findings"]) == Finding.objects.count() > 0
    assert client.get(path, headers=headers | {"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"{ROOT}/rounds/{one['id']}/files/exe", headers=headers).status_code == 422


def test_administrator_reads_people_and_units(client: Client) -> None:
    unit = unit_of()
    officer = person(Role.OFFICER, unit)
    headers = token_of(person(Role.ADMINISTRATOR))
    shown = asked(client, f"/administration/people?role=officer&unit={unit.code}", **headers)
    assert [(one["username"], one["unit"], one["active"]) for one in shown["items"]] == [(officer.username, unit.code, True)]  # fmt: skip
    assert "password" not in str(shown)
    assert asked(client, f"/administration/people/{officer.pk}", **headers) == shown["items"][0]
    assert asked(client, "/administration/units", **headers)["items"] == [{"code": unit.code, "name": unit.name, "parent": None}]  # fmt: skip
    assert client.get(f"{ROOT}/administration/people?unit=no", headers=headers).status_code == 404


def test_lists_of_the_desk_ask_as_many_queries_for_many_rows_as_for_few(client: Client) -> None:
    document, reviewer = simple()
    made = document.rounds.get()
    Finding.objects.bulk_create(
        Finding(round=made, position=n, fingerprint=str(n), rule="r", severity="error", decided_by=reviewer)
        for n in range(1, 40)
    )
    for number in range(20):
        Document.objects.create(title=str(number), created_by=reviewer, unit=document.unit, year=2000 + number, kind="final")  # fmt: skip
    Round.objects.filter(pk=made.pk).update(
        coverage={"facts": [[-1, n, "1", None, "tied", [0]] for n in range(40)], "relations": [[True, "一", "one"]]}
    )
    headers = token_of(reviewer)
    for path in (
        "/documents",
        f"/rounds/{made.pk}/findings",
        f"/rounds/{made.pk}/changes",
        f"/rounds/{made.pk}/coverage",
    ):
        counts = set()
        for limit in (1, 200):
            with CaptureQueriesContext(connection) as found:
                answer = client.get(f"{ROOT}{path}?limit={limit}", headers=headers)
            assert len(answer.json()["items"]) == min(limit, answer.json()["total"])
            counts.add(
                len(found) - sum("last_used_at" in one["sql"] and one["sql"].startswith("UPDATE") for one in found)
            )
        assert len(counts) == 1, path
