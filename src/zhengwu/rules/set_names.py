"""Whose document it is, at which level, and which units a department says it has."""

import re
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure, Section
from zhengwu.model.number import chinese_count
from zhengwu.recognition.words import label_of, numbering_level, squeeze
from zhengwu.rules.names import plain

_OPENING = 12  # paragraphs among which a document says whose it is
_TITLE = re.compile(
    r"^(?P<before>.{3,40}?)?20\d\d年(?:度|区级|市级|县级|省级|本级|区本级|市本级)*(?P<after>.{3,40}?)?"
    r"(?P<level>部门|单位)?(?:[(](?:部门|单位)[)])?(?:收支)?(?:预算|决算)"
)
_SUPERIOR = re.compile(r"^(?:预算)?主管部门(?:名称)?:(?P<name>.{3,40})$")
_REGION = re.compile(r"(?:省|市|区|县|旗|州|盟|镇|乡|街道)$")
_OWN = re.compile(r"[(（]?(?:机关)?(?:本级|本部|机关)[)）]?$")
_NAME_END = re.compile(
    r"(?:本级|本部|机关|局|委|办|厅|室|部|院|府|会|处|科|署|队|站|所|中心|馆|校|学|园|台|社|团|组|库|场|厂|公司|银行|医院|"
    r"基地|委员会|大厅|学院|大学)(?:[(（].{1,12}[)）])?$"
)
_LISTS = re.compile(
    r"列示至|(?:预算|决算)单位(?:构成|组成|设置|有|包括)|单位构成|(?:预算|决算)(?:编制|汇总|编报)?范围|预算是?包括"
)
_INLINE = re.compile(r"(?:具体)?包括[:]?(?P<units>[^。;]{6,400})")
_NOT_BUDGETED = re.compile(r"不单列|不单独|未单独|未单列|并入|不独立|非独立|合并|纳入.{0,8}(?:本级|本部)")
_KIND_OF_UNIT = re.compile(
    r"^(?:下属|所属|直属)?(?:\d+家)?(?:行政|参公|全额|差额|公益[一二]类|财政)*(?:拨款)?(?:行政|参公|事业)?单位[:]?"
)
_COUNTED = re.compile(
    r"(?P<n>\d{1,3}|[一二三四五六七八九十两]{1,3})(?:个|家)(?:一级|二级|三级|基层|独立)?(?:预算|决算)单位"
    r"|(?:预算|决算)单位(?:共有?|共计|包括)?(?P<m>\d{1,3}|[一二三四五六七八九十两]{1,3})(?:个|家)"
)
_NOT_A_NAME = re.compile(r"预算|决算|情况|说明|职能|职责|构成|报表|总表")
_MOST_ENTRIES = 300
_LEAST_NAME = 3  # "无" under a heading of names is none


class Listing(NamedTuple):
    """The budget units that a department says it has. ``complete`` when nothing speaks against the list."""

    units: tuple[str, ...]
    complete: bool


def same_unit(one: str, other: str) -> bool:
    """Whether two names mean one unit: equal without 本级 and brackets, or one with its region in front."""
    a, b = _bare(one), _bare(other)
    if not a or not b:
        return False
    shorter, longer = sorted((a, b), key=len)
    if shorter == longer:
        return True
    return len(shorter) >= 3 and longer.endswith(shorter) and bool(_REGION.search(longer[: -len(shorter)]))


def _bare(name: str) -> str:
    return plain(_OWN.sub("", squeeze(name)))


def publisher_of(disclosure: Disclosure) -> tuple[str, str, str]:
    """(the unit's name, "department" or "unit" or "" for its level, the department it names as its superior)."""
    heads = [squeeze(section.text) for section in disclosure.sections[:_OPENING] if len(section.text) < 60]
    captioned = squeeze(disclosure.unit)
    titled = superior = ""
    for head in heads:
        match = _TITLE.match(head)
        if match and not titled:
            titled = next((part for part in (match["before"], match["after"]) if part and _is_name(part)), "")
        over = _SUPERIOR.match(head)
        if over:
            superior = over["name"]
    of_superior = bool(superior and titled and same_unit(captioned, superior))  # its caption names the department
    name = titled if of_superior or not captioned else captioned
    level = _level([*heads, *(squeeze(table.title) for table in disclosure.tables)])
    if superior and name and same_unit(superior, name):
        superior = ""
    if name and _OWN.search(name) and not name.endswith("委员会机关"):
        level = "unit"
    return name or superior, level, superior if name else ""


def _is_name(text: str) -> bool:
    return not _REGION.search(text) and not _NOT_A_NAME.search(text)


def _level(lines: list[str]) -> str:
    """Whether titles speak of a department or of a unit; the cover's word before those of the tables."""
    votes = {"部门": 0, "单位": 0}
    for number, line in enumerate(lines):
        if re.search(r"部门[(/]?单位|单位[(/]?部门|预算单位[构组]", line):
            continue
        for match in re.finditer(
            r"(部门|单位)(?=(?:预算|决算|财务|收入|支出|财政拨款|一般公共))|^预算(单位):|^编制(部门):", line
        ):
            word = match[1] or ("单位" if match[2] else "部门")
            votes[word] += 5 if number < 3 else 1
    if votes["部门"] == votes["单位"]:
        return ""
    return "department" if votes["部门"] > votes["单位"] else "unit"


def listing_of(disclosure: Disclosure) -> Listing:
    """The budget units that the document lists: numbered lines, a sentence, or a table of names."""
    entries: list[str] = []
    counts: set[int] = set()
    listing = False
    for section in disclosure.sections:
        text = squeeze(section.text)
        if any("目录" in head for head in section.heading):
            continue
        if listing and _is_entry(section, text):
            entries.append(text)
            continue
        listing = False
        if _LISTS.search(text) and len(text) < 300 and not (numbering_level(text) is not None and len(text) > 60):
            listing = True
            inline = _INLINE.search(text)
            if inline and not entries:
                parts = re.split(r"[、,和及]|以及", inline["units"])
                entries += [part for part in parts if _NAME_END.search(part) and not _NOT_A_NAME.search(part)]
        for match in _COUNTED.finditer(text):
            counts.add(chinese_count(match["n"] or match["m"]) or 0)
    if not entries:
        entries = _in_table(disclosure)
    budgeted = [_entry_name(entry) for entry in entries if not _NOT_BUDGETED.search(entry)]
    units = tuple(dict.fromkeys(name for name in budgeted if len(name) >= _LEAST_NAME))[:_MOST_ENTRIES]
    agreed = {len(units), len(units) - 1, len(entries)}  # 二级预算单位 are counted without the department's own
    return Listing(units, bool(units) and all(budgeted) and counts <= agreed)


def _is_entry(section: Section, text: str) -> bool:
    if numbering_level(section.text) is None or len(text) > 80:
        return False
    return bool(_NAME_END.search(_entry_name(text))) and not _NOT_A_NAME.search(_NOT_BUDGETED.split(text)[0])


def _entry_name(text: str) -> str:
    words = re.split(r"[,。;:]|" + _NOT_BUDGETED.pattern, label_of(text))[0]
    return _KIND_OF_UNIT.sub("", words)


def _in_table(disclosure: Disclosure) -> list[str]:
    """The names in a table of 序号 and 单位名称 without amounts."""
    for table in disclosure.tables:
        if any(column.role == "amount" and column.dims for column in table.columns):
            continue
        for position, column in enumerate(table.columns):
            if column.label and re.search(r"(?:单位|机构)名称", column.label[-1]):
                cells = [row.cells[position] for row in table.rows]
                return [squeeze(cell.text) for cell in cells if cell and cell.text.strip()]
    return []
