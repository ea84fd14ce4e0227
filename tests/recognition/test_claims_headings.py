"""What is a heading: the headings above a paragraph say what its amounts are about."""

import pytest

from zhengwu.recognition.narrative import heading_level


@pytest.mark.parametrize(
    "text",
    [
        "三、支出预算情况说明",
        "（二）政府采购预算安排情况说明。",
        "1.公务接待费",
        "3.社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位职业年金缴费支出（项）",
        "名词解释",
    ],
)
def test_heading_is_known_by_its_number_or_its_last_word(text: str) -> None:
    assert heading_level(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "2.政府性基金预算拨款收入0万元",  # states an amount
        "（一）教育支出类科目80万元，占40%。",
        "1.加强队伍建设；",
        "一、坚持厉行节约，严格控制支出。",
        "2024年预算安排6万元。",
    ],
)
def test_sentence_is_no_heading(text: str) -> None:
    assert heading_level(text) is None
