"""What is done at the desk: plain forms, each calls one service and goes back to where it was sent from."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhengwu.model.message import RefusedError
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt, sentence
from zhengwu.web.reviews import selectors, services
from zhengwu.web.reviews.desk_views import desk
from zhengwu.web.reviews.forms import AssignDocumentForm, AssignForm, CommentForm, ConfirmForm, DecideForm, ReasonForm
from zhengwu.web.reviews.models import Document, Finding

_FILTERS = ("rule", "severity", "table", "decision")


@require_POST
@allowed("document.confirm")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Unit, year and kind are right."""
    actor = actor_of(request)
    item = selectors.document_seen(actor, pk)
    form = ConfirmForm(request.POST, units=selectors.units_of(actor))
    given = form.cleaned_data if form.is_valid() else {}
    done = (
        attempt(
            form,
            lambda: services.document_confirm(
                actor=actor, document=item, unit=given["unit"], year=given["year"], kind=given["kind"],
                title=given["title"],
            ),
        )
        if given and form.is_valid()
        else None
    )  # fmt: skip
    if done is None:
        return _again(request, item, {"confirm": form})
    if done.pk != item.pk:
        messages.success(request, _("Joined to the document that the unit already had, as its next round."))
    else:
        messages.success(request, _("Confirmed: the review can begin."))
    return redirect("reviews:document", pk=done.pk)


@require_POST
@allowed("document.upload")
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A mended version is uploaded."""
    actor = actor_of(request)
    item = selectors.document_seen(actor, pk)
    return _plain(
        request,
        item,
        lambda: services.document_upload(
            actor=actor, document=item, files=request.FILES.getlist("files"), now=timezone.now()
        ),
        _("The mended version was taken; its audit has begun."),
    )


@require_POST
@allowed("document.assign")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """A document is given to a reviewer."""
    actor = actor_of(request)
    item = selectors.document_seen(actor, pk)
    form = AssignDocumentForm(request.POST, people=selectors.reviewers(), auto_id="document_%s")
    if form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            lambda: services.document_assign(actor=actor, document=item, to=given["to"], due=given["due"]),
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("reviews:document", pk=pk)
    return _again(request, item, {"assign_document": form})


@require_POST
@allowed("document.return")
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    """A document goes back to its unit."""
    actor = actor_of(request)
    item = selectors.document_seen(actor, pk)
    form = ReasonForm(request.POST, auto_id="return_%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(form, lambda: services.document_return(actor=actor, document=item, reason=reason))
        if done is not None:
            messages.success(request, _("Returned to the unit."))
            return redirect("reviews:document", pk=pk)
    return _again(request, item, {"return": form})


@require_POST
@allowed("document.close")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """The review ends."""
    actor = actor_of(request)
    item = selectors.document_seen(actor, pk)
    return _plain(request, item, lambda: services.document_close(actor=actor, document=item), _("The review is done."))


@require_POST
@allowed("finding.decide")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding is accepted, dismissed or opened again; then comes the next one."""
    actor = actor_of(request)
    item = selectors.finding_seen(actor, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        raise RefusedError("invalid", "请求不完整；请刷新页面再试。", "The request is incomplete; reload the page.")
    given = form.cleaned_data
    try:
        services.finding_decide(
            actor=actor, finding=item, decision=given["decision"], reason=given["reason"],
            revision=given["revision"], now=timezone.now(),
        )  # fmt: skip
    except RefusedError as error:
        if error.code == "not-allowed":
            raise
        forms = {
            "decide_problem": sentence(error.message), "typed_reason": given["reason"],
            "conflict": error.code == "conflict",
        }  # fmt: skip
        return _again_finding(request, item, forms, 409 if error.code == "conflict" else 422)
    onward = request.POST.get("onward", "")
    position = int(onward) if onward.isdecimal() and len(onward) < 7 else item.position
    return redirect(_address(request, item, position))


@require_POST
@allowed("document.assign")
def finding_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding is given to somebody."""
    actor = actor_of(request)
    item = selectors.finding_seen(actor, pk)
    form = AssignForm(request.POST, people=selectors.assignees(item.round.document), auto_id="finding_%s")
    if form.is_valid():
        to = form.cleaned_data["to"]
        if attempt(form, lambda: services.finding_assign(actor=actor, finding=item, to=to)) is not None:
            messages.success(request, _("Saved."))
            return redirect(_address(request, item, item.position))
    return _again_finding(request, item, {"assign": form}, 422)


@require_POST
@allowed("finding.comment")
def finding_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Something is said about a finding."""
    actor = actor_of(request)
    item = selectors.finding_seen(actor, pk)
    form = CommentForm(request.POST, auto_id="comment_%s")
    if form.is_valid():
        text = form.cleaned_data["text"]
        if attempt(form, lambda: services.finding_comment(actor=actor, finding=item, text=text)) is not None:
            return redirect(_address(request, item, item.position))
    return _again_finding(request, item, {"comment": form}, 422)


def _filters(request: HttpRequest) -> QueryDict:
    """The filters of the list that a form was sent from; nothing else of its query is taken over."""
    sent = QueryDict(request.POST.get("query", "")[:1000])
    kept = QueryDict(mutable=True)
    for name in _FILTERS:
        if sent.get(name):
            kept[name] = sent[name]
    return kept


def _address(request: HttpRequest, item: Finding, position: int) -> str:
    one = item.round
    address = reverse("reviews:finding", args=(one.document_id, one.number, position))
    kept = _filters(request)
    return f"{address}?{urlencode(kept.dict())}" if kept else address


def _again(request: HttpRequest, item: Document, forms: dict[str, Any], status: int = 422) -> HttpResponse:
    """The page of the document with the form that was refused."""
    one = selectors.round_seen(actor_of(request), item.pk, None, heavy=("report",))
    return desk(request, one, forms=forms, status=status)


def _again_finding(request: HttpRequest, item: Finding, forms: dict[str, Any], status: int) -> HttpResponse:
    one = selectors.round_seen(actor_of(request), item.round.document_id, item.round.number, heavy=("report",))
    request.GET = _filters(request)  # type: ignore[assignment]
    return desk(request, one, item.position, forms=forms, status=status)


def _plain(request: HttpRequest, item: Document, service: Callable[[], object], said: str) -> HttpResponse:
    """A service without fields: its refusal stands on top of the page."""
    form = Form({})
    form.is_valid()
    if attempt(form, service) is None:
        problems = form.non_field_errors()
        return _again(request, item, {"problem": " ".join(str(one) for one in problems)})
    messages.success(request, said)
    return redirect("reviews:document", pk=item.pk)
