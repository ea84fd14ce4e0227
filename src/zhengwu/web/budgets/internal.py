"""What passes between the units of one department, for many departments at once.

``ledger.rollup`` rolls up whole ledgers. Only a few of their rows can be transfers: lines that remit or pass on, and
lines and income of the sources as which such money is received. Those alone are loaded; what taking them out changes
is added to sums that the database has made of all lines.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from zhengwu.ledger.model import Budget as Head
from zhengwu.ledger.model import Income, Ledger, Line
from zhengwu.ledger.model import Unit as UnitOfLedger
from zhengwu.ledger.rollup_transfers import KINDS, Party, Transfer, Unpaired, take_out
from zhengwu.web.budgets.models import Budget, Row
from zhengwu.web.budgets.tallies import Key, Tally

_FUNDS = tuple(KINDS.values())


class Internal(NamedTuple):
    """What is taken out of a department's sums, what did not pair, and by how much the sums change."""

    transfers: tuple[Transfer, ...] = ()
    unpaired: tuple[Unpaired, ...] = ()
    change: Mapping[Key, int] = {}

    @property
    def taken_out(self) -> int:
        """In 分, on each side."""
        return sum(one.amount for one in self.transfers)


def internal_of(departments: Mapping[int, Sequence[Budget]], tallies: Mapping[int, Tally]) -> dict[int, Internal]:
    """For each department (its budgets, its own first) what passes between them; ``tallies`` of their lines tell where
    to look. Two queries."""
    several = [one for budgets in departments.values() if len(budgets) > 1 for one in budgets]
    paying = [one.pk for one in several if any(key[0] in KINDS or key[1] in _FUNDS for key in tallies[one.pk])]
    touched = Q(sheet="lines", budget__in=paying) & (Q(values__nature__in=[*KINDS]) | Q(values__fund__in=_FUNDS))
    touched |= Q(sheet="income", budget__in=[one.pk for one in several], values__fund__in=_FUNDS)
    found: dict[int, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    _into(found, Row.objects.filter(touched))
    concerned = {key: budgets for key, budgets in departments.items() if any(one.pk in found for one in budgets)}
    keys = [one.pk for budgets in concerned.values() for one in budgets]
    _into(found, Row.objects.filter(budget__in=keys, sheet="units"))
    made = {
        key: _taken_out([Party(_ledger(one, found[one.pk])) for one in budgets]) for key, budgets in concerned.items()
    }
    return {key: made.get(key, Internal()) for key in departments}


def _into(found: dict[int, list[tuple[str, dict[str, Any]]]], rows: "QuerySet[Row]") -> None:
    wanted = rows.filter(gone=False).order_by("position", "pk")
    for budget, sheet, values in wanted.values_list("budget", "sheet", "values"):
        found[budget].append((sheet, values))


def _ledger(budget: Budget, rows: Sequence[tuple[str, dict[str, Any]]]) -> Ledger:
    """The rows that matter here as a ledger: unfinished ones, too."""
    head = Head(budget.year.year, budget.unit.code, budget.unit.name, "unit", budget.year.dialect)
    lines, income, units = [], [], []
    for sheet, values in rows:
        if sheet == "lines":
            texts = [values.get(name) or "" for name in Line._fields[:7]]
            lines.append(Line._make([*texts, values.get("amount") or 0, 0]))
        elif sheet == "income":
            income.append(
                Income(values.get("fund") or "", values.get("amount") or 0, carry_out=values.get("carry_out"))
            )
        else:
            units.append(UnitOfLedger(values.get("code") or "", values.get("name") or "", values.get("kind") or ""))
    return Ledger("", head, tuple(units), income=tuple(income), lines=tuple(lines))


def _taken_out(parties: Sequence[Party]) -> Internal:
    change: Counter[Key] = Counter()
    for party in parties:
        for line in party.ledger.lines:
            change[_key(line)] -= line.amount
    transfers, unpaired, _ = take_out(parties)
    for party in parties:
        for piece in party.pieces:
            if piece.transfer is None:
                change[_key(piece.line)] += piece.line.amount
    return Internal(tuple(transfers), tuple(unpaired), {key: amount for key, amount in change.items() if amount})


def _key(line: Line) -> Key:
    return line.nature, line.fund, line.function[:3], line.government[:3]
