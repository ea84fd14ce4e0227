"""Items named in a sentence against the rows that hold money."""

from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "named-items-differ-from-table"
BASIC = """
科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费
301 | 工资福利支出 | 60.00 | 60.00 |
30101 | 基本工资 | 30.00 | 30.00 |
30102 | 津贴补贴 | 20.00 | 20.00 |
30113 | 住房公积金 | 10.00 | 10.00 |
303 | 对个人和家庭的补助 | 5.00 | 5.00 |
30309 | 奖励金 | 5.00 | 5.00 |
30310 | 个人农业生产补贴 | | |
302 | 商品和服务支出 | 15.00 | | 15.00
30201 | 办公费 | 10.00 | | 10.00
30202 | 印刷费 | 4.00 | | 4.00
30204 | 手续费 | 1.00 | | 1.00
合计 | | 80.00 | 65.00 | 15.00
"""


def document(sentence):
    return HEAD + table("一般公共预算基本支出情况表", BASIC) + "编制说明\n" + sentence


def test_item_named_whose_row_is_blank_is_an_error():
    (finding,) = findings(
        document("人员经费65.00元，主要包括：基本工资、津贴补贴、住房公积金、个人农业生产补贴；公用经费15.00元。"), CODE
    )
    assert finding.severity.value == "error"
    assert {"个人农业生产补贴", "奖励金"} == set(quotes(finding))


def test_all_items_that_hold_money_named_holds():
    text = "人员经费65.00元，主要包括：基本工资、津贴补贴、住房公积金、奖励金；公用经费15.00元，主要包括：办公费、印刷费、手续费。"
    assert state(document(text), CODE) == "held"


def test_item_left_out_of_a_complete_list_is_a_hint():
    (finding,) = findings(
        document("公用经费15.00元，主要包括：办公费、印刷费、手续费。人员经费包括：基本工资、津贴补贴、住房公积金。"),
        CODE,
    )
    assert finding.severity.value == "info"
    assert quotes(finding) == ["奖励金"]


def test_list_that_ends_in_and_so_on_may_leave_items_out():
    assert state(document("人员经费主要包括：基本工资、津贴补贴、住房公积金等。"), CODE) == "held"


def test_list_of_other_words_is_not_applicable():
    assert state(document("公用经费主要用于：日常办公、设备维护、其他事务。"), CODE) == "not-applicable"


def test_document_without_the_table_is_not_applicable():
    assert state(HEAD + "编制说明\n人员经费主要包括：基本工资、津贴补贴、住房公积金。", CODE) == "not-applicable"
