"""One self-contained HTML page: the findings by place, beside them the pages with the places marked.

No script, no font, no picture from elsewhere: the file can be mailed, printed and kept.
"""

import base64
from collections import defaultdict
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from zhengwu.model.finding import Finding, Spot
from zhengwu.reporting.as_text import Style, place_name
from zhengwu.reporting.audited import Audited, Made, grouped, in_order, is_placed, spots_to_mark
from zhengwu.reporting.html_parts import context, foot, head, sentence
from zhengwu.reporting.report_words import words
from zhengwu.rules.registry import rule_named

if TYPE_CHECKING:
    from zhengwu.reporting.pdf_pages import Pages

_DOTS_PER_INCH = 110
_MAX_PLACES = 12  # named in words under a finding: all of them are marked


class Numbered(NamedTuple):
    """A finding with the number it has in this report."""

    number: int
    finding: Finding


def html_report(audited: Audited, language: str, made: datetime | None = None) -> Made:
    """The report as UTF-8 HTML. ``made`` is when, as the caller's clock says; None leaves it out."""
    style = Style(language)
    findings = [Numbered(number, finding) for number, finding in enumerate(in_order(audited.audit), 1)]
    groups = _by_page if audited.document.source.format == "pdf" else _by_context
    title, top = head(audited, [(one.number, one.finding) for one in findings], style, made)
    css = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    page = [
        "<!DOCTYPE html>",
        f'<html lang="{"en" if language == "en" else "zh-CN"}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{css}</style></head><body>",
        top,
        "<main>",
        *groups(audited, findings, style),
        foot(audited.audit, style),
        "</main></body></html>\n",
    ]
    return Made(".html", "\n".join(page).encode("utf-8", "replace"))


def _by_page(audited: Audited, findings: list[Numbered], style: Style) -> list[str]:
    """A section for each page with a place: what begins there, and the page with its marks."""
    from zhengwu.reporting.pdf_pages import Pages

    with Pages(audited.data) as pages:
        marks: dict[int, list[str]] = defaultdict(list)
        first: dict[int, list[Numbered]] = defaultdict(list)
        anchored: set[int] = set()
        for one in findings:
            begins = 0
            for index, spot in enumerate(spots_to_mark(one.finding)):
                shown = pages.shown(spot)
                for part, (page, box) in enumerate(shown):
                    size = pages.size(page)
                    label = index == 0 and part == 0
                    marks[page].append(_mark(one, box, size, index > 0, label or page not in anchored, style))
                    begins = begins or page
                begins = begins or spot.place.page or 0
            first[begins].append(one)
        sections = []
        if first.get(0):
            sections += _section(_heading(0, audited, [], style), first.pop(0), [], audited, style)
        for page in sorted({*first, *marks}):
            heading = _heading(page, audited, first.get(page, []), style)
            picture = _page_figure(pages, page, marks.get(page, []), style)
            sections += _section(heading, first.get(page, []), [picture], audited, style)
        return sections


def _mark(
    one: Numbered, box: tuple[float, float, float, float], size: tuple[float, float], side: bool,
    labelled: bool, style: Style,
) -> str:  # fmt: skip
    """A box over the page's picture, in per cent of it, that leads to its finding."""
    width, height = size
    left, top = 100 * (box[0] - 1) / width, 100 * (box[1] - 1) / height
    across, down = 100 * (box[2] - box[0] + 2) / width, 100 * (box[3] - box[1] + 2) / height
    label = f"<b>{one.number}</b>" if labelled else ""
    title = escape(one.finding.message.in_language(style.language), quote=True)
    return (
        f'<a class="mark{" side" if side else ""}" href="#f{one.number}" title="{title}" '
        f'style="left:{left:.2f}%;top:{top:.2f}%;width:{across:.2f}%;height:{down:.2f}%">{label}</a>'
    )


def _page_figure(pages: "Pages", page: int, marks: list[str], style: Style) -> str:
    media, data = pages.encoded(page, _DOTS_PER_INCH)
    name = style.word("page").format(page)
    width, height = pages.size(page)
    tall = " tall" if height > width else ""
    return (
        f'<figure id="p{page}"><div class="sheet{tall}">'
        f'<img alt="{escape(name)}" src="data:{media};base64,{base64.b64encode(data).decode()}">'
        f"{''.join(marks)}</div></figure>"
    )


def _heading(page: int, audited: Audited, findings: list[Numbered], style: Style) -> str:
    if not page:
        return words(style.language, "whole")
    tables = audited.audit.disclosure.tables
    named = dict.fromkeys(
        f"{style.word('table')}{tables[spot.table].number}"
        + (f"《{tables[spot.table].title}》" if tables[spot.table].title else "")
        for one in findings
        for spot in one.finding.at[:1]
        if spot.table >= 0 and spot.place.page == page and (tables[spot.table].number or tables[spot.table].title)
    )
    return " · ".join([style.word("page").format(page), *named])


def _by_context(audited: Audited, findings: list[Numbered], style: Style) -> list[str]:
    """A section for the narrative and for each table; beside a finding the sentences and cells."""
    groups: dict[str, list[Numbered]] = defaultdict(list)
    tables = audited.audit.disclosure.tables
    for one in findings:
        spot = one.finding.at[0] if one.finding.at else None
        if spot is None or not is_placed(spot):
            name = words(style.language, "whole")
        elif spot.table < 0:
            name = style.word("text")
        else:
            table = tables[spot.table]
            name = f"{style.word('table')}{table.number}" + (f"《{table.title}》" if table.title else "")
        groups[name].append(one)
    sections = []
    for name, members in groups.items():
        sections.append(f"<h2>{escape(name)}</h2>")
        for one in members:
            beside = context(audited, list(spots_to_mark(one.finding)), style)
            sections += _group([one], beside, audited, style)
    return sections


def _section(heading: str, findings: list[Numbered], beside: list[str], audited: Audited, style: Style) -> list[str]:
    return [f"<h2>{escape(heading)}</h2>", *_group(findings, beside, audited, style)]


def _group(findings: list[Numbered], beside: list[str], audited: Audited, style: Style) -> list[str]:
    cards = [_card(one, audited, style) for one in findings]
    if not beside:
        return ['<div class="group"><div class="wide">', *cards, "</div></div>"]
    if not cards:
        cards = [f'<p class="dim">{escape(words(style.language, "elsewhere"))}</p>']
    return ['<div class="group"><div class="cards">', *cards, "</div><div>", *beside, "</div></div>"]


def _card(one: Numbered, audited: Audited, style: Style) -> str:
    """A finding in full: severity, message, values, arithmetic, places, mend and basis."""
    finding = one.finding
    rule = rule_named(finding.rule)
    language = style.language
    message = finding.message.in_language(language)
    severity = finding.severity.value
    rows: list[tuple[str, str]] = []
    printed, right, off = (grouped(value) for value in (finding.actual, finding.expected, finding.difference))
    if finding.expected is not None and finding.actual is not None:
        rows.append((style.word("actual"), f'<span class="values"><del>{escape(printed)}</del></span>'))
        rows.append((style.word("expected"), f'<span class="values"><ins>{escape(right)}</ins></span>'))
        if finding.difference:
            rows.append((style.word("difference"), f'<span class="values">{escape(off)}</span>'))
    steps = [step.in_language(language) for step in finding.steps]
    steps = [step for step in steps if step not in message]
    if steps:
        rows.append((style.word("proof"), _folded([escape(step) for step in steps], style)))
    places = list(dict.fromkeys(_place(spot, audited, style) for spot in finding.at if is_placed(spot)))
    if places:
        rows.append((style.word("places"), _folded(places, style)))
    rows.append((style.word("mend"), escape(rule.mend.in_language(language))))
    rows.append((style.word("basis"), escape(rule.basis.in_language(language))))
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows)
    return (
        f'<article class="finding {severity}" id="f{one.number}"><h3><span class="number">{one.number}</span> '
        f'<span class="badge">{escape(style.word(severity))}</span> {escape(rule.title.in_language(language))} '
        f'<span class="rule">{escape(finding.rule)}</span></h3><p>{sentence(message)}</p><dl>{listed}</dl></article>'
    )


def _place(spot: Spot, audited: Audited, style: Style) -> str:
    name = escape(place_name(spot, audited.audit.disclosure, style))
    if audited.document.source.format == "pdf" and spot.place.page:
        return f'<a href="#p{spot.place.page}">{name}</a>'
    return name


def _folded(items: list[str], style: Style) -> str:
    """Lines (HTML already), the many behind the first ones folded away."""
    shown, rest = items[:_MAX_PLACES], items[_MAX_PLACES:]
    text = "<br>".join(shown)
    if rest:
        more = escape(style.word("more").format(len(rest)))
        text += f"<details><summary>{more}</summary>{'<br>'.join(rest)}</details>"
    return text
