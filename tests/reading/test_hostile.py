"""Hostile and broken input: bounded in time and memory, refused in one sentence, never a traceback.

Each input is read in a process of its own that may use 1 GiB of memory and 10 seconds.
"""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from office_files import W_NS, cell, docx, paragraph, row, table, xlsx, xlsx_rows, zipped
from tests.fuzz.excel97 import xls

import zhengwu
from zhengwu.reading import read, read_path, read_stream
from zhengwu.reading.errors import UnreadableError

_SOURCE = Path(zhengwu.__file__).parents[1]
_SECONDS = 30  # of the processor
_READ = """
import resource, sys
limit = 1 << 30
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
from zhengwu.reading import UnreadableError, read_path
try:
    document = read_path(sys.argv[1])
    print("read", len(document.blocks))
except UnreadableError as error:
    print(error.code, "|", error.message.zh, "|", error.message.en)
"""


def outcome(data, tmp_path, name="input"):
    """What reading ``data`` ends in: "read" or the code of the refusal."""
    path = tmp_path / name
    path.write_bytes(data)
    ran = subprocess.run(
        [sys.executable, "-c", _READ, str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=20 * _SECONDS,  # on a machine with other work
        env={"PYTHONPATH": str(_SOURCE), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-500:]
    code, *sentences = (part.strip() for part in ran.stdout.split("|"))
    for sentence in sentences:
        assert sentence
        assert "\n" not in sentence
    return code.split()[0]


def refusal(data, name="input"):
    with pytest.raises(UnreadableError) as caught:
        read(data, name)
    assert caught.value.message.zh.endswith("。")
    assert caught.value.message.en
    return caught.value


@pytest.mark.parametrize("data", [b"", b" \r\n\t \n", b"\xef\xbb\xbf", b"\0" * 1000, "　\n　".encode()])
def test_empty_or_blank_file_is_refused_as_empty(data):
    assert refusal(data).code == "empty"


@pytest.mark.parametrize("share", [0.2, 0.6, 0.99])
def test_truncated_office_file_is_refused(share):
    for data in (docx(paragraph("预算") * 500), xlsx(xlsx_rows([["a", 1.0]] * 500))):
        assert refusal(data[: int(len(data) * share)]).code in ("damaged", "part-missing")


def test_office_file_with_broken_bytes_is_refused():
    data = bytearray(docx(paragraph("预算") * 5000))
    data[60:90] = b"\xff" * 30
    assert refusal(bytes(data)).code in ("damaged", "bad-xml")


def test_zip_bomb_is_refused(tmp_path):
    bomb = zipped({"word/document.xml": b"<a>" + b" " * 300_000_000})
    assert len(bomb) < 1_000_000
    assert outcome(bomb, tmp_path) == "zip-bomb"


def test_zip_bomb_that_lies_about_its_size_is_refused(tmp_path):
    data = bytearray(zipped({"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": b" " * 500_000_000}))
    real = struct.pack("<I", 500_000_000)
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = struct.pack("<I", 1000)
    assert outcome(bytes(data), tmp_path) in ("zip-bomb", "damaged")


def test_zip_whose_member_lies_before_its_start_is_refused_as_damaged():
    data = docx(paragraph("预算") * 50)
    end = data.rindex(b"PK\5\6")
    offset = struct.unpack("<I", data[end + 16 : end + 20])[0]
    moved = data[: end + 16] + struct.pack("<I", offset + 2) + data[end + 20 :]
    assert refusal(moved).code == "damaged"


def test_zip_with_too_many_members_is_refused(tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(25_000):
            archive.writestr(f"word/{number}", b"")
    assert outcome(path.read_bytes(), tmp_path) == "zip-bomb"


def test_external_entity_is_refused_and_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("do not read")
    xml = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document xmlns:w="{W_NS}"><w:body><w:p>'
        "<w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    assert refusal(zipped({"word/document.xml": xml})).code == "dtd"


def _laughs():
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    return f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]>'


def test_billion_laughs_in_a_word_file_are_refused(tmp_path):
    body = f'<w:document xmlns:w="{W_NS}"><w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>'
    assert outcome(zipped({"word/document.xml": _laughs() + body}), tmp_path) in ("dtd", "bad-xml")


def test_billion_laughs_in_a_sheet_are_refused(tmp_path):
    data = xlsx(xlsx_rows([["a", 1.0]]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = _laughs() + parts["xl/worksheets/sheet1.xml"].replace(">a<", ">&l11;<")
    assert outcome(zipped(parts), tmp_path) in ("dtd", "bad-xml")


def test_entities_in_a_page_are_harmless(tmp_path):
    assert outcome(f"{_laughs()}<html><p>&l11;</p></html>".encode(), tmp_path) in ("read", "html-limit")


def _ole(*names):
    """An OLE2 container with these top-level streams, all empty."""
    entries = []
    for index, name in enumerate(("Root Entry", *names)):
        raw = name.encode("utf-16-le") + b"\0\0"
        right = index + 1 if 0 < index < len(names) else 0xFFFFFFFF
        child = 1 if index == 0 else 0xFFFFFFFF
        entries.append(
            raw.ljust(64, b"\0")
            + struct.pack("<HBB", len(raw), 5 if index == 0 else 2, 1)
            + struct.pack("<III", 0xFFFFFFFF, right, child)
            + b"\0" * 36
            + struct.pack("<IQ", 0xFFFFFFFE, 0)
        )
    directory = b"".join(entries).ljust(512, b"\0")
    fat = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 10 + struct.pack("<III", 1, 1, 0) + struct.pack("<IIIII", 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return header + struct.pack("<I", 0).ljust(436, b"\xff") + fat + directory


def test_encrypted_office_file_is_refused_as_encrypted():
    assert refusal(_ole("EncryptionInfo", "EncryptedPackage")).code == "encrypted"


def test_word_97_file_without_libreoffice_says_what_to_do(monkeypatch):
    monkeypatch.setattr("zhengwu.reading.office.shutil.which", lambda name: None)
    error = refusal(_ole("WordDocument", "1Table"))
    assert error.code == "needs-libreoffice"
    assert ".docx" in error.message.en


def test_broken_excel_97_file_is_refused():
    assert refusal(_ole("Workbook")).code in ("damaged", "empty")


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"MZ\x90\0", "Windows"),
        (b"\x7fELF\x02", "Linux"),
    ],
)
def test_other_file_named_docx_is_refused_by_what_it_is(start, word):
    error = refusal(start + bytes(range(256)), "公开.docx")
    assert error.code == "not-a-document"
    assert word in error.message.en


def test_zip_of_other_files_is_refused_by_what_it_is():
    assert "unpack" in refusal(zipped({"预算.docx": b"x"})).message.en


def test_200_megabytes_of_text_are_refused_fast(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    with pytest.raises(UnreadableError) as caught:
        read_path(path)
    assert caught.value.code == "too-large"


def test_endless_stream_is_refused():
    class Endless:
        def read(self, size):
            return b"a" * size

    with pytest.raises(UnreadableError) as caught:
        read_stream(Endless(), "-")
    assert caught.value.code == "too-large"


def test_90_megabytes_of_text_are_refused(tmp_path):
    assert outcome("部门预算\n".encode() * 7_000_000, tmp_path) == "too-large"


def test_text_of_a_million_cells_is_refused(tmp_path):
    assert outcome(b"\ta\n" * 1_900_000, tmp_path) == "too-many-cells"


def test_text_of_tabs_only_is_bounded(tmp_path):
    assert outcome(b"a" + b"\t" * 30_000_000, tmp_path) in ("too-many-cells", "too-large")


def test_text_made_to_look_ahead_is_bounded(tmp_path):
    assert outcome(b"\ta\n\tb\n\n" + b"c\n\n" * 500_000, tmp_path) == "read"


def test_random_bytes_are_refused():
    data = zlib.compress(bytes(range(256)) * 4000) * 3
    assert refusal(data).code in ("not-text", "undecodable", "not-a-document")


def test_text_with_nul_bytes_is_refused_as_binary():
    error = refusal("预算\n收".encode() + b"\0\0\0" + "入".encode())
    assert error.code == "not-text"
    assert "line 2" in error.message.en


def test_mixed_encodings_name_the_line():
    assert "line 2" in refusal("部门预算说明\n".encode() + "收入情况说明".encode("gb18030")).message.en


def test_deeply_nested_page_is_refused(tmp_path):
    assert outcome(b"<html>" + b"<div>" * 100_000 + b"x", tmp_path) == "html-limit"


def test_deeply_nested_tables_are_refused(tmp_path):
    assert outcome(b"<html>" + b"<table><tr><td>" * 100_000 + b"x", tmp_path) == "html-limit"


def test_deeply_nested_word_tables_are_bounded(tmp_path):
    body = paragraph("x")
    for _ in range(60):
        body = table(row(cell(body), "a"), row("b", "c"))
    assert outcome(docx(body), tmp_path) in ("read", "bad-xml")


def test_page_with_huge_spans_is_bounded(tmp_path):
    page = "<table><tr><td rowspan=65000 colspan=1000000000>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    assert outcome(page.encode(), tmp_path) == "read"
    grid = read(page.encode(), "x").blocks[0]
    assert max(c.colspan for r in grid.rows for c in r) <= 1000
    assert max(c.rowspan for r in grid.rows for c in r) <= 2


def test_page_with_many_huge_spans_is_bounded(tmp_path):
    first = "<tr>" + "<td rowspan=65534 colspan=1000>a</td>" * 16 + "</tr>"
    page = f"<table>{first}{'<tr><td>b</td></tr>' * 65_000}</table>"
    assert outcome(page.encode(), tmp_path) == "too-wide"


def test_word_table_with_huge_span_is_refused():
    assert refusal(docx(table(row(cell("a", '<w:gridSpan w:val="1000000000"/>'))))).code == "too-wide"


def test_sheet_with_a_cell_at_its_far_end_is_bounded(tmp_path):
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert outcome(xlsx(data), tmp_path) == "read"


def test_sheet_with_far_cells_in_every_row_is_refused(tmp_path):
    data = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c><c r="XFD{r}"><v>2</v></c></row>' for r in range(1, 500))
    assert outcome(xlsx(data), tmp_path) == "too-many-cells"


def test_sheet_with_huge_merges_is_bounded(tmp_path):
    merged = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 200 + "</mergeCells>"
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert outcome(xlsx(data, after=merged), tmp_path) in ("read", "too-many-cells")


def test_binary_sheet_with_far_cells_is_refused(tmp_path):
    sheet = b""
    for r in (0, 1_048_575):
        sheet += b"\0\x04" + struct.pack("<I", r) + b"\x05\x04" + struct.pack("<I", 0 if r == 0 else 16_383)
    assert outcome(zipped({"xl/workbook.bin": b"x", "xl/worksheets/sheet1.bin": sheet}), tmp_path) == "far-cell"


def test_excel_97_sheet_with_a_far_cell_is_refused_before_its_area_is_laid_out(tmp_path):
    data = xls([["部门预算", 1.0], ["支出", 2.0]])
    number = struct.pack("<HHHHH", 0x203, 14, 1, 1, 0)
    assert data.count(number) == 1
    far = data.replace(number, struct.pack("<HHHHH", 0x203, 14, 65_535, 65_535, 0))
    assert outcome(far, tmp_path) == "far-cell"


@pytest.mark.parametrize("spans", [(0, 0x76FD0002, 119, 2), (0, 0xFFFFFFFF, 0, 0), (0, 65_536, 0, 65_535)])
def test_excel_97_sheet_that_claims_a_huge_extent_is_refused(spans, tmp_path):
    data = xls([["部门预算", 1.0], ["支出", 2.0]])
    number = struct.pack("<HHIIHH", 0x200, 14, 0, 2, 0, 2)
    assert data.count(number) == 1
    assert outcome(data.replace(number, struct.pack("<HHIIHH", 0x200, 14, *spans)), tmp_path) == "far-cell"


def test_word_table_of_very_many_rows_is_bounded(tmp_path):
    rows = "<w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>" * 600_000
    assert outcome(docx(f"<w:tbl>{rows}</w:tbl>"), tmp_path) in (
        "read",
        "too-many-cells",
        "too-large",
        "zip-bomb",
    )


def test_folder_and_missing_file_are_refused(tmp_path):
    for path, code in ((tmp_path, "is-a-folder"), (tmp_path / "none.docx", "not-found")):
        with pytest.raises(UnreadableError) as caught:
            read_path(path)
        assert caught.value.code == code
