"""A department's ledger from the ledgers of its units.

Sums are added up: expenditure + what was taken out as internal transfers is the sum of the units', to the 分, and so is
income. Why figures changed is said by each unit for itself: reasons stand together, each with its unit. Where else two
ledgers name the same thing differently (a project, a code), the first ledger's is taken, in the order in which they are
given, and the others are told in a note. Duties, divisions and the targets of the whole are
the first ledger's, which should be the department's own (本级).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from zhengwu.ledger.difference_rows import shown
from zhengwu.ledger.model import Budget, Income, LastYear, Ledger, Line
from zhengwu.ledger.note import Note, Option
from zhengwu.ledger.rollup_transfers import KINDS as TRANSFERS
from zhengwu.ledger.rollup_transfers import Party, Transfer, Unpaired, take_out
from zhengwu.ledger.schema import FUNDS, LAST_YEAR, sheet
from zhengwu.ledger.store import numbered
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message, RefusedError

KINDS: dict[str, Message] = {
    "transfer_unpaired": Message("内部往来未抵销", "transfer not paired"),
    "source_changed": Message("资金来源已改", "source changed"),
    "source_short": Message("往来资金未列支", "transfer not spent"),
    "last_year_unpaired": Message("上年内部往来未抵销", "last year's transfers not paired"),
    "shared_project": Message("项目由多个单位承担", "project of several units"),
    "conflict": Message("填报不一致", "ledgers disagree"),
    "reasons_joined": Message("变动原因已合并", "reasons joined"),
    "not_taken": Message("未采用", "not taken"),
    "not_stated": Message("未填报", "not stated"),
}
# How rows of a sheet that agree in ``unique`` become one: the columns that are added up. All others must agree.
_ADDED: dict[str, tuple[str, ...]] = {
    "last_year": ("amount",),
    "three_public": ("last", "number_last", "number"),
    "procurement": ("amount", "small"),
    "assets": ("number", "value", "planned_number", "planned_value"),
    "units": (), "catalogue": (), "purchased": (), "projects": (), "targets": (), "indicators": (), "reasons": (),
    "evaluations": (), "purposes": (), "codes": (),
}  # fmt: skip
# What a unit says of its own figures: true of the department's together with what the others say.
_SAID = (("reasons", "text"), ("three_public", "reason"))
_OWN = ("duties", "divisions", "department_targets")


class RolledUp(NamedTuple):
    """The department's ledger, its rows numbered anew; the transfers taken out; those that did not pair; and what a
    person must know or decide."""

    ledger: Ledger
    transfers: tuple[Transfer, ...]
    unpaired: tuple[Unpaired, ...]
    notes: tuple[Note, ...]

    @property
    def taken_out(self) -> int:
        """All that was taken out on each side, in 分."""
        return sum(one.amount for one in self.transfers)


def rollup(ledgers: Sequence[Ledger], budget: Budget | None = None) -> RolledUp:
    """The department's ledger of its units' ``ledgers``, the department's own first.

    ``budget`` is the row of the department; without it the first ledger's is taken with the scope of a department, and
    as control figure the sum of the units' less the transfers where each has one. How transfers are paired and taken
    out: ``rollup_transfers``. Raises RefusedError for no ledgers, several years, or one unit's ledger given twice.
    """
    _same_year(ledgers, budget)
    return _RollUp([numbered(one, anew=False) for one in ledgers], budget).made()


def _same_year(ledgers: Sequence[Ledger], budget: Budget | None) -> None:
    if not ledgers:
        raise RefusedError("no-ledgers", "没有可汇总的台账；请先选择单位。", "there is no ledger to roll up; choose units first")  # fmt: skip
    years = sorted({one.budget.year for one in ledgers} | ({budget.year} if budget else set()))
    if len(years) > 1:
        listed = [str(year) for year in years]
        raise RefusedError("several-years", f"台账年度不同：{'、'.join(listed)}；只能汇总同一年度。", f"the ledgers are of several years, {', '.join(listed)}; only one year can be rolled up")  # fmt: skip
    codes = [one.budget.code for one in ledgers]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise RefusedError("ledger-twice", f"“{twice}”的台账给了两次；请只选一次。", f"the ledger of “{twice}” is given twice; choose it once")  # fmt: skip


class _RollUp:
    def __init__(self, ledgers: Sequence[Ledger], budget: Budget | None) -> None:
        self._ledgers = ledgers
        self._budget = budget
        self._parties = [Party(one) for one in ledgers]
        self._notes: list[Note] = []

    def made(self) -> RolledUp:
        transfers, unpaired, short = take_out(self._parties)
        first = self._ledgers[0]
        sheets: dict[str, Any] = {key: tuple(self._joined(key)) for key in _ADDED}
        sheets["transfers"] = tuple(dict.fromkeys(row._replace(row=0) for one in self._ledgers for row in one.transfers))  # fmt: skip
        income = self._income()
        sheets["last_year"], income = self._last_year(sheets["last_year"], income)
        lines, changed = self._lines()
        for key in _OWN:
            sheets[key] = getattr(first, key)
            self._not_taken(key)
        made = Ledger("", self._head(transfers), income=tuple(income), lines=tuple(lines), **sheets)
        self._tell(unpaired, short, changed)
        return RolledUp(numbered(made), tuple(transfers), tuple(unpaired), tuple(self._notes))

    def _head(self, transfers: Sequence[Transfer]) -> Budget:
        if self._budget is not None:
            return self._budget
        first = self._ledgers[0].budget
        controls = [one.budget.control for one in self._ledgers]
        known = [one for one in controls if one is not None]
        control = sum(known) - sum(one.amount for one in transfers) if len(known) == len(controls) else None
        return first._replace(scope="department", control=control)

    def _lines(self) -> tuple[list[Line], list[tuple[str, int, str, str]]]:
        """The lines that stay, and of those whose source changed: unit, place in the result, old and new source."""
        made: list[Line] = []
        places: dict[tuple[str | int, ...], int] = {}
        changed = []
        for party in self._parties:
            old = {line.row: line.fund for line in party.ledger.lines}
            for piece in party.pieces:
                if piece.transfer is not None:
                    continue
                line = piece.line
                # A changed source may make a line equal to its neighbour; lines that were alike before stay two.
                place = places.get(line[:7]) if piece.moved else None
                if place is None:
                    place = len(made)
                    places.setdefault(line[:7], place)
                    made.append(line)
                else:
                    made[place] = made[place]._replace(amount=(made[place].amount or 0) + (line.amount or 0))
                if piece.moved:
                    changed.append((party.code, place + 2, old.get(line.row, ""), line.fund))
        return made, changed

    def _income(self) -> list[Income]:
        last: dict[str, list[int | None]] = {}
        funds: dict[str, None] = {}
        for one in self._ledgers:
            for row in one.income:
                last.setdefault(row.fund, []).append(row.last)
        for party in self._parties:
            funds.update(dict.fromkeys((*party.received, *party.carried)))
        made = []
        for fund in sorted(funds, key=_order):
            amount = sum(party.received.get(fund, 0) for party in self._parties)
            carried = sum(party.carried.get(fund, 0) for party in self._parties)
            given = any(row.carry_out is not None for one in self._ledgers for row in one.income if row.fund == fund)
            made.append(Income(fund, amount, _sum(last.get(fund, [])), carried if carried or given else None))
        return made

    def _last_year(self, rows: Sequence[LastYear], income: list[Income]) -> tuple[tuple[LastYear, ...], list[Income]]:
        """Last year's transfers are taken out where both sides are one sum; only sums are known of that year."""
        kept = list(rows)
        for nature, fund in TRANSFERS.items():
            paid = sum(row.amount for row in kept if row.subject == nature)
            received = sum(row.last or 0 for row in income if row.fund == fund)
            if paid and paid == received:
                kept = [row for row in kept if row.subject != nature]
                income = [row._replace(last=0) if row.fund == fund else row for row in income]
            elif paid:
                title = next(one for one in LAST_YEAR if one.key == nature)
                source = next(one for one in FUNDS if one.key == fund)
                self._note("last_year_unpaired", "last_year", (), "amount", yuan(paid), Message(
                    f"上年{title.zh}合计 {yuan(paid)} 元，{source.zh}合计 {yuan(received)} 元，不相等，未抵销；请核对其中部门内部的部分。",
                    f"last year's {title.en} of {yuan(paid)} and {source.en} of {yuan(received)} yuan differ and were not taken out; check what of them is internal",
                ))  # fmt: skip
        without = [one.budget.code for one in self._ledgers if not one.last_year]
        if kept and without:
            self._note("not_stated", "last_year", (), "amount", "、".join(without), Message(
                f"{'、'.join(without)} 没有填报上年数，部门的上年数不含这些单位。",
                f"{', '.join(without)} did not give last year's figures, which lack those units",
            ))  # fmt: skip
        touched = set(TRANSFERS.values())
        income = [row for row in income if row.amount or row.last or row.carry_out or row.fund not in touched]
        return tuple(kept), income

    def _joined(self, key: str) -> list[Any]:
        """The rows of a sheet of all ledgers; rows of one name become one."""
        found = sheet(key)
        name = _key_of(found.unique)
        taken: dict[object, tuple[Any, Ledger]] = {}
        others: dict[object, list[tuple[Any, Ledger]]] = {}
        for ledger in self._ledgers:
            for row in getattr(ledger, key):
                if name(row) in taken:
                    others.setdefault(name(row), []).append((row, ledger))
                else:
                    taken[name(row)] = row, ledger
        made = []
        for place, (one, (row, ledger)) in enumerate(taken.items(), 2):
            more = others.get(one, [])
            made.append(self._one(key, place, row, ledger, more) if more else row)
        return made

    def _one(self, key: str, place: int, row: Any, ledger: Ledger, others: Sequence[tuple[Any, Ledger]]) -> Any:
        if key == "projects":
            units = "、".join(one.budget.code for one in (ledger, *(other for _, other in others)))
            self._note("shared_project", key, (place,), "name", row.name, Message(
                f"项目“{row.name}”由 {units} 填报，合为一个项目，金额相加。",
                f"project “{row.name}” is in the ledgers of {units.replace('、', ', ')} and is one project, its amounts added",
            ))  # fmt: skip
        made = row
        for column in sheet(key).columns:
            values = [getattr(row, column.key), *(getattr(other, column.key) for other, _ in others)]
            if column.key in _ADDED[key]:
                made = made._replace(**{column.key: _sum(values)})
                continue
            if (key, column.key) in _SAID:
                said = [(one, value) for value, (_, one) in zip(values, [(row, ledger), *others], strict=True) if value]
                made = made._replace(**{column.key: self._told(key, place, column.key, said)})
                continue
            if values[0] in ("", None):  # what the first leaves out, another may say
                values[0] = next((value for value in values if value not in ("", None)), values[0])
                made = made._replace(**{column.key: values[0]})
            differing = [
                (value, other) for value, (_, other) in zip(values[1:], others, strict=True) if value not in ("", None, values[0])
            ]  # fmt: skip
            if differing:
                self._conflict(key, place, column.key, values[0], ledger, differing)
        return made

    def _told(self, key: str, place: int, column: str, said: Sequence[tuple[Ledger, str]]) -> str:
        """What units say, each with its name where they say different things."""
        texts = list(dict.fromkeys(text for _, text in said))
        if len(texts) < 2:
            return "".join(texts)
        joined = "；".join(_said_by(ledger.budget.name, text) for ledger, text in said)
        self._note("reasons_joined", key, (place,), column, joined, Message(
            f"各单位的变动原因不同，部门的为“{joined}”；请核对。",
            f"the units give different reasons; the department's is “{joined}”: check it",
        ))  # fmt: skip
        return joined

    def _conflict(self, key: str, place: int, column: str, taken: Any, ledger: Ledger, differing: Sequence[tuple[Any, Ledger]]) -> None:  # fmt: skip
        spec = next(one for one in sheet(key).columns if one.key == column)
        was = shown(spec, taken)
        options = tuple(Option(shown(spec, value).zh, other.budget.code) for value, other in differing)
        zh = "；".join(f"{option.name} 填的是“{option.value}”" for option in options)
        en = "; ".join(f"{other.budget.code} has “{shown(spec, value).en}”" for value, other in differing)
        message = Message(
            f"各单位填报不一致，采用 {ledger.budget.code} 的“{was.zh}”；{zh}。请核对。",
            f"the ledgers disagree: “{was.en}” of {ledger.budget.code} is taken; {en}",
        )
        self._notes.append(Note("conflict", key, (place,), (), column, was.zh, message, options, ledger.budget.code))

    def _not_taken(self, key: str) -> None:
        for ledger in self._ledgers[1:]:
            rows = getattr(ledger, key)
            if rows:
                first = self._ledgers[0].budget.code
                title = sheet(key)
                self._notes.append(Note("not_taken", key, (), tuple(row.row for row in rows), "", "", Message(
                    f"{ledger.budget.code} 的“{title.zh}”{len(rows):,} 行未采用，部门用 {first} 的。",
                    f"{len(rows):,} rows of {title.en} of {ledger.budget.code} were not taken; the department has those of {first}",
                ), (), ledger.budget.code))  # fmt: skip

    def _tell(self, unpaired: Sequence[Unpaired], short: Sequence[Unpaired], changed: Sequence[tuple[str, int, str, str]]) -> None:  # fmt: skip
        for one in unpaired:
            key, column = ("lines", "nature") if one.side == "paid" else ("income", "fund")
            self._notes.append(Note("transfer_unpaired", key, (), one.rows, column, yuan(one.amount), one.message, (), one.unit))  # fmt: skip
        for one in short:
            self._notes.append(Note("source_short", "income", (), (), "amount", yuan(one.amount), Message(
                f"{one.unit} 收到的内部往来有 {yuan(one.amount)} 元既未列支出也未结转，部门收支将不平；请先改正该单位的台账。",
                f"{one.unit} neither spends nor carries out {yuan(one.amount)} yuan of what it received within the department, whose budget will not balance; mend that unit's ledger first",
            ), (), one.unit))  # fmt: skip
        grouped: dict[tuple[str, str, str], list[int]] = {}
        for unit, place, old, new in changed:
            grouped.setdefault((unit, old, new), []).append(place)
        for (unit, old, new), places in grouped.items():
            was, now = (next((one for one in FUNDS if one.key == key), None) for key in (old, new))
            names = [(one.zh, one.en) if one else (key, key) for one, key in ((was, old), (now, new))]
            self._notes.append(Note("source_changed", "lines", tuple(dict.fromkeys(places)), (), "fund", names[0][0], Message(
                f"{unit} 用“{names[0][0]}”安排的 {len(places):,} 行支出，资金实际来自“{names[1][0]}”，部门台账中已改。",
                f"{len(places):,} lines of {unit} paid from “{names[0][1]}” are paid from “{names[1][1]}” in the department's ledger, where the money comes from",
            ), (Option(new, names[1][0]),), unit))  # fmt: skip

    def _note(self, kind: str, key: str, rows: tuple[int, ...], column: str, found: str, message: Message) -> None:
        self._notes.append(Note(kind, key, rows, (), column, found, message))


def _said_by(name: str, text: str) -> str:
    """What a unit says, behind its name: a ledger that was put together from several has the names already."""
    said = text.rstrip("。；，;, ")
    return said if said.startswith(name) else f"{name}{said}"


def _key_of(columns: Sequence[str]) -> Callable[[Any], object]:
    return lambda row: tuple(getattr(row, column) for column in columns)


def _sum(values: Sequence[int | None]) -> int | None:
    """The sum of what is given; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _order(fund: str) -> int:
    return next((n for n, one in enumerate(FUNDS) if one.key == fund), len(FUNDS))
