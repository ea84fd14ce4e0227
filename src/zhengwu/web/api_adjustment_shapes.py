"""What the API says of adjustments (调剂): the shapes, and how each is filled."""

from typing import Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema
from pydantic import AwareDatetime

from zhengwu.web.api_budget_shapes import OfferOut, cells, digest
from zhengwu.web.api_common import LARGEST_ID, missing
from zhengwu.web.budgets import adjustments, workflow
from zhengwu.web.budgets.adjustment_ledger import Remaining, remaining
from zhengwu.web.budgets.models import Adjustment, Budget
from zhengwu.web.common.errors import sentence
from zhengwu.web.common.models import User


class AdjustmentOut(Schema):
    """An adjustment (调剂) of an approved budget. ``base`` and ``result``: numbers of versions. ``revision`` goes back
    with what changes it."""

    number: int
    state: Literal["draft", "signing", "submitted", "approved", "refused", "withdrawn"]
    base: int
    result: int | None
    reason: str
    document: str
    revision: str
    made_by: str
    made_at: AwareDatetime
    decided_by: str | None
    decided_at: AwareDatetime | None
    decision: str


class AdjustedRow(Schema):
    """What an adjustment does to a row of its base: ``row`` null adds one, ``cells`` null takes one out."""

    sheet: str
    row: int | None
    cells: dict[str, Any] | None


class AdjustmentWhole(AdjustmentOut):
    """An adjustment with what it changes. ``against``: what is to be mended before it is handed in, signed, approved;
    not ``hinders``: it need not be, the version in force has such things as well."""

    changes: list[AdjustedRow]
    moves: list[OfferOut]
    against: list[str]
    hinders: bool


def adjustment_revision(one: Adjustment) -> str:
    """What tells two states of an adjustment apart."""
    return digest([one.state, one.revision, one.decided_at])


def adjustments_of(item: Budget) -> "QuerySet[Adjustment]":
    """The adjustments of a budget, without the ledgers that they lie between."""
    found = item.adjustments.select_related("base", "result", "made_by", "decided_by")
    return found.defer("base__ledger", "result__ledger").order_by("number")


def one_adjustment(item: Budget, number: int, found: "QuerySet[Adjustment] | None" = None) -> Adjustment:
    """An adjustment of a budget. Raises RefusedError "not-found"."""
    asked = adjustments_of(item) if found is None else found
    one = asked.filter(number=number).first() if number <= LARGEST_ID else None
    if one is None:
        raise missing("没有这次调剂。", "There is no such adjustment.")
    return one


def adjustment_shape(one: Adjustment) -> dict[str, Any]:
    """An adjustment as AdjustmentOut. Of ``adjustments_of``."""
    names = ("number", "state", "reason", "document", "made_at", "decided_at", "decision")
    return {
        **{name: getattr(one, name) for name in names},
        "base": one.base.number, "result": one.result.number if one.result else None,
        "revision": adjustment_revision(one), "made_by": one.made_by.username,
        "decided_by": one.decided_by.username if one.decided_by else None,
    }  # fmt: skip


def adjustment_whole(actor: User, item: Budget, number: int) -> dict[str, Any]:
    """An adjustment as AdjustmentWhole, as it now is. Raises RefusedError "not-found"."""
    one = one_adjustment(item, number)
    offers = [
        {"move": name, "title": sentence(move.title), "reasoned": move.reasoned}
        for name, move in adjustments.offers(actor, one, timezone.localdate())
    ]
    left = Remaining() if one.state in workflow.OVER else remaining(one, item)
    changes = [
        {"sheet": each["sheet"], "row": each["row"],
         "cells": None if each["values"] is None else cells(each["sheet"], each["values"])}
        for each in one.changes
    ]  # fmt: skip
    against = [sentence(message) for message in left.against]
    return {**adjustment_shape(one), "changes": changes, "moves": offers, "against": against, "hinders": left.hinders}
