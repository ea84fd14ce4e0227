"""The API: who may, how much, how often, in which shape."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.api.calls import ROOT, asked, sent, token_of
from tests.web.explorer.making import budget, person, published, reviewed, unit_of
from zhengwu.model.message import RefusedError
from zhengwu.web import api_common
from zhengwu.web.api import api
from zhengwu.web.common.models import AuditEvent, Role, User
from zhengwu.web.explorer import services
from zhengwu.web.explorer.models import ApiToken
from zhengwu.web.reviews.models import Document, DocumentState, Finding

pytestmark = pytest.mark.django_db


def under_review(unit_code: str = "299001") -> tuple[Document, Finding]:
    """A document under review with one finding."""
    by = User.objects.filter(username="owner").first() or person(Role.REVIEWER, None, "owner")
    document = reviewed(unit_of(unit_code, f"单位{unit_code}"), by, budget())
    document.state = DocumentState.OPEN
    document.save()
    finding = Finding.objects.create(
        round=document.rounds.get(), position=1, fingerprint="f1", rule="stated-share-differs", severity="error",
        message_zh="占比不符", message_en="the share differs",
    )  # fmt: skip
    return document, finding


# --- the open book ---------------------------------------------------------------------------------


def test_public_reads_need_no_sign_in_and_match_what_is_published(client: Client) -> None:
    publication = published()
    published(2022)
    assert [one["code"] for one in asked(client, "/units")["items"]] == ["299001"]
    assert asked(client, "/publications?year=2021")["items"][0]["id"] == publication.pk
    assert asked(client, f"/publications/{publication.pk}")["total"] == "63234665.44"
    facts = asked(client, "/facts?measure=expenditure&year=2021&function=208&unit=299001")
    assert (
        facts["total"] == publication.facts.filter(measure="expenditure", year=2021, function__startswith="208").count()
    )
    assert all(one["function"].startswith("208") and one["year"] == 2021 for one in facts["items"])
    assert asked(client, "/projects?q=咨询电话&year=2021")["items"][0]["amount"] == "20475780.00"
    assert asked(client, "/search?q=政务")["units"]


def test_superseded_publications_are_told_only_when_asked_for(client: Client) -> None:
    published()
    published()
    assert asked(client, "/publications")["total"] == 1
    assert asked(client, "/publications?superseded=true")["total"] == 2


def test_lists_have_totals_and_links_that_lead_through_all(client: Client) -> None:
    publication = published()
    seen, path = [], f"{ROOT}/facts?publication={publication.pk}&limit=100"
    while path:
        piece = client.get(path).json()
        seen += [one["href"] for one in piece["items"]]
        assert piece["total"] == publication.facts.count()
        path = (piece["next"] or "").removeprefix("http://testserver")
    assert len(seen) == publication.facts.count()
    last = asked(client, "/facts?limit=10&offset=10")
    assert "offset=0" in last["previous"]


@pytest.mark.parametrize("path", ["/units?limit=0", "/units?limit=501", "/facts?offset=-1", "/facts?year=x", "/search", "/publications?kind=no"])  # fmt: skip
def test_wrong_parameters_are_named_in_one_shape(client: Client, path: str) -> None:
    response = client.get(ROOT + path, headers={"Accept-Language": "en"})
    body = response.json()
    assert response.status_code == 422
    assert body["code"] == "invalid"
    assert body["message"] == "Some fields are missing or wrong."
    assert len(body["fields"]) == 1


@pytest.mark.parametrize(
    "path", ["/search?q=%00", "/facts?unit=%00", f"/publications/{10**30}", "/facts?publication=9"]
)
def test_strange_values_are_no_server_error(client: Client, path: str) -> None:
    assert client.get(ROOT + path).status_code in (200, 404, 422)


def test_etag_answers_304_and_changes_with_the_content(client: Client) -> None:
    published()
    first = client.get(f"{ROOT}/publications")
    again = client.get(f"{ROOT}/publications", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    published(2022)
    assert client.get(f"{ROOT}/publications", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_lists_ask_as_many_queries_for_many_rows_as_for_few(client: Client) -> None:
    published()
    for path in ("/facts?limit=%d", "/projects?limit=%d", "/publications?limit=%d"):
        counts = set()
        for limit in (1, 200):
            with CaptureQueriesContext(connection) as found:
                client.get(ROOT + path % limit)
            counts.add(len(found))
        assert counts == {2}, path


# --- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer x", "Bearer zw_0000000000_wrong", "Bearer zw_" + "a" * 500])
def test_desk_without_a_good_token_is_401(client: Client, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    response = client.get(f"{ROOT}/documents", headers={**headers, "Accept-Language": "en"})
    assert response.status_code == 401
    assert response.json() == {"code": "not-signed-in", "message": "Sign in, or send a token that is in use.", "fields": {}}  # fmt: skip
    assert response["WWW-Authenticate"] == "Bearer"


def test_token_of_another_secret_expired_revoked_or_of_somebody_inactive_is_401(client: Client) -> None:
    owner = person(Role.REVIEWER)
    good = token_of(owner)
    assert client.get(f"{ROOT}/documents", headers=good).status_code == 200
    token = ApiToken.objects.get()
    assert token.last_used_at is not None
    assert good["Authorization"].split("_", 2)[2] not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert client.get(f"{ROOT}/documents", headers={"Authorization": good["Authorization"][:-1]}).status_code == 401
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"{ROOT}/documents", headers=good).status_code == 401
    ApiToken.objects.update(expires_at=None)
    assert client.get(f"{ROOT}/documents", headers=good).status_code == 200
    owner.is_active = False
    owner.save()
    assert client.get(f"{ROOT}/documents", headers=good).status_code == 401
    owner.is_active = True
    owner.save()
    services.token_revoke(actor=owner, token=token, now=timezone.now())
    assert client.get(f"{ROOT}/documents", headers=good).status_code == 401
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"token.create", "token.revoke"}


def test_officer_sees_own_unit_only_and_others_are_not_there(client: Client) -> None:
    own, _finding = under_review()
    other, foreign = under_review("888")
    headers = token_of(person(Role.OFFICER, own.unit))
    assert [one["id"] for one in asked(client, "/documents", **headers)["items"]] == [own.pk]
    for path in (f"/documents/{other.pk}", f"/documents/{other.pk}/rounds", f"/rounds/{foreign.round_id}",
                 f"/rounds/{foreign.round_id}/findings", f"/findings/{foreign.pk}", f"/findings/{foreign.pk}/comments"):  # fmt: skip
        response = client.get(ROOT + path, headers=headers)
        assert (response.status_code, response.json()["code"]) == (404, "not-found"), path


@pytest.mark.parametrize("role", ["reviewer", "auditor", "administrator"])
def test_people_of_all_units_read_documents_rounds_and_findings(client: Client, role: str) -> None:
    document, finding = under_review()
    headers = token_of(person(role)) | {"Accept-Language": "en"}
    assert asked(client, f"/documents/{document.pk}", **headers)["state"] == "open"
    assert asked(client, f"/documents/{document.pk}/rounds", **headers)["total"] == 1
    assert asked(client, f"/rounds/{finding.round_id}", **headers)["job"] == "done"
    assert asked(client, f"/rounds/{finding.round_id}/findings?severity=error", **headers)["items"][0]["message"] == "the share differs"  # fmt: skip
    assert asked(client, f"/rounds/{finding.round_id}/findings?severity=info", **headers)["total"] == 0
    assert asked(client, f"/findings/{finding.pk}", **{**headers, "Accept-Language": "zh"})["message"] == "占比不符"


def test_decide_needs_the_scope_the_permission_and_the_revision(client: Client) -> None:
    document, finding = under_review()
    reviewer = person(Role.REVIEWER)
    path, data = f"/findings/{finding.pk}/decision", {"decision": "dismissed", "reason": "可以", "revision": 0}
    lacking = sent(client, path, data, token_of(reviewer, "read") | {"Accept-Language": "en"})
    assert (lacking.status_code, lacking.json()["code"]) == (403, "not-allowed")
    assert "decide" in lacking.json()["message"]
    assert sent(client, path, data, token_of(person(Role.OFFICER, document.unit), "decide")).status_code == 403
    headers = token_of(reviewer, "decide")
    assert sent(client, path, data, headers).json()["decision"] == "dismissed"
    assert sent(client, path, data | {"decision": "accepted"}, headers).status_code == 409
    assert sent(client, path, data | {"decision": "perhaps"}, headers).status_code == 422
    finding.refresh_from_db()
    assert finding.decided_by == reviewer


def test_comment_is_kept_with_its_author(client: Client) -> None:
    document, finding = under_review()
    headers = token_of(person(Role.OFFICER, document.unit), "decide", "read")
    made = sent(client, f"/findings/{finding.pk}/comments", {"text": "已改"}, headers)
    assert made.status_code == 201
    assert asked(client, f"/findings/{finding.pk}/comments", **headers)["items"][0]["text"] == "已改"
    assert sent(client, f"/findings/{finding.pk}/comments", {"text": ""}, headers).status_code == 422


def test_upload_makes_documents_and_says_what_was_refused(client: Client) -> None:
    headers = token_of(person(Role.OFFICER, unit_of()), "upload")
    files = [SimpleUploadedFile("a.html", budget()), SimpleUploadedFile("b.bin", b"")]
    response = client.post(f"{ROOT}/documents", {"files": files}, headers=headers)
    assert response.status_code == 201, response.content
    assert len(response.json()["rounds"]) == 1
    assert len(response.json()["refused"]) == 1
    reading = token_of(person(Role.REVIEWER), "read")
    assert client.post(f"{ROOT}/documents", {"files": [SimpleUploadedFile("a.html", budget())]}, headers=reading).status_code == 403  # fmt: skip


def test_session_may_read_and_writes_with_a_csrf_token_only() -> None:
    _document, finding = under_review()
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(Role.REVIEWER))
    assert client.get(f"{ROOT}/documents").status_code == 200
    data = {"decision": "accepted", "reason": "", "revision": 0}
    assert sent(client, f"/findings/{finding.pk}/decision", data, {}).status_code == 403


# --- how often, and the description ----------------------------------------------------------------


def test_rate_limit_answers_429_with_when_to_come_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_common, "RATE", 3)
    monkeypatch.setattr(api_common.time, "time", lambda: 1_800_000_010.0)
    answers = [client.get(f"{ROOT}/units", headers={"Accept-Language": "en"}) for _n in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[3]["Retry-After"] == "50"
    assert answers[3].json()["code"] == "too-many"
    headers = token_of(person(Role.REVIEWER))
    assert client.get(f"{ROOT}/documents", headers=headers).status_code == 200


def test_openapi_document_describes_every_operation(client: Client) -> None:
    document = client.get(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert "429" in operation["responses"], path
    schemas = document["components"]["schemas"]
    references = [part.split('"')[0] for part in json.dumps(document).split('"#/components/schemas/')[1:]]
    assert set(references) <= set(schemas)
    assert api.docs_url is None


# --- tokens ----------------------------------------------------------------------------------------


def test_tokens_page_makes_shows_once_and_revokes(client: Client) -> None:
    assert client.get("/account/tokens/").status_code == 302
    owner = person(Role.REVIEWER)
    client.force_login(owner)
    page = client.post("/account/tokens/", {"name": "统计 <b>", "scopes": ["read"], "days": "30"}).content.decode()
    token = ApiToken.objects.get()
    assert f"zw_{token.prefix}_" in page
    assert "<b>" not in page
    again = client.get("/account/tokens/").content.decode()
    assert f"zw_{token.prefix}_" not in again
    bad = client.post("/account/tokens/", {"name": "", "days": "7"}).content.decode()
    assert bad.count('class="problem"') >= 2
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_token_of_somebody_else_cannot_be_revoked(client: Client) -> None:
    token_of(person(Role.REVIEWER, None, "a"))
    token = ApiToken.objects.get()
    other = person(Role.REVIEWER, None, "b")
    client.force_login(other)
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    with pytest.raises(RefusedError):
        services.token_revoke(actor=other, token=token, now=timezone.now())
    services.token_revoke(actor=person(Role.ADMINISTRATOR), token=token, now=timezone.now())


@pytest.mark.parametrize(("scopes", "days"), [((), 1), (("all",), 1), (("read",), -1)])
def test_token_with_wrong_scopes_or_end_is_refused(scopes: tuple[str, ...], days: int) -> None:
    owner, now = person(Role.REVIEWER), timezone.now()
    with pytest.raises(RefusedError):
        services.token_create(actor=owner, name="t", scopes=scopes, expires_at=now + timedelta(days=days), now=now)
