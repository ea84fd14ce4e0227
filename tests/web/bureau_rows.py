"""The finance bureau's addresses of the budget desk in the permission matrix."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from tests.web.budget_rows import budget_of
from tests.web.matrix import POST_ONLY, Row
from tests.web.people import World
from zhengwu.web.budgets.models import ControlFigure, Export

# Roles: anonymous officer head reviewer auditor administrator.
_BUREAU = "login 403 403 200 200 200"
_REVIEWER = "login 403 403 200 403 403"
_DONE = "login 403 403 302 403 403"
_WRONG = "login 403 403 422 403 403"
_EMPTY = {"p-TOTAL_FORMS": "0", "p-INITIAL_FORMS": "0", "s-TOTAL_FORMS": "0", "s-INITIAL_FORMS": "0"}


def _year(own: bool = True, state: str = "first_draft", **more: Any) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        return {"year": budget_of(world, own, state).year.year, **more}

    return arguments


def _budget(own: bool, state: str = "first_draft") -> Any:
    return lambda world: {"pk": budget_of(world, own, state).pk}


def _export(form: str, kept: bool = True) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        year = budget_of(world, True).year
        made = Export(year=year, state="done", made_by=world.people["reviewer"], made_at=timezone.now())
        if kept:
            made.workbook.save("a.xlsx", ContentFile(b"x"), save=False)
            made.pdf.save("a.pdf", ContentFile(b"x"), save=False)
        made.save()
        return {"year": 2022, "pk": made.pk, "form": form}

    return arguments


def _asked(world: World) -> dict[str, Any]:
    """A budget whose request is in and whose basic figure is set."""
    budget = budget_of(world, True, "first_submitted")
    ControlFigure.objects.create(budget=budget, amount=1, set_by=world.people["reviewer"], set_at=timezone.now())
    return {"year": 2022}


def _nothing(_world: World) -> dict[str, Any]:
    return {"year": 2077}


_PAGES = ("board", "totals", "controls", "standards", "year-units", "exports", "exports-progress", "controls-workbook")
BUREAU = (
    Row("budgets:years", _BUREAU),
    *(Row(f"budgets:{name}", _BUREAU, arguments=_year()) for name in _PAGES),
    *(Row(f"budgets:{name}", "login 403 403 404 404 404", arguments=_nothing) for name in _PAGES),
    Row("budgets:year-open", _REVIEWER),
    Row("budgets:year-open", _WRONG, "POST", data={"year": "2022"}),
    Row("budgets:year-open", _DONE, "POST", data={"year": "2023", "dialect": "beijing-xicheng-budget"}),
    Row("budgets:year-change", _REVIEWER, arguments=_year()),
    Row("budgets:year-change", _DONE, "POST", _year(), {"first_due": "2021-09-30"}),
    Row("budgets:year-change", _WRONG, "POST", _year(), {"first_due": "2021-09-30", "second_due": "2021-09-29"}),
    Row("budgets:year-close", POST_ONLY, arguments=_year()),
    Row("budgets:year-close", _DONE, "POST", _year(), {"closed": "1"}),
    Row("budgets:year-start", POST_ONLY, arguments=_year()),
    Row("budgets:year-start", _WRONG, "POST", _year(), {"unit": "0"}),
    Row("budgets:units-merge", POST_ONLY, arguments=_year()),
    Row("budgets:units-merge", _WRONG, "POST", _year(), {"reason": "r"}),
    Row("budgets:standards", _WRONG, "POST", _year(), {**_EMPTY, "s-TOTAL_FORMS": "1", "s-0-name": "n"}),
    Row("budgets:standards", _DONE, "POST", _year(), _EMPTY),
    Row("budgets:controls", _DONE, "POST", _year()),
    Row("budgets:controls-fill", POST_ONLY, arguments=_year()),
    Row("budgets:controls-fill", _DONE, "POST", _year()),
    Row("budgets:controls-give", POST_ONLY, arguments=_year()),
    Row("budgets:controls-give", _DONE, "POST", _asked),
    Row("budgets:controls-give", _WRONG, "POST", _year(state="first_submitted")),  # without a basic figure
    Row("budgets:controls-take", POST_ONLY, arguments=_year()),
    Row("budgets:controls-take", _WRONG, "POST", _year()),
    Row("budgets:exports", _DONE, "POST", _year()),
    Row("budgets:exports", _WRONG, "POST", _year(), {"drafts": "7"}),
    *(Row("budgets:export-file", _BUREAU, arguments=_export(form)) for form in ("xlsx", "pdf")),
    Row("budgets:export-file", "login 403 403 404 404 404", arguments=_export("docx")),
    Row("budgets:export-file", "login 403 403 404 404 404", arguments=_export("xlsx", kept=False)),
    Row("budgets:control", _BUREAU, arguments=_budget(True)),
    Row("budgets:control", _BUREAU, arguments=_budget(False)),
    Row("budgets:control", _DONE, "POST", _budget(True), {**_EMPTY, "amount": "1"}),
    Row("budgets:control", _WRONG, "POST", _budget(True), {**_EMPTY, "amount": "one"}),
    Row("budgets:rollup", "login 200 200 200 200 200", arguments=_budget(True)),
    Row("budgets:rollup", "login 404 404 200 200 200", arguments=_budget(False)),
    Row("budgets:begin", "login 200 403 403 403 403", arguments=_budget(True)),
    Row("budgets:begin", "login 404 403 403 403 403", arguments=_budget(False)),
    Row("budgets:begin-copy", POST_ONLY, arguments=_budget(True)),
    Row("budgets:begin-copy", "login 422 403 403 403 403", "POST", _budget(True)),  # there is no year before
    Row("budgets:begin-copy", "login 404 403 403 403 403", "POST", _budget(False)),
    Row("budgets:begin-earlier", POST_ONLY, arguments=_budget(True)),
    Row("budgets:begin-earlier", "login 422 403 403 403 403", "POST", _budget(True)),
    Row("budgets:begin-earlier", "login 404 403 403 403 403", "POST", _budget(False)),
)
