"""Pages of the library of projects: the list, a project with its parts, the forms that change them, the ranking."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengwu.ledger.schema import sheet
from zhengwu.model.message import RefusedError
from zhengwu.web.budgets import attachments, library, library_selectors
from zhengwu.web.budgets.library_forms import (
    TARGETS,
    VALUES,
    AttachmentForm,
    LibraryFilter,
    ProjectForm,
    Revised,
    YearForm,
    attempt_rows,
    row_columns,
    rows_form,
    titled,
)
from zhengwu.web.budgets.library_history import history
from zhengwu.web.budgets.models import Project, ProjectState
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt, sentence
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.paging import page_of
from zhengwu.web.common.permissions import may, require

_PAGE = 50
_CATEGORIES = len(sheet("procurement").columns[1].choices)
_MOST = {"procurement": _CATEGORIES, "purchased": 1, "transfers": 1}  # rows of a year


@require_GET
@allowed("budget.view")
def projects(request: HttpRequest) -> HttpResponse:
    """The library: every project that one may see, by rank, with its money over the years."""
    actor, today = actor_of(request), timezone.localdate().year
    units = library_selectors.units_of(actor)
    form = LibraryFilter(request.GET or None, units=units)
    given: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = library_selectors.filtered(
        actor, today, given.get("unit"), given.get("state", ""), given.get("year"), given.get("q", "")
    )
    page = page_of(request, found, _PAGE)
    years, rows = library_selectors.listed(list(page.object_list), today)
    context = {
        "form": form, "page": page, "years": years, "rows": rows, "units": units, "many": len(units) > 1,
        "adds": may(actor, "budget.edit", actor.unit),
        "ranks": [unit for unit in units if may(actor, "project.rank", unit)],
    }  # fmt: skip
    return render(request, "budgets/library.html", context)


@require_http_methods(["GET", "POST"])
@allowed("budget.edit")
def project_add(request: HttpRequest) -> HttpResponse:
    """A new project of one's own unit."""
    actor = actor_of(request)
    year = timezone.localdate().year + 1
    form = ProjectForm(request.POST or None, initial={"revision": 0, "starts": year, "ends": year})
    if form.is_bound and form.is_valid() and actor.unit is not None:
        unit, values = actor.unit, form.values()
        made = attempt(form, lambda: library.project_add(actor=actor, unit=unit, **values, now=timezone.now()))
        if made is not None:
            messages.success(request, _("The project is in the library, as a candidate."))
            return redirect("budgets:project", pk=made.pk)
    return render(request, "budgets/project_form.html", {"form": form, "project": None}, status=422 if form.is_bound else 200)  # fmt: skip


@require_GET
@allowed("budget.view")
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """A project with its parts."""
    return _page(request, _seen(request, pk))


def _page(request: HttpRequest, item: Project, files: AttachmentForm | None = None) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate().year
    years = library_selectors.years_of(item, today)
    chosen = _chosen(request, [one.year for one in years], today)
    edits = may(actor, "budget.edit", item.unit)
    year = next((one.wanted for one in years if one.year == chosen), None)
    context = {
        "project": item, "state": library_selectors.state_of(item, today), "edits": edits,
        "offers": list(library.STATES[ProjectState(item.state)]) if edits else [],
        "values": [(titled(one), item.values.get(one.key), one) for one in VALUES],
        "midterm": [(titled(one), item.midterm.get(one.key), one) for one in TARGETS],
        "years": years, "year": chosen, "wanted": year, "within": item.runs_in(chosen),
        "targets": library_selectors.targets_of(item, chosen), "parts": _parts(year),
        "attachments": item.attachments.filter(gone=False).select_related("added_by"), "files": files or AttachmentForm(),
        "most_files": attachments.MOST_FILES, "most_bytes": attachments.MOST_BYTES, "history": history(item),
    }  # fmt: skip
    return render(request, "budgets/project.html", context, status=422 if files else 200)


def _chosen(request: HttpRequest, years: list[int], today: int) -> int:
    """The year that the page shows: as asked, else this one, else the nearest."""
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdecimal() and len(asked) == 4 and int(asked) in years:
        return int(asked)
    return min(years, key=lambda year: (abs(year - today), -year)) if years else today


def _parts(year: Any) -> list[dict[str, Any]]:
    """The lists of a year, to be shown: title, columns, rows."""
    made = []
    for key in library.LISTS:
        found, columns = sheet(key), row_columns(key)
        rows = [[(one, row.get(one.key)) for one in columns] for row in getattr(year, key, ())]
        made.append({"zh": found.zh, "en": found.en, "heads": [(one, titled(one)) for one in columns], "rows": rows})  # fmt: skip
    return made


@require_http_methods(["GET", "POST"])
@allowed("budget.edit")
def project_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a project is."""
    actor, item = _editor(request, pk)
    form = ProjectForm(request.POST or None, initial=ProjectForm.initial_of(item))
    if form.is_bound and form.is_valid():
        values, revision = form.values(), form.cleaned_data["revision"]
        done = attempt(form, lambda: library.project_change(actor=actor, project=item, **values, revision=revision))
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("budgets:project", pk=pk)
        now = _seen(request, pk)
        _met(form, ProjectForm(initial=ProjectForm.initial_of(now)), now)
    return render(request, "budgets/project_form.html", {"form": form, "project": item}, status=422 if form.is_bound else 200)  # fmt: skip


@require_POST
@allowed("budget.edit")
def project_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it ready, a candidate again, or end it."""
    actor, item = _editor(request, pk)
    done = library.project_set_state(actor=actor, project=item, state=request.POST.get("state", ""))
    messages.success(request, _("Done: %(state)s.") % {"state": done.get_state_display()})
    return redirect("budgets:project", pk=pk)


@require_http_methods(["GET", "POST"])
@allowed("budget.edit")
def project_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """What a project wants of a year. A year of which nothing is kept yet begins with the one before it."""
    actor, item = _editor(request, pk, year)
    stored = item.years.filter(year=year).first()
    before = item.years.filter(year__lt=year).order_by("-year").first() if stored is None else None
    data = request.POST or None
    form = YearForm(data, initial=YearForm.initial_of(item, stored or before))
    lists = {key: rows_form(key, data, getattr(stored or before, key, ()), _MOST[key]) for key in library.LISTS}
    if form.is_bound and all([form.is_valid(), *(one.is_valid() for one in lists.values())]):
        given, rows = form.cleaned_data, {key: one.values() for key, one in lists.items()}
        if attempt_rows(form, lists, lambda: library.year_set(
            actor=actor, project=item, year=year, amount=given["amount"], goal=given["goal"], lists=rows, revision=given["revision"],
        )):  # fmt: skip
            messages.success(request, _("Saved."))
            return _after(request, item, reverse("budgets:project-year", args=(pk, year)), year)
        now = _seen(request, pk)
        stored = now.years.filter(year=year).first()
        if _met(form, YearForm(initial=YearForm.initial_of(now, stored)), now):
            return _year_page(request, item, year, form, lists, None, _parts(stored))
    return _year_page(request, item, year, form, lists, before, None)


def _year_page(
    request: HttpRequest, item: Project, year: int, form: YearForm, lists: Any, before: Any, theirs: Any
) -> HttpResponse:
    shown = [{"key": key, "zh": sheet(key).zh, "en": sheet(key).en, "columns": _heads(key), "rows": one} for key, one in lists.items()]  # fmt: skip
    context = {"project": item, "year": year, "form": form, "lists": shown, "before": before, "theirs": theirs}
    return render(request, "budgets/project_year.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@allowed("budget.edit")
def project_indicators(request: HttpRequest, pk: int, year: int = 0) -> HttpResponse:
    """The indicators of a year, or of the mid-term (0). Where there are none yet the nearest year before, or what the
    other has, is proposed."""
    actor, item = _editor(request, pk, year or None)
    stored = _indicators(item, year)
    proposed = [] if stored else _proposed(item, year)
    data = request.POST or None
    form = Revised(data, initial={"revision": item.revision})
    rows = rows_form("indicators", data, stored or proposed, order=True)
    theirs = None
    if form.is_bound and all([form.is_valid(), rows.is_valid()]):
        values, revision = rows.values(), form.cleaned_data["revision"]
        if attempt_rows(form, {"indicators": rows}, lambda: library.indicators_set(
            actor=actor, project=item, year=year, rows=values, revision=revision
        )):  # fmt: skip
            messages.success(request, _("Saved."))
            again = ("budgets:project-indicators", (pk, year)) if year else ("budgets:project-midterm", (pk,))
            return _after(request, item, reverse(again[0], args=again[1]), year)
        now = _seen(request, pk)
        if _met(form, Revised(initial={"revision": now.revision}), now):
            theirs = item.indicators.filter(year=year).order_by("position")
    read = [library_selectors.read(one) for one in item.indicators.filter(year=year).order_by("position")]
    context = {
        "project": item, "year": year, "form": form, "rows": rows, "columns": _heads("indicators"), "proposed": proposed,
        "theirs": theirs, "read": [] if form.is_bound else read,
    }  # fmt: skip
    return render(request, "budgets/project_indicators.html", context, status=422 if form.is_bound else 200)


def _indicators(item: Project, year: int) -> list[dict[str, Any]]:
    found = item.indicators.filter(year=year).order_by("position")
    return list(found.values("kind", "name", "value"))


def _proposed(item: Project, year: int) -> list[dict[str, Any]]:
    others = item.indicators.filter(year__lt=year) if year else item.indicators.filter(year__gt=0)
    last = others.exclude(year=0).order_by("-year").values_list("year", flat=True).first() or 0
    return _indicators(item, last) if last != year else []


def _heads(key: str) -> list[str]:
    return [titled(one) for one in row_columns(key)]


def _after(request: HttpRequest, item: Project, again: str, year: int) -> HttpResponse:
    """Where a saved list leads: to itself with new empty rows, or back to the project."""
    if "more" in request.POST:
        return redirect(f"{again}#more")
    back = reverse("budgets:project", args=(item.pk,))
    return redirect(f"{back}?year={year}#targets" if year else f"{back}#targets")


@require_http_methods(["GET", "POST"])
@allowed("project.rank")
def library_rank(request: HttpRequest, unit: int) -> HttpResponse:
    """The head ranks the projects of a unit: by dragging, or up and down one by one, which works without a script."""
    actor = actor_of(request)
    of = _unit(actor, unit)
    require(actor, "project.rank", of)
    today = timezone.localdate().year
    if request.method == "GET":
        return _ranking(request, of, today)
    order, seen = (_keys(request.POST.getlist(name)) for name in ("order", "seen"))
    _step(order, request.POST)
    try:
        library.projects_rank(actor=actor, unit=of, order=order, seen=seen)
    except RefusedError as error:
        if error.code != "conflict":
            raise
        return _ranking(request, of, today, sentence(error.message), order)
    moved = _keys([request.POST.get("up") or request.POST.get("down") or ""])
    if not moved:
        messages.success(request, _("Saved."))
        return redirect("budgets:projects")
    return redirect(reverse("budgets:library-rank", args=(unit,)) + f"#p{moved[0]}")


def _unit(actor: User, pk: int) -> Unit:
    found = Unit.objects.filter(pk=pk).first()
    if found is None or not may(actor, "budget.view", found):
        raise RefusedError("not-found", "没有这个单位，或您不能查看。", "There is no such unit, or you may not see it.")
    return found


def _keys(given: list[str]) -> list[int]:
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) < 10]


def _step(order: list[int], given: Any) -> None:
    """One project goes a place up or down."""
    for name, by in (("up", -1), ("down", 1)):
        for key in _keys([given.get(name, "")]):
            if key in order:
                at = order.index(key)
                to = min(max(at + by, 0), len(order) - 1)
                order.insert(to, order.pop(at))


def _ranking(request: HttpRequest, unit: Unit, today: int, refused: str = "", chosen: list[int] | None = None) -> HttpResponse:  # fmt: skip
    found = library_selectors.filtered(actor_of(request), today, unit, "", None, "")
    items = {one.pk: one for one in found}
    rows = [one for one in items.values() if library_selectors.state_of(one, today) != str(ProjectState.ENDED)]
    wanted = library_selectors.wanted_of(rows)
    context = {
        "unit": unit, "rows": [(one, wanted.get(one.pk)) for one in rows], "seen": library.ranked(items.values()), "refused": refused,
        "chosen": [items[pk] for pk in chosen or () if pk in items],
    }  # fmt: skip
    return render(request, "budgets/library_rank.html", context, status=409 if refused else 200)


@require_POST
@allowed("budget.edit")
def project_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Files are added."""
    actor, item = _editor(request, pk)
    form = AttachmentForm(request.POST, request.FILES)
    form.is_valid()
    files = request.FILES.getlist("files")
    done = attempt(form, lambda: attachments.attachments_add(actor=actor, project=item, files=files, now=timezone.now()))  # fmt: skip
    if done is None:
        return _page(request, item, form)
    messages.success(request, _("Saved."))
    return redirect(reverse("budgets:project", args=(pk,)) + "#attachments")


@require_GET
@allowed("budget.view")
def project_file(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """A file as a download: whatever it is, it is not shown in this origin."""
    found = attachments.attachment_seen(_seen(request, pk), attachment)
    try:
        stream = found.file.open("rb")
    except FileNotFoundError:
        raise RefusedError("not-found", "附件的文件已丢失；请联系管理员。", "The attachment's file is lost: tell an administrator.") from None  # fmt: skip
    answer = FileResponse(stream, as_attachment=True, filename=found.name, content_type="application/octet-stream")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer  # type: ignore[return-value]


@require_POST
@allowed("budget.edit")
def project_detach(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """A file is taken off."""
    actor, item = _editor(request, pk)
    attachments.attachment_remove(actor=actor, attachment=attachments.attachment_seen(item, attachment))
    messages.success(request, _("The attachment was removed."))
    return redirect(reverse("budgets:project", args=(pk,)) + "#attachments")


def _seen(request: HttpRequest, pk: int) -> Project:
    return library_selectors.project_seen(actor_of(request), pk)


def _editor(request: HttpRequest, pk: int, year: int | None = None) -> tuple[User, Project]:
    """(the person, the project), who may edit it. Raises RefusedError; "not-found" for a year that is not its own."""
    actor, item = actor_of(request), _seen(request, pk)
    require(actor, "budget.edit", item.unit)
    if year is not None and not item.runs_in(year):
        said = library.outside(item, year)
        raise RefusedError("not-found", said.zh, said.en)
    return actor, item


def _met(form: Revised, now: Revised, item: Project) -> bool:
    """Whether somebody else was first; then the form shows both."""
    if form.cleaned_data.get("revision") == item.revision:
        return False
    form.show_theirs(now)
    return True
