"""Last year's amounts, printed or implied, against what was printed last year."""

import pytest

from tests.support.documents import run_of, table
from tests.support.sets import audited_with, expenditure

CODE = "last-year-differs-from-its-document"
ROWS = {"201": ("60.00", "20.00")}


def budget(year, words="", three="5.00", rows=ROWS, unit="某某局"):
    last = f" | {year - 1}年预算数" if three and "|" in three else ""
    public = table("“三公”经费预算表", f"项目 | {year}年预算数{last}\n公务接待费 | {three}")
    return f"{unit}{year}年部门预算\n{year}年部门预算编制说明\n{words}{expenditure(rows)}{public}"


def found(result):
    return [finding for finding in result.findings if finding.rule == CODE]


def test_column_of_last_year_that_was_printed_so_holds():
    result = audited_with(budget(2021, three="6.00 | 5.00"), budget(2020, three="5.00"))
    assert run_of(result, CODE).state.value == "held"


def test_column_of_last_year_that_was_printed_otherwise_is_broken():
    (finding,) = found(audited_with(budget(2021, three="6.00 | 5.50"), budget(2020, three="5.00")))
    assert finding.severity.value == "warning"
    assert [(spot.document, spot.quote) for spot in finding.at] == [(0, "5.50"), (1, "5.00")]


def test_amount_compared_with_in_a_sentence_is_held_to_the_older_document():
    words = "2021年支出预算80.00元，比2020年支出预算{}元增加{}元。\n"
    right = audited_with(budget(2021, words.format("75.00", "5.00")), budget(2020, rows={"201": ("55.00", "20.00")}))
    assert run_of(right, CODE).state.value == "held"
    wrong = audited_with(budget(2021, words.format("70.00", "10.00")), budget(2020, rows={"201": ("55.00", "20.00")}))
    assert found(wrong)


@pytest.mark.parametrize(("change", "broken"), [("增加5.00元", False), ("增加6.00元", True), ("减少5.00元", True)])
def test_base_that_follows_from_a_difference_is_held_to_the_older_document(change, broken):
    words = f"2021年支出预算80.00元，比2020年预算{change}。\n"
    result = audited_with(budget(2021, words), budget(2020, rows={"201": ("55.00", "20.00")}))
    assert run_of(result, CODE).state.value == ("broken" if broken else "held")


@pytest.mark.parametrize(("before", "broken"), [("20.00", False), ("19.00", True)])
def test_amount_said_to_be_as_before_is_held_to_the_older_document(before, broken):
    words = "2021年支出预算80.00元，与2020年预算持平。\n"
    result = audited_with(budget(2021, words), budget(2020, rows={"201": ("60.00", before)}))
    assert bool(found(result)) is broken


def test_older_document_audited_with_the_newer_one_says_the_same():
    (finding,) = found(audited_with(budget(2020, three="5.00"), budget(2021, three="6.00 | 5.50")))
    assert [(spot.document, spot.quote) for spot in finding.at] == [(0, "5.00"), (1, "5.50")]


@pytest.mark.parametrize(("printed", "severities"), [("0.0005", []), ("0.0006", ["warning"])])
def test_last_year_at_the_edge_of_rounding(printed, severities):
    newer = budget(2021, "2021年公务接待费预算5.00元，2020年公务接待费预算5.00元。\n")
    newer = newer.replace("2020年公务接待费预算5.00元", f"2020年公务接待费预算{printed}万元")
    result = audited_with(newer, budget(2020, three="5.00"))
    assert [finding.severity.value for finding in found(result)] == severities


@pytest.mark.parametrize(
    "other", [budget(2019), budget(2021), budget(2020, unit="别的局")], ids=["two years", "same year", "stranger"]
)
def test_document_that_is_not_last_years_is_not_applicable(other):
    result = audited_with(budget(2021, three="6.00 | 5.50"), other)
    assert run_of(result, CODE).state.value == "not-applicable"
    assert run_of(result, "documents-do-not-belong-together").state.value == "not-evaluated"


def test_newer_document_without_figures_of_last_year_is_not_evaluated():
    run = run_of(audited_with(budget(2021), budget(2020)), CODE)
    assert run.state.value == "not-evaluated"
    assert "2020" in run.reason.zh
