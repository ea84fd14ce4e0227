"""Texts that must not be published as they are: personal data, placeholders, characters that do not print."""

import re
from collections.abc import Iterator
from typing import Any

from zhengwu.ledger.books import Books
from zhengwu.ledger.problem import Problem, at
from zhengwu.ledger.schema import SHEETS
from zhengwu.model.message import Message

_MOBILE = re.compile(r"(?<![\d.,A-Za-z])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d,A-Za-z]|\.\d)")
# A region of the country, then a date of birth (GB 11643). The check digit is not asked for: a number with one digit
# typed wrong is no less a person's.
_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])"
)
_X = "[×xXＸ✕╳]"
_PLACEHOLDER = re.compile(
    rf"(?:20)?{_X}{{2,}}(?:年度?|月|日|万?元|人次?|个|项|次|[%％])?|[○〇Ｏ□_＿]{{2,}}|[…。.]{{2,}}|…|[?？]+"
    r"|(?:目标|指标)\s*\d{0,2}\s*[:：]",
)
# All but the line feed: they come with texts copied from Word or the web, and no file format prints them.
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ue000-\uf8ff\ufffd-\uffff\ud800-\udfff]"
)


def texts(books: Books) -> Iterator[Problem]:
    """Every text of every sheet; codes only for characters that do not print."""
    good: set[tuple[bool, str]] = set()  # the same names stand in thousands of lines
    for sheet in SHEETS:
        wanted = [
            (column.key, column.type in ("text", "long"), sheet.row._fields.index(column.key))  # type: ignore[attr-defined]
            for column in sheet.columns
            if column.type in ("text", "long", "code", "function", "government", "departmental")
        ]
        rows: tuple[Any, ...] = (books.ledger.budget,) if sheet.key == "budget" else getattr(books.ledger, sheet.key)
        for row in rows:
            for key, prose, index in wanted:
                text = row[index]
                if not text or (prose, text) in good:
                    continue
                message = _fault(text, prose)
                if message is None:
                    good.add((prose, text))
                else:
                    yield at(sheet.key, row.row, key, message.zh, message.en)


_NUMBERED = re.compile(
    r"\s*(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|\d{1,2}[.．、](?!\d)|[一二三四五六七八九十]{1,3}、)"
)


def numbered(books: Books) -> Iterator[Problem]:
    """Items that are numbered when they are published have no number of their own."""
    ledger = books.ledger
    goals = [(row.row, "content", row.content) for row in ledger.department_targets if row.kind == "goal"]
    for key, rows in (
        ("duties", [(row.row, "text", row.text) for row in ledger.duties]),
        ("divisions", [(row.row, "name", row.name) for row in ledger.divisions]),
        ("department_targets", goals if len(goals) > 1 else []),
    ):
        for number, column, text in rows:
            found = _NUMBERED.match(text)
            if found:
                yield at(
                    key, number, column,
                    f"“{found.group().strip()}”是序号，公开时自动编号；请删去。",
                    f"begins with the number “{found.group().strip()}”, which is added when it is published; delete it",
                )  # fmt: skip


def _fault(text: str, prose: bool) -> Message | None:
    found = _UNPRINTABLE.search(text)
    if found:
        sign = f"U+{ord(found.group()):04X}"
        before = text[max(0, found.start() - 8) : found.start()]
        where_zh = f"“{before}”之后" if before else "开头"
        where_en = f"behind “{before}”" if before else "at its start"
        return Message(
            f"{where_zh}有不可打印的字符（{sign}）；请删除后重新输入。",
            f"has a character that does not print ({sign}) {where_en}; delete it and type it again",
        )
    if not prose:
        return None
    for pattern, zh, en in ((_IDENTITY, "身份证号", "an identity card number"), (_MOBILE, "手机号", "a mobile number")):
        found = pattern.search(text)
        if found:
            digits = found.group()
            masked = f"{digits[:3]}{'*' * 6}{digits[-2:]}"
            return Message(
                f"含有{zh} {masked}，不得公开个人信息；请删除，写处室和办公电话即可。",
                f"holds {en}, {masked}, which may not be published; delete it and name the division instead",
            )
    if _PLACEHOLDER.fullmatch(text.strip()):
        return Message(
            f"只有占位符“{text.strip()[:20]}”；请填写实际内容，没有则留空。",
            f"is only the placeholder “{text.strip()[:20]}”; fill in what is asked or leave it empty",
        )
    return None
