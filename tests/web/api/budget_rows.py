"""The permission matrix of the API of the budget desk: every operation, every role, for a budget and a project of the
own unit, of a foreign one and of one below. A reviewed table.

``own`` has one status for each of ``matrix.ROLES``, with a token of every scope; ``foreign`` one for officer and head;
``below`` one for the officer of the unit above; ``scope`` is the one without which a token is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.web.budgets.conftest import DIALECT
from tests.web.people import World
from zhengwu.web.api_budget_shapes import adjustment_revision, adjustments_of, budgets_of, revision_of
from zhengwu.web.budgets.models import Adjustment, Budget, BudgetYear, Project, Remark, Version
from zhengwu.web.budgets.models import Row as Line
from zhengwu.web.common.models import Unit

_HEAD = {"row": 2, "year": 2022, "code": "101", "name": "区教育局", "scope": "department", "dialect": DIALECT}
_LEDGER = {"format": 1, "source": "", "budget": _HEAD, "lines": [], "income": [], "procurement": []}


@dataclass(frozen=True)
class BudgetCase:
    """What a row acts on."""

    world: World
    budget: Budget
    project: Project
    remark: Remark

    @property
    def numbers(self) -> dict[str, int]:
        """For addresses."""
        return {
            "budget": self.budget.pk,
            "project": self.project.pk,
            "remark": self.remark.pk,
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
    budget = Budget.objects.create(unit=unit, year=year, state=row.state, moved_at=now)
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
    return BudgetCase(world, budget, project, remark)


def _act(**more: Any) -> Callable[[BudgetCase], dict[str, Any]]:
    return lambda one: {"revision": one.revision, **more}


def _adjust(**more: Any) -> Callable[[BudgetCase], dict[str, Any]]:
    return lambda one: {"revision": one.adjusted, **more}


def _with(**more: Any) -> Callable[[BudgetCase], dict[str, Any]]:
    return lambda _one: more


def _file(one: BudgetCase) -> dict[str, Any]:
    return {"revision": one.revision, "file": SimpleUploadedFile("a.xlsx", b"no workbook")}


_IN, _NOT = "401 200 200 200 200 200", "404 404"
_OFFICER, _REVIEWER = "401 200 403 403 403 403", "401 403 403 200 403 403"
_BUDGET, _LIBRARY = "/budgets/{budget}", "/library/projects"
_READ = ("rows/lines", "faults", "figures", "remarks", "notes", "projects", "ledger", "workbook", "versions", "history")
_NAMES = {"rows/lines": "rows"}


def _moves(state: str, move: str, own: str, below: str) -> BudgetRow:
    return BudgetRow(
        "move_budget", f"{_BUDGET}/moves", own, _NOT, below, "budget-step", state, _act(move=move, reason="r")
    )


ROWS = (
    *(BudgetRow(name, address, _IN, "200 200", "200") for name, address in (("budget_years", "/budget-years"), ("budgets", "/budgets"), ("library_projects", _LIBRARY))),
    BudgetRow("budget", _BUDGET, _IN, _NOT, "200"),
    *(BudgetRow(f"budget_{_NAMES.get(one, one)}", f"{_BUDGET}/{one}", _IN, _NOT, "200") for one in (*_READ, "adjustments", "publication")),
    BudgetRow("budget_difference", f"{_BUDGET}/difference?old=now", _IN, _NOT, "200"),
    BudgetRow("budget_adjustment", f"{_BUDGET}/adjustments/1", _IN, _NOT, "200", state="approved"),
    BudgetRow("library_project", f"{_LIBRARY}/{{project}}", _IN, _NOT, "200"),
    BudgetRow("open_year", "/budget-years", "401 403 403 201 403 403", "403 403", "403", "budget", body=_with(year=2030, dialect=DIALECT)),
    BudgetRow("start_budget", "/budget-years/{year}/budgets", "401 403 403 201 403 403", "403 403", "403", "budget", body=lambda one: {"unit": one.budget.unit.code}),
    BudgetRow("save_rows", f"{_BUDGET}/rows/duties", _OFFICER, _NOT, "403", "budget", body=_with(changes=[{"name": "n", "cells": {"text": "t"}}])),
    # An empty draft is not handed in; who may try is told what is missing.
    _moves("first_draft", "hand-in", "401 422 403 403 403 403", "403"),
    _moves("first_signing", "send-back", "401 403 200 403 403 403", "403"),
    _moves("first_submitted", "return", _REVIEWER, "403"),
    _moves("second_submitted", "approve", "401 403 403 422 403 403", "403"),
    BudgetRow("add_remark", f"{_BUDGET}/remarks", "401 201 201 201 403 403", _NOT, "201", "budget", body=_with(text="t")),
    BudgetRow("settle_remark", f"{_BUDGET}/remarks/{{remark}}/settlement", "401 200 200 200 403 403", _NOT, "200", "budget", body=_with()),
    BudgetRow("set_figures", f"{_BUDGET}/figures", _REVIEWER, _NOT, "403", "budget", body=_act(figures=[{"amount": "1"}])),
    # There is no year before.
    BudgetRow("copy_forward", f"{_BUDGET}/copy", "401 404 403 403 403 403", _NOT, "403", "budget", body=_act()),
    BudgetRow("take_workbook", f"{_BUDGET}/workbook", "401 422 403 403 403 403", _NOT, "403", "budget", body=_file, files=True),
    BudgetRow("open_adjustment", f"{_BUDGET}/adjustments", "401 201 403 403 403 403", _NOT, "403", "budget", "approved", _with(version=1, reason="r")),
    # Its base is no sound ledger: who may change it is told so; so is who may publish it.
    BudgetRow("set_adjustment", f"{_BUDGET}/adjustments/1/changes", "401 422 403 403 403 403", _NOT, "403", "budget", "approved", _adjust(changes=[])),
    BudgetRow("move_adjustment", f"{_BUDGET}/adjustments/1/moves", "401 403 200 403 403 403", _NOT, "403", "budget-step", "approved", _adjust(move="send-back", reason="r"), "signing"),
    BudgetRow("move_adjustment", f"{_BUDGET}/adjustments/1/moves", _REVIEWER, _NOT, "403", "budget-step", "approved", _adjust(move="refuse", reason="r"), "submitted"),
    BudgetRow("publish_budget", f"{_BUDGET}/publication", "401 403 422 403 403 403", _NOT, "403", "budget-step", "approved", _with(version=1)),
    BudgetRow("add_project", _LIBRARY, "401 201 403 403 403 403", "404 403", "404", "budget", body=lambda one: {"name": "q", "starts": 2022, "unit": one.budget.unit.code}),
    BudgetRow("change_project", f"{_LIBRARY}/{{project}}", _OFFICER, _NOT, "403", "budget", body=_with(name="p", starts=2021, revision=0)),
    BudgetRow("set_project_state", f"{_LIBRARY}/{{project}}/state", _OFFICER, _NOT, "403", "budget", body=_with(state="ended", revision=0)),
    BudgetRow("set_project_year", f"{_LIBRARY}/{{project}}/years/{{year}}", _OFFICER, _NOT, "403", "budget", body=_with(amount="1", revision=0)),
    BudgetRow("set_project_indicators", f"{_LIBRARY}/{{project}}/years/0/indicators", _OFFICER, _NOT, "403", "budget", body=_with(indicators=[], revision=0)),
    BudgetRow("rank_projects", "/library/ranking", "401 403 200 403 403 403", "403 404", "403", "budget", body=lambda one: {"unit": one.budget.unit.code, "order": [one.project.pk], "before": []}),
    BudgetRow("enter_projects", f"{_BUDGET}/projects", _OFFICER, _NOT, "403", "budget", body=lambda one: {"projects": [one.project.pk]}),
    BudgetRow("leave_project", f"{_BUDGET}/projects/leaving", _OFFICER, _NOT, "403", "budget", body=_with(name="p")),
)  # fmt: skip
