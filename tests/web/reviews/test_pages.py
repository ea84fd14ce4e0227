"""The pages: who sees which, in both languages, in a constant number of queries, with what was typed kept."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.web.reviews.conftest import EXAMPLE
from zhengwu.rules.registry import rule_named
from zhengwu.web.common.models import Unit
from zhengwu.web.reviews import services
from zhengwu.web.reviews.models import Comment, Document, Finding, Round

READ = ("document", "round", "changes", "coverage", "finding", "download")
ROLES = ("officer", "head", "reviewer", "auditor", "administrator", "stranger")


def address_of(name: str, one: Round) -> str:
    extra = {"finding": (1,), "download": ("json",)}.get(name, ())
    args = (one.document_id,) if name == "document" else (one.document_id, one.number, *extra)
    return reverse(f"reviews:{name}", args=args)


@pytest.mark.parametrize("role", ROLES)
def test_reading_pages_by_role(role, people, opened, client_of):
    client = client_of(getattr(people, role))
    expected = 404 if role == "stranger" else 200
    assert {name: client.get(address_of(name, opened)).status_code for name in READ} == dict.fromkeys(READ, expected)
    assert client.get(reverse("reviews:board")).status_code == 200
    allowed = role in ("officer", "head", "reviewer", "stranger")
    assert client.get(reverse("reviews:upload")).status_code == (200 if allowed else 403)


def test_anonymous_is_asked_to_sign_in(opened):
    for address in [reverse("reviews:board"), reverse("reviews:upload"), *(address_of(name, opened) for name in READ)]:
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("name", "data", "allowed"),
    [
        ("document-confirm", {"unit": "1", "year": "2021", "kind": "budget"}, {"officer", "reviewer"}),
        ("document-assign", {}, {"reviewer"}),
        ("document-return", {"reason": "x"}, {"reviewer"}),
        ("document-close", {}, {"reviewer"}),
        ("document-mend", {}, {"officer", "head", "reviewer"}),
        ("finding-decide", {"decision": "accepted", "revision": 0}, {"reviewer"}),
        ("finding-assign", {}, {"reviewer"}),
        ("finding-comment", {"text": "x"}, {"officer", "head", "reviewer"}),
    ],
)
@pytest.mark.parametrize("role", ROLES)
def test_actions_by_role(role, name, data, allowed, people, opened, client_of):
    pk = opened.findings.first().pk if name.startswith("finding") else opened.document_id
    answer = client_of(getattr(people, role)).post(reverse(f"reviews:{name}", args=[pk]), data)
    if role in allowed:
        assert answer.status_code in (302, 422)
    elif role == "stranger":
        assert answer.status_code in (403, 404)
    else:
        assert answer.status_code == 403
    assert client_of(people.reviewer).get(reverse(f"reviews:{name}", args=[pk])).status_code == 405


def test_department_sees_its_units_but_not_the_other_way_round(people, upload, client_of):
    one = upload()
    Document.objects.update(unit=people.below)
    assert client_of(people.officer).get(address_of("document", one)).status_code == 200
    Document.objects.update(unit=people.own)
    people.stranger.unit = people.below
    people.stranger.save()
    assert client_of(people.stranger).get(address_of("document", one)).status_code == 404


def test_forms_without_a_token_are_refused(people, opened):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("reviews:document-close", args=[opened.document_id])).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("findings", "Arithmetic", "Mend")), ("zh", ("个问题", "算式", "改法"))]
)
def test_desk_speaks_the_language_of_the_page(language, words, people, opened, client_of):
    client = client_of(people.reviewer, language)
    finding = next(one for one in opened.findings.all() if one.steps_zh and one.expected)
    page = client.get(reverse("reviews:finding", args=(opened.document_id, 1, finding.position))).content.decode()
    listed = client.get(address_of("round", opened)).content.decode()
    assert words[0] in listed
    assert words[2] in page
    assert rule_named(finding.rule).title.in_language(language) in page


def test_pages_in_chinese_hold_no_english_words_of_ours(people, opened, client_of):
    client = client_of(people.reviewer, "zh")
    for address in [
        reverse("reviews:board"),
        reverse("reviews:upload"),
        *(address_of(name, opened) for name in READ[:5]),
    ]:
        page = client.get(address).content.decode()
        for word in ("Findings", "Upload", "Filter", "under review", "Coverage", "Document"):
            assert f">{word}<" not in page, (address, word)


def test_filters_leave_what_they_say(people, opened, client_of):
    client = client_of(people.reviewer)
    rule = opened.findings.first().rule
    address = address_of("round", opened)
    shown = client.get(address, {"rule": rule}).context["listed"].shown
    assert {one.rule for one in shown} == {rule}
    assert client.get(address, {"severity": "warning"}).context["listed"].shown
    assert not client.get(address, {"decision": "dismissed"}).context["listed"].shown
    assert client.get(address, {"table": "-"}).context["listed"].shown
    assert client.get(address, {"rule": "no-such", "page": "99x"}).status_code == 200


def test_decided_finding_leads_to_the_next_with_the_filters_kept(people, opened, client_of):
    client = client_of(people.reviewer)
    page = client.get(address_of("round", opened), {"severity": "error"})
    following = page.context["following"]
    answer = client.post(
        reverse("reviews:finding-decide", args=[page.context["selected"].pk]),
        {"decision": "accepted", "revision": 0, "onward": following.position, "query": "severity=error"},
    )
    wanted = reverse("reviews:finding", args=(opened.document_id, 1, following.position))
    assert answer["Location"] == f"{wanted}?severity=error"


def test_second_decider_sees_both(people, opened, client_of):
    finding = opened.findings.first()
    services.finding_decide(
        actor=people.other, finding=finding, decision="dismissed", reason="口径不同", revision=0, now=timezone.now()
    )
    answer = client_of(people.reviewer).post(
        reverse("reviews:finding-decide", args=[finding.pk]),
        {"decision": "dismissed", "reason": "我的理由", "revision": 0},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "口径不同" in page
    assert "我的理由" in page
    assert 'name="revision" value="1"' in page


def test_what_was_typed_is_kept_where_it_is_refused(people, upload, client_of):
    one = upload()
    client = client_of(people.officer)
    answer = client.post(
        reverse("reviews:document-confirm", args=[one.document_id]),
        {"unit": "", "year": "21", "kind": "budget", "title": "我的标题"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "我的标题" in page
    assert 'value="21"' in page


def test_coverage_of_an_amount_shows_its_arithmetic(people, opened, client_of):
    client = client_of(people.officer)
    address = address_of("coverage", opened)
    counts = client.get(address).context["counts"]
    assert counts["tied"] > 200
    assert counts["broken"] >= 1
    facts = Round.objects.get().coverage["facts"]
    number = next(number for number, fact in enumerate(facts) if fact[4] == "tied" and fact[5])
    page = client.get(address, {"amount": number}).content.decode()
    assert "holds" in page
    assert " = " in page
    assert client.get(address, {"amount": 10**8}).status_code == 404
    assert client.get(address, {"table": "x"}).status_code == 200


def _copies(one: Round, count: int) -> None:
    findings = list(one.findings.all())
    for number in range(count):
        unit = Unit.objects.create(code=f"9{one.document_id}{number:04}", name=f"单位{number}")
        document = Document.objects.create(
            unit=unit, year=2020, kind="budget", title=f"文件{number}", state="open", created_by=one.uploaded_by
        )
        copy = Round.objects.create(
            document=document, number=1, name="a.txt", file="x", sha256="0" * 64, size=1, uploaded_by=one.uploaded_by,
            job="done",
        )  # fmt: skip
        Finding.objects.bulk_create(
            Finding(
                round=copy, position=each.position, rule=each.rule, severity=each.severity, message_zh="x",
                message_en="x", fingerprint=each.fingerprint,
            )
            for each in findings
        )  # fmt: skip


def test_number_of_queries_does_not_grow_with_rows(people, opened, client_of):
    client = client_of(people.reviewer)
    finding = opened.findings.first()
    addresses = [
        reverse("reviews:board"),
        reverse("reviews:upload"),
        address_of("finding", opened),
        address_of("changes", opened),
    ]

    def counted() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    counted()
    Comment.objects.create(finding=finding, author=people.officer, text="x")
    before = counted()
    _copies(opened, 30)
    Round.objects.exclude(pk=opened.pk).update(uploaded_by=people.reviewer)
    for number in range(20):
        Comment.objects.create(finding=finding, author=people.other, text=f"{number}")
    extra = [
        Finding(round=opened, position=1000 + number, rule="words-mistyped", severity="info", message_zh="x",
                message_en="x", fingerprint=f"{number}")
        for number in range(300)
    ]  # fmt: skip
    Finding.objects.bulk_create(extra)
    assert counted() == before
    for address in addresses:
        assert len(client.get(address).content) < 300_000


def test_board_counts_and_filters(people, opened, client_of):
    _copies(opened, 3)
    client = client_of(people.reviewer)
    page = client.get(reverse("reviews:board"))
    assert page.context["board"].states["open"] == 4
    assert dict(page.context["board"].years) == {2021: 1, 2020: 3}
    assert len(client.get(reverse("reviews:board"), {"year": 2021}).context["rows"]) == 1
    assert len(client.get(reverse("reviews:board"), {"unit": people.own.pk}).context["rows"]) == 1
    assert len(client.get(reverse("reviews:board"), {"mine": "on"}).context["rows"]) == 0
    assert len(client.get(reverse("reviews:board"), {"q": "文件1"}).context["rows"]) == 1
    assert client.get(reverse("reviews:board"), {"year": "x", "unit": "y", "page": "z"}).status_code == 200
    own = client_of(people.officer).get(reverse("reviews:board"))
    assert [row.document for row in own.context["rows"]] == [opened.document]
    services.document_assign(
        actor=people.reviewer, document=opened.document, to=people.reviewer, due=timezone.localdate().replace(year=2020)
    )
    assert len(client.get(reverse("reviews:board"), {"mine": "on", "overdue": "on"}).context["rows"]) == 1


def test_script_uploads_one_file_a_request_and_gets_json(people, client_of):
    client = client_of(people.officer)
    with EXAMPLE.open("rb") as stream:
        answer = client.post(
            reverse("reviews:upload"), {"files": stream, "first": "1"}, headers={"X-Zhengwu-Upload": "1"}
        )
    assert answer.json() == {"taken": 1, "refused": []}
    answer = client.post(reverse("reviews:upload"), {}, headers={"X-Zhengwu-Upload": "1"})
    assert answer.status_code == 422
    assert "hx-get" in client.get(reverse("reviews:upload-progress")).content.decode()
