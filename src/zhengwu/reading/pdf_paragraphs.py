"""Printed lines as paragraphs, also over a page break."""

import itertools
import math
import re
from typing import NamedTuple

from zhengwu.model.document import Box, Paragraph, Place
from zhengwu.reading.pdf_lines import Line, is_wide, lead_fits

# A line is full when it ends within this many heights of the right margin: a character or two that
# may not stand at a line's end or start are carried over. After a full stop less is forgiven.
_FULL = 2.5
_FULL_AFTER_STOP = 1.2
# A line is full, too, when what the next line begins with (a long number, which no line break may part)
# would have left less than this share of a height before the margin.
_SPARE = 0.3
# Lines that stand this many heights wider apart than the lines of a paragraph are two paragraphs.
_WIDER = 0.4
# A line that begins this many heights further right than the margin is indented.
_INDENT = 0.8
# Lines of one paragraph are of one size, within this share, and no farther apart than this many heights.
_SAME_SIZE = 0.25
_PARAGRAPH_GAP = 3.0
# Lines that end within this many heights of each other show the margin.
_MARGIN_SPREAD = 1.2
# A line that hangs out of the margin does so by at most this many heights.
_MARGIN_OUTLIER = 4.0
# So many lines at one margin are enough to trust the page alone.
_TRUSTED_LINES = 4

# The first line of a paragraph is set in by two characters; a block may be set in by more.
_FIRST_LINE_INDENT = 2.7

_STOPS = "。；：！？"
_CLOSING = "，。；：！？、）》〉」』】〕”’％…"
# Behind these a number is part of the sentence: 按照 / 第三条.
_REFERRING = frozenset("第和与及至或按据照见的，、")
_SECTION = re.compile(
    r"第[一二三四五六七八九十百\d]{1,4}(?:部分|[章节条])|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]"
)
_ITEM = re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))|[（(]\d{1,2}[)）]|[①-⑳]|[注附][：:]")
_UNIT = re.compile(r"(?:金额)?单位[:：]")
_LEADERS = re.compile(r"…{3}|\.{6}|·{6}|_{6}|-{6}")
_PAGE_NUMBER = re.compile(
    r"[-—–－―─~·\s]*(?:\d{1,4}|[ivxlcIVXLC]{1,6})[-—–－―─~·\s]*"
    r"|第\s*\d{1,4}\s*页(?:[，,\s]*共\s*\d{1,4}\s*页)?|\d{1,4}\s*[/／]\s*\d{1,4}"
)
# Page numbers stand in this lowest share of a page.
_FOOT = 0.12


class Margins(NamedTuple):
    """Where the lines of running text begin and end, in points from the page's left."""

    left: float
    right: float
    trusted: bool


def margins(lines: list[Line]) -> Margins:
    """The margins of a page's lines outside tables; at least one line."""
    lefts = sorted(line.left for line in lines)
    # A closing sign at the end of a line may hang out of the margin, or be set half wide there.
    solid = [line.right for line in lines if line.text[-1] not in _CLOSING]
    rights = sorted(solid if len(solid) >= _TRUSTED_LINES else (line.right for line in lines), reverse=True)
    height = lines[0].height
    spread = _MARGIN_SPREAD * height
    right = _shared(rights, spread, _MARGIN_OUTLIER * height)
    left = _shared(lefts, spread, _MARGIN_OUTLIER * height)
    return Margins(left, right, sum(right - one < 2 * spread for one in rights) >= _TRUSTED_LINES)


def _shared(ends: list[float], spread: float, outlier: float) -> float:
    """The outermost end that two lines share; the outermost of all where none is near it."""
    for one, other in itertools.pairwise(ends):
        if abs(one - ends[0]) > outlier:
            break
        if abs(one - other) < spread:
            return one
    return ends[0]


def without_page_number(lines: list[Line], height: float) -> list[Line]:
    """The lines of a page from top to bottom, without the number at its foot."""
    if lines and lines[-1].top > height * (1 - _FOOT) and _PAGE_NUMBER.fullmatch(lines[-1].text.strip()):
        return lines[:-1]
    return lines


class Paragraphs:
    """Collects lines and gives back paragraphs as soon as they are complete."""

    def __init__(self) -> None:
        self._text = ""
        self._place = Place()
        self._last: Line | None = None
        self._room = 0.0  # from the end of the last line to the margin
        self._spacing = math.inf  # between the last two lines of one paragraph
        self._rights: dict[int, float] = {}
        self._margins = Margins(0.0, 0.0, False)

    def begin_page(self, lines: list[Line], width: float) -> None:
        """Take the margins of the lines of a page, ``width`` points wide."""
        if not lines:
            return
        found = margins(lines)
        key = round(width)
        if not found.trusted:
            found = found._replace(right=max(found.right, self._rights.get(key, 0.0)))
        self._rights[key] = found.right
        self._margins = found

    def add(self, line: Line, shown: Box, page: int, number: int) -> Paragraph | None:
        """One more line, its box as shown, and the line number of a paragraph that begins with it.

        Returns the paragraph that this line ends.
        """
        ended = self.flush() if self._last is None or self._begins(self._last, line) else None
        if self._text:
            if self._last is not None and self._last.top > 0:
                self._spacing = line.top - self._last.bottom
            self._text += _joint(self._text[-1], line.text[0]) + line.text
            box = self._place.box
            if box is not None and self._place.page == page:
                left, top = map(min, box[:2], shown[:2])
                right, bottom = map(max, box[2:], shown[2:])
                self._place = self._place._replace(box=(left, top, right, bottom))
        else:
            self._text = line.text
            self._place = Place(page=page, line=number, box=shown)
        self._last = line
        self._room = self._margins.right - line.right
        return ended

    def end_page(self) -> Paragraph | None:
        """The open paragraph, unless it runs on over the page break."""
        if self._last is None:
            return None
        # Whether the last line is full shows by the first one of the next page.
        if self._last.text[-1] not in _STOPS and not _LEADERS.search(self._last.text):
            self._last = self._last._replace(top=0.0, bottom=self._last.height)
            return None
        return self.flush()

    def flush(self) -> Paragraph | None:
        """The open paragraph, whether or not its last line is full."""
        if not self._text:
            return None
        done = Paragraph(self._text, self._place)
        self._text, self._last = "", None
        return done

    @property
    def open(self) -> bool:
        """Whether a paragraph waits for its next line."""
        return bool(self._text)

    def _full(self, before: Line, line: Line) -> bool:
        """Whether ``before``, the last line, was full, so that ``line`` had to begin a new one."""
        if self._room < before.height * (_FULL_AFTER_STOP if before.text[-1] in _STOPS else _FULL):
            return True
        return not lead_fits(line, self._room - before.height * _SPARE)

    def _is_spaced(self, before: Line, line: Line) -> bool:
        """Whether two lines stand wider apart than the last two lines of one paragraph did."""
        return before.top > 0 and line.top - before.bottom > self._spacing + line.height * _WIDER

    def _begins(self, before: Line, line: Line) -> bool:
        text = line.text
        if text[0] in _CLOSING:
            return False
        if not self._full(before, line) or _LEADERS.search(before.text) or _LEADERS.search(text):
            return True
        if _UNIT.match(text):
            return True
        height = min(line.height, before.height)
        if abs(line.height - before.height) > height * _SAME_SIZE:
            return True
        if line.top - before.bottom > height * _PARAGRAPH_GAP and before.top > 0:
            return True
        stopped = before.text[-1] in _STOPS
        if stopped and self._is_spaced(before, line):
            return True
        indented = line.left - self._margins.left > height * _INDENT
        if _SECTION.match(text) and before.text[-1] not in _REFERRING:
            return True
        if _ITEM.match(text) and (stopped or indented):
            return True
        if not indented:
            return False
        if abs(line.left - before.left) < height * _INDENT:
            # Side by side with the line before: two first lines, or two lines of an indented block.
            return stopped or line.left - self._margins.left < height * _FIRST_LINE_INDENT
        return line.left > before.left


def _joint(last: str, first: str) -> str:
    """A blank between two wrapped lines only where two foreign words meet."""
    if is_wide(last) or is_wide(first):
        return ""
    return " " if last.isalpha() and first.isalpha() else ""
