"""A ledger's rows looked at together: what the checks share, summed up once."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.model import Ledger, Line, Project
from zhengwu.ledger.values import CLASSIFICATIONS

K = TypeVar("K", bound=Hashable)


class Books:
    """A ledger and its sums, by what the checks ask for."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.year = ledger.budget.year
        self.amounts = Amounts(ledger)
        self._names: dict[tuple[str, str], str | None] = {}
        self._rows: dict[str, dict[str, list[int]]] = {}

    def rows_by(self, key: Callable[[Line], K]) -> dict[K, list[int]]:
        """The rows of the lines by what ``key`` makes of each, in the order of their first."""
        found: dict[K, list[int]] = {}
        for line in self.ledger.lines:
            one = key(line)
            rows = found.get(one)
            if rows is None:
                found[one] = [line.row]
            else:
                rows.append(line.row)
        return found

    def rows_of(self, classification: str) -> dict[str, list[int]]:
        """The rows of the lines by their code of a classification, looked up once."""
        if classification not in self._rows:
            self._rows[classification] = self.rows_by(attrgetter(classification))
        return self._rows[classification]

    @cached_property
    def by_fund(self) -> dict[str, int]:
        """Expenditure in 分 by its source."""
        found: dict[str, int] = defaultdict(int)
        for line in self.ledger.lines:
            found[line.fund] += line.amount
        return found

    @cached_property
    def by_project(self) -> dict[str, int]:
        """Expenditure in 分 by the name of its project; basic expenditure may name one too."""
        found: dict[str, int] = defaultdict(int)
        for line in self.ledger.lines:
            if line.project:
                found[line.project] += line.amount
        return dict(found)

    @cached_property
    def projects(self) -> dict[str, Project]:
        """The rows of the sheet of projects by name."""
        return {project.name: project for project in self.ledger.projects}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Whether a unit is an agency or an institution, by its code."""
        return {unit.code: unit.kind for unit in self.ledger.units}

    @cached_property
    def extra(self) -> dict[tuple[str, str], str]:
        """The names of the ledger's own codes, by classification and code."""
        return {(one.classification, one.code): one.name for one in self.ledger.codes}

    def name_of(self, classification: str, code: str) -> str | None:
        """A code's name: this year's, the ledger's own, or the latest that is known; None for an unknown code."""
        key = classification, code
        if key not in self._names:
            book = CLASSIFICATIONS[classification]()
            names = book.names_of(code)
            latest = names[-1].name if names else None
            self._names[key] = book.name_of(code, self.year) or self.extra.get(key) or latest
        return self._names[key]
