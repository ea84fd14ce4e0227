"""What columns and cells of published layouts stand for."""

import pytest
from tests.support import layouts

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.fact import Identity
from zhengwu.recognition.captions import Captions, caption_of
from zhengwu.recognition.columns import dims_of_path
from zhengwu.recognition.understand import understand


def _understood(name: str) -> Disclosure:
    return understand(layouts.document(layouts.written(name)))


def _columns(name: str, kind: str) -> list[tuple[str, str]]:
    table = next(table for table in _understood(name).tables if table.kind == kind)
    return [(column.role, column.key) for column in table.columns]


def _identity(name: str, kind: str, row: str, column: int) -> Identity | None:
    return layouts.cell_fact(_understood(name), kind, row, column).identity


def test_income_columns_under_this_and_last_year_are_told_apart() -> None:
    table = _understood("beijing_budget").tables[1]
    funds = [dict(column.dims).get("fund", "") for column in table.columns if column.role == "amount"]
    assert funds[:3] == ["", "current", "general"]
    assert funds[-6:-3] == ["carryover", "carryover.general", "carryover.government_fund"]
    assert funds[-1] == "carryover.own"


def test_columns_with_change_and_rate_have_no_amount_identity() -> None:
    assert [key for _, key in _columns("central_budget", "general_expenditure")][-2:] == ["change", "rate"]
    assert _identity("central_budget", "general_expenditure", "2010301", 7) is None
    assert _identity("central_budget", "general_expenditure", "2010301", 8) is None


def test_rate_column_is_in_per_cent_not_in_the_money_unit() -> None:
    fact = layouts.cell_fact(_understood("central_budget"), "general_expenditure", "2010302", 8)
    assert (fact.unit, fact.quote) == ("%", "-4.55")


def test_last_years_execution_is_not_last_years_budget() -> None:
    identity = _identity("central_budget", "general_expenditure", "2010301", 3)
    assert identity == Identity("expenditure", 2022, "execution", function="2010301", fund="general")


def test_code_before_the_name_is_the_code_of_the_row() -> None:
    disclosure = _understood("coded_names")
    fact = next(f for f in disclosure.facts if f.label == "小学教育 合计")
    assert fact.identity == Identity("expenditure", 2022, function="2050202", fund="general")
    assert fact.value == 300_500


def test_code_in_three_columns_with_blank_parents_is_put_together() -> None:
    disclosure = _understood("blank_parents")
    codes = [f.identity.function for f in disclosure.facts if f.identity and f.label.endswith("合计")]
    assert codes == ["207", "20701", "2070109", "2070199", "221", "22102", "2210201", ""]


def test_code_with_blanks_inside_is_read_as_one_code() -> None:
    assert _identity("title_in_grid", "general_expenditure", "2010301", 3) == Identity(
        "expenditure", 2025, function="2010301", fund="general"
    )


def test_unit_row_is_part_of_the_total_not_the_total() -> None:
    unit = _identity("integrated_units", "income", "301001", 3)
    assert unit is not None
    assert unit.item == "unit:301001"
    total = _identity("integrated_units", "income", "合计", 3)
    assert total == Identity("income", 2024)


def test_project_row_under_a_code_is_its_own_item() -> None:
    identity = _identity("integrated_units", "project_expenditure", "标本普查经费", 6)
    assert identity is not None
    assert (identity.function, identity.nature, identity.item) == ("2010302", "project", "标本普查经费")


def test_column_of_unknown_words_has_no_identity() -> None:
    assert dict(dims_of_path(("应急储备金",))) == {"aspect": "unknown"}
    assert _identity("unknown_column", "expenditure", "2010302", 7) is None


def test_row_of_a_year_is_of_that_year() -> None:
    assert _identity("beijing_budget", "three_public", "2022年", 2) == Identity("three_public", 2022)
    assert _identity("beijing_budget", "three_public", "2023年", 4) == Identity("three_public", 2023, item="reception")


def test_row_of_column_numbers_is_no_amount() -> None:
    disclosure = _understood("final_national")
    labels = [column.label for column in disclosure.tables[4].columns]
    assert (labels[0][-1], labels[-1]) == ("类", ("本年支出", "项目支出"))
    assert all(fact.quote not in ("1", "2", "3") for fact in disclosure.facts)


def test_carried_over_of_a_fund_table_is_that_funds_income() -> None:
    identity = _identity("final_national", "government_fund_summary", "2120899", 3)
    assert identity == Identity("income", 2023, "final", function="2120899", fund="carryover.government_fund")


def test_expenditure_from_this_years_money_is_not_the_whole_expenditure() -> None:
    identity = _identity("carried_columns", "general_expenditure", "行政运行", 7)
    assert identity is not None
    assert identity.fund == "current.general"


def test_funding_of_projects_beside_carried_over_money_is_not_the_funds_expenditure() -> None:
    identity = _identity("beijing_budget", "project_expenditure", "标本数字化", 5)
    assert identity is not None
    assert identity.fund == "current.general"


def test_total_of_a_folded_list_is_the_sum_over_both_sides() -> None:
    disclosure = _understood("folded_basic")
    wholes = {parts.whole.quote: [part.quote for part in parts.parts] for parts in disclosure.parts}
    assert wholes["1,000.00"] == ["700.00", "50.00", "250.00"]
    assert wholes["750.00"] == ["700.00", "50.00"]


def test_source_behind_the_years_total_is_part_of_the_grand_total_only() -> None:
    text = (
        layouts.written("guangdong_style")
        .replace("| 四、上级补助收入 | | 四", "| 四、上级补助收入 | 7.00 | 四")
        .replace("550.00 | 支出总计", "557.00 | 支出总计")
        .replace("支出总计 | 550.00", "支出总计 | 557.00")
        .replace("六、结转下年 | |", "六、结转下年 | 7.00 |")
    )
    assert [f.message.zh for f in layouts.audited(text).findings] == []


def test_unknown_item_with_an_amount_leaves_its_total_unchecked_aloud() -> None:
    result = layouts.audited(layouts.written("unknown_item"))
    assert any("标本借展押金" in gap.reason.zh for gap in result.gaps)


def test_source_named_twice_leaves_its_total_unchecked_aloud() -> None:
    text = layouts.written("income_in_words").replace(
        "| 本年收入合计", "| 事业收入 | 9.00 |\n| 其他收入 | 3.00 |\n| 本年收入合计"
    )
    result = layouts.audited(text)
    assert [finding.message.zh for finding in result.findings] == []
    assert any("其他收入" in gap.reason.zh for gap in result.gaps)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("预算01表", Captions(number="1")),
        ("公开表1", Captions(number="1")),
        ("附表3-2", Captions(number="3-2")),
        ("附件3-5", Captions(number="3-5")),
        ("表十三-1", Captions(number="十三-1")),
        ("部门公开表9", Captions(number="9")),
        ("财决公开06表", Captions(number="6")),
        ("表1　部门收支总表", Captions(number="1", title="部门收支总表")),
        ("01 收支总表", Captions(number="1", title="收支总表")),
        ("一、部门收支总表", Captions(title="部门收支总表")),
        ("2024年部门收支总表", Captions(title="2024年部门收支总表")),
        ("单位：万元", Captions(money_unit="万元")),
        ("金额单位:人民币元", Captions(money_unit="元")),
        ("编制部门：示例市标本局　　单位：千元", Captions(money_unit="千元", entity="示例市标本局")),
        ("本部门按照有关规定编制收支总表。", None),
    ],
)
def test_caption_of_any_style_is_read(line: str, expected: Captions | None) -> None:
    assert caption_of(line) == expected
