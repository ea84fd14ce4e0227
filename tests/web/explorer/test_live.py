"""The data that the script draws charts from: the figures of the page, in its language."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation

from tests.web.explorer.making import published
from zhengwu.web.explorer import live
from zhengwu.web.explorer.numbers import Line, Number, Piece

_CHINESE = re.compile("[\u4e00-\u9fff]")


def _data(client: Client, path: str, language: str = "zh-CN") -> dict[str, Any]:
    page = client.get(path, headers={"Accept-Language": language}).content.decode()
    blocks = dict(re.findall(r'<script id="([\w-]+)-data" type="application/json">(.*?)</script>', page, re.DOTALL))
    drawn = re.findall(r'data-chart="([\w-]+)-data"', page)
    assert sorted(blocks) == sorted(drawn)
    return {name: json.loads(text) for name, text in blocks.items()}


def _walk(found: Any) -> Any:
    if isinstance(found, dict):
        yield found
        for one in found.values():
            yield from _walk(one)
    elif isinstance(found, list):
        for one in found:
            yield from _walk(one)


@pytest.mark.django_db
def test_department_page_has_a_chart_for_each_question(client: Client) -> None:
    published(2021)
    published(2022)
    found = _data(client, "/d/299001/?year=2021&kind=budget")
    assert {name: one["kind"] for name, one in found.items()} == {
        "money": "flow", "purposes": "tree", "natures": "rings", "changes": "bars", "three-public": "bars", "years": "stacks",
    }  # fmt: skip
    assert [one["said"] for one in found["natures"]["items"]] == ["1,547.05万元", "4,776.41万元"]
    assert [one["share"] for one in found["natures"]["items"]] == ["24.47%", "75.53%"]
    assert sum(one["value"] for one in found["money"]["uses"]) == 63_234_665_44
    assert [one["name"] for one in found["years"]["items"]] == ["2021", "2022"]
    assert "基本支出: 1,547.05万元 (24.47%)" in found["natures"]["description"]


@pytest.mark.django_db
def test_every_amount_of_a_chart_is_the_fact_it_leads_to(client: Client) -> None:
    publication = published()
    checked = 0
    for chart in _data(client, "/d/299001/").values():
        for one in _walk(chart):
            if not one.get("href"):
                continue
            anchor = one["href"].rpartition("#")[2]
            if anchor.startswith("p"):
                facts = publication.facts.filter(table=-1, line=anchor[1:])
            else:
                table, row, column = map(int, anchor[1:].split("-"))
                facts = publication.facts.filter(table=table - 1, row=row, column=column)
            assert one["value"] in {int(fact.value * 100) for fact in facts}
            assert one["exact"] == f"{Decimal(one['value']) / 100:,.2f}元"
            checked += 1
    assert checked > 25


@pytest.mark.django_db
def test_english_page_has_english_charts_and_pictures_around_official_names(client: Client) -> None:
    publication = published()
    published(other=True)
    official = {"北京市西城区政务服务管理局", "示例区政务服务管理局"}
    for path in ("/d/299001/", "/compare/?a=299001&b=999001"):
        for chart in _data(client, path, "en").values():
            for one in _walk(chart):
                for name, said in one.items():
                    # The classification has Chinese names only: these stand behind their codes.
                    if isinstance(said, str) and _CHINESE.search(said) and name != "description":
                        assert said in official or re.match(r"\d{3,7} ", said), (name, said)
    page = client.get("/d/299001/", headers={"Accept-Language": "en"}).content.decode()
    assert "支出合计" not in page
    assert "万元" not in page
    assert "Basic expenditure" in page
    assert publication.unit.name in page


@pytest.mark.django_db
def test_compare_page_draws_amounts_and_shares_of_both(client: Client) -> None:
    published()
    published(other=True)
    found = _data(client, "/compare/?a=299001&b=999001")
    assert [one["name"] for one in found["amounts"]["items"]] == ["北京市西城区政务服务管理局", "示例区政务服务管理局"]
    first = found["classes"]["items"][0]
    assert first["name"] == "201 一般公共服务支出"
    assert first["values"][0]["share"] == "87.64%"
    assert first["values"][0]["value"] == 8764
    assert _data(client, "/compare/") == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_parts_that_do_not_make_up_their_whole_are_not_drawn(language: str) -> None:
    whole = Piece("a", Number(Decimal(10)), (Piece("b", Number(Decimal(4))), Piece("c", Number(Decimal(5)))))
    with translation.override(language):
        (item,) = live.tree([whole])["items"]
        assert "children" not in item
        (item,) = live.tree([whole._replace(children=(*whole.children, Piece("d", Number(Decimal(1)))))])["items"]
        assert [one["share"] for one in item["children"]] == ["40.00%", "50.00%", "10.00%"]


def test_amount_that_nothing_prints_is_no_bar() -> None:
    with translation.override("en"):
        made = live.bars(["2020", "2021"], [Line("x", (None, Number(Decimal("12.34"), "/d/#n1-1-1")))])
        assert made["items"][0]["values"] == [
            None,
            {"name": "x", "value": 1234, "exact": "12.34 yuan", "said": "12.34 yuan", "href": "/d/#n1-1-1"},
        ]
        assert made["description"] == "x 2021: 12.34 yuan"
        assert live.shares(["a"], [("x", [(None, "")])])["items"][0]["values"] == [None]


def test_library_is_ours_and_evaluates_no_text() -> None:
    path = finders.find("explorer/vendor/echarts.min.js")
    assert isinstance(path, str)
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    assert text.startswith("/*! Apache ECharts")
    assert not re.search(r"new Function|\beval\(", text)
    assert finders.find("explorer/vendor/echarts.LICENSE")
