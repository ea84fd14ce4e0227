"""OLE2 containers (.doc, .xls, .wps, .et and password-protected Office files): what lies inside."""

import struct
from collections.abc import Iterator

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_ENTRY = 128
_MINI = 4096
_MAX_ENTRIES = 4096


def is_ole(data: bytes) -> bool:
    """True when ``data`` begins as an OLE2 container does."""
    return data.startswith(_SIGNATURE)


def top_level_names(data: bytes) -> frozenset[str]:
    """Names of the streams and storages at the top of the container; empty when it is broken.

    Only the top counts: a Word document may hold a whole workbook in a storage of its own.
    """
    try:
        entries = _directory(data)
    except (struct.error, IndexError, ValueError):
        return frozenset()
    names: set[str] = set()
    pending = [_link(entries[0], 76)] if entries else []  # the root's child
    seen: set[int] = set()
    while pending:
        index = pending.pop()
        if index in seen or index >= len(entries):
            continue
        seen.add(index)
        entry = entries[index]
        length = min(struct.unpack_from("<H", entry, 64)[0], 64)
        names.add(entry[: max(length - 2, 0)].decode("utf-16-le", "replace"))
        pending += [_link(entry, 68), _link(entry, 72)]  # its siblings
    return frozenset(names)


def stream(data: bytes, name: str) -> bytes:
    """The content of the stream ``name``, compared without regard to case; raises ValueError when the container is
    broken. It is empty when there is no such stream."""
    try:
        size = 1 << _shift(data)
        entries = _directory(data)
        for entry in entries:
            length = min(struct.unpack_from("<H", entry, 64)[0], 64)
            if entry[: max(length - 2, 0)].decode("utf-16-le", "replace").lower() != name.lower():
                continue
            total = _link(entry, 120)
            if entry[66] != 2:
                continue
            if total < _MINI:
                return _small(data, entries[0], _link(entry, 116), size)[:total]
            return b"".join(_sectors(data, _link(entry, 116), size))[:total]
    except (struct.error, IndexError) as error:
        raise ValueError("broken") from error
    return b""


def _small(data: bytes, root: bytes, sector: int, size: int) -> bytes:
    """A stream below 4096 bytes: it lies in sectors of 64 bytes within the stream of the root."""
    within = b"".join(_sectors(data, _link(root, 116), size))
    table = b"".join(_sectors(data, struct.unpack_from("<I", data, 60)[0], size))
    pieces: list[bytes] = []
    while sector < _END and len(pieces) < _MINI // 64:
        pieces.append(within[sector * 64 : sector * 64 + 64])
        sector = struct.unpack_from("<I", table, 4 * sector)[0]
    return b"".join(pieces)


def _sectors(data: bytes, sector: int, size: int) -> Iterator[bytes]:
    """The blocks of a chain of sectors."""
    per_sector = size // 4
    tables = [s for s in struct.unpack_from("<109I", data, 76) if s < _END]
    further = struct.unpack_from("<I", data, 68)[0]
    while further < _END and len(tables) <= len(data) // size:
        numbers = struct.unpack_from(f"<{per_sector}I", data, (further + 1) * size)
        tables += [s for s in numbers[:-1] if s < _END]
        further = numbers[-1]
    for _ in range(len(data) // size + 1):  # a chain that bites its tail has more
        if sector >= _END:
            return
        yield data[(sector + 1) * size : (sector + 2) * size]
        table, place = divmod(sector, per_sector)
        sector = struct.unpack_from("<I", data, (tables[table] + 1) * size + 4 * place)[0]


def _shift(data: bytes) -> int:
    shift = int(struct.unpack_from("<H", data, 30)[0])
    if shift not in (9, 12):
        raise ValueError("sector size")
    return shift


def _link(entry: bytes, offset: int) -> int:
    return int(struct.unpack_from("<I", entry, offset)[0])


def _directory(data: bytes) -> list[bytes]:
    """The directory's entries, by following its chain of sectors."""
    size = 1 << _shift(data)
    fat_sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _END]
    sector = struct.unpack_from("<I", data, 48)[0]
    entries: list[bytes] = []
    per_sector = size // 4
    while sector < _END and len(entries) < _MAX_ENTRIES:
        start = (sector + 1) * size
        block = data[start : start + size]
        if len(block) < size:
            raise ValueError("cut")
        entries += [block[i : i + _ENTRY] for i in range(0, size, _ENTRY)]
        table, place = divmod(sector, per_sector)
        if table >= len(fat_sectors):  # beyond 7 MB the chain goes on elsewhere: enough is known by then
            break
        sector = struct.unpack_from("<I", data, (fat_sectors[table] + 1) * size + 4 * place)[0]
    return entries
