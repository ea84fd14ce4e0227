"""What other programs are told of a page: chats that show a preview of a link, and search engines for data."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengwu.web.explorer import words
from zhengwu.web.explorer.addresses import document_address
from zhengwu.web.explorer.downloads import MEDIA_TYPES
from zhengwu.web.explorer.figures import Book
from zhengwu.web.explorer.models import Publication

FORMS = (
    ("tables.zip", "application/zip"),
    ("facts.csv", "text/csv"),
    ("facts.json", "application/json"),
)


def kind_name(kind: str) -> str:
    """The name of a kind of document."""
    return _("Final accounts") if kind == "final" else _("Budget")


def name_of(publication: Publication) -> str:
    """What a publication is called in the language of the page. Needs ``unit``."""
    return _("%(unit)s: %(kind)s %(year)s") % {
        "unit": publication.unit.name, "kind": kind_name(publication.kind), "year": publication.year,
    }  # fmt: skip


def description_of(book: Book) -> str:
    """The main figures in a sentence."""
    asked = (
        (_("total expenditure"), book.total()),
        (_("basic expenditure"), book.nature("basic")),
        (_("projects"), book.nature("project")),
        (_("“three public” expenses"), book.three_public()),
    )
    told = [f"{name} {words.said(number.value)}" for name, number in asked if number is not None]
    if not told:
        return _("%(name)s: the published document with all its tables and text.") % {"name": name_of(book.publication)}
    figures = _(", ").join(told)
    return _("%(name)s: %(figures)s.") % {"name": name_of(book.publication), "figures": figures}


def card_address(request: HttpRequest, publication: Publication) -> str:
    """The picture of an edition in the language of the page, as other servers reach it."""
    place = [publication.unit.code, publication.year, publication.kind, publication.edition, words.language()]
    return request.build_absolute_uri(reverse("explorer:card", args=place))


def alternates_of(request: HttpRequest, publication: Publication) -> list[dict[str, str]]:
    """The numbers of an edition in forms for programs: form, media type, address. Needs ``unit``."""
    return [_file(request, publication, form, kind) for form, kind in FORMS]


def _file(request: HttpRequest, publication: Publication, form: str, kind: str) -> dict[str, str]:
    place = [publication.unit.code, publication.year, publication.kind, publication.edition, form]
    return {"form": form, "type": kind, "href": request.build_absolute_uri(reverse("explorer:download", args=place))}


def dataset_of(request: HttpRequest, publication: Publication, description: str) -> dict[str, Any]:
    """An edition as a Dataset of schema.org. Needs ``unit`` and ``round``."""
    page = request.build_absolute_uri(document_address(publication))
    original = MEDIA_TYPES.get(publication.round.format, "application/octet-stream").split(";")[0]
    files = [_file(request, publication, "original", original), *alternates_of(request, publication)]
    publisher = {"@type": "GovernmentOrganization", "name": publication.unit.name, "identifier": publication.unit.code}
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": page,
        "url": page,
        "name": publication.title,
        "description": description,
        "identifier": f"sha256:{publication.round.sha256}",
        "version": str(publication.edition),
        "datePublished": publication.published_at.date().isoformat(),
        "temporalCoverage": f"{publication.year}-01-01/{publication.year}-12-31",
        "inLanguage": "zh-Hans",
        "isAccessibleForFree": True,
        "creativeWorkStatus": "Superseded" if publication.superseded_at else "Published",
        "creator": publisher,
        "publisher": publisher,
        "distribution": [
            {"@type": "DataDownload", "name": one["form"], "encodingFormat": one["type"], "contentUrl": one["href"]}
            for one in files
        ],
    }
