"""The reader on real PDF documents, which are not part of the project."""

from pathlib import Path

import pytest

from zhengwu.model.document import Content, Grid, Paragraph
from zhengwu.reading import pdf

REAL = Path(__file__).parents[3] / "shared" / "real"


def read(name: str) -> Content:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"the real document {name} is not here: nothing was checked")
    return pdf.read(path.read_bytes())


def grids(content: Content) -> list[Grid]:
    return [block for block in content.blocks if isinstance(block, Grid)]


def shape(grid: Grid) -> tuple[int, int, int]:
    """First page, rows, columns."""
    return grid.place.page or 0, len(grid.rows), sum(cell.colspan for cell in grid.rows[0])


def texts(row: int, grid: Grid) -> list[str]:
    return [cell.text for cell in grid.rows[row]]


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        (
            "govoffice-2025-budget.pdf",
            [
                (8, 16, 4),
                (9, 24, 9),
                (11, 24, 7),
                (13, 16, 7),
                (14, 24, 7),
                (16, 12, 7),
                (17, 12, 7),
                (18, 33, 6),
                (20, 4, 7),
            ],
        ),
        (
            "govoffice-unit-2025-budget.pdf",
            [
                (8, 13, 7),
                (9, 24, 9),
                (11, 24, 7),
                (13, 12, 7),
                (14, 24, 7),
                (16, 11, 7),
                (17, 11, 7),
                (18, 33, 6),
                (20, 4, 7),
            ],
        ),
        (
            "finance-2024-final-seeded-errors.pdf",
            [
                (6, 4, 3),
                (7, 32, 4),
                (8, 23, 11),
                (10, 34, 7),
                (12, 24, 7),
                (13, 42, 8),
                (15, 5, 12),
                (16, 12, 10),
                (17, 12, 10),
            ],
        ),
        (
            "final-template-2024.pdf",
            [
                (4, 9, 3),
                (5, 30, 4),
                (6, 10, 9),
                (7, 10, 8),
                (8, 32, 7),
                (10, 10, 5),
                (11, 40, 6),
                (12, 5, 12),
                (13, 6, 8),
                (14, 6, 8),
            ],
        ),
    ],
)
def test_real_document_gives_every_table_joined_over_its_pages(name: str, shapes: list[tuple[int, int, int]]) -> None:
    content = read(name)
    assert [shape(grid) for grid in grids(content)] == shapes
    assert content.unread == ()


def test_real_budget_gives_amounts_that_touch_in_their_cells() -> None:
    income = grids(read("govoffice-2025-budget.pdf"))[1]
    assert texts(1, income)[:3] == ["功能分类科目编码", "功能分类科目名称", "合计"]
    assert texts(3, income) == [
        "201",
        "",
        "",
        "一般公共服务支出",
        "82,096,797.42",
        "82,096,797.42",
        "",
        "",
        "",
    ]
    assert texts(23, income) == ["合计", "91,016,775.35", "91,016,775.35", "", "", ""]
    assert (income.rows[23][0].colspan, income.rows[23][0].place.page) == (4, 10)


def test_real_final_account_gives_two_groups_side_by_side_over_two_pages() -> None:
    basic = grids(read("finance-2024-final-seeded-errors.pdf"))[5]
    assert texts(4, basic) == ["301", "01", "基本工资", "262.33", "302", "01", "办公费", "21.21"]
    assert texts(41, basic) == ["人员经费合计", "2,152.26", "公用经费合计", "184.65"]
    assert basic.rows[41][0].place.page == 14


def test_real_documents_number_their_lines_in_reading_order() -> None:
    for name in ("govoffice-2025-budget.pdf", "finance-2024-final-seeded-errors.pdf"):
        lines = []
        for block in read(name).blocks:
            if isinstance(block, Paragraph):
                lines.append(block.place.line or 0)
            else:
                lines += [cell.place.line or 0 for row in block.rows for cell in row]
        assert lines == sorted(set(lines))
