"""A budget as it would be published, before it is: what its audit finds, and what the format still demands."""

from typing import NamedTuple

from zhengwu.dialects import Dialect, dialects
from zhengwu.ledger.model import Ledger
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.compose import missing_of
from zhengwu.publishing.publication import MissingError, Typed
from zhengwu.publishing.publish import Draft, draft_of
from zhengwu.web.budgets import books
from zhengwu.web.budgets.keeping import kept, stamp_of
from zhengwu.web.budgets.models import Budget


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


def drafted(look: books.Look) -> Standing:
    """What stands against publishing a budget as it now is. Kept until the next edit."""

    def found() -> Standing:
        faults = look.checked.faults
        if not faults:
            return standing_of(look.budget, look.ledger)
        told, lacking = tuple(one.sentence for one in faults), _lacking(look)
        return Standing((*told, *_messages(lacking or ())), lacking or (), None, lacking is not None)

    return kept("standing", stamp_of(look.budget), found)


def demanded(look: books.Look) -> tuple[Typed, ...]:
    """What the publication of a budget as it now is demands and nobody has typed yet: known without making it, and
    told from the first draft on. Kept until the next edit."""
    return kept("demanded", stamp_of(look.budget), lambda: _lacking(look) or ())


def _lacking(look: books.Look) -> tuple[Typed, ...] | None:
    """What the narrative lacks, also of a ledger whose sums do not agree; None where it cannot be composed."""
    try:
        return missing_of(look.ledger, dialect_of(look.budget))
    except RefusedError:
        return None


def _messages(missing: tuple[Typed, ...]) -> tuple[Message, ...]:
    return tuple(one.missing for one in missing if one.missing is not None)


def lines_of(error: RefusedError) -> tuple[Message, ...]:
    """A refusal that names several things, line by line."""
    lines = zip(error.message.zh.splitlines(), error.message.en.splitlines(), strict=False)
    return tuple(Message(zh, en) for zh, en in lines)
