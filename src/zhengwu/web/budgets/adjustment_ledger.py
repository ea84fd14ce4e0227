"""The ledger that an adjustment (调剂) makes of its base: what was typed read, put together, held against what is in force."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from zhengwu.ledger.model import Ledger
from zhengwu.ledger.problem import LedgerError, Problem, several
from zhengwu.ledger.rollup import rollup
from zhengwu.ledger.schema import sheet
from zhengwu.ledger.store import Plain, ledger_from
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.publication import Typed
from zhengwu.web.budgets import books, workflow
from zhengwu.web.budgets.departments import units_below
from zhengwu.web.budgets.keeping import kept
from zhengwu.web.budgets.models import Adjustment, Budget, State, Version
from zhengwu.web.budgets.proof import Standing, lines_of, standing_of
from zhengwu.web.common.errors import FieldRefusedError

# What an adjustment changes: money, what of a project follows its money, the reasons that the text then gives.
SHEETS = ("lines", "income", "procurement", "targets", "indicators", "reasons", "three_public")
_NO_ROW = Message("没有这一行。", "There is no such row.")
_NOTHING = Message("这一行没有内容。", "This row is empty.")
_OTHER_BASE = Message(
    "预算已被另一次调剂改变；请撤销这次调剂，以现行预算重新编制。",
    "Another adjustment has changed the budget meanwhile: withdraw this one and prepare it again from the budget in force.",
)
_EMPTY = Message("调剂还没有任何变动。", "The adjustment changes nothing yet.")


class NotSavedError(LedgerError):
    """What an adjustment changes was not taken: its problems name rows and columns as the page does."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        count = f"{len(self.problems):,}"
        self.message = several(
            f"调剂没有保存，有 {count} 处问题：",
            f"The adjustment was not saved; {count} thing(s) are wrong:",
            [one.sentence for one in self.problems],
        )


class Remaining(NamedTuple):
    """What is to be mended before an adjustment is handed in, as sentences; ``missing`` are the reasons among it.
    Without ``hinders`` it is only to be known: the version in force has such things as well."""

    against: tuple[Message, ...] = ()
    missing: tuple[Typed, ...] = ()
    hinders: bool = True


def read_changes(base: Version, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was typed, as an adjustment keeps it. Raises NotSavedError with every cell that cannot be read; a
    FieldRefusedError for a sheet that is not adjusted, or a row that is changed twice."""
    problems: list[Problem] = []
    made: list[dict[str, Any]] = []
    known = {key: {row["row"]: row for row in base.ledger.get(key, ())} for key in SHEETS}
    last = {key: last_row(base, key) for key in SHEETS}
    for one in given:
        key, number, values = one.get("sheet", "lines"), one.get("row"), one.get("values")
        if key not in SHEETS:
            raise FieldRefusedError("changes", f"调剂只能改{_named('zh')}。", f"An adjustment changes {_named('en')} only.")  # fmt: skip
        found, new = sheet(key), number is None
        if number is None:  # new rows are counted on behind those of the base
            number = last[key] = last[key] + 1
        elif number not in known[key]:
            problems.append(Problem(found.zh, number, "", _NO_ROW))
            continue
        if values is None:
            if new:
                problems.append(Problem(found.zh, number, "", _NOTHING))
            made.append({"sheet": key, "row": number, "values": None})
            continue
        titles = {column.key: column.zh for column in found.columns}
        blank = dict.fromkeys(titles, "") if new else {}
        typed, wrong = books.typed(key, {**blank, **values})
        problems += [Problem(found.zh, number, titles.get(name, name), message) for name, message in wrong.items()]
        if not new:  # what is typed as it was changes nothing
            stands = known[key][number]
            typed = {name: value for name, value in typed.items() if value != stands.get(name)}
        if new or typed:
            made.append({"sheet": key, "row": None if new else number, "values": typed})
    rows = [(one["sheet"], one["row"]) for one in made if one["row"] is not None]
    if len(set(rows)) != len(rows):
        raise FieldRefusedError("changes", "同一行出现了两次。", "A row is changed twice.")
    if problems:
        raise NotSavedError(problems)
    return made


def last_row(base: Version, key: str) -> int:
    """The number of the last row of a sheet."""
    return max((row["row"] for row in base.ledger.get(key, ())), default=1)


def result_of(adjustment: Adjustment) -> Plain:
    """The ledger that an adjustment makes of its base. Raises NotSavedError where it is not sound: it names the rows
    as the page does, those of the base keep their numbers."""
    made: Plain = {**adjustment.base.ledger}
    for key in SHEETS:
        rows = {row["row"]: row for row in made.get(key, ())}
        new: list[Plain] = []
        for change in adjustment.changes:
            if change["sheet"] != key:
                continue
            if change["row"] is None:
                new.append({**change["values"], "row": last_row(adjustment.base, key) + 1 + len(new)})
            elif change["values"] is None:
                rows.pop(change["row"], None)
            else:
                rows[change["row"]] = {**rows[change["row"]], **change["values"]}
        made[key] = [*rows.values(), *new]
    # The old control figure bound the budget that was approved; the adjustment is approved by itself.
    made["budget"] = {**made["budget"], "control": None}
    try:
        ledger_from(made)
    except LedgerError as error:
        raise NotSavedError(error.problems) from error
    return made | {key: [{**row, "row": place} for place, row in enumerate(made[key], 2)] for key in SHEETS}


def remaining(adjustment: Adjustment, budget: Budget) -> Remaining:
    """What is to be mended before the adjustment of a budget is handed in: faults of the ledger that it makes, then
    what its publication lacks or its audit finds, where that of the version in force is clean. Kept until it is set
    again or another version is in force."""
    if adjustment.base_id != budget.approved_id:
        return Remaining((_OTHER_BASE,))
    if not adjustment.changes:
        return Remaining((_EMPTY,))
    below = units_below(budget)
    versions = ".".join(str(one.approved_id) for one in (budget, *below))
    at = f"{budget.pk}.{budget.moved_at.timestamp()}.{versions}"
    stamp = f"{adjustment.pk}.{adjustment.made_at.timestamp()}.{adjustment.revision}.{at}"
    return kept("adjustment", stamp, lambda: _remaining(adjustment, budget, below))


def ready(adjustment: Adjustment, budget: Budget) -> Plain:
    """The ledger that an adjustment makes. Raises RefusedError "conflict" where another version is in force than its
    base, "not-ready" with what remains to be mended."""
    found = remaining(adjustment, budget)
    if found.against and found.hinders:
        first = found.against[0]
        if first in (_OTHER_BASE, _EMPTY):
            raise RefusedError("conflict" if first == _OTHER_BASE else "not-ready", *first)
        count = f"{len(found.against):,}"
        said = several(
            f"调剂后的预算还有 {count} 处需要修改：",
            f"{count} thing(s) of the adjusted budget must be mended first:",
            found.against,
        )
        raise RefusedError("not-ready", *said)
    return result_of(adjustment)


def _remaining(adjustment: Adjustment, budget: Budget, below: Sequence[Budget]) -> Remaining:
    try:
        made = result_of(adjustment)
    except NotSavedError as error:
        return Remaining(tuple(one.sentence for one in error.problems))
    found = _standing(budget, made, below)
    hinders = bool(found.against) and not _standing(budget, adjustment.base.ledger, below).against
    return Remaining(found.against, found.missing, hinders)


def _standing(budget: Budget, own: Plain, below: Sequence[Budget]) -> Standing:
    """What stands against publishing ``own`` as a budget, with the units below it where all of these are in force."""
    try:
        return standing_of(budget, _published(own, below))
    except RefusedError as error:
        return Standing(lines_of(error))


def _published(own: Plain, below: Sequence[Budget]) -> Ledger:
    ledger = ledger_from(own, gaps=True)
    versions = [one.approved for one in below if one.state in (*workflow.IN_FORCE, State.EARLIER)]
    ledgers = [ledger_from(one.ledger, gaps=True) for one in versions if one is not None]
    return rollup([ledger, *ledgers]).ledger if ledgers and len(ledgers) == len(below) else ledger


def changed_projects(adjustment: Adjustment) -> Iterator[str]:
    """The projects that an adjustment changes: their money, their targets or what follows from these."""
    wanted = {(one["sheet"], one["row"]): one["values"] or {} for one in adjustment.changes if one["row"] is not None}
    rows = [(key, row) for key in SHEETS for row in adjustment.base.ledger.get(key, ()) if (key, row["row"]) in wanted]
    new = [one["values"] for one in adjustment.changes if one["row"] is None]
    for one in (*(row for _, row in rows), *wanted.values(), *new):
        if one.get("project"):
            yield str(one["project"])


def _named(language: str) -> str:
    titles = [getattr(sheet(key), language) for key in SHEETS]
    return "、".join(titles) if language == "zh" else ", ".join(titles)
