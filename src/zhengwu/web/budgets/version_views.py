"""Versions of a budget, what differs between two, who changed what when, and adjustments."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengwu.ledger.difference import difference
from zhengwu.ledger.schema import sheet
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import adjustments, books, histories, selectors, workflow
from zhengwu.web.budgets.forms import AdjustmentForm, CompareForm, HistoryForm, ReasonForm
from zhengwu.web.budgets.models import Adjustment, AdjustmentState, Budget, Version
from zhengwu.web.budgets.moves import may_move
from zhengwu.web.budgets.views import tabs
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt
from zhengwu.web.common.models import User
from zhengwu.web.common.paging import page_of
from zhengwu.web.common.permissions import may

_LINES = 500  # changed lines that one page shows


@require_GET
@allowed("budget.view")
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """All versions, and the choice of two to compare."""
    item = selectors.budget_seen(actor_of(request), pk)
    kept = list(item.versions.defer("ledger").select_related("made_by").order_by("number"))
    context = {
        "budget": item,
        "tab": "versions",
        "tabs": tabs(item),
        "versions": kept,
        "form": _compare_form(item, None),
    }
    return render(request, "budgets/versions.html", context)


@require_GET
@allowed("budget.view")
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What differs between two versions, or between a version and the budget as it now is ("now")."""
    item = selectors.budget_seen(actor_of(request), pk)
    form = _compare_form(item, request.GET)
    context: dict[str, Any] = {"budget": item, "tab": "versions", "tabs": tabs(item), "form": form}
    if not form.is_valid():
        return render(request, "budgets/compare.html", context, status=422)
    old, new = (_ledger(item, form.cleaned_data[side]) for side in ("old", "new"))
    found = difference(old, new)
    groups = [
        (group.title, [entry for entry in group.rows if entry.difference], group.total)
        for group in found.totals
    ]  # fmt: skip
    context |= {
        "found": found, "lines": found.lines[:_LINES], "more": max(0, len(found.lines) - _LINES),
        "groups": [one for one in groups if one[1]],
    }  # fmt: skip
    return render(request, "budgets/compare.html", context)


@require_GET
@allowed("budget.view")
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed which cell when: all of a budget, a sheet's, a row's or one column's."""
    item = selectors.budget_seen(actor_of(request), pk)
    form = HistoryForm(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page = page_of(request, histories.events(item), 30)
    rows = histories.told(page.object_list, given.get("sheet", ""), given.get("row"), given.get("column", ""))
    context = {"budget": item, "tab": "versions", "tabs": tabs(item), "form": form, "page": page, "rows": rows}
    return render(request, "budgets/history.html", context)


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
    """One adjustment: its lines with the amounts before and after; while it is prepared, the form to set them."""
    actor = actor_of(request)
    item, found = _adjustment(actor, pk, number)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        changes = _changes(request, found)
        revision = request.POST.get("revision", "")
        done = attempt(form, lambda: adjustments.adjustment_set(
            actor=actor, adjustment=found, changes=changes, revision=int(revision) if revision.isdecimal() else -1,
            reason=request.POST.get("reason"),
        )) if form.is_valid() else None  # fmt: skip
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("budgets:adjustment", pk=pk, number=number)
    return _adjustment_page(request, item, found, form)


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
    return _adjustment_page(request, item, found, Form(), moved=move, reason=form)


def _adjustment_page(
    request: HttpRequest, item: Budget, found: Adjustment, form: Form, moved: str = "", reason: ReasonForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    edits = found.state == AdjustmentState.DRAFT and may(actor, "budget.edit", item.unit)
    typed = request.POST if form.is_bound else None
    rows = _rows(found, typed, everything=edits)
    today = timezone.localdate()
    offers = [
        selectors.Offer(name, one.title.zh, one.title.en, one.reasoned)
        for name, one in workflow.ADJUSTMENTS.items()
        if workflow.allows(name, found.state, workflow.ADJUSTMENTS) and may_move(actor, one.action, item.unit, today)
        and not (name == "submit" and found.made_by_id == actor.pk)
    ]  # fmt: skip
    context = {
        "budget": item, "tab": "adjustments", "tabs": tabs(item), "adjustment": found, "rows": rows, "edits": edits,
        "offers": offers, "form": form, "reason": reason or ReasonForm(), "moved": moved,
        "before": sum(row["before"] or 0 for row in rows if row["changed"]),
        "after": sum(row["after"] or 0 for row in rows if row["changed"]), "columns": sheet("lines").columns[:-1],
        "typed_reason": typed.get("reason", "") if typed is not None else found.reason,
    }  # fmt: skip
    return render(request, "budgets/adjustment.html", context, status=422 if form.errors or moved else 200)


def _rows(found: Adjustment, typed: Any, everything: bool) -> list[dict[str, Any]]:
    """The lines of the base with the amounts before and after, then the new ones; ``everything`` has those that do
    not change as well. ``text`` is what stands in the field."""
    column = next(one for one in sheet("lines").columns if one.key == "amount")
    changes = {one["row"]: one["values"] for one in found.changes if one["sheet"] == "lines" and one["row"] is not None}
    rows = []
    for line in found.base.ledger["lines"]:
        number = line["row"]
        changed = number in changes
        values = changes.get(number, {})
        after = (values or {}).get("amount", 0 if values is None else line["amount"]) if changed else line["amount"]
        text = typed.get(f"amount-{number}", "") if typed is not None else books.shown(column, after)
        if everything or changed:
            rows.append({
                "number": number, "line": line, "before": line["amount"], "after": after, "changed": changed, "text": text,
                "difference": (after or 0) - (line["amount"] or 0),
            })  # fmt: skip
    for change in found.changes:
        if change["sheet"] == "lines" and change["row"] is None:
            amount = change["values"]["amount"]
            rows.append({"number": None, "line": change["values"], "before": None, "after": amount, "changed": True,
                         "text": books.shown(column, amount), "difference": amount or 0})  # fmt: skip
    return rows


def _changes(request: HttpRequest, found: Adjustment) -> list[dict[str, Any]]:
    """The lines whose typed amount differs from the base, new lines with any text, and what was set for other sheets."""
    column = next(one for one in sheet("lines").columns if one.key == "amount")
    changes: list[dict[str, Any]] = []
    for line in found.base.ledger["lines"]:
        text = request.POST.get(f"amount-{line['row']}")
        if text is not None and text.replace(",", "").strip() != books.shown(column, line["amount"]):
            changes.append({"sheet": "lines", "row": line["row"], "values": {"amount": text} if text.strip() else None})
    for place in range(20):
        values = {one.key: request.POST.get(f"new-{place}-{one.key}", "") for one in sheet("lines").columns}
        if any(text.strip() for name, text in values.items() if name not in ("unit", "nature", "fund")):
            changes.append({"sheet": "lines", "row": None, "values": values})
    return changes + [one for one in found.changes if one["sheet"] != "lines"]


def _adjustment(actor: User, pk: int, number: int) -> tuple[Budget, Adjustment]:
    item = selectors.budget_seen(actor, pk)
    found = item.adjustments.select_related("base", "budget__unit", "budget__year").filter(number=number).first()
    if found is None:
        raise RefusedError("not-found", "没有这次调剂。", "There is no such adjustment.")
    return item, found


def _compare_form(item: Budget, given: Any) -> CompareForm:
    kept: Sequence[Version] = list(item.versions.defer("ledger"))
    choices = [(str(one.number), f"#{one.number} {one.get_kind_display()}") for one in kept]
    if item.copied_from is not None:
        choices.insert(0, ("last", _("last year's budget")))
    return CompareForm(given, choices=[*choices, ("now", _("as it now is"))])


def _ledger(item: Budget, chosen: str) -> Any:
    if chosen == "now":
        return ledger_from(books.plain_of(item)[0], gaps=True)
    version = item.copied_from if chosen == "last" else item.versions.filter(number=chosen).first()
    if version is None:
        raise RefusedError("not-found", "没有这个版本。", "There is no such version.")
    return ledger_from(version.ledger, gaps=True)
