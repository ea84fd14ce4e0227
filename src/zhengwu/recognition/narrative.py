"""The narrative: paragraphs under their headings."""

import re

from zhengwu.model.disclosure import Section
from zhengwu.model.document import Block, Paragraph
from zhengwu.recognition.words import numbering_level, squeeze

MAX_HEADING = 50
MAX_PATH = 100  # of a heading that names 类, 款 and 项
_PATH = re.compile(r"[(（][类款项][)）]")
_AMOUNT = re.compile(r"\d\s*(?:[万亿千]?元(?!以)|%|％)")
_ENDS_SENTENCE = re.compile(r"[。；;，,]$")
_TITLE = re.compile(r"(?:说明|情况|职能|职责|设置|解释|概况|目录|构成|报表|预算表|决算表)$")


def sections_of(blocks: tuple[Block, ...]) -> tuple[Section, ...]:
    """Every paragraph with the headings above it. A heading is itself a section, under its parents."""
    sections: list[Section] = []
    stack: list[tuple[int, str]] = []
    for block in blocks:
        if not isinstance(block, Paragraph):
            continue
        text = block.text.strip()
        if not text:
            continue
        level = heading_level(text)
        if level is not None:
            while stack and stack[-1][0] >= level:
                stack.pop()
        sections.append(Section(tuple(heading for _, heading in stack), text, block.place))
        if level is not None:
            stack.append((level, text))
    return tuple(sections)


def heading_level(text: str) -> int | None:
    """The level of a heading, 0 for a part's title; None for running text."""
    if len(text) > (MAX_PATH if _PATH.search(text) else MAX_HEADING) or _AMOUNT.search(text):
        return None
    if text.endswith("。") and text.count("。") == 1 and _TITLE.search(squeeze(text[:-1])):
        text = text[:-1]  # （二）政府采购预算安排情况说明。
    if _ENDS_SENTENCE.search(text):
        return None
    level = numbering_level(text)
    if level is not None:
        return level + 1
    if _TITLE.search(squeeze(text)) and len(text) <= 40:
        return 0
    return None
