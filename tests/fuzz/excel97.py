"""A small writer of Excel 97 workbooks (.xls), so that the tests need no other program."""

import struct
from collections.abc import Sequence

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR = 512
Value = str | float | None


def xls(rows: Sequence[Sequence[Value]], sheet: str = "Sheet1") -> bytes:
    """One sheet of these rows: text, numbers, None for no cell."""
    return compound("Workbook", workbook(rows, sheet))


def workbook(rows: Sequence[Sequence[Value]], sheet: str) -> bytes:
    """The stream of records of a workbook with one sheet."""
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
    coding = _record(0x42, struct.pack("<H", 1200))
    name = sheet.encode("utf-16-le", "surrogatepass")[:60]
    length = len(begin + coding) + 4 + 8 + len(name) + 4
    listed = _record(0x85, struct.pack("<IHBB", length, 0, len(name) // 2, 1) + name)
    return begin + coding + listed + _record(0x0A, b"") + _sheet(rows)


def _sheet(rows: Sequence[Sequence[Value]]) -> bytes:
    parts = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))]
    width = max(map(len, rows), default=0)
    parts.append(_record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            at = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le", "surrogatepass")[:4000]
                parts.append(_record(0x204, at + struct.pack("<HB", len(text) // 2, 1) + text))
            elif value is not None:
                parts.append(_record(0x203, at + struct.pack("<d", value)))
    return b"".join(parts) + _record(0x0A, b"")


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def compound(name: str, stream: bytes) -> bytes:
    """An OLE container with one stream."""
    stream = stream.ljust(4096, b"\0")  # what is shorter would lie in the container's mini stream
    count = -(-len(stream) // _SECTOR)
    tables = 1
    while tables * 128 < count + tables + 1:
        tables += 1
    chain = [_FAT] * tables + [_END] + [*range(tables + 2, tables + 1 + count), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * _SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, tables + 1, len(stream))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 10 + struct.pack("<IIIIIIIII", tables, tables, 0, 4096, _END, 0, _END, 0, 0)
    header += struct.pack(f"<{tables - 1}I", *range(1, tables))
    return header.ljust(_SECTOR, b"\xff") + fat + directory.ljust(_SECTOR, b"\0") + stream.ljust(count * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child)
    return raw.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", start, size)
