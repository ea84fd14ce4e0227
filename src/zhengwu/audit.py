"""Read, recognise, audit: the whole way from bytes to findings."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Document
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit

if TYPE_CHECKING:
    from zhengwu.dialects import Dialect


def disclosure_of(document: Document, dialect: "Dialect | None" = None) -> Disclosure:
    """What a document says, read with ``dialect`` when one is given. Raises UnreadableError when it is no budget
    and no final account at all."""
    from zhengwu.reading.errors import UnreadableError

    disclosure = understand(document, dialect)
    if not disclosure.kind and not any(table.kind for table in disclosure.tables):
        if document.unread:
            first = document.unread[0].reason
            raise UnreadableError(
                "nothing-read",
                f"没有读到预算或决算内容：{first.zh}",
                f"No budget and no final account could be read: {first.en}",
            )
        raise UnreadableError(
            "no-budget",
            "文件中没有预算或决算的报表和文字：请确认选对了文件。",
            "The file holds no budget and no final account, neither tables nor text: check that it is the right one.",
        )
    return disclosure


def audit_document(document: Document, others: Sequence[Disclosure] = (), dialect: "Dialect | None" = None) -> Audit:
    """Audit a document as read, together with ``others`` that belong to it: its units, last year's, its budget.

    Raises UnreadableError like disclosure_of.
    """
    return audit(disclosure_of(document, dialect)._replace(others=named_apart(document, others)))


def named_apart(document: Document, others: Sequence[Disclosure]) -> tuple[Disclosure, ...]:
    """``others`` under names that tell them apart, from each other and from the document."""
    taken = {document.source.name}
    named = []
    for other in others:
        name, number = other.source.name, 1
        while name in taken:
            number += 1
            name = f"{other.source.name} ({number})"
        taken.add(name)
        named.append(other._replace(source=other.source._replace(name=name)))
    return tuple(named)


def without_other_documents(result: Audit) -> Audit:
    """The audit with the places in its own document alone, for reports that show this document only. What the
    others print stands in the messages, with their names."""
    findings = tuple(
        finding._replace(at=tuple(spot for spot in finding.at if not spot.document)) for finding in result.findings
    )
    return result._replace(findings=findings)
