"""The pages of the open book, for everybody."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengwu.web.common.models import Unit
from zhengwu.web.common.paging import page_of
from zhengwu.web.explorer import downloads, selectors
from zhengwu.web.explorer.addresses import document_address
from zhengwu.web.explorer.caching import public
from zhengwu.web.explorer.contents import TableBlock, TextBlock, blocks_of
from zhengwu.web.explorer.figures import Book, figures_of, over_years, share
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews.models import Round

PAGE = 20
_LATEST = 8


def _shown(request: HttpRequest, template: str, canonical: str, **context: Any) -> HttpResponse:
    context["canonical"] = request.build_absolute_uri(canonical)
    return render(request, f"explorer/{template}.html", context)


@public
def home(request: HttpRequest) -> HttpResponse:
    """Search, departments, years, what came last."""
    return _shown(
        request,
        "home",
        reverse("explorer:home"),
        departments=page_of(request, selectors.units_published(), 60),
        years=selectors.years(),
        latest=list(selectors.current().order_by("-published_at", "-pk")[:_LATEST]),
    )


@public
def year(request: HttpRequest, year: int) -> HttpResponse:
    """All publications of a year."""
    found = selectors.current().filter(year=year).order_by("unit__code", "kind")
    page = page_of(request, found, 100)
    if not page.paginator.count:
        raise Http404(_("Nothing is published for this year."))
    return _shown(request, "year", reverse("explorer:year", args=[year]), year=year, page=page, years=selectors.years())


@public
def search(request: HttpRequest) -> HttpResponse:
    """Departments and projects whose names hold the words."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    return _shown(
        request,
        "search",
        reverse("explorer:search"),
        words=words,
        units=list(selectors.units_published(words)[:30]) if words else [],
        page=page_of(request, selectors.projects(words), PAGE) if words else None,
    )


@public
def department(request: HttpRequest, code: str) -> HttpResponse:
    """A department's money in one year, with all its years."""
    unit, editions = _unit(code)
    wished, kind = request.GET.get("year", ""), request.GET.get("kind", "")
    year = int(wished) if wished.isascii() and wished.isdecimal() and len(wished) == 4 else None
    publication = selectors.chosen(editions, year, kind if kind in selectors.KINDS else "")
    if publication is None:
        raise Http404(_("Nothing is published for this year."))
    before = selectors.chosen(editions, publication.year - 1, publication.kind)
    book = selectors.book_of(publication)
    currents = [one for one in editions if one.superseded_at is None]
    series = selectors.books_of([one for one in currents if one.kind == publication.kind])
    earlier = next((one for one in series if before is not None and one.publication.pk == before.pk), None)
    ordered, lines = over_years(series)
    canonical = reverse("explorer:department", args=[code])
    latest = selectors.chosen(editions, None, "")
    if latest != publication:
        canonical += f"?year={publication.year}&kind={publication.kind}"
    projects = sorted(publication.projects.all(), key=lambda one: (-(one.amount or 0), one.pk))
    for project in projects:
        project.publication = publication  # with its unit: no query for each address
    return _shown(
        request,
        "department",
        canonical,
        unit=unit,
        publication=publication,
        currents=currents,
        editions=editions,
        figures=figures_of(book, earlier),
        total=book.total(),
        basic=book.nature("basic"),
        project=book.nature("project"),
        three=book.three_public(),
        projects=projects,
        ordered=ordered,
        lines=lines,
        others=selectors.units_published().exclude(pk=unit.pk)[:100],
    )


@public
def document(request: HttpRequest, code: str, year: int, kind: str, edition: int | None = None) -> HttpResponse:
    """A published document, whole: its text and its tables, every number with its address."""
    publication, editions = _publication(code, year, kind, edition)
    blocks = blocks_of(publication.round.reading)
    return _shown(
        request,
        "document",
        document_address(publication),
        publication=publication,
        current=next((one for one in editions if one.superseded_at is None), None),
        editions=editions,
        blocks=blocks,
        contents=[block for block in blocks if isinstance(block, TableBlock)],
        headings=[block for block in blocks if isinstance(block, TextBlock) and block.level == 2],
        description=_description(publication),
    )


def _description(publication: Publication) -> str:
    return _("%(unit)s, %(year)s: the published document with all its tables and text.") % {
        "unit": publication.unit.name,
        "year": publication.year,
    }


@public
def download(request: HttpRequest, code: str, year: int, kind: str, edition: int, form: str) -> HttpResponse:
    """A file of an edition: the original, all tables, the facts."""
    publication, _editions = _publication(code, year, kind, edition)
    if form == "original":
        return downloads.original(publication)
    if form == "tables.zip":
        return downloads.tables_zip(publication)
    if form == "facts.csv":
        return downloads.facts_csv(request, publication)
    return downloads.facts_json(request, publication)


@public
def table(request: HttpRequest, code: str, year: int, kind: str, edition: int, number: int) -> HttpResponse:
    """One table of an edition as CSV."""
    return downloads.one_table(_publication(code, year, kind, edition)[0], number)


@public
def compare(request: HttpRequest) -> HttpResponse:
    """Two departments side by side, in the latest year that both have published or the one asked for."""
    codes = [request.GET.get(name, "")[:40] for name in ("a", "b")]
    units = list(selectors.units_published()[:2000])
    known = {unit.code: unit for unit in units}
    pair = [known.get(code) for code in codes]
    kind = request.GET.get("kind", "") if request.GET.get("kind") in selectors.KINDS else "budget"
    books, years, year = [], [], None
    if pair[0] is not None and pair[1] is not None:
        found = list(selectors.current().filter(unit__in=[one.pk for one in pair if one], kind=kind))
        each = [{one.year: one for one in found if unit is not None and one.unit_id == unit.pk} for unit in pair]
        years = sorted(each[0].keys() & each[1].keys(), reverse=True)
        wished = request.GET.get("year", "")
        year = next((one for one in years if str(one) == wished), years[0] if years else None)
        if year is not None:
            wanted = [each[0][year], each[1][year]]
            made = {book.publication.pk: book for book in selectors.books_of(wanted)}
            books = [made[one.pk] for one in wanted]
    return _shown(
        request,
        "compare",
        request.get_full_path() if books else reverse("explorer:compare"),
        units=units,
        codes=codes,
        pair=pair,
        kind=kind,
        years=years,
        year=year,
        comparison=_side_by_side(books) if len(books) == 2 else None,
        books=books,
    )


def _side_by_side(books: list[Book]) -> list[dict[str, Any]]:
    """Rows of two books: total, natures, three public expenses, classes; the share of each in its own total."""
    rows = [("支出合计", [book.total() for book in books], 0)]
    rows += [(name, [book.nature(key) for book in books], 0) for key, name in selectors.natures_named()]
    rows.append(("“三公”经费", [book.three_public() for book in books], 0))
    classes = [book.classes() for book in books]
    for code in sorted(classes[0].keys() | classes[1].keys()):
        rows.append((f"{code} {books[0].name_of(code)}", [one.get(code) for one in classes], 1))
    totals = [book.total() for book in books]
    return [
        {
            "name": name,
            "level": level,
            "cells": [
                (number, share(number.value, whole.value) if number and whole else "")
                for number, whole in zip(numbers, totals, strict=True)
            ],
        }
        for name, numbers, level in rows
        if any(numbers)
    ]


@public
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may fetch: the open book, nothing that needs an account."""
    lines = ["User-agent: *", "Disallow: /review/", "Disallow: /account/", "Disallow: /publish/", "Disallow: /api/"]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('explorer:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _unit(code: str) -> tuple[Unit, list[Publication]]:
    unit = get_object_or_404(Unit, code=code)
    editions = selectors.editions(unit)
    if not editions:
        raise Http404(_("This department has published nothing yet."))
    return unit, editions


def _publication(code: str, year: int, kind: str, edition: int | None) -> tuple[Publication, list[Publication]]:
    """The edition asked for with its round, and all of its kind. Without a number the current one."""
    asked = Publication.objects.filter(unit__code=code, year=year, kind=kind).select_related("unit")
    editions = list(asked.order_by("-edition"))
    found = next((one for one in editions if one.edition == edition or (edition is None and not one.superseded_at)), None)  # fmt: skip
    if found is None:
        raise Http404(_("Nothing is published at this address."))
    found.round = Round.objects.get(pk=found.round_id)
    return found, editions
