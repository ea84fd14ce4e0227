"""The ledger in the browser: the page, and what its grid asks for and sends."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengwu.ledger.problem import LedgerError, Problem
from zhengwu.ledger.schema import sheet
from zhengwu.ledger.store import ledger_from
from zhengwu.ledger.template import workbook_of
from zhengwu.model.message import Message, RefusedError
from zhengwu.reading.errors import UnreadableError
from zhengwu.reading.limits import MAX_BYTES
from zhengwu.web.budgets import books, grids, selectors, years
from zhengwu.web.budgets.grid_words import words
from zhengwu.web.budgets.models import Budget
from zhengwu.web.budgets.rows import Change, rows_take
from zhengwu.web.budgets.views import tabs
from zhengwu.web.common.access import View, actor_of, allowed
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.middleware import STATUS
from zhengwu.web.common.paging import page_of
from zhengwu.web.common.permissions import may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS = 100  # of one page without scripts
_PROBLEMS = 500  # that one page lists
_NAME = 40  # characters of a change's name
_SCRIPTS = (
    *(f"budgets/vendor/slickgrid/slick.{name}.js" for name in ("core", "interactions", "grid", "cellrangedecorator", "cellrangeselector", "cellselectionmodel")),
    *(f"budgets/grid-{name}.js" for name in ("values", "titles", "store", "sync", "codes", "input", "view", "panel")), "budgets/grid.js",
)  # fmt: skip
_MALFORMED = RefusedError("invalid", "请求的格式不对。", "The request is malformed.")


def in_json(view: View) -> View:
    """A refusal is an answer that the grid can read: {"code", "message"}."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RefusedError as error:
            status = STATUS.get(error.code, 422)
            return JsonResponse({"code": error.code, "message": sentence(error.message)}, status=status)

    return inner


def _kept(view: View) -> View:
    """What a browser keeps: the address names the version."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response["Cache-Control"] = "private, max-age=31536000, immutable"
            del response["Expires"]
        return response

    return inner


@require_GET
@allowed("budget.view")
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet of the ledger: the grid, and without scripts a table."""
    return _page(request, selectors.budget_seen(actor_of(request), pk))


@require_GET
@in_json
@allowed("budget.view")
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a sheet, with ``since`` those after a revision."""
    budget = selectors.budget_bare(actor_of(request), pk)
    key = _sheet(request.GET.get("sheet", ""))
    since = request.GET.get("since")
    if since is not None and not (since.isascii() and since.isdecimal() and len(since) < 16):
        raise _MALFORMED
    tag = f"{budget.pk}-{budget.revision}-{budget.state}-{budget.year.closed}-{key}-{_language()}-{since or ''}"
    return _tagged(request, tag, lambda: grids.rows(budget, key, None if since is None else int(since)))


@require_POST
@in_json
@allowed("budget.edit")
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes of a sheet's rows: {"sheet", "changes": [{"name", "row", "cells", "seen", "gone", "place"}]}."""
    actor = actor_of(request)
    with transaction.atomic():
        budget = selectors.budget_bare(actor, pk, lock=True)
        key, changes = _changes(request)
        saved = rows_take(actor=actor, budget=budget, sheet_key=key, changes=changes, now=timezone.now())
    return JsonResponse({"revision": saved.revision, "outcomes": grids.outcomes(budget, key, saved.outcomes)})


@require_GET
@in_json
@allowed("budget.view")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The live audit of the whole budget."""
    budget = selectors.budget_seen(actor_of(request), pk)
    key = _sheet(request.GET.get("sheet", "lines"))
    said = grids.said(budget)
    tag = f"{grids.check_tag(budget, said, _language())}-{key}"
    return _tagged(request, tag, lambda: grids.check(budget, key, said))


@require_GET
@in_json
@_kept
@allowed("budget.view")
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """The codes of the budget's year for the pickers."""
    budget = selectors.budget_bare(actor_of(request), pk)
    return JsonResponse(grids.code_lists(budget.year.year, grids.own_codes(budget)))


@require_GET
@allowed("budget.view")
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger as it now is, as a workbook to go on with."""
    budget = selectors.budget_seen(actor_of(request), pk)
    language = "en" if request.GET.get("language") == "en" else "zh"
    made = workbook_of(ledger_from(books.plain_of(budget)[0], gaps=True), language)
    name = quote(f"{budget.year.year}-{budget.unit.name}.xlsx")
    disposition = f"attachment; filename=\"ledger-{budget.year.year}.xlsx\"; filename*=UTF-8''{name}"
    return HttpResponse(made, content_type=XLSX, headers={"Content-Disposition": disposition})


@require_POST
@allowed("budget.edit")
def asset_date(request: HttpRequest, pk: int) -> HttpResponse:
    """As of which day the assets stand."""
    actor = actor_of(request)
    budget = selectors.budget_seen(actor, pk)
    try:
        years.asset_date_set(actor=actor, budget=budget, date=request.POST.get("date", ""))
    except RefusedError as error:
        if error.code in ("not-allowed", "not-found"):
            raise
        return _page(request, budget, refused=error.message)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('budgets:ledger', args=(pk,))}?sheet=assets")


@require_POST
@allowed("budget.edit")
def workbook_take(request: HttpRequest, pk: int) -> HttpResponse:
    """A workbook takes the place of what the budget holds, or nothing of it is taken."""
    actor = actor_of(request)
    budget = selectors.budget_seen(actor, pk)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, budget, refused=Message("没有选择文件；请选择台账工作簿。", "No file was chosen; choose the ledger's workbook."))  # fmt: skip
    try:
        data = file.read(MAX_BYTES + 1)
        years.ledger_take(actor=actor, budget=budget, data=data, name=file.name or "", now=timezone.now())
    except LedgerError as error:
        return _page(request, budget, problems=error.problems, name=file.name or "")
    except UnreadableError as error:
        return _page(request, budget, refused=error.message, name=file.name or "")
    except RefusedError as error:
        if error.code in ("not-allowed", "not-found"):
            raise
        return _page(request, budget, refused=error.message, name=file.name or "")
    return redirect(f"{reverse('budgets:ledger', args=(pk,))}?sheet={_chosen(request)}&imported=1")


def _page(
    request: HttpRequest, budget: Budget, problems: tuple[Problem, ...] = (), refused: Message | None = None, name: str = ""
) -> HttpResponse:  # fmt: skip
    actor, language = actor_of(request), _language()
    key = _chosen(request)
    found = sheet(key)
    edited = grids.edits(actor, budget, key)
    page = page_of(request, grids.table(budget, key), _ROWS)
    table = [(number, grids.cells(found, row.values, budget.year.year, language)) for number, row in enumerate(page.object_list, page.start_index() + 1)]  # fmt: skip
    sheets = grids.tabs(budget, language)
    config = {
        "budget": budget.pk, "person": actor.pk, "sheet": key, "edits": edited, "revision": budget.revision,
        "titles": {one.sheet.key: one.title for one in sheets}, "columns": grids.columns(found, language),
        "blank": {"unit": budget.unit.code} if key == "lines" else {}, "words": words(), "language": language, "zone": timezone.get_current_timezone_name(),
        "own_unit": {"code": budget.unit.code, "columns": books.OWN_UNIT} if key == "units" else None,
        "bound": books.bound(budget),
        "urls": {name: reverse(f"budgets:ledger-{name}", args=(budget.pk,)) for name in ("rows", "save", "check")}
        | {"codes": f"{reverse('budgets:ledger-codes', args=(budget.pk,))}?v={grids.codes_version(budget.year.year, grids.own_codes(budget))}"}
        | {"page": reverse("budgets:ledger", args=(budget.pk,)), "remark": reverse("budgets:remark", args=(budget.pk,)),
           "sign_in": reverse("common:sign-in")},
    }  # fmt: skip
    context = {
        "budget": budget, "tab": "ledger", "tabs": tabs(budget), "sheets": sheets, "sheet": found,
        "sheet_title": grids.title(found, language), "sheet_help": found.help_zh if language == "zh" else found.help_en,
        "columns": config["columns"], "page": page, "table": table, "config": config, "edits": edited,
        "from_library": key in books.LIBRARY, "takes": grids.editable(budget) and may(actor, "budget.edit", budget.unit),
        "remarks": may(actor, "budget.remark", budget.unit), "problems": [(one, sentence(one.sentence)) for one in problems[:_PROBLEMS]],
        "problem_count": len(problems), "refused": refused and sentence(refused), "file_name": name,
        "scripts": _SCRIPTS, "imported": request.GET.get("imported") == "1",
    }  # fmt: skip
    return render(request, "budgets/grid.html", context, status=422 if problems or refused else 200)


def _chosen(request: HttpRequest) -> str:
    """The sheet that the query names, else the lines."""
    key = request.GET.get("sheet") or request.POST.get("sheet", "")
    return key if any(one.key == key for one in grids.GRID) else "lines"


def _sheet(key: str) -> str:
    if any(one.key == key for one in grids.GRID):
        return key
    raise RefusedError("invalid", "台账没有这个表。", "The ledger has no such sheet.")


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"


def _tagged(request: HttpRequest, tag: str, made: Callable[[], Any]) -> HttpResponse:
    """The answer with its tag, or that it is still the one that the browser has."""
    quoted = f'"{tag}"'
    known = request.headers.get("If-None-Match", "") == quoted
    response: HttpResponse = HttpResponseNotModified() if known else JsonResponse(made())
    response["ETag"] = quoted
    return response


def _changes(request: HttpRequest) -> tuple[str, list[Change]]:
    """Sheet and changes of a request. Raises RefusedError "invalid" for what the grid would never send."""
    try:
        given = json.loads(request.body)
        key, listed = given["sheet"], given["changes"]
        changes = [_change(one) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _MALFORMED from None
    # One row, one change: the second of two would be held against a row that is not written yet.
    if not isinstance(key, str) or len({one.name for one in changes}) != len(changes):
        raise _MALFORMED
    return _sheet(key), changes


def _change(given: Any) -> Change:
    name, row, gone, place = given["name"], given.get("row"), given.get("gone"), given.get("place")
    cells, seen = given.get("cells", {}), given.get("seen", {})
    if not isinstance(name, str) or not 0 < len(name) <= _NAME or not (gone is None or isinstance(gone, bool)):
        raise ValueError
    if not (row is None or (type(row) is int and 0 < row < 2**63)):
        raise ValueError
    if not (place is None or (type(place) is int and 0 < place < 2**31)):
        raise ValueError
    if not all(isinstance(value, str | bool) for value in (*cells.values(), *seen.values())):
        raise ValueError
    return Change(name, row, cells, seen, gone, place)
