"""An approved adjustment becomes the budget's rows: those that it changes, each told cell by cell for the trail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zhengwu.web.budgets.adjustment_ledger import SHEETS
from zhengwu.web.budgets.models import Adjustment, Budget, Row
from zhengwu.web.common.models import User

Told = dict[str, Any]


def rows_adjust(budget: Budget, adjustment: Adjustment, actor: User, now: datetime) -> list[Told]:
    """Change the budget's rows as an adjustment says; what changed by sheet, as an event of an edit says it: {"sheet",
    "changes": [{"row": its key, "before", "after", "gone"}]}. In the transaction of the approval, with the budget
    locked and its rows those of the adjustment's base."""
    budget.revision += 1
    listed = Row.objects.filter(budget=budget, sheet__in=SHEETS, gone=False).order_by("position", "pk")
    there: dict[str, list[Row]] = {key: [] for key in SHEETS}
    for row in listed:
        there[row.sheet].append(row)
    new: list[Row] = []
    changed: list[Row] = []
    told: dict[str, list[tuple[Row, Told]]] = {}
    for key in SHEETS:
        numbers = [one["row"] for one in adjustment.base.ledger.get(key, ())]
        rows = dict(zip(numbers, there[key], strict=True))
        position = max((row.position for row in there[key]), default=0)
        for change in adjustment.changes:
            if change["sheet"] != key:
                continue
            values, number = change["values"], change["row"]
            if number is None:
                position += 1
                row = Row(budget=budget, sheet=key, values=values, position=position)
                new.append(row)
                entry: Told = {"after": values}
            elif values is None:
                row = rows[number]
                row.gone = True
                changed.append(row)
                entry = {"before": row.values, "after": {}, "gone": True}
            else:
                row = rows[number]
                after = {name: value for name, value in values.items() if row.values.get(name) != value}
                if not after:
                    continue
                entry = {"before": {name: row.values.get(name) for name in after}, "after": after}
                row.values = {**row.values, **after}
                changed.append(row)
            row.amount = row.values.get("amount") if key == "lines" else None
            row.revision, row.stamp, row.changed_by, row.changed_at = row.revision + 1, budget.revision, actor, now
            told.setdefault(key, []).append((row, entry))
    _write(new, changed)
    budget.save(update_fields=["revision"])
    return [{"sheet": key, "changes": [{**entry, "row": row.pk} for row, entry in each]} for key, each in told.items()]


def _write(new: Sequence[Row], changed: Sequence[Row]) -> None:
    Row.objects.bulk_create(new, batch_size=500)
    fields = ["values", "amount", "revision", "stamp", "gone", "changed_by", "changed_at"]
    Row.objects.bulk_update(changed, fields, batch_size=200)
