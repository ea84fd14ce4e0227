"""Excel number formats: the text a cell prints for a stored number.

Source: ECMA-376 part 1, section 18.8.30 (numFmts) and 18.8.31. Numbers are Decimal throughout.
Formats this module does not know give None; the caller then shows the stored number and says so.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

GENERAL = "General"
# Built-in formats that files name by number only; the dates as a Chinese Excel prints them.
BUILTIN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0",
    38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
# One piece of a format: quoted text, an escaped character, a width or fill mark, a bracket, or a character.
_TOKEN = re.compile(
    r'"([^"]*)"|[\\!](.)|_(.)|\*(.)|\[([^\]]*)\]|(General|G/通用格式)|(AM/PM|A/P|上午/下午)|(.)', re.S | re.I
)
_CURRENCY = re.compile(r"\$([^-]*)(?:-[0-9A-Fa-f]+)?")
_COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|color\s*\d+|黑色?|红色?|蓝色?|绿色?)", re.I)
# Excel keeps 15 significant digits; what a binary fraction adds behind them is noise.
_SIGNIFICANT = Context(prec=15, rounding=ROUND_HALF_UP)
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
_MAX_DECIMALS = 30


@dataclass(frozen=True, slots=True)
class _Section:
    whole: tuple[tuple[str, str], ...]  # ("digit", placeholder) or ("text", literal), up to the point
    fraction: tuple[tuple[str, str], ...]
    has_digits: bool
    general: bool
    thousands: bool
    scale: int  # power of ten to divide by: 3 for each trailing comma, less 2 for each percent sign


def plain(number: Decimal) -> str:
    """The shortest usual notation of ``number`` to 15 significant digits, never with an exponent."""
    rounded = _SIGNIFICANT.plus(number)
    if rounded == 0:
        return "0"
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_number(number: Decimal, code: str) -> str | None:
    """``number`` as the format ``code`` prints it, or None where the format is not known.

    Negative numbers without a section of their own get a minus sign; halves round away from zero.
    """
    if code == GENERAL or code == "@":
        return plain(number)
    if abs(number.adjusted()) > 300:
        return None
    sections = _sections(code)
    if sections is None:
        return None
    if number < 0 and len(sections) > 1:
        section, sign, number = sections[1], "", -number
    elif number == 0 and len(sections) > 2:
        section, sign = sections[2], ""
    else:
        section, sign = sections[0], "-" if number < 0 else ""
        number = abs(number)
    if section is None:
        return None
    text = _print(_SIGNIFICANT.plus(number), section)
    if sign and not any(char in "123456789" for char in text):
        sign = ""  # rounded to zero
    return sign + text.strip()


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section | None, ...] | None:
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token.group(8) == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    if len(parts) > 4:
        return None
    return tuple(_section(part) for part in parts[:3])


def _section(tokens: list[re.Match[str]]) -> _Section | None:
    whole: list[tuple[str, str]] = []
    fraction: list[tuple[str, str]] = []
    part = whole
    commas = scale = 0
    thousands = general = False
    for token in tokens:
        quoted, escaped, width, fill, bracket, is_general, half_day, char = token.groups()
        if quoted is not None or escaped is not None:
            part.append(("text", quoted if quoted is not None else escaped))
        elif width is not None or fill is not None:
            continue
        elif bracket is not None:
            currency = _CURRENCY.fullmatch(bracket)
            if currency:
                part.append(("text", currency.group(1)))
            elif not _COLOUR.fullmatch(bracket):
                return None  # a condition, Chinese numerals or elapsed time
        elif is_general:
            general = True
            part.append(("general", ""))
        elif half_day is not None:
            return None
        elif char in "0#?":
            if commas:
                thousands, commas = True, 0
            part.append(("digit", char))
        elif char == ".":
            if part is fraction:
                return None
            scale, commas = scale + 3 * commas, 0
            part = fraction
        elif char == ",":
            commas += any(kind == "digit" for kind, _ in part)
        elif char == "%":
            scale -= 2
            part.append(("text", "%"))
        elif char in "eEyYmMdDhHsSgGbBaA/":
            return None  # scientific, dates or fractions
        elif char != "@":
            part.append(("text", char))
    scale += 3 * commas
    has_digits = any(kind == "digit" for kind, _ in whole + fraction)
    if (general and has_digits) or len(fraction) > _MAX_DECIMALS:
        return None
    return _Section(tuple(whole), tuple(fraction), has_digits, general, thousands, scale)


def _print(number: Decimal, section: _Section) -> str:
    if section.general:
        return "".join(plain(number) if kind == "general" else text for kind, text in section.whole)
    if not section.has_digits:
        return "".join(text for _, text in section.whole)
    decimals = sum(kind == "digit" for kind, _ in section.fraction)
    scaled = number.scaleb(-section.scale, _WIDE).quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    whole, _, digits = f"{scaled:f}".partition(".")
    text = _whole(whole.lstrip("0"), section)
    if not section.fraction and not decimals:
        return text
    printed: list[str] = []
    position = decimals
    dropping = True  # an optional last digit that is 0 is not printed
    for kind, mark in reversed(section.fraction):
        if kind == "text":
            printed.append(mark)
            continue
        position -= 1
        digit = digits[position]
        if dropping and mark == "#" and digit == "0":
            continue
        if dropping and mark == "?" and digit == "0":
            continue
        dropping = False
        printed.append(digit)
    return text + ("." if decimals else "") + "".join(reversed(printed))


def _whole(digits: str, section: _Section) -> str:
    """The digits before the point, filled from the right into their placeholders."""
    places = [i for i, (kind, _) in enumerate(section.whole) if kind == "digit"]
    printed: list[str] = []
    left = digits
    count = 0

    def put(digit: str) -> None:
        nonlocal count
        if section.thousands and count and count % 3 == 0:
            printed.append(",")
        printed.append(digit)
        count += 1

    for index in range(len(section.whole) - 1, -1, -1):
        kind, mark = section.whole[index]
        if kind == "text":
            printed.append(mark[::-1])
            continue
        if left:
            put(left[-1])
            left = left[:-1]
        elif mark == "0":
            put("0")
        if index == places[0]:
            while left:
                put(left[-1])
                left = left[:-1]
    if not places:  # ".00" prints no zero before the point, yet never loses digits
        printed[:0] = list(reversed(digits))
    return "".join(printed)[::-1]


_DATE_TOKEN = re.compile(
    r'"([^"]*)"|[\\!](.)|_.|\*.|\[[^\]]*\]|(y+|m+|d+|h+|s+(?:\.0+)?|AM/PM|A/P|上午/下午|a{3,4})|([^;])',
    re.I | re.S,
)


def is_date(code: str) -> bool:
    """True when the format prints a date or time."""
    bare = re.sub(r'"[^"]*"|[\\!_*].|\[[^\]]*\]|General', "", code.partition(";")[0], flags=re.I)
    return re.search(r"[ymdhs]", bare, re.I) is not None and not re.search(r"[0#?]", bare.replace(".0", ""))


def print_date(number: Decimal, code: str, since_1904: bool = False) -> str | None:
    """A serial day number as the date format ``code`` prints it; None for formats that are not known."""
    if re.search(r"\[[hms]+\]", code, re.I) or not 0 <= number < 2_958_466:
        return None
    # Excel counts a 29 February 1900 that never was: before March its days are one short.
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if number < 60 else 30)
    moment = start + timedelta(seconds=int((number * 86_400).to_integral_value(ROUND_HALF_UP)))
    tokens = list(_DATE_TOKEN.finditer(code.partition(";")[0]))
    twelve = any((t.group(3) or "").upper() in ("AM/PM", "A/P", "上午/下午") for t in tokens)
    printed: list[str] = []
    for index, token in enumerate(tokens):
        quoted, escaped, field, char = token.groups()
        if field is None:
            printed.append(quoted or escaped or char or "")
            continue
        text = _date_field(moment, field.lower(), twelve, _is_minute(tokens, index))
        if text is None:
            return None
        printed.append(text)
    return "".join(printed).strip()


def _is_minute(tokens: list[re.Match[str]], index: int) -> bool:
    """An m is a minute right behind hours or right before seconds."""
    before = next((t.group(3) for t in reversed(tokens[:index]) if t.group(3)), "")
    after = next((t.group(3) for t in tokens[index + 1 :] if t.group(3)), "")
    return before[:1].lower() == "h" or after[:1].lower() == "s"


def _date_field(moment: datetime, field: str, twelve: bool, minute: bool) -> str | None:
    if field in ("am/pm", "a/p"):
        return "AM" if moment.hour < 12 else "PM"
    if field == "上午/下午":
        return "上午" if moment.hour < 12 else "下午"
    if field.startswith("a"):
        return ("星期" if len(field) == 4 else "") + "一二三四五六日"[moment.weekday()]
    if field.startswith("y"):
        return f"{moment.year:04d}" if len(field) > 2 else f"{moment.year % 100:02d}"
    if field[0] in "md" and len(field) > 2:
        return None  # names of months and days, which depend on the language
    hour = (moment.hour % 12 or 12) if twelve else moment.hour
    value = {
        "m": moment.minute if minute else moment.month,
        "d": moment.day,
        "h": hour,
        "s": moment.second,
    }[field[0]]
    return f"{value:02d}" if len(field) > 1 else str(value)
