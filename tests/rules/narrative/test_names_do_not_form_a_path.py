"""Paths of names in sentences against the classification."""

import pytest

from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "names-do-not-form-a-path"


def text(sentence):
    return HEAD + "编制说明\n" + sentence


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("1、社会保障和就业支出（类）住房改革支出（款）住房公积金（项）3万元。", "社会保障和就业支出"),
        ("“住房保障支出-住房改革支出-行政单位医疗”科目3万元。", "行政单位医疗"),
        ("“住房保障支出-行政事业单位医疗-住房公积金”科目3万元。", "行政事业单位医疗"),
        ("主要用于住房公积金（类）3万元。", "住房公积金"),
    ],
)
def test_name_that_does_not_belong_is_found(sentence, wrong):
    (finding,) = findings(text(sentence), CODE)
    assert quotes(finding) == [wrong]


@pytest.mark.parametrize(
    "sentence",
    [
        "1、住房保障支出（类）住房改革支出（款）住房公积金（项）3万元。",
        "“一般公共服务支出-政府办公厅（室）及相关机构事务-行政运行”科目3万元。",
        "主要用于以下方面：住房保障支出（类）3万元；卫生健康支出（类）2万元。",
        "按医疗卫生与计划生育支出（类）行政事业单位医疗（款）行政单位医疗（项）列支3万元。",  # another year's
    ],
)
def test_path_of_one_code_holds(sentence):
    assert state(text(sentence), CODE) == "held"


def test_path_with_an_unknown_name_is_left_alone():
    assert state(text("“住房保障支出-本区特设科目-住房公积金”科目3万元。"), CODE) == "not-applicable"


def test_path_of_a_code_that_only_the_tables_know_holds():
    rows = "科目编码 | 科目名称 | 合计\n221 | 住房保障支出 | 3.00\n22177 | 本区特设科目 | 3.00\n2217701 | 本区特设细目 | 3.00"
    sentence = "编制说明\n“住房保障支出-本区特设科目-本区特设细目”科目3元。"
    assert state(HEAD + table("部门支出总体情况表", rows) + sentence, CODE) == "held"


def test_other_words_in_quotes_are_not_applicable():
    assert state(text("“十四五-规划”与“互联网-政务服务”工作。"), CODE) == "not-applicable"
