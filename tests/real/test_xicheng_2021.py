"""The real budget of Beijing Xicheng 2021 in three formats: one document, the same facts, its true defects."""

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from tests.support.real import real
from zhengwu.audit import audit_document
from zhengwu.model.fact import Fact
from zhengwu.reading import read_path
from zhengwu.recognition.understand import understand
from zhengwu.reporting.as_json import coverage, read_report
from zhengwu.rules.engine import Audit

FORMATS = ("txt", "docx", "html")
NUMBER = re.compile(r"\d[\d,]*\.?\d*")


@cache
def audited(form: str) -> Audit:
    return audit_document(read_path(real(f"xicheng-2021-budget.{form}")))


def _identities(facts: tuple[Fact, ...]) -> Counter[Any]:
    """Facts without their places: a list's lines carry their row in the identity, which formats count alike."""
    return Counter((fact.value, fact.last_place, fact.label if fact.table >= 0 else fact.identity) for fact in facts)


@pytest.mark.parametrize("form", FORMATS)
def test_tables_and_forms_are_all_recognised(form: str) -> None:
    disclosure = audited(form).disclosure
    numbers = [table.number for table in disclosure.tables]
    chinese = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"]
    assert numbers == chinese + [f"十三-{n}" for n in range(1, 7)]
    assert all(table.kind for table in disclosure.tables)
    assert (disclosure.kind, disclosure.year, disclosure.dialect) == (
        "budget",
        2021,
        "beijing-xicheng-budget",
    )
    assert disclosure.unread == ()


@pytest.mark.parametrize("form", ["docx", "html"])
def test_formats_give_the_same_facts(form: str) -> None:
    assert _identities(audited(form).disclosure.facts) == _identities(audited("txt").disclosure.facts)


@pytest.mark.parametrize("form", FORMATS)
def test_read_holds_every_number_of_the_document(form: str) -> None:
    printed = Counter(NUMBER.findall(real("xicheng-2021-budget.txt").read_text(encoding="utf-8")))
    assert sum(printed.values()) == 1007
    report = read_report(understand(read_path(real(f"xicheng-2021-budget.{form}"))), "zh")
    texts = [section["text"] for section in report["text"]]
    for table in report["tables"]:
        texts += [*table.get("captions", []), *table.get("notes", []), table["title"] or ""]
        texts += [label for column in table["columns"] for label in column["label"]]
        texts += [cell["text"] for row in table["rows"] for cell in row["cells"]]
    assert not printed - Counter(number for text in texts for number in NUMBER.findall(text))


@pytest.mark.parametrize("form", FORMATS)
def test_audit_finds_the_true_defects_and_nothing_else(form: str) -> None:
    found = Counter(
        (
            finding.rule,
            audited(form).disclosure.tables[finding.at[0].table].number if finding.at[0].table >= 0 else "",
        )
        for finding in audited(form).findings
    )
    assert found == {
        ("whole-differs-from-parts-elsewhere", ""): 1,  # 2020: basic + projects are not the total stated
        ("unit-label-contradicts-amount", "十二"): 1,
        ("template-text-left-in", "七"): 1,  # 其中；
        ("template-text-left-in", "十三-3"): 1,  # 20××年, 目标1： …
        ("template-text-left-in", "十三-5"): 1,  # 指标1：
        ("target-period-before-year", "十三-6"): 1,  # 2020年—2020年
        ("words-mistyped", ""): 2,  # 主要是原因是, 2021部门
        ("words-mistyped", "十三-4"): 1,  # 人员度
        ("words-mistyped", "十三-5"): 1,  # 30快
    }
    sums = next(f for f in audited(form).findings if f.rule == "whole-differs-from-parts-elsewhere")
    assert {spot.quote.rstrip("元") for spot in sums.at} == {
        "63,268,913.02",
        "13,176,216.96",
        "48,968,896.06",
    }
    assert (sums.actual, sums.expected, sums.difference) == ("63268913.02", "62145113.02", "1123800.00")


@pytest.mark.parametrize("form", FORMATS)
def test_coverage_ties_95_of_100_amounts(form: str) -> None:
    numbers = coverage(audited(form))
    assert numbers["tied"] >= 0.95 * numbers["amounts"]
