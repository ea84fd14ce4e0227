"""Lists in pages: ``{% include "common/pagination.html" %}`` shows what ``page_of`` returns."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


def page_of(request: HttpRequest, items: Any, size: int = 50, number: int | None = None) -> Page:  # type: ignore[type-arg]
    """The page ``number``, without one that which the query asks for; the nearest one when there is no such page."""
    paginator = Paginator(items, size)
    page = paginator.get_page(number or request.GET.get("page"))
    page.elided = paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)  # type: ignore[attr-defined]
    return page
