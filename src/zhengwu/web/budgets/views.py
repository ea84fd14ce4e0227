"""The budget desk: what waits for whom, a budget with its steps, what is said of it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import (
    adjustment_lists,
    adjustments,
    books,
    departments,
    moves,
    noted,
    places,
    proof,
    selectors,
    workflow,
)
from zhengwu.web.budgets.forms import DelegateForm, FilterForm, ReasonForm, RemarkForm
from zhengwu.web.budgets.models import Budget, BudgetYear, Delegation, State
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt, sentence
from zhengwu.web.common.models import Role, User
from zhengwu.web.common.paging import page_of
from zhengwu.web.common.permissions import may

_FAULTS = 200  # that one page shows


@require_GET
@allowed("budget.view")
def desk(request: HttpRequest) -> HttpResponse:
    """All budgets that one may see, those that wait for the person first; the adjustments that do, of all years."""
    actor = actor_of(request)
    form = FilterForm(request.GET or None)
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    years = selectors.years(actor)
    wanted = given.get("year")
    year = next((one for one in years if one.year == wanted), None) if wanted else None
    if year is None and not given.get("q") and not wanted:
        year = next((one for one in years if not one.closed), None)
    page = page_of(request, selectors.filtered(actor, year, given.get("q", ""), given.get("state", "")), 50)
    today = timezone.localdate()
    rows = selectors.listed(actor, page.object_list, today)
    papers, paper_count = adjustment_lists.listed(actor, today)
    context = {
        "form": form, "page": page, "years": years, "year": year, "notices": selectors.notices(actor, 10),
        "rows": sorted(rows, key=lambda row: not row.waits),
        "links": _links(actor, year), "papers": papers, "paper_count": paper_count,
        "opens": may(actor, "budget.open-year"), "takes_over": actor.role == Role.OFFICER and actor.unit is not None,
    }  # fmt: skip
    return render(request, "budgets/desk.html", context)


def _links(actor: User, year: BudgetYear | None) -> list[tuple[str, str]]:
    """Where one goes from here: (address, title)."""
    if not may(actor, "board.view"):
        return (
            [(reverse("budgets:delegations"), _("Signing in my place"))]
            if may(actor, "budget.delegate", actor.unit)
            else []
        )
    links = [(reverse("budgets:years"), _("Budget years"))]
    return [(reverse("budgets:board", args=(year.year,)), _("Board of the year")), *links] if year else links


@require_GET
@allowed("budget.view")
def budget(request: HttpRequest, pk: int) -> HttpResponse:
    """A budget: where it stands, what it sums up to, what is wrong with it, what was said."""
    return _page(request, selectors.budget_seen(actor_of(request), pk))


@require_POST
@allowed("budget.view")
def move(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """A step is made."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        now, today = timezone.now(), timezone.localdate()
        done = attempt(form, lambda: moves.budget_move(actor=actor, budget=item, move=move, now=now, today=today, reason=reason))  # fmt: skip
        if done is not None:
            messages.success(request, _("Done: %(state)s.") % {"state": done.get_state_display()})
            return redirect("budgets:budget", pk=pk)
    return _page(request, selectors.budget_seen(actor, pk), moved=move, reason=form)  # as it now is


@require_POST
@allowed("budget.remark")
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Something is said."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        said = moves.Said(given["text"], given["row"], given["column"])
        done = attempt(form, lambda: moves.remark_add(actor=actor, budget=item, said=said, now=timezone.now()))
        if done is not None:
            return redirect("budgets:budget", pk=pk)
    return _page(request, item, said=form)


@require_POST
@allowed("budget.remark")
def remark_settle(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """What was said is settled."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    found = item.remarks.select_related("budget__unit").filter(pk=remark).first()
    if found is None:
        raise RefusedError("not-found", "没有这条意见。", "There is no such remark.")
    moves.remark_settle(actor=actor, remark=found)
    return redirect("budgets:budget", pk=pk)


@require_POST
@allowed("budget.edit")
def note(request: HttpRequest, pk: int, note: str) -> HttpResponse:
    """What a note found stays as it is ("kept"), or is to be decided again."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    noted.note_decide(actor=actor, budget=item, name=note, kept=bool(request.POST.get("kept")), now=timezone.now())
    return redirect(f"{reverse('budgets:budget', args=(pk,))}#notes")


@require_http_methods(["GET", "POST"])
@allowed("budget.delegate")
def delegations(request: HttpRequest) -> HttpResponse:
    """Who signs in one's place."""
    actor = actor_of(request)
    form = DelegateForm(request.POST if request.method == "POST" else None, people=selectors.signers(actor))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, lambda: moves.delegate(actor=actor, **given, now=timezone.now()))
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("budgets:delegations")
    current = Delegation.objects.filter(head=actor).select_related("to")
    context = {"form": form, "delegations": current, "today": timezone.localdate()}
    return render(request, "budgets/delegations.html", context, status=422 if form.is_bound else 200)


@require_POST
@allowed("budget.delegate")
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A delegation is taken back."""
    actor = actor_of(request)
    found = Delegation.objects.select_related("head__unit").filter(pk=pk, head=actor).first()
    if found is None:
        raise RefusedError("not-found", "没有这项委托。", "There is no such delegation.")
    moves.delegation_end(actor=actor, delegation=found, now=timezone.now())
    return redirect("budgets:delegations")


@require_POST
@allowed("budget.view")
def notices_seen(request: HttpRequest) -> HttpResponse:
    """The person has seen what there was to be told."""
    moves.notices_see(actor=actor_of(request), newest=None, now=timezone.now())
    return redirect("budgets:desk")


def tabs(item: Budget) -> list[tuple[str, str, str]]:
    """The parts of a budget: (key, address, title), as ``budgets/_head.html`` shows them."""
    parts = [
        ("overview", "budgets:budget", _("Overview")),
        ("ledger", "budgets:ledger", _("Ledger")),
        ("projects", "budgets:budget-projects", _("Projects")),
        ("versions", "budgets:versions", _("Versions")),
        ("adjustments", "budgets:adjustments", _("Adjustments")),
        ("publication", "budgets:publish", _("Publication")),
    ]
    if departments.has_units(item):
        parts.insert(1, ("department", "budgets:rollup", _("Department")))
    return [(key, reverse(name, args=(item.pk,)), title) for key, name, title in parts]


def refused_move(moved: str, offers: list[selectors.Offer], reason: Form | None) -> list[str]:
    """Why a move was refused, where it is not offered any more: then no form says it."""
    if reason is None or moved in {one.move for one in offers}:
        return []
    return [str(error) for errors in reason.errors.values() for error in errors]


def _page(
    request: HttpRequest, item: Budget, moved: str = "", reason: Form | None = None, said: Form | None = None
) -> HttpResponse:
    actor = actor_of(request)
    look = books.Look(item)
    faults = look.checked.faults
    # What is handed in in the second turn is what will be published: what that lacks is to be mended as well.
    demanded = proof.drafted(look).against[len(faults) :] if books.in_second_turn(item) else ()
    offers = selectors.offers(actor, item, timezone.localdate())
    due = selectors.due_of(item)
    todo = [one.missing for one in proof.demanded(look)] if item.state in workflow.FIRST_TURN else []
    context = {
        "budget": item, "summary": selectors.summary(item, look.checked.sums), "tab": "overview", "adjusted": adjustments.adjusted(item), "todo": todo, "noted": noted.told(item),
        "offers": offers, "moved": moved, "refused": refused_move(moved, offers, reason),
        "reason": reason or ReasonForm(), "remark_form": said or RemarkForm(),
        "faults": [(fault.sheet and places.query_of(fault.sheet, fault.row, fault.column), sentence(fault.sentence)) for fault in faults[:_FAULTS]], "fault_count": len(faults) + len(demanded), "demanded": demanded,
        "remarks": places.placed(item, selectors.remarks_of(item)[:200]), "versions": item.versions.defer("ledger").select_related("made_by"),
        "edits": may(actor, "budget.edit", item.unit) and item.state in ("first_draft", "second_draft"),
        "remarks_allowed": may(actor, "budget.remark", item.unit), "due": due, "overdue": due is not None and due < timezone.localdate(),
        "by_law": item.state == State.APPROVED and due == selectors.lawful_day(item),
        "begins": may(actor, "budget.edit", item.unit) and item.state in ("first_draft", "second_draft") and not selectors.typed_rows(item),
        "bureau": may(actor, "board.view"), "merged": Budget.objects.filter(merged_into=item).select_related("unit"),
        "publishes": item.state == State.APPROVED and may(actor, "budget.publish", item.unit) and not item.year.closed, "tabs": tabs(item), "grid": reverse("budgets:ledger", args=(item.pk,)),
    }  # fmt: skip
    return render(request, "budgets/budget.html", context, status=422 if reason or said else 200)
