"""What the pages of the library show: ``{% load library %}``."""

from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from zhengwu.ledger.schema import Column
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message
from zhengwu.web.budgets import books
from zhengwu.web.budgets.models import Project, ProjectState
from zhengwu.web.common.errors import sentence

register = template.Library()


@register.simple_tag
def shown(column: Column, value: Any) -> str:
    """A plain value as people read it: amounts with separators, choices by their names."""
    if column.type == "yes":
        return gettext("yes") if value else gettext("no")
    if column.type == "amount" and isinstance(value, int):
        return yuan(value)
    choice = next((one for one in column.choices if one.key == value), None)
    if choice is not None:
        return choice.en if (get_language() or "").startswith("en") else choice.zh
    return books.shown(column, value)


@register.filter
def rank(number: int) -> str:
    """A rank; "—" for none."""
    return str(number) if number else "—"


@register.filter
def span(project: Project) -> str:
    """A project's years."""
    if project.ends is None:
        return gettext("since %(year)s") % {"year": project.starts}
    return str(project.starts) if project.starts == project.ends else f"{project.starts}–{project.ends}"


@register.filter
def state_button(state: str) -> str:
    """What makes a project come into this state."""
    words = {
        ProjectState.CANDIDATE: gettext("Make it a candidate again"), ProjectState.READY: gettext("Make it ready for a budget"),
        ProjectState.ENDED: gettext("End it"),
    }  # fmt: skip
    return words[ProjectState(state)]


@register.filter
def at(messages: list[Message | None], place: int) -> str:
    """The message at a place of a list in the language of the page; "" where there is none."""
    found = messages[place] if 0 <= place < len(messages) else None
    return sentence(found) if found else ""
