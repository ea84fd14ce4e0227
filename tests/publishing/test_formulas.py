"""Sums for a workbook: taken from the publication's own reading, and only where they hold."""

from decimal import Decimal

import pytest

from tests.publishing.reprint import amount, as_document, reprinted
from tests.publishing.test_xlsx import EXAMPLE, item, publication, table
from zhengwu.model.disclosure import Disclosure, Parts
from zhengwu.model.document import Place
from zhengwu.model.fact import Fact
from zhengwu.publishing.formulas import formulas_of
from zhengwu.publishing.publication import PrintedCell, PrintedRow, Publication, placed
from zhengwu.reading import read_path
from zhengwu.recognition.understand import understand

ROWS = (
    item("201", "甲", "3.00", "1.00"),
    item("20101", "乙", "1.00", "1.00"),
    item("20102", "丙", "2.00", "0.00"),
)


def fact(row: int, column: int, value: str, index: int = 0) -> Fact:
    """The fact at a body cell (0-based) of the small table."""
    return Fact(Decimal(value), Decimal("0.01"), None, Place(row=row + 3, column=column + 1), value, index)


def disclosure(*parts: Parts) -> Disclosure:
    return understand(as_document(publication(table(*ROWS))))._replace(parts=parts)


def chosen(*parts: Parts) -> dict[tuple[int, int, int], tuple[tuple[int, int], ...]]:
    return formulas_of(disclosure(*parts), publication(table(*ROWS)))


CODE = Parts("code", 0, fact(0, 2, "3.00"), (fact(1, 2, "1.00"), fact(2, 2, "2.00")))


def test_code_is_the_sum_of_the_codes_below_it() -> None:
    assert chosen(CODE) == {(0, 0, 2): ((1, 2), (2, 2))}


def test_code_comes_before_row() -> None:
    row = Parts("row", 0, fact(0, 2, "3.00"), (fact(2, 2, "2.00"), fact(0, 3, "1.00")))
    assert chosen(row, CODE) == {(0, 0, 2): ((1, 2), (2, 2))}


@pytest.mark.parametrize(
    "relation",
    [
        CODE._replace(parts=CODE.parts[:1]),  # does not add up
        CODE._replace(unknown="其他"),
        CODE._replace(minus=(fact(2, 3, "0.00"),)),
        CODE._replace(table=7),
        CODE._replace(table=-1),
        CODE._replace(parts=()),
        CODE._replace(parts=(fact(1, 2, "1.00"), fact(2, 2, "2.00", 1))),  # of another table
        CODE._replace(parts=(fact(1, 2, "1.00"), fact(1, 2, "1.00"), fact(2, 2, "2.00"))),  # one cell twice
        CODE._replace(parts=(fact(1, 2, "1.50"), fact(2, 2, "1.50"))),  # another document was read
        CODE._replace(parts=(fact(-1, 2, "1.00"), fact(2, 2, "2.00"))),  # in the header
        CODE._replace(parts=(fact(1, 2, "1.00"), fact(9, 2, "2.00"))),  # outside
        CODE._replace(axis="else"),
    ],
)
def test_what_does_not_hold_gives_no_sum(relation: Parts) -> None:
    assert chosen(relation) == {}


def test_cells_do_not_depend_on_themselves() -> None:
    one = Parts("total", 0, fact(1, 2, "1.00"), (fact(1, 3, "1.00"),))
    back = Parts("total", 0, fact(1, 3, "1.00"), (fact(1, 2, "1.00"),))
    self = Parts("total", 0, fact(0, 3, "1.00"), (fact(0, 3, "1.00"),))
    assert chosen(one, back, self) == {(0, 1, 2): ((1, 3),)}


def test_blank_cells_and_blank_totals_have_no_sum() -> None:
    rows = (*ROWS, PrintedRow("total", (PrintedCell(), PrintedCell("合计"), PrintedCell(), amount("2.00"))))
    printed = publication(table(*rows))
    total = Parts("total", 0, fact(3, 2, "0"), (fact(0, 2, "3.00"),))
    assert formulas_of(disclosure(total), printed) == {}


def test_money_in_ten_thousands_is_compared_in_yuan() -> None:
    printed = publication(table(*ROWS, money_unit="万元", captions=("编制单位：某某局", "单位：万元")))
    read = understand(as_document(printed))
    assert (0, 0, 2) in formulas_of(read, printed)


def test_example_gets_its_sums_and_all_are_exact() -> None:
    printed: Publication = reprinted(understand(read_path(EXAMPLE)))
    found = formulas_of(understand(as_document(printed)), printed)
    assert len(found) > 50
    for (index, row, column), parts in found.items():
        cells = {
            (at.row, at.column): at.cell.value
            for at in placed([line.cells for line in printed.tables[index].rows], len(printed.tables[index].columns))
        }
        assert cells[row, column] == sum(cells[part] or 0 for part in parts)
