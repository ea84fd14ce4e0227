"""``--format sarif|html|form|annotated`` on the command line: files, names, refusals, imports."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TXT = ROOT / "examples" / "faulty-budget.txt"
DOCX = ROOT / "examples" / "faulty-budget.docx"
COMMAND = [sys.executable, "-m", "zhengwu.cli.main"]


def run(*words: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as its own process."""
    return subprocess.run([*COMMAND, *words], input=stdin, capture_output=True, check=False, timeout=300)


def test_sarif_of_several_files_is_one_log() -> None:
    result = run("audit", str(TXT), str(DOCX), "--format", "sarif")
    assert result.returncode == 1
    log = json.loads(result.stdout)
    uris = [artifact["location"]["uri"] for artifact in log["runs"][0]["artifacts"]]
    assert uris == ["faulty-budget.txt", "faulty-budget.docx"], "no path of this machine"


def test_html_goes_to_standard_output() -> None:
    result = run("audit", "-", "--format", "html", stdin=TXT.read_bytes())
    assert result.returncode == 1
    assert result.stdout.startswith(b"<!DOCTYPE html>")


def test_reports_in_a_folder_are_named_after_their_inputs(tmp_path: Path) -> None:
    for form in ("html", "annotated"):
        assert run("audit", str(DOCX), str(TXT), "--format", form, "-o", str(tmp_path)).returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {
        "faulty-budget-annotated.docx",
        "faulty-budget-annotated-2.html",
        "faulty-budget-audit.html",
        "faulty-budget-audit-2.html",
    }


def test_form_of_a_text_is_written_and_says_that_pictures_are_missing(tmp_path: Path) -> None:
    target = tmp_path / "form.xlsx"
    result = run("audit", str(TXT), "--format", "form", "-o", str(target), "--fail-on", "never")
    assert result.returncode == 0
    assert target.read_bytes().startswith(b"PK")
    assert len(result.stderr.decode().strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [target]


def test_binary_report_goes_into_a_pipe() -> None:
    assert run("audit", str(DOCX), "--format", "annotated").stdout.startswith(b"PK")


@pytest.mark.parametrize("form", ["form", "annotated"])
def test_binary_report_on_a_terminal_is_refused_in_one_sentence(form: str) -> None:
    ours, theirs = pty.openpty()
    try:
        result = subprocess.run(
            [*COMMAND, "audit", str(DOCX), "--format", form, "--lang", "en"],
            stdout=theirs, stderr=subprocess.PIPE, check=False, timeout=300,
        )  # fmt: skip
    finally:
        os.close(theirs)
        os.close(ours)
    assert result.returncode == 2
    sentence = result.stderr.decode().strip()
    assert "-o" in sentence
    assert len(sentence.splitlines()) == 1


def test_several_files_without_a_folder_are_refused(tmp_path: Path) -> None:
    for words in ((), ("-o", str(tmp_path / "one.html"))):
        result = run("audit", str(TXT), str(DOCX), "--format", "html", *words)
        assert result.returncode == 2
        assert len(result.stderr.decode().strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_bad_file_among_several_does_not_stop_the_rest(tmp_path: Path) -> None:
    bad = tmp_path / "bad.docx"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (tmp_path / "out").mkdir()
    result = run("audit", str(bad), str(TXT), "--format", "html", "-o", str(tmp_path / "out"))
    assert result.returncode == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["faulty-budget-audit.html"]


def test_the_input_itself_is_never_overwritten(tmp_path: Path) -> None:
    copy = tmp_path / "budget.docx"
    copy.write_bytes(DOCX.read_bytes())
    result = run("audit", str(copy), "--format", "annotated", "-o", str(copy))
    assert result.returncode == 2
    assert copy.read_bytes() == DOCX.read_bytes()


def test_an_input_among_several_is_never_overwritten(tmp_path: Path) -> None:
    copy = tmp_path / "budget.txt"
    copy.write_bytes(TXT.read_bytes())
    assert run("audit", str(copy), str(DOCX), "-o", str(copy)).returncode == 2
    assert run("read", str(copy), "-o", str(tmp_path)).returncode == 2
    assert copy.read_bytes() == TXT.read_bytes()


def test_read_has_no_report_formats() -> None:
    assert run("read", str(TXT), "--format", "html").returncode == 2


def test_a_pipe_given_as_output_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Opened first and without waiting: a run that fails must not leave a reader that waits for ever.
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        result = run("rules", "-o", str(pipe))
        received = os.read(reader, 1 << 16)
    finally:
        os.close(reader)
    assert result.returncode == 0
    assert received
    assert pipe.is_fifo()


@pytest.mark.parametrize("form", ["text", "json"])
def test_plain_audit_imports_no_report_module_or_its_libraries(form: str, tmp_path: Path) -> None:
    target = str(tmp_path / "report")
    code = (
        "import sys; from zhengwu.cli.main import main; "
        f"main(['audit', {str(TXT)!r}, '--format', '{form}', '-o', {target!r}]); print(*sys.modules)"
    )
    names = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())
    assert not {"xlsxwriter", "PIL", "pypdfium2", "openpyxl"} & names
    assert not {name for name in names if name.startswith("zhengwu.reporting.") and name.endswith(
        ("_html", "_form", "_sarif", "_annotated", "audited"))}  # fmt: skip
