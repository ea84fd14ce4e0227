"""Versions of a budget, what differs between two, who changed what when."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengwu.ledger.difference import difference
from zhengwu.ledger.store import ledger_from
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import books, histories, selectors
from zhengwu.web.budgets.forms import CompareForm, HistoryForm
from zhengwu.web.budgets.models import Budget, Version
from zhengwu.web.budgets.views import tabs
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.paging import page_of

_LINES = 500  # changed lines that one page shows
_ROWS = 30  # changed rows of one event that the list of events shows; by itself it shows all


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
    """Who changed which cell when: all of a budget, a sheet's, a row's, one column's, or all rows of one event."""
    item = selectors.budget_seen(actor_of(request), pk)
    form = HistoryForm(request.GET or None)
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    place = given.get("sheet", ""), given.get("row"), given.get("column", "")
    one = given.get("event")
    found = histories.events(item, actor_of(request))
    page = page_of(request, histories.touching(found.filter(sequence=one) if one else found, *place), 30)
    rows = histories.told(item, page.object_list, *place, most=None if one else _ROWS)
    context = {"budget": item, "tab": "versions", "tabs": tabs(item), "form": form, "page": page, "rows": rows}
    return render(request, "budgets/history.html", context)


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
