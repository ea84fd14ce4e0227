"""完成率: the account divided by its budget."""

from tests.support.paragraphs import FINAL, audited, found, state_of
from zhengwu.model.finding import Severity, State

RULE = "completion-rate-differs"


def test_completion_that_the_amounts_do_not_give_is_broken() -> None:
    result = audited("机关运行经费支出年初预算为50万元，支出决算为40万元，完成年初预算的90%。", title=FINAL)
    assert len(found(result, RULE)) == 1


def test_completion_of_budget_and_account_is_held() -> None:
    result = audited("机关运行经费支出年初预算为50万元，支出决算为40万元，完成年初预算的80%。", title=FINAL)
    assert state_of(result, RULE) is State.HELD


def test_completion_names_its_budget_inside_its_words() -> None:
    text = "公务接待费支出决算为4万元，完成预算5万元的80%，比上年增加1万元，增长33.33%。"
    result = audited(text, title=FINAL)
    assert state_of(result, RULE) is State.HELD
    assert state_of(result, "stated-rate-differs") is State.HELD


def test_completion_of_each_item_uses_its_own_budget() -> None:
    result = audited(
        "“三公”经费支出决算为9万元，完成全年预算12万元的75%。其中：公务接待费支出决算为4万元，完成预算5万元的80%；"
        "公务用车运行维护费支出决算为5万元，完成预算7万元的71.4%。",
        title=FINAL,
    )
    assert state_of(result, RULE) is State.HELD


def test_completion_without_budget_is_not_applicable() -> None:
    result = audited("公务接待费支出决算为4万元，完成预算的80%。", title=FINAL)
    assert state_of(result, RULE) is State.NOT_APPLICABLE


def test_completion_one_step_off_is_rounding_only() -> None:
    result = audited("机关运行经费支出年初预算为30.00元，支出决算为20.00元，完成年初预算的66.66%。", title=FINAL)
    assert [finding.severity for finding in found(result, RULE)] == [Severity.INFO]
