"""Nothing that somebody wrote becomes markup: names of units and people, of files, cells and sentences of documents,
reasons, comments, titles; in pages, in data within pages, in pictures and in downloads."""

import json
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # nosec B405 - of our own pictures

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.web.explorer.making import budget
from tests.web.people import World, world
from tests.web.safety import places
from zhengwu.web.common.models import Unit, User
from zhengwu.web.reviews.models import Comment, Document, Finding, Round

pytestmark = pytest.mark.django_db
EVIL = "\"'><script>alert(7)</script><img src=x onerror=alert(7)>"
CLOSING = "</script></title></textarea></style><svg onload=alert(7)>{{7*7}}"
_DATA = {"application/ld+json", "application/json"}


class Markup(HTMLParser):
    """What of a page could run: collected while it is read as a browser does."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.data: list[str] = []
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Scripts have an address of ours or are data; nothing has a handler or an address that runs."""
        found = {name: value or "" for name, value in attrs}
        for name, value in found.items():
            if name.startswith("on"):
                self.wrong.append(f"<{tag} {name}={value!r}>")
            run = "".join(value.split()).lower().startswith(("javascript:", "data:text", "vbscript:"))
            if name in ("href", "src", "action", "formaction", "xlink:href", "hx-get", "hx-post") and run:
                self.wrong.append(f"<{tag} {name}={value!r}>")
        if tag == "script":
            self._in_data = found.get("type") in _DATA
            if not self._in_data and not found.get("src", "").startswith("/static/"):
                self.wrong.append(f"<script {attrs}>")
        if tag in ("iframe", "object", "embed", "base"):
            self.wrong.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """The end of data."""
        if tag == "script":
            self._in_data = False

    def handle_data(self, data: str) -> None:
        """Data must still be data."""
        if self._in_data and data.strip():
            self.data.append(data)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def evil(tmp_path: Path) -> World:
    """The world, in which everybody writes markup."""
    here = world()
    data = budget().decode()
    for word in ("咨询电话", "一般公共服务支出", "社会保障和就业支出", "基本支出"):
        assert word in data
        data = data.replace(word, escape(word + EVIL))
    Unit.objects.filter(pk=here.own.pk).update(name=f"教育局{CLOSING}{EVIL}")
    Unit.objects.filter(pk=here.below.pk).update(name=EVIL, code="1\"'><b>")
    User.objects.update(first_name=EVIL, email=f"{EVIL}@x")
    here.own.refresh_from_db()
    places.published(here, data.encode())
    text = places.FAULTY.read_text(encoding="utf-8").replace("增加（减少）", f"增加（减少）{EVIL}")
    text = text.replace("一般公共服务支出", f"一般公共服务支出{EVIL}{CLOSING}")
    path = tmp_path / "evil.txt"
    path.write_text(text, encoding="utf-8")
    unit = here.own
    document = Document.objects.create(
        title=EVIL, unit=unit, year=2020, kind="budget", state="open", created_by=here.people["reviewer"],
        return_reason=CLOSING, assigned_to=here.people["reviewer"],
    )  # fmt: skip
    Round.objects.create(
        document=document, number=1, name=f"{EVIL}.txt", file="x", sha256="0" * 64, size=1, format="txt", job="done",
        uploaded_by=here.people["reviewer"], recognised={"unit": EVIL, "year": 2020, "kind": "budget"},
    )  # fmt: skip
    places.filled(path)
    Finding.objects.update(reason=EVIL, decided_by=here.people["reviewer"], table=EVIL)
    for finding in Finding.objects.all():
        Comment.objects.create(finding=finding, author=here.people["reviewer"], text=EVIL + CLOSING)
    return here


def addresses(here: World) -> list[str]:
    """Every page that shows something of somebody."""
    one = Round.objects.get(document__year=2020)
    base = (one.document_id, 1)
    found = ["/", "/search/", "/compare/", "/review/", "/review/upload/", "/people/", "/units/", "/trail/", "/account/", "/account/tokens/"]  # fmt: skip
    found += [
        f"/search/?q={word}"
        for word in ("咨询", "%3Cscript%3Ealert(7)%3C/script%3E", "%22%27%3E%3Cimg%20onerror=alert(7)%3E")
    ]
    found += [
        "/years/2021/",
        "/d/101/",
        "/d/101/2021/budget/",
        "/d/101/2021/budget/1/",
        "/compare/?a=101&b=101&kind=budget",
    ]
    found += [
        f"/compare/?a={escape(EVIL)}&b=101",
        "/d/101/?year=%3Cscript%3E&kind=%22%3E%3Cb%3E",
        "/sitemap.xml",
        "/robots.txt",
    ]
    found += [reverse(f"reviews:{name}", args=base) for name in ("round", "changes", "coverage")]
    found += [f"{reverse('reviews:coverage', args=base)}?table={table}" for table in range(-1, 12)]
    found += [f"{reverse('reviews:coverage', args=base)}?amount={number}" for number in range(0, 200, 20)]
    found += [reverse("reviews:finding", args=(*base, finding.position)) for finding in one.findings.all()]
    found += [reverse("reviews:document", args=[one.document_id]), reverse("explorer:publish", args=[one.document_id])]
    found += [reverse("common:person", args=[person.pk]) for person in here.people.values()]
    found += [reverse("common:unit", args=[unit.pk]) for unit in Unit.objects.all()]
    found += [
        f"/review/?{name}=%22%3E%3Cscript%3Ealert(7)" for name in ("q", "rule", "state", "unit", "severity", "page")
    ]
    found += ["/sign-in/?next=%22%3E%3Cscript%3Ealert(7)%3C/script%3E", "/nothing/%3Cscript%3Ealert(7)%3C/script%3E"]
    return found


def _checked(address: str, answer: HttpResponse) -> str:
    kind = answer.get("Content-Type", "")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("utf-8", "replace")
    if "html" in kind:
        seen = Markup()
        seen.feed(text)
        assert not seen.wrong, (address, seen.wrong[:3])
        for data in seen.data:
            json.loads(data)
    elif "xml" in kind:
        ElementTree.fromstring(text)  # nosec B314 - our own
    return text


@pytest.mark.parametrize("role", ["anonymous", "officer", "reviewer", "administrator"])
def test_what_somebody_wrote_is_text_on_every_page(evil: World, role: str) -> None:
    client = Client()
    if role != "anonymous":
        client.force_login(evil.people[role], backend="django.contrib.auth.backends.ModelBackend")
    said, statuses = 0, set()
    for address in addresses(evil):
        answer = client.get(address)
        statuses.add(answer.status_code)
        said += "alert(7)" in _checked(address, answer)
    # The test would hold of pages that say nothing.
    assert said > {"anonymous": 8, "officer": 20, "reviewer": 20, "administrator": 20}[role]
    assert 200 in statuses


def test_forms_that_are_refused_give_back_text(evil: World) -> None:
    client = Client()
    client.force_login(evil.people["administrator"], backend="django.contrib.auth.backends.ModelBackend")
    typed = dict.fromkeys(("username", "name", "email", "code", "password", "parent", "role", "unit"), EVIL)
    for address in ("/people/add/", "/units/add/", reverse("common:person", args=[evil.people["officer"].pk])):
        answer = client.post(address, typed)
        assert "alert(7)" in _checked(address, answer)
    client.post("/units/add/", {"code": "x<b>", "name": EVIL})
    assert Unit.objects.filter(name=EVIL).exists()
    _checked("/units/", client.get("/units/"))
    answer = Client().post("/sign-in/", {"username": EVIL, "password": "x", "next": EVIL})
    assert "alert(7)" in _checked("/sign-in/", answer)


def test_downloads_are_saved_under_safe_names_and_run_nothing(evil: World) -> None:
    client = Client()
    client.force_login(evil.people["reviewer"], backend="django.contrib.auth.backends.ModelBackend")
    one = Round.objects.get(document__year=2020)
    paths = [reverse("reviews:download", args=(one.document_id, 1, form)) for form in ("json", "html", "original")]
    paths += [
        f"/d/101/2021/budget/1/{form}" for form in ("original", "tables.zip", "facts.csv", "facts.json", "table-1.csv")
    ]
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        name = answer["Content-Disposition"]
        assert name.startswith("attachment"), path
        assert not set("\r\n") & set(name), path
        assert answer["X-Content-Type-Options"] == "nosniff", path
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if path.endswith("html/"):  # the report: it may be opened from the disk, where no policy holds
            seen = Markup()
            seen.feed(content.decode())
            assert not [one for one in seen.wrong if "alert(7)" in one]
        if path.endswith(".csv"):
            assert not any(
                line.lstrip('"').startswith(("=", "+", "@")) for line in content.decode("utf-8-sig").splitlines()
            )


def test_api_says_it_as_data(evil: World) -> None:
    client = Client()
    client.force_login(evil.people["administrator"], backend="django.contrib.auth.backends.ModelBackend")
    for path in (
        "/units",
        "/projects",
        "/documents",
        "/administration/people",
        "/administration/units",
        "/search?q=教育",
    ):
        answer = client.get(f"/api/v1{path}")
        assert answer["Content-Type"].startswith("application/json"), path
        assert "alert(7)" in json.dumps(answer.json(), ensure_ascii=False), path
