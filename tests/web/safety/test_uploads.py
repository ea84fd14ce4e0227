"""Files that were made to do harm, the whole way: uploaded, audited by the worker, shown. The readers' own tests hold
each trick (tests/reading/test_hostile.py); these hold that none of it reaches the platform."""

import io
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.web.people import World, world
from zhengwu.web.reviews import jobs
from zhengwu.web.reviews.models import JobState, Round

pytestmark = pytest.mark.django_db
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAUGHS = (
    "<!DOCTYPE a [<!ENTITY a0 'x'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 20}'>" for n in range(1, 12)) + "]>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


def _zip(members: dict[str, str | bytes], links: dict[str, str] | None = None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name, target in (links or {}).items():
            member = zipfile.ZipInfo(name)
            member.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(member, target)
    return stream.getvalue()


def _word(body: str, start: str = "", **more: Any) -> bytes:
    document = f'<?xml version="1.0"?>{start}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>'  # fmt: skip
    return _zip({"[Content_Types].xml": TYPES, "word/document.xml": document}, **more)


def _sheet(start: str, text: str) -> bytes:
    strings = f'<?xml version="1.0"?>{start}<sst xmlns="x"><si><t>{text}</t></si></sst>'
    return _zip({"[Content_Types].xml": TYPES, "xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": strings})


def _nested() -> bytes:
    inner = _zip({"a": b"\0" * 50_000_000})
    for _level in range(3):
        inner = _zip({f"word/media/{n}.zip": inner for n in range(10)})
    return _word("部门预算", links={}) + inner


def _pdf(objects: list[bytes]) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(b"%d 0 obj\n%s\nendobj" % (n, one) for n, one in enumerate(objects, 1)) + b"\ntrailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip


HARMFUL = {
    "laughs.docx": lambda: _word("&a11;", LAUGHS),
    "outside.docx": lambda: _word("&b;", OUTSIDE),
    "laughs.xlsx": lambda: _sheet(LAUGHS, "&a11;"),
    "outside.xlsx": lambda: _sheet(OUTSIDE, "&b;"),
    "outside.html": lambda: f"<?xml version='1.0'?>{OUTSIDE}<html><body><p>部门预算 &b;</p></body></html>".encode(),
    "link.docx": lambda: _word(
        "部门预算", links={"word/styles.xml": "/etc/passwd", "../../../tmp/escaped": "/etc/passwd"}
    ),
    "up.docx": lambda: _zip(
        {"[Content_Types].xml": TYPES, "../../escaped.txt": "x", "/etc/escaped": "x", "word/document.xml": "x"}
    ),
    "nested.docx": _nested,
    "parts.docx": lambda: _zip({"[Content_Types].xml": TYPES, **{f"word/{n}.xml": "" for n in range(20_000)}}),
    "bomb.docx": lambda: _word("预" * 200_000_000),
    "loop.pdf": lambda: _pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 99999999/Kids[2 0 R 2 0 R]>>"]),
    "script.pdf": lambda: _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(7))>>>>",
            b"<</Type/Pages/Count 0/Kids[]>>",
        ]
    ),
    "run.html": lambda: (
        "<html><body><script>fetch('//evil')</script><iframe src=//evil></iframe><p>部门预算</p></body></html>".encode()
    ),
    "server.html": lambda: (
        "<html><body>{% load x %}{{ settings.SECRET_KEY }}<?php echo 1 ?><%= 1 %>部门预算</body></html>".encode()
    ),
}


@pytest.fixture
def here(db: None, tmp_path: Path, settings: Any) -> World:
    settings.MEDIA_ROOT = tmp_path / "files"
    return world()


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() or path.is_symlink()}


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_file_is_read_or_refused_and_harms_nothing(name: str, here: World, tmp_path: Path) -> None:
    data = HARMFUL[name]()
    client = Client()
    client.force_login(here.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    secret = Path("/etc/passwd").read_text(encoding="utf-8", errors="replace").splitlines()[0]
    begun = sum(os.times()[:4])
    answer = client.post(reverse("reviews:upload"), {"files": SimpleUploadedFile(f"../../{name}", data)}, follow=True)
    assert answer.status_code == 200
    jobs.run_pending()
    assert sum(os.times()[:4]) - begun < 60  # seconds of the processor, of this process and those it started
    # What there is lies in the folder of files, under names of our own, and is no link, nothing that runs.
    made = _files(tmp_path)
    assert len(made) == Round.objects.count() <= 1
    for path in made:
        assert path.is_relative_to(tmp_path / "files")
        assert not path.is_symlink()
        assert name not in path.name
        assert not os.access(path, os.X_OK) or os.geteuid() == 0
        assert path.stat().st_mode & 0o111 == 0
    for one in Round.objects.all():
        assert one.job in (JobState.DONE, JobState.FAILED)
        for address in (reverse("reviews:document", args=[one.document_id]), reverse("reviews:coverage", args=[one.document_id, 1])):  # fmt: skip
            page = client.get(address)
            assert page.status_code == 200
            assert secret not in page.content.decode()
        assert secret not in str(one.reading)
        assert secret not in str(one.report)
        download = client.get(reverse("reviews:download", args=[one.document_id, 1, "original"]))
        assert download["Content-Type"] == "application/octet-stream"
        assert b"".join(download.streaming_content) == data
    if not Round.objects.exists():
        assert client.session["refused_uploads"], "it is said why nothing was taken"


def test_uploaded_file_has_no_address_of_its_own(here: World) -> None:
    client = Client()
    client.force_login(here.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("reviews:upload"), {"files": SimpleUploadedFile("a.txt", "部门预算 2021年".encode())})
    stored = Round.objects.get().file.name
    for path in (
        f"/{stored}",
        f"/files/{stored}",
        f"/media/{stored}",
        f"/static/{stored}",
        f"/static/../files/{stored}",
    ):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1.txt", 'a"; filename="b.exe', "a\u2028b.txt", "\u202etxt.exe", "a%0d%0ab.txt", "x" * 400 + ".txt", "预算 .txt", "CON.txt", "a;b=c.txt"])  # fmt: skip
def test_name_of_an_upload_stays_one_value_of_one_header(name: str, here: World) -> None:
    client = Client()
    client.force_login(here.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("reviews:upload"), {"files": SimpleUploadedFile(name, "部门预算 2021年".encode())})
    one = Round.objects.get()
    answer = client.get(reverse("reviews:download", args=[one.document_id, 1, "original"]))
    assert answer.status_code == 200
    assert answer.get("X-Evil") is None
    said = answer["Content-Disposition"]
    assert said.startswith("attachment")
    assert not set("\r\n\0") & set(said)
    quoted = said.replace('\\"', "")
    assert quoted.count('"') in (0, 2), "a quotation mark of the name ends nothing"
    assert "\u202e" not in one.name
