"""Published documents for tests, made from the example ledger without a worker."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.core.files.base import ContentFile

from zhengwu.dialects import dialects
from zhengwu.ledger.load import load
from zhengwu.publishing.publish import draft_of, files_of
from zhengwu.reading import read
from zhengwu.recognition.understand import understand
from zhengwu.reporting.as_json import read_report
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.explorer import demo, services
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews.models import Document, DocumentState, JobState, Round

EXAMPLES = Path(__file__).parents[3] / "examples"
NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@cache
def budget(year: int = 2021, other: bool = False) -> bytes:
    """The example's budget of a year as a web page; ``other``: of the made-up department."""
    ledger = load(EXAMPLES / "xicheng-2021")
    if other:
        ledger = demo.elsewhere(ledger)
    while ledger.budget.year < year:
        ledger = demo.later(ledger, lambda line: Decimal("0.9"))
    dialect = next(one for one in dialects() if one.key == ledger.budget.dialect)
    return files_of(draft_of(ledger, dialect), ("html",))[f"budget-{year}.html"]


def person(role: str, unit: Unit | None = None, username: str = "") -> User:
    """Somebody of a role."""
    return User.objects.create_user(username or f"{role}-{unit.pk if unit else 0}", password="x", role=role, unit=unit)


def unit_of(code: str = "299001", name: str = "北京市西城区政务服务管理局") -> Unit:
    """A unit."""
    return Unit.objects.get_or_create(code=code, defaults={"name": name})[0]


def reviewed(unit: Unit, by: User, data: bytes, year: int = 2021, kind: str = "budget", name: str = "") -> Document:
    """A document whose review is done, with another round when it is there already."""
    document, _made = Document.objects.get_or_create(
        unit=unit, year=year, kind=kind, defaults={"title": "budget", "created_by": by}
    )
    document.state = DocumentState.DONE
    document.save()
    document.rounds.update(current=False)
    source = read(data, name or f"budget-{year}.html")
    made = Round(
        document=document, number=document.rounds.count() + 1, name=source.source.name, sha256=source.source.sha256,
        size=len(data), uploaded_by=by, job=JobState.DONE, format=source.source.format, pages=source.source.pages,
        reading=read_report(understand(source), "zh"),
    )  # fmt: skip
    made.file.save("x.bin", ContentFile(data), save=False)
    made.save()
    return document


def published(
    year: int = 2021, other: bool = False, data: bytes | None = None, name: str = "", unit: Unit | None = None
) -> Publication:
    """A publication of one of the two example departments, or of another unit; ``name`` is the file's."""
    unit = unit or (unit_of("999001", demo.FICTIONAL) if other else unit_of())
    by = User.objects.filter(username="publisher").first() or person(Role.REVIEWER, None, "publisher")
    document = reviewed(unit, by, data or budget(year, other), year, name=name)
    return services.publication_publish(actor=by, document=document, now=NOW)
