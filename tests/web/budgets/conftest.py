"""A department whose budget of 2021 is the example, the bureau, and a year that is open."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from django.core.cache import cache as django_cache
from django.utils import timezone

from zhengwu.ledger.load import load
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.template import workbook_of
from zhengwu.web.budgets import moves, years
from zhengwu.web.budgets.models import Budget, BudgetYear
from zhengwu.web.budgets.rows import Change, rows_save
from zhengwu.web.common.models import Role, Unit, User

ROOT = Path(__file__).parents[3]
TODAY = date(2021, 11, 3)
DIALECT = "beijing-xicheng-budget"


@cache
def example() -> Ledger:
    return load(ROOT / "examples" / "xicheng-2021")


@cache
def workbook() -> bytes:
    """The example's ledger as a workbook."""
    return workbook_of(example(), "zh")


@dataclass
class Desk:
    """The people of a department and of the bureau, and short ways to what they do."""

    unit: Unit
    foreign: Unit
    people: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def earlier(self) -> Budget:
        """2021 taken over from the example's workbook."""
        return years.earlier_take(
            actor=self.officer, unit=self.unit, data=workbook(), name="2021.xlsx", now=timezone.now()
        )

    def opened(self, year: int = 2022) -> BudgetYear:
        return years.year_open(
            actor=self.reviewer, year=year, dialect=DIALECT, first_due=date(year - 1, 9, 30), second_due=date(year - 1, 12, 10),
            publish_due=date(year, 2, 20), units=[self.unit, self.foreign], now=timezone.now(),
        )  # fmt: skip

    def budget(self, year: int = 2022) -> Budget:
        """The department's budget of a year as it now is."""
        return Budget.objects.select_related("unit", "year", "approved").get(unit=self.unit, year__year=year)

    def move(self, who: str, move: str, year: int = 2022, **options) -> Budget:
        return moves.budget_move(
            actor=self.people[who], budget=self.budget(year), move=move, now=timezone.now(), today=TODAY, **options
        )


@pytest.fixture
def desk(db) -> Desk:
    django_cache.clear()  # what one test's budget held is not the next one's, though it has the same key
    unit = Unit.objects.create(code=example().budget.code, name=example().budget.name)
    made = Desk(unit, Unit.objects.create(code="990", name="示例区财政局"))
    for name, role, of in (
        ("officer", Role.OFFICER, unit), ("second", Role.OFFICER, unit), ("head", Role.HEAD, unit), ("stranger", Role.OFFICER, made.foreign),
        ("other_head", Role.HEAD, made.foreign), ("reviewer", Role.REVIEWER, None), ("auditor", Role.AUDITOR, None), ("administrator", Role.ADMINISTRATOR, None),
    ):  # fmt: skip
        made.people[name] = User.objects.create(username=name, role=role, unit=of)
    return made


SMALL = {
    "income": ({"fund": "general", "amount": "1000", "last": "1000"},),
    "lines": (
        {"function": "2010301", "government": "50101", "departmental": "30101", "nature": "basic", "fund": "general", "amount": "600"},
        {"function": "2010301", "government": "50201", "departmental": "30201", "nature": "basic", "fund": "general", "amount": "400"},
    ),
    "last_year": ({"subject": "basic", "amount": "1000"}, {"subject": "project", "amount": "0"}, {"subject": "operating", "amount": "400"}),
    "three_public": tuple({"item": item, "last": "0"} for item in ("abroad", "reception", "car_purchase", "car_operation")),
    "duties": ({"text": "负责示例工作。"},),
    "divisions": ({"name": "办公室", "duties": "日常工作"},),
    "department_targets": ({"kind": "goal", "content": "做好示例工作"},),
}  # fmt: skip


def small(desk: Desk, budget: Budget, officer: User) -> Budget:
    """A whole budget with two lines: quick to check and to publish."""
    for key, rows in SMALL.items():
        changes = [Change(f"{key}-{number}", None, cells) for number, cells in enumerate(rows)]
        saved = rows_save(actor=officer, budget=budget, sheet_key=key, changes=changes, now=timezone.now())
        assert all(one.taken for one in saved.outcomes), saved
    row = budget.rows.get(sheet="units")
    rows_save(
        actor=officer,
        budget=budget,
        sheet_key="units",
        changes=[Change("", row.pk, {"staff": "10"})],
        now=timezone.now(),
    )
    return Budget.objects.select_related("unit", "year").get(pk=budget.pk)
