"""The platform with example data: two departments, three years each, an account for each role."""

import os
import secrets
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from zhengwu.dialects import dialects
from zhengwu.ledger.load import load
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.model import Line as LedgerLine
from zhengwu.ledger.template import workbook_of
from zhengwu.publishing.publish import draft_of, files_of
from zhengwu.web.budgets import years
from zhengwu.web.budgets.models import Budget, BudgetYear
from zhengwu.web.common.models import Role, Unit, User
from zhengwu.web.common.services import person_add_by_operator
from zhengwu.web.explorer import demo, services
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews import jobs
from zhengwu.web.reviews import services as reviews
from zhengwu.web.reviews.models import Decision, Document, Round

YEARS = 3
_PEOPLE = (
    ("officer", "示例经办", Role.OFFICER),
    ("head", "示例负责", Role.HEAD),
    ("reviewer", "示例审核", Role.REVIEWER),
    ("auditor", "示例审计", Role.AUDITOR),
    ("admin", "示例管理", Role.ADMINISTRATOR),
)
# A page, a file with pages and a Word file: the three kinds that readers meet.
_FORMATS = ("pdf", "docx", "html")


class Command(BaseCommand):
    """``demo_data``: again and again without doing anything twice."""

    help = "example data: two departments, three published years, a budget being compiled, an account for each role, a faulty document in review"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the examples lie."""
        parser.add_argument("--examples", default="examples", help="the folder with xicheng-2021 and the faulty budget")

    def handle(self, *args: Any, **options: Any) -> None:
        """Units, people, published documents, one document in review."""
        examples = Path(options["examples"])
        if not (examples / "xicheng-2021").is_dir():
            raise CommandError(f"{examples / 'xicheng-2021'} is missing; give the folder with --examples")
        original = load(examples / "xicheng-2021")
        first = demo.as_example(original)
        units = [
            _unit(first.budget.code, first.budget.name),
            _unit(demo.FICTIONAL_CODE, demo.FICTIONAL),
        ]
        _unit(f"{demo.FICTIONAL_CODE}001", "示例区政务服务中心", units[1])
        people = self._people(units[1])
        for unit, ledger in zip(units, (first, demo.elsewhere(original)), strict=True):
            for year, made in enumerate(_years(ledger)):
                self._published(people["reviewer"], unit, made, _FORMATS[year % len(_FORMATS)])
        self._faulty(people["officer"], examples / "faulty-budget.docx")
        self._next_year(people, units[1], _years(demo.elsewhere(original))[-1])
        self.stdout.write(
            f"{Publication.objects.count()} publications, {Document.objects.exclude(state='published').count()} in review"
        )

    def _people(self, unit: Unit) -> dict[str, User]:
        found = {}
        for username, name, role in _PEOPLE:
            person = User.objects.filter(username=username).first()
            if person is None:
                password = os.environ.get("ZHENGWU_DEMO_PASSWORD") or secrets.token_urlsafe(12)
                own = unit if role in (Role.OFFICER, Role.HEAD) else None
                person = person_add_by_operator(
                    username=username, name=name, role=str(role), unit=own, password=password
                )
                self.stdout.write(f"{role:<14} {username:<10} {password}")
            else:
                self.stdout.write(f"{role:<14} {username:<10} (has an account; its password is unchanged)")
            found[username] = person
        return found

    def _published(self, reviewer: User, unit: Unit, ledger: Ledger, form: str) -> None:
        year = ledger.budget.year
        if Document.objects.filter(unit=unit, year=year, kind="budget").exists():
            return
        dialect = next(one for one in dialects() if one.key == ledger.budget.dialect)
        draft = draft_of(ledger, dialect)
        name, content = next(iter(files_of(draft, (form,)).items()))
        made = _audited(reviewer, SimpleUploadedFile(name, content), unit)
        document = reviews.document_confirm(actor=reviewer, document=made.document, unit=unit, year=year, kind="budget")
        for finding in made.findings.filter(decision=Decision.OPEN):
            reviews.finding_decide(
                actor=reviewer, finding=finding, decision=str(Decision.DISMISSED), reason="示例数据",
                revision=finding.revision, now=timezone.now(),
            )  # fmt: skip
        document = reviews.document_close(actor=reviewer, document=document)
        services.publication_publish(actor=reviewer, document=document, now=timezone.now())
        self.stdout.write(f"published {unit.name} {year} ({form})")

    def _faulty(self, officer: User, path: Path) -> None:
        if not path.is_file() or Round.objects.filter(name=path.name).exists():
            return
        _audited(officer, SimpleUploadedFile(path.name, path.read_bytes()), None)
        self.stdout.write(f"in review: {path.name}")

    def _next_year(self, people: dict[str, User], unit: Unit, last: Ledger) -> None:
        """The year after the last that was published is open, and its budget copied forward."""
        following = last.budget.year + 1
        if BudgetYear.objects.filter(year=following).exists():
            return
        now = timezone.now()
        years.earlier_take(
            actor=people["officer"], unit=unit, data=workbook_of(last, "zh"), name=f"{last.budget.year}.xlsx", now=now
        )
        made = years.year_open(
            actor=people["reviewer"], year=following, dialect=last.budget.dialect, first_due=date(following - 1, 9, 30),
            second_due=date(following - 1, 12, 10), publish_due=date(following, 2, 20),
            units=list(Unit.objects.filter(path__startswith=unit.path)), now=now,
        )  # fmt: skip
        budget = Budget.objects.get(unit=unit, year=made)
        years.copy_forward(actor=people["officer"], budget=budget, now=now)
        self.stdout.write(f"being compiled: {unit.name} {following}")


def _audited(actor: User, file: SimpleUploadedFile, unit: Unit | None) -> Round:
    """Upload, and audit at once: the demonstration does not wait for a worker."""
    uploaded = reviews.document_upload(actor=actor, files=[file], unit=unit, now=timezone.now())
    if not uploaded.rounds:
        raise CommandError(uploaded.refused[0].reason.en)
    jobs.run_pending()
    made = Round.objects.select_related("document").get(pk=uploaded.rounds[0].pk)
    if made.job != "done":
        raise CommandError(f"{file.name}: {made.error_en or made.job}")
    return made


def _unit(code: str, name: str, parent: Unit | None = None) -> Unit:
    return Unit.objects.get_or_create(code=code, defaults={"name": name, "parent": parent})[0]


def _years(first: Ledger) -> list[Ledger]:
    """The ledger and those of the years after it."""
    found = [first]
    while len(found) < YEARS:
        found.append(demo.later(found[-1], _growth))
    return found


def _growth(line: LedgerLine) -> Decimal:
    return Decimal("1.03") if line.nature == "basic" else Decimal("0.96")
