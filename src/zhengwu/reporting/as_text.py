"""Reports for people: grouped by place in the document, with the arithmetic and what to do."""

from collections import defaultdict
from typing import NamedTuple

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.finding import Finding, Severity, Spot, State
from zhengwu.model.table import Table
from zhengwu.reporting.as_json import coverage
from zhengwu.reporting.width import padded, width, wrapped
from zhengwu.rules.engine import Audit
from zhengwu.rules.fingerprint import fingerprint
from zhengwu.rules.registry import rule_named

_WORDS = {
    "zh": {
        "error": "错误", "warning": "警告", "info": "提示", "page": "第{}页", "text": "正文", "row": "第{}行",
        "column": "第{}列", "sheet": "工作表“{}”", "line": "第{}行", "expected": "应为", "actual": "印为",
        "difference": "相差", "proof": "算式", "places": "涉及", "mend": "改法", "basis": "依据",
        "none": "没有发现问题。", "table": "表", "more": "另有 {} 处", "unread": "未能读取",
        "counts": "{errors} 个错误，{warnings} 个警告，{infos} 个提示",
        "tied": "核对：{relations} 组关系；表中 {amounts} 个数额有 {tied} 个得到印证（{share}），文字中 {text} 个有 {text_tied} 个。",
        "untied": "未得到印证的数额", "gaps": "未能核对", "accepted": "已接受", "held": "通过的规则", "unknown": "格式未识别",
        "budget": "部门预算", "final": "部门决算", "": "未识别", "year": "{}年", ",": "，", ";": "；", ":": "：", "(": "（",
        ")": "）", "“": "“{}”", "pages": "{}页",
    },
    "en": {
        "error": "error", "warning": "warning", "info": "hint", "page": "page {}", "text": "Text", "row": "row {}",
        "column": "column {}", "sheet": "sheet “{}”", "line": "line {}", "expected": "should be", "actual": "printed",
        "difference": "off by", "proof": "proof", "places": "places", "mend": "mend", "basis": "basis",
        "none": "Nothing found.", "table": "Table ", "more": "{} more", "unread": "Not read",
        "counts": "{errors} errors, {warnings} warnings, {infos} hints",
        "tied": "Checked: {relations} relations; of {amounts} amounts in tables {tied} are tied ({share}), of {text} in the text {text_tied}.",
        "untied": "Amounts that nothing ties", "gaps": "Not evaluated", "accepted": "Accepted", "held": "Rules that held", "unknown": "unknown dialect",
        "budget": "budget", "final": "final accounts", "": "unknown", "year": "{}", ",": ", ", ";": "; ", ":": ": ", "(": " (",
        ")": ")", "“": " “{}”", "pages": "{} pages",
    },
}  # fmt: skip
_COLOUR = {"error": "31;1", "warning": "33;1", "info": "36", "head": "1", "dim": "2"}


class Style(NamedTuple):
    """How to print: language, columns of the terminal, colour or not."""

    language: str = "zh"
    columns: int = 100
    colour: bool = False

    def paint(self, text: str, kind: str) -> str:
        """``text`` in the colour of ``kind`` on a terminal, else as it is."""
        return f"\x1b[{_COLOUR[kind]}m{text}\x1b[0m" if self.colour else text

    def word(self, key: str) -> str:
        """A fixed word of the report in its language."""
        return _WORDS["en" if self.language == "en" else "zh"][key]


def audit_text(audit: Audit, style: Style) -> str:
    """The audit report of one document."""
    disclosure = audit.disclosure
    headings = {section.place.line: section.heading[-1:] or ("",) for section in disclosure.sections}
    groups: dict[tuple[int, str], list[Finding]] = defaultdict(list)
    for finding in sorted(audit.findings, key=_order):
        first = finding.at[0] if finding.at else None
        table = first.table if first else -1
        heading = headings.get(first.place.line, ("",))[0] if first and table < 0 else ""
        groups[table, heading].append(finding)
    lines = [*_head(disclosure, style), ""]
    for (table, heading), findings in groups.items():
        name = f"{style.word('text')} · {heading}" if heading else style.word("text")
        lines += _group(name if table < 0 else table_name(disclosure.tables[table], style), findings, disclosure, style)
    if not audit.findings:
        lines += [style.word("none"), ""]
    return "\n".join(lines + _foot(audit, style)) + "\n"


def _head(disclosure: Disclosure, style: Style) -> list[str]:
    year = style.word("year").format(disclosure.year) if disclosure.year else ""
    title = " ".join(part for part in (disclosure.unit, year, style.word(disclosure.kind)) if part)
    facts = [disclosure.source.format, disclosure.dialect or style.word("unknown")]
    if disclosure.source.pages:
        facts.insert(1, style.word("pages").format(disclosure.source.pages))
    source = f"{disclosure.source.name}{style.word('(')}{style.word(',').join(facts)}{style.word(')')}"
    return [style.paint(title, "head"), style.paint(source, "dim")]


def _order(finding: Finding) -> tuple[int, int, int]:
    """The narrative in its order, then tables in theirs."""
    if not finding.at:
        return -1, 0, 0
    first = finding.at[0]
    return first.table, first.place.line or 0, first.place.row or 0


def table_name(table: Table, style: Style) -> str:
    """表三《…》, with its page."""
    number = f"{style.word('table')}{table.number}" if table.number else style.word("table")
    title = f"《{table.title}》" if table.title else ""
    page = f" · {style.word('page').format(table.place.page)}" if table.place.page else ""
    return f"{number}{title}{page}"


def _group(name: str, findings: list[Finding], disclosure: Disclosure, style: Style) -> list[str]:
    rule = "─" * max(style.columns - width(name) - 4, 4)
    lines = [style.paint(f"── {name} {rule}", "head")]
    for finding in findings:
        lines += _finding(finding, disclosure, style)
    return [*lines, ""]


def _finding(finding: Finding, disclosure: Disclosure, style: Style) -> list[str]:
    declared = rule_named(finding.rule)
    severity = finding.severity.value
    title = declared.title.in_language(style.language)
    head = f"{style.word(severity)}  {title}"
    lines = [
        f"{style.paint(head, severity)}  {style.paint(f'{finding.rule} {fingerprint(finding, disclosure)}', 'dim')}"
    ]
    message = finding.message.in_language(style.language)
    for sign in ("：", ": "):  # the title stands above already
        message = message.removeprefix(f"{title}{sign}")
    lines += wrapped(message, style.columns, "    ")
    if finding.expected is not None and finding.actual is not None:
        parts = [
            f"{style.word('actual')} {_grouped(finding.actual)}",
            f"{style.word('expected')} {_grouped(finding.expected)}",
        ]
        if finding.difference:
            parts.append(f"{style.word('difference')} {_grouped(finding.difference)}")
        lines += wrapped(style.word(",").join(parts), style.columns, "    ")
    for step in (step.in_language(style.language) for step in finding.steps[:6]):
        if step not in message:
            lines += _labelled(style.word("proof"), step, style)
    if len(finding.steps) > 6:
        lines += _labelled("", style.word("more").format(len(finding.steps) - 6), style)
    places = [place_name(spot, disclosure, style) for spot in finding.at[:8]]
    if len(finding.at) > 8:
        places.append(style.word("more").format(len(finding.at) - 8))
    lines += _labelled(style.word("places"), style.word(";").join(dict.fromkeys(places)), style)
    lines += _labelled(style.word("mend"), declared.mend.in_language(style.language), style)
    return lines


def _grouped(text: str) -> str:
    """An amount with thousands separators; anything else as it is."""
    whole, point, fraction = text.removeprefix("-").partition(".")
    if not whole.isdecimal() or len(whole) < 5 or not (fraction.isdecimal() or not point):
        return text
    return f"{'-' if text.startswith('-') else ''}{int(whole):,}{point}{fraction}"


def _labelled(label: str, text: str, style: Style) -> list[str]:
    indent = "    " + " " * (width(label) + 1 if label else 5)
    lines = wrapped(text, style.columns, indent)
    if label and lines:
        lines[0] = f"    {style.paint(label, 'dim')} {lines[0].lstrip()}"
    return lines


def place_name(spot: Spot, disclosure: Disclosure, style: Style) -> str:
    """Where a spot is, with what is printed there: 表三 第9页 第3行第2列“55,420,668.66”."""
    place = spot.place
    parts = []
    if spot.document:
        disclosure = disclosure.document(spot.document)
        parts.append(f"《{disclosure.source.name}》")
    if spot.table >= 0:
        table = disclosure.tables[spot.table]
        parts.append(f"{style.word('table')}{table.number or table.title}")
    if place.sheet:
        parts.append(style.word("sheet").format(place.sheet))
    if place.page:
        parts.append(style.word("page").format(place.page))
    if place.row and place.column:
        cell = (style.word("row").format(place.row), style.word("column").format(place.column))
        parts.append(("" if style.language == "zh" else " ").join(cell))
    elif place.line:
        parts.append(style.word("line").format(place.line))
    quote = " ".join(spot.quote.split())
    quote = quote if len(quote) <= 40 else quote[:39] + "…"
    return " ".join(parts) + style.word("“").format(quote)


def _foot(audit: Audit, style: Style) -> list[str]:
    numbers = coverage(audit)
    count = {severity: sum(f.severity is severity for f in audit.findings) for severity in Severity}
    amounts, tied = numbers["amounts"], numbers["tied"]
    lines = [style.paint("─" * style.columns, "dim")]
    lines.append(
        style.paint(
            style.word("counts").format(
                errors=count[Severity.ERROR], warnings=count[Severity.WARNING], infos=count[Severity.INFO]
            ),
            "head",
        )
    )
    share = f"{100 * tied / amounts:.1f}%" if amounts else "—"
    lines += wrapped(
        style.word("tied").format(
            relations=audit.relations, amounts=amounts, tied=tied, share=share,
            text=numbers["text"]["amounts"], text_tied=numbers["text"]["tied"],
        ),
        style.columns, "",
    )  # fmt: skip
    facts = audit.disclosure.facts
    untied = [
        place_name(Spot(fact.place, fact.quote, fact.table), audit.disclosure, style)
        for position, fact in enumerate(facts)
        if position not in audit.tied and fact.unit != "%" and fact.quote[:1].isdigit()
    ]
    if untied:
        more = [style.word("more").format(len(untied) - 12)] if len(untied) > 12 else []
        lines += _section(style.word("untied"), style.word(";").join(untied[:12] + more), style)
    gaps = list(dict.fromkeys(gap.reason.in_language(style.language) for gap in audit.gaps))
    for gap in gaps[:12]:
        lines += _section(style.word("gaps"), gap, style)
    for unread in audit.disclosure.unread:
        lines += _section(style.word("unread"), unread.reason.in_language(style.language), style)
    for finding, reason in audit.accepted:
        title = rule_named(finding.rule).title.in_language(style.language)
        text = f"{title} {fingerprint(finding, audit.disclosure)}{style.word(':')}{reason.in_language(style.language)}"
        lines += _section(style.word("accepted"), text, style)
    for message in audit.stale:
        lines += _section(style.word("accepted"), message.in_language(style.language), style)
    held = [f"{run.rule} {run.relations}" for run in audit.runs if run.state is State.HELD]
    if held:
        lines += _section(style.word("held"), style.word(",").join(held), style)
    return lines


def _section(label: str, text: str, style: Style) -> list[str]:
    lines = wrapped(text, style.columns, "  ")
    return [style.paint(f"{label}{style.word(':').rstrip()}", "dim"), *lines]


def read_text(disclosure: Disclosure, style: Style) -> str:
    """What a document says, for people: its narrative and its tables in columns."""
    lines = [*_head(disclosure, style), ""]
    with_tables = {p.place for table in disclosure.tables for p in (*table.captions, *table.notes)}
    for section in disclosure.sections:
        if section.place in with_tables:
            continue
        lines += wrapped(section.text, style.columns, "  " * len(section.heading))
    for table in disclosure.tables:
        lines += [
            "",
            style.paint(f"── {table_name(table, style)} {table.money_unit}", "head"),
            *_columns(table, style),
        ]
        for note in table.notes:
            lines += wrapped(note.text, style.columns, "  ")
    for unread in disclosure.unread:
        lines += _section(style.word("unread"), unread.reason.in_language(style.language), style)
    return "\n".join(lines) + "\n"


def _columns(table: Table, style: Style) -> list[str]:
    rows: list[list[str]] = []
    if any(column.label for column in table.columns):
        rows.append([" ".join(column.label[-1:]) for column in table.columns])
    for line in table.rows:
        if line.kind != "blank":
            # No more than a line is ever shown of a cell, which may hold a megabyte.
            rows.append([" ".join(cell.text.split())[: style.columns] if cell else "" for cell in line.cells])
    if not rows:
        return []
    widths = [max(width(row[index]) for row in rows) for index in range(len(rows[0]))]
    room = style.columns - 2 * len(widths)
    while sum(widths) > room and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    lines = []
    for row in rows:
        cells = []
        for text, columns, column in zip(row, widths, table.columns, strict=True):
            cells.append(
                " " * max(columns - width(text), 0) + text
                if column.role == "amount" and width(text) <= columns
                else padded(text, columns)
            )
        lines.append("  ".join(cells).rstrip())
    return lines
