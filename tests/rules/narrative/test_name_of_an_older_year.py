"""Names of older classifications in sentences."""

import pytest

from tests.support.documents import findings, state

CODE = "name-of-an-older-year"
HEAD = "某某局2024年度部门决算\n编制说明\n"


@pytest.mark.parametrize(
    "text",
    [
        "医疗卫生与计划生育支出（类）61.00万元，占2.07%。",
        "“医疗卫生与计划生育支出-行政事业单位医疗-行政单位医疗”科目61.00万元。",
        "主要用于以下方面：教育支出（类）3.00万元；医疗卫生与计划生育支出（类）61.00万元。",
    ],
)
def test_older_name_is_found_with_the_name_of_the_year(text):
    (finding,) = findings(HEAD + text, CODE)
    assert (finding.actual, finding.expected) == ("医疗卫生与计划生育支出", "卫生健康支出")


def test_same_slip_twice_is_one_finding():
    text = "医疗卫生与计划生育支出（类）61.00万元。\n医疗卫生与计划生育支出（类）行政事业单位医疗（款）61.00万元。"
    (finding,) = findings(HEAD + text, CODE)
    assert len(finding.at) == 2


def test_name_of_the_year_holds():
    assert state(HEAD + "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）61.00万元。", CODE) == "held"


def test_older_name_in_a_document_of_its_year_holds():
    text = "某某局2018年度部门决算\n医疗卫生与计划生育支出（类）61.00万元。"
    assert not findings(text, CODE)


def test_words_outside_a_path_are_not_judged():
    assert state(HEAD + "本单位负责行政事业单位离退休人员管理工作。", CODE) == "not-applicable"
