"""Many things said in one message."""

import pytest

from zhengwu.ledger.problem import several
from zhengwu.model.message import Message

SAID = [Message(f"第 {one} 处", f"thing {one}") for one in range(1, 1_204)]


@pytest.mark.parametrize(
    ("said", "most", "zh"),
    [
        (SAID[:0], 2, "共："),
        (SAID[:2], 2, "共：\n第 1 处\n第 2 处"),
        (SAID[:3], 2, "共：\n第 1 处\n第 2 处\n另有 1 处。"),
        (SAID, 2, "共：\n第 1 处\n第 2 处\n另有 1,201 处。"),
    ],
)
def test_first_things_are_said_and_the_rest_is_counted(said, most, zh):
    assert several("共：", "in all:", said, most).zh == zh


def test_both_languages_say_the_same_lines():
    zh, en = several("共：", "in all:", SAID)
    assert len(zh.splitlines()) == len(en.splitlines()) == 22
    assert en.splitlines()[:2] == ["in all:", "thing 1"]
    assert en.endswith("\nand 1,183 more")
