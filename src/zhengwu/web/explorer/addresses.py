"""Addresses that stay: of documents, and of the numbers in them."""

from django.urls import reverse

from zhengwu.web.explorer.models import Publication, PublishedFact, PublishedProject


def anchor(table: int, row: int | None, column: int | None, line: int | None = None) -> str:
    """The id of a cell, of a paragraph (table −1), or of a whole table where the format tells no rows."""
    if table < 0:
        return f"p{line}" if line is not None else "main"
    return f"t{table + 1}" if row is None or column is None else f"n{table + 1}-{row}-{column}"


def anchor_of(fact: PublishedFact) -> str:
    """Where a fact stands in its document's page."""
    return anchor(fact.table, fact.row, fact.column, fact.line)


def document_address(publication: Publication) -> str:
    """The page of a publication; the current edition has the address without a number. Needs ``unit``."""
    place = [publication.unit.code, publication.year, publication.kind]
    if publication.superseded_at is None:
        return reverse("explorer:document", args=place)
    return reverse("explorer:edition", args=[*place, publication.edition])


def project_address(project: PublishedProject) -> str:
    """Where a project stands in its document's page."""
    return f"{document_address(project.publication)}#{anchor(project.table, project.row, project.column)}"
