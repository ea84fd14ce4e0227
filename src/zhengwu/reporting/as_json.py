"""The JSON that other programs rely on: design contract `read` and `audit`."""

import json
from typing import Any

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Cell, Place, Source, Unread
from zhengwu.model.finding import Finding, Spot
from zhengwu.model.number import parse_number
from zhengwu.model.table import Table
from zhengwu.rules.engine import Audit
from zhengwu.rules.fingerprint import fingerprint

Json = dict[str, Any]


def dumps(value: Any) -> str:
    """JSON text with Chinese as it is, indented for people."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def read_report(disclosure: Disclosure, language: str) -> Json:
    """What the document says."""
    return {
        "source": _source(disclosure.source),
        "kind": disclosure.kind or None,
        "year": disclosure.year,
        "unit": disclosure.unit or None,
        "dialect": disclosure.dialect or None,
        "tables": [_table(table) for table in disclosure.tables],
        "text": [
            {"heading": list(section.heading), "text": section.text, "at": _at(section.place)}
            for section in disclosure.sections
        ],
        "unread": [_unread(unread, language) for unread in disclosure.unread],
    }


def audit_report(audit: Audit, language: str) -> Json:
    """What does not hold, with proof; what was tied and what was not."""
    disclosure = audit.disclosure
    return {
        "source": _source(disclosure.source),
        "kind": disclosure.kind or None,
        "year": disclosure.year,
        "unit": disclosure.unit or None,
        "dialect": disclosure.dialect or None,
        "findings": [_finding(finding, disclosure, language) for finding in audit.findings],
        "rules": [
            {
                "rule": run.rule,
                "state": run.state.value,
                "relations": run.relations,
                "reason": run.reason.in_language(language) if run.reason else None,
            }
            for run in audit.runs
        ],
        "coverage": coverage(audit),
        "accepted": [
            {**_finding(finding, disclosure, language), "reason": reason.in_language(language)}
            for finding, reason in audit.accepted
        ],
        "acceptances_that_no_longer_apply": [message.in_language(language) for message in audit.stale],
        "not_evaluated": [{"rule": gap.rule, "reason": gap.reason.in_language(language)} for gap in audit.gaps],
        "unread": [_unread(unread, language) for unread in disclosure.unread],
    }


def coverage(audit: Audit) -> Json:
    """Amounts printed in tables and how many of them take part in an evaluated relation; the same for the
    narrative; and the places of those in tables that nothing ties."""
    facts = audit.disclosure.facts
    in_tables = [position for position, fact in enumerate(facts) if fact.table >= 0]
    in_text = [
        position
        for position, fact in enumerate(facts)
        if fact.table < 0 and fact.unit != "%" and fact.quote[:1].isdigit()
    ]
    return {
        "amounts": len(in_tables),
        "tied": sum(position in audit.tied for position in in_tables),
        "text": {"amounts": len(in_text), "tied": sum(position in audit.tied for position in in_text)},
        "untied": [
            _spot(Spot(facts[position].place, facts[position].quote, facts[position].table), audit.disclosure)
            for position in [*in_tables, *in_text]
            if position not in audit.tied
        ],
    }


def _source(source: Source) -> Json:
    found: Json = {"name": source.name, "format": source.format, "sha256": source.sha256}
    if source.pages is not None:
        found["pages"] = source.pages
    return found


def _at(place: Place) -> Json:
    at: Json = {}
    for name in ("page", "sheet", "line", "row", "column"):
        value = getattr(place, name)
        if value is not None:
            at[name] = value
    if place.box is not None:
        at["box"] = [round(edge, 1) for edge in place.box]
    return at


def _unread(unread: Unread, language: str) -> Json:
    return {"at": _at(unread.place), "reason": unread.reason.in_language(language)}


def _table(table: Table) -> Json:
    found: Json = {
        "key": table.kind or None,
        "number": table.number or None,
        "title": table.title or None,
        "money_unit": table.money_unit,
        "columns": [{"key": column.key, "label": list(column.label)} for column in table.columns],
        "rows": [{"kind": row.kind, "cells": [_cell(cell) for cell in row.cells]} for row in table.rows],
        "at": _at(table.place),
    }
    if table.captions:
        found["captions"] = [paragraph.text for paragraph in table.captions]
    if table.notes:
        found["notes"] = [paragraph.text for paragraph in table.notes]
    return found


def _cell(cell: Cell | None) -> Json:
    if cell is None:
        return {"text": "", "value": None}
    number = parse_number(cell.text)
    return {
        "text": cell.text,
        "value": None if number is None else f"{number.value:f}",
        "at": _at(cell.place),
    }


def _spot(spot: Spot, disclosure: Disclosure) -> Json:
    at = _at(spot.place)
    found: Json = {}
    if spot.document:
        disclosure = disclosure.document(spot.document)
        found["document"] = disclosure.source.name
    if spot.table >= 0:
        table = disclosure.tables[spot.table]
        found["table"] = table.number or table.title or str(spot.table + 1)
    return {**found, **at, "quote": spot.quote}


def _finding(finding: Finding, disclosure: Disclosure, language: str) -> Json:
    return {
        "id": fingerprint(finding, disclosure),
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message.in_language(language),
        "at": [_spot(spot, disclosure) for spot in finding.at],
        "expected": finding.expected,
        "actual": finding.actual,
        "difference": finding.difference,
        "steps": [step.in_language(language) for step in finding.steps],
    }
