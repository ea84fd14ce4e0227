"""A bureau's worth of documents: departments × years, published, and the budgets of the next year under review.

One department's documents go the real way: published by the ledger, uploaded, audited, reviewed over two rounds, put
into the open book. The other departments' rows are copies made by the database itself, with amounts of their own;
their files are those of the first department.
"""

import itertools
import time
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from bench.publishing import ledger
from zhengwu.dialects import dialect_named
from zhengwu.publishing.publication import PrintedCell, PrintedTable
from zhengwu.publishing.publish import Draft, draft_of, files_of
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.services import person_add_by_operator
from zhengwu.web.explorer import services as book
from zhengwu.web.explorer.models import Publication, PublishedFact, PublishedProject
from zhengwu.web.reviews import jobs
from zhengwu.web.reviews import services as desk
from zhengwu.web.reviews.models import Decision, Document, Finding, Round

PASSWORD = "bench: 一句够长的口令"
FIRST_YEAR = 2021
PROJECTS = 50
_FORMATS = ("html", "docx", "pdf")  # by turns
_NAMES = (
    "教育",
    "卫生",
    "民政",
    "财务",
    "水务",
    "文化",
    "交通",
    "环境",
    "住房",
    "农业",
    "商务",
    "审计",
    "统计",
    "体育",
)
_WRONG_EVERY = 60  # of a faulty document's amounts


class Size(NamedTuple):
    """How much: departments, years published, lines of the ledger, people who review."""

    departments: int = 200
    years: int = 5
    lines: int = 500
    reviewers: int = 20


def filled(size: Size) -> dict[str, Any]:
    """Fill an empty, migrated database; addresses' parts for the visitors: departments, years, rounds, words."""
    begun = time.monotonic()
    reviewers = [
        person_add_by_operator(username=f"reviewer{n}", name="", role=str(Role.REVIEWER), unit=None, password=PASSWORD)
        for n in range(size.reviewers)
    ]
    units = _units(size.departments)
    years = range(FIRST_YEAR, FIRST_YEAR + size.years + 1)
    for year in years:
        _document(reviewers[0], units[0], year, size.lines, last=year == years[-1])
    first = list(Document.objects.order_by("pk"))
    made = time.monotonic()
    for number, unit in enumerate(units[1:], 1):
        with transaction.atomic():
            for document in first:
                _copied(document, unit, reviewers[number % len(reviewers)], number)
    _analysed()
    counts = {
        model.__name__: model._default_manager.count()
        for model in (Unit, Document, Round, Finding, Publication, PublishedFact, PublishedProject)
    }
    current = Round.objects.filter(current=True, document__state="open").order_by("pk")
    return {
        "departments": [unit.code for unit in units], "years": list(years)[:-1], "counts": counts,
        "rounds": list(current.values_list("document", "number")), "words": ["局", "项目007", "教育", "第12"],
        "reviewers": [person.username for person in reviewers], "password": PASSWORD,
        "first": made - begun, "copies": time.monotonic() - made,
    }  # fmt: skip


def _units(count: int) -> list[Unit]:
    return [
        Unit.objects.create(code=f"99{n:03d}", name=f"示例区第{n + 1}{_NAMES[n % len(_NAMES)]}局") for n in range(count)
    ]


def drafted(unit: str, code: str, year: int, lines: int, projects: int = PROJECTS) -> Draft:
    """A department's budget, composed."""
    made = ledger(lines, projects, year)
    made = made._replace(budget=made.budget._replace(name=unit, code=code))
    return draft_of(made, dialect_named(made.budget.dialect))


def faulty(draft: Draft) -> Draft:
    """The same with wrong amounts in its tables."""
    amounts = itertools.count(1)

    def spoiled(cell: PrintedCell) -> PrintedCell:
        if cell.value is None or next(amounts) % _WRONG_EVERY or not cell.text[:1].isdigit():
            return cell
        return cell._replace(text=f"{9 - int(cell.text[0]) or 5}{cell.text[1:]}")

    blocks = tuple(
        block._replace(rows=tuple(row._replace(cells=tuple(map(spoiled, row.cells))) for row in block.rows))
        if isinstance(block, PrintedTable)
        else block
        for block in draft.publication.blocks
    )
    return draft._replace(publication=draft.publication._replace(blocks=blocks))


def _document(actor: User, unit: Unit, year: int, lines: int, *, last: bool) -> None:
    """A document over two rounds, published; the last year's is under review after its first one."""
    draft = drafted(unit.name, unit.code, year, lines)
    form = "pdf" if last else _FORMATS[year % len(_FORMATS)]
    one = _round(actor, unit, faulty(draft), form)
    document = desk.document_confirm(actor=actor, document=one.document, unit=unit, year=year, kind="budget")
    for finding in one.findings.filter(position__lte=5):
        desk.finding_comment(actor=actor, finding=finding, text="请核对这一处。")
    document = desk.document_assign(actor=actor, document=document, to=actor, due=date(year, 3, 21))
    if last:
        return
    document = desk.document_return(actor=actor, document=document, reason="金额有误，请修改。")
    one = _round(actor, unit, draft, form, document)
    for finding in one.findings.filter(decision=Decision.OPEN):
        desk.finding_decide(
            actor=actor, finding=finding, decision=str(Decision.DISMISSED), reason="已核实",
            revision=finding.revision, now=timezone.now(),
        )  # fmt: skip
    document = desk.document_close(actor=actor, document=Document.objects.get(pk=document.pk))
    book.publication_publish(actor=actor, document=document, now=timezone.now())


def _round(actor: User, unit: Unit, draft: Draft, form: str, document: Document | None = None) -> Round:
    name, content = next(iter(files_of(draft, (form,)).items()))
    file = SimpleUploadedFile(name, content)
    done = desk.document_upload(actor=actor, files=[file], unit=unit, document=document, now=timezone.now())
    jobs.run_pending()
    one = Round.objects.select_related("document").get(pk=done.rounds[0].pk)
    if one.job != "done":
        raise RuntimeError(f"{name}: {one.error_en or one.job}")
    return one


def _copied(document: Document, unit: Unit, reviewer: User, number: int) -> None:
    """A department's copy of a document with all that hangs on it; amounts are its own."""
    share = 1 + number / 7
    mine = Document.objects.create(
        unit=unit, year=document.year, kind=document.kind, title=desk.title_of(unit, document.year, document.kind),
        state=document.state, assigned_to=reviewer, due=document.due, created_by=reviewer,
    )  # fmt: skip
    for one in document.rounds.only("pk", "number"):
        _rows(Round, "id", [one.pk], document_id=mine.pk, uploaded_by_id=reviewer.pk)
        copy = Round.objects.only("pk").get(document=mine, number=one.number)
        _rows(Finding, "round_id", [one.pk], round_id=copy.pk, earlier_id=None)
        old = Publication.objects.filter(round=one).first()
        if old is None:
            continue
        total = None if old.total is None else round(float(old.total) * share, 2)
        new = Publication.objects.create(
            round=copy, unit=unit, year=old.year, kind=old.kind, title=mine.title, total=total, parts=old.parts,
            published_at=old.published_at, published_by=reviewer,
        )  # fmt: skip
        _rows(PublishedFact, "publication_id", [old.pk], publication_id=new.pk, value=("round(value * %s, 2)", share))
        _rows(
            PublishedProject, "publication_id", [old.pk], publication_id=new.pk, name=("%s || name", f"第{number}批"),
            amount=("round(amount * %s, 2)", share),
        )  # fmt: skip


def _rows(model: type[Model], where: str, values: Iterable[Any], **changed: Any) -> None:
    """Rows copied within the database. ``changed``: a column's new value, or (expression, its value)."""
    quote = connection.ops.quote_name
    names, expressions, given = [], [], []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        names.append(quote(field.column))
        if field.column not in changed:
            expressions.append(quote(field.column))
            continue
        new = changed[field.column]
        expression, value = new if isinstance(new, tuple) else ("%s", new)
        expressions.append(f"CAST({expression} AS {field.db_type(connection)})" if value is not None else "NULL")
        given += [value] if value is not None else []
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        for value in values:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(expressions)} FROM {table} "
                f"WHERE {quote(where)} = %s ORDER BY {quote('id')}",
                [*given, value],
            )


def _analysed() -> None:
    """What the planner knows: a server that has run for a night has it anyway."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
