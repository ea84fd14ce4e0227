"""How budgets and adjustments move: two tables, read by the services and by the pages that offer a move."""

from typing import Any, NamedTuple

from zhengwu.model.message import Message, RefusedError
from zhengwu.web.budgets.models import AdjustmentState, State, VersionKind


class Move(NamedTuple):
    """Who may make a move (an action of ``permissions.TABLE``), where it leads from each state it starts in, and
    why it is refused elsewhere. ``keeps`` is the kind of the version that is kept, by the state it starts in."""

    action: str
    title: Message
    ends: dict[Any, Any]
    otherwise: Message
    reasoned: bool = False  # whoever makes it says why
    keeps: dict[Any, Any] = {}  # noqa: RUF012 - never changed


TABLE: dict[str, Move] = {
    # 经办人 has done: no problem is left, and in the second turn the control figures are kept.
    "hand-in": Move(
        "budget.hand-in", Message("送负责人签审", "Hand to the head"),
        {State.FIRST_DRAFT: State.FIRST_SIGNING, State.SECOND_DRAFT: State.SECOND_SIGNING},
        Message("预算不在编制状态，不能送审。", "The budget is not being compiled: it cannot be handed in."),
    ),
    "send-back": Move(
        "budget.sign", Message("退给经办人", "Send back to the officer"),
        {State.FIRST_SIGNING: State.FIRST_DRAFT, State.SECOND_SIGNING: State.SECOND_DRAFT},
        Message("预算不在等待签审。", "The budget is not waiting for the head."), True,
    ),
    # 一上, 二上: the head answers for it.
    "submit": Move(
        "budget.sign", Message("签发上报", "Sign and submit"),
        {State.FIRST_SIGNING: State.FIRST_SUBMITTED, State.SECOND_SIGNING: State.SECOND_SUBMITTED},
        Message("预算不在等待签审，不能上报。", "The budget is not waiting for the head: it cannot be submitted."),
        False, {State.FIRST_SIGNING: VersionKind.FIRST, State.SECOND_SIGNING: VersionKind.SECOND},
    ),
    "return": Move(
        "budget.return", Message("退回修改", "Return"),
        {State.FIRST_SUBMITTED: State.FIRST_DRAFT, State.SECOND_SUBMITTED: State.SECOND_DRAFT},
        Message("只有已上报的预算才能退回。", "Only a budget that was submitted can be returned."), True,
    ),
    # 一下: the control figures are given.
    "give-figures": Move(
        "budget.control", Message("下达控制数", "Give the control figures"),
        {State.FIRST_SUBMITTED: State.SECOND_DRAFT},
        Message("单位还没有上报一上，或控制数已经下达。",
                "The unit has not submitted its request, or the control figures were given already."),
    ),
    # 二下
    "approve": Move(
        "budget.approve", Message("批复", "Approve"),
        {State.SECOND_SUBMITTED: State.APPROVED},
        Message("只有二上已报的预算才能批复。", "Only a budget submitted within its control figures can be approved."),
        False, {State.SECOND_SUBMITTED: VersionKind.APPROVED},
    ),
    "publish": Move(
        "budget.publish", Message("公开", "Publish"),
        {State.APPROVED: State.PUBLISHED},
        Message("只有已批复的预算才能公开。", "Only an approved budget can be published."),
    ),
}  # fmt: skip

EDITABLE = (State.FIRST_DRAFT, State.SECOND_DRAFT)
SIGNING = (State.FIRST_SIGNING, State.SECOND_SIGNING)
IN_FORCE = (State.APPROVED, State.PUBLISHED)
FIRST_TURN = (State.FIRST_DRAFT, State.FIRST_SIGNING, State.FIRST_SUBMITTED)  # 一上: no control figure is given yet

_DRAFT, _SIGNING, _SUBMITTED = AdjustmentState.DRAFT, AdjustmentState.SIGNING, AdjustmentState.SUBMITTED
ADJUSTMENTS: dict[str, Move] = {
    "hand-in": Move(
        "budget.hand-in", TABLE["hand-in"].title, {_DRAFT: _SIGNING},
        Message("调剂不在编制状态。", "The adjustment is not being prepared."),
    ),
    "send-back": Move(
        "budget.sign", TABLE["send-back"].title, {_SIGNING: _DRAFT},
        Message("调剂不在等待签审。", "The adjustment is not waiting for the head."), True,
    ),
    "submit": Move(
        "budget.sign", TABLE["submit"].title, {_SIGNING: _SUBMITTED},
        Message("调剂不在等待签审。", "The adjustment is not waiting for the head."),
    ),
    "return": Move(
        "budget.return", TABLE["return"].title, {_SUBMITTED: _DRAFT},
        Message("调剂没有上报。", "The adjustment was not submitted."), True,
    ),
    "refuse": Move(
        "budget.approve", Message("不予批准", "Refuse"), {_SUBMITTED: AdjustmentState.REFUSED},
        Message("调剂没有上报。", "The adjustment was not submitted."), True,
    ),
    "approve": Move(
        "budget.approve", TABLE["approve"].title, {_SUBMITTED: AdjustmentState.APPROVED},
        Message("调剂没有上报。", "The adjustment was not submitted."),
    ),
    # The unit gives it up while it is in its own hands; what the bureau has, it returns first.
    "withdraw": Move(
        "budget.edit", Message("撤销", "Withdraw"),
        {_DRAFT: AdjustmentState.WITHDRAWN, _SIGNING: AdjustmentState.WITHDRAWN},
        Message("调剂已上报或已办结，不能撤销；已上报的请财政局先退回。",
                "The adjustment is with the bureau, or over: it cannot be withdrawn. The bureau can return it first."),
        True,
    ),
}  # fmt: skip
OVER = (AdjustmentState.APPROVED, AdjustmentState.REFUSED, AdjustmentState.WITHDRAWN)  # nothing of it moves any more


def allows(move: str, state: str, table: dict[str, Move] = TABLE) -> bool:
    """Whether something in ``state`` can make this move."""
    return state in table[move].ends


def after(move: str, state: str, table: dict[str, Move] = TABLE) -> Any:
    """The state that a move leads to. Raises RefusedError "conflict" where the table has no such move, "not-found"
    for a move that it does not know."""
    found = table.get(move)
    if found is None:
        raise RefusedError("not-found", "没有这个步骤。", "There is no such move.")
    if state not in found.ends:
        raise RefusedError("conflict", found.otherwise.zh, found.otherwise.en)
    return found.ends[state]
