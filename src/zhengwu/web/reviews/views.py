"""The board, and uploads with their progress."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengwu.model.message import Message, RefusedError
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import User
from zhengwu.web.common.paging import page_of
from zhengwu.web.common.permissions import may
from zhengwu.web.reviews import selectors, services
from zhengwu.web.reviews.forms import BoardForm
from zhengwu.web.reviews.models import DocumentState, Round
from zhengwu.web.reviews.uploads import MOST_BYTES, MOST_FILES, NotTaken
from zhengwu.web.reviews.words import rule_words

_REFUSED = "refused_uploads"  # in the session: a reload still says why


@require_GET
@allowed("document.view")
def board(request: HttpRequest) -> HttpResponse:
    """All documents that one may see, with what is left to do."""
    actor = actor_of(request)
    today = timezone.localdate()
    units = selectors.units_seen(actor)
    form = BoardForm(request.GET or None, units=units)
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    filters = selectors.BoardFilters(
        state=given.get("state", ""), unit=given.get("unit"), year=given.get("year"), kind=given.get("kind", ""),
        severity=given.get("severity", ""), rule=given.get("rule", ""), mine=given.get("mine", False),
        overdue=given.get("overdue", False), text=given.get("q", ""),
    )  # fmt: skip
    found = selectors.board(actor, filters, today)
    page = page_of(request, found.documents, 40)
    labels = dict(DocumentState.choices)
    context = {
        "form": form, "board": found, "page": page, "rows": selectors.rows_of(page, today),
        "states": [(state, labels[DocumentState(state)], count) for state, count in found.states.items()],
        "rules": [(rule_words(code), count) for code, count in found.rules], "filtered": any(filters),
        "uploads": may(actor, "document.upload"), "rule": rule_words(filters.rule) if filters.rule else None,
        "total": sum(found.states.values()),
    }  # fmt: skip
    return render(request, "reviews/board.html", context)


@require_http_methods(["GET", "POST"])
@allowed("document.upload")
def upload(request: HttpRequest) -> HttpResponse:
    """Choose files, see how far each is. A script asks for JSON, one file a request."""
    actor = actor_of(request)
    if request.method == "GET":
        return render(request, "reviews/upload.html", _uploads(request, actor))
    plain = request.headers.get("X-Zhengwu-Upload") != "1"
    files = request.FILES.getlist("files")
    try:
        done = services.document_upload(actor=actor, files=files, now=timezone.now())
    except RefusedError as error:
        if error.code == "not-allowed":
            raise
        if not plain:
            return JsonResponse({"taken": 0, "refused": [{"name": "", "reason": sentence(error.message)}]}, status=422)
        context = {**_uploads(request, actor), "problem": sentence(error.message)}
        return render(request, "reviews/upload.html", context, status=422)
    kept = [] if plain or request.POST.get("first") else request.session.get(_REFUSED, [])
    request.session[_REFUSED] = [*kept, *([one.name, *one.reason] for one in done.refused)][-MOST_FILES:]
    if not plain:
        said = [{"name": one.name, "reason": sentence(one.reason)} for one in done.refused]
        return JsonResponse({"taken": len(done.rounds), "refused": said})
    if done.rounds:
        count = len(done.rounds)
        messages.success(request, ngettext("%(count)d file taken.", "%(count)d files taken.", count) % {"count": count})
    return redirect("reviews:upload")


@require_GET
@allowed("document.upload")
def upload_progress(request: HttpRequest) -> HttpResponse:
    """The list of the upload page alone, asked for again while something runs."""
    return render(request, "reviews/_uploads.html", _uploads(request, actor_of(request)))


@require_POST
@allowed("document.confirm")
def confirm_proposed(request: HttpRequest) -> HttpResponse:
    """Confirm, of one's own uploads, all those that were recognised whole."""
    actor = actor_of(request)
    units = selectors.units_of(actor)
    count = 0
    # The oldest first: of several versions of one document the last uploaded becomes the last round.
    for one in reversed(selectors.recent_rounds(actor)):
        found = selectors.proposal(one, units)
        if one.document.state != DocumentState.CONFIRMING or not found.complete:
            continue
        assert found.unit is not None
        assert found.year is not None
        try:
            services.document_confirm(
                actor=actor, document=one.document, unit=found.unit, year=found.year, kind=found.kind
            )
            count += 1
        except RefusedError as error:
            messages.error(request, f"{one.document}: {sentence(error.message)}")
    messages.success(
        request, ngettext("%(count)d document confirmed.", "%(count)d documents confirmed.", count) % {"count": count}
    )
    return redirect("reviews:upload")


def _uploads(request: HttpRequest, actor: User) -> dict[str, Any]:
    rounds = selectors.recent_rounds(actor)
    units = selectors.units_of(actor)
    refused = [NotTaken(name, Message(zh, en)) for name, zh, en in request.session.get(_REFUSED, [])]
    rows = [_upload_row(one, units) for one in rounds]
    return {
        "rows": rows, "running": any(selectors.is_running(one) for one in rounds),
        "pause": selectors.pause_of([one for one in rounds if selectors.is_running(one)], timezone.now()),
        "refused": [(one.name, sentence(one.reason)) for one in refused],
        "proposed": sum(row["proposal"] is not None and row["proposal"].complete for row in rows),
        "most_files": MOST_FILES, "most_megabytes": MOST_BYTES // 1024**2,
    }  # fmt: skip


def _upload_row(one: Round, units: list[Any]) -> dict[str, Any]:
    waits = one.document.state == DocumentState.CONFIRMING
    return {
        "round": one, "document": one.document, "running": selectors.is_running(one),
        "proposal": selectors.proposal(one, units) if waits else None,
        "error": sentence(Message(one.error_zh, one.error_en)) if one.job == "failed" else "",
    }  # fmt: skip
