"""What each layout is: kind of document, year, unit, dialect; and its tables: kind, number, title, money unit."""

EXPECTED = {
    "beijing_budget": (
        ("budget", 2023, "示例市标本中心", "beijing-budget"),
        [
            ("summary", "1", "收支总表", "万元"),
            ("income", "2", "收入总表", "万元"),
            ("expenditure", "3", "支出总表", "万元"),
            ("project_expenditure", "4", "项目支出表", "万元"),
            ("procurement", "5", "政府采购预算明细表", "万元"),
            ("fiscal_summary", "6", "财政拨款收支总表", "万元"),
            ("general_expenditure", "7", "一般公共预算财政拨款支出表", "万元"),
            ("three_public", "11", "财政拨款“三公”经费支出表", "万元"),
            ("purchased_services", "12", "政府购买服务预算财政拨款明细表", "万元"),
            ("general_basic", "8", "一般公共预算财政拨款基本支出表", "万元"),
            ("government_fund", "9", "政府性基金预算财政拨款支出表", "万元"),
            ("state_capital", "10", "国有资本经营预算财政拨款支出表", "万元"),
        ],
    ),
    "beijing_targets": (
        ("budget", 2023, "", ""),
        [
            ("target_form", "13", "项目支出绩效目标表", "万元"),
        ],
    ),
    "blank_parents": (
        ("budget", 2024, "示例区标本中心", ""),
        [
            ("expenditure", "", "2024年预算单位支出预算总表", "元"),
        ],
    ),
    "carried_columns": (
        ("budget", 2023, "示例县标本局", ""),
        [
            ("general_expenditure", "3-1", "一般公共预算支出预算表", "万元"),
        ],
    ),
    "central_budget": (
        ("budget", 2023, "国家标本局", "central-budget"),
        [
            ("summary", "1", "部门收支总表", "万元"),
            ("income", "2", "部门收入总表", "万元"),
            ("expenditure", "3", "部门支出总表", "万元"),
            ("fiscal_summary", "4", "财政拨款收支总表", "万元"),
            ("general_expenditure", "5", "一般公共预算支出表", "万元"),
            ("general_basic", "6", "一般公共预算基本支出表", "万元"),
            ("three_public", "7", "一般公共预算“三公”经费支出表", "万元"),
            ("government_fund", "8", "政府性基金预算支出表", "万元"),
            ("state_capital", "9", "国有资本经营预算支出表", "万元"),
        ],
    ),
    "coded_names": (
        ("budget", 2022, "示例市标本馆", ""),
        [
            ("general_expenditure", "5", "2022年一般公共预算支出情况表(按功能分类科目)", "千元"),
            ("general_basic", "6", "2022年一般公共预算基本支出情况表(按支出经济分类科目)", "千元"),
        ],
    ),
    "columns_of_classes": (
        ("budget", 2023, "", ""),
        [
            ("detail", "七", "部门支出明细表", "万元"),
        ],
    ),
    "compared_otherwise": (
        ("budget", 2023, "", ""),
        [
            ("general_expenditure", "五", "一般公共预算支出表", "万元"),
        ],
    ),
    "economic_columns": (
        ("budget", 2023, "示例县标本站", ""),
        [
            ("expenditure", "6", "支出分类汇总表(按部门预算经济分类)", "万元"),
        ],
    ),
    "final_national": (
        ("final", 2023, "示例县标本局", "final-accounts-national"),
        [
            ("summary", "1", "收入支出决算总表", "万元"),
            ("income", "2", "收入决算表", "万元"),
            ("expenditure", "3", "支出决算表", "万元"),
            ("fiscal_summary", "4", "财政拨款收入支出决算总表", "万元"),
            ("general_expenditure", "5", "一般公共预算财政拨款支出决算表", "万元"),
            ("general_basic", "6", "一般公共预算财政拨款基本支出决算明细表", "万元"),
            ("three_public", "7", "财政拨款“三公”经费支出决算表", "万元"),
            ("government_fund_summary", "8", "政府性基金预算财政拨款收入支出决算表", "万元"),
            ("state_capital", "9", "国有资本经营预算财政拨款支出决算表", "万元"),
        ],
    ),
    "final_units": (
        ("final", 2022, "示例区标本中心", ""),
        [
            ("summary", "一", "收入支出决算总表", "万元"),
            ("expenditure", "三", "支出决算表", "万元"),
            ("government_fund_summary", "八", "政府性基金预算财政拨款收入支出决算表", "万元"),
        ],
    ),
    "folded_basic": (
        ("budget", 2021, "", ""),
        [
            ("general_basic", "八", "一般公共预算基本支出表", "元"),
        ],
    ),
    "fund_summary_budget": (
        ("budget", 2023, "示例县标本局", ""),
        [
            ("fiscal_summary", "4", "财政拨款收支总表", "万元"),
        ],
    ),
    "goals_list": (
        ("budget", 2023, "", ""),
        [
            ("target_form", "6-1", "部门预算项目绩效目标表", "万元"),
        ],
    ),
    "government_classes": (
        ("budget", 2023, "", ""),
        [
            ("", "九", "一般公共预算支出表(按政府预算支出经济分类)", "万元"),
        ],
    ),
    "guangdong_style": (
        ("budget", 2023, "示例市标本局", ""),
        [
            ("summary", "1", "收支总体情况表", "万元"),
        ],
    ),
    "income_in_words": (
        ("budget", 2022, "", ""),
        [
            ("income", "二", "部门收入总体情况表", "万元"),
            ("fiscal_summary", "三", "财政拨款收支总体情况表", "万元"),
        ],
    ),
    "integrated_units": (
        ("budget", 2024, "示例县标本局", ""),
        [
            ("summary", "1", "部门收支总表", "元"),
            ("income", "1-1", "部门收入总表", "元"),
            ("expenditure", "1-2", "部门支出总表", "元"),
            ("project_expenditure", "3-2", "一般公共预算项目支出预算表", "元"),
        ],
    ),
    "jiangsu_style": (
        ("budget", 2024, "示例市标本局", ""),
        [
            ("summary", "1", "收支总表", "万元"),
            ("income", "2", "收入总表", "万元"),
            ("expenditure", "3", "支出总表", "万元"),
            ("fiscal_expenditure", "5", "财政拨款支出表(功能科目)", "万元"),
            ("operating", "11", "一般公共预算机关运行经费支出预算表", "万元"),
            ("procurement", "12", "政府采购支出表", "万元"),
        ],
    ),
    "natures_with_classes": (
        ("budget", 2023, "", ""),
        [
            ("summary", "一", "部门收支总表", "万元"),
        ],
    ),
    "no_titles": (
        ("budget", 2023, "", ""),
        [
            ("expenditure", "", "", "元"),
        ],
    ),
    "nothing_printed": (
        ("budget", 2023, "", ""),
        [
            ("income", "二", "部门收入预算总表", "万元"),
            ("government_fund", "八", "政府性基金预算支出表", "万元"),
        ],
    ),
    "purchase_variants": (
        ("budget", 2024, "示例县标本局", ""),
        [
            ("procurement", "11", "政府采购预算表", "元"),
            ("purchased_services", "12", "政府购买服务预算表", "元"),
        ],
    ),
    "shanghai_district": (
        ("budget", 2024, "示例区标本中心", ""),
        [
            ("general_basic", "", "2024年预算单位一般公共预算基本支出部门预算经济分类预算表", "元"),
            ("three_public", "", "2024年预算单位“三公”经费和机关运行经费预算表", "万元"),
        ],
    ),
    "split_pages": (
        ("budget", 2023, "", ""),
        [
            ("expenditure", "三", "部门支出预算表", "万元"),
        ],
    ),
    "state_capital": (
        ("budget", 2024, "示例市标本集团管理中心", ""),
        [
            ("state_capital", "10", "2024年国有资本经营预算支出表", "万元"),
        ],
    ),
    "subtotals": (
        ("budget", 2023, "", ""),
        [
            ("general_basic", "六", "一般公共预算基本支出表", "万元"),
        ],
    ),
    "three_public_by_unit": (
        ("budget", 2023, "示例县标本局", ""),
        [
            ("three_public", "3-3", "一般公共预算“三公”经费支出预算表", "万元"),
        ],
    ),
    "three_public_meetings": (
        ("budget", 2024, "示例市标本院", ""),
        [
            ("three_public", "9", "一般公共预算“三公”经费、会议费、培训费支出预算表", "万元"),
        ],
    ),
    "three_public_rows": (
        ("budget", 2024, "示例县标本局", ""),
        [
            ("three_public", "7", "“三公”经费预算表", "万元"),
        ],
    ),
    "title_in_grid": (
        ("budget", 2025, "示例区标本局", ""),
        [
            ("general_expenditure", "3-5", "2025年示例区标本局一般公共预算支出功能分类预算表", "元"),
        ],
    ),
    "totals_at_the_right": (
        ("budget", 2020, "示例县标本局", ""),
        [
            ("expenditure", "2", "部门支出总表", "元"),
        ],
    ),
    "units_then_codes": (
        ("budget", 2023, "", ""),
        [
            ("expenditure", "3", "2023年部门支出预算表", "万元"),
        ],
    ),
    "unknown_column": (
        ("budget", 2023, "", ""),
        [
            ("expenditure", "三", "部门支出预算总表", "万元"),
        ],
    ),
    "unknown_item": (
        ("budget", 2023, "", ""),
        [
            ("summary", "一", "部门收支预算总表", "万元"),
        ],
    ),
}
