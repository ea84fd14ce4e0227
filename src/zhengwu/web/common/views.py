"""Signing in and out, one's own account, the language."""

import time
from base64 import b32encode
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout, update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import NoReverseMatch
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login

from zhengwu.web.common import hooks, services, sessions
from zhengwu.web.common.access import actor_of, signed_in
from zhengwu.web.common.errors import attempt
from zhengwu.web.common.forms import CodeForm, PasswordForm
from zhengwu.web.common.models import User
from zhengwu.web.common.session_rules import begin

_PENDING = "second-step"  # who gave the right password and has yet to give the code
_PENDING_SECONDS = 300
_AFTER_PASSWORD = "after-password"  # where somebody wanted to go who first chooses a password  # nosec B105


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class SignIn(LoginView):
    """User name and password; then the code, where a second step was set up. Before the code there is no session
    of the person: nothing else needs to ask for it."""

    template_name = "common/sign_in.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """The password was right."""
        person = form.get_user()
        target = self.get_redirect_url() or hooks.landing(person)
        if sessions.device_of(person) is None:
            return _enter(self.request, person, target)
        self.request.session[_PENDING] = {
            "person": person.pk, "backend": person.backend, "password": person.get_session_auth_hash(),
            "next": target, "at": time.time(),
        }  # fmt: skip
        return redirect("common:second-step")

    def form_invalid(self, form: Any) -> HttpResponse:
        """The password was wrong; axes answers for itself when that was once too often."""
        if getattr(self.request, "axes_locked_out", False):
            sessions.locked_out(username=str(form.data.get("username", "")), address=_address(self.request))
        return super().form_invalid(form)


def _enter(request: HttpRequest, person: User, target: str) -> HttpResponse:
    """Begin the session: under a new key, in the person's language unless this browser has chosen one."""
    login(request, person)
    sessions.signed_in(person=person, address=_address(request))
    if person.must_change_password:  # which leads on to where this would have led
        request.session[_AFTER_PASSWORD] = target
        target = resolve_url("common:password")
    response = HttpResponseRedirect(target)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        _keep_language(response, person.language)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code from the authenticator app."""
    pending = request.session.get(_PENDING)
    person = None
    if pending and 0 <= time.time() - pending["at"] < _PENDING_SECONDS:
        person = get_user_model().objects.filter(pk=pending["person"], is_active=True).first()
    if person is None or person.get_session_auth_hash() != pending["password"]:
        request.session.pop(_PENDING, None)
        return redirect("common:sign-in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = sessions.code_accepted(person=person, code=form.cleaned_data["code"])
        if device is not None:
            del request.session[_PENDING]
            person.backend = pending["backend"]
            response = _enter(request, person, pending["next"])
            otp_login(request, device)
            return response
        form.add_error("code", _("The code is wrong, or was used already. After several wrong codes wait a little."))
    return render(request, "common/second_step.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        sessions.signed_out(person=request.user)
    logout(request)
    return redirect(_or_start(settings.LOGOUT_REDIRECT_URL))


@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and remember it for who is signed in. ``next`` leads nowhere outside.

    Without a token: it does no harm, and a token in every public page would keep each from being the same twice.
    """
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        if isinstance(request.user, User):
            services.language_set(actor=request.user, language=chosen)
        _keep_language(response, chosen)
    return response


def _keep_language(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax", secure=settings.HTTPS, httponly=True
    )


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _or_start(target: str) -> str:
    try:
        return resolve_url(target)
    except NoReverseMatch:
        return "/"


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    person = actor_of(request)
    context = {"section": "account", "device": sessions.device_of(person)}
    return render(request, "common/account.html", context)


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password: other sessions end, this one goes on under a new key."""
    person = actor_of(request)
    due = person.must_change_password
    form = PasswordForm(request.POST or None, user=person)
    if form.is_valid():
        new = form.cleaned_data["password"]
        changed = attempt(form, lambda: services.password_change(actor=person, password=new))
        if changed is not None:
            update_session_auth_hash(request, changed)
            messages.success(request, _("The password was changed. Other sessions were ended."))
            return redirect(request.session.pop(_AFTER_PASSWORD, None) or "common:account")
    context = {"form": form, "section": "account", "due": due}
    return render(request, "common/password.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End one's other sessions; this one goes on."""
    person = sessions.sessions_end(actor=actor_of(request))
    assert person.sessions_end is not None
    begin(request.session, person.sessions_end.timestamp())
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("common:account")


@signed_in
@require_http_methods(["GET", "POST"])
def second_step_setup(request: HttpRequest) -> HttpResponse:
    """Set up the second step: scan, confirm by a code."""
    person = actor_of(request)
    if sessions.device_of(person) is not None:
        return redirect("common:account")
    device = sessions.second_step_begin(actor=person)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        confirmed = sessions.second_step_confirm(actor=person, code=form.cleaned_data["code"])
        if confirmed is not None:
            otp_login(request, confirmed)
            messages.success(request, _("From now on signing in asks for a code."))
            return redirect("common:account")
        form.add_error("code", _("The code is wrong: wait for the next one. Is the clock of the telephone right?"))
    picture = segno.make(device.config_url, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff")
    context = {"form": form, "picture": picture, "key": b32encode(device.bin_key).decode(), "section": "account"}
    return render(request, "common/second_step_setup.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def second_step_remove(request: HttpRequest) -> HttpResponse:
    """Remove the second step, with a code."""
    person = actor_of(request)
    if sessions.device_of(person) is None:
        return redirect("common:account")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        attempt(form, lambda: sessions.second_step_remove(actor=person, code=code))
        if not form.errors:
            messages.success(request, _("Signing in no longer asks for a code."))
            return redirect("common:account")
    context = {"form": form, "section": "account"}
    return render(request, "common/second_step_remove.html", context, status=422 if form.errors else 200)
