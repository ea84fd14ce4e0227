"""OLE2 containers (.doc, .xls, .wps, .et and password-protected Office files): what lies inside."""

import struct

_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_ENTRY = 128
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


def _link(entry: bytes, offset: int) -> int:
    return int(struct.unpack_from("<I", entry, offset)[0])


def _directory(data: bytes) -> list[bytes]:
    """The directory's entries, by following its chain of sectors."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    size = 1 << shift
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
