"""What changed in the sheets other than the lines: cell by cell, texts sentence by sentence."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from zhengwu.ledger.model import Budget, Ledger
from zhengwu.ledger.schema import SHEETS, Column, Sheet
from zhengwu.ledger.values import NO, YES, Value, yuan
from zhengwu.model.message import Message

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]+[”’）]*|[^。；！？\n]+")
_WHOLE: dict[str, str] = {"duties": "text", "department_targets": "content"}  # sheets whose rows are told apart by text
_NAMED: dict[str, tuple[str, ...]] = {"duties": (), "department_targets": ("kind", "name")}  # and what names them then
_MOST = 2_000  # sentences beyond which texts are told whole: finding what stayed takes the square of it
_WORK = 10_000_000  # pairs of characters beyond which likeness is not looked for: it would take seconds
_ALIKE = 0.5  # texts at least so alike are one text that was changed


class Sentence(NamedTuple):
    """A sentence of a text that changed. ``kind``: same, gone or added."""

    kind: str
    text: str


class CellChange(NamedTuple):
    """A cell that differs: values as in the row (分, keys of choices), ``sentences`` where it is a longer text."""

    column: Column
    old: Value
    new: Value
    sentences: tuple[Sentence, ...] = ()

    @property
    def shown(self) -> tuple[Message, Message]:
        """The old and the new value as people read them."""
        return shown(self.column, self.old), shown(self.column, self.new)


class RowChange(NamedTuple):
    """A row that differs. ``kind``: added, gone or changed; ``name`` is what tells it apart, by the columns ``keys``;
    ``cells`` are those that differ, or all that are filled where the row was added or is gone. ``old_row`` and
    ``new_row`` are 0 for none."""

    kind: str
    sheet: Sheet
    name: Message
    old_row: int
    new_row: int
    cells: tuple[CellChange, ...]
    keys: tuple[str, ...] = ()

    @property
    def content(self) -> tuple[CellChange, ...]:
        """The cells that the name does not say."""
        return tuple(cell for cell in self.cells if self.kind == "changed" or cell.column.key not in self.keys)

    @property
    def message(self) -> Message:
        """One sentence that says which row and how it differs, in full."""
        head = Message(f"“{self.sheet.zh}”表 {self.name.zh}".rstrip(), f"sheet “{self.sheet.en}”, {self.name.en}".rstrip(" ,"))  # fmt: skip
        if self.kind != "changed":
            verb, side = {"added": (Message("新增", "added"), 1), "gone": (Message("删除", "gone"), 0)}[self.kind]
            held = [(cell.column, cell.shown[side]) for cell in self.content]
            zh = "；".join(f"{column.zh}“{value.zh}”" for column, value in held)
            en = "; ".join(f"{column.en} “{value.en}”" for column, value in held)
            return Message(f"{head.zh}：{verb.zh}{'，' * bool(zh)}{zh}。", f"{head.en}: {verb.en}{', ' * bool(en)}{en}")
        parts = []
        for cell in self.cells:
            was, now = cell.shown
            title = cell.column
            parts.append((f"{title.zh}由{_quoted(was.zh, '空')}改为{_quoted(now.zh, '空')}", f"{title.en} from {_quoted(was.en, 'nothing')} to {_quoted(now.en, 'nothing')}"))  # fmt: skip
        return Message(f"{head.zh}：{'；'.join(zh for zh, _ in parts)}。", f"{head.en}: {'; '.join(en for _, en in parts)}")  # fmt: skip


def row_changes(old: Ledger, new: Ledger, names: dict[str, str]) -> Iterator[RowChange]:
    """The changes of all sheets but the lines, sheet by sheet: in the order of the new rows, then what is gone.
    ``names`` are the new names of projects by their old ones."""
    for one in SHEETS:
        if one.key == "budget":
            yield from _changed(one, Message("", ""), *_heads(old.budget, new.budget))
        elif one.key != "lines":
            yield from _of_sheet(one, getattr(old, one.key), getattr(new, one.key), names)


def _heads(old: Budget, new: Budget) -> tuple[Budget, Budget]:
    """Both, without the control figures where one has none: none means that no figure binds it (it was not given yet, or
    an adjustment was approved by itself since), not that somebody emptied a cell. Two figures that differ are told."""
    if None in (old.control, new.control):
        return old._replace(control=None), new._replace(control=None)
    return old, new


def sentences(old: str, new: str) -> tuple[Sentence, ...]:
    """What of a text stayed, is gone and was added, by sentence, in reading order."""
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    if len(before) + len(after) > _MOST:
        return (Sentence("gone", old), Sentence("added", new))
    found: list[Sentence] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, False).get_opcodes():
        if tag == "equal":
            found += [Sentence("same", text) for text in before[i:j]]
        else:
            found += [Sentence("gone", text) for text in before[i:j]]
            found += [Sentence("added", text) for text in after[k:m]]
    return tuple(found)


def shown(column: Column, value: Value) -> Message:
    """A value of a row as people read it: yuan, the names of choices, yes or no; "" for none."""
    if value is None:
        return Message("", "")
    if isinstance(value, bool):
        return Message(YES[0], YES[1]) if value else Message(NO[0], NO[1])
    if column.type == "amount" and isinstance(value, int):
        return Message(yuan(value), yuan(value))
    for choice in column.choices:
        if choice.key == value:
            return Message(choice.zh, choice.en)
    return Message(str(value), str(value))


def _of_sheet(one: Sheet, old: Sequence[Any], new: Sequence[Any], names: dict[str, str]) -> Iterator[RowChange]:
    keys = one.unique or ((_WHOLE[one.key],) if one.key in _WHOLE else tuple(column.key for column in one.columns))
    places = [one.row._fields.index(key) for key in keys]  # type: ignore[attr-defined]
    named = _NAMED.get(one.key, keys)
    project = {"projects": "name"}.get(one.key, "project")
    waiting: dict[tuple[object, ...], list[Any]] = {}
    for row in old:
        values = [names.get(row[n], row[n]) if key == project else row[n] for key, n in zip(keys, places, strict=True)]
        waiting.setdefault(tuple(values), []).append(row)
    for rows in waiting.values():
        rows.reverse()
    pairs: list[tuple[Any, Any]] = []
    for row in new:
        rows = waiting.get(tuple(row[n] for n in places), [])
        pairs.append((rows.pop() if rows else None, row))
    left = sorted((row for rows in waiting.values() for row in rows), key=lambda row: int(row.row))
    if one.key in _WHOLE:
        pairs, left = _alike(pairs, left, places[0])
    for was, row in pairs:
        if was is not None:
            yield from _changed(one, _name(one, named, row), was, row)
        else:
            yield RowChange("added", one, _name(one, named, row), 0, row.row, _filled(one, row, False), named)
    for row in left:
        yield RowChange("gone", one, _name(one, named, row), row.row, 0, _filled(one, row, True), named)


def _alike(
    pairs: Sequence[tuple[Any, Any]], left: Sequence[Any], place: int
) -> tuple[list[tuple[Any, Any]], list[Any]]:
    """Pairs of old and new rows that are told apart by a text, where those without an old one take what is left that is
    most alike: a duty that was reworded is one that changed; and what is left then."""
    come = [n for n, (was, _) in enumerate(pairs) if was is None]
    before, after = (sum(len(row[place]) for row in rows) for rows in (left, [pairs[n][1] for n in come]))
    if before * after > _WORK:
        return list(pairs), list(left)
    likeness = {(n, m): _likeness(left[m][place], pairs[n][1][place]) for n in come for m in range(len(left))}
    found: dict[int, int] = {}
    for n, m in sorted(likeness, key=lambda pair: (-likeness[pair], pair)):
        if likeness[n, m] >= _ALIKE and n not in found and m not in found.values():
            found[n] = m
    made = [(left[found[n]] if n in found else was, row) for n, (was, row) in enumerate(pairs)]
    return made, [row for m, row in enumerate(left) if m not in found.values()]


def _likeness(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, old, new, False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _changed(one: Sheet, name: Message, old: Any, new: Any) -> Iterator[RowChange]:
    cells = []
    for column, was, now in zip(one.columns, old, new, strict=False):
        if was != now:
            parts = sentences(was, now) if column.type == "long" else ()
            cells.append(CellChange(column, was, now, parts))
    if cells:
        yield RowChange("changed", one, name, old.row, new.row, tuple(cells))


def _filled(one: Sheet, row: Any, gone: bool) -> tuple[CellChange, ...]:
    cells = []
    for column, value in zip(one.columns, row, strict=False):
        if value not in ("", None):
            empty = "" if isinstance(value, str) else None
            cells.append(CellChange(column, value, empty) if gone else CellChange(column, empty, value))
    return tuple(cells)


def _name(one: Sheet, keys: Sequence[str], row: Any) -> Message:
    parts = [shown(column, getattr(row, column.key)) for column in one.columns if column.key in keys]
    return Message("·".join(f"“{part.zh}”" for part in parts if part.zh), " · ".join(f"“{part.en}”" for part in parts if part.en))  # fmt: skip


def _quoted(text: str, empty: str) -> str:
    return f"“{text}”" if text else empty


__all__ = ["CellChange", "RowChange", "Sentence", "row_changes", "sentences", "shown"]
