"""增加/减少, 大于/小于: the word fits the amounts."""

from tests.support.paragraphs import FINAL, audited, found, state_of
from zhengwu.model.finding import State

RULE = "direction-contradicts-amounts"


def test_increase_over_a_decrease_is_broken() -> None:
    result = audited("2024年公务接待费预算6万元，比2023年9万元增加3万元，增长33.33%。")
    assert len(found(result, RULE)) == 1
    assert "6万元" in found(result, RULE)[0].message.zh


def test_two_directions_in_one_sentence_are_broken() -> None:
    result = audited("2024年公务接待费预算6万元，比上年减少3万元，增长33.33%。")
    assert len(found(result, RULE)) == 1


def test_account_said_above_its_budget_and_below_it_is_broken() -> None:
    result = audited(
        "公务接待费支出年初预算为5万元，支出决算为4万元。决算数大于预算数的主要原因：厉行节约。", title=FINAL
    )
    assert len(found(result, RULE)) == 1


def test_account_said_above_its_budget_against_its_completion_rate_is_broken() -> None:
    result = audited("公务接待费支出决算为4万元，完成预算80%，决算数大于预算数的主要原因是接待增加。", title=FINAL)
    assert len(found(result, RULE)) == 1


def test_fitting_words_are_no_finding() -> None:
    result = audited("公务接待费支出决算为4万元，完成预算80%，决算数小于预算数的主要原因是厉行节约。", title=FINAL)
    assert state_of(result, RULE) is not State.BROKEN


def test_words_without_amounts_are_not_applicable() -> None:
    assert state_of(audited("公务接待费预算比上年减少。"), RULE) is State.NOT_APPLICABLE


def test_completion_that_rounds_to_all_leaves_the_direction_open() -> None:
    result = audited("公务接待费支出决算为4万元，完成预算100%，决算数小于预算数的主要原因是厉行节约。", title=FINAL)
    assert not found(result, RULE)
