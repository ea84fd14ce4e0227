"""Money and dates as people read them: ``{% load explorer %}``."""

import json
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from zhengwu.web.explorer import addresses, metadata, words
from zhengwu.web.explorer.contents import TableBlock
from zhengwu.web.explorer.models import Publication, PublishedProject

register = template.Library()
_BREAK = mark_safe("<br>")  # a word of our own  # nosec B308 B703
_JSON_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


@register.filter
def yuan(value: Decimal | None) -> str:
    """An amount in yuan to the 分: 63,234,665.44; "—" where there is none."""
    return "—" if value is None else f"{value:,.2f}"


register.filter("place", addresses.place_address)
register.filter("readable", words.readable)
register.filter("said", words.said)
register.filter("exact", words.exact)
register.filter("kind_name", metadata.kind_name)


@register.filter
def address(item: Publication | PublishedProject) -> str:
    """The page of a publication, or a project's place in one."""
    return addresses.project_address(item) if isinstance(item, PublishedProject) else addresses.document_address(item)


@register.simple_tag
def table_rows(block: TableBlock, pages: str = "") -> SafeString:
    """The rows of a document's table; ``pages`` is what the addresses of the file's pages begin with."""
    context = {"rows": block.rows, "pages": pages, "readable": words.readable, "br": _BREAK}
    # Jinja escaped every text.
    return mark_safe(render_to_string("explorer/rows.html", context, using="jinja2"))  # nosec B308 B703


@register.filter
def get(found: Any, key: Any) -> Any:
    """An entry of a mapping."""
    return found.get(key)


@register.filter
def json_ld(found: dict[str, Any]) -> SafeString:
    """Data for search engines as a block of the page: not run, and nothing in it ends the block."""
    text = json.dumps(found, ensure_ascii=False).translate(_JSON_ESCAPES)
    # Nothing in the text is markup any more: the line above.
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # nosec B308 B703
