"""Automatic numbering of Word paragraphs: the number a reader sees, from word/numbering.xml."""

from dataclasses import dataclass, field, replace
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
_LEVELS = 9

_DIGITS = "零一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
# Bullets are characters of symbol fonts, which text shows as boxes; the common ones have plain twins.
_BULLETS = {"\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf0d8": "➢", "\uf0fc": "✓", "\uf0b7": "•"}


def chinese_number(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    """``number`` (1 to 9999, others in Arabic digits) in Chinese words; 10 to 19 begin with 十."""
    if not 0 < number < 10_000:
        return str(number)
    words = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            words += digits[digit] + (units[power - 1] if power else "")
        elif words and number % 10**power and not words.endswith(digits[0]):
            words += digits[0]
    if units == "十百千" and words.startswith("一十"):
        words = words[1:]
    return words


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    words = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        words += letters * (number // value)
        number %= value
    return words


def _letters(number: int) -> str:
    """A to Z, then AA, BB …, as Word counts."""
    if not 0 < number <= 780:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _circled(number: int) -> str:
    if 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    return str(number)


def format_number(number: int, style: str) -> str:
    """``number`` printed in the Word number format ``style`` (ST_NumberFormat); unknown ones as 1, 2, 3."""
    match style:
        case (
            "chineseCounting"
            | "chineseCountingThousand"
            | "japaneseCounting"
            | "taiwaneseCounting"
            | "taiwaneseCountingThousand"
            | "ideographDigital"
            | "japaneseDigitalTenThousand"
        ):
            return chinese_number(number)
        case "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal":
            return chinese_number(number, _LEGAL_DIGITS, "拾佰仟")
        case "ideographTraditional":
            return _STEMS[number - 1] if 1 <= number <= 10 else str(number)
        case "ideographZodiac":
            return _BRANCHES[number - 1] if 1 <= number <= 12 else str(number)
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese":
            return _circled(number)
        case "ideographEnclosedCircle":
            return chr(0x3220 + number - 1) if 1 <= number <= 10 else str(number)
        case "decimalEnclosedParen":
            return chr(0x2474 + number - 1) if 1 <= number <= 20 else f"({number})"
        case "decimalEnclosedFullstop":
            return chr(0x2488 + number - 1) if 1 <= number <= 20 else f"{number}."
        case "decimalFullWidth" | "decimalFullWidth2":
            return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
        case "decimalZero":
            return f"{number:02d}"
        case "upperLetter":
            return _letters(number)
        case "lowerLetter":
            return _letters(number).lower()
        case "upperRoman":
            return _roman(number)
        case "lowerRoman":
            return _roman(number).lower()
        case "none":
            return ""
        case _:
            return str(number)


@dataclass(frozen=True, slots=True)
class _Level:
    style: str = "decimal"
    text: str = ""
    start: int = 1
    suffix: str = "tab"
    legal: bool = False  # all numbers in Arabic digits
    restart: int | None = None  # 0: never; n: only after level n; None: after any level above


@dataclass(slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    start_overrides: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of one document, in reading order."""

    def __init__(self, root: Any | None) -> None:
        """``root`` is the element of word/numbering.xml; None where the document has no lists."""
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._seen: set[str] = set()
        self._level_of_style: dict[tuple[str, str], int] = {}
        if root is not None:
            self._load(root)

    def level_of_style(self, list_id: str, style: str) -> int | None:
        """The list level that is tied to a paragraph style, if any."""
        found = self._lists.get(list_id)
        return self._level_of_style.get((found.abstract, style)) if found else None

    def number(self, list_id: str, level: int) -> tuple[str, bool]:
        """The number of the next paragraph of this list, and whether a blank separates it from the text.

        Returns an empty string for lists that are not defined or print nothing.
        """
        found = self._lists.get(list_id)
        if found is None or level not in found.levels:
            return "", False
        counters = self._counters.setdefault(found.abstract, [None] * _LEVELS)
        if list_id not in self._seen:
            self._seen.add(list_id)
            for overridden, start in found.start_overrides.items():
                counters[overridden] = start - 1
        shape = found.levels[level]
        now = counters[level]
        counters[level] = shape.start if now is None else now + 1
        for above in range(level):
            if counters[above] is None and above in found.levels:
                counters[above] = found.levels[above].start
        for below in range(level + 1, _LEVELS):
            rule = found.levels[below].restart if below in found.levels else None
            if rule is None or 0 < level + 1 <= rule:
                counters[below] = None
        if shape.style == "bullet":
            return "".join(_BULLETS.get(c, "•" if "\ue000" <= c <= "\uf8ff" else c) for c in shape.text), True
        text = shape.text
        for index in range(_LEVELS):
            mark = f"%{index + 1}"
            if mark in text:
                style = found.levels[index].style if index in found.levels else "decimal"
                if shape.legal and index != level:
                    style = "decimal"
                count = counters[index]
                text = text.replace(mark, format_number(1 if count is None else count, style))
        return text.strip(), shape.suffix != "nothing"

    def _load(self, root: Any) -> None:
        abstracts: dict[str, dict[int, _Level]] = {}
        links: dict[str, str] = {}  # abstract list -> the numbering style that defines it
        styles: dict[str, str] = {}  # numbering style -> abstract list
        for element in root.iterchildren(W + "abstractNum"):
            key = element.get(W + "abstractNumId", "")
            levels: dict[int, _Level] = {}
            for lvl in element.iterchildren(W + "lvl"):
                index = _integer(lvl.get(W + "ilvl"), 0)
                if 0 <= index < _LEVELS:
                    levels[index] = _level(lvl)
                    style = lvl.find(W + "pStyle")
                    if style is not None:
                        self._level_of_style[key, style.get(VAL, "")] = index
            abstracts[key] = levels
            for tag, into in (("numStyleLink", links), ("styleLink", styles)):
                link = element.find(W + tag)
                if link is not None:
                    name = link.get(VAL, "")
                    if into is links:
                        links[key] = name
                    else:
                        styles[name] = key
        for element in root.iterchildren(W + "num"):
            reference = element.find(W + "abstractNumId")
            if reference is None:
                continue
            key = reference.get(VAL, "")
            if not abstracts.get(key) and key in links:
                key = styles.get(links[key], key)
            self._lists[element.get(W + "numId", "")] = _with_overrides(element, key, dict(abstracts.get(key, {})))


def _with_overrides(element: Any, key: str, levels: dict[int, _Level]) -> _List:
    made = _List(key, levels)
    for override in element.iterchildren(W + "lvlOverride"):
        index = _integer(override.get(W + "ilvl"), 0)
        if not 0 <= index < _LEVELS:
            continue
        lvl = override.find(W + "lvl")
        if lvl is not None:
            levels[index] = _level(lvl)
        start = override.find(W + "startOverride")
        if start is not None:
            made.start_overrides[index] = _integer(start.get(VAL), 1)
            if index in levels:
                levels[index] = replace(levels[index], start=made.start_overrides[index])
    return made


def _level(lvl: Any) -> _Level:
    def value(tag: str) -> str | None:
        child = lvl.find(W + tag)
        return None if child is None else child.get(VAL)

    style = value("numFmt")
    if style is None:  # Word puts formats newer than 2007 into an alternate content element
        newer = lvl.find(f".//{W}numFmt")
        style = "decimal" if newer is None else newer.get(VAL, "decimal")
    restart = value("lvlRestart")
    return _Level(
        style=style,
        text=value("lvlText") or "",
        start=_integer(value("start"), 1),
        suffix=value("suff") or "tab",
        legal=lvl.find(W + "isLgl") is not None,
        restart=None if restart is None else _integer(restart, 0),
    )


def _integer(text: str | None, otherwise: int) -> int:
    try:
        number = int(text or "")
    except ValueError:
        return otherwise
    return number if 0 <= number < 100_000 else otherwise
