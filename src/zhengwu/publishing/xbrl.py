"""Facts as xBRL-JSON, the open standard for reports (XBRL International, Open Information Model 1.0)."""

import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files

from zhengwu.model.fact import DIMENSIONS, Fact, Identity
from zhengwu.publishing.data_tables import decimals, plain

TAXONOMY = "zhengwu-taxonomy.xsd"
_NAMESPACES = {
    "iso4217": "http://www.xbrl.org/2003/iso4217",
    "unit": "urn:zhengwu:unit",
    "zhengwu": "urn:zhengwu:taxonomy:1",
}


def taxonomy() -> bytes:
    """The schema that says what the facts' concepts and dimensions are; it is published beside them."""
    return files(__package__).joinpath(TAXONOMY).read_bytes()


@cache
def measures() -> frozenset[str]:
    """The measures that the taxonomy has a concept for."""
    from lxml import etree

    elements = etree.fromstring(taxonomy()).iterfind("{http://www.w3.org/2001/XMLSchema}element")
    return frozenset(element.get("name") for element in elements if element.get("type") == "xbrli:monetaryItemType")


def xbrl_of(facts: Iterable[Fact], entity: str) -> bytes:
    """The report on a unit (``entity`` is its code) as xBRL-JSON.

    What is printed several times and agrees is one fact, at the highest precision. Numbers of one identity that do
    not agree are all written: a report says what the document says. Raises ValueError for a measure that the
    taxonomy lacks.
    """
    by_identity: dict[Identity, list[Fact]] = {}
    for fact in facts:
        if fact.identity is None:
            continue
        if fact.identity.measure not in measures():
            raise ValueError(
                f"分类标准 {TAXONOMY} 中没有指标“{fact.identity.measure}”；请先补充。 / "
                f"the taxonomy {TAXONOMY} has no measure {fact.identity.measure!r}; add it first"
            )
        by_identity.setdefault(fact.identity, []).append(fact)
    written = [fact for same in by_identity.values() for fact in _distinct(same)]
    report = {
        "documentInfo": {
            "documentType": "https://xbrl.org/2021/xbrl-json",
            "namespaces": _NAMESPACES,
            "taxonomy": [TAXONOMY],
        },
        "facts": {f"f{number}": _fact(fact, entity) for number, fact in enumerate(written, 1)},
    }
    return (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode()


def _distinct(facts: list[Fact]) -> list[Fact]:
    """Facts of one identity, the most precise first, without those that say the same less precisely."""
    kept: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: fact.last_place):
        if not any(_rounded(finer.value, fact.last_place) == fact.value for finer in kept):
            kept.append(fact)
    return kept


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    """``value`` to whole steps of a last printed digit."""
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _fact(fact: Fact, entity: str) -> dict[str, object]:
    identity = fact.identity
    assert identity is not None  # xbrl_of takes no other
    dimensions = {
        "concept": f"zhengwu:{identity.measure}",
        "entity": f"unit:{''.join(entity.split())}",
        "period": f"{identity.year:04d}-01-01T00:00:00/{identity.year + 1:04d}-01-01T00:00:00",
        "unit": "iso4217:CNY",
        "zhengwu:stage": identity.stage,
    }
    for name in DIMENSIONS:
        if member := getattr(identity, name):
            dimensions[f"zhengwu:{name}"] = member
    dimensions["zhengwu:aspect"] = identity.aspect
    return {"value": plain(fact.value), "decimals": decimals(fact), "dimensions": dimensions}
