"""Expenditure of budgets by nature, source, function (类) and the government's economic class: summed up by the database
once for each revision of a budget, so that a page over all departments reads only what has changed since the last."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Substr

from zhengwu.web.budgets.models import Budget, Row

Key = tuple[str, str, str, str]  # nature, source, function (类), government's economic class (类); "" for none
Tally = Mapping[Key, int]  # in 分
_KEPT = 3600  # seconds


class _Stamped(NamedTuple):
    """The tally of a budget as it was at a revision; ``began`` tells a budget from one that had its key before."""

    revision: int
    began: datetime
    tally: Tally


def tallies_of(year: int, budgets: Sequence[Budget]) -> dict[int, Tally]:
    """The tally of each of a year's budgets, by key. One query, none where nothing was edited since the last time."""
    name = f"budgets.tallies.{year}"
    known: dict[int, _Stamped] = cache.get(name) or {}
    stale = [one for one in budgets if not _holds(one, known.get(one.pk))]
    if stale:
        # Summed after the revisions were read: an edit in between is in the sums, and is summed up once more later.
        made = _summed([one.pk for one in stale])
        known = {**known, **{one.pk: _Stamped(one.revision, one.moved_at, made[one.pk]) for one in stale}}
        cache.set(name, known, _KEPT)
    return {one.pk: known[one.pk].tally for one in budgets}


def _holds(budget: Budget, found: _Stamped | None) -> bool:
    return found is not None and (found.revision, found.began) == (budget.revision, budget.moved_at)


def _summed(keys: Sequence[int]) -> dict[int, Tally]:
    found: dict[int, Counter[Key]] = {key: Counter() for key in keys}
    lines = Row.objects.filter(budget__in=keys, sheet="lines", gone=False).order_by()
    grouped = lines.annotate(
        nature=_text("nature"), fund=_text("fund"), function=Substr(_text("function"), 1, 3), government=Substr(_text("government"), 1, 3),
    ).values_list("budget", "nature", "fund", "function", "government")  # fmt: skip
    for budget, nature, fund, function, government, amount in grouped.annotate(sum=Sum("amount")):
        # The same few words stand in tens of thousands of keys: kept once each.
        key = (_word(nature), _word(fund), _word(function), _word(government))
        found[budget][key] += amount or 0
    return dict(found)


def _word(text: str | None) -> str:
    return sys.intern(text or "")


def _text(name: str) -> KeyTextTransform:
    return KeyTextTransform(name, "values")
