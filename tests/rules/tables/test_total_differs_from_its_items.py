"""A total is the sum of its items, whether it stands first or last."""

import pytest

from tests.support.documents import HEAD, audited, findings, run_of, state, table

CODE = "total-differs-from-its-items"


def listed(total, first, second, unit="元", total_first=False):
    rows = [f"201 | 一般公共服务支出 | {first}", f"208 | 社会保障和就业支出 | {second}"]
    rows.insert(0 if total_first else 2, f"合计 | | {total}")
    return HEAD + table("部门支出总体情况表", "\n".join(["科目编码 | 科目名称 | 合计", *rows]), unit)


@pytest.mark.parametrize("total_first", [True, False])
def test_total_of_its_items_holds_first_or_last(total_first):
    assert state(listed("110.00", "60.00", "50.00", total_first=total_first), CODE) == "held"


@pytest.mark.parametrize("total_first", [True, False])
def test_total_that_differs_is_broken_first_or_last(total_first):
    (finding,) = findings(listed("100.00", "60.00", "50.00", total_first=total_first), CODE)
    assert (finding.actual, finding.expected, finding.difference) == ("100.00", "110.00", "-10.00")


@pytest.mark.parametrize(("second", "severities"), [("6.67", ["info"]), ("6.69", ["error"])])
def test_total_at_the_edge_of_rounding(second, severities):
    assert [one.severity.value for one in findings(listed("10.00", "3.34", second, "万元"), CODE)] == severities


def test_ten_thousands_with_six_decimals_are_exact():
    assert state(listed("10.000000", "3.330000", "6.670000", "万元"), CODE) == "held"
    (finding,) = findings(listed("10.000000", "3.330000", "6.670001", "万元"), CODE)
    assert finding.severity.value == "error"


def test_table_without_a_total_is_not_applicable():
    assert state(
        HEAD + table("部门支出总体情况表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 1.00"), CODE
    ) == ("not-applicable")


def test_item_that_is_not_understood_is_not_evaluated_with_its_name():
    text = """
收入项目 | 预算数 | 支出项目 | 预算数
财政拨款收入 | 100.00 | 一般公共服务支出 | 90.00
 | | 不明用途的款项 | 20.00
收入总计 | 100.00 | 支出总计 | 100.00
"""
    run = run_of(audited(HEAD + table("部门收支总体情况表", text)), CODE)
    assert run.state.value != "broken"
    assert "不明用途的款项" in run.reason.zh
