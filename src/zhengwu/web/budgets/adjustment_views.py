"""Adjustments (调剂) of an approved budget, as pages."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengwu.ledger.schema import sheet
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import adjustment_form, adjustment_pages, adjustments, selectors, workflow
from zhengwu.web.budgets.adjustment_ledger import NotSavedError, Remaining, remaining
from zhengwu.web.budgets.forms import AdjustmentForm, ReasonForm
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget
from zhengwu.web.budgets.views import refused_move, tabs
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import may, require


@require_http_methods(["GET", "POST"])
@allowed("budget.view")
def adjustment_list(request: HttpRequest, pk: int) -> HttpResponse:
    """All adjustments of a budget; an officer begins one."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    form = AdjustmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: adjustments.adjustment_open(actor=actor, budget=item, **given, now=timezone.now()))
        if made is not None:
            return redirect("budgets:adjustment", pk=pk, number=made.number)
    context = {
        "budget": item, "tab": "adjustments", "tabs": tabs(item), "form": form,
        "adjustments": item.adjustments.select_related("made_by", "base", "result").defer("base__ledger", "result__ledger"),
        "opens": may(actor, "budget.edit", item.unit) and item.state in workflow.IN_FORCE and not item.year.closed,
    }  # fmt: skip
    return render(request, "budgets/adjustments.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@allowed("budget.view")
def adjustment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One adjustment: its lines with the amounts before and after, the targets of the projects that it changes; while it
    is prepared, the form to set them. "show" shows another project's targets beside what is typed and saves nothing."""
    actor = actor_of(request)
    item, found = _adjustment(actor, pk, number)
    form = Form(request.POST if request.method == "POST" else None)
    marks: dict[tuple[str, int, str], str] = {}
    if request.method == "POST" and "show" in request.POST:
        require(actor, "budget.edit", item.unit)
    elif request.method == "POST":
        revision = request.POST.get("revision", "")

        def save() -> Adjustment:
            try:
                return adjustments.adjustment_set(
                    actor=actor, adjustment=found, changes=adjustment_form.changes_of(found, request.POST.dict()),
                    revision=int(revision) if revision.isdecimal() and len(revision) < 10 else -1, reason=request.POST.get("reason"),
                )  # fmt: skip
            except NotSavedError as error:
                marks.update(adjustment_pages.marks_of(error.problems))
                raise

        done = attempt(form, save) if form.is_valid() else None
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("budgets:adjustment", pk=pk, number=number)
    return _page(request, item, found, form, marks)


@require_POST
@allowed("budget.view")
def adjustment_move(request: HttpRequest, pk: int, number: int, move: str) -> HttpResponse:
    """A step of an adjustment."""
    actor = actor_of(request)
    item, found = _adjustment(actor, pk, number)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason, now, today = form.cleaned_data["reason"], timezone.now(), timezone.localdate()
        done = attempt(form, lambda: adjustments.adjustment_move(
            actor=actor, adjustment=found, move=move, now=now, today=today, reason=reason,
        ))  # fmt: skip
        if done is not None:
            messages.success(request, _("Done: %(state)s.") % {"state": done.get_state_display()})
            return redirect("budgets:adjustment", pk=pk, number=number)
    item, found = _adjustment(actor, pk, number)  # as they now are
    return _page(request, item, found, Form(), {}, moved=move, reason=form)


def _page(
    request: HttpRequest, item: Budget, found: Adjustment, form: Form, marks: dict[tuple[str, int, str], str],
    moved: str = "", reason: ReasonForm | None = None,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    edits = found.state == AdjustmentState.DRAFT and may(actor, "budget.edit", item.unit)
    typed = request.POST.dict() if form.is_bound else None
    offers = [
        selectors.Offer(name, one.title.zh, one.title.en, one.reasoned)
        for name, one in adjustments.offers(actor, found, timezone.localdate())
    ]
    left = Remaining() if found.state in workflow.OVER else remaining(found, item)
    chosen = [one for one in request.POST.getlist("project") if one] if form.is_bound else []
    context = {
        "budget": item, "tab": "adjustments", "tabs": tabs(item), "adjustment": found, "edits": edits, "left": left,
        "offers": offers, "form": form, "reason": reason or ReasonForm(), "moved": moved, "over": found.state in workflow.OVER,
        "refused": refused_move(moved, offers, reason),
        **_tables(found, typed, marks, left, chosen, edits),
        "typed_reason": typed.get("reason", "") if typed is not None else found.reason,
    }  # fmt: skip
    return render(request, "budgets/adjustment.html", context, status=422 if form.errors or moved else 200)


def _tables(
    found: Adjustment, typed: dict[str, str] | None, marks: dict[tuple[str, int, str], str], left: Remaining,
    chosen: list[str], edits: bool,
) -> dict[str, Any]:  # fmt: skip
    """What the page shows of the ledger."""
    pages, typed = adjustment_pages, typed if edits else None
    projects = pages.projects_of(found, typed, chosen)
    before, after = pages.sums_of(found)
    texts, demanded = pages.texts_of(found, typed, marks, left.missing, edits), pages.demanded_of(found, typed, marks, left.missing)  # fmt: skip
    return {
        "rows": pages.lines_of(found, typed, marks, everything=edits),
        "new": pages.new_lines(found, typed, marks) if edits else [], "columns": sheet("lines").columns[:-1],
        "before": before, "after": after, "parts": pages.parts_of(found, typed, marks, projects, edits),
        "texts": texts, "demanded": demanded if edits else [],
        "texts_open": bool(demanded) or any(row.new or row.changed or row.error for table in texts for row in table.rows)
        or any(key in ("reasons", "three_public") for key, _row, _column in marks),
        "chosen": projects, "choices": [one for one in pages.all_projects(found) if one not in projects] if edits else [],
    }  # fmt: skip


def _adjustment(actor: User, pk: int, number: int) -> tuple[Budget, Adjustment]:
    item = selectors.budget_seen(actor, pk)
    found = item.adjustments.select_related("base", "budget__unit", "budget__year", "made_by", "decided_by").filter(number=number).first()  # fmt: skip
    if found is None:
        raise RefusedError("not-found", "没有这次调剂。", "There is no such adjustment.")
    return item, found
