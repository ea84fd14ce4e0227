"""A budget as it will be published: what remains to be mended, a preview, and the head's one button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengwu.ledger.load import LedgerError
from zhengwu.ledger.model import Ledger
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.publish import FORMATS, files_of
from zhengwu.web.budgets import books, publication, selectors, workflow
from zhengwu.web.budgets.models import Budget
from zhengwu.web.budgets.proof import Proof, lines_of, proof_of
from zhengwu.web.budgets.views import tabs
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.permissions import may
from zhengwu.web.explorer.models import Publication

_CONTENT = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@allowed("budget.view")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What remains to be mended, the preview, the button."""
    actor = actor_of(request)
    item = selectors.budget_seen(actor, pk)
    if request.method == "POST":
        try:
            publication.budget_publish(actor=actor, budget=item, now=timezone.now())
        except RefusedError as error:
            if error.code in ("not-allowed", "not-found"):
                raise
            return _page(request, item, error.message, 422)
        messages.success(request, _("Published: it stands in the open book."))
        return redirect("budgets:publish", pk=pk)
    return _page(request, item)


@require_GET
@allowed("budget.view")
def preview(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The document as a page or a file, from the budget in force or, before that, from the draft. The page has its
    own style and no script; it may be framed by ours."""
    item = selectors.budget_seen(actor_of(request), pk)
    proof = proof_of(item, _ledger(item))
    name, content = next((name, content) for name, content in files_of(proof.draft, (form,)).items())
    if form == "html":
        response = HttpResponse(content, content_type="text/html; charset=utf-8")
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"  # fmt: skip
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response
    response = HttpResponse(content, content_type=_CONTENT[form])
    response["Content-Disposition"] = f'attachment; filename="draft-{name}"'
    return response


def _page(request: HttpRequest, item: Budget, refused: Message | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    against: list[Message] = []
    proof: Proof | None = None
    try:
        proof = proof_of(item, _ledger(item))
        against = list(proof.against)
    except LedgerError as error:
        against = [problem.sentence for problem in error.problems]
    except RefusedError as error:
        against = list(lines_of(error))
    made = Publication.objects.filter(unit=item.unit, year=item.year.year, kind="budget", superseded_at=None).first()
    in_force = item.state in workflow.IN_FORCE
    context = {
        "budget": item, "tab": "publication", "tabs": tabs(item), "against": against, "proof": proof, "refused": refused,
        "publication": made, "in_force": in_force, "formats": [one for one in FORMATS if one in _CONTENT],
        "publishes": may(actor, "budget.publish", item.unit) and workflow.allows("publish", item.state) and not item.year.closed,
        "tied": _tied(proof),
    }  # fmt: skip
    return render(request, "budgets/publish.html", context, status=status)


def _ledger(item: Budget) -> Ledger:
    return publication.ledger_in_force(item) if item.state in workflow.IN_FORCE else books.ledger_of(item)


def _tied(proof: Proof | None) -> tuple[int, int] | None:
    """(amounts of the tables that a relation proves, all amounts of the tables)."""
    if proof is None:
        return None
    audit = proof.draft.audit
    amounts = [place for place, fact in enumerate(audit.disclosure.facts) if fact.table >= 0 and fact.unit != "%"]
    return sum(place in audit.tied for place in amounts), len(amounts)
