"""The format is taken from the content; importing the package is cheap."""

import subprocess
import sys
from pathlib import Path

import pytest
from office_files import docx, paragraph, xlsx, xlsx_rows

import zhengwu
from zhengwu.reading import read
from zhengwu.reading.detect import detect

_PAGE = "<html><body><p>预算</p></body></html>"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\n\njunk %PDF-1.4", "pdf"),
        pytest.param(docx(paragraph("预算")), "docx", id="docx"),  # a name of its own: bytes of a zip hold the time
        pytest.param(xlsx(xlsx_rows([["a", 1.0]])), "xlsx", id="xlsx"),
        (b"{\\rtf1\\ansi}", "rtf"),
        (_PAGE.encode(), "html"),
        (_PAGE.encode("utf-16"), "html"),
        (b"\xef\xbb\xbf  \r\n<!DOCTYPE html><p>a", "html"),
        (b'<?xml version="1.0"?><!-- x --><html xmlns="x"><p>a</p></html>', "html"),
        (b'<table border="1"><tr><td>1</td></tr></table>', "html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml"),
        (b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n', "mht"),
        ("部门预算 <说明>".encode(), "txt"),
        ("部门预算".encode("gb18030"), "txt"),
        (b"BMW", "txt"),
    ],
)
def test_format_is_found_by_content(data, found):
    assert detect(data) == found


def test_document_names_its_source():
    data = docx(paragraph("预算"))
    source = read(data, "预算.pdf").source
    assert (source.name, source.format, len(source.sha256)) == ("预算.pdf", "docx", 64)


def test_importing_the_package_loads_no_format():
    code = "import sys, zhengwu.reading; print([m for m in ('lxml', 'pypdfium2') if m in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(zhengwu.__file__).parents[1])},
        check=True,
    )
    assert ran.stdout.strip() == "[]"
