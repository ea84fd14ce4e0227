"""The pages of the open book, for everybody."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengwu.web.common.models import Unit
from zhengwu.web.common.paging import page_of
from zhengwu.web.explorer import downloads, live, metadata, selectors
from zhengwu.web.explorer.addresses import document_address, pages_address
from zhengwu.web.explorer.caching import public
from zhengwu.web.explorer.contents import blocks_of, entries_of
from zhengwu.web.explorer.editions import publication_at
from zhengwu.web.explorer.figures import figures_of, over_years, side_by_side, stacked
from zhengwu.web.explorer.models import Publication
from zhengwu.web.explorer.parts import part_with, parts_of

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
        years_data=stacked([(f"{one.year}", one) for one in ordered]) if len(ordered) > 1 else None,
        name=metadata.name_of(publication),
        description=metadata.description_of(book),
        card=metadata.card_address(request, publication),
        alternates=metadata.alternates_of(request, publication),
    )


@public
def document(request: HttpRequest, code: str, year: int, kind: str, edition: int | None = None) -> HttpResponse:
    """A published document: its text and its tables, every number with its address; a long one in parts. ``at``
    asks for the part in which a number stands."""
    publication, editions = publication_at(code, year, kind, edition)
    reading = publication.round.reading
    parts, at = parts_of(reading), request.GET.get("at", "")[:40]
    page = page_of(request, parts, 1, part_with(reading, parts, at) if at else None)
    canonical = document_address(publication)
    description = metadata.description_of(selectors.books_of([publication])[0])
    return _shown(
        request,
        "document",
        f"{canonical}?page={page.number}" if page.number > 1 else canonical,
        publication=publication,
        current=next((one for one in editions if one.superseded_at is None), None),
        editions=editions,
        page=page,
        files=publication.files.all(),
        blocks=blocks_of(reading, parts[page.number - 1]),
        contents=entries_of(reading, parts),
        name=metadata.name_of(publication),
        description=description,
        card=metadata.card_address(request, publication),
        alternates=metadata.alternates_of(request, publication),
        dataset=metadata.dataset_of(request, publication, description),
        pages_base=pages_address(publication) if publication.round.format == "pdf" and publication.round.pages else "",
    )


@public
def download(request: HttpRequest, code: str, year: int, kind: str, edition: int, form: str) -> HttpResponse:
    """A file of an edition: the original, all tables, the facts."""
    publication, _editions = publication_at(code, year, kind, edition)
    if form == "original":
        return downloads.original(publication)
    if form == "tables.zip":
        return downloads.tables_zip(publication)
    if form == "facts.csv":
        return downloads.facts_csv(request, publication)
    return downloads.facts_json(request, publication)


@public
def published_file(request: HttpRequest, code: str, year: int, kind: str, edition: int, name: str) -> HttpResponse:
    """The same edition in another format, or its open data."""
    return downloads.published_file(publication_at(code, year, kind, edition)[0], name)


@public
def table(request: HttpRequest, code: str, year: int, kind: str, edition: int, number: int) -> HttpResponse:
    """One table of an edition as CSV."""
    return downloads.one_table(publication_at(code, year, kind, edition)[0], number)


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
    rows = side_by_side(books) if books else []
    names = [book.publication.unit.name for book in books]
    classes = [(row.name, row.cells) for row in rows if row.level]
    return _shown(
        request,
        "compare",
        f"{reverse('explorer:compare')}{_query(codes, kind, year)}",
        units=units,
        codes=codes,
        pair=pair,
        kind=kind,
        years=years,
        year=year,
        comparison=rows,
        books=books,
        amounts_data=stacked([(book.publication.unit.name, book) for book in books]) if books else None,
        classes_data=live.shares(names, classes) if classes else None,
    )


def _query(codes: list[str], kind: str, year: int | None) -> str:
    """What makes a comparison the one it is, in one order; "" where there is none."""
    return f"?{urlencode({'a': codes[0], 'b': codes[1], 'kind': kind, 'year': year})}" if year else ""


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
