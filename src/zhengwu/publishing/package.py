"""The descriptor of the open data: a Tabular Data Package (Frictionless Data 1.0) whose columns say what fiscal
concepts they hold (Fiscal Data Package 1.0, ``columnType``)."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from zhengwu.ledger.model import Ledger
from zhengwu.publishing.data_tables import DataTable, Field

_TAXONOMY = "https://frictionlessdata.io/taxonomies/fiscal/budgets.json"
_MEDIA = {"parquet": "application/vnd.apache.parquet", "json": "application/json", "xsd": "application/xml"}
_GOVERNMENT = "economic-classification:government"


def package_of(
    ledger: Ledger,
    tables: tuple[DataTable, ...],
    files: Mapping[str, bytes],
    title: str,
    stage: str,
) -> bytes:
    """datapackage.json for the CSV files of ``tables``; the other ``files`` are named under ``files``, for a
    tabular package holds tables as text only. No licence is claimed: that is the publisher's to say."""
    budget = ledger.budget
    name = re.sub(r"[^a-z0-9._-]+", "-", f"zhengwu-{budget.code}-{budget.year}-{stage}".lower()).strip("-")
    csv = {f"{table.name}.csv" for table in tables}
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "columnTypes": [_TAXONOMY, _government_types()],
        "resources": [_resource(table, files[f"{table.name}.csv"], ledger, stage) for table in tables],
        "files": [_file(path, data) for path, data in files.items() if path not in csv],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _government_types() -> list[dict[str, object]]:
    """China classifies twice by economic kind: the government's budget, and the department's."""
    types: list[dict[str, object]] = []
    for level in (1, 2):
        code = f"{_GOVERNMENT}:level{level}:code"
        prior = {"prior": f"{_GOVERNMENT}:level1:code"} if level == 2 else {}
        types.append({"name": code, "dataType": "string", "unique": True, **prior})
        types.append({"name": f"{_GOVERNMENT}:level{level}:label", "dataType": "string", "labelOf": code})
    return types


def _file(path: str, data: bytes) -> dict[str, object]:
    ending = path.rpartition(".")[2]
    return {"path": path, "format": ending, "mediatype": _MEDIA[ending], **_size(data)}


def _size(data: bytes) -> dict[str, object]:
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def _resource(table: DataTable, data: bytes, ledger: Ledger, stage: str) -> dict[str, object]:
    schema: dict[str, object] = {"fields": [_field(field) for field in table.fields], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.name == "lines":
        schema["extraFields"] = _constants(ledger, stage)
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_size(data),
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": schema,
    }


def _field(field: Field) -> dict[str, object]:
    constraints: dict[str, Any] = {}
    if field.required:
        constraints["required"] = True
    if field.enum:
        constraints["enum"] = list(field.enum)
    if field.minimum is not None:
        constraints["minimum"] = field.minimum
    if field.pattern:
        constraints["pattern"] = field.pattern
    optional = {"description": field.description, "columnType": field.concept, "constraints": constraints}
    return {
        "name": field.name,
        "type": field.type,
        "title": field.title,
        **{key: value for key, value in optional.items() if value},
    }


def _constants(ledger: Ledger, stage: str) -> list[dict[str, object]]:
    """What is the same in all lines (Fiscal Data Package 1.0, constant fields)."""
    department = "administrative-classification:generic:level1"
    values = (
        ("department", f"{department}:code", ledger.budget.code),
        ("department_name", f"{department}:label", ledger.budget.name),
        ("currency", "value-currency:code", "CNY"),
        ("direction", "direction", "expenditure"),
        ("phase", "phase:id", stage),
    )
    return [
        {"name": name, "type": "string", "columnType": concept, "constant": value} for name, concept, value in values
    ]
