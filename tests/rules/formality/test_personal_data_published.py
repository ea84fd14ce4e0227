"""Personal data. The numbers are made up; their check digits are right."""

import pytest

from tests.support.documents import HEAD, findings

CODE = "personal-data-published"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("联系人手机13800138000。", "手机号"),
        ("身份证11010519491231002X。", "身份证号"),
        ("账号6222020200112233446。", "银行卡号"),
    ],
)
def test_number_of_a_person_is_found_and_masked(text, kind):
    (finding,) = findings(HEAD + text, CODE)
    assert kind in finding.message.zh
    assert "*" in finding.at[0].quote


@pytest.mark.parametrize(
    "text",
    [
        "联系电话82141568。",
        "联系电话010-82141568。",
        "项目编码20212990010006。",
        "统一社会信用代码11310107MB2F30000X。",
        "收入13,800,138,000.00元。",
        "身份证110105194912310021。",
        "账号6222020200112233447。",
    ],
)
def test_other_number_is_left_alone(text):
    assert not findings(HEAD + text, CODE)


def test_code_column_is_left_alone():
    rows = "项目编码 | 项目名称 | 金额\n13800138000 | 网站运维 | 1.00"
    assert not findings(HEAD + "项目支出明细表\n" + rows, CODE)


def test_cell_of_a_table_is_searched():
    assert findings(HEAD + "项目支出明细表\n项目名称 | 联系方式 | 金额\n网站运维 | 13800138000 | 1.00", CODE)
