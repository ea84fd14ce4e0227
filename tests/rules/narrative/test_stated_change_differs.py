"""增减额: this year minus last year."""

from tests.support.paragraphs import audited, found, state_of
from zhengwu.model.finding import Severity, State

RULE = "stated-change-differs"


def test_difference_that_is_not_that_of_the_years_is_broken() -> None:
    result = audited("2024年公务接待费预算9万元，比2023年6万元增加4万元。")
    assert len(found(result, RULE)) == 1


def test_difference_of_both_years_is_held() -> None:
    assert state_of(audited("2024年公务接待费预算9万元，比2023年6万元增加3万元。"), RULE) is State.HELD


def test_difference_from_a_base_with_its_own_words_is_held() -> None:
    result = audited("“三公”经费预算总额19万元，较2023年年初预算的25万元减少6万元，同比下降24%。")
    assert state_of(result, RULE) is State.HELD


def test_difference_without_last_year_is_not_applicable() -> None:
    assert state_of(audited("2024年公务接待费预算9万元，比上年增加3万元。"), RULE) is State.NOT_APPLICABLE


def test_increase_to_an_amount_is_no_difference() -> None:
    result = audited("2023年公务接待费预算6万元。", "公务接待费预算比上年增加到9万元。")
    assert not found(result, RULE)


def test_difference_of_rounded_amounts_one_step_off_is_rounding_only() -> None:
    result = audited("2024年公务接待费预算9.12万元，比2023年6.05万元增加3.08万元。")
    assert [finding.severity for finding in found(result, RULE)] == [Severity.INFO]


def test_difference_behind_both_years_is_that_of_both() -> None:
    text = "公务接待费2024年预算8.00万元，2023年预算12.00万元；对比减少{}万元。"
    assert len(found(audited(text.format("4.50")), RULE)) == 1
    assert state_of(audited(text.format("4.00")), RULE) is State.HELD
