"""A publication as one accessible web page: no script, no font, no picture from elsewhere.

Numbers in sentences lead to the cell of a table that says the same. Read back by ``zhengwu.reading`` the page gives
the publication and nothing else: the navigation and the charts are not part of the document.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from importlib.resources import files
from itertools import count
from typing import NamedTuple

from zhengwu.publishing.chart_parts import Chart
from zhengwu.publishing.html_tables import Addresses, marked_up, table_markup
from zhengwu.publishing.pages import clean, in_contents
from zhengwu.publishing.publication import Heading, PrintedTable, Publication, Run, Text, Typed

__all__ = ["Chart", "html_of"]

# Only a preview has these: the words of the ledger as targets of links, what is missing marked.
_PREVIEW_STYLE = """
.missing { background: #ffe08a; color: #4a2c00; border: 1px dashed #8a5a00; border-radius: 3px; padding: .1em .2em; font-weight: 600; }
:target { outline: 3px solid #8a5a00; outline-offset: 3px; }
[id] { scroll-margin-top: 30vh; }
"""


class _Entry(NamedTuple):
    """A line of the contents."""

    id: str
    level: int
    text: str


class _Marks:
    """What of a preview's sentences is typed in the ledger: each has an address, a gap leads to where it is typed."""

    def __init__(self, links: Callable[[Typed], tuple[str, str]]) -> None:
        self._links = links
        self._taken: set[str] = set()

    def of(self, typed: Typed, text: str) -> str:
        name = f"{typed.sheet}-{typed.key}"
        place = "" if name in self._taken else f' id="{escape(name)}"'
        self._taken.add(name)
        if typed.missing is None:
            return f"<span{place}>{text}</span>"
        address, words = self._links(typed)
        return f'<a class="missing"{place} href="{escape(address)}" target="_top" title="{escape(words)}">{text}</a>'


def html_of(
    publication: Publication, charts: Sequence[Chart] = (), links: Callable[[Typed], tuple[str, str]] | None = None
) -> bytes:
    """The page as UTF-8. The charts stand between the cover and the text. With ``links`` it is a preview: words of the
    ledger can be jumped to, gaps are marked and lead where they say (address, title)."""
    style = files("zhengwu.publishing").joinpath("publication.css").read_text(encoding="utf-8")
    style += _PREVIEW_STYLE if links else ""
    title = " ".join(filter(None, (publication.title, publication.unit)))
    cover = [line for line in publication.cover if line.strip()] or [publication.title]
    content, entries = _content(publication, _Marks(links) if links else None)
    if charts:
        entries = [_Entry("charts", 1, "图解"), *entries]
    page = [
        "<!DOCTYPE html>",
        '<html lang="zh-CN"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(clean(title))}</title>",
        f"<style>{style}</style></head><body>",
        '<nav class="skip" aria-label="快捷链接"><a href="#content">跳到正文</a></nav>',
        f'<header class="cover"><h1>{marked_up(cover[0])}</h1>',
        *(f"<p>{marked_up(line)}</p>" for line in cover[1:]),
        "</header>",
        f'<div class="page">{_contents(entries)}<main id="content" tabindex="-1">',
        *_charts(charts),
        *content,
        "</main></div></body></html>\n",
    ]
    return "\n".join(page).encode("utf-8", "replace")


def _content(publication: Publication, marks: _Marks | None) -> tuple[list[str], list[_Entry]]:
    """The blocks as HTML, and what of them stands in the contents."""
    addresses = Addresses(publication.tables)
    lines: list[str] = []
    entries: list[_Entry] = []
    open_levels: list[int] = []  # as the narrative counts them: its leaps are no leaps in the page
    sections, tables = count(1), count(1)
    for block in publication.blocks:
        match block:
            case Heading(level, text):
                while open_levels and open_levels[-1] >= level:
                    open_levels.pop()
                open_levels.append(level)
                name, depth = f"s{next(sections)}", len(open_levels)
                tag = f"h{min(depth + 1, 6)}"
                lines.append(f'<{tag} id="{name}">{marked_up(text)}</{tag}>')
            case Text(runs):
                lines.append(f"<p>{''.join(_run(run, addresses, marks) for run in runs)}</p>")
                continue
            case PrintedTable():
                name, depth, text = f"t{next(tables)}", len(open_levels) + 1, block.heading
                if not text.strip() and not any(block.captions):
                    # Nothing would part it from a table before it, and a reader would take the two for one.
                    lines.append('<p class="gap"></p>')
                lines += table_markup(block, name, min(depth + 1, 6), addresses)
        if in_contents(block) and text.strip():
            entries.append(_Entry(name, depth, " ".join(clean(text).split())))
    return lines, entries


def _run(run: Run, addresses: Addresses, marks: _Marks | None) -> str:
    """A piece of a sentence; a number with a cell of its own leads there."""
    address = addresses.of(run.identity)
    text = marked_up(run.text)
    if run.typed is not None and marks is not None:
        return marks.of(run.typed, text)
    if address is None or not run.text.strip():
        return text
    return f'<a class="fact" href="#{address.id}" title="{escape(address.words)}">{text}</a>'


def _contents(entries: Sequence[_Entry]) -> str:
    """The contents twice: folded for narrow screens, open at the side of wide ones. CSS shows one of them; a folded
    element cannot be opened by CSS in every browser."""
    if not entries:
        return ""
    items = "".join(
        f'<li class="c{min(entry.level, 3)}"><a href="#{entry.id}">{escape(entry.text)}</a></li>' for entry in entries
    )
    return (
        f'<nav class="contents" aria-label="目录"><details><summary>目录</summary><ul>{items}</ul></details>'
        f'<div class="side"><p>目录</p><ul>{items}</ul></div></nav>'
    )


def _charts(charts: Sequence[Chart]) -> Iterator[str]:
    """The charts as one figure of figures: a reader of documents passes over figures that are drawn."""
    if not charts:
        return
    yield '<figure class="charts"><figcaption><h2 id="charts">图解</h2>'
    yield "<p>图中金额四舍五入，准确数字以后面各表为准。</p></figcaption>"
    for number, chart in enumerate(charts, 1):
        yield f'<figure class="chart"><figcaption><h3 id="chart{number}">{escape(clean(chart.title))}</h3></figcaption>'
        if chart.narrow:
            yield f'<div class="for-wide">{chart.svg}</div><div class="for-narrow">{chart.narrow}</div>'
        else:
            yield f"<div>{chart.svg}</div>"
        if chart.table:
            yield from _figures(chart, number)
        yield "</figure>"
    yield "</figure>"


def _figures(chart: Chart, number: int) -> Iterator[str]:
    """A chart's figures as a table, folded."""
    header, *rows = chart.table
    title = escape(clean(chart.title))
    yield f"<details><summary>“{title}”的数据</summary>"
    yield f'<div class="scroll" role="region" aria-label="{title}的数据" tabindex="0"><table>'
    heads = "".join(f'<th scope="col">{marked_up(cell)}</th>' for cell in header)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    named = next((n for n, cell in enumerate(header) if cell == "名称"), 0)
    for row in rows:
        cells = "".join(
            f'<th scope="row">{marked_up(cell)}</th>'
            if n == named
            else f'<td class="a">{marked_up(cell)}</td>'
            if n > named
            else f"<td>{marked_up(cell)}</td>"
            for n, cell in enumerate(row)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></div></details>"
