"""Formats that LibreOffice converts: what happens when it fails, hangs or is missing."""

import shutil
import stat

import pytest
from office_files import docx, paragraph

from zhengwu.reading import office
from zhengwu.reading.errors import UnreadableError

_RTF = b"{\\rtf1\\ansi budget}"


def _program(tmp_path, script):
    path = tmp_path / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return str(path)


def test_converted_document_is_read(tmp_path, monkeypatch):
    made = tmp_path / "made.docx"
    made.write_bytes(docx(paragraph("预算")))
    program = _program(tmp_path, f"mkdir -p out && cp {made} out/input.docx")
    monkeypatch.setattr(shutil, "which", lambda name: program)
    assert office.read(_RTF).blocks[0].text == "预算"


def test_conversion_that_hangs_is_ended_with_its_children(tmp_path):
    program = _program(tmp_path, "sleep 60 & sleep 60")
    with pytest.raises(UnreadableError) as caught:
        office.convert(program, _RTF, ".rtf", "docx", timeout=0.3)
    assert caught.value.code == "conversion-timeout"


def test_conversion_that_makes_nothing_is_refused(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        office.convert(_program(tmp_path, "exit 0"), _RTF, ".rtf", "docx")
    assert caught.value.code == "conversion-failed"


def test_missing_libreoffice_says_what_to_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UnreadableError) as caught:
        office.read(_RTF)
    assert "LibreOffice" in caught.value.message.zh


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_rtf_is_read_by_libreoffice():
    assert office.read(_RTF).blocks[0].text == "budget"
