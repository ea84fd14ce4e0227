"""比N年: N is the year before."""

from tests.support.paragraphs import FINAL, audited, found, state_of
from zhengwu.model.finding import Severity, State

RULE = "compared-with-wrong-year"


def test_comparison_with_the_own_year_is_an_error() -> None:
    result = audited("2024年公务接待费预算6万元，比2024年预算减少1万元。")
    assert [finding.severity for finding in found(result, RULE)] == [Severity.ERROR]
    assert found(result, RULE)[0].expected == "2023"


def test_comparison_with_an_earlier_year_is_a_warning() -> None:
    result = audited("2024年公务接待费预算6万元，比2021年预算减少1万元。")
    assert [finding.severity for finding in found(result, RULE)] == [Severity.WARNING]


def test_comparison_with_the_year_before_is_no_finding() -> None:
    assert not found(audited("2024年公务接待费预算6万元，比2023年预算减少1万元。"), RULE)


def test_further_comparison_with_an_earlier_year_is_no_finding() -> None:
    text = "公务接待费支出6万元，比2023年度增加1万元，增长20%；比2019年度减少4万元，下降40%。"
    assert not found(audited(text, title=FINAL), RULE)


def test_comparison_of_the_account_with_its_own_budget_is_no_finding() -> None:
    heading = "七、“三公”经费支出决算情况说明"
    assert not found(audited(heading, "公务接待费支出6万元，与2024年度预算相比减少1万元。", title=FINAL), RULE)


def test_year_before_without_its_number_is_not_applicable() -> None:
    result = audited("2024年公务接待费预算6万元。")
    assert state_of(result, RULE) is State.NOT_APPLICABLE
