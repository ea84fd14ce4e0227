"""A unit merged into another during the year: its lines and posts go over, what does not fit is said."""

from typing import Any, NamedTuple

from zhengwu.dialects.classifications import Kind, government_codes_for
from zhengwu.ledger.model import Ledger, Line, Unit
from zhengwu.ledger.note import Note, Option, told
from zhengwu.ledger.schema import SHEETS, UNIT_KINDS, sheet
from zhengwu.ledger.store import numbered
from zhengwu.ledger.values import CLASSIFICATIONS, yuan
from zhengwu.model.message import Message, RefusedError

KINDS: dict[str, Message] = {
    "unit_merged": Message("单位并入", "unit merged"),
    "lines_merged": Message("支出明细合并", "lines merged"),
    "transfer_within": Message("划转成为单位内部往来", "transfer within one unit"),
    "pair_changed": Message("政府经济分类随单位性质改变", "government economic code changed with the kind of unit"),
    "pair_broken": Message("经济分类不再对应", "economic codes no longer correspond"),
    "old_name": Message("写有原单位名称", "names the former unit"),
}
_COUNTS = tuple(column.key for column in sheet("units").columns if column.type == "count")


class Merged(NamedTuple):
    """The ledger without the unit, its rows numbered anew, and what a person must know or decide."""

    ledger: Ledger
    notes: tuple[Note, ...]


def merge_units(ledger: Ledger, from_code: str, into_code: str) -> Merged:
    """``ledger`` with the unit ``from_code`` merged into ``into_code``.

    Lines that agree in everything but their unit become one, their amounts added; posts and staff are added (a number
    that neither unit gives stays empty). The total of expenditure stays what it was. A government economic code that
    does not fit the kind of the taking unit becomes the one that does (50501 of an institution is 50101 of an agency);
    where several would do, and where texts name the former unit, they are left and said. Raises
    RefusedError when the two codes are one or a unit is not in the ledger.
    """
    old = numbered(ledger, anew=False)
    units = {unit.code: unit for unit in old.units}
    for code in (from_code, into_code):
        if code not in units:
            raise RefusedError(
                "unknown-unit", f"“{code}”不在“单位”表中；单位有：{'、'.join(units)}。", f"“{code}” is not in the sheet of units, which has {', '.join(units)}"
            )  # fmt: skip
    if from_code == into_code:
        raise RefusedError("same-unit", f"单位“{from_code}”不能并入它自己。", f"unit “{from_code}” cannot be merged into itself")  # fmt: skip
    gone, taking = units[from_code], units[into_code]
    taken = _added(taking, gone)
    kind: Kind = "agency" if taking.kind == "agency" else "institution"
    lines, sources = _lines(old, from_code, into_code, kind)
    kept = tuple(taken if unit is taking else unit for unit in old.units if unit is not gone)
    made = numbered(old._replace(source="", units=kept, lines=tuple(lines)))
    place = next(unit.row for unit in made.units if unit.code == into_code)
    moved = [line for line in old.lines if line.unit == from_code]
    amount = yuan(sum(line.amount or 0 for line in moved))  # a draft's may be empty yet
    notes = [
        Note(
            "unit_merged", "units", (place,), (gone.row,), "code", from_code,
            Message(
                f"“{gone.code} {gone.name}”并入“{taking.code} {taking.name}”：划转支出明细 {len(moved):,} 行、{amount} 元，编制和人数相加。",
                f"“{gone.code} {gone.name}” is merged into “{taking.code} {taking.name}”: {len(moved):,} lines of {amount} yuan went over, posts and staff are added",
            ), (Option(taking.code, taking.name),),
        )
    ]  # fmt: skip
    for row, rows in enumerate(sources, 2):
        if len(rows) > 1:
            listed = "、".join(map(str, rows))
            notes.append(
                Note("lines_merged", "lines", (row,), rows, "amount", from_code,
                     Message(f"原第 {listed} 行并入后各项相同，合并为一行，金额相加。", f"rows {listed.replace('、', ', ')} agree once merged and are one line now, their amounts added"))
            )  # fmt: skip
    notes += _pairs(made, old, kind, {line.row for line in moved}, sources)
    notes += _transfers(made, taking, sources)
    notes += _named(made, gone)
    return Merged(made, tuple(notes))


def _added(taking: Unit, gone: Unit) -> Unit:
    sums: dict[str, Any] = {}
    for key in _COUNTS:
        known = [number for number in (getattr(taking, key), getattr(gone, key)) if number is not None]
        sums[key] = sum(known) if known else None
    return taking._replace(**sums)


def _lines(ledger: Ledger, from_code: str, into_code: str, kind: Kind) -> tuple[list[Line], list[tuple[int, ...]]]:
    """The lines after the merger, and the old rows that each comes from."""
    made = [line for line in ledger.lines if line.unit != from_code]
    sources: list[tuple[int, ...]] = [(line.row,) for line in made]
    places: dict[tuple[str | int, ...], int] = {}
    for place, line in enumerate(made):
        places.setdefault(line[:7], place)
    for line in ledger.lines:
        if line.unit != from_code:
            continue
        carried = line._replace(unit=into_code, government=_fitting(line, kind))
        place = places.setdefault(carried[:7], len(made))
        if place == len(made):
            made.append(carried)
            sources.append((line.row,))
        else:
            made[place] = made[place]._replace(amount=(made[place].amount or 0) + (line.amount or 0))
            sources[place] = (*sources[place], line.row)
    return made, sources


def _fitting(line: Line, kind: Kind) -> str:
    """The line's government economic code, or the only one that goes with its departmental code for a kind of unit."""
    allowed = government_codes_for(line.departmental, kind)
    return next(iter(allowed)) if len(allowed) == 1 else line.government


def _pairs(made: Ledger, old: Ledger, kind: Kind, moved: set[int], sources: list[tuple[int, ...]]) -> list[Note]:
    """What became of the economic codes of lines that came over and did not fit the kind of the taking unit."""
    before = {line.row: line.government for line in old.lines}
    found: dict[tuple[str, str, str], list[int]] = {}
    for line, rows in zip(made.lines, sources, strict=True):
        allowed = government_codes_for(line.departmental, kind)
        for government in dict.fromkeys(before[row] for row in rows if row in moved):
            if allowed and government not in allowed:
                found.setdefault((government, line.government, line.departmental), []).append(line.row)
    notes = []
    name = next((one for one in UNIT_KINDS if one.key == kind), UNIT_KINDS[0])
    book = CLASSIFICATIONS["government"]()
    for (was, now, departmental), places in found.items():
        rows, more = tuple(places), told(tuple(places))
        codes = [now] if now != was else sorted(government_codes_for(departmental, kind))
        options = tuple(Option(code, book.name_of(code, made.budget.year) or "") for code in codes)
        done_zh, done_en = (f"已改为 {now}", f"it became {now}") if now != was else ("未改动", "it was left")
        rest_zh, rest_en = ("", "") if now != was else (f"；可选 {'、'.join(codes)}", f": choose {', '.join(codes)}")
        notes.append(
            Note("pair_broken" if now == was else "pair_changed", "lines", rows, tuple(sources[rows[0] - 2]), "government", was,
                 Message(
                     f"并入单位是{name.zh}，{was} 与 {departmental} 不对应，{done_zh}{more.zh}{rest_zh}。",
                     f"the taking unit is an {name.en}, for which {was} does not go with {departmental}; {done_en}{more.en}{rest_en}",
                 ), options)
        )  # fmt: skip
    return notes


def _transfers(made: Ledger, taking: Unit, sources: list[tuple[int, ...]]) -> list[Note]:
    """Money remitted or passed on may have gone between the two units."""
    rows = tuple(
        line.row for line in made.lines
        if line.unit == taking.code and line.nature in ("remit", "subsidy")
    )  # fmt: skip
    if not rows:
        return []
    more = told(rows)
    return [
        Note("transfer_within", "lines", rows, tuple(row for one in rows for row in sources[one - 2]), "nature", taking.code,
             Message(
                 f"有上缴上级或对附属单位补助的支出，未改动{more.zh}；如在两单位之间发生，请连同对应的收入一并删除。",
                 f"money is remitted or passed on and was left{more.en}; if it went between the two units, delete it together with the income",
             ))
    ]  # fmt: skip


def _named(made: Ledger, gone: Unit) -> list[Note]:
    """Texts in which the former unit's name stands."""
    notes = []
    for one in SHEETS:
        if one.key in ("budget", "units"):
            continue
        columns = [(column.key, one.row._fields.index(column.key)) for column in one.columns if column.type in ("text", "long")]  # type: ignore[attr-defined]  # fmt: skip
        for key, index in columns:
            found: dict[str, list[int]] = {}
            for row in getattr(made, one.key):
                if gone.name and gone.name in row[index]:
                    found.setdefault(row[index], []).append(row.row)
            for text, rows in found.items():
                more = told(tuple(rows))
                shown = text if len(text) <= 40 else text[:39] + "…"
                notes.append(
                    Note("old_name", one.key, tuple(rows), (), key, gone.name,
                         Message(f"“{shown}”写有原单位“{gone.name}”，未改动{more.zh}；请核对。", f"“{shown}” names the former unit “{gone.name}” and was left{more.en}; check it"))
                )  # fmt: skip
    return notes
