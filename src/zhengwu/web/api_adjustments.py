"""Adjustments (调剂): an approved budget is changed by a paper of its own."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Status
from pydantic import AfterValidator

from zhengwu.web.api_adjustment_shapes import (
    AdjustmentOut,
    AdjustmentWhole,
    adjustment_revision,
    adjustment_shape,
    adjustment_whole,
    adjustments_of,
    one_adjustment,
)
from zhengwu.web.api_budget_shapes import (
    ActIn,
    Cells,
    Text,
    changed,
    check_version,
    locked_budget,
    moves_said,
    one_budget,
    one_of,
)
from zhengwu.web.api_common import ACTOR, CHANGE, DESK, Given, Listed, Paging, actor_of, answers, clean, listed
from zhengwu.web.budgets import adjustments, workflow
from zhengwu.web.budgets.models import Adjustment, Budget
from zhengwu.web.budgets.rows import MOST_CHANGES
from zhengwu.web.common.permissions import require

router = Router(tags=["budget desk"], auth=ACTOR)


class AdjustmentList(Listed):
    """A piece of the list of adjustments."""

    items: list[AdjustmentOut]


class AdjustmentIn(Given):
    """Why the budget is adjusted; ``version``: the number of the version in force that was read."""

    version: int = Field(ge=1, le=10**6)
    reason: Text
    document: str = Field("", max_length=100, description="the number of the paper")


class AdjustIn(Given):
    """What an adjustment does to a row: ``row`` is its number in the base, null adds one; ``cells`` null takes the row
    out."""

    sheet: str = Field("lines", pattern=one_of(adjustments.SHEETS))
    row: int | None = Field(None, ge=2, le=10**6)
    cells: Cells | None = None


def _each_once(given: list[AdjustIn]) -> list[AdjustIn]:
    places = [(one.sheet, one.row) for one in given if one.row is not None]
    if len(set(places)) != len(places):
        raise ValueError("a row stands twice")
    return given


class AdjustmentSetIn(ActIn):
    """All that an adjustment changes, each row once: what was set before is replaced."""

    changes: Annotated[list[AdjustIn], AfterValidator(_each_once)] = Field(max_length=MOST_CHANGES)
    reason: Text | None = None


class AdjustmentMoveIn(ActIn):
    """A move of an adjustment."""

    move: str = Field(pattern=one_of(workflow.ADJUSTMENTS))
    reason: Text = ""


@router.get("/budgets/{int:pk}/adjustments", response=answers(AdjustmentList, DESK), summary="Adjustments of a budget")
def budget_adjustments(request: HttpRequest, pk: int, paging: Query[Paging]) -> Any:
    """The first first."""
    item = one_budget(actor_of(request, "read"), pk)
    return listed(request, adjustments_of(item), paging, adjustment_shape)


@router.post("/budgets/{int:pk}/adjustments", response=answers(AdjustmentWhole, CHANGE, 201), summary="Open an adjustment")  # fmt: skip
def open_adjustment(request: HttpRequest, pk: int, data: AdjustmentIn) -> Any:
    """Begin a change of an approved budget. 409 for a budget that is not approved, or not any more as it was read."""
    actor = actor_of(request, "budget")
    with locked_budget(actor, pk, None) as item:
        require(actor, "budget.edit", item.unit)
        check_version(item, data.version)
        made = adjustments.adjustment_open(
            actor=actor, budget=item, reason=data.reason, document=clean(data.document), now=timezone.now()
        )
    return Status(201, adjustment_whole(actor, item, made.number))


@router.get("/budgets/{int:pk}/adjustments/{int:number}", response=answers(AdjustmentWhole, DESK), summary="One adjustment")  # fmt: skip
def budget_adjustment(request: HttpRequest, pk: int, number: int) -> Any:
    """With what it changes: rows by their numbers in the ledger of its base."""
    actor = actor_of(request, "read")
    return adjustment_whole(actor, one_budget(actor, pk), number)


@router.post("/budgets/{int:pk}/adjustments/{int:number}/changes", response=answers(AdjustmentWhole, CHANGE), summary="Set what an adjustment changes")  # fmt: skip
def set_adjustment(request: HttpRequest, pk: int, number: int, data: AdjustmentSetIn) -> Any:
    """All of it, while it is being prepared; the ledger that comes of it must be sound."""
    actor = actor_of(request, "budget")
    given = [{"sheet": one.sheet, "row": one.row, "values": one.cells} for one in data.changes]
    with locked_budget(actor, pk, None) as item:
        found = _adjustment(item, number, data.revision)
        adjustments.adjustment_set(
            actor=actor, adjustment=found, changes=given, revision=found.revision, reason=data.reason
        )
    return adjustment_whole(actor, item, number)


@router.post(
    "/budgets/{int:pk}/adjustments/{int:number}/moves", response=answers(AdjustmentWhole, CHANGE),
    summary="Move an adjustment",
    description="A step of an adjustment; 409 from any other state:\n\n" + moves_said(workflow.ADJUSTMENTS),
)  # fmt: skip
def move_adjustment(request: HttpRequest, pk: int, number: int, data: AdjustmentMoveIn) -> Any:
    """A step of an adjustment."""
    actor = actor_of(request, "budget-step")
    with locked_budget(actor, pk, None) as item:
        adjustments.adjustment_move(
            actor=actor, adjustment=_adjustment(item, number, data.revision), move=data.move, now=timezone.now(),
            today=timezone.localdate(), reason=data.reason,
        )  # fmt: skip
    return adjustment_whole(actor, one_budget(actor, pk), number)


def _adjustment(item: Budget, number: int, revision: str) -> Adjustment:
    """An adjustment as the caller read it, locked."""
    found = one_adjustment(item, number, adjustments_of(item).select_for_update(of=("self",), no_key=True))
    if adjustment_revision(found) != revision:
        raise changed()
    return found
