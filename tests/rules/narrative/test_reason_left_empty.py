"""主要原因是。: a reason is announced and not given."""

from tests.support.paragraphs import audited, found, state_of
from zhengwu.model.finding import State

RULE = "reason-left-empty"


def test_reason_without_words_is_broken() -> None:
    result = audited("公务接待费预算6万元，比上年减少1万元，主要原因是。")
    assert len(found(result, RULE)) == 1
    assert "主要原因是" in found(result, RULE)[0].message.zh


def test_reason_given_is_no_finding() -> None:
    assert not found(audited("公务接待费预算6万元，比上年减少1万元，主要原因是厉行节约。"), RULE)


def test_reasons_spoken_of_are_no_finding() -> None:
    assert not found(audited("与上年持平的科目不再说明变动原因。各单位应说明增减变化的主要原因。"), RULE)


def test_reason_that_the_next_paragraph_gives_is_no_finding() -> None:
    assert not found(audited("公务接待费预算减少的主要原因：", "一是严格控制批次。"), RULE)


def test_text_without_reasons_is_not_applicable() -> None:
    assert state_of(audited("公务接待费预算6万元。"), RULE) is State.NOT_APPLICABLE
