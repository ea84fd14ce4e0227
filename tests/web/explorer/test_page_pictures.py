"""Pages of published files as pictures, the place of a number marked on them."""

import io
import re
import threading
from functools import cache
from html import unescape

import pytest
from django.test import Client
from PIL import Image

from tests.web.explorer.making import EXAMPLES, published
from zhengwu.dialects import dialects
from zhengwu.ledger.load import load
from zhengwu.publishing.publish import draft_of, files_of
from zhengwu.web.explorer import pages
from zhengwu.web.explorer.addresses import place_address
from zhengwu.web.explorer.models import Publication
from zhengwu.web.reviews import files

pytestmark = pytest.mark.django_db
BOOK = "/d/299001/2021/budget"


@cache
def as_pdf() -> bytes:
    ledger = load(EXAMPLES / "xicheng-2021")
    dialect = next(one for one in dialects() if one.key == ledger.budget.dialect)
    return files_of(draft_of(ledger, dialect), ("pdf",))["budget-2021.pdf"]


def with_pages() -> Publication:
    return published(data=as_pdf(), name="budget-2021.pdf")


def _text(client: Client, path: str) -> str:
    response = client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 200, path
    return response.content.decode()


def test_every_number_of_the_department_page_leads_to_its_page_with_the_cell_marked(client: Client) -> None:
    publication = with_pages()
    page = _text(client, "/d/299001/")
    links = set(re.findall(rf'href="({BOOK}/1/pages/(\d+)/\?at=(n\d+-\d+-\d+|p\d+))#place">page', page))
    assert len(links) > 30
    shown = {
        f"n{fact.table + 1}-{fact.row}-{fact.column}" if fact.table >= 0 else f"p{fact.line}": fact
        for fact in publication.facts.all()
    }
    for _path, number, anchor in links:
        place = pages.place_of(publication.round.reading, anchor)
        assert place is not None, anchor
        assert place.page == int(number) == shown[anchor].page
        assert place.box is not None
        assert shown[anchor].quote in place.text
    path, number, anchor = sorted(links)[0]
    viewer = _text(client, unescape(path))
    place = pages.place_of(publication.round.reading, anchor)
    assert place is not None
    assert f'<img src="{BOOK}/1/pages/{number}.png"' in viewer
    assert 'id="place"' in viewer
    assert f'<mark lang="zh-Hans">{place.text}</mark>' in viewer
    assert f'href="{place_address(publication, anchor)}"' in viewer


def test_mark_on_the_picture_covers_the_printed_number(client: Client) -> None:
    publication = with_pages()
    fact = publication.facts.filter(measure="expenditure", function="", nature="", table=0).get()
    place = pages.place_of(publication.round.reading, f"n1-{fact.row}-{fact.column}")
    assert place is not None
    answer = client.get(f"{BOOK}/1/pages/{place.page}.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    drawn = pages.picture_of(answer.content, place)
    assert (round(drawn.width), round(drawn.height)) in ((842, 595), (595, 842))
    assert drawn.mark is not None
    left, top, width, height = (side * drawn.pixels[0] / drawn.width for side in drawn.mark)
    picture = Image.open(io.BytesIO(answer.content)).convert("L").crop((left, top, left + width, top + height))
    dark = sum(1 for level in picture.tobytes() if level < 100)
    assert dark > 100  # ink of the number and the cell's rules, not blank paper


def test_picture_of_a_huge_page_says_its_resolution() -> None:
    stream = io.BytesIO()
    Image.new("L", (400, 100)).save(stream, "PNG", dpi=(11, 11))
    place = pages.Place("n1-1-1", 1, (10.0, 20.0, 30.0, 40.0), "1")
    drawn = pages.picture_of(stream.getvalue(), place)
    assert drawn.width == pytest.approx(400 * 72 / 11, rel=0.01)
    assert drawn.mark == (8.0, 18.0, 24.0, 24.0)


def test_document_page_links_its_numbers_to_their_pages(client: Client) -> None:
    publication = with_pages()
    page = _text(client, f"{BOOK}/")
    assert f'href="{BOOK}/1/pages/1/"' in page
    for fact in publication.facts.filter(table__gte=0).exclude(unit="%")[:50]:
        anchor = f"n{fact.table + 1}-{fact.row}-{fact.column}"
        cell = re.search(rf"<t[dh] id=\"{anchor}\"[^>]*>(.*?)</t[dh]>", page, re.DOTALL)
        assert cell is not None
        assert cell[1].startswith(f'<a href="{BOOK}/1/pages/{fact.page}/?at={anchor}#place">')


def test_page_of_a_superseded_edition_keeps_its_address_with_a_notice(client: Client) -> None:
    with_pages()
    with_pages()
    for edition in (1, 2):
        assert ("This edition was superseded on" in _text(client, f"{BOOK}/{edition}/pages/8/")) == (edition == 1)
    assert client.get(f"{BOOK}/1/pages/8.png").status_code == 200


@pytest.mark.parametrize("end", ["pages/0/", "pages/99/", "pages/99.png", "pages/x/", "pages/1.jpg"])
def test_page_that_is_not_there_is_a_404(client: Client, end: str) -> None:
    with_pages()
    assert client.get(f"{BOOK}/1/{end}").status_code == 404


def test_file_without_pages_has_no_pictures_and_no_links_to_them(client: Client) -> None:
    published()
    assert client.get(f"{BOOK}/1/pages/1/").status_code == 404
    assert client.get(f"{BOOK}/1/pages/1.png").status_code == 404
    assert "/pages/" not in _text(client, "/d/299001/")
    assert "/pages/" not in _text(client, f"{BOOK}/")


@pytest.mark.parametrize("at", ["n1-1", "n999999-1-1", "p99999999", "n1-٣-1", "x" * 5000, "<b>", "n1-5-2", "%00"])
def test_strange_place_shows_the_page_without_a_mark(client: Client, at: str) -> None:
    with_pages()
    page = client.get(f"{BOOK}/1/pages/2/", {"at": at}).content.decode()
    assert 'id="place"' not in page
    assert "<b>" not in page


def test_readers_wait_only_so_long_for_a_page_that_others_draw(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    publication = with_pages()
    monkeypatch.setattr("zhengwu.web.explorer.page_views._PATIENCE", 0.05)
    # Nobody has drawn this page of this file yet.
    publication.round.sha256 = "f" * 64
    publication.round.save()
    taken = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with files._OUTSIDE:
            taken.set()
            done.wait(300)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert taken.wait(300)
        busy = client.get(f"{BOOK}/1/pages/1/", headers={"Accept-Language": "en"})
        assert (busy.status_code, busy["Retry-After"]) == (503, "10")
        assert "Too many readers" in busy.content.decode()
        assert client.get(f"{BOOK}/1/pages/1.png").status_code == 429
    finally:
        done.set()
        other.join()
    assert 'id="place"' not in _text(client, f"{BOOK}/1/pages/1/")
