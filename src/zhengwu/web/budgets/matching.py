"""Which rows of a budget are those of another state of it: a row that stays the same stays itself, with its remarks."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from zhengwu.ledger.schema import Sheet
from zhengwu.ledger.store import Plain
from zhengwu.web.budgets.models import Row

_ANOTHER = ("nature", "project", "fund")  # a row of another project or source is another row, whatever else it shares


def matched(sheet: Sheet, rows: Sequence[Row], wanted: Sequence[Plain]) -> list[Row | None]:
    """For each wanted row the one that is there: the same in all, else in what names a row of the sheet, of several the
    last first; else the only one that is the same in all columns but one, a project's or source's not among these."""
    found: list[Row | None] = [None] * len(wanted)
    left = list(rows)
    for names in ((), sheet.unique) if sheet.unique else ((),):
        waiting: dict[str, list[Row]] = defaultdict(list)
        for row in left:
            waiting[_content(row.values, names)].append(row)
        for place, values in enumerate(wanted):
            same = waiting.get(_content(values, names)) if found[place] is None else None
            if same:
                found[place] = same.pop()
        taken = {row.pk for row in found if row is not None}
        left = [row for row in left if row.pk not in taken]
    if left:
        _nearly(sheet, left, wanted, found)
    return found


def _nearly(sheet: Sheet, left: Iterable[Row], wanted: Sequence[Plain], found: list[Row | None]) -> None:
    """A unit whose code was mended, a duty whose text was: one cell changed, not a row gone and another come. Only where
    no other row could be meant."""
    rows = {row.pk: row for row in left}
    columns = [one.key for one in sheet.columns]
    for column in columns:
        if column in _ANOTHER:
            continue
        names = [one for one in columns if one != column]
        here: dict[tuple[object, ...], list[int]] = defaultdict(list)
        there: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for row in rows.values():
            here[tuple(row.values.get(one) for one in names)].append(row.pk)
        for place, values in enumerate(wanted):
            if found[place] is None:
                there[tuple(values.get(one) for one in names)].append(place)
        for key in here.keys() & there.keys():
            if len(here[key]) == len(there[key]) == 1:
                found[there[key][0]] = rows.pop(here[key][0])


def _content(values: Plain, names: Sequence[str]) -> str:
    chosen = {name: values.get(name) for name in names} if names else values
    return json.dumps(chosen, ensure_ascii=False, sort_keys=True)
