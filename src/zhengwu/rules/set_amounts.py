"""What one document says of an amount that another prints: the amount, that it is nothing, or not known."""

from collections import defaultdict
from collections.abc import Iterator

from zhengwu.dialects import tree
from zhengwu.model.fact import Fact, Identity
from zhengwu.rules.view import View

MEASURES = ("income", "expenditure", "outflow", "three_public", "operating", "procurement")
_OUTLINED = ("nature", "fund", "item")  # dimensions whose tree is data; that of codes is in the codes
_CODED = ("function", "departmental", "government")
_FUNDS = ("general", "government_fund", "state_capital")
_INSIDE = (("superior", "affiliated"), ("remit", "subsidy"))  # funds and natures
_FISCAL = ("fiscal", *_FUNDS)
_STEPS = 4  # wholes above one another that are asked


def is_comparable(identity: Identity) -> bool:
    """Whether an amount is one that other documents print too; a line of a list is not."""
    return identity.measure in MEASURES and identity.aspect == "amount" and "#" not in identity.item


def moved_inside(view: View) -> bool:
    """Whether the document prints money that the units of one department may have paid each other: a
    department's total leaves it out."""
    return any(
        fact.value and (identity.fund in _INSIDE[0] or identity.nature in _INSIDE[1])
        for identity, fact in view.agreed.items()
    )


def is_fiscal(identity: Identity) -> bool:
    """Whether an amount is of fiscal appropriation alone, which units do not pay each other."""
    return identity.fund in _FISCAL or identity.measure == "three_public"


class Amounts:
    """The amounts of one document, asked by identity."""

    def __init__(self, view: View) -> None:
        self.agreed = view.agreed
        self._codes: dict[tuple[str, Identity], set[str]] = defaultdict(set)
        for identity in self.agreed:
            for dimension in _CODED:
                code = getattr(identity, dimension)
                if code:
                    self._codes[dimension, _with(identity, dimension, "")].add(code)

    def known(self, identity: Identity) -> tuple[Fact | None, bool]:
        """(the fact, whether the amount is known). Known and no fact: it is nothing, as something that it is
        a part of is nothing, or has all its amount in other parts."""
        fact = self.agreed.get(identity)
        return (fact, True) if fact is not None else (None, self._nothing(identity, _STEPS))

    def _nothing(self, identity: Identity, steps: int) -> bool:
        if not steps:
            return False
        for whole, parts in self._wholes(identity):
            printed = self.agreed.get(whole)
            if printed is None:
                if self._nothing(whole, steps - 1):
                    return True
                continue
            others = [self.agreed[part] for part in parts if part != identity and part in self.agreed]
            if sum(fact.value for fact in others) == printed.value:
                return True
        return False

    def _wholes(self, identity: Identity) -> Iterator[tuple[Identity, list[Identity]]]:
        """What an amount is a part of, each with all its parts."""
        for dimension in _OUTLINED:
            member = getattr(identity, dimension)
            for whole, parts in tree(dimension).items():
                if member in parts:
                    yield _with(identity, dimension, whole), [_with(identity, dimension, part) for part in parts]
            if dimension == "fund" and member in _FUNDS:
                yield _with(identity, "fund", ""), [_with(identity, "fund", part) for part in _FUNDS]
        for dimension in _CODED:
            code = getattr(identity, dimension)
            if not code:
                continue
            above = code[:-2] if len(code) > 3 else ""
            beside = [
                other
                for other in self._codes[dimension, _with(identity, dimension, "")]
                if len(other) == len(code) and other.startswith(above)
            ]
            yield _with(identity, dimension, above), [_with(identity, dimension, other) for other in beside]


def _with(identity: Identity, dimension: str, member: str) -> Identity:
    position = Identity._fields.index(dimension)
    return Identity._make((*identity[:position], member, *identity[position + 1 :]))
