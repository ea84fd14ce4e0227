"""。。, unpaired brackets: the traces of hasty editing."""

from tests.support.paragraphs import audited, found, state_of
from zhengwu.model.finding import State

RULE = "punctuation-doubled"


def test_doubled_full_stop_is_found_once_with_its_words() -> None:
    result = audited("2024年甲局没有安排出国。。")
    assert len(found(result, RULE)) == 1
    assert "出国。。" in found(result, RULE)[0].message.zh


def test_bracket_left_open_is_found() -> None:
    assert len(found(audited("因公出国（境费用没有安排。"), RULE)) == 1


def test_quote_left_open_is_found() -> None:
    assert len(found(audited("“三公经费没有安排。"), RULE)) == 1


def test_paired_marks_are_no_finding() -> None:
    assert not found(audited("“三公”经费（含因公出国（境）费）没有安排。"), RULE)


def test_list_numbers_with_half_a_bracket_are_no_finding() -> None:
    assert not found(audited("主要工作：1）接待；2）培训；3）会议。"), RULE)


def test_paragraph_that_a_page_breaks_in_two_is_no_finding() -> None:
    assert not found(audited("主要用于办公（包括水费、", "电费）和培训。"), RULE)


def test_text_without_marks_is_not_applicable() -> None:
    assert state_of(audited("甲局"), RULE) is State.NOT_APPLICABLE
