"""What became of codes: the shipped changes are coherent, chains of years are followed, nothing unsure is."""

import pytest

from zhengwu.dialects.classifications.changes import BOOKS, HEADER, Successors, parse, shipped
from zhengwu.model.message import RefusedError

SHIPPED = Successors(shipped())


def changes(*rows):
    return Successors(parse("\n".join(["\t".join(HEADER), *("\t".join(row) for row in rows)]), "own.tsv"))


def test_shipped_changes_name_known_codes_and_end_where_the_year_begins():
    for one in shipped():
        book = BOOKS[one.classification]()
        for code in one.new:
            named = book.names_of(code) or book.names_of(code[:5])
            assert named, one
            if one.certain:  # the new code is vouched for from that year on
                assert named[0].since <= one.year, one
        old = book.names_of(one.old)
        if old and one.certain:  # the old one's last name ends before it
            assert old[-1].until is not None, one
            assert old[-1].until < one.year, one
        assert one.source


def test_shipped_changes_have_one_row_a_code_and_year():
    keys = [(one.classification, one.year, one.old) for one in shipped()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("code", "since", "until", "kind", "goes_on_as", "choices"),
    [
        ("2010301", 2021, 2022, "kept", "2010301", ()),
        ("210", 2018, 2019, "renamed", "210", ()),
        ("2080501", 2019, 2020, "renamed", "2080501", ()),
        ("2080504", 2019, 2020, "moved", "2080501", ()),
        ("2011501", 2018, 2019, "moved", "2013801", ()),
        ("2011504", 2018, 2019, "split", "2011504", ("20138",)),  # the row of the 款
        ("2200404", 2018, 2019, "moved", "2240504", ()),  # the 款 moved as a whole
        ("2299901", 2018, 2021, "moved", "2299999", ()),  # over years
        ("2299901", 2021, 2022, "doubtful", "2299901", ("2299999",)),  # the change was before: a namesake
        ("2010308", 2023, 2024, "split", "2010308", ("2014001", "2014002", "2014003", "2014004", "2014050", "2014099")),
        ("2050304", 2019, 2020, "moved", "2050304", ("2050302",)),  # not certain: never followed
        ("2130153", 2021, 2022, "doubtful", "2130153", ()),
        ("2130501", 2020, 2022, "kept", "2130501", ()),  # between two equal names
        ("2999901", 2021, 2022, "doubtful", "2999901", ()),  # unknown
    ],
)
def test_fate_of_a_functional_code(code, since, until, kind, goes_on_as, choices):
    found = SHIPPED.fate("function", code, since, until)
    assert (found.kind, found.code, found.choices) == (kind, goes_on_as, choices)


def test_fate_names_both_years_and_says_what_is_sure():
    found = SHIPPED.fate("function", "210", 2018, 2019)
    assert (found.last_name, found.name, found.certain) == ("医疗卫生与计划生育支出", "卫生健康支出", True)
    # 2080206 is vouched for in 2018 and from 2020 on: in 2019 its name is not sure.
    assert SHIPPED.fate("function", "2080206", 2018, 2019).kind == "kept"
    assert SHIPPED.fate("function", "2080206", 2019, 2020).certain is False


def test_fate_of_an_economic_code_that_was_split():
    found = SHIPPED.fate("departmental", "39906", 2020, 2022)
    assert (found.kind, found.choices, found.certain) == ("split", ("39909", "39910"), False)


def test_own_changes_chain_over_the_years_and_later_rows_win():
    own = changes(
        ("function", "2022", "moved", "2010399", "2010304", "1", "甲"),
        ("function", "2023", "moved", "2010304", "2010306", "1", "乙"),
        ("function", "2024", "gone", "20103", "", "1", "丙"),
        ("function", "2024", "moved", "2010306", "2010309", "1", "丁"),
    )
    assert own.fate("function", "2010399", 2021, 2022).code == "2010304"
    assert own.fate("function", "2010399", 2021, 2024)[:2] == ("moved", "2010309")
    assert own.fate("function", "2010301", 2023, 2024)[:2] == ("gone", "2010301")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("function", "2022", "moved", "2010399", "2010304", "1"), "有 6 列，应为 7 列"),
        (("functional", "2022", "moved", "2010399", "2010304", "1", ""), "只能填：function、government、departmental"),
        (("function", "22", "moved", "2010399", "2010304", "1", ""), "应为四位年份"),
        (("function", "2022", "renamed", "2010399", "2010304", "1", ""), "只能填：moved、split、gone"),
        (("function", "2022", "moved", "50101", "50102", "1", ""), "“50101”不是这个分类的编码"),
        (("function", "2022", "moved", "2010399", "20103", "1", ""), "new 与 kind 不符"),
        (("function", "2022", "moved", "2010399", "2010399", "1", ""), "new 与 kind 不符"),
        (("function", "2022", "split", "2010399", "", "1", ""), "new 与 kind 不符"),
        (("function", "2022", "gone", "2010399", "2010304", "1", ""), "new 与 kind 不符"),
        (("function", "2022", "gone", "2010399", "", "yes", ""), "只能填：0、1"),
    ],
)
def test_own_changes_that_are_wrong_are_refused_with_their_line(row, says):
    with pytest.raises(RefusedError) as caught:
        changes(("function", "2022", "gone", "2010399", "", "1", "甲"), row)
    assert "own.tsv 第 3 行" in caught.value.message.zh
    assert says in caught.value.message.zh
    assert "line 3 of own.tsv" in caught.value.message.en


def test_own_changes_without_a_header_are_refused():
    with pytest.raises(RefusedError, match="表头应为"):
        parse("function\t2022", "own.tsv")
