"""Bad input from the command line: one sentence that names the file, exit 2, nothing on standard output,
bounded time and memory, never a traceback."""

import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

GIB = 1 << 30
SECONDS = 30  # of the processor
DOCX_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def _docx(path: Path, document: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", DOCX_TYPES)
        archive.writestr("word/document.xml", document)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncated_docx(path: Path) -> None:
    _docx(path, BODY.format("<w:p/>" * 500))
    path.write_bytes(path.read_bytes()[:-60])


def zip_bomb(path: Path) -> None:
    _docx(path, BODY.format(" " * (400 << 20)))


def external_entity(path: Path) -> None:
    secret = path.with_name("secret")
    secret.write_text("机密", encoding="utf-8")
    entity = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}">]>'
    _docx(path, entity + BODY.format("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>"))


def password_pdf(path: Path) -> None:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R>>"]
    encrypt = "<</Filter/Standard/V 1/R 2/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>"
    path.write_bytes(_pdf([*objects, encrypt.encode()], "/Encrypt 4 0 R/ID[<00><00>]"))


def many_blank_pages(path: Path) -> None:
    count = 10_000
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + count)).encode()
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count]
    path.write_bytes(_pdf(objects + [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * count))


def _pdf(objects: list[bytes], trailer: str = "") -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def image(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


def much_text(path: Path) -> None:
    with path.open("wb") as stream:
        for _ in range(200):
            stream.write("部门预算\n".encode() * 80_660)


def no_budget(path: Path) -> None:
    path.write_text("通知\n\n各位同事：周五下午三点开会，请准时参加。\n", encoding="utf-8")


def mixed_encodings(path: Path) -> None:
    path.write_bytes("2021年部门预算\n".encode() * 3 + "单位：元 一般公共服务支出\n".encode("gb18030") * 3)


CASES: list[Callable[[Path], None]] = [
    empty, truncated_docx, zip_bomb, external_entity, password_pdf, many_blank_pages, image, much_text, no_budget,
    mixed_encodings,
]  # fmt: skip


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (3 * GIB, 3 * GIB))  # address space; what is used is far less
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_bad_input_is_refused_in_one_sentence(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "input.docx"
    make(path)
    result = subprocess.run(
        [sys.executable, "-m", "zhengwu.cli.main", "audit", str(path)],
        capture_output=True, preexec_fn=_limits, timeout=300, check=False,
    )  # fmt: skip
    sentence = result.stderr.decode().strip()
    assert result.returncode == 2, sentence
    assert result.stdout == b""
    assert str(path) in sentence
    assert len(sentence.splitlines()) == 1
    assert "机密" not in sentence


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_bad_input_is_refused_in_english_too(make: Callable[[Path], None], tmp_path: Path) -> None:
    if make in (zip_bomb, much_text):
        pytest.skip("slow to write; the sentence is tested where it arises")
    path = tmp_path / "input.docx"
    make(path)
    result = subprocess.run(
        [sys.executable, "-m", "zhengwu.cli.main", "audit", str(path), "--lang", "en"],
        capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    sentence = result.stderr.decode().replace(str(path), "")
    assert result.returncode == 2
    assert not any("一" <= character <= "鿿" for character in sentence), sentence
