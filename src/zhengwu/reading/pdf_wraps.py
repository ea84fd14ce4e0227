"""The lines of one table cell: which go on with the line before, and which stand for themselves.

A narrow cell breaks names, codes and amounts wherever they reach its edge; but a cell may also hold
several values on purpose, one to a line.
"""

import itertools
import re

from zhengwu.reading.pdf_lines import Line, is_wide, lead_width

# A line of a cell that ends more than this many heights before the right edge was ended on purpose.
_SHORT_LINE = 1.5
# The blanks that programs leave between text and ruling are together at most so wide, in points: Word's
# 0.19 cm on both sides, with a little slack.
PADDING = 12.0

_VALUE = re.compile(r"[-−－+]?[\d,，]*\d(?:\.\d+)?[%％]?|[-—－/]+")
_PART = re.compile(r"[-−－+]?[\d,，]*\.?\d*[%％]?")
_COMPLETE = re.compile(r"[-−－]?\d{1,3}(?:,\d{3})+\.\d{2}")
# What a grouped amount looks like as far as it is printed: no group but the last has fewer digits.
_BEGUN = re.compile(r"[-−－]?\d{1,3}(?:[,，]\d{3})*(?:[,，]\d{0,3}|\.\d{0,2})?")
_NUMBERED = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[）)、．]|\.(?!\d))")
_SENTENCE_END = "。；：！？;:!?"


def is_value(text: str) -> bool:
    """Whether a text is one number, whole or grouped, or a dash that stands for none."""
    return _VALUE.fullmatch(text) is not None


def is_numbered(text: str) -> bool:
    """Whether a text begins with the number of an item."""
    return _NUMBERED.match(text) is not None


def joined(lines: list[Line], left: float, right: float) -> str:
    """The text of a cell between ``left`` and ``right``, ``\\n`` where a line was ended on purpose."""
    text = number = lines[0].text
    for before, line in itertools.pairwise(lines):
        broken = number_runs_on(number, before, line, left, right)
        number = number + line.text if broken else line.text
        text += ("" if broken else between(before, line, left, right)) + line.text
    return text


def values(lines: list[Line], left: float, right: float) -> list[list[Line]]:
    """The numbers of a cell, each with the lines it is printed on; none where it holds other text."""
    found: list[list[Line]] = []
    number = ""
    for line in lines:
        if found and number_runs_on(number, found[-1][-1], line, left, right):
            found[-1].append(line)
            number += line.text
        else:
            if found and not is_value(number):
                return []
            found.append([line])
            number = line.text
    return found if is_value(number) else []


def number_runs_on(number: str, before: Line, line: Line, left: float, right: float) -> bool:
    """Whether the number begun as ``number``, up to the end of ``before``, goes on with ``line``.

    Two values that are complete each for itself stay two, even where together they read like one.
    """
    part = line.text
    if not (_PART.fullmatch(number) and _PART.fullmatch(part) and number[-1] not in "%％"):
        return False
    whole = number + part
    if part[0] in "-−－+" or not (number[-1].isdigit() or number[-1] in ".,，"):
        return False
    if part[0] in ".,，%％" or number[-1] in ".,，":
        return _PART.fullmatch(whole) is not None
    if "," in number or "，" in number:
        return _BEGUN.fullmatch(whole) is not None
    if not _fills(before, left, right):
        return False
    if "." in number:
        return len(whole.partition(".")[2]) == len("00") and part.isdigit()
    # A code or a number without separators: its last line is shorter than those that were filled.
    return len(part.rstrip("%％")) < len(before.text) and _PART.fullmatch(whole) is not None


def _fills(line: Line, left: float, right: float) -> bool:
    """Whether no further digit would fit on a line of digits."""
    width = line.right - line.left
    return right - left - width < width / len(line.text) + PADDING


def between(before: Line, line: Line, left: float, right: float) -> str:
    """What joins two lines of one cell: nothing where a word or a sentence runs on, else a break."""
    last, first = before.text[-1], line.text[0]
    value = is_value(line.text)
    if value and is_value(before.text):
        return "\n"
    if is_numbered(line.text) and not value:
        return "\n"
    if last in _SENTENCE_END and right - before.right > line.height * _SHORT_LINE:
        return "\n"
    if last.isascii() and first.isascii() and last.isalpha() and first.isalpha():
        return " "
    if value and len(line.text) > 2 and is_wide(last):
        # An amount under its name, unless it is a number of the sentence that did not fit any more.
        free = right - left - (before.right - before.left)
        return "\n" if _COMPLETE.fullmatch(line.text) or free >= lead_width(line) + PADDING else ""
    return ""
