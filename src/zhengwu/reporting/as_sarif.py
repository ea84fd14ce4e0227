"""SARIF 2.1.0 (OASIS), the exchange format that code hosts and review tools read findings from."""

from collections import Counter
from typing import Any
from urllib.parse import quote as percent_encoded

from zhengwu import __version__
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.document import Place
from zhengwu.model.finding import Finding, Severity, Spot
from zhengwu.reporting.as_json import coverage
from zhengwu.reporting.as_text import Style, place_name, table_name
from zhengwu.reporting.audited import Audited, is_placed
from zhengwu.reporting.rule_pages import headings
from zhengwu.rules.fingerprint import fingerprint
from zhengwu.rules.registry import Rule, rules

Json = dict[str, Any]
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_HELP_FOLDER = "docs/rules"  # of the project: one page a rule, generated from it
# Formats whose running line number is the line of the file itself.
_HAVE_LINES = frozenset({"txt"})


def sarif_report(audited: list[Audited], language: str) -> Json:
    """One SARIF log with one run over all the documents."""
    position = {rule.code: index for index, rule in enumerate(rules())}
    results = [
        result for index, one in enumerate(audited) for result in _results(one, index, position, Style(language))
    ]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "zhengwu",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(rule, language) for rule in rules()],
                    }
                },
                "language": "en" if language == "en" else "zh-CN",
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [
                            said for index, one in enumerate(audited) for said in _unsaid(one, index, language)
                        ],
                    }
                ],
                "artifacts": [_artifact(one) for one in audited],
                "results": results,
            }
        ],
    }


def _rule(rule: Rule, language: str) -> Json:
    parts = headings(rule)
    basis, mend = rule.basis.in_language(language), rule.mend.in_language(language)
    said = {"basis": basis, "mend": mend} if language == "en" else {"依据": basis, "改法": mend}
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.code.split("-")),
        "shortDescription": {"text": rule.title.in_language(language)},
        "fullDescription": {"text": parts.get("Checks") or rule.title.in_language(language)},
        "help": {
            "text": "\n".join(f"{name}: {text}" for name, text in said.items()),
            "markdown": "\n\n".join(f"**{name}**: {text}" for name, text in said.items()),
        },
        "helpUri": f"{_HELP_FOLDER}/{rule.code}.md",
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {"tags": [rule.family], "since": rule.since},
    }


def _artifact(one: Audited) -> Json:
    source = one.document.source
    numbers = coverage(one.audit)
    disclosure = one.audit.disclosure
    return {
        "location": {"uri": _uri(one)},
        "length": len(one.data),
        "hashes": {"sha-256": source.sha256},
        "properties": {
            "format": source.format,
            "kind": disclosure.kind or None,
            "year": disclosure.year,
            "unit": disclosure.unit or None,
            "dialect": disclosure.dialect or None,
            "relations": one.audit.relations,
            "coverage": {"amounts": numbers["amounts"], "tied": numbers["tied"]},
        },
    }


def _uri(one: Audited) -> str:
    return percent_encoded(one.uri.replace("\\", "/"))


def _unsaid(one: Audited, index: int, language: str) -> list[Json]:
    """What was not read and what was not evaluated, as notifications of the run."""
    found = [
        {
            "descriptor": {"id": "unread"},
            "level": "warning",
            "message": {"text": unread.reason.in_language(language)},
            "locations": [
                {"physicalLocation": _physical(one, index, Spot(unread.place, ""))},
            ],
        }
        for unread in one.audit.disclosure.unread
    ]
    for gap in dict.fromkeys(one.audit.gaps):
        found.append(
            {
                "descriptor": {"id": "not-evaluated"},
                "associatedRule": {"id": gap.rule},
                "level": "note",
                "message": {"text": gap.reason.in_language(language)},
                "locations": [{"physicalLocation": _physical(one, index, Spot(Place(), ""))}],
            }
        )
    return found


def _results(one: Audited, index: int, position: dict[str, int], style: Style) -> list[Json]:
    seen: Counter[str] = Counter()
    results = []
    for finding in one.audit.findings:
        spots = list(dict.fromkeys(finding.at)) or [Spot(Place(), "")]
        mark = fingerprint(finding, one.audit.disclosure)
        seen[mark] += 1
        results.append(
            {
                "ruleId": finding.rule,
                "ruleIndex": position[finding.rule],
                "level": _LEVEL[finding.severity],
                "message": {"text": _message(finding, style.language)},
                "locations": [_location(one, index, spots[0], style)],
                **(
                    {"relatedLocations": [_related(one, index, spot, style) for spot in spots[1:]]} if spots[1:] else {}
                ),
                "partialFingerprints": {"zhengwuFinding/v1": f"{mark}:{seen[mark]}"},
                "properties": {
                    name: value
                    for name in ("expected", "actual", "difference")
                    if (value := getattr(finding, name)) is not None
                },
            }
        )
    return results


def _message(finding: Finding, language: str) -> str:
    steps = [step.in_language(language) for step in finding.steps]
    message = finding.message.in_language(language)
    return "\n".join([message, *(step for step in steps if step not in message)])


def _location(one: Audited, index: int, spot: Spot, style: Style) -> Json:
    location: Json = {"physicalLocation": _physical(one, index, spot)}
    logical = _logical(spot, one.audit.disclosure, style)
    if logical:
        location["logicalLocations"] = logical
    return location


def _related(one: Audited, index: int, spot: Spot, style: Style) -> Json:
    said = place_name(spot, one.audit.disclosure, style)
    return {**_location(one, index, spot, style), "message": {"text": said}}


def _physical(one: Audited, index: int, spot: Spot) -> Json:
    """The file, and the line in it where the format has lines; other places are logical ones."""
    found: Json = {"artifactLocation": {"uri": _uri(one), "index": index}}
    if one.document.source.format in _HAVE_LINES and spot.place.line:
        found["region"] = {"startLine": spot.place.line}
        if spot.quote:
            found["region"]["snippet"] = {"text": spot.quote}
    return found


def _logical(spot: Spot, disclosure: Disclosure, style: Style) -> list[Json]:
    """The outermost first: page or sheet, table, cell; for the narrative its headings' innermost."""
    place = spot.place
    if not is_placed(spot):
        return []
    path: list[tuple[str, str]] = []
    if place.sheet:
        path.append(("sheet", place.sheet))
    if place.page:
        path.append(("page", style.word("page").format(place.page)))
    if spot.table >= 0:
        path.append(("table", table_name(disclosure.tables[spot.table]._replace(place=Place()), style)))
    if place.row and place.column:
        path.append(("cell", style.word("row").format(place.row) + style.word("column").format(place.column)))
    elif place.line:
        path.append(("paragraph", style.word("line").format(place.line)))
    name = " / ".join(word for _, word in path)
    properties = {
        key: value for key in ("page", "sheet", "row", "column", "line") if (value := getattr(place, key)) is not None
    }
    if place.box:
        properties["box"] = [round(edge, 1) for edge in place.box]
    kind, last = path[-1]
    return [
        {
            "name": last,
            "fullyQualifiedName": name,
            "kind": kind,
            "properties": {**properties, "quote": spot.quote},
        }
    ]
