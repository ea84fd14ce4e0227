"""People of two units, the faulty example, and a short way from a file to an audited round."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.reviews import jobs, services
from zhengwu.web.reviews.models import Document, Round

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "faulty-budget.txt"
UNIT = "示例区政务服务管理局"


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def people(db) -> SimpleNamespace:
    own = Unit.objects.create(code="001", name=UNIT)
    below = Unit.objects.create(code="001001", name=f"{UNIT}服务中心", parent=own)
    foreign = Unit.objects.create(code="002", name="示例区财政局")

    def person(name: str, role: str, unit: Unit | None = None) -> User:
        return User.objects.create(username=name, role=role, unit=unit)

    return SimpleNamespace(
        own=own, below=below, foreign=foreign,
        officer=person("officer", Role.OFFICER, own), head=person("head", Role.HEAD, own),
        stranger=person("stranger", Role.OFFICER, foreign), reviewer=person("reviewer", Role.REVIEWER),
        other=person("other", Role.REVIEWER), auditor=person("auditor", Role.AUDITOR),
        administrator=person("administrator", Role.ADMINISTRATOR),
    )  # fmt: skip


def file_of(data: bytes | None = None, name: str = "预算.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, EXAMPLE.read_bytes() if data is None else data)


@pytest.fixture
def upload(people) -> Callable[..., Round]:
    """Upload one file (the example) and audit it through the real job."""

    def inner(
        data: bytes | None = None, name: str = "预算.txt", actor: User | None = None, document: Document | None = None
    ) -> Round:
        done = services.document_upload(
            actor=actor or people.officer, files=[file_of(data, name)], document=document, now=timezone.now()
        )
        assert not done.refused
        jobs.run_pending()
        return Round.objects.select_related("document").get(pk=done.rounds[0].pk)

    return inner


@pytest.fixture
def opened(people, upload) -> Round:
    """The example, audited and confirmed: under review."""
    one = upload()
    services.document_confirm(actor=people.officer, document=one.document, unit=people.own, year=2021, kind="budget")
    one.document.refresh_from_db()
    return one


@pytest.fixture
def client_of() -> Callable[..., Client]:
    def inner(user: User, language: str = "en") -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["django_language"] = "en" if language == "en" else "zh-hans"
        return client

    return inner
