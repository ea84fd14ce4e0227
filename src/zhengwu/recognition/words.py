"""Labels compared by their words: one normalisation for titles, headers and row names."""

import re
from functools import lru_cache

from zhengwu.model.number import parse_number

_BLANKS = re.compile(r"[\s　 ​]+")
_BRACKETS = str.maketrans("（）［］：；，．﹙﹚", "()[]:;,.()")
# The numbering of an item, from the highest level down: 一、 （一） 1. （1） ①
NUMBERINGS = (
    re.compile(r"第[一二三四五六七八九十百]+(?:部分|章|条)"),
    re.compile(r"[一二三四五六七八九十]{1,3}[、,.．:：]"),
    re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\d{1,2}(?:[、]|[.．](?!\d))|\d{1,2}[.．](?=\d{4}年)"),
    re.compile(r"[(（]\d{1,2}[)）]"),
    re.compile(r"[①-⑳]"),
)
_OF_WHICH = re.compile(r"^(?:其中|其中包括|包括)[:;,、]?")


# A cell is asked several times whether it is a number: for its header, its column, its fact.
number_in = lru_cache(maxsize=16384)(parse_number)


@lru_cache(maxsize=8192)
def squeeze(text: str) -> str:
    """``text`` without any blanks, its brackets and colons half-width."""
    return _BLANKS.sub("", text).translate(_BRACKETS)


def numbering_level(text: str) -> int | None:
    """The level (index in NUMBERINGS) of the numbering that ``text`` begins with, or None."""
    head = text.lstrip()
    for level, pattern in enumerate(NUMBERINGS):
        if pattern.match(head):
            return level
    return None


@lru_cache(maxsize=8192)
def label_of(text: str) -> str:
    """The words of a row's or column's name: squeezed, without numbering, "其中:" and a last colon."""
    squeezed = squeeze(text)
    for pattern in NUMBERINGS:
        match = pattern.match(squeezed)
        if match:
            squeezed = squeezed[match.end() :]
            break
    return _OF_WHICH.sub("", squeezed).rstrip(":")


TOTAL_WORDS = ("合计", "总计", "小计", "总额")


@lru_cache(maxsize=8192)
def is_total(label: str) -> bool:
    """Whether a row of this (normalised) name is a total: 合计, 本年支出合计, 收入总计, ..."""
    return label.endswith(TOTAL_WORDS) and len(label) <= 12


_TITLE_NOISE = re.compile(r"20\d\d年度?|[\"“”'‘’《》]|\([^()]*\)$")


@lru_cache(maxsize=1024)
def plain_title(title: str) -> str:
    """A table's title without year, quotes, a last bracket and the word for department or unit in front."""
    return re.sub(r"^(?:部门|单位|预算单位)", "", _TITLE_NOISE.sub("", squeeze(title)))
