"""A budget as it would be published, before it is: what its audit finds, and what the format still demands."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from django.core.cache import cache

from zhengwu.dialects import Dialect, dialects
from zhengwu.ledger.model import Ledger
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.compose import missing_of
from zhengwu.publishing.publication import MissingError, Typed
from zhengwu.publishing.publish import Draft, draft_of
from zhengwu.web.budgets import books
from zhengwu.web.budgets.models import Budget

T = TypeVar("T")
_KEPT = 300  # seconds


class Standing(NamedTuple):
    """What stands against publishing a ledger: what is wrong in it, what it lacks (``missing``, told in ``against`` as
    well), else what its own audit finds. ``tied``: (amounts of the tables that a relation proves, all amounts of the
    tables), None where nothing can be published. ``previewed``: whether there is something to look at all the same."""

    against: tuple[Message, ...]
    missing: tuple[Typed, ...] = ()
    tied: tuple[int, int] | None = None
    previewed: bool = False


class Proof(NamedTuple):
    """What a publication would be: its draft, and what stands against it."""

    draft: Draft
    against: tuple[Message, ...]


def dialect_of(budget: Budget) -> Dialect:
    """The format in which a budget is published. Raises RefusedError "not-found"."""
    dialect = next((one for one in dialects() if one.key == budget.year.dialect), None)
    if dialect is None:
        raise RefusedError("not-found", "没有这种公开格式。", "There is no such format.")
    return dialect


def proof_of(budget: Budget, ledger: Ledger) -> Proof:
    """A ledger as it would be published, with what its own audit finds. Raises RefusedError where the format cannot
    print it."""
    draft = draft_of(ledger, dialect_of(budget))
    found = [one for one in draft.audit.findings if one.severity != "info"]
    return Proof(draft, tuple(one.message for one in found))


def standing_of(budget: Budget, ledger: Ledger) -> Standing:
    """What stands against publishing a ledger."""
    try:
        draft, against = proof_of(budget, ledger)
    except MissingError as error:
        return Standing(_messages(error.missing), error.missing, None, True)
    except RefusedError as error:
        return Standing(lines_of(error))
    amounts = [place for place, fact in enumerate(draft.disclosure.facts) if fact.table >= 0 and fact.unit != "%"]
    return Standing(against, (), (sum(place in draft.audit.tied for place in amounts), len(amounts)), True)


def drafted(budget: Budget) -> Standing:
    """What stands against publishing a budget as it now is. Kept until the next edit."""

    def found() -> Standing:
        faults = books.checked(budget).faults
        if not faults:
            return standing_of(budget, books.ledger_of(budget))
        told, lacking = tuple(one.sentence for one in faults), _lacking(budget)
        return Standing((*told, *_messages(lacking or ())), lacking or (), None, lacking is not None)

    return _kept("standing", budget, found)


def demanded(budget: Budget) -> tuple[Typed, ...]:
    """What the publication of a budget as it now is demands and nobody has typed yet: known without making it, and
    told from the first draft on. Kept until the next edit."""
    return _kept("demanded", budget, lambda: _lacking(budget) or ())


def _lacking(budget: Budget) -> tuple[Typed, ...] | None:
    """What the narrative lacks, also of a ledger whose sums do not agree; None where it cannot be composed."""
    try:
        return missing_of(books.sketch_of(budget), dialect_of(budget))
    except RefusedError:
        return None


def _kept(what: str, budget: Budget, made: Callable[[], T]) -> T:
    figures = budget.controls.order_by("-set_at").values_list("set_at", flat=True).first()
    stamp = f"{budget.revision}.{budget.state}.{budget.moved_at.timestamp()}.{figures and figures.timestamp()}"
    name = f"budgets.{what}.{budget.pk}.{stamp}.{budget.asset_date}"
    kept: T | None = cache.get(name)
    if kept is None:
        kept = made()
        cache.set(name, kept, _KEPT)
    return kept


def _messages(missing: tuple[Typed, ...]) -> tuple[Message, ...]:
    return tuple(one.missing for one in missing if one.missing is not None)


def lines_of(error: RefusedError) -> tuple[Message, ...]:
    """A refusal that names several things, line by line."""
    lines = zip(error.message.zh.splitlines(), error.message.en.splitlines(), strict=False)
    return tuple(Message(zh, en) for zh, en in lines)
