"""A Word document with a Word comment at each place."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from lxml import etree

from zhengwu.reading.docx import with_paragraphs
from zhengwu.reading.docx_numbering import W
from zhengwu.reporting.audited import span_of
from zhengwu.reporting.notes import AUTHOR, Note
from zhengwu.reporting.package import Package

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_NAMESPACE = W[1:-1]
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_P, _R, _T, _RPR, _PPR, _ID = W + "p", W + "r", W + "t", W + "rPr", W + "pPr", W + "id"
_BOX = W + "txbxContent"
_DELETED = frozenset({W + "del", W + "moveFrom"})


def annotated_docx(data: bytes, notes: list[Note], made: datetime | None) -> bytes | None:
    """The document with its comments; None when it is of the strict variant, which has other names.

    ``made`` dates the comments; None leaves their date out.
    """
    package = Package(data)
    name, root, lines = with_paragraphs(package.archive)
    first = next((p for paragraphs in lines.values() for p in paragraphs), None)
    if first is None:
        return None
    part, comments = _comments(package, name)
    number = max((int(c.get(_ID)) for c in comments if (c.get(_ID) or "").isdecimal()), default=-1) + 1
    for note in notes:
        paragraphs = lines.get(note.spot.place.line or 0, []) if note.spot else []
        quote = note.spot.quote if note.spot else ""
        _mark(paragraphs or [first], quote if paragraphs else "", number)
        comments.append(_comment(note.text, number, made))
        number += 1
    package.put(part, comments)
    package.put(name, root)
    return package.written()


def _comments(package: Package, name: str) -> tuple[str, Any]:
    """The part with the comments and its root, made where the document has none."""
    part = package.related(name, "comments")
    if part and package.has(part):
        return part, package.xml(part)
    part = package.free_name(f"{name.rpartition('/')[0]}/comments{{}}.xml").replace("comments1.xml", "comments.xml")
    if package.has(part):
        part = package.free_name(f"{name.rpartition('/')[0]}/comments{{}}.xml")
    package.relate(name, "comments", part)
    package.declare(_COMMENTS_TYPE, part=part)
    return part, etree.Element(W + "comments", nsmap={"w": _NAMESPACE})


def _comment(text: str, number: int, made: datetime | None) -> Any:
    comment = etree.Element(W + "comment", {_ID: str(number), W + "author": AUTHOR, W + "initials": "zw"})
    if made is not None:
        comment.set(W + "date", made.strftime("%Y-%m-%dT%H:%M:%SZ"))
    for line in text.split("\n"):
        run = etree.SubElement(etree.SubElement(comment, _P), _R)
        _set_text(etree.SubElement(run, _T), line)
    return comment


def _mark(paragraphs: list[Any], quote: str, number: int) -> None:
    """Put the range of comment ``number`` round the quote, or round the whole of a paragraph."""
    for paragraph in paragraphs:
        texts = _texts(paragraph)
        span = span_of("".join(text.text or "" for text in texts), quote)
        if span is not None:
            first, last = _runs(texts, span)
            _enclose(first, last, number)
            return
    paragraph = _outside_boxes(paragraphs[0])
    inner = [child for child in paragraph if child.tag != _PPR]
    if inner:
        _enclose(inner[0], inner[-1], number)
    else:
        start, end, mark = _range(number)
        paragraph.extend((start, end, mark))


def _texts(paragraph: Any) -> list[Any]:
    """The ``w:t`` elements that a paragraph itself prints, in order."""
    found = []
    for text in paragraph.iter(_T):
        node = text.getparent()
        while node is not paragraph and node.tag != _BOX and node.tag not in _DELETED:
            node = node.getparent()
        if node is paragraph and text.getparent().tag == _R:
            found.append(text)
    return found


def _runs(texts: list[Any], span: tuple[int, int]) -> tuple[Any, Any]:
    """The first and last run of ``span``, runs split so that it begins and ends with one."""
    at = 0
    first = last = texts[-1].getparent()
    found_first = False
    for text in texts:
        length = len(text.text or "")
        if not found_first and span[0] < at + length:
            found_first = True
            cut = span[0] - at
            if cut:
                text = _split(text, cut)
                at += cut
                length -= cut
            first = text.getparent()
        if found_first and span[1] <= at + length:
            if span[1] < at + length:
                _split(text, span[1] - at)
            last = text.getparent()
            break
        at += length
    return first, last


def _split(text: Any, cut: int) -> Any:
    """Split the run of ``text`` before its character ``cut``; the ``w:t`` of the new run is returned."""
    run = text.getparent()
    behind = etree.Element(_R)
    properties = run.find(_RPR)
    if properties is not None:
        behind.append(deepcopy(properties))
    rest = etree.SubElement(behind, _T)
    whole = text.text or ""
    following = list(text.itersiblings())
    behind.extend(following)
    _set_text(text, whole[:cut])
    _set_text(rest, whole[cut:])
    run.addnext(behind)
    return rest


def _set_text(text: Any, value: str) -> None:
    text.text = value
    text.set(_SPACE, "preserve")


def _outside_boxes(paragraph: Any) -> Any:
    """Word allows no comment in a text box: the paragraph that holds the box instead."""
    for box in paragraph.iterancestors(_BOX):
        paragraph = next(box.iterancestors(_P), paragraph)
    return paragraph


def _enclose(first: Any, last: Any, number: int) -> None:
    box = next(reversed(list(first.iterancestors(_BOX))), None)
    if box is not None:
        holder = next(box.iterancestors(_R), None)
        first = last = holder if holder is not None else first
    start, end, mark = _range(number)
    first.addprevious(start)
    last.addnext(end)
    end.addnext(mark)


def _range(number: int) -> tuple[Any, Any, Any]:
    start = etree.Element(W + "commentRangeStart", {_ID: str(number)})
    end = etree.Element(W + "commentRangeEnd", {_ID: str(number)})
    mark = etree.Element(_R)
    etree.SubElement(mark, W + "commentReference", {_ID: str(number)})
    return start, end, mark
