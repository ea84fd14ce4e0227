"""Names of codes in the classification of the document's year."""

import pytest

from tests.rules.samples import budget
from tests.support.documents import HEAD, audited, findings, run_of, state, table

CODE = "name-does-not-match-code"


def named(code, name, year=2021):
    rows = f"科目编码 | 科目名称 | 合计\n{code} | {name} | 60.00"
    return HEAD.replace("2021", str(year)) + table("部门支出总体情况表", rows)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("210", "卫生健康支出"),
        ("210", "卫生健康"),
        ("210", "卫生 健康支出"),
        ("20103", "政府办公厅(室)及相关机构事务"),
        ("20103", "政府办公厅〔室〕及相关机构事务"),
        ("20103", "政府办公厅及相关机构事务"),
        ("2080505", "机关事业单位基本养老保险缴费"),
        ("2080505", "机关事业单位基本养老保险"),  # cut by the page
        ("201", "一般公共服务支出（类）"),
    ],
)
def test_name_of_the_year_however_spelt_holds(code, name):
    assert state(named(code, name), CODE) == "held"


def test_name_of_an_older_year_is_an_error_that_says_so():
    (finding,) = findings(named("210", "医疗卫生与计划生育支出"), CODE)
    assert finding.severity.value == "error"
    assert finding.expected == "卫生健康支出"
    assert "2018 年及以前" in finding.message.zh
    assert "2018 and before" in finding.message.en


def test_older_name_in_its_own_year_holds():
    assert state(named("210", "医疗卫生与计划生育支出", 2017), CODE) == "held"


def test_name_of_another_code_is_an_error_that_names_it():
    (finding,) = findings(named("2210201", "购房补贴"), CODE)
    assert finding.severity.value == "error"
    assert "2210203" in finding.message.zh


def test_name_that_nobody_knows_is_a_warning():
    (finding,) = findings(named("2210201", "住房积累金"), CODE)
    assert finding.severity.value == "warning"


def test_numbered_names_are_not_the_same_without_their_number():
    assert state(named("503", "机关资本性支出（一）"), CODE) in ("held", "not-applicable")
    assert not findings(named("503", "机关资本性支出(一)"), CODE)


def test_code_that_the_data_does_not_vouch_for_is_not_applicable():
    assert state(named("2999901", "从未见过的支出"), CODE) == "not-applicable"


def test_same_slip_in_several_tables_is_one_finding():
    text = budget().replace("机关事业单位基本养老保险缴费支出", "归口管理的行政单位离退休")
    (finding,) = findings(text, CODE)
    assert len(finding.at) > 3


def test_names_that_hold_are_counted():
    assert run_of(audited(budget()), CODE).relations > 30
