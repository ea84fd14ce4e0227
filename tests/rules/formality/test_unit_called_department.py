"""A unit's document and a department's words."""

from tests.support.documents import findings, state

CODE = "unit-called-department"
UNIT = "某某中心2021年度单位预算\n"
DEPARTMENT = "某某局2021年度部门预算\n"


def test_unit_that_says_this_department_is_one_finding_with_all_places():
    (finding,) = findings(UNIT + "本部门2021年收入预算100万元。\n本部门没有政府性基金。", CODE)
    assert len(finding.at) == 2
    assert finding.severity.value == "warning"


def test_unit_that_says_this_unit_holds():
    assert state(UNIT + "本单位2021年收入预算100万元。", CODE) == "held"


def test_department_that_says_this_department_is_not_applicable():
    assert state(DEPARTMENT + "本部门2021年收入预算100万元。", CODE) == "not-applicable"


def test_title_of_a_departments_table_in_a_units_document_is_found():
    table = "2021年部门收入预算总表\n科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00"
    assert findings(UNIT + table, CODE)


def test_name_of_the_classification_is_left_alone():
    table = "2021年单位基本支出部门预算经济分类预算表\n科目编码 | 科目名称 | 合计\n301 | 工资福利支出 | 1.00"
    assert not findings(UNIT + table, CODE)
