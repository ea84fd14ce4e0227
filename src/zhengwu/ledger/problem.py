"""What is wrong in a ledger, and where: each problem names its sheet, row and column."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from zhengwu.ledger.schema import SHEETS, Sheet, sheet
from zhengwu.model.message import Message, RefusedError

SHOWN = 20  # of many things, those that a message spells out
_ORDER = {one.zh: number for number, one in enumerate(SHEETS)}
_BY_NAME = {one.zh: one for one in SHEETS}


class Problem(NamedTuple):
    """One thing that is wrong. ``sheet`` is its Chinese name, ``row`` counts the header as 1 (0: no row in
    particular), ``column`` is the Chinese title, with the letter in front where it came from a workbook ("H 金额");
    "" where no single column is at fault. The message says what was found and what is allowed, not where."""

    sheet: str
    row: int
    column: str
    message: Message

    @property
    def sentence(self) -> Message:
        """The message with its place in front, in both languages."""
        found = _BY_NAME.get(self.sheet)
        zh = f"“{self.sheet}”表"
        en = f"sheet “{found.en if found else self.sheet}”"
        if self.row:
            zh += f"第 {self.row} 行"
            en += f", row {self.row}"
        if self.column:
            zh += f"“{self.column}”列"
            en += f", column “{_english(found, self.column)}”"
        return Message(f"{zh}：{self.message.zh}", f"{en}: {self.message.en}")


class LedgerError(RefusedError):
    """A ledger that was not imported, with all of its problems in the order of sheets and rows."""

    def __init__(self, problems: Sequence[Problem], more: bool = False) -> None:
        """``more`` says that reading stopped because there were too many."""
        self.problems = tuple(in_order(problems))
        count = len(self.problems)
        said = several(
            f"台账有 {'至少 ' if more else ''}{count:,} 处问题，未导入：",
            f"the ledger has {'at least ' if more else ''}{count:,} problem{'s' * (count != 1)}; nothing was imported:",
            [problem.sentence for problem in self.problems],
        )
        super().__init__("bad-ledger", *said)


def several(zh: str, en: str, said: Sequence[Message], most: int = SHOWN) -> Message:
    """A heading, what is ``said`` line by line, and after the first ``most`` lines how many more there are."""
    rest = len(said) - most
    more = [Message(f"另有 {rest:,} 处。", f"and {rest:,} more")] if rest > 0 else []
    lines = [Message(zh, en), *said[:most], *more]
    return Message("\n".join(one.zh for one in lines), "\n".join(one.en for one in lines))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of sheets and rows."""
    return sorted(problems, key=lambda one: (_ORDER.get(one.sheet, len(_ORDER)), one.row))


def at(key: str, row: int, column: str, zh: str, en: str) -> Problem:
    """A problem of the sheet with this key, at the column with this key ("" for none)."""
    found = sheet(key)
    title = next((one.zh for one in found.columns if one.key == column), "")
    return Problem(found.zh, row, title, Message(zh, en))


def listed(items: Sequence[str], most: int = 8) -> Message:
    """What is allowed, for a sentence: the first of ``items``, with an ellipsis where there are more."""
    shown = [*items[:most], *["…"] * (len(items) > most)]
    return Message("、".join(shown), ", ".join(shown))


def rows_alike(rows: Sequence[int]) -> Message:
    """What a sentence adds when the same is wrong in other rows than the first; nothing when it is not."""
    others = [str(row) for row in rows[1:] if row]
    if not others:
        return Message("", "")
    zh = "、".join(others[:6]) + (" 行等" if len(others) > 6 else " 行")
    en = ", ".join(others[:6]) + (" …" if len(others) > 6 else "")
    word = "row" if len(others) == 1 else "rows"
    return Message(f"（另有 {len(others):,} 行相同：第 {zh}）", f" (and {len(others):,} more {word} alike: {en})")


def _english(found: Sheet | None, column: str) -> str:
    letter, _, title = column.rpartition(" ")
    names = {one.zh: one.en for one in found.columns} if found else {}
    return f"{letter} {names.get(title, title)}".strip()
