"""Parts named after 其中 exceed their whole.

Checks: an amount followed by 其中 and parts: the parts together are not more than the whole; where they are
all of its parts by what they are, they are equal to it.
Why: parts are copied from another year while the whole is renewed.
Fails: 收入100万元，其中：财政拨款90万元，其他收入20万元
Passes: 收入100万元，其中：财政拨款90万元，其他收入10万元
Known gaps: whether an enumeration is complete is only known where its parts are understood.
"""

from collections import defaultdict
from collections.abc import Iterator

from zhengwu.model.fact import DIMENSIONS, Fact, Identity
from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
from zhengwu.recognition.subjects import contains
from zhengwu.rules.registry import rule
from zhengwu.rules.view import View

CODE = "enumerated-parts-exceed-whole"
_SAYS = Message("其中各项之和 ≤ 总数", "the parts named are not more than the whole")


@rule(
    title=("“其中”各项之和超过总数", "The parts named exceed their whole"),
    severity=Severity.ERROR,
    basis=("财预〔2016〕143号：数据应准确", "Publication rules (2016) No. 143: data must be exact"),
    mend=("核对总数与其中各项。", "Check the whole and the parts named after it."),
)
def check(view: View) -> Iterator[Outcome]:
    """whole >= sum of the parts; = when the parts are of one kind and made it up."""
    for whole, parts in view.disclosure.enumerations:
        if whole.identity is None or whole.identity.aspect != "amount":
            continue
        by_dimension: dict[str, list[Fact]] = defaultdict(list)
        for part in parts:
            dimension = _dimension(whole.identity, part.identity)
            if dimension:
                by_dimension[dimension].append(part)
        for siblings in by_dimension.values():
            separate = _separate(siblings)
            complete = len(separate) > 1 and sum(part.value for part in separate) == whole.value
            yield Relation(CODE, (Term(-1, whole), *[Term(1, part) for part in separate]), _SAYS, bound=not complete)


def _dimension(whole: Identity, part: Identity | None) -> str:
    """The one dimension along which ``part`` is a part of ``whole``; "" when there is none, or more than one."""
    if part is None or part.aspect != "amount" or not contains(whole, part):
        return ""
    differing = [name for name in DIMENSIONS if getattr(whole, name) != getattr(part, name)]
    return differing[0] if len(differing) == 1 else ""


def _separate(siblings: list[Fact]) -> list[Fact]:
    """The parts without those that are parts of another one, or said a second time."""
    first = {part.identity: part for part in reversed(siblings) if part.identity is not None}
    return [
        part
        for identity, part in reversed(first.items())
        if not any(contains(other, identity) for other in first if other is not identity)
    ]
