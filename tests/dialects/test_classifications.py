"""The dated classifications: the data are coherent, the renamings are there, real documents agree."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from zhengwu.dialects import classifications
from zhengwu.dialects.classifications import Classification

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real"

ALL = {
    "functional": classifications.functional(),
    "departmental": classifications.departmental_economic(),
    "government": classifications.government_economic(),
}
WIDTHS = {"functional": {3, 5, 7}, "departmental": {3, 5}, "government": {3, 5}}
LEADING_DIGITS = {"functional": "2", "departmental": "3", "government": "5"}


@pytest.fixture(params=sorted(ALL))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- the data


def test_codes_of_each_classification_have_its_widths_and_leading_digit(kind: str) -> None:
    for code in ALL[kind].codes():
        assert code.isdigit(), code
        assert len(code) in WIDTHS[kind], code
        assert code[0] == LEADING_DIGITS[kind], code


def test_codes_below_the_top_level_have_a_parent(kind: str) -> None:
    orphans = [c for c in ALL[kind].codes() if len(c) > 3 and c[:-2] not in ALL[kind]]
    assert orphans == []


def test_codes_stand_in_ascending_order(kind: str) -> None:
    codes = ALL[kind].codes()
    assert list(codes) == sorted(codes)


def test_names_of_one_code_do_not_overlap_in_time(kind: str) -> None:
    for code in ALL[kind].codes():
        for earlier, later in pairwise(ALL[kind].names_of(code)):
            assert earlier.until is not None, code
            assert earlier.until < later.since, code


def test_names_are_filled_unspaced_and_dated_forward(kind: str) -> None:
    for code in ALL[kind].codes():
        for entry in ALL[kind].names_of(code):
            for name in (entry.name, *entry.also):
                assert name, code
                assert name == "".join(name.split()), code
                assert not re.search(r"[()\[\]]", name), code
            assert 2007 <= entry.since <= (entry.until or 2100), code


def test_names_differ_from_their_alternatives(kind: str) -> None:
    for code in ALL[kind].codes():
        for entry in ALL[kind].names_of(code):
            assert entry.name not in entry.also, code


def test_regular_item_suffixes_under_an_administrative_body_bear_their_regular_names() -> None:
    functional = classifications.functional()
    regular = {"01": "行政运行", "02": "一般行政管理事务", "03": "机关服务"}
    bodies = {code[:5] for code in functional.codes_named("机关服务")}
    for body in bodies:
        for suffix, name in regular.items():
            assert {entry.name for entry in functional.names_of(body + suffix)} == {name}, body + suffix


# --- names by year


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("210", 2018, "医疗卫生与计划生育支出"),
        ("210", 2019, "卫生健康支出"),
        ("207", 2018, "文化体育与传媒支出"),
        ("207", 2019, "文化旅游体育与传媒支出"),
        ("220", 2018, "国土海洋气象等支出"),
        ("220", 2019, "自然资源海洋气象等支出"),
        ("215", 2019, "资源勘探信息等支出"),
        ("215", 2020, "资源勘探工业信息等支出"),
        ("20805", 2019, "行政事业单位离退休"),
        ("20805", 2020, "行政事业单位养老支出"),
        ("2080501", 2019, "归口管理的行政单位离退休"),
        ("2080501", 2020, "行政单位离退休"),
        ("2080505", 2019, "机关事业单位基本养老保险缴费支出"),
        ("21011", 2025, "行政事业单位医疗"),
        ("2010301", 2021, "行政运行"),
        ("21305", 2020, "扶贫"),
        ("21305", 2024, "巩固脱贫攻坚成果衔接乡村振兴"),
    ],
)
def test_functional_name_in_a_year_is_the_name_in_force(code: str, year: int, name: str) -> None:
    assert classifications.functional_name(code, year) == name


@pytest.mark.parametrize(("code", "year"), [("224", 2018), ("234", 2019), ("2080504", 2020), ("20139", 2023)])
def test_functional_name_outside_its_years_is_not_given(code: str, year: int) -> None:
    assert classifications.functional_name(code, year) is None


def test_functional_name_of_an_unknown_code_is_not_given() -> None:
    assert classifications.functional_name("2999999", 2025) is None
    assert classifications.functional_names("2999999") == ()


def test_functional_names_of_a_renamed_code_come_oldest_first() -> None:
    names = classifications.functional_names("210")
    assert [n.name for n in names] == ["医疗卫生与计划生育支出", "卫生健康支出"]
    assert (names[0].until, names[1].since, names[1].until) == (2018, 2019, None)


def test_codes_named_with_an_old_name_finds_it_without_a_year_only() -> None:
    assert classifications.functional_codes_named("医疗卫生与计划生育支出") == ("210",)
    assert classifications.functional_codes_named("医疗卫生与计划生育支出", 2021) == ()


@pytest.mark.parametrize("brackets", ["（{}）", "({})", "({}）", "〔{}〕", " ( {} ) "])
def test_codes_named_with_other_brackets_and_spaces_finds_the_code(brackets: str) -> None:
    printed = "政府办公厅" + brackets.format("室") + "及相关机构\n事务"
    assert classifications.functional_codes_named(printed, 2025) == ("20103",)


def test_accepts_a_name_tells_right_wrong_and_unknown_apart() -> None:
    functional = classifications.functional()
    assert functional.accepts("20103", "政府办公厅(室)及相关机构事务", 2021) is True
    assert functional.accepts("210", "医疗卫生与计划生育支出", 2021) is False
    assert functional.accepts("2999999", "其他", 2021) is None


def test_accepts_a_usual_other_spelling_as_the_same_name() -> None:
    government = classifications.government_economic()
    assert government.accepts("50999", "其他对个人和家庭补助", 2024) is True
    assert government.accepts("50999", "其他对个人和家庭的补助", 2021) is True


# --- the mapping between the economic classifications


def test_mapping_refers_to_existing_codes() -> None:
    for pair in classifications.economic_pairs():
        assert pair.departmental in ALL["departmental"], pair
        assert pair.government in ALL["government"], pair


def test_mapping_lists_each_pair_once() -> None:
    keys = [pair[:3] for pair in classifications.economic_pairs()]
    assert len(keys) == len(set(keys))


def test_mapping_covers_every_departmental_item() -> None:
    unmapped = [c for c in ALL["departmental"].codes() if not classifications.government_codes_for(c)]
    assert unmapped == []


@pytest.mark.parametrize(
    ("departmental", "government"),
    [
        ("30101", {"50101", "50501"}),
        ("30112", {"50102", "50501"}),
        ("30302", {"50905"}),
        ("301", {"501", "505"}),
    ],
)
def test_government_codes_for_a_code_are_those_of_agency_and_institution(
    departmental: str, government: set[str]
) -> None:
    assert classifications.government_codes_for(departmental) == government


def test_government_codes_for_one_kind_leave_out_the_other() -> None:
    assert classifications.government_codes_for("30101", "agency") == {"50101"}
    assert classifications.government_codes_for("30101", "institution") == {"50501"}
    assert classifications.government_codes_for("30302", "institution") == {"50905"}


def test_government_codes_for_performance_pay_of_an_agency_are_none() -> None:
    assert classifications.government_codes_for("30107", "agency") == frozenset()


def test_government_codes_for_an_unknown_code_are_none() -> None:
    assert classifications.government_codes_for("39801") == frozenset()


@pytest.mark.parametrize(
    ("departmental", "government"),
    [
        ("30299", "50299"),
        ("31099", "50399"),
        ("30226", "50205"),
        ("30213", "50209"),
        ("30112", "50102"),
        ("30302", "50905"),
        ("30399", "50999"),
        ("30239", "50201"),
        ("30199", "50199"),
    ],
)
def test_government_codes_for_a_pair_printed_in_practice_allow_it(departmental: str, government: str) -> None:
    assert government in classifications.government_codes_for(departmental, "agency")


# --- real documents


def test_functional_names_printed_in_the_ledger_document_agree() -> None:
    lines = _real_text_lines("xicheng-2021-budget.txt")
    checked = 0
    for code, name in pairwise(lines):
        if re.fullmatch(r"2\d\d(\d\d){0,2}", code):
            assert ALL["functional"].accepts(code, name, 2021) is True, (code, name)
            checked += 1
    assert checked > 100


def test_economic_names_and_pairs_printed_in_the_ledger_document_agree() -> None:
    lines = _real_text_lines("xicheng-2021-budget.txt")
    checked = 0
    for first, first_name, second, second_name in zip(lines, lines[1:], lines[2:], lines[3:], strict=False):
        if re.fullmatch(r"5\d{4}", first) and re.fullmatch(r"3\d{4}", second):
            assert ALL["government"].accepts(first, first_name, 2021) is True, (first, first_name)
            assert ALL["departmental"].accepts(second, second_name, 2021) is True, (second, second_name)
            assert first in classifications.government_codes_for(second), (first, second)
            checked += 1
    assert checked > 20


@pytest.mark.parametrize(
    ("filename", "year", "least"),
    [
        ("final-template-2024.pdf", 2024, 9),
        ("finance-2024-final-seeded-errors.pdf", 2024, 30),
        ("govoffice-2025-budget.pdf", 2025, 40),
        ("govoffice-unit-2025-budget.pdf", 2025, 40),
    ],
)
def test_functional_names_printed_in_real_tables_agree(filename: str, year: int, least: int) -> None:
    whole = _agreeing(ALL["functional"], _printed_pairs(filename, "2"), year)
    assert whole >= least


@pytest.mark.parametrize(
    ("filename", "year", "least"),
    [
        ("final-template-2024.pdf", 2024, 60),
        ("finance-2024-final-seeded-errors.pdf", 2024, 60),
        ("govoffice-2025-budget.pdf", 2025, 25),
        ("govoffice-unit-2025-budget.pdf", 2025, 25),
    ],
)
def test_economic_names_printed_in_real_tables_agree(filename: str, year: int, least: int) -> None:
    whole = _agreeing(ALL["departmental"], _printed_pairs(filename, "3"), year)
    assert whole >= least


def _agreeing(classification: Classification, printed: Iterator[tuple[str, str]], year: int) -> int:
    """Assert that each printed pair is known and count those printed whole.

    A name that wraps in its cell comes out of the page in pieces: a piece must be part of the name.
    """
    whole = 0
    for code, name in printed:
        known = classification.name_of(code, year)
        assert known is not None, (code, name)
        if classification.accepts(code, name, year):
            whole += 1
        else:
            assert classifications.normalise_name(name) in known, (code, name, known)
    return whole


def _printed_pairs(filename: str, digit: str) -> Iterator[tuple[str, str]]:
    # A page may come out as one long line, and a table of economic codes has two columns of them.
    cell = re.compile(rf"(?<![\d.,])({digit}\d\d) ?(\d\d)? ?(\d\d)? +([^\d\s,.-][^\d\s]*)")
    for line in _real_pdf_lines(filename):
        if re.match(rf"{digit}\d\d\b|{digit}\d{{4}}\b|{digit}\d{{6}}\b", line):
            for found in cell.finditer(line):
                yield "".join(part or "" for part in found.groups()[:3]), found[4]


def _real_text_lines(filename: str) -> list[str]:
    return [line.strip() for line in _real(filename).read_text(encoding="utf-8").splitlines()]


def _real_pdf_lines(filename: str) -> Iterator[str]:
    path = _real(filename)
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(path)
    try:
        for page in document:
            yield from page.get_textpage().get_text_range().splitlines()
    finally:
        document.close()


def _real(filename: str) -> Path:
    path = REAL / filename
    if not path.exists():
        pytest.skip(f"real document {filename} is absent: looked in ../shared/real")
    return path
