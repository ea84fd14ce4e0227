"""One defect between two documents, seen at every level: an item, its 款, its 类, the total all differ by it.

Within a document the sums lead to the one wrong number. Two documents, each right in itself, differ at every level
above the item that differs: these relations have one difference, and are one finding.
"""

from zhengwu.model.finding import Relation
from zhengwu.rules.evaluation import Evaluated


def spans_documents(relation: Relation) -> bool:
    """Whether a relation is one between documents."""
    return any(term.fact.document for term in relation.terms)


def same_difference(found: list[Evaluated], broken: list[Evaluated]) -> list[Evaluated]:
    """All broken relations between the same documents that differ by as much as those ``found``, from the item up;
    none when something within a document is broken too, which tells more."""
    if not all(spans_documents(item.relation) for item in found):
        return []
    first = found[0]
    alike = [item for item in broken if _alike(first, item)]
    if len(alike) <= len(found) or any(item not in alike for item in found):
        return []
    return sorted(alike, key=_depth, reverse=True)


def _alike(one: Evaluated, other: Evaluated) -> bool:
    if one.relation.rule != other.relation.rule or _documents(one) != _documents(other):
        return False
    steps = max(term.fact.last_place for item in (one, other) for term in item.relation.terms)
    return abs(abs(one.residual) - abs(other.residual)) < steps


def _documents(item: Evaluated) -> set[int]:
    return {term.fact.document for term in item.relation.terms}


def _depth(item: Evaluated) -> tuple[int, int]:
    """How exact the identity is: the longest code, the most dimensions."""
    identity = item.relation.terms[0].fact.identity
    if identity is None:
        return 0, 0
    code = max(len(identity.function), len(identity.departmental), len(identity.government))
    return code, sum(1 for member in (identity.fund, identity.nature, identity.item) if member)
