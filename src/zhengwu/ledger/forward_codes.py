"""Codes of a ledger in another year's classification: followed where that is certain, said where it is not."""

from collections.abc import Sequence
from operator import attrgetter

from zhengwu.dialects.classifications import normalise_name
from zhengwu.dialects.classifications.changes import BOOKS, Change, Fate, Successors
from zhengwu.ledger.model import ExtraCode, Ledger, Line, Purpose
from zhengwu.ledger.note import Note, Option, told
from zhengwu.ledger.schema import CLASSIFICATIONS
from zhengwu.model.message import Message

_TITLES = {one.key: one for one in CLASSIFICATIONS}
_AXES = ("function", "government", "departmental")


class Codes:
    """Carries the codes of one ledger from ``ledger.budget.year`` to ``year``; ``notes`` gathers what is to be said."""

    def __init__(self, ledger: Ledger, year: int, changes: Sequence[Change]) -> None:
        self._since, self._until = ledger.budget.year, year
        self._successors = Successors(changes)
        self._extra = {(one.classification, one.code): one for one in ledger.codes}
        self._fates: dict[tuple[str, str], Fate] = {}
        self.notes: list[Note] = []
        self.renamed: dict[str, str] = {}  # old names by new, of codes that are used and of those above them

    def fate(self, axis: str, code: str) -> Fate:
        """What becomes of a code; the ledger's own codes are kept unless a change speaks of them."""
        key = axis, code
        found = self._fates.get(key)
        if found is None:
            found = self._successors.fate(axis, code, self._since, self._until) if code else Fate("kept", code)
            own = self._extra.get(key)
            if own is not None:
                found = found._replace(last_name=own.name)
                if found.kind == "doubtful":
                    found = Fate("kept", code, (), own.name, own.name)
            self._fates[key] = found
        return found

    def lines(self, lines: Sequence[Line]) -> tuple[list[Line], list[tuple[int, ...]]]:
        """The lines with their codes carried, and for each the old rows that it comes from: lines that agree in
        everything but the amount once their codes have moved are one."""
        made: list[Line] = []
        sources: list[tuple[int, ...]] = []
        places: dict[tuple[str | int, ...], int] = {}
        old: dict[tuple[str | int, ...], int] = {}
        merged: dict[int, None] = {}
        for line in lines:
            codes = [
                self.fate(axis, code).code
                for axis, code in zip(_AXES, (line.function, line.government, line.departmental), strict=True)
            ]
            carried = line._replace(function=codes[0], government=codes[1], departmental=codes[2])
            key = carried[:7]
            place = places.setdefault(key, len(made))
            # Lines that were alike before stay two: they are a mistake of last year's that the check names.
            if place < len(made) and old.get(line[:7]) != place:
                made[place] = made[place]._replace(amount=made[place].amount + line.amount)
                sources[place] = (*sources[place], line.row)
                merged[place] = None
                continue
            old.setdefault(line[:7], len(made))
            made.append(carried)
            sources.append((line.row,))
        self._tell_lines(lines, made, sources)
        for place in merged:
            self.notes.append(_merged("lines", place + 2, sources[place], made[place].function))
        return made, sources

    def purposes(self, rows: Sequence[Purpose]) -> list[tuple[Purpose, int]]:
        """The purposes with their old rows; of two whose codes have become one the first stays."""
        made: dict[str, tuple[Purpose, int]] = {}
        for row in rows:
            fate = self.fate("function", row.function)
            if fate.code in made:
                place = list(made).index(fate.code) + 2
                self.notes.append(
                    Note(
                        "purpose_dropped", "purposes", (place,), (row.row,), "text", row.text,
                        Message(
                            f"{row.function} 并入 {fate.code}，只保留前一条用途；这一条未结转：“{row.text}”，请合并文字。",
                            f"{row.function} has become {fate.code}, whose first purpose stays; “{row.text}” was not carried: merge the texts",
                        ),
                    )
                )  # fmt: skip
                continue
            made[fate.code] = row._replace(function=fate.code), row.row
            if fate.kind != "kept":
                self._tell("purposes", "function", row.function, fate, (len(made) + 1,), (row.row,))
        return list(made.values())

    def extra(self, rows: Sequence[ExtraCode]) -> list[tuple[ExtraCode, int]]:
        """The ledger's own codes with their old rows; one that the new year's classification has is left out."""
        made = []
        for row in rows:
            name = BOOKS[row.classification]().name_of(row.code, self._until)
            if name is None:
                made.append((row, row.row))
                continue
            differs = normalise_name(name) != normalise_name(row.name)
            self.notes.append(
                Note(
                    "extra_known", "codes", (), (row.row,), "name", row.name,
                    Message(
                        f"{row.code} 已在 {self._until} 年科目中{f'，名称为“{name}”' if differs else ''}，不再补充“{row.name}”。",
                        f"{row.code} is in the classification of {self._until}{f' as “{name}”' if differs else ''}; “{row.name}” is no longer added",
                    ), (Option(row.code, name),),
                )
            )  # fmt: skip
        return made

    def _tell_lines(self, lines: Sequence[Line], made: Sequence[Line], sources: Sequence[tuple[int, ...]]) -> None:
        new_row = {row: place + 2 for place, rows in enumerate(sources) for row in rows}
        for axis in _AXES:
            code_of = attrgetter(axis)
            used: dict[str, list[int]] = {}
            for line in lines:
                used.setdefault(code_of(line), []).append(line.row)
            for code, rows in used.items():
                fate = self.fate(axis, code)
                if fate.kind == "kept":
                    continue
                new = tuple(dict.fromkeys(new_row[row] for row in rows))
                self._tell("lines", axis, code, fate, new, tuple(rows))
            self._tell_parents(axis, used)

    def _tell_parents(self, axis: str, used: dict[str, list[int]]) -> None:
        """Levels above that bear another name: their old names may stand in texts."""
        for parent in dict.fromkeys(code[:length] for code in used for length in (3, 5) if length < len(code)):
            fate = self.fate(axis, parent)
            if fate.kind == "renamed":
                rows = tuple(row for code, found in used.items() if code.startswith(parent) for row in found)
                self._tell("lines", axis, parent, fate, (), rows)

    def _tell(
        self, sheet: str, axis: str, code: str, fate: Fate, rows: tuple[int, ...], old_rows: tuple[int, ...]
    ) -> None:
        message, options = self._words(axis, code, fate)
        if fate.kind == "renamed" and fate.certain:
            self.renamed[fate.last_name] = fate.name
        more = told(rows or old_rows)
        self.notes.append(
            Note(
                f"code_{fate.kind}", sheet, rows, old_rows, axis, code,
                Message(f"{message.zh[:-1]}{more.zh}。", message.en + more.en), options,
            )
        )  # fmt: skip

    def _words(self, axis: str, code: str, fate: Fate) -> tuple[Message, tuple[Option, ...]]:
        year, title = self._until, _TITLES[axis]
        was = f"{code} {fate.last_name}".rstrip()
        if fate.kind == "moved" and fate.certain:
            now = f"{fate.code} {fate.name}".rstrip()
            return Message(
                f"{title.zh} {was} 自 {year} 年起为 {now}（{fate.source}），已改。",
                f"{title.en} {was} is {now} in {year} ({fate.source}) and was changed",
            ), (Option(fate.code, fate.name),)
        if fate.kind == "renamed":
            sure = ("", "") if fate.certain else ("，年份未核实", ", in a year not confirmed")
            return Message(
                f"{title.zh} {was} 改名为“{fate.name}”{sure[0]}；编码不变。",
                f"{title.en} {was} is now called “{fate.name}”{sure[1]}; the code stays",
            ), (Option(code, fate.name),)
        options = tuple(Option(one, BOOKS[axis]().name_of(one, year) or "") for one in fate.choices)
        zh = "、".join(f"{one.value} {one.name}".rstrip() for one in options)
        en = ", ".join(f"{one.value} {one.name}".rstrip() for one in options)
        unsure = ("", "") if fate.certain else ("（未核实）", " (not confirmed)")
        if fate.kind == "gone":
            return Message(
                f"{title.zh} {was} 在 {year} 年已取消{unsure[0]}，编码未改；请另选科目。",
                f"{title.en} {was} no longer exists in {year}{unsure[1]}; the code was left: choose another",
            ), ()
        if fate.kind in ("split", "moved"):
            verb = ("分为", "is split into") if fate.kind == "split" else ("改为", "has become")
            return Message(
                f"{title.zh} {was} 在 {year} 年{verb[0]} {zh}{unsure[0]}，编码未改；请选择。",
                f"{title.en} {was} {verb[1]} {en} in {year}{unsure[1]}; the code was left: choose one",
            ), options
        return Message(
            f"不能确认 {title.zh} {was} 在 {year} 年是否仍在科目中，编码未改；请核对当年科目{f'，或为 {zh}' if zh else ''}。",
            f"it is not known whether {title.en} {was} still exists in {year}; the code was left: check the classification{f', perhaps {en}' if en else ''}",
        ), options


def _merged(sheet: str, row: int, old_rows: tuple[int, ...], code: str) -> Note:
    listed = "、".join(map(str, old_rows))
    return Note(
        "lines_merged", sheet, (row,), old_rows, "amount", code,
        Message(
            f"原第 {listed} 行改编码后各项相同，合并为一行，金额相加。",
            f"rows {listed.replace('、', ', ')} agree once their codes have changed and are one line now, their amounts added",
        ),
    )  # fmt: skip
