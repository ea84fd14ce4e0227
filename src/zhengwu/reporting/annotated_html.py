"""A web page with its places marked; and a page made of any other document, marked the same way."""

from html import escape
from typing import Any, NamedTuple

from lxml import etree

from zhengwu.model.document import Document, Grid
from zhengwu.reading.html import with_text_nodes
from zhengwu.reporting.audited import span_of
from zhengwu.reporting.notes import Note, clean
from zhengwu.reporting.report_words import words

_STYLE = (
    "mark.zw{background:#fde0dc;color:inherit;border-bottom:2px solid #d93025;scroll-margin-top:2em}"
    "mark.zw:target{outline:3px solid #ffb300}mark.zw sup{color:#d93025;font:bold 11px sans-serif}"
    "aside.zw{font:14px/1.6 system-ui,sans-serif;border:1px solid #d5dbe1;border-left:5px solid #d93025;"
    "background:#fff;color:#1d2329;padding:8px 16px;margin:12px auto;max-width:1100px;text-align:left}"
    "aside.zw p{margin:8px 0;white-space:pre-line;overflow-wrap:anywhere}aside.zw a{color:#1a6fb0}"
)
_PAGE_STYLE = (
    "body{font:15px/1.7 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;color:#1d2329;"
    "max-width:1100px;margin:0 auto;padding:0 16px}div.table{overflow-x:auto;margin:12px 0}"
    "table{border-collapse:collapse;font-size:13px}td{border:1px solid #bbb;padding:3px 8px;vertical-align:top;"
    "white-space:pre-line;min-width:2em}@media print{aside.zw,tr{break-inside:avoid}}"
)


class _Part(NamedTuple):
    """A piece of a text with the positions (in the list of notes) of the notes on it."""

    text: str
    notes: tuple[int, ...]


def annotated_html(data: bytes, notes: list[Note], language: str) -> bytes | None:
    """The page itself, its text nodes marked and a list of the notes on top; None for a web archive."""
    root, lines = with_text_nodes(data)
    if root is None:
        return None
    marked: set[int] = set()
    for line, numbers in _by_line(notes).items():
        nodes = lines.get(line, [])
        texts = [(element.tail if tail else element.text) or "" for element, tail in nodes]
        at = 0
        parts = _parts("".join(texts), [(number, notes[number]) for number in numbers])
        for (element, tail), text in zip(nodes, texts, strict=True):
            own = _between(parts, at, at + len(text))
            at += len(text)
            if any(part.notes for part in own):
                _rebuild(element, tail, own, notes, marked)
    _put_on_top(root, _listed(notes, marked, language))
    written: bytes = etree.tostring(root, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")
    return written


def annotated_page(document: Document, notes: list[Note], language: str) -> bytes:
    """A page of a document that has no form of its own to be annotated in (plain text)."""
    by_line = _by_line(notes)
    marked: set[int] = set()

    def text(line: int | None, printed: str) -> str:
        there = [(number, notes[number]) for number in by_line.get(line or 0, ())]
        return _marked_text(printed, there, notes, marked) if there else escape(printed)

    body = []
    for block in document.blocks:
        if isinstance(block, Grid):
            rows = []
            for row in block.rows:
                cells = "".join(
                    f"<td{_spans(cell.colspan, cell.rowspan)}>{text(cell.place.line, cell.text)}</td>" for cell in row
                )
                rows.append(f"<tr>{cells}</tr>")
            body.append(f'<div class="table"><table>{"".join(rows)}</table></div>')
        else:
            body.append(f"<p>{text(block.place.line, block.text)}</p>")
    top = etree.tostring(_listed(notes, marked, language), encoding="unicode", method="html")
    name = escape(document.source.name)
    page = (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title>'
        f"<style>{_PAGE_STYLE}{_STYLE}</style></head><body>\n{top}\n" + "\n".join(body) + "\n</body></html>\n"
    )
    return page.encode("utf-8", "replace")


def _spans(columns: int, rows: int) -> str:
    return (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{rows}"' if rows > 1 else "")


def _by_line(notes: list[Note]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, note in enumerate(notes):
        if note.spot and note.spot.place.line is not None:
            found.setdefault(note.spot.place.line, []).append(number)
    return found


def _parts(text: str, notes: list[tuple[int, Note]]) -> list[_Part]:
    """``text`` cut where notes begin and end; a quote that is not found marks all of it."""
    on: list[tuple[int, ...]] = [()] * len(text)
    for number, note in notes:
        quote = note.spot.quote if note.spot else ""
        start, end = span_of(text, quote) or _printed(text)
        for index in range(start, end):
            on[index] = (*on[index], number)
    parts: list[_Part] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or on[end] != on[start]:
            parts.append(_Part(text[start:end], on[start]))
            start = end
    return parts


def _printed(text: str) -> tuple[int, int]:
    stripped = text.strip()
    start = text.find(stripped) if stripped else 0
    return start, start + len(stripped)


def _between(parts: list[_Part], start: int, end: int) -> list[_Part]:
    """The parts that fall into a stretch of the text, cut at its ends."""
    found = []
    at = 0
    for part in parts:
        left, right = max(start, at), min(end, at + len(part.text))
        if left < right:
            found.append(_Part(part.text[left - at : right - at], part.notes))
        at += len(part.text)
    return found


def _rebuild(element: Any, tail: bool, parts: list[_Part], notes: list[Note], marked: set[int]) -> None:
    """Put marks into one text node of the tree."""
    children: list[Any] = []
    before = ""
    for part in parts:
        if part.notes:
            children.append(_mark(part, notes, marked))
        elif children:
            children[-1].tail = (children[-1].tail or "") + part.text
        else:
            before += part.text
    if tail:
        element.tail = before
        for child in reversed(children):
            kept = child.tail
            element.addnext(child)
            child.tail = kept
        element.tail = before
    else:
        element.text = before
        for index, child in enumerate(children):
            element.insert(index, child)


def _mark(part: _Part, notes: list[Note], marked: set[int]) -> Any:
    mark = etree.Element("mark", {"class": "zw", "title": "\n\n".join(notes[number].text for number in part.notes)})
    mark.text = clean(part.text)
    first = [number for number in part.notes if number not in marked]
    if first:
        sup = etree.SubElement(mark, "sup")
        for number in first:
            findings = ",".join(map(str, notes[number].numbers))
            etree.SubElement(sup, "span", id=f"zw{number + 1}").text = f" [{findings}]"
        marked.update(first)
    return mark


def _marked_text(text: str, there: list[tuple[int, Note]], notes: list[Note], marked: set[int]) -> str:
    shown = []
    for part in _parts(text, there):
        if part.notes:
            shown.append(etree.tostring(_mark(part, notes, marked), encoding="unicode", method="html"))
        else:
            shown.append(escape(part.text))
    return "".join(shown)


def _listed(notes: list[Note], marked: set[int], language: str) -> Any:
    """The list of all findings, each leading to its marks."""
    texts: dict[int, str] = {}
    places: dict[int, list[int]] = {}
    for position, note in enumerate(notes):
        for number, text in zip(note.numbers, note.texts, strict=True):
            texts.setdefault(number, text)
            if position in marked:
                places.setdefault(number, []).append(position)
    aside = etree.Element("aside", {"class": "zw"})
    details = etree.SubElement(aside, "details", {"open": ""})
    etree.SubElement(details, "summary").text = words(language, "list")
    for number in sorted(texts):
        item = etree.SubElement(details, "p")
        item.text = texts[number] + "\n"
        for turn, position in enumerate(places.get(number, []), 1):
            link = etree.SubElement(item, "a", href=f"#zw{position + 1}")
            link.text = words(language, "place").format(turn)
            link.tail = " "
    return aside


def _put_on_top(root: Any, listed: Any) -> None:
    """The list before the page's content, the style in its head, and the encoding it is written in."""
    head, body = root.find(".//head"), root.find(".//body")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    for meta in list(head.iter("meta")):
        if meta.get("charset") or (meta.get("http-equiv") or "").lower() == "content-type":
            meta.getparent().remove(meta)
    head.insert(0, etree.Element("meta", charset="utf-8"))
    etree.SubElement(head, "style").text = _STYLE
    if body is None:
        root.append(listed)
    else:
        text, body.text = body.text, None
        body.insert(0, listed)
        listed.tail = text
