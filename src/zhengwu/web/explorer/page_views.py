"""Pictures of the open book: the pages of published files with a number marked, and the cards of links."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from zhengwu.model.message import RefusedError
from zhengwu.web.common.errors import sentence
from zhengwu.web.explorer import cards, metadata, pages, selectors
from zhengwu.web.explorer.addresses import pages_address
from zhengwu.web.explorer.caching import public
from zhengwu.web.explorer.editions import publication_at
from zhengwu.web.reviews import files
from zhengwu.web.reviews.models import Round

_PATIENCE = 5.0  # seconds


def _checked(one: Round, page: int) -> None:
    if one.format != "pdf" or not one.pages or page > one.pages:
        raise Http404(_("The published file has no such page."))


@public
def page(request: HttpRequest, code: str, year: int, kind: str, edition: int, number: int) -> HttpResponse:
    """A page of the published file as it looks, the place that ``at`` names marked."""
    publication, editions = publication_at(code, year, kind, edition)
    one = publication.round
    _checked(one, number)
    place = pages.place_of(one.reading, request.GET.get("at", "")[:40])
    if place is not None and place.page != number:
        place = None
    picture, problem = None, ""
    try:
        picture = pages.picture_of(files.page_picture(one, number, _PATIENCE).data, place)
    except RefusedError as error:
        problem = sentence(error.message)
    base = pages_address(publication)
    context = {
        "canonical": request.build_absolute_uri(f"{base}{number}/"),
        "publication": publication,
        "current": next((one for one in editions if one.superseded_at is None), None),
        "name": metadata.name_of(publication),
        "card": metadata.card_address(request, publication),
        "number": number,
        "pages": one.pages,
        "base": base,
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if number < (one.pages or 0) else None,
        "place": place,
        "picture": picture,
        "problem": problem,
        "tables": pages.listed(one.reading, number),
        "text": pages.text_of(one.reading, number),
    }
    response = render(request, "explorer/page.html", context, status=503 if problem else 200)
    if problem:
        response["Retry-After"] = "10"
        response["Cache-Control"] = "no-store"
    return response


@public
def page_picture(request: HttpRequest, code: str, year: int, kind: str, edition: int, number: int) -> HttpResponse:
    """A page of the published file as a picture, drawn when it is first asked for."""
    one = publication_at(code, year, kind, edition, reading=False)[0].round
    _checked(one, number)
    made = files.page_picture(one, number, _PATIENCE)
    return HttpResponse(made.data, content_type=made.media_type)


@public
def card(request: HttpRequest, code: str, year: int, kind: str, edition: int, language: str) -> HttpResponse:
    """The picture of an edition for previews of links."""
    publication, _editions = publication_at(code, year, kind, edition, reading=False)
    book = selectors.books_of([publication])[0]
    with translation.override("en" if language == "en" else "zh-hans"):
        return HttpResponse(cards.picture_of(book), content_type="image/png")
