"""People, units and the audit trail."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengwu.web.common import selectors, services
from zhengwu.web.common.access import actor_of, allowed
from zhengwu.web.common.errors import attempt
from zhengwu.web.common.forms import NewPersonForm, PeopleFilter, PersonForm, TrailFilter, UnitForm
from zhengwu.web.common.models import Unit, User
from zhengwu.web.common.paging import page_of


@require_safe
@allowed("people.manage")
def people(request: HttpRequest) -> HttpResponse:
    """The list of people."""
    form = PeopleFilter(request.GET)
    page = page_of(request, selectors.people(form.cleaned_data if form.is_valid() else {}))
    return render(request, "common/people.html", {"form": form, "page": page, "section": "people"})


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
@allowed("people.manage")
def person_add(request: HttpRequest) -> HttpResponse:
    """A new person."""
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        person = attempt(form, lambda: services.person_add(actor=actor_of(request), **given))
        if person is not None:
            messages.success(request, _("%(name)s can sign in now.") % {"name": person})
            return redirect("common:people")
    return _form(request, form, _("Add a person"), "common:people")


@require_http_methods(["GET", "POST"])
@allowed("people.manage")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: change, deactivate, reset the password."""
    someone = get_object_or_404(User.objects.select_related("unit"), pk=pk)
    known = {"name": someone.first_name, "role": someone.role, "unit": someone.unit_id, "email": someone.email}
    form = PersonForm(request.POST or None, initial=known)
    if form.is_valid():
        given = form.cleaned_data
        changed = attempt(form, lambda: services.person_change(actor=actor_of(request), person=someone, **given))
        if changed is not None:
            messages.success(request, _("Saved."))
            return redirect("common:people")
    context = {"form": form, "person": someone, "section": "people"}
    return render(request, "common/person.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("people.manage")
def person_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivate or activate a person."""
    someone = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "1"
    services.person_set_active(actor=actor_of(request), person=someone, active=active)
    sentence = _("%(name)s can sign in again.") if active else _("%(name)s can no longer sign in.")
    messages.success(request, sentence % {"name": someone})
    return redirect("common:person", pk=pk)


@require_POST
@allowed("people.manage")
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new password, shown once on this very page: not in a cookie, not in a log."""
    someone = get_object_or_404(User, pk=pk)
    password = services.password_reset(actor=actor_of(request), person=someone)
    context = {"person": someone, "password": password, "section": "people"}
    return render(request, "common/person_password.html", context)


@require_safe
@allowed("people.manage")
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units."""
    return render(request, "common/units.html", {"tree": selectors.tree(), "section": "people"})


@require_http_methods(["GET", "POST"])
@allowed("people.manage")
def unit_add(request: HttpRequest) -> HttpResponse:
    """A new unit."""
    parent = request.GET.get("parent", "")
    form = UnitForm(request.POST or None, initial={"parent": parent if parent.isascii() and parent.isdigit() else None})
    if form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: services.unit_add(actor=actor_of(request), **given)) is not None:
            messages.success(request, _("Saved."))
            return redirect("common:units")
    return _form(request, form, _("Add a unit"), "common:units")


@require_http_methods(["GET", "POST"])
@allowed("people.manage")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or move a unit."""
    one = get_object_or_404(Unit, pk=pk)
    form = UnitForm(request.POST or None, initial={"code": one.code, "name": one.name, "parent": one.parent_id})
    if form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: services.unit_change(actor=actor_of(request), unit=one, **given)) is not None:
            messages.success(request, _("Saved."))
            return redirect("common:units")
    return _form(request, form, one.name, "common:units")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("trail.view")
def trail(request: HttpRequest) -> HttpResponse:
    """The audit trail; POST verifies it from the first event on."""
    if request.method == "POST":
        selectors.verification(now=True)
        return redirect("common:trail")
    form = TrailFilter(request.GET)
    page = page_of(request, selectors.events(form.cleaned_data if form.is_valid() else {}))
    context = {"form": form, "page": page, "verified": selectors.verification(), "section": "trail"}
    return render(request, "common/trail.html", context)


def _form(request: HttpRequest, form: Any, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "section": "people"}
    return render(request, "common/form_page.html", context, status=422 if form.errors else 200)
