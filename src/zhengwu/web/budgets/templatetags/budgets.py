"""Money, states and sentences of the budget desk: ``{% load budgets %}``."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhengwu.ledger import values
from zhengwu.ledger.difference_rows import shown
from zhengwu.ledger.schema import Column
from zhengwu.model.message import Message
from zhengwu.web.budgets.models import AdjustmentState, ProjectState, State
from zhengwu.web.common.errors import sentence

register = template.Library()
_KINDS = {
    State.FIRST_DRAFT: "neutral", State.FIRST_SIGNING: "warning", State.FIRST_SUBMITTED: "info",
    State.SECOND_DRAFT: "neutral", State.SECOND_SIGNING: "warning", State.SECOND_SUBMITTED: "info",
    State.APPROVED: "ok", State.PUBLISHED: "ok", State.EARLIER: "neutral", State.MERGED: "neutral",
}  # fmt: skip
_ADJUSTMENTS = {
    AdjustmentState.DRAFT: "neutral", AdjustmentState.SIGNING: "warning", AdjustmentState.SUBMITTED: "info",
    AdjustmentState.APPROVED: "ok", AdjustmentState.REFUSED: "error", AdjustmentState.WITHDRAWN: "neutral",
}  # fmt: skip
_CHANGES = {
    "added": ("ok", _("added")), "gone": ("error", _("gone")), "changed": ("info", _("changed")),
    "moved": ("warning", _("other codes")), "back": ("ok", _("brought back")),
}  # fmt: skip
_PROJECTS = {ProjectState.CANDIDATE: "neutral", ProjectState.READY: "ok", ProjectState.ENDED: "neutral"}


@register.filter
def yuan(amount: object) -> str:
    """分 as yuan: 1,234.50; "—" where there is none (also what a template takes for nothing, "")."""
    return values.yuan(amount) if isinstance(amount, int) else "—"


@register.filter
def budget_badge(state: str) -> SafeString:
    """The state of a budget."""
    found = State(state)
    return _badge(_KINDS[found], found.label)


@register.filter
def adjustment_badge(state: str) -> SafeString:
    """The state of an adjustment."""
    found = AdjustmentState(state)
    return _badge(_ADJUSTMENTS[found], found.label)


@register.filter
def project_badge(state: str) -> SafeString:
    """The state of a project."""
    found = ProjectState(state)
    return _badge(_PROJECTS[found], found.label)


@register.filter
def said(message: Message) -> str:
    """A message in the language of the page."""
    return sentence(message)


@register.simple_tag
def either(zh: str, en: str) -> str:
    """The text in the language of the page."""
    return en if (get_language() or "").startswith("en") else zh


def _badge(kind: str, word: object) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', kind, word)


@register.filter
def signed(amount: object) -> str:
    """A difference in 分 as yuan with its sign."""
    return f"{'+' * (amount > 0)}{values.yuan(amount)}" if isinstance(amount, int) else "—"


@register.filter
def change_badge(kind: str) -> SafeString:
    """What became of a line or row: added, gone, changed, moved between codes."""
    found, word = _CHANGES[kind]
    return _badge(found, word)


@register.filter
def value_of(row: dict[str, Any], column: Column) -> str:
    """A plain row's value as people read it."""
    return sentence(shown(column, row.get(column.key)))
