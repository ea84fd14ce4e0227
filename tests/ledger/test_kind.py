"""What is a ledger, told cheaply from the names of its sheets."""

from pathlib import Path

import pytest

from tests.ledger.samples import ledger, xlsx
from zhengwu.ledger.kind import is_ledger
from zhengwu.ledger.template import csv_of, empty_workbook, workbook_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "xicheng-2021"


def test_folder_of_csv_files_named_as_sheets_is_a_ledger():
    assert is_ledger(str(EXAMPLE))


def test_folder_with_other_files_is_no_ledger(tmp_path):
    (tmp_path / "notes.csv").write_text("a,b", encoding="utf-8")
    (tmp_path / "lines.txt").write_text("", encoding="utf-8")
    assert not is_ledger(str(tmp_path))


def test_folder_with_one_sheet_is_a_ledger_so_that_loading_says_what_is_missing(tmp_path):
    (tmp_path / "lines.csv").write_bytes(csv_of(ledger(), "zh")["lines.csv"])
    assert is_ledger(str(tmp_path))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_workbook_of_a_ledger_is_a_ledger_in_either_language(tmp_path, language):
    for content in (empty_workbook(language), workbook_of(ledger(), language)):
        path = tmp_path / "ledger.xlsx"
        path.write_bytes(content)
        assert is_ledger(str(path))


def test_published_workbook_is_no_ledger(tmp_path):
    path = tmp_path / "budget.xlsx"
    path.write_bytes(xlsx({"说明": [], "表一": [["部门收支总体情况表"]], "项目": []}))
    assert not is_ledger(str(path))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"%PDF-1.7", "预算".encode()])
def test_other_or_broken_files_are_no_ledger(tmp_path, content):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    assert not is_ledger(str(path))
    assert not is_ledger(str(tmp_path / "absent"))
