"""Streams inside OLE containers, large and small, sound and broken."""

import struct

import pytest
from tests.fuzz.excel97 import compound

from zhengwu.reading import ole

_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF


def _entry(name, kind, child, start, size):
    raw = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<HBBIII", len(raw), kind, 1, _FREE, _FREE, child)
    return raw.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", start, size)


def _small(content):
    """A container whose stream Workbook lies in the mini stream: sectors FAT, directory, mini FAT, mini stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 10 + struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 2, 1, _END, 0, 0)
    fat = struct.pack("<IIII", 0xFFFFFFFD, _END, _END, _END).ljust(512, b"\xff")
    directory = _entry("Root Entry", 5, 1, 3, 512) + _entry("Workbook", 2, _FREE, 2, len(content))
    count = -(-len(content) // 64)
    chain = [_FREE, _FREE, *range(3, 2 + count), _END]
    mini = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    inside = (b"-" * 128 + content).ljust(512, b"\0")
    return header.ljust(512, b"\xff") + fat + directory.ljust(512, b"\0") + mini + inside


@pytest.mark.parametrize("size", [1, 64, 100, 300])
def test_small_stream_is_read_from_the_mini_stream(size):
    content = bytes(index % 251 for index in range(size))
    assert ole.stream(_small(content), "WORKBOOK") == content


@pytest.mark.parametrize("size", [4096, 5000, 200_000])
def test_large_stream_is_read_by_its_chain(size):
    content = bytes(index % 251 for index in range(size))
    assert ole.stream(compound("Workbook", content), "Workbook") == content


def test_missing_stream_is_empty():
    assert ole.stream(_small(b"x"), "Book") == b""


def test_broken_container_is_a_value_error_and_a_circle_ends():
    with pytest.raises(ValueError, match=r"broken|cut"):
        ole.stream(compound("Workbook", b"x" * 5000)[:1000], "Workbook")
    data = bytearray(compound("Workbook", b"x" * 5000))
    data[512 + 8 : 512 + 12] = struct.pack("<I", 2)  # the first sector of the stream leads to itself
    assert len(ole.stream(bytes(data), "Workbook")) <= 5000
