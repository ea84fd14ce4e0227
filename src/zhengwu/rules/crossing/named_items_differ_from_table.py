"""Items named in a sentence are not those that the table holds money for.

Checks: the items listed after 人员经费 or 公用经费 (包括：…、…): the row of each in the table of basic expenditure
by economic class holds an amount. A row with an amount that a complete list leaves out is a hint.
Why: the list is copied from last year or from the template; a reader takes it for what was spent.
Fails: 人员经费包括：基本工资、奖励金; 表六 奖励金 blank
Passes: 人员经费包括：基本工资、奖励金; 表六 奖励金 0.31
Known gaps: items by other names than the table's rows are left alone, as are lists with fewer than three of them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from zhengwu.dialects.classifications import normalise_name
from zhengwu.model.disclosure import NameUse, Section
from zhengwu.model.finding import Finding, Held, Outcome, Severity, Spot
from zhengwu.model.message import Message
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "named-items-differ-from-table"
_LIST = re.compile(
    r"(?P<kind>人员|公用)(?:经费|支出)[^。；;：:]{0,30}?(?:包括|用于)[:：]?(?P<items>[^。；;：:]{4,400})[。；;]?"
)
_DELIMITERS = re.compile(r"[、，,]")
_PERSONNEL = ("301", "303")
_CODE_LENGTH = 5  # of an item: the class above it is named otherwise
_LEAST = 3  # items that are rows: then it is a list of rows
_KINDS = ("general_basic", "basic")


class _Item(NamedTuple):
    use: NameUse
    holds: bool  # whether its row holds an amount


@rule(
    title=("文字列举的项目与表中有数的项目不一致", "Items named differ from those that hold money"),
    severity=Severity.ERROR,
    basis=(
        "财预〔2016〕143号：公开内容应真实、前后一致；决算说明不涉及的项目不列",
        "Publication rules (2016) No. 143: contents agree; items without money are not listed",
    ),
    mend=(
        "按基本支出表中有数额的款级科目列举。",
        "List the items for which the table of basic expenditure prints an amount.",
    ),
)
def check(view: View) -> Iterator[Outcome]:
    """Each list against the rows of its kind."""
    items = _items(view)
    if not any(item.holds for group in items.values() for item in group.values()):
        return
    for section in view.disclosure.sections:
        for match in _LIST.finditer(section.text):
            yield from _compare(section, match, items[match["kind"]])


def _items(view: View) -> dict[str, dict[str, _Item]]:
    """Rows of the table by kind and name."""
    tables = {index for index, table in enumerate(view.disclosure.tables) if table.kind in _KINDS}
    held = {
        (fact.table, fact.identity.departmental)
        for fact in view.disclosure.facts
        if fact.table in tables and fact.identity is not None and fact.value
    }
    found: dict[str, dict[str, _Item]] = {"人员": {}, "公用": {}}
    for use in view.disclosure.names:
        if use.table not in tables or use.axis != "departmental" or len(use.code) != _CODE_LENGTH:
            continue
        group = found["人员" if use.code.startswith(_PERSONNEL) else "公用"]
        name = normalise_name(use.name)
        before = group.get(name)
        if before is None or not before.holds:
            group[name] = _Item(use, (use.table, use.code) in held)
    return found


def _compare(section: Section, match: re.Match[str], items: dict[str, _Item]) -> Iterator[Outcome]:
    listed = [normalise_name(word.strip()) for word in _DELIMITERS.split(match["items"])]
    complete = not listed[-1].endswith("等")
    named = [word.removesuffix("等") for word in listed]
    known = [word for word in named if word in items]
    if len(known) < _LEAST or not any(items[word].holds for word in known):
        return
    blank = [items[word].use for word in known if not items[word].holds]
    omitted = [item.use for word, item in items.items() if item.holds and word not in named] if complete else []
    if not blank and not omitted:
        yield Held(CODE, len(known))
        return
    zh, en = [], []
    if blank:
        zh.append(f"列举了表中没有数额的{_joined(blank)}")
        en.append(f"names {_joined(blank)}, for which the table holds no amount")
    if omitted:
        zh.append(f"没有列举表中有数额的{_joined(omitted)}")
        en.append(f"leaves out {_joined(omitted)}, for which it does")
    severity = Severity.ERROR if blank else Severity.INFO
    yield Finding(
        CODE,
        severity,
        Message(f"{match['kind']}经费{'，'.join(zh)}。", f"The list of “{match['kind']}经费” {' and '.join(en)}."),
        (
            *(Spot(section.place, use.name) for use in blank),
            *(Spot(use.place, use.name, use.table) for use in (*blank, *omitted)),
        ),
    )


def _joined(uses: list[NameUse]) -> str:
    return "、".join(f"“{use.name}”" for use in uses)
