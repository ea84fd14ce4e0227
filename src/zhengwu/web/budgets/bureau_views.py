"""The finance bureau's pages of a year: the list of years, the board, totals, units and mergers, exports; and a
department's own page."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengwu.dialects.classifications import functional, government_economic
from zhengwu.ledger.schema import FUNDS
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets import bureau, departments, exports, merging, selectors, years
from zhengwu.web.budgets.bureau_forms import BoardFilter, DeadlinesForm, ExportForm, MergeForm, StartForm, YearForm
from zhengwu.web.budgets.models import Budget, BudgetYear, ExportState, State
from zhengwu.web.budgets.views import tabs
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt
from zhengwu.web.common.models import Unit
from zhengwu.web.common.permissions import may, require

_DEPARTMENTS = 25  # on one page of the board
_NOTES = 300  # that a page shows


def year_of(year: int) -> BudgetYear:
    """A year. Raises RefusedError "not-found"."""
    found = BudgetYear.objects.filter(year=year).first()
    if found is None:
        raise RefusedError("not-found", f"{year} 年还没有开启。", f"{year} is not open yet.")
    return found


def year_context(request: HttpRequest, year: BudgetYear, tab: str) -> dict[str, Any]:
    """What ``budgets/_year_head.html`` shows."""
    parts = [
        ("board", "budgets:board", _("Board")), ("totals", "budgets:totals", _("Totals")),
        ("controls", "budgets:controls", _("Control figures")), ("standards", "budgets:standards", _("Staff standards")),
        ("units", "budgets:year-units", _("Units")), ("exports", "budgets:exports", _("Export")),
    ]  # fmt: skip
    actor = actor_of(request)
    return {
        "year": year, "tab": tab, "tabs": [(key, reverse(name, args=(year.year,)), title) for key, name, title in parts],
        "opens": may(actor, "budget.open-year"), "controls": may(actor, "budget.control"),
    }  # fmt: skip


@require_GET
@allowed("board.view")
def years_list(request: HttpRequest) -> HttpResponse:
    """All years."""
    names = {one.key: one.title for one in years.publishing_dialects()}
    rows = [(row, names.get(row.year.dialect, row.year.dialect)) for row in bureau.years_listed()]
    context = {"rows": rows, "opens": may(actor_of(request), "budget.open-year")}
    return render(request, "budgets/years.html", context)


@require_http_methods(["GET", "POST"])
@allowed("budget.open-year")
def year_open(request: HttpRequest) -> HttpResponse:
    """A year is opened."""
    actor = actor_of(request)
    if request.method == "POST":
        form = YearForm(request.POST)
        if form.is_valid():
            made = attempt(form, lambda: years.year_open(actor=actor, **form.cleaned_data, now=timezone.now()))
            if made is not None:
                messages.success(request, _("%(year)s is open; %(count)s units have an empty budget.") % {"year": made.year, "count": made.budgets.count()})  # fmt: skip
                return redirect("budgets:board", year=made.year)
        return render(request, "budgets/year_open.html", {"form": form}, status=422)
    newest = BudgetYear.objects.exclude(budgets=None).order_by("-year").first()
    merged = Budget.objects.filter(state=State.MERGED).values("unit")
    initial = {
        "year": newest.year + 1 if newest else timezone.localdate().year + 1, "dialect": newest.dialect if newest else "",
        "units": list(Unit.objects.exclude(pk__in=merged).values_list("pk", flat=True)),
    }  # fmt: skip
    return render(request, "budgets/year_open.html", {"form": YearForm(initial=initial)})


@require_http_methods(["GET", "POST"])
@allowed("budget.open-year")
def year_change(request: HttpRequest, year: int) -> HttpResponse:
    """The deadlines of a year."""
    found = year_of(year)
    initial = {name: getattr(found, name) for name in ("first_due", "second_due", "publish_due")}
    form, now = DeadlinesForm(request.POST or None, initial=initial), timezone.now()
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: years.year_change(actor=actor_of(request), year=found, now=now, **form.cleaned_data)
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("budgets:board", year=year)
    unfinished = found.budgets.exclude(state__in=("approved", "published", "earlier", "merged")).count()
    context = {**year_context(request, found, ""), "form": form, "unfinished": unfinished}
    return render(request, "budgets/year_change.html", context, status=422 if form.is_bound else 200)


@require_POST
@allowed("budget.open-year")
def year_close(request: HttpRequest, year: int) -> HttpResponse:
    """A year is closed, or opened again."""
    closed = request.POST.get("closed") == "1"
    years.year_close(actor=actor_of(request), year=year_of(year), closed=closed)
    messages.success(request, _("%(year)s is closed.") % {"year": year} if closed else _("%(year)s is open again.") % {"year": year})  # fmt: skip
    return redirect("budgets:board", year=year)


@require_GET
@allowed("board.view")
def board(request: HttpRequest, year: int) -> HttpResponse:
    """A year over all departments."""
    found = year_of(year)
    heads = Unit.objects.filter(parent=None).order_by("code")
    form = BoardFilter(request.GET or None, departments=heads)
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    made = bureau.board(
        found, timezone.localdate(), given.get("department", ""), given.get("state", ""), given.get("q", "")
    )
    page = Paginator(made.departments, _DEPARTMENTS).get_page(request.GET.get("page"))
    page.elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)  # type: ignore[attr-defined]
    context = {
        **year_context(request, found, "board"), "form": form, "board": made, "page": page, "funds": bureau.FUND_GROUPS,
        "steps": [(State(step), count) for step, count in made.steps], "today": timezone.localdate(),
        "filtered": any(given.values()),
    }  # fmt: skip
    return render(request, "budgets/board.html", context)


@require_GET
@allowed("board.view")
def totals(request: HttpRequest, year: int) -> HttpResponse:
    """Sums over all departments, or over one."""
    found = year_of(year)
    heads = Unit.objects.filter(parent=None).order_by("code")
    form = BoardFilter(request.GET or None, departments=heads)
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    made = bureau.totals(found, given.get("department", ""))
    english = (get_language() or "").startswith("en")
    funds = [(next(((one.en if english else one.zh) for one in FUNDS if one.key == key), key), sum_) for key, sum_ in made.funds]  # fmt: skip
    context = {
        **year_context(request, found, "totals"), "form": form, "totals": made, "groups": bureau.FUND_GROUPS, "by_fund": funds,
        "functions": [(one, functional().name_of(one.code, year) or "") for one in made.functions],
        "economic": [(one, government_economic().name_of(one.code, year) or "") for one in made.economic],
    }  # fmt: skip
    return render(request, "budgets/totals.html", context)


@require_GET
@allowed("board.view")
def year_units(request: HttpRequest, year: int) -> HttpResponse:
    """The tree of units with their budgets; units that came later, mergers."""
    return _units(request, year_of(year))


def _units(request: HttpRequest, year: BudgetYear, merge: MergeForm | None = None, start: StartForm | None = None) -> HttpResponse:  # fmt: skip
    bad = merge or start
    context = {
        **year_context(request, year, "units"), "rows": bureau.units_listed(year), "start": start or StartForm(year=year),
        "merge": merge or MergeForm(year=year), "merges": may(actor_of(request), "budget.merge"),
    }  # fmt: skip
    return render(request, "budgets/units.html", context, status=422 if bad else 200)


@require_POST
@allowed("budget.open-year")
def year_start(request: HttpRequest, year: int) -> HttpResponse:
    """A unit that came later gets its budget."""
    found = year_of(year)
    form = StartForm(request.POST, year=found)
    if form.is_valid():
        unit = form.cleaned_data["unit"]
        years.budget_start(actor=actor_of(request), unit=unit, year=found, now=timezone.now())
        messages.success(request, _("%(unit)s has an empty budget.") % {"unit": unit})
        return redirect("budgets:year-units", year=year)
    return _units(request, found, start=form)


@require_POST
@allowed("budget.merge")
def units_merge(request: HttpRequest, year: int) -> HttpResponse:
    """A unit is merged into another."""
    found = year_of(year)
    form = MergeForm(request.POST, year=found)
    if form.is_valid():
        given = form.cleaned_data
        done = attempt(form, lambda: merging.units_merge(actor=actor_of(request), **given, now=timezone.now()))
        if done is not None:
            said = _(
                "%(gone)s is merged into %(into)s: %(lines)s lines of %(amount)s yuan went over, %(out)s yuan that passed "
                "between them were taken out, %(after)s yuan stand there now. What is to be decided stands with its budget."
            ) % {
                "gone": given["gone"].unit, "into": given["into"].unit, "lines": f"{done.lines:,}", "amount": yuan(done.amount),
                "out": yuan(done.taken_out), "after": yuan(done.after),
            }  # fmt: skip
            messages.success(request, said)
            return redirect("budgets:budget", pk=given["into"].pk)
    return _units(request, found, merge=form)


@require_http_methods(["GET", "POST"])
@allowed("board.view")
def export_list(request: HttpRequest, year: int) -> HttpResponse:
    """Exports for the people's congress; asking for one."""
    found, actor = year_of(year), actor_of(request)
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(actor, "budget.export")
    if form.is_valid():
        drafts = form.cleaned_data["drafts"] == "1"
        exports.export_start(actor=actor, year=found, drafts=drafts, now=timezone.now())
        return redirect("budgets:exports", year=year)
    context = {
        **year_context(request, found, "exports"), **_exports(found), "form": form, "exports": may(actor, "budget.export"),
    }  # fmt: skip
    return render(request, "budgets/exports.html", context, status=422 if form.is_bound else 200)


@require_GET
@allowed("board.view")
def export_progress(request: HttpRequest, year: int) -> HttpResponse:
    """The list of exports alone, while one is being made."""
    found = year_of(year)
    return render(request, "budgets/_exports.html", {"year": found, **_exports(found)})


def _exports(year: BudgetYear) -> dict[str, Any]:
    listed = list(year.exports.select_related("made_by"))
    running = any(one.state in (ExportState.QUEUED, ExportState.RUNNING) for one in listed)
    return {"listed": listed, "running": running}


@require_GET
@allowed("board.view")
def export_file(request: HttpRequest, year: int, pk: int, form: str) -> HttpResponse:
    """The workbook or the PDF of an export."""
    found = year_of(year).exports.filter(pk=pk).first()
    file = {"pdf": found.pdf, "xlsx": found.workbook}.get(form) if found is not None else None
    if found is None or not file or not file.storage.exists(file.name):
        raise RefusedError("not-found", "没有这个文件。", "There is no such file.")
    name = f"{year}年部门预算{'（草案）' if found.drafts else ''}.{form}"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)  # type: ignore[return-value]


@require_GET
@allowed("budget.view")
def rollup(request: HttpRequest, pk: int) -> HttpResponse:
    """A department: its units' budgets and what they make together."""
    item = selectors.budget_seen(actor_of(request), pk)
    budgets = departments.units_of(item)
    made = departments.department_of(item.unit, budgets)
    rolled = made.rolled
    year = item.year.year
    context: dict[str, Any] = {
        "budget": item, "tab": "department", "tabs": tabs(item), "department": made, "several": len(budgets) > 1,
        "by_code": {one.unit.code: one for one in budgets}, "notes": [one.sentence for one in made.notes[:_NOTES]],
        "note_count": len(made.notes),
    }  # fmt: skip
    if rolled is not None:
        books = (("function", functional()), ("government", government_economic()))
        context |= {
            "functions": _named(departments.split_by(rolled.ledger, "function", 3), books[0][1], year),
            "economic": _named(departments.split_by(rolled.ledger, "government", 3), books[1][1], year),
            "funds": [(_fund(key), one.total) for key, one in departments.split_by(rolled.ledger, "fund").items()],
            "transfers": [one.message for one in rolled.transfers], "unpaired": [one.message for one in rolled.unpaired],
        }  # fmt: skip
    return render(request, "budgets/rollup.html", context)


def _named(found: dict[str, departments.Split], book: Any, year: int) -> list[tuple[str, str, departments.Split]]:
    return [(code, book.name_of(code, year) or "", one) for code, one in found.items()]


def _fund(key: str) -> Message:
    return next((Message(one.zh, one.en) for one in FUNDS if one.key == key), Message(key or "—", key or "—"))
