"""Part-whole relations that recognition found in the tables, as relations of a rule."""

from collections.abc import Iterator

from zhengwu.model.finding import Gap, Outcome, Relation, Term
from zhengwu.model.message import Message
from zhengwu.rules.view import View

_SAYS = Message("整体 = 各部分之和", "the whole equals the sum of its parts")


def relations_along(view: View, axis: str, code: str) -> Iterator[Outcome]:
    """The relations along one axis; a gap where an item with an amount is not understood."""
    for parts in view.disclosure.parts:
        if parts.axis != axis:
            continue
        if parts.unknown:
            table = view.disclosure.tables[parts.table]
            yield Gap(
                code,
                Message(
                    f"表{table.number}《{table.title}》的“{parts.unknown}”未能识别，该合计未核对。",
                    f"Table {table.number} “{table.title}”: “{parts.unknown}” was not understood, "
                    "its total was not checked.",
                ),
            )
            continue
        terms = [Term(-1, parts.whole), *[Term(1, fact) for fact in parts.parts]]
        yield Relation(code, (*terms, *[Term(-1, fact) for fact in parts.minus]), _SAYS)
