"""What an event of a budget's history tells besides rows and cells: the project, the figures, the file, the version."""

from collections.abc import Iterator, Mapping
from typing import Any

from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message

BASIC = Message("基本支出", "basic expenditure")


def details(action: str, data: Mapping[str, Any]) -> tuple[Message, ...]:
    """What else an event tells, a sentence each; nothing for what says all by its name."""
    found = list(_TOLD[action](data)) if action in _TOLD else []
    if data.get("version") and action != "budget.copy-forward":  # there it is the key of another budget's
        found.append(Message(f"版本 {data['version']}", f"version {data['version']}"))
    if isinstance(data.get("part"), list):
        number, parts = data["part"]
        found.append(Message(f"第 {number} 部分，共 {parts} 部分", f"part {number} of {parts}"))
    return tuple(found)


def _project(data: Mapping[str, Any]) -> Iterator[Message]:
    if "name" in data:
        money = Message("", "")
        if isinstance(data.get("amount"), int):
            money = Message(
                f"，年度金额 {yuan(data['amount'])} 元", f", {yuan(data['amount'])} yuan wanted of the year"
            )
        yield Message(f"“{data['name']}”{money.zh}", f"“{data['name']}”{money.en}")


def _figures(data: Mapping[str, Any]) -> Iterator[Message]:
    before, after = data["before"], data["after"]
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in changed:
        yield _changed(_named(name), _yuan(before.get(name)), _yuan(after.get(name)))
    if len(changed) > 1 or not changed:
        old, new = (sum(one.values()) if one else None for one in (before, after))
        yield _changed(Message("合计", "total"), _yuan(old), _yuan(new))


def _given(data: Mapping[str, Any]) -> Iterator[Message]:
    figures = data.get("figures", {})  # events of earlier days have none
    for name, amount in figures.items():
        yield Message(f"{_named(name).zh}：{yuan(amount)} 元", f"{_named(name).en}: {yuan(amount)} yuan")
    if len(figures) > 1:
        whole = yuan(sum(figures.values()))
        yield Message(f"合计：{whole} 元", f"total: {whole} yuan")


def _import(data: Mapping[str, Any]) -> Iterator[Message]:
    if "name" in data:
        yield Message(f"文件“{data['name']}”", f"file “{data['name']}”")
    if "rows" in data:
        count = f"{sum(data['rows'].values()):,}"
        yield Message(f"导入后共 {count} 行", f"{count} rows in all after it")
    if "asset_date" in data:
        yield _changed(_ASSETS, *data["asset_date"])
    if data.get("sheets") == []:
        yield Message("各行没有变化", "no row was changed")


def _copied(data: Mapping[str, Any]) -> Iterator[Message]:
    if "rows" in data:
        count = f"{sum(data['rows'].values()):,}"
        yield Message(f"结转 {count} 行，{data['notes']:,} 条说明", f"{count} rows, {data['notes']:,} notes")


def _asset_date(data: Mapping[str, Any]) -> Iterator[Message]:
    yield _changed(_ASSETS, data["before"], data["after"])


def _note(data: Mapping[str, Any]) -> Iterator[Message]:
    yield Message(f"“{data['found']}”：{data['zh']}", f"“{data['found']}”: {data['zh']}")


def _remark(data: Mapping[str, Any]) -> Iterator[Message]:
    yield Message(data["text"], data["text"])


def _gone(data: Mapping[str, Any]) -> Iterator[Message]:
    if "gone" in data:
        lines, amount = f"{data['lines']:,}", yuan(data["amount"])
        yield Message(f"{data['gone']} 并入 {data['into']}：{lines} 行、{amount} 元", f"{data['gone']} into {data['into']}: {lines} lines, {amount} yuan")  # fmt: skip


def _merged(data: Mapping[str, Any]) -> Iterator[Message]:
    yield from _gone(data)
    if "gone" in data:  # the other unit's sums are not for the people of the one that is gone
        was, now = yuan(data["before"]), yuan(data["after"])
        yield Message(f"{data['into']} 的支出：{was} → {now} 元", f"expenditure of {data['into']}: {was} → {now} yuan")


_ASSETS = Message("资产截止日期", "assets as of")
_TOLD = {
    "budget.project-enter": _project, "budget.project-leave": _project, "budget.figures": _figures, "budget.give-figures": _given,
    "budget.import": _import, "budget.take-over": _import, "budget.copy-forward": _copied, "budget.asset-date": _asset_date,
    "budget.note-keep": _note, "budget.note-reopen": _note, "budget.remark": _remark, "budget.merge": _merged, "budget.merged": _gone,
}  # fmt: skip


def _named(project: str) -> Message:
    return Message(f"项目“{project}”", f"project “{project}”") if project else BASIC


def _yuan(amount: Any) -> str:
    return f"{yuan(amount)}" if isinstance(amount, int) else ""


def _changed(what: Message, before: str, after: str) -> Message:
    return Message(f"{what.zh}：{before or '（无）'} → {after or '（无）'}", f"{what.en}: {before or '(none)'} → {after or '(none)'}")  # fmt: skip
