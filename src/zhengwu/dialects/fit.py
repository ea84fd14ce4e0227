"""How documents read with a dialect: tables found and missing, what is not understood, what is tied."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from zhengwu.dialects import Dialect, TableSpec
from zhengwu.dialects.draft import is_unknown
from zhengwu.model.disclosure import Disclosure
from zhengwu.model.table import Table

_SHOWN = 12  # columns or rows that are named; the rest is counted


class Fit(NamedTuple):
    """How a document reads with a dialect."""

    name: str
    kind: str
    year: int | None
    matched: tuple[tuple[TableSpec, int | None], ...]  # each of the dialect's tables with its page
    found: tuple[bool, ...]
    missing: tuple[TableSpec, ...]  # required and not found
    unlisted: tuple[str, ...]  # titles of tables with amounts that the dialect does not have
    columns: tuple[tuple[str, str], ...]  # table, column that was not understood
    rows: tuple[tuple[str, str], ...]  # table, row that was not understood
    amounts: int
    identified: int
    tied: int


def fit_of(dialect: Dialect, disclosure: Disclosure, specs: Sequence[TableSpec | None], tied: frozenset[int]) -> Fit:
    """How a document read with ``dialect`` fits it. ``specs`` are the dialect's tables that its tables are, ``tied``
    the positions of its facts that the audit tied."""
    pages: dict[TableSpec, int | None] = {}
    for table, spec in zip(disclosure.tables, specs, strict=True):
        if spec is not None:
            pages.setdefault(spec, table.place.page)
    columns: dict[tuple[str, str], None] = {}
    for table in disclosure.tables:
        for column in table.columns:
            if is_unknown(column):
                columns[table.number or table.title, column.label[-1]] = None
    in_tables = [
        (position, fact) for position, fact in enumerate(disclosure.facts) if fact.table >= 0 and fact.unit != "%"
    ]
    rows: dict[tuple[str, str], None] = {}
    identified = sum(fact.identity is not None for _, fact in in_tables)
    for _, fact in in_tables:
        table = disclosure.tables[fact.table]
        if fact.identity is None and fact.value and table.kind and _understood(table, fact.place.column):
            label = fact.label.rpartition(" ")[0]
            if label:
                rows[table.number or table.title, label] = None
    filled = {fact.table for _, fact in in_tables}
    return Fit(
        disclosure.source.name,
        disclosure.kind,
        disclosure.year,
        tuple((spec, pages.get(spec)) for spec in dialect.tables),
        tuple(spec in pages for spec in dialect.tables),
        tuple(spec for spec in dialect.tables if spec.required and spec not in pages),
        tuple(
            table.title or f"#{index + 1}"
            for index, (table, spec) in enumerate(zip(disclosure.tables, specs, strict=True))
            if spec is None and index in filled
        ),
        tuple(columns),
        tuple(rows),
        len(in_tables),
        identified,
        sum(position in tied for position, _ in in_tables),
    )


def _understood(table: Table, number: int | None) -> bool:
    """Whether the column with this number (from 1) is one whose amounts have an identity."""
    if number is None or number > len(table.columns):
        return False
    return not dict(table.columns[number - 1].dims).get("aspect")


def fit_json(fit: Fit) -> dict[str, Any]:
    """A document's fit as data."""
    return {
        "source": fit.name,
        "kind": fit.kind or None,
        "year": fit.year,
        "tables": [
            {"kind": spec.kind, "number": spec.number, "title": spec.title, "required": spec.required, "found": found}
            | ({"page": page} if page else {})
            for (spec, page), found in zip(fit.matched, fit.found, strict=True)
        ],
        "missing": [spec.title for spec in fit.missing],
        "unlisted": list(fit.unlisted),
        "not_understood": {
            "columns": [{"table": table, "column": column} for table, column in fit.columns],
            "rows": [{"table": table, "row": row} for table, row in fit.rows],
        },
        "coverage": {"amounts": fit.amounts, "identified": fit.identified, "tied": fit.tied},
    }


def fit_text(fit: Fit, language: str) -> str:
    """A document's fit for people."""
    zh = language == "zh"
    colon, comma = ("：", "；") if zh else (": ", "; ")
    lines = [f"── {fit.name} {fit.year or ''}".rstrip()]
    lines.append(f"  {'找到' if zh else 'found'} {sum(fit.found)}/{len(fit.found)}")
    for (spec, page), found in zip(fit.matched, fit.found, strict=True):
        place = (f" 第{page}页" if zh else f" page {page}") if page else ""
        lines.append(f"    {'✓' if found else '✗' if spec.required else '–'} {spec.number} {spec.title}{place}")
    for words, items in (
        (("缺少必须有的表", "required tables that are missing"), [spec.title for spec in fit.missing]),
        (("格式文件没有的表", "tables that the dialect does not have"), list(fit.unlisted)),
        (("不认识的列", "columns not understood"), [f"{table} {column}" for table, column in fit.columns]),
        (("不认识的行", "rows not understood"), [f"{table} {row}" for table, row in fit.rows]),
    ):
        if items:
            more = [f"+{len(items) - _SHOWN}"] if len(items) > _SHOWN else []
            lines.append(f"  {words[0 if zh else 1]} ({len(items)}){colon}{comma.join(items[:_SHOWN] + more)}")
    share = [f"{100 * part / fit.amounts:.1f}%" if fit.amounts else "—" for part in (fit.identified, fit.tied)]
    lines.append(
        f"  表中 {fit.amounts} 个数额，{fit.identified} 个（{share[0]}）知道是什么，{fit.tied} 个（{share[1]}）得到印证。"
        if zh
        else f"  {fit.amounts} amounts in tables: {fit.identified} ({share[0]}) identified, {fit.tied} ({share[1]}) tied."
    )
    return "\n".join(lines)
