"""What every template may ask: ``{% load common %}``."""

from django import template
from django.template.context import Context

from zhengwu.web.common import permissions, trail
from zhengwu.web.common.models import Unit

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: Context, action: str, unit: Unit | None = None) -> bool:
    """Whether the signed-in person may do this: ``{% may "finding.decide" document.unit as decides %}``."""
    return permissions.may(context.get("user"), action, unit)


@register.filter
def action_name(action: str) -> str:
    """An action of the trail in words; its code where it has none."""
    return str(trail.ACTIONS.get(action, action))
