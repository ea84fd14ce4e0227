"""Which item of the inspection form a finding belongs to: by its table, or by the heading it stands under."""

import re
from collections import defaultdict
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure, Section
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.reporting.audited import is_placed

COVER, CONTENTS, FUNCTIONS, SETUP, TERMS, NARRATIVE, OTHER, PROJECTS = (
    "封面", "目录", "主要职能", "机构设置", "名词解释", "预算编制说明", "其他相关说明", "项目经费情况说明",
)  # fmt: skip
_BEFORE_TABLES = (COVER, CONTENTS, FUNCTIONS, SETUP, TERMS, NARRATIVE)
_BEHIND_TABLES = (OTHER, PROJECTS)
# Words of a heading, most telling first.
_HEADINGS = (
    (re.compile(r"名词解释|名称解释|术语解释"), TERMS),
    (re.compile(r"主要职[能责]|部门职责|单位职责"), FUNCTIONS),
    (re.compile(r"机构设置|机构情况|内设机构|人员构成|单位构成"), SETUP),
    (re.compile(r"项目经费情况|项目支出情况说明|项目绩效.{0,6}说明"), PROJECTS),
    (re.compile(r"其[他它](?:重要)?(?:相关)?(?:事项)?(?:的)?(?:情况)?(?:的)?说明"), OTHER),
    (re.compile(r"编制说明|预算情况说明|决算情况说明|收支.{0,8}情况"), NARRATIVE),
)
# A heading of the general explanation does not end these: their own parts are called "…情况说明" too.
_KEEPS_NARRATIVE = (OTHER, PROJECTS)
_OPENS_NARRATIVE = re.compile(r"编制说明|第.部分.*(?:预|决)算(?:编制|情况)说明")
_CHAPTER = re.compile(r"第[一二三四五六七八九十]部分")
_CHAPTER_OF_TABLES = re.compile(r"(?:第.部分)?.{0,40}(?:预算|决算|报)表$")
_HEADING_LENGTH = 45


class FormItem(NamedTuple):
    """A row of the form: its name, whether the document has it, and the findings that belong to it."""

    name: str
    present: bool
    findings: tuple[Finding, ...]


def form_items(disclosure: Disclosure, findings: list[Finding]) -> list[FormItem]:
    """The items under 内容规范性 in the form's order, each with its errors and warnings."""
    at_line, present = _items_of_sections(disclosure)
    titles = _table_titles(disclosure)
    names = [*_BEFORE_TABLES, *dict.fromkeys(title for title in titles if title), *_BEHIND_TABLES]
    belongs: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.severity is Severity.INFO:
            continue
        spot = finding.at[0] if finding.at else None
        name = NARRATIVE
        if spot is not None and not is_placed(spot):
            name = f"《{spot.quote}》"
            if name not in names:  # what is missing altogether gets its row, behind the other tables
                names.insert(len(names) - len(_BEHIND_TABLES), name)
        elif spot is not None:
            name = _item(spot, titles, at_line)
        belongs[name].append(finding)
    present |= {title for title in titles if title}
    if disclosure.kind == "final":
        final = {NARRATIVE: "决算情况说明"}
        return [FormItem(final.get(n, n), n in present, tuple(belongs.get(n, ()))) for n in names]
    return [FormItem(name, name in present, tuple(belongs.get(name, ()))) for name in names]


def _item(spot: Spot, titles: list[str], at_line: dict[int, str]) -> str:
    if spot.table >= 0 and titles[spot.table]:
        return titles[spot.table]
    line = spot.place.line or 0
    if line in at_line:
        return at_line[line]
    before = [other for other in at_line if other <= line]
    return at_line[max(before)] if before else NARRATIVE


def _table_titles(disclosure: Disclosure) -> list[str]:
    """The full name of each table; target forms without a title of their own share that of their kind.

    A small table in the narrative has neither title nor kind: it belongs to the text around it.
    """
    by_kind = {table.kind: table.title for table in disclosure.tables if table.kind and table.title}
    found = []
    for table in disclosure.tables:
        title = table.title or by_kind.get(table.kind, "") if table.kind or table.title else ""
        found.append(f"《{title}》" if title else f"表{table.number}" if table.kind and table.number else "")
    return found


def _items_of_sections(disclosure: Disclosure) -> tuple[dict[int, str], set[str]]:
    """For each line of the narrative its item, and the items that the document has.

    Headings nest unreliably in published files, so each one only says where the document has got to.
    """
    tables = {_plain(table.title): f"《{table.title}》" for table in disclosure.tables if table.title}
    item = COVER
    listed: set[str] = set()  # what the table of contents names
    at_line: dict[int, str] = {}
    present: set[str] = set()
    for section in disclosure.sections:
        text = _plain(section.text)
        if text in ("目录", "目次"):
            item, listed = CONTENTS, set()
        elif item == CONTENTS and text not in listed:
            listed.add(text)
        elif _CHAPTER_OF_TABLES.match(text) and disclosure.tables:
            item = _table_behind(section, disclosure) or item
        else:
            item = tables.get(text) or _heading_item(section, item)
        if section.place.line is not None:
            at_line[section.place.line] = item
        present.add(item)
    return at_line, present


def _table_behind(section: Section, disclosure: Disclosure) -> str | None:
    """The first table with a title behind a heading such as 第二部分 …决算表: the heading is its page's."""
    line = section.place.line or 0
    behind = (t.title for t in disclosure.tables if t.title and (t.place.line or 0) >= line)
    title = next(behind, None)
    return title and f"《{title}》"


def _heading_item(section: Section, now: str) -> str:
    text = _plain(section.text)
    if len(text) > _HEADING_LENGTH or re.search(r"[。；，]", text):
        return NARRATIVE if now in (COVER, CONTENTS) and section.place.page not in (None, 1) else now
    for pattern, item in _HEADINGS:
        if pattern.search(text):
            if item == NARRATIVE and now in _KEEPS_NARRATIVE and not _OPENS_NARRATIVE.search(text):
                return now
            return item
    if now == CONTENTS or (now == COVER and _CHAPTER.match(text)):
        return NARRATIVE
    return now


def _plain(text: str) -> str:
    """A heading without blanks, dot leaders and page number."""
    text = re.sub(r"[.．·…_\-\s]{2,}\d*$", "", text.strip())
    return re.sub(r"\s", "", text)
