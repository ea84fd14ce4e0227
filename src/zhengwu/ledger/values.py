"""From a cell to a typed value, and why not: one converter a type of column."""

import math
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache

from zhengwu.dialects.classifications import (
    Classification,
    departmental_economic,
    functional,
    government_economic,
    normalise_name,
)
from zhengwu.ledger import schema
from zhengwu.ledger.cells import DATE, ERROR, NO_VALUE, NUMBER, TRUTH, Cell
from zhengwu.ledger.schema import Choice, Column
from zhengwu.model.message import Message
from zhengwu.model.number import parse_number
from zhengwu.reading.number_formats import is_date, plain, print_date, print_number

MAX_TEXT = 32_767  # characters: what a cell of a workbook holds
MAX_AMOUNT = 10**15  # 分; beyond it a workbook's numbers are no longer exact
YES, NO = ("是", "yes"), ("否", "no")
REQUIRED = Message("没有填写；这一列必填。", "is empty; this column is required")
CLASSIFICATIONS: dict[str, Callable[[], Classification]] = {
    "function": functional,
    "government": government_economic,
    "departmental": departmental_economic,
}
_EXAMPLES = {"function": "2010301", "government": "50201", "departmental": "30201"}  # codes that each budget knows
_dated = lru_cache(maxsize=256)(is_date)
_SIGNIFICANT = 15  # digits that a binary number of a workbook keeps; what follows them is noise
_NOISE = 32  # units in the last place that a sum of binary numbers may be off
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]*")
_CODE_AND_NAME = re.compile(r"([0-9]{3,})[\s\-—_:：.]*([^\s\d\-—_:：.].*)", re.DOTALL)
_ZEROS = re.compile(r"0{2,}")
_WITH_UNIT = re.compile(r"(?:人民币)?[¥￥]?[\d,，.．\s]+(?:[十百千万亿]*元|[万亿])")

Value = int | str | bool | Decimal | None
Converter = Callable[[Cell], Value]


class BadValueError(Exception):
    """A cell's value is not of its column's type."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.message = Message(zh, en)


def converter(column: Column, since_1904: bool = False) -> Converter:
    """What turns a cell of ``column`` into its value; it raises BadValueError. ``since_1904`` is how the workbook
    counts days."""
    inner = _of_type(column, since_1904)
    memory: dict[Cell, Value] = {}  # the same few texts stand in thousands of rows

    def convert(cell: Cell) -> Value:
        if cell in memory:
            return memory[cell]
        if cell.kind == ERROR:
            raise BadValueError(
                f"填的是错误值 {cell.text}；请改正公式或填写数值。", f"holds the error {cell.text}; mend the formula or type the value"
            )  # fmt: skip
        if cell.kind == NO_VALUE:
            raise BadValueError(
                "填的是公式，但文件里没有计算结果；请用 Excel/WPS 打开并保存，或改填数值。",
                "holds a formula whose result is not stored; open and save the file in Excel or WPS, or type the value",
            )
        value = inner(cell)
        if len(memory) < 20_000:
            memory[cell] = value
        return value

    return convert


def empty_value(column: Column) -> Value:
    """What an optional cell left empty means."""
    return None if column.type in ("amount", "count", "year", "score") else False if column.type == "yes" else ""


def yuan(amount: int) -> str:
    """分 as yuan with separators: 1,234.50."""
    return f"{'-' * (amount < 0)}{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def similar(text: str, among: list[str]) -> str:
    """The one of ``among`` that ``text`` was probably meant to be, or "" (a long list is not searched)."""
    if len(among) > 2_000:
        return ""
    return next(iter(get_close_matches(text, among, 1, 0.6)), "")


def _of_type(column: Column, since_1904: bool) -> Converter:
    kind = column.type
    if kind == "choice":
        return _choice(column.choices)
    if kind in CLASSIFICATIONS:
        return _classified(kind)
    if kind in ("text", "long"):
        return lambda cell: _text(cell, since_1904)
    simple: dict[str, Converter] = {
        "amount": _amount, "count": _count, "year": _year, "score": _score, "code": _code, "yes": _yes,
    }  # fmt: skip
    return simple[kind]


def _shown(cell: Cell) -> str:
    text = cell.text if len(cell.text) <= 40 else cell.text[:38] + "…"
    return text.replace("\n", " ")


def _number(cell: Cell, wanted: Message) -> Decimal:
    """The exact number of a cell, without what a binary fraction adds."""
    if cell.kind == NUMBER:
        if _dated(cell.format):
            raise BadValueError(
                f"填的是日期，应为{wanted.zh}；请改用常规数字格式重新填写。",
                f"holds a date and should be {wanted.en}; give the cell an ordinary number format and type it again",
            )
        try:
            number = Decimal(cell.text)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return _without_noise(number) if number and number.adjusted() < 300 else number
    elif cell.kind not in (TRUTH, DATE):
        found = parse_number(cell.text)
        if found is not None:
            return found.value
    hint_zh, hint_en = "", ""
    if cell.text in ("-", "—", "–", "／", "/", "无"):
        hint_zh, hint_en = "；没有请填 0 或留空", "; for none type 0 or leave it empty"
    elif _WITH_UNIT.fullmatch(cell.text):
        hint_zh, hint_en = "，不带单位", " without a unit"
    raise BadValueError(
        f"填的是“{_shown(cell)}”，应为{wanted.zh}{hint_zh}。",
        f"holds “{_shown(cell)}” and should be {wanted.en}{hint_en}",
    )


def _without_noise(number: Decimal) -> Decimal:
    """15302800.100000001 is how a binary fraction stores 15302800.10."""
    if len(number.as_tuple().digits) <= _SIGNIFICANT:
        return number
    stored = float(number)
    shortest = Decimal(repr(stored))
    if len(shortest.as_tuple().digits) <= _SIGNIFICANT:
        return shortest
    rounded = round(shortest, 2)  # a sum of binary numbers: off by a few units in the last place
    near = abs(shortest - rounded) <= min(Decimal(math.ulp(stored)) * _NOISE, Decimal("0.0005"))
    return rounded if near else shortest


_AMOUNT = Message("金额（元，如 1234.50）", "an amount in yuan such as 1234.50")


def _amount(cell: Cell) -> int:
    number = _number(cell, _AMOUNT)
    if not number:
        return 0
    _not_negative(number, cell)
    if number.adjusted() > 15 or number * 100 >= MAX_AMOUNT:
        raise BadValueError(
            f"填的是 {_shown(cell)} 元，超过 {yuan(MAX_AMOUNT)} 元；请核对金额和单位。",
            f"holds {_shown(cell)} yuan, more than {yuan(MAX_AMOUNT)}; check the amount and its unit",
        )
    rounded = round(number, 2)
    if rounded != number:
        raise BadValueError(
            f"填的是 {_shown(cell)}，金额最多两位小数；请四舍五入到分。",
            f"holds {_shown(cell)}; an amount has two decimals at most: round it to the cent",
        )
    return int(rounded * 100)


def _count(cell: Cell) -> int:
    number = _number(cell, Message("整数", "a whole number"))
    _not_negative(number, cell)
    if number.adjusted() > 9 or number != int(number):
        raise BadValueError(f"填的是 {_shown(cell)}，应为整数。", f"holds {_shown(cell)} and should be a whole number")
    return int(number)


def _year(cell: Cell) -> int:
    if cell.kind != NUMBER:  # 2021年 is what people type
        cell = cell._replace(text=cell.text.removesuffix("年度").removesuffix("年"))
    wanted = Message("2000 至 2099 之间的年份（如 2021）", "a year from 2000 to 2099")
    number = _number(cell, wanted)
    if number.adjusted() != 3 or number != int(number) or not 2000 <= number <= 2099:
        raise BadValueError(
            f"填的是 {_shown(cell)}，应为{wanted.zh}。", f"holds {_shown(cell)} and should be {wanted.en}"
        )
    return int(number)


def _score(cell: Cell) -> Decimal:
    number = _number(cell, Message("0 到 100 的得分", "a score from 0 to 100"))
    if not 0 <= number <= 100 or number.adjusted() < -4 or round(number, 2) != number:
        raise BadValueError(
            f"填的是 {_shown(cell)}，得分应在 0 到 100 之间，最多两位小数。",
            f"holds {_shown(cell)}; a score lies between 0 and 100 and has two decimals at most",
        )
    return number


def _not_negative(number: Decimal, cell: Cell) -> None:
    if number < 0:
        raise BadValueError(
            f"填的是 {_shown(cell)}，不能为负数；冲减请直接减少原金额。",
            f"holds {_shown(cell)} and may not be negative; reduce the original amount instead",
        )


def _code(cell: Cell) -> str:
    text = _digits(cell)
    if not _CODE.fullmatch(text):
        raise BadValueError(
            f"填的是“{_shown(cell)}”，编码只能用数字和字母。",
            f"holds “{_shown(cell)}”; a code has digits and letters only",
        )
    return text


def _digits(cell: Cell) -> str:
    """A code's text, also where Excel made a number of it."""
    if cell.kind == NUMBER:
        if _dated(cell.format):
            raise _date_for_code(cell)
        try:
            number = Decimal(cell.text)
        except InvalidOperation:
            return cell.text
        if not number.is_finite() or number != number.to_integral_value() or number < 0:
            return cell.text
        if number.adjusted() >= _SIGNIFICANT:
            raise BadValueError(
                f"编码超过 {_SIGNIFICANT} 位，按数字保存已失真；请把单元格设为文本格式后重新填写。",
                f"has more than {_SIGNIFICANT} digits, which a number does not keep; format the cell as text and type it again",
            )
        digits = f"{number.to_integral_value():f}"
        return digits.zfill(len(cell.format)) if _ZEROS.fullmatch(cell.format) else digits
    if cell.kind == DATE:
        raise _date_for_code(cell)
    return unicodedata.normalize("NFKC", cell.text) if not cell.text.isascii() else cell.text


def _date_for_code(cell: Cell) -> BadValueError:
    return BadValueError(
        "被 Excel 转成了日期，应为编码；请把单元格设为文本格式后重新填写。",
        "was turned into a date by Excel and should be a code; format the cell as text and type it again",
    )


def _classified(kind: str) -> Converter:
    """A code, alone or with its name behind it as in the drop-down lists (2010301 行政运行)."""
    book = CLASSIFICATIONS[kind]()
    english = next(one.en for one in schema.CLASSIFICATIONS if one.key == kind)
    example = f"{_EXAMPLES[kind]} {book.names_of(_EXAMPLES[kind])[-1].name}"

    def convert(cell: Cell) -> str:
        text = _digits(cell)
        if text.isdecimal():
            return text
        found = _CODE_AND_NAME.fullmatch(text)
        if found is None:
            raise BadValueError(
                f"填的是“{_shown(cell)}”，应为{book.title}编码：只用数字，中间没有空格和小数点，后面可带名称，如“{example}”。",
                f"holds “{_shown(cell)}” and should be a code of the {english} classification: digits without blanks or a point, with or without the name behind them, such as “{example}”",
            )
        code, name = found.groups()
        names = book.names_of(code)
        if names and normalise_name(name) not in {
            normalise_name(spelling) for one in names for spelling in (one.name, *one.also)
        }:
            raise BadValueError(
                f"填的是“{_shown(cell)}”，编码与名称不符：{code} 是“{names[-1].name}”；请改正其一。",
                f"holds “{_shown(cell)}”, whose name is not the code's: {code} is “{names[-1].name}”; correct one of them",
            )
        return code

    return convert


def _choice(choices: tuple[Choice, ...]) -> Converter:
    keys: dict[str, str] = {}
    for field in (0, 1, 2):  # a key first, should another choice's name equal it
        for choice in choices:
            keys.setdefault(normalise_name(choice[field]).casefold(), choice.key)
    zh = "、".join(choice.zh for choice in choices)
    en = ", ".join(choice.en for choice in choices)
    names = [name for choice in choices for name in (choice.zh, choice.en)]

    def convert(cell: Cell) -> str:
        key = keys.get(normalise_name(cell.text).casefold())
        if key is None:
            near = similar(cell.text, names)
            raise BadValueError(
                f"填的是“{_shown(cell)}”，{f'是否应为“{near}”？' if near else ''}只能填：{zh}。",
                f"holds “{_shown(cell)}”{f' (did you mean “{near}”?)' if near else ''}; allowed are {en}",
            )
        return key

    return convert


def _yes(cell: Cell) -> bool:
    text = cell.text.casefold()
    if text in (*YES, "true", "y"):
        return True
    if text in (*NO, "false", "n"):
        return False
    raise BadValueError(f"填的是“{_shown(cell)}”，只能填：是、否。", f"holds “{_shown(cell)}”; allowed are yes and no")


def _text(cell: Cell, since_1904: bool) -> str:
    """A text; a number or date as its format prints it, which is what the person saw."""
    text = cell.text
    if cell.kind == DATE:
        text = _long_date(text.partition("T")[0].split("-"))
    elif cell.kind == NUMBER:
        text = _printed(cell, since_1904)
    if len(text) > MAX_TEXT:
        raise BadValueError(
            f"有 {len(text):,} 个字，超过一个单元格的上限 {MAX_TEXT:,}；请缩短。",
            f"has {len(text):,} characters, more than the {MAX_TEXT:,} that a cell holds; shorten it",
        )
    return text


def _printed(cell: Cell, since_1904: bool) -> str:
    try:
        number = Decimal(cell.text)
    except InvalidOperation:
        return cell.text
    if not number.is_finite():
        return cell.text
    if _dated(cell.format):
        printed = print_date(number, cell.format, since_1904)
        if printed and "年" in printed:
            return printed
        iso = print_date(number, "yyyy-m-d", since_1904)
        return _long_date(iso.split("-")) if iso else cell.text
    if abs(number.adjusted()) > 300:
        return cell.text
    return print_number(number, cell.format) or plain(number)


def _long_date(parts: list[str]) -> str:
    """2020-12-31 as 2020年12月31日, the way dates are published."""
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return "-".join(parts)
    return f"{int(parts[0])}年{int(parts[1])}月{int(parts[2])}日"
