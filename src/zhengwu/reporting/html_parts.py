"""Parts of the HTML report: its head, its foot, and excerpts of documents that have no pages."""

from collections import defaultdict
from datetime import datetime
from html import escape

from zhengwu.model.disclosure import Disclosure
from zhengwu.model.finding import Finding, Severity, Spot, State
from zhengwu.reporting.as_json import coverage
from zhengwu.reporting.as_text import Style, place_name
from zhengwu.reporting.audited import Audited, counts, span_of, text_at
from zhengwu.reporting.excerpts import ExcerptCell, excerpt
from zhengwu.reporting.report_words import words
from zhengwu.rules.engine import Audit
from zhengwu.rules.registry import rule_named

_MAX_EXCERPTS = 3  # beside one finding; the others are folded away
_MAX_UNTIED = 400


def document_title(disclosure: Disclosure, style: Style) -> str:
    """Unit, year and kind of the document, as far as they are known."""
    year = style.word("year").format(disclosure.year) if disclosure.year else ""
    separator = " " if style.language == "en" else ""
    parts = [disclosure.unit, separator.join(part for part in (year, style.word(disclosure.kind)) if part)]
    return " ".join(part for part in parts if part)


def head(audited: Audited, findings: list[tuple[int, Finding]], style: Style, made: datetime | None) -> tuple[str, str]:
    """The page's title, and its head: what was audited, how many findings, a list of them all."""
    disclosure, source = audited.audit.disclosure, audited.document.source
    language = style.language
    name = document_title(disclosure, style)
    about = [source.name, source.format]
    if source.pages:
        about.append(words(language, "pages").format(source.pages))
    about.append(disclosure.dialect or style.word("unknown"))
    if made:
        about.append(f"{words(language, 'made')} {made:%Y-%m-%d %H:%M} UTC")
    about.append(f"SHA-256 {source.sha256}")
    numbers = coverage(audited.audit)
    share = f"{100 * numbers['tied'] / numbers['amounts']:.1f}%" if numbers["amounts"] else "—"
    boxes = [(severity, str(count), style.word(severity)) for severity, count in counts(audited.audit).items()]
    boxes += [
        ("", share, words(language, "coverage")),
        ("", str(audited.audit.relations), words(language, "relations")),
    ]
    shown = "".join(f'<li class="{kind}"><b>{escape(value)}</b>{escape(label)}</li>' for kind, value, label in boxes)
    lines = [
        f'<header class="head"><h1>{escape(name)}</h1>',
        f'<p class="source">{escape(" · ".join(about))}</p><ul class="counts">{shown}</ul>',
    ]
    if findings:
        gravest = sorted(findings, key=lambda one: list(Severity).index(one[1].severity))
        items = "".join(_listed(number, finding, disclosure, style) for number, finding in gravest)
        summary = escape(words(language, "list"))
        folded = "" if len(findings) > 30 else " open"
        lines.append(f'<details class="list"{folded}><summary>{summary}</summary><ol>{items}</ol></details>')
    else:
        lines.append(f'<p class="none">{escape(style.word("none"))}</p>')
    return f"{name} {words(language, 'report')}", "\n".join([*lines, "</header>"])


def _listed(number: int, finding: Finding, disclosure: Disclosure, style: Style) -> str:
    title = rule_named(finding.rule).title.in_language(style.language)
    place = place_name(finding.at[0], disclosure, style) if finding.at else ""
    severity = finding.severity.value
    return (
        f'<li class="{severity}" value="{number}"><a href="#f{number}"><span class="badge">{escape(style.word(severity))}</span> '
        f'{escape(title)}</a> <span class="dim">{escape(place)}</span></li>'
    )


def sentence(text: str) -> str:
    """A message as HTML: escaped, its line breaks kept."""
    return escape(text).replace("\n", "<br>")


def quoted(text: str, quotes: list[str]) -> str:
    """``text`` escaped, the quotes in it marked."""
    marked = [False] * len(text)
    for quote in quotes:
        span = span_of(text, quote)
        if span:
            marked[span[0] : span[1]] = [True] * (span[1] - span[0])
    parts: list[str] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or marked[end] != marked[start]:
            part = escape(text[start:end])
            parts.append(f"<mark>{part}</mark>" if marked[start] else part)
            start = end
    return "".join(parts)


def context(audited: Audited, spots: list[Spot], style: Style) -> list[str]:
    """The sentences and the parts of tables in which the spots stand, with the spots marked."""
    disclosure = audited.audit.disclosure
    paragraphs: dict[int | None, list[Spot]] = defaultdict(list)
    tables: dict[int, list[Spot]] = defaultdict(list)
    order: dict[tuple[str, int | None], None] = {}
    for spot in spots:
        if spot.table >= 0:
            tables[spot.table].append(spot)
            order["table", spot.table] = None
        else:
            paragraphs[spot.place.line].append(spot)
            order["paragraph", spot.place.line] = None
    shown = []
    for kind, key in order:
        if kind == "table" and key is not None:
            shown.append(_table_excerpt(disclosure, key, tables[key], style))
        else:
            shown.append(_paragraph_excerpt(audited, paragraphs[key]))
    first, rest = shown[:_MAX_EXCERPTS], [part for part in shown[_MAX_EXCERPTS:] if part]
    parts = [f'<div class="context">{part}</div>' for part in first if part]
    if rest:
        more = escape(words(style.language, "and_more").format(len(rest)))
        parts.append(f'<details class="context"><summary>{more}</summary>{"".join(rest)}</details>')
    return parts


def _paragraph_excerpt(audited: Audited, spots: list[Spot]) -> str:
    line = spots[0].place.line
    text = text_at(audited.document, line) or spots[0].quote
    section = next((one for one in audited.audit.disclosure.sections if one.place.line == line), None)
    above = " › ".join(section.heading) if section else ""
    caption = f'<p class="dim">{escape(above)}</p>' if above else ""
    return f"{caption}<blockquote>{quoted(text, [spot.quote for spot in spots])}</blockquote>"


def _table_excerpt(disclosure: Disclosure, index: int, spots: list[Spot], style: Style) -> str:
    table = disclosure.tables[index]
    part = excerpt(table, spots)
    width = max(sum(cell.span for cell in row) for row in (*part.head, *part.body, (ExcerptCell(""),)))
    lines = ['<div class="scroll"><table>']
    if part.head:
        lines.append("<thead>" + "".join(_row(row, "th") for row in part.head) + "</thead>")
    lines.append("<tbody>")
    gap = f'<tr class="gap"><td colspan="{width}">{escape(words(style.language, "gap_rows"))}</td></tr>'
    lines += [_row(row, "td") if row else gap for row in part.body]
    lines.append("</tbody></table></div>")
    name = f"{style.word('table')}{table.number}" + (f"《{table.title}》" if table.title else "")
    name += f" · {table.money_unit}" if table.money_unit else ""
    left = f'<p class="dim">{escape(words(style.language, "rows_left_out").format(part.left_out))}</p>'
    return f'<p class="dim">{escape(name)}</p>{"".join(lines)}{left if part.left_out else ""}'


def _row(cells: tuple[ExcerptCell, ...], tag: str) -> str:
    shown = []
    for cell in cells:
        kinds = " ".join(kind for kind, on in (("here", cell.marked), ("amount", cell.number)) if on)
        attributes = (f' class="{kinds}"' if kinds else "") + (f' colspan="{cell.span}"' if cell.span > 1 else "")
        shown.append(f"<{tag}{attributes}>{escape(cell.text)}</{tag}>")
    return f"<tr>{''.join(shown)}</tr>"


def foot(audit: Audit, style: Style) -> str:
    """What was tied, what nothing ties, what was not evaluated or not read, and the rules that held."""
    language = style.language
    numbers = coverage(audit)
    amounts, tied = numbers["amounts"], numbers["tied"]
    share = f"{100 * tied / amounts:.1f}%" if amounts else "—"
    said = style.word("tied").format(
        relations=audit.relations, amounts=amounts, tied=tied, share=share,
        text=numbers["text"]["amounts"], text_tied=numbers["text"]["tied"],
    )  # fmt: skip
    untied = [
        place_name(Spot(fact.place, fact.quote, fact.table), audit.disclosure, style)
        for position, fact in enumerate(audit.disclosure.facts)
        if position not in audit.tied and fact.unit != "%" and fact.quote[:1].isdigit()
    ]
    if len(untied) > _MAX_UNTIED:
        untied[_MAX_UNTIED:] = [style.word("more").format(len(untied) - _MAX_UNTIED)]
    held = [
        f"{rule_named(run.rule).title.in_language(language)} ({run.rule}, {run.relations})"
        for run in audit.runs
        if run.state is State.HELD
    ]
    lists = [
        (style.word("unread"), [_unread(unread.place, unread.reason.in_language(language), style)
                                for unread in audit.disclosure.unread], True),
        (style.word("gaps"), list(dict.fromkeys(gap.reason.in_language(language) for gap in audit.gaps)), True),
        (style.word("untied"), untied, False),
        (style.word("held"), held, False),
    ]  # fmt: skip
    parts = ['<section class="foot">', f"<p>{escape(said)}</p>"]
    for name, items, is_open in lists:
        if items:
            listed = "".join(f"<li>{escape(item)}</li>" for item in items)
            attribute = " open" if is_open and len(items) <= 12 else ""
            parts.append(
                f"<details{attribute}><summary>{escape(name)} ({len(items)})</summary><ul>{listed}</ul></details>"
            )
    return "\n".join([*parts, "</section>"])


def _unread(place: object, reason: str, style: Style) -> str:
    page, sheet = getattr(place, "page", None), getattr(place, "sheet", None)
    where = style.word("page").format(page) if page else style.word("sheet").format(sheet) if sheet else ""
    return f"{where} {reason}".strip()
