"""Two ledgers compared: every row of either, differences, rates, what was renamed, what is not known."""

import json
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.ledger.samples import HALL, HOTLINE, ledger
from tests.publishing.ledgers import ledgers
from zhengwu.ledger import model as m
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.compare import comparison, comparison_html, comparison_json, comparison_text, leaves
from zhengwu.reporting.width import width

LINE = m.Line("107001", "2010301", "50101", "30101", "basic", "", "general", 1_000_000_00)


def of_year(year, lines=None, **changes):
    """The sample as the budget of a year, with other lines."""
    made = ledger(**({"lines": tuple(lines)} if lines is not None else {}), **changes)
    return made._replace(source=f"{year}.xlsx", budget=made.budget._replace(year=year))


def project(name, amount, fund="general", function="2010399"):
    return m.Line("107001", function, "50205", "30227", "project", name, fund, amount)


def group(found, key):
    return next(one for one in found.groups if one.key == key)


def rows(found, key):
    """Rows of a group by code or name."""
    return {row.code or row.name.zh: row for row in group(found, key).rows}


def test_amounts_stand_by_function_at_every_level_with_difference_rate_and_share():
    found = comparison(
        of_year(2020, [LINE, project(HALL, 300_00)]),
        of_year(2021, [LINE._replace(amount=1_200_000_00), project(HALL, 100_00)]),
    )
    by = rows(found, "function")
    assert [(code, row.level) for code, row in by.items()] == [("201", 0), ("20103", 1), ("2010301", 2), ("2010399", 2)]
    assert (by["201"].last, by["201"].this) == (1_000_300_00, 1_200_100_00)
    row = by["2010301"]
    assert (row.difference, row.rate) == (200_000_00, Decimal("20.00"))
    assert row.share(found.whole) == Decimal("99.99")
    assert row.name.zh == "行政运行"
    total = group(found, "function").total
    assert (total.last, total.this, total.share(found.whole)) == (1_000_300_00, 1_200_100_00, Decimal("100.00"))


def test_rate_is_blank_where_last_year_had_nothing():
    found = comparison(of_year(2020, [LINE]), of_year(2021, [LINE, project(HALL, 100_00)]))
    row = rows(found, "project")[HALL]
    assert (row.last, row.difference, row.rate, row.state) == (0, 100_00, None, "new")


def test_rate_is_rounded_half_up_to_two_decimals():
    found = comparison(of_year(2020, [LINE._replace(amount=800)]), of_year(2021, [LINE._replace(amount=801)]))
    assert rows(found, "function")["2010301"].rate == Decimal("0.13")  # 0.125


def test_departmental_classes_and_items_are_told_apart():
    by = rows(comparison(of_year(2020), of_year(2021)), "departmental")
    assert {code: row.level for code, row in by.items()} == {
        "301": 0, "30101": 1, "302": 0, "30201": 1, "30217": 1, "30227": 1,
    }  # fmt: skip


def test_projects_are_new_ended_or_changed():
    found = comparison(
        of_year(2020, [project(HALL, 100_00), project("旧系统运维", 50_00)]),
        of_year(2021, [project(HALL, 120_00), project(HOTLINE, 70_00)]),
    )
    assert {name: (row.last, row.this, row.state) for name, row in rows(found, "project").items()} == {
        HALL: (100_00, 120_00, ""),
        HOTLINE: (0, 70_00, "new"),
        "旧系统运维": (50_00, 0, "ended"),
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2020年政务公开评估服务", "2021年政务公开评估服务"),
        ("西城区2020年度政务服务体系质量监测服务", "西城区2021年度政务服务体系质量监测服务项目"),
        ("政务服务大厅引导员和综合受理服务项目", "政务服务大厅引导员和综合受理服务项目经费"),
    ],
)
def test_project_with_a_nearly_identical_name_is_shown_as_renamed(before, after):
    found = comparison(of_year(2020, [project(before, 100_00)]), of_year(2021, [project(after, 90_00)]))
    row = rows(found, "project")[after]
    assert (row.last, row.this, row.state, row.last_name) == (100_00, 90_00, "renamed", before)
    assert f"原名：{before}" in comparison_text(found, "zh").replace("\n", "").replace(" ", "")


def test_projects_with_other_names_are_not_taken_for_renamed():
    found = comparison(of_year(2020, [project("网站运维", 100_00)]), of_year(2021, [project("机房运维", 90_00)]))
    assert {row.state for row in rows(found, "project").values()} == {"new", "ended"}


def test_same_name_written_with_other_brackets_is_the_same_project():
    found = comparison(of_year(2020, [project("大厅(一期)", 1_00)]), of_year(2021, [project("大厅（一期）", 2_00)]))
    assert [row.state for row in group(found, "project").rows] == [""]


def test_natures_and_sources_are_summed_with_the_parts_of_basic_expenditure():
    found = comparison(of_year(2020), of_year(2021))
    assert [row.name.zh for row in group(found, "nature").rows] == ["基本支出", "人员经费", "公用经费", "项目支出"]
    assert [(row.name.zh, row.this) for row in group(found, "fund").rows] == [
        ("一般公共预算拨款", 2_550_000_50),
        ("上年结转（一般公共预算）", 50_000_00),
    ]


def test_code_whose_name_moved_to_another_code_is_noted():
    extra = (m.ExtraCode("function", "2019801", "数据管理事务"), m.ExtraCode("function", "2019901", "数据管理事务"))
    before = of_year(2020, [project(HALL, 1_00, function="2019801")], codes=extra)
    after = of_year(2021, [project(HALL, 1_00, function="2019901")], codes=extra)
    found = comparison(before, after)
    assert [tuple(one) for one in found.moved if one.axis == "function"] == [
        ("moved", "function", "2019801", "数据管理事务", "2019901", "数据管理事务")
    ]
    assert "编码 2019801 改为 2019901" in comparison_text(found, "zh")


def test_code_with_another_name_in_the_other_year_is_noted_as_renamed():
    codes = [(m.ExtraCode("function", "2019801", name),) for name in ("旧名称", "新名称")]
    lines = [project(HALL, 1_00, function="2019801")]
    found = comparison(of_year(2020, lines, codes=codes[0]), of_year(2021, lines, codes=codes[1]))
    assert [tuple(one) for one in found.moved] == [("renamed", "function", "2019801", "旧名称", "2019801", "新名称")]
    row = rows(found, "function")["2019801"]
    assert (row.name.zh, row.last_name) == ("新名称", "旧名称")


def test_lines_without_economic_codes_are_not_stated_and_nothing_ends_for_it():
    blank = LINE._replace(government="", departmental="")
    found = comparison(of_year(2020, [LINE]), of_year(2021, [blank]))
    by = rows(found, "departmental")
    assert (by["30101"].last, by["30101"].this, by["30101"].state, by["30101"].difference) == (
        1_000_000_00,
        None,
        "",
        None,
    )
    assert (by["未列明"].last, by["未列明"].this) == (0, 1_000_000_00)
    personnel = next(row for row in group(found, "nature").rows if row.name.zh == "人员经费")
    assert (personnel.last, personnel.this) == (1_000_000_00, None)
    assert any("没有列到经济分类" in note.zh for note in found.notes)
    assert "not stated" in comparison_text(found, "en")


def test_unnamed_project_expenditure_is_not_stated_and_projects_do_not_end_for_it():
    found = comparison(of_year(2020, [project(HALL, 100_00)]), of_year(2021, [project("", 90_00)]))
    by = rows(found, "project")
    assert (by[HALL].this, by[HALL].state) == (None, "")
    assert (by["未列明"].last, by["未列明"].this) == (0, 90_00)


def test_three_public_of_last_year_come_from_this_document_where_last_years_lines_do_not_tell():
    said = (m.ThreePublic("reception", 7_00),)
    blank = LINE._replace(departmental="")
    found = comparison(of_year(2020, [blank]), of_year(2021, [LINE._replace(departmental="30217")], three_public=said))
    row = rows(found, "three_public")["公务接待费"]
    assert (row.last, row.this) == (7_00, 1_000_000_00)


def test_two_drafts_of_one_year_are_called_by_letters():
    found = comparison(of_year(2021), of_year(2021, [LINE]))
    assert found.drafts
    assert (found.last.label.zh, found.this.label.zh) == ("甲", "乙")
    assert "两稿比较" in comparison_text(found, "zh")
    assert "two drafts" in comparison_text(found, "en")


def test_budgets_of_other_units_scopes_or_years_are_pointed_out():
    other = of_year(2018)
    other = other._replace(budget=other.budget._replace(name="某县某局", scope="unit"))
    notes = " ".join(note.en for note in comparison(other, of_year(2021)).notes)
    assert "different units" in notes
    assert "scopes differ" in notes
    assert "not of successive years" in notes


# --- text, JSON, HTML --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scale", [1, 1000, 10_000_000])
def test_text_fits_in_80_columns_and_its_amounts_line_up(language, scale):
    lines = [
        LINE._replace(amount=LINE.amount * scale),
        project("政务服务大厅引导员和一窗式综合受理人员服务项目经费", 123_45 * scale),
    ]
    found = comparison(of_year(2020), of_year(2021, lines))
    printed = comparison_text(found, language).split("\n")
    assert max(map(width, printed)) <= 80
    ends = {width(line) for line in printed if re.search(r"\d\.\d\d$", line)}
    assert len(ends) == 1


def test_text_of_huge_amounts_is_in_ten_thousand_yuan_and_says_so():
    found = comparison(of_year(2020), of_year(2021, [LINE._replace(amount=10**14)]))
    text = comparison_text(found, "zh")
    assert "单位：万元" in text
    assert "100,000,000.00" in text


def test_json_has_decimal_strings_in_yuan_and_null_for_what_is_not_known():
    blank = LINE._replace(government="", departmental="")
    report = json.loads(json.dumps(comparison_json(comparison(of_year(2020), of_year(2021, [blank])))))
    assert report["drafts"] is False
    assert report["this"]["year"] == 2021
    assert report["totals"][1] == {
        "key": "expenditure", "code": "", "name": {"zh": "支出合计", "en": "expenditure"}, "level": 0, "state": "",
        "last_name": "", "last": "2600000.50", "this": "1000000.00", "difference": "-1600000.50", "rate": "-61.54",
        "share": "100.00",
    }  # fmt: skip
    departmental = next(one for one in report["groups"] if one["key"] == "departmental")
    assert departmental["rows"][0]["this"] is None
    assert departmental["rows"][0]["difference"] is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_html_is_one_accessible_page_with_a_chart_that_reads_without_colour(language):
    hostile = '<script>alert(1)</script>&"项目'
    found = comparison(of_year(2020, [project(HALL, 500_00), LINE]), of_year(2021, [project(hostile, 900_00), LINE]))
    page = comparison_html(found, language)
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=|@import|url\((?!#)", page)
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page
    charts = [ET.fromstring(chart) for chart in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]
    assert len(charts) == 2
    for chart in charts:
        assert chart.get("role") == "img"
        names = {
            element.tag: (element.get("id"), element.text) for element in chart if element.tag in ("title", "desc")
        }
        assert chart.get("aria-labelledby") == f"{names['title'][0]} {names['desc'][0]}"
        assert names["title"][1]
        assert names["desc"][1]
    fills = [bar.get("fill") for bar in charts[1].iter("rect") if bar.get("y") not in ("32",)]
    assert sorted(set(fills)) == ["currentColor", "url(#project-h)"]
    assert page.count("<table>") == 1 + len(found.groups)
    assert page.count('scope="col"') == 6 * (1 + len(found.groups))


def test_html_of_equal_budgets_has_no_chart():
    assert "<svg" not in comparison_html(comparison(of_year(2020), of_year(2021)), "zh")


def test_random_ledgers_compare_completely():
    @settings(
        max_examples=10,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(("beijing-xicheng-budget", "shanghai-putuo-budget")).flatmap(
            lambda key: st.tuples(ledgers(key), ledgers(key))
        )
    )
    def holds(pair):
        last, this = pair
        found = comparison(last, this)
        sums = Amounts(last).spent(), Amounts(this).spent()
        for key in ("function", "departmental", "fund"):
            lowest = leaves(next((one.rows for one in found.groups if one.key == key), ()))
            assert tuple(sum(row[at] for row in lowest) for at in (3, 4)) == sums
        for language in ("zh", "en"):
            assert max(map(width, comparison_text(found, language).split("\n"))) <= 80
            for chart in re.findall(r"<svg.*?</svg>", comparison_html(found, language), re.DOTALL):
                ET.fromstring(chart)
        assert json.dumps(comparison_json(found))

    holds()
