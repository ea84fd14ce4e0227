"""Sentences of a difference between two ledgers, in both languages."""

from collections.abc import Sequence

from zhengwu.ledger.compare_found import Entry
from zhengwu.ledger.model import Line
from zhengwu.ledger.schema import NATURES
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message

_NATURES = {one.key: one for one in NATURES}
KINDS = {
    "added": Message("新增", "added"),
    "gone": Message("删除", "gone"),
    "changed": Message("调整", "changed"),
    "moved": Message("科目调整", "moved between codes"),
}
_AXES = (
    ("function", Message("功能分类", "function")),
    ("government", Message("政府经济分类", "government economic")),
    ("departmental", Message("部门经济分类", "departmental economic")),
)


def line_message(kind: str, old: Line | None, new: Line | None) -> Message:
    """Which line it is and how it differs."""
    line = new or old
    if line is None:
        return Message("", "")
    nature = _NATURES.get(line.nature)
    zh = line.project or (nature.zh if nature else line.nature)
    en = line.project or (nature.en if nature else line.nature)
    zh_codes = f"（{line.unit} {line.function}/{line.government}/{line.departmental}）"
    en_codes = f" ({line.unit} {line.function}/{line.government}/{line.departmental})"
    if kind == "changed" and old and new:
        change = changed(old.amount, new.amount)
        return Message(f"{zh}{zh_codes}由 {yuan(old.amount)} 元改为 {yuan(new.amount)} 元，{change.zh}。", f"{en}{en_codes} went from {yuan(old.amount)} to {yuan(new.amount)} yuan, {change.en}")  # fmt: skip
    if kind == "moved" and old and new:
        moves = [(name, getattr(old, key), getattr(new, key)) for key, name in _AXES if getattr(old, key) != getattr(new, key)]  # fmt: skip
        zh_moves = "，".join(f"{name.zh}由 {was} 改为 {now}" for name, was, now in moves)
        en_moves = ", ".join(f"{name.en} from {was} to {now}" for name, was, now in moves)
        return Message(f"{zh}（{line.unit}）{yuan(line.amount)} 元调整科目：{zh_moves}。", f"{en} ({line.unit}), {yuan(line.amount)} yuan, moved: {en_moves}")  # fmt: skip
    verb = KINDS[kind]
    return Message(f"{verb.zh}：{zh}{zh_codes}{yuan(line.amount)} 元。", f"{verb.en}: {en}{en_codes}, {yuan(line.amount)} yuan")  # fmt: skip


def changed(old: int, new: int) -> Message:
    """By how much an amount in 分 rose or fell, with the per cent where there is a base."""
    entry = Entry("", Message("", ""), 0, old, new)
    change = new - old
    if not change:
        return Message("持平", "unchanged")
    rate = entry.rate
    zh = f"{'增加' if change > 0 else '减少'} {yuan(abs(change))} 元"
    en = f"{'up' if change > 0 else 'down'} by {yuan(abs(change))} yuan"
    if rate is None:
        return Message(zh, en)
    return Message(f"{zh}（{abs(rate)}%）", f"{en} ({abs(rate)}%)")


def summary(total: Entry, kinds: Sequence[str], rows: int) -> Message:
    """The totals and how much differs, in one sentence."""
    last, this = total.last or 0, total.this or 0
    change = changed(last, this)
    counts = [(KINDS[kind], kinds.count(kind)) for kind in KINDS if kind in kinds]
    zh = "、".join(f"{name.zh} {count:,} 行" for name, count in counts) or "支出明细没有变动"
    en = ", ".join(f"{count:,} {name.en}" for name, count in counts) or "no line of expenditure differs"
    return Message(
        f"支出由 {yuan(last)} 元到 {yuan(this)} 元，{change.zh}；{zh}；其他内容变动 {rows:,} 处。",
        f"expenditure of {yuan(last)} became {yuan(this)} yuan, {change.en}; lines: {en}; {rows:,} other rows differ",
    )
