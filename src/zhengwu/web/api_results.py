"""What an audit made: what changed since the round before, the coverage of amounts, pages and files."""

import json
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from zhengwu import __version__
from zhengwu.web.api_answers import conditional
from zhengwu.web.api_common import ACTOR, DESK, Listed, Paging, actor_of, answers, english, listed
from zhengwu.web.api_shapes import FindingOut, finding_shape, one_round
from zhengwu.web.reviews import coverage as maps
from zhengwu.web.reviews import files, selectors
from zhengwu.web.reviews.desk_views import to_save
from zhengwu.web.reviews.models import Finding

router = Router(tags=["review desk"], auth=ACTOR)
_BINARY = {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}
_FILES = {
    "responses": {
        200: {
            "content": {kind: _BINARY for suffix, kind in files.TYPES.items() if suffix not in (".png", ".jpg")}
            | {"application/octet-stream": _BINARY}
        }
    }
}
_PICTURES = {"responses": {200: {"content": {files.TYPES[suffix]: _BINARY for suffix in (".png", ".jpg")}}}}


class ChangeOut(FindingOut):
    """A finding of this round, or one of the round before that is gone: then it was mended."""

    change: Literal["mended", "remaining", "new"]


class ChangeList(Listed):
    """A piece of what changed. ``before``: the round that it is held against, none for a first one."""

    before: int | None
    counts: dict[str, int]
    items: list[ChangeOut]


class ChangeFilter(Schema):
    """Which changes."""

    change: Literal["", "mended", "remaining", "new"] = ""


class RelationOut(Schema):
    """A relation that an amount takes part in, with its arithmetic."""

    holds: bool
    text: str


class AmountOut(Schema):
    """A printed amount. ``table`` counts from 1 and is absent in the text; the state is "broken" where a relation
    does not hold, "tied" where one does, "untied" where none was found: nobody has checked it."""

    number: int
    table: int | None
    line: int | None
    quote: str
    state: Literal["tied", "broken", "untied"]
    relations: list[RelationOut]


class CoverageList(Listed):
    """A piece of the amounts of a round. ``counts``: all of its amounts by state."""

    counts: dict[str, int]
    items: list[AmountOut]


class AmountFilter(Schema):
    """Which amounts."""

    table: int | None = Field(None, ge=0, le=100_000, description="counted from 1; 0 is the text")
    state: Literal["", "tied", "broken", "untied"] = ""


@router.get(
    "/rounds/{int:pk}/changes", response=answers(ChangeList, DESK), summary="What changed since the round before"
)
def changes(request: HttpRequest, pk: int, asked: Query[ChangeFilter], paging: Query[Paging]) -> Any:
    """What was mended, what remains, what is new: in this order. Of a first round everything is new."""
    found = selectors.changes_of(one_round(actor_of(request, "read"), pk))
    groups = {"mended": found.mended, "remaining": found.remaining, "new": found.new}
    chosen = [(name, item.pk) for name, items in groups.items() for item in items if asked.change in ("", name)]
    piece = {one for _name, one in chosen[paging.offset : paging.offset + paging.limit]}
    whole = Finding.objects.select_related("decided_by", "assigned_to").defer("context").in_bulk(piece)
    answer = listed(request, chosen, paging, lambda one: {**finding_shape(whole[one[1]]), "change": one[0]})
    counts = {name: len(items) for name, items in groups.items()}
    return {**answer, "before": found.before.pk if found.before else None, "counts": counts}


@router.get("/rounds/{int:pk}/coverage", response=answers(CoverageList, DESK), summary="Which amounts a relation ties")
def coverage(request: HttpRequest, pk: int, asked: Query[AmountFilter], paging: Query[Paging]) -> Any:
    """Every amount of the document, its state, and the relations that it takes part in."""
    made = one_round(actor_of(request, "read"), pk, "coverage").coverage
    states = {"tied": 0, "broken": 0, "untied": 0}
    chosen = []
    for number, fact in enumerate(made.get("facts", ())):
        table, state = fact[0], fact[4]
        states[state] += 1
        if asked.state in ("", state) and asked.table in (None, max(table + 1, 0)):
            chosen.append(number)
    language = "en" if english() else "zh"
    return {**listed(request, chosen, paging, lambda one: _amount(made, one, language)), "counts": states}


@router.get("/rounds/{int:pk}/pages/{int:page}", response=answers(None, DESK), summary="A page as a picture", openapi_extra=_PICTURES)  # fmt: skip
def page(request: HttpRequest, pk: int, page: int) -> Any:
    """A page of a PDF, for the marks of its findings."""
    made = one_round(actor_of(request, "read"), pk)

    def drawn() -> HttpResponse:
        picture = files.page_picture(made, page)
        return HttpResponse(picture.data, content_type=picture.media_type)

    return conditional(request, f"{__version__} {made.sha256} {page}".encode(), drawn)


@router.get("/rounds/{int:pk}/files/{form}", response=answers(None, (*DESK, 409)), summary="A report, or the file", openapi_extra=_FILES)  # fmt: skip
def file(request: HttpRequest, pk: int, form: Literal["form", "annotated", "html", "json", "original"]) -> Any:
    """The inspection form, the annotated copy, the report as a page or as data, or the file as it was uploaded."""
    actor = actor_of(request, "read")
    made = one_round(actor, pk)
    # What a report depends on beside the file: the language, what was decided.
    decided = [] if form == "original" else list(made.findings.order_by("pk").values_list("pk", "revision"))
    known_by = json.dumps([__version__, made.sha256, made.name, made.job, form, english(), decided]).encode()
    return conditional(request, known_by, lambda: to_save(actor, made, form))


def _amount(made: dict[str, Any], number: int, language: str) -> dict[str, Any]:
    chosen = maps.chosen(made, number, language)
    assert chosen is not None
    amount, table, relations = chosen
    return {
        "number": number, "table": table + 1 if table >= 0 else None, "line": made["facts"][number][1],
        "quote": amount.quote, "state": amount.state, "relations": [one._asdict() for one in relations],
    }  # fmt: skip
