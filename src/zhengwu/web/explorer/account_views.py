"""Pages of the open book that need an account: publishing, tokens."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from zhengwu.web.common.access import actor_of, signed_in
from zhengwu.web.common.permissions import require, visible
from zhengwu.web.explorer import selectors, services
from zhengwu.web.explorer.addresses import document_address
from zhengwu.web.explorer.forms import TokenForm
from zhengwu.web.explorer.models import ApiToken, Publication
from zhengwu.web.reviews.models import Document, DocumentState


@signed_in
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then publish."""
    # What a person may not see is not there for them.
    document = visible(Document.objects.select_related("unit"), actor_of(request)).filter(pk=pk).first()
    if document is None:
        raise Http404
    require(actor_of(request), "document.publish", document.unit)
    if request.method == "POST":
        publication = services.publication_publish(actor=actor_of(request), document=document, now=timezone.now())
        messages.success(request, _("Published: everybody can read it here."))
        return redirect(document_address(publication))
    same = Publication.objects.filter(unit=document.unit, year=document.year, kind=document.kind)
    context = {
        "document": document,
        "ready": document.state == DocumentState.DONE,
        "before": same.filter(superseded_at__isnull=True).select_related("unit").first() if document.unit else None,
    }
    return render(request, "explorer/publish.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret")
def tokens(request: HttpRequest) -> HttpResponse:
    """A person's tokens; a new one shows its secret in this answer and never again."""
    form, secret, made = TokenForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        made, secret = services.token_create(
            actor=actor_of(request),
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(now),
            now=now,
        )
        form = TokenForm()
    context = {
        "form": form,
        "secret": secret,
        "made": made,
        "tokens": selectors.tokens_of(request.user),
        "now": timezone.now(),
        "section": "account",
    }
    return render(request, "explorer/tokens.html", context)


@signed_in
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    token = ApiToken.objects.filter(pk=pk, owner=request.user).first()
    if token is None:
        raise Http404
    services.token_revoke(actor=actor_of(request), token=token, now=timezone.now())
    messages.success(request, _("Revoked."))
    return redirect("explorer:tokens")
