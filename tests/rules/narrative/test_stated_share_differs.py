"""占比: a part divided by its whole."""

from tests.support.paragraphs import FINAL, audited, found, state_of
from zhengwu.model.finding import Severity, State

RULE = "stated-share-differs"


def test_share_that_the_amounts_do_not_give_is_broken() -> None:
    result = audited("支出预算200万元，其中：基本支出50万元，占20%；项目支出150万元，占75%。")
    assert len(found(result, RULE)) == 1
    assert "25.0000%" in found(result, RULE)[0].message.zh


def test_share_of_the_enumerated_whole_is_held() -> None:
    result = audited("支出预算200万元，其中：基本支出50万元，占25%；项目支出150万元，占75%。")
    assert state_of(result, RULE) is State.HELD


def test_share_of_a_whole_stated_in_another_paragraph_is_held() -> None:
    result = audited("2024年支出总预算200万元。", "（一）教育支出类科目80万元，占支出总预算40%。")
    assert state_of(result, RULE) is State.HELD


def test_share_behind_nested_parts_is_of_the_outer_whole() -> None:
    result = audited(
        "支出预算200万元，其中：基本支出50万元，占25%，其中：人员经费40万元，公用经费10万元；项目支出150万元，占75%。"
    )
    assert state_of(result, RULE) is State.HELD


def test_share_among_the_items_of_a_total_named_before_is_held() -> None:
    result = audited(
        "2024年度“三公”经费支出决算为10万元。",
        "2024年度“三公”经费支出决算中，公务接待费支出决算4万元，占40%；公务用车购置及运行维护费支出决算6万元，占60%。",
        title=FINAL,
    )
    assert state_of(result, RULE) is State.HELD


def test_share_of_a_whole_in_the_same_words_is_held() -> None:
    result = audited("授予中小企业合同金额40万元，其中：授予小微企业合同金额30万元，占授予中小企业合同金额的75%。")
    assert state_of(result, RULE) is State.HELD


def test_share_of_a_whole_not_printed_is_not_evaluated() -> None:
    assert state_of(audited("乙类科目30万元，占丙类科目的50%。"), RULE) is State.NOT_EVALUATED


def test_share_is_not_applicable_without_shares() -> None:
    assert state_of(audited("支出预算200万元。"), RULE) is State.NOT_APPLICABLE


def test_share_one_step_off_is_rounding_only() -> None:
    result = audited("支出预算300.00元，其中：基本支出100.00元，占33.34%；项目支出200.00元，占66.67%。")
    assert [finding.severity for finding in found(result, RULE)] == [Severity.INFO]
