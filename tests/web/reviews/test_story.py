"""From an upload to a closed review over two rounds, in the browser's own steps."""

import pytest
from django.urls import reverse

from tests.web.reviews.conftest import EXAMPLE, ROOT, UNIT, file_of
from zhengwu.web.common.models import AuditEvent
from zhengwu.web.common.trail import verify
from zhengwu.web.reviews import jobs
from zhengwu.web.reviews.models import Decision, Document, DocumentState, Finding, Round

MENDED = EXAMPLE.read_text(encoding="utf-8").replace("增加（减少）", "增加").encode()
REAL = ROOT.parent / "shared" / "real"


def test_review_from_upload_over_two_rounds_to_close(people, client_of):
    officer, reviewer = client_of(people.officer), client_of(people.reviewer)

    answer = officer.post(reverse("reviews:upload"), {"files": [file_of(), file_of(b"MZ", "x.exe")]}, follow=True)
    page = answer.content.decode()
    assert "queued" in page
    assert "x.exe" in page
    assert "Windows program" in page
    assert "x.exe" in officer.get(reverse("reviews:upload")).content.decode()  # survives a reload
    document = Document.objects.get()
    assert document.unit == people.own
    assert "being audited" in officer.get(reverse("reviews:document", args=[document.pk])).content.decode()

    assert jobs.run_pending() == 1
    page = officer.get(reverse("reviews:upload")).content.decode()
    assert f"{UNIT}, 2021, budget" in page
    officer.post(reverse("reviews:confirm-proposed"))
    document.refresh_from_db()
    assert (document.state, document.unit, document.year, document.kind) == ("open", people.own, 2021, "budget")

    first = Round.objects.get()
    findings = list(first.findings.all())
    assert len(findings) >= 6
    template = next(one for one in findings if one.rule == "template-text-left-in")
    dismissed = next(one for one in findings if one.rule == "name-does-not-match-code")
    reviewer.post(reverse("reviews:finding-decide", args=[template.pk]), {"decision": "accepted", "revision": 0})
    answer = reviewer.post(
        reverse("reviews:finding-decide", args=[dismissed.pk]), {"decision": "dismissed", "revision": 0, "reason": ""}
    )
    assert answer.status_code == 422
    assert "Give a reason." in answer.content.decode()
    reviewer.post(
        reverse("reviews:finding-decide", args=[dismissed.pk]),
        {"decision": "dismissed", "revision": 0, "reason": "旧科目，已说明"},
    )
    assert reviewer.post(reverse("reviews:document-close", args=[document.pk])).status_code == 422

    reviewer.post(reverse("reviews:document-return", args=[document.pk]), {"reason": "请修改"})
    document.refresh_from_db()
    assert document.state == DocumentState.RETURNED
    assert "请修改" in officer.get(reverse("reviews:document", args=[document.pk])).content.decode()

    address = reverse("reviews:document-mend", args=[document.pk])
    answer = officer.post(address, {"files": [file_of(None, "again.txt")]})
    assert answer.status_code == 422
    assert "very same" in answer.content.decode()
    officer.post(address, {"files": [file_of(MENDED, "mended.txt")]})
    jobs.run_pending()
    second = Round.objects.get(number=2)
    document.refresh_from_db()
    assert document.state == DocumentState.OPEN
    changes = officer.get(reverse("reviews:changes", args=[document.pk, 2]))
    mended, remaining, new = (items for _, items in changes.context["groups"])
    assert [item.rule for item, _, _ in mended] == ["template-text-left-in"]
    assert len(remaining) == len(findings) - 1
    assert not new
    carried = second.findings.get(rule="name-does-not-match-code")
    assert (carried.decision, carried.carried, carried.reason) == (Decision.DISMISSED, True, "旧科目，已说明")

    for one in second.findings.filter(decision=Decision.OPEN):
        reviewer.post(reverse("reviews:finding-decide", args=[one.pk]), {"decision": "accepted", "revision": 0})
    assert reviewer.post(reverse("reviews:document-close", args=[document.pk])).status_code == 302
    document.refresh_from_db()
    assert document.state == DocumentState.DONE
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert [actions.count(name) for name in ("document.upload", "round.audit", "document.confirm")] == [2, 2, 1]
    assert {"document.return", "document.close", "finding.decide"} <= set(actions)
    assert verify()[1] == ""


@pytest.mark.parametrize("path", sorted(REAL.glob("*")) or [None], ids=lambda path: path.name if path else "absent")
def test_real_document_is_audited_and_every_page_of_it_shown(path, people, upload, client_of):
    if path is None:
        pytest.skip("no real documents in ../shared/real: NOT TESTED")
    one = upload(path.read_bytes(), path.name, people.reviewer)
    assert one.job == "done"
    client = client_of(people.reviewer)
    base = (one.document_id, 1)
    for name in ("round", "changes", "coverage"):
        answer = client.get(reverse(f"reviews:{name}", args=base))
        assert answer.status_code == 200
        assert len(answer.content) < 300_000
    for finding in Finding.objects.filter(round=one)[:5]:
        answer = client.get(reverse("reviews:finding", args=(*base, finding.position)))
        assert answer.status_code == 200
        if one.format == "pdf" and finding.page:
            assert b"place-mark" in answer.content
    if one.format == "pdf":
        picture = client.get(reverse("reviews:page-picture", args=(*base, 1)))
        assert picture["Content-Type"] in ("image/png", "image/jpeg")
        assert client.get(reverse("reviews:page-picture", args=(*base, 999))).status_code == 404


def test_word_file_is_shown_as_the_table_with_its_cells_marked(people, upload, client_of):
    one = upload((ROOT / "examples" / "faulty-budget.docx").read_bytes(), "faulty-budget.docx")
    finding = one.findings.exclude(table="").first()
    page = client_of(people.officer).get(reverse("reviews:finding", args=(one.document_id, 1, finding.position)))
    assert b"<mark>" in page.content
    assert b"<table" in page.content
    assert len(page.content) < 300_000


def test_several_versions_confirmed_at_once_become_rounds_in_the_order_of_upload(people, upload, client_of):
    upload(None, "first.txt", people.reviewer)
    upload(MENDED, "second.txt", people.reviewer)
    client_of(people.reviewer).post(reverse("reviews:confirm-proposed"))
    document = Document.objects.get()
    assert list(document.rounds.values_list("name", "current")) == [("first.txt", False), ("second.txt", True)]
    assert document.title == f"{UNIT}2021年部门预算"
