"""Control figures: of one unit, of all units of a year, the staff standards; and how an officer begins a budget."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Max
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengwu.ledger.load import LedgerError
from zhengwu.model.message import Message, RefusedError
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_BYTES
from zhengwu.web.budgets import bureau, bureau_forms, figure_book, figures, selectors, workflow, years
from zhengwu.web.budgets.bureau_forms import BasicForm, BoardFilter, EarlierForm, FileForm, yuan_text
from zhengwu.web.budgets.bureau_views import year_context, year_of
from zhengwu.web.budgets.models import Budget, BudgetYear, State
from zhengwu.web.budgets.views import tabs
from zhengwu.web.budgets.years import Figure
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt, sentence
from zhengwu.web.common.models import Unit
from zhengwu.web.common.permissions import may, require

_UNITS = 50  # on one page
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@allowed("board.view")
def control(request: HttpRequest, pk: int) -> HttpResponse:
    """The control figures of a unit: basic by standards, projects by its request."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    request_of = figures.requests_of([item])[item.pk]
    basic = figures.basics_by_standards([item])[item.pk]
    wanted = figures.wanted_of(item, request_of)
    stamp = _stamp(item)
    edits = may(actor, "budget.control", item.unit) and item.state not in figures.UNBOUND and not item.year.closed
    if request.method == "POST":
        require(actor, "budget.control", item.unit)
        form = BasicForm(request.POST)
        rows = bureau_forms.project_figures(request.POST, _project_rows(wanted))
        if form.is_valid() and rows.is_valid():
            given = [one.figure() for one in (form, *rows.forms)]
            chosen = [one for one in given if one is not None]

            def save() -> Budget:
                if request.POST.get("stamp", "") != _stamp(item):
                    raise RefusedError("conflict", "控制数刚被别人修改；请核对下面的数再保存。", "Somebody else has just changed the figures: check them and save again.")  # fmt: skip
                return years.figures_set(actor=actor, budget=item, figures=chosen, now=timezone.now())

            if attempt(form, save) is not None:
                messages.success(request, _("Saved."))
                return redirect("budgets:control", pk=pk)
        stamp = _stamp(item)
    else:
        form = BasicForm(initial=_basic_initial(item, basic if edits else None))
        rows = bureau_forms.project_figures(None, _project_rows(wanted))
    names = {one.project: one for one in wanted}
    last = bureau.last_totals(item.year.year, [item.unit_id]).get(item.unit_id)
    set_ = {one.project: one.amount for one in item.controls.all()}
    context = {
        **year_context(request, item.year, "controls"), "budget": item, "form": form, "rows": rows, "request_of": request_of,
        "listed": [(one, names.get(one["project"].value() or "")) for one in rows.forms],
        "basic": basic, "stamp": stamp, "last": last, "given": sum(set_.values()) if set_ else None, "budget_tabs": tabs(item),
        "edits": edits,
        "gives": workflow.allows("give-figures", item.state) and may(actor, "budget.control", item.unit) and "" in set_,
        "parts": [sentence(one.basis) for one in basic.parts], "missing": [sentence(one.sentence) for one in basic.notes],
    }  # fmt: skip
    return render(request, "budgets/control.html", context, status=422 if form.is_bound else 200)


def _stamp(item: Budget) -> str:
    """What tells whether somebody else has set the figures meanwhile."""
    last = item.controls.aggregate(last=Max("set_at"))["last"]
    return last.isoformat() if last else ""


def _basic_initial(item: Budget, basic: figures.Basic | None) -> dict[str, Any]:
    """The figure that was set; before that, where one can be, what the standards make."""
    one = item.controls.filter(project="").first()
    if one is not None:
        return {"staff": one.staff, "standard": one.standard, "amount": one.amount, "remark": one.remark}
    if basic is None or not basic.parts:
        return {}
    return {"staff": basic.staff, "standard": basic.standard, "amount": basic.amount, "remark": figures.basis_of(basic)}


def _project_rows(wanted: list[figures.Wanted]) -> list[dict[str, Any]]:
    return [{"project": one.project, "amount": one.given, "remark": one.remark} for one in wanted]


@require_http_methods(["GET", "POST"])
@allowed("board.view")
def controls(request: HttpRequest, year: int) -> HttpResponse:
    """The control figures of all units of a year; the basic ones are typed here."""
    found = year_of(year)
    if request.method == "POST":
        require(actor_of(request), "budget.control")
        typed, wrong = _typed_basics(request, found)
        if not wrong:
            chosen = list(bureau.budgets_of(found).filter(pk__in=typed))
            form = FileForm()
            count = attempt(form, lambda: figures.basics_set(actor=actor_of(request), budgets=chosen, basics=typed, now=timezone.now()))  # fmt: skip
            if count is not None:
                messages.success(request, _("%(count)s control figures were changed.") % {"count": count})
                return redirect(request.get_full_path())
            wrong = {0: str(form.non_field_errors()[0])}
        return _controls(request, found, wrong=wrong, status=422)
    return _controls(request, found)


def _typed_basics(request: HttpRequest, year: BudgetYear) -> tuple[dict[int, Figure | None], dict[int, str]]:
    """(the basic figures that were changed on the page, by budget; what is wrong, by budget)."""
    field = bureau_forms.YuanField()
    changed: dict[int, Figure | None] = {}
    wrong: dict[int, str] = {}
    named = {int(name[6:]): text for name, text in request.POST.items() if name.startswith("basic-") and name[6:].isdecimal()}  # fmt: skip
    for item in bureau.budgets_of(year).filter(pk__in=named).prefetch_related("controls"):
        text, seen = str(named[item.pk]).strip(), request.POST.get(f"seen-{item.pk}", "")
        if text.replace(",", "") == seen:
            continue
        kept = next((one for one in item.controls.all() if not one.project), None)
        try:
            amount = field.clean(text)
        except ValidationError as error:
            wrong[item.pk] = " ".join(error.messages)
            continue
        if yuan_text(kept.amount if kept else None) != seen:
            wrong[item.pk] = _("Somebody else has just set it to %(amount)s.") % {"amount": yuan_text(kept.amount if kept else None) or "—"}  # fmt: skip
            continue
        staffed = kept is not None and amount is not None and amount >= (kept.staff or 0) * (kept.standard or 0)
        figure = Figure("", amount or 0, kept.staff, kept.standard, kept.remark) if staffed and kept else Figure("", amount or 0)  # fmt: skip
        changed[item.pk] = figure if amount is not None else None
    return changed, wrong


def _controls(
    request: HttpRequest, year: BudgetYear, *, wrong: dict[int, str] | None = None, status: int = 200,
    taken: Form | None = None, problems: tuple[str, ...] = (), refused: tuple[tuple[Budget, str], ...] = (),
) -> HttpResponse:  # fmt: skip
    heads = Unit.objects.filter(parent=None).order_by("code")
    form = BoardFilter(request.GET or None, departments=heads)
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    budgets = bureau.budgets_of(year, given.get("department", ""), given.get("state", ""), given.get("q", ""))
    page = Paginator(budgets, _UNITS).get_page(request.GET.get("page"))
    page.elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)  # type: ignore[attr-defined]
    listed = figures.listed(list(page.object_list))
    typed = request.POST if wrong else {}
    wrong = wrong or {}
    rows = []
    for one in listed:
        seen = yuan_text(one.basic)
        rows.append((one, str(typed.get(f"basic-{one.budget.pk}", seen)), seen, wrong.get(one.budget.pk, "")))
    ready = [one.pk for one in budgets if one.state == State.FIRST_SUBMITTED]
    context = {
        **year_context(request, year, "controls"), "form": form, "page": page, "rows": rows, "ready": len(ready),
        "take": taken or FileForm(), "problems": problems, "refused": refused, "problem": wrong.get(0, ""),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "budgets/controls.html", context, status=status)


@require_POST
@allowed("budget.control")
def controls_fill(request: HttpRequest, year: int) -> HttpResponse:
    """Basic figures that are missing are made by the standards."""
    found = year_of(year)
    count, missing = figures.basics_fill(actor=actor_of(request), budgets=bureau.budgets_of(found), now=timezone.now())
    messages.success(request, _("%(count)s basic control figures were made by the standards.") % {"count": count})
    if missing:
        messages.warning(request, _("%(count)s numbers are not stated by the units and count as 0: check the figures.") % {"count": len(missing)})  # fmt: skip
    return redirect("budgets:controls", year=year)


@require_POST
@allowed("budget.control")
def controls_give(request: HttpRequest, year: int) -> HttpResponse:
    """The figures are given to all whose request is in."""
    found = year_of(year)
    waiting = list(bureau.budgets_of(found, state=str(State.FIRST_SUBMITTED)))
    done = figures.figures_give(
        actor=actor_of(request), budgets=waiting, now=timezone.now(), today=timezone.localdate()
    )
    if done.done:
        messages.success(request, _("%(count)s units have got their control figures.") % {"count": done.done})
    elif not done.refused:
        messages.warning(request, _("Nobody can get figures yet: no request is in."))
    if done.refused:
        return _controls(request, found, refused=tuple((one, sentence(why)) for one, why in done.refused), status=422)
    return redirect("budgets:controls", year=year)


@require_GET
@allowed("board.view")
def controls_workbook(request: HttpRequest, year: int) -> HttpResponse:
    """The figures as a workbook."""
    found = year_of(year)
    language = "en" if (get_language() or "").startswith("en") else "zh"
    response = HttpResponse(
        figure_book.figures_book(found, list(bureau.budgets_of(found)), language), content_type=_XLSX
    )
    response["Content-Disposition"] = f'attachment; filename="control-{year}.xlsx"'
    return response


@require_POST
@allowed("budget.control")
def controls_take(request: HttpRequest, year: int) -> HttpResponse:
    """The figures from a workbook: all or none."""
    found = year_of(year)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _controls(request, found, taken=form, status=422)
    file = form.cleaned_data["file"]
    try:
        count = figure_book.figures_take(
            actor=actor_of(request), year=found, data=file.read(MAX_BYTES + 1), name=file.name or "", now=timezone.now()
        )
    except (LedgerError, UnreadableError, RefusedError) as error:
        _raise_if_serious(error)
        return _controls(request, found, taken=form, problems=_sentences(error), status=422)
    messages.success(request, _("The control figures of %(count)s units were set.") % {"count": count})
    return redirect("budgets:controls", year=year)


def _raise_if_serious(error: Exception) -> None:
    if isinstance(error, RefusedError) and error.code in ("not-allowed", "not-found"):
        raise error


def _sentences(error: Exception) -> tuple[str, ...]:
    if isinstance(error, LedgerError):
        return tuple(sentence(one.sentence) for one in error.problems)
    message = getattr(error, "message", Message(str(error), str(error)))
    return (sentence(message),)


@require_http_methods(["GET", "POST"])
@allowed("board.view")
def standards(request: HttpRequest, year: int) -> HttpResponse:
    """The staff standards of a year."""
    found, actor = year_of(year), actor_of(request)
    initial = list(found.standards.values("name", "nature", "counted", "each", "unit_kind"))
    rows = bureau_forms.standards(request.POST or None, initial)
    error = ""
    if request.method == "POST":
        require(actor, "budget.control")
        if rows.is_valid():
            typed = [one.cleaned_data for one in rows.forms if one.cleaned_data.get("name", "").strip()]
            chosen = [{**one, "name": one["name"].strip()} for one in typed]
            try:
                figures.standards_set(actor=actor, year=found, standards=chosen, now=timezone.now())
            except RefusedError as refusal:
                _raise_if_serious(refusal)
                error = sentence(refusal.message)
            else:
                messages.success(request, _("Saved."))
                return redirect("budgets:standards", year=year)
    context = {
        **year_context(request, found, "standards"), "rows": rows, "error": error,
        "edits": may(actor, "budget.control") and not found.closed,
    }  # fmt: skip
    return render(request, "budgets/standards.html", context, status=422 if rows.is_bound else 200)


@require_GET
@allowed("budget.edit")
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """How a budget begins: copied forward, or after an earlier year's ledger was taken over."""
    return _begin(request, _own(request, pk))


def _own(request: HttpRequest, pk: int) -> Budget:
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    require(actor, "budget.edit", item.unit)
    return item


def _begin(request: HttpRequest, item: Budget, form: Form | None = None, problems: tuple[str, ...] = (), confirm: bool = False) -> HttpResponse:  # fmt: skip
    before = Budget.objects.filter(unit=item.unit, year__year=item.year.year - 1).exclude(approved=None)
    context = {
        "budget": item, "tab": "overview", "tabs": tabs(item), "form": form or EarlierForm(), "problems": problems, "confirm": confirm,
        "before": before.select_related("approved", "year").defer("approved__ledger").first(), "last": item.year.year - 1,
        "rows": selectors.typed_rows(item), "edits": item.state in workflow.EDITABLE and not item.year.closed,
    }  # fmt: skip
    return render(request, "budgets/start.html", context, status=422 if problems or confirm or (form and form.errors) else 200)  # fmt: skip


@require_POST
@allowed("budget.edit")
def begin_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Last year's budget is copied forward. Over rows that exist only when that was confirmed."""
    item = _own(request, pk)
    if selectors.typed_rows(item) and request.POST.get("confirmed") != "1":
        return _begin(request, item, confirm=True)
    try:
        notes = years.copy_forward(actor=actor_of(request), budget=item, now=timezone.now())
    except RefusedError as error:
        if error.code == "not-allowed":
            raise
        return _begin(request, item, problems=_sentences(error))
    messages.success(request, _("Copied forward; %(count)s things to know or to decide stand below.") % {"count": len(notes)})  # fmt: skip
    return redirect("budgets:budget", pk=pk)


@require_POST
@allowed("budget.edit")
def begin_earlier(request: HttpRequest, pk: int) -> HttpResponse:
    """An earlier year's ledger workbook is taken over, whole or not at all."""
    item = _own(request, pk)
    form = EarlierForm(request.POST, request.FILES)
    if not form.is_valid():
        return _begin(request, item, form)
    file = form.cleaned_data["file"]
    try:
        made = years.earlier_take(
            actor=actor_of(request),
            unit=item.unit,
            data=file.read(MAX_BYTES + 1),
            name=file.name or "",
            now=timezone.now(),
        )
    except (LedgerError, UnreadableError, RefusedError) as error:
        _raise_if_serious(error)
        return _begin(request, item, form, _sentences(error))
    messages.success(request, _("%(year)s is taken over and can be copied forward.") % {"year": made.year.year})
    return redirect("budgets:begin", pk=pk)
