"""Values of indicators: read as printed, exactly, or left as text."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.web.budgets.conftest import ROOT, example
from zhengwu.web.budgets.indicators import _MEASURES, _SIGNS, Typed, reading, typed_value

REAL = ROOT.parent / "shared" / "real" / "xicheng-2021-budget.docx"


def value(comparison: str, number: str, unit: str = "", period: str = "") -> Typed:
    return Typed(comparison, Decimal(number), unit, period)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123人", value("=", "123", "人")),
        ("≥98%/月", value("≥", "98", "%", "月")),
        ("≤0.03%/月", value("≤", "0.03", "%", "月")),
        ("100席", value("=", "100", "席")),
        ("控制在340万元内", value("≤", "340", "万元")),
        ("2021年5月", Typed("=", None, "", "2021-05")),
        ("不少于2人", value("≥", "2", "人")),
        ("高于95%", value(">", "95", "%")),
        ("283.10695万元以内", value("≤", "283.10695", "万元")),
        ("16380624元", value("=", "16380624", "元")),
        ("1,638.06 万元", value("=", "1638.06", "万元")),
        ("60余处", value("≥", "60", "处")),
        ("1400个事项", value("=", "1400", "个事项")),
        ("每天12小时", value("=", "12", "小时", "天")),
        ("≤1%（每月）", value("≤", "1", "%", "月")),
        ("10个工作日内", value("≤", "10", "个工作日")),
        ("有效评价中好评高于95%", value(">", "95", "%")),
        ("完成全年项目立项及预算执行任务的50%以上。", value("≥", "50", "%")),
        ("不得超过3次", value("≤", "3", "次")),
        ("大于95%以上", value("≥", "95", "%")),
        ("＞９５％", value(">", "95", "%")),
        ("-5℃", value("=", "-5", "℃")),
        ("79㎡", value("=", "79", "㎡")),
        ("5年", value("=", "5", "年")),
        ("2021年6月底前完成", Typed("≤", None, "", "2021-06")),
        ("2021年6月前", Typed("<", None, "", "2021-06")),
        ("2021年一季度", Typed("=", None, "", "2021-Q1")),
        ("2021年12月31日前", Typed("≤", None, "", "2021-12-31")),
    ],
)
def test_value_of_the_field_is_read(text: str, expected: Typed) -> None:
    assert typed_value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "按时完成", "达到市级考核标准", "全年保证123人在岗，缺岗及时补足", "1次，160人", "各1次", "第2次", "约60处", "同比增长5%", "较上年降低3%",
        "不超过5%以上", "90%-95%", "90%～95%", "±5%", "1/3", "7*24小时", "24:00", "12,34元", "6个系统正常运行", "100%合格", "3人到岗", "不少于6个并公开结果",
        "杂志6期、公众号稿件≥180篇", "2021年总成本150万元", "提前5天", "99.9999999%", "1234567890123456789元", "１２３4五人", "²人", "٣人", "2021年13月", "x" * 5000,
    ],
)  # fmt: skip
def test_text_that_says_something_else_too_is_left_as_text(text: str) -> None:
    assert typed_value(text) == Typed()
    assert reading(typed_value(text)).en == "text only"


@given(
    word=st.sampled_from(["", *_SIGNS]),
    number=st.decimals(0, 10**12, places=6, allow_nan=False),
    places=st.integers(0, 6),
    grouped=st.booleans(),
    unit=st.sampled_from(["", *_MEASURES.split(), "万元", "亿元", "万人次"]),
    period=st.sampled_from(["", "月", "年", "天", "周"]),
)
def test_printed_number_is_recovered_exactly(word, number, places, grouped, unit, period):
    number = round(number, places)
    assume((word, unit, period) != ("", "年", ""))  # 2021年 is a year
    printed = f"{number:,.{places}f}" if grouped else f"{number:.{places}f}"
    found = typed_value(f"{word}{printed}{unit}{'/' + period if period else ''}")
    assert found == Typed(_SIGNS.get(word, "="), number, unit, period)
    assert str(found.number) == printed.replace(",", "")


@given(
    st.text(max_size=40)
    | st.from_regex(r"[不达约]?[≥≤超过于少]{0,3}[\d,.]{1,8}[%万元人月以内上/第]{0,5}", fullmatch=True)
)
def test_any_text_is_read_or_left_and_what_is_read_stands_in_it(text):
    found = typed_value(text)
    if found.number is not None:
        plain = "".join(text.translate({ord(c): chr(ord(c) - 0xFEE0) for c in map(chr, range(0xFF01, 0xFF5F))}).split())
        assert str(abs(found.number)) in plain.replace(",", "")
        assert found.comparison in ("≥", "≤", ">", "<", "=")
        assert len(found.unit) <= 20
        assert len(found.period) <= 20
    elif found.is_read:
        assert found.period[:4] in text


def test_indicators_of_the_example_are_read_where_they_state_one_value():
    read = {row.value: typed_value(row.value) for row in example().indicators}
    left = sorted(text for text, one in read.items() if not one.is_read and any(char.isdigit() for char in text))
    assert left == [
        "1次，160人", "6个系统正常运行", "不少于6个并公开结果", "全年保证123人在岗，缺岗及时补足", "每周5天、每天8小时正常",
    ]  # fmt: skip
    assert sum(one.number is not None for one in read.values()) == 47


@pytest.mark.skipif(not REAL.exists(), reason="the real documents are not here: NOT TESTED")
def test_indicators_of_a_real_document_are_read_where_they_state_one_value(tmp_path: Path):
    from zhengwu.cli.main import main

    main(["ledger", "from", str(REAL), "-o", str(tmp_path / "ledger")])
    with (tmp_path / "ledger" / "indicators.csv").open(encoding="utf-8-sig") as stream:
        texts = {row["指标值"] for row in csv.DictReader(stream)}
    read = {text: typed_value(text) for text in texts}
    assert read["控制在177.16万元内"] == value("≤", "177.16", "万元")
    assert read["完成进度70%"] == value("=", "70", "%")
    assert not read["派驻不少于2人的驻场管理人员并按照合同约定开展工作。"].is_read
    short = {text for text in texts if len(text) < 20 and any(char.isdigit() for char in text)}
    assert sorted(text for text in short if not read[text].is_read) == [
        "1次，160人",
        "各1次",
        "杂志6期、微信公众号原创稿件≥180篇",
    ]
