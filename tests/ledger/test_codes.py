"""Codes for a person who types: found by code, name and letters, ranked; pairs as the check has them."""

import sys

import pytest

from zhengwu.dialects.classifications import government_codes_for
from zhengwu.ledger import codes
from zhengwu.ledger.codes import initials, pairs, search
from zhengwu.ledger.model import ExtraCode


def found(kind, query, year=2021, **options):
    return [hit.code for hit in search(kind, query, year, **options)]


@pytest.mark.parametrize(
    ("kind", "query", "first"),
    [
        ("function", "2010301", "2010301"),
        ("function", "20103", "2010301"),
        ("function", "行政运行", "2010101"),
        ("function", "xzyx", "2010101"),
        ("function", "XZYX", "2010101"),
        ("function", "政协 运行", "2010201"),
        ("function", "zx xzyx", "2010201"),
        ("function", "xinfangshiwu", "2010308"),
        ("departmental", "bgf", "30201"),
        ("departmental", "因公出国(境)", "30212"),
        ("government", "wtywf", "50205"),
    ],
)
def test_search_finds_first_what_was_meant(kind, query, first):
    assert found(kind, query)[0] == first


def test_search_has_the_path_of_names_above():
    (hit,) = search("function", "2010301", 2021)
    assert hit.path == (("201", "一般公共服务支出"), ("20103", "政府办公厅（室）及相关机构事务"))
    assert (hit.name, hit.leaf, hit.vouched) == ("行政运行", True, True)


def test_search_ranks_a_whole_name_before_its_beginning_before_a_part():
    listed = search("departmental", "其他", 2021, limit=200) + search("departmental", "住房公积金", 2021)
    assert listed[-1].code == "30113"
    names = [hit.name for hit in search("function", "信访", 2021)]
    assert names.index("信访事务") < names.index("人大信访工作")


def test_search_keeps_to_the_year():
    assert "2010308" in found("function", "信访事务", 2023)
    assert "2010308" not in found("function", "信访", 2024)
    assert "2014004" in found("function", "信访", 2024)


def test_search_offers_a_code_between_two_of_its_names_as_not_vouched_for():
    (hit,) = search("function", "2080206", 2019)
    assert (hit.name, hit.vouched) == ("民间组织管理", False)


def test_search_finds_the_levels_above_only_when_asked():
    below = {code for code in found("function", "", limit=2000) if code.startswith("20101")}
    assert set(found("function", "人大事务")) == below
    assert found("function", "人大事务", leaves=False)[0] == "20101"


def test_search_finds_the_ledgers_own_codes_by_all_ways():
    own = (ExtraCode("function", "2010398", "新设科目"), ExtraCode("government", "50298", "别的"))
    for query in ("2010398", "新设", "xskm"):
        assert found("function", query, extra=own)[0] == "2010398"
    assert "50298" not in found("function", "", extra=own, limit=5000)


def test_search_of_nothing_lists_all_in_order_and_of_nonsense_none():
    listed = found("government", "", limit=500)
    assert listed == sorted(listed)
    assert len(listed) > 50
    assert found("government", "龘") == found("government", "qqqq") == found("government", "999") == []


def test_search_without_the_pinyin_library_still_finds_codes_and_names(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    codes._pinyin.cache_clear()
    try:
        assert found("function", "xzyx") == []
        assert found("function", "行政运行")[0] == "2010101"
    finally:
        codes._pinyin.cache_clear()


def test_initials_read_a_character_by_its_word():
    assert initials("行政运行") == "xzyx"
    assert initials("银行存款") == "yhck"
    assert initials("“互联网+”政务") == "hlwzw"


@pytest.mark.parametrize("kind", ["agency", "institution", ""])
def test_pairs_are_those_that_the_check_allows(kind):
    listed = pairs(2021, kind)
    allowed: dict[str, set[str]] = {}
    for one in listed:
        allowed.setdefault(one.departmental, set()).add(one.government)
        assert one.departmental_name
        assert one.government_name
    for departmental, governments in allowed.items():
        assert governments <= government_codes_for(departmental, kind or None)
    assert allowed["30101"] == {"agency": {"50101"}, "institution": {"50501"}, "": {"50101", "50501"}}[kind]
