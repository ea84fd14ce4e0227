"""Years in titles and dates."""

import pytest

from tests.support.documents import findings, state

CODE = "year-is-not-the-documents"
FINAL = "某某局2024年度部门决算\n编制说明\n"
BUDGET = "某某局2025年部门预算\n编制说明\n"


def test_heading_of_last_year_is_found():
    (finding,) = findings(FINAL + "第三部分 2023年度部门决算情况说明", CODE)
    assert (finding.expected, finding.actual) == ("2024", "2023")


def test_heading_of_the_year_holds():
    assert state(FINAL + "第三部分 2024年度部门决算情况说明", CODE) == "held"


@pytest.mark.parametrize(
    "heading", ["一、2023年度预算执行情况", "二、2023年决算绩效评价结果", "与2023年部门预算对比情况"]
)
def test_heading_about_another_year_on_purpose_is_left_alone(heading):
    assert not findings(FINAL + heading, CODE)


@pytest.mark.parametrize(
    ("head", "date", "wrong"),
    [
        (FINAL, "截至2024年12月31日", False),
        (FINAL, "截至2023年12月31日", True),
        (FINAL, "截止 2023 年底", True),
        (BUDGET, "截至2024年8月31日", False),
        (BUDGET, "截至2024年底", False),
        (BUDGET, "截至2022年12月31日", True),
    ],
)
def test_date_of_assets_fits_the_document(head, date, wrong):
    assert bool(findings(head + f"{date}，本单位共有车辆0辆。", CODE)) is wrong


def test_document_without_a_year_is_not_applicable():
    assert state("某某局部门预算\n编制说明", CODE) == "not-applicable"
