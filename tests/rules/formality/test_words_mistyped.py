"""Slips that are wrong wherever they stand."""

import pytest

from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "words-mistyped"


@pytest.mark.parametrize(
    "slip",
    [
        "主要是原因是基数调整。",
        "制作展板30快、标识40块。",
        "2021部门预算安排购置车辆0台。",
        "使用人员度大于90%。",
        "合计10万元元。",
    ],
)
def test_slip_in_a_sentence_is_found(slip):
    assert len(findings(HEAD + "编制说明\n" + slip, CODE)) == 1


@pytest.mark.parametrize(
    "right",
    [
        "主要原因是基数调整。",
        "制作展板30块，加快10快速通道建设。",
        "2021年部门预算安排购置车辆0台。",
        "使用人员满意度大于90%，人员到达率高。",
        "合计10万元。",
    ],
)
def test_right_words_are_left_alone(right):
    assert state(HEAD + "编制说明\n" + right, CODE) == "not-applicable"


def test_slip_twice_in_one_table_is_one_finding():
    rows = "项目 | 内容\n展板 | 30快\n标识 | 40快"
    (finding,) = findings(HEAD + table("项目情况表", rows), CODE)
    assert quotes(finding) == ["30快", "40快"]
