"""A long document is cut into parts, and every address of a number leads to the part that prints it."""

import re
from functools import cache

import pytest
from bench.publishing import ledger
from django.test import Client

from tests.web.explorer import making
from zhengwu.dialects import dialect_named
from zhengwu.publishing.publish import draft_of, files_of
from zhengwu.web.explorer.addresses import anchor_of, place_address
from zhengwu.web.explorer.contents import TableBlock, TextBlock, blocks_of, entries_of
from zhengwu.web.explorer.parts import MOST, part_with, parts_of

pytestmark = pytest.mark.django_db
_ID = re.compile(r'\bid="((?:n\d+-\d+-\d+)|p\d+|t\d+(?:-\d+)?)"')
_LARGEST = 300_000  # bytes of a page


@pytest.fixture(autouse=True)
def _files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@cache
def long_budget() -> bytes:
    made = ledger(500, 30)
    return files_of(draft_of(made, dialect_named(made.budget.dialect)), ("html",))["budget-2021.html"]


@pytest.fixture
def long():
    return making.published(data=long_budget())


def _ids(address: str) -> list[str]:
    page = Client().get(address)
    assert page.status_code == 200
    assert len(page.content) < _LARGEST
    return _ID.findall(page.content.decode())


def _addresses(publication) -> list[str]:
    base = f"/d/{publication.unit.code}/{publication.year}/{publication.kind}/"
    return [base, *(f"{base}?page={number}" for number in range(2, publication.parts + 1))]


def test_short_document_is_one_part_under_its_plain_address():
    publication = making.published()
    fact = publication.facts.filter(table__gte=0)[0]
    assert publication.parts == 1
    assert "?" not in place_address(publication, anchor_of(fact))
    assert 'aria-label="' in Client().get(_addresses(publication)[0]).content.decode()


def test_parts_of_a_long_document_have_every_place_once(long):
    assert long.parts == len(parts_of(long.round.reading)) > 1
    found = [one for address in _addresses(long) for one in _ids(address)]
    assert len(found) == len(set(found))
    wanted = {anchor_of(fact) for fact in long.facts.all()}
    assert wanted <= set(found)


def test_address_of_a_number_leads_to_the_part_that_prints_it(long):
    facts = list(long.facts.all())
    for fact in (facts[0], facts[len(facts) // 2], facts[-1]):
        address, _hash, place = place_address(long, anchor_of(fact)).partition("#")
        assert place in _ids(address)


def test_contents_lead_to_each_table_in_its_part(long):
    reading = long.round.reading
    entries = entries_of(reading, parts_of(reading))
    assert len(entries) == len(reading["tables"])
    pages = {number: _ids(address) for number, address in enumerate(_addresses(long), 1)}
    assert all(entry.id in pages[entry.part] for entry in entries)


def test_table_over_two_parts_keeps_its_rows_and_its_header(long):
    reading = long.round.reading
    blocks = [block for part in parts_of(reading) for block in blocks_of(reading, part)]
    cut = next(block for block in blocks if isinstance(block, TableBlock) and block.continued)
    pieces = [block for block in blocks if isinstance(block, TableBlock) and block.index == cut.index]
    rows = [cell.text for piece in pieces for _kind, cells in piece.rows for cell in cells]
    whole = next(block for block in blocks_of(reading) if isinstance(block, TableBlock) and block.index == cut.index)
    assert [cell.text for _kind, cells in whole.rows for cell in cells] == rows
    assert all(piece.header == whole.header for piece in pieces)
    assert [piece.notes for piece in pieces[:-1]] == [[]] * (len(pieces) - 1)


@pytest.mark.parametrize("at", ["n999-1-1", "n1-99999-1", "p99999", "main", "t0", "x", "n" + "9" * 30])
def test_anchor_that_stands_nowhere_gives_the_first_part(long, at):
    reading = long.round.reading
    assert part_with(reading, parts_of(reading), at) == 1
    assert Client().get(_addresses(long)[0], {"at": at}).status_code == 200


def test_document_without_contents_is_one_part_of_nothing():
    assert parts_of({}) == [()]
    assert blocks_of({}) == []


def test_one_paragraph_longer_than_a_part_is_a_part():
    reading = {"text": [{"heading": [], "text": "长" * MOST, "at": {}}, {"heading": [], "text": "短", "at": {}}]}
    assert [len(part) for part in parts_of(reading)] == [1, 1]
    assert [block.id for block in blocks_of(reading) if isinstance(block, TextBlock)] == ["p1", "p2"]
