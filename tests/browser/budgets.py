"""Budgets for the tests of the grid: a department each, so that no test finds what another typed."""

from datetime import date
from typing import Any

UNITS = ("typing", "pasting", "sharing", "offline", "closing", "reading", "library", "reasons")


def fill(password: str) -> dict[str, Any]:
    """A budget of 2022 for each of ``UNITS``, with what the example department has but without its lines; two officers
    and a head each. Tells the budgets' keys."""
    from django.utils import timezone

    from tests.browser.documents import ROOT
    from zhengwu.ledger.load import load
    from zhengwu.ledger.template import workbook_of
    from zhengwu.web.budgets import years
    from zhengwu.web.budgets.models import BudgetYear, Row
    from zhengwu.web.budgets.rows import Change, rows_save
    from zhengwu.web.common.models import Role, Unit, User
    from zhengwu.web.common.services import person_add_by_operator

    reviewer = User.objects.get(username="reviewer")
    now = timezone.now()
    example = load(ROOT / "examples" / "xicheng-2021")
    year = BudgetYear.objects.filter(year=2022).first() or years.year_open(
        actor=reviewer, year=2022, dialect=example.budget.dialect, first_due=date(2021, 9, 30),
        second_due=date(2021, 12, 10), publish_due=date(2022, 2, 20), units=[], now=now,
    )  # fmt: skip
    made = {}
    for number, name in enumerate(UNITS, 1):
        unit = Unit.objects.create(code=f"98{number:04}", name=f"示例{number}区政务服务管理局")
        for who, role in ((name, Role.OFFICER), (f"{name}-2", Role.OFFICER), (f"{name}-head", Role.HEAD)):
            person_add_by_operator(username=who, name=f"示例{who}", role=str(role), unit=unit, password=password)
        budget = years.budget_start(actor=reviewer, unit=unit, year=year, now=now)
        own = example.units[0]._replace(code=unit.code, name=unit.name)
        lines = tuple(line._replace(unit=unit.code) for line in example.lines)
        targets = tuple(
            one._replace(midterm_to=one.midterm_to and max(one.midterm_to, 2022)) for one in example.targets
        )
        head = example.budget._replace(year=2022, code=unit.code, name=unit.name, asset_date="2021年12月31日")
        ledger = example._replace(budget=head, units=(own,), lines=lines, targets=targets)
        officer = User.objects.get(username=name)
        years.ledger_take(actor=officer, budget=budget, data=workbook_of(ledger, "zh"), name="a.xlsx", now=now)
        if name not in ("reading", "closing", "reasons"):
            rows = Row.objects.filter(budget=budget, sheet="lines").values_list("pk", flat=True)
            gone = [Change(str(row), row, gone=True) for row in rows]
            rows_save(actor=officer, budget=budget, sheet_key="lines", changes=gone, now=now)
        made[name] = budget.pk
    return {"grids": made, "grid": made["reading"]}
