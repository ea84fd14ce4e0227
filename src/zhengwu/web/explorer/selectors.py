"""What the open book is asked; each with a number of queries that does not grow with the rows."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, QuerySet

from zhengwu.ledger.schema import NATURES
from zhengwu.web.common.models import Unit
from zhengwu.web.explorer.figures import Book
from zhengwu.web.explorer.models import ApiToken, Publication, PublishedProject
from zhengwu.web.explorer.stated import stated

KINDS = ("budget", "final")
MAX_WORDS = 6  # of a search: more would only be slow


def current() -> QuerySet[Publication]:
    """The editions in force, without the heavy reading of their rounds."""
    return Publication.objects.filter(superseded_at__isnull=True).select_related("unit")


class Department(NamedTuple):
    """A unit with what it has published, the latest first."""

    unit: Unit
    publications: list[Publication]


def departments(words: str = "") -> list[Department]:
    """All units that have published, in the order of their codes. Two queries at most."""
    found: dict[int, Department] = {}
    asked = current().order_by("unit__code", "-year", "kind")
    if words:
        asked = asked.filter(_all_words(words, "unit__name", "unit__code"))
    for publication in asked:
        found.setdefault(publication.unit_id, Department(publication.unit, [])).publications.append(publication)
    return list(found.values())


def units_published(words: str = "") -> QuerySet[Unit]:
    """Units with a current publication, by code; with ``latest``, their last year."""
    asked = Unit.objects.filter(publications__superseded_at__isnull=True, publications__isnull=False)
    if words:
        asked = asked.filter(_all_words(words, "name", "code"))
    return asked.annotate(latest=Max("publications__year"), count=Count("publications")).order_by("code")


def projects(words: str = "") -> QuerySet[PublishedProject]:
    """Projects of current publications in whose name, or its department's, every word stands; the latest year
    first."""
    force = Publication.objects.filter(superseded_at__isnull=True).order_by().values("pk")
    asked = PublishedProject.objects.filter(publication__in=force)
    for word in words.split()[:MAX_WORDS]:
        # Departments are searched once, not once for each of their projects.
        asked = asked.filter(Q(name__icontains=word) | Q(publication__in=force.filter(unit__name__icontains=word)))
    return asked.select_related("publication__unit").order_by("-publication__year", "publication__unit__code", "pk")


def _all_words(words: str, *fields: str) -> Q:
    """Every word stands in one of the fields. Chinese has no blanks: a phrase is one word."""
    asked = Q()
    for word in words.split()[:MAX_WORDS]:
        one = Q()
        for field in fields:
            one |= Q(**{f"{field}__icontains": word})
        asked &= one
    return asked


def years() -> list[dict[str, int]]:
    """The years with current publications and how many each has, the latest first."""
    return list(
        Publication.objects.filter(superseded_at__isnull=True)
        .order_by("-year")
        .values("year")
        .annotate(count=Count("pk"))
    )


def editions(unit: Unit) -> list[Publication]:
    """All editions of a unit, superseded ones too: nothing published goes away."""
    return list(Publication.objects.filter(unit=unit).select_related("unit").order_by("-year", "kind", "-edition"))


def chosen(publications: Sequence[Publication], year: int | None, kind: str) -> Publication | None:
    """The current publication that is asked for; without a wish the latest budget, else the latest final accounts."""
    found = [
        one for one in publications if one.superseded_at is None and year in (None, one.year) and kind in ("", one.kind)
    ]
    return max(found, key=lambda one: (one.year, one.kind == "budget"), default=None)


def book_of(publication: Publication) -> Book:
    """The figures of one publication; one query."""
    return Book(publication, stated([publication])[publication.pk])


def books_of(publications: Iterable[Publication]) -> list[Book]:
    """The figures of several publications that tables over years and over departments need; one query."""
    publications = list(publications)
    found = stated(publications, detail=False)
    return [Book(one, found[one.pk]) for one in publications]


def stamp() -> tuple[Any, ...]:
    """What all public pages depend on: it changes when anything is published or superseded or a unit renamed."""
    made = Publication.objects.aggregate(
        count=Count("pk"), newest=Max("published_at"), superseded=Max("superseded_at"), last=Max("pk")
    )
    names = tuple(Unit.objects.filter(publications__isnull=False).distinct().values_list("code", "name"))
    return made["count"], made["newest"], made["superseded"], made["last"], names


def tokens_of(owner: Any) -> QuerySet[ApiToken]:
    """A person's tokens, the newest first."""
    return ApiToken.objects.filter(owner=owner)


def natures_named() -> list[tuple[str, str]]:
    """The natures of expenditure with their Chinese names."""
    return [(one.key, one.zh) for one in NATURES]
