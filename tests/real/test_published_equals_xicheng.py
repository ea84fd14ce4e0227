"""The example ledger's published tables against the real document of the same department, cell by cell."""

from pathlib import Path

import pytest

from tests.support.real import real
from zhengwu.audit import disclosure_of
from zhengwu.dialects import dialect_named
from zhengwu.ledger.load import load
from zhengwu.model.number import parse_number
from zhengwu.publishing.publish import draft_of
from zhengwu.reading import read_path

EXAMPLE = Path(__file__).parents[2] / "examples" / "xicheng-2021"
# Where the original is itself wrong or says what must not be published, ours differs; each with its reason.
EXCEPTIONS = {
    "十二": "the head says 万元 over figures in yuan: ours says 元, the figures are equal",
    "十三-n": "the forms name persons and telephones: ours name the division",
    "九": "ours adds a row with the total",
    "2020": "income of 2020 is printed as 63,268,913.02, its parts make 62,145,113.02: ours keeps the parts",
}
FORMATS = ("docx", "html", "txt")


@pytest.fixture(scope="module")
def ours():
    return draft_of(load(EXAMPLE), dialect_named("beijing-xicheng-budget")).disclosure


@pytest.mark.parametrize("kind", FORMATS)
def test_numeric_cells_of_all_13_tables_equal_the_original(ours, kind):
    original = disclosure_of(read_path(real(f"xicheng-2021-budget.{kind}")))
    by_number = {table.number: table for table in ours.tables}
    compared, wrong, seen = 0, [], set()
    for table in original.tables:
        if table.kind == "target_form":
            continue
        seen.add(table.number)
        rows = [row for row in table.rows if row.kind != "blank"]
        published = [row for row in by_number[table.number].rows if row.kind != "blank"]
        assert len(table.columns) == len(by_number[table.number].columns)
        assert len(published) >= len(rows) - (table.number in ("四",)) or not rows
        for number, (row, own) in enumerate(zip(rows, published, strict=False), 1):
            for column, (cell, mine) in enumerate(zip(row.cells, own.cells, strict=True), 1):
                value = parse_number(cell.text) if cell else None
                if value is None:
                    continue
                compared += 1
                found = parse_number(mine.text) if mine else None
                if found is None or found.value != value.value:
                    wrong.append((table.number, number, column, cell.text, mine and mine.text))
    assert wrong == []
    assert seen == {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"}
    assert compared > 600


def test_money_of_the_target_forms_equals_the_original(ours):
    original = disclosure_of(read_path(real("xicheng-2021-budget.docx")))

    def money(disclosure):
        return {
            form.project: (
                {key: fact.value for key, fact in form.funds.items()},
                {period: sorted(fact.value for fact in facts) for period, facts in form.costs.items()},
            )
            for form in disclosure.forms
            if form.project and disclosure.tables[form.table].kind == "target_form"
        }

    assert money(ours) == money(original)
    assert len(money(ours)) == 6
