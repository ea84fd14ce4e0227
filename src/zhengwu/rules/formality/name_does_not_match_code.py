"""A classification's name is not the name of its code.

Checks: every code printed with a name: the name is the code's in the classification of the document's year.
A name of another year, or of another code, is an error; one that our data does not know is a warning. A final
"支出" or "费", brackets and blanks do not count.
Why: names of an older year are left in; a name shifted by a row puts money under the wrong head.
Fails: (2021) 210 医疗卫生与计划生育支出
Passes: (2021) 210 卫生健康支出
Known gaps: codes and years that our data does not vouch for are not evaluated; a name cut by the page holds.
"""

import re
from collections.abc import Iterator

from zhengwu.dialects.classifications import (
    Classification,
    departmental_economic,
    functional,
    government_economic,
    normalise_name,
)
from zhengwu.model.disclosure import NameUse
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "name-does-not-match-code"
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|其中：|\d+[.、]?)")
_LEVEL = re.compile(r"（[类款项]）$")
_IN_BRACKETS = re.compile(r"（(?![一二三四五六]）)[^（）]*）")
_ENDING = re.compile(r"(?<=..)(?:支出|费用|经费|费)$")
_LEAST_CUT = 4  # characters that a cut name must still show


@rule(
    title=("科目名称与编码不符", "The name is not that of the code"),
    severity=Severity.ERROR,
    basis=(
        "财政部《政府收支分类科目》（当年）",
        "Government budget classification of the year, Ministry of Finance",
    ),
    mend=(
        "按当年政府收支分类科目改正名称或编码。",
        "Correct name or code by the classification of the year.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Names printed against names of the year; the same slip in several tables is one finding."""
    if not view.disclosure.year:
        return
    books: dict[str, Classification] = {
        "function": functional(), "government": government_economic(), "departmental": departmental_economic(),
    }  # fmt: skip
    uses: dict[tuple[str, str, str], list[NameUse]] = {}
    for use in view.disclosure.names:
        uses.setdefault((use.axis, use.code, use.name), []).append(use)
    held = 0
    for (axis, code, name), found in uses.items():
        verdict = books[axis].accepts(code, name, view.year)
        if verdict is None:
            continue
        if verdict or _means(name, books[axis].name_of(code, view.year) or ""):
            held += len(found)
        else:
            yield _finding(books[axis], code, name, view.year, found)
    if held:
        yield Held(CODE, held)


def _finding(book: Classification, code: str, name: str, year: int, uses: list[NameUse]) -> Finding:
    expected = book.name_of(code, year) or ""
    zh = f"科目编码 {code} 在 {year} 年的名称是“{expected}”，印为“{name}”"
    en = f"Code {code} is “{expected}” in {year}; “{name}” is printed"
    severity = Severity.ERROR
    older = [one for one in book.names_of(code) if _means(name, one.name)]
    if older:
        until = older[0].until
        zh += f"：这是{f' {until} 年及以前' if until and until < year else '其他年份'}的名称"
        en += f", a name of {f'{until} and before' if until and until < year else 'other years'}"
    elif others := book.codes_named(name, year):
        zh += f"：这是 {others[0]} 的名称"
        en += f", the name of {others[0]}"
    else:
        severity = Severity.WARNING
        zh += "，请对照当年科目核实"
        en += ": check it against the classification of the year"
    spots = tuple(Spot(use.place, use.name, use.table) for use in uses)
    return Finding(CODE, severity, Message(f"{zh}。", f"{en}."), spots, expected, name)


def _means(printed: str, official: str) -> bool:
    """Whether a printed name is the official one but for spelling, or its beginning, cut by the page."""
    a, b = _core(printed), _core(official)
    shorter = normalise_name(printed).rstrip("…")
    cut = len(shorter) >= _LEAST_CUT and normalise_name(official).startswith(shorter)
    return bool(a & b) or cut


def _core(name: str) -> set[str]:
    """A name's spellings: without brackets, and without what stands in them (but a number counts)."""
    bare = _LEVEL.sub("", _NUMBERING.sub("", normalise_name(name)))
    without = _IN_BRACKETS.sub("", bare)
    return {_ENDING.sub("", re.sub("[（）]", "", one)) or one for one in (bare, without)}
