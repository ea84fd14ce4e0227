"""A page makes as many queries with many rows as with few: each main page and each list of the API."""

from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.explorer import making
from zhengwu.web.api import api
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.trail import atomic_event
from zhengwu.web.explorer.models import Publication, PublishedFact, PublishedProject
from zhengwu.web.reviews.models import Comment, Document, Finding, Round

pytestmark = pytest.mark.django_db
MORE = 4  # departments, and of everything below them


class Seen(NamedTuple):
    """What pages are asked about."""

    publication: Publication
    finding: Finding
    administrator: User


@pytest.fixture
def seen(tmp_path: Any, settings: Any) -> Seen:
    """One of each: a published document, one under review over two rounds, a finding with a comment."""
    settings.MEDIA_ROOT = tmp_path
    publication = making.published()
    making.published(2022)
    administrator = making.person(Role.ADMINISTRATOR)
    making.person(Role.OFFICER, publication.unit)
    finding = _reviewed(publication, publication.unit)
    atomic_event(actor=administrator, action="unit.change", subject=publication.unit, unit=publication.unit)
    return Seen(publication, finding, administrator)


def _reviewed(publication: Publication, unit: Unit) -> Finding:
    """A document under review whose second round has a finding with a comment."""
    by = publication.published_by
    document = Document.objects.create(
        unit=unit, year=2031, kind="budget", title="t", state="open", created_by=by, assigned_to=by
    )
    finding = None
    for number in (1, 2):
        one = _copy(publication.round, document=document, number=number, current=number == 2, uploaded_by=by)
        finding = _finding(one, 1, by, finding)
    assert finding is not None
    return finding


def _finding(one: Round, position: int, by: User, earlier: Finding | None = None) -> Finding:
    made = Finding.objects.create(
        round=one, position=position, fingerprint=f"{position}", rule="stated-share-differs", severity="error",
        message_zh="不等", message_en="differs", table="一", earlier=earlier, assigned_to=by, decided_by=by,
    )  # fmt: skip
    Comment.objects.create(finding=made, author=by, text="x")
    return made


def _copy(row: Model, **changed: Any) -> Any:
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    for name in changed:
        values.pop(f"{name}_id", None)
    return type(row)._default_manager.create(**{**values, **changed})


def grow(seen: Seen) -> None:
    """Several of everything that was one."""
    by, one = seen.publication.published_by, seen.finding.round
    facts, projects = list(seen.publication.facts.all()[:30]), list(seen.publication.projects.all()[:3])
    for number in range(MORE):
        unit = Unit.objects.create(code=f"8{number}", name=f"示例区第{number}局")
        person = making.person(Role.REVIEWER, None, f"reviewer-{number}")
        making.person(Role.OFFICER, unit)
        _reviewed(seen.publication, unit)
        for owner, year in ((unit, 2021), (unit, 2022), (seen.publication.unit, 2023 + number)):
            document = Document.objects.create(
                unit=owner, year=year, kind="budget", title="t", state="published", created_by=person
            )
            made = _copy(seen.publication.round, document=document, uploaded_by=person)
            publication = _copy(seen.publication, round=made, unit=owner, year=year, published_by=person)
            PublishedFact.objects.bulk_create(_unsaved(fact, publication) for fact in facts)
            PublishedProject.objects.bulk_create(_unsaved(project, publication) for project in projects)
        old = _finding(one.document.rounds.get(number=1), 2 + number, person)
        _finding(one, 2 * number + 2, person, old)
        _finding(one, 2 * number + 3, person)
        Comment.objects.create(finding=seen.finding, author=person, text="y")
        atomic_event(actor=person, action="unit.change", subject=unit, unit=unit)
    Round.objects.filter(uploaded_by=by).update(uploaded_at=timezone.now())  # on the upload page


def _unsaved(row: Any, publication: Publication) -> Any:
    row.pk, row.publication = None, publication
    return row


BOOK = {
    "home": "/",
    "search": "/search/?q=局",
    "department": "/d/{unit}/",
    "year": "/years/2021/",
    "document": "/d/{unit}/2021/budget/",
    "compare": "/compare/?a={unit}&b={unit}",
    "sitemap": "/sitemap.xml",
}
DESK = {
    "board": "/review/",
    "upload": "/review/upload/",
    "progress": "/review/upload/progress/",
    "round": "/review/documents/{document}/rounds/2/",
    "finding": "/review/documents/{document}/rounds/2/findings/1/",
    "changes": "/review/documents/{document}/rounds/2/changes/",
    "coverage": "/review/documents/{document}/rounds/2/coverage/",
}
OFFICE = {"people": "/people/", "units": "/units/", "trail": "/trail/"}
PUBLIC_API = {
    "/units": "/api/v1/units",
    "/publications": "/api/v1/publications",
    "/facts": "/api/v1/facts?measure=expenditure",
    "/projects": "/api/v1/projects",
    "/search": "/api/v1/search?q=局",
}
DESK_API = {
    "/documents": "/api/v1/documents",
    "/documents/{pk}/rounds": "/api/v1/documents/{document}/rounds",
    "/rounds/{pk}/findings": "/api/v1/rounds/{round}/findings",
    "/findings/{pk}/comments": "/api/v1/findings/{finding}/comments",
    "/rounds/{pk}/changes": "/api/v1/rounds/{round}/changes",
    "/rounds/{pk}/coverage": "/api/v1/rounds/{round}/coverage",
    "board": "/api/v1/board",
    "document": "/api/v1/documents/{document}",
    "round": "/api/v1/rounds/{round}",
}
OFFICE_API = {
    "/administration/people": "/api/v1/administration/people",
    "/administration/units": "/api/v1/administration/units",
    "/administration/trail": "/api/v1/administration/trail",
}
WHO = {"nobody": (BOOK, PUBLIC_API), "reviewer": (DESK, DESK_API), "administrator": (OFFICE, OFFICE_API)}


def _counts(who: str, seen: Seen) -> dict[str, int]:
    """The queries of each page that somebody may see, the second time that it is asked for."""
    client = Client()
    person = {"reviewer": seen.publication.published_by, "administrator": seen.administrator}.get(who)
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    place = {
        "unit": seen.publication.unit.code, "document": seen.finding.round.document_id,
        "round": seen.finding.round_id, "finding": seen.finding.pk,
    }  # fmt: skip
    found = {}
    for name, address in (item for pages in WHO[who] for item in pages.items()):
        assert client.get(address.format(**place)).status_code == 200, address
        with CaptureQueriesContext(connection) as captured:
            client.get(address.format(**place))
            found[name] = len(captured)
    return found


@pytest.mark.parametrize("who", WHO)
def test_number_of_queries_does_not_grow_with_rows(who, seen):
    few = _counts(who, seen)
    grow(seen)
    many = _counts(who, seen)
    assert many == few
    assert all(0 < count <= 20 for count in many.values()), many


def test_a_query_for_each_row_is_seen(seen):
    """The measure itself: what the test above looks for grows with ``grow``."""

    def names() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert [document.unit.name for document in Document.objects.all()]
            return len(captured)

    few = names()
    grow(seen)
    assert names() > few


def test_every_list_of_desk_book_and_administration_is_counted():
    paths = {path.removeprefix("/api/v1"): methods for path, methods in api.get_openapi_schema()["paths"].items()}
    lists = {
        path for path, methods in paths.items()
        if any(one["name"] == "offset" for one in methods.get("get", {}).get("parameters", ()))
        and not path.startswith(("/budget", "/library", "/notices", "/delegations"))  # the budget desk's: tests/web/api
    }  # fmt: skip
    assert lists == {path for pages in (PUBLIC_API, DESK_API, OFFICE_API) for path in pages if path.startswith("/")}
