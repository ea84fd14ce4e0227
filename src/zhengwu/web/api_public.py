"""The open book as data: for everybody."""

from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Query, Router, Schema

from zhengwu.web.api_common import LARGEST_ID, PUBLIC, Listed, Paging, answers, clean, listed, missing
from zhengwu.web.api_shapes import PublicationOut, publication_shape
from zhengwu.web.common.models import Unit
from zhengwu.web.explorer import selectors
from zhengwu.web.explorer.addresses import anchor_of, document_address, place_address, project_address
from zhengwu.web.explorer.downloads import plain_number
from zhengwu.web.explorer.models import Publication, PublishedFact, PublishedProject

router = Router(tags=["open book"])
_YEAR = Field(None, ge=1900, le=2200)
_CODE = Field("", max_length=40)


class UnitOut(Schema):
    """A department that has published."""

    code: str
    name: str
    latest_year: int | None = None
    publications: int | None = None
    href: str


class UnitList(Listed):
    """A piece of the list of departments."""

    items: list[UnitOut]


class PublicationList(Listed):
    """A piece of the list of publications."""

    items: list[PublicationOut]


class FactOut(Schema):
    """A printed amount: ``value`` in yuan (per cent, number: see ``money_unit``), its identity, its place."""

    publication: int
    unit: str
    measure: str
    year: int
    stage: str
    function: str
    government: str
    departmental: str
    fund: str
    nature: str
    item: str
    aspect: str
    value: str
    money_unit: str
    quote: str
    label: str
    table: int | None
    row: int | None
    column: int | None
    page: int | None
    href: str


class FactList(Listed):
    """A piece of the list of facts."""

    items: list[FactOut]


class ProjectOut(Schema):
    """A project of a published document."""

    name: str
    amount: str | None
    publication: int
    unit: str
    unit_name: str
    year: int
    kind: str
    href: str


class ProjectList(Listed):
    """A piece of the list of projects."""

    items: list[ProjectOut]


class Found(Schema):
    """What a search found."""

    units: list[UnitOut]
    projects: ProjectList


class PublicationFilter(Schema):
    """Which publications. ``superseded``: earlier editions too."""

    unit: str = _CODE
    year: int | None = _YEAR
    kind: Literal["", "budget", "final"] = ""
    superseded: bool = False


class FactFilter(Schema):
    """Which facts, of current publications unless one is named. ``function`` takes a code and those below it."""

    publication: int | None = Field(None, ge=1, le=LARGEST_ID)
    unit: str = _CODE
    measure: str = _CODE
    year: int | None = _YEAR
    function: str = Field("", max_length=10, pattern=r"^[0-9]*$")
    nature: str = _CODE


class ProjectFilter(Schema):
    """Which projects. ``q``: words of its name or of its department's."""

    q: str = Field("", max_length=100)
    unit: str = _CODE
    year: int | None = _YEAR


class Words(Schema):
    """What to look for."""

    q: str = Field(min_length=1, max_length=100)


@router.get("/units", response=answers(UnitList, PUBLIC), summary="Departments that have published")
def units(request: HttpRequest, paging: Query[Paging]) -> Any:
    """By code."""
    return listed(request, selectors.units_published(), paging, lambda one: _unit(request, one))


@router.get("/publications", response=answers(PublicationList, PUBLIC), summary="Published documents")
def publications(request: HttpRequest, asked: Query[PublicationFilter], paging: Query[Paging]) -> Any:
    """The editions in force, the latest year first; all editions with ``superseded``."""
    found = Publication.objects.select_related("unit") if asked.superseded else selectors.current()
    for name, value in (("unit__code", clean(asked.unit)), ("year", asked.year), ("kind", asked.kind)):
        if value:
            found = found.filter(**{name: value})
    return listed(request, found.order_by("-year", "unit__code", "kind", "-edition"), paging, lambda one: publication_shape(request, one))  # fmt: skip


@router.get("/publications/{int:pk}", response=answers(PublicationOut, (*PUBLIC, 404)), summary="One published document")  # fmt: skip
def publication(request: HttpRequest, pk: int) -> Any:
    """Any edition."""
    found = Publication.objects.select_related("unit").filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise missing("没有这份公开文件。", "There is no such publication.")
    return publication_shape(request, found)


@router.get("/facts", response=answers(FactList, PUBLIC), summary="Published numbers")
def facts(request: HttpRequest, asked: Query[FactFilter], paging: Query[Paging]) -> Any:
    """Every printed amount with what it says and where it stands."""
    found = PublishedFact.objects.select_related("publication__unit")
    if asked.publication is not None:
        found = found.filter(publication=asked.publication)
    else:
        found = found.filter(publication__superseded_at__isnull=True)
    for name, value in (
        ("publication__unit__code", clean(asked.unit)),
        ("measure", clean(asked.measure)),
        ("year", asked.year),
        ("function__startswith", asked.function),
        ("nature", clean(asked.nature)),
    ):
        if value:
            found = found.filter(**{name: value})
    return listed(request, found.order_by("pk"), paging, lambda one: _fact(request, one))


@router.get("/projects", response=answers(ProjectList, PUBLIC), summary="Projects of published documents")  # fmt: skip
def projects(request: HttpRequest, asked: Query[ProjectFilter], paging: Query[Paging]) -> Any:
    """Of the editions in force, the latest year first."""
    found = selectors.projects(clean(asked.q).strip())
    if asked.unit:
        found = found.filter(publication__unit__code=clean(asked.unit))
    if asked.year:
        found = found.filter(publication__year=asked.year)
    return listed(request, found, paging, lambda one: _project(request, one))


@router.get("/search", response=answers(Found, PUBLIC), summary="Search departments and projects")
def search(request: HttpRequest, asked: Query[Words], paging: Query[Paging]) -> Any:
    """Names that hold every word; departments are 50 at most."""
    words = clean(asked.q).strip()
    units = selectors.units_published(words)[:50] if words else []
    found = selectors.projects(words) if words else PublishedProject.objects.none()
    return {
        "units": [_unit(request, one) for one in units],
        "projects": listed(request, found, paging, lambda one: _project(request, one)),
    }


def _unit(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    href = request.build_absolute_uri(reverse("explorer:department", args=[unit.code]))
    return {"code": unit.code, "name": unit.name, "latest_year": unit.latest, "publications": unit.count, "href": href}


def _fact(request: HttpRequest, one: PublishedFact) -> dict[str, Any]:
    names = ("measure", "year", "stage", "function", "government", "departmental", "fund", "nature", "item", "aspect")
    page = request.build_absolute_uri(document_address(one.publication))
    return {
        **{name: getattr(one, name) for name in names},
        "publication": one.publication_id, "unit": one.publication.unit.code, "value": plain_number(one.value),
        "money_unit": one.unit, "quote": one.quote, "label": one.label, "table": one.table + 1 if one.table >= 0 else None,
        "row": one.row, "column": one.column, "page": one.page, "href": place_address(one.publication, anchor_of(one), page),
    }  # fmt: skip


def _project(request: HttpRequest, one: PublishedProject) -> dict[str, Any]:
    made = one.publication
    return {
        "name": one.name, "amount": None if one.amount is None else f"{one.amount:.2f}", "publication": made.pk,
        "unit": made.unit.code, "unit_name": made.unit.name, "year": made.year, "kind": made.kind,
        "href": request.build_absolute_uri(project_address(one)),
    }  # fmt: skip
