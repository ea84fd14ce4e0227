"""Purchased services are projects of the detail table, in whole or in part."""

from tests.rules.samples import budget
from tests.support.documents import audited, findings, quotes, run_of, state, table

CODE = "purchase-not-in-detail"


def bought(amount="304.80", name="网站内容运维", unit="元"):
    rows = f"""
编码（单位/目录/项目） | 名称 | 合计
A | 公共服务 | {amount}
A23 | 技术性服务 | {amount}
110000200001 | {name} | {amount}
合计 | | {amount}
"""
    return budget(bought=table("政府购买服务预算财政拨款明细表", rows, unit))


def test_purchase_of_a_whole_project_holds():
    assert state(bought(), CODE) == "held"


def test_purchase_of_a_part_of_a_project_holds():
    assert state(bought("100.00"), CODE) == "held"


def test_purchase_above_the_project_is_broken():
    found = findings(bought("404.80"), CODE)
    assert any("404.80" in quotes(one) for one in found)


def test_purchase_of_no_project_is_named():
    text = bought()
    for row in ("A | 公共服务", "A23 | 技术性服务", "合计 |"):
        text = text.replace(f"{row} | 304.80", f"{row} | 305.80")
    text = text.replace("合计 | | 305.80", "110000200002 | 食堂服务 | 1.00\n合计 | | 305.80")
    (finding,) = findings(text, CODE)
    assert "食堂服务" in finding.message.zh


def test_services_that_are_not_named_as_projects_are_not_evaluated():
    run = run_of(audited(bought(name="计算机运行维护服务")), CODE)
    assert run.state.value == "not-evaluated"
    assert run.reason.en


def test_name_with_other_brackets_and_blanks_is_the_same_project():
    assert state(bought(name="网站 内容（运维）"), CODE) == "held"


def test_budget_without_purchases_is_not_applicable():
    assert state(budget(), CODE) == "not-applicable"


def test_purchase_in_ten_thousands_meets_the_project_at_the_edge_of_rounding():
    assert not [one for one in findings(bought("0.03", unit="万元"), CODE) if one.severity.value == "error"]
