"""Which amount is whose: subjects in all the ways that sentences name them."""

import pytest
from tests.support.paragraphs import FINAL, audited, found, members_of

from zhengwu.recognition.subjects import Names

NAMES = Names({}, 2024)


@pytest.mark.parametrize(
    "words",
    [
        "初中教育支出",  # a part of education, not expenditure as a whole
        "政府集中采购预算",
        "分散采购",
        "固定资产总额",
        "下属丙中心项目支出",
        "会议费、培训费和公务接待费",
        "国内公务接待费",
        "上年结转的单位资金",
    ],
)
def test_phrase_with_a_word_left_over_names_no_subject(words: str) -> None:
    assert not NAMES.phrase(words).strong


@pytest.mark.parametrize(
    ("words", "members"),
    [
        ("（二）教育支出类科目", {"function": "205"}),
        ("2024年支出总预算", {"measure": "expenditure", "total": True, "year": 2024}),
        ("财政拨款收、支总预算", {"measure": "both", "fund": "fiscal", "total": True}),
        ("本年收入合计", {"measure": "income", "current": True}),
        ("其中：货物类采购", {"measure": "procurement", "item": "goods"}),
        ("公车运行费（“三公”经费）决算总额", {"measure": "three_public", "stage": "final"}),
        ("财政拨款（不含教育收费）安排的“三公”经费", {"measure": "three_public", "fund": "fiscal"}),
        ("教育支出（205类）进修及培训（08款）培训支出（03项）", {"function": "2050803"}),
        ("社会保障和就业（类）", {"function": "208"}),
        ("工资福利支出预算", {"departmental": "301", "stage": "budget"}),
        ("上年财政拨款结转", {}),
    ],
)
def test_phrase_understood_to_its_last_word_names_its_subject(words: str, members: dict[str, object]) -> None:
    phrase = NAMES.phrase(words)
    assert {name: getattr(phrase, name) for name in members} == members


def test_part_of_unknown_whole_is_unknown() -> None:
    result = audited("小学教育支出80万元，其中：基本支出50万元，项目支出30万元。")
    assert members_of(result, "50万元") == {}


def test_part_after_nested_enumeration_belongs_to_the_outer_whole() -> None:
    result = audited(
        "“三公”经费预算30万元，其中：公务用车购置及运行费20万元，其中：公务用车购置费8万元，"
        "公务用车运行维护费12万元；公务接待费10万元。"
    )
    assert members_of(result, "12万元")["item"] == "car_operation"
    assert members_of(result, "10万元")["item"] == "reception"


def test_brackets_end_with_their_parts() -> None:
    result = audited(
        "“三公”经费预算30万元，其中：公务用车购置及运行费20万元（公务用车购置费8万元，比上年增加1万元；"
        "公务用车运行费12万元，与上年持平。），比上年增加1万元；公务接待费10万元，比上年减少2万元。"
    )
    assert members_of(result, "2万元") == {"measure": "three_public", "item": "reception", "aspect": "change"}


def test_paragraphs_after_a_colon_are_parts_of_its_whole() -> None:
    result = audited(
        "五、一般公共预算支出情况",
        "2024年一般公共预算支出100万元，其中：",
        "1.教育支出70万元，占70%。",
        "2.住房保障支出30万元，占30%。",
    )
    assert members_of(result, "70万元") == {"measure": "expenditure", "function": "205", "fund": "general"}


def test_amount_without_words_takes_the_subject_of_the_heading() -> None:
    result = audited("七、“三公”经费预算情况", "（二）公务接待费", "2024年预算安排6万元，与上年持平。")
    assert members_of(result, "6万元") == {"measure": "three_public", "item": "reception"}


def test_amount_without_words_takes_the_function_opening_the_paragraph() -> None:
    result = audited("2.教育支出（类）进修及培训（款）培训支出（项）。主要用于：业务培训。2024年预算数为9万元。")
    assert members_of(result, "9万元") == {"measure": "expenditure", "function": "2050803"}


def test_reason_amounts_are_nobodys() -> None:
    result = audited(
        "2024年一般公共预算拨款收入90万元，比2023年预算增加10万元，主要原因：一是人员经费增加7万元；二是项目支出增加3万元。"
    )
    assert members_of(result, "7万元") == {}
    assert members_of(result, "3万元") == {}


def test_reason_ends_with_its_semicolon() -> None:
    result = audited("因公出国（境）费0万元，主要原因是没有安排；公务接待费5万元，比上年减少1万元。")
    assert members_of(result, "5万元") == {"measure": "three_public", "item": "reception"}


def test_budget_beside_the_account_has_the_stage_of_a_budget() -> None:
    result = audited("“三公”经费支出年初预算为10万元，支出决算为8万元，完成年初预算的80%。", title=FINAL)
    assert members_of(result, "10万元") == {"measure": "three_public"}
    assert members_of(result, "8万元") == {"measure": "three_public", "stage": "final"}


def test_parts_inherit_the_stage_of_their_whole() -> None:
    result = audited("2024年“三公”经费预算12万元，其中：公务接待费7万元，公务用车运行费5万元。", title=FINAL)
    assert members_of(result, "7万元") == {"measure": "three_public", "item": "reception"}


def test_income_and_expenditure_lists_are_told_apart() -> None:
    result = audited(
        "2024年财政拨款收支总预算95万元。收入包括：一般公共预算拨款90万元、上年结转5万元。支出包括：教育支出60万元、住房保障支出35万元。"
    )
    assert members_of(result, "90万元") == {"measure": "income", "fund": "general"}
    assert members_of(result, "5万元") == {"measure": "income", "fund": "fiscal_carryover"}
    assert members_of(result, "60万元")["function"] == "205"


def test_year_named_beside_the_amount_is_its_year() -> None:
    result = audited("公务接待费2024年预算8万元，2023年预算12万元，对比减少4万元。")
    assert members_of(result, "12万元")["year"] == 2023


def test_threshold_and_counts_are_no_amounts() -> None:
    result = audited(
        "截至2023年12月31日，甲局所属5个单位共有单价50万元以上通用设备3台、单价100万元（含）以上专用设备1台。"
    )
    assert not result.disclosure.facts


def test_amounts_listed_with_one_unit_are_left_alone() -> None:
    result = audited(
        "2024年度收入、支出总计各为412.5，414.3万元，各增加12.5，14.3万元，各增长3.13%、3.58%。", title=FINAL
    )
    assert not result.disclosure.claims


def test_part_for_small_firms_is_not_procurement_as_a_whole() -> None:
    result = audited("政府采购支出总额50万元。授予中小企业合同金额40万元，占政府采购支出总额的80%。", title=FINAL)
    assert members_of(result, "40万元") == {}
    assert not found(result, "stated-share-differs")
    assert not found(result, "same-amount-printed-differently")


def test_glossary_states_nothing() -> None:
    result = audited("十一、名词解释", "“三公”经费：指公务接待费等，例如2020年的30万元。")
    assert not result.disclosure.facts
