"""Addresses that stay: of documents, and of the numbers in them."""

from django.urls import reverse

from zhengwu.web.explorer.models import Publication, PublishedFact, PublishedProject
from zhengwu.web.explorer.stated import Stated


def anchor(table: int, row: int | None, column: int | None, line: int | None = None) -> str:
    """The id of a cell, of a paragraph (table −1), or of a whole table where the format tells no rows."""
    if table < 0:
        return f"p{line}" if line is not None else "main"
    return f"t{table + 1}" if row is None or column is None else f"n{table + 1}-{row}-{column}"


def anchor_of(fact: PublishedFact | Stated) -> str:
    """Where a fact stands in its document's page."""
    return anchor(fact.table, fact.row, fact.column, fact.line)


def document_address(publication: Publication) -> str:
    """The page of a publication; the current edition has the address without a number. Needs ``unit``."""
    place = [publication.unit.code, publication.year, publication.kind]
    if publication.superseded_at is None:
        return reverse("explorer:document", args=place)
    return reverse("explorer:edition", args=[*place, publication.edition])


def edition_address(publication: Publication) -> str:
    """The page of this very edition: it stays when another supersedes it. Needs ``unit``."""
    place = [publication.unit.code, publication.year, publication.kind, publication.edition]
    return reverse("explorer:edition", args=place)


def pages_address(publication: Publication) -> str:
    """What the addresses of the edition's pages begin with."""
    return f"{edition_address(publication)}pages/"


def place_address(publication: Publication, place: str, page: str = "") -> str:
    """The place of a document that has this anchor. ``page`` is its document_address, where it is known already. Of
    a long document the part is asked for in which the place stands: explorer.parts."""
    part = f"?at={place}" if publication.parts > 1 else ""
    return f"{page or document_address(publication)}{part}#{place}"


def project_address(project: PublishedProject) -> str:
    """Where a project stands in its document's page."""
    return place_address(project.publication, anchor(project.table, project.row, project.column))
