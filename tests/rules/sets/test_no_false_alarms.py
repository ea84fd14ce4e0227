"""Layouts of many provinces as a department with its units: whatever they print, sums that are right raise nothing."""

from decimal import Decimal

import pytest

from tests.support import layouts
from zhengwu.model.disclosure import Disclosure, Section
from zhengwu.model.document import Place
from zhengwu.recognition.understand import understand
from zhengwu.rules.engine import audit
from zhengwu.rules.registry import rule_named

NAMES = sorted(path.stem for path in layouts.FOLDER.glob("*.txt"))
LISTED = ("本部门预算单位包括：", "1.某某局本级", "2.某某中心")


def published(disclosure: Disclosure, unit: str, level: str, share: Decimal) -> Disclosure:
    """The document as that of ``unit``, each amount a ``share`` of what is printed."""
    kind = "决算" if disclosure.kind == "final" else "预算"
    lines = [f"{unit}{disclosure.year}年{level}{kind}", *(LISTED if level == "部门" else ())]
    facts = tuple(
        fact._replace(value=fact.value * share, last_place=fact.last_place * Decimal("0.01"))
        for fact in disclosure.facts
    )
    return disclosure._replace(
        unit=unit,
        tables=tuple(table._replace(title=table.title.replace("部门", "")) for table in disclosure.tables),
        sections=tuple(Section((), line, Place(line=number)) for number, line in enumerate(lines, 1)),
        facts=facts, claims=(),
    )  # fmt: skip


@pytest.mark.parametrize("share", [Decimal("0.5"), Decimal("0.25"), Decimal(1)])
@pytest.mark.parametrize("name", NAMES)
def test_department_of_any_layout_agrees_with_units_that_add_up(name: str, share: Decimal) -> None:
    disclosure = understand(layouts.document(layouts.written(name)))
    disclosure = disclosure._replace(kind=disclosure.kind or "budget", year=disclosure.year or 2024)
    whole = published(disclosure, "某某局", "部门", Decimal(1))
    own = published(disclosure, "某某局本级", "单位", share)
    other = published(disclosure, "某某中心", "单位", 1 - share)
    if share == 1:  # a unit that prints what it has not got as a blank
        other = other._replace(
            facts=tuple(fact for fact in other.facts if fact.identity and not fact.identity.function)
        )
    result = audit(whole._replace(others=(own, other)))
    assert not [finding for finding in result.findings if rule_named(finding.rule).family == "sets"]
    run = next(run for run in result.runs if run.rule == "documents-do-not-belong-together")
    assert (run.state.value, run.relations) == ("held", 2)
