"""The parts of a whole along a dimension, wherever in the document they are printed."""

from zhengwu.dialects import complete, tree
from zhengwu.model.fact import Fact, Identity
from zhengwu.rules.view import Family, View

# What can be made up of parts that stand in different places, by the dimension of the parts.
_MEASURES = {
    "nature": ("expenditure",),
    "fund": ("expenditure", "income", "outflow", "carry_out"),
    "item": ("three_public", "procurement"),
}


def parts_of(view: View, identity: Identity, dimension: str, member: str, family: Family) -> list[Fact]:
    """The parts of a whole along a dimension, or none when an indispensable one is missing."""
    if identity.measure not in _MEASURES[dimension]:
        return []
    needed = complete(dimension).get(member)
    if needed is None and dimension == "item":
        needed = complete(identity.measure).get(member)
    if needed is None:
        return []
    found: list[Fact] = []
    for part in tree(dimension)[member]:
        if part in family:
            found.append(family[part][1])
            continue
        spent = _spent_on(view, identity, part) if identity.measure == "outflow" else None
        if spent is not None:
            found.append(spent)
        elif part in needed or may_be_used(view, identity, dimension, part):
            return []
    return found


def _spent_on(view: View, outflow: Identity, fund: str) -> Fact | None:
    """A fund's expenditure, which is its outflow when nothing is carried over."""
    return view.agreed.get(outflow._replace(measure="expenditure", fund=fund)) if view.nothing_carried else None


def may_be_used(view: View, whole: Identity, dimension: str, part: str) -> bool:
    """Whether a part that is not printed for this whole may still be something. Of this year's amounts it
    may where it is printed as an amount in general; of a change or another year, where it is printed at all:
    what is zero today need not have been. A fund that lists its codes has nothing under codes it does not
    list; one that is not divided into basic and project may be either."""
    fund = part if dimension == "fund" else whole.fund
    nature = part if dimension == "nature" else whole.nature
    item = part if dimension == "item" else whole.item
    printed = view.agreed.get(Identity(whole.measure, view.year, whole.stage, "", "", "", fund, nature, item))
    if whole.aspect != "amount" or whole.year != view.year:
        return printed is not None
    if dimension != "fund":
        return printed is not None and bool(printed.value)
    if whole.function and fund in view.codes_of_fund:
        own = view.agreed.get(whole._replace(fund=fund, nature=""))
        return whole.function in view.codes_of_fund[fund] and (own is None or bool(own.value))
    if printed is None and nature:
        printed = view.agreed.get(Identity(whole.measure, view.year, whole.stage, fund=fund, item=item))
    return printed is not None and bool(printed.value)
