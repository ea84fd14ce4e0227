"""Read, recognise, audit: the whole way from bytes to findings."""

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Document
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit


def disclosure_of(document: Document) -> Disclosure:
    """What a document says. Raises UnreadableError when it is no budget and no final account at all."""
    from zhengwu.reading.errors import UnreadableError

    disclosure = understand(document)
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


def audit_document(document: Document) -> Audit:
    """Audit a document as read. Raises UnreadableError like disclosure_of."""
    return audit(disclosure_of(document))
