"""Bytes to text: UTF-8, UTF-16 with a byte order mark, and the Chinese GB18030 family."""

import codecs
import re

from zhengwu.reading.errors import UnreadableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that of UTF-16 LE
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Word's text export may leave its own marks (page and line breaks, field and cell ends): they are
# no sign of a binary file while they are rare.
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13})
_MAX_CONTROL_SHARE = 0.01
_HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_GB2312_LEVEL_1_LAST = 0xD7  # lead bytes B0..D7 hold the 3,755 common characters


def byte_order_mark(data: bytes) -> str | None:
    """The codec named by a byte order mark at the start of ``data``, or None."""
    return next((codec for mark, codec in _BOMS if data.startswith(mark)), None)


def decode(data: bytes, declared: str | None = None) -> str:
    """``data`` as text, its byte order mark removed.

    A byte order mark decides; then UTF-8 if it fits; then ``declared`` (an encoding named inside the
    file, such as an HTML meta element) and GB18030. Raises UnreadableError naming the line when the
    bytes are not text, fit none of these, or mix two of them.
    """
    marked = byte_order_mark(data)
    if marked:
        return _decode_marked(data, marked)
    _refuse_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    codec = _known_codec(declared)
    if codec and codec not in ("utf-8", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            pass  # the declaration is wrong, as it often is on old pages
    _refuse_mixed(data)
    return data.decode("gb18030")


def _known_codec(name: str | None) -> str | None:
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip()).name
    except LookupError:
        return None
    # gb2312 and gbk are subsets, and files that declare them use characters of the superset.
    return "gb18030" if codec in ("gb2312", "gbk", "hz") else codec


def _decode_marked(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        name = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32"}[codec]
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(
            "undecodable",
            f"第 {line} 行（第 {error.start + 1} 字节）不符合文件开头标明的 {name} 编码；"
            "请用文本编辑器另存为 UTF-8 后再试。",
            f"line {line} (byte {error.start + 1}) is not {name}, which the start of the file declares; "
            "save the file as UTF-8 in a text editor and try again",
        ) from None


def _refuse_binary(data: bytes) -> None:
    nul = data.find(b"\0")
    controls = len(data) - len(data.translate(None, _CONTROL)) if nul < 0 else 0
    if nul < 0 and controls <= max(8, len(data) * _MAX_CONTROL_SHARE):
        return
    where = nul if nul >= 0 else next(i for i, byte in enumerate(data) if byte in _CONTROL)
    line = data.count(b"\n", 0, where) + 1
    raise UnreadableError(
        "not-text",
        f"第 {line} 行（第 {where + 1} 字节）含有二进制数据，这不是文本文件；"
        "请提供 .docx、.xlsx、.pdf、.html 或文本文件。",
        f"line {line} (byte {where + 1}) holds binary data, so this is not a text file; "
        "give a .docx, .xlsx, .pdf, .html or text file",
    )


def _refuse_mixed(data: bytes) -> None:
    """Raise unless every line of ``data`` is GB18030 and none is plainly UTF-8."""
    gb_line = utf8_line = 0
    utf8_count = gb_count = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.isascii():
            continue
        kind = _line_encoding(line)
        if kind is None:
            raise UnreadableError(
                "undecodable",
                f"第 {number} 行既不是 UTF-8 也不是 GB18030 编码；请在该行改正乱码，另存为 UTF-8 后再试。",
                f"line {number} is neither UTF-8 nor GB18030; mend the garbled characters there, "
                "save the file as UTF-8 and try again",
            )
        if kind == "utf-8":
            utf8_count += 1
            utf8_line = utf8_line or number
        elif kind == "gb18030":
            gb_count += 1
            gb_line = gb_line or number
    if not (utf8_line and gb_line):
        return
    if utf8_count >= gb_count:
        first, odd, rest = gb_line, "GB18030", "UTF-8"
    else:
        first, odd, rest = utf8_line, "UTF-8", "GB18030"
    raise UnreadableError(
        "mixed-encodings",
        f"文件混用两种编码：第 {first} 行是 {odd}，其余是 {rest}；请把全文统一另存为 UTF-8 后再试。",
        f"the file mixes two encodings: line {first} is {odd}, the rest {rest}; "
        "save the whole text as UTF-8 and try again",
    )


def _line_encoding(line: bytes) -> str | None:
    """ "utf-8", "gb18030", "either" or None (neither) for one line with bytes above 127."""
    try:
        as_gb = line.decode("gb18030")
    except UnicodeDecodeError:
        as_gb = None
    try:
        as_utf8 = line.decode("utf-8")
    except UnicodeDecodeError:
        return None if as_gb is None else "gb18030"
    if as_gb is None:
        return "utf-8"
    if len(_HAN.findall(as_utf8)) < 2 or _common_share(as_gb) > 0.5:
        return "either"
    return "utf-8"


def _common_share(text: str) -> float:
    """Share of the non-ASCII characters of ``text`` that are common in Chinese print.

    UTF-8 read as GB18030 gives nearly only rare characters, which tells the two apart.
    """
    foreign = [char for char in text if ord(char) > 127]
    common = 0
    for char in foreign:
        try:
            code = char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        common += code[0] <= _GB2312_LEVEL_1_LAST
    return common / len(foreign) if foreign else 1.0
