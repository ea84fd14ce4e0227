"""Where a rule for one layout must not touch another: headers with classes, project names, catalogues."""

from tests.support.documents import HEAD, audited


def columns(text: str) -> list[str]:
    return [column.label[-1] if column.label else "" for column in audited(HEAD + text).disclosure.tables[0].columns]


def test_header_with_an_economic_class_that_is_a_functional_class_too_stays_a_header():
    found = columns(
        "一般公共预算支出表（按政府预算经济分类）\n单位：元\n"
        "科目编码|科目名称|合计|机关工资福利支出|债务还本支出|转移性支出\n"
        "208|社会保障和就业支出|60.00|50.00|10.00|0.00\n"
        "20802|民政管理事务|60.00|50.00|10.00|0.00\n"
    )
    assert found == ["科目编码", "科目名称", "合计", "机关工资福利支出", "债务还本支出", "转移性支出"]


def test_header_of_columns_by_functional_class_stays_a_header():
    found = columns(
        "部门支出总表\n单位：元\n单位|合计|一般公共服务支出|社会保障和就业支出\n甲局|30.00|10.00|20.00\n乙局|7.00|3.00|4.00\n"
    )
    assert found == ["单位", "合计", "一般公共服务支出", "社会保障和就业支出"]


def test_first_row_of_a_summary_whose_amounts_are_blank_is_no_header():
    found = columns(
        "部门收支总表\n单位：元\n项目|预算数|项目|预算数\n预算内资金||一般公共服务支出|\n"
        "其他收入|5.00|教育支出|5.00\n收入总计|5.00|支出总计|5.00\n"
    )
    assert found == ["项目", "预算数", "项目", "预算数"]


def test_project_whose_name_holds_the_word_of_another_nature_is_a_project():
    result = audited(
        HEAD + "表三：部门支出总体情况表\n单位：元\n科目编码|科目名称|合计|基本支出|项目支出\n"
        "201|一般公共服务支出|100.00|25.00|75.00\n20103|政府办公厅（室）及相关机构事务|100.00|25.00|75.00\n"
        "2010301|行政运行|25.00|25.00|0.00\n2010302|一般行政管理事务|75.00|0.00|75.00\n|总计|100.00|25.00|75.00\n"
        "表九：部门预算明细表\n单位：元\n"
        "功能分类代码|功能分类名称|政府经济分类代码|政府经济分类名称|部门经济分类代码|部门经济分类名称|项目名称|预算金额\n"
        "2010301|行政运行|50101|工资奖金津补贴|30101|基本工资|人员支出_基本工资|25.00\n"
        "2010302|一般行政管理事务|50299|其他商品和服务支出|30299|其他商品和服务支出|补助下级民政所经费|50.00\n"
        "2010302|一般行政管理事务|50299|其他商品和服务支出|30299|其他商品和服务支出|大厅运维|25.00\n"
    )
    assert [finding.message.zh for finding in result.findings if finding.severity.value == "error"] == []


def catalogue(rows: str) -> dict[str, str]:
    """What the amounts of a table of purchased services are of, by their printed text."""
    text = (
        HEAD
        + "政府购买服务预算明细表\n单位：元\n编码(代码)|政府购买服务目录及项目名称|支出功能分类科目|预算批复数\n"
        + rows
    )
    return {fact.quote: fact.identity.item for fact in audited(text).disclosure.facts if fact.identity}


def test_unit_over_a_catalogue_is_the_whole_however_long_its_code():
    for unit in ("299001", "110102001"):
        found = catalogue(
            f"{unit}|某某局||60.00\nA|基本公共服务||50.00\nA01|信息服务||40.00\n20210000001|平台||30.00\n"
        )
        assert found["60.00"] == ""
        assert found["50.00"] == "A"


def test_project_with_a_short_number_is_no_unit():
    found = catalogue("A|基本公共服务||100.00\nA01|信息服务||90.00\n000123|教师培训||60.00\n20210000002|平台||40.00\n")
    assert found["60.00"] == "000123"
