"""What a row of the API's matrix of the budget desk acts on: a budget of a unit, a project of the library in it, what
belongs to both and to the year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.web.budgets.conftest import DIALECT
from tests.web.people import World
from zhengwu.web.api_adjustment_shapes import adjustment_revision, adjustments_of
from zhengwu.web.api_budget_shapes import budgets_of, revision_of
from zhengwu.web.budgets.models import (
    Adjustment,
    Attachment,
    Budget,
    BudgetYear,
    Delegation,
    Export,
    Project,
    Remark,
    Version,
)
from zhengwu.web.budgets.models import Row as Line
from zhengwu.web.budgets.noted import name_of
from zhengwu.web.common.models import Unit

_HEAD = {"row": 2, "year": 2022, "code": "101", "name": "区教育局", "scope": "department", "dialect": DIALECT}
_LEDGER = {"format": 1, "source": "", "budget": _HEAD, "lines": [], "income": [], "procurement": []}


_NOTE = {
    "kind": "old_year", "sheet": "projects", "row": 2, "column": "name", "found": "p", "zh": "一", "en": "one", "options": [],
}  # fmt: skip


@dataclass(frozen=True)
class BudgetCase:
    """What a row acts on."""

    world: World
    budget: Budget
    project: Project
    remark: Remark
    delegation: Delegation
    attachment: Attachment
    export: Export

    @property
    def numbers(self) -> dict[str, Any]:
        """For addresses."""
        return {
            "budget": self.budget.pk,
            "project": self.project.pk,
            "remark": self.remark.pk,
            "delegation": self.delegation.pk,
            "attachment": self.attachment.pk,
            "export": self.export.pk,
            "note": name_of(_NOTE),
            "number": 1,
            "year": 2022,
        }

    @property
    def revision(self) -> str:
        """What a caller who reads the budget now sends back."""
        return revision_of(budgets_of(self.world.people["reviewer"]).get(pk=self.budget.pk))

    @property
    def adjusted(self) -> str:
        """The same of its adjustment."""
        return adjustment_revision(adjustments_of(self.budget).get())


@dataclass(frozen=True)
class BudgetRow:
    """One operation."""

    operation: str
    address: str
    own: str
    foreign: str
    below: str
    scope: str = "read"
    state: str = "first_draft"
    body: Callable[[BudgetCase], dict[str, Any]] | None = None
    adjustment: str = "draft"
    files: bool = False

    def __str__(self) -> str:
        return f"{self.operation}-{self.state}"


def budget_case(world: World, unit: Unit, row: BudgetRow) -> BudgetCase:
    """A budget of a unit with a project of the library in it and a remark; an approved one with an adjustment."""
    by, now = world.people["reviewer"], timezone.now()
    year, _ = BudgetYear.objects.get_or_create(
        year=2022, defaults={"dialect": DIALECT, "opened_by": by, "opened_at": now}
    )
    budget = Budget.objects.create(unit=unit, year=year, state=row.state, moved_at=now, notes=[_NOTE])
    project = Project.objects.create(
        unit=unit, name="p", starts=2022, state="ready", values={"targets": False}, made_by=by, made_at=now
    )
    Line.objects.create(
        budget=budget, sheet="projects", position=1, values={"name": "p", "targets": False}, changed_at=now
    )
    remark = Remark.objects.create(budget=budget, text="t", author=by, at=now)
    if row.state == "approved":
        budget.approved = Version.objects.create(
            budget=budget, number=1, kind="approved", ledger=_LEDGER, sha256="0" * 64, total=0, made_by=by, made_at=now
        )
        budget.save()
        Adjustment.objects.create(
            budget=budget, number=1, base=budget.approved, state=row.adjustment, reason="r", made_by=by, made_at=now
        )
    head, officer = world.people["head"], world.people["officer"]
    # Long over: nobody signs by it.
    delegation = Delegation.objects.create(head=head, to=officer, since=date(2020, 1, 1), until=date(2020, 1, 2))
    attachment = Attachment(project=project, name="a.txt", size=1, sha256="0" * 64, added_by=by, added_at=now)
    attachment.file.save("a", ContentFile(b"1"), save=False)
    attachment.save()
    export = Export(year=year, state="done", made_by=by, made_at=now)
    export.workbook.save("a.xlsx", ContentFile(b"1"), save=False)
    export.pdf.save("a.pdf", ContentFile(b"1"), save=False)
    export.save()
    return BudgetCase(world, budget, project, remark, delegation, attachment, export)


def act(**more: Any) -> Callable[[BudgetCase], dict[str, Any]]:
    return lambda one: {"revision": one.revision, **more}


def adjust(**more: Any) -> Callable[[BudgetCase], dict[str, Any]]:
    return lambda one: {"revision": one.adjusted, **more}


def given(**more: Any) -> Callable[[BudgetCase], dict[str, Any]]:
    return lambda _one: more


def file(one: BudgetCase) -> dict[str, Any]:
    return {"revision": one.revision, "file": SimpleUploadedFile("a.xlsx", b"no workbook")}
