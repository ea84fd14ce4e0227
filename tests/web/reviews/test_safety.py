"""Uploads can't escape, can't run, can't exhaust; nothing that a file says becomes markup."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.web.reviews.conftest import EXAMPLE, file_of
from zhengwu.web.reviews import jobs, services, uploads
from zhengwu.web.reviews.models import Document, JobState, Round
from zhengwu.web.reviews.naming import file_stem, shown_name

SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\x.docx", "x.docx"),
        ("a\0b\r\n.txt", "ab.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("\ud800.pdf", "pdf"),
        ("部门 预算.pdf", "部门 预算.pdf"),
        ("x" * 500 + ".docx", "x" * 154 + "….docx"),
    ],
)
def test_names_are_shown_as_one_line_and_never_a_path(given, shown):
    assert shown_name(given) == shown


def test_stem_of_a_name():
    assert [file_stem(name) for name in ("a.b.pdf", "a", ".pdf")] == ["a.b", "a", ".pdf"]


def test_file_lies_under_a_random_name_inside_the_folder(people, settings):
    one = services.document_upload(
        actor=people.officer, files=[file_of(None, "../../../evil.html")], now=timezone.now()
    ).rounds[0]
    path = one.file.path
    assert path.startswith(str(settings.MEDIA_ROOT))
    assert "evil" not in path
    assert "." not in path.rpartition("/")[2]
    assert one.name == "evil.html"


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n", b"\x89PNG\r\n\x1a\n123", b"PK\x03\x04broken", b"\x7fELF", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
)
def test_what_is_no_document_is_refused_by_itself_and_the_others_go_on(data, people):
    done = services.document_upload(
        actor=people.officer, files=[file_of(data, "bad.docx"), file_of()], now=timezone.now()
    )
    assert [one.name for one in done.refused] == ["bad.docx"]
    assert done.refused[0].reason.zh
    assert len(done.rounds) == 1


def test_file_that_is_too_large_is_refused(people, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    done = services.document_upload(actor=people.officer, files=[file_of()], now=timezone.now())
    assert "MB" in done.refused[0].reason.en
    assert not Document.objects.exists()


def test_zip_bomb_is_refused_by_the_job_and_the_page_says_why(people, client_of):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(b" " * 1024 * 1024)
    done = services.document_upload(
        actor=people.officer, files=[file_of(stream.getvalue(), "bomb.docx")], now=timezone.now()
    )
    assert len(done.rounds) == 1
    jobs.run_pending()
    one = Round.objects.get()
    assert one.job == JobState.FAILED
    page = client_of(people.officer).get(reverse("reviews:document", args=[one.document_id]))
    assert one.error_en in page.content.decode().replace("&#x27;", "'")


def test_markup_in_names_cells_reasons_and_comments_is_escaped(people, upload, client_of):
    text = EXAMPLE.read_text(encoding="utf-8").replace("增加（减少）", f"增加（减少）{SCRIPT}")
    text = text.replace("一般公共服务支出", f"一般公共服务支出{SCRIPT}")
    one = upload(text.encode(), f"{SCRIPT}.txt".replace("/", "∕"))
    services.document_confirm(
        actor=people.officer, document=one.document, unit=people.own, year=2021, kind="budget", title=SCRIPT
    )
    finding = one.findings.filter(rule="template-text-left-in").first() or one.findings.first()
    services.finding_comment(actor=people.officer, finding=finding, text=SCRIPT)
    services.finding_decide(
        actor=people.reviewer, finding=finding, decision="dismissed", reason=SCRIPT, revision=0, now=timezone.now()
    )
    client = client_of(people.reviewer)
    base = (one.document_id, 1)
    addresses = [reverse("reviews:board"), reverse("reviews:upload")]
    addresses += [reverse(f"reviews:{name}", args=base) for name in ("round", "changes", "coverage")]
    addresses += [reverse("reviews:finding", args=(*base, finding.position)) for finding in one.findings.all()]
    addresses += [f"{reverse('reviews:coverage', args=base)}?table={table}" for table in range(-1, 12)]
    said = False
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200
        assert b"<script>alert" not in page.content, address
        said = said or b"&lt;script&gt;" in page.content
    assert said


@pytest.mark.parametrize("form", ["form", "annotated", "html", "json", "original"])
def test_downloads_are_saved_never_shown(form, people, opened, client_of):
    opened.name = 'x"; filename=evil\r\n预算.txt'.replace("\r\n", "")
    opened.save(update_fields=["name"])
    answer = client_of(people.officer).get(reverse("reviews:download", args=(opened.document_id, 1, form)))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_download_leaves_out_what_was_dismissed(people, opened, client_of):
    client = client_of(people.officer)
    address = reverse("reviews:download", args=(opened.document_id, 1, "json"))
    before = client.get(address).json()["findings"]
    finding = opened.findings.first()
    services.finding_decide(
        actor=people.reviewer, finding=finding, decision="dismissed", reason="口径不同", revision=0, now=timezone.now()
    )
    after = client.get(address).json()
    assert len(after["findings"]) == len(before) - 1
    assert [one["id"] for one in after["accepted"]] == [finding.fingerprint]


def test_query_of_a_form_leads_nowhere_else(people, opened, client_of):
    finding = opened.findings.first()
    answer = client_of(people.reviewer).post(
        reverse("reviews:finding-comment", args=[finding.pk]),
        {"text": "x", "query": "next=//evil.example&severity=error&rule=a%0d%0ab"},
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/review/documents/")
    assert "evil" not in answer["Location"]
    assert "\n" not in answer["Location"]
