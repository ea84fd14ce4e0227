"""增减百分比: the difference divided by last year's amount."""

from tests.support.paragraphs import FINAL, audited, found, state_of
from zhengwu.model.finding import Severity, State

RULE = "stated-rate-differs"


def test_rate_that_the_amounts_do_not_give_is_broken() -> None:
    result = audited("机关运行经费预算120万元，比2023年100万元增加20万元，增长16.67%。")
    assert len(found(result, RULE)) == 1
    assert "20.0000%" in found(result, RULE)[0].message.zh


def test_rate_of_difference_and_this_year_is_held() -> None:
    assert state_of(audited("机关运行经费预算120万元，比上年增加20万元，增长20%。"), RULE) is State.HELD


def test_rate_without_difference_is_taken_from_both_years() -> None:
    result = audited("2023年机关运行经费预算100万元。", "2024年机关运行经费预算80万元，比上年下降25%。")
    assert len(found(result, RULE)) == 1


def test_rate_after_a_list_may_be_the_rate_of_the_whole() -> None:
    result = audited("支出预算300万元，其中：基本支出100万元，项目支出200万元，同比增加60万元，增长25%。")
    assert state_of(result, RULE) is State.HELD


def test_rate_in_brackets_behind_a_part_is_of_that_part() -> None:
    result = audited(
        "“三公”经费预算50万元，其中：公务接待费10万元，同比减少2万元，下降16.67%；公务用车运行费40万元，同比增加10万元，增长33.33%。"
    )
    assert state_of(result, RULE) is State.HELD


def test_rate_of_the_year_named_second_is_of_both() -> None:
    result = audited("2024年公务接待费预算8万元，2023年公务接待费预算10万元，同比减少2万元，下降20%。")
    assert state_of(result, RULE) is State.HELD


def test_rate_of_own_budget_is_held_in_final_accounts() -> None:
    result = audited("公务接待费支出9万元，与2024年度预算相比减少1万元，下降10%。", title=FINAL)
    assert state_of(result, RULE) is State.HELD


def test_rate_against_nothing_is_not_evaluated() -> None:
    assert state_of(audited("社会捐赠比上年增长5%。"), RULE) in (State.NOT_EVALUATED, State.NOT_APPLICABLE)


def test_rate_in_a_reason_is_not_applicable() -> None:
    result = audited("机关运行经费预算120万元。主要原因是物价比上年上涨3.5%。")
    assert state_of(result, RULE) is State.NOT_APPLICABLE


def test_rate_from_amounts_rounded_to_ten_thousands_is_held_within_their_precision() -> None:
    # 7万元 may be 6.5 to 7.5: 6.5/94.5 to 7.5/92.5 of last year.
    assert state_of(audited("机关运行经费预算100万元，比上年增加7万元，增长7.9%。"), RULE) is State.HELD


def test_rate_one_step_off_is_rounding_only() -> None:
    result = audited("机关运行经费预算140.00元，比上年增加20.00元，增长16.66%。")
    assert [finding.severity for finding in found(result, RULE)] == [Severity.INFO]


def test_rate_over_a_printed_zero_difference_is_found():
    from tests.support.documents import HEAD, findings

    assert findings(HEAD + "2021年公务接待费5.00万元，比2020年增加0万元，增长5%。", "stated-rate-differs")
