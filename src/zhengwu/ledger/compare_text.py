"""A comparison as text for people, in 80 columns, and as JSON for programs."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zhengwu.ledger.compare_found import Comparison, Entry, Group, Moved, Side
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message
from zhengwu.reporting.width import width, wrapped

_COLUMNS = 80
_NAME = 18  # the narrowest column of names that can be read
_MOST = 99_999  # per cent, beyond which a rate is not spelt out
_WAN = 1_000_000  # 分 in ten thousand yuan

STATES = {
    "new": Message("新增", "new"),
    "ended": Message("取消", "ended"),
    "renamed": Message("更名", "renamed"),
    "moved": Message("调整科目编码", "moved to another code"),
}
WORDS = {
    "item": Message("项目", "item"),
    "difference": Message("增减", "change"),
    "rate": Message("增减%", "change%"),
    "share": Message("占比%", "share%"),
    "yuan": Message("单位：元", "in yuan"),
    "wan": Message("单位：万元", "in ten thousand yuan"),
    "formerly": Message("原名：", "formerly: "),
    "codes": Message("科目变化", "Codes that changed"),
    "notes": Message("说明", "Notes"),
    "totals": Message("收支总额", "Totals"),
}
AXES = {
    "function": Message("功能分类", "function"),
    "departmental": Message("部门经济分类", "departmental economic class"),
}


def heading(found: Comparison, language: str) -> str:
    """What is compared, in one line."""
    last, this = found.last, found.this
    if found.drafts:
        return Message(f"{this.name} {this.year}年预算两稿比较", f"{this.name}: two drafts of the budget of {this.year}").in_language(language)  # fmt: skip
    return Message(
        f"{this.name} {this.year}年与{last.year}年预算比较", f"{this.name}: budgets of {last.year} and {this.year}"
    ).in_language(language)


def about(side: Side, language: str) -> str:
    """Which file a column stands for."""
    return f"{side.label.in_language(language)}{'：' if language == 'zh' else ': '}{side.source}"


def moved_words(one: Moved, language: str) -> str:
    """A code or name that changed, in one line."""
    axis = AXES[one.axis]
    if one.kind == "renamed":
        said = Message(f"{axis.zh} {one.this_code}：“{one.last_name}”更名为“{one.this_name}”。", f"{axis.en} {one.this_code}: “{one.last_name}” is now “{one.this_name}”.")  # fmt: skip
    else:
        said = Message(f"{axis.zh}“{one.this_name}”：编码 {one.last_code} 改为 {one.this_code}。", f"{axis.en} “{one.this_name}”: its code {one.last_code} is now {one.this_code}.")  # fmt: skip
    return said.in_language(language)


def signed(amount: int) -> str:
    """分 as yuan with its sign: +1,234.50; nothing has none."""
    return f"{'+' if amount > 0 else ''}{yuan(amount)}"


def percent(value: Decimal | None, sign: bool = False) -> str:
    """A percentage without its mark; "" where there is none."""
    if value is None:
        return ""
    if value >= _MOST:  # of next to nothing: the exact rate tells nobody anything
        return f">{_MOST}"
    return f"{value:+.2f}" if sign and value else f"{value:.2f}"


def cells(row: Entry, whole: int, unknown: str) -> tuple[str, str, str, str, str]:
    """The figures of a row: last, this, difference, rate, share; ``unknown`` stands for an amount not stated."""
    difference = row.difference
    return (
        unknown if row.last is None else yuan(row.last),
        unknown if row.this is None else yuan(row.this),
        "" if difference is None else signed(difference),
        percent(row.rate, True),
        percent(row.share(whole)),
    )


def comparison_text(found: Comparison, language: str) -> str:
    """The comparison as aligned tables, at most 80 columns wide where amounts allow, in ``language`` (zh or en)."""
    word = {key: message.in_language(language) for key, message in WORDS.items()}
    printer = _Printer(found, language)
    head = [heading(found, language), *(about(side, language) for side in (found.last, found.this)), word[printer.unit]]
    lines = [line for text in head for line in wrapped(text, _COLUMNS, "")]
    lines.append("")
    lines += printer.table(word["totals"], found.totals, None)
    for group in found.groups:
        lines += printer.table(group.title.in_language(language), group.rows, group.total)
    for title, said in (
        (word["codes"], [moved_words(one, language) for one in found.moved]),
        (word["notes"], [note.in_language(language) for note in found.notes]),
    ):
        if said:
            lines.append(title)
            for sentence in said:
                first, *rest = wrapped(sentence, _COLUMNS, "  ")
                lines += [f"· {first[2:]}", *rest]
            lines.append("")
    return "\n".join(lines)


class _Printer:
    """Rows in columns that all tables share, so that they read as one."""

    def __init__(self, found: Comparison, language: str) -> None:
        self._found = found
        self._language = language
        self._unknown = "—"
        rows = [*found.totals, *(row for group in found.groups for row in (*group.rows, group.total))]
        self.unit = "yuan"
        self._sizes = self._measure(rows)
        if self._room < _NAME:  # amounts of billions: in 万元 they fit
            self.unit = "wan"
            self._sizes = self._measure(rows)

    def _measure(self, rows: Sequence[Entry]) -> list[int]:
        shown = [self._header(), *(self._cells(row) for row in rows)]
        return [max(width(row[n]) for row in shown) for n in range(5)]

    @property
    def _room(self) -> int:
        return _COLUMNS - sum(self._sizes) - len(self._sizes)

    def _header(self) -> tuple[str, ...]:
        words = (self._found.last.label, self._found.this.label, WORDS["difference"], WORDS["rate"], WORDS["share"])
        return tuple(message.in_language(self._language) for message in words)

    def _cells(self, row: Entry) -> tuple[str, ...]:
        figures = cells(row, self._found.whole, self._unknown)
        if self.unit == "yuan":
            return figures
        amounts = [self._unknown if amount is None else _wan(amount) for amount in (row.last, row.this)]
        return (*amounts, "" if row.difference is None else _wan(row.difference, "+"), *figures[3:])

    def table(self, title: str, rows: Sequence[Entry], total: Entry | None) -> list[str]:
        lines = [title, self._line("", self._header())]
        for row in (*rows, *((total,) if total else ())):
            lines += self._row(row)
        return [*lines, ""]

    def _row(self, row: Entry) -> list[str]:
        indent = " " * row.level  # codes show their level too, and room is short
        name = row.name.in_language(self._language)
        state = STATES[row.state].in_language(self._language) if row.state else ""
        said = f"{row.code} {name}".strip() + (f"（{state}）" if state and self._language == "zh" else f" ({state})" if state else "")  # fmt: skip
        room = max(self._room, _NAME)
        *above, last = wrapped(said, room, indent) or [indent]
        lines = [*above, self._line(last, self._cells(row))]
        if row.last_name:
            lines += wrapped(WORDS["formerly"].in_language(self._language) + row.last_name, _COLUMNS, f"{indent}    ")
        return lines

    def _line(self, name: str, figures: Sequence[str]) -> str:
        room = max(self._room, _NAME)
        right = "".join(
            " " + " " * (size - width(text)) + text for size, text in zip(self._sizes, figures, strict=True)
        )
        return f"{name}{' ' * max(room - width(name), 0)}{right}".rstrip()


def _wan(amount: int, sign: str = "") -> str:
    return f"{Decimal(amount) / _WAN:{sign if amount > 0 else ''},.2f}"


# --- JSON --------------------------------------------------------------------------------------------------------


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The comparison for programs: amounts are decimal strings in yuan, percentages decimal strings; null is what is
    not known. Names and titles stand in both languages where they differ."""
    return {
        "last": _side(found.last),
        "this": _side(found.this),
        "drafts": found.drafts,
        "totals": [{"key": key, **_entry(row, found.whole)} for key, row in zip(("income", "expenditure"), found.totals, strict=True)],
        "groups": [_group(group, found.whole) for group in found.groups],
        "codes": [one._asdict() for one in found.moved],
        "notes": [_message(note) for note in found.notes],
    }  # fmt: skip


def _side(side: Side) -> dict[str, Any]:
    return {"source": side.source, "name": side.name, "year": side.year, "label": _message(side.label)}


def _group(group: Group, whole: int) -> dict[str, Any]:
    return {
        "key": group.key,
        "title": _message(group.title),
        "rows": [_entry(row, whole) for row in group.rows],
        "total": _entry(group.total, whole),
    }


def _message(message: Message) -> str | dict[str, str]:
    return message.zh if message.zh == message.en else {"zh": message.zh, "en": message.en}


def _entry(row: Entry, whole: int) -> dict[str, Any]:
    share = row.share(whole)
    return {
        "code": row.code,
        "name": _message(row.name),
        "level": row.level,
        "state": row.state,
        "last_name": row.last_name,
        "last": _plain(row.last),
        "this": _plain(row.this),
        "difference": _plain(row.difference),
        "rate": None if row.rate is None else str(row.rate),
        "share": None if share is None else str(share),
    }


def _plain(amount: int | None) -> str | None:
    return None if amount is None else f"{Decimal(amount).scaleb(-2):.2f}"
