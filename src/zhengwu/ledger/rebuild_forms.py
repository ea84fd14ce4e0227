"""What a published document's lists and target forms say: purchased services, transfers, targets, indicators.

A form may name a person and a telephone number. They are never carried over.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from zhengwu.ledger.model import Catalogue, DepartmentTarget, Indicator, Project, Purchased, Target, Transfer
from zhengwu.ledger.rebuild_facts import Told, Unknown, fen, one_line, tidy
from zhengwu.model.document import Cell
from zhengwu.model.table import Row, Table
from zhengwu.recognition.words import label_of, squeeze

_LEFTOVER = re.compile(r"(?:绩效)?(?:目标|指标)\s*\d*\s*[：:]?|[…\.．·]+|\.{3,}")
_NUMBERED_NAME = re.compile(r"指标\s*\d+\s*[：:]\s*")
_PERSONAL = ("项目负责人", "负责人", "联系电话", "联系人", "联系方式", "电话", "填报人", "手机")
_TELEPHONE = re.compile(r"\d{7,}|\d{3,4}-\d{4,}")
_CODE = re.compile(r"\d{3,}$")
_YEARS = re.compile(r"(20\d\d)年[^\d]{0,3}(20\d\d)(?:\+(\d{1,2}))?年")
_KINDS = (
    ("satisfaction", "满意"),
    ("quantity", "数量"),
    ("quality", "质量"),
    ("timeliness", "时效"),
    ("timeliness", "进度"),
    ("cost", "成本"),
    ("benefit", "效益"),
    ("benefit", "影响"),
)


class Form(NamedTuple):
    """A project's target form in a ledger's terms; ``project`` holds the words of its head."""

    project: Project
    target: Target
    indicators: tuple[Indicator, ...]
    department_code: str


# --- purchased services and transfers ----------------------------------------------------------------------------


def purchased_of(told: Told, unit_code: str) -> tuple[tuple[Catalogue, ...], tuple[Purchased, ...]]:
    """The catalogue's entries that are used, and the projects under them."""
    entries: dict[str, str] = {}
    found: list[Purchased] = []
    for table in told.tables("purchased_services"):
        code_at = next((n for n, column in enumerate(table.columns) if column.axis == "catalogue"), None)
        name_at = next((n for n, column in enumerate(table.columns) if column.role in ("project", "name")), None)
        if code_at is None or name_at is None:
            continue
        entry = ""
        for row in table.rows:
            code, name = squeeze(_text(row, code_at)), one_line(_text(row, name_at))
            if code[:1].isalpha() and code.isascii():
                entry = code
                entries[code] = re.sub(rf"\s*[（(]{code}[)）]$", "", name)
            elif code.isdecimal() and code != unit_code and entry and name:
                found.append(Purchased(code, entry, name))
    return tuple(Catalogue(code, name) for code, name in entries.items()), tuple(found)


def _text(row: Row, n: int) -> str:
    cell = row.cells[n] if n < len(row.cells) else None
    return cell.text if cell else ""


def transfers_of(told: Told) -> tuple[Transfer, ...]:
    """Projects paid from special transfers, with their documents."""
    found: dict[str, str] = {}
    for table in told.tables("special_transfers"):
        project = next((n for n, column in enumerate(table.columns) if column.role == "project"), None)
        document = next((n for n, column in enumerate(table.columns) if "文号" in "".join(column.label)), None)
        if project is None or document is None:
            continue
        for row in table.rows:
            name, number = one_line(_text(row, project)), one_line(_text(row, document))
            if row.kind == "item" and name and number:
                found.setdefault(name, number)
    return tuple(Transfer(project, document) for project, document in found.items())


# --- the department's targets ------------------------------------------------------------------------------------


def department_targets_of(told: Told) -> tuple[DepartmentTarget, ...]:
    """Goals and indicators of the department as a whole."""
    found: list[DepartmentTarget] = []
    for table in told.tables("whole_target"):
        listing = False
        for row in table.rows:
            cells = [cell for cell in row.cells if cell and cell.text.strip()]
            labels = [label_of(cell.text) for cell in cells]
            if not cells:
                continue
            if "指标名称" in labels:
                listing = True
            elif labels[0].endswith("绩效目标") and len(cells) > 1:
                goals = _goals(cells[-1].text + _continued(told, table))
                found += [DepartmentTarget("goal", "", goal) for goal in goals]
            elif listing and len(cells) == 2 and row.cells[0] in (None, *_blank(row)):
                found.append(DepartmentTarget("indicator", one_line(cells[0].text), tidy(cells[1].text)))
            elif listing:
                listing = False
    return tuple(found)


def _blank(row: Row) -> Iterator[Cell]:
    first = row.cells[0]
    if first is not None and not first.text.strip():
        yield first


_NEXT = re.compile(r"[2-9][.．、]")


def _continued(told: Told, table: Table) -> str:
    """Goals that a word processor put between two halves of the form: paragraphs that go on counting."""
    begin = table.place.line
    lines = [row.cells[0].place.line for row in table.rows if row.cells[0] is not None]
    end = max((line for line in lines if line), default=0)
    if begin is None:
        return ""
    found = [
        section.text
        for section in told.disclosure.sections
        if section.place.line is not None and begin < section.place.line < end and _NEXT.match(section.text)
    ]
    return "".join(f"\n{text}" for text in found)


def _goals(text: str) -> list[str]:
    """The goals of a cell: its lines where they are counted from one, else all of it as one."""
    lines = tidy(text).split("\n")
    counted = [re.fullmatch(rf"{n}[.．、]\s*(.+)", line) for n, line in enumerate(lines, 1)]
    if len(lines) > 1 and all(counted):
        return [match[1] for match in counted if match]
    whole = _without_leftovers(text)
    return [whole] if whole else []


def _without_leftovers(text: str) -> str:
    return "\n".join(line for line in tidy(text).split("\n") if line and not _LEFTOVER.fullmatch(line))


# --- forms of projects -------------------------------------------------------------------------------------------


def forms_of(told: Told, projects: Iterable[str], unknown: Unknown) -> tuple[Form, ...]:
    """The target forms of the projects, in their order; a project's name is the one in ``projects`` (of the lines)
    where only blanks tell them apart."""
    names = {squeeze(project): project for project in projects if project}
    funds = {form.table: form.funds for form in told.disclosure.forms}
    found: list[Form] = []
    personal, repeated = 0, 0
    for index, table in enumerate(told.disclosure.tables):
        if table.kind != "target_form":
            continue
        head = dict(_head(table))
        personal += sum(bool(head.get(label)) for label in _PERSONAL)
        printed = one_line(_any(head, "项目名称", "项目"))
        name = names.get(squeeze(printed), printed)
        if not name:
            continue
        indicators, again = _indicators(table, name)
        repeated += again
        given = {
            source: fen(fact.value) for (period, source), fact in funds.get(index, {}).items() if period == "midterm"
        }
        first, second, midterm_goal, annual_goal = _general_goals(table)
        fiscal, other = given.get("fiscal"), given.get("other")
        if fiscal is None and other is None and given.get("total"):
            fiscal = given["total"]
            unknown.say(
                f"“{name}”的中期资金没有分财政拨款和其他资金，全部记为财政拨款；要从项目申报文本取得。",
                f"The mid-term money of “{name}” is not split into appropriation and other and is all put under appropriation; "
                "the split would have to come from the project's application.",
            )
        if midterm_goal and first is None:
            unknown.say(
                f"“{name}”的中期目标没有写明起止年份；要从项目申报文本取得。",
                f"The years of the mid-term goal of “{name}” are not printed; they would have to come from the project's "
                "application.",
            )
        project = Project(
            name, True,
            _division(one_line(_any(head, "负责处室", "责任处室", "负责科室"))),
            one_line(_any(head, "项目属性", "项目类别", "项目类型")),
            one_line(_any(head, "项目期", "项目周期", "实施周期", "项目起止时间")),
        )  # fmt: skip
        target = Target(name, first, second, fiscal or None, other or None, midterm_goal, annual_goal)
        code = _CODE.search(squeeze(_any(head, "主管部门及代码", "部门代码", "主管部门代码")))
        found.append(Form(project, target, indicators, code[0] if code else ""))
    if personal:
        unknown.say(
            "绩效目标表里的项目负责人姓名和联系电话没有带入：个人信息不公开；负责处室请从部门内部资料补充。",
            "Names and telephone numbers of persons in the target forms are left out, as personal data are not published; "
            "the division in charge would have to come from the department's own records.",
        )
    if repeated:
        unknown.say(
            f"绩效目标表里有 {repeated} 条指标的指标值是空的，按与上一条合并处理；请按项目申报文本核对。",
            f"{repeated} indicators in the target forms have an empty value and take the one above, as in a merged cell; "
            "check them against the projects' applications.",
        )
    return tuple(found)


def _head(table: Table) -> Iterator[tuple[str, str]]:
    """Labels and values of a form, pair by pair."""
    for row in table.rows[:14]:
        for label, value in pairwise([cell for cell in row.cells if cell]):
            yield label_of(label.text), value.text


def _any(head: dict[str, str], *labels: str) -> str:
    return next((head[label] for label in labels if head.get(label, "").strip()), "")


def _division(text: str) -> str:
    """A division's name, without a person and telephone number behind it."""
    return re.split(r"[\s，,、：:（(\d]", text)[0] if _TELEPHONE.search(text) else text


def _general_goals(table: Table) -> tuple[int | None, int | None, str, str]:
    """Years of the mid-term goal, the mid-term goal, the annual goal."""
    for n, row in enumerate(table.rows):
        at = {}
        for column, cell in enumerate(row.cells):
            label = squeeze(cell.text) if cell else ""
            if label.startswith(("中期目标", "实施期目标")):
                at["midterm"] = column
            elif label.startswith("年度目标") and len(label) <= 14:
                at["annual"] = column
        if "annual" not in at:
            continue
        texts: dict[str, list[str]] = {"midterm": [], "annual": []}
        for below in table.rows[n + 1 :]:
            if any(cell and "指标" in cell.text and len(squeeze(cell.text)) <= 4 for cell in below.cells):
                break
            for period, column in at.items():
                texts[period].append(_text(below, column))
        head = _text(row, at["midterm"]) if "midterm" in at else ""
        years = _YEARS.search(squeeze(head))
        first = int(years[1]) if years else None
        last = int(years[2]) + int(years[3] or 0) if years else None
        midterm, annual = (_without_leftovers("\n".join(texts[period])) for period in ("midterm", "annual"))
        return first, last, midterm, annual
    return None, None, "", ""


class _Group(NamedTuple):
    """Where the indicators of a period stand in a form."""

    period: str
    kind: int
    name: int
    value: int


def _indicators(table: Table, project: str) -> tuple[tuple[Indicator, ...], int]:
    """The indicators of a form, the annual ones first as a ledger keeps them, and how many take a value from above."""
    groups: list[_Group] = []
    found: dict[str, list[Indicator]] = {}
    kinds: dict[str, str] = {}
    again = 0
    for row in table.rows:
        texts = [squeeze(cell.text) if cell else "" for cell in row.cells]
        if any(text.startswith("三级指标") for text in texts) and any(text.startswith("指标值") for text in texts):
            groups, kinds = _groups(texts), {}
            continue
        for group in groups:
            kind = _kind_of(texts[group.kind]) if group.kind < len(texts) else ""
            kinds[group.period] = kind or kinds.get(group.period, "")
            if not kinds[group.period]:
                continue
            own = found.setdefault(group.period, [])
            again += _add(own, Indicator(project, group.period, kinds[group.period], *_named(row, group)), bool(kind))
    ordered = [one for period in ("midterm", "annual") for one in found.get(period, [])]
    return tuple(ordered), again


def _groups(texts: Sequence[str]) -> list[_Group]:
    """Mid-term on the left, annual on the right; alone it is the year's."""
    starts = [n for n, text in enumerate(texts) if text.startswith("二级指标")]
    names = [n for n, text in enumerate(texts) if text.startswith("三级指标")]
    values = [n for n, text in enumerate(texts) if text.startswith("指标值")]
    found = list(zip(starts, names, values, strict=False))
    return [_Group("annual" if n == len(found) - 1 else "midterm", *columns) for n, columns in enumerate(found)]


def _kind_of(text: str) -> str:
    return next((key for key, word in _KINDS if word in text), "")


def _named(row: Row, group: _Group) -> tuple[str, str]:
    name = _NUMBERED_NAME.sub("", tidy(_text(row, group.name)), count=1)
    if _LEFTOVER.fullmatch(name):
        name = ""
    return name, _without_leftovers(_text(row, group.value))


def _add(own: list[Indicator], one: Indicator, begins: bool) -> bool:
    """Add an indicator. One without a name goes on with the value above; one without a value shares it. Returns
    whether it does the latter."""
    above = own[-1] if own and own[-1].kind == one.kind and not begins else None
    if not one.name and not one.value:
        return False
    if not one.name:
        if above:
            own[-1] = above._replace(value=f"{above.value}\n{one.value}" if above.value != one.value else above.value)
        return False
    if one.value:
        own.append(one)
        return False
    if above:
        own.append(one._replace(value=above.value))
    return above is not None
