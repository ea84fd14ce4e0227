"""Text on terminals: a Chinese character takes two columns."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """How many terminal columns ``text`` takes."""
    return sum(_width(character) for character in text)


def wrapped(text: str, columns: int, indent: str) -> list[str]:
    """``text`` on lines of at most ``columns``, each behind ``indent``. Numbers and latin words stay whole."""
    lines: list[str] = []
    line = ""
    room = max(columns - width(indent), 16)
    for word in _words(text):
        if line and width(line) + width(word) > room:
            lines.append(indent + line.rstrip())
            line = word.lstrip()
        else:
            line += word
        if width(line) > room:
            *full, line = _pieces(line, room)
            lines += [indent + piece for piece in full]
    if line.strip():
        lines.append(indent + line.rstrip())
    return lines


def _pieces(text: str, room: int) -> list[str]:
    """``text`` in pieces of at most ``room`` columns, cut in one pass: a cell may hold a megabyte."""
    pieces: list[str] = []
    start = taken = 0
    for at, character in enumerate(text):
        size = _width(character)
        if taken + size > room:
            pieces.append(text[start:at])
            start, taken = at, 0
        taken += size
    return [*pieces, text[start:]]


def _words(text: str) -> list[str]:
    words: list[str] = []
    for character in text:
        narrow = _width(character) == 1 and character != " "
        if (words and narrow and _width(words[-1][-1]) == 1 and words[-1][-1] != " ") or (
            words and character in "，。；：、）”"
        ):
            words[-1] += character
        else:
            words.append(character)
    return words


def padded(text: str, columns: int) -> str:
    """``text`` cut or filled with blanks to ``columns``."""
    text = _pieces(text, columns)[0]
    return text + " " * (columns - width(text))
