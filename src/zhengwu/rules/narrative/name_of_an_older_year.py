"""A sentence names a class by the name of an older classification.

Checks: names before （类）, （款）, （项） and in quoted paths “类-款-项”: none is a name that was given up before the
document's year and that no code has now.
Why: sentences are copied from last year's document; the classification is issued anew every year.
Fails: (2024) 医疗卫生与计划生育支出（类）61万元
Passes: (2024) 卫生健康支出（类）61万元
Known gaps: names that our data does not vouch for are left alone.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from zhengwu.dialects.classifications import functional, normalise_name
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "name-of-an-older-year"
_BEFORE_LEVEL = re.compile(r"([一-鿿、]{4,40})[（(][类款项][)）]")
_PATH = re.compile(r"[“\"]([^”\"]{2,80}[-－—–→][^”\"]{2,80})[”\"]")


@rule(
    title=("使用了以前年度的科目名称", "A name of an older classification"),
    severity=Severity.ERROR,
    basis=("财政部《政府收支分类科目》（当年）", "Government budget classification of the year, Ministry of Finance"),
    mend=("改用当年的科目名称。", "Use the name of the year."),
)
def check(view: View) -> Iterator[Outcome]:
    """Names in sentences; the same slip in several sentences is one finding."""
    if not view.year:
        return
    older = _given_up(view.year)
    found: dict[str, list[Spot]] = {}
    held = 0
    for section in view.disclosure.sections:
        for name, printed in _names(section.text):
            match = next((old for old in older if name.endswith(old)), None)
            if match is None:
                held += 1
            else:
                found.setdefault(match, []).append(Spot(section.place, printed))
    for name, spots in found.items():
        now = older[name]
        yield Finding(
            CODE,
            Severity.ERROR,
            Message(
                f"“{name}”是以前年度的科目名称，{view.year}年为“{now}”。",
                f"“{name}” is the name of an older year; it is “{now}” in {view.year}.",
            ),
            tuple(spots),
            now,
            name,
        )
    if held:
        yield Held(CODE, held)


def _names(text: str) -> Iterator[tuple[str, str]]:
    """(normalised, printed) names of classes in a sentence."""
    for match in _BEFORE_LEVEL.finditer(text):
        yield normalise_name(match[1]), match[1]
    for match in _PATH.finditer(text):
        for part in re.split(r"[-－—–→]+", match[1]):
            yield normalise_name(part), part


@lru_cache(maxsize=8)
def _given_up(year: int) -> dict[str, str]:
    """Names that some code had before ``year`` and none has in it -> the code's name of the year."""
    book = functional()
    current = {normalise_name(name) for code in book.codes() if (name := book.name_of(code, year))}
    found: dict[str, str] = {}
    for code in book.codes():
        now = book.name_of(code, year)
        for earlier in book.names_of(code):
            old = normalise_name(earlier.name)
            if now and earlier.until is not None and earlier.until < year and not any(old in one for one in current):
                found[old] = now
    return found
