"""The public pages: for everybody, whole, true to the facts, with the same number of queries for any number of rows."""

import re
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.explorer.making import NOW, budget, person, published, reviewed, unit_of
from zhengwu.web.common.models import Role
from zhengwu.web.explorer import services
from zhengwu.web.explorer.contents import table_of
from zhengwu.web.explorer.models import PublishedFact, PublishedProject

pytestmark = pytest.mark.django_db
_HREF = re.compile(r'href="([^"]*)"')
# Pages of other apps, which their own tests look at.
_ELSEWHERE = ("/static/", "/sign-in", "/account", "/language", "/review")


def _text(client: Client, path: str) -> str:
    response = client.get(path, headers={"Accept-Language": "en"})
    assert response.status_code == 200, path
    return response.content.decode()


def test_home_without_publications_says_what_to_do_next(client: Client) -> None:
    assert "Nothing is published yet." in _text(client, "/")
    assert "Comparing needs two departments" in _text(client, "/compare/")


def test_public_pages_crawled_every_link_and_anchor_resolves(client: Client) -> None:
    for year in (2021, 2022):
        published(year)
    published(2022, other=True)
    published(2021)
    seen: dict[str, str] = {}
    wanted, anchors = ["/"], set()
    while wanted:
        path = wanted.pop()
        if path in seen:
            continue
        response = client.get(path)
        assert response.status_code == 200, path
        page = response["Content-Type"].startswith("text/html") and not response.streaming
        seen[path] = response.content.decode() if page else ""
        if not page:
            continue
        for href in _HREF.findall(seen[path]):
            target = urljoin(f"http://testserver{path}", unescape(href))
            if urlsplit(target).netloc != "testserver" or urlsplit(target).path.startswith(_ELSEWHERE):
                continue
            address, fragment = urldefrag(target.removeprefix("http://testserver"))
            wanted.append(address)
            anchors.add((address, fragment))
    assert len(seen) > 20
    for address, fragment in anchors:
        if fragment and seen[address]:
            assert f'id="{fragment}"' in seen[address], (address, fragment)


def test_department_page_numbers_are_the_facts_they_lead_to(client: Client) -> None:
    publication = published()
    page = _text(client, "/d/299001/")
    document = _text(client, "/d/299001/2021/budget/")
    links = re.findall(r'<a href="/d/299001/2021/budget/#(n\d+-\d+-\d+)">([\d,]+\.\d\d)<', page)
    assert len(links) > 30
    for anchor, shown in links:
        cell = re.search(rf'id="{anchor}"[^>]*>([^<]*)<', document)
        assert cell is not None, anchor
        assert cell[1].replace(",", "") == shown.replace(",", "")
        table, row, column = map(int, anchor[1:].split("-"))
        assert publication.facts.filter(table=table - 1, row=row, column=column).exists()
    assert "63,234,665.44" in page
    assert "63.23 m yuan" in page
    assert page.count("<svg") >= 8
    assert "<script>" not in page


def test_document_page_shows_every_fact_of_the_tables(client: Client) -> None:
    publication = published()
    page = _text(client, "/d/299001/2021/budget/")
    for fact in publication.facts.filter(table__gte=0):
        assert f'id="n{fact.table + 1}-{fact.row}-{fact.column}"' in page
    for fact in publication.facts.filter(table=-1):
        assert f'id="p{fact.line}"' in page


def test_superseded_edition_stays_with_a_banner(client: Client) -> None:
    published()
    published()
    old = _text(client, "/d/299001/2021/budget/1/")
    assert "This edition was superseded on" in old
    assert 'href="/d/299001/2021/budget/"' in old
    assert "superseded on" not in _text(client, "/d/299001/2021/budget/")
    assert '<link rel="canonical" href="http://testserver/d/299001/2021/budget/">' in _text(client, "/d/299001/2021/budget/2/")  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/d/none/", "/d/299001/1999/budget/", "/d/299001/2021/final/", "/d/299001/2021/budget/9/", "/years/1950/",
     "/d/299001/2021/budget/1/table-99.csv", "/d/299001/?year=1999"],
)  # fmt: skip
def test_unknown_address_is_a_404(client: Client, path: str) -> None:
    published()
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["year=٣٣٣٣", "year=x", "year=99999999999", "kind=<b>"])
def test_strange_query_gives_the_latest(client: Client, query: str) -> None:
    published()
    assert client.get(f"/d/299001/?{query}").status_code == 200


def test_markup_in_names_and_cells_is_shown_not_run(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    publication = published(data=budget().replace("工作经费".encode(), b"&lt;script&gt;alert(2)&lt;/script&gt;"))
    publication.unit.name = evil
    publication.unit.save()
    PublishedProject.objects.create(publication=publication, name=f"{evil} 热线")
    for path in (
        "/",
        "/d/299001/",
        "/d/299001/2021/budget/",
        "/search/?q=%3Cscript%3E",
        "/compare/?a=299001&b=%22%3E%3Cb%3E",
    ):
        page = _text(client, path)
        assert "<script>alert" not in page, path
        assert '"><b>' not in page, path
    assert "&lt;script&gt;alert(2)" in _text(client, "/d/299001/2021/budget/")


def test_search_finds_departments_and_projects_by_part_of_a_name(client: Client) -> None:
    published()
    page = _text(client, "/search/?q=咨询电话")
    assert "西城区政务服务业务咨询电话总客服建设服务" in page
    assert "20,475,780.00" in page
    assert 'href="/d/299001/"' in _text(client, "/search/?q=西城区 政务服务管理局")
    assert "No department and no project is named" in _text(client, "/search/?q=没有这个")
    assert client.get("/search/?q=%00&page=x").status_code == 200


def test_search_leaves_superseded_editions_out_and_has_pages(client: Client) -> None:
    published()
    published()
    page = client.get("/search/?q=咨询电话").context["page"]
    assert page.paginator.count == 1
    publication = published(2022)
    PublishedProject.objects.bulk_create(
        [PublishedProject(publication=publication, name=f"热线 {n}") for n in range(45)]
    )
    assert 'aria-current="page">3<' in _text(client, "/search/?q=热线&page=3")


def test_compare_shows_both_departments_with_their_facts(client: Client) -> None:
    published()
    published(other=True)
    response = client.get("/compare/?a=299001&b=999001")
    rows = {row.name: row.cells for row in response.context["comparison"]}
    totals = [number.value for number, _share in rows["支出合计"]]
    assert totals == [
        PublishedFact.objects.filter(publication__unit__code=code, measure="expenditure", function="", nature="", fund="",
                                     government="", departmental="", item="", table=0).get().value
        for code in ("299001", "999001")
    ]  # fmt: skip
    assert response.context["year"] == 2021
    assert "have not published this kind" in _text(client, "/compare/?a=299001&b=999001&kind=final")


def test_department_over_years_has_a_column_for_each(client: Client) -> None:
    for year in (2021, 2022, 2023):
        published(year)
    response = client.get("/d/299001/")
    assert [book.year for book in response.context["ordered"]] == [2021, 2022, 2023]
    assert all(len(line.numbers) == 3 for line in response.context["lines"])


@pytest.mark.parametrize(
    "path",
    ["/", "/search/?q=政务", "/d/299001/", "/d/299001/2022/budget/", "/compare/?a=299001&b=999001", "/years/2022/"],
)
def test_number_of_queries_does_not_grow_with_rows(client: Client, path: str) -> None:
    published(2022)
    published(2022, other=True)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(path).status_code == 200
        return len(found)

    few = queries()
    for year in (2021, 2023):
        published(year)
        published(year, other=True)
    for number in range(6):
        unit = unit_of(f"5{number}", f"政务 {number}")
        document = reviewed(unit, person(Role.REVIEWER, None, f"r{number}"), budget(2022), 2022)
        services.publication_publish(actor=document.created_by, document=document, now=NOW)
    assert queries() == few <= 14


def test_etag_answers_304_until_something_is_published(client: Client) -> None:
    published()
    for path in ("/", "/d/299001/", "/d/299001/2021/budget/", "/d/299001/2021/budget/1/facts.json"):
        first = client.get(path)
        assert first["ETag"]
        assert first["Last-Modified"]
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        other = client.get(path, headers={"If-None-Match": first["ETag"], "Accept-Language": "en"})
        assert other.status_code == 200 or "facts" in path
    tag = client.get("/")["ETag"]
    published(2022)
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200
    client.force_login(person(Role.REVIEWER))
    assert "ETag" not in client.get("/")


def test_public_pages_take_no_post(client: Client) -> None:
    published()
    assert client.post("/d/299001/").status_code == 405


def test_sitemap_and_robots_name_every_public_page(client: Client) -> None:
    published()
    text = client.get("/sitemap.xml").content.decode()
    for path in ("/", "/d/299001/", "/d/299001/2021/budget/", "/years/2021/"):
        assert f"http://testserver{path}</loc>" in text
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    assert "Disallow: /review/" in robots


def test_pages_in_chinese_by_default(client: Client) -> None:
    published()
    page = client.get("/d/299001/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "钱从哪里来，到哪里去" in page
    assert "6,323.47万元" in page
    assert "The figures" not in page


def test_columns_of_amounts_called_project_are_amounts_not_names() -> None:
    publication = published()
    table = table_of(2, publication.round.reading["tables"][2])
    total = table.rows[-1][1]
    assert [cell.amount for cell in total[2:5]] == [True, True, True]
    assert str(total[4].yuan) == "47764125.20"
    assert [cell.text for cell in total if cell.head] == ["总计"]
    assert [cell.text for cell in table.header[0]][:3] == ["科目编码", "科目名称", "合计"]
