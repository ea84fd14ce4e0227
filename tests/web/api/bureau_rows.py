"""The finance bureau's operations, and what is a person's own, in the permission matrix of the API of the budget desk. A
reviewed table."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.api.budget_case import BudgetCase, BudgetRow, given
from zhengwu.web.api_budget_shapes import digest, year_revision
from zhengwu.web.budgets.models import Budget, BudgetYear, Notice

_BUREAU, _REVIEWER = "401 403 403 200 200 200", "401 403 403 200 403 403"
_HEAD, _ALL = "401 403 200 403 403 403", "401 200 200 200 200 200"
_YEAR = "/budget-years/{year}"
_READ = ("units", "exports", "board", "totals", "figures", "standards")
_DAYS = {"first_due": None, "second_due": None, "publish_due": "2022-02-20"}
_NO_FIGURES, _NO_STANDARDS = digest([0, None]), digest([False, []])


def _year(**more: Any) -> Any:
    return lambda _one: {"revision": year_revision(BudgetYear.objects.get(year=2022)), **more}


def _merge(one: BudgetCase) -> dict[str, Any]:
    """Into a budget of another unit, at the same step."""
    unit = one.world.foreign if one.budget.unit != one.world.foreign else one.world.own
    other = Budget.objects.create(unit=unit, year=one.budget.year, state=one.budget.state, moved_at=one.budget.moved_at)
    made = BudgetCase(one.world, other, one.project, one.remark, one.delegation, one.attachment, one.export)
    return {
        "gone": one.budget.pk, "gone_revision": one.revision, "into": other.pk, "into_revision": made.revision, "reason": "r",
    }  # fmt: skip


def _basics(one: BudgetCase) -> dict[str, Any]:
    return {"revision": _NO_FIGURES, "figures": [{"unit": one.budget.unit.code, "amount": "1"}]}


def _seen(one: BudgetCase) -> dict[str, Any]:
    made = Notice.objects.create(person=one.world.people["officer"], zh="一", en="one", about="a", at=one.remark.at)
    return {"newest": made.pk}


def _file(_one: BudgetCase) -> dict[str, Any]:
    return {"revision": _NO_FIGURES, "file": SimpleUploadedFile("a.xlsx", b"no workbook")}


def _delegation(_one: BudgetCase) -> dict[str, Any]:
    return {"to": "officer", "since": "2099-01-01", "until": "2099-01-02"}  # a day that is over is refused


BUREAU = (
    *(BudgetRow(f"year_{one}", f"{_YEAR}/{one}", _BUREAU, "403 403", "403") for one in _READ),
    BudgetRow("budget_year", _YEAR, _ALL, "404 404", "200"),
    BudgetRow("year_export", f"{_YEAR}/exports/{{export}}", _BUREAU, "403 403", "403"),
    *(BudgetRow("export_file", f"{_YEAR}/exports/{{export}}/files/{form}", _BUREAU, "403 403", "403") for form in ("xlsx", "pdf")),
    BudgetRow("figures_workbook", f"{_YEAR}/figures/workbook", _BUREAU, "403 403", "403"),
    BudgetRow("budget_request", "/budgets/{budget}/request", _BUREAU, "403 403", "403"),
    BudgetRow("budget_rollup", "/budgets/{budget}/rollup", _ALL, "404 404", "200"),
    BudgetRow("change_year", _YEAR, _REVIEWER, "403 403", "403", "budget", body=_year(**_DAYS)),
    BudgetRow("close_year", f"{_YEAR}/closing", _REVIEWER, "403 403", "403", "budget", body=_year(closed=True)),
    BudgetRow("merge_units", f"{_YEAR}/mergers", _REVIEWER, "403 403", "403", "budget-step", body=_merge),
    BudgetRow("start_export", f"{_YEAR}/exports", "401 403 403 201 403 403", "403 403", "403", "budget", body=given(drafts=True)),
    BudgetRow("set_standards", f"{_YEAR}/standards", _REVIEWER, "403 403", "403", "budget", body=given(revision=_NO_STANDARDS, standards=[])),
    BudgetRow("set_basics", f"{_YEAR}/figures", _REVIEWER, "403 403", "403", "budget", body=_basics),
    BudgetRow("fill_figures", f"{_YEAR}/figures/filling", _REVIEWER, "403 403", "403", "budget", body=given()),
    BudgetRow("give_figures", f"{_YEAR}/figures/giving", _REVIEWER, "403 403", "403", "budget-step", body=given(revision=_NO_FIGURES)),
    BudgetRow("take_figures", f"{_YEAR}/figures/workbook", "401 403 403 422 403 403", "403 403", "403", "budget", body=_file, files=True),
    BudgetRow("notices", "/notices", _ALL, "200 200", "200"),
    BudgetRow("see_notices", "/notices/seen", _ALL, "200 200", "200", "budget", body=_seen),
    BudgetRow("delegations", "/delegations", _HEAD, "403 200", "403"),
    BudgetRow("delegate", "/delegations", "401 403 201 403 403 403", "403 201", "403", "budget-step", body=_delegation),
    BudgetRow("end_delegation", "/delegations/{delegation}/ending", _HEAD, "403 200", "403", "budget-step", body=given()),
)  # fmt: skip
