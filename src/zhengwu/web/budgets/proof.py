"""A budget as it would be published, before it is: what its audit finds, and what the format still demands."""

from typing import NamedTuple

from django.core.cache import cache

from zhengwu.dialects import dialects
from zhengwu.ledger.model import Ledger
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.publish import Draft, draft_of
from zhengwu.web.budgets import books
from zhengwu.web.budgets.models import Budget

_KEPT = 300  # seconds


class Proof(NamedTuple):
    """What a publication would be: its draft, and what stands against it."""

    draft: Draft
    against: tuple[Message, ...]


def proof_of(budget: Budget, ledger: Ledger) -> Proof:
    """A ledger as it would be published, with what its own audit finds. Raises RefusedError where the format cannot
    print it."""
    dialect = next((one for one in dialects() if one.key == budget.year.dialect), None)
    if dialect is None:
        raise RefusedError("not-found", "没有这种公开格式。", "There is no such format.")
    draft = draft_of(ledger, dialect)
    found = [one for one in draft.audit.findings if one.severity != "info"]
    return Proof(draft, tuple(one.message for one in found))


def against(budget: Budget) -> tuple[Message, ...]:
    """What stands against publishing a sound budget as it now is: reasons that are demanded and missing, findings of
    its own audit. Kept until the next edit."""
    name = f"budgets.against.{budget.pk}.{budget.revision}.{budget.moved_at.timestamp()}.{budget.asset_date}"
    kept: tuple[Message, ...] | None = cache.get(name)
    if kept is None:
        try:
            kept = proof_of(budget, books.ledger_of(budget)).against
        except RefusedError as error:
            kept = lines_of(error)
        cache.set(name, kept, _KEPT)
    return kept


def lines_of(error: RefusedError) -> tuple[Message, ...]:
    """A refusal that names several things, line by line."""
    lines = zip(error.message.zh.splitlines(), error.message.en.splitlines(), strict=False)
    return tuple(Message(zh, en) for zh, en in lines)
