"""Sound documents broken at random: bytes, the parts of containers, marks, objects and streams."""

import copy
import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence

from lxml import etree

ODD = (
    *("-1", "0", "1", "2", "999999999", "-99999999999999999999", "1.5", "1e400", "NaN", "", " ", "x", "true"),
    *("A1:XFD1048576", "B2:A1", "A0", "$A$1", "XFE1", "rId1", "../../x", "١٢", "²", "㊀", "\u202e12", "restart"),
)
_TOKENS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b"\x85", b"\xed\xa0\x80", b"\xe3\x80\x80", b"\t\t\t", b"\r"),
    *(
        b"-",
        b",",
        b"%",
        "％（".encode(),
        "单位：万元".encode(),
        "合计".encode(),
        b"9" * 400,
        b"1e999",
        b"</",
        b"<",
        b"]]>",
    ),
    *(
        b"\n" * 40,
        b" " * 300,
        "２０２１年".encode(),
        "①".encode(),
        "一、".encode(),
        "比上年增加-".encode(),
        b"0.",
        b"obj",
    ),
)
_ODD_CELL = (
    '<w:tcPr><w:gridSpan w:val="-1"/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>", "<w:tbl/>", "<w:tr/>", "<w:tc/>",
    '<w:tcPr><w:vMerge w:val="restart"/><w:gridSpan w:val="0"/></w:tcPr>', "<w:p/>", "<w:sdt><w:sdtContent/></w:sdt>",
    '<w:trPr><w:gridBefore w:val="7"/></w:trPr>', '<w:numPr><w:ilvl w:val="99"/><w:numId w:val="-3"/></w:numPr>',
    '<w:fldSimple w:instr="PAGE"/>', "<w:br/>", "<w:tab/>", "<w:del/>", "<w:ins/>", "<mergeCells/>", "<row/>", "<c/>",
)  # fmt: skip
_NUMBER = re.compile(rb"-?\d+\.?\d*")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)


def broken(form: str, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """A document of ``form``, broken in one to four places."""
    data = chance.choice(seeds)
    if form in ("docx", "xlsx") and chance.random() < 0.85:
        return _container(data, chance)
    ways: list[Callable[[bytes, random.Random], bytes]] = [_bytes]
    if form == "html":
        ways += [_marks] * 4
    elif form == "txt":
        ways += [_lines] * 3
    elif form == "pdf":
        ways += [_objects, _streams, _streams]
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(ways)(data, chance)
    return data


def _bytes(data: bytes, chance: random.Random) -> bytes:
    """Bits flipped, a slice cut, doubled, moved or overwritten, the end cut off, a token put in."""
    if not data:
        return data
    made = bytearray(data)
    start = chance.randrange(len(made))
    end = min(len(made), start + int(chance.paretovariate(0.6)))
    way = chance.randrange(7)
    if way == 0:
        for _ in range(chance.choice((1, 3, 30, 300))):
            made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    elif way == 1:
        del made[start:]
    elif way == 2:
        del made[start:end]
    elif way == 3:
        made[start:start] = made[start:end] * chance.choice((1, 1, 2, 50 if end - start < 2000 else 1))
    elif way == 4:
        made[start:end] = chance.randbytes(min(end - start, 5000))
    elif way == 5:
        for _ in range(chance.choice((1, 5, 50))):
            at = chance.randrange(len(made) + 1)
            made[at:at] = chance.choice(_TOKENS)
    else:
        piece = bytes(made[start:end])
        del made[start:end]
        at = chance.randrange(len(made) + 1)
        made[at:at] = piece
    return bytes(made)


def _lines(data: bytes, chance: random.Random) -> bytes:
    """Lines of a text dropped, doubled, shuffled; numbers and line ends changed."""
    lines = data.split(b"\n")
    start = chance.randrange(len(lines))
    end = min(len(lines), start + chance.choice((1, 2, 10, 100)))
    way = chance.randrange(6)
    if way == 0:
        del lines[start:end]
    elif way == 1:
        lines[start:start] = lines[start:end]
    elif way == 2:
        part = lines[start:end]
        chance.shuffle(part)
        lines[start:end] = part
    elif way == 3:
        return _odd_numbers(data, chance)
    elif way == 4:
        lines = [line + b"\r" * chance.randrange(2) for line in lines]
    else:
        lines[start:end] = [b"".join(lines[start:end])]
    return b"\n".join(lines)


def _odd_numbers(data: bytes, chance: random.Random) -> bytes:
    share = chance.choice((0.005, 0.05, 0.5))
    return _NUMBER.sub(lambda found: chance.choice(ODD).encode() if chance.random() < share else found[0], data)


def _marks(data: bytes, chance: random.Random) -> bytes:
    """Marks of HTML dropped, doubled, moved; odd attributes; a script or a comment left open."""
    parts = re.split(rb"(<[^>]*>)", data)
    odd = ("colspan", "rowspan", "style", "align", "charset", "hidden")
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(parts))
        way = chance.randrange(6)
        if way == 0:
            del parts[at]
        elif way == 1:
            parts.insert(chance.randrange(len(parts)), parts[at])
        elif way == 2:
            other = chance.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        elif way == 3:
            attribute = f' {chance.choice(odd)}="{chance.choice(ODD)}"'.encode()
            parts[at] = re.sub(
                rb"^<(td|th|tr|table|p|div|span|meta)\b", lambda m, attribute=attribute: m[0] + attribute, parts[at]
            )
        elif way == 4:
            parts[at] = chance.choice((b"<!--", b"<script>", b"<td>", b"</table>", b"&#xD800;", b"&#0;", b"<table>"))
        else:
            parts[at] = _bytes(parts[at], chance)
        parts = parts or [b"x"]
    return b"".join(parts)


def _container(data: bytes, chance: random.Random) -> bytes:
    """A ZIP container made anew with some of its XML parts broken, dropped, renamed or exchanged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in parts if name.endswith((".xml", ".rels"))]
    weights = [len(parts[name]) ** 0.5 for name in names]
    for name in chance.choices(names, weights, k=chance.choice((1, 1, 2, 4))):
        way = chance.randrange(20)
        if way == 0:
            parts.pop(name, None)
        elif way == 1:
            parts[name.upper()] = parts.pop(name, b"")
        elif way == 2:
            parts[name] = parts.get(chance.choice(names), b"")
        elif way < 6:
            parts[name] = _bytes(parts.get(name, b""), chance)
        elif way < 10:
            parts[name] = _odd_values(parts.get(name, b""), chance)
        else:
            parts[name] = _elements(parts.get(name, b""), chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def _odd_values(data: bytes, chance: random.Random) -> bytes:
    """Values of attributes and texts exchanged for odd ones."""
    share = chance.choice((0.002, 0.02, 0.3))

    def changed(found: re.Match[bytes]) -> bytes:
        if chance.random() >= share:
            return found[0]
        return found[0][:1] + chance.choice(ODD).encode() + found[0][-1:]

    return re.sub(rb'"[^"<>:/]*"|>[^<>]+<', changed, data)


def _elements(data: bytes, chance: random.Random) -> bytes:
    """Elements dropped, doubled, moved into one another, shuffled; odd ones put in."""
    try:
        root = etree.fromstring(data, etree.XMLParser(huge_tree=True))
    except etree.XMLSyntaxError:
        return _bytes(data, chance)
    for _ in range(chance.choice((1, 2, 10, 100))):
        inner = [element for element in root.iter("*") if element.getparent() is not None]
        if not inner:
            break
        _change(chance.choice(inner), inner, chance)
    return etree.tostring(root)


def _change(element: etree._Element, inner: list[etree._Element], chance: random.Random) -> None:
    parent = element.getparent()
    way = chance.randrange(7)
    if way == 0:
        parent.remove(element)
    elif way == 1:
        parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(element))
    elif way == 2:
        target = chance.choice(inner)
        if element not in target.iterancestors() and target is not element:
            target.append(element)
    elif way == 3:
        children = list(parent)
        chance.shuffle(children)
        parent[:] = children
    elif way == 4 and element.attrib:
        element.set(chance.choice(sorted(element.attrib)), chance.choice(ODD))
    elif way == 5:
        spaces = " ".join(f'xmlns:{key}="{uri}"' for key, uri in parent.nsmap.items() if key)
        main = f'xmlns="{parent.nsmap[None]}"' if None in parent.nsmap else ""
        inside = chance.choice(_ODD_CELL)
        if inside.startswith("<w:") and "w" not in parent.nsmap:
            inside = "<c/>"
        parent.insert(chance.randrange(len(parent) + 1), etree.fromstring(f"<x {spaces} {main}>{inside}</x>")[0])
    else:
        element.text = chance.choice((*ODD, "1,234.50", "单位：元", "合计" * 50))


def _objects(data: bytes, chance: random.Random) -> bytes:
    """Numbers, names and references outside the streams of a PDF exchanged."""
    parts = re.split(rb"(stream\r?\n.*?\r?\nendstream)", data, flags=re.S)
    at = chance.randrange(0, len(parts), 2)
    names = (
        b"/Kids",
        b"/Parent",
        b"/Font",
        b"/W",
        b"/ToUnicode",
        b"/Length",
        b"/Filter",
        b"/Rotate",
        b"/MediaBox",
        b"/XObject",
    )
    if chance.random() < 0.5:
        parts[at] = _odd_numbers(parts[at], chance)
    else:
        parts[at] = re.sub(
            rb"/[A-Z][A-Za-z]+", lambda found: chance.choice(names) if chance.random() < 0.1 else found[0], parts[at]
        )
    return b"".join(parts)


def _streams(data: bytes, chance: random.Random) -> bytes:
    """What one stream of a PDF holds, changed: operators shuffled, doubled, their numbers made odd."""
    found = list(_STREAM.finditer(data))
    if not found:
        return _bytes(data, chance)
    one = chance.choice(found)
    try:
        content, packed = zlib.decompress(one[1]), True
    except zlib.error:
        content, packed = one[1], False
    content = chance.choice((_lines, _odd_numbers, _bytes, _operators))(content, chance)
    return data[: one.start(1)] + (zlib.compress(content) if packed else content) + data[one.end(1) :]


def _operators(content: bytes, chance: random.Random) -> bytes:
    """Operators of a page put in, among them matrices that nothing can be drawn with."""
    odd = (
        *(
            b"0 0 0 0 0 0 cm",
            b"1e9 0 0 1e9 0 0 cm",
            b"0 1 -1 0 0 0 cm",
            b"q",
            b"Q Q Q",
            b"BT",
            b"ET",
            b"/X1 Do",
            b"3 Tr",
        ),
        *(b"/F1 0 Tf", b"/F1 -10 Tf", b"/F1 1e6 Tf", b"0 0 1e7 1e7 re f", b"0 Tz", b"-100 Tc", b"1 0 0 1 nan inf Tm"),
    )
    lines = content.split(b"\n")
    for _ in range(chance.choice((1, 3, 40))):
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(odd))
    return b"\n".join(lines)
