"""Control figures of the finance bureau (控制数), and a ledger held against them: exact, in 分.

A unit's basic expenditure is controlled by staff standards (a number of people times a standard a head), its projects
by a list with an amount each, anything else by a plain amount.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from zhengwu.ledger.amounts import nature_of, of_nature
from zhengwu.ledger.model import Ledger, Line, Unit
from zhengwu.ledger.note import Note
from zhengwu.ledger.schema import NATURES, sheet
from zhengwu.ledger.values import yuan
from zhengwu.model.message import Message

NATURE_NAMES: dict[str, Message] = {
    "basic": Message("基本支出", "basic expenditure"),
    "personnel": Message("人员经费", "personnel"),
    "public": Message("公用经费", "public expenses"),
    **{one.key: Message(one.zh, one.en) for one in NATURES if one.key != "basic"},
}
_BASES = tuple(column.key for column in sheet("units").columns if column.type == "count")


class Figure(NamedTuple):
    """A control figure in 分 for a unit: for a nature (a key of NATURE_NAMES) or, with ``project``, for one project.

    Several figures of one unit, nature and project add up. ``basis`` says where it comes from, for people.
    """

    unit: str
    nature: str
    amount: int
    project: str = ""
    basis: Message = Message("", "")


class Standard(NamedTuple):
    """So much a head: ``each`` in 分 for everyone that the unit's column ``counted`` counts (staff, retired, …).
    ``unit_kind`` narrows it to agencies or institutions. ``nature``: personnel, public or basic."""

    name: Message
    nature: str
    counted: str
    each: int
    unit_kind: str = ""


class Control(NamedTuple):
    """One subject held against its figure, all in 分. ``control`` and ``remaining`` are None where none was given for
    the unit's subject; ``over`` is by how much it is exceeded, 0 where it is kept."""

    unit: str
    nature: str
    project: str
    control: int | None
    used: int
    rows: tuple[int, ...]  # of the lines that use it

    @property
    def remaining(self) -> int | None:
        """What is left, negative where the figure is exceeded."""
        return None if self.control is None else self.control - self.used

    @property
    def over(self) -> int:
        """By how much the figure is exceeded."""
        return max(0, -(self.remaining or 0))

    @property
    def subject(self) -> Message:
        """What is controlled, for people."""
        name = NATURE_NAMES.get(self.nature, Message(self.nature, self.nature))
        return Message(f"项目“{self.project}”", f"project “{self.project}”") if self.project else name

    @property
    def message(self) -> Message:
        """One sentence with control, used, and what is left or over."""
        zh, en = f"{self.unit} {self.subject.zh}", f"{self.unit} {self.subject.en}"
        if self.control is None:
            return Message(f"{zh}：没有控制数，已列 {yuan(self.used)} 元。", f"{en}: no control figure, {yuan(self.used)} yuan used")  # fmt: skip
        tail_zh, tail_en = f"剩余 {yuan(self.remaining or 0)} 元", f"{yuan(self.remaining or 0)} left"
        if self.over:
            tail_zh, tail_en = f"超出 {yuan(self.over)} 元；请压减支出或核对控制数", f"{yuan(self.over)} over: cut expenditure or check the figure"  # fmt: skip
        return Message(
            f"{zh}：控制数 {yuan(self.control)} 元，已列 {yuan(self.used)} 元，{tail_zh}。",
            f"{en}: control figure {yuan(self.control)} yuan, {yuan(self.used)} used, {tail_en}",
        )


class Controls(NamedTuple):
    """A ledger held against its figures: a row for each unit and nature, then its projects. A project that stands in
    no list has the control 0 where the unit's projects are controlled by a list."""

    rows: tuple[Control, ...]

    @property
    def over(self) -> tuple[Control, ...]:
        """The rows whose figure is exceeded."""
        return tuple(row for row in self.rows if row.over)

    def total(self, unit: str = "") -> Control:
        """A unit's natures added up, or those of all; its control is None where one that is used has none."""
        rows = [row for row in self.rows if not row.project and unit in ("", row.unit) and row.nature in _WHOLE]
        known = [row.control for row in rows if row.control is not None]
        control = sum(known) if known and all(row.control is not None or not row.used for row in rows) else None
        return Control(unit, "", "", control, sum(row.used for row in rows), ())


_WHOLE = tuple(one.key for one in NATURES)  # natures that do not overlap


def by_standards(units: Iterable[Unit], standards: Sequence[Standard]) -> tuple[tuple[Figure, ...], tuple[Note, ...]]:
    """The figures for basic expenditure that ``standards`` give each unit, and a note for each number that a unit does
    not state (it counts as 0). Raises ValueError for a standard that counts what the sheet of units does not have."""
    figures, notes = [], []
    for standard in standards:
        if standard.counted not in _BASES:
            raise ValueError(f"no such number of units: {standard.counted}; there are {', '.join(_BASES)}")
    for unit in units:
        for standard in standards:
            if standard.unit_kind not in ("", unit.kind):
                continue
            number = getattr(unit, standard.counted)
            column = next(one for one in sheet("units").columns if one.key == standard.counted)
            if number is None:
                message = Message(
                    f"没有填写，“{standard.name.zh}”按 0 计算；请填写 {unit.code} 的{column.zh}。",
                    f"is empty and counts as 0 for “{standard.name.en}”; give the {column.en} of {unit.code}",
                )
                rows = (unit.row,) if unit.row else ()
                notes.append(Note("number_missing", "units", rows, (), standard.counted, "", message))
            basis = Message(
                f"{standard.name.zh}：{column.zh} {number or 0} × {yuan(standard.each)} 元",
                f"{standard.name.en}: {column.en} {number or 0} × {yuan(standard.each)} yuan",
            )
            figures.append(Figure(unit.code, standard.nature, (number or 0) * standard.each, "", basis))
    return tuple(figures), tuple(notes)


def check_control(ledger: Ledger, figures: Iterable[Figure]) -> Controls:
    """``ledger`` held against ``figures``: every unit that has a figure or a line.

    A nature's control is the sum of its figures; that of basic expenditure is also the sum of personnel and public
    where only those are given, and that of projects the sum of the list.
    """
    given: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in figures:
        given[one.unit, one.nature, one.project] += one.amount
    lines: dict[str, list[Line]] = {unit.code: [] for unit in ledger.units}
    for line in ledger.lines:
        lines.setdefault(line.unit, []).append(line)
    for unit, _, _ in given:
        lines.setdefault(unit, [])
    return Controls(tuple(row for unit, found in lines.items() for row in _of_unit(unit, found, given)))


def _of_unit(unit: str, lines: Sequence[Line], given: dict[tuple[str, str, str], int]) -> Iterator[Control]:
    listed = {project: amount for (of, _, project), amount in given.items() if of == unit and project}
    plain = {nature: amount for (of, nature, project), amount in given.items() if of == unit and not project}
    used: dict[str, list[Line]] = defaultdict(list)
    projects: dict[str, list[Line]] = {name: [] for name in listed}
    for line in lines:
        used[nature_of(line)].append(line)
        if line.nature == "project":
            projects.setdefault(line.project, []).append(line)
    for nature in NATURE_NAMES:
        found = [line for key, some in used.items() if of_nature(key, nature) for line in some]
        control = plain.get(nature)
        if control is None and nature == "basic" and {"personnel", "public"} & plain.keys():
            both = [plain.get(part) for part in ("personnel", "public")]
            known = [one for one in both if one is not None]
            control = sum(known) if len(known) == 2 else None
        elif nature == "project" and listed:
            # An amount beside the list is for projects that it does not name.
            control = sum(listed.values()) + (control or 0)
        if found or control is not None:
            yield _control(unit, nature, "", control, found)
    spare = plain.get("project", 0)
    for name, some in projects.items():
        control = listed.get(name, None if spare or not listed else 0)
        yield _control(unit, "project", name, control, some)


def _control(unit: str, nature: str, project: str, control: int | None, lines: Sequence[Line]) -> Control:
    return Control(unit, nature, project, control, sum(line.amount for line in lines), tuple(line.row for line in lines))  # fmt: skip
