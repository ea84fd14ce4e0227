"""What runs in a process of its own, because an upload may be made to exhaust whoever reads it: the audit of a
round, the picture of a page, the reports that need the file. Knows nothing of Django and of no database.

``python -m zhengwu.web.reviews.audit_process`` reads a request (JSON) from standard input and writes the answer to
the file that it names. Limits hold before the first byte of the upload is looked at.
"""

import json
import resource
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from zhengwu.model.message import Message, RefusedError

Json = dict[str, Any]

MEMORY = 3 * 1024**3  # bytes of address space: a reader stays under 1 GiB
FILE = 256 * 1024**2  # bytes of a file that it writes
FORMS = ("form", "annotated", "html", "json")
_MOST_RELATIONS = 4000  # kept of one document
_RELATIONS_EACH = 12  # kept of one amount
_LONGEST_TEXT = 500  # characters of a relation
_MOST_PLACES = 40  # marked of one finding
_MOST_EXCERPTS = 6


def limited(seconds: int) -> None:
    """Hold this process, and those it starts, to so much time, memory and disk."""
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def audited(path: str, name: str) -> Json:
    """Everything that a round stores of its audit. Raises RefusedError for what cannot be read."""
    from zhengwu.audit import audit_document
    from zhengwu.reading import read
    from zhengwu.reporting.as_json import audit_report, coverage, read_report
    from zhengwu.reporting.audited import Audited, in_order

    data = Path(path).read_bytes()
    document = read(data, name)
    audit = audit_document(document)
    audit = audit._replace(findings=tuple(in_order(audit)))
    whole = Audited(audit, document, data, name)
    chinese, english = audit_report(audit, "zh"), audit_report(audit, "en")
    counted = coverage(audit)
    findings = []
    marks = _marks(whole)
    for index, finding in enumerate(audit.findings):
        zh, en = chinese["findings"][index], english["findings"][index]
        findings.append(
            {
                "fingerprint": zh["id"], "rule": finding.rule, "severity": finding.severity.value,
                "message_zh": zh["message"], "message_en": en["message"], "steps_zh": zh["steps"],
                "steps_en": en["steps"], "table": _table_of(whole, index), "page": _page_of(whole, index),
                "places": places_of(whole, index, marks[index]), "context": context_of(whole, index),
                "expected": finding.expected or "", "actual": finding.actual or "",
                "difference": finding.difference or "",
            }
        )  # fmt: skip
    disclosure = audit.disclosure
    return {
        "format": document.source.format, "pages": document.source.pages, "dialect": disclosure.dialect,
        "recognised": {"unit": disclosure.unit, "year": disclosure.year, "kind": disclosure.kind},
        "report": chinese, "reading": read_report(disclosure, "zh"), "findings": findings,
        "coverage": coverage_of(audit), "amounts": counted["amounts"], "tied": counted["tied"],
        "gaps_en": english["not_evaluated"], "unread_en": english["unread"],
    }  # fmt: skip


def _table_of(whole: Any, index: int) -> str:
    at = whole.audit.findings[index].at
    if not at or at[0].table < 0:
        return ""
    table = whole.audit.disclosure.tables[at[0].table]
    return str(table.number or table.title or at[0].table + 1)[:200]


def _page_of(whole: Any, index: int) -> int | None:
    at = whole.audit.findings[index].at
    return at[0].place.page if at else None


def places_of(whole: Any, index: int, marks: list[list[list[float]]]) -> list[Json]:
    """The places of a finding: their names, table (index, -1 in the text) and line, and where pages exist their
    marks: [page, left, top, width, height], in per cent of the page."""
    from zhengwu.reporting.as_text import Style, place_name

    found: list[Json] = []
    for number, spot in enumerate(whole.audit.findings[index].at[:_MOST_PLACES]):
        names = [place_name(spot, whole.audit.disclosure, Style(language)) for language in ("zh", "en")]
        found.append(
            {
                "name_zh": names[0], "name_en": names[1], "quote": spot.quote[:200], "table": spot.table,
                "line": spot.place.line, "page": spot.place.page, "marks": marks[number] if number < len(marks) else [],
            }
        )  # fmt: skip
    return found


def _marks(whole: Any) -> list[list[list[list[float]]]]:
    """Of each finding, of each of its places, the marks on pages."""
    empty: list[list[list[list[float]]]] = [[] for _ in whole.audit.findings]
    if whole.document.source.format != "pdf" or not whole.audit.findings:
        return empty
    from zhengwu.reporting.pdf_pages import Pages

    with Pages(whole.data) as pages:
        size = cache(pages.size)  # a page is opened for its size
        return [
            [[_mark(size, shown) for shown in pages.shown(spot)] for spot in finding.at[:_MOST_PLACES]]
            for finding in whole.audit.findings
        ]


def _mark(size: Callable[[int], tuple[float, float]], shown: Any) -> list[float]:
    width, height = size(shown.page)
    left, top, right, bottom = shown.box
    box = (100 * (left - 1) / width, 100 * (top - 1) / height, 100 * (right - left + 2) / width,
           100 * (bottom - top + 2) / height)  # fmt: skip
    return [shown.page, *(round(edge, 2) for edge in box)]


def context_of(whole: Any, index: int) -> list[Json]:
    """The sentences and parts of tables in which a finding stands, as data: what is shown is made by a template,
    which escapes it."""
    from zhengwu.reporting.audited import spots_to_mark
    from zhengwu.reporting.excerpts import excerpt

    disclosure = whole.audit.disclosure
    groups: dict[tuple[int, int | None], list[Any]] = defaultdict(list)
    for spot in spots_to_mark(whole.audit.findings[index]):
        if not spot.document:
            groups[spot.table, None if spot.table >= 0 else spot.place.line].append(spot)
    found: list[Json] = []
    for (table, line), spots in list(groups.items())[:_MOST_EXCERPTS]:
        if table < 0:
            found.append(_paragraph(whole, line, spots))
            continue
        source = disclosure.tables[table]
        part = excerpt(source, spots)
        found.append(
            {
                "kind": "table", "table": table, "number": source.number, "title": source.title,
                "money_unit": source.money_unit, "left_out": part.left_out,
                "head": [[list(cell) for cell in row] for row in part.head],
                "body": [[list(cell) for cell in row] for row in part.body],
            }
        )  # fmt: skip
    return found


def _paragraph(whole: Any, line: int | None, spots: list[Any]) -> Json:
    from zhengwu.reporting.audited import span_of, text_at

    text = text_at(whole.document, line) or spots[0].quote
    section = next((one for one in whole.audit.disclosure.sections if one.place.line == line), None)
    marked = [False] * len(text)
    for spot in spots:
        span = span_of(text, spot.quote)
        if span:
            marked[span[0] : span[1]] = [True] * (span[1] - span[0])
    parts: list[list[Any]] = []
    for character, on in zip(text, marked, strict=True):
        if parts and parts[-1][1] == on:
            parts[-1][0] += character
        else:
            parts.append([character, on])
    return {"kind": "text", "heading": " › ".join(section.heading) if section else "", "parts": parts}


def coverage_of(audit: Any) -> Json:
    """Every amount with its state and relations.

    ``facts``: [table (-1: text), line, quote, span, state, [positions in relations]], the state one of "tied",
    "broken" (accused by a finding, or in broken relations alone), "untied". ``relations``: [holds, zh, en].
    """
    from zhengwu.model.finding import Relation, Severity
    from zhengwu.rules.evaluation import Verdict, evaluate
    from zhengwu.rules.registry import rules
    from zhengwu.rules.set_view import SetView

    disclosure = audit.disclosure
    view = SetView(disclosure)
    by_fact: dict[int, list[int]] = defaultdict(list)
    texts: list[list[Any]] = []
    holding: set[int] = set()
    breaking: set[int] = set()
    for rule in rules():
        try:
            for outcome in rule.check(view):
                if not isinstance(outcome, Relation):
                    continue
                evaluated = evaluate(outcome)
                if evaluated.verdict is Verdict.EMPTY:
                    continue
                broken = evaluated.verdict is Verdict.BROKEN
                ids = {id(term.fact) for term in outcome.terms}
                (breaking if broken else holding).update(ids)
                wanted = [one for one in ids if len(by_fact[one]) < _RELATIONS_EACH or broken]
                if wanted and len(texts) < _MOST_RELATIONS:
                    texts.append([not broken, *_relation(disclosure, evaluated)])
                    for one in wanted:
                        by_fact[one].append(len(texts) - 1)
        except Exception:  # the audit has said already that this rule failed  # nosec B112
            continue
    accused = {
        (finding.at[0].table, finding.at[0].place.line, finding.at[0].quote)
        for finding in audit.findings
        if finding.at and finding.severity is Severity.ERROR
    }
    facts = []
    for position, fact in enumerate(disclosure.facts):
        if fact.table < 0 and (fact.unit == "%" or not fact.quote[:1].isdigit()):
            continue
        named = (fact.table, fact.place.line, fact.quote) in accused
        if id(fact) in breaking and (named or id(fact) not in holding):
            state = "broken"
        else:
            state = "tied" if position in audit.tied else "untied"
        facts.append([fact.table, fact.place.line, fact.quote, fact.span, state, by_fact[id(fact)]])
    return {"facts": facts, "relations": texts}


def _relation(disclosure: Any, evaluated: Any) -> list[str]:
    """A relation with its arithmetic, in both languages."""
    from zhengwu.rules.describe import arithmetic
    from zhengwu.rules.evaluation import Verdict

    relation, verdict, residual = evaluated
    said = arithmetic(disclosure, relation, residual)
    if verdict is not Verdict.BROKEN and not relation.ratio:
        sign = "≥" if relation.bound else "=" if residual == Decimal(0) else "≈"
        said = Message(*(_holds(text, sign, off) for text, off in ((said.zh, "，相差 "), (said.en, ", off by "))))
    return [f"{relation.says.zh}：{said.zh}"[:_LONGEST_TEXT], f"{relation.says.en}: {said.en}"[:_LONGEST_TEXT]]


def _holds(text: str, sign: str, off: str) -> str:
    """The sentence that says that a relation is broken, as one that says that it holds."""
    text = text.rpartition(off)[0] or text
    for broken in (" ≠ ", " < "):
        text = text.replace(broken, f" {sign} ", 1)
    return text


def page_picture(path: str, page: int, dots_per_inch: int) -> bytes:
    """A page of a PDF: PNG, or JPEG where it is a photograph. Raises RefusedError where there is no such page."""
    from zhengwu.reporting.pdf_pages import Pages

    with Pages(Path(path).read_bytes()) as pages:
        if not 1 <= page <= len(pages):
            raise RefusedError("not-found", "没有这一页。", "There is no such page.")
        return pages.encoded(page, dots_per_inch)[1]


def report(path: str, name: str, form: str, language: str, made: str, dismissed: Json) -> tuple[str, bytes]:
    """(suffix, bytes) of a report. ``dismissed``: reasons by fingerprint, of findings that it leaves out."""
    from zhengwu.acceptance import Acceptance, honoured
    from zhengwu.audit import audit_document
    from zhengwu.reading import read
    from zhengwu.reporting.as_json import audit_report, dumps
    from zhengwu.reporting.audited import Audited

    data = Path(path).read_bytes()
    document = read(data, name)
    entries = tuple(Acceptance(key, "", "", str(reason)) for key, reason in dismissed.items())
    audit = honoured(audit_document(document), entries)
    if form == "json":
        return ".json", dumps(audit_report(audit, language)).encode()
    whole = Audited(audit, document, data, name)
    at = datetime.fromisoformat(made)
    if form == "form":
        from zhengwu.reporting.as_form import form_report

        done = form_report(whole, language, at)
    elif form == "html":
        from zhengwu.reporting.as_html import html_report

        done = html_report(whole, language, at)
    else:
        from zhengwu.reporting.as_annotated import annotated_copy

        done = annotated_copy(whole, language, at)
    return done.suffix, done.data


def answered(request: Json) -> None:
    """Do what a request asks and write its answer."""
    out = Path(request["out"])
    task = request["task"]
    try:
        if task == "audit":
            found: Json = audited(request["path"], request["name"])
        elif task == "page":
            out.with_suffix(".made").write_bytes(page_picture(request["path"], request["page"], request["dpi"]))
            found = {}
        else:
            suffix, data = report(
                request["path"], request["name"], request["form"], request["language"], request["made"],
                request["dismissed"],
            )  # fmt: skip
            out.with_suffix(".made").write_bytes(data)
            found = {"suffix": suffix}
        answer: Json = {"done": found}
    except RefusedError as error:
        answer = {"refused": [error.code, error.message.zh, error.message.en]}
    except MemoryError:
        answer = {
            "refused": ["too-large", "文件内容过大，内存不足以核对；请拆分后再试。",
                        "The file takes more memory than an audit may have; split it and try again."]
        }  # fmt: skip
    out.write_bytes(json.dumps(_storable(answer), ensure_ascii=False).encode())


def _storable(value: Any) -> Any:
    """Without lone surrogates and NUL: nobody printed them, and no database takes them."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value


def main() -> None:
    """One request, one answer."""
    request = json.loads(sys.stdin.buffer.read())
    limited(int(request["seconds"]))
    answered(request)


if __name__ == "__main__":
    main()
