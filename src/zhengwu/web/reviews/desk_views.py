"""The desk: a round with its findings beside their places, what changed, the coverage map, files to download."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from zhengwu.model.message import Message, RefusedError
from zhengwu.web.common.access import View, actor_of, allowed
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import User
from zhengwu.web.common.paging import page_of
from zhengwu.web.common.permissions import may
from zhengwu.web.common.trail import atomic_event
from zhengwu.web.reviews import coverage as maps
from zhengwu.web.reviews import files, selectors, workflow
from zhengwu.web.reviews.audit_process import FORMS
from zhengwu.web.reviews.forms import AssignDocumentForm, AssignForm, CommentForm, ConfirmForm, ReasonForm
from zhengwu.web.reviews.models import Decision, Document, DocumentState, Finding, JobState, Round
from zhengwu.web.reviews.naming import file_stem
from zhengwu.web.reviews.services import title_of
from zhengwu.web.reviews.words import finding_words, gaps_of, line_of, page_language, rule_words, unread_of

_A_PAGE = 100  # findings in the list
_FILTERS = ("rule", "severity", "table", "decision")
_ENDING = {"form": "-form", "annotated": "-annotated", "html": "-audit", "json": "-audit"}


def followed(view: View) -> View:
    """An address of a document that was merged with another leads to that one."""

    @wraps(view)
    def inner(request: HttpRequest, pk: int, **named: Any) -> HttpResponse:
        try:
            return view(request, pk, **named)
        except RefusedError as error:
            into = selectors.merged_into(actor_of(request), pk) if error.code == "not-found" else None
            if into is None:
                raise
            return redirect("reviews:document", into)

    return inner


@require_GET
@allowed("document.view")
@followed
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document: its last round."""
    return desk(request, selectors.round_seen(actor_of(request), pk, None, heavy=("report",)))


@require_GET
@allowed("document.view")
@followed
def round_(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A round at its first finding."""
    return desk(request, selectors.round_seen(actor_of(request), pk, number, heavy=("report",)))


@require_GET
@allowed("document.view")
@followed
def finding(request: HttpRequest, pk: int, number: int, position: int) -> HttpResponse:
    """A round at one of its findings."""
    return desk(request, selectors.round_seen(actor_of(request), pk, number, heavy=("report",)), position)


def desk(
    request: HttpRequest,
    one: Round,
    position: int | None = None,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a round. ``forms`` are those that were refused, with what was typed."""
    actor = actor_of(request)
    filters = selectors.Filters(*(request.GET.get(name, "")[:200] for name in _FILTERS))
    listed = selectors.findings_of(one, filters)
    selected = _selected(one, listed, position)
    context = {
        **frame(one, actor, "findings", forms or {}), "listed": listed, "filters": filters,
        "query": _query(filters), "choices": _choices(listed), "page": page_of(request, listed.shown, _A_PAGE),
        "items": [], "selected": None, "running": selectors.is_running(one),
        "pause": selectors.pause_of([one], timezone.now()),
        "unread": unread_of(one), "gaps": gaps_of(one),
    }  # fmt: skip
    page = context["page"]
    if selected is not None and "page" not in request.GET and selected in listed.shown:
        page = page_of_item(request, listed.shown, listed.shown.index(selected))
        context["page"] = page
    context["items"] = [_item(item) for item in page]
    if selected is not None:
        context |= _finding(request, one, listed, selected, actor, forms or {})
    return render(request, "reviews/desk.html", context, status=status)


def _item(item: Finding) -> tuple[Finding, str, str]:
    """A finding in a list: its rule's title and its message in a line."""
    title = rule_words(item.rule).title
    return item, title, line_of(item, title)


def page_of_item(request: HttpRequest, items: list[Finding], index: int) -> Any:
    """The page of the list on which an item stands."""
    request = _with_page(request, index // _A_PAGE + 1)
    return page_of(request, items, _A_PAGE)


def _with_page(request: HttpRequest, number: int) -> HttpRequest:
    other = HttpRequest()
    other.GET = request.GET.copy()
    other.GET["page"] = str(number)
    return other


def frame(one: Round, actor: User, tab: str, forms: dict[str, Any] | None = None) -> dict[str, Any]:
    """What every page of a round shows: the document, its state, its rounds, what may be done."""
    forms = forms or {}
    item = one.document
    unit = item.unit
    found: dict[str, Any] = {
        "round": one, "document": item, "unit": unit, "tab": tab, "rounds": selectors.rounds_of(item),
        "error": sentence(Message(one.error_zh, one.error_en)) if one.job == JobState.FAILED else "",
        "failed": one.job == JobState.FAILED, "ready": one.job == JobState.DONE,
        "forms": FORMS, "share": round(100 * one.tied / one.amounts) if one.amounts else None,
        "problem": forms.get("problem", ""),
    }  # fmt: skip
    if not one.current:
        return found
    retry = item.state == DocumentState.RECEIVED and one.job == JobState.FAILED
    found["can_upload"] = may(actor, "document.upload", unit) and not selectors.is_running(one) and (
        retry or workflow.allows("mend", item.state)
    )  # fmt: skip
    done = one.job == JobState.DONE
    found["can_return"] = done and may(actor, "document.return", unit) and workflow.allows("return", item.state)
    found["can_close"] = done and may(actor, "document.close", unit) and workflow.allows("close", item.state)
    found["can_assign"] = may(actor, "document.assign", unit)
    found["can_publish"] = may(actor, "document.publish", unit) and workflow.allows("publish", item.state)
    found["return_form"] = forms.get("return", ReasonForm(auto_id="return_%s"))
    if found["can_assign"]:
        given = {"to": item.assigned_to_id, "due": item.due}
        found["assign_form"] = forms.get("assign_document") or AssignDocumentForm(
            initial=given, people=selectors.reviewers(), auto_id="document_%s"
        )
    if workflow.allows("confirm", item.state) and may(actor, "document.confirm", unit):
        found |= _confirming(one, actor, forms)
    return found


def _confirming(one: Round, actor: User, forms: dict[str, Any]) -> dict[str, Any]:
    units = selectors.units_of(actor)
    found = selectors.proposal(one, units)
    given = {"unit": found.unit, "year": found.year, "kind": found.kind, "title": ""}
    same = None
    if found.unit is not None and found.year is not None and found.kind:
        given["title"] = title_of(found.unit, found.year, found.kind)
        same = Document.objects.filter(unit=found.unit, year=found.year, kind=found.kind).first()
    return {
        "confirm_form": forms.get("confirm") or ConfirmForm(initial=given, units=units), "proposal": found,
        "recognised": one.recognised, "same": same,
    }  # fmt: skip


def _selected(one: Round, listed: selectors.Listed, position: int | None) -> Finding | None:
    if position is not None:
        found = next((item for item in listed.all if item.position == position), None)
        if found is None:
            raise selectors.not_found()
        return found
    undecided = (item for item in listed.shown if item.decision == Decision.OPEN)
    return next(undecided, listed.shown[0] if listed.shown else None)


def _query(filters: selectors.Filters) -> str:
    return urlencode({name: value for name, value in zip(_FILTERS, filters, strict=True) if value})


def _choices(listed: selectors.Listed) -> dict[str, list[tuple[str, str, int]]]:
    """The filters with how many findings each leaves."""
    rules = [(code, rule_words(code).title, count) for code, count in listed.by_rule.items()]
    severities = [(name, name, listed.by_severity[name]) for name in selectors.SEVERITIES if name in listed.by_severity]
    tables = [(name, name, count) for name, count in listed.by_table.items()]
    decisions = [(name, str(label), listed.by_decision.get(name, 0)) for name, label in Decision.choices]
    return {"rule": rules, "severity": severities, "table": tables, "decision": decisions}


def _finding(
    request: HttpRequest, one: Round, listed: selectors.Listed, selected: Finding, actor: User, forms: dict[str, Any]
) -> dict[str, Any]:
    """The selected finding in full, and the way to its neighbours."""
    full = selectors.finding_seen(actor, selected.pk)
    shown = listed.shown
    at = next((index for index, item in enumerate(shown) if item.position >= selected.position), len(shown))
    is_shown = at < len(shown) and shown[at].pk == selected.pk
    following = shown[at + is_shown] if at + is_shown < len(shown) else None
    unit = one.document.unit
    open_ = one.current and one.document.state == DocumentState.OPEN
    decides = open_ and may(actor, "finding.decide", unit)
    assigns = open_ and may(actor, "document.assign", unit)
    comments = may(actor, "finding.comment", unit)
    return {
        "selected": full, "words": finding_words(full), "before": shown[at - 1] if at > 0 else None,
        "following": following, "number": at + 1 if is_shown else None, "decides": decides, "assigns": assigns,
        "comments_allowed": comments, "comments": list(full.comments.select_related("author")),
        "finding_form": forms.get("assign") or AssignForm(
            initial={"to": full.assigned_to_id}, people=selectors.assignees(one.document) if assigns else [],
            auto_id="finding_%s",
        ),
        "comment_form": forms.get("comment") or CommentForm(auto_id="comment_%s"),
        "decide_problem": forms.get("decide_problem", ""), "typed_reason": forms.get("typed_reason", ""),
        "conflict": forms.get("conflict", False), **_picture(request, one, full),
    }  # fmt: skip


def _picture(request: HttpRequest, one: Round, full: Finding) -> dict[str, Any]:
    """The page with its marks: those of the finding, and those of others beside them."""
    if one.format != "pdf":
        return {"picture": None}
    own = [mark for place in full.places for mark in place["marks"]]
    pages = list(dict.fromkeys([*(int(mark[0]) for mark in own), *([full.page] if full.page else [])]))
    try:
        page = int(request.GET.get("at", ""))
    except ValueError:
        page = pages[0] if pages else 0
    if not 1 <= page <= (one.pages or 0):
        return {"picture": None}
    others = []
    for item in one.findings.only("position", "severity", "places").filter(page=page).exclude(pk=full.pk)[:60]:
        marks = [mark for place in item.places[:1] for mark in place["marks"] if mark[0] == page]
        others += [(item, _style(mark)) for mark in marks[:1]]
    return {
        "picture": page, "pages": pages, "others": others,
        "marks": [_style(mark) for mark in own if mark[0] == page],
    }  # fmt: skip


def _style(mark: list[float]) -> str:
    left, top, width, height = (float(edge) for edge in mark[1:])
    return f"left:{left:.2f}%;top:{top:.2f}%;width:{width:.2f}%;height:{height:.2f}%"


@require_GET
@allowed("document.view")
def page_picture(request: HttpRequest, pk: int, number: int, page: int) -> HttpResponse:
    """A page of a PDF as a picture, drawn when it is first asked for."""
    made = files.page_picture(selectors.round_seen(actor_of(request), pk, number), page)
    return HttpResponse(made.data, content_type=made.media_type)


@require_GET
@allowed("document.view")
def changes(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A round against the one before it."""
    actor = actor_of(request)
    one = selectors.round_seen(actor, pk, number)
    found = selectors.changes_of(one)
    groups = [
        (name, [_item(item) for item in items])
        for name, items in (("mended", found.mended), ("remaining", found.remaining), ("new", found.new))
    ]
    return render(
        request,
        "reviews/changes.html",
        {**frame(one, actor, "changes"), "before_round": found.before, "groups": groups},
    )


@require_GET
@allowed("document.view")
def coverage(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Every amount of one table (or of the text), coloured; of a chosen one its relations."""
    actor = actor_of(request)
    one = selectors.round_seen(actor, pk, number, heavy=("reading", "coverage"))
    parts = maps.parts_of(one.reading, one.coverage)
    chosen = None
    if request.GET.get("amount", "").isdecimal():
        chosen = maps.chosen(one.coverage, int(request.GET["amount"][:9]), page_language())
        if chosen is None:
            raise selectors.not_found()
    wanted = request.GET.get("table", "")
    index = chosen[1] if chosen else int(wanted) if wanted.removeprefix("-").isdecimal() and len(wanted) < 6 else None
    part = next((part for part in parts if part.table == index), parts[0] if parts else None)
    shown = maps.map_of(one.reading, one.coverage, part) if part is not None else None
    lines = page_of(request, shown.lines if shown else [], maps.ROWS_A_PAGE)
    states = ("tied", "broken", "untied")
    context = {
        **frame(one, actor, "coverage"), "parts": parts, "part": part, "map": shown, "page": lines,
        "counts": {state: sum(part.counts.get(state, 0) for part in parts) for state in states}, "chosen": None,
    }  # fmt: skip
    if chosen is not None:
        context["chosen"], context["relations"] = chosen[0], chosen[2]
    return render(request, "reviews/coverage.html", context)


@require_GET
@allowed("document.view")
def download(request: HttpRequest, pk: int, number: int, form: str) -> HttpResponse:
    """A report of a round, or its file as uploaded."""
    actor = actor_of(request)
    return to_save(actor, selectors.round_seen(actor, pk, number), form)


def to_save(actor: User, one: Round, form: str) -> HttpResponse:
    """A report of a round, or its file as uploaded: always to be saved, never shown by the browser. Raises
    RefusedError where it cannot be made or is not there."""
    if form == "original":
        try:
            response: Any = FileResponse(one.file.open("rb"), content_type="application/octet-stream")
        except FileNotFoundError as error:
            raise selectors.not_found() from error
        name = one.name
    else:
        made = files.report(one, form, page_language(), timezone.now().replace(microsecond=0))
        response = HttpResponse(made.data, content_type=made.media_type)
        name = f"{file_stem(one.name)}{_ENDING[form]}{made.suffix}"
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Should a browser show it nevertheless, nothing in it runs.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    atomic_event(actor=actor, action="round.download", subject=one, unit=one.document.unit, data={"form": form})
    return response


@require_GET
@allowed("document.view")
def progress(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The state of a running audit; when it has ended, the page is told to load again."""
    one = selectors.round_seen(actor_of(request), pk, number)
    if not selectors.is_running(one):
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return redirect("reviews:round", pk=pk, number=number)
    context = {"round": one, "document": one.document, "pause": selectors.pause_of([one], timezone.now())}
    return render(request, "reviews/_running.html", context)
