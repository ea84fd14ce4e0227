"""持平: this year's amount is the other's."""

from tests.support.paragraphs import audited, found, state_of
from zhengwu.model.finding import State

RULE = "said-equal-but-differs"


def test_equal_amounts_that_differ_are_broken() -> None:
    result = audited("2023年公务接待费预算6万元。", "2024年公务接待费预算7万元，与上年持平。")
    assert len(found(result, RULE)) == 1


def test_equal_amounts_are_held() -> None:
    result = audited("2023年公务接待费预算6万元。", "2024年公务接待费预算6万元，与2023年预算持平。")
    assert state_of(result, RULE) is State.HELD


def test_roughly_equal_amounts_are_not_applicable() -> None:
    result = audited("2023年公务接待费预算6万元。", "2024年公务接待费预算6.1万元，与上年基本持平。")
    assert state_of(result, RULE) is State.NOT_APPLICABLE


def test_equality_in_a_reason_is_not_applicable() -> None:
    result = audited(
        "2023年公务接待费预算6万元。", "2024年公务接待费预算5万元，比上年减少1万元，主要原因是批次与上年持平。"
    )
    assert state_of(result, RULE) is State.NOT_APPLICABLE


def test_equality_of_coarser_and_finer_amount_is_held() -> None:
    result = audited("2023年公务接待费预算60,040元。", "2024年公务接待费预算6.0万元，与上年持平。")
    assert state_of(result, RULE) is State.HELD
