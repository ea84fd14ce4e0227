"""What stands over a table: its number, title, money unit, year and unit."""

import re
from typing import NamedTuple

from zhengwu.recognition.words import squeeze

_NUMBER = re.compile(
    r"(?:附件?|附?表|(?:部门|单位|财政)?(?:预算|决算|公开|财决|批复)(?:公开)?)?"
    r"(?P<front>表)?0*(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})(?P<sub>[-－—–]\d{1,3})?(?P<back>表)?[:,、.]?"
)
_UNIT = re.compile(r"(?:金额)?单位[:]?(?:人民币)?[(]?(元|千元|万元|百万元|亿元)[)]?")
_YEAR = re.compile(r"[(]?(20\d\d)年?度?[)]?")
_ENTITY = re.compile(
    r"(?:编制|填报|公开|预算|填制|申报|主管)?(?:主管)?(?:部门|单位)(?:[(]?(?:单位|盖章|公章)[)]?)?(?:名称)?:(?P<name>.*)"
)
_APART = re.compile(r"\s*(?:附?表)?\s*(?:\d{1,2}(?:[-－—–]\d{1,3})?|[一二三四五六七八九十]{1,3})[\s　]+\S")
_TITLE_END = re.compile(r"(?:表|目录|明细|一览)(?:[(][^()]{0,12}[)])?$")
_SENTENCE = re.compile(r"[。;,]")
_LEADER = re.compile(r"[.·…]{3,}|…{2,}")

MAX_TITLE = 60


class Captions(NamedTuple):
    """What the lines over a table say; "" or None where they do not."""

    number: str = ""
    title: str = ""
    money_unit: str = ""
    year: int | None = None
    entity: str = ""


def caption_of(text: str) -> Captions | None:
    """What one line over a table says, or None when it is no caption."""
    squeezed = squeeze(text)
    if not squeezed or len(squeezed) > MAX_TITLE or _LEADER.search(squeezed):
        return None
    unit = _UNIT.search(squeezed)
    entity = _ENTITY.match(squeezed)
    if unit and (unit.end() == len(squeezed) or entity):
        rest = squeezed[: unit.start()]
        entity = _ENTITY.match(rest) if rest else None
        if not rest or entity:
            return Captions(money_unit=unit.group(1), entity=entity["name"] if entity else "")
        inner = caption_of(rest)
        return inner._replace(money_unit=unit.group(1)) if inner else Captions(money_unit=unit.group(1))
    if _YEAR.fullmatch(squeezed):
        return Captions(year=int(_YEAR.fullmatch(squeezed)[1]))  # type: ignore[index]
    if entity:
        return Captions(entity=entity["name"])
    return _numbered_title(squeezed, bool(_APART.match(text)))


def _numbered_title(squeezed: str, apart: bool) -> Captions | None:
    """A number, a title or both; ``apart`` when a blank stands between them."""
    match = _NUMBER.match(squeezed)
    if match and match.end() == len(squeezed):
        if "表" in squeezed or squeezed.startswith("附"):
            return Captions(number=_number_text(match))
        return None
    rest = squeezed
    number = ""
    if match:
        rest = squeezed[match.end() :]
        if match["front"] or match["back"] or apart or squeezed.startswith(("表", "附")):
            number = _number_text(match)
        delimited = number or apart or match.group().endswith((":", ",", "、", "."))
        if not delimited or re.match(r"年", rest):  # "2025年…", "一般…": no number after all
            rest, number = squeezed, ""
    if _TITLE_END.search(rest) and not _SENTENCE.search(rest):
        return Captions(number=number, title=rest)
    return None


def _number_text(match: re.Match[str]) -> str:
    return match["number"] + (match["sub"] or "").replace("－", "-").replace("—", "-").replace("–", "-")


def merged(first: Captions, later: Captions) -> Captions:
    """Both together; what stands nearer to the table (``later``) wins."""
    return Captions(
        later.number or first.number,
        later.title or first.title,
        later.money_unit or first.money_unit,
        later.year or first.year,
        later.entity or first.entity,
    )
