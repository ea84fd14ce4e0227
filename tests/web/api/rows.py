"""The permission matrix of the API: every operation, every role, for a document of the own and of a foreign unit. A
reviewed table.

To add an operation: one ``Row``. ``own`` has one status for each of ``matrix.ROLES``, with a token of every scope;
``foreign`` one for officer and head, where units matter; ``scope`` is the one without which a token is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.api.calls import revision
from tests.web.people import World
from zhengwu.web.common.models import Unit, User
from zhengwu.web.reviews.models import Comment, Document, Finding, Round


@dataclass(frozen=True)
class Case:
    """What a row acts on."""

    world: World
    unit: Unit
    document: Document
    round: Round
    finding: Finding

    @property
    def numbers(self) -> dict[str, int]:
        """For addresses."""
        return {
            "document": self.document.pk, "round": self.round.pk, "finding": self.finding.pk,
            "person": self.world.people["officer"].pk,
        }  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One operation."""

    operation: str
    address: str
    own: str
    foreign: str = ""
    scope: str = "read"
    state: str = "open"
    decision: str = "open"
    body: Callable[[Case, User], dict[str, Any]] | None = None
    files: bool = field(default=False)

    def __str__(self) -> str:
        return self.operation


def case(world: World, unit: Unit, row: Row) -> Case:
    """A document of a unit, with a round that has a file and a finding."""
    by = world.people["reviewer"]
    confirming = row.state == "confirming"
    document = Document.objects.create(
        title="t", unit=unit, state=row.state, created_by=by, **({} if confirming else {"year": 2021, "kind": "budget"})
    )
    made = Round(
        document=document, number=1, name="a.txt", sha256="0" * 64, size=1, uploaded_by=by, job="done", format="txt",
        coverage={"facts": [[-1, 1, "1", None, "tied", [0]]], "relations": [[True, "一", "one"]]},
    )  # fmt: skip
    made.file.save("a", ContentFile(b"1"), save=False)
    made.save()
    finding = Finding.objects.create(
        round=made, position=1, fingerprint="f", rule="stated-share-differs", severity="error", decision=row.decision
    )
    Comment.objects.create(finding=finding, author=by, text="c")
    return Case(world, unit, document, made, finding)


def _act(**more: Any) -> Callable[[Case, User], dict[str, Any]]:
    return lambda one, who: {"revision": revision(who, one.document), **more}


def _file(one: Case, who: User) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("b.txt", "部门预算 2021年".encode())}


def _files(one: Case, who: User) -> dict[str, Any]:
    return {"unit": one.unit.code, "files": [SimpleUploadedFile("b.txt", "部门预算 2021年".encode())]}


_ALL = "200 200 200 200 200 200"
_IN = "401 200 200 200 200 200"
_NOT = "404 404"
_REVIEWER = "401 403 403 200 403 403"
_SAY = "401 201 201 201 403 403"
_ADMINISTRATOR = "401 403 403 403 403 200"
ROWS = (
    *(Row(name, f"/{name}", _ALL, scope="") for name in ("units", "publications", "facts", "projects")),
    Row("publication", "/publications/1", "404 404 404 404 404 404", scope=""),
    Row("search", "/search?q=x", _ALL, scope=""),
    Row("board", "/board", _IN),
    Row("documents", "/documents", _IN),
    Row("document", "/documents/{document}", _IN, _NOT),
    Row("rounds", "/documents/{document}/rounds", _IN, _NOT),
    Row("round", "/rounds/{round}", _IN, _NOT),
    Row("findings", "/rounds/{round}/findings", _IN, _NOT),
    Row("changes", "/rounds/{round}/changes", _IN, _NOT),
    Row("coverage", "/rounds/{round}/coverage", _IN, _NOT),
    Row("page", "/rounds/{round}/pages/1", "401 404 404 404 404 404", _NOT),  # it has none
    Row("file", "/rounds/{round}/files/original", _IN, _NOT),
    Row("finding", "/findings/{finding}", _IN, _NOT),
    Row("comments", "/findings/{finding}/comments", _IN, _NOT),
    Row("comment", "/findings/{finding}/comments", _SAY, _NOT, "decide", body=lambda _one, _who: {"text": "t"}),
    Row("upload", "/documents", _SAY, _NOT, "upload", body=_files, files=True),
    Row("upload_round", "/documents/{document}/rounds", _SAY, _NOT, "upload", body=_file, files=True),
    Row(
        "confirm", "/documents/{document}/confirmation", "401 200 403 200 403 403", "404 403", "upload", "confirming",
        body=lambda one, who: _act(unit=one.unit.code, year=2021, kind="budget")(one, who),
    ),
    Row("assign", "/documents/{document}/assignment", _REVIEWER, _NOT, "decide", body=_act(to="reviewer")),
    Row("return", "/documents/{document}/return", _REVIEWER, _NOT, "decide", body=_act(reason="r")),
    Row("close", "/documents/{document}/closing", _REVIEWER, _NOT, "decide", decision="accepted", body=_act()),
    # Its review is not done: who may publish is told so.
    Row("publish", "/documents/{document}/publication", "401 403 409 409 403 403", _NOT, "decide", body=_act()),
    Row(
        "decide", "/findings/{finding}/decision", _REVIEWER, _NOT, "decide",
        body=lambda _one, _who: {"decision": "accepted", "revision": 0},
    ),
    Row(
        "assign_finding", "/findings/{finding}/assignment", _REVIEWER, _NOT, "decide",
        body=lambda _one, _who: {"to": "officer", "before": None},
    ),
    Row("people", "/administration/people", _ADMINISTRATOR),
    Row("person", "/administration/people/{person}", _ADMINISTRATOR),
    Row("bureau_units", "/administration/units", _ADMINISTRATOR),
    Row("trail", "/administration/trail", "401 403 403 403 200 200"),
)  # fmt: skip
