"""Open data: valid in the standards it claims, equal in all its formats, adding up to the budget."""

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import pytest

from zhengwu.dialects import dialects, kinds, members
from zhengwu.ledger.load import load
from zhengwu.ledger.model import (
    Budget,
    ExtraCode,
    Income,
    Indicator,
    Ledger,
    Line,
    Project,
    Target,
    Unit,
)
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Place
from zhengwu.model.fact import Fact, Identity
from zhengwu.publishing.as_data import csv_of, data_files
from zhengwu.publishing.as_document import document_of
from zhengwu.publishing.compose import publication_of
from zhengwu.publishing.data_tables import DataTable, Field, decimals, lines_table, plain
from zhengwu.publishing.package import package_of
from zhengwu.publishing.parquet import parquet_of
from zhengwu.publishing.xbrl import measures, taxonomy, xbrl_of
from zhengwu.reading import read_path
from zhengwu.recognition.understand import understand

ROOT = Path(__file__).parents[2]
HOSTILE = '=1+1,"引号"\n第二行\r\n\''

LEDGER = Ledger(
    "test",
    Budget(2021, "107001", "示例区政务服务管理局", "department", "beijing-xicheng-budget"),
    units=(Unit("107001", "示例区政务服务管理局", "agency"), Unit("107002", "示例区政务服务中心", "institution")),
    income=(Income("general", 1_234_650, 0), Income("other", 5, 0)),
    lines=(
        Line("107001", "2010301", "50101", "30101", "basic", "人员支出_基本工资", "general", 1_000_000),
        Line("107001", "2010302", "50201", "30201", "project", HOSTILE, "general", 234_649),
        Line("107002", "2019999", "50599", "39988", "project", "热线", "other", 6),
    ),
    projects=(Project("热线", True, overview="概述\n第二段"), Project("空", False)),
    targets=(Target("热线", 2021, 2023, 100, None, "", "年度目标"),),
    indicators=(
        Indicator("热线", "annual", "quantity", "坐席", "100席"),
        Indicator("热线", "annual", "cost", "总成本", "≤0.06元"),
    ),
    codes=(ExtraCode("departmental", "39988", "自定义科目"),),
)


@pytest.fixture(scope="module")
def disclosure() -> Disclosure:
    return understand(read_path(ROOT / "examples" / "faulty-budget.docx"))


@pytest.fixture(scope="module")
def files(disclosure: Disclosure) -> dict[str, bytes]:
    return data_files(LEDGER, disclosure, "示例区政务服务管理局2021年部门预算")


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def fact(value: str, step: str = "0.01", **more: object) -> Fact:
    identity = Identity("expenditure", 2021)._replace(**more)
    return Fact(Decimal(value), Decimal(step), identity, Place(), value)


def dimensions(data: bytes) -> list[tuple[str, int]]:
    return [(fact["value"], fact["decimals"]) for fact in json.loads(data)["facts"].values()]


# --- the tables ---


def test_files_are_those_of_the_sheets_that_have_rows(files: dict[str, bytes], disclosure: Disclosure) -> None:
    assert list(files) == [
        "lines.csv", "facts.csv", "income.csv", "projects.csv", "targets.csv", "indicators.csv", "lines.parquet",
        "facts.parquet", "facts.xbrl.json", "zhengwu-taxonomy.xsd", "datapackage.json",
    ]  # fmt: skip
    bare = data_files(LEDGER._replace(income=(), projects=(), targets=(), indicators=()), disclosure, "x")
    assert {"income.csv", "projects.csv", "targets.csv", "indicators.csv"}.isdisjoint(bare)


def test_lines_add_up_to_the_ledger(files: dict[str, bytes]) -> None:
    assert sum(Decimal(row["amount"]) for row in rows(files["lines.csv"])) == Decimal("12346.55")


def test_lines_of_the_example_add_up_to_the_expenditure_it_publishes() -> None:
    ledger = load(ROOT / "examples" / "xicheng-2021")
    dialect = next(one for one in dialects() if one.key == ledger.budget.dialect)
    published = understand(document_of(publication_of(ledger, dialect)))
    files = data_files(ledger, published, "x")
    (total,) = {
        row["value"]
        for row in rows(files["facts.csv"])
        if [*row.values()][1:11] == ["outflow", "2021", "budget", *[""] * 6, "amount"]
    }
    assert sum(Decimal(row["amount"]) for row in rows(files["lines.csv"])) == Decimal(total) == Decimal("63234665.44")


def test_line_has_each_level_with_its_name(files: dict[str, bytes]) -> None:
    first, _, last = rows(files["lines.csv"])
    assert [first[key] for key in ("line", "year", "unit", "unit_name", "amount")] == [
        "1", "2021", "107001", "示例区政务服务管理局", "10000.00",
    ]  # fmt: skip
    assert [first[f"function_{level}"] for level in ("class", "group", "item")] == ["201", "20103", "2010301"]
    assert first["function_item_name"] == "行政运行"
    assert (first["government_group_name"], first["departmental_group_name"]) == ("工资奖金津补贴", "基本工资")
    assert (first["nature_name"], first["fund_name"]) == ("基本支出", "一般公共预算拨款")
    assert last["departmental_group_name"] == "自定义科目"  # what the ledger adds to the classification


def test_short_code_leaves_the_levels_below_empty() -> None:
    ledger = LEDGER._replace(lines=(LEDGER.lines[0]._replace(function="20103", government="", departmental="301"),))
    (row,) = rows(csv_of(lines_table(ledger)))
    assert (row["function_group"], row["function_item"], row["government_class"]) == ("20103", "", "")


def test_texts_stay_as_they_are(files: dict[str, bytes]) -> None:
    assert rows(files["lines.csv"])[1]["project"] == HOSTILE


def test_other_sheets_are_the_ledgers_rows(files: dict[str, bytes]) -> None:
    assert rows(files["income.csv"])[0] == {"fund": "general", "amount": "12346.50", "last": "0.00", "carry_out": ""}
    assert [row["targets"] for row in rows(files["projects.csv"])] == ["true", "false"]
    assert rows(files["targets.csv"])[0]["midterm_fiscal"] == "1.00"


def test_facts_are_the_printed_amounts_with_identity(files: dict[str, bytes], disclosure: Disclosure) -> None:
    found = rows(files["facts.csv"])
    known = [fact for fact in disclosure.facts if fact.identity is not None and fact.unit != "%"]
    assert [row["quote"] for row in found] == [fact.quote for fact in known]
    assert found[0] == {
        "fact": "1", "measure": "income", "year": "2021", "stage": "budget", "function": "", "government": "",
        "departmental": "", "fund": "fiscal", "nature": "", "item": "", "aspect": "amount", "value": "63234665.44",
        "decimals": "2", "table": "1", "table_title": "2021年部门财务收支预算总表", "row": "2", "column": "2",
        "quote": "63,234,665.44", "label": "财政拨款收入 预算数",
    }  # fmt: skip
    assert found[-1]["table"] == ""  # the narrative


def test_same_input_gives_the_same_bytes(files: dict[str, bytes], disclosure: Disclosure) -> None:
    assert data_files(LEDGER, disclosure, "示例区政务服务管理局2021年部门预算") == files


@pytest.mark.parametrize(
    ("value", "step", "text", "places"),
    [
        ("63234665.44", "0.01", "63234665.44", 2),
        ("3400000.0000", "1E+2", "3400000.00", -2),
        ("1E+4", "1E+4", "10000.00", -4),
        ("1.2345", "0.0001", "1.2345", 4),
        ("-0.5", "0.1", "-0.50", 1),
        ("0", "1", "0.00", 0),
    ],
)
def test_amounts_are_plain_decimals_with_their_precision(value: str, step: str, text: str, places: int) -> None:
    assert (plain(Decimal(value)), decimals(fact(value, step))) == (text, places)


# --- Parquet ---


@pytest.mark.parametrize("name", ["lines", "facts"])
def test_parquet_equals_csv(folder: Path, name: str) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{folder}/{name}.parquet'")
        names = [column[0] for column in found.description]
        types = {column[0]: str(column[1]) for column in found.description}
        read = found.fetchall()
    texts = [dict(zip(names, ("" if cell is None else str(cell) for cell in row), strict=True)) for row in read]
    assert texts == rows((folder / f"{name}.csv").read_bytes())
    assert types["amount" if name == "lines" else "value"].startswith("DECIMAL(18,2)")


def test_parquet_keeps_more_decimals_than_two(tmp_path: Path) -> None:
    table = DataTable("t", "", "", (Field("v", "number"), Field("b", "boolean")), (("1.2345", "true"), ("", "")))
    path = tmp_path / "t.parquet"
    path.write_bytes(parquet_of(table, csv_of(table)))
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT * FROM '{path}'").fetchall() == [(Decimal("1.2345"), True), (None, None)]


def test_parquet_takes_long_and_empty_tables(tmp_path: Path) -> None:
    fields = (Field("t"), Field("n", "integer"))
    for texts in ((), (("长" * 1_000_000, "1"), ("a\rb", "2"), (' " ', "3"))):
        table = DataTable("t", "", "", fields, texts)
        path = tmp_path / "t.parquet"
        path.write_bytes(parquet_of(table, csv_of(table)))
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT t, n FROM '{path}'").fetchall()
        assert [(text, str(number)) for text, number in found] == list(texts)


# --- the package ---


def test_package_is_valid_with_its_data(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "fieldName", "rowNumber", "message"])
    assert report.stats["tasks"] == 6


def test_package_finds_a_changed_amount(folder: Path) -> None:
    path = folder / "lines.csv"
    path.write_bytes(path.read_bytes().replace(b"10000.00", b"10000.01"))
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_package_names_fiscal_concepts_keys_and_constants(files: dict[str, bytes]) -> None:
    package = json.loads(files["datapackage.json"])
    assert (package["profile"], package["name"]) == ("tabular-data-package", "zhengwu-107001-2021-budget")
    assert "licenses" not in package
    lines = package["resources"][0]["schema"]
    concepts = [field["columnType"] for field in lines["fields"]]
    assert len(set(concepts)) == len(concepts)  # a concept is one column
    assert {"value", "date:fiscal-year", "functional-classification:generic:level3:code"} < set(concepts)
    constants = {field["columnType"]: field["constant"] for field in lines["extraFields"]}
    assert (constants["value-currency:code"], constants["direction"]) == ("CNY", "expenditure")
    keys = {one["name"]: one["schema"].get("primaryKey") for one in package["resources"]}
    assert keys == {
        "lines": ["line"], "facts": ["fact"], "income": ["fund"], "projects": ["name"], "targets": ["project"],
        "indicators": ["project", "period", "kind", "name"],
    }  # fmt: skip
    assert {file["path"] for file in package["files"]} == {
        "lines.parquet", "facts.parquet", "facts.xbrl.json", "zhengwu-taxonomy.xsd",
    }  # fmt: skip


def test_key_that_does_not_hold_is_not_claimed(disclosure: Disclosure) -> None:
    twice = LEDGER._replace(projects=(LEDGER.projects[0], LEDGER.projects[0]))
    package = json.loads(data_files(twice, disclosure, "x")["datapackage.json"])
    (projects,) = (one for one in package["resources"] if one["name"] == "projects")
    assert "primaryKey" not in projects["schema"]


def test_name_of_the_package_keeps_to_its_letters() -> None:
    ledger = LEDGER._replace(budget=LEDGER.budget._replace(code="甲 1/A"))
    assert re.fullmatch(r"[-a-z0-9._/]+", json.loads(package_of(ledger, (), {}, "x", "final"))["name"])


# --- XBRL ---


@pytest.fixture(scope="module")
def report(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The report as Arelle, the open-source XBRL processor, loads and validates it without a network."""
    from arelle.api.Session import Session
    from arelle.RuntimeOptions import RuntimeOptions

    folder = tmp_path_factory.mktemp("xbrl")
    for name in ("facts.xbrl.json", "zhengwu-taxonomy.xsd"):
        (folder / name).write_bytes(files[name])
    options = RuntimeOptions(
        entrypointFile=str(folder / "facts.xbrl.json"),
        internetConnectivity="offline",
        keepOpen=True,
        validate=True,
        plugins="loadFromOIM",
        disablePersistentConfig=True,
    )
    with Session() as session:
        assert session.run(options)
        (model,) = session.get_models()
        yield model


def test_xbrl_report_is_valid(report: object) -> None:
    assert report.errors == []  # type: ignore[attr-defined]


def test_xbrl_report_has_each_fact_once(report: object, disclosure: Disclosure) -> None:
    known = {fact.identity for fact in disclosure.facts if fact.identity is not None and fact.unit != "%"}
    loaded = report.facts  # type: ignore[attr-defined]
    assert {fact.concept.qname.localName for fact in loaded} == {identity.measure for identity in known if identity}
    assert len(known) <= len(loaded) <= len(known) + 3  # the faulty example contradicts itself in few places
    assert all(fact.unit.value == "CNY" and fact.xValue == Decimal(fact.value) for fact in loaded)
    assert {name.localName for fact in loaded for name in fact.context.qnameDims} >= {"stage", "function", "aspect"}


def test_xbrl_taxonomy_labels_each_concept(report: object) -> None:
    for name in measures():
        concept = next(iter(report.nameConcepts[name]))  # type: ignore[attr-defined]
        assert concept.label(lang="zh") != concept.label(lang="en")


def test_xbrl_agreeing_facts_are_one_at_the_highest_precision() -> None:
    same = [fact("12350000.00", "1E+4"), fact("12345678.90"), fact("12345700", "1E+2"), fact("12345678.90")]
    assert dimensions(xbrl_of(same, "1")) == [("12345678.90", 2)]


def test_xbrl_facts_that_contradict_are_all_written() -> None:
    assert dimensions(xbrl_of([fact("1.00"), fact("2.00"), fact("3.00", fund="general")], "1")) == [
        ("1.00", 2), ("2.00", 2), ("3.00", 2),
    ]  # fmt: skip


def test_xbrl_names_only_the_dimensions_that_are_not_whole() -> None:
    (only,) = json.loads(xbrl_of([fact("1.00", function="201", item="热线#8.1", aspect="change")], " 107 001"))[
        "facts"
    ].values()
    assert only["dimensions"] == {
        "concept": "zhengwu:expenditure", "entity": "unit:107001",
        "period": "2021-01-01T00:00:00/2022-01-01T00:00:00", "unit": "iso4217:CNY", "zhengwu:stage": "budget",
        "zhengwu:function": "201", "zhengwu:item": "热线#8.1", "zhengwu:aspect": "change",
    }  # fmt: skip


def test_xbrl_unknown_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="no measure 'weather'"):
        xbrl_of([fact("1.00", measure="weather")], "1")


def test_taxonomy_has_every_measure_of_the_vocabulary_and_the_code() -> None:
    named = {dict(entry.facts).get("measure") for entry in (*kinds(), *members())} - {None}
    pattern = re.compile(r"""["']?measure["']?(?:\])?\s*[:=]\s*["'](\w+)["']|\bIdentity\(["'](\w+)["']""")
    for path in (ROOT / "src/zhengwu/recognition").glob("*.py"):
        for found in pattern.findall(path.read_text(encoding="utf-8")):
            named |= {measure for measure in found if measure}
    from zhengwu.recognition.columns import _OWN_MEASURES
    from zhengwu.recognition.subjects import SPECIAL

    named |= {*SPECIAL, *(measure for _, measure in _OWN_MEASURES)}
    assert named <= measures()
    assert len(named) > 10


def test_taxonomy_is_the_file_that_is_published(files: dict[str, bytes]) -> None:
    assert files["zhengwu-taxonomy.xsd"] == taxonomy()
