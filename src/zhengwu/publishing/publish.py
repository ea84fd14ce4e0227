"""A ledger published: composed, audited as its readers will, and written in the formats asked for."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from zhengwu.dialects import Dialect
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.model import Ledger
from zhengwu.model.disclosure import Disclosure
from zhengwu.publishing.as_document import document_of
from zhengwu.publishing.compose import publication_of
from zhengwu.publishing.publication import MissingError, Publication, Typed
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit

FORMATS = ("docx", "xlsx", "pdf", "html", "data")


class Draft(NamedTuple):
    """A publication that is not written yet, with its own audit: what it says is known before anybody reads it."""

    ledger: Ledger
    publication: Publication
    audit: Audit

    @property
    def disclosure(self) -> Disclosure:
        """The publication as a reader understands it."""
        return self.audit.disclosure


def draft_of(ledger: Ledger, dialect: Dialect) -> Draft:
    """Compose and audit. Raises RefusedError where the dialect cannot print the ledger, MissingError where the ledger
    lacks what must be said."""
    publication = publication_of(ledger, dialect)
    return Draft(ledger, publication, audit(understand(document_of(publication), dialect)))


def files_of(draft: Draft, formats: Sequence[str] = FORMATS) -> dict[str, bytes]:
    """The files of a publication by their names; open data stands in the folder ``data``. Raises MissingError for one
    with gaps: no file has them."""
    publication = draft.publication
    if publication.missing:
        raise MissingError(draft.ledger.source, publication.missing)
    stem = f"{publication.kind}-{publication.year}"
    files: dict[str, bytes] = {}
    if "docx" in formats:
        from zhengwu.publishing.as_docx import docx_of

        files[f"{stem}.docx"] = docx_of(publication)
    if "xlsx" in formats:
        from zhengwu.publishing.as_xlsx import xlsx_of
        from zhengwu.publishing.formulas import formulas_of

        files[f"{stem}.xlsx"] = xlsx_of(publication, formulas_of(draft.disclosure, publication))
    if "pdf" in formats:
        from zhengwu.publishing.as_pdf import pdf_of

        files[f"{stem}.pdf"] = pdf_of(publication)
    if "html" in formats:
        from zhengwu.publishing.as_html import html_of
        from zhengwu.publishing.pictures import pictures_of

        files[f"{stem}.html"] = html_of(publication, pictures_of(Amounts(draft.ledger)))
    if "data" in formats:
        from zhengwu.publishing.as_data import data_files

        data = data_files(draft.ledger, draft.disclosure, f"{publication.unit}{publication.title}")
        files |= {f"data/{name}": content for name, content in data.items()}
    return files


def preview_of(ledger: Ledger, dialect: Dialect, links: Callable[[Typed], tuple[str, str]]) -> bytes:
    """The page of a publication that is not ready: all of it, with each gap marked and leading to where it is typed
    (``links``: the address, what it says of the gap). Raises RefusedError where the dialect cannot print the ledger."""
    from zhengwu.publishing.as_html import html_of
    from zhengwu.publishing.pictures import pictures_of

    return html_of(publication_of(ledger, dialect, gaps=True), pictures_of(Amounts(ledger)), links)
