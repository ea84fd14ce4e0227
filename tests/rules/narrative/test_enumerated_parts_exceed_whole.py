"""其中: the parts are not more than the whole."""

from tests.support.paragraphs import audited, found, state_of
from zhengwu.model.finding import Severity, State

RULE = "enumerated-parts-exceed-whole"


def test_parts_above_their_whole_are_broken() -> None:
    result = audited("收入预算100万元，其中：财政拨款收入90万元，其他收入20万元。")
    assert len(found(result, RULE)) == 1


def test_parts_that_make_up_their_whole_are_held() -> None:
    assert state_of(audited("收入预算100万元，其中：财政拨款收入80万元，其他收入20万元。"), RULE) is State.HELD


def test_parts_of_a_part_are_not_added_twice() -> None:
    result = audited(
        "“三公”经费预算30万元，其中：公务接待费10万元，公务用车购置及运行费20万元（包括：公务用车购置费8万元、公务用车运行费12万元）。"
    )
    assert not found(result, RULE)


def test_parts_by_two_divisions_are_not_added_together() -> None:
    result = audited("支出预算100万元，其中：基本支出60万元，项目支出40万元，教育支出90万元，住房保障支出10万元。")
    assert not found(result, RULE)


def test_parts_not_understood_are_not_applicable() -> None:
    result = audited("设备购置80万元，其中：服务器50万元，存储器40万元。")
    assert state_of(result, RULE) is State.NOT_APPLICABLE


def test_parts_off_by_their_rounding_are_no_error() -> None:
    result = audited("收入预算100.01万元，其中：财政拨款收入80.01万元，其他收入20.01万元。")
    assert all(finding.severity is Severity.INFO for finding in found(result, RULE))
