"""The workbook to fill in, and the ledger written as workbook and CSV."""

import io

import openpyxl
import pytest

from tests.ledger.samples import ledger
from zhengwu.ledger.load import load, read_bytes
from zhengwu.ledger.schema import SHEETS
from zhengwu.ledger.template import csv_of, empty_workbook, workbook_of
from zhengwu.model.message import RefusedError


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_workbook_opened_has_guide_then_each_sheet_then_hidden_lists(language):
    book = opened(empty_workbook(language))
    titles = [sheet.en if language == "en" else sheet.zh for sheet in SHEETS]
    assert book.sheetnames[1:-1] == titles
    assert book.worksheets[0].sheet_state == "visible"
    assert book.worksheets[-1].sheet_state == "veryHidden"
    guide = [row[0] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert [name for name in guide if name in titles] == titles


def test_empty_workbook_header_is_frozen_repeated_and_explained():
    page = opened(empty_workbook("zh"))["支出明细"]
    assert page.freeze_panes == "A2"
    assert page.print_title_rows == "$1:$1"
    assert page.page_setup.orientation == "landscape"
    assert "必填" in page["H1"].comment.text
    assert "选填" in page["F1"].comment.text
    assert page["H1"].fill.fgColor.rgb != page["F1"].fill.fgColor.rgb
    assert page.column_dimensions["H"].width > 15


def test_empty_workbook_columns_choose_from_lists():
    book = opened(empty_workbook("zh"))
    page = book["支出明细"]
    rules = {str(rule.sqref)[0]: rule for rule in page.data_validations.dataValidation}
    assert all(str(rule.sqref).endswith("5001") for rule in rules.values())
    assert rules["A"].formula1.startswith("OFFSET('单位'!")
    assert rules["F"].formula1.startswith("OFFSET('项目'!")
    assert [rules[letter].errorStyle for letter in "BCD"] == ["warning"] * 3
    assert rules["E"].errorStyle in (None, "stop")
    assert (rules["H"].type, rules["H"].operator) == ("decimal", "greaterThanOrEqual")
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["选项"].columns}
    assert "2010301 行政运行" in lists["支出功能分类"]
    assert all(len(entry.split(" ")[0]) == 5 for entry in lists["政府预算支出经济分类"])


def test_empty_workbook_of_a_year_lists_the_names_of_that_year():
    book = opened(empty_workbook("zh", 2018))
    functions = [cell.value for cell in book["选项"]["A"]]
    assert not any(entry == "2240101 行政运行" for entry in functions)  # 224 is of 2019


@pytest.mark.parametrize("make", [empty_workbook, lambda language: workbook_of(ledger(), language)])
def test_workbook_made_twice_is_the_same_and_small(make):
    assert make("zh") == make("zh")
    assert len(make("zh")) < 200_000


@pytest.mark.parametrize("language", ["zh", "en"])
def test_workbook_of_ledger_loaded_gives_the_ledger_again(language):
    made = ledger()
    assert read_bytes(workbook_of(made, language), "sample.xlsx") == made


@pytest.mark.parametrize("language", ["zh", "en"])
def test_csv_of_ledger_loaded_gives_the_ledger_again(tmp_path, language):
    made = ledger(
        duties=(ledger().duties[0]._replace(text="=SUM(A1) 不是公式"), ledger().duties[1]._replace(text="'-引号"))
    )
    for name, data in csv_of(made, language).items():
        assert data.startswith(b"\xef\xbb\xbf")
        (tmp_path / name).write_bytes(data)
    assert load(tmp_path)._replace(source=made.source) == made


def test_csv_of_none_has_only_headers():
    files = csv_of(None, "zh")
    assert list(files) == [f"{sheet.key}.csv" for sheet in SHEETS]
    assert files["duties.csv"].decode("utf-8-sig") == "职责\r\n"


def test_csv_of_ledger_text_like_a_formula_is_kept_from_running():
    made = ledger(duties=(ledger().duties[0]._replace(text='=HYPERLINK("http://x")'),))
    assert "'=HYPERLINK" in csv_of(made, "zh")["duties.csv"].decode("utf-8-sig")


def test_workbook_of_ledger_cells_are_codes_with_names_and_numbers():
    page = opened(workbook_of(ledger(), "zh"))["支出明细"]
    assert page["B2"].value == "2010301 行政运行"
    assert page["A2"].value == "107001"
    assert page["A2"].number_format == "@"
    assert page["H4"].value == 245000.5
    assert page["H4"].number_format == "#,##0.00"


def test_workbook_of_ledger_text_longer_than_a_cell_is_refused():
    made = ledger(duties=(ledger().duties[0]._replace(text="长" * 32_768),))
    with pytest.raises(RefusedError, match="“主要职责”表第 2 行“职责”列有 32,768 个字"):
        workbook_of(made, "zh")
