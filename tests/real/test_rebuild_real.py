"""Ledgers rebuilt from the real published budgets: what they must hold, and what must be said to be unknown."""

from functools import cache

import pytest

from tests.support.real import real
from zhengwu.audit import disclosure_of
from zhengwu.dialects import dialect_named
from zhengwu.ledger.amounts import Amounts
from zhengwu.ledger.compare import comparison, comparison_html, comparison_json, comparison_text
from zhengwu.ledger.model import Ledger
from zhengwu.ledger.rebuild import rebuilt
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.message import Message, RefusedError
from zhengwu.publishing.as_document import document_of
from zhengwu.publishing.compose import publication_of
from zhengwu.reading import read_path
from zhengwu.recognition.understand import understand
from zhengwu.recognition.words import label_of
from zhengwu.reporting.width import width

XICHENG = ("xicheng-2021-budget.docx", "xicheng-2021-budget.txt", "xicheng-2021-budget.html")
PUTUO = ("govoffice-2025-budget.pdf", "govoffice-unit-2025-budget.pdf")


@cache
def disclosed(name: str) -> Disclosure:
    return disclosure_of(read_path(real(name)))


@cache
def ledger_of(name: str) -> tuple[Ledger, tuple[Message, ...]]:
    return rebuilt(disclosed(name))


def said(name: str, *words: str) -> bool:
    return any(all(word in message.zh for word in words) for message in ledger_of(name)[1])


@pytest.mark.parametrize("name", XICHENG)
def test_xicheng_gives_the_ledger_of_its_tables(name: str) -> None:
    ledger = ledger_of(name)[0]
    amounts = Amounts(ledger)
    assert (ledger.budget.year, ledger.budget.code, ledger.budget.scope) == (2021, "299001", "department")
    assert len(ledger.lines) == 39
    assert amounts.spent() == amounts.income() == 63_234_665_44
    assert amounts.spent(nature="basic") == 15_470_540_24
    assert amounts.spent(nature="personnel") == 13_987_144_00
    assert amounts.projects["工作经费"] == 3_400_000_00
    assert {row.subject: row.amount for row in ledger.last_year} == {
        "basic": 13_176_216_96,
        "project": 48_968_896_06,
        "operating": 812_725_60,
    }
    assert {row.item: row.last for row in ledger.three_public}["reception"] == 5_221_56
    assert amounts.purchased() == 25_147_380_00
    assert sum(amounts.projects[name] for name in amounts.with_targets) == 45_281_249_50
    assert len(ledger.projects) == 11


@pytest.mark.parametrize("name", XICHENG)
def test_xicheng_gives_targets_indicators_and_sentences(name: str) -> None:
    ledger = ledger_of(name)[0]
    assert len(ledger.targets) == 6
    assert all(target.annual_goal for target in ledger.targets)
    assert [(row.midterm_from, row.midterm_to) for row in ledger.targets][:3] == [
        (2021, 2022),
        (2021, 2027),
        (None, None),
    ]
    assert ledger.targets[1].midterm_fiscal == 16_380_624_00
    assert sum(row.period == "midterm" for row in ledger.indicators) == 12
    assert all(row.name and row.value for row in ledger.indicators)
    assert not any(row.name.startswith(("指标1", "……")) for row in ledger.indicators)
    staff = ledger.units[0]
    assert (staff.posts_administrative, staff.posts_institution, staff.staff, staff.retired) == (27, 25, 47, 2)
    assert [row.subject for row in ledger.reasons] == ["income", "basic", "project", "operating"]
    assert [(row.year, str(row.score)) for row in ledger.evaluations] == [(2019, "84.5")]
    assert (len(ledger.duties), len(ledger.divisions)) == (5, 6)
    assert [row.kind for row in ledger.department_targets] == ["goal"] * 2 + ["indicator"] * 5


@pytest.mark.parametrize("name", XICHENG[1:])
def test_xicheng_gives_the_same_ledger_from_every_format(name: str) -> None:
    first, unknown = ledger_of(XICHENG[0])
    other, unknown_too = ledger_of(name)
    assert other._replace(source="") == first._replace(source="")
    assert unknown_too == unknown


@pytest.mark.parametrize("name", XICHENG)
def test_xicheng_hands_on_no_person_and_no_telephone_number(name: str) -> None:
    ledger, unknown = ledger_of(name)
    everything = repr(ledger) + repr(unknown)
    personal = [
        value.text.strip()
        for table in disclosed(name).tables
        if table.kind == "target_form"
        for row in table.rows
        for label, value in zip(row.cells, row.cells[1:], strict=False)
        if label and value and label_of(label.text) in ("项目负责人", "联系电话")
    ]
    assert len(personal) >= 12
    assert not [text for text in personal if text and text in everything]
    assert said(name, "个人信息不公开")


@pytest.mark.parametrize("name", XICHENG)
def test_xicheng_publishes_again_with_the_tables_of_the_real_document(name: str) -> None:
    ledger = ledger_of(name)[0]
    again = understand(document_of(publication_of(ledger, dialect_named(ledger.budget.dialect))))

    def amounts(disclosure: Disclosure) -> set[tuple[object, ...]]:
        return {
            (fact.identity._replace(item=""), fact.value)
            for fact in disclosure.facts
            if fact.identity
            and fact.table >= 0
            and fact.value
            # The real form of the whole department says 万元 over amounts in yuan.
            and disclosure.tables[fact.table].kind != "whole_target"
        }

    assert amounts(disclosed(name)) - amounts(again) == set()


@pytest.mark.parametrize("name", PUTUO)
def test_putuo_gives_lines_by_function_and_says_what_it_does_not_print(name: str) -> None:
    ledger = ledger_of(name)[0]
    amounts = Amounts(ledger)
    assert amounts.spent() == amounts.income() == 91_016_775_35
    assert amounts.spent(nature="basic") == 24_606_775_35
    assert len(ledger.lines) == 14
    assert {line.departmental for line in ledger.lines} == {""}
    assert ledger.income[0].last == 114_912_000_00
    assert {row.item: row.last for row in ledger.three_public} == {
        "abroad": 8_390_000_00, "reception": 285_000_00, "car_purchase": 0, "car_operation": 0,
    }  # fmt: skip
    assert [row.subject for row in ledger.reasons] == ["fiscal"]
    assert len(ledger.purposes) == 12
    for words in (
        ("经济分类没有印出", "301 21,170,337.81"),
        ("没有逐个项目列示", "66,410,000.00"),
        ("政府采购没有逐个项目印出", "340,000.00"),
        ("编报绩效目标", "11 个项目", "66,260,000.00"),
        ("部门代码没有印出",),
        ("上年的", "基本支出", "机关运行经费"),
    ):
        assert said(name, *words), words


def test_putuo_department_and_unit_differ_in_scope_and_texts_only() -> None:
    department, unit = (ledger_of(name)[0] for name in PUTUO)
    assert (department.budget.scope, unit.budget.scope) == ("department", "unit")
    assert department.lines == unit.lines
    assert (len(department.divisions), len(unit.divisions)) == (0, 10)
    assert [bool(project.overview) for project in department.projects] == [True]


@pytest.mark.parametrize("name", ["final-template-2024.pdf", "finance-2024-final-seeded-errors.pdf"])
def test_final_accounts_are_refused(name: str) -> None:
    with pytest.raises(RefusedError) as refused:
        rebuilt(disclosed(name))
    assert refused.value.code == "final-accounts"


def test_real_documents_compare_in_both_languages() -> None:
    found = comparison(ledger_of(XICHENG[0])[0], ledger_of(PUTUO[0])[0])
    for language in ("zh", "en"):
        text = comparison_text(found, language)
        assert max(width(line) for line in text.split("\n")) <= 80
        assert "<svg" in comparison_html(found, language)
    groups = {group["key"]: group for group in comparison_json(found)["groups"]}
    assert groups["departmental"]["rows"][-1]["this"] == "91016775.35"
    assert groups["nature"]["rows"][0]["difference"] == "9136235.11"
