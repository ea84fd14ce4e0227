"""What a published document says in sentences: units and staff, duties, reasons, evaluations, assets, last year's
figures."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from zhengwu.ledger.amounts import THREE_PUBLIC as CODES
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.model import (
    Asset,
    Budget,
    Division,
    Duty,
    Evaluation,
    LastYear,
    Ledger,
    Line,
    Project,
    Purpose,
    Reason,
    ThreePublic,
    Unit,
)
from zhengwu.ledger.rebuild_facts import Told, Unknown, money, named, numbered, one_line
from zhengwu.ledger.schema import LAST_YEAR, REASONS, THREE_PUBLIC
from zhengwu.recognition.words import label_of

_LEFTOVER = re.compile(r"×|XX|xx|……|增加（减少）|^[，、：:\s]*$")


# --- units and staff ---------------------------------------------------------------------------------------------

_UNITS = (
    re.compile(r"由(\d+)个预算单位组成[：:]([^。]+)"),
    re.compile(r"包括(\d+)个(?:所属|预算|下属)?单位[，,：:]?(?:即|分别是|分别为|为)[：:]?([^。]+)"),
)
_UNIT_LIST = re.compile(r"预算单位[^。]{0,12}[：:]$")
_MERGED = re.compile(r"不单列|并入")
_INSTITUTION = re.compile(r"(?:中心|学校|中学|小学|幼儿园|医院|研究院|研究所|馆|站|大队|事务所|院|所|园)$")
_STAFF = (
    ("posts_administrative", re.compile(r"行政编制(?:数|人数)?[为：:]?\s*(\d+)\s*[人名]")),
    ("posts_institution", re.compile(r"事业编制(?:数|人数)?[为：:]?\s*(\d+)\s*[人名]")),
    ("posts_workers", re.compile(r"工勤(?:人员)?编制(?:数|人数)?[为：:]?\s*(\d+)\s*[人名]")),
    ("staff", re.compile(r"(?:实有|实际|在职)(?:在编)?(?:人员|人数)?[为：:]?\s*(\d+)\s*[人名]")),
    ("temporary", re.compile(r"长期聘用临时工(?:人员)?[为：:]?\s*(\d+)\s*[人名]")),
    ("retired_early", re.compile(r"离休(?:人员)?[为：:]?\s*(\d+)\s*[人名]")),
    ("retired", re.compile(r"(?<!离)退休(?:人员)?[为：:]?\s*(\d+)\s*[人名]")),
)


def units_of(told: Told, budget: Budget, lines: Sequence[Line], unknown: Unknown) -> tuple[Unit, ...]:
    """The budget units, the department itself first. Its code is the department's; those of others are not printed,
    unless a table of transfers names them."""
    names = _unit_names(told.paragraphs) or [budget.name]
    codes = _unit_codes(told)
    staff = {field: int(match[1]) for field, pattern in _STAFF if (match := _first(pattern, told.paragraphs))}
    found = []
    guessed = []
    for n, name in enumerate(names):
        kind, certain = _kind(name, told.paragraphs, lines if len(names) == 1 else ())
        if not certain:
            guessed.append(name)
        code = codes.get(name) or (budget.code if n == 0 else "")
        found.append(Unit(code, name, kind, **(staff if n == 0 else {})))
    _said_units(found, guessed, bool(staff), unknown)
    return tuple(found)


def _said_units(found: Sequence[Unit], guessed: Sequence[str], staff: bool, unknown: Unknown) -> None:
    if len(found) > 1:
        unknown.say(
            f"{len(found)} 个预算单位的支出没有分单位印出，各行都记在“{found[0].name}”"
            f"{'，人员数也是' if staff else ''}；各单位的数要从各单位的预算取得。",
            f"The expenditure of {len(found)} units is not printed by unit: every line{' and the staff' if staff else ''} is "
            f"put under “{found[0].name}”; each unit's own would have to come from its budget.",
        )
    blank = [unit.name for unit in found if not unit.code]
    if blank:
        unknown.say(
            f"单位代码没有印出：{'、'.join(blank)}；要从财政部门的预算单位名录取得。",
            f"Codes of units are not printed: {', '.join(blank)}; they would have to come from the finance bureau's list.",
        )
    if guessed:
        unknown.say(
            f"单位性质没有印出，按名称记为行政单位或事业单位：{'、'.join(guessed)}；请按机构批文核对。",
            f"Whether a unit is an agency or an institution is not printed and is taken from its name: {', '.join(guessed)}; "
            "check it against the unit's founding document.",
        )
    if not staff:
        unknown.say(
            "编制和实有人数没有印出；要从机构编制批文和人事台账取得。",
            "Posts and staff are not printed; they would have to come from the personnel records.",
        )


def _first(pattern: re.Pattern[str], paragraphs: Sequence[str]) -> re.Match[str] | None:
    return next((match for paragraph in paragraphs if (match := pattern.search(paragraph))), None)


def _unit_names(paragraphs: Sequence[str]) -> list[str]:
    for pattern in _UNITS:
        match = _first(pattern, paragraphs)
        if match:
            count = int(match[1])
            for mark in ("、", "[、和]", "[、及]"):
                names = [name.strip() for name in re.split(mark, match[2]) if name.strip()]
                if len(names) == count:
                    return names
    items = numbered(paragraphs, _UNIT_LIST)
    return [item.rstrip("。；;") for item in items if not _MERGED.search(item) and len(item) <= 40]


def _unit_codes(told: Told) -> dict[str, str]:
    found: dict[str, str] = {}
    for table in told.tables("special_transfers"):
        code = next((n for n, column in enumerate(table.columns) if column.axis == "unit"), None)
        name = next((n for n, column in enumerate(table.columns) if "单位名称" in "".join(column.label)), None)
        for row in table.rows:
            if code is not None and name is not None and row.kind == "item":
                cells = (row.cells[code], row.cells[name])
                if cells[0] and cells[1] and cells[0].text.strip():
                    found[one_line(cells[1].text)] = cells[0].text.strip()
    return found


def _kind(name: str, paragraphs: Sequence[str], lines: Sequence[Line]) -> tuple[str, bool]:
    """What a unit is, and whether the document says so."""
    if any(f"事业单位{name}" in paragraph for paragraph in paragraphs):
        return "institution", True
    coded = [line for line in lines if line.government]
    if coded:  # 505 and 506 are for institutions alone
        own = sum(line.government.startswith(("505", "506")) for line in coded)
        return ("institution" if 2 * own > len(coded) else "agency"), True
    return ("institution" if _INSTITUTION.search(name) else "agency"), False


# --- duties and divisions ----------------------------------------------------------------------------------------

_DUTIES = re.compile(r"(?:主要)?(?:职责|职能)(?:是|包括)?[：:]?$|(?:职责|职能)(?:如下|包括|是)[：:]$")
_DIVISIONS = re.compile(r"内设机构")
_DIVISION = re.compile(r"([^，。；：:]{2,24}?)(?:[：:。](.*))?")
_NAMED = re.compile(r"内设机构(\d+)个[：:]([^。]+)。$")


def duties_of(told: Told) -> tuple[Duty, ...]:
    """Duties, where they are a numbered list."""
    return tuple(Duty(item.rstrip("。；")) for item in numbered(told.paragraphs, _DUTIES))


def divisions_of(told: Told) -> tuple[Division, ...]:
    """Divisions, where they are a numbered list of names, or names whose count is told."""
    found = []
    for item in numbered(told.paragraphs, _DIVISIONS):
        match = _DIVISION.fullmatch(item)
        if match:
            found.append(Division(match[1], (match[2] or "").rstrip("。；")))
    named = None if found else _first(_NAMED, told.paragraphs)
    names = named[2].split("、") if named else []
    if named and len(names) == int(named[1]):
        found = [Division(name, "") for name in names]
    return tuple(found)


# --- what a sentence is about ------------------------------------------------------------------------------------

_SUBJECTS = (
    ("cars", re.compile(r"公务用车购置(?:及|和)运行")),
    ("car_purchase", re.compile(r"公务用车购置费|车辆?购置费")),
    ("car_operation", re.compile(r"公务用车运行")),
    ("abroad", re.compile(r"因公出国")),
    ("reception", re.compile(r"公务接待")),
    ("three_public", re.compile(r"“?三公”?经费")),
    ("operating", re.compile(r"运行经费")),
    ("fiscal", re.compile(r"财政拨款(?:收入支出|收支|收入|支出)")),
    ("basic", re.compile(r"基本支出")),
    ("project", re.compile(r"项目支出")),
    ("remit", re.compile(r"上缴上级支出")),
    ("business", re.compile(r"经营支出")),
    ("subsidy", re.compile(r"对(?:下级|附属)单位补助支出")),
    ("income", re.compile(r"(?<!财政拨款)收入(?:预算|总计|合计)")),
)


def subject_of(before: str, headings: Sequence[str]) -> str:
    """What is spoken of at the end of ``before``: the last thing named in it, else in the headings above it."""
    for text in (before, *reversed(headings)):
        found = [(match.start(), -n, key) for n, (key, pattern) in enumerate(_SUBJECTS) for match in pattern.finditer(text)]  # fmt: skip
        if found:
            return max(found)[2]
    return ""


class _Spoken(NamedTuple):
    """A paragraph with the headings above it."""

    text: str
    headings: tuple[str, ...]


def _spoken(told: Told) -> Iterator[_Spoken]:
    for section in told.disclosure.sections:
        yield _Spoken(one_line(section.text), tuple(one_line(heading) for heading in section.heading))


# --- reasons -----------------------------------------------------------------------------------------------------

_REASON = re.compile(r"主要是?原因(?:是|为|在于)?[：:，]?(?P<text>[^。；;]*)")


def reasons_of(told: Told) -> tuple[dict[str, str], tuple[Reason, ...]]:
    """Reasons by what they are given for: those of the three public expenses' items, and those of the sheet."""
    found: dict[str, str] = {}
    for paragraph in _spoken(told):
        for match in _REASON.finditer(paragraph.text):
            subject = subject_of(paragraph.text[: match.start()], paragraph.headings)
            text = match["text"].strip("，、 ")
            if subject and not _LEFTOVER.search(text):
                found.setdefault(subject, text)
    keys = [choice.key for choice in REASONS]
    return found, tuple(Reason(key, found[key]) for key in keys if key in found)


# --- last year ---------------------------------------------------------------------------------------------------

_AGAINST = re.compile(r"(?:比|较|与)(20\d\d)年度?(?:预算数?)?\s*(\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|千元|元)")


def against_last(told: Told) -> dict[str, int]:
    """Last year's amounts in 分 that stand behind 比…年 in a sentence, by what the sentence is about: some such
    sentences name their subject in a way that recognition does not tie to a fact."""
    found: dict[str, int] = {}
    for paragraph in _spoken(told):
        for match in _AGAINST.finditer(paragraph.text):
            if int(match[1]) == told.year - 1:
                subject = subject_of(paragraph.text[: match.start()], paragraph.headings)
                found.setdefault(subject, money(match[2], match[3]))
    return found


def last_year_of(told: Told, spoken: dict[str, int], unknown: Unknown) -> tuple[LastYear, ...]:
    """Last year's expenditure by nature, and operating expenses."""
    found: dict[str, int] = {}
    for choice in LAST_YEAR:
        if choice.key == "operating":
            amount = told.last("operating")
        else:
            amount = told.last("expenditure", nature=choice.key)
        if amount is None:
            amount = spoken.get(choice.key)
        if amount is not None:
            found[choice.key] = amount
    wanted = [choice for choice in LAST_YEAR if choice.key in ("basic", "project", "operating") and choice.key not in found]  # fmt: skip
    if wanted:
        unknown.say(
            f"上年的{'、'.join(one.zh for one in wanted)}没有印出；要从上年的公开预算取得。",
            f"Last year's {', '.join(one.en for one in wanted)} is not printed; it would have to come from last year's "
            "published budget.",
        )
    return tuple(LastYear(key, amount) for key, amount in found.items())


_CARS = re.compile(r"(20\d\d)年[^。；;\d]{0,12}公务用车(?:数量|保有量)(?:为)?\s*(\d+)\s*辆")


def three_public_of(told: Told, amounts: Amounts, reasons: dict[str, str], unknown: Unknown) -> tuple[ThreePublic, ...]:
    """The three public expenses of last year, and the number of cars, which stands with running them."""
    cars = {int(match[1]): int(match[2]) for text in told.paragraphs for match in _CARS.finditer(text)}
    rows, missing = [], []
    for choice in THREE_PUBLIC:
        key = choice.key
        last = told.last("three_public", item=key)
        if last is None and key.startswith("car_") and told.last("three_public", item="cars") == 0:
            last = 0
        if last is None:
            missing.append(choice)
            continue
        number_last, number = (cars.get(told.year - 1), cars.get(told.year)) if key == "car_operation" else (None, None)
        reason = reasons.get(key, "")
        if not reason and key in ("car_purchase", "car_operation") and amounts.three_public(key) != last:
            reason = reasons.get("cars", "")
        rows.append(ThreePublic(key, last, number_last, number, reason))
    if missing:
        unknown.say(
            f"“三公”经费的上年数没有印出：{'、'.join(one.zh for one in missing)}；要从上年的公开预算取得。",
            f"Last year's three public expenses are not printed for {', '.join(one.en for one in missing)}; they would have "
            "to come from last year's published budget.",
        )
    _said_this_year(told, amounts, unknown)
    return tuple(rows)


def _said_this_year(told: Told, amounts: Amounts, unknown: Unknown) -> None:
    """This year's three public expenses follow from economic codes, which a document may not print."""
    if all(line.departmental for line in amounts.ledger.lines):
        return
    printed = [(choice, told.amount("three_public", item=choice.key)) for choice in THREE_PUBLIC]
    given = [(choice, amount) for choice, amount in printed if amount]
    if given:
        said = "、".join(f"{choice.zh} {named(amount)} 元（{CODES[choice.key][0]}）" for choice, amount in given)
        said_en = ", ".join(f"{choice.en} {named(amount)} yuan ({CODES[choice.key][0]})" for choice, amount in given)  # fmt: skip
        unknown.say(
            f"本年“三公”经费要由支出明细的经济分类得出，而明细没有印出：{said}；要从部门的支出明细取得。",
            f"This year's three public expenses follow from the lines' economic codes, which are not printed: {said_en}; the "
            "lines would have to come from the department.",
        )


# --- evaluations, purposes, assets, described projects -----------------------------------------------------------

_EVALUATED = re.compile(
    r"(20\d\d)年度?“?([^，。；“”\d]{2,40}?|[^，。；“”]{2,40}?)”?项目(?:支出)?(?:绩效)?(?:评价|自评)(?:结果)?(?:得分?|综合得分)(?:为|是)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分"
)
_PURPOSE = re.compile(r"主要用于(?P<text>[^。]+)")


def evaluations_of(told: Told) -> tuple[Evaluation, ...]:
    """Evaluations with their scores."""
    found = [
        Evaluation(int(match[1]), match[2], Decimal(match[3]))
        for text in told.paragraphs
        for match in _EVALUATED.finditer(text)
        if Decimal(match[3]) <= 100
    ]
    return tuple(dict.fromkeys(found))


def purposes_of(told: Told, amounts: Amounts) -> tuple[Purpose, ...]:
    """What the money under a functional item is for. A purpose that only repeats the item's name is a publication's
    way to say nothing."""
    items = {
        fact.place.line: fact
        for fact in told.disclosure.facts
        if fact.table < 0 and fact.identity and len(fact.identity.function) == 7 and fact.span
    }
    found: dict[str, str] = {}
    for section in told.disclosure.sections:
        fact = items.get(section.place.line)
        if fact is None or fact.identity is None or fact.span is None:
            continue
        match = _PURPOSE.search(section.text, fact.span[1])
        name = amounts.name("function", fact.identity.function)
        if match and one_line(match["text"]) not in (name, f"{name}支出"):
            found.setdefault(fact.identity.function, one_line(match["text"]))
    return tuple(Purpose(function, text) for function, text in sorted(found.items()))


_AS_OF = re.compile(r"截[至止]\s*(20\d\d年(?:\d{1,2}月\d{1,2}日|\d{1,2}月底|底|末)?)")
_FIXED = re.compile(r"固定资产总额[为：:]?\s*(\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|元)")
_HELD = (
    ("cars", re.compile(r"车辆\s*(\d+)\s*[辆台]([^；;。]*)")),
    ("general_equipment", re.compile(r"50万元(?:（含）)?以上[^\d；;。]*?设备[^\d；;。]*?(\d+)\s*[台套]([^；;。]*)")),
    ("special_equipment", re.compile(r"100万元(?:（含）)?以上[^\d；;。]*?设备[^\d；;。]*?(\d+)\s*[台套]([^；;。]*)")),
)
_WORTH = re.compile(r"^(?:（套）|套)?\s*[、，,]?\s*(\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|元)(?!（含）|以上)")


def assets_of(told: Told, unknown: Unknown) -> tuple[str, tuple[Asset, ...]]:
    """The day the assets were counted as printed, and the assets, values in 分."""
    held: dict[str, tuple[int, int | None]] = {}
    planned: dict[str, tuple[int, int | None]] = {}
    as_of, fixed = "", None
    for text in _joined(told.paragraphs):
        if "车辆" not in text and "固定资产" not in text and "设备" not in text:
            continue
        buying = "安排购置" in text
        if not buying and not _AS_OF.search(text):
            continue
        if match := _AS_OF.search(text):
            as_of = as_of or match[1]
        if match := _FIXED.search(text):
            fixed = money(match[1], match[2])
        for key, pattern in _HELD:
            if match := pattern.search(text):
                worth = _WORTH.match(match[2])
                (planned if buying else held).setdefault(
                    key, (int(match[1]), money(*worth.groups()) if worth else None)
                )
    rows = [Asset("fixed", None, fixed)] if fixed is not None else []
    for key, _ in _HELD:
        if key in held or key in planned:
            rows.append(Asset(key, *held.get(key, (None, None)), *planned.get(key, (None, None))))
    if not rows:
        unknown.say(
            "国有资产占用情况没有印出，或无法识别；要从资产台账取得。",
            "State assets are not printed or not understood; they would have to come from the register of assets.",
        )
    return as_of, tuple(rows)


def _joined(paragraphs: Sequence[str]) -> Iterator[str]:
    """Paragraphs, one that ends with a semicolon together with the next: a PDF may break a line there."""
    held = ""
    for paragraph in paragraphs:
        held += paragraph
        if not held.endswith(("；", ";")):
            yield held
            held = ""
    yield held


_ABOUT = re.compile(
    r"(?:[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、|\d+[.．、])?(?P<name>.{2,60}?)项目经费情况说明"
)
_FIELDS = {"项目概述": "overview", "立项依据": "basis", "实施主体": "division", "实施方案": "implementation", "实施周期": "period"}  # fmt: skip
_MAIN_BODY = 30  # characters: who carries it out is a name, not a description


def described_projects(told: Told) -> dict[str, Project]:
    """Projects that the document describes in sections of their own (项目概述, 立项依据, …)."""
    found: dict[str, dict[str, str]] = {}
    name = field = above = ""
    for text in told.paragraphs:
        label, colon, rest = text.partition("：")
        plain = label_of(label)
        if about := _ABOUT.fullmatch(text):
            name, field = about["name"], ""
        elif plain in (*_FIELDS, "年度预算安排", "绩效目标"):
            if colon and plain == "项目概述":
                name = label_of(above)
            field = _FIELDS.get(plain, "")
            if rest and field and name:
                found.setdefault(name, {})[field] = rest
                field = ""
        elif field and name:
            known = found.setdefault(name, {})
            known[field] = f"{known[field]}\n{text}" if field in known else text
        above = text
    return {name: _described(name, fields) for name, fields in found.items() if "overview" in fields}


def _described(name: str, fields: dict[str, str]) -> Project:
    division, period, overview, basis, implementation = (
        fields.get(key, "").rstrip("。") for key in ("division", "period", "overview", "basis", "implementation")
    )
    division = division if len(division) <= _MAIN_BODY else ""
    return Project(name, False, division, "", period, overview, basis, implementation)


def procurement_said(told: Told, ledger: Ledger, unknown: Unknown) -> None:
    """Public procurement is published by category, not by project."""
    found = [(name, told.amount("procurement", item=item)) for item, name in (("", "合计"), ("goods", "货物"), ("works", "工程"), ("services", "服务"))]  # fmt: skip
    said = "、".join(f"{name} {named(amount)} 元" for name, amount in found if amount)
    if said and not ledger.procurement:
        english = {"合计": "total", "货物": "goods", "工程": "works", "服务": "services"}
        said_en = ", ".join(f"{english[name]} {named(amount)}" for name, amount in found if amount)
        unknown.say(
            f"政府采购没有逐个项目印出（{said}），政府采购表留空；要从部门的政府采购预算取得。",
            f"Public procurement is not printed by project ({said_en} yuan): its sheet stays empty and would have to come from "
            "the department's procurement budget.",
        )
