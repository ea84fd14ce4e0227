"""Downloads: the same bytes, safe names, tables and facts that other programs read."""

import csv
import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.explorer.making import budget, published
from zhengwu.web.explorer.downloads import csv_of

pytestmark = pytest.mark.django_db
BASE = "/d/299001/2021/budget/1/"


def test_original_is_the_published_file_as_an_attachment(client: Client) -> None:
    published()
    response = client.get(f"{BASE}original")
    assert b"".join(response.streaming_content) == budget()
    assert response["Content-Disposition"] == 'attachment; filename="299001-2021-budget-1.html"'
    assert "sandbox" in response["Content-Security-Policy"]


def test_unit_code_with_strange_characters_gives_a_safe_file_name(client: Client) -> None:
    publication = published()
    publication.unit.code = '局"; x=1\r\n'
    publication.unit.save()
    response = client.get(reverse("explorer:download", args=[publication.unit.code, 2021, "budget", 1, "facts.csv"]))
    assert response.status_code in (200, 404)
    assert "\n" not in response.get("Content-Disposition", "")


def test_facts_as_csv_and_json_are_the_facts(client: Client) -> None:
    publication = published()
    rows = list(csv.DictReader(io.StringIO(client.get(f"{BASE}facts.csv").content.decode("utf-8-sig"))))
    found = json.loads(client.get(f"{BASE}facts.json").content)
    assert len(rows) == len(found["facts"]) == publication.facts.count()
    assert rows[0]["value"] == found["facts"][0]["value"]
    assert found["unit"]["code"] == "299001"
    assert found["facts"][0]["href"].startswith("http://testserver/d/299001/2021/budget/#")


def test_tables_as_csv_hold_plain_amounts(client: Client) -> None:
    published()
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{BASE}tables.zip").content))
    assert "table-01.csv" in archive.namelist()
    one = client.get(f"{BASE}table-1.csv")
    assert archive.read("table-01.csv") == one.content
    assert "63234665.44" in one.content.decode("utf-8-sig")
    assert one["Content-Disposition"] == 'attachment; filename="299001-2021-budget-1-table-01.csv"'


def test_csv_guards_formulas_and_leaves_numbers() -> None:
    text = csv_of([["=1+1", "-5.00", "@x", "+cmd|x", "文"]]).decode("utf-8-sig")
    assert next(csv.reader([text.strip()])) == ["'=1+1", "-5.00", "'@x", "'+cmd|x", "文"]
