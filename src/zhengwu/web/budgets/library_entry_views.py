"""A budget's projects: which stand in it, which may enter from the library, brought up to date, taken out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import library_entry, library_selectors, selectors, views, workflow
from zhengwu.web.budgets.models import Budget
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.permissions import may


@require_GET
@allowed("budget.view")
def budget_projects(request: HttpRequest, pk: int) -> HttpResponse:
    """The budget's projects beside the library's."""
    return _page(request, selectors.budget_seen(actor_of(request), pk))


@require_POST
@allowed("budget.edit")
def budget_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Projects of the library enter, or are brought up to date."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    keys = [int(one) for one in request.POST.getlist("project") if one.isascii() and one.isdecimal() and len(one) < 10]
    if not keys:
        return _page(request, item, _("No project was chosen."))
    try:
        done = library_entry.projects_enter(actor=actor, budget=item, projects=keys, now=timezone.now())
    except RefusedError as error:
        if error.code != "conflict":
            raise
        return _page(request, item, sentence(error.message))
    said = ngettext("%(count)s project is in the budget as the library has it.", "%(count)s projects are in the budget as the library has them.", len(done))  # fmt: skip
    messages.success(request, said % {"count": len(done)})
    return redirect("budgets:budget-projects", pk=pk)


@require_POST
@allowed("budget.edit")
def budget_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """A project is taken out."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    name = request.POST.get("name", "")
    try:
        library_entry.project_leave(actor=actor, budget=item, name=name, now=timezone.now())
    except RefusedError as error:
        if error.code != "conflict":
            raise
        return _page(request, item, sentence(error.message))
    messages.success(request, _("The project was taken out of the budget."))
    return redirect("budgets:budget-projects", pk=pk)


def _page(request: HttpRequest, item: Budget, refused: str = "") -> HttpResponse:
    actor = actor_of(request)
    found = library_selectors.standing(item)
    edits = may(actor, "budget.edit", item.unit) and item.state in workflow.EDITABLE and not item.year.closed
    context = {
        "budget": item, "tab": "projects", "tabs": views.tabs(item), "standing": found, "edits": edits, "refused": refused,
        "outdated": [one for one in found.entered if one.project and one.differs and not one.hinders],
    }  # fmt: skip
    return render(request, "budgets/project_budget.html", context, status=422 if refused else 200)
