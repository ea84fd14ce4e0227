"""Parts named after 其中 exceed their whole.

Checks: an amount followed by 其中 and parts: the parts together are not more than the whole; where they are
all of its parts by what they are, they are equal to it.
Why: parts are copied from another year while the whole is renewed.
Fails: 收入100万元，其中：财政拨款90万元，其他收入20万元
Passes: 收入100万元，其中：财政拨款90万元，其他收入10万元
Known gaps: whether an enumeration is complete is only known where its parts are understood.
"""

from collections.abc import Iterator

from zhengwu.model.fact import Fact
from zhengwu.model.finding import Outcome, Relation, Severity, Term
from zhengwu.model.message import Message
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
def RULE(view: View) -> Iterator[Outcome]:
    """whole >= sum of the parts; = when the parts are of one kind and made it up."""
    for whole, parts in view.disclosure.enumerations:
        siblings = [part for part in parts if _comparable(whole, part)]
        if not siblings or whole.identity is None:
            continue
        total = sum(part.value for part in siblings)
        complete = len(siblings) > 1 and total == whole.value
        yield Relation(
            CODE, (Term(-1, whole), *[Term(1, part) for part in siblings]), _SAYS, bound=not complete
        )


def _comparable(whole: Fact, part: Fact) -> bool:
    """A part of the same measure, year and kind: one step below the whole, not a part of a part."""
    a, b = whole.identity, part.identity
    if a is None or b is None or a.aspect != "amount" or b.aspect != "amount":
        return False
    if (a.measure, a.year, a.stage, a.function) != (b.measure, b.year, b.stage, b.function):
        return False
    differing = [name for name in ("fund", "nature", "item") if getattr(a, name) != getattr(b, name)]
    return len(differing) == 1 and getattr(a, differing[0]) == ""
