"""What other programs are told of a public page: previews of links, canonical addresses, data sets."""

import io
import json
import re
from html import unescape

import pytest
from django.test import Client
from PIL import Image

from tests.web.explorer.making import budget, person, published, reviewed, unit_of
from zhengwu.web.common.models import Role
from zhengwu.web.common.services import unit_change
from zhengwu.web.explorer import cards
from zhengwu.web.explorer.models import Publication

pytestmark = pytest.mark.django_db
EVIL = "</script><script>alert(1)</script>\"'&"


def _text(client: Client, path: str, language: str = "en") -> str:
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200, path
    return response.content.decode()


def _meta(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)}  # fmt: skip


@pytest.mark.parametrize("path", ["/d/299001/", "/d/299001/2021/budget/"])
def test_preview_says_the_main_figures_in_words_and_shows_a_picture(client: Client, path: str) -> None:
    published()
    found = _meta(_text(client, path))
    assert found["og:title"] == "北京市西城区政务服务管理局: Budget 2021"
    assert found["og:description"] == found["description"] == (
        "北京市西城区政务服务管理局: Budget 2021: total expenditure 63.23 m yuan, basic expenditure 15.47 m yuan, "
        "projects 47.76 m yuan, “three public” expenses 5,221.56 yuan."
    )  # fmt: skip
    assert found["twitter:card"] == "summary_large_image"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["og:image"] == "http://testserver/d/299001/2021/budget/1/card-en.png"
    chinese = _meta(_text(client, path, "zh-CN"))
    assert chinese["og:description"] == (
        "北京市西城区政务服务管理局2021年预算：支出合计 6,323.47万元，基本支出 1,547.05万元，项目支出 4,776.41万元，“三公”经费 5,221.56元。"
    )
    assert chinese["og:image"].endswith("card-zh.png")


def test_card_is_a_picture_of_its_edition(client: Client) -> None:
    published()
    published()
    answers = {}
    for edition, language in ((1, "zh"), (2, "zh"), (2, "en")):
        answer = client.get(f"/d/299001/2021/budget/{edition}/card-{language}.png")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert Image.open(io.BytesIO(answer.content)).size == cards.SIZE
        assert len(answer.content) < 100_000
        answers[edition, language] = answer
    assert len({answer.content for answer in answers.values()}) == 3  # the superseded one says so
    again = client.get("/d/299001/2021/budget/2/card-zh.png", headers={"If-None-Match": answers[2, "zh"]["ETag"]})
    assert again.status_code == 304
    assert client.get("/d/299001/2021/budget/2/card-zh.png").content == answers[2, "zh"].content
    assert client.get("/d/299001/2021/budget/2/card-fr.png").status_code == 404
    assert client.get("/d/299001/2021/budget/3/card-zh.png").status_code == 404


@pytest.mark.parametrize("name", ["局", "很长的名称" * 40, "Department of " + "W" * 180, "𠮷\n局 \u202e"])
def test_card_of_any_name_has_all_its_ink_within_the_picture(name: str) -> None:
    card = cards.Card("site", name, "2021", "total", "1.00 bn yuan", (("a", "1", 0.3), ("b", "2", 0.7)), "superseded")
    picture = Image.open(io.BytesIO(cards.drawn(card))).convert("L")
    margin = picture.crop((picture.width - 60, 0, picture.width, picture.height))
    assert min(margin.tobytes()) > 240  # nothing runs out at the right
    assert min(picture.crop((72, 110, 1100, 330)).tobytes()) < 100  # and the name is there


def test_dataset_names_the_files_and_their_edition(client: Client) -> None:
    publication = published()
    page = _text(client, "/d/299001/2021/budget/")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found = json.loads(text)
    assert (found["@type"], found["version"], found["name"]) == ("Dataset", "1", publication.title)
    assert found["identifier"] == f"sha256:{publication.round.sha256}"
    assert found["temporalCoverage"] == "2021-01-01/2021-12-31"
    assert [one["encodingFormat"] for one in found["distribution"]] == [
        "text/html", "application/zip", "text/csv", "application/json",
    ]  # fmt: skip
    for one in found["distribution"]:
        answer = client.get(one["contentUrl"].removeprefix("http://testserver"))
        assert answer.status_code == 200
        assert answer["Content-Type"].split(";")[0] == one["encodingFormat"]
    for kind, href in re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)"', page):
        assert client.get(href.removeprefix("http://testserver"))["Content-Type"].split(";")[0] == kind


def test_name_with_markup_ends_no_block_of_data(client: Client) -> None:
    publication = published(data=budget().replace("教育".encode(), b"&lt;/script&gt;&lt;b&gt;"))
    publication.unit.name = EVIL
    publication.unit.save()
    Publication.objects.update(title=EVIL)
    for path in ("/d/299001/", "/d/299001/2021/budget/", "/d/299001/2021/budget/1/"):
        page = _text(client, path)
        assert "<script>alert" not in page
        for text in re.findall(r'<script[^>]*type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', page, re.DOTALL):
            json.loads(text)
            assert "<" not in text


def test_canonical_address_is_that_of_the_page_not_of_the_request(client: Client) -> None:
    published()
    published(other=True)
    cases = {
        "/d/299001/?x=1": "/d/299001/",
        "/d/299001/2021/budget/1/": "/d/299001/2021/budget/",
        "/compare/?x=1&b=999001&a=299001": "/compare/?a=299001&b=999001&kind=budget&year=2021",
        "/compare/?a=nobody": "/compare/",
        "/search/?q=1": "/search/",
    }
    for path, canonical in cases.items():
        (found,) = re.findall(r'<link rel="canonical" href="([^"]+)">', _text(client, path))
        assert unescape(found) == f"http://testserver{canonical}"


@pytest.mark.parametrize("code", ["12/34", "部门 一", "~1", "..", ".", "a?b#c%2F", "1/2021/budget", "\\"])
def test_unit_code_of_any_characters_has_working_addresses(client: Client, code: str) -> None:
    published()
    publication = published(unit=unit_of(code, "怪码局"), data=budget())
    home = _text(client, "/")
    hrefs = [unescape(one) for one in re.findall(r'href="(/d/[^"]+)"', home)]
    (department,) = {one for one in hrefs if one.count("/") == 3 and "299001" not in one}
    page = _text(client, department)
    assert "怪码局" in page
    (document,) = {one for one in hrefs if one.count("/") == 5 and one.startswith(department)}
    assert "怪码局" in _text(client, document)
    for end in ("1/", "1/facts.csv", "1/card-zh.png", "1/table-1.csv"):
        assert client.get(f"{document}{end}").status_code == 200
    assert client.get("/compare/", {"a": code, "b": "299001"}).context["books"][0].publication == publication


def test_public_pages_tell_nothing_of_people_files_and_reviews(client: Client) -> None:
    publication = published()
    one = publication.round
    one.name = "张三丰的草稿.html"
    one.save()
    one.findings.create(position=1, fingerprint="f" * 16, rule="r", severity="error", message_zh="审核意见甲", message_en="secret finding")  # fmt: skip
    by = publication.published_by
    by.first_name = by.last_name = "李四光"
    by.username, by.email = "lisiguang", "li@example.org"
    by.save()
    base = "/d/299001/2021/budget/"
    for path in ("/", "/d/299001/", base, f"{base}1/", f"{base}1/facts.json", f"{base}1/facts.csv", "/years/2021/",
                 "/search/?q=政务", "/sitemap.xml"):  # fmt: skip
        answer = client.get(path, headers={"Accept-Language": "en"})
        told = answer.content.decode() + str(answer.headers)
        for secret in ("张三丰", "李四光", "li@example.org", by.username, "审核意见甲", "secret finding"):
            assert secret not in told, (path, secret)
    assert "%E5%BC%A0" not in str(client.get(f"{base}1/original").headers)


def test_round_that_is_not_published_shows_nowhere(client: Client) -> None:
    publication = published()
    changed = budget().replace(b"63,234,665.44", b"64,000,000.00")
    reviewed(publication.unit, publication.published_by, changed)
    for path in ("/", "/d/299001/", "/d/299001/2021/budget/", "/d/299001/2021/budget/1/facts.json"):
        assert "64,000,000.00" not in _text(client, path)
    assert client.get("/d/299001/2021/budget/2/").status_code == 404


def test_address_of_a_unit_whose_code_was_changed_leads_to_the_new_one(client: Client) -> None:
    publication = published()
    unit = publication.unit
    administrator = person(Role.ADMINISTRATOR)
    for code in ("300/1", "300002"):
        unit_change(actor=administrator, unit=unit, code=code, name=unit.name, parent=None)
    for old in ("299001", "300~11"):
        for end in ("", "2021/budget/", "2021/budget/1/", "2021/budget/1/facts.csv", "2021/budget/1/card-zh.png"):
            answer = client.get(f"/d/{old}/{end}?x=%E4%B8%80")
            assert (answer.status_code, answer["Location"]) == (301, f"/d/300002/{end}?x=%E4%B8%80")
            assert client.get(f"/d/300002/{end}").status_code == 200
    assert client.get("/d/299002/").status_code == 404
    assert client.get("/d/300002/2021/final/").status_code == 404
    # Another unit takes the old code: its own pages stand there.
    published(unit=unit_of("299001", "新来的局"), data=budget())
    assert "新来的局" in _text(client, "/d/299001/")
