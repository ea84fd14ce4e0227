"""A ledger copied forward to the next year: last year's figures from its own, codes in the new classification.

Whatever is not carried as it stood is said in a note; the kinds are those of ``KINDS``. Codes are changed only where
the classification's changes are certain; texts are never edited.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from zhengwu.dialects import dialects
from zhengwu.dialects.classifications.changes import Change, shipped
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.forward_codes import Codes
from zhengwu.ledger.forward_projects import course
from zhengwu.ledger.model import Income, LastYear, Ledger, Target, ThreePublic
from zhengwu.ledger.note import Note, Option, told
from zhengwu.ledger.schema import LAST_YEAR, SHEETS, THREE_PUBLIC, sheet
from zhengwu.ledger.store import numbered
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message

KINDS: dict[str, Message] = {
    "code_moved": Message("编码已改", "code changed"),
    "code_renamed": Message("科目改名", "code renamed"),
    "code_split": Message("科目拆分，待选择", "code split, to be chosen"),
    "code_gone": Message("科目取消，待选择", "code gone, to be chosen"),
    "code_doubtful": Message("科目待核实", "code to be checked"),
    "extra_known": Message("补充科目已进入科目表", "extra code now official"),
    "lines_merged": Message("支出明细合并", "lines merged"),
    "purpose_dropped": Message("科目用途未结转", "purpose not carried"),
    "project_ended": Message("项目已结束，未结转", "project ended, not carried"),
    "period_unclear": Message("项目期不明", "period unclear"),
    "midterm_over": Message("中期已满，未结转", "mid-term over, not carried"),
    "not_carried": Message("未结转", "not carried"),
    "carried_over": Message("上年结转", "carried over"),
    "document": Message("文号待更新", "document to be renewed"),
    "old_year": Message("写有旧年度", "names the old year"),
    "old_name": Message("写有旧科目名称", "holds a former name"),
}
_CARRYOVER = {"general": "carryover.general", "government_fund": "carryover.government_fund", "state_capital": "carryover.state_capital"}  # fmt: skip
_DETAILS = ("procurement", "purchased", "transfers", "targets", "indicators")


class Forwarded(NamedTuple):
    """The next year's ledger, its rows numbered anew, and what a person must know or decide, sheet by sheet."""

    ledger: Ledger
    notes: tuple[Note, ...]


def forward(
    ledger: Ledger, *, changes: Sequence[Change] | None = None, amounts: Literal["kept", "cleared"] = "kept"
) -> Forwarded:
    """The ledger of the year after ``ledger``'s.

    Last year's figures are ``ledger``'s own. This year's amounts are the old ones to start from, or 0 when
    ``cleared``: income of each source is what it was less what was carried out and what paid for projects that ended;
    income carried over is what the old ledger carries out. ``changes`` are those of the classifications (``shipped``).
    Reasons, evaluations, the control figure and planned purchases belong to their year and are not carried.
    """
    return _Forward(numbered(ledger, anew=False), shipped() if changes is None else changes, amounts == "kept").made()


class _Forward:
    def __init__(self, ledger: Ledger, changes: Sequence[Change], kept: bool) -> None:
        self._old = ledger
        self._year = ledger.budget.year + 1
        self._kept = kept
        self._amounts = Amounts(ledger)
        self._codes = Codes(ledger, self._year, changes)
        self._notes: list[Note] = []
        self._from: dict[str, list[int]] = {}  # by sheet: the old row of each new one

    def made(self) -> Forwarded:
        old = self._old
        ended, over = self._projects()
        lines, sources = self._codes.lines([line for line in old.lines if line.nature != "project" or line.project not in ended])  # fmt: skip
        self._from["lines"] = [rows[0] for rows in sources]
        details = {key: self._details(key, ended, over) for key in _DETAILS}
        made = old._replace(
            source="",
            budget=old.budget._replace(year=self._year, control=None, asset_date=self._asset_date()),
            income=self._income(ended),
            lines=tuple(lines if self._kept else [line._replace(amount=0) for line in lines]),
            last_year=self._last_year(),
            three_public=self._three_public(),
            assets=self._assets(),
            projects=tuple(self._followed("projects", [row for row in old.projects if row.name not in ended])),
            reasons=(),
            evaluations=(),
            purposes=tuple(self._placed("purposes", self._codes.purposes(old.purposes))),
            codes=tuple(self._placed("codes", self._codes.extra(old.codes))),  # no query of Django's  # nosec B610
            **details,
        )
        self._not_carried()
        made = numbered(made)
        self._carried_over(made)
        self._texts(made)
        notes = (*self._notes, *self._codes.notes)
        return Forwarded(made, tuple(sorted(notes, key=self._place)))

    def _place(self, note: Note) -> tuple[int, int, int]:
        order = next(n for n, one in enumerate(SHEETS) if one.key == note.sheet)
        return order, note.row, note.old_rows[0] if note.old_rows else 0

    def _note(self, kind: str, key: str, place: int, old_row: int, column: str, found: str, message: Message) -> None:
        """``place`` is the row in the new ledger, 0 for what is not in it."""
        rows = (place,) if place else ()
        self._notes.append(Note(kind, key, rows, (old_row,) if old_row else (), column, found, message))

    def _followed(self, key: str, rows: Sequence[Any]) -> Sequence[Any]:
        self._from[key] = [row.row for row in rows]
        return rows

    def _placed(self, key: str, rows: Sequence[tuple[Any, int]]) -> list[Any]:
        self._from[key] = [old for _, old in rows]
        return [row for row, _ in rows]

    def _projects(self) -> tuple[set[str], set[str]]:
        """The names of projects that ended, and of those that go on without their mid-term."""
        targets = {row.project: row for row in self._old.targets}
        ended, over = set(), set()
        place = 1
        for project in self._old.projects:
            found = course(self._old, project, targets.get(project.name))
            place += found.carried
            if not found.carried:
                ended.add(project.name)
            elif not found.midterm:
                over.add(project.name)
            if found.note is not None:
                there = (place,) if found.note.kind == "period_unclear" else ()
                self._notes.append(found.note._replace(rows=there))
        return ended, over

    def _details(self, key: str, ended: set[str], over: set[str]) -> tuple[Any, ...]:
        """The rows of a sheet that belong to projects that go on."""
        made = []
        for row in getattr(self._old, key):
            if row.project in ended or (key == "indicators" and row.period == "midterm" and row.project in over):
                continue
            carried = row
            if isinstance(row, Target) and row.project in over:
                carried = row._replace(midterm_from=None, midterm_to=None, midterm_fiscal=None, midterm_other=None, midterm_goal="")  # fmt: skip
            elif key == "procurement" and not self._kept:
                carried = row._replace(amount=0, small=None)
            made.append((carried, row.row))
            if key == "targets" and row.project in over:
                self._notes = [
                    note._replace(rows=(len(made) + 1,))
                    if note.kind == "midterm_over" and note.old_rows == (row.row,)
                    else note
                    for note in self._notes
                ]
            if key == "transfers":
                self._note(
                    "document", key, len(made) + 1, row.row, "document", row.document,
                    Message(f"“{row.document}”是上年的指标文号；请填写 {self._year} 年的文号，没有则删除这一行。", f"“{row.document}” is last year's document; name that of {self._year} or delete the row"),
                )  # fmt: skip
        return tuple(self._placed(key, made))

    def _income(self, ended: set[str]) -> tuple[Income, ...]:
        freed: dict[str, int] = {}
        for line in self._old.lines:
            if line.nature == "project" and line.project in ended:
                freed[line.fund] = freed.get(line.fund, 0) + line.amount
        carried: dict[str, int] = {}
        for row in self._old.income:
            if row.carry_out:
                fund = row.fund if row.fund.startswith("carryover.") else _CARRYOVER.get(row.fund, "carryover.other")
                carried[fund] = carried.get(fund, 0) + row.carry_out
        made = []
        for row in self._old.income:
            if row.fund.startswith("carryover."):
                amount = carried.pop(row.fund, 0)
            else:
                amount = max(row.amount - (row.carry_out or 0) - freed.get(row.fund, 0), 0) if self._kept else 0
            made.append((Income(row.fund, amount, row.amount), row.row))
        made += [(Income(fund, amount, 0), 0) for fund, amount in carried.items()]
        return tuple(self._placed("income", made))

    def _last_year(self) -> tuple[LastYear, ...]:
        old = {row.subject: row.row for row in self._old.last_year}
        narrowed = next((dict(one.operating) for one in dialects() if one.key == self._old.budget.dialect), {})
        made = []
        for subject in LAST_YEAR:
            if subject.key == "operating":
                amount = self._amounts.operating(**narrowed)
            else:
                amount = self._amounts.spent(nature=subject.key)
            if amount or subject.key in old or subject.key in ("basic", "project"):
                made.append((LastYear(subject.key, amount), old.get(subject.key, 0)))
        return tuple(self._placed("last_year", made))

    def _three_public(self) -> tuple[Any, ...]:
        made = []
        for row in self._old.three_public:
            last = self._amounts.three_public(row.item)
            made.append(row._replace(last=last, number_last=row.number, reason=""))
            if row.reason:
                self._note(
                    "not_carried", "three_public", len(made) + 1, row.row, "reason", row.reason,
                    Message(f"上年的变动原因未结转：“{row.reason}”；本年与上年不同时另行填写。", f"last year's reason was not carried: “{row.reason}”; give this year's where the figures differ"),
                )  # fmt: skip
        self._followed("three_public", made)
        told_of = {row.item for row in made}
        for choice in THREE_PUBLIC if made else ():
            last = self._amounts.three_public(choice.key)
            if last and choice.key not in told_of:
                made.append(ThreePublic(choice.key, last))
                self._from["three_public"].append(0)
        return tuple(made)

    def _assets(self) -> tuple[Any, ...]:
        for place, row in enumerate(self._old.assets, 2):
            if row.planned_number or row.planned_value:
                planned = f"{row.planned_number if row.planned_number is not None else '—'} / {yuan(row.planned_value) if row.planned_value is not None else '—'}"
                self._note(
                    "not_carried", "assets", place, row.row, "planned_value", planned,
                    Message(f"上年的购置计划（数量 / 金额：{planned}）未结转；请填写本年的，并更新存量。", f"last year's planned purchases (number / yuan: {planned}) were not carried; give this year's and bring what is held up to date"),
                )  # fmt: skip
        rows = [row._replace(planned_number=None, planned_value=None) for row in self._old.assets]
        return tuple(self._followed("assets", rows))

    def _asset_date(self) -> str:
        """The day a year later, where last year's names the year before its own."""
        last = self._old.budget.year - 1
        return re.sub(rf"(?<!\d){last}(?!\d)", str(last + 1), self._old.budget.asset_date)

    def _not_carried(self) -> None:
        """What belongs to its year alone."""
        budget = self._old.budget
        if budget.control is not None:
            self._note(
                "not_carried", "budget", 2, budget.row, "control", yuan(budget.control),
                Message(f"上年控制数 {yuan(budget.control)} 元未结转；以财政局下达的本年控制数为准。", f"last year's control figure of {yuan(budget.control)} yuan was not carried; the finance bureau gives this year's"),
            )  # fmt: skip
        if budget.asset_date and self._asset_date() == budget.asset_date:
            self._note(
                "old_year", "budget", 2, budget.row, "asset_date", budget.asset_date,
                Message(f"资产截止日期仍为“{budget.asset_date}”；请更新。", f"the assets are still as of “{budget.asset_date}”; bring it up to date"),
            )  # fmt: skip
        for reason in self._old.reasons:
            self._note(
                "not_carried", "reasons", 0, reason.row, "text", reason.text,
                Message(f"上年的变动原因未结转：“{reason.text}”；请按本年的变动填写。", f"last year's reason was not carried: “{reason.text}”; write this year's"),
            )  # fmt: skip
        for one in self._old.evaluations:
            self._note(
                "not_carried", "evaluations", 0, one.row, "project", one.project,
                Message(f"{one.year} 年“{one.project}”的评价结果（{one.score} 分）未结转；请填写最近完成的评价。", f"the evaluation of “{one.project}” in {one.year} ({one.score}) was not carried; give those last completed"),
            )  # fmt: skip

    def _carried_over(self, made: Ledger) -> None:
        """Money carried over, whose lines rarely recur, and a last year that carried out more than it spent."""
        for row, old_row in zip(made.income, self._from["income"], strict=True):
            spent = sum(line.amount for line in made.lines if line.fund == row.fund)
            if row.fund.startswith("carryover.") and (row.amount or spent):
                self._note(
                    "carried_over", "income", row.row, old_row, "amount", yuan(row.amount),
                    Message(f"上年结转取自上年台账的结转下年，为 {yuan(row.amount)} 元；用它安排的支出明细现为 {yuan(spent)} 元，请核对。", f"what was carried over is what last year's ledger carries out, {yuan(row.amount)} yuan; the lines paid from it are {yuan(spent)}: check them"),
                )  # fmt: skip
        out = self._amounts.carry_out()
        if out:
            self._note(
                "carried_over", "last_year", 0, 0, "amount", yuan(out),
                Message(f"上年收入中有 {yuan(out)} 元结转下年，没有对应的上年支出，上年收支因此相差这一数额；请按批复的上年数调整。", f"{yuan(out)} yuan of last year's income was carried out and has no expenditure of last year, which differ by as much; adjust last year's figures to those approved"),
            )  # fmt: skip

    def _texts(self, made: Ledger) -> None:
        """Texts that name the old year or a code's former name: flagged, never edited."""
        year = self._old.budget.year
        dated = re.compile(rf"(?<![\d,.]){year}(?!\d|,\d{{3}}|(?:\.\d+)?\s*(?:[万亿元人个项次件户套台]|平方|%|％))")
        renamed = {old: new for old, new in self._codes.renamed.items() if len(old) > 3 and old not in new}
        named = re.compile("|".join(sorted(map(re.escape, renamed), key=len, reverse=True))) if renamed else None
        for key, column, text, places, old_rows in _all_texts(made, self._from):
            numbered_by_year = key == "purchased" and column == "number" and text.startswith(str(year))
            more = told(places)
            if dated.search(text) or numbered_by_year:
                self._notes.append(
                    Note("old_year", key, places, old_rows, column, text,
                         Message(f"“{_short(text)}”写有 {year} 年，未改动{more.zh}；请核对是否应改为 {self._year} 年。", f"“{_short(text)}” names {year} and was left{more.en}; check whether it should be {self._year}"))
                )  # fmt: skip
            for old in dict.fromkeys(named.findall(text) if named else ()):
                self._notes.append(
                    Note("old_name", key, places, old_rows, column, old,
                         Message(f"“{old}”是旧科目名称，未改动{more.zh}；现为“{renamed[old]}”。", f"“{old}” is a former name and was left{more.en}; it is “{renamed[old]}” now"),
                         (Option(renamed[old]),))
                )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _all_texts(made: Ledger, came: dict[str, list[int]]) -> Iterator[tuple[str, str, str, tuple[int, ...], tuple[int, ...]]]:  # fmt: skip
    """Each text of a sheet's column once, with the new and old rows that hold it; ``came`` has the old row of each row
    of a sheet that is not carried whole. A project's name counts where the projects are listed."""
    for one in SHEETS:
        if one.key in ("budget", "reasons", "evaluations", "transfers"):
            continue
        rows = getattr(made, one.key)
        old = came.get(one.key) or [row.row for row in rows]
        for column in sheet(one.key).columns:
            wanted = column.type in ("text", "long") or (one.key == "purchased" and column.key == "number")
            if not wanted or (column.key == "project" and one.key != "lines"):
                continue
            found: dict[str, list[int]] = {}
            value: Callable[[Any], str] = _field(one.row, column.key)
            for index, row in enumerate(rows):
                if value(row):
                    found.setdefault(value(row), []).append(index)
            listed = {row.name for row in made.projects} if one.key == "lines" else set()
            for text, places in found.items():
                if text not in listed:
                    yield one.key, column.key, text, tuple(n + 2 for n in places), tuple(filter(None, (old[n] for n in places)))  # fmt: skip


def _field(row: Any, key: str) -> Callable[[Any], str]:
    index = row._fields.index(key)
    return lambda one: str(one[index])


__all__ = ["KINDS", "Change", "Forwarded", "forward"]
