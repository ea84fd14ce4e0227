"""The addresses of the review desk and the open book in the permission matrix, for an own and a foreign unit."""

from typing import Any

from tests.web.matrix import EVERYBODY, POST_ONLY, SIGNED_IN, Row
from tests.web.people import World
from zhengwu.web.common.models import Unit
from zhengwu.web.reviews.models import Document, Finding, Round


def _round(world: World, unit: Unit) -> Round:
    person = world.people["reviewer"]
    document = Document.objects.create(title="t", unit=unit, year=2021, kind="budget", state="open", created_by=person)
    return Round.objects.create(
        document=document, number=1, name="a.docx", file="rounds/none.bin", sha256="0" * 64, size=1, uploaded_by=person,
        job="done", format="docx",
    )  # fmt: skip


def _unit(world: World, own: bool) -> Unit:
    return world.own if own else world.foreign


def _document(own: bool, **more: Any) -> Any:
    return lambda world: {"pk": _round(world, _unit(world, own)).document_id, **more}


def _finding(own: bool) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        made = _round(world, _unit(world, own))
        return {"pk": Finding.objects.create(round=made, position=1, fingerprint="x", rule="r", severity="error").pk}

    return arguments


def _place(own: bool) -> Any:
    def arguments(world: World) -> dict[str, Any]:
        made = _round(world, _unit(world, own))
        Finding.objects.create(round=made, position=1, fingerprint="x", rule="stated-share-differs", severity="error")
        return {"pk": made.document_id, "number": 1, "position": 1}

    return arguments


_UPLOADERS = "login 200 200 200 403 403"
_FOREIGN = "login 404 404 200 200 200"
_REVIEWER = "login 403 403 422 403 403"
_REVIEWER_DONE = "login 403 403 302 403 403"
_NONE = "404 404 404 404 404 404"
_BOOK: dict[str, Any] = {"code": "101", "year": 2021, "kind": "budget"}


def _book(**more: Any) -> Any:
    return lambda _world: {**_BOOK, **more}


REVIEWS = (
    Row("reviews:board", SIGNED_IN),
    Row("reviews:upload", _UPLOADERS),
    Row("reviews:upload", "login 422 422 422 403 403", "POST"),
    Row("reviews:upload-progress", _UPLOADERS),
    Row("reviews:confirm-proposed", POST_ONLY),
    Row("reviews:confirm-proposed", "login 302 403 302 403 403", "POST"),
    *(
        Row(f"reviews:{name}", SIGNED_IN, arguments=_document(True, number=1))
        for name in ("round", "changes", "coverage")
    ),
    *(
        Row(f"reviews:{name}", _FOREIGN, arguments=_document(False, number=1))
        for name in ("round", "changes", "coverage")
    ),
    Row("reviews:round-progress", "login 302 302 302 302 302", arguments=_document(True, number=1)),
    Row("reviews:round-progress", "login 404 404 302 302 302", arguments=_document(False, number=1)),
    Row("reviews:document", SIGNED_IN, arguments=_document(True)),
    Row("reviews:document", _FOREIGN, arguments=_document(False)),
    Row("reviews:document-confirm", "login 422 403 422 403 403", "POST", _document(True)),
    Row("reviews:document-confirm", "login 404 403 422 403 403", "POST", _document(False)),
    Row("reviews:document-mend", "login 422 422 422 403 403", "POST", _document(True)),
    Row("reviews:document-mend", "login 404 404 422 403 403", "POST", _document(False)),
    Row("reviews:document-assign", _REVIEWER_DONE, "POST", _document(True)),
    Row("reviews:document-return", _REVIEWER, "POST", _document(True)),
    Row("reviews:document-close", _REVIEWER_DONE, "POST", _document(True)),
    # A document without pages has no picture; its file is not there, which the download says.
    Row("reviews:page-picture", "login 404 404 404 404 404", arguments=_document(True, number=1, page=1)),
    Row("reviews:download", "login 422 422 422 422 422", arguments=_document(True, number=1, form="json")),
    Row("reviews:download", "login 404 404 422 422 422", arguments=_document(False, number=1, form="json")),
    Row("reviews:finding", SIGNED_IN, arguments=_place(True)),
    Row("reviews:finding", _FOREIGN, arguments=_place(False)),
    Row("reviews:finding-decide", _REVIEWER, "POST", _finding(True)),
    Row("reviews:finding-assign", _REVIEWER_DONE, "POST", _finding(True)),
    Row("reviews:finding-comment", "login 422 422 422 403 403", "POST", _finding(True)),
    Row("reviews:finding-comment", "login 404 404 422 403 403", "POST", _finding(False)),
)
EXPLORER = (
    *(Row(f"explorer:{name}", EVERYBODY) for name in ("home", "search", "compare", "sitemap", "robots")),
    # Nothing is published here: the tests of the open book hold what is.
    Row("explorer:year", _NONE, arguments=lambda _world: {"year": 2021}),
    Row("explorer:department", _NONE, arguments=lambda _world: {"code": "101"}),
    Row("explorer:document", _NONE, arguments=_book()),
    Row("explorer:edition", _NONE, arguments=_book(edition=1)),
    Row("explorer:download", _NONE, arguments=_book(edition=1, form="facts.csv")),
    Row("explorer:file", _NONE, arguments=_book(edition=1, name="budget-2021.docx")),
    Row("explorer:table", _NONE, arguments=_book(edition=1, number=1)),
    Row("explorer:page", _NONE, arguments=_book(edition=1, number=1)),
    Row("explorer:page-picture", _NONE, arguments=_book(edition=1, number=1)),
    Row("explorer:card", _NONE, arguments=_book(edition=1, language="zh")),
    Row("explorer:publish", "login 403 200 200 403 403", arguments=_document(True)),
    Row("explorer:publish", "login 404 404 200 403 403", arguments=_document(False)),
    Row("explorer:publish", "login 403 409 409 403 403", "POST", _document(True)),
    Row("explorer:tokens", SIGNED_IN),
    Row("explorer:revoke", "login 404 404 404 404 404", "POST", lambda _world: {"pk": 1}),
)
