"""Whose document it is and which units a department lists, as documents of several provinces word it."""

import pytest

from tests.support.documents import document, table
from zhengwu.recognition.understand import understand
from zhengwu.rules.set_names import listing_of, publisher_of, same_unit

ROWS = table("支出预算总表", "科目编码 | 科目名称 | 合计\n201 | 一般公共服务支出 | 80.00\n合计 | | 80.00")


def read(text):
    return understand(document(text + ROWS))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("上海市普陀区财政局", "普陀区财政局", True),
        ("上海市普陀区财政局（本级）", "上海市普陀区财政局", True),
        ("某某局本部", "某某局", True),
        ("上海市普陀区财政局", "财政局", True),
        ("某某局", "某某局培训中心", False),
        ("第一中学", "某区第二中学", False),
        ("卫生局", "某区公共卫生局", False),
        ("", "某某局", False),
    ],
)
def test_names_of_one_unit_are_the_same_with_and_without_region_and_own_office(one, other, same):
    assert same_unit(one, other) is same
    assert same_unit(other, one) is same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("某市某某局2021年部门预算\n", ("某市某某局", "department", "")),
        ("2021年某市某某局部门预算\n", ("某市某某局", "department", "")),
        ("某市某区2021年区级单位预算\n预算单位：某市某区某某局\n", ("某市某区某某局", "unit", "")),
        ("某某中心2021年单位预算\n主管部门：某市某某局\n", ("某某中心", "unit", "某市某某局")),
        ("某某局（本级）2021年部门预算\n", ("某某局(本级)", "unit", "")),
        ("某某局2021年度部门（单位）预算\n", ("某某局", "", "")),
    ],
)
def test_title_tells_unit_and_level(text, expected):
    assert publisher_of(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "units", "complete"),
    [
        ("本部门预算单位包括：\n1.某某局本级\n2.某某中心\n", ("某某局本级", "某某中心"), True),
        (
            "纳入某某局2021年部门预算编制范围的二级预算单位共2个，具体包括：\n1.某某中心\n2.某某站\n",
            ("某某中心", "某某站"),
            True,
        ),
        ("本部门预算单位构成包括：某某局本级、某某中心和某某站。\n", ("某某局本级", "某某中心", "某某站"), True),
        ("本部门预算单位包括：\n1.某某局本级\n2.某某中心，不单独编制预算\n", ("某某局本级",), True),
        ("本部门5个预算单位。\n本部门预算单位包括：\n1.某某局本级\n2.某某中心\n", ("某某局本级", "某某中心"), False),
        ("本局主要职责包括：\n1.管理某某中心\n", (), False),
        ("", (), False),
    ],
    ids=["lines", "counted", "sentence", "merged", "more counted", "duties", "none"],
)
def test_listed_units_are_found_and_their_number_is_held_to_the_list(text, units, complete):
    listing = listing_of(read(f"某某局2021年部门预算\n{text}2021年部门预算编制说明\n"))
    assert (listing.units, listing.complete) == (units, complete)


def test_units_in_a_table_of_names_are_found():
    names = "某某局2021年度部门决算\n部门决算单位构成\n序号 | 单位名称\n1 | 某某局本级\n2 | 某某中心\n报表\n"
    assert listing_of(understand(document(names + ROWS))).units == ("某某局本级", "某某中心")
