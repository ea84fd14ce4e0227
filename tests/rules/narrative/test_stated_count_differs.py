"""N个项目: the number stated is the number listed."""

from tests.support.paragraphs import audited, found, state_of
from zhengwu.model.document import Document, Source
from zhengwu.model.finding import State
from zhengwu.reading.txt import read
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import Audit, audit

RULE = "stated-count-differs"
FORM = """
项目支出绩效目标申报表

| 项目名称 | {name} |
| 年度资金总额 | 30 |
| 其中：财政拨款 | 30 |
"""


def with_forms(sentence: str, *names: str) -> Audit:
    text = "\n".join(["某市甲局2024年部门预算", sentence, *[FORM.format(name=name) for name in names]])
    return audit(understand(Document(Source("text.txt", "txt", ""), read(text.encode()).blocks)))


def test_count_that_is_not_the_number_of_forms_is_broken() -> None:
    result = with_forms("2024年编报绩效目标的项目共3个。", "普法", "调解")
    assert [finding.expected for finding in found(result, RULE)] == ["2"]


def test_count_of_the_forms_is_held() -> None:
    assert state_of(with_forms("2024年编报绩效目标的项目共2个。", "普法", "调解"), RULE) is State.HELD


def test_count_in_words_is_held() -> None:
    assert state_of(with_forms("2024年编报绩效目标的项目共两个。", "普法", "调解"), RULE) is State.HELD


def test_count_without_a_list_is_not_evaluated() -> None:
    assert state_of(audited("2024年编报绩效目标的项目共3个，涉及资金80万元。"), RULE) is State.NOT_EVALUATED


def test_text_without_counts_is_not_applicable() -> None:
    assert state_of(audited("2024年支出预算80万元。"), RULE) is State.NOT_APPLICABLE
