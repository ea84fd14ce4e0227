"""Money and dates as people read them: ``{% load explorer %}``."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from zhengwu.web.explorer import addresses
from zhengwu.web.explorer.models import Publication, PublishedProject

register = template.Library()
_UNITS = {
    "zh": ((Decimal(10**8), "亿元"), (Decimal(10**4), "万元")),
    "en": ((Decimal(10**9), " bn yuan"), (Decimal(10**6), " m yuan")),
}


@register.filter
def yuan(value: Decimal | None) -> str:
    """An amount in yuan to the 分: 63,234,665.44; "—" where there is none."""
    return "—" if value is None else f"{value:,.2f}"


@register.filter
def readable(value: Decimal | None) -> str:
    """A large amount as people say it (6,323.47万元, 63.23 m yuan); "" for what reads well as it is."""
    if value is None:
        return ""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    for size, unit in _UNITS[language]:
        if abs(value) >= size:
            return f"{(value / size).quantize(Decimal('0.01'), ROUND_HALF_UP):,}{unit}"
    return ""


@register.filter
def address(item: Publication | PublishedProject) -> str:
    """The page of a publication, or a project's place in one."""
    return addresses.project_address(item) if isinstance(item, PublishedProject) else addresses.document_address(item)


@register.filter
def kind_name(kind: str) -> str:
    """The name of a kind of document."""
    from django.utils.translation import gettext

    return gettext("Final accounts") if kind == "final" else gettext("Budget")


@register.filter
def get(found: Any, key: Any) -> Any:
    """An entry of a mapping."""
    return found.get(key)
