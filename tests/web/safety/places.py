"""Every address of the platform with something behind it: a document whose audit is real, published, with people."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from tests.web.explorer.making import NOW, budget
from tests.web.matrix import ROLES, Row
from tests.web.people import World
from tests.web.test_matrix import ROWS
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.reporting.as_json import read_report
from zhengwu.web.explorer.models import Publication
from zhengwu.web.explorer.services import publication_publish
from zhengwu.web.reviews.audit_process import audited
from zhengwu.web.reviews.models import Document, DocumentState, Finding, JobState, Round

__all__ = ["FAULTY", "ROWS", "app_of", "by_app", "each", "filled", "published", "role_of"]
FAULTY = Path(__file__).parents[3] / "examples" / "faulty-budget.txt"


@cache
def _audit(path: Path) -> dict[str, Any]:
    return audited(str(path), path.name)


def filled(path: Path = FAULTY) -> None:
    """Give every round that has no audit that of a file: reading, coverage, report and findings."""
    made = _audit(path)
    for one in Round.objects.filter(amounts=0):
        one.reading, one.coverage, one.report = made["reading"], made["coverage"], made["report"]
        one.amounts, one.tied, one.dialect = made["amounts"], made["tied"], made["dialect"]
        one.file.save("a", ContentFile(path.read_bytes()), save=False)
        one.save()
        known = set(one.findings.values_list("position", flat=True))
        Finding.objects.bulk_create(
            Finding(round=one, position=position, **found)
            for position, found in enumerate(made["findings"], 1)
            if position not in known
        )


def published(world: World, data: bytes | None = None) -> Publication:
    """A budget of ``world.own`` in the open book, at the address that the rows of the open book name."""
    by = world.people["reviewer"]
    source = read(data or budget(), "a.html")
    document = Document.objects.create(
        unit=world.own, year=2021, kind="budget", title="t", state=DocumentState.DONE, created_by=by
    )
    made = Round(
        document=document, number=1, name="a.html", sha256=source.source.sha256, size=1, uploaded_by=by,
        job=JobState.DONE, format="html", reading=read_report(understand(source), "zh"), amounts=1,
    )  # fmt: skip
    made.file.save("a", ContentFile(data or budget()), save=False)
    made.save()
    publication = publication_publish(actor=by, document=document, now=NOW)
    # The rows of the review desk make one of the same unit and year.
    Document.objects.filter(pk=document.pk).update(year=1999)
    return publication


def each(rows: Iterable[Row], here: World, *, empty: bool = False) -> Iterator[tuple[Row, str]]:
    """Each row with its address, filled unless ``empty``; whatever was made for it and done to it is undone before the next."""
    for row in rows:
        point = transaction.savepoint()
        address = reverse(row.name, kwargs=row.arguments(here))
        if not empty:
            filled()
        yield row, address
        transaction.savepoint_rollback(point)


def by_app(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each app together: what they need is made once."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.name.partition(":")[0], []).append(row)
    return list(found.values())


def app_of(rows: list[Row]) -> str:
    """The name of a group of ``by_app``."""
    return rows[0].name.partition(":")[0]


def role_of(row: Row) -> str:
    """Somebody who gets an answer from this address, the more powerful first; the reviewer where nobody does."""
    words = dict(zip(ROLES, row.expected.split(), strict=True))
    for role in ("reviewer", "administrator", "officer"):
        if words[role][0] in "23" or words[role] in ("404", "409", "422"):
            return role
    return "reviewer"
