"""Severities, states and decisions as badges: always a word, never colour alone."""

from django import template
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengwu.web.reviews.coverage import TEXT, Amount, Part
from zhengwu.web.reviews.models import Decision, DocumentState, JobState

register = template.Library()

_SEVERITIES = {"error": _("error"), "warning": _("warning"), "info": _("hint")}
_STATES = {
    DocumentState.RECEIVED: "neutral", DocumentState.CONFIRMING: "warning", DocumentState.OPEN: "info",
    DocumentState.RETURNED: "warning", DocumentState.DONE: "ok", DocumentState.PUBLISHED: "ok",
}  # fmt: skip
_DECISIONS = {Decision.OPEN: "neutral", Decision.ACCEPTED: "warning", Decision.DISMISSED: "ok"}
_JOBS = {JobState.QUEUED: "neutral", JobState.RUNNING: "info", JobState.DONE: "ok", JobState.FAILED: "error"}
_COVERAGE = {"tied": _("tied"), "broken": _("broken"), "untied": _("untied")}
_FORMS = {
    "form": _("inspection form"), "annotated": _("annotated file"), "html": _("report as a web page"),
    "json": _("data (JSON)"), "original": _("file as uploaded"),
}  # fmt: skip


@register.simple_tag
def map_lines(page: Page, part: Part, chosen: Amount | None) -> SafeString:
    """The lines of the coverage map on a page of it."""
    context = {
        "lines": page.object_list, "page": page.number, "text": part.table == TEXT,
        "chosen": chosen.number if chosen else None,
    }  # fmt: skip
    # Jinja's backend escapes what it is given, but hands back a plain string.
    return mark_safe(render_to_string("reviews/lines.html", context, using="jinja2"))  # nosec B308 B703


def _badge(kind: str, word: object) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', kind, word)


@register.filter
def severity_word(severity: str) -> str:
    """A severity in words."""
    return str(_SEVERITIES.get(severity, severity))


@register.filter
def severity_badge(severity: str) -> SafeString:
    """A severity as a badge."""
    return _badge(severity if severity in _SEVERITIES else "neutral", severity_word(severity))


@register.filter
def state_badge(state: str) -> SafeString:
    """The state of a document."""
    found = DocumentState(state)
    return _badge(_STATES[found], found.label)


@register.filter
def decision_badge(decision: str) -> SafeString:
    """What was made of a finding."""
    found = Decision(decision)
    return _badge(_DECISIONS[found], found.label)


@register.filter
def job_badge(job: str) -> SafeString:
    """How far an audit is."""
    found = JobState(job)
    return _badge(_JOBS[found], found.label)


@register.filter
def coverage_word(state: str) -> str:
    """Whether an amount is tied."""
    return str(_COVERAGE.get(state, state))


@register.filter
def form_word(form: str) -> str:
    """A file to download."""
    return str(_FORMS.get(form, form))


@register.filter
def kind_word(kind: str) -> str:
    """A kind of document."""
    return {"budget": gettext("budget"), "final": gettext("final accounts")}.get(kind, "")
