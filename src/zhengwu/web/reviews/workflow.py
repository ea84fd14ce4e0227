"""How a document moves: one table, read by the services and by the pages that offer a move."""

from typing import Any, NamedTuple

from zhengwu.model.message import Message, RefusedError
from zhengwu.web.reviews.models import DocumentState as State


class Move(NamedTuple):
    """From where a move starts, where it leads, and why it is refused elsewhere."""

    start: tuple[Any, ...]  # of DocumentState: without types of Django's, mypy takes its members for tuples
    end: Any
    otherwise: Message


TABLE: dict[str, Move] = {
    # The first round was audited: what it is was recognised, or not.
    "recognise": Move(
        (State.RECEIVED,), State.CONFIRMING,
        Message("文件已核对过。", "The document has been audited already."),
    ),
    # Somebody said that unit, year and kind are right: only then does it count for its unit.
    "confirm": Move(
        (State.CONFIRMING,), State.OPEN,
        Message("文件不在待确认状态：单位、年度和类型已经确认，或尚未核对完。",
                "The document is not waiting to be confirmed: it was confirmed already, or its audit has not ended."),
    ),
    # A mended version of a document under review or returned; of a reviewed or published one it opens it again.
    "mend": Move(
        (State.OPEN, State.RETURNED, State.DONE, State.PUBLISHED), State.OPEN,
        Message("文件还没有确认，不能上传修改稿；请先确认单位、年度和类型。",
                "The document is not confirmed yet: confirm unit, year and kind before uploading a mended version."),
    ),
    # The first upload could not be read: another try takes its place.
    "retry": Move(
        (State.RECEIVED,), State.RECEIVED,
        Message("文件已能读取。", "The document could be read already."),
    ),
    # The unit has something to mend; a review that ended too early is returned as well.
    "return": Move(
        (State.OPEN, State.DONE), State.RETURNED,
        Message("只有审核中或已审核的文件才能退回。", "Only a document under review or reviewed can be returned."),
    ),
    # Every error and warning was decided.
    "close": Move(
        (State.OPEN,), State.DONE,
        Message("只有审核中的文件才能结束审核。", "Only a document under review can be closed."),
    ),
    # Compiled on the budget desk and approved there: its review is done.
    "compile": Move(
        (State.OPEN, State.RETURNED, State.DONE, State.PUBLISHED), State.DONE,
        Message("同一单位同一年度已有上传的文件等待确认；请先处理。",
                "An uploaded document of the same unit and year waits to be confirmed: settle that first."),
    ),
    # In the open book.
    "publish": Move(
        (State.DONE,), State.PUBLISHED,
        Message("只有审核完毕的文件才能公开；请先完成审核。",
                "Only a document whose review is done can be published; finish the review first."),
    ),
}  # fmt: skip


def allows(move: str, state: str) -> bool:
    """Whether a document in ``state`` can make this move."""
    return state in TABLE[move].start


def after(move: str, state: str) -> Any:
    """The state that a move leads to. Raises RefusedError "conflict" where the table has no such move."""
    found = TABLE[move]
    if state not in found.start:
        raise RefusedError("conflict", found.otherwise.zh, found.otherwise.en)
    return found.end
