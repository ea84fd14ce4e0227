"""A budget as it will be published: what remains to be mended, its reasons beside the preview, the head's one button."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.publication import Typed
from zhengwu.publishing.publish import FORMATS, files_of, preview_of
from zhengwu.web.budgets import departments, grids, publication, reasons, selectors, workflow
from zhengwu.web.budgets.models import Budget, State
from zhengwu.web.budgets.proof import Standing, dialect_of, proof_of
from zhengwu.web.budgets.views import tabs
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import User
from zhengwu.web.common.permissions import may

_CONTENT = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf",
}  # fmt: skip
_REFUSED = ("not-allowed", "not-found")  # what no page of ours answers


@require_http_methods(["GET", "POST"])
@allowed("budget.view")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What remains to be mended, the reasons, the preview, the button."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    if request.method == "POST":
        try:
            publication.budget_publish(actor=actor, budget=item, now=timezone.now())
        except RefusedError as error:
            if error.code in _REFUSED:
                raise
            return _page(request, item, error.message, 422)
        messages.success(request, _("Published: it stands in the open book."))
        return redirect("budgets:publish", pk=pk)
    return _page(request, item)


@require_POST
@allowed("budget.edit")
def reasons_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Reasons are typed: scripts get what remains, without them the page comes again."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    given = reasons.given_in(request.POST)
    left: Mapping[str, reasons.Left] = {}
    refused: Message | None = None
    try:
        left = reasons.reasons_set(actor=actor, budget=item, given=given, now=timezone.now())
    except RefusedError as error:
        if error.code in _REFUSED:
            raise
        refused = error.message
    item = selectors.budget_seen(actor, pk)
    if request.headers.get("HX-Request"):
        context = {**_context(request, item), "refused": refused}
        context["sent"] = _asked(item, context["standing"].missing, {} if refused else given, left)
        return render(request, "budgets/_publish_saved.html", context, status=409 if refused else 200)
    if refused or left:
        return _page(request, item, refused, 409, given, left)
    messages.success(request, _("Saved."))
    return redirect("budgets:publish", pk=pk)


@require_http_methods(["GET", "POST"])
@allowed("budget.view")
def preview(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The document as a page or a file, from the budget in force or, before that, from the draft. The page has its own
    style and no script, may be framed by ours, and marks what is missing; posted to, it is as if what was typed were
    saved. A file is made of what lacks nothing."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    given = reasons.given_in(request.POST) if request.method == "POST" and _edits(actor, item) else {}
    ledger = publication.ledger_shown(item, held=form != "html", given=given)
    if form == "html":
        content = preview_of(ledger, dialect_of(item), _links(request, item))
        response = HttpResponse(content, content_type="text/html; charset=utf-8")
        response["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
            "sandbox allow-top-navigation-by-user-activation"  # a gap leads to where it is typed
        )
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response
    name, made = next(iter(files_of(proof_of(item, ledger).draft, (form,)).items()))
    response = HttpResponse(made, content_type=_CONTENT[form])
    response["Content-Disposition"] = f'attachment; filename="draft-{name}"'
    return response


def _page(
    request: HttpRequest, item: Budget, refused: Message | None = None, status: int = 200,
    given: Mapping[str, reasons.Given] | None = None, left: Mapping[str, reasons.Left] | None = None,
) -> HttpResponse:  # fmt: skip
    context = _context(request, item)
    standing: Standing = context["standing"]
    fields = _asked(item, standing.missing, given or {}, left or {}) if _edits(actor_of(request), item) else []
    first = standing.missing[0] if standing.missing else None
    context |= {
        "tab": "publication", "tabs": tabs(item), "refused": refused, "fields": fields,
        "start": f"#{first.sheet}-{first.key}" if first else "",
    }  # fmt: skip
    return render(request, "budgets/publish.html", context, status=status)


def _context(request: HttpRequest, item: Budget) -> dict[str, Any]:
    """What stands against the publication, and the button."""
    actor, standing, links = actor_of(request), publication.standing(item), _links(request, item)
    made = publication.published(item)
    places = {one.missing: links(one)[0] for one in standing.missing}
    against = [(message, "") for message in standing.against[: len(standing.against) - len(places)]]
    against += [(message, address) for message, address in places.items() if message]
    below = [] if item.state in workflow.IN_FORCE else departments.units_below(item)
    outdated = made is not None and item.state == State.PUBLISHED and publication.outdated(item, made)
    return {
        "budget": item, "standing": standing, "against": against, "publication": made,
        "outdated": outdated, "below": below, "unready": publication.unready(below),
        "published_files": [one.name for one in made.files.order_by("name")] if made else [],
        "in_force": item.state in workflow.IN_FORCE, "formats": [one for one in FORMATS if one in _CONTENT],
        "publishes": may(actor, "budget.publish", item.unit) and not item.year.closed and (workflow.allows("publish", item.state) or outdated),
    }  # fmt: skip


def _edits(actor: User, item: Budget) -> bool:
    return grids.edits(actor, item, "reasons")


def _asked(
    item: Budget, missing: tuple[Typed, ...], given: Mapping[str, reasons.Given], left: Mapping[str, reasons.Left]
) -> list[tuple[reasons.Field, str, str, Message | None]]:
    """(a reason, what its field shows, what stands in the ledger, what is wrong): what was typed is kept."""
    made = []
    for one in reasons.fields_of(item, missing):
        typed, other = given.get(one.name), left.get(one.name)
        made.append((one, typed.text if typed else one.text, one.text, other.message if other else None))
    return made


def _links(request: HttpRequest, item: Budget) -> Any:
    """Where what is missing is typed, and why it is demanded: here beside the preview, or on its sheet."""
    page, ledger = reverse("budgets:publish", args=(item.pk,)), reverse("budgets:ledger", args=(item.pk,))
    here = {one.name for one in reasons.fields_of(item, publication.standing(item).missing)} if _edits(actor_of(request), item) else set()  # fmt: skip

    def links(typed: Typed) -> tuple[str, str]:
        name = f"{typed.sheet}-{typed.key}"
        address = f"{page}#text-{name}" if name in here else f"{ledger}?sheet={typed.sheet}"
        return address, sentence(typed.missing) if typed.missing else ""

    return links
