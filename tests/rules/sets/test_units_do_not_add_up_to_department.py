"""A department against the sum of its units, found by their names."""

import pytest

from tests.support.documents import run_of, table
from tests.support.sets import audited_with, department, expenditure, unit

CODE = "units-do-not-add-up-to-department"
OWN = {"201": ("60.00", "20.00"), "20103": ("60.00", "20.00"), "2010301": ("60.00", ""), "2010302": ("", "20.00")}
CENTRE = {"201": ("30.00", ""), "20103": ("30.00", ""), "2010301": ("30.00", "")}
SUM = {"201": ("90.00", "20.00"), "20103": ("90.00", "20.00"), "2010301": ("90.00", ""), "2010302": ("", "20.00")}


def found(result):
    return [finding for finding in result.findings if finding.rule == CODE]


def test_units_that_add_up_hold_at_every_level():
    result = audited_with(department(SUM), unit("某某局本级", OWN), unit("某某中心", CENTRE))
    run = run_of(result, CODE)
    assert (run.state.value, run.relations, run.reason) == ("held", 13, None)


def test_unit_with_less_than_the_department_took_is_one_finding_over_all_levels():
    less = dict.fromkeys(CENTRE, ("25.00", ""))
    result = audited_with(department(SUM), unit("某某局本级", OWN), unit("某某中心", less))
    (finding,) = found(result)
    assert finding.difference == "5.00"
    assert len(finding.steps) == 8
    assert "行政运行" in finding.steps[0].zh
    assert {spot.document for spot in finding.at} == {0, 1, 2}
    assert finding.at[0].document == 0
    assert "《test (3)》" in finding.message.zh


def test_wrong_number_that_breaks_its_own_table_too_is_the_one_named():
    result = audited_with(
        department(SUM).replace("行政运行 | 90.00 | 90.00 |", "行政运行 | 91.00 | 91.00 |"),
        unit("某某局本级", OWN),
        unit("某某中心", CENTRE),
    )
    assert all("91.00" in finding.message.zh for finding in result.findings if finding.severity.value == "error")
    assert not [finding for finding in result.findings if finding.rule == CODE and len(finding.steps) > 4]


def test_audited_unit_is_compared_with_its_department_and_sister():
    result = audited_with(unit("某某中心", CENTRE), department(SUM), unit("某某局本级", OWN))
    assert run_of(result, CODE).state.value == "held"


def test_difference_that_does_not_concern_the_audited_unit_is_left_to_the_others():
    other = {**OWN, "2010302": ("", "19.00"), "20103": ("60.00", "19.00"), "201": ("60.00", "19.00")}
    result = audited_with(unit("某某中心", CENTRE), department(SUM), unit("某某局本级", other))
    assert all(any(not spot.document for spot in finding.at) for finding in result.findings)


def test_missing_unit_leaves_a_bound_and_is_said():
    result = audited_with(department(SUM), unit("某某局本级", OWN))
    run = run_of(result, CODE)
    assert run.state.value == "held"
    assert "缺某某中心" in run.reason.zh
    assert not found(result)
    more = dict.fromkeys(CENTRE, ("95.00", ""))
    assert found(audited_with(department(SUM), unit("某某局本级", more)))


def test_department_without_a_list_of_units_leaves_a_bound():
    result = audited_with(department(SUM, ()), unit("某某局本级", OWN))
    assert "没有写全所属预算单位" in run_of(result, CODE).reason.zh
    assert not found(result)


def test_single_unit_must_agree_with_its_department():
    single = ("某某局本部",)
    assert run_of(audited_with(department(OWN, single), unit("某某局", OWN)), CODE).state.value == "held"
    other = {**OWN, "2010302": ("", "19.00"), "20103": ("60.00", "19.00"), "201": ("60.00", "19.00")}
    (finding,) = found(audited_with(department(OWN, single), unit("某某局", other)))
    assert finding.difference == "1.00"


def test_list_of_second_level_units_waits_for_the_departments_own_office():
    second = ("某某中心",)
    text = department(SUM, second)
    alone = audited_with(text, unit("某某中心", CENTRE))
    assert "缺某某局本级" in run_of(alone, CODE).reason.zh
    assert not found(alone)
    both = run_of(audited_with(text, unit("某某中心", CENTRE), unit("某某局本级", OWN)), CODE)
    assert (both.state.value, both.reason) == ("held", None)


def test_unit_merged_into_the_department_is_not_waited_for():
    text = department(OWN, ("某某局本部", "下属事业单位某某中心不单列预算，并入本部"))
    run = run_of(audited_with(text, unit("某某局", OWN)), CODE)
    assert (run.state.value, run.reason) == ("held", None)


def test_counted_units_that_are_not_all_listed_leave_a_bound():
    text = department(SUM, more="本部门3个预算单位开展了绩效目标编报。\n")
    assert run_of(audited_with(text, unit("某某局本级", OWN), unit("某某中心", CENTRE)), CODE).state.value == "held"
    counted = text.replace("3个预算单位", "7个预算单位")
    assert run_of(audited_with(counted, unit("某某局本级", OWN), unit("某某中心", CENTRE)), CODE).reason


@pytest.mark.parametrize(
    "others",
    [(), (unit("别的局", OWN),), (unit("某某中心", CENTRE, year=2020),), (department(SUM),)],
    ids=["alone", "stranger", "another year", "same document"],
)
def test_documents_that_are_no_units_of_the_year_are_not_applicable(others):
    result = audited_with(department(SUM), *others)
    assert run_of(result, CODE).state.value == "not-applicable"
    assert not result.findings


@pytest.mark.parametrize(("total", "severities"), [("11.12", ["info"]), ("11.14", ["error"])])
def test_sum_of_units_at_the_edge_of_rounding(total, severities):
    def in_ten_thousands(head, amount):
        rows = f"科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | {amount}\n合计 | | {amount}"
        return head + table("支出预算总表", rows, "万元")

    head = department({}).split("科目编码")[0].rpartition("支出预算总表")[0]
    result = audited_with(
        in_ten_thousands(head, total),
        in_ten_thousands("某某局本级2021年单位预算\n", "5.56"),
        in_ten_thousands("某某中心2021年单位预算\n", "5.55"),
    )
    assert sorted({finding.severity.value for finding in found(result)}) == severities


def test_money_paid_between_units_is_left_out_and_said():
    income = table("收入预算总表", "项目 | 预算数\n上级补助收入 | 5.00\n合计 | 115.00")
    result = audited_with(department(SUM), unit("某某局本级", OWN), unit("某某中心", CENTRE) + income)
    assert "内部往来" in run_of(result, CODE).reason.zh
    assert not found(result)


def test_facts_of_other_documents_are_not_counted_in_the_coverage():
    alone = audited_with(department(SUM))
    together = audited_with(department(SUM), unit("某某局本级", OWN), unit("某某中心", CENTRE))
    assert len(alone.disclosure.facts) == len(together.disclosure.facts)
    assert alone.tied <= together.tied
    assert expenditure(OWN)
