"""Which rows of a budget are those of another state of it: a row that stays the same stays itself, with its remarks."""

import json
from collections import defaultdict
from collections.abc import Sequence

from zhengwu.ledger.schema import Sheet
from zhengwu.ledger.store import Plain
from zhengwu.web.budgets.models import Row


def matched(sheet: Sheet, rows: Sequence[Row], wanted: Sequence[Plain]) -> list[Row | None]:
    """For each wanted row the one that is there: the same in all, else in what names a row of the sheet. Of several
    the last is taken first."""
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
    return found


def _content(values: Plain, names: Sequence[str]) -> str:
    chosen = {name: values.get(name) for name in names} if names else values
    return json.dumps(chosen, ensure_ascii=False, sort_keys=True)
