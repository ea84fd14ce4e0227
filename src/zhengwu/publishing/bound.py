"""PDFs bound into one, with their bookmarks; what its contents page lists of each.

A document that is too long to be set at once is set in chapters. What binds them keeps pages, links and bookmarks, but
not the tags of PDF/UA: only a document that was set at once has those.
"""

import io
from collections.abc import Sequence
from contextlib import closing

Entry = tuple[int, str, int]  # level from 1, title, page as numbered


def chapter_entries(data: bytes, first: int) -> tuple[int, list[Entry]]:
    """(pages, entries of the contents) of chapters whose pages are numbered from ``first``."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(data)) as document:
        entries: list[Entry] = []
        for mark in document.get_toc():
            place = mark.get_dest()
            index = place.get_index() if place is not None else None
            if index is not None:
                entries.append((mark.level + 1, mark.get_title(), first + index))
        return len(document), entries


def bound(parts: Sequence[bytes], title: str, author: str) -> bytes:
    """One PDF of all ``parts`` in their order. The same parts give the same bytes."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=True)
    writer.add_metadata({"/Title": title, "/Author": author})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
