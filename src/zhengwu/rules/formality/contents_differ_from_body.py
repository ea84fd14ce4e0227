"""The table of contents lists what the document does not hold.

Checks: every entry of the contents is a heading or the title of a table in the document.
Why: a section that is announced and missing was forgotten.
Fails: 目录: 三、支出决算表; the body goes from table two to table four
Passes: 目录: 三、支出决算表; the body holds it
Known gaps: entries are compared by their words, without numbers, years and the unit's name; near ones count as found.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from zhengwu.model.disclosure import Section
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.recognition.words import label_of, squeeze
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "contents-differ-from-body"
_LEADER = re.compile(r"(?:[.·]{3,}|…+)\d*$|[-—]?\d{1,3}[-—]?$")
_FILLER = re.compile(r"20\d\d年度?|部门|单位|预算单位|第[一二三四五六七八九十]+部分|^\d+[.、．]|[“”\"]")
_NEAR = 0.72  # words in common that make two titles the same: 情况说明 against 说明, 总表 against 预算总表
_LONGEST = 60


@rule(
    title=("目录与正文不符", "The contents list what the document does not hold"),
    severity=Severity.WARNING,
    basis=("财预〔2016〕143号：公开内容应完整", "Publication rules (2016) No. 143: contents are complete"),
    mend=("补充缺少的内容，或更正目录。", "Add what is missing, or correct the contents."),
)
def check(view: View) -> Iterator[Outcome]:
    """Entries of the contents against headings and titles."""
    entries, body = _contents(view)
    titles = [_words(view, section.text) for section in body if len(section.text) <= _LONGEST]
    titles += [_words(view, table.title) for table in view.disclosure.tables if table.title]
    known = {title for title in titles if title}
    for entry in entries:
        words = _words(view, _LEADER.sub("", squeeze(entry.text)))
        if len(words) < 2:
            continue
        if words in known or any(_near(words, title) for title in known):
            yield Held(CODE)
            continue
        yield Finding(
            CODE, Severity.WARNING,
            Message(f"目录列有“{_shown(entry)}”，正文中没有。", f"The contents list “{_shown(entry)}”; the document does not hold it."),
            (Spot(entry.place, _shown(entry)),),
        )  # fmt: skip


def _contents(view: View) -> tuple[list[Section], list[Section]]:
    """(entries of the contents, what follows them). The contents end where their first entry comes again."""
    sections = view.disclosure.sections
    begin = next((n for n, s in enumerate(sections[:40]) if squeeze(s.text) in ("目录", "目次")), None)
    if begin is None or begin + 1 >= len(sections):
        return [], list(sections)
    entries: list[Section] = []
    first = ""
    for number in range(begin + 1, len(sections)):
        section = sections[number]
        words = _words(view, _LEADER.sub("", squeeze(section.text)))
        if len(section.text) > _LONGEST or section.text.rstrip().endswith(("。", "；")) or (first and first in words):
            return (entries, list(sections[number:])) if len(entries) > 2 else ([], list(sections))
        first = first or words
        entries.append(section)
    return [], list(sections)


def _words(view: View, text: str) -> str:
    words = label_of(_FILLER.sub("", squeeze(text)))
    return words.replace(squeeze(view.disclosure.unit), "") if view.disclosure.unit else words


def _near(words: str, title: str) -> bool:
    if words in title:
        return True
    matcher = SequenceMatcher(None, words, title, autojunk=False)
    return matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR


def _shown(entry: Section) -> str:
    return _LEADER.sub("", entry.text.strip()).strip(" .…·")
