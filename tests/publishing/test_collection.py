"""Many units' tables in one file: sheets, links, sums, pages."""

import io

import openpyxl
import pytest

from zhengwu.publishing.as_pdf import chapters_of, front_of, pdf_of
from zhengwu.publishing.as_xlsx import xlsx_of_collection
from zhengwu.publishing.bound import bound, chapter_entries
from zhengwu.publishing.collection import (
    Collection,
    Part,
    Source,
    Total,
    classes_table,
    income_table,
    joined,
    units_table,
)

TOTALS = (Total("101", "甲局", 100_00, 50_00, 0, 120_00), Total("102", "乙局", 1, 2, 3, 0, True))
SUMMARY = units_table(2022, TOTALS)
CLASSES = classes_table("表2", "按功能", "科目编码", [("201", "一般公共服务支出", 100_01, 50_02, 3)])


def collection(*parts: Part) -> Collection:
    return Collection("2022年部门预算", "财政局", 2022, (SUMMARY, CLASSES), ("丙局未列入。",), parts)


def test_sums_and_changes_against_last_year_are_exact():
    rows = [[cell.text for cell in row.cells] for row in SUMMARY.rows]
    assert rows[0] == ["101", "甲局", "150.00", "100.00", "50.00", "0.00", "120.00", "30.00", "25.00"]
    assert rows[1] == ["102", "乙局（草案）", "0.06", "0.01", "0.02", "0.03", "0.00", "0.06", "—"]
    assert rows[2] == ["", "合计", "150.06", "100.01", "50.02", "0.03", "120.00", "30.06", "25.05"]
    unknown = units_table(2022, (TOTALS[0]._replace(last=None),)).rows
    assert [cell.text for cell in unknown[-1].cells][6:] == ["—", "—", "—"]


def test_income_by_source_is_summed_and_a_share_is_a_number():
    sources = (Source("一般公共预算拨款", 95_68, 0, 100_00), Source("其他收入", 1, 1, 0))
    rows = [[cell.text for cell in row.cells] for row in income_table("表4", "收入", sources).rows]
    assert rows[0] == ["一般公共预算拨款", "95.68", "0.00", "100.00", "-4.32", "-4.32"]
    assert rows[1][1:] == ["0.01", "0.01", "0.00", "0.01", "—"]
    assert rows[2] == ["合计", "95.69", "0.01", "100.00", "-4.31", "-4.31"]
    unknown = income_table("表4", "收入", (sources[0], sources[1]._replace(last=None))).rows
    assert [cell.text for cell in unknown[-1].cells][3:] == ["—", "—", "—"]
    share = units_table(2022, (TOTALS[0]._replace(last=1_000_000_00),)).rows[0].cells[-1]
    assert str(share.value) == share.text == "-99.98"


@pytest.mark.parametrize("codes", [("101", "102"), ("101/1", "101?1"), ("1" * 40, "1" * 41)])
def test_each_table_has_a_sheet_of_its_own_that_the_list_links_to(codes):
    parts = tuple(Part(code, "甲局", (CLASSES._replace(number="一"),)) for code in codes)
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of_collection(collection(*parts))))
    names = book.sheetnames
    assert len(set(names)) == 5
    assert names[0] == "目录"
    links = [cell.hyperlink.location for row in book["目录"].iter_rows() for cell in row if cell.hyperlink]
    assert [link.rsplit("!", 1)[0].strip("'").replace("''", "'") for link in links] == names[1:]
    assert "丙局未列入。" in [cell.value for row in book["目录"].iter_rows() for cell in row]


def test_chapters_bound_together_have_the_pages_that_the_contents_name():
    parts = tuple(Part(f"10{n}", "甲局", (CLASSES,), n == 2) for n in range(3))
    first = chapters_of(joined(collection(*parts[:2])), 5)
    pages, entries = chapter_entries(first, 5)
    assert entries[0] == (1, "汇总", 5)
    assert [title for level, title, _ in entries if level == 1] == ["汇总", "100 甲局", "101 甲局"]
    second = chapters_of(joined(collection(*parts[2:])._replace(summary=())), 5 + pages)
    more = chapter_entries(second, 5 + pages)[1]
    assert more[0] == (1, "102 甲局（草案）", 5 + pages)
    front = front_of(joined(collection()), [*entries, *more])
    whole = bound([front, first, second], "书名", "财政局")
    fronts = chapter_entries(front, 1)[0]
    total, found = chapter_entries(whole, 1)
    assert total == fronts + pages + chapter_entries(second, 1)[0]
    shift = fronts + 1 - 5
    assert [entry for entry in found if entry[1] != "目录"] == [
        (level, title, page + shift) for level, title, page in (*entries, *more)
    ]
    assert bound([front, first, second], "书名", "财政局") == whole


def test_short_collection_is_one_tagged_document():
    data = pdf_of(joined(collection(Part("101", "甲局", (CLASSES,)))), fit=False)
    assert b"StructTreeRoot" in data
    assert chapter_entries(data, 0)[1][0][:2] == (1, "汇总")
