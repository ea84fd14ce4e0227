"""What the audit says: relations that were evaluated, findings with their proof, states of rules."""

from enum import StrEnum
from typing import NamedTuple

from zhengwu.model.document import Place
from zhengwu.model.fact import Fact
from zhengwu.model.message import Message


class Severity(StrEnum):
    """error: cannot be true, or required and absent. warning: very likely wrong, or against the rules
    of form. info: a rounding difference in the last printed digit, or a hint."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class State(StrEnum):
    """How the run of a rule ended."""

    HELD = "held"
    BROKEN = "broken"
    NOT_APPLICABLE = "not-applicable"
    NOT_EVALUATED = "not-evaluated"


class Spot(NamedTuple):
    """A place with what is printed there. ``table`` is the index of the table, -1 in the narrative.
    ``document`` is 0 in the audited document, n in the n-th given with it."""

    place: Place
    quote: str
    table: int = -1
    document: int = 0


class Term(NamedTuple):
    """One side's summand in a linear relation: ``sign`` times the fact's value."""

    sign: int
    fact: Fact


class Relation(NamedTuple):
    """Something that must hold between facts.

    Linear: the terms with sign -1 are the whole, those with +1 the parts; their sum must be zero. With
    ``ratio`` set, the first term is the printed per cent, the next ``above`` terms are summed up to the
    numerator and the rest to the denominator: 100 * numerator / denominator must be the printed per cent.
    ``says`` names the relation for people. ``bound`` turns "= 0" into "<= 0" (a part cannot exceed its whole).
    """

    rule: str
    terms: tuple[Term, ...]
    says: Message
    ratio: str = ""  # "" | share | change | completion
    bound: bool = False
    above: int = 1


class Finding(NamedTuple):
    """One defect, with every place that takes part in it."""

    rule: str
    severity: Severity
    message: Message
    at: tuple[Spot, ...]
    expected: str | None = None
    actual: str | None = None
    difference: str | None = None
    steps: tuple[Message, ...] = ()  # the arithmetic written out, a line each


class Gap(NamedTuple):
    """A relation that could not be evaluated, and why."""

    rule: str
    reason: Message


class Held(NamedTuple):
    """So many relations without amounts (a name, a presence) that hold: counted, never suspected."""

    rule: str
    relations: int = 1


class RuleRun(NamedTuple):
    """How a rule ended on this document, over how many relations."""

    rule: str
    state: State
    relations: int
    reason: Message | None = None


Outcome = Relation | Finding | Gap | Held
