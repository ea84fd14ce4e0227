"""Purposes in words against the columns of basic and project expenditure."""

from tests.support.documents import HEAD, findings, quotes, state, table

CODE = "purpose-contradicts-table"
ROWS = """
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | 130,000.00 | 30,000.00 | 100,000.00
20106 | 财政事务 | 130,000.00 | 30,000.00 | 100,000.00
2010601 | 行政运行 | 30,000.00 | 30,000.00 |
2010602 | 一般行政管理事务 | 100,000.00 | | 100,000.00
合计 | | 130,000.00 | 30,000.00 | 100,000.00
"""
TEXT = "编制说明\n1. “一般公共服务支出-财政事务-{}”科目{}万元，主要用于{}。\n"


def document(name, amount, purpose):
    return HEAD + table("一般公共预算支出情况表", ROWS) + TEXT.format(name, amount, purpose)


def test_basic_purpose_of_project_money_is_found():
    (finding,) = findings(document("一般行政管理事务", "10", "业务指导等基本支出"), CODE)
    assert quotes(finding) == ["基本支出", "100,000.00"]


def test_project_purpose_of_basic_money_is_found():
    assert findings(document("行政运行", "3", "未单独设置项级科目的其他项目支出"), CODE)


def test_purpose_that_fits_its_column_holds():
    assert state(document("行政运行", "3", "行政单位的基本支出"), CODE) == "held"


def test_purpose_that_names_neither_is_not_applicable():
    assert state(document("行政运行", "3", "机构运转"), CODE) == "not-applicable"


def test_class_without_a_table_is_not_applicable():
    text = HEAD + TEXT.format("行政运行", "3", "项目支出")
    assert state(text, CODE) == "not-applicable"
