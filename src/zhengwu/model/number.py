"""Printed numbers: exact values with the precision they were printed in."""

import re
from decimal import Decimal
from typing import NamedTuple

YUAN_IN = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
}

CENT = Decimal("0.01")  # 分, the smallest amount of money: what is printed to it is exact

_TO_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，－％（）", "0123456789.,-%()")
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[-+]?\.\d+")
_NEGATIVE_IN_BRACKETS = re.compile(r"\((?=[\d.])([^()]*)\)")
_CHINESE_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}


class Number(NamedTuple):
    """A number as printed: its value and how many decimals were printed."""

    value: Decimal
    decimals: int


def parse_number(text: str) -> Number | None:
    """The number a whole cell consists of, or None when the cell is anything else.

    Thousands separators, full-width digits, blanks, a currency sign and accountants' brackets for a
    negative amount are understood. "-" and "—" alone are the way to print "nothing": not a number.
    """
    if not text or len(text) > 40:
        return None
    cleaned = text.strip()
    if not cleaned:
        return None
    if not cleaned.isascii():
        cleaned = cleaned.translate(_TO_HALF_WIDTH).strip("￥¥ 　")
    if " " in cleaned or "¥" in cleaned:
        cleaned = cleaned.replace(" ", "").replace("¥", "")
    negative = _NEGATIVE_IN_BRACKETS.fullmatch(cleaned)
    if negative:
        cleaned = "-" + negative.group(1)
    if not _NUMBER.fullmatch(cleaned):
        return None
    return number_of(cleaned)


def number_of(digits: str) -> Number:
    """The number spelt by ``digits`` ("1,234.50"): the caller knows that it is one."""
    plain = digits.replace(",", "").replace("，", "")
    _, point, fraction = plain.partition(".")
    return Number(Decimal(plain.rstrip(".") if point else plain), len(fraction))


def chinese_count(text: str) -> int | None:
    """A small counting number written in Chinese ("两", "十三", "二十一") or in digits, else None."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        if len(text) == 1 and text in _CHINESE_DIGITS:
            return _CHINESE_DIGITS[text]
        return None
    high = 1 if not tens else _CHINESE_DIGITS.get(tens)
    low = 0 if not ones else _CHINESE_DIGITS.get(ones)
    return None if high is None or low is None else high * 10 + low


def last_place(decimals: int, unit: Decimal) -> Decimal:
    """The worth in yuan of one step in the last printed digit."""
    return unit.scaleb(-decimals)
